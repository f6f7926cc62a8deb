"""A workbook with one list to fill in: headings, a line an entry, choices and limits on the cells, a sheet that tells
how. Nothing in it is locked, so that lines can be added, sorted and filtered."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from toolkit.form.area import Area, column_name
from toolkit.workbook.drawing import height, lines, print_on_a4, put_text
from toolkit.workbook.styles import Styles
from toolkit.workbook.template import CREATED, PLAIN_TEXT

LAST_ROW = 20_000
_SPARE = 60  # empty lines drawn below the entries
_GUIDE, _GUIDE_WIDTH = "填写说明", 74


@dataclass(frozen=True, slots=True)
class EntryColumn:
    """One column: its heading and width; words to pick from, `strict` where no others are taken; a formula on its first
    entry that must hold, and one that turns the cell red; what to say of it."""

    label: str
    width: int
    tip: str = ""
    choices: tuple[str, ...] = ()
    strict: bool = False
    must: str = ""
    alarm: str = ""


def entry_list_bytes(
    name: str, columns: Sequence[EntryColumn], entries: Sequence[Sequence[str]], guide: Sequence[str]
) -> bytes:
    """The workbook, its list on the first sheet from row 2 on; formulas speak of row 2, all text stays text."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, **PLAIN_TEXT})
    workbook.set_properties({"created": CREATED, "title": name})
    styles = Styles(workbook)
    sheet = workbook.add_worksheet(name)
    typed = styles.get("typed text", bg_color="#FFFFFF")
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        put_text(sheet, Area(name, 0, at, 0, at), column.label, styles.get("head"))
        _limit(sheet, at, column, styles)
    sheet.set_default_row(height(1))
    sheet.set_row(0, height(2))
    for row in range(1, len(entries) + _SPARE + 1):
        texts = entries[row - 1] if row <= len(entries) else [""] * len(columns)
        for at, text in enumerate(texts):
            put_text(sheet, Area(name, row, at, row, at), text, typed)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(entries), 1), len(columns) - 1)
    print_on_a4(sheet, name, landscape=True)
    sheet.repeat_rows(0)
    _draw_guide(workbook.add_worksheet(_GUIDE), columns, guide, styles)
    workbook.close()
    return buffer.getvalue()


def _limit(sheet: Worksheet, at: int, column: EntryColumn, styles: Styles) -> None:
    rule: dict[str, object] = {"validate": "any"}
    if column.choices:
        rule = {"validate": "list", "source": list(column.choices), "show_error": column.strict}
    elif column.must:
        rule = {"validate": "custom", "value": column.must}
    if column.tip:
        rule |= {"input_title": column.label[:32], "input_message": column.tip}
    sheet.data_validation(1, at, LAST_ROW, at, {
        **rule, "error_title": "不能这样填", "error_message": column.tip or "请从下拉列表里选。",
    })  # fmt: skip
    if column.alarm:
        span = f"{column_name(at)}2:{column_name(at)}{LAST_ROW}"
        sheet.conditional_format(span, {"type": "formula", "criteria": column.alarm, "format": styles.alarm()})


def _draw_guide(sheet: Worksheet, columns: Sequence[EntryColumn], guide: Sequence[str], styles: Styles) -> None:
    sheet.set_column(0, 0, _GUIDE_WIDTH)
    sheet.hide_gridlines(2)
    put_text(sheet, Area(_GUIDE, 0, 0, 0, 0), _GUIDE, styles.get("title"))
    sheet.set_row(0, height(2))
    told = [*guide, *(f"{column.label}：{column.tip}" for column in columns if column.tip)]
    for row, text in enumerate(told, start=1):
        put_text(sheet, Area(_GUIDE, row, 0, row, 0), text, styles.get("plain"))
        sheet.set_row(row, height(lines(text, _GUIDE_WIDTH)))
    print_on_a4(sheet, _GUIDE)
