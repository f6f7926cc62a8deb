"""The sheet of categories: one row a category with its live sums over the detail, how many of how many, the whole."""

from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from toolkit.audit.formulas import EQUAL
from toolkit.audit.submission import Submission
from toolkit.form.area import Area, column_name
from toolkit.summary.detail import DetailPlan, head_texts
from toolkit.summary.merge import Summary, add_up
from toolkit.workbook.drawing import height, mark_verdicts, print_on_a4, put_formula, put_number, put_text
from toolkit.workbook.styles import Styles

GROUPS = "分类汇总"
WHOLE, PROOF = "合计", "核对"

_LEADING = (("类别", 16), ("应报", 7), ("收录", 7), ("收录/应报", 11))
_CATEGORY, _EXPECTED, _COUNTED, _RATIO = range(4)
_HEAD_ROWS = (1, 2, 3)
_FIRST_ROW = 4


def draw_groups(sheet: Worksheet, summary: Summary, detail: DetailPlan, styles: Styles, title: str) -> None:
    """The sheet; every category that a counted agency is in has a row, those of the roster first."""
    drawing = _Drawing(sheet, summary, detail, styles)
    put_text(sheet, Area(GROUPS, 0, 0, 0, 0), title, styles.get("title", align="left", text_wrap=False))
    sheet.set_row(0, height(2))
    drawing.head()
    for row, category in enumerate(drawing.categories, start=_FIRST_ROW):
        drawing.category(row, category)
    drawing.whole(_FIRST_ROW + len(drawing.categories))
    sheet.freeze_panes(_FIRST_ROW, len(_LEADING))
    print_on_a4(sheet, title, landscape=True, wide=0)
    sheet.repeat_rows(1, _HEAD_ROWS[-1])
    sheet.repeat_columns(0, 0)


class _Drawing:
    """The sheet being drawn."""

    def __init__(self, sheet: Worksheet, summary: Summary, detail: DetailPlan, styles: Styles) -> None:
        self._sheet, self._summary, self._detail, self._styles = sheet, summary, detail, styles
        self._columns = {key: len(_LEADING) + at for at, key in enumerate(summary.book.cells)}
        self._members: dict[str, list[Submission]] = {category: [] for category in summary.groups}
        for submission, category in zip(summary.included, summary.categories(), strict=True):
            self._members.setdefault(category, []).append(submission)
        self.categories = list(self._members)

    def head(self) -> None:
        style = self._styles.get("head", font_size=9)
        for column, (text, width) in enumerate(_LEADING):
            self._sheet.set_column(column, column, width)
            for row in _HEAD_ROWS:
                put_text(self._sheet, _cell(row, column), text if row == _HEAD_ROWS[-1] else "", style)
        for key, column in self._columns.items():
            for row, text in zip(_HEAD_ROWS, head_texts(self._summary.book, key), strict=True):
                put_text(self._sheet, _cell(row, column), text, style)
        self._sheet.set_column(len(_LEADING), len(_LEADING) + len(self._columns) - 1, 9.5)
        for row, high in zip(_HEAD_ROWS, (1, 3, 2), strict=True):
            self._sheet.set_row(row, height(high))

    def category(self, row: int, category: str) -> None:
        """One category; a figure counts in it where the detail says exactly its name."""
        members = self._members[category]
        own = f"--EXACT({self._detail.categories},$A{row + 1})"
        put_text(self._sheet, _cell(row, _CATEGORY), category, self._styles.get("label"))
        self._counts(row, len(self._summary.groups.get(category, ())), f"=SUMPRODUCT({own})", len(members))
        values = add_up(self._summary.book, members)
        for key, column in self._columns.items():
            formula = f"=SUMPRODUCT({own},{self._detail.span(key)})"
            put_formula(self._sheet, _cell(row, column), formula, self._styles.get("centre"), values[key])
        self._sheet.set_row(row, height(1))

    def whole(self, row: int) -> None:
        """All agencies together, straight from the detail; and whether the categories add up to it."""
        total, computed = self._summary.values, self._styles.get("computed")
        put_text(self._sheet, _cell(row, _CATEGORY), WHOLE, self._styles.get("computed"))
        expected = sum(len(agencies) for agencies in self._summary.groups.values())
        counted = f"=SUM({self._above(_COUNTED, row)})"
        self._counts(row, expected, counted, len(self._summary.included))
        for key, column in self._columns.items():
            put_formula(self._sheet, _cell(row, column), f"=SUM({self._detail.span(key)})", computed, total[key])
        self._sheet.set_row(row, height(1))
        self._sheet.set_row(row + 1, height(1))
        put_text(self._sheet, _cell(row + 1, _CATEGORY), PROOF, self._styles.get("label"))
        for column in self._columns.values():
            cell = f"{column_name(column)}{row + 1}"
            formula = f'=IF(ROUND(SUM({self._above(column, row)})-{cell},6)=0,"{EQUAL}","差")'
            put_formula(self._sheet, _cell(row + 1, column), formula, self._styles.get("verdict"), EQUAL)
        last = _cell(row + 1, max(self._columns.values())).cell
        first = _cell(row + 1, len(_LEADING)).cell
        mark_verdicts(self._sheet, f"{first}:{last}", first, self._styles)

    def _counts(self, row: int, expected: int, formula: str, counted: int) -> None:
        centre = self._styles.get("centre")
        put_number(self._sheet, _cell(row, _EXPECTED), Decimal(expected), centre)
        put_formula(self._sheet, _cell(row, _COUNTED), formula, centre, Decimal(counted))
        ratio = f'={_cell(row, _COUNTED).cell}&"/"&{_cell(row, _EXPECTED).cell}'
        put_formula(self._sheet, _cell(row, _RATIO), ratio, centre, f"{counted}/{expected}")

    def _above(self, column: int, row: int) -> str:
        name = column_name(column)
        return f"{name}{_FIRST_ROW + 1}:{name}{row}"


def _cell(row: int, column: int) -> Area:
    return Area(GROUPS, row, column, row, column)
