"""The sheet with the ready sentences: a paragraph a cell, to be read, printed and pasted."""

from xlsxwriter.worksheet import Worksheet

from toolkit.form.area import Area
from toolkit.summary.sentences import Sentences
from toolkit.workbook.drawing import LINE_HEIGHT, MOST_HEIGHT, height, lines, print_on_a4, put_text
from toolkit.workbook.styles import Styles

SENTENCES = "文字稿"

_WIDTH = 74  # a single column is not scaled to the page by every program, so it has to fit by itself
_NOT_LIVE = "以下文字里的数是生成时写入的，不是公式，不随“汇总表”变动；数据改了，请重新汇总。"
_MOST_LINES = int((MOST_HEIGHT - height(0)) // LINE_HEIGHT)  # that one row can show


def draw_sentences(sheet: Worksheet, sentences: Sentences, styles: Styles, title: str) -> None:
    """The sentences under a line that says what their figures are of; then those that are left out, and why."""
    sheet.set_column(0, 0, _WIDTH)
    put_text(sheet, Area(SENTENCES, 0, 0, 0, 0), title, styles.get("title"))
    sheet.set_row(0, height(lines(title, _WIDTH / 1.5) + 1))
    row = _draw(sheet, 1, f"{_NOT_LIVE}数据范围：{sentences.scope}", styles, "given")
    for text in sentences.lines:
        row = _draw(sheet, row, text, styles, "label")
    for text in sentences.left_out:
        row = _draw(sheet, row, text, styles, "given")
    print_on_a4(sheet, title)


def _draw(sheet: Worksheet, row: int, text: str, styles: Styles, style: str) -> int:
    """One text from this row on, over as many rows as it takes to be seen whole; the row below it."""
    count = lines(text, _WIDTH)
    rows = -(-count // _MOST_LINES)
    put_text(sheet, Area(SENTENCES, row, 0, row + rows - 1, 0), text, styles.get(style, valign="top"))
    for at in range(row, row + rows):
        sheet.set_row(at, height(-(-count // rows)))
    return row + rows
