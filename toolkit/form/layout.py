"""Where everything of a form's tables sits: Key -> cell. With `plan`, the only place that knows.

Each table is planned on a grid and placed on a sheet by the grid's column starts: one sheet column each in the
template, several in the summary, where three tables share one sheet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolkit.form.area import Area
from toolkit.form.model import Form, Key, Table
from toolkit.form.plan import (
    DECLARATION_LABEL,
    REMARKS_LABEL,
    Label,
    Planning,
    TablePlan,
    column_widths,
    grid_width,
)

__all__ = [
    "CHECKS",
    "COVER",
    "COVER_LABELS",
    "DECLARATION_LABEL",
    "NARRATIVES",
    "REMARKS_LABEL",
    "Label",
    "Layout",
    "TablePlan",
    "column_widths",
    "template_layout",
    "totals_layout",
]

COVER, NARRATIVES, CHECKS = "封面", "文字部分", "核对"
COVER_LABELS = {
    "agency.name": "单位名称",
    "agency.code": "统一社会信用代码",
    "report.year": "年度",
    "form.code": "表单编号",
}
_MARGIN = 200  # columns kept for verdicts and last year's figures beside a table


@dataclass(frozen=True, slots=True)
class Layout:
    """All tables of a form, placed."""

    tables: tuple[TablePlan, ...]
    cells: Mapping[Key, Area]

    def plan(self, table: str) -> TablePlan:
        """The plan of one table; KeyError where there is none."""
        for plan in self.tables:
            if plan.table.name == table:
                return plan
        raise KeyError(table)


def template_layout(form: Form) -> Layout:
    """Each table on its own sheet, a sheet column a grid column, with declaration, remarks and last year's figures."""
    return _layout(
        Planning(form, table, table.sheet, 0, range(grid_width(table) + _MARGIN), alone=True).plan()
        for table in form.tables
    )


def totals_layout(form: Form, sheet: str, top: int, units: int) -> Layout:
    """Every table on one sheet of `units` equal columns, one below the other from row `top`; no typed extras."""
    plans = []
    for table in form.tables:
        starts = _spread(table, units)
        plans.append(Planning(form, table, sheet, top, starts, alone=False).plan())
        top = plans[-1].last[0] + 3
    return _layout(iter(plans))


def _layout(plans: Iterator[TablePlan]) -> Layout:
    tables = tuple(plans)
    cells = {key: area for plan in tables for key, area in (*plan.cells.items(), *plan.prior.items())}
    return Layout(tables, cells)


def _spread(table: Table, units: int) -> list[int]:
    """Grid column starts that share `units` sheet columns in proportion to the widths; columns beyond get one each."""
    widths = column_widths(table)
    total, before = sum(widths), 0
    starts: list[int] = []
    for index, width in enumerate(widths):
        starts.append(max(round(units * before / total), starts[-1] + 1 if index else 0))
        before += width
    return [*starts, *range(units, units + _MARGIN)]
