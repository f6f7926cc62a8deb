"""A form that workbooks may be of, made ready for reading and writing any number of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toolkit.audit.checks import Rulebook, expand
from toolkit.form.layout import Layout, template_layout
from toolkit.form.model import Form, Key
from toolkit.workbook.directory import Spot
from toolkit.workbook.issued import IssuedTable, as_issued, together


@dataclass(frozen=True, slots=True)
class Known:
    """A form that workbooks may be of: its rulebook, its template's layout, every name its workbooks carry, its tables
    as they are issued, where all their cells stand then, and the typed ones by sheet and cell."""

    book: Rulebook
    layout: Layout
    names: frozenset[str]
    tables: tuple[IssuedTable, ...]
    spots: Mapping[Key, Spot]
    typed: Mapping[str, Mapping[str, Sequence[Key]]]


def know(form: Form) -> Known:
    """A form, made ready for reading any number of its workbooks."""
    book, layout = expand(form), template_layout(form)
    names = {str(key) for key in layout.cells} | set(text_names(form))
    tables = tuple(as_issued(plan, book) for plan in layout.tables)
    spots = together(tables)
    return Known(book, layout, frozenset(names), tables, spots, by_cell({key: spots[key] for key in book.typed}))


def text_names(form: Form) -> tuple[str, ...]:
    """The names of all cells that are no figures."""
    return (
        "agency.name", "agency.code", "report.year", "form.code",
        *(f"people.{field.name}" for field in form.people),
        *(f"{table.name}.{part}" for table in form.tables for part in ("blanks_are_zero", "remarks")),
        *(f"narrative.{field.name}" for field in form.narratives),
        *(f"explain.{rule.id}" for rule in form.rules if rule.explainable),
    )  # fmt: skip


def by_cell(spots: Mapping[Key, Spot]) -> Mapping[str, Mapping[str, Sequence[Key]]]:
    """The keys at each cell of each sheet."""
    found: dict[str, dict[str, list[Key]]] = defaultdict(lambda: defaultdict(list))
    for key, (sheet, cell) in spots.items():
        found[sheet][cell].append(key)
    return found
