"""What a web page or a Word file holds in reading order - paragraphs, tables, what stands in their cells - as lines.

A table whose cells hold tables is only how a page is laid out, and one of a single column is only a frame round prose:
what stands in them is told as if they were not there. Every other table is a grid.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from toolkit.problems import Where
from toolkit.publish.document import Cell, Line, running
from toolkit.publish.refusals import too_much

MOST_PIECES = 300_000
MOST_ROWS, MOST_COLUMNS, MOST_NESTED = 2_000, 100, 20
RAISED, LEVEL = "\x0e", "\x0f"  # where text begins and ends to stand above or below its line

_RAISED = re.compile(f"{RAISED}([^{RAISED}{LEVEL}]*){LEVEL}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's text: a line break in it is one of its own, and a tab parts the pieces of a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a table: what stands in it, its first and last column counted from 0, how many rows it reaches down."""

    content: "Flow"
    left: int
    right: int
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the cells that begin in each of its rows."""

    rows: tuple[tuple[Box, ...], ...]


Flow = Sequence[Paragraph | Table]


class Count:
    """How many pieces were found: paragraphs, lines in them, cells, tables. Refused where there are too many."""

    def __init__(self) -> None:
        self._left = MOST_PIECES

    def add(self, pieces: int = 1) -> None:
        self._left -= pieces
        if self._left < 0:
            raise too_much()

    def add_text(self, text: str) -> None:
        self.add(1 + text.count("\n") + text.count("\t"))


def set_apart(text: str) -> str:
    """A text in which what stands above or below its line is bracketed, so that no figure beside it takes it up."""
    text = _RAISED.sub(_bracketed, text.replace(LEVEL + RAISED, ""))
    return text.replace(RAISED, "").replace(LEVEL, "")


def lines_of(flow: Flow, file: str) -> tuple[Line, ...]:
    """The lines of a document. Those outside grids are counted through, those of a grid are its rows."""
    found: list[Line] = []
    grids = prose = 0
    for piece in _unframed(flow):
        if isinstance(piece, Table):
            grids += 1
            found.extend(rows_of(piece, grids, partial(_row, file, f"第 {grids} 个表格")))
        else:
            for text in filter(str.strip, piece.text.splitlines()):
                prose += 1
                found.append(line_of(text, Where(file, line=prose), opens=True))
    return tuple(found)


def rows_of(table: Table, grid: int, where: Callable[[int], Where]) -> Iterator[Line]:
    """The rows with text in them, each where its number (from 1) tells; a cell reaches over as many of these."""
    texts = [[_text(box) for box in row] for row in table.rows]
    kept = [at for at, row in enumerate(texts) if any(row)]
    for at in kept:
        below = [bisect_left(kept, at + box.rows) - bisect_left(kept, at) for box in table.rows[at]]
        boxes = zip(texts[at], table.rows[at], below, strict=True)
        cells = tuple(Cell(text, box.left, box.right, rows) for text, box, rows in boxes)
        yield Line(cells, where(at + 1), grid)


def line_of(text: str, where: Where, opens: bool | None) -> Line:
    """A line of text: cut into cells where tabs stand between pieces of it, else running."""
    if "\t" in text.strip():
        return Line(tuple(Cell(piece.strip(), at, at) for at, piece in enumerate(text.split("\t"))), where)
    return running(text.strip(), where, opens)


def _bracketed(found: re.Match[str]) -> str:
    return f"[{found[1].strip()}]" if found[1].strip() else found[1]


def _unframed(flow: Flow) -> Iterator[Paragraph | Table]:
    """Paragraphs and grids: tables that are none give what stands in them; those without text are left out."""
    for piece in flow:
        if isinstance(piece, Paragraph):
            yield piece
        elif _is_grid(piece):
            if any(_text(box) for row in piece.rows for box in row):
                yield piece
        else:
            for row in piece.rows:
                for box in row:
                    yield from _unframed(box.content)


def _row(file: str, sheet: str, number: int) -> Where:
    return Where(file, sheet, line=number)


def _is_grid(table: Table) -> bool:
    boxes = [box for row in table.rows for box in row]
    has_columns = any(len(row) > 1 for row in table.rows) or any(box.left for box in boxes)
    return has_columns and not any(isinstance(piece, Table) for box in boxes for piece in box.content)


def _text(box: Box) -> str:
    """What stands in a cell, a line for each that is not empty."""
    texts: Iterable[str] = (piece.text for piece in box.content if isinstance(piece, Paragraph))
    lines = (line.replace("\t", " ").strip() for text in texts for line in text.splitlines())
    return "\n".join(filter(None, lines))
