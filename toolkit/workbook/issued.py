"""A table as it is issued, ready to be compared with any number of workbooks that come back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from toolkit.audit.checks import Rulebook
from toolkit.form.layout import TablePlan
from toolkit.form.model import Key
from toolkit.workbook.directory import Spot
from toolkit.workbook.labels import forms_of, normal
from toolkit.workbook.sheets import Sheet


@dataclass(frozen=True, slots=True)
class IssuedTable:
    """A table's plan; where its names point, by name and by key, last year's figures too; its cells by key; the typed
    ones with the decimals they take; its row and column labels: cell, text, every wording as it compares."""

    plan: TablePlan
    names: Mapping[str, Spot]
    spots: Mapping[Key, Spot]
    cells: Mapping[Key, str]
    typed: tuple[tuple[Key, str, int], ...]
    labels: tuple[tuple[str, str, frozenset[str]], ...]

    def is_named_as_issued(self, names: Mapping[str, Spot]) -> bool:
        """Whether every name points where it was issued: the usual case, told at once."""
        return self.names.items() <= names.items()

    def are_labels_in_place(self, sheet: Sheet) -> bool:
        """Whether every row and column label stands where it was issued."""
        found = sheet.cells
        return all(
            (content := found.get(cell)) is not None and (content.text == text or normal(content.text) in forms)
            for cell, text, forms in self.labels
        )


def as_issued(plan: TablePlan, book: Rulebook) -> IssuedTable:
    """The table of a plan."""
    spots = {key: (area.sheet, area.cell) for key, area in (*plan.cells.items(), *plan.prior.items())}
    labels = tuple(
        (label.area.cell, label.text, forms_of(label)) for label in plan.labels if label.kind in ("row", "column")
    )
    cells = {key: area.cell for key, area in plan.cells.items()}
    typed = tuple((key, cells[key], book.cells[key].decimals) for key in book.typed if key in cells)
    return IssuedTable(plan, {str(key): spot for key, spot in spots.items()}, spots, cells, typed, labels)


def together(tables: Iterable[IssuedTable]) -> dict[Key, Spot]:
    """Where all cells of some tables stand."""
    return {key: spot for table in tables for key, spot in table.spots.items()}
