"""The rows of a roster file, .csv or .xlsx, with their line numbers."""

import csv
import io

from toolkit.audit.numbers import Kind
from toolkit.workbook.package import Refused, open_package
from toolkit.workbook.reader import read_first_sheet
from toolkit.workbook.sheets import split_address

MOST_AGENCIES = 20_000
MOST_MARKS = 120 * MOST_AGENCIES

Row = tuple[int, list[str]]


def read_rows(data: bytes) -> list[Row]:
    """Every row that is not empty, its cells without the spaces around them; Refused where the file is neither."""
    return _sheet_rows(data) if data.startswith(b"PK") else _csv_rows(data)


def _csv_rows(data: bytes) -> list[Row]:
    """Lines of a CSV in UTF-8 (with or without a mark) or GB18030, which is how Chinese Excel saves it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused("roster", "名册不是文本，也不是工作簿。", "请另存为 .csv 或 .xlsx。")
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        return [(reader.line_num, cells) for row in reader if any(cells := [cell.strip() for cell in row])]
    except csv.Error:
        hint = "请检查引号是否成对，或另存为 .xlsx。"
        raise Refused("roster", f"第 {reader.line_num} 行起读不下去。", hint) from None


def _sheet_rows(data: bytes) -> list[Row]:
    sheet = read_first_sheet(open_package(data, MOST_MARKS), MOST_AGENCIES)
    texts = {
        split_address(cell): each.text.strip() for cell, each in sheet.cells.items() if each.kind is not Kind.ERROR
    }
    width = max((column for column, _ in texts), default=0)
    rows = sorted({row for _, row in texts})
    found = [(row, [texts.get((column, row), "") for column in range(1, width + 1)]) for row in rows]
    return [(row, cells) for row, cells in found if any(cells)]
