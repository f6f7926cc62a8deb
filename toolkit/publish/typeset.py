"""The characters of a printed page, each where it stands -> lines of text."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

UNREADABLE = "\ufffd"

_WIDE_GAP, _GAP = 0.5, 0.25  # what parts two words, in heights of their line: next to a Chinese character, else
_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_RADICALS = dict(
    zip(
        "⺎⺝⺟⺠⺴⺼⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "兀月母民网月虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
_TOUCHING = 1.0


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and the box it stands in, in points from the page's upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def middle(self) -> float:
        """How far down its middle is."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """How far across its middle is."""
        return (self.left + self.right) / 2

    @property
    def height(self) -> float:
        """How high its box is: about the width of a Chinese character."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line of text, the box it stands in, and the height of its first character."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    height: float


def glyph_of(left: float, top: float, right: float, bottom: float, text: str) -> Glyph:
    """A character as PDF programs tell it: radicals stand for the characters that look the same, and what is no
    character but the number of a picture of one, or for the font's own use, cannot be read."""
    if text.startswith("(cid:") or "\ue000" <= text[:1] <= "\uf8ff" or text[:1] == "\0":
        return Glyph(left, top, right, bottom, UNREADABLE)
    plain = "".join(_RADICALS.get(each) or _unified(each) for each in text)
    return Glyph(left, top, right, bottom, plain)


def set_lines(glyphs: Iterable[Glyph]) -> list[TypedLine]:
    """The lines of text from top to bottom; characters on one level are one line, however far apart."""
    return [_line(row) for row in _rows(once(glyphs)) if not all(glyph.text.isspace() for glyph in row)]


def once(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """Each of those once that are printed twice on one spot to look bold."""
    seen: set[tuple[str, int, int]] = set()
    for glyph in glyphs:
        if not glyph.text:
            continue
        across, down = round(glyph.left / _TOUCHING), round(glyph.top / _TOUCHING)
        near = [(glyph.text, across + x, down + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        if not seen.intersection(near):
            seen.add((glyph.text, across, down))
            yield glyph


def _unified(each: str) -> str:
    """Of compatibility characters only those that look like the ordinary ones, and ligatures."""
    is_twin = "\u2e80" <= each <= "\u2fdf" or "\uf900" <= each <= "\ufb06"
    return unicodedata.normalize("NFKC", each) if is_twin else each


def _rows(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """The characters of each line from left to right."""
    row: list[Glyph] = []
    bottom = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.middle):
        if row and glyph.middle > bottom:
            yield sorted(row, key=lambda each: each.left)
            row = []
        bottom = max(bottom, glyph.bottom) if not row else bottom
        row.append(glyph)
    if row:
        yield sorted(row, key=lambda each: each.left)


def _line(row: Sequence[Glyph]) -> TypedLine:
    seen = [glyph for glyph in row if not glyph.text.isspace()]
    blanks = [glyph.left for glyph in row if glyph.text.isspace()]
    height = max(glyph.height for glyph in seen)
    pieces = [seen[0].text]
    for before, glyph in pairwise(seen):
        gap = _WIDE_GAP if _CHINESE.match(before.text) or _CHINESE.match(glyph.text) else _GAP
        has_blank = bisect_left(blanks, before.left) < bisect_left(blanks, glyph.left)
        if has_blank or glyph.left - before.right > height * gap:
            pieces.append(" ")
        pieces.append(glyph.text)
    return TypedLine(
        "".join(pieces),
        seen[0].left,
        min(glyph.top for glyph in seen),
        max(glyph.right for glyph in seen),
        max(glyph.bottom for glyph in seen),
        height,
    )
