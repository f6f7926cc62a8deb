"""Cells found by their printed labels alone, for workbooks that lost their names: a name -> where it must have pointed.

Only what is certain is found: a label that stands twice finds nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from toolkit.audit.numbers import Kind
from toolkit.form.area import column_name
from toolkit.form.layout import COVER_LABELS, DECLARATION_LABEL, REMARKS_LABEL, Layout, TablePlan
from toolkit.form.model import Form, Key
from toolkit.form.stamp import parse_stamp
from toolkit.workbook.addresses import split_address
from toolkit.workbook.directory import Spot
from toolkit.workbook.labels import forms_of, normal
from toolkit.workbook.sheets import Sheet

Place = tuple[int, int]

_EXPLANATION_AFTER = 4


def find_by_labels(form: Form, layout: Layout, sheets: Iterable[Sheet]) -> dict[str, Spot]:
    """Where the cells of a form's names stand in some sheets, as far as labels tell."""
    grids = [_Grid(sheet) for sheet in sheets]
    found: dict[str, Spot] = {}
    for plan in layout.tables:
        best = max(((_cells(plan, grid), grid) for grid in grids), key=lambda each: len(each[0]), default=None)
        if best is not None and best[0]:
            cells, grid = best
            found |= {str(key): grid.spot(place) for key, place in cells.items()}
            found |= _beside(grid, {DECLARATION_LABEL: f"{plan.table.name}.blanks_are_zero"})
            found |= _beside(grid, {REMARKS_LABEL: f"{plan.table.name}.remarks"})
    for grid in grids:
        found |= _texts(form, grid)
    return found


def find_code(sheets: Iterable[Sheet]) -> Spot | None:
    """The one cell that holds a valid form code; None where there is none, or several that differ."""
    spots = {
        content.text.strip(): (sheet.name, cell)
        for sheet in sheets
        for cell, content in sheet.cells.items()
        if content.kind is Kind.TEXT and len(content.text) < 80 and parse_stamp(content.text) is not None
    }
    return next(iter(spots.values())) if len(spots) == 1 else None


class _Grid:
    """One sheet's texts, by what they say."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.places: dict[str, list[Place]] = defaultdict(list)
        self.filled: dict[Place, str] = {}
        for cell, content in sheet.cells.items():
            place, text = split_address(cell), normal(content.text)
            self.filled[place] = text
            if content.kind is Kind.TEXT:
                self.places[text].append(place)

    def spot(self, place: Place) -> Spot:
        return self.sheet.name, f"{column_name(place[0] - 1)}{place[1]}"

    def all_of(self, forms: Iterable[str]) -> list[Place]:
        return [place for form in forms for place in self.places.get(form, ())]

    def right_of(self, place: Place, known: frozenset[str]) -> Place | None:
        """The first filled cell to the right, where it is no label itself."""
        column, row = place
        after = sorted(other for other in self.filled if other[1] == row and other[0] > column)
        return after[0] if after and self.filled[after[0]] not in known else None


def _cells(plan: TablePlan, grid: _Grid) -> dict[Key, Place]:
    """The cells of one table on one sheet."""
    rows = {key: grid.all_of(forms_of(labels[0])) for key, labels in plan.headings.items()}
    columns = {key: grid.all_of(forms_of(labels[1])) for key, labels in plan.headings.items()}
    locate = _side_by_side if plan.table.side_by_side else _crossing
    row_starts = sorted({place for places in rows.values() for place in places})
    located = {
        key: place
        for key in plan.cells
        if len(rows[key]) == 1 and (place := locate(rows[key][0], columns[key], row_starts)) is not None
    }
    return located if len(set(located.values())) == len(located) else {}


def _crossing(row: Place, columns: list[Place], _: list[Place]) -> Place | None:
    """Where a row's line meets the nearest of a column's labels above it."""
    above = [place for place in columns if place[1] < row[1] and place[0] > row[0]]
    if not above:
        return None
    nearest = max(place[1] for place in above)
    at_nearest = [place for place in above if place[1] == nearest]
    return (at_nearest[0][0], row[1]) if len(at_nearest) == 1 else None


def _side_by_side(row: Place, columns: list[Place], row_starts: list[Place]) -> Place | None:
    """The cell under a column's label, under the row's own label: left of where the next row's label starts."""
    end = min((place[0] for place in row_starts if place[0] > row[0]), default=10**6)
    under = [place for place in columns if place[1] > row[1] and row[0] <= place[0] < end]
    return (under[0][0], under[0][1] + 1) if len(under) == 1 else None


def _beside(grid: _Grid, labels: Mapping[str, str]) -> dict[str, Spot]:
    """Named cells to the right of their labels; a label that stands twice, or has nothing beside it, names none."""
    known = frozenset(map(normal, labels))
    found = {}
    for label, name in labels.items():
        places = grid.places.get(normal(label), [])
        right = grid.right_of(places[0], known) if len(places) == 1 else None
        if right is not None:
            found[name] = grid.spot(right)
    return found


def _texts(form: Form, grid: _Grid) -> dict[str, Spot]:
    """The cells of the cover, the prose and the explanations that stand on one sheet."""
    found = dict(_narratives(form, grid)) | dict(_explanations(form, grid))
    if all(normal(label) in grid.places for label in COVER_LABELS.values()):
        people = {field.label: f"people.{field.name}" for field in form.people}
        found |= _beside(grid, {label: name for name, label in COVER_LABELS.items()} | people)
    return found


def _narratives(form: Form, grid: _Grid) -> Iterator[tuple[str, Spot]]:
    for field in form.narratives:
        places = grid.places.get(normal(field.label), [])
        if len(places) == 1:
            yield f"narrative.{field.name}", grid.spot((places[0][0], places[0][1] + 1))


def _explanations(form: Form, grid: _Grid) -> Iterator[tuple[str, Spot]]:
    for rule in form.rules:
        for column, row in grid.places.get(normal(rule.title), []) if rule.explainable else []:
            if grid.filled.get((column + 1, row)) == normal(rule.sentence):
                yield f"explain.{rule.id}", grid.spot((column + _EXPLANATION_AFTER, row))
