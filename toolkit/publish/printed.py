"""A table as the form prints it: its cells on a grid, headings merged over what they head. Pure.

Unlike a sheet of the workbook, a printed table has nothing around it, and where its rows stand side by side a row
without a group has its column labels raised beside those of the rows that have one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from toolkit.form.model import Axis, Block, Key, Table
from toolkit.form.plan import column_widths, grid_width
from toolkit.publish.prose import line_of

_WIDE = 110
_DIGIT = 0.6  # of the type size: how wide a digit is at most

Kind = Literal["corner", "block", "group", "row", "column", "figure"]
Along = Literal["", "row", "column"]


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A text, its first grid line and column, and over how many of each it reaches.

    `heads` says whether it is the heading of the lines to its right (row) or of the columns below it (column); a
    figure, which has a `key`, and a corner head nothing. `block` is the number of the block it belongs to.
    """

    kind: Kind
    text: str
    top: int
    left: int
    rows: int
    columns: int
    heads: Along
    block: int
    key: Key | None = None

    def is_over(self, other: "PrintedCell") -> bool:
        """Whether this is a heading of another cell of its block."""
        if self.block != other.block:
            return False
        if self.heads == "row":
            return self.top <= other.top < self.top + self.rows and self.left < other.left
        return self.heads == "column" and self.left <= other.left < self.left + self.columns and self.top < other.top


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table ready to be drawn: the widths of its grid columns in characters, and its cells, line by line.

    `head` is how many of its first lines are headings of everything below them, to be printed again on every page; 0
    where each block has headings of its own.
    """

    title: str
    widths: tuple[int, ...]
    head: int
    rows: tuple[tuple[PrintedCell, ...], ...]

    @property
    def cells(self) -> tuple[PrintedCell, ...]:
        """All cells, in reading order."""
        return tuple(cell for row in self.rows for cell in row)

    @property
    def blocks(self) -> tuple[tuple[tuple[PrintedCell, ...], ...], ...]:
        """The lines of each block."""
        numbers = dict.fromkeys(row[0].block for row in self.rows)
        return tuple(tuple(row for row in self.rows if row[0].block == number) for number in numbers)

    @property
    def is_wide(self) -> bool:
        """Whether it fits a page only in smaller type."""
        return sum(self.widths) > _WIDE

    def lines(self) -> Iterator[tuple[tuple[PrintedCell, bool], ...]]:
        """Each grid line with every cell that reaches into it, from the left, and whether the cell begins there."""
        for at in range(len(self.rows)):
            there = [cell for row in self.rows[: at + 1] for cell in row if at < cell.top + cell.rows]
            yield tuple((cell, cell.top == at) for cell in sorted(there, key=lambda cell: cell.left))


def fitting(text: str, room: float, size: float) -> float:
    """The type size at which a figure stays on one line: `size`, or so much less that it takes no more than `room`."""
    needed = len(text) * _DIGIT * size
    return size if needed <= room else size * room / needed


def printed_table(table: Table, figure: Callable[[Key], str]) -> PrintedTable:
    """The table with a text for each of its cells."""
    printing = _Printing(table, figure)
    for number, block in enumerate(table.blocks):
        printing.block(number, block)
    lines = sorted(printing.cells, key=lambda cell: (cell.top, cell.left))
    rows = tuple(tuple(cell for cell in lines if cell.top == at) for at in range(printing.row))
    head = printing.first_data if len(table.blocks) == 1 else 0
    return PrintedTable(table.title, tuple(column_widths(table)), head, rows)


class _Printing:
    """A table being laid out, from the top down."""

    def __init__(self, table: Table, figure: Callable[[Key], str]) -> None:
        self._table, self._figure = table, figure
        self._depth, self._width = len(table.label_widths), grid_width(table)
        self._number = 0
        self.row = self.first_data = 0
        self.cells: list[PrintedCell] = []

    def block(self, number: int, block: Block) -> None:
        self._number = number
        if block.title:
            self._put("block", block.title, (self.row, self.row), (0, self._width - 1), "column")
            self.row += 1
        draw = self._side_by_side if self._table.side_by_side else self._rectangle
        draw(block)

    def _rectangle(self, block: Block) -> None:
        """Headings above and to the left; the last column stretches to the table's right edge."""
        places = [(self._depth + at, self._depth + at) for at in range(len(block.columns.items))]
        places[-1] = (places[-1][0], self._width - 1)
        bottom = self.row + block.columns.depth - 1
        if self._depth:
            self._put("corner", block.corner, (self.row, bottom), (0, self._depth - 1), "")
        self._across(block.columns, places, self.row, bottom)
        self.first_data = self.row = bottom + 1
        self._down(block.rows)
        for row in block.rows.items:
            for place, column in zip(places, block.columns.items, strict=True):
                self._put_figure(Key(self._table.name, row.name, column.name), self.row, place)
            self.row += 1

    def _side_by_side(self, block: Block) -> None:
        """One line of figures. A row's label takes one level; its columns stand right below it, however deep others
        begin."""
        each = len(block.columns.items)
        spans = [(at * each, at * each + each - 1) for at in range(len(block.rows.items))]
        bottom = self.row + block.rows.depth + block.columns.depth - 1
        self._groups(block.rows, spans, self.row)
        for at, (row, span) in enumerate(zip(block.rows.items, spans, strict=True)):
            level = self.row + len(block.rows.over(at))
            self._put("row", row.label, (level, level), span, "column")
            places = [(left, left) for left in range(span[0], span[1] + 1)]
            self._across(block.columns, places, level + 1, bottom)
            for place, column in zip(places, block.columns.items, strict=True):
                self._put_figure(Key(self._table.name, row.name, column.name), bottom + 1, place)
        self.first_data, self.row = bottom + 1, bottom + 2

    def _across(self, axis: Axis, places: Sequence[tuple[int, int]], top: int, bottom: int) -> None:
        """Headings above figures: each item from below its groups down to the last level."""
        self._groups(axis, places, top)
        for at, (item, place) in enumerate(zip(axis.items, places, strict=True)):
            self._put("column", item.label, (top + len(axis.over(at)), bottom), place, "column")

    def _groups(self, axis: Axis, places: Sequence[tuple[int, int]], top: int) -> None:
        for group in axis.groups:
            level = top + axis.over(group.first).index(group)
            self._put("group", group.label, (level, level), (places[group.first][0], places[group.last][1]), "column")

    def _down(self, axis: Axis) -> None:
        """The same to the left of figures."""
        for group in axis.groups:
            level = axis.over(group.first).index(group)
            span = (self.row + group.first, self.row + group.last)
            self._put("group", group.label, span, (level, level), "row")
        for at, item in enumerate(axis.items):
            line = self.row + at
            self._put("row", item.label, (line, line), (len(axis.over(at)), self._depth - 1), "row")

    def _put_figure(self, key: Key, line: int, columns: tuple[int, int]) -> None:
        self._put("figure", self._figure(key), (line, line), columns, "", key)

    def _put(
        self, kind: Kind, text: str, lines: tuple[int, int], columns: tuple[int, int], heads: Along,
        key: Key | None = None,
    ) -> None:  # fmt: skip
        """A cell from the first to the last of these grid lines and columns."""
        rows, wide = lines[1] - lines[0] + 1, columns[1] - columns[0] + 1
        self.cells.append(PrintedCell(kind, line_of(text), lines[0], columns[0], rows, wide, heads, self._number, key))
