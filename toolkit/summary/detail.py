"""The detail sheet: one row an agency, one column a cell of the form. Typed figures as read, the rest live formulas."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from toolkit.audit.checks import Check, Rulebook, Values, Verdict, judge
from toolkit.audit.formulas import all_hold_formula, sum_formula
from toolkit.audit.submission import Submission
from toolkit.form.area import Area, column_name
from toolkit.form.layout import template_layout
from toolkit.form.model import Key
from toolkit.problems import Severity
from toolkit.summary.merge import add_up
from toolkit.summary.parts import Division
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
from toolkit.workbook.styles import GREY, Styles

DETAIL = "明细"
HOLDS, BROKEN = "平", "差"

NUMBER_LABEL, NAME_LABEL, CODE_LABEL, FILE_LABEL = "序号", "单位名称", "统一社会信用代码", "文件"
FIRST_ROW = 5
HEAD_ROWS = (1, 2, 3, 4)
NOTE = "白格是单位填报的数，灰格是公式；灰色斜体的 0 是声明为零的空白格，黄格的原文与数不同（见“原文”页）。"

_LEADING = ((NUMBER_LABEL, 6), (NAME_LABEL, 34), (CODE_LABEL, 22), ("勾稽", 7), (FILE_LABEL, 34), ("出处", 7))
_DIVISION_WIDTH = 16
_VERDICT, _FILE, _ORIGIN = 3, 4, 5


@dataclass(frozen=True, slots=True)
class DetailPlan:
    """Where the detail stands: a column for every key, a row for every agency; `divisions` are the columns that say in
    which part of each kind an agency is, by the kind's heading."""

    columns: dict[Key, int]
    count: int
    leading: tuple[tuple[str, int], ...]
    divisions: dict[str, int]

    def cell(self, key: Key, row: int) -> str:
        """The address of a key's cell in one row (from 0)."""
        return f"{column_name(self.columns[key])}{row + 1}"

    def span(self, key: Key) -> str:
        """A key's figures of all agencies, as another sheet's formula calls them."""
        return self._span(column_name(self.columns[key]))

    def lookup(self, key: Key, index: int) -> str:
        """The figure of the agency that is at a position of the counted ones, wherever its row was sorted to."""
        return f"INDEX({self.span(key)},MATCH({index + 1},{self._span('$A$')},0))"

    def head(self, key: Key) -> str:
        """The top of a key's column, as a link calls it."""
        return f"{DETAIL}!{column_name(self.columns[key])}{HEAD_ROWS[0] + 1}"

    def labels(self, heading: str) -> str:
        """The labels of one kind of parts of all agencies, pinned, as another sheet's formula calls them."""
        return self._span(f"${column_name(self.divisions[heading])}$")

    def _span(self, name: str) -> str:
        return f"{DETAIL}!{name}{FIRST_ROW + 1}:{name}{FIRST_ROW + self.count}"


def plan_detail(book: Rulebook, count: int, divisions: Sequence[Division] = ()) -> DetailPlan:
    """The plan for so many agencies, with a column for each kind of parts."""
    leading = (*_LEADING, *((each.heading, _DIVISION_WIDTH) for each in divisions))
    columns = {key: len(leading) + at for at, key in enumerate(book.cells)}
    places = {each.heading: len(_LEADING) + at for at, each in enumerate(divisions)}
    return DetailPlan(columns, count, leading, places)


def head_texts(book: Rulebook, key: Key) -> tuple[str, str, str]:
    """The three lines of a key's heading, which no other key has."""
    cell = book.cells[key]
    return book.form.table(key.table).short, cell.row.short, cell.column.short


class DetailSheet:
    """The sheet being drawn."""

    def __init__(self, sheet: Worksheet, book: Rulebook, plan: DetailPlan, styles: Styles) -> None:
        self._sheet, self._book, self._plan, self._styles = sheet, book, plan, styles
        self._balances = [check for check in book.checks if _is_told(book, check)]
        self._cells = template_layout(book.form).cells
        self._zero = styles.get("centre", font_color=GREY, italic=True)
        self._other = styles.get("centre", bg_color="#FFF2CC")

    def draw(
        self, submissions: Iterable[Submission], divisions: Sequence[Division], files: tuple[str, str], title: str
    ) -> None:
        """Headings, then a row for each submission, in their order; `files` are the sheet where their files are told
        and the cells there that hold their numbers, as text."""
        width = len(self._plan.leading) + len(self._plan.columns)
        put_text(self._sheet, self._area(0, 0), title, self._styles.get("title", align="left", text_wrap=False))
        self._sheet.set_row(0, height(2))
        self._head()
        for index, submission in enumerate(submissions):
            row = FIRST_ROW + index
            self._row(row, index + 1, submission, files)
            for division in divisions:
                area = self._area(row, self._plan.divisions[division.heading])
                put_text(self._sheet, area, division.labels[index], self._styles.get("centre"))
        last = FIRST_ROW + self._plan.count - 1
        self._sheet.autofilter(HEAD_ROWS[-1], 0, last, width - 1)
        self._sheet.freeze_panes(FIRST_ROW, 3)
        verdicts = f"D{FIRST_ROW + 1}:D{last + 1}"
        mark_verdicts(self._sheet, verdicts, f"D{FIRST_ROW + 1}", self._styles)
        print_on_a4(self._sheet, title, landscape=True, wide=0)
        self._sheet.repeat_rows(HEAD_ROWS[0], HEAD_ROWS[-1])
        self._sheet.repeat_columns(0, 1)

    def _area(self, row: int, column: int, last_row: int | None = None) -> Area:
        return Area(DETAIL, row, column, row if last_row is None else last_row, column)

    def _head(self) -> None:
        """Where a figure stood in the workbook as issued, its table, its row, its column."""
        style, small = self._styles.get("head", font_size=9), self._styles.get("above", font_size=8)
        note = self._styles.get("side", align="left", text_wrap=False)
        put_text(self._sheet, self._area(HEAD_ROWS[0], 0), NOTE, note)
        for column, (text, width) in enumerate(self._plan.leading):
            self._sheet.set_column(column, column, width)
            for row in HEAD_ROWS[1:]:
                put_text(self._sheet, self._area(row, column), text if row == HEAD_ROWS[-1] else "", style)
        for key, column in self._plan.columns.items():
            area = self._cells[key]
            put_text(self._sheet, self._area(HEAD_ROWS[0], column), f"{area.sheet} {area.cell}", small)
            for row, text in zip(HEAD_ROWS[1:], head_texts(self._book, key), strict=True):
                put_text(self._sheet, self._area(row, column), text, style)
        first = len(self._plan.leading)
        self._sheet.set_column(first, first + len(self._plan.columns) - 1, 9.5)
        for row, high in zip(HEAD_ROWS, (2, 1, 3, 2), strict=True):
            self._sheet.set_row(row, height(high))

    def _row(self, row: int, number: int, submission: Submission, files: tuple[str, str]) -> None:
        plain, centre = self._styles.get("label"), self._styles.get("centre")
        put_number(self._sheet, self._area(row, 0), Decimal(number), centre)
        texts = ((1, submission.agency.name), (2, submission.agency.code), (_FILE, submission.source.file))
        for column, text in texts:
            put_text(self._sheet, self._area(row, column), text, plain)
        link = f'=HYPERLINK("#{files[0]}!A"&MATCH(TEXT($A{row + 1},"0"),{files[1]},0),"出处")'
        put_formula(self._sheet, self._area(row, _ORIGIN), link, self._styles.get("link", indent=0), "出处")
        needed = max(lines(text, _LEADING[column][1]) for column, text in texts)
        self._sheet.set_row(row, min(height(needed), MOST_HEIGHT))
        values = counted(submission)
        formula = all_hold_formula(self._balances, lambda key: self._plan.cell(key, row), HOLDS, BROKEN)
        broken = any(judge(check, values).verdict is Verdict.BROKEN for check in self._balances)
        put_formula(self._sheet, self._area(row, _VERDICT), formula, centre, BROKEN if broken else HOLDS)
        self._figures(row, submission, values)

    def _figures(self, row: int, submission: Submission, values: Values) -> None:
        computed = self._styles.get("computed")
        blanks = frozenset(submission.blanks)
        for key, column in self._plan.columns.items():
            check, area = self._book.computed.get(key), self._area(row, column)
            if check is None:
                put_number(self._sheet, area, submission.values[key], self._typed(key, submission, blanks))
            else:
                text = sum_formula(check.right, lambda each: self._plan.cell(each, row))
                put_formula(self._sheet, area, f"={text}", computed, values[key])

    def _typed(self, key: Key, submission: Submission, blanks: frozenset[Key]) -> Format:
        if key in blanks:
            return self._zero
        return self._other if key in submission.raws else self._styles.get("centre")


def counted(submission: Submission) -> Values:
    """A submission's figures as the summary counts them: a blank as 0."""
    return add_up(submission.book, [submission])


def _is_told(book: Rulebook, check: Check) -> bool:
    """Whether a check belongs in an agency's row: an error that needs no other year and no stored total."""
    rule = check.rule
    return not rule.computes and rule.severity is Severity.ERROR and not book.needs_prior(rule)
