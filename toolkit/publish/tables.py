"""The lines of a report's tables -> every figure in its place, every one that has none and why, and what is not
printed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.audit.checks import Rulebook
from toolkit.form.model import Key, Table
from toolkit.problems import Problem, Severity, Where
from toolkit.publish.columns import Unplaceable, leaves_of
from toolkit.publish.document import Line
from toolkit.publish.entries import Entry, Header, gather
from toolkit.publish.lexicon import lexicon_of
from toolkit.publish.placing import Placed, place, shape_of
from toolkit.publish.scanning import Spot, Written, scan

_QUOTED, _MOST_PIECES, _MOST_TOLD = 60, 200, 200
_LISTED = 6
_FILL_IN = "请对照原件，在生成的工作簿里补填。"


@dataclass(slots=True)
class TableFigures:
    """What was read of one table: the figure of each cell as it is written, problems, and what was left out, quoted."""

    figures: dict[Key, Written] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read_table(book: Rulebook, table: Table, lines: Sequence[Line], file: str) -> TableFigures:
    """All that can be read of one table; nothing at all is told as one problem."""
    lexicon, reading = lexicon_of(table), _Reading(table, file)
    rows = [line for line in lines if not reading.is_endless(line)]
    headers, entries = gather(scan(rows, lexicon), lexicon.twins, side_by_side=table.side_by_side)
    if not any(entry.figures for entry in entries):
        reading.tell_missing(bool(headers))
        return reading.printed
    shape = shape_of(table, _totals(book, table), entries)
    for entry in entries:
        if entry.figures or entry.leading or (entry.other and entry.other.figures):
            try:
                reading.take(entry, *place(entry, shape))
            except Unplaceable as reason:
                reading.refuse(entry, str(reason))
    reading.tell_not_printed(headers, entries)
    reading.tell_texts(entries)
    return reading.printed


class _Reading:
    """One table being read; `_unsure` are cells that were printed twice and differ."""

    def __init__(self, table: Table, file: str) -> None:
        self._table, self._file = table, file
        self._unsure: set[Key] = set()
        self._told = 0
        self.printed = TableFigures()

    def take(self, entry: Entry, placed: Iterable[Placed], others: Sequence[Written]) -> None:
        """Put figures in their cells; where a cell has one already they must agree."""
        for each in placed:
            before = self.printed.figures.get(each.key)
            if each.key in self._unsure or (before is not None and _plain(before) != _plain(each.written)):
                self._tell_twice(each, before)
            elif before is None:
                self.printed.figures[each.key] = each.written
        for written in others:
            told = f"{_quoted(entry)}里的「{written.text[:20]}」：上面没有认得出的表头，没有填入"
            self._tell_unplaced(written.spot, told, self._keys_of(entry), entry)

    def is_endless(self, line: Line) -> bool:
        """Whether a line has more pieces than any row; that is told once."""
        is_long = len(line.cells) > _MOST_PIECES or len(line.text.split()) > _MOST_PIECES
        if is_long:
            told = f"“{line.text[:_QUOTED]}…”：这一行的内容太多，没有读入"
            self._tell_unplaced(Spot(line, line.cells[0], 0), told, (), None)
        return is_long

    def tell_texts(self, entries: Iterable[Entry]) -> None:
        """Say what texts stand in the table's section that are neither labels nor figures."""
        if self._told > _MOST_TOLD:
            told = f"{self._table.short}另有 {self._told - _MOST_TOLD} 处没有填入，不再一一列出。"
            self.printed.problems.append(Problem(Where(self._file), "unplaced", Severity.ERROR, told, _FILL_IN))
        texts = [entry.stranger for entry in entries if entry.stranger and not entry.figures and not entry.leading]
        if texts:
            first = texts[0].spot.line
            told = f"{self._table.short}里还有文字 {len(texts)} 处，没有读入：“{first.text[:_QUOTED]}”。"
            self.printed.problems.append(
                Problem(
                    first.where, "unplaced", Severity.NOTICE, told, "不是报告正文的不必处理。", found=first.text[:200]
                )
            )

    def refuse(self, entry: Entry, reason: str) -> None:
        """Say that no figure of an entry could be placed."""
        keys = self._keys_of(entry)
        self._unsure.update(keys)
        for key in keys:
            self.printed.figures.pop(key, None)
        self._tell_unplaced(entry.spots[0], f"{_quoted(entry)}：{reason}，没有填入", keys, entry)

    def tell_missing(self, has_header: bool) -> None:
        """Say that the report has no figure of this table."""
        told = f"{self._table.title}：" + ("只有表头，没有数。" if has_header else "报告里没有找到这张表。")
        self._tell_blank(told, [key for key, _, _ in self._table.cells()])

    def tell_not_printed(self, headers: Iterable[Header], entries: Sequence[Entry]) -> None:
        """Say which rows and columns the report does not print."""
        is_loose = any(entry.figures and entry.row is None for entry in entries)  # they may be any blank row's
        rows = {entry.row.name for entry in entries if entry.row and (entry.figures or not is_loose)}
        columns = dict(self._printed_columns(headers))
        for at, block in enumerate(self._table.blocks):
            if not self._table.side_by_side:
                gone = [row for row in block.rows.items if row.name not in rows]
                keys = [Key(self._table.name, row.name, each.name) for row in gone for each in block.columns.items]
                self._tell_gone([row.label for row in gone], "行", keys)
            if at not in columns:
                continue  # where no header of a block could be used, its rows are told one by one
            cells = [(row, column) for row in block.rows.items for column in block.columns.items]
            unseen = [
                (row, column) for row, column in cells if ((row.name, column.name) not in columns[at])
                and ("", column.name) not in columns[at]
            ]  # fmt: skip
            keys = [Key(self._table.name, row.name, column.name) for row, column in unseen]
            labels = [
                f"{row.label}·{column.label}" if self._table.side_by_side else column.label for row, column in unseen
            ]
            self._tell_gone(list(dict.fromkeys(labels)), "列", keys)

    def _printed_columns(self, headers: Iterable[Header]) -> Iterator[tuple[int, set[tuple[str, str]]]]:
        """For each block that has a usable header the rows (in a table of one line) and columns that it prints."""
        seen: dict[int, set[tuple[str, str]]] = {}
        for header in headers:
            for at in range(len(self._table.blocks)):
                try:
                    leaves = leaves_of(header, self._table, at)
                except Unplaceable:
                    continue
                seen.setdefault(at, set()).update((leaf.row, leaf.column) for leaf in leaves)
        yield from seen.items()

    def _tell_gone(self, labels: Sequence[str], what: str, keys: Sequence[Key]) -> None:
        if labels:
            shown = "、".join(f"“{label}”" for label in labels[:_LISTED])
            more = f"等 {len(labels)} {what}" if len(labels) > _LISTED else f" {len(labels)} {what}"
            self._tell_blank(f"{self._table.short}没有印，或没有认出{shown}{more}，留作空白。", keys)

    def _tell_blank(self, message: str, keys: Sequence[Key]) -> None:
        where = Where(self._file)
        self.printed.problems.append(
            Problem(where, "not-printed", Severity.WARNING, message, _FILL_IN, tuple(map(str, keys)))
        )

    def _tell_twice(self, placed: Placed, before: Written | None) -> None:
        self._unsure.add(placed.key)
        self.printed.figures.pop(placed.key, None)
        earlier = f"{before.spot.line.where}印的是「{before.text[:20]}」，" if before else ""
        told = f"{self._called(placed.key)}印了不止一次：{earlier}这里是「{placed.written.text[:20]}」，没有填入"
        self._tell_unplaced(placed.written.spot, told, (placed.key,), None)

    def _tell_unplaced(self, spot: Spot, told: str, keys: Sequence[Key], entry: Entry | None) -> None:
        where = spot.line.where
        found = spot.line.text[:200]
        self._told += 1
        if self._told > _MOST_TOLD:
            return
        self.printed.left_out.append(f"{where}“{found[:_QUOTED]}”" if entry is None else f"{where}{_quoted(entry)}")
        self.printed.problems.append(
            Problem(where, "unplaced", Severity.ERROR, f"{told}。", _FILL_IN, tuple(map(str, keys)), found=found)
        )

    def _called(self, key: Key) -> str:
        labels = next((f"{row.short}·{column.short}" for each, row, column in self._table.cells() if each == key), "")
        return f"{self._table.short}的“{labels}”"

    def _keys_of(self, entry: Entry) -> list[Key]:
        """The cells that an entry may be of; none where it is of no known row."""
        if self._table.side_by_side:
            return [] if entry.stranger is not None else [key for key, _, _ in self._table.cells()]
        names = {each.row.name for each in (entry, entry.other) if each is not None and each.row is not None}
        return [key for key, row, _ in self._table.cells() if row.name in names]


def _totals(book: Rulebook, table: Table) -> frozenset[str]:
    """The columns whose cells are computed from the others of their row."""
    rules = (rule for rule in book.form.rules if rule.computes and rule.table == table.name and rule.each == "row")
    return frozenset(check.left[0][1].column for rule in rules for check in book.checks_of(rule))


def written_keys(printed: Iterable[TableFigures]) -> Mapping[Key, Written]:
    """The figures of all tables together."""
    return {key: written for table in printed for key, written in table.figures.items()}


def _plain(written: Written) -> str:
    return "".join(written.text.split())


def _quoted(entry: Entry) -> str:
    """The lines of an entry, each once, shortened."""
    lines = {id(spot.line): spot.line for spot in entry.spots}
    text = " ".join(line.text for line in lines.values())
    return f"“{text[:_QUOTED]}{'…' if len(text) > _QUOTED else ''}”"
