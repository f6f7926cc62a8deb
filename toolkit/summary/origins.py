"""Where a counted figure came from: sheet, cell and content in the agency's own workbook. Pure.

Most figures stand where the workbook was issued with them, as the plain number; what differs is kept, and only that.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from toolkit.audit.numbers import printed
from toolkit.audit.submission import Places, Submission
from toolkit.form.area import Area, column_name, joined, name_of, number_of
from toolkit.form.model import Key
from toolkit.problems import Where

BLANK = "（空白，声明为零）"

_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?", re.ASCII)

Cells = Mapping[Key, Area]
"""Where every cell stands in the workbook as it is issued."""
Spots = Mapping[Key, tuple[str, str]]
"""Where cells stand in an agency's own workbook: sheet and address."""


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


class Originals:
    """What there is to tell of agencies' own workbooks, beside the workbook as it is issued; for many of them."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._issued = {key: (area.sheet, area.cell) for key, area in cells.items()}
        self._numbers = {key: (area.sheet, number_of(area.top, area.left)) for key, area in cells.items()}
        self._known: Spots = {}
        self._elsewhere: Spots = {}

    def exceptions(self, submission: Submission) -> Iterator[tuple[Key, Origin]]:
        """The typed figures that stood elsewhere than issued or were not stored as the plain number; not the blanks."""
        told = self._told(submission)
        blanks = frozenset(submission.blanks) if told else ()
        for key in submission.book.typed if told else ():
            if key in told:
                origin = origin_of(submission, self._cells, key)
                yield key, Origin(origin.sheet, origin.cell, BLANK if key in blanks else origin.raw)

    def blank_ranges(self, submission: Submission) -> Iterator[tuple[str, str]]:
        """The cells that were left blank and declared zero: each sheet with its ranges, `D8:I32 D34`."""
        found: dict[str, list[int]] = {}
        for sheet, cell in self._blank(submission):
            found.setdefault(sheet, []).append(cell)
        for sheet in sorted(found):
            yield sheet, " ".join(_range(first, last) for first, last in joined(found[sheet]))

    def count(self, submission: Submission) -> tuple[int, int]:
        """How many exceptions there are, and how many sheets with blank ranges."""
        told = self._told(submission)
        exceptions = sum(key in told for key in submission.book.typed) if told else 0
        return exceptions, len({sheet for sheet, _ in self._blank(submission)})

    def _told(self, submission: Submission) -> Set[Key]:
        """The keys of the exceptions, among others."""
        moved, raws = self._moved(submission), submission.raws
        return moved.keys() | raws.keys() if moved or raws else frozenset()

    def _blank(self, submission: Submission) -> list[tuple[str, int]]:
        """Sheet and number of each cell that was left blank, as far as it is a cell."""
        moved, numbers = self._moved(submission), self._numbers
        if not moved:
            return list(map(numbers.__getitem__, submission.blanks))
        own = (_numbered(*moved[key]) if key in moved else numbers[key] for key in submission.blanks)
        return [cell for cell in own if cell is not None]

    def _moved(self, submission: Submission) -> Spots:
        """The cells that stood elsewhere than issued, and where."""
        issued = self._issued
        if submission.via is not None:
            return {key: spot for key, spot in submission.moved.items() if spot != issued.get(key)}
        spots = _spots(submission.places)
        if spots is not self._known:  # most share theirs, and one is asked for several times
            self._known = spots
            self._elsewhere = {key: spot for key, spot in spots.items() if key in issued and issued[key] != spot}
        return self._elsewhere


def _spots(places: Mapping[Key, Where]) -> Spots:
    if isinstance(places, Places):
        return places.spots
    return {key: (each.sheet, each.cell) for key, each in places.items() if each.sheet and each.cell}


def _numbered(sheet: str, cell: str) -> tuple[str, int] | None:
    """Sheet and number of a cell, or of the first of a range; None for what is no address."""
    match = _CELL.fullmatch(cell)
    return (sheet, number_of(int(match[2]) - 1, _number(match[1]) - 1)) if match else None


def _range(first: int, last: int) -> str:
    return name_of(first) if first == last else f"{name_of(first)}:{name_of(last)}"


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
