"""The lines of printed pages outside tables: which are no text but page furniture, which begin a paragraph."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from toolkit.publish.ruled import Edges
from toolkit.publish.typeset import TypedLine

_MARGIN = 0.12  # of a page's height, at its top and at its bottom
_DASH = "[-—–－―·•]"
_PAGE_NUMBER = re.compile(
    rf"{_DASH}*\d{{1,3}}{_DASH}*|\d{{1,3}}[/／]\d{{1,3}}|第\d{{1,3}}页([,，/／]?共\d{{1,3}}页)?|第[一二三四五六七八九十]+页"
)
_NEAR = 3.0
_FULL = 0.85  # how much of the room between equal margins full lines take at least
_INDENTED = 0.8  # how far a paragraph's first line is set in at least, in characters
_OTHER_TYPE = 0.12  # how much larger or smaller other type is
_TITLE = 3.0  # how far from the left the rest of a title begins at least, in characters
_ENDED, _REACHED = 3.0, 1.5  # how far from the right edge a paragraph's last line, and a full line, end


@dataclass(frozen=True, slots=True)
class Block:
    """Where text begins and ends on the pages of a document, from left to right."""

    left: float
    right: float

    def opens(self, line: TypedLine, before: TypedLine | None) -> bool | None:
        """Whether a line begins a paragraph, `before` being the line of text that it follows; None where it may or may
        not."""
        if before is None or abs(line.height - before.height) > _OTHER_TYPE * line.height:
            return True
        short = (self.right - before.right) / before.height
        if self._is_set_in(line):
            return not (short <= _REACHED and not self._is_set_in(before) and self._is_centred(line))
        return True if short > _ENDED else False if short <= _REACHED else None

    def _is_set_in(self, line: TypedLine) -> bool:
        return line.left > self.left + _INDENTED * line.height

    def _is_centred(self, line: TypedLine) -> bool:
        """Whether it is the rest of a title that is too long for one line."""
        left, right = line.left - self.left, self.right - line.right
        return left > _TITLE * line.height and abs(left - right) < line.height


def block_of(lines: Sequence[TypedLine], tables: Sequence[Edges], width: float) -> Block:
    """Between which edges these lines, and tables that are set as wide, are set on pages so wide: the outermost that at
    least two of them keep; on the right, where none comes near it, as far from the page's edge as on the left."""
    left = _kept([*(line.left for line in lines), *(columns[0] for columns in tables)])
    right = -_kept([*(-line.right for line in lines), *(-columns[-1] for columns in tables)])
    full = width - 2 * left
    return Block(left, right if right - left >= _FULL * full else left + full)


def without_furniture(pages: Sequence[tuple[float, Sequence[TypedLine]]]) -> list[list[TypedLine]]:
    """The lines of each page (its height, its lines) without page numbers, and without what is printed at one place on
    every page, or on every one but the first; in the margins with other figures in it, too."""
    places = Counter(place for height, lines in pages for place in {_place(line, height) for line in lines})
    every = max(2, len(pages) - (len(pages) > 2))
    return [
        [line for line in lines if places[_place(line, height)] < every and not _is_page_number(line, height)]
        for height, lines in pages
    ]


def _place(line: TypedLine, height: float) -> tuple[str, int, int]:
    text = re.sub(r"\d+", "0", line.text) if _is_in_margin(line, height) else line.text
    return text, round(line.left / _NEAR), round(line.top / _NEAR)


def _is_in_margin(line: TypedLine, height: float) -> bool:
    return line.bottom < height * _MARGIN or line.top > height * (1 - _MARGIN)


def _is_page_number(line: TypedLine, height: float) -> bool:
    return _is_in_margin(line, height) and _PAGE_NUMBER.fullmatch("".join(line.text.split())) is not None


def _kept(sides: Iterable[float]) -> float:
    """The least of these that another one comes near."""
    ordered = sorted(sides)
    return next((one for one, other in pairwise(ordered) if other - one <= _NEAR), ordered[0] if ordered else 0.0)
