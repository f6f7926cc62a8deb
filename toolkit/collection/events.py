"""What happens in a collection, as the ledger tells it: issued, filed, accepted, returned."""

from dataclasses import dataclass
from datetime import datetime

from toolkit.audit.submission import Agency
from toolkit.problems import Problem


@dataclass(frozen=True, slots=True)
class Issued:
    """One workbook that was written for an agency; `prior` tells whether last year's figures were filled in."""

    at: datetime
    agency: Agency
    file: str
    sha256: str
    has_prior: bool


@dataclass(frozen=True, slots=True)
class Filing:
    """One file that was taken in, as it was understood then: who it says it is from, for which year, its problems.

    `issued_to` is the code in its form code; `status` and `problems` are what was told when it came in.
    """

    id: int
    at: datetime
    who: str
    file: str
    sha256: str
    agency: Agency
    issued_to: str
    year: int | None
    status: str
    problems: tuple[Problem, ...]

    @property
    def is_readable(self) -> bool:
        return self.status != "unreadable"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A problem accepted on the record: of which agency or file, with which figures, and why."""

    at: datetime
    who: str
    filing: int
    agency: str
    code: str
    fingerprint: str
    figures: str
    message: str
    why: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A file returned to its agency: the marked copy's name, and the codes of what is to be mended."""

    at: datetime
    filing: int
    file: str
    problems: str
