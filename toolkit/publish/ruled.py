"""The ruled tables of a printed page: boxes between lines, and the characters in them -> tables of cells."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from toolkit.publish.flow import MOST_COLUMNS, MOST_ROWS, Box, Paragraph, Table
from toolkit.publish.refusals import too_much
from toolkit.publish.typeset import UNREADABLE, Glyph, once, set_lines

_SAME = 2.0  # lines closer than this are one
_FIGURE = re.compile(r"[\d.,，．+\-−－%％]+")  # what numbers are written with
_LEVEL = 1.5  # how far apart the middles of figures on one level are at most
_JOINED = 0.04  # the gap that does not part two figures, in heights of the line: less than a thin rule takes

Edges = tuple[float, ...]
Home = tuple[int, int] | None  # the numbers of a table and of its box; None outside all of them
Placed = tuple[Glyph, Home]


@dataclass(frozen=True, slots=True)
class Frame:
    """The box of a cell, in points from the page's upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """How large it is."""
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(slots=True)
class Ruled:
    """A ruled table: its boxes, where its columns and rows begin and end, and what stands in each box."""

    frames: Sequence[Frame]
    columns: Edges
    rows: Edges
    slots: dict[tuple[int, int], int]
    glyphs: list[list[Glyph]] = field(default_factory=list)

    @property
    def top(self) -> float:
        """How far down it begins."""
        return self.rows[0]

    def box_at(self, across: float, down: float) -> int | None:
        """The number of the box that a point lies in."""
        return self.slots.get((bisect_right(self.columns, across) - 1, bisect_right(self.rows, down) - 1))

    def table(self, columns: Edges) -> Table:
        """Its cells, told in these columns, from left to right and from top to bottom."""
        rows: list[list[Box]] = [[] for _ in self.rows[1:]]
        for frame, glyphs in sorted(zip(self.frames, self.glyphs, strict=True), key=lambda each: each[0].left):
            top, bottom = _nearest(self.rows, frame.top), _nearest(self.rows, frame.bottom)
            text = "\n".join(line.text for line in set_lines(glyphs))
            left, right = _nearest(columns, frame.left), _nearest(columns, frame.right) - 1
            rows[top].append(Box((Paragraph(text),), left, max(left, right), bottom - top))
        return Table(tuple(tuple(row) for row in rows))


def ruled(frames: Sequence[Frame]) -> Ruled | None:
    """The table of these boxes; None where they are no table but a frame, or several one under the other."""
    columns = edges_of(side for frame in frames for side in (frame.left, frame.right))
    rows = edges_of(side for frame in frames for side in (frame.top, frame.bottom))
    if len(columns) < 3:
        return None
    if len(columns) > MOST_COLUMNS + 1 or len(rows) > MOST_ROWS + 1:
        raise too_much()
    slots: dict[tuple[int, int], int] = {}
    for at, frame in enumerate(frames):
        for row in range(_nearest(rows, frame.top), _nearest(rows, frame.bottom)):
            for column in range(_nearest(columns, frame.left), _nearest(columns, frame.right)):
                if slots.setdefault((column, row), at) != at:
                    raise too_much()  # boxes that lie over each other are nothing that lines make
    return Ruled(frames, columns, rows, slots, [[] for _ in frames])


def edges_of(sides: Iterable[float]) -> Edges:
    """Where lines run, those next to each other taken for one."""
    edges: list[float] = []
    last = None
    for side in sorted(sides):
        if last is None or side - last > _SAME:
            edges.append(side)
        last = side
    return tuple(edges)


def fill(tables: Sequence[Ruled], glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Put each character into the smallest box it stands in; those that stand in none are given back.

    Where figures run over the side of a box nobody can tell whose they are: each part of them is marked as unreadable.
    """
    placed = [(glyph, _home(tables, glyph)) for glyph in once(glyphs)]
    figures = [each for each in placed if _FIGURE.fullmatch(each[0].text)]
    loose = []
    for glyph, home in (*placed, *_marks(figures)):
        if home is None:
            loose.append(glyph)
        else:
            tables[home[0]].glyphs[home[1]].append(glyph)
    return loose


def goes_on(columns: Edges, more: Edges) -> bool:
    """Whether the lines of one table run where those of the other do, as far as it has them."""
    few, many = sorted((columns, more), key=len)
    is_as_wide = abs(few[0] - many[0]) <= _SAME and abs(few[-1] - many[-1]) <= _SAME
    return is_as_wide and all(abs(many[_nearest(many, edge)] - edge) <= _SAME for edge in few)


def _home(tables: Sequence[Ruled], glyph: Glyph) -> Home:
    """The smallest box in which a character stands with its middle."""
    boxes = [(table, each.box_at(glyph.centre, glyph.middle)) for table, each in enumerate(tables)]
    found = [(table, at) for table, at in boxes if at is not None]
    return min(found, key=lambda home: tables[home[0]].frames[home[1]].area, default=None)


def _marks(figures: Iterable[Placed]) -> Iterator[Placed]:
    """A mark behind each part of figures that stand without a gap between them in more boxes than one.

    A digit that only touches a side is in its box: lines next to each other are taken for one somewhere between them.
    """
    for run in _runs(figures):
        parts = {home: glyph for glyph, home in run}
        if len(parts) > 1:
            yield from ((replace(glyph, text=UNREADABLE), home) for home, glyph in parts.items())


def _runs(figures: Iterable[Placed]) -> Iterator[list[Placed]]:
    """Figures on one level without a gap between them, from left to right."""
    for level in _levels(figures):
        run: list[Placed] = []
        for glyph, home in sorted(level, key=lambda each: each[0].centre):
            if run and glyph.left - run[-1][0].right > _JOINED * glyph.height:
                yield run
                run = []
            run.append((glyph, home))
        yield run


def _levels(figures: Iterable[Placed]) -> Iterator[list[Placed]]:
    level: list[Placed] = []
    for each in sorted(figures, key=lambda each: each[0].middle):
        if level and each[0].middle - level[0][0].middle > _LEVEL:
            yield level
            level = []
        level.append(each)
    if level:
        yield level


def _nearest(edges: Edges, side: float) -> int:
    at = bisect_right(edges, side)
    return min((each for each in (at - 1, at) if 0 <= each < len(edges)), key=lambda each: abs(edges[each] - side))
