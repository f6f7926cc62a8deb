"""The sheets that set this year beside last year: every cell's change, and the carry-over told by agencies."""

from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from toolkit.audit.checks import Rulebook
from toolkit.audit.formulas import EQUAL, OFF, signed
from toolkit.form.area import Area
from toolkit.form.model import Key
from toolkit.summary.detail import head_texts
from toolkit.summary.merge import Summary
from toolkit.summary.totals import plan_totals
from toolkit.summary.yearly import (
    FELL,
    FROM_ZERO,
    GREW,
    NO_RATIO,
    TIMES,
    Before,
    CarryOver,
    Change,
    changes,
    in_both_years,
)
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
from toolkit.workbook.styles import Styles

YEARLY, CARRY = "同比", "上年结转核对"

_HEAD = (
    ("表", 7), ("项目", 40), ("列", 19), ("本年", 12), ("上年", 12), ("增减", 12), ("增减%", 11), ("提示", 19),
)  # fmt: skip
_HEAD_ROW, _FIRST_ROW = 2, 3
_NOW, _BEFORE, _DIFFERENCE, _RATIO, _FLAG = 3, 4, 5, 6, 7

_LEADING = (("序号", 6), ("单位名称", 30), ("统一社会信用代码", 22), ("情况", 40), ("单位说明", 30))
_LANE_WIDTH = 17
_EACH = 3  # columns a lane: last year's figure, this year's, the difference
_EVEN = 6  # decimals to which figures are compared, more than any form asks for


def draw_yearly(sheet: Worksheet, summary: Summary, before: Before, styles: Styles, title: str) -> None:
    """Every cell of the form in printed order: this year's total live, last year's as it was, the change live."""
    last = len(_HEAD) - 1
    _title(sheet, YEARLY, title, _scope(summary, before), styles, [width for _, width in _HEAD])
    for column, (text, width) in enumerate(_HEAD):
        sheet.set_column(column, column, width)
        put_text(sheet, Area(YEARLY, _HEAD_ROW, column, _HEAD_ROW, column), text, styles.get("head"))
    sheet.set_row(_HEAD_ROW, height(1))
    totals = plan_totals(summary.book.form)
    found = changes(summary, before)
    for row, change in enumerate(found, start=_FIRST_ROW):
        _change(sheet, row, change, totals.cells[change.key].absolute, summary.book, styles)
    end = _FIRST_ROW + len(found) - 1
    flags = Area(YEARLY, _FIRST_ROW, _RATIO, end, _FLAG).range
    leaps = f'=OR($H{_FIRST_ROW + 1}="{GREW}",$H{_FIRST_ROW + 1}="{FELL}")'
    sheet.conditional_format(flags, {"type": "formula", "criteria": leaps, "format": styles.alarm()})
    sheet.autofilter(_HEAD_ROW, 0, end, last)
    sheet.freeze_panes(_FIRST_ROW, 3)
    print_on_a4(sheet, title)
    sheet.repeat_rows(_HEAD_ROW)


def yearly_cell(book: Rulebook, key: Key, *, before: bool) -> str:
    """Where a cell's total of this or last year stands, as another sheet's formula calls it."""
    row = _FIRST_ROW + list(book.cells).index(key)
    column = _BEFORE if before else _NOW
    return Area(YEARLY, row, column, row, column).absolute


def draw_carry(
    sheet: Worksheet, summary: Summary, before: Before, carried: Sequence[CarryOver], styles: Styles, title: str
) -> None:
    """Each carry-over: the agencies that explain its difference, their sum, its proof against both years' totals."""
    widest = max((len(each.lanes) for each in carried), default=1)
    widths = [*(width for _, width in _LEADING), *[_LANE_WIDTH] * (_EACH * widest)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    _title(sheet, CARRY, title, _scope(summary, before), styles, widths)
    row = 2
    for each in carried:
        section = _Section(sheet, summary.book, each, styles)
        row = section.draw(row) + 1
    if len(carried) == 1:
        sheet.freeze_panes(5, 2)
        sheet.repeat_rows(3, 4)
    print_on_a4(sheet, title, landscape=True)


class _Section:
    """One carry-over being drawn."""

    def __init__(self, sheet: Worksheet, book: Rulebook, carried: CarryOver, styles: Styles) -> None:
        self._sheet, self._book, self._carried, self._styles = sheet, book, carried, styles
        self._totals = plan_totals(book.form)
        self._last = len(_LEADING) + _EACH * len(carried.lanes) - 1

    def draw(self, row: int) -> int:
        """All of it from a row on; the row below it."""
        carried = self._carried
        sentence = f"{carried.rule.title}：{carried.rule.sentence}"
        put_text(self._sheet, self._area(row, 0, self._last), sentence, self._styles.get("heading"))
        self._sheet.set_row(row, height(1))
        self._head(row + 1)
        first = row + 3
        for at, line in enumerate(carried.lines):
            texts = (line.agency.name, line.agency.code, line.told, line.explanation)
            put_number(self._sheet, self._area(first + at, 0), Decimal(at + 1), self._styles.get("centre"))
            self._line(first + at, texts, line.before, line.now)
        rest = first + len(carried.lines)
        put_text(self._sheet, self._area(rest, 0, len(_LEADING) - 1), carried.rest, self._styles.get("label"))
        self._line(rest, (), carried.alike, carried.alike)
        self._sum(first, rest)
        return rest + 4

    def _area(self, row: int, column: int, last: int | None = None) -> Area:
        return Area(CARRY, row, column, row, column if last is None else last)

    def _head(self, row: int) -> None:
        """Two lines: the lanes, then what stands in their columns."""
        head = self._styles.get("head")
        for column, (text, _) in enumerate(_LEADING):
            put_text(self._sheet, Area(CARRY, row, column, row + 1, column), text, head)
        most = 1
        for at, check in enumerate(self._carried.lanes):
            column = len(_LEADING) + _EACH * at
            put_text(self._sheet, self._area(row, column, column + _EACH - 1), check.along.short, head)
            texts = (f"上年{self._called(check.right[0][1])}", f"本年{self._called(check.left[0][1])}", "差")
            for place, text in enumerate(texts):
                put_text(self._sheet, self._area(row + 1, column + place), text, head)
                most = max(most, lines(text, _LANE_WIDTH))
        self._sheet.set_row(row, height(1))
        self._sheet.set_row(row + 1, height(most))

    def _called(self, key: Key) -> str:
        cell = self._book.cells[key.current]
        return f"“{(cell.row if self._carried.rule.each == 'column' else cell.column).short}”"

    def _line(
        self, row: int, texts: Sequence[str], before: Sequence[Decimal], now: Sequence[Decimal]
    ) -> None:  # fmt: skip
        label, centre = self._styles.get("label"), self._styles.get("centre")
        for column, text in enumerate(texts, start=1):
            put_text(self._sheet, self._area(row, column), text, label)
        for at in range(len(self._carried.lanes)):
            column = len(_LEADING) + _EACH * at
            put_number(self._sheet, self._area(row, column), before[at], centre)
            put_number(self._sheet, self._area(row, column + 1), now[at], centre)
            self._difference(row, column, now[at] - before[at], "formula")
        needed = max((lines(text, _LEADING[column][1]) for column, text in enumerate(texts, start=1)), default=1)
        self._sheet.set_row(row, min(height(needed), MOST_HEIGHT))

    def _difference(self, row: int, column: int, value: Decimal, style: str) -> None:
        before, now = self._area(row, column).cell, self._area(row, column + 1).cell
        formula = f"=ROUND({now}-{before},{_EVEN})"
        put_formula(self._sheet, self._area(row, column + 2), formula, self._styles.get(style), value)

    def _sum(self, first: int, last: int) -> None:
        """The sums of the lines, the totals they must be, and the verdicts on both and on the carry-over itself."""
        computed, formula = self._styles.get("computed"), self._styles.get("formula")
        row, end = last + 1, len(_LEADING) - 1
        names = ("合计", "上年汇总数、本年“汇总表”的数", "核对：合计是否就是汇总数；本年是否等于上年")
        for at, text in enumerate(names):
            put_text(
                self._sheet, self._area(row + at, 0, end), text, computed if at == 0 else self._styles.get("given")
            )
            self._sheet.set_row(row + at, height(1))
        before = self._carried.total(lambda line: line.before)
        now = self._carried.total(lambda line: line.now)
        for at, check in enumerate(self._carried.lanes):
            column = len(_LEADING) + _EACH * at
            for place, value in enumerate((before[at], now[at])):
                area = Area(CARRY, first, column + place, last, column + place)
                put_formula(self._sheet, self._area(row, column + place), f"=SUM({area.range})", computed, value)
            self._difference(row, column, now[at] - before[at], "computed")
            earlier = f"={yearly_cell(self._book, check.right[0][1].current, before=True)}"
            current = f"={self._totals.cells[check.left[0][1]].absolute}"
            put_formula(self._sheet, self._area(row + 1, column), earlier, formula, before[at])
            put_formula(self._sheet, self._area(row + 1, column + 1), current, formula, now[at])
            self._difference(row + 1, column, now[at] - before[at], "formula")
            self._verdicts(row, column, now[at] - before[at])

    def _verdicts(self, row: int, column: int, difference: Decimal) -> None:
        style = self._styles.get("verdict line")
        cells = [[self._area(row + down, column + place).cell for place in range(_EACH)] for down in range(2)]
        formulas = [_verdict(f"{cells[0][place]}-{cells[1][place]}") for place in range(2)]
        formulas.append(_verdict(cells[1][2]))
        for place, (formula, value) in enumerate(zip(formulas, (Decimal(0), Decimal(0), difference), strict=True)):
            told = f"{OFF}{signed(value)}" if value else EQUAL
            put_formula(self._sheet, self._area(row + 2, column + place), formula, style, told)
        area = self._area(row + 2, column, column + _EACH - 1)
        mark_verdicts(self._sheet, area.range, area.cell, self._styles)


def _verdict(difference: str) -> str:
    exact = f"ROUND({difference},{_EVEN})"
    return f'=IF({exact}=0,"{EQUAL}","{OFF}"&IF({exact}>0,"+","")&{exact})'


def _change(sheet: Worksheet, row: int, change: Change, total: str, book: Rulebook, styles: Styles) -> None:
    areas = [Area(YEARLY, row, column, row, column) for column in range(len(_HEAD))]
    texts = head_texts(book, change.key)
    for area, text in zip(areas, texts, strict=False):
        put_text(
            sheet, area, text, styles.get("label", indent=0, align="center") if area.left == 0 else styles.get("label")
        )
    number = "General" if book.cells[change.key].decimals else "0"
    live, now, before = styles.get("formula", num_format=number), areas[_NOW].cell, areas[_BEFORE].cell
    difference = f"ROUND({now}-{before},{_EVEN})"
    put_formula(sheet, areas[_NOW], f"={total}", live, change.now)
    put_number(sheet, areas[_BEFORE], change.before, styles.get("centre", num_format=number))
    put_formula(sheet, areas[_DIFFERENCE], f"={difference}", live, change.difference)
    ratio = f'=IF({before}=0,"{NO_RATIO}",{difference}/{before})'
    shown = NO_RATIO if change.ratio is None else change.ratio
    put_formula(sheet, areas[_RATIO], ratio, styles.get("formula", num_format="0.0%"), shown)
    more, less = f"ROUND({now}-{TIMES}*{before},{_EVEN})>0", f"ROUND({TIMES}*{now}-{before},{_EVEN})<0"
    leap = f'IF({more},"{GREW}",IF({less},"{FELL}",""))'
    flag = f'=IF({before}=0,IF({now}>0,"{FROM_ZERO}",""),{leap})'
    put_formula(sheet, areas[_FLAG], flag, styles.get("formula"), change.flag)
    sheet.set_row(row, height(max(lines(text, width) for text, (_, width) in zip(texts, _HEAD, strict=False))))


def _title(sheet: Worksheet, name: str, title: str, scope: str, styles: Styles, widths: Sequence[float]) -> None:
    last, width = len(widths) - 1, sum(widths)
    put_text(sheet, Area(name, 0, 0, 0, last), title, styles.get("title"))
    put_text(sheet, Area(name, 1, 0, 1, last), scope, styles.get("subtitle"))
    sheet.set_row(0, height(lines(title, width * 0.65) + 1))
    sheet.set_row(1, height(lines(scope, width)))


def _scope(summary: Summary, before: Before) -> str:
    year = f"{summary.year} 年度" if summary.year else "本年度"
    return (
        f"{year}与 {before.year} 年度相比：本年收录 {len(summary.included)} 家，上年 {len(before.submissions)} 家，"
        f"两年都有的 {in_both_years(summary, before)} 家。"
    )
