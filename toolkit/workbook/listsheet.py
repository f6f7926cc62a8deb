"""A sheet that holds one list: a line that says what it is, headings, a numbered row for each entry."""

import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from toolkit.form.area import Area
from toolkit.workbook.drawing import MOST_HEIGHT, height, lines, print_on_a4, put_number, put_text
from toolkit.workbook.styles import RED, Styles
from toolkit.workbook.template import CREATED, PLAIN_TEXT

_TITLE_ROWS = 2
_PAGE = 280  # characters of columns on one page that can still be read


def first_row() -> int:
    """The row (from 0) of a list's first entry."""
    return _TITLE_ROWS


def draw_list(
    sheet: Worksheet, name: str, head: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]], note: str,
    styles: Styles, alarmed: tuple[int, str],
) -> None:  # fmt: skip
    """The list under its headings (label, width), the first of which is the rows' number; the cell `alarmed` names
    (index, word) turns red."""
    put_text(sheet, Area(name, 0, 0, 0, 0), f"{name}：{note}", styles.get("heading", text_wrap=False))
    sheet.set_row(0, height(1))
    sheet.set_row(1, height(1))
    for column, (text, width) in enumerate(head):
        sheet.set_column(column, column, width)
        put_text(sheet, Area(name, 1, column, 1, column), text, styles.get("head"))
    plain, red = styles.get("label"), styles.get("label", font_color=RED, bold=True)
    for row, texts in enumerate(rows, start=_TITLE_ROWS):
        put_number(sheet, Area(name, row, 0, row, 0), Decimal(row - _TITLE_ROWS + 1), styles.get("centre"))
        for column, text in enumerate(texts, start=1):
            style = red if alarmed == (column - 1, text) else plain
            put_text(sheet, Area(name, row, column, row, column), text, style)
        needed = max(lines(text, head[column][1]) for column, text in enumerate(texts, start=1))
        sheet.set_row(row, min(height(needed), MOST_HEIGHT))
    sheet.autofilter(1, 0, max(1, len(rows) + 1), len(head) - 1)
    sheet.freeze_panes(_TITLE_ROWS, 3)
    pages = -(-sum(width for _, width in head) // _PAGE)
    print_on_a4(sheet, name, landscape=True, wide=pages)
    if pages > 1:
        sheet.repeat_columns(0, 2)
    sheet.repeat_rows(1)


def list_bytes(
    name: str, head: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]], note: str, *, alarmed: tuple[int, str]
) -> bytes:
    """A workbook of one such sheet; the same list gives the same bytes."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, **PLAIN_TEXT})
    workbook.set_properties({"created": CREATED, "title": name})
    sheet = workbook.add_worksheet(name)
    draw_list(sheet, name, head, rows, note, Styles(workbook), alarmed)
    sheet.hide_gridlines(2)
    workbook.close()
    return buffer.getvalue()
