"""The form as data: what a definition declares, and nothing that knows about files, sheets or arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from toolkit.form.equation import Equation
from toolkit.problems import Severity

PRIOR = "prior."


class Key(NamedTuple):
    """A cell's identity: names, never an address. Its text, `table.row.column`, is the cell's defined name.

    A plain tuple, because a workbook's audit looks some thousands of them up.
    """

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.row}.{self.column}"

    @property
    def prior(self) -> "Key":
        """The same cell of last year's report."""
        return Key(PRIOR + self.table, self.row, self.column)

    @property
    def is_prior(self) -> bool:
        return self.table.startswith(PRIOR)

    @property
    def current(self) -> "Key":
        """The cell of this year that a prior key speaks of; a key of this year is its own."""
        return Key(self.table.removeprefix(PRIOR), self.row, self.column)


@dataclass(frozen=True, slots=True)
class Item:
    """One row or column: its name in keys, its printed label, a short label for messages, labels seen in real files.

    `decimals` is how many places its figures may have; 0 makes them counts. `reserved` is the heading of a 是/否 column
    of the roster: only agencies that say 是 there are expected to have figures in it; empty where all may.
    """

    name: str
    label: str
    short: str
    aliases: tuple[str, ...] = ()
    decimals: int = 0
    reserved: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A printed heading over the items `first`..`last` (indexes, both included). An outer group is declared first."""

    label: str
    first: int
    last: int
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """The rows or the columns of a block, in printed order."""

    items: tuple[Item, ...]
    groups: tuple[Group, ...] = ()

    def index(self, name: str) -> int | None:
        """Where the item of this name stands; None where there is none."""
        return next((at for at, item in enumerate(self.items) if item.name == name), None)

    def run(self, first: str, last: str | None) -> tuple[Item, ...]:
        """The items from `first` to `last` in printed order; `first` alone where `last` is None."""
        start, end = self.index(first), self.index(last or first)
        return () if start is None or end is None else self.items[start : end + 1]

    def over(self, index: int) -> tuple[Group, ...]:
        """The groups above one item, outermost first."""
        return tuple(group for group in self.groups if group.first <= index <= group.last)

    @property
    def depth(self) -> int:
        """How many levels of headings the axis prints: its deepest item's groups, and the item itself."""
        return 1 + max(len(self.over(index)) for index in range(len(self.items)))


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of cells under one heading; a table is one block or several, one below the other."""

    title: str
    corner: str
    rows: Axis
    columns: Axis


@dataclass(frozen=True, slots=True)
class Table:
    """One printed table. `side_by_side` prints its rows next to each other, as one line of cells.

    `short` is how messages call it; `label_widths` (outermost level first) and `data_width` are column widths in
    characters of the template's sheet.
    """

    name: str
    title: str
    sheet: str
    short: str
    blocks: tuple[Block, ...]
    side_by_side: bool
    label_widths: tuple[int, ...]
    data_width: int
    line: int = 0

    def cells(self) -> Iterator[tuple[Key, Item, Item]]:
        """Every cell with its row and its column, in printed order."""
        for block in self.blocks:
            for row in block.rows.items:
                for column in block.columns.items:
                    yield Key(self.name, row.name, column.name), row, column


@dataclass(frozen=True, slots=True)
class Rule:
    """One declared relation between cells, applied along `each` row or column of its table.

    A rule that `computes` defines the single cell on its left. An `explainable` one has a cell for the agency's
    explanation, which turns an error into a warning.
    """

    id: str
    table: str
    each: Literal["row", "column"]
    equation: Equation
    severity: Severity
    title: str
    sentence: str
    hint: str
    computes: bool = False
    explainable: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A named text cell: a prose section or one of the people who sign."""

    name: str
    label: str
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, or one series of bars: its label and the cells that are added up in it."""

    label: str
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of a summary's figures. Along it stand its `bars`; or the agencies, the `most` with the largest sums of
    all bars; or the years, where earlier ones are known. Bars that are `parts` of a whole show their shares."""

    id: str
    title: str
    by: Literal["bar", "agency", "year"]
    bars: tuple[Bar, ...]
    most: int = 15
    parts: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that prose may say of the figures: the wordings it is said in, and sums of cells, any of which the
    number may equal. A wording without a number says zero."""

    says: tuple[str, ...]
    equals: tuple[tuple[Key, ...], ...]

    @property
    def table(self) -> str:
        """The name of the table it speaks of."""
        return self.equals[0][0].table


@dataclass(frozen=True, slots=True)
class Prose:
    """How prose is understood: its claims; `leads`, what may stand before one in its clause; what makes a claim no
    longer certain, `unless` in the heading of its paragraph, `unless_after` behind it."""

    claims: tuple[Claim, ...]
    leads: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    unless_after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One declared form. `code` and `version` are printed in every workbook's form code; `sentences` are the text of a
    summary as declared, with its placeholders."""

    id: str
    code: str
    version: int
    title: str
    authority: str
    first_year: int
    tables: tuple[Table, ...]
    rules: tuple[Rule, ...]
    narratives: tuple[Field, ...]
    people: tuple[Field, ...]
    instructions: tuple[str, ...]
    charts: tuple[Chart, ...] = ()
    sentences: str = ""
    prose: tuple[Prose, ...] = ()

    @property
    def reserves(self) -> tuple[str, ...]:
        """The 是/否 columns of a roster that some cell is reserved by."""
        items = (item for table in self.tables for _, *pair in table.cells() for item in pair)
        return tuple(dict.fromkeys(item.reserved for item in items if item.reserved))

    def table(self, name: str) -> Table:
        """The table of this name; KeyError where there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def rule(self, rule_id: str) -> Rule:
        """The rule of this id; KeyError where there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)
