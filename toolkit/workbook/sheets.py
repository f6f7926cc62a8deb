"""One worksheet part -> the contents of its cells, its protection and its validations."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.audit.numbers import Content, Kind
from toolkit.form.area import column_name
from toolkit.workbook.events import Attributes, local, walk
from toolkit.workbook.package import Package, Refused

LAST_ROW, LAST_COLUMN = 600, 78

_KINDS = {
    None: Kind.NUMBER, "n": Kind.NUMBER, "s": Kind.TEXT, "str": Kind.TEXT, "inlineStr": Kind.TEXT,
    "b": Kind.BOOLEAN, "e": Kind.ERROR, "d": Kind.DATE,
}  # fmt: skip
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?", re.ASCII)
_ANYWHERE = {"c", "v", "f", "t", "is", "r", "row"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: the cells that hold something (`E7` -> content), whether it is protected, and which rectangles
    (first column, first row, last column, last row; from 1) carry a validation."""

    name: str
    cells: Mapping[str, Content]
    protected: bool
    validated: tuple[tuple[int, int, int, int], ...]

    def is_validated(self, cell: str) -> bool:
        """Whether a validation covers a cell."""
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


def read_sheet(package: Package, name: str, part: str, strings: list[str], dates: frozenset[int]) -> Sheet:
    """The sheet in one part; `strings` are the shared strings, `dates` the styles that show dates."""
    reading = _Reading(strings, dates)
    walk(package.part(part), reading.start, reading.end, part, reading.text)
    return Sheet(name, reading.cells, reading.protected, tuple(_rectangles(reading.validated)))


class _Reading:
    """The state of one pass over a worksheet."""

    __slots__ = (
        "_cell", "_column", "_dates", "_formula", "_kind", "_phonetic", "_pieces", "_plain", "_reading", "_row",
        "_strings", "_style", "cells", "protected", "validated",
    )  # fmt: skip

    def __init__(self, strings: list[str], dates: frozenset[int]) -> None:
        self.cells: dict[str, Content] = {}
        self.protected = False
        self.validated: list[str] = []
        self._strings, self._dates = strings, dates
        self._cell, self._style = "", "0"
        self._kind: str | None = None
        self._row = self._column = 0
        self._formula = self._reading = self._phonetic = False
        self._pieces: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag not in _ANYWHERE:
            tag = local(tag)
        if tag == "c":
            self._open_cell(attributes)
        elif tag == "v" or (tag == "t" and not self._phonetic):
            self._reading = True
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._row = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self._row + 1
            self._column = 0
        elif tag == "rPh":
            self._phonetic = True
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
        self._column += 1
        self._cell = attributes.get("r") or f"{column_name(self._column - 1)}{self._row}"
        self._kind = attributes.get("t")
        self._style = attributes.get("s", "0")
        self._formula = False
        self._pieces.clear()

    def _close_cell(self) -> None:
        if not self._pieces and not self._formula:
            return
        if self._row > LAST_ROW or self._column > LAST_COLUMN:
            return
        self.cells[self._cell] = self._content("".join(self._pieces))

    def _content(self, text: str) -> Content:
        if self._kind == "s":
            if not text.isdecimal() or int(text) >= len(self._strings):
                raise Refused("damaged", f"文件已损坏：{self._cell} 的文字找不到。", "请单位重新发送原文件。")
            return Content(Kind.TEXT, self._strings[int(text)], self._formula)
        kind = _KINDS.get(self._kind, Kind.ERROR)
        if kind is Kind.NUMBER and not text:
            kind = Kind.EMPTY
        elif kind is Kind.NUMBER and self._style.isdecimal() and int(self._style) in self._dates:
            kind = Kind.DATE
        return Content(kind, text, self._formula)


def _rectangles(references: list[str]) -> list[tuple[int, int, int, int]]:
    found = []
    for match in _RANGE.finditer(" ".join(references)):
        left, top = column_number(match[1]), int(match[2])
        right = column_number(match[3]) if match[3] else left
        found.append((left, top, right, int(match[4]) if match[4] else top))
    return found
