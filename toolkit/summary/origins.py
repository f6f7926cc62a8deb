"""Where a counted figure came from: sheet, cell and content in the agency's own workbook. Pure.

Most figures stand where the workbook was issued with them, as the plain number; what differs is kept, and only that.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolkit.audit.numbers import printed
from toolkit.audit.submission import Submission
from toolkit.form.area import Area, column_name, rectangles
from toolkit.form.model import Key

BLANK = "（空白，声明为零）"

_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?", re.ASCII)

Cells = Mapping[Key, Area]
"""Where every cell stands in the workbook as it is issued."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in an agency's workbook and what stood there; `raw` is empty for a cell that was blank."""

    sheet: str
    cell: str
    raw: str


def place_in_own(submission: Submission, cells: Cells, key: Key) -> tuple[str, str]:
    """The sheet and address of a cell in the agency's own workbook."""
    issued = cells[key].sheet, cells[key].cell
    if submission.via is not None:
        return submission.moved.get(key, issued)
    place = submission.places.get(key)
    return issued if place is None or place.sheet is None or place.cell is None else (place.sheet, place.cell)


def origin_of(submission: Submission, cells: Cells, key: Key) -> Origin:
    """Where one typed figure came from."""
    value = submission.values.get(key)
    plain = "" if value is None or key in submission.blanks else printed(value)
    return Origin(*place_in_own(submission, cells, key), submission.raws.get(key, plain))


def exceptions(submission: Submission, cells: Cells) -> Iterator[tuple[Key, Origin]]:
    """The typed figures that stood elsewhere than issued or were not stored as the plain number; not the blanks."""
    blanks = frozenset(submission.blanks)
    for key in submission.book.typed:
        place = place_in_own(submission, cells, key)
        is_moved = place != (cells[key].sheet, cells[key].cell)
        if key in submission.raws or is_moved:
            origin = origin_of(submission, cells, key)
            yield key, Origin(origin.sheet, origin.cell, BLANK if key in blanks else origin.raw)


def blank_ranges(submission: Submission, cells: Cells) -> Iterator[tuple[str, str]]:
    """The cells that were left blank and declared zero: each sheet with its ranges, `D8:I32 D34`."""
    areas = []
    for key in submission.blanks:
        sheet, cell = place_in_own(submission, cells, key)
        match = _CELL.fullmatch(cell)
        if match:
            column, row = _number(match[1]) - 1, int(match[2]) - 1
            areas.append(Area(sheet, row, column, row, column))
    found: dict[str, list[str]] = {}
    for area in rectangles(areas):
        found.setdefault(area.sheet, []).append(area.range)
    yield from ((sheet, " ".join(ranges)) for sheet, ranges in found.items())


def parse_ranges(text: str) -> Iterator[str]:
    """Every address in `D8:I32 D34`; what is no range is passed over, and no range is larger than a table."""
    for match in _CELL.finditer(text):
        left, right = _number(match[1]), _number(match[3] or match[1])
        top, bottom = int(match[2]), int(match[4] or match[2])
        if right - left < 100 and bottom - top < 1000:
            yield from (
                f"{column_name(column - 1)}{row}" for row in range(top, bottom + 1) for column in range(left, right + 1)
            )


def _number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number
