"""Rectangles of a sheet, and how spreadsheets call them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_WIDTH = 2**15  # more than a sheet has columns: the last cell of a row is no neighbour of the next row's first


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of a sheet; rows and columns from 0, all four included."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def cell(self) -> str:
        """The first cell, `E7`."""
        return f"{column_name(self.left)}{self.top + 1}"

    @property
    def range(self) -> str:
        """`E7:F9`, or `E7` where it is one cell."""
        last = f"{column_name(self.right)}{self.bottom + 1}"
        return self.cell if last == self.cell else f"{self.cell}:{last}"

    @property
    def fixed(self) -> str:
        """The first cell as a formula on the same sheet pins it: `$E$7`."""
        return f"${column_name(self.left)}${self.top + 1}"

    @property
    def absolute(self) -> str:
        """The first cell for a defined name: `表三!$E$7`."""
        return f"{self.sheet}!{self.fixed}"

    @property
    def first(self) -> "Area":
        """The first cell alone."""
        return Area(self.sheet, self.top, self.left, self.top, self.left)


def column_name(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    name = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        name = chr(65 + digit) + name
    return name


def rectangles(areas: Iterable[Area]) -> list[Area]:
    """The first cells of some areas, joined into as few rectangles as rows of equal width allow."""
    by_sheet: dict[str, list[int]] = {}
    for area in areas:
        by_sheet.setdefault(area.sheet, []).append(number_of(area.top, area.left))
    found = ((sheet, first, last) for sheet in sorted(by_sheet) for first, last in joined(by_sheet[sheet]))
    return [Area(sheet, *divmod(first, _WIDTH), *divmod(last, _WIDTH)) for sheet, first, last in found]


def number_of(row: int, column: int) -> int:
    """A cell of a sheet (row and column from 0) as one number, for where there are very many of them."""
    return row * _WIDTH + column


def joined(cells: Iterable[int]) -> list[tuple[int, int]]:
    """Cells by their numbers, joined so: the first and the last cell of each rectangle."""
    found: list[tuple[int, int]] = []
    above = below = -1  # the cells below the first and the last of the last row of the last rectangle
    for first, last in _runs(sorted(cells)):
        if (first, last) == (above, below):
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
        above, below = first + _WIDTH, last + _WIDTH
    return found


def _runs(cells: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Sorted cells, neighbours in a row together."""
    first = last = -2
    for cell in cells:
        if cell != last + 1:
            if first >= 0:
                yield first, last
            first = cell
        last = cell
    if first >= 0:
        yield first, last


@lru_cache(16_384)
def name_of(cell: int) -> str:
    """`E7`, of a cell by its number."""
    row, column = divmod(cell, _WIDTH)
    return f"{column_name(column)}{row + 1}"
