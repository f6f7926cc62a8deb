"""The detail sheet: one row an agency, one column a cell of the form. Typed figures as read, the rest live formulas."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from toolkit.audit.checks import Check, Rulebook, Values, Verdict, judge
from toolkit.audit.formulas import all_hold_formula, sum_formula
from toolkit.audit.submission import Submission
from toolkit.form.area import Area, column_name
from toolkit.form.model import Key
from toolkit.problems import Severity
from toolkit.summary.merge import add_up
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

DETAIL = "明细"
HOLDS, BROKEN = "平", "差"

NAME_LABEL, CODE_LABEL, CATEGORY_LABEL = "单位名称", "统一社会信用代码", "类别"
FIRST_ROW = 4

_LEADING = (("序号", 6), (NAME_LABEL, 34), (CODE_LABEL, 22), ("勾稽", 7), ("文件", 34))
_GROUPED = (CATEGORY_LABEL, 12)
_VERDICT = 3
_HEAD_ROWS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class DetailPlan:
    """Where the detail stands: a column for every key, a row for every agency; `category` is the column of their
    categories, None where they have none."""

    columns: dict[Key, int]
    count: int
    leading: tuple[tuple[str, int], ...]
    category: int | None

    def cell(self, key: Key, row: int) -> str:
        """The address of a key's cell in one row (from 0)."""
        return f"{column_name(self.columns[key])}{row + 1}"

    def span(self, key: Key) -> str:
        """A key's figures of all agencies, as another sheet's formula calls them."""
        return self._span(column_name(self.columns[key]))

    @property
    def categories(self) -> str:
        """The categories of all agencies, pinned, as another sheet's formula calls them; empty where they have none."""
        return "" if self.category is None else self._span(f"${column_name(self.category)}$")

    def _span(self, name: str) -> str:
        return f"{DETAIL}!{name}{FIRST_ROW + 1}:{name}{FIRST_ROW + self.count}"


def plan_detail(book: Rulebook, count: int, *, grouped: bool = False) -> DetailPlan:
    """The plan for so many agencies, with a column for their categories or without."""
    leading = (*_LEADING, _GROUPED) if grouped else _LEADING
    columns = {key: len(leading) + at for at, key in enumerate(book.cells)}
    return DetailPlan(columns, count, leading, len(_LEADING) if grouped else None)


def head_texts(book: Rulebook, key: Key) -> tuple[str, str, str]:
    """The three lines of a key's heading, which no other key has."""
    cell = book.cells[key]
    return book.form.table(key.table).short, cell.row.short, cell.column.short


class DetailSheet:
    """The sheet being drawn."""

    def __init__(self, sheet: Worksheet, book: Rulebook, plan: DetailPlan, styles: Styles) -> None:
        self._sheet, self._book, self._plan, self._styles = sheet, book, plan, styles
        self._balances = [check for check in book.checks if _is_told(book, check)]

    def draw(self, submissions: Iterable[Submission], categories: Sequence[str], title: str) -> None:
        """Headings, then a row for each submission, in their order; `categories` are theirs, one each."""
        width = len(self._plan.leading) + len(self._plan.columns)
        put_text(self._sheet, self._area(0, 0), title, self._styles.get("title", align="left", text_wrap=False))
        self._sheet.set_row(0, height(2))
        self._head()
        for index, (submission, category) in enumerate(zip(submissions, categories, strict=True)):
            self._row(FIRST_ROW + index, index + 1, submission)
            if self._plan.category is not None:
                area = self._area(FIRST_ROW + index, self._plan.category)
                put_text(self._sheet, area, category, self._styles.get("centre"))
        last = FIRST_ROW + self._plan.count - 1
        self._sheet.autofilter(_HEAD_ROWS[-1], 0, last, width - 1)
        self._sheet.freeze_panes(FIRST_ROW, 3)
        verdicts = f"D{FIRST_ROW + 1}:D{last + 1}"
        mark_verdicts(self._sheet, verdicts, f"D{FIRST_ROW + 1}", self._styles)
        print_on_a4(self._sheet, title, landscape=True, wide=0)
        self._sheet.repeat_rows(1, _HEAD_ROWS[-1])
        self._sheet.repeat_columns(0, 1)

    def _area(self, row: int, column: int, last_row: int | None = None) -> Area:
        return Area(DETAIL, row, column, row if last_row is None else last_row, column)

    def _head(self) -> None:
        style = self._styles.get("head", font_size=9)
        for column, (text, width) in enumerate(self._plan.leading):
            self._sheet.set_column(column, column, width)
            for row in _HEAD_ROWS:
                put_text(self._sheet, self._area(row, column), text if row == _HEAD_ROWS[-1] else "", style)
        for key, column in self._plan.columns.items():
            for row, text in zip(_HEAD_ROWS, head_texts(self._book, key), strict=True):
                put_text(self._sheet, self._area(row, column), text, style)
        first = len(self._plan.leading)
        self._sheet.set_column(first, first + len(self._plan.columns) - 1, 9.5)
        for row, high in zip(_HEAD_ROWS, (1, 3, 2), strict=True):
            self._sheet.set_row(row, height(high))

    def _row(self, row: int, number: int, submission: Submission) -> None:
        plain, centre = self._styles.get("label"), self._styles.get("centre")
        put_number(self._sheet, self._area(row, 0), Decimal(number), centre)
        for column, text in ((1, submission.agency.name), (2, submission.agency.code), (4, submission.source.file)):
            put_text(self._sheet, self._area(row, column), text, plain)
        needed = max(lines(submission.agency.name, _LEADING[1][1]), lines(submission.source.file, _LEADING[4][1]))
        self._sheet.set_row(row, min(height(needed), MOST_HEIGHT))
        values = counted(submission)
        formula = all_hold_formula(self._balances, lambda key: self._plan.cell(key, row), HOLDS, BROKEN)
        broken = any(judge(check, values).verdict is Verdict.BROKEN for check in self._balances)
        put_formula(self._sheet, self._area(row, _VERDICT), formula, centre, BROKEN if broken else HOLDS)
        computed = self._styles.get("computed")
        for key in self._plan.columns:
            check = self._book.computed.get(key)
            area = self._area(row, self._plan.columns[key])
            if check is None:
                put_number(self._sheet, area, submission.values[key], centre)
            else:
                text = sum_formula(check.right, lambda each: self._plan.cell(each, row))
                put_formula(self._sheet, area, f"={text}", computed, values[key])


def counted(submission: Submission) -> Values:
    """A submission's figures as the summary counts them: a blank as 0."""
    return add_up(submission.book, [submission])


def _is_told(book: Rulebook, check: Check) -> bool:
    """Whether a check belongs in an agency's row: an error that needs no other year and no stored total."""
    rule = check.rule
    return not rule.computes and rule.severity is Severity.ERROR and not book.needs_prior(rule)
