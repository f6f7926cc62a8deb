"""Whether a cell still stands under its own printed labels: the cross-check of what a defined name points to."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from toolkit.audit.numbers import Kind
from toolkit.form.area import column_name
from toolkit.form.layout import Label, TablePlan
from toolkit.form.model import Key
from toolkit.workbook.addresses import split_address
from toolkit.workbook.sheets import Sheet

Place = tuple[int, int]


class Fit(Enum):
    """How a printed label compares with what the form says: the same (or a known alias), reworded, or another's."""

    SAME = 1
    CHANGED = 2
    OTHER = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """What was found where a label should be: the fit, the cell it was found in, the text found there."""

    label: Label
    fit: Fit
    cell: str
    found: str


def normal(text: str) -> str:
    """A label as it compares: full-width forms and spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def forms_of(label: Label) -> frozenset[str]:
    """Every wording of a label, as it compares."""
    return frozenset(normal(text) for text in (label.text, *label.aliases))


def headings_of(plan: TablePlan, sheet: Sheet, places: Mapping[Key, str]) -> Iterator[tuple[Key, Heading]]:
    """The labels found above and beside every placed cell, one row and one column label a cell."""
    search = _Search(plan, sheet, places)
    for key, cell in places.items():
        row_label, column_label = plan.headings[key]
        yield key, search.beside(key, cell, row_label)
        yield key, search.above(key, cell, column_label)


class _Search:
    """The texts of one sheet, by place."""

    def __init__(self, plan: TablePlan, sheet: Sheet, places: Mapping[Key, str]) -> None:
        self._plan = plan
        self._places = places
        self._texts = {
            split_address(cell): content.text for cell, content in sheet.cells.items() if content.kind is Kind.TEXT
        }
        self._known = {
            kind: frozenset(form for label in plan.labels if label.kind == kind for form in forms_of(label))
            for kind in ("row", "column")
        }
        self._beside_it: dict[str, frozenset[str]] = defaultdict(frozenset)
        for key, (_, column_label) in plan.headings.items():
            self._beside_it[key.row] |= forms_of(column_label)

    def beside(self, key: Key, cell: str, label: Label) -> Heading:
        """The row label of a cell: the nearest known one to its left; above its first cell where rows stand side by
        side."""
        if self._plan.table.side_by_side:
            return self._at_offset(key, label)
        column, row = split_address(cell)
        spots = [(at, row) for at in range(column - 1, 0, -1)]
        return self._nearest(spots, label, (label.area.left + 1, row), "row", self._known["row"])

    def above(self, key: Key, cell: str, label: Label) -> Heading:
        """The column label of a cell: the nearest known one above it."""
        column, row = split_address(cell)
        spots = [(column, at) for at in range(row - 1, 0, -1)]
        expected = (column, label.area.top + row - self._plan.cells[key].top)
        return self._nearest(spots, label, expected, "column", self._beside_it[key.row])

    def _nearest(
        self, spots: list[Place], label: Label, expected: Place, kind: str, of_block: frozenset[str]
    ) -> Heading:
        """The nearest known label; one of another block, beyond the expected place, says that its own was reworded."""
        own, known = forms_of(label), self._known[kind]
        for spot in spots:
            text = self._texts.get(spot)
            if text is not None and (form := normal(text)) in known:
                if spot < expected and (form not in of_block or (form in own and expected in self._texts)):
                    break
                return _heading(label, Fit.SAME if form in own else Fit.OTHER, spot, text)
        return _heading(label, Fit.CHANGED, expected, self._texts.get(expected, ""))

    def _at_offset(self, key: Key, label: Label) -> Heading:
        """The label at its issued place, moved as far as the first cell of its row has moved."""
        first = next(other for other in self._plan.cells if (other.table, other.row) == (key.table, key.row))
        planned = self._plan.cells[first]
        column, row = split_address(self._places.get(first, planned.cell))
        spot = (label.area.left + column - planned.left, label.area.top + row - planned.top)
        text = self._texts.get(spot, "")
        form = normal(text)
        fit = Fit.SAME if form in forms_of(label) else Fit.OTHER if form in self._known["row"] else Fit.CHANGED
        return _heading(label, fit, spot, text)


def _heading(label: Label, fit: Fit, spot: tuple[int, int], text: str) -> Heading:
    return Heading(label, fit, f"{column_name(spot[0] - 1)}{spot[1]}", text)
