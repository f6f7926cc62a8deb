"""The cells of one table in a returned workbook -> its figures, and every problem met on the way.

A cell is found by its defined name and must stand under its own labels; where it does not, it is not read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from toolkit.audit.checks import Rulebook
from toolkit.audit.numbers import EMPTY, Content, Figure, Kind, printed, understand
from toolkit.audit.submission import Places
from toolkit.form.model import Key
from toolkit.problems import Problem, Severity, Where
from toolkit.workbook.directory import Spot
from toolkit.workbook.issued import IssuedTable
from toolkit.workbook.labels import Fit, Heading, headings_of
from toolkit.workbook.reader import Workbook
from toolkit.workbook.sheets import Sheet

_LISTED = 6
_FIRST_DAY = date(1899, 12, 30)
_FIRST_DATE, _LAST_DATE = 36526, 55153
_QUOTED = {Kind.DATE: "日期或时间「{}」", Kind.ERROR: "错误值「{}」", Kind.BOOLEAN: "逻辑值「{}」"}
_TRUTH = {"1": "TRUE", "0": "FALSE"}
_REASONS = {
    "not-a-number": ("不是数字", "请改为阿拉伯数字，没有的填 0，说明写在备注里。"),
    "negative": ("是负数", "件数和金额不能为负，请改正。"),
    "not-whole": ("小数位过多", "请改正。"),
}


@dataclass(slots=True)
class Figures:
    """What one table yields: figures, numbers typed over computed cells, remarks behind figures, places, blanks,
    contents that are not just the figure, problems. `file` is how messages call the workbook."""

    file: str
    values: dict[Key, Decimal | None] = field(default_factory=dict)
    overwritten: dict[Key, Decimal] = field(default_factory=dict)
    notes: dict[Key, str] = field(default_factory=dict)
    spots: Mapping[Key, Spot] = field(default_factory=dict)
    blanks: list[Key] = field(default_factory=list)
    raws: dict[Key, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def places(self) -> Mapping[Key, Where]:
        """Where each cell stands."""
        return Places(self.file, self.spots)


def read_figures(book: Rulebook, table: IssuedTable, workbook: Workbook, file: str) -> Figures:
    """The figures of one table; blanks are listed, not judged."""
    reading = _TableReading(book, table, workbook, file)
    return reading.read()


def addresses(places: Iterable[Where]) -> str:
    """`D8、D9、E10 等`: the first few cells."""
    cells = [place.cell or "" for place in places]
    return "、".join(cells[:_LISTED]) + (" 等" if len(cells) > _LISTED else "")


class _TableReading:
    """One table being read."""

    def __init__(self, book: Rulebook, table: IssuedTable, workbook: Workbook, file: str) -> None:
        self._book, self._table, self._workbook, self._file = book, table, workbook, file
        self._plan = table.plan
        self._figures = Figures(file)

    def read(self) -> Figures:
        sheet = self._workbook.sheets.get(self._plan.sheet)
        if sheet is not None and self._table.is_named_as_issued(self._workbook.names):
            self._figures.spots = self._table.spots
            if self._table.are_labels_in_place(sheet):
                self._read_in_place(sheet)
            else:
                self._read_cells(sheet, self._table.cells, self._check_labels(sheet, self._table.cells))
            self._read_prior()
        else:
            self._read_moved()
        return self._figures

    def _read_in_place(self, sheet: Sheet) -> None:
        """The cells of a table as issued; what is nothing but a figure, as most are, is taken at once."""
        values, found = self._figures.values, sheet.cells
        for key, cell, decimals in self._table.typed:
            content = found.get(cell, EMPTY)
            value = understand(content, decimals).plain
            if value is not None and value < _FIRST_DATE and not content.formula:
                values[key] = value
            else:
                self._read_cell(key, content)
        for key in self._book.computed:
            if key in self._table.cells:
                self._read_cell(key, found.get(self._table.cells[key], EMPTY))

    def _read_moved(self) -> None:
        """The cells of a table whose names are not all there, or do not all point where they were issued."""
        names = self._workbook.names
        spots = {key: spot for key in self._plan.cells if (spot := names.get(str(key))) is not None}
        sheets = {sheet for sheet, _ in spots.values() if sheet in self._workbook.sheets}
        if not sheets:
            self._add(
                "sheet-missing",
                Severity.ERROR,
                list(self._plan.cells),
                f"找不到工作表“{self._plan.sheet}”",
                "请在下发的工作簿里重新填报，不要删除工作表。",
            )
            return
        name = max(sorted(sheets), key=lambda sheet: sum(spot[0] == sheet for spot in spots.values()))
        sheet = self._workbook.sheets[name]
        placed = {key: cell for key, (where, cell) in spots.items() if where == name}
        prior = {key: spot for key in self._plan.prior if (spot := names.get(str(key))) is not None}
        self._figures.spots = {key: (name, cell) for key, cell in placed.items()} | prior
        is_in_place = placed == self._table.cells and self._table.are_labels_in_place(sheet)
        self._read_cells(sheet, placed, [] if is_in_place else self._check_labels(sheet, placed))
        self._read_prior()

    def _read_cells(self, sheet: Sheet, placed: Mapping[Key, str], moved: list[Key]) -> None:
        lost = [key for key in self._plan.cells if key not in placed]
        if lost or moved:
            self._report_moved(sheet.name, lost, moved)
        for key, cell in placed.items():
            if key not in moved:
                self._read_cell(key, sheet.cells.get(cell, EMPTY))

    def _check_labels(self, sheet: Sheet, placed: Mapping[Key, str]) -> list[Key]:
        """Report reworded labels; return the cells that stand under another cell's label, or elsewhere under none."""
        changed: dict[str, tuple[Heading, list[Key]]] = {}
        moved: list[Key] = []
        for key, heading in headings_of(self._plan, sheet, placed):
            if heading.fit is Fit.OTHER and key not in moved:
                moved.append(key)
            elif heading.fit is Fit.CHANGED:
                changed.setdefault(heading.cell, (heading, []))[1].append(key)
        unlabelled = Counter(key for _, keys in changed.values() for key in keys)
        moved += [key for key, count in unlabelled.items() if count == 2 and placed[key] != self._plan.cells[key].cell]
        for heading, keys in changed.values():
            if not set(keys) <= set(moved):
                self._figures.problems.append(
                    _label_changed(Where(self._file, sheet.name, heading.cell), heading, keys)
                )
        return moved

    def _report_moved(self, sheet: str, lost: list[Key], moved: list[Key]) -> None:
        keys = [key for key in self._plan.cells if key in lost or key in moved]
        places = [self._figures.places.get(key, Where(self._file, sheet, self._plan.cells[key].cell)) for key in keys]
        message = f"有 {len(keys)} 格与标签对不上，未予读取（{addresses(places)}）：行列被插入、删除或移动过"
        self._add(
            "cells-moved",
            Severity.ERROR,
            keys,
            message,
            "请在下发的工作簿里重新填报，不要增删行列或移动单元格。",
            places[0],
        )

    def _read_cell(self, key: Key, content: Content) -> None:
        if key in self._book.computed:
            if not content.formula and content.kind in (Kind.NUMBER, Kind.TEXT):
                figure = understand(content, self._book.cells[key].decimals)
                if figure.value is not None:
                    self._figures.overwritten[key] = figure.value
            return
        decimals = self._book.cells[key].decimals
        figure = understand(content, decimals)
        if figure.code is not None:
            self._report_wrong(key, content, figure.code, decimals, figure.value)
        elif content.formula:
            self._report_formula(key, figure.value)
        elif figure.value is None:
            self._figures.blanks.append(key)
        elif figure.normalised:
            self._report_normalised(key, content, figure)
        elif content.kind is Kind.NUMBER and decimals == 0 and _FIRST_DATE <= figure.value <= _LAST_DATE:
            self._report_date_number(key, figure.value)
        self._figures.values[key] = None if figure.code else figure.value
        if content.formula or figure.code or figure.normalised:
            self._figures.raws[key] = f"（公式）{content.text}" if content.formula else content.text

    def _report_normalised(self, key: Key, content: Content, figure: Figure) -> None:
        message = f"「{content.text[:40]}」按 {printed(figure.value)} 读取"
        hint = "不必处理；今后请直接键入数字。"
        if figure.remark:
            self._figures.notes[key] = figure.remark
            message += f"，括号里的“{figure.remark[:40]}”留作备注"
            hint = "不必处理；今后请把说明写在备注栏。"
        self._add("normalised", Severity.NOTICE, [key], message, hint, found=content.text[:200])

    def _report_date_number(self, key: Key, value: Decimal) -> None:
        day = _FIRST_DAY + timedelta(days=int(value))
        message = f"{printed(value)} 按数字读取，但它也可能是日期 {day} 变成的"
        self._add("not-a-number", Severity.WARNING, [key], message, "请核对；确是件数的不必处理。", found=value)

    def _report_formula(self, key: Key, result: Decimal | None) -> None:
        if result is not None:
            self._add(
                "formula-in-input",
                Severity.WARNING,
                [key],
                f"填的是公式，按其结果 {printed(result)} 读取",
                "请改为直接键入数字。",
            )
        else:
            self._add("formula-in-input", Severity.ERROR, [key], "填的是公式，而且没有存下结果", "请改为直接键入数字。")

    def _report_wrong(self, key: Key, content: Content, code: str, decimals: int, value: Decimal | None) -> None:
        reason, hint = _REASONS[code]
        if code == "not-whole":
            reason = "不是整数" if decimals == 0 else f"超过 {decimals} 位小数"
            hint = "请填整数。" if decimals == 0 else f"请保留 {decimals} 位以内的小数。"
        shown = _TRUTH.get(content.text, content.text) if content.kind is Kind.BOOLEAN else content.text
        quoted = _QUOTED.get(content.kind, "「{}」").format(shown[:40])
        found = value if value is not None else content.text[:200]
        self._add(code, Severity.ERROR, [key], f"{quoted}{reason}", hint, found=found)

    def _read_prior(self) -> None:
        for key in self._plan.prior:
            content = self._workbook.content(str(key))
            figure = understand(content, self._book.cells[key.current].decimals)
            self._figures.values[key] = None if figure.code else figure.value

    def _add(
        self, code: str, severity: Severity, keys: list[Key], fact: str, hint: str,
        where: Where | None = None, found: Decimal | str | None = None,
    ) -> None:  # fmt: skip
        """Remember a problem; at a single cell its place and labels come first."""
        place = where or self._figures.places.get(keys[0], Where(self._file, self._plan.sheet))
        cell = self._book.cells[keys[0]]
        called = f"{place}（{cell.row.short}·{cell.column.short}）" if len(keys) == 1 else self._plan.sheet
        problem = Problem(place, code, severity, f"{called}：{fact}。", hint, tuple(map(str, keys)), None, found)
        self._figures.problems.append(problem)


def _label_changed(where: Where, heading: Heading, keys: list[Key]) -> Problem:
    found = f"“{heading.found[:40]}”" if heading.found else "空白"
    message = f"{where}：标签应为“{heading.label.text}”，现为{found}；数字仍按原位置读取。"
    hint = "请核对标签是否只是改了说法；下次请勿改动标签。"
    return Problem(
        where,
        "label-changed",
        Severity.WARNING,
        message,
        hint,
        tuple(map(str, keys)),
        heading.label.text,
        heading.found[:200],
    )
