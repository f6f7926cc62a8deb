"""The totals sheet: the official tables again, every figure a live sum over the detail, with live checks of its own."""

from collections.abc import Mapping
from decimal import Decimal

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from toolkit.audit.checks import Rulebook, Verdict, judge
from toolkit.audit.formulas import all_hold_formula
from toolkit.form.area import Area
from toolkit.form.layout import Layout, totals_layout
from toolkit.form.model import Form, Key
from toolkit.summary.detail import DetailPlan
from toolkit.workbook.drawing import define, height, lines, mark_verdicts, print_on_a4, put_formula, put_text
from toolkit.workbook.styles import Styles
from toolkit.workbook.tablesheet import draw_labels, draw_verdicts, set_heights

TOTALS = "汇总表"
HOLD, BROKEN = "相符", "不符"

_UNITS, _UNIT_WIDTH, _SIDE_WIDTH = 30, 4.4, 12.0
_TOP = 3


def plan_totals(form: Form) -> Layout:
    """Where the totals stand."""
    return totals_layout(form, TOTALS, _TOP, _UNITS)


class TotalsSheet:
    """The sheet being drawn."""

    def __init__(self, workbook: xlsxwriter.Workbook, sheet: Worksheet, book: Rulebook, styles: Styles) -> None:
        self._workbook, self._sheet, self._book, self._styles = workbook, sheet, book, styles
        self._layout = plan_totals(book.form)

    def draw(self, title: str, scope: str, values: Mapping[Key, Decimal], detail: DetailPlan) -> None:
        """All of it; `scope` says how many agencies are counted, of how many."""
        self._sheet.set_column(0, _UNITS - 1, _UNIT_WIDTH)
        last_column = max(plan.last[1] for plan in self._layout.tables)
        self._sheet.set_column(_UNITS, max(last_column, _UNITS), _SIDE_WIDTH)
        put_text(self._sheet, Area(TOTALS, 0, 0, 0, _UNITS - 1), title, self._styles.get("title"))
        put_text(self._sheet, Area(TOTALS, 1, 0, 1, _UNITS - 1), scope, self._styles.get("subtitle"))
        self._sheet.set_row(0, height(2))
        self._sheet.set_row(1, height(lines(scope, _UNITS * _UNIT_WIDTH)))
        widths = [_UNIT_WIDTH] * _UNITS + [_SIDE_WIDTH] * (last_column + 1 - _UNITS)
        for plan in self._layout.tables:
            draw_labels(self._sheet, plan, self._styles)
            draw_verdicts(self._sheet, plan, self._book, values, self._styles, None)
            set_heights(self._sheet, plan.labels, widths)
        for key, area in self._layout.cells.items():
            number = "0" if self._book.cells[key].decimals == 0 else "General"
            style = self._styles.get("computed" if key in self._book.computed else "centre", num_format=number)
            put_formula(self._sheet, area, f"=SUM({detail.span(key)})", style, values[key])
            define(self._workbook, str(key), area)
        self._proofs(self._layout.tables[-1].last[0] + 2, values)
        print_on_a4(self._sheet, title)
        self._sheet.freeze_panes(2, 0)

    def _proofs(self, row: int, values: Mapping[Key, Decimal]) -> None:
        """One line a rule: whether it holds on the totals throughout. The computed totals prove the addition."""
        rules = [rule for rule in self._book.form.rules if not self._book.needs_prior(rule)]
        put_text(self._sheet, Area(TOTALS, row, 0, row, _UNITS - 1), "汇总数勾稽核对", self._styles.get("heading"))
        for at, rule in enumerate(rules, start=row + 1):
            checks = self._book.checks_of(rule)
            broken = any(judge(check, values).verdict is Verdict.BROKEN for check in checks)
            formula = all_hold_formula(checks, lambda key: self._layout.cells[key].cell, HOLD, BROKEN)
            put_text(self._sheet, Area(TOTALS, at, 0, at, 4), rule.title, self._styles.get("label"))
            put_text(self._sheet, Area(TOTALS, at, 5, at, 26), rule.sentence, self._styles.get("label"))
            verdict = Area(TOTALS, at, 27, at, _UNITS - 1)
            put_formula(self._sheet, verdict, formula, self._styles.get("verdict line"), BROKEN if broken else HOLD)
            self._sheet.set_row(at, height(lines(rule.sentence, 22 * _UNIT_WIDTH)))
        verdicts = Area(TOTALS, row + 1, 27, row + len(rules), 27)
        mark_verdicts(self._sheet, verdicts.range, verdicts.cell, self._styles)
