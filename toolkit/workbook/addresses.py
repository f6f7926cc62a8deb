"""Addresses of cells and ranges as a workbook writes them -> columns and rows."""

import re
from collections.abc import Iterable
from functools import lru_cache

from toolkit.workbook.package import Refused

MOST_VALIDATED = 5_000
NOWHERE = (0, 0)

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?", re.ASCII)

Rectangle = tuple[int, int, int, int]
"""First column, first row, last column, last row; from 1."""


@lru_cache(2**14)
def split_address(cell: str) -> tuple[int, int]:
    """`E7` -> (5, 7): column and row, from 1. (0, 0) for what is no address."""
    match = _ADDRESS.fullmatch(cell)
    return (column_number(match[1]), int(match[2])) if match else NOWHERE


def column_number(name: str) -> int:
    """A -> 1, AA -> 27."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def rectangles(references: Iterable[str]) -> list[Rectangle]:
    """The rectangles that validations are written for; Refused where they are too many."""
    found: list[Rectangle] = []
    for match in _RANGE.finditer(" ".join(references)):
        left, top = column_number(match[1]), int(match[2])
        right = column_number(match[3]) if match[3] else left
        found.append((left, top, right, int(match[4]) if match[4] else top))
        if len(found) > MOST_VALIDATED:
            raise Refused(
                "oversized", "工作表里的填写限制过多，不是正常的填报。", "请在下发的工作簿里填报，不要另加内容。"
            )
    return found


@lru_cache(64)
def uncovered(rectangles: tuple[Rectangle, ...], cells: tuple[str, ...]) -> tuple[str, ...]:
    """Those of some cells that none of the rectangles covers."""

    def is_covered(column: int, row: int) -> bool:
        return any(left <= column <= right and top <= row <= bottom for left, top, right, bottom in rectangles)

    return tuple(cell for cell in cells if not is_covered(*split_address(cell)))
