"""The first sheet of the summary: whose it is, its number, how many are counted, and a link to every other sheet."""

from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from toolkit.form.area import Area
from toolkit.form.stamp import print_stamp
from toolkit.summary.lists import scope_of
from toolkit.summary.merge import Summary
from toolkit.workbook.drawing import define, height, lines, link, print_on_a4, put_text
from toolkit.workbook.intake import SUMMARY_CODE
from toolkit.workbook.styles import Styles

CONTENTS = "目录"
CODE_NAME, UNIT_NAME, NO_UNIT = SUMMARY_CODE, "summary.unit", "（未注明）"
FORMULAS = (
    "灰底的格和“平、差、相符、不符”等结论是公式，白底的格是收录的数和文字；本工作簿没有锁定，可以筛选、排序、批注。"
)

_LABEL_WIDTH, _TEXT_WIDTH = 16, 78


def draw_contents(
    workbook: xlsxwriter.Workbook, sheet: Worksheet, summary: Summary, listed: Sequence[tuple[str, str]], title: str,
    styles: Styles,
) -> None:  # fmt: skip
    """The sheet; `listed` are the other sheets in their order, each with what is in it."""
    sheet.set_column(0, 0, _LABEL_WIDTH)
    sheet.set_column(1, 1, _TEXT_WIDTH)
    put_text(sheet, Area(CONTENTS, 0, 0, 0, 1), title, styles.get("title"))
    sheet.set_row(0, height(lines(title, _LABEL_WIDTH * 3.8) + 1))
    known = [
        ("汇总单位", summary.unit or NO_UNIT, UNIT_NAME),
        ("汇总编号", print_stamp(summary.book.form, summary.year, ""), CODE_NAME),
        ("收录情况", scope_of(summary), ""),
        ("说明", FORMULAS, ""),
    ]
    row = 1
    for label, text, name in known:
        _line(sheet, row, label, text, styles)
        if name:
            define(workbook, name, Area(CONTENTS, row, 1, row, 1))
        row += 1
    row += 1
    put_text(sheet, Area(CONTENTS, row, 0, row, 0), "工作表", styles.get("head"))
    put_text(sheet, Area(CONTENTS, row, 1, row, 1), "内容（点左边的名称可以跳到那一页）", styles.get("head"))
    for at, (name, told) in enumerate(listed, start=row + 1):
        _line(sheet, at, name, told, styles)
        area = Area(CONTENTS, at, 0, at, 0)
        link(sheet, area, f"{name}!A1", f"跳到“{name}”", styles.get("link"))
        put_text(sheet, area, name, styles.get("link"))
    print_on_a4(sheet, title)


def _line(sheet: Worksheet, row: int, label: str, text: str, styles: Styles) -> None:
    put_text(sheet, Area(CONTENTS, row, 0, row, 0), label, styles.get("given"))
    put_text(sheet, Area(CONTENTS, row, 1, row, 1), text, styles.get("label"))
    sheet.set_row(row, height(lines(text, _TEXT_WIDTH)))
