"""Marks of a printed table -> its headers and its entries: which figures stand behind which label."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from toolkit.publish.lexicon import Kind, Meaning
from toolkit.publish.scanning import Mark, Named, Spot, Unknown, Written


@dataclass(slots=True)
class Header:
    """Column labels as they were printed together, over rows or - in a table of one line - with the rows' labels among
    them; texts among them that are no labels; in a table of one line its block's number is 0."""

    columns: list[Named] = field(default_factory=list)
    rows: list[Named] = field(default_factory=list)
    strangers: list[Unknown] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """Figures that were printed together, and what stands before them: a row, a group where a row should be, or a text
    that is no label (`named` None); None of both where nothing does. `header` is the last one above them."""

    header: Header | None
    named: Named | None = None
    stranger: Unknown | None = None
    figures: list[Written] = field(default_factory=list)

    @property
    def row(self) -> Meaning | None:
        """The row it speaks of; None where it is of none for certain."""
        return self.named.meaning if self.named and self.named.meaning.kind is Kind.ROW else None

    @property
    def spots(self) -> list[Spot]:
        """All cells it was read from."""
        named = list(self.named.spots) if self.named else []
        strange = [self.stranger.spot] if self.stranger else []
        return [*named, *strange, *(each.spot for each in self.figures)]


def gather(marks: Iterable[Mark], *, side_by_side: bool) -> tuple[list[Header], list[Entry]]:
    """The headers and the entries in reading order; `side_by_side` where the rows' labels are part of the header."""
    gathering = _Gathering(side_by_side)
    for mark in marks:
        gathering.take(mark)
    return gathering.headers, gathering.entries


@dataclass(slots=True)
class _Gathering:
    """What was gathered so far; `header` is being printed while `is_heading`."""

    side_by_side: bool
    headers: list[Header] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    is_heading: bool = False
    entry: Entry | None = None

    @property
    def header(self) -> Header | None:
        return self.headers[-1] if self.headers else None

    def take(self, mark: Mark) -> None:
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
        elif kind in (Kind.CORNER, Kind.COLUMN_GROUP):
            self._begin_header()
        elif kind is Kind.COLUMN:
            self._begin_header().columns.append(named)
        elif self.side_by_side:
            header = self._begin_header()
            if kind is Kind.ROW:
                header.rows.append(named)
        else:
            self._begin_entry(Entry(self.header, named))

    def _written(self, written: Written) -> None:
        if self.entry is None:
            self._begin_entry(Entry(self.header))
        if self.entry is not None:
            self.entry.figures.append(written)

    def _unknown(self, unknown: Unknown) -> None:
        """Within a header it may be a column; anywhere else what follows may be its own. A text before any header is
        a note."""
        if self.is_heading and self.header and (self.header.columns or self.header.rows):
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
