"""The first sheet of a marked copy: every problem, linked to its cell, with the way out."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.audit.submission import Submission
from toolkit.problems import Problem, Severity
from toolkit.workbook.directory import Spot
from toolkit.workbook.drawing import MOST_HEIGHT, height, lines
from toolkit.workbook.styles import GREY, RED

SHEET = "退回说明"

_HEADS = ("序号", "级别", "位置", "问题", "怎样改")
_WIDTHS = (6, 7, 19, 52, 38)
_LONGEST = 800
_ESCAPE = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")
_LINE = Side(style="thin", color="FF000000")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_UNFIT = {"Cc", "Cf", "Cs"}
_CORRECT = "改正标红的格后，直接把本文件报回即可。"
_CONFIRM = "请核对标红的格，有误的改正、无误的写明情况，再把本文件报回。"
_HANDLE = "请按下面所列办理后，把本文件报回。"
_ANEW = (
    "原文件的表样被改动过或打不开，本文件是重新生成的表：读得出的数字和文字已搬过来；"
    "读不出的请重新填写，原文引在“怎样改”里。"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A problem and the cell it is linked to; None where it is at no cell."""

    problem: Problem
    spot: Spot | None
    note: str = ""

    @property
    def hint(self) -> str:
        """The way out, and what of it is done already."""
        return self.problem.hint + self.note


def cleaned(text: str) -> str:
    """A text that a cell can hold as it is: no control or direction characters, nothing that reads as an escape."""
    kept = "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in _UNFIT)
    kept = kept.replace("\ufffe", "").replace("\uffff", "")
    return _ESCAPE.sub("_x005F_x", kept if len(kept) <= _LONGEST else kept[:_LONGEST] + "……")


def draw_return_sheet(
    workbook: Workbook, submission: Submission, told: Sequence[Told], *, has_marks: bool, is_anew: bool
) -> None:
    """Put the sheet in front of all others, protected and ready for print."""
    sheet: Worksheet = workbook.create_sheet(SHEET, 0)
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    row = _head(sheet, submission, told, has_marks, is_anew)
    for column, text in enumerate(_HEADS, start=1):
        cell = _put(sheet, row, column, text, Font(name="黑体", size=11), "center")
        cell.fill = PatternFill("solid", fgColor="FFD9D9D9")
    sheet.row_dimensions[row].height = height(1)
    for number, each in enumerate(told, start=1):
        _line(sheet, row + number, number, each)
    _set_up(sheet, row)


def _head(sheet: Worksheet, submission: Submission, told: Sequence[Told], has_marks: bool, is_anew: bool) -> int:
    """The lines above the list; the row its heads stand in."""
    counts = [sum(each.problem.severity is severity for each in told) for severity in Severity]
    agency, code = submission.agency, submission.agency.code
    year = f"{submission.year} 年度" if submission.year else "年度未填"
    who = f"{agency}（{code}）" if agency.name and code else f"{agency}"
    todo = (_CORRECT if counts[0] else _CONFIRM) if has_marks else _HANDLE
    heads = [
        (SHEET, Font(name="黑体", size=16), "center"),
        (f"{submission.book.form.title}　{year}", Font(name="宋体", size=11, color=_argb(GREY)), "center"),
        (f"单位：{who}", Font(name="宋体", size=11), "left"),
        (f"错误 {counts[0]} 处，提示 {counts[1]} 处。", Font(name="宋体", size=11, bold=True), "left"),
        (todo, Font(name="黑体", size=12, color=_argb(RED)), "left"),
        *([(_ANEW, Font(name="宋体", size=11), "left")] if is_anew else []),
    ]
    for row, (text, font, side) in enumerate(heads, start=1):
        _put(sheet, row, 1, text, font, side, Border())
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_WIDTHS))
        sheet.row_dimensions[row].height = height(2 if row == 1 else lines(text, sum(_WIDTHS)))
    return len(heads) + 1


def _line(sheet: Worksheet, row: int, number: int, told: Told) -> None:
    problem, plain = told.problem, Font(name="宋体", size=11)
    grave = Font(name="宋体", size=11, bold=True, color=_argb(RED))
    _put(sheet, row, 1, str(number), plain, "center")
    is_error = problem.severity is Severity.ERROR
    _put(sheet, row, 2, problem.severity.label, grave if is_error else plain, "center")
    place = f"{told.spot[0]} {told.spot[1]}" if told.spot else problem.where.sheet or "整个文件"
    texts = (place, problem.message, told.hint)
    cells = [_put(sheet, row, column, text, plain, "left") for column, text in enumerate(texts, start=3)]
    if told.spot:
        target = "'" + told.spot[0].replace("'", "''") + "'!" + told.spot[1]
        cells[0].hyperlink = Hyperlink(ref=cells[0].coordinate, location=target, tooltip="跳到该格")
        cells[0].font = Font(name="宋体", size=11, color="FF0563C1", underline="single")
    most = max(lines(text, width - 2) for text, width in zip(texts, _WIDTHS[2:], strict=True))
    sheet.row_dimensions[row].height = min(height(most), MOST_HEIGHT)


def _put(
    sheet: Worksheet, row: int, column: int, text: str, font: Font, side: str, border: Border = _BOX
) -> Cell:  # fmt: skip
    """A text, never a formula, whatever it begins with."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    cell.value = cleaned(text)
    cell.data_type = "s"
    cell.font, cell.border = font, border
    indent = 1 if side == "left" and border is _BOX else 0
    cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True, indent=indent)
    cell.number_format = "@"
    return cell


def _set_up(sheet: Worksheet, head: int) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.freeze_panes = f"A{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    assert sheet.sheet_properties.pageSetUpPr is not None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom = 0.5, 0.5, 0.6, 0.7
    assert sheet.oddFooter is not None
    sheet.oddFooter.right.text = "第 &P 页，共 &N 页"
    sheet.protection.sheet = True
    sheet.protection.formatRows = sheet.protection.formatColumns = False


def _argb(colour: str) -> str:
    return "FF" + colour.removeprefix("#")
