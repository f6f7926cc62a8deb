"""The totals sheet: the official tables again, every figure a live sum over the detail, with live checks of its own."""

from collections.abc import Callable, Mapping
from decimal import Decimal

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from toolkit.audit.checks import Rulebook, Verdict, judge
from toolkit.audit.formulas import all_hold_formula
from toolkit.form.area import Area
from toolkit.form.layout import Layout, totals_layout
from toolkit.form.model import Form, Key
from toolkit.summary.detail import DetailPlan
from toolkit.workbook.drawing import define, height, lines, link, mark_verdicts, print_on_a4, put_formula, put_text
from toolkit.workbook.styles import Styles
from toolkit.workbook.tablesheet import draw_labels, draw_verdicts, set_heights

TOTALS = "汇总表"
HOLD, BROKEN = "相符", "不符"

UNITS = 30
_UNIT_WIDTH, _SIDE_WIDTH = 4.4, 12.0
_TOP = 3


def plan_totals(form: Form) -> Layout:
    """Where the totals stand."""
    return plan_block(form, TOTALS, 0)


def plan_block(form: Form, sheet: str, top: int) -> Layout:
    """Where the official tables stand on a sheet, two lines for their heading above them."""
    return totals_layout(form, sheet, top + _TOP, UNITS)


def last_row(layout: Layout) -> int:
    """The last row that the tables take."""
    return layout.tables[-1].last[0]


def set_widths(sheet: Worksheet, layout: Layout) -> None:
    """The columns of a sheet with such tables on it."""
    last_column = max(plan.last[1] for plan in layout.tables)
    sheet.set_column(0, UNITS - 1, _UNIT_WIDTH)
    sheet.set_column(UNITS, max(last_column, UNITS), _SIDE_WIDTH)


def draw_official(
    sheet: Worksheet, layout: Layout, book: Rulebook, values: Mapping[Key, Decimal], styles: Styles,
    formula: Callable[[Key], str], target: Callable[[Key], str],
) -> None:  # fmt: skip
    """The official tables with a live formula in every cell, each linked to where it comes from, and live checks."""
    last_column = max(plan.last[1] for plan in layout.tables)
    widths = [_UNIT_WIDTH] * UNITS + [_SIDE_WIDTH] * (last_column + 1 - UNITS)
    for plan in layout.tables:
        draw_labels(sheet, plan, styles)
        draw_verdicts(sheet, plan, book, values, styles, None)
        set_heights(sheet, plan.labels, widths)
    for key, area in layout.cells.items():
        number = "0" if book.cells[key].decimals == 0 else "General"
        style = styles.get("computed" if key in book.computed else "formula", num_format=number)
        link(sheet, area, target(key), "看各单位的数", style)
        put_formula(sheet, area, formula(key), style, values[key])


def draw_heading(sheet: Worksheet, name: str, top: int, title: str, scope: str, styles: Styles) -> None:
    """What the tables below are, and how many agencies are counted in them, of how many."""
    put_text(sheet, Area(name, top, 0, top, UNITS - 1), title, styles.get("title"))
    put_text(sheet, Area(name, top + 1, 0, top + 1, UNITS - 1), scope, styles.get("subtitle"))
    sheet.set_row(top, height(lines(title, UNITS * _UNIT_WIDTH * 0.65) + 1))
    sheet.set_row(top + 1, height(lines(scope, UNITS * _UNIT_WIDTH)))


class TotalsSheet:
    """The sheet being drawn."""

    def __init__(self, workbook: xlsxwriter.Workbook, sheet: Worksheet, book: Rulebook, styles: Styles) -> None:
        self._workbook, self._sheet, self._book, self._styles = workbook, sheet, book, styles
        self._layout = plan_totals(book.form)

    def draw(self, title: str, scope: str, values: Mapping[Key, Decimal], detail: DetailPlan) -> None:
        """All of it; `scope` says how many agencies are counted, of how many."""
        set_widths(self._sheet, self._layout)
        draw_heading(self._sheet, TOTALS, 0, title, scope, self._styles)
        draw_official(
            self._sheet, self._layout, self._book, values, self._styles,
            lambda key: f"=SUM({detail.span(key)})", detail.head,
        )  # fmt: skip
        for key, area in self._layout.cells.items():
            define(self._workbook, str(key), area)
        self._proofs(last_row(self._layout) + 2, values)
        print_on_a4(self._sheet, title)
        self._sheet.freeze_panes(2, 0)

    def _proofs(self, row: int, values: Mapping[Key, Decimal]) -> None:
        """One line a rule: whether it holds on the totals throughout. The computed totals prove the addition."""
        rules = [rule for rule in self._book.form.rules if not self._book.needs_prior(rule)]
        put_text(self._sheet, Area(TOTALS, row, 0, row, UNITS - 1), "汇总数勾稽核对", self._styles.get("heading"))
        for at, rule in enumerate(rules, start=row + 1):
            checks = self._book.checks_of(rule)
            broken = any(judge(check, values).verdict is Verdict.BROKEN for check in checks)
            formula = all_hold_formula(checks, lambda key: self._layout.cells[key].cell, HOLD, BROKEN)
            put_text(self._sheet, Area(TOTALS, at, 0, at, 4), rule.title, self._styles.get("label"))
            put_text(self._sheet, Area(TOTALS, at, 5, at, 26), rule.sentence, self._styles.get("label"))
            verdict = Area(TOTALS, at, 27, at, UNITS - 1)
            put_formula(self._sheet, verdict, formula, self._styles.get("verdict line"), BROKEN if broken else HOLD)
            self._sheet.set_row(at, height(lines(rule.sentence, 22 * _UNIT_WIDTH)))
        verdicts = Area(TOTALS, row + 1, 27, row + len(rules), 27)
        mark_verdicts(self._sheet, verdicts.range, verdicts.cell, self._styles)
