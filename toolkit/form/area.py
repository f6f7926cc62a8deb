"""Rectangles of a sheet, and how spreadsheets call them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


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
    rows: list[Area] = []
    for area in sorted((area.first for area in areas), key=lambda area: (area.sheet, area.top, area.left)):
        last = rows[-1] if rows else None
        if last and (last.sheet, last.top, last.right + 1) == (area.sheet, area.top, area.left):
            rows[-1] = replace(last, right=area.right)
        else:
            rows.append(area)
    joined: list[Area] = []
    for row in rows:
        last = joined[-1] if joined else None
        if last and (last.sheet, last.left, last.right, last.bottom + 1) == (row.sheet, row.left, row.right, row.top):
            joined[-1] = replace(last, bottom=row.bottom)
        else:
            joined.append(row)
    return joined
