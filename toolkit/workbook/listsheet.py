"""A sheet that holds one list: a line that says what it is, headings, a numbered row for each entry."""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from toolkit.form.area import Area
from toolkit.workbook.drawing import MOST_HEIGHT, height, lines, print_on_a4, put_text
from toolkit.workbook.rows import LAST_ROW, Look, Row, Rows, put_together, text, whole
from toolkit.workbook.styles import RED, Styles
from toolkit.workbook.template import CREATED, PLAIN_TEXT

_TITLE_ROWS = 2
_PAGE = 280  # characters of columns on one page that can still be read


def first_row() -> int:
    """The row (from 0) of a list's first entry."""
    return _TITLE_ROWS


def draw_list(
    sheet: Worksheet, name: str, head: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]], count: int, note: str,
    styles: Styles, alarmed: tuple[int, str],
) -> Rows:  # fmt: skip
    """The list under its headings (label, width), the first of which is the rows' number, but for its rows, which are
    what is returned; `count` is how many there are. The cell `alarmed` names (index, word) turns red."""
    shown = min(count, LAST_ROW - _TITLE_ROWS)
    told = f"{note}（这一页放不下，只列出前 {shown} 条。）" if shown < count else note
    put_text(sheet, Area(name, 0, 0, 0, 0), f"{name}：{told}", styles.get("heading", text_wrap=False))
    sheet.set_row(0, height(1))
    sheet.set_row(1, height(1))
    for column, (label, width) in enumerate(head):
        sheet.set_column(column, column, width)
        put_text(sheet, Area(name, 1, column, 1, column), label, styles.get("head"))
    plain, red = styles.get("label"), styles.get("label", font_color=RED, bold=True)
    for row, style in enumerate((plain, red), start=_TITLE_ROWS):
        put_text(sheet, Area(name, row, 0, row, 0), "", styles.get("centre"))
        for column in range(1, len(head)):
            put_text(sheet, Area(name, row, column, row, column), "", style)
    sheet.autofilter(1, 0, max(1, shown + 1), len(head) - 1)
    sheet.freeze_panes(_TITLE_ROWS, 3)
    pages = -(-sum(width for _, width in head) // _PAGE)
    print_on_a4(sheet, name, landscape=True, wide=pages)
    if pages > 1:
        sheet.repeat_columns(0, 2)
    sheet.repeat_rows(1)
    widths = [width for _, width in head[1:]]
    return Rows(_TITLE_ROWS, shown, 2, lambda looks: _written(islice(rows, shown), widths, looks, alarmed))


def list_bytes(
    name: str, head: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]], note: str, *, alarmed: tuple[int, str]
) -> bytes:
    """A workbook of one such sheet; the same list gives the same bytes."""
    drawn, buffer = io.BytesIO(), io.BytesIO()
    workbook = xlsxwriter.Workbook(drawn, {"in_memory": True, **PLAIN_TEXT})
    workbook.set_properties({"created": CREATED, "title": name})
    sheet = workbook.add_worksheet(name)
    written = draw_list(sheet, name, head, rows, len(rows), note, Styles(workbook), alarmed)
    sheet.hide_gridlines(2)
    workbook.close()
    put_together(buffer, drawn.getvalue(), {name: written})
    return buffer.getvalue()


def _written(
    rows: Iterable[Sequence[str]], widths: Sequence[int], looks: Sequence[Sequence[Look]], alarmed: tuple[int, str]
) -> Iterator[Row]:
    (numbered, *plain), (_, *red) = looks
    index, word = alarmed
    for at, texts in enumerate(rows, start=1):
        cells = list(map(text, plain, texts))
        if index >= 0 and texts[index] == word:
            cells[index] = text(red[index], word)
        needed = max(map(lines, texts, widths))
        yield min(height(needed), MOST_HEIGHT), (whole(numbered, at), *cells)
