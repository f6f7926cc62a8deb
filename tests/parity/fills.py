"""Random fills of a form, what Python makes of them, and what LibreOffice shows for them, cell by cell.

Python's side starts from the raw fill and never sees LibreOffice's numbers.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import openpyxl

from tests.office import LibreOffice, Put, Value
from toolkit.audit.checks import compute, judge
from toolkit.audit.formulas import verdict_words
from toolkit.audit.numbers import EMPTY, Content, Figure, Kind, understand
from toolkit.form.area import Area
from toolkit.form.model import Key
from toolkit.workbook.known import Known

Raw = int | float | str | None
Place = tuple[str, int, int]

_NUMBER = re.compile(r"[+-]?\d+")


@dataclass(frozen=True, slots=True)
class Fill:
    """What is put into one workbook: figures as typed, a declaration a table, last year's figures, explanations."""

    typed: Mapping[Key, Raw]
    declared: Mapping[str, str] = field(default_factory=dict)
    prior: Mapping[Key, Raw] = field(default_factory=dict)
    explained: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parity:
    """How many cells were compared, a line for each that differs, and what words came up, with n for numbers."""

    compared: int
    differing: tuple[str, ...]
    words: frozenset[str]


def compare(
    office: LibreOffice, path: Path, known: Known, fills: Sequence[Fill], *, only: tuple[str, ...] = ("",)
) -> Parity:
    """Every verdict and computed cell of a workbook under every fill, in LibreOffice and in Python.

    `only` limits it to places that start so, such as "counts".
    """
    places = _places(path, known)
    windows = _windows(places.values())
    ranges = [f"{window.sheet}!{window.range}" for window in windows.values()]
    with office.open(path) as book:
        clear = [_at(known, key) for key in known.book.typed]
        clear += [f"{table.name}.blanks_are_zero" for table in known.book.form.tables]
        clear += [f"explain.{rule.id}" for rule in known.book.form.rules if rule.explainable]
        results = book.batch([_puts(known, fill) for fill in fills], clear, ranges)
    compared, differing, words_met = 0, list[str](), set[str]()
    for index, (fill, rows) in enumerate(zip(fills, results, strict=True)):
        seen = dict(zip(windows, rows, strict=True))
        wanted = {place: words for place, words in expected(known, fill).items() if place.startswith(only)}
        for place, words in wanted.items():
            sheet, row, column = places[place]
            found = seen[sheet][row - windows[sheet].top][column - windows[sheet].left]
            compared += 1
            words_met.add(_NUMBER.sub("n", words) if isinstance(words, str) else "n")
            if not _same(words, found):
                differing.append(f"fill {index}, {place}: LibreOffice {found!r}, Python {words!r}")
    return Parity(compared, tuple(differing), frozenset(words_met))


def expected(known: Known, fill: Fill) -> dict[str, Decimal | str]:
    """What every live cell must show: place -> words or figure."""
    book = known.book
    typed = {key: _understood(known, key, fill.typed.get(key)) for key in book.typed}
    last = {key: _understood(known, key, raw).value for key, raw in fill.prior.items()}
    settled = {key: _settled(fill, key, figure) for key, figure in typed.items()}
    values = {**compute(book, settled), **last}
    shown: dict[str, Decimal | str] = {}
    for key in book.computed:
        value = values[key]
        shown[f"computed {key}"] = "" if value is None else value
    for check in book.checks:
        words = verdict_words(judge(check, values), values)
        shown[f"check {check.rule.id} {check.along.name}"] = words
        if (check.rule.id, check.along.name) in known.layout.plan(check.rule.table).verdicts:
            shown[f"verdict {check.rule.id} {check.along.name}"] = words
    for table in book.form.tables:
        words = _counts(known, fill, table.name, typed)
        shown[f"counts {table.name}"] = shown[f"line {table.name}"] = words
    shown["heading counts"] = _heading([shown[f"line {table.name}"] for table in book.form.tables])
    for rule in book.form.rules:
        lines = [shown[f"check {rule.id} {check.along.name}"] for check in book.checks_of(rule)]
        shown[f"heading {rule.id}"] = _heading(lines)
    return {**shown, "cover": _overall(known, fill, shown)}


def official_fills(known: Known, seed: int, count: int, prior: Sequence[Key]) -> Iterator[Fill]:
    """Fills an agency might make, right and wrong, with last year's figures for the keys given."""
    dice = random.Random(seed)
    for _ in range(count):
        figures = _drawn(known, dice, prior)
        declared = {table.name: dice.choice(("是", "否", "")) for table in known.book.form.tables}
        holes = {table.name: dice.choice((0.0, 0.0, 0.02, 0.3, 1.0)) for table in known.book.form.tables}
        typed = {
            key: _typed(dice, value)
            for key in known.book.typed
            if (value := figures[key]) is not None and dice.random() >= holes[key.table]
        }
        explained = {"requests.carry_over": dice.choice(("", "机构合并"))}
        yield Fill(typed, declared, {key: figures[key] for key in prior}, explained)


def wrong_fills(known: Known, seed: int, count: int) -> Iterator[Fill]:
    """Fills with negative figures, fractions, dashes and remarks among sound ones."""
    dice = random.Random(seed)
    wrong: tuple[Raw, ...] = (-1, -3, 1.5, 0.5, -0.25, 1e-7, "-2", "1.5", "/", "—", "无", "abc", 2.0000001)
    for fill in official_fills(known, seed, count, ()):
        share = dice.choice((0.01, 0.1, 0.5))
        spoilt = {key: dice.choice(wrong) for key in known.book.typed if dice.random() < share}
        yield Fill({**fill.typed, **spoilt}, fill.declared)


def _drawn(known: Known, dice: random.Random, prior: Sequence[Key]) -> dict[Key, Raw]:
    """Figures of one kind of year, then nudged towards balance."""
    kind = dice.choice(("zero", "sparse", "busy", "balanced", "nearly", "nearly"))
    figures: dict[Key, Raw] = {}
    for key in (*known.book.typed, *prior):
        figures[key] = 0 if kind == "zero" else _figure(dice, 0.9 if kind == "sparse" else 0.3)
    figures[Key("proactive", "admin_fees", "amount_wan_yuan")] = _fee(dice)
    if kind in ("balanced", "nearly"):
        _balance(known, figures)
        if kind == "nearly":
            for key in dice.sample(known.book.typed, dice.randint(1, 3)):
                figures[key] = max(0, _number(figures[key]) + dice.choice((-1, 1)))
    return figures


def _balance(known: Known, figures: dict[Key, Raw]) -> None:
    """Make last year's figures, the intake and the documents in force agree with the rest."""
    columns = [key.column for key in known.book.typed if (key.table, key.row) == ("requests", "new_received")]
    for column in columns:
        last = Key("requests", "carried_forward", column).prior
        carried = figures.get(last, figures[Key("requests", "carried_in", column)])
        rows = [key for key in known.book.typed if key.table == "requests" and key.column == column]
        ways = sum(_number(figures[key]) for key in rows if key.row not in ("new_received", "carried_in"))
        figures[Key("requests", "carried_in", column)] = carried
        figures[Key("requests", "new_received", column)] = max(0, ways - _number(carried))
    total = Key("requests", "carried_forward", "total").prior
    if total in figures:
        figures[total] = sum(_number(figures[Key("requests", "carried_in", column)]) for column in columns)
    for row in ("gov_rules", "normative_documents"):
        issued, repealed, in_force = (Key("proactive", row, name) for name in ("issued", "repealed", "in_force"))
        before = figures.get(in_force.prior, 50)
        figures[in_force] = max(0, _number(before) + _number(figures[issued]) - _number(figures[repealed]))


def _figure(dice: random.Random, idle: float) -> int:
    return 0 if dice.random() < idle else dice.choice((1, 2, dice.randint(3, 99), dice.randint(100, 99_999)))


def _fee(dice: random.Random) -> float:
    noise = (0.1 + 0.2, 0.1 * 3, 1.1 + 2.2, 0.7 - 0.4)
    drawn = round(dice.uniform(0, 9_999), dice.randint(0, 6))
    return dice.choice((0.0, 0.000001, 0.3, drawn, drawn, dice.choice(noise)))


def _number(raw: Raw) -> int:
    return int(raw) if isinstance(raw, int | float) else 0


def _typed(dice: random.Random, value: Raw) -> Raw:
    return str(value) if isinstance(value, int) and dice.random() < 0.03 else value


def _understood(known: Known, key: Key, raw: Raw) -> Figure:
    decimals = known.book.cells[key.current].decimals
    if raw is None:
        return understand(EMPTY, decimals)
    kind = Kind.TEXT if isinstance(raw, str) else Kind.NUMBER
    return understand(Content(kind, str(raw)), decimals)


def _settled(fill: Fill, key: Key, figure: Figure) -> Decimal | None:
    if figure.code is not None:
        return None
    return Decimal(0) if figure.value is None and fill.declared.get(key.table) == "是" else figure.value


def _counts(known: Known, fill: Fill, table: str, typed: Mapping[Key, Figure]) -> str:
    figures = [figure for key, figure in typed.items() if key.table == table]
    bad = sum(figure.code is not None for figure in figures)
    blank = sum(figure.code is None and figure.value is None for figure in figures)
    if bad:
        return f"有误 {bad} 格"
    return f"待填 {blank} 格" if blank and fill.declared.get(table) != "是" else "符合"


def _heading(lines: Sequence[Decimal | str]) -> str:
    bad = sum(str(words).startswith(("差", "有误")) for words in lines)
    waiting = sum(str(words).startswith("待填") for words in lines)
    if bad:
        return f"不符 {bad} 处"
    if waiting:
        return f"待填 {waiting} 处"
    return "无上年数" if all(words == "无上年数" for words in lines) else "相符"


def _overall(known: Known, fill: Fill, shown: Mapping[str, Decimal | str]) -> str:
    """The cover's words, told from the lines of the sheet of checks as the form's rules rank them."""
    ranks = {rule.id: str(rule.severity) for rule in known.book.form.rules}
    ranks |= {rule_id: "warning" for rule_id, text in fill.explained.items() if text}
    errors = warnings = waiting = 0
    for place, words in shown.items():
        kind, name, *_ = place.split()
        if kind in ("line", "check") and isinstance(words, str):
            bad = words.startswith(("差", "有误"))
            waiting += words.startswith("待填")
            errors += bad and ranks.get(name, "error") == "error"
            warnings += bad and ranks.get(name, "error") == "warning"
    if errors:
        return f"有 {errors} 处错误，请按“核对”页改正"
    if waiting:
        return f"尚有 {waiting} 处待填"
    return f"相符，另有 {warnings} 处请核对或说明" if warnings else "全部相符，可以报送"


def _same(wanted: Decimal | str, found: Value) -> bool:
    if isinstance(wanted, str):
        return wanted == found
    return isinstance(found, float) and abs(found - float(wanted)) < 1e-9


def _at(known: Known, key: Key) -> str:
    area = known.layout.cells[key]
    return f"{area.sheet}!{area.cell}"


def _puts(known: Known, fill: Fill) -> dict[str, Put]:
    puts: dict[str, Put] = {_at(known, key): raw for key, raw in fill.typed.items()}
    puts |= {_at(known, key): raw for key, raw in fill.prior.items()}
    puts |= {f"{table}.blanks_are_zero": word for table, word in fill.declared.items()}
    return puts | {f"explain.{rule_id}": text for rule_id, text in fill.explained.items()}


def _places(path: Path, known: Known) -> dict[str, Place]:
    """Where each compared cell is, as sheet, row and column from 0: found by what is printed beside it."""
    book = openpyxl.load_workbook(path)
    lines = book["核对"]
    called = {lines.cell(row, 2).value: row - 1 for row in range(4, lines.max_row + 1)}
    assert len(called) == lines.max_row - 3
    conclusion = next(row for row in range(30) if book["封面"].cell(row + 1, 1).value == "填报结论")
    places: dict[str, Place] = {"cover": ("封面", conclusion, 1), "heading counts": ("核对", 3, 3)}
    for rule in known.book.form.rules:
        places[f"heading {rule.id}"] = ("核对", called[rule.sentence], 3)
    for key in known.book.computed:
        area = known.layout.cells[key]
        places[f"computed {key}"] = (area.sheet, area.top, area.left)
    for check in known.book.checks:
        name = f"{check.rule.id} {check.along.name}"
        places[f"check {name}"] = ("核对", called[f"{check.rule.title}·{check.along.short}"], 3)
    for plan in known.layout.tables:
        assert plan.counts is not None
        places[f"counts {plan.table.name}"] = (plan.sheet, plan.counts.top, plan.counts.left)
        places[f"line {plan.table.name}"] = ("核对", called[plan.table.short], 3)
        for (rule_id, along), area in plan.verdicts.items():
            places[f"verdict {rule_id} {along}"] = (area.sheet, area.top, area.left)
    return places


def _windows(places: Iterable[Place]) -> dict[str, Area]:
    """For each sheet the rectangle around its places."""
    windows: dict[str, Area] = {}
    for sheet, row, column in places:
        at = windows.get(sheet, Area(sheet, row, column, row, column))
        around = min(at.top, row), min(at.left, column), max(at.bottom, row), max(at.right, column)
        windows[sheet] = Area(sheet, *around)
    return windows
