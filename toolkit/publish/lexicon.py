"""The words of one printed table, to be found again however they were spaced, wrapped, glued or punctuated."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from toolkit.form.model import Axis, Table

_FEWEST = 5  # letters of a row's label that was cut off, by which it can be told
_LONGEST = 400  # characters of a text that is looked through; no label of a form has as many
_NUMBERING = re.compile(r"\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十\d]{1,3}[、.．])\s*")
_PLACEHOLDERS = ("P", "S", "Z", "C")  # punctuation, symbols, spaces, control characters: they do not tell labels apart


class Kind(StrEnum):
    """What a label is in a printed table."""

    BLOCK = "block"
    CORNER = "corner"
    COLUMN_GROUP = "column group"
    ROW_GROUP = "row group"
    COLUMN = "column"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a label means: its kind, the name of its row or column (of a group, its label), as it is printed, and the
    numbers of the blocks in which it stands."""

    kind: Kind
    name: str
    label: str
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A text taken apart: the labels in it, each with how many of its letters are used up behind it, and what is left:
    a label that may be whole, or go on."""

    labels: tuple[tuple[Meaning, int], ...]
    rest: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The labels of one table by the letters they come down to; `leads_rows` where a row's label stands before its
    figures, not above them; `twins` are the rows whose labels without their numbers are those of columns, by column."""

    meanings: dict[str, Meaning]
    beginnings: frozenset[str]
    groups: tuple[str, ...]
    leads_rows: bool
    twins: dict[str, Meaning]

    def take(self, letters: str) -> Found | None:
        """Labels one after the other and the beginning of one more; None where it is anything else."""
        if len(letters) > _LONGEST:
            return None
        if letters in self.beginnings:
            return Found((), letters)
        for end in range(len(letters), 0, -1):
            meaning = self.meanings.get(letters[:end])
            if meaning is not None:
                more = self.take(letters[end:])
                if more is not None:
                    return Found(((meaning, end), *((each, end + at) for each, at in more.labels)), more.rest)
        return None

    def told_by(self, letters: str) -> Meaning | None:
        """What these letters mean: a label, or the beginning of one row's label and of no other. A column's is not
        taken for the whole: its unit stands at the end."""
        meaning = self.meanings.get(letters)
        if meaning is not None or len(letters) < _FEWEST:
            return meaning
        begun = {each for text, each in self.meanings.items() if text.startswith(letters)}
        return begun.pop() if len(begun) == 1 and all(each.kind is Kind.ROW for each in begun) else None

    def begins(self, letters: str) -> bool:
        """Whether a text begins with a label, or with the beginning of one."""
        return letters in self.beginnings or any(letters.startswith(text) for text in self.meanings)

    def is_of_group(self, letters: str) -> bool:
        """Whether these letters are a piece of a heading over several rows or columns, as narrow cells break it up."""
        return any(letters in group for group in self.groups)


def letters_of(text: str) -> str:
    """What a label comes down to: width, spaces, punctuation and quotation marks do not matter."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] not in _PLACEHOLDERS).casefold()


def unnumbered(text: str) -> str:
    """A label without the number it begins with: 属于国家秘密 for 1.属于国家秘密."""
    return _NUMBERING.sub("", text, count=1) if _NUMBERING.match(text) else text


@cache
def lexicon_of(table: Table) -> Lexicon:
    """The lexicon of a table. A label without its number counts where it can be no other; its aliases count as it
    does."""
    exact = _gathered((letters_of(text), meaning) for meaning, texts in _labels(table) for text in texts)
    bare = _gathered((letters_of(unnumbered(text)), meaning) for meaning, texts in _labels(table) for text in texts)
    meanings = {letters: found[0] for letters, found in bare.items() if len(found) == 1} | {
        letters: found[0] for letters, found in exact.items() if len(found) == 1
    }
    beginnings = {letters[:end] for letters in meanings for end in range(len(letters) + 1)}
    groups = [letters for letters, meaning in meanings.items() if meaning.kind in (Kind.ROW_GROUP, Kind.COLUMN_GROUP)]
    return Lexicon(meanings, frozenset(beginnings), tuple(groups), not table.side_by_side, dict(_twins(bare)))


def _twins(bare: Mapping[str, list[Meaning]]) -> Iterator[tuple[str, Meaning]]:
    for found in bare.values():
        by_kind = {meaning.kind: meaning for meaning in found}
        if len(found) == 2 and set(by_kind) == {Kind.COLUMN, Kind.ROW}:
            yield by_kind[Kind.COLUMN].name, by_kind[Kind.ROW]


def _gathered(pairs: Iterable[tuple[str, Meaning]]) -> dict[str, list[Meaning]]:
    """All meanings of each text; those that differ in their blocks only are one."""
    found: dict[str, dict[tuple[Kind, str], Meaning]] = {}
    for letters, meaning in pairs:
        same = found.setdefault(letters, {})
        earlier = same.get((meaning.kind, meaning.name))
        blocks = tuple(dict.fromkeys((*(earlier.blocks if earlier else ()), *meaning.blocks)))
        same[meaning.kind, meaning.name] = Meaning(meaning.kind, meaning.name, meaning.label, blocks)
    return {letters: list(same.values()) for letters, same in found.items() if letters}


def _labels(table: Table) -> Iterator[tuple[Meaning, tuple[str, ...]]]:
    """Every label of a table with all its wordings."""
    for at, block in enumerate(table.blocks):
        for kind, text in ((Kind.BLOCK, block.title), (Kind.CORNER, block.corner)):
            if text:
                yield Meaning(kind, text, text, (at,)), (text,)
        yield from _axis(block.columns, Kind.COLUMN, Kind.COLUMN_GROUP, at)
        yield from _axis(block.rows, Kind.ROW, Kind.ROW_GROUP, at)


def _axis(axis: Axis, item: Kind, group: Kind, block: int) -> Iterator[tuple[Meaning, tuple[str, ...]]]:
    for each in axis.groups:
        yield Meaning(group, each.label, each.label, (block,)), (each.label, *each.aliases)
    for one in axis.items:
        yield Meaning(item, one.name, one.label, (block,)), (one.label, *one.aliases)
