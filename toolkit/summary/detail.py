"""The detail sheet: one row an agency, one column a cell of the form. Typed figures as read, the rest live formulas."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from toolkit.audit.checks import Check, Rulebook, Verdict, judge
from toolkit.audit.formulas import all_hold_formula, sum_formula
from toolkit.audit.submission import Submission
from toolkit.form.area import Area, column_name
from toolkit.form.layout import template_layout
from toolkit.form.model import Key
from toolkit.problems import Severity
from toolkit.summary.counting import Counting
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
from toolkit.workbook.rows import HERE, Look, Numbers, Row, Rows, result, text, whole
from toolkit.workbook.styles import GREY, Styles

DETAIL = "明细"
HOLDS, BROKEN = "平", "差"

NUMBER_LABEL, NAME_LABEL, CODE_LABEL, FILE_LABEL = "序号", "单位名称", "统一社会信用代码", "文件"
ORIGIN_LABEL = "出处"
FIRST_ROW = 5
HEAD_ROWS = (1, 2, 3, 4)
NOTE = "白格是单位填报的数，灰格是公式；灰色斜体的 0 是声明为零的空白格，黄格的原文与数不同（见“原文”页）。"

_LEADING = ((NUMBER_LABEL, 6), (NAME_LABEL, 34), (CODE_LABEL, 22), ("勾稽", 7), (FILE_LABEL, 34), (ORIGIN_LABEL, 7))
_DIVISION_WIDTH = 16
_NAME, _CODE, _VERDICT, _FILE, _ORIGIN = 1, 2, 3, 4, 5
_TOLD_WIDTHS = [_LEADING[column][1] for column in (_NAME, _CODE, _FILE)]


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
        asked = {key for check in self._balances for key in check.keys}
        self._balanced = [(key, at) for at, key in enumerate(book.cells) if key in asked]
        self._cells = template_layout(book.form).cells

    def draw(
        self, submissions: Iterable[Submission], divisions: Sequence[Division], files: tuple[str, str], title: str
    ) -> Rows:
        """All but the rows, which are returned: one for each submission, in their order; `files` are the sheet where
        their files are told and the cells there that hold their numbers, as text."""
        width = len(self._plan.leading) + len(self._plan.columns)
        put_text(self._sheet, self._area(0, 0), title, self._styles.get("title", align="left", text_wrap=False))
        self._sheet.set_row(0, height(2))
        self._head()
        zero = self._styles.get("centre", font_color=GREY, italic=True)
        other = self._styles.get("centre", bg_color="#FFF2CC")
        for row, typed in enumerate((self._styles.get("centre"), zero, other), start=FIRST_ROW):
            self._model(row, typed, files)
        last = FIRST_ROW + self._plan.count - 1
        self._sheet.autofilter(HEAD_ROWS[-1], 0, last, width - 1)
        self._sheet.freeze_panes(FIRST_ROW, 3)
        verdicts = f"D{FIRST_ROW + 1}:D{last + 1}"
        mark_verdicts(self._sheet, verdicts, f"D{FIRST_ROW + 1}", self._styles)
        print_on_a4(self._sheet, title, landscape=True, wide=0)
        self._sheet.repeat_rows(HEAD_ROWS[0], HEAD_ROWS[-1])
        self._sheet.repeat_columns(0, 1)
        labels = [each.labels for each in divisions]
        return Rows(FIRST_ROW, self._plan.count, 3, lambda looks: self._rows(submissions, labels, looks))

    def _area(self, row: int, column: int) -> Area:
        return Area(DETAIL, row, column, row, column)

    def _head(self) -> None:
        """Where a figure stood in the workbook as issued, its table, its row, its column."""
        style, small = self._styles.get("head", font_size=9), self._styles.get("above", font_size=8)
        note = self._styles.get("side", align="left", text_wrap=False)
        put_text(self._sheet, self._area(HEAD_ROWS[0], 0), NOTE, note)
        for column, (label, width) in enumerate(self._plan.leading):
            self._sheet.set_column(column, column, width)
            for row in HEAD_ROWS[1:]:
                put_text(self._sheet, self._area(row, column), label if row == HEAD_ROWS[-1] else "", style)
        for key, column in self._plan.columns.items():
            area = self._cells[key]
            put_text(self._sheet, self._area(HEAD_ROWS[0], column), f"{area.sheet} {area.cell}", small)
            for row, label in zip(HEAD_ROWS[1:], head_texts(self._book, key), strict=True):
                put_text(self._sheet, self._area(row, column), label, style)
        first = len(self._plan.leading)
        self._sheet.set_column(first, first + len(self._plan.columns) - 1, 9.5)
        for row, high in zip(HEAD_ROWS, (2, 1, 3, 2), strict=True):
            self._sheet.set_row(row, height(high))

    def _model(self, row: int, typed: Format, files: tuple[str, str]) -> None:
        """An agency's row without what it says, its typed figures in one of their styles."""
        centre = self._styles.get("centre")
        for column in range(len(self._plan.leading)):
            style = self._styles.get("label") if column in (_NAME, _CODE, _FILE) else centre
            put_text(self._sheet, self._area(row, column), "", style)
        formula = all_hold_formula(self._balances, self._here, HOLDS, BROKEN)
        put_formula(self._sheet, self._area(row, _VERDICT), formula, centre, HOLDS)
        link = f'=HYPERLINK("#{files[0]}!A"&MATCH(TEXT($A{HERE},"0"),{files[1]},0),"{ORIGIN_LABEL}")'
        put_formula(self._sheet, self._area(row, _ORIGIN), link, self._styles.get("link", indent=0), ORIGIN_LABEL)
        for key, column in self._plan.columns.items():
            area, check = self._area(row, column), self._book.computed.get(key)
            if check is None:
                put_number(self._sheet, area, None, typed)
            else:
                added = sum_formula(check.right, self._here)
                put_formula(self._sheet, area, f"={added}", self._styles.get("computed"), Decimal(0))

    def _here(self, key: Key) -> str:
        """A key's cell in the row that a model comes to stand in."""
        return f"{column_name(self._plan.columns[key])}{HERE}"

    def _rows(
        self, submissions: Iterable[Submission], labels: Sequence[Sequence[str]], looks: Sequence[Sequence[Look]]
    ) -> Iterator[Row]:
        counting, plain = Counting(self._book), looks[0]
        written = _Figures(self._book, counting.places, [each[len(self._plan.leading) :] for each in looks])
        for index, submission in enumerate(submissions):
            cells = counting.cells(submission)
            figures = counting.figures(cells)
            agency, file = submission.agency, submission.source.file
            leading = [
                whole(plain[0], index + 1), text(plain[_NAME], agency.name), text(plain[_CODE], agency.code),
                result(BROKEN if self._is_broken(figures) else HOLDS), text(plain[_FILE], file), result(ORIGIN_LABEL),
                *(text(plain[len(_LEADING) + at], each[index]) for at, each in enumerate(labels)),
            ]  # fmt: skip
            needed = max(map(lines, (agency.name, agency.code, file), _TOLD_WIDTHS))
            yield min(height(needed), MOST_HEIGHT), [*leading, *written.of(submission, cells, figures)]

    def _is_broken(self, figures: Sequence[Decimal]) -> bool:
        values = {key: figures[place] for key, place in self._balanced}
        return any(judge(check, values).verdict is Verdict.BROKEN for check in self._balances)


class _Figures:
    """What the cells of figures hold; typed ones all look alike, but for blanks and what was not just the figure."""

    def __init__(self, book: Rulebook, places: Mapping[Key, int], looks: Sequence[Sequence[Look]]) -> None:
        self._places, self._computed = places, [places[key] for key in book.computed]
        typed = places[book.typed[0]]
        self._plain, self._zero, self._other = (Numbers(each[typed]) for each in looks)
        self._live = Numbers(looks[0][self._computed[0]]) if self._computed else self._plain

    def of(self, submission: Submission, cells: Sequence[Decimal | None], figures: Sequence[Decimal]) -> list[bytes]:
        """Those of a submission: its cells as they are, what is computed from them as it is counted."""
        found = list(map(self._plain.__getitem__, cells))
        for numbers, keys in ((self._other, submission.raws), (self._zero, submission.blanks)):
            for place in map(self._places.get, keys):
                if place is not None:
                    found[place] = numbers[cells[place]]
        for place in self._computed:
            found[place] = self._live[figures[place]]
        return found


def _is_told(book: Rulebook, check: Check) -> bool:
    """Whether a check belongs in an agency's row: an error that needs no other year and no stored total."""
    rule = check.rule
    return not rule.computes and rule.severity is Severity.ERROR and not book.needs_prior(rule)
