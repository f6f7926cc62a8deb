"""Form -> the locked workbook an agency fills in, checking itself meanwhile. The same input gives the same bytes."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from toolkit.audit.checks import Rulebook, Values, compute
from toolkit.audit.formulas import YES, counts_words
from toolkit.audit.submission import Agency
from toolkit.form.layout import CHECKS, COVER, NARRATIVES
from toolkit.form.model import Form, Key
from toolkit.form.stamp import print_stamp
from toolkit.workbook.checksheet import CheckSheet
from toolkit.workbook.cover import CoverSheet, draw_narratives
from toolkit.workbook.known import Known
from toolkit.workbook.styles import Styles
from toolkit.workbook.tablesheet import TableSheet

LONGEST_PASSWORD = 15
CREATED = datetime(2021, 9, 30, tzinfo=UTC).replace(tzinfo=None)

_STRUCTURE_LOCK = b'<workbookProtection lockStructure="1"/>'
PLAIN_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_NOBODY = Agency("", "")


@dataclass(frozen=True, slots=True)
class Issue:
    """What a workbook is issued with: given and locked where it is there, left to fill in where it is not.

    `prior` are last year's figures under prior keys. A password is a courtesy against slips, not a safeguard.
    """

    agency: Agency | None = None
    year: int | None = None
    prior: Mapping[Key, Decimal] = field(default_factory=dict)
    password: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    """What is filled in: typed figures by key, declarations, and texts by their short names. `totals` are numbers that
    stand in computed cells instead of their formulas, as a published report prints them."""

    figures: Mapping[Key, Decimal] = field(default_factory=dict)
    declared_zero: tuple[str, ...] = ()
    narrative: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    agency: Agency = _NOBODY
    year: int | None = None
    totals: Mapping[Key, Decimal] = field(default_factory=dict)


BLANK = Issue()
NOTHING = Filling()


def template_bytes(known: Known, issue: Issue = BLANK, filling: Filling = NOTHING) -> bytes:
    """The workbook, every stored formula result already true; ValueError for a password over 15 characters.

    `filling` pre-fills it as an agency would; an open workbook takes its agency and year from there.
    """
    if len(issue.password) > LONGEST_PASSWORD:
        raise ValueError(f"a sheet password has at most {LONGEST_PASSWORD} characters")
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, **PLAIN_TEXT})
    workbook.set_properties({"created": CREATED, "title": known.book.form.title})
    workbook.set_size(2000, 1400)
    _Drawing(workbook, known, issue, filling).draw()
    workbook.close()
    return _lock_structure(buffer.getvalue())


def printed_code(form: Form, issue: Issue) -> str:
    """The form code that a workbook bears when it is issued so."""
    return print_stamp(form, issue.year, "" if issue.agency is None else issue.agency.code)


class _Drawing:
    """One workbook being drawn."""

    def __init__(self, workbook: xlsxwriter.Workbook, known: Known, issue: Issue, filling: Filling) -> None:
        self._workbook, self._known, self._issue, self._filling = workbook, known, issue, filling
        self._styles = Styles(workbook)
        self._code = printed_code(known.book.form, issue)
        self._values = _settled(known.book, filling, issue.prior)

    def draw(self) -> None:
        names = [COVER, *(plan.sheet for plan in self._known.layout.tables), NARRATIVES, CHECKS]
        sheets = {name: self._workbook.add_worksheet(name) for name in names}
        cover = self._cover(sheets[COVER])
        counts = {plan.table.name: self._counts(plan.table.name) for plan in self._known.layout.tables}
        for plan in self._known.layout.tables:
            self._table(sheets[plan.sheet], plan.table.name, counts[plan.table.name])
        narrative = self._filling.narrative
        draw_narratives(self._workbook, sheets[NARRATIVES], self._known.book.form, narrative, self._styles, self._code)
        checks = CheckSheet(self._workbook, sheets[CHECKS], self._known.book, self._known.layout, self._styles)
        checks.draw(self._values, counts, self._filling.explanations, self._code)
        cover.verdict(checks.tally_formula(), checks.tally().words)
        for sheet in sheets.values():
            _protect(sheet, self._issue.password)
        sheets[COVER].activate()

    def _cover(self, sheet: Worksheet) -> CoverSheet:
        cover = CoverSheet(self._workbook, sheet, self._known.book.form, self._styles)
        agency, year = self._issue.agency or self._filling.agency, self._issue.year or self._filling.year
        issued = (self._issue.agency is not None, self._issue.year is not None)
        cover.draw(self._code, agency, year, issued, self._filling.people)
        return cover

    def _table(self, sheet: Worksheet, name: str, counts: str) -> None:
        plan = self._known.layout.plan(name)
        drawing = TableSheet(self._workbook, sheet, plan, self._known.book, self._styles)
        declared = YES if name in self._filling.declared_zero else ""
        remarks = self._filling.remarks.get(name, "")
        typed = {**self._filling.figures, **self._filling.totals}
        drawing.draw(typed, self._values, declared, remarks, counts, self._code)

    def _counts(self, table: str) -> str:
        book, figures = self._known.book, self._filling.figures
        keys = book.typed_in(table)
        bad = sum(key in figures and not _is_sound(figures[key], book.cells[key].decimals) for key in keys)
        blank = 0 if table in self._filling.declared_zero else sum(key not in figures for key in keys)
        return counts_words(bad, blank)


def _is_sound(value: Decimal, decimals: int) -> bool:
    return value >= 0 and round(value, decimals) == value


def _protect(sheet: Worksheet, password: str) -> None:
    sheet.protect(password, {"format_rows": True, "format_columns": True})
    sheet.hide_gridlines(2)


def _lock_structure(data: bytes) -> bytes:
    """The same workbook with its sheets' order and names locked, which the writer cannot say."""
    sealed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as plain, zipfile.ZipFile(sealed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in plain.infolist():
            part = plain.read(member)
            if member.filename == "xl/workbook.xml":
                before, views, after = part.partition(b"<bookViews>")
                part = before + _STRUCTURE_LOCK + views + after
            archive.writestr(zipfile.ZipInfo(member.filename, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return sealed.getvalue()


def typed_values(values: Values, book: Rulebook) -> dict[Key, Decimal]:
    """The typed figures among all values, blanks left out: what a `Filling` takes."""
    return {key: value for key in book.typed if (value := values.get(key)) is not None}


def _settled(book: Rulebook, filling: Filling, prior: Mapping[Key, Decimal]) -> dict[Key, Decimal | None]:
    """All figures of a filled workbook: declared blanks are 0, computed cells computed, last year's beside them."""
    typed = {
        key: filling.figures.get(key, Decimal(0) if key.table in filling.declared_zero else None) for key in book.typed
    }
    return {**compute(book, typed, filling.totals), **prior}
