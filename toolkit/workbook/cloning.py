"""Workbooks for one agency after another: each shape is drawn once and then cloned, only what differs written anew.

What is cloned is what would be drawn, byte for byte. Whether two issues differ in a few texts only is not believed but
seen to: a shape is drawn for an agency that does not exist, with a name, a code and figures that stand nowhere else,
and none of these may be left anywhere but where they are looked for. What cannot be cloned is drawn.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import NamedTuple

from toolkit.audit.numbers import LARGEST
from toolkit.audit.submission import Agency
from toolkit.form.model import Key
from toolkit.form.stamp import AGENCY_CODE
from toolkit.workbook.drawing import exact
from toolkit.workbook.known import Known
from toolkit.workbook.repacking import Repacking
from toolkit.workbook.template import Issue, printed_code, template_bytes

_MOST_MASTERS = 8  # each holds some 2 MB
_LONGEST = 10_000
_STRING = re.compile(b"<si>.*?</si>", re.DOTALL)

_NOBODY = Agency("\ue000&<>\"'", "Z" * 18)
_FIGURE = Decimal("731946283000.125")
_TRACES = ("\ue000", _NOBODY.code, "731946283")


class _Shape(NamedTuple):
    """What workbooks must have in common to differ in a few texts only; `prior` are the figures of last year that are
    there, `name` and `code` say whether these are, None where there is no agency."""

    name: bool | None
    code: bool | None
    year: int | None
    prior: tuple[Key, ...]
    password: str


@dataclass(frozen=True, slots=True)
class _Master:
    """A shape as it was drawn: `strings` are the texts that its cells share besides those that change."""

    archive: Repacking
    strings: frozenset[bytes]


class Cloning:
    """Issued workbooks of one form."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._prior = {key: None for plan in known.layout.tables for key in plan.prior}
        self._master = lru_cache(_MOST_MASTERS)(self._drawn)

    def workbook(self, issue: Issue) -> bytes:
        """What `template_bytes` draws for an issue, the same bytes; ValueError as there."""
        cloned = self._cloned(issue) if self._is_plain(issue) else None
        return template_bytes(self._known, issue) if cloned is None else cloned

    def _is_plain(self, issue: Issue) -> bool:
        """Whether texts and figures are written as they are: the spreadsheet writer has its own ways with others."""
        agency = issue.agency or Agency("", "")
        has_code = AGENCY_CODE.fullmatch(agency.code) is not None or not agency.code
        is_known = all(
            key in self._prior and value.is_finite() and abs(value) <= LARGEST for key, value in issue.prior.items()
        )
        return has_code and is_known and _is_plain(agency.name)

    def _cloned(self, issue: Issue) -> bytes | None:
        name, code = (None, None) if issue.agency is None else (bool(issue.agency.name), bool(issue.agency.code))
        prior = tuple(key for key in self._prior if key in issue.prior)
        master = self._master(_Shape(name, code, issue.year, prior, issue.password))
        if master is None:
            return None
        strings, others = self._texts(issue)
        if not master.strings.isdisjoint(strings) or len(set(strings)) < len(strings):
            return None  # a text that two cells share is written once only
        return master.archive.with_texts([*strings, *others])

    def _drawn(self, shape: _Shape) -> _Master | None:
        """The master of a shape; None where what changes cannot be told from what stays."""
        agency = None if shape.name is None else Agency(_NOBODY.name * shape.name, _NOBODY.code * bool(shape.code))
        issue = Issue(agency, shape.year, {key: _FIGURE + at for at, key in enumerate(shape.prior)}, shape.password)
        data, (strings, others) = template_bytes(self._known, issue), self._texts(issue)
        archive = Repacking(data, [*strings, *others])
        before, is_issued, _ = printed_code(self._known.book.form, issue).partition(_NOBODY.code)
        traces = [trace.encode() for trace in (*_TRACES, *([before] if is_issued else []))]
        is_left = any(trace in literal for trace in traces for literal in archive.literals)
        if is_left or archive.with_texts([*strings, *others]) != data:
            return None
        shared = frozenset(string for literal in archive.literals for string in _STRING.findall(literal))
        return _Master(archive, shared)

    def _texts(self, issue: Issue) -> tuple[list[bytes], list[bytes]]:
        """What cells say of the agency, as the table of shared texts has it; the form code as footers have it, and last
        year's figures as cells have them."""
        code = printed_code(self._known.book.form, issue)
        told = (*(() if issue.agency is None else (issue.agency.name, issue.agency.code)), code)
        strings = [f"<si><t>{escape(text, quote=False)}</t></si>".encode() for text in told if text]
        figures = (exact(issue.prior[key]) for key in self._prior if key in issue.prior)
        return strings, [code.encode(), *(f"><v>{figure:.16G}</v></c>".encode() for figure in figures)]


def _is_plain(text: str) -> bool:
    """Whether a text is written as it is but for `&`, `<` and `>`."""
    is_marked = "_x" in text or text.startswith("<r>")
    return text.isprintable() and text == text.strip() and not is_marked and len(text) <= _LONGEST
