"""What each cell of a form is, in words: its labels and the headings over them, its sum, the rules that speak of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolkit.audit.checks import Rulebook, Terms
from toolkit.form.model import Axis, Key

APART = " › "


@dataclass(frozen=True, slots=True)
class Described:
    """One cell: the printed labels of its table, block, row and column, headings outermost first; `sum_of` is the sum
    that defines a computed one, empty where it is typed; `rules` are the ids of this year's rules on it."""

    key: Key
    table: str
    block: str
    row_groups: tuple[str, ...]
    row: str
    column_groups: tuple[str, ...]
    column: str
    decimals: int
    sum_of: str
    rules: tuple[str, ...]

    @property
    def label(self) -> str:
        """All of its labels in one line."""
        row, column = APART.join((*self.row_groups, self.row)), APART.join((*self.column_groups, self.column))
        return "，".join(filter(None, (self.table, self.block, row, column)))


def describe(book: Rulebook) -> Iterator[Described]:
    """Every cell of a form, in printed order."""
    rules = _rules(book)
    for table in book.form.tables:
        for block in table.blocks:
            for row, down in enumerate(block.rows.items):
                for column, across in enumerate(block.columns.items):
                    key = Key(table.name, down.name, across.name)
                    yield Described(
                        key=key,
                        table=table.title,
                        block=block.title,
                        row_groups=_over(block.rows, row),
                        row=down.label,
                        column_groups=_over(block.columns, column),
                        column=across.label,
                        decimals=book.cells[key].decimals,
                        sum_of=_sum(book.computed[key].right) if key in book.computed else "",
                        rules=tuple(rules.get(key, ())),
                    )


def _over(axis: Axis, index: int) -> tuple[str, ...]:
    return tuple(group.label for group in axis.over(index))


def _sum(terms: Terms) -> str:
    """`a.b.c + a.b.d - a.b.e`."""
    text = " ".join(f"{'+' if sign > 0 else '-'} {key}" for sign, key in terms)
    return text.removeprefix("+ ")


def _rules(book: Rulebook) -> Mapping[Key, dict[str, None]]:
    found: dict[Key, dict[str, None]] = {}
    for check in book.checks:
        for key in check.keys:
            found.setdefault(key, {})[check.rule.id] = None
    return found
