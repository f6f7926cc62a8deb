"""What the tests of charts share: a small form that declares charts, summaries of it, and a workbook of their sheet."""

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache

import xlsxwriter

from toolkit.audit.checks import Rulebook, compute, expand
from toolkit.audit.submission import Agency, Source, Submission
from toolkit.form.definition import parse_form
from toolkit.form.model import Form, Key
from toolkit.summary.charts import CHARTS, draw_charts
from toolkit.summary.counting import counted
from toolkit.summary.detail import DETAIL, FIRST_ROW, plan_detail
from toolkit.summary.merge import Entry, Summary, add_up
from toolkit.summary.totals import TOTALS, plan_totals
from toolkit.workbook.drawing import put_formula
from toolkit.workbook.styles import Styles
from toolkit.workbook.template import CREATED, PLAIN_TEXT

FORM = """
id = "library"
code = "LIB"
version = 1
title = "图书馆年报"

[[table]]
name = "books"
title = "一、藏书"
sheet = "藏书"
label_widths = [12]

[[table.block]]
columns = [
  { name = "paper", label = "纸质" }, { name = "digital", label = "电子" }, { name = "sum", label = "合计" },
]
rows = [{ name = "bought", label = "购入" }, { name = "given", label = "受赠" }, { name = "lost", label = "剔旧" }]

[[table.block]]
columns = [{ name = "wan_yuan", label = "金额", decimals = 2 }]
rows = [{ name = "budget", label = "预算" }, { name = "spent", label = "支出" }, { name = "owed", label = "欠付" }]

[[rule]]
id = "books.sum"
table = "books"
each = "row"
holds = "sum = paper..digital"
computes = true
severity = "error"
title = "合计"
sentence = "合计 = 纸质 + 电子"
hint = "请恢复公式。"

[[chart]]
id = "ways"
title = "来去"
parts = true
bar = [
  { label = "购入", sum = "books.bought.sum" },
  { label = "受赠", sum = "books.given.paper + books.given.digital" },
  { label = "剔旧", sum = "books.lost.sum" },
]

[[chart]]
id = "money"
title = "经费"
parts = true
bar = [
  { label = "预算", sum = "books.budget.wan_yuan" },
  { label = "支出", sum = "books.spent.wan_yuan" },
  { label = "欠付", sum = "books.owed.wan_yuan" },
]

[[chart]]
id = "libraries"
title = "藏书变动最多的馆"
by = "agency"
most = 3
bar = [{ label = "纸质", sum = "books.*.paper" }, { label = "电子", sum = "books.*.digital" }]

[[chart]]
id = "years"
title = "各年度来去"
by = "year"
bar = [{ label = "购入", sum = "books.bought.sum" }, { label = "剔旧", sum = "books.lost.sum" }]
"""

LIBRARIES = {
    "县图书馆": "bought.paper 5 given.paper 1 lost.digital 2 budget.wan_yuan 0.1",
    "少儿馆": "lost.paper 1 spent.wan_yuan 0.2",
    "空馆": "",
    "大学馆": "bought.digital 7 given.digital 1 owed.wan_yuan 0.3",
    "社区馆": "bought.paper 1 lost.digital 1",
}


@cache
def book(text: str = FORM) -> Rulebook:
    form = parse_form(text, "library.toml")
    assert isinstance(form, Form), form
    return expand(form)


def figures(written: str) -> dict[Key, Decimal]:
    """`bought.paper 5 lost.digital 1` -> the figures of all typed cells, what is not written being 0."""
    words = written.split()
    found = {
        Key("books", *name.split(".")): Decimal(value) for name, value in zip(words[::2], words[1::2], strict=True)
    }
    return {key: Decimal(0) for key in book().typed} | found


def summed(
    libraries: Mapping[str, str] | Sequence[tuple[str, str]] = LIBRARIES, text: str = FORM, *,
    earlier: Mapping[int, str] | None = None, year: int | None = 2025, unit: str = "",
) -> Summary:  # fmt: skip
    """The summary of some libraries: name and figures of each; `earlier` are the totals of earlier years."""
    pairs = list(libraries.items()) if isinstance(libraries, Mapping) else list(libraries)
    rules = book(text)
    made = [
        Submission(rules, Source(f"{at}.xlsx", ""), Agency(name, ""), year, compute(rules, {**figures(written)}), ())
        for at, (name, written) in enumerate(pairs)
    ]
    known = {each: _whole(compute(rules, {**figures(written)})) for each, written in (earlier or {}).items()}
    entries = tuple(Entry(each, "") for each in made)
    return Summary(rules, year, "图书馆年报", entries, add_up(rules, made), earlier=known, unit=unit)


def chart_book(summary: Summary) -> bytes:
    """A workbook with the sheet of charts, and of the other sheets what its formulas call."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, **PLAIN_TEXT})
    workbook.set_properties({"created": CREATED})
    sheets = {name: workbook.add_worksheet(name) for name in (TOTALS, CHARTS, DETAIL)}
    styles, totals = Styles(workbook), plan_totals(summary.book.form)
    detail = plan_detail(summary.book, len(summary.included))
    for at, submission in enumerate(summary.included):
        sheets[DETAIL].write_number(FIRST_ROW + at, 0, at + 1)
        for key, value in counted(submission).items():
            sheets[DETAIL].write_number(FIRST_ROW + at, detail.columns[key], float(value or 0))
    for key, area in totals.cells.items():
        put_formula(sheets[TOTALS], area, f"=SUM({detail.span(key)})", styles.get("plain"), summary.values[key])
    for name in (TOTALS, DETAIL):
        sheets[name].print_area(0, 0, 0, 0)
    draw_charts(workbook, sheets[CHARTS], summary, detail, totals, styles, "2025 年度图书馆年报（图表）")
    workbook.close()
    return buffer.getvalue()


def looked_up(name: str, row: int) -> str:
    """The formula that finds the same figure by the library's number, of five."""
    column = detail_cell(name, row).removeprefix(f"{DETAIL}!").rstrip("0123456789")
    return f"INDEX(明细!{column}6:{column}10,MATCH({row + 1},明细!$A$6:$A$10,0))"


def detail_cell(name: str, row: int) -> str:
    """`bought.paper`, 0 -> the cell of the first library's figure in the detail."""
    return f"{DETAIL}!{plan_detail(book(), 1).cell(Key('books', *name.split('.')), FIRST_ROW + row)}"


def _whole(values: Mapping[Key, Decimal | None]) -> dict[Key, Decimal]:
    return {key: value or Decimal(0) for key, value in values.items()}
