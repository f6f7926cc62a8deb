"""One table on the sheet an agency fills in: official layout, live checks, locks, validations, alarms."""

from collections import defaultdict

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from toolkit.audit.checks import Rulebook, Values, judge
from toolkit.audit.formulas import (
    NO,
    YES,
    check_formula,
    computed_formula,
    counts_formula,
    verdict_words,
    wrong_formula,
)
from toolkit.form.area import Area, rectangles
from toolkit.form.layout import Label, TablePlan, column_widths
from toolkit.workbook.drawing import (
    define,
    height,
    lines,
    mark_verdicts,
    print_on_a4,
    put_formula,
    put_number,
    put_text,
)  # fmt: skip
from toolkit.workbook.styles import Styles

_LABEL_STYLES = {
    "title": "title",
    "block": "centre",
    "corner": "centre",
    "group": "centre",
    "column": "centre",
    "row": "label",
    "above": "above",
}


def draw_labels(sheet: Worksheet, plan: TablePlan, styles: Styles) -> None:
    """Every printed text of a table, merged as the official format prints it."""
    for label in plan.labels:
        style = _LABEL_STYLES.get(label.kind, "side")
        style = "centre" if label.kind == "row" and plan.table.side_by_side else style
        put_text(sheet, label.area, label.text, styles.get(style))


def draw_verdicts(
    sheet: Worksheet, plan: TablePlan, book: Rulebook, values: Values, styles: Styles, zero: str | None
) -> None:
    """The live verdicts beside their columns and rows, and the alarm on the cells of one that is broken."""
    cells = {**plan.cells, **plan.prior}
    for check in book.checks:
        area = plan.verdicts.get((check.rule.id, check.along.name)) if check.rule.table == plan.table.name else None
        if area is None:
            continue
        formula = check_formula(check, lambda key: cells[key].cell, zero=zero)
        put_formula(sheet, area, formula, styles.get("verdict"), verdict_words(judge(check, values), values))
        spans = " ".join(span.range for span in rectangles(cells[key] for key in check.keys))
        criteria = {
            "type": "formula",
            "criteria": f'=LEFT({area.fixed},1)="差"',
            "format": styles.alarm(),
            "multi_range": spans,
        }
        sheet.conditional_format(spans.split()[0], criteria)
    if plan.verdicts:
        spans = " ".join(span.range for span in rectangles(plan.verdicts.values()))
        mark_verdicts(sheet, spans, min(plan.verdicts.values(), key=lambda area: (area.top, area.left)).cell, styles)


def set_heights(sheet: Worksheet, labels: tuple[Label, ...], widths: list[float]) -> None:
    """Rows high enough for their labels, `widths` being the sheet's column widths in characters."""
    needed: dict[int, int] = defaultdict(lambda: 1)
    for label in labels:
        area = label.area
        if label.kind != "title":
            rows = area.bottom - area.top + 1
            wanted = lines(label.text, sum(widths[area.left : area.right + 1]))
            needed[area.bottom] = max(needed[area.bottom], -(-wanted // rows))
        else:
            needed[area.bottom] = 2
    for row, count in needed.items():
        sheet.set_row(row, height(count))


class TableSheet:
    """The sheet of one table in one workbook."""

    def __init__(
        self, workbook: xlsxwriter.Workbook, sheet: Worksheet, plan: TablePlan, book: Rulebook, styles: Styles
    ) -> None:
        self._workbook, self._sheet, self._plan, self._book, self._styles = workbook, sheet, plan, book, styles
        self._zero = (plan.declaration or Area(plan.sheet, 0, 0, 0, 0)).fixed

    def draw(self, typed: Values, values: Values, declared: str, remarks: str, counts: str, footer: str) -> None:
        """All of it: `typed` are the figures as typed, over computed cells too, `values` those with declared zeros and
        computed cells; `declared` is 是, 否 or empty; `counts` the words on the state of the typed cells."""
        self._sheet.set_default_row(height(1))
        widths = self._set_columns()
        draw_labels(self._sheet, self._plan, self._styles)
        self._draw_cells(typed, values)
        draw_verdicts(self._sheet, self._plan, self._book, values, self._styles, self._zero)
        self._draw_extras(declared, remarks, counts)
        self._draw_prior(values)
        self._validate_cells()
        set_heights(self._sheet, self._plan.labels, widths)
        self._sheet.freeze_panes(*self._plan.first_data)
        print_on_a4(self._sheet, footer, tall=1)
        self._sheet.print_area(0, 0, *self._plan.last)
        first = self._plan.cells[self._book.typed_in(self._plan.table.name)[0]]
        self._sheet.set_selection(first.top, first.left, first.top, first.left)

    def _set_columns(self) -> list[float]:
        widths = [float(width) for width in column_widths(self._plan.table)]
        widths += [16.0] * (self._plan.last[1] + 1 - len(widths))
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        return widths

    def _draw_cells(self, typed: Values, values: Values) -> None:
        cells = self._plan.cells
        for key, area in cells.items():
            check = self._book.computed.get(key)
            number = "0" if self._book.cells[key].decimals == 0 else "General"
            if check is None or key in typed:
                style = self._styles.get("typed" if check is None else "computed", num_format=number)
                put_number(self._sheet, area, typed.get(key), style)
            else:
                formula = computed_formula(check, lambda each: cells[each].cell, zero=self._zero)
                put_formula(
                    self._sheet, area, formula, self._styles.get("computed", num_format=number), values.get(key)
                )
            define(self._workbook, str(key), area)

    def _draw_prior(self, values: Values) -> None:
        for key, area in self._plan.prior.items():
            put_number(self._sheet, area, values.get(key), self._styles.get("given", align="center"))
            define(self._workbook, str(key), area)

    def _draw_extras(self, declared: str, remarks: str, counts: str) -> None:
        plan, sheet, name = self._plan, self._sheet, self._plan.table.name
        if plan.declaration is None or plan.counts is None or plan.remarks is None:
            return
        put_text(sheet, plan.declaration, declared, self._styles.get("typed", num_format="@"))
        define(self._workbook, f"{name}.blanks_are_zero", plan.declaration)
        sheet.data_validation(plan.declaration.first.range, {
            "validate": "list", "source": [YES, NO],
            "input_title": "零报告声明", "input_message": "本表空白格都是 0 的，选“是”；否则留空或选“否”，并逐格填写。",
            "error_title": "请选择", "error_message": "只能选“是”或“否”。",
        })  # fmt: skip
        put_formula(
            sheet, plan.counts, self._counts_formula(), self._styles.get("verdict", align="left", indent=1), counts
        )
        mark_verdicts(sheet, plan.counts.range, plan.counts.fixed, self._styles)
        put_text(sheet, plan.remarks, remarks, self._styles.get("typed text"))
        define(self._workbook, f"{name}.remarks", plan.remarks)
        sheet.set_row(plan.remarks.top, height(2))

    def _counts_formula(self) -> str:
        return counts_formula([(span.range, decimals) for span, decimals in self._typed_spans()], zero=self._zero)

    def _typed_spans(self) -> list[tuple[Area, int]]:
        by_decimals: dict[int, list[Area]] = defaultdict(list)
        for key in self._book.typed_in(self._plan.table.name):
            by_decimals[self._book.cells[key].decimals].append(self._plan.cells[key])
        return [(span, decimals) for decimals, areas in by_decimals.items() for span in rectangles(areas)]

    def _validate_cells(self) -> None:
        for span, decimals in self._typed_spans():
            self._sheet.data_validation(span.range, _validation(decimals))
            alarm = {"type": "formula", "criteria": wrong_formula(span.cell, decimals), "format": self._styles.alarm()}
            self._sheet.conditional_format(span.range, alarm)


def _validation(decimals: int) -> dict[str, object]:
    whole = decimals == 0
    wanted = "不小于 0 的整数" if whole else f"不小于 0 的数，最多 {decimals} 位小数"
    return {
        "validate": "integer" if whole else "decimal", "criteria": ">=", "value": 0,
        "input_title": "填写数字", "input_message": f"请填{wanted}；没有的填 0。",
        "error_title": "不能这样填", "error_message": f"这里只能填{wanted}。请直接键入数字，不带单位；没有的填 0。",
    }  # fmt: skip
