"""Rows that are written and not drawn: what a reader finds in them is what it finds where the spreadsheet writer draws
every single one, and no text breaks out of its cell."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet as ReadSheet
from xlsxwriter.worksheet import Worksheet

from toolkit.form.area import Area
from toolkit.workbook import listsheet
from toolkit.workbook.drawing import NotWrittenError, height, put_formula, put_number, put_text
from toolkit.workbook.listsheet import list_bytes
from toolkit.workbook.rows import HERE, MORE, Look, Row, Rows, number, put_together, result, text
from toolkit.workbook.styles import Styles

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

Line = tuple[str, Decimal | None]

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = [
    "=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@甲", "<b>局</b>&amp;", "]]>", "办😀公室", " 前后 ", "\n换\n行\n",
    "回\r\n车\t格", "\x00\x07\x1f\x0b\ufffe\uffff", "_x000D_", "_x0041_x0042_", "_x005F_", "_xZZZZ_", "　全角　",
    "\u2028", "%s%d%%", "\x85", "100", "1e5", "TRUE", "#N/A", "长" * 32_767,
]  # fmt: skip
NUMBERS = [
    "0", "7", "-5", "1E+3", "0.1", "0.30", "123456789012345", "1234567890123456", "123456789012345678", "-0",
    "0.000001", "1234567890.123457",
]  # fmt: skip
LETTERS = st.text(st.characters(blacklist_categories=["Cs"]))
ESCAPES = st.from_regex("(_x[0-9a-fA-F]{3,4}_?|x00)*", fullmatch=True)


def workbook(lines: Sequence[Line], *, drawn: bool) -> bytes:
    """A sheet with headings, a row for each line, a sum below where there are some: all drawn, or the rows written. The
    number's cell is grey where there is none."""
    buffer, whole = io.BytesIO(), io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    styles, sheet = Styles(book), book.add_worksheet("表")
    for column in (0, 3):
        put_text(sheet, at(0, column), "名称", styles.get("head"))
    if drawn:
        for row, line in enumerate(lines, start=1):
            draw_row(sheet, styles, row, line, (f"{row + 1}", f"+{len(line[0])}"), is_grey=line[1] is None)
            sheet.set_row(row, high(line))
    else:
        draw_row(sheet, styles, 1, ("", None), (HERE, MORE), is_grey=False)
        draw_row(sheet, styles, 2, ("", None), (HERE, MORE), is_grey=True)
    if len(lines) > 1:
        put_formula(sheet, at(len(lines) + 1, 1), f"=SUM(B2:B{len(lines) + 1})", styles.get("computed"), Decimal(1))
    book.close()
    if drawn:
        return buffer.getvalue()
    put_together(whole, buffer.getvalue(), {"表": Rows(1, len(lines), 2, lambda looks: written(lines, looks))})
    return whole.getvalue()


def at(row: int, column: int) -> Area:
    return Area("表", row, column, row, column)


def high(line: Line) -> float:
    return height(1 + len(line[0]) // 10)


def draw_row(sheet: Worksheet, styles: Styles, row: int, line: Line, called: tuple[str, str], *, is_grey: bool) -> None:
    """One row; `called` are its own number in formulas, and what one of them has more."""
    (name, value), (own, more) = line, called
    formula = styles.get("formula")
    put_text(sheet, at(row, 0), name, styles.get("label"))
    put_number(sheet, at(row, 1), value, styles.get("given") if is_grey else styles.get("centre", bold=True))
    put_formula(sheet, at(row, 2), f'=IF(B{own}<>"",B{own}*$C$1,"5%"){more}', formula, value or Decimal(0))
    put_formula(sheet, at(row, 3), f"=A{own}&A$1", formula, "<平>")


def written(lines: Sequence[Line], looks: Sequence[Sequence[Look]]) -> Iterator[Row]:
    for line in lines:
        (name, value), look = line, looks[line[1] is None]
        more = f"+{len(name)}".encode()
        yield high(line), [
            text(look[0], name), number(look[1], value), more, number(look[2], value or Decimal(0)), result("<平>"),
        ]  # fmt: skip


def found(data: bytes) -> dict[str, object]:
    """What openpyxl reads: every cell's content, stored result and look, every row's height."""
    live, stored = (read(data, stored=stored) for stored in (False, True))
    cells = {
        cell.coordinate: (told_of(cell), told_of(stored[cell.coordinate]), cell.data_type, *looks_of(cell))
        for row in live.iter_rows()
        for cell in row
        if isinstance(cell, Cell)
    }
    return {**cells, **{f"row {row}": live.row_dimensions[row].height for row in range(1, live.max_row + 1)}}


def read(data: bytes, *, stored: bool = False) -> ReadSheet:
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=stored).worksheets[0]
    assert isinstance(sheet, ReadSheet)
    return sheet


def told_of(cell: object) -> object:
    """A cell's content. openpyxl leaves all escapes where a text stands in its cell, and most where it is shared."""
    value = getattr(cell, "value", None)
    return value.replace("_x005F_", "_").replace("x005F_", "") if isinstance(value, str) else value


def looks_of(cell: Cell) -> tuple[str, ...]:
    parts = (cell.font, cell.fill, cell.border, cell.alignment, cell.number_format, cell.protection)
    return tuple(map(repr, parts))


def blank_sheet() -> bytes:
    """A sheet with one cell, which is blank."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    put_text(book.add_worksheet("表"), at(0, 0), "", Styles(book).get("label"))
    book.close()
    return buffer.getvalue()


def test_a_reader_finds_the_same_where_rows_are_written_as_where_all_are_drawn() -> None:
    lines: list[Line] = [(name, Decimal(at)) for at, name in enumerate(HOSTILE)]
    lines += [(value, Decimal(value)) for value in NUMBERS]
    lines += [("空白", None), ("", Decimal(1)), ("", None)]
    assert found(workbook(lines, drawn=False)) == found(workbook(lines, drawn=True))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 15, 40])
def test_the_sheet_says_how_far_it_goes_and_its_rows_are_in_order(count: int) -> None:
    data = workbook([(f"{at}局", Decimal(at)) for at in range(count)], drawn=False)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    rows, last = root.findall(f"{MAIN}sheetData/{MAIN}row"), count + 1 + (count > 1)
    assert [row.get("r") for row in rows] == [str(row) for row in range(1, last + 1)]
    assert [dimension.get("ref") for dimension in root.iter(f"{MAIN}dimension")] == [f"A1:D{last}"]
    assert {row.get("spans") for row in rows[: count + 1]} == {"1:4"}
    for row in rows[1 : count + 1]:
        assert [cell.get("r") for cell in row] == [f"{letter}{row.get('r')}" for letter in "ABCD"]
        assert list(row.attrib) == ["r", "spans", "ht", "customHeight"]
        assert [list(cell.attrib) for cell in row] == [["r", "s", "t"], ["r", "s"], ["r", "s"], ["r", "s", "t"]]


@settings(max_examples=60)
@given(LETTERS | ESCAPES)
def test_any_text_is_read_as_it_was(name: str) -> None:
    cell = ElementTree.fromstring(b"<c" + text(' s="1"', name))
    assert unescape("".join(cell.itertext())) == name
    assert cell.get("t") == ("inlineStr" if name else None)


@pytest.mark.parametrize(
    ("name", "kept"), [(" 甲", True), ("甲\n", True), ("　甲", True), ("甲 乙", False), ("<甲>", False)]
)
def test_spaces_at_either_end_are_said_to_be_kept(name: str, kept: bool) -> None:
    assert (b' xml:space="preserve">' in text("", name)) is kept


def test_a_text_is_cut_to_what_excel_counts_and_never_in_the_middle_of_a_letter() -> None:
    for told, cut in (
        ("甲" + "😀" * 20_000, "甲" + "😀" * 16_383),
        ("😀" * 20_000, "😀" * 16_383),
        ("1" * 40_000, "1" * 32_767),
    ):
        assert "".join(ElementTree.fromstring(b"<c" + text("", told)).itertext()) == cut


def test_halves_of_letters_that_file_names_may_have_become_question_marks() -> None:
    assert text("", "a\udcffb") == b' t="inlineStr"><is><t>a?b</t></is></c>'


@pytest.mark.parametrize("promised", [0, 2])
def test_other_rows_than_were_promised_are_no_workbook(promised: int) -> None:
    rows = Rows(0, promised, 1, lambda looks: [(22.0, [text(looks[0][0], "甲")])])
    with pytest.raises(NotWrittenError, match=f"1 rows instead of {promised}"):
        put_together(io.BytesIO(), blank_sheet(), {"表": rows})


def test_more_rows_than_a_sheet_has_are_no_workbook() -> None:
    with pytest.raises(NotWrittenError, match="row 1048577"):
        put_together(io.BytesIO(), blank_sheet(), {"表": Rows(0, 1_048_577, 1, lambda looks: [])})


def test_rows_are_packed_as_they_are_made() -> None:
    made, seen = [0], list[int]()

    class Watched(io.BytesIO):
        def write(self, data: "ReadableBuffer", /) -> int:
            seen.append(made[0])
            return super().write(data)

    def rows(looks: Sequence[Sequence[Look]]) -> Iterator[Row]:
        for row in range(5_000):
            made[0] = row
            yield 22.0, [text(looks[0][0], f"{row * 7919 % 4999}甲{row**5}")]

    put_together(Watched(), blank_sheet(), {"表": Rows(0, 5_000, 1, rows)})
    assert max(later - earlier for earlier, later in pairwise(seen)) < 2_000


HEAD = [("序号", 6), ("单位", 20), ("状态", 10)]
LISTED = [["甲局", "逾期"], ["=乙局", "未报"], ["", "逾期"]]


def test_a_list_is_numbered_and_turns_red_where_it_must() -> None:
    data = list_bytes("名单", HEAD, LISTED, "共 3 家。", alarmed=(1, "逾期"))
    sheet = read(data)
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["名单：共 3 家。", None, None],
        ["序号", "单位", "状态"],
        [1, "甲局", "逾期"],
        [2, "=乙局", "未报"],
        [3, None, "逾期"],
    ]
    assert [cell.font.b for cell in sheet["C"]] == [False, False, True, False, True]
    assert {sheet[cell].font.color.rgb for cell in ("C3", "C5")} == {"FF9C0006"}
    assert sheet.auto_filter.ref == "A2:C5"
    assert data == list_bytes("名单", HEAD, LISTED, "共 3 家。", alarmed=(1, "逾期"))


def test_a_list_longer_than_a_sheet_says_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listsheet, "LAST_ROW", 4)
    sheet = read(list_bytes("名单", HEAD, LISTED, "共 3 家。", alarmed=(1, "逾期")))
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["名单：共 3 家。（这一页放不下，只列出前 2 条。）", None, None],
        ["序号", "单位", "状态"],
        [1, "甲局", "逾期"],
        [2, "=乙局", "未报"],
    ]
