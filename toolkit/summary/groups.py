"""The sheets of parts: a row a part with its live sums over the detail, how many of how many, a proof that the parts
are the whole; and for each part the official tables."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from toolkit.audit.formulas import EQUAL
from toolkit.form.area import Area, column_name
from toolkit.form.model import Key
from toolkit.summary.detail import DetailPlan, head_texts
from toolkit.summary.merge import Summary
from toolkit.summary.parts import Division, counted_words
from toolkit.summary.totals import draw_heading, draw_official, last_row, plan_block, set_widths
from toolkit.workbook.drawing import (
    MOST_HEIGHT,
    height,
    lines,
    mark_verdicts,
    print_on_a4,
    put_formula,
    put_number,
    put_text,
)
from toolkit.workbook.rows import HERE, MORE, Look, Row, Rows, number, result, text
from toolkit.workbook.styles import Styles

WHOLE, PROOF = "合计", "核对"
MOST_BLOCKS = 100

_LEADING = (("", 26), ("应报", 7), ("收录", 7), ("收录/应报", 11))
_LABEL, _EXPECTED, _COUNTED, _RATIO = range(4)
_HEAD_ROWS = (1, 2, 3)
_FIRST_ROW = 4
_ARGUMENTS = 255  # the most a function takes


class PartsSheet:
    """The sheet with a row for each part of one division, being drawn; `sums` are the totals of each part, and behind
    them those of all parts together."""

    def __init__(
        self, sheet: Worksheet, summary: Summary, division: Division, sums: Sequence[Mapping[Key, Decimal]],
        detail: DetailPlan, styles: Styles,
    ) -> None:  # fmt: skip
        self._sheet, self._summary, self._division, self._sums = sheet, summary, division, sums
        self._detail, self._styles = detail, styles
        self._columns = {key: len(_LEADING) + at for at, key in enumerate(summary.book.cells)}

    def draw(self, title: str) -> Rows:
        """All but the rows of the parts, which are returned; every part that a counted agency is in has one, those of
        the roster first."""
        put_text(self._sheet, self._cell(0, 0), title, self._styles.get("title", align="left", text_wrap=False))
        self._sheet.set_row(0, height(2))
        self._head()
        self._model(_FIRST_ROW)
        self._whole(_FIRST_ROW + len(self._division.parts))
        self._sheet.freeze_panes(_FIRST_ROW, len(_LEADING))
        print_on_a4(self._sheet, title, landscape=True, wide=0)
        self._sheet.repeat_rows(1, _HEAD_ROWS[-1])
        self._sheet.repeat_columns(0, 0)
        return Rows(_FIRST_ROW, len(self._division.parts), 1, lambda looks: self._rows(looks[0]))

    def figure(self, key: Key, at: int) -> str:
        """The cell of a part's figure, as another sheet's formula calls it; the whole stands behind the parts."""
        return f"{self._division.sheet}!{column_name(self._columns[key])}{_FIRST_ROW + at + 1}"

    def _cell(self, row: int, column: int) -> Area:
        return Area(self._division.sheet, row, column, row, column)

    def _head(self) -> None:
        style = self._styles.get("head", font_size=9)
        for column, (label, width) in enumerate(_LEADING):
            self._sheet.set_column(column, column, width)
            told = label or self._division.heading
            for row in _HEAD_ROWS:
                put_text(self._sheet, self._cell(row, column), told if row == _HEAD_ROWS[-1] else "", style)
        for key, column in self._columns.items():
            for row, label in zip(_HEAD_ROWS, head_texts(self._summary.book, key), strict=True):
                put_text(self._sheet, self._cell(row, column), label, style)
        self._sheet.set_column(len(_LEADING), len(_LEADING) + len(self._columns) - 1, 9.5)
        for row, high in zip(_HEAD_ROWS, (1, 3, 2), strict=True):
            self._sheet.set_row(row, height(high))

    def _model(self, row: int) -> None:
        """A part's row without what it says; a figure counts in it where the detail says exactly its name, and in what
        stands right within it."""
        own = f"--EXACT({self._detail.labels(self._division.heading)},$A{HERE})"
        put_text(self._sheet, self._cell(row, _LABEL), "", self._styles.get("label"))
        put_number(self._sheet, self._cell(row, _EXPECTED), None, self._styles.get("centre"))
        self._counts(row, HERE, f"=SUMPRODUCT({own}){MORE}", 0, None)
        for key, column in self._columns.items():
            formula = f"=SUMPRODUCT({own},{self._detail.span(key)}){MORE}"
            put_formula(self._sheet, self._cell(row, column), formula, self._styles.get("formula"), Decimal(0))

    def _rows(self, looks: Sequence[Look]) -> Iterator[Row]:
        for at, (part, inner) in enumerate(zip(self._division.parts, self._division.inner(), strict=True)):
            rows = [_FIRST_ROW + place for place in inner]
            counted, expected = len(self._division.all_members(at)), self._division.all_expected(at)
            figures = ((column, self._sums[at][key]) for key, column in self._columns.items())
            contents = [
                text(looks[_LABEL], part.label),
                number(looks[_EXPECTED], None if expected is None else Decimal(expected)),
                *_with_inner(rows, _COUNTED, Decimal(counted)),
                result(_ratio(counted, expected)),
                *(each for column, value in figures for each in _with_inner(rows, column, value)),
            ]
            yield min(height(lines(part.label, _LEADING[_LABEL][1])), MOST_HEIGHT), contents

    def _whole(self, row: int) -> None:
        """All agencies together, straight from the detail; and whether the parts add up to it."""
        total, computed, sums = self._summary.values, self._styles.get("computed"), self._sums[-1]
        put_text(self._sheet, self._cell(row, _LABEL), WHOLE, computed)
        expected = expected_of_all(self._division)
        told = None if expected is None else Decimal(expected)
        put_number(self._sheet, self._cell(row, _EXPECTED), told, self._styles.get("centre"))
        tops = [_FIRST_ROW + at for at, part in enumerate(self._division.parts) if part.within is None]
        self._counts(row, row + 1, f"={_sum_of(tops, _COUNTED)}", self._detail.count, expected)
        for key, column in self._columns.items():
            put_formula(self._sheet, self._cell(row, column), f"=SUM({self._detail.span(key)})", computed, total[key])
        self._sheet.set_row(row, height(1))
        self._sheet.set_row(row + 1, height(1))
        put_text(self._sheet, self._cell(row + 1, _LABEL), PROOF, self._styles.get("label"))
        for key, column in self._columns.items():
            difference = f"{_sum_of(tops, column)}-{column_name(column)}{row + 1}"
            verdict = EQUAL if sums[key] == total[key] else "差"
            formula = f'=IF(ROUND({difference},6)=0,"{EQUAL}","差")'
            put_formula(self._sheet, self._cell(row + 1, column), formula, self._styles.get("verdict"), verdict)
        first, last = (self._cell(row + 1, column).cell for column in (len(_LEADING), max(self._columns.values())))
        mark_verdicts(self._sheet, f"{first}:{last}", first, self._styles)

    def _counts(self, row: int, called: int | str, formula: str, counted: int, expected: int | None) -> None:
        """How many are counted, of how many; `called` is the row's number in formulas."""
        live = self._styles.get("formula")
        put_formula(self._sheet, self._cell(row, _COUNTED), formula, live, Decimal(counted))
        have, must = (f"{column_name(column)}{called}" for column in (_COUNTED, _EXPECTED))
        ratio = f'={have}&IF({must}="","","/"&{must})'
        put_formula(self._sheet, self._cell(row, _RATIO), ratio, live, _ratio(counted, expected))


def _ratio(counted: int, expected: int | None) -> str:
    return f"{counted}" if expected is None else f"{counted}/{expected}"


def _with_inner(rows: Sequence[int], column: int, value: Decimal) -> tuple[bytes, bytes]:
    """What a part's formula has more, the rows of the parts within it added; and its result."""
    return f"+{_sum_of(rows, column)}".encode() if rows else b"", number("", value)


def _sum_of(rows: Sequence[int], column: int) -> str:
    """The sum of a column's cells in some rows (from 0, ascending), neighbours together: a formula has its limits."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    name = column_name(column)
    ranges = [f"{name}{first + 1}:{name}{last + 1}" for first, last in runs]
    return "+".join(f"SUM({','.join(ranges[at : at + _ARGUMENTS])})" for at in range(0, len(ranges), _ARGUMENTS))


def draw_blocks(
    sheet: Worksheet, summary: Summary, division: Division, sums: Sequence[Mapping[Key, Decimal]], rows: PartsSheet,
    detail: DetailPlan, styles: Styles, title: str,
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
        scope = _scope(detail.count, division, at, len(shown))
        draw_heading(sheet, division.tables, top, f"{title}：{label}", scope, styles)
        values = summary.values if is_whole else sums[at]
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


def _scope(count: int, division: Division, at: int, shown: int) -> str:
    if at < len(division.parts):
        inner = [part.label for part in division.parts if part.within == at]
        told = f"，含{'、'.join(inner[:6])}{'等' if len(inner) > 6 else ''}" if inner else ""
        return counted_words(len(division.all_members(at)), division.all_expected(at)) + told
    rest = len(division.parts) - shown
    told = f"；{division.heading}过多，另有 {rest} 个只列在“{division.sheet}”" if rest > 0 else ""
    return counted_words(count, expected_of_all(division)) + told
