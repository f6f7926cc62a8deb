"""One table planned from the top down: its texts, its cells, and the cells around it that serve them.

A table is planned on a grid of its own, label columns first, then data columns; `starts` are the sheet columns at which
the grid's columns start.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.form.area import Area
from toolkit.form.model import Axis, Block, Form, Item, Key, Rule, Table
from toolkit.form.ruling import blocks_of

DECLARATION_LABEL, REMARKS_LABEL = "本表空白格均为零（是／否）：", "备注"


@dataclass(frozen=True, slots=True)
class Label:
    """A printed text and where it stands; `kind` is title, block, corner, group, row, column,
    side (before cells) or above (over cells)."""

    kind: str
    area: Area
    text: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TablePlan:
    """One table on a sheet: its texts, its cells, and the cells around it that serve them.

    `headings` are the row's and the column's label of each cell; `verdicts` the live verdict of a rule along one row or
    column; `prior` last year's figures. `first_data` is where scrolling starts; `last` the last row and column used.
    """

    table: Table
    sheet: str
    labels: tuple[Label, ...]
    cells: Mapping[Key, Area]
    headings: Mapping[Key, tuple[Label, Label]]
    verdicts: Mapping[tuple[str, str], Area]
    prior: Mapping[Key, Area]
    declaration: Area | None
    counts: Area | None
    remarks: Area | None
    first_data: tuple[int, int]
    last: tuple[int, int]


def column_widths(table: Table) -> list[int]:
    """The width of each grid column in characters."""
    return [*table.label_widths, *[table.data_width] * (grid_width(table) - len(table.label_widths))]


def grid_width(table: Table) -> int:
    """How many grid columns a table's labels and cells take."""
    if table.side_by_side:
        return sum(len(block.rows.items) * len(block.columns.items) for block in table.blocks)
    return len(table.label_widths) + max(len(block.columns.items) for block in table.blocks)


@dataclass(slots=True)
class Planning:
    """A table being planned, from the top down."""

    form: Form
    table: Table
    sheet: str
    row: int
    starts: Sequence[int]
    alone: bool
    labels: list[Label] = field(default_factory=list)
    cells: dict[Key, Area] = field(default_factory=dict)
    headings: dict[Key, tuple[Label, Label]] = field(default_factory=dict)
    verdicts: dict[tuple[str, str], Area] = field(default_factory=dict)
    prior: dict[Key, Area] = field(default_factory=dict)

    def plan(self) -> TablePlan:
        """The table's plan; asked for once."""
        depth, width = len(self.table.label_widths), grid_width(self.table)
        broad = max(width, (depth or 3) + 3) if self.alone else width  # room for what stands above and below
        self._label("title", self._area(self.row, 0, self.row, broad - 1), self.table.title)
        self.row += 1
        declaration, counts = self._declaration(depth, broad) if self.alone else (None, None)
        checking = [rule for rule in self._rules() if self._is_shown(rule)]
        on_top = [rule for rule in checking if (rule.each == "row") == self.table.side_by_side]
        verdict_rows = {rule.id: self.row + index for index, rule in enumerate(on_top)}
        self.row += len(on_top)
        first_data = self.row
        for block in self.table.blocks:
            first_data = self._block(block, depth, width)
        self._verdicts_above(on_top, verdict_rows, depth)
        right = max(broad, self._sides([rule for rule in checking if rule.each == "row"], width))
        remarks = self._remarks(depth, broad) if self.alone else None
        self._prior_below(depth)
        frozen = first_data if len(self.table.blocks) == 1 else min(verdict_rows.values(), default=2) + len(on_top)
        return TablePlan(
            self.table, self.sheet, tuple(self.labels), self.cells, self.headings, self.verdicts, self.prior,
            declaration, counts, remarks, (frozen, self.starts[depth]), (self.row - 1, self.starts[right] - 1),
        )  # fmt: skip

    def _rules(self) -> list[Rule]:
        return [rule for rule in self.form.rules if rule.table == self.table.name and not rule.computes]

    def _is_shown(self, rule: Rule) -> bool:
        return self.alone or not any(term.prior for term in (*rule.equation.left, *rule.equation.right))

    def _area(self, top: int, left: int, bottom: int, right: int) -> Area:
        return Area(self.sheet, top, self.starts[left], bottom, self.starts[right + 1] - 1)

    def _label(self, kind: str, area: Area, text: str, aliases: tuple[str, ...] = ()) -> Label:
        label = Label(kind, area, text, aliases)
        if text:
            self.labels.append(label)
        return label

    def _declaration(self, depth: int, width: int) -> tuple[Area, Area]:
        left = depth or width // 3
        cell = left if self.table.data_width >= 10 else left + 1
        self._label("side", self._area(self.row, 0, self.row, left - 1), DECLARATION_LABEL)
        self.row += 1
        return self._area(self.row - 1, left, self.row - 1, cell), self._area(
            self.row - 1, cell + 1, self.row - 1, width - 1
        )

    def _remarks(self, depth: int, width: int) -> Area:
        left = depth or 3
        self._label("side", self._area(self.row, 0, self.row, left - 1), REMARKS_LABEL)
        self.row += 1
        return self._area(self.row - 1, left, self.row - 1, width - 1)

    def _block(self, block: Block, depth: int, width: int) -> int:
        if block.title:
            self._label("block", self._area(self.row, 0, self.row, width - 1), block.title)
            self.row += 1
        return self._line_of_cells(block) if self.table.side_by_side else self._rectangle(block, depth, width)

    def _rectangle(self, block: Block, depth: int, width: int) -> int:
        """Headings above and to the left, cells between; the last column stretches to the table's right edge."""
        spans = [(depth + index, depth + index) for index in range(len(block.columns.items))]
        spans[-1] = (spans[-1][0], width - 1)
        levels, top = block.columns.depth, self.row
        if depth:
            self._label("corner", self._area(top, 0, top + levels - 1, depth - 1), block.corner)
        columns = self._across("column", block.columns, spans, top, levels)
        first_data = self.row = top + levels
        rows = self._down(block.rows, depth)
        for at_row, (row, row_label) in enumerate(zip(block.rows.items, rows, strict=True)):
            for (left, right), column, column_label in zip(spans, block.columns.items, columns, strict=True):
                key = Key(self.table.name, row.name, column.name)
                self.cells[key] = self._area(first_data + at_row, left, first_data + at_row, right)
                self.headings[key] = (row_label, column_label)
        self.row += len(block.rows.items)
        return first_data

    def _line_of_cells(self, block: Block) -> int:
        """All rows side by side under their own headings; one line of cells."""
        each = len(block.columns.items)
        spans = [(index * each, index * each + each - 1) for index in range(len(block.rows.items))]
        rows = self._across("row", block.rows, spans, self.row, block.rows.depth)
        top = self.row + block.rows.depth
        data = top + block.columns.depth
        for (left, _), row, row_label in zip(spans, block.rows.items, rows, strict=True):
            places = [(left + index, left + index) for index in range(each)]
            columns = self._across("column", block.columns, places, top, block.columns.depth)
            for (at, _), column, column_label in zip(places, block.columns.items, columns, strict=True):
                key = Key(self.table.name, row.name, column.name)
                self.cells[key] = self._area(data, at, data, at)
                self.headings[key] = (row_label, column_label)
        self.row = data + 1
        return data

    def _across(self, kind: str, axis: Axis, spans: list[tuple[int, int]], top: int, levels: int) -> list[Label]:
        """Headings above cells: groups on their levels, each item from below its groups down to the last level."""
        for group in axis.groups:
            level = axis.over(group.first).index(group)
            area = self._area(top + level, spans[group.first][0], top + level, spans[group.last][1])
            self._label("group", area, group.label, group.aliases)
        return [
            self._label(
                kind, self._area(top + len(axis.over(index)), left, top + levels - 1, right), item.label, item.aliases
            )
            for index, (item, (left, right)) in enumerate(zip(axis.items, spans, strict=True))
        ]

    def _down(self, axis: Axis, depth: int) -> list[Label]:
        """The same to the left of cells."""
        for group in axis.groups:
            level = axis.over(group.first).index(group)
            area = self._area(self.row + group.first, level, self.row + group.last, level)
            self._label("group", area, group.label, group.aliases)
        return [
            self._label(
                "row",
                self._area(self.row + index, len(axis.over(index)), self.row + index, depth - 1),
                item.label,
                item.aliases,
            )
            for index, item in enumerate(axis.items)
        ]

    def _verdicts_above(self, rules: list[Rule], rows: dict[str, int], depth: int) -> None:
        for rule in rules:
            if depth:
                self._label("side", self._area(rows[rule.id], 0, rows[rule.id], depth - 1), rule.title)
            for along, areas in self._lanes(rule):
                self.verdicts[rule.id, along] = Area(
                    self.sheet,
                    rows[rule.id],
                    min(area.left for area in areas),
                    rows[rule.id],
                    max(area.right for area in areas),
                )

    def _sides(self, rules: list[Rule], width: int) -> int:
        """Verdicts and last year's figures to the right of rows; returns the next free grid column."""
        if self.table.side_by_side:
            return width
        for rule in rules:
            for item in self._prior_items(rule):
                width = self._prior_beside(rule, item, width)
            for index, (along, areas) in enumerate(self._lanes(rule)):
                row = areas[0].top
                if index == 0:
                    self._label("above", self._area(row - 1, width, row - 1, width), rule.title)
                self.verdicts[rule.id, along] = self._area(row, width, row, width)
            width += 1
        return width

    def _prior_beside(self, rule: Rule, item: Item, width: int) -> int:
        keys = [Key(self.table.name, along, item.name) for along, _ in self._lanes(rule)]
        if all(key.prior in self.prior for key in keys):
            return width
        heading = self.cells[keys[0]].top - 1
        self._label("above", self._area(heading, width, heading, width), f"上年{item.short}")
        for key in keys:
            row = self.cells[key].top
            self.prior[key.prior] = self._area(row, width, row, width)
        return width + 1

    def _prior_below(self, depth: int) -> None:
        """Last year's figures under the columns they speak of."""
        for rule in self._rules() if self.alone else []:
            if rule.each == "row" and not self.table.side_by_side:
                continue
            for item in self._prior_items(rule):
                names = [
                    (item.name, along) if rule.each == "column" else (along, item.name)
                    for along, _ in self._lanes(rule)
                ]
                keys = [Key(self.table.name, row, column) for row, column in names]
                if all(key.prior in self.prior for key in keys):
                    continue
                if depth:
                    self._label("side", self._area(self.row, 0, self.row, depth - 1), f"上年报告：{item.short}")
                for key in keys:
                    left, right = self.cells[key].left, self.cells[key].right
                    self.prior[key.prior] = Area(self.sheet, self.row, left, self.row, right)
                self.row += 1

    def _prior_items(self, rule: Rule) -> list[Item]:
        """The items whose figures of last year a rule asks for."""
        terms = [term for term in (*rule.equation.left, *rule.equation.right) if term.prior]
        _, named, _ = next(blocks_of(rule, self.table))
        return list(dict.fromkeys(item for term in terms for item in named.run(term.first, term.last)))

    def _lanes(self, rule: Rule) -> Iterator[tuple[str, list[Area]]]:
        """Each row or column the rule runs along, with the areas of its cells."""
        for _, named, along in blocks_of(rule, self.table):
            for lane in along.items:
                names = [
                    (item.name, lane.name) if rule.each == "column" else (lane.name, item.name) for item in named.items
                ]
                yield lane.name, [self.cells[Key(self.table.name, row, column)] for row, column in names]
