"""The marked copy: an agency's workbook with every wrong cell in red and in words, to be corrected and sent again."""

import io
import warnings
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill, Protection
from openpyxl.utils.exceptions import CellCoordinatesException, IllegalCharacterError, InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.audit.submission import Submission
from toolkit.form.stamp import Stamp
from toolkit.problems import Problem, Severity
from toolkit.workbook.afresh import afresh
from toolkit.workbook.directory import Spot
from toolkit.workbook.drawing import lines
from toolkit.workbook.intake import read_submission
from toolkit.workbook.known import Known, text_names
from toolkit.workbook.package import Refused, open_package
from toolkit.workbook.reader import read_workbook
from toolkit.workbook.reseal import resealed
from toolkit.workbook.returnsheet import SHEET, Told, cleaned, draw_return_sheet
from toolkit.workbook.styles import COMPUTED, TYPED
from toolkit.workbook.weight import is_light

MARKED = "FFFF9999"

# What only a new workbook mends: labels, locks, formulas, checks that an agency cannot put back itself.
# What a new workbook says of it.
_MENDED = {
    "cells-moved": "本文件已是新表，请在这里填写和核对。",
    "sheet-missing": "本文件已是新表，请在这里填写。",
    "label-changed": "本文件已恢复。",
    "validation-lost": "本文件已恢复。",
    "unlocked": "本文件已恢复。",
    "total-overwritten": "本文件已恢复公式，请核对各分项。",
    "external-links": "本文件已没有链接。",
}
_FAILURES = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, OSError, EOFError, SyntaxError,
    RuntimeError, StopIteration, zipfile.BadZipFile, zlib.error, InvalidFileException, IllegalCharacterError,
    CellCoordinatesException,
)  # fmt: skip
_HEAD, _THEIRS = "【退回】", "\n——单位原批注——\n"
_COMMENT_WIDTH, _COMMENT_LINE = 330, 19
_OPEN = Stamp("", 0, None, "")
_CORRECTABLE = {"agency.name", "agency.code", "report.year", "form.code"}


def marked_copy(data: bytes, submission: Submission, known: Known) -> bytes:
    """The copy of a readable, audited workbook; `data` are its bytes as they came.

    It is the agency's own file where that can be opened, changed and read back as saying the same, and where its form
    is whole; else a new workbook of the same issue with all that could be read.
    """
    stamp = submission.stamp or _OPEN
    try:
        package = open_package(data)
        stored = read_workbook(package)
    except Refused:  # read all the same, in another way: an old or foreign format
        return _Marking(afresh(submission, stamp, known), submission, known, {}, stamp).marked()
    codes = {problem.code for problem in submission.problems}
    if not codes & _MENDED.keys() and is_light(package):
        try:
            copied = _Marking(data, submission, known, None, stamp).marked()
        except _FAILURES:
            copied = b""
        if copied and _says_the_same(data, copied, known):
            return copied
    return _Marking(afresh(submission, stamp, known), submission, known, stored.names, stamp).marked()


def _says_the_same(data: bytes, copied: bytes, known: Known) -> bool:
    """Whether a copy reads as its original does: figures and texts, and no problem that was not there."""
    forms = {known.book.form.code: known}
    before, after = read_submission(data, "", forms), read_submission(copied, "", forms)
    if not isinstance(before, Submission) or not isinstance(after, Submission):
        return False
    said = [
        (each.agency, each.year, each.values, each.declared_zero, each.narrative, each.explanations, each.remarks,
         each.people, [(problem.code, problem.message) for problem in each.problems])
        for each in (before, after)
    ]  # fmt: skip
    return said[0] == said[1]


class _Marking:
    """One workbook being marked; `were` are where names stood in the agency's file where `data` is not that file."""

    def __init__(
        self, data: bytes, submission: Submission, known: Known, were: Mapping[str, Spot] | None, stamp: Stamp
    ) -> None:
        self._submission, self._stamp, self._is_anew = submission, stamp, were is not None
        self._were = were or {}
        self._stored = read_workbook(open_package(data))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._workbook: Workbook = load_workbook(io.BytesIO(data))
        self._sheets = {sheet.title: sheet for sheet in self._workbook.worksheets}
        names = {str(key) for key in known.layout.cells} | set(text_names(known.book.form))
        self._typed = {str(key) for key in known.book.typed}
        self._computed = {str(key) for key in known.layout.cells} - self._typed
        self._names_at = {spot: name for name, spot in self._stored.names.items() if name in names}

    def marked(self) -> bytes:
        self._remove_old_marks()
        marks: dict[Spot, list[Told]] = defaultdict(list)
        told = [self._told(problem) for problem in self._submission.problems]
        for each in told:
            if each.problem.severity is not Severity.NOTICE:
                for spot in self._spots_of(each):
                    marks[spot].append(each)
        if self._is_anew:
            self._keep_the_agency()
        for (sheet, cell), problems in marks.items():
            self._mark(_cell(self._sheets[sheet], cell), problems)
        draw_return_sheet(self._workbook, self._submission, told, has_marks=bool(marks), is_anew=self._is_anew)
        for each_sheet in self._workbook.worksheets:
            _mend_merges(each_sheet)
            each_sheet.sheet_view.tabSelected = each_sheet.title == SHEET
        self._workbook.active = 0
        self._workbook.calculation.fullCalcOnLoad = True
        if self._workbook.security is None or not self._workbook.security.lockStructure:
            self._workbook.security = WorkbookProtection(lockStructure=True)
        return self._saved()

    def _told(self, problem: Problem) -> Told:
        if not self._is_anew:
            return Told(problem, self._spot_of(problem))
        note = _MENDED.get(problem.code, "")
        if problem.code == "wrong-year" and self._stamp.year:
            note = "本文件已改回。"
        elif problem.code == "not-a-number" and isinstance(problem.found, str):
            note = f"原来填的是：「{problem.found}」。"
        return Told(problem, self._spot_of(problem), note)

    def _spot_of(self, problem: Problem) -> Spot | None:
        """The cell a problem stands at, in the workbook being marked."""
        where = problem.where
        if where.sheet is None or where.cell is None:
            return None
        spot = (where.sheet, where.cell)
        if not self._is_anew:
            return spot if where.sheet in self._sheets else None
        called = [name for name, place in self._were.items() if place == spot and name in self._stored.names]
        names = [name for name in called if name in problem.keys or not problem.keys] or list(problem.keys[:1])
        return next((found for name in names if (found := self._stored.names.get(name))), None)

    def _spots_of(self, told: Told) -> list[Spot]:
        """All cells to mark for a problem: where it stands, and the typed cells it touches."""
        if self._is_anew and told.problem.code == "wrong-year" and self._stamp.year:
            return []
        names = [name for name in told.problem.keys if name in self._typed]
        found = [told.spot, *(self._stored.names.get(name) for name in names)]
        return list(dict.fromkeys(spot for spot in found if spot and spot[0] in self._sheets))

    def _keep_the_agency(self) -> None:
        """In a new workbook, what the agency wrote over the code it was issued with: correcting it is not for us."""
        if all(problem.code != "wrong-agency" for problem in self._submission.problems):
            return
        agency = self._submission.agency
        for name, text in (("agency.name", agency.name), ("agency.code", agency.code)):
            if spot := self._stored.names.get(name):
                cell = _cell(self._sheets[spot[0]], spot[1])
                cell.value = cleaned(text)
                cell.data_type = "s"

    def _mark(self, cell: Cell, problems: Iterable[Told]) -> None:
        cell.fill = PatternFill("solid", fgColor=MARKED)
        if self._name_at(cell) in self._typed | _CORRECTABLE:
            cell.protection = Protection(locked=False, hidden=False)
        told = dict.fromkeys(f"{cleaned(each.problem.message)}\n→ {cleaned(each.hint)}" for each in problems)
        theirs = f"{_THEIRS}{cell.comment.text}" if cell.comment else ""
        _put_comment(cell, f"{_HEAD}\n" + "\n".join(told) + theirs)

    def _name_at(self, cell: Cell) -> str:
        return self._names_at.get((cell.parent.title, cell.coordinate), "")

    def _remove_old_marks(self) -> None:
        """Take off what an earlier marking put on."""
        if SHEET in self._sheets:
            self._workbook.remove(self._sheets.pop(SHEET))
        locked = self._given() | self._computed
        for sheet in self._sheets.values():
            held: dict[tuple[int, int], Cell | MergedCell] = sheet._cells
            for cell in list(held.values()):  # its rows and columns may reach to the sheet's far corner
                if isinstance(cell, Cell):
                    _unmark(cell, self._name_at(cell), locked)

    def _given(self) -> set[str]:
        """The names of the cover's cells that were issued locked."""
        agency = {"agency.name", "agency.code"} if self._stamp.agency else set[str]()
        return agency | ({"report.year"} if self._stamp.year else set()) | {"form.code"}

    def _saved(self) -> bytes:
        """The workbook's bytes, the same for the same input, with the results its formulas had."""
        buffer = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._workbook.save(buffer)
        results = {
            f"xl/worksheets/sheet{at}.xml": self._stored.sheets[sheet.title].cells
            for at, sheet in enumerate(self._workbook.worksheets, start=1)
            if sheet.title in self._stored.sheets
        }
        return resealed(buffer.getvalue(), results, self._stored.saved)


def _cell(sheet: Worksheet, address: str) -> Cell:
    """A cell; the first of its merge where it is merged."""
    found = sheet[address]
    if not isinstance(found, Cell):
        merge = next(merge for merge in sheet.merged_cells.ranges if address in merge)
        found = sheet.cell(merge.min_row, merge.min_col)
    assert isinstance(found, Cell)
    return found


def _put_comment(cell: Cell, text: str) -> None:
    wanted = lines(text, 44) + 1
    cell.comment = Comment(text, "退回", height=_COMMENT_LINE * min(wanted, 40), width=_COMMENT_WIDTH)


def _unmark(cell: Cell, name: str, locked: set[str]) -> None:
    if cell.comment and cell.comment.text.lstrip().startswith(_HEAD):
        theirs = cell.comment.text.partition(_THEIRS)[2]
        cell.comment = None
        if theirs:
            _put_comment(cell, theirs)
    elif cell.comment:
        _put_comment(cell, cell.comment.text)
    if cell.fill.fill_type == "solid" and str(cell.fill.fgColor.rgb)[-6:] == MARKED[-6:]:
        if name:
            colour = "FF" + (COMPUTED if name in locked else TYPED)[1:]
            cell.fill = PatternFill("solid", fgColor=colour)
            cell.protection = Protection(locked=name in locked, hidden=False)
        else:
            cell.fill = PatternFill()


def _mend_merges(sheet: Worksheet) -> None:
    """Give every cell of a merge its first cell's looks and lock, of which openpyxl keeps only the outer borders."""
    for merge in sheet.merged_cells.ranges:
        first = sheet.cell(merge.min_row, merge.min_col)
        for row, column in merge.cells:
            cell = sheet.cell(row, column)
            if cell is not first:
                cell._style = copy(first._style)  # type: ignore[union-attr]
