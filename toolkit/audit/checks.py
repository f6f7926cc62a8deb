"""Rules applied: form -> every check on cells, the computed cells in an order to compute them in, verdicts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from toolkit.form.equation import Operator, Term
from toolkit.form.model import Axis, Form, Item, Key, Rule, Table
from toolkit.form.ruling import blocks_of

Terms = tuple[tuple[int, Key], ...]
Values = Mapping[Key, Decimal | None]

_ZERO = Decimal(0)
_NOTHING: Values = {}


@dataclass(frozen=True, slots=True)
class Check:
    """One rule on one row or column: two sums of signed cells and the comparison between them.

    `along` is the name of that row or column; differences count to `decimals` places.
    """

    rule: Rule
    along: Item
    left: Terms
    op: Operator
    right: Terms
    decimals: int

    @property
    def keys(self) -> tuple[Key, ...]:
        return tuple(key for _, key in (*self.left, *self.right))


class Verdict(StrEnum):
    """Whether a check holds; `open` where it touches a blank."""

    HOLDS = "holds"
    BROKEN = "broken"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A check's verdict and the two sums; both None where it is open."""

    check: Check
    verdict: Verdict
    left: Decimal | None = None
    right: Decimal | None = None

    @property
    def difference(self) -> Decimal:
        """Left minus right, 0 where open."""
        return (self.left or _ZERO) - (self.right or _ZERO)


@dataclass(frozen=True, slots=True)
class Cell:
    """What is declared of one cell: its row, its column, how many decimals it takes."""

    row: Item
    column: Item
    decimals: int

    @property
    def label(self) -> str:
        """How messages call it: its row and its column, `一、本年新收·自然人`."""
        return f"{self.row.short}·{self.column.short}"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A form with its rules applied.

    `cells` are all cells in printed order, `typed` those that are filled in, `computed` the others with the check that
    defines each, in an order in which they can be computed; `checks` are all checks, in the rules' order; `by_rule` are
    the same by rule id; `prior` are last year's cells that some rule asks for.
    """

    form: Form
    cells: Mapping[Key, Cell]
    checks: tuple[Check, ...]
    typed: tuple[Key, ...]
    computed: Mapping[Key, Check]
    by_rule: Mapping[str, tuple[Check, ...]]
    prior: tuple[Key, ...]

    def typed_in(self, table: str) -> tuple[Key, ...]:
        """The typed cells of one table, in printed order."""
        return tuple(key for key in self.typed if key.table == table)

    def checks_of(self, rule: Rule) -> tuple[Check, ...]:
        """The checks of one rule, in printed order."""
        return self.by_rule[rule.id]

    def needs_prior(self, rule: Rule) -> bool:
        """Whether a rule asks for last year's figures."""
        return any(key.is_prior for check in self.by_rule[rule.id] for key in check.keys)


def expand(form: Form) -> Rulebook:
    """The form's rulebook."""
    cells = {
        key: Cell(row, column, max(row.decimals, column.decimals))
        for table in form.tables
        for key, row, column in table.cells()
    }
    by_rule = {rule.id: tuple(_applied(rule, form.table(rule.table), cells)) for rule in form.rules}
    checks = tuple(check for rule in form.rules for check in by_rule[rule.id])
    defining: dict[Key, Check] = {}
    for check in checks:
        if check.rule.computes:
            defining.setdefault(check.left[0][1], check)
    typed = tuple(key for key in cells if key not in defining)
    prior = tuple(dict.fromkeys(key for check in checks for key in check.keys if key.is_prior))
    return Rulebook(form, cells, checks, typed, _in_order(defining), by_rule, prior)


def compute(book: Rulebook, typed: Values, over: Values = _NOTHING) -> dict[Key, Decimal | None]:
    """All cells of the form from its typed ones; a computed cell is None where it rests on a blank. `over` are numbers
    typed over computed cells, which others are then computed from, as a sheet does."""
    values = dict.fromkeys(book.cells, None) | {key: typed.get(key) for key in book.typed}
    for key, check in book.computed.items():
        values[key] = over[key] if key in over else _sum(check.right, values)
    return values


def judge(check: Check, values: Values) -> Outcome:
    """The verdict of one check on figures."""
    left, right = _sum(check.left, values), _sum(check.right, values)
    if left is None or right is None:
        return Outcome(check, Verdict.OPEN)
    holds = {"=": left == right, "<=": left <= right, ">=": left >= right}[check.op]
    return Outcome(check, Verdict.HOLDS if holds else Verdict.BROKEN, left, right)


def _sum(terms: Terms, values: Values) -> Decimal | None:
    total = _ZERO
    for sign, key in terms:
        value = values.get(key)
        if value is None:
            return None
        total += value if sign > 0 else -value
    return total


def _applied(rule: Rule, table: Table, cells: Mapping[Key, Cell]) -> Iterator[Check]:
    for _, named, along in blocks_of(rule, table):
        for lane in along.items:
            left = tuple(_terms(rule, rule.equation.left, named, lane))
            right = tuple(_terms(rule, rule.equation.right, named, lane))
            decimals = max(cells[key.current].decimals for _, key in (*left, *right))
            yield Check(rule, lane, left, rule.equation.op, right, decimals)


def _terms(rule: Rule, terms: tuple[Term, ...], named: Axis, lane: Item) -> Iterator[tuple[int, Key]]:
    for term in terms:
        for item in named.run(term.first, term.last):
            row, column = (item.name, lane.name) if rule.each == "column" else (lane.name, item.name)
            key = Key(rule.table, row, column)
            yield term.sign, key.prior if term.prior else key


def _in_order(defining: dict[Key, Check]) -> dict[Key, Check]:
    """Computed cells with those they rest on before them; the definition was checked to have no circle."""
    ordered: dict[Key, Check] = {}

    def place(key: Key) -> None:
        if key in defining and key not in ordered:
            for _, summand in defining[key].right:
                place(summand)
            ordered[key] = defining[key]

    for key in defining:
        place(key)
    return ordered
