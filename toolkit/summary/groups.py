"""The sheets of parts: a row a part with its live sums over the detail, how many of how many, a proof that the parts
are the whole; and for each part the official tables."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from toolkit.audit.formulas import EQUAL
from toolkit.form.area import Area, column_name
from toolkit.form.model import Key
from toolkit.summary.detail import DetailPlan, head_texts
from toolkit.summary.merge import Summary, add_up
from toolkit.summary.parts import Division, counted_words, part_values
from toolkit.summary.totals import draw_heading, draw_official, last_row, plan_block, set_widths
from toolkit.workbook.drawing import height, lines, mark_verdicts, print_on_a4, put_formula, put_number, put_text
from toolkit.workbook.styles import Styles

WHOLE, PROOF = "合计", "核对"
MOST_BLOCKS = 100

_LEADING = (("", 26), ("应报", 7), ("收录", 7), ("收录/应报", 11))
_LABEL, _EXPECTED, _COUNTED, _RATIO = range(4)
_HEAD_ROWS = (1, 2, 3)
_FIRST_ROW = 4


class PartsSheet:
    """The sheet with a row for each part of one division, being drawn."""

    def __init__(
        self, sheet: Worksheet, summary: Summary, division: Division, detail: DetailPlan, styles: Styles
    ) -> None:
        self._sheet, self._summary, self._division = sheet, summary, division
        self._detail, self._styles = detail, styles
        self._columns = {key: len(_LEADING) + at for at, key in enumerate(summary.book.cells)}

    def draw(self, title: str) -> None:
        """All of it; every part that a counted agency is in has a row, those of the roster first."""
        put_text(self._sheet, self._cell(0, 0), title, self._styles.get("title", align="left", text_wrap=False))
        self._sheet.set_row(0, height(2))
        self._head()
        for at in range(len(self._division.parts)):
            self._part(at)
        self._whole(_FIRST_ROW + len(self._division.parts))
        self._sheet.freeze_panes(_FIRST_ROW, len(_LEADING))
        print_on_a4(self._sheet, title, landscape=True, wide=0)
        self._sheet.repeat_rows(1, _HEAD_ROWS[-1])
        self._sheet.repeat_columns(0, 0)

    def figure(self, key: Key, at: int) -> str:
        """The cell of a part's figure, as another sheet's formula calls it; the whole stands behind the parts."""
        return f"{self._division.sheet}!{column_name(self._columns[key])}{_FIRST_ROW + at + 1}"

    def _cell(self, row: int, column: int) -> Area:
        return Area(self._division.sheet, row, column, row, column)

    def _head(self) -> None:
        style = self._styles.get("head", font_size=9)
        for column, (text, width) in enumerate(_LEADING):
            self._sheet.set_column(column, column, width)
            told = text or self._division.heading
            for row in _HEAD_ROWS:
                put_text(self._sheet, self._cell(row, column), told if row == _HEAD_ROWS[-1] else "", style)
        for key, column in self._columns.items():
            for row, text in zip(_HEAD_ROWS, head_texts(self._summary.book, key), strict=True):
                put_text(self._sheet, self._cell(row, column), text, style)
        self._sheet.set_column(len(_LEADING), len(_LEADING) + len(self._columns) - 1, 9.5)
        for row, high in zip(_HEAD_ROWS, (1, 3, 2), strict=True):
            self._sheet.set_row(row, height(high))

    def _part(self, at: int) -> None:
        """One part; a figure counts in it where the detail says exactly its name, and in what stands above it."""
        part, row = self._division.parts[at], _FIRST_ROW + at
        own = f"--EXACT({self._detail.labels(self._division.heading)},$A{row + 1})"
        inner = [_FIRST_ROW + place for place, each in enumerate(self._division.parts) if each.within == at]
        put_text(self._sheet, self._cell(row, _LABEL), part.label, self._styles.get("label"))

        def with_inner(formula: str, column: int) -> str:
            return f"{formula}+{_sum_of(inner, column)}" if inner else formula

        counted = with_inner(f"=SUMPRODUCT({own})", _COUNTED)
        self._counts(row, self._division.all_expected(at), counted, len(self._division.all_members(at)))
        values = part_values(self._summary, self._division, at)
        for key, column in self._columns.items():
            formula = with_inner(f"=SUMPRODUCT({own},{self._detail.span(key)})", column)
            put_formula(self._sheet, self._cell(row, column), formula, self._styles.get("formula"), values[key])
        self._sheet.set_row(row, height(lines(part.label, _LEADING[_LABEL][1])))

    def _whole(self, row: int) -> None:
        """All agencies together, straight from the detail; and whether the parts add up to it."""
        total, computed = self._summary.values, self._styles.get("computed")
        put_text(self._sheet, self._cell(row, _LABEL), WHOLE, computed)
        self._counts(row, expected_of_all(self._division), f"={self._above(_COUNTED)}", len(self._summary.included))
        for key, column in self._columns.items():
            put_formula(self._sheet, self._cell(row, column), f"=SUM({self._detail.span(key)})", computed, total[key])
        self._sheet.set_row(row, height(1))
        self._sheet.set_row(row + 1, height(1))
        put_text(self._sheet, self._cell(row + 1, _LABEL), PROOF, self._styles.get("label"))
        sums = add_up(self._summary.book, [self._summary.included[at] for at in self._members()])
        for key, column in self._columns.items():
            cell = f"{column_name(column)}{row + 1}"
            formula = f'=IF(ROUND({self._above(column)}-{cell},6)=0,"{EQUAL}","差")'
            verdict = EQUAL if sums[key] == total[key] else "差"
            put_formula(self._sheet, self._cell(row + 1, column), formula, self._styles.get("verdict"), verdict)
        first, last = (self._cell(row + 1, column).cell for column in (len(_LEADING), max(self._columns.values())))
        mark_verdicts(self._sheet, f"{first}:{last}", first, self._styles)

    def _members(self) -> list[int]:
        """The submissions that the parts have between them."""
        tops = (at for at, part in enumerate(self._division.parts) if part.within is None)
        return [each for at in tops for each in self._division.all_members(at)]

    def _counts(self, row: int, expected: int | None, formula: str, counted: int) -> None:
        centre = self._styles.get("centre")
        put_number(self._sheet, self._cell(row, _EXPECTED), None if expected is None else Decimal(expected), centre)
        live = self._styles.get("formula")
        put_formula(self._sheet, self._cell(row, _COUNTED), formula, live, Decimal(counted))
        have, must = self._cell(row, _COUNTED).cell, self._cell(row, _EXPECTED).cell
        ratio = f'={have}&IF({must}="","","/"&{must})'
        told = f"{counted}" if expected is None else f"{counted}/{expected}"
        put_formula(self._sheet, self._cell(row, _RATIO), ratio, live, told)

    def _above(self, column: int) -> str:
        """The sum of the parts that stand in no other."""
        return _sum_of([_FIRST_ROW + at for at, part in enumerate(self._division.parts) if part.within is None], column)


def _sum_of(rows: Sequence[int], column: int) -> str:
    """The sum of a column's cells in some rows (from 0, ascending), neighbours together: a formula has its limits."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    name = column_name(column)
    return f"SUM({','.join(f'{name}{first + 1}:{name}{last + 1}' for first, last in runs)})"


def draw_blocks(
    sheet: Worksheet, summary: Summary, division: Division, rows: PartsSheet, detail: DetailPlan, styles: Styles,
    title: str,
) -> None:  # fmt: skip
    """The official tables of each part, one below the other, a page each, and of the whole behind them; where there are
    very many parts, of the first ones, and that is said."""
    shown = list(range(len(division.parts)))[:MOST_BLOCKS]
    top, breaks = 0, []
    for at in [*shown, len(division.parts)]:
        is_whole = at == len(division.parts)
        label = WHOLE if is_whole else division.parts[at].label
        layout = plan_block(summary.book.form, division.tables, top)
        if top == 0:
            set_widths(sheet, layout)
        scope = _scope(summary, division, at, len(shown))
        draw_heading(sheet, division.tables, top, f"{title}：{label}", scope, styles)
        values: Mapping[Key, Decimal] = summary.values if is_whole else part_values(summary, division, at)
        draw_official(
            sheet, layout, summary.book, values, styles,
            lambda key, at=at: f"={rows.figure(key, at)}", detail.head,  # type: ignore[misc]
        )  # fmt: skip
        top = last_row(layout) + 3
        breaks.append(top)
    sheet.set_h_pagebreaks(breaks[:-1])
    print_on_a4(sheet, title)


def expected_of_all(division: Division) -> int | None:
    """How many agencies are expected in all parts; None where nobody says of one of them."""
    counts = [division.all_expected(at) for at, part in enumerate(division.parts) if part.within is None]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _scope(summary: Summary, division: Division, at: int, shown: int) -> str:
    if at < len(division.parts):
        inner = [part.label for part in division.parts if part.within == at]
        told = f"，含{'、'.join(inner[:6])}{'等' if len(inner) > 6 else ''}" if inner else ""
        return counted_words(len(division.all_members(at)), division.all_expected(at)) + told
    rest = len(division.parts) - shown
    told = f"；{division.heading}过多，另有 {rest} 个只列在“{division.sheet}”" if rest > 0 else ""
    return counted_words(len(summary.included), expected_of_all(division)) + told
