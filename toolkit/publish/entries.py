"""Marks of a printed table -> its headers and its entries: which figures stand behind which label."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from toolkit.publish.lexicon import Kind, Meaning
from toolkit.publish.scanning import Mark, Named, Spot, Unknown, Written


@dataclass(slots=True)
class Header:
    """Column labels as they were printed together, over rows or - in a table of one line - with the rows' labels among
    them; the labels over several of them; texts among them that are no labels."""

    columns: list[Named] = field(default_factory=list)
    rows: list[Named] = field(default_factory=list)
    groups: list[Named] = field(default_factory=list)
    strangers: list[Unknown] = field(default_factory=list)
    is_begun: bool = False


@dataclass(slots=True)
class Entry:
    """Figures that were printed together, and what stands before them: a row, a group where a row should be, or a text
    that is no label (`named` None); None of both where nothing does. `header` is the last one above them; `leading` are
    figures before the label in its line; `other` is another row whose label stands in the same line."""

    header: Header | None
    named: Named | None = None
    stranger: Unknown | None = None
    figures: list[Written] = field(default_factory=list)
    leading: list[Written] = field(default_factory=list)
    other: "Entry | None" = None

    @property
    def row(self) -> Meaning | None:
        """The row it speaks of; None where it is of none for certain."""
        return self.named.meaning if self.named and self.named.meaning.kind is Kind.ROW else None

    @property
    def spots(self) -> list[Spot]:
        """All cells it was read from."""
        named = list(self.named.spots) if self.named else []
        strange = [self.stranger.spot] if self.stranger else []
        return [*named, *strange, *(each.spot for each in (*self.leading, *self.figures))]


def gather(
    marks: Iterable[Mark], twins: Mapping[str, Meaning], *, side_by_side: bool
) -> tuple[list[Header], list[Entry]]:  # fmt: skip
    """The headers and the entries in reading order; `side_by_side` where the rows' labels are part of the header.

    `twins` are the rows whose labels, without their numbers, are those of columns: before figures they are rows.
    """
    gathering = _Gathering(twins, side_by_side)
    for mark in marks:
        gathering.take(mark)
    return gathering.headers, gathering.entries


@dataclass(slots=True)
class _Gathering:
    """What was gathered so far; `header` is being printed while `is_heading`; `held` is a label behind rows that may be
    a column's, and begin a header, or a row's."""

    twins: Mapping[str, Meaning]
    side_by_side: bool
    headers: list[Header] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    is_heading: bool = False
    entry: Entry | None = None
    held: Named | None = None

    @property
    def header(self) -> Header | None:
        return self.headers[-1] if self.headers else None

    def take(self, mark: Mark) -> None:
        held, self.held = self.held, None
        if held is not None:
            is_row = isinstance(mark, Written) and mark.spot.line is held.spots[-1].line
            self._begin_row(Named(self.twins[held.meaning.name], held.spots)) if is_row else self._column(held)
        match mark:
            case Named():
                self._named(mark)
            case Written():
                self._written(mark)
            case Unknown():
                self._unknown(mark)

    def _named(self, named: Named) -> None:
        kind = named.meaning.kind
        if kind is Kind.BLOCK:
            self._begin_header(anew=True)
        elif kind in (Kind.CORNER, Kind.COLUMN_GROUP) or (self.side_by_side and kind is Kind.ROW_GROUP):
            header = self._begin_header()
            header.is_begun = True
            header.groups += [named] * (kind is not Kind.CORNER)
        elif kind is Kind.COLUMN:
            is_behind = self.entries and not self.is_heading and named.meaning.name in self.twins
            if is_behind and not self.side_by_side:
                self.held = named
            else:
                self._column(named)
        elif self.side_by_side:
            self._begin_header().rows.append(named)
        else:
            self._begin_row(named)

    def _column(self, named: Named) -> None:
        header = self._begin_header()
        header.columns.append(named)
        header.is_begun = True

    def _begin_row(self, named: Named) -> None:
        """A row; what stands before its label in its line is not the figures of the one before it."""
        before, entry = self.entry, Entry(self.header, named)
        first = named.spots[0].line
        if before is not None:
            entry.leading = [each for each in before.figures if each.spot.line is first]
            before.figures = [each for each in before.figures if each.spot.line is not first]
            if before.row and entry.row and not before.figures and _is_one_line(before, named):
                entry.other, before.other = before, entry
        self._begin_entry(entry)

    def _written(self, written: Written) -> None:
        if self.entry is None:
            self._begin_entry(Entry(self.header))
        if self.entry is not None:
            self.entry.figures.append(written)

    def _unknown(self, unknown: Unknown) -> None:
        """Within a header it may be a column; anywhere else what follows may be its own. A text before any header is
        a note."""
        if self.is_heading and self.header and (self.header.is_begun or self.header.rows):
            self.header.strangers.append(unknown)
        elif not self.is_heading:
            self._begin_entry(Entry(self.header, stranger=unknown))

    def _begin_header(self, *, anew: bool = False) -> Header:
        if anew or not self.is_heading or self.header is None:
            self.headers.append(Header())
        self.is_heading, self.entry = True, None
        return self.headers[-1]

    def _begin_entry(self, entry: Entry) -> None:
        self.is_heading, self.entry = False, entry
        self.entries.append(entry)


def _is_one_line(before: Entry, named: Named) -> bool:
    """Whether the label of a row without figures may belong to the line of the next row: it shares a line with that
    one's, or stands alone in running text, where nobody can see blanks."""
    lines = {id(spot.line) for spot in named.spots}
    own = before.named.spots if before.named else ()
    is_alone = all(len(spot.line.cells) == 1 and spot.line.grid is None for spot in own)
    return is_alone or any(id(spot.line) in lines for spot in own)
