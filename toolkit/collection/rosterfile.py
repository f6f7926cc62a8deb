"""The rows of a roster file, .csv or .xlsx, with their line numbers."""

import csv
import io

from toolkit.audit.numbers import Content, Kind
from toolkit.workbook.addresses import split_address
from toolkit.workbook.package import Refused, open_package
from toolkit.workbook.reader import read_first_sheet

MOST_AGENCIES = 20_000
LAST_LINE = 2 * MOST_AGENCIES
MOST_MARKS = 120 * MOST_AGENCIES

_ANYWHERE = 2**20 + 1
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Row = tuple[int, list[str]]


UNKNOWN = "\0"
"""What stands for a cell that holds something and yet no value: an error, a formula that was never computed."""


def read_rows(data: bytes) -> list[Row]:
    """Every row that is not empty, its cells without the spaces around them; Refused where the file is neither, or is
    one of which something would be passed over."""
    if data.startswith(_OLE):
        raise Refused("roster", "名册是旧格式（.xls 或 .et）工作簿。", "请另存为 .xlsx 或 .csv。")
    rows = _sheet_rows(data) if data.startswith(b"PK") else _csv_rows(data)
    if len(rows) > MOST_AGENCIES or any(line > LAST_LINE for line, _ in rows):
        raise Refused("roster", f"名册超过 {MOST_AGENCIES} 行。", "请删去多余的行，或分成几个收集任务。")
    return rows


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
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, cells) for row in reader if any(cells := [cell.strip() for cell in row])]
    except csv.Error:
        hint = "请检查引号是否成对，或另存为 .xlsx。"
        raise Refused("roster", f"第 {reader.line_num} 行起读不下去。", hint) from None


def _sheet_rows(data: bytes) -> list[Row]:
    sheet = read_first_sheet(open_package(data, MOST_MARKS), _ANYWHERE)
    if sheet.has_merges:
        raise Refused("roster", "名册里有合并的单元格，说不清是哪几行的。", "请取消合并，每一行都填上，再用。")
    texts = {split_address(cell): _text(each) for cell, each in sheet.cells.items()}
    width = max((column for column, _ in texts), default=0)
    rows = sorted({row for _, row in texts})
    found = [(row, [texts.get((column, row), "") for column in range(1, width + 1)]) for row in rows]
    return [(row, cells) for row, cells in found if any(cells)]


def _text(content: Content) -> str:
    is_unknown = content.kind is Kind.ERROR or (content.formula and not content.text.strip())
    return UNKNOWN if is_unknown else content.text.strip()
