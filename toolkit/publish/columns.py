"""A printed header -> the columns it tells for certain, by the cells they stand in or in the order they are read in."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from toolkit.form.model import Block, Table
from toolkit.publish.entries import Header
from toolkit.publish.lexicon import Kind
from toolkit.publish.scanning import Named, Spot


class Unplaceable(Exception):
    """Why no figure of an entry can be placed, in a few words."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A column as a header prints it: the row (in a table of one line) and the column it stands for, and its cell."""

    row: str
    column: str
    named: Named


def leaves_of(header: Header | None, table: Table, block: int) -> list[Leaf]:
    """The columns of a header in their printed order; Unplaceable where it does not tell them for certain."""
    if header is None or not header.columns:
        raise Unplaceable("上面没有印表头")
    if header.strangers and not _is_grid(header):
        raise Unplaceable(f"表头里的“{header.strangers[0].text[:20]}”认不出")
    if table.side_by_side:
        return _tiled(_side_by_side(header, table), header, table.blocks[0])
    stray = next((each for each in header.columns if block not in each.meaning.blocks), None)
    if stray is not None:
        raise Unplaceable(f"上面的表头“{stray.meaning.label}”不是这一行的")
    return _tiled(_ordered(header, table.blocks[block]), header, table.blocks[block])


def _tiled(leaves: list[Leaf], header: Header, block: Block) -> list[Leaf]:
    """The same columns; in a grid their cells must not overlap, and a label over several must reach over just these."""
    if not _is_grid(header):
        return leaves
    if any(one.named.right >= other.named.left for one, other in pairwise(leaves)):
        raise Unplaceable("表头各格上下对不齐")
    for group in (*header.groups, *header.rows):
        under = [leaf.named for leaf in leaves if _is_under(leaf, group, block)]
        under += [Named(group.meaning, (each.spot,)) for each in header.strangers if _touches(each.spot, group)]
        ends = (min((each.left for each in under), default=-1), max((each.right for each in under), default=-1))
        if ends != (group.left, group.right):
            raise Unplaceable(f"表头的“{group.meaning.label}”与下面各列对不齐")
    return leaves


def _is_under(leaf: Leaf, group: Named, block: Block) -> bool:
    """Whether a column belongs under a label over several."""
    if group.meaning.kind is Kind.ROW:
        return leaf.row == group.meaning.name
    axis, name = (block.columns, leaf.column) if group.meaning.kind is Kind.COLUMN_GROUP else (block.rows, leaf.row)
    return any(each.label == group.meaning.name for each in axis.over(axis.index(name) or 0))


def _touches(spot: Spot, group: Named) -> bool:
    return spot.cell.left <= group.right and group.left <= spot.cell.right


def is_cut_alike(columns: Sequence[Named]) -> bool:
    """Whether all lines of a header are cut into as many pieces, each column in a piece of its own: they can be set
    under each other."""
    spots = [spot for each in columns for spot in each.spots]
    counts = {len(spot.line.cells) for spot in spots}
    lefts = [each.left for each in columns]
    return len(counts) == 1 and counts != {1} and len(set(lefts)) == len(lefts)


def _ordered(header: Header, block: Block) -> list[Leaf]:
    """The columns by the cells or pieces they stand in; where a header is running text, in the form's order, as far as
    it is that in which they are read."""
    leaves = [Leaf("", each.meaning.name, each) for each in header.columns]
    if len({leaf.column for leaf in leaves}) < len(leaves):
        raise Unplaceable("表头里同一列印了两次")
    if _is_grid(header) or is_cut_alike(header.columns):
        return sorted(leaves, key=lambda leaf: leaf.named.left)
    names = [item.name for item in block.columns.items]
    depths = {item.name: len(block.columns.over(at)) for at, item in enumerate(block.columns.items)}
    together: dict[tuple[int, int], list[int]] = {}  # a label that reaches down is read before its neighbours
    for leaf in leaves:
        depth = depths[leaf.column]
        line = 0 if depth == max(depths.values()) else id(leaf.named.spots[0].line)
        together.setdefault((depth, line), []).append(names.index(leaf.column))
    if any(printed != sorted(printed) for printed in together.values()):
        raise Unplaceable("表头各列的顺序与报表不同")
    return sorted(leaves, key=lambda leaf: names.index(leaf.column))


def _side_by_side(header: Header, table: Table) -> list[Leaf]:
    """The columns of a table of one line: each stands under its row's label in a grid; in text they run through the
    rows one after the other, beginning anew with each row."""
    rows = [each.meaning.name for each in header.rows]
    names = [item.name for item in table.blocks[0].rows.items]
    if _is_grid(header):
        leaves = [Leaf(_above(each, header.rows), each.meaning.name, each) for each in header.columns]
        return sorted(leaves, key=lambda leaf: leaf.named.left)
    if rows != names:
        missing = [item.label for item in table.blocks[0].rows.items if item.name not in rows]
        raise Unplaceable(f"表头没有印“{missing[0]}”" if missing else "表头各项的顺序与报表不同")
    order = [item.name for item in table.blocks[0].columns.items]
    places = [order.index(each.meaning.name) for each in header.columns]
    starts = [0, *(at for at, (one, other) in enumerate(pairwise(places), 1) if other <= one)]
    if len(starts) != len(names):
        raise Unplaceable(f"表头印了 {len(places)} 列，分不清各列属于哪一项")
    runs = [sum(at >= start for start in starts) - 1 for at in range(len(places))]
    return [Leaf(names[run], each.meaning.name, each) for run, each in zip(runs, header.columns, strict=True)]


def _above(column: Named, rows: Sequence[Named]) -> str:
    """The row in a grid's header under whose label a column stands."""
    over = [row.meaning.name for row in rows if row.left <= column.left and column.right <= row.right]
    if len(over) != 1:
        raise Unplaceable(f"表头的“{column.meaning.label}”不在哪一项的下面")
    return over[0]


def _is_grid(header: Header) -> bool:
    """Whether all of a header stands in one printed grid."""
    grids = {spot.line.grid for each in (*header.columns, *header.rows) for spot in each.spots}
    return len(grids) == 1 and None not in grids
