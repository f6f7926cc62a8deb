"""Entries of a printed table -> which figure stands in which column, where that is certain; else why it is not.

In a printed grid the header's cells decide. Where only the order of pieces is known, a row must have a figure for every
column, or exactly as many pieces that can be aligned with the columns in one way only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from toolkit.audit.numbers import Content, understand
from toolkit.audit.numbers import Kind as ContentKind
from toolkit.form.model import Key, Table
from toolkit.publish.columns import Leaf, Unplaceable, is_cut_alike, leaves_of
from toolkit.publish.document import Cell
from toolkit.publish.entries import Entry, Header
from toolkit.publish.scanning import MOST_DECIMALS, Spot, Unknown, Written


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure in its place."""

    key: Key
    written: Written


@dataclass(slots=True)
class Shape:
    """What the rows of a table are like: `totals` are the columns that are the sum of the others; `is_cut` where some
    row has fewer pieces than its header has columns, so that pieces may be missing at the end of any; `is_lined` where
    figures stand in the line of their label."""

    table: Table
    totals: frozenset[str]
    is_cut: bool = False
    is_lined: bool = False
    known: dict[tuple[int, int], list[Leaf] | Unplaceable] = field(default_factory=dict)

    def leaves(self, header: Header | None, block: int) -> list[Leaf]:
        """The columns of a header, worked out once."""
        asked = (id(header), block)
        if asked not in self.known:
            try:
                self.known[asked] = leaves_of(header, self.table, block)
            except Unplaceable as reason:
                self.known[asked] = reason
        found = self.known[asked]
        if isinstance(found, Unplaceable):
            raise found
        return found


def shape_of(table: Table, totals: frozenset[str], entries: Sequence[Entry]) -> Shape:
    """The shape of a table with these entries."""
    shape = Shape(table, totals)
    shape.is_cut = any(_is_cut(shape, entry) for entry in entries)
    shape.is_lined = any(_is_lined(entry) for entry in entries)
    return shape


def place(entry: Entry, shape: Shape) -> tuple[list[Placed], list[Written]]:
    """The figures that can be placed, and the others; Unplaceable where none can."""
    block = _block_of(entry, shape.table)
    _check_alone(entry)
    leaves = shape.leaves(entry.header, block)
    in_grid = _by_extent(entry, leaves)
    if in_grid is not None:
        found, others = in_grid
    else:
        found, others = _by_order(entry, leaves, shape), []
    is_one_line = len({id(each.spot.line) for each in entry.figures}) == 1
    _check_gaps({id(leaf): written for leaf, written in found}, leaves, shape, is_one_line=is_one_line)
    row = entry.row.name if entry.row else ""
    return [Placed(Key(shape.table.name, leaf.row or row, leaf.column), written) for leaf, written in found], others


def _check_alone(entry: Entry) -> None:
    """Unplaceable where figures stand before the label, or another row's label stands in the same line."""
    if entry.leading:
        raise Unplaceable("行标签前面还有数")
    if entry.other is not None and entry.other.named is not None:
        raise Unplaceable(f"与“{entry.other.named.meaning.label}”印在了一行")


def _check_gaps(
    written: Mapping[int, Written], leaves: Sequence[Leaf], shape: Shape, *, is_one_line: bool
) -> None:  # fmt: skip
    """Unplaceable where a row with blanks may have lost a figure, those behind it having moved up, or one put together
    from several lines may have taken a stray one: its last column is blank, or its total is not what stands before it.
    A total that stands alone is in its place."""
    for run in _runs(leaves):
        texts = {leaf.column: written[id(leaf)].text for leaf in run if id(leaf) in written}
        if not texts or (len(texts) == len(run) and (is_one_line or run[-1].column not in shape.totals)):
            continue
        if run[-1].column not in texts:
            raise Unplaceable(f"“{run[-1].named.meaning.label}”空白，不能确定前面的数有没有错位")
        if run[-1].column in shape.totals and len(texts) > 1 and not _adds_up(texts, run[-1].column):
            raise Unplaceable("合计不是其余各数之和，不能确定各数有没有错位")


def _runs(leaves: Sequence[Leaf]) -> list[list[Leaf]]:
    """The columns of each row, for a table of one line has several rows in it."""
    found: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        found.setdefault(leaf.row, []).append(leaf)
    return list(found.values())


def _adds_up(texts: Mapping[str, str], total: str) -> bool:
    """Whether the figures of a row are numbers of which one is the sum of the others."""
    values = {
        column: understand(Content(ContentKind.TEXT, text), MOST_DECIMALS).value for column, text in texts.items()
    }
    known = {column: value for column, value in values.items() if value is not None}
    parts = (value for column, value in known.items() if column != total)
    return len(known) == len(values) and known[total] == sum(parts, Decimal(0))


def _block_of(entry: Entry, table: Table) -> int:
    if table.side_by_side:
        if entry.stranger is not None:
            raise Unplaceable(f"前面的“{entry.stranger.text[:20]}”认不出")
        return 0
    if entry.row is not None:
        return entry.row.blocks[0]
    if entry.named is not None:
        raise Unplaceable(f"“{entry.named.meaning.label}”只印了一行，分不到其中各项")
    if entry.stranger is not None:
        raise Unplaceable(f"行标签“{entry.stranger.text.strip()[:20]}”认不出")
    raise Unplaceable("前面没有行标签")


def _by_extent(entry: Entry, leaves: Sequence[Leaf]) -> tuple[list[tuple[Leaf, Written]], list[Written]] | None:
    """Each figure under the header's cell that it stands under, and those under none; None where the entry is not in
    the header's grid, or its row is not in line with it."""
    grid = leaves[0].named.spots[0].line.grid
    if grid is None or any(spot.line.grid != grid for spot in entry.spots) or not _is_in_line(entry, leaves):
        return None
    strangers = entry.header.strangers if entry.header else []
    found: list[tuple[Leaf, Written]] = []
    others: list[Written] = []
    for written in entry.figures:
        cell = written.spot.cell
        over = [leaf for leaf in leaves if leaf.named.left <= cell.right and cell.left <= leaf.named.right]
        if not over and any(_is_below(written, stranger) for stranger in strangers):
            others.append(written)
        elif len(over) == 1 and (not strangers or _is_inside(cell, over[0])):
            found.append((over[0], written))
        else:
            return None
    if strangers and len(found) + len(others) < len(leaves) + len(strangers):
        raise Unplaceable(f"有空白格，表头里的“{strangers[0].text[:20]}”又认不出，不能确定各数有没有错位")
    twice = len({id(leaf) for leaf, _ in found}) < len(found)
    return None if twice else (found, others)


def _is_below(written: Written, stranger: Unknown) -> bool:
    """Whether a figure stands under a text of the header that is no label."""
    return stranger.spot.cell.left <= written.spot.cell.left and written.spot.cell.right <= stranger.spot.cell.right


def _is_inside(cell: Cell, leaf: Leaf) -> bool:
    return leaf.named.left <= cell.left and cell.right <= leaf.named.right


def _is_in_line(entry: Entry, leaves: Sequence[Leaf]) -> bool:
    """Whether an entry's row keeps the header's columns: its labels end before the first of them, no figure stands
    before them, and its lines go as far as the header's."""
    first = min(leaf.named.left for leaf in leaves)
    header_end = max(map(_end, _header_spots(entry, leaves)))
    if entry.row is not None and not _has_label_beside(entry):
        return False
    labels = [] if entry.named is None else list(entry.named.spots)
    if any(spot.cell.right >= first for spot in labels):
        return False
    if any(written.spot.cell.right < first for written in entry.figures):
        return False
    lines = {id(written.spot.line): written.spot for written in entry.figures}
    return all(_end(spot) == header_end for spot in lines.values())


def _header_spots(entry: Entry, leaves: Sequence[Leaf]) -> list[Spot]:
    """A cell of each line of the header, texts that are no labels among them."""
    spots = [spot for leaf in leaves for spot in leaf.named.spots]
    if entry.header is not None:
        spots += [spot for each in entry.header.groups for spot in each.spots]
        spots += [each.spot for each in entry.header.strangers]
    return list({id(spot.line): spot for spot in spots}.values())


def _has_label_beside(entry: Entry) -> bool:
    """Whether every line with a figure has a piece of the row's label in it."""
    lines = {id(spot.line) for spot in entry.named.spots} if entry.named else set()
    return all(id(each.spot.line) in lines for each in entry.figures)


def _end(spot: Spot) -> int:
    """The last column that a line reaches."""
    return max(cell.right for cell in spot.line.cells)


def _by_order(entry: Entry, leaves: Sequence[Leaf], shape: Shape) -> list[tuple[Leaf, Written]]:
    """Each figure under the column of its number, where the pieces of the row tell that for certain."""
    count = len(leaves)
    figures = entry.figures
    if entry.header is not None and entry.header.strangers:
        raise Unplaceable(f"表头里的“{entry.header.strangers[0].text[:20]}”认不出")
    if not shape.totals and shape.is_lined and not _is_lined(entry):
        raise Unplaceable("数不在行标签所在的行里")
    if len(figures) == count and not _has_gaps(figures) and _is_where_it_begins(entry, leaves, shape.table):
        return list(zip(leaves, figures, strict=True))
    if shape.is_cut or len(figures) > count or len({id(each.spot.line) for each in figures}) != 1:
        raise Unplaceable(f"印了 {len(figures)} 个数，表头有 {count} 列")
    first = _first_piece(entry)
    pieces = figures[0].spot.line.cells[first:]
    places = [each.spot.at - first for each in figures]
    pads = range(len(pieces) - count + 1)  # empty pieces before the first column, which only text has
    if shape.table.side_by_side or figures[0].spot.line.grid is not None:
        pads = range(int(len(pieces) == count))
    fits = [pad for pad in pads if pad <= places[0] and places[-1] < pad + count]
    if pieces and pieces[-1].text.strip():
        fits = [pad for pad in fits if pad + count == len(pieces)]
    if len(fits) > 1:
        fits = [pad for pad in fits if _is_under_header(entry, leaves, shape.table, pad)]
    if len(fits) != 1 or len(set(places)) < len(places):
        raise Unplaceable(f"印了 {len(figures)} 个数，其余空白，表头有 {count} 列，对不上是哪几列")
    return [(leaves[at - fits[0]], each) for at, each in zip(places, figures, strict=True)]


def _is_where_it_begins(entry: Entry, leaves: Sequence[Leaf], table: Table) -> bool:
    """Whether a full row can begin where it does: in a grid no blank cell may stand before it, and a line without a
    label must stand under its header's pieces, where it has such; a blank and a figure too many would make it full."""
    first = entry.figures[0].spot
    if table.side_by_side:
        is_cut = len(first.line.cells) > 1 and is_cut_alike([leaf.named for leaf in leaves])
        pairs = zip(leaves, entry.figures, strict=True)
        in_place = all(leaf.named.left == each.spot.cell.left for leaf, each in pairs)
        return in_place or not (is_cut or first.line.grid is not None)
    is_alone = all(each.spot.line is first.line for each in entry.figures) and _has_label_beside(entry)
    return first.line.grid is None or (is_alone and first.at == _first_piece(entry))


def _has_gaps(figures: Sequence[Written]) -> bool:
    """Whether an empty piece stands between two figures of one line."""
    return any(one.spot.line is other.spot.line and other.spot.at - one.spot.at > 1 for one, other in pairwise(figures))


def _first_piece(entry: Entry) -> int:
    """The number of the piece behind the entry's label, in the line of its figures."""
    line = entry.figures[0].spot.line
    labels = [spot.at for spot in (entry.named.spots if entry.named else ()) if spot.line is line]
    return max(labels, default=-1) + 1


def _is_under_header(entry: Entry, leaves: Sequence[Leaf], table: Table, pad: int) -> bool:
    """Whether, with so many empty pieces before its columns, an entry's figures have the very numbers of their columns
    in a header cut into as many pieces; its label must stand at the number of its level, or the line may be shifted."""
    line = entry.figures[0].spot.line
    header_lines = {id(spot.line): spot.line for leaf in leaves for spot in leaf.named.spots}
    if entry.row is None or any(len(each.cells) != len(line.cells) for each in header_lines.values()):
        return False
    rows = table.blocks[entry.row.blocks[0]].rows
    first = _first_piece(entry)
    if first - 1 != len(rows.over(rows.index(entry.row.name) or 0)):
        return False
    return all(leaves[each.spot.at - first - pad].named.left == each.spot.at for each in entry.figures)


def _is_cut(shape: Shape, entry: Entry) -> bool:
    """Whether an entry's line has fewer pieces behind its label than its header has columns."""
    if not entry.figures or entry.row is None or len(entry.figures[0].spot.line.cells) == 1:
        return False
    try:
        count = len(shape.leaves(entry.header, _block_of(entry, shape.table)))
    except Unplaceable:
        return False
    return len(entry.figures[0].spot.line.cells) - _first_piece(entry) < count


def _is_lined(entry: Entry) -> bool:
    """Whether the figures of a row stand in the line of its label."""
    return entry.row is not None and bool(entry.figures) and _has_label_beside(entry)
