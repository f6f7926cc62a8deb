"""Good workbooks changed at random, each change told by its number: the same number is the same mutant."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from tests.intake import alter
from tests.official import AGENCY, ALL_ZERO, official
from toolkit.form.model import Key
from toolkit.workbook.template import Filling, Issue, template_bytes

PARTS = (
    "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml", "xl/worksheets/sheet4.xml", "xl/worksheets/sheet1.xml",
    "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml",
)  # fmt: skip
SHEETS = PARTS[:4]
TYPES = ("", ' t="n"', ' t="s"', ' t="str"', ' t="b"', ' t="e"', ' t="d"', ' t="inlineStr"', ' t="x"')
VALUES = (
    "", "0", "7", "-7", "7.5", "1e3", "1e999", "nan", "0x10", "1_000", "99999999999999999999", "七", "7件", " 7",
    "１２", "2025-01-01", "TRUE", "#REF!", "&lt;", "0.1", "12,345", "1,2", "7\n", "=1+1", "_x0037_",
)  # fmt: skip
ELEMENT = re.compile(r"<([\w:]+)\b[^<>]*?(?:/>|>[^<>]*</\1>|>(?:<[^<>]+>[^<>]*){0,12}?</\1>)")
CELL = re.compile(r'<c r="([A-Z]+\d+)"( s="\d+")?[^>/]*(?:/>|>.*?</c>)')


@dataclass(frozen=True, slots=True)
class Base:
    """A good workbook: its bytes, its members, its typed figures and where they stand."""

    data: bytes
    parts: Mapping[str, bytes]
    figures: Mapping[Key, Decimal]
    spots: Mapping[Key, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed workbook; `touched` is the one place (sheet part, cell) a cell-level change was made at."""

    kind: str
    data: bytes
    base: Base
    touched: tuple[str, str] | None = None


@cache
def bases() -> tuple[Base, ...]:
    """One workbook with a different figure in every typed cell, one the same and declared, two with a few figures."""
    typed = official().book.typed
    every = {key: Decimal(1000 + 7 * at) for at, key in enumerate(typed)}
    few = {key: Decimal(100 + at) for at, key in enumerate(typed) if at % 9 == 0}
    return tuple(
        _base(figures, declared)
        for figures, declared in ((every, ()), (every, ALL_ZERO), (few, ALL_ZERO), (few, ALL_ZERO[1:]))
    )


def _base(figures: Mapping[Key, Decimal], declared: tuple[str, ...]) -> Base:
    data = template_bytes(official(), Issue(AGENCY, 2025), Filling(figures, declared))
    return Base(data, alter.members(data), figures, {key: alter.spot_of(data, str(key)) for key in figures})


def mutant(number: int) -> Mutant:
    """The mutant of this number."""
    dice = random.Random(number)
    base = dice.choice(bases())
    kind = dice.choice(tuple(_KINDS))
    if kind in _CELL_KINDS:
        return _cell_mutant(kind, base, dice)
    return Mutant(kind, _KINDS[kind](base, dice), base)


def _flipped(data: bytes, dice: random.Random, most: int) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, most)):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _packed(base: Base, **changed: bytes) -> bytes:
    return alter.packed({**base.parts, **changed}, 0)


def _in_zip(base: Base, dice: random.Random) -> bytes:
    return _flipped(base.data, dice, 8)


def _in_part(base: Base, dice: random.Random) -> bytes:
    name = dice.choice(PARTS)
    return _packed(base, **{name: _flipped(base.parts[name], dice, 3)})


def _cut(base: Base, dice: random.Random) -> bytes:
    return base.data[: dice.randrange(len(base.data))]


def _cut_part(base: Base, dice: random.Random) -> bytes:
    name = dice.choice(PARTS)
    return _packed(base, **{name: base.parts[name][: dice.randrange(len(base.parts[name]))]})


def _element(base: Base, dice: random.Random) -> tuple[str, str, re.Match[str]]:
    name = dice.choice(PARTS)
    text = base.parts[name].decode()
    found = ELEMENT.search(text, dice.randrange(len(text))) or ELEMENT.search(text)
    assert found
    return name, text, found


def _deleted(base: Base, dice: random.Random) -> bytes:
    name, text, found = _element(base, dice)
    return _packed(base, **{name: (text[: found.start()] + text[found.end() :]).encode()})


def _doubled(base: Base, dice: random.Random) -> bytes:
    """An element twice, the second one with a digit of its own if the dice say so."""
    name, text, found = _element(base, dice)
    again = found[0] if dice.random() < 0.3 else re.sub(r"\d", lambda _: str(dice.randrange(10)), found[0], count=9)
    return _packed(base, **{name: (text[: found.end()] + again + text[found.end() :]).encode()})


def _moved(base: Base, dice: random.Random) -> bytes:
    """An element taken out and put in at the end of another one."""
    name, text, found = _element(base, dice)
    rest = text[: found.start()] + text[found.end() :]
    at = rest.find(">", dice.randrange(len(rest))) + 1 or len(rest)
    return _packed(base, **{name: (rest[:at] + found[0] + rest[at:]).encode()})


def _swapped(base: Base, dice: random.Random) -> bytes:
    one, other = dice.sample([*PARTS, "docProps/core.xml", "xl/worksheets/sheet5.xml"], 2)
    return _packed(base, **{one: base.parts[other], other: base.parts[one]})


def _cell_mutant(kind: str, base: Base, dice: random.Random) -> Mutant:
    typed = set(base.spots.values())
    name = dice.choice(SHEETS)
    sheet = _titles()[name]
    text = base.parts[name].decode()
    cells = [found for found in CELL.finditer(text) if ((sheet, found[1]) in typed) == (kind == "a typed cell")]
    if not cells:
        return Mutant(kind, base.data, base, (sheet, "A1"))
    found = dice.choice(cells)
    kept, value = found[2] or "", dice.choice(VALUES)
    holder = f"<is><t>{value}</t></is>" if dice.random() < 0.2 else f"<v>{value}</v>"
    formula = "<f>1+1</f>" if dice.random() < 0.2 else ""
    new = f'<c r="{found[1]}"{kept}{dice.choice(TYPES)}>{formula}{holder}</c>'
    changed = (text[: found.start()] + new + text[found.end() :]).encode()
    return Mutant(kind, _packed(base, **{name: changed}), base, (sheet, found[1]))


@cache
def _titles() -> Mapping[str, str]:
    data = bases()[0].data
    titles = re.findall(r'<sheet name="([^"]+)"', bases()[0].parts["xl/workbook.xml"].decode())
    return {alter.part_of(data, title): title for title in titles}


_CELL_KINDS = ("a typed cell", "another cell")
_KINDS: Mapping[str, Callable[[Base, random.Random], bytes]] = {
    "bytes of the zip": _in_zip,
    "bytes of a part": _in_part,
    "cut": _cut,
    "a part cut": _cut_part,
    "an element deleted": _deleted,
    "an element doubled": _doubled,
    "an element moved": _moved,
    "members swapped": _swapped,
    **dict.fromkeys(_CELL_KINDS, _in_zip),
}
