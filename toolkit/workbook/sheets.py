"""One worksheet part -> the contents of its cells, its protection and its validations."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from toolkit.audit.numbers import Content, Kind
from toolkit.form.area import column_name
from toolkit.workbook.events import Attributes, local, walk
from toolkit.workbook.package import Package, Refused

LAST_ROW, LAST_COLUMN = 600, 78
COLUMNS = range(1, LAST_COLUMN + 1)
MOST_VALIDATED = 5_000
MOST_TEXT = 32_767

_KINDS = {
    None: Kind.NUMBER, "n": Kind.NUMBER, "s": Kind.TEXT, "str": Kind.TEXT, "inlineStr": Kind.TEXT,
    "b": Kind.BOOLEAN, "e": Kind.ERROR, "d": Kind.DATE,
}  # fmt: skip
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ESCAPED_LENGTH = 7
_SPACES = "\t\n\r"
_ANYWHERE = {"c", "v", "f", "t", "is", "r", "row"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: the cells that hold something (`E7` -> content), whether it is protected, and which rectangles
    (first column, first row, last column, last row; from 1) carry a validation. None: the format does not let us tell.
    `has_merges` says that some cells are merged.
    """

    name: str
    cells: Mapping[str, Content]
    protected: bool | None
    validated: tuple[tuple[int, int, int, int], ...] | None
    has_merges: bool = False

    def is_validated(self, cell: str) -> bool:
        """Whether a validation covers a cell, as far as that can be told."""
        if self.validated is None:
            return True
        column, row = split_address(cell)
        return any(left <= column <= right and top <= row <= bottom for left, top, right, bottom in self.validated)


def split_address(cell: str) -> tuple[int, int]:
    """`E7` -> (5, 7): column and row, from 1. (0, 0) for what is no address."""
    match = _ADDRESS.fullmatch(cell)
    return (column_number(match[1]), int(match[2])) if match else (0, 0)


def column_number(name: str) -> int:
    """A -> 1, AA -> 27."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def unescaped(text: str) -> str:
    """A stored text as it was typed: `_x000D_` stands for a character that XML cannot hold. Lines end in `\\n`.

    Refused where it is longer than a cell can be.
    """
    if "_x" in text and len(text) <= _ESCAPED_LENGTH * MOST_TEXT:
        text = _ESCAPED.sub(_character, text).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MOST_TEXT:
        raise Refused("oversized", f"有单元格的文字超过 {MOST_TEXT} 个字，不是正常的填报。", "请精简文字后再报送。")
    return text


def read_sheet(
    package: Package, name: str, part: str, strings: list[str], dates: frozenset[str], last_row: int = LAST_ROW,
    columns: Container[int] = COLUMNS,
) -> Sheet:  # fmt: skip
    """The sheet in one part; `strings` are the shared strings, `dates` the styles that show dates. Cells below
    `last_row` and in other columns (from 1) are passed over."""
    reading = _Reading(strings, dates, last_row, columns)
    walk(package.markup(part), reading.start, reading.end, part, reading.text)
    if not reading.has_data:
        raise Refused("damaged", f"文件已损坏：{part} 不是工作表。", "请单位重新发送原文件。")
    return Sheet(name, reading.cells, reading.protected, tuple(_rectangles(reading.validated)), reading.has_merges)


class _Reading:
    """The state of one pass over a worksheet."""

    __slots__ = (
        "_cell", "_column", "_columns", "_dates", "_formula", "_kind", "_last_row", "_open", "_phonetic", "_pieces",
        "_reading", "_row", "_seen", "_strings", "_style", "_valued", "cells", "has_data", "has_merges",
        "protected", "validated",
    )  # fmt: skip

    def __init__(self, strings: list[str], dates: frozenset[str], last_row: int, columns: Container[int]) -> None:
        self.cells: dict[str, Content] = {}
        self.protected = self.has_data = self.has_merges = False
        self.validated: list[str] = []
        self._strings, self._dates, self._last_row, self._columns = strings, dates, last_row, columns
        self._cell, self._style = "", "0"
        self._kind: str | None = None
        self._row = self._column = 0
        self._formula = self._reading = self._phonetic = self._open = self._valued = False
        self._seen: set[str] = set()
        self._pieces: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag not in _ANYWHERE:
            tag = local(tag)
        if self._reading:
            raise _doubtful(self._cell)
        if tag == "c":
            self._open_cell(attributes)
        elif tag == "v" or (tag == "t" and not self._phonetic):
            if self._valued or (tag == "v" and self._pieces):
                raise _doubtful(self._cell)
            self._reading = True
            self._valued = tag == "v"
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._row = _whole(attributes.get("r", "")) or self._row + 1
            self._column = 0
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "sheetData":
            self.has_data = True
        elif tag == "mergeCell":
            self.has_merges = True
        elif tag == "sheetProtection":
            self.protected = attributes.get("sheet") in ("1", "true")
        elif tag == "dataValidation":
            self.validated.append(attributes.get("sqref", ""))

    def end(self, tag: str) -> None:
        if tag not in _ANYWHERE:
            tag = local(tag)
        if tag == "v" or tag == "t":
            self._reading = False
        elif tag == "c":
            self._close_cell()
        elif tag == "rPh":
            self._phonetic = False

    def text(self, data: str) -> None:
        if self._reading:
            self._pieces.append(data)

    def _open_cell(self, attributes: Attributes) -> None:
        address = attributes.get("r")
        if address is None:
            self._column += 1
            address = f"{column_name(self._column - 1)}{self._row}"
        else:
            self._column, self._row = split_address(address)
        if not self._row or not self._column or self._open or address in self._seen:
            raise _doubtful(address)
        if self._is_within():
            self._seen.add(address)
        self._cell = address
        self._open, self._valued = True, False
        self._kind = attributes.get("t")
        self._style = attributes.get("s", "0")
        self._formula = False
        self._pieces.clear()

    def _close_cell(self) -> None:
        self._open = False
        if (self._pieces or self._formula) and self._is_within():
            self.cells[self._cell] = self._content("".join(self._pieces))

    def _is_within(self) -> bool:
        return self._row <= self._last_row and self._column in self._columns

    def _content(self, text: str) -> Content:
        if self._kind == "s":
            index = _whole(text)
            if index is None or index >= len(self._strings):
                raise Refused("damaged", f"文件已损坏：{self._cell[:10]} 的文字找不到。", "请单位重新发送原文件。")
            return Content(Kind.TEXT, self._strings[index], self._formula)
        kind = _KINDS.get(self._kind, Kind.ERROR)
        if kind is Kind.NUMBER and not text:
            kind = Kind.EMPTY
        elif kind is Kind.NUMBER and self._style in self._dates:
            kind = Kind.DATE
        return Content(kind, unescaped(text) if kind is Kind.TEXT else text, self._formula)


def _rectangles(references: list[str]) -> list[tuple[int, int, int, int]]:
    found = []
    for match in _RANGE.finditer(" ".join(references)):
        left, top = column_number(match[1]), int(match[2])
        right = column_number(match[3]) if match[3] else left
        found.append((left, top, right, int(match[4]) if match[4] else top))
        if len(found) > MOST_VALIDATED:
            raise Refused(
                "oversized", "工作表里的填写限制过多，不是正常的填报。", "请在下发的工作簿里填报，不要另加内容。"
            )
    return found


def _doubtful(cell: str) -> Refused:
    """What refuses a cell that says two things, or stands nowhere: no program's pick among them is the agency's."""
    return Refused(
        "damaged",
        f"文件已损坏：单元格“{cell[:10]}”的位置或内容前后不一。",
        "请用 Excel 或 WPS 打开，核对后另存为 .xlsx 再报送。",
    )


def _whole(text: str) -> int | None:
    """The whole number an attribute says; None where it says none, or one beyond any workbook."""
    return int(text) if _WHOLE.fullmatch(text) else None


def _character(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character.isprintable() or character in _SPACES else ""
