"""What stands stored in the cells of a sheet -> their contents: kinds, styles, shared strings, row by row."""

import re
from collections.abc import Container, Iterable
from functools import lru_cache
from typing import NamedTuple

from toolkit.audit.numbers import Content, Kind
from toolkit.workbook.addresses import split_address
from toolkit.workbook.package import Refused
from toolkit.workbook.plain import HOLE, has_no_cells, parted_row, row
from toolkit.workbook.remembered import LARGEST_PIECE, remembered

LAST_ROW, LAST_COLUMN = 600, 78
COLUMNS = range(1, LAST_COLUMN + 1)
MOST_TEXT = 32_767

_KINDS = {
    None: Kind.NUMBER, "n": Kind.NUMBER, "s": Kind.TEXT, "str": Kind.TEXT, "inlineStr": Kind.TEXT,
    "b": Kind.BOOLEAN, "e": Kind.ERROR, "d": Kind.DATE,
}  # fmt: skip
_LONG_NUMBER = 10  # digits
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ESCAPED_LENGTH = 7
_SPACES = "\t\n\r"
_INDEXES = tuple(map(str, range(2**12)))  # how the first shared strings are called


class Row(NamedTuple):
    """A row as it is written: its number, 0 where it has no cells; its cells that hold something, each with its address
    and its column, and with what it holds itself, or how the shared string is called that it holds."""

    number: int
    cells: tuple[tuple[str, int, Content | None, str], ...]


class Values:
    """What stored values mean, and where: the shared strings, the styles that show dates, the last row and the columns
    (from 1) that are read."""

    __slots__ = ("_texts", "columns", "dates", "last_row", "strings")

    def __init__(
        self, strings: list[str], dates: frozenset[str], last_row: int = LAST_ROW, columns: Container[int] = COLUMNS
    ) -> None:
        self.strings, self.dates, self.last_row, self.columns = strings, dates, last_row, columns
        self._texts = {index: Content(Kind.TEXT, text) for index, text in zip(_INDEXES, strings, strict=False)}

    def are_read_at(self, column: int, row: int) -> bool:
        return row <= self.last_row and column in self.columns

    def contents(self, rows: Iterable[Row]) -> dict[str, Content]:
        """What those cells of some rows hold that are read, by address; Refused as `content`."""
        found = {}
        texts, columns = self._texts, self.columns
        for number, cells in rows:
            if number <= self.last_row:
                for address, column, stored, text in cells:
                    if column in columns:
                        found[address] = stored or texts.get(text) or self._shared(address, text, formula=False)
        return found

    def content(self, cell: str, style: str | None, kind: str | None, text: str, formula: bool) -> Content:
        """What a cell holds; Refused where it holds a text that is nowhere."""
        if kind == "s":
            return self._shared(cell, text, formula)
        return _held(_KINDS.get(kind, Kind.ERROR), style or "0", text, formula, self.dates)

    def _shared(self, cell: str, text: str, formula: bool) -> Content:
        index = whole(text)
        if index is None or index >= len(self.strings):
            raise Refused("damaged", f"文件已损坏：{cell[:10]} 的文字找不到。", "请单位重新发送原文件。")
        return Content(Kind.TEXT, self.strings[index], formula)


def unescaped(text: str) -> str:
    """A stored text as it was typed: `_x000D_` stands for a character that XML cannot hold. Lines end in `\\n`.

    Refused where it is longer than a cell can be.
    """
    if "_x" in text and len(text) <= _ESCAPED_LENGTH * MOST_TEXT:
        text = _ESCAPED.sub(_character, text).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MOST_TEXT:
        raise Refused("oversized", f"有单元格的文字超过 {MOST_TEXT} 个字，不是正常的填报。", "请精简文字后再报送。")
    return text


def stored_rows(written: bytes, dates: frozenset[str]) -> list[Row] | None:
    """The rows of a sheet's data; None where some are not plainly written, or two are of one number."""
    *pieces, rest = written.split(b"</row>")
    if rest and not has_no_cells(rest):
        return None
    rows = [_row(each, dates) if len(each) <= LARGEST_PIECE else _row.__wrapped__(each, dates) for each in pieces]
    whole_rows = [row for row in rows if row is not None]
    numbers = [number for number, _ in whole_rows if number]
    return None if len(whole_rows) < len(rows) or len(set(numbers)) < len(numbers) else whole_rows


@lru_cache(2**10)
def _row(written: bytes, dates: frozenset[str]) -> Row | None:
    """A row that lacks its end tag; None where it is not plainly written, or its cells do not all stand in one row."""
    parted = parted_row(written)
    pattern = None if parted is None else remembered(_pattern, parted[0], LARGEST_PIECE)
    return None if parted is None or pattern is None else _filled(pattern, parted[1], dates)


class _Pattern(NamedTuple):
    """What rows have in common that differ in their values only, as most rows of figures do: their number; address,
    column, style, kind (None: a shared string), whether there is a formula, and text of each cell, HOLE for a value."""

    number: int
    cells: tuple[tuple[str, int, str, Kind | None, bool, str], ...]


@lru_cache(2**10)
def _pattern(written: bytes) -> _Pattern | None:
    """The pattern of a row with holes; None as in `_row`."""
    parted = row(written)
    if parted is None:
        return None
    places = {address: split_address(address) for address in parted[0]}
    numbers = {number for _, number in places.values()}
    if len(numbers) > 1 or 0 in numbers or any(kind == "s" and formula for _, _, kind, formula, _ in parted[1]):
        return None
    cells = (
        (address, places[address][0], style or "0", None if kind == "s" else _KINDS[kind], formula is not None, text)
        for address, style, kind, formula, text in parted[1]
    )
    return _Pattern(max(numbers, default=0), tuple(cells))


def _filled(pattern: _Pattern, values: Iterable[str], dates: frozenset[str]) -> Row:
    """The row of a pattern with these values in its holes; cells that hold nothing then are left out."""
    following, found = iter(values), list[tuple[str, int, Content | None, str]]()
    for address, column, style, kind, formula, written in pattern.cells:
        text = next(following) if written == HOLE else written
        if text or formula:
            held = None if kind is None else _held(kind, style, text, formula, dates)
            found.append((address, column, held, text))
    return Row(pattern.number, tuple(found))


def _held(kind: Kind, style: str, text: str, formula: bool, dates: frozenset[str]) -> Content:
    """What a cell of a kind and a style holds itself."""
    if kind is Kind.TEXT:
        text = unescaped(text)
    elif kind is Kind.NUMBER:
        kind = Kind.EMPTY if not text else Kind.DATE if style in dates else kind
    return Content(kind, text, formula)


def whole(text: str) -> int | None:
    """The whole number an attribute says; None where it says none, or one beyond any workbook."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONG_NUMBER else None


def _character(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character.isprintable() or character in _SPACES else ""
