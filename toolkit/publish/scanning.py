"""The lines of one printed table -> its marks in reading order: labels, figures, and texts that are neither.

A label may be spread over lines and cells, figures standing in between; several may stand in one piece.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from toolkit.audit.numbers import Content, Kind, understand
from toolkit.publish.document import Cell, Line
from toolkit.publish.lexicon import Kind as LabelKind
from toolkit.publish.lexicon import Lexicon, Meaning, letters_of

MOST_DECIMALS = 9  # of a figure of any form

_NO_FIGURE = re.compile(r"[-/\\—–－―─‐~～×]{1,3}|无|没有|空|[Nn]/?[Aa]")
_BROKEN = re.compile(r"\d[\d.,，]*(?: [\d.,，]+)+")  # a number broken in two, or two numbers in one cell
_REMARK = re.compile(r"[（(][^（）()]*[）)]?")


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell in its line; `at` is the number of the cell in that line."""

    line: Line
    cell: Cell
    at: int


@dataclass(frozen=True, slots=True)
class Named:
    """A label and the cells it was put together from."""

    meaning: Meaning
    spots: tuple[Spot, ...]

    @property
    def left(self) -> int:
        """The first column it takes."""
        return min(spot.cell.left for spot in self.spots)

    @property
    def right(self) -> int:
        """The last column it takes."""
        return max(spot.cell.right for spot in self.spots)


@dataclass(frozen=True, slots=True)
class Written:
    """What stands where a figure does: a number, a dash, or a text that no label accounts for."""

    text: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Unknown:
    """A text that is no label of this table."""

    text: str
    spot: Spot


Mark = Named | Written | Unknown


def scan(lines: Iterable[Line], lexicon: Lexicon) -> Iterator[Mark]:
    """The marks of these lines."""
    scanning = _Scanning(lexicon)
    for line in lines:
        yield from scanning.line(line)
    yield from scanning.end()


def is_figure(text: str) -> bool:
    """Whether a text stands for a figure: a number with what may stand behind it, or a sign that there is none."""
    content = Content(Kind.TEXT, text)
    return understand(content, MOST_DECIMALS).value is not None or _is_marked_empty(text)


def _is_marked_empty(text: str) -> bool:
    return _NO_FIGURE.fullmatch("".join(text.split())) is not None


@dataclass(slots=True)
class _Scanning:
    """The text read so far that may yet become a label, the cells it came from, and the figures that stand after it."""

    lexicon: Lexicon
    letters: str = ""
    sources: list[Spot] = field(default_factory=list)  # one for each of the letters
    held: list[Written] = field(default_factory=list)
    begun: Line | None = None  # the last line with a figure, or a label that stands before figures

    def line(self, line: Line) -> Iterator[Mark]:
        for at, cell in enumerate(line.cells):
            spot = Spot(line, cell, at)
            if len(line.cells) > 1 or line.grid is not None:
                yield from self._piece(" ".join(cell.text.split()), spot)
            else:
                for piece in _pieces(cell.text):
                    yield from self._piece(piece, spot)

    def end(self) -> Iterator[Mark]:
        """What is left when there are no more lines."""
        yield from self._settle()

    def _piece(self, piece: str, spot: Spot) -> Iterator[Mark]:
        if not piece:
            return
        if is_figure(piece) or _BROKEN.fullmatch(piece):
            if self.letters in self.lexicon.meanings:
                yield from self._settle()
            written, self.begun = Written(piece, spot), spot.line
            if self.letters:
                self.held.append(written)
            else:
                yield written
        elif letters := letters_of(piece):
            yield from self._text(piece, letters, spot)

    def _text(self, piece: str, letters: str, spot: Spot) -> Iterator[Mark]:
        found = self.lexicon.take(self.letters + letters)
        if found is None:
            if self.lexicon.take(letters) is None and self.lexicon.is_of_group(letters):
                return
            yield from self._settle()
            found = self.lexicon.take(letters)
        if found is None:
            yield self._stranger(piece, spot)
            return
        whole, sources = self.letters + letters, [*self.sources, *[spot] * len(letters)]
        start = 0
        for meaning, end in found.labels:
            yield self._named(meaning, sources[start:end])
            start = end
            yield from self._release()
        self.letters, self.sources = whole[start:], sources[start:]

    def _settle(self) -> Iterator[Mark]:
        """Take what was read for the whole of it: a label, or a text that is none."""
        if self.letters:
            meaning = self.lexicon.told_by(self.letters)
            if meaning is not None:
                yield self._named(meaning, self.sources)
            elif not self.lexicon.is_of_group(self.letters):
                yield Unknown(self.sources[0].cell.text, self.sources[0])
        self.letters, self.sources = "", []
        yield from self._release()

    def _named(self, meaning: Meaning, sources: list[Spot]) -> Named:
        if meaning.kind is LabelKind.ROW and self.lexicon.leads_rows:
            self.begun = sources[-1].line
        return Named(meaning, tuple(dict.fromkeys(sources)))

    def _release(self) -> Iterator[Mark]:
        held, self.held = self.held, []
        yield from held

    def _stranger(self, piece: str, spot: Spot) -> Mark:
        """A text that is no label: behind a row's label or a figure in its line, it stands in place of a figure."""
        return Written(piece, spot) if self.begun is spot.line else Unknown(piece, spot)


def _pieces(text: str) -> Iterator[str]:
    """The words of running text, a remark in brackets together with the figure it stands behind."""
    words = text.split()
    at = 0
    while at < len(words):
        piece = words[at]
        at += 1
        if at < len(words) and is_figure(piece) and _REMARK.fullmatch(words[at]):
            piece += words[at]
            at += 1
        yield piece
