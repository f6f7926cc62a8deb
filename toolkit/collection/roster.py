"""The list of agencies that are to report, from a .csv or .xlsx: 单位名称, 统一社会信用代码."""

import csv
import io
import unicodedata
from pathlib import Path

from toolkit.audit.numbers import Kind
from toolkit.audit.submission import Agency
from toolkit.problems import Problem, Severity, Where
from toolkit.workbook.package import Refused, open_package
from toolkit.workbook.reader import read_first_sheet
from toolkit.workbook.sheets import split_address

NAME, CODE = "单位名称", "统一社会信用代码"
MOST_AGENCIES = 20_000
MOST_MARKS = 60 * MOST_AGENCIES
_HINT = f"请在第一行写明列名：{NAME}、{CODE}。"


def load_roster(path: Path) -> tuple[Agency, ...] | tuple[Problem, ...]:
    """The agencies of a roster file in its order, or what is wrong with it, by line."""
    data = path.read_bytes()
    try:
        rows = _sheet_rows(data) if data.startswith(b"PK") else _csv_rows(data)
    except Refused as refused:
        return (Problem(Where(path.name), "roster", Severity.ERROR, refused.message, refused.hint),)
    return _agencies(rows, path.name)


def _agencies(rows: list[tuple[int, list[str]]], file: str) -> tuple[Agency, ...] | tuple[Problem, ...]:
    if not rows or NAME not in rows[0][1] or CODE not in rows[0][1]:
        return (Problem(Where(file, line=1), "roster", Severity.ERROR, f"名册缺少“{NAME}”或“{CODE}”一列。", _HINT),)
    head = rows[0][1]
    agencies: list[Agency] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for line, cells in rows[1:]:
        texts = dict(zip(head, [*cells, *[""] * len(head)], strict=False))
        agency = Agency(texts[NAME], "".join(unicodedata.normalize("NFKC", texts[CODE]).upper().split()))
        agencies.append(agency)
        for wrong, hint in _mistakes(agency, seen):
            problems.append(Problem(Where(file, line=line), "roster", Severity.ERROR, wrong, hint))
        seen |= {identity: line for identity in (agency.name, agency.code) if identity and identity not in seen}
    return tuple(problems) or tuple(agencies)


def _mistakes(agency: Agency, seen: dict[str, int]) -> list[tuple[str, str]]:
    found = []
    if not agency.name:
        found.append((f"没有{NAME}。", f"请补上{NAME}。"))
    for identity in (agency.name, agency.code):
        if identity in seen:
            found.append((f"“{identity}”与第 {seen[identity]} 行重复。", "请删去重复的一行，或改正。"))
    return found


def _csv_rows(data: bytes) -> list[tuple[int, list[str]]]:
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


def _sheet_rows(data: bytes) -> list[tuple[int, list[str]]]:
    sheet = read_first_sheet(open_package(data, MOST_MARKS), MOST_AGENCIES)
    texts = {
        split_address(cell): each.text.strip() for cell, each in sheet.cells.items() if each.kind is not Kind.ERROR
    }
    width = max((column for column, _ in texts), default=0)
    rows = sorted({row for _, row in texts})
    return [(row, [texts.get((column, row), "") for column in range(1, width + 1)]) for row in rows]
