"""What people got wrong, as data: the only error record of the toolkit.

A problem is collected, never raised: a file, a form definition or a roster may have many, and all are told at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters, the gravest first.

    An error leaves a figure unknown, untrue or attributed to the wrong agency; a warning leaves the figures sound but
    wants a look; a notice says what was merely understood.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def label(self) -> str:
        """The word a clerk reads."""
        return {"error": "错误", "warning": "提示", "notice": "说明"}[self.value]


@dataclass(frozen=True, slots=True)
class Where:
    """A place: a file, and inside it a sheet and a cell (`E7`) of a workbook, or a line (from 1) of a text.

    In a document that is no text, `sheet` is the part of it that lines are counted in: 第 2 页, 第 3 个表格.
    """

    file: str
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        if self.line is not None:
            return f"{self.sheet or ''}第 {self.line} 行"
        return " ".join(part for part in (self.sheet, self.cell) if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where it is, what it is, and the way out.

    `code` is stable and English; `message` (place, numbers) and `hint` (what to do next) are Chinese sentences.
    `keys` are the dotted keys of the cells it touches; `expected` and `found` are None where they mean nothing.
    """

    where: Where
    code: str
    severity: Severity
    message: str
    hint: str
    keys: tuple[str, ...] = ()
    expected: Decimal | str | None = None
    found: Decimal | str | None = None


def worst(problems: Iterable[Problem]) -> Severity | None:
    """The gravest severity among problems; None where there are none."""
    found = {problem.severity for problem in problems}
    return next((severity for severity in Severity if severity in found), None)
