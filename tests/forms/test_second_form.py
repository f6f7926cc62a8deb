"""A form that nobody has seen goes the whole way: declared, printed, filled in, read back and audited.

Nothing about the official form is written in the code, or this one would not work.
"""

import ast
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from tests.official import figures, key, official
from toolkit.audit.submission import Agency, Submission
from toolkit.audit.validate import audited
from toolkit.form.definition import parse_form
from toolkit.form.model import Form
from toolkit.workbook.intake import read_submission
from toolkit.workbook.known import know
from toolkit.workbook.template import Filling, Issue, template_bytes

SECOND = """
id = "library-2026"
code = "LIB26"
version = 3
title = "图书馆年报"

[[table]]
name = "books"
title = "一、藏书"
sheet = "藏书"
label_widths = [12, 16]

[[table.block]]
title = "数量"
corner = "类别"
columns = [
  { name = "paper", label = "纸质" },
  { name = "digital", label = "电子" },
  { name = "sum", label = "合计" },
]
rows = [
  { name = "start", label = "年初" },
  { name = "in.bought", label = "购入" },
  { name = "in.given", label = "受赠" },
  { name = "out", label = "剔旧" },
  { name = "end", label = "年末" },
]
row_groups = [{ label = "新增", over = "in.bought..in.given" }]

[[table.block]]
title = "经费"
columns = [{ name = "wan_yuan", label = "金额（万元）", short = "金额", decimals = 2 }]
rows = [{ name = "budget", label = "预算" }, { name = "spent", label = "支出" }]

[[table]]
name = "visits"
title = "二、到馆"
sheet = "到馆"
side_by_side = true

[[table.block]]
columns = [{ name = "adult", label = "成人" }, { name = "child", label = "儿童" }]
rows = [{ name = "day", label = "白天" }, { name = "night", label = "夜间" }]

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

[[rule]]
id = "books.end"
table = "books"
each = "column"
holds = "end = start + in.bought..in.given - out"
severity = "error"
title = "年末"
sentence = "年末 = 年初 + 新增 - 剔旧"
hint = "请核对藏书。"

[[rule]]
id = "books.start"
table = "books"
each = "column"
holds = "start = prior.start + prior.in.bought..in.given - prior.out"
severity = "error"
explainable = true
title = "年初"
sentence = "年初 = 上年年初 + 上年新增 - 上年剔旧"
hint = "请核对上年。"

[[rule]]
id = "books.spent"
table = "books"
each = "column"
holds = "spent <= budget"
severity = "warning"
title = "支出"
sentence = "支出不超过预算"
hint = "请核对支出。"

[[rule]]
id = "visits.child"
table = "visits"
each = "row"
holds = "child <= adult"
severity = "warning"
title = "儿童"
sentence = "儿童不多于成人"
hint = "请核对人次。"

[[rule]]
id = "visits.night"
table = "visits"
each = "column"
holds = "day >= night"
severity = "warning"
title = "夜间"
sentence = "夜间不多于白天"
hint = "请核对时段。"
"""

GOOD = """
books.start.paper           100    books.start.digital         10
books.in.bought.paper        20    books.in.bought.digital      5
books.in.given.paper          3    books.in.given.digital       0
books.out.paper              13    books.out.digital            1
books.end.paper             110    books.end.digital           14
books.budget.wan_yuan      8.50    books.spent.wan_yuan      8.25
visits.day.adult            900    visits.day.child           300
visits.night.adult          100    visits.night.child         100
"""
LAST_YEAR = """
prior.books.start.paper        90    prior.books.start.digital         4
prior.books.in.bought.paper    15    prior.books.in.bought.digital     6
prior.books.in.given.paper      5    prior.books.in.given.digital      0
prior.books.out.paper          10    prior.books.out.digital           0
"""


def table_of(text: str) -> dict[str, int | str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def second() -> Form:
    form = parse_form(SECOND, "library.toml")
    assert isinstance(form, Form), form
    return form


def returned(changes: Mapping[str, int | str], explanations: Mapping[str, str] | None = None) -> Submission:
    """The good report with some figures changed, printed, read back and audited."""
    known = know(second())
    written = figures({**table_of(GOOD), **table_of(LAST_YEAR), **changes})
    prior = {each: value for each, value in written.items() if each.is_prior}
    typed = {each: value for each, value in written.items() if not each.is_prior}
    issue = Issue(Agency("县图书馆", "12345"), 2026, prior)
    data = template_bytes(known, issue, Filling(typed, explanations=explanations or {}))
    reading = read_submission(data, "lib.xlsx", {"LIB26": known})
    assert isinstance(reading, Submission), reading
    return audited(reading)


def test_what_was_filled_in_is_read_back_and_the_rest_is_computed() -> None:
    submission = returned({})
    assert submission.problems == ()
    assert (submission.agency, submission.year) == (Agency("县图书馆", "12345"), 2026)
    assert dict(submission.values) == figures({
        **table_of(GOOD), **table_of(LAST_YEAR),
        "books.start.sum": 110, "books.in.bought.sum": 25, "books.in.given.sum": 3, "books.out.sum": 14,
        "books.end.sum": 124,
    }) | {key(f"prior.books.{row}.sum"): None for row in ("start", "in.bought", "in.given", "out")}  # fmt: skip


def test_a_decimal_stays_exact() -> None:
    assert returned({}).values[key("books.spent.wan_yuan")] == Decimal("8.25")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            {"books.end.paper": 111},
            ("books.end", "error", "藏书 C12",
             "藏书 C12（年末·纸质）：年末 111，应等于年初 100 + 购入 20 + 受赠 3 − 剔旧 13 = 110，差 +1。",
             "请核对藏书。"),
            id="a run in a balance",
        ),
        pytest.param(
            {"prior.books.in.given.digital": 2},
            ("books.start", "error", "藏书 D8",
             "藏书 D8（年初·电子）：年初 10，应等于上年年初 4 + 上年购入 6 + 上年受赠 2 − 上年剔旧 0 = 12，差 -2。",
             "请核对上年。"),
            id="a run of last year's figures",
        ),
        pytest.param(
            {"books.spent.wan_yuan": "8.51"},
            ("books.spent", "warning", "藏书 C16",
             "藏书 C16（支出·金额）：支出 8.51，应不大于预算 8.5，差 +0.01。",
             "请核对支出。"),
            id="an inequality of decimals in the second block",
        ),
        pytest.param(
            {"visits.day.child": 901},
            ("visits.child", "warning", "到馆 B6",
             "到馆 B6（白天·儿童）：儿童 901，应不大于成人 900，差 +1。",
             "请核对人次。"),
            id="a rule along rows that stand side by side",
        ),
        pytest.param(
            {"visits.night.adult": 901},
            ("visits.night", "warning", "到馆 A6",
             "到馆 A6（白天·成人）：白天 900，应不小于夜间 901，差 -1。",
             "请核对时段。"),
            id="a rule across rows that stand side by side",
        ),
    ],
)  # fmt: skip
def test_a_broken_rule_is_told_and_nothing_else(
    changes: dict[str, int | str], told: tuple[str, str, str, str, str]
) -> None:
    assert [
        (problem.code, problem.severity.value, str(problem.where), problem.message, problem.hint)
        for problem in returned(changes).problems
    ] == [told]


def test_an_explanation_turns_an_error_into_a_warning() -> None:
    (problem,) = returned({"books.start.paper": 99, "books.end.paper": 109}, {"books.start": "盘点更正"}).problems
    assert (problem.code, problem.severity.value, problem.hint) == (
        "books.start",
        "warning",
        "请核对单位的说明是否成立。",
    )


def test_a_workbook_of_one_form_is_not_taken_for_another() -> None:
    data = template_bytes(know(second()))
    reading = read_submission(data, "lib.xlsx", {"OGI2021": official()})
    assert [(problem.code, problem.message) for problem in reading.problems] == [
        ("wrong-form", "这是另一种报表（LIB26）。")
    ]


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("side_by_side", [False, True])
def test_the_smallest_form_there_is_can_be_printed_and_read(columns: int, side_by_side: bool) -> None:
    items = ", ".join(f'{{ name = "c{at}", label = "列{at}" }}' for at in range(columns))
    text = f"""
id = "tiny"
code = "TINY"
version = 1
title = "小表"
[[table]]
name = "t"
title = "表"
sheet = "表"
data_width = 8
{"side_by_side = true" if side_by_side else "label_widths = [9]"}
[[table.block]]
columns = [{items}]
rows = [{{ name = "r", label = "行" }}]
"""
    form = parse_form(text, "tiny.toml")
    assert isinstance(form, Form), form
    typed = figures({f"t.r.c{at}": at + 1 for at in range(columns)})
    data = template_bytes(know(form), filling=Filling(typed, agency=Agency("甲", ""), year=2026))
    reading = read_submission(data, "tiny.xlsx", {"TINY": know(form)})
    assert isinstance(reading, Submission)
    assert (reading.values, reading.problems) == (typed, ())


TOOLKIT = Path(__file__).parents[2] / "toolkit"


def texts_in_code(path: Path) -> list[str]:
    """Every text a module's code holds, pieces of f-strings included; docstrings are no code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    ]


def words_of_the_official_form() -> set[str]:
    """The form's own words: table, row and column names of two words or more, and its labels of four characters or
    more without their numbering. Shorter ones (total, 其他, 总计) are everybody's."""
    form = official().book.form
    axes = [axis for table in form.tables for block in table.blocks for axis in (block.rows, block.columns)]
    names = [item.name for axis in axes for item in axis.items] + [f"{table.name}." for table in form.tables]
    labels = [item.label for axis in axes for item in axis.items] + [table.sheet for table in form.tables]
    labels += [group.label for axis in axes for group in axis.groups]
    plain = [re.sub(r"^([（(]?[一二三四五六七]+[）)]?、?|\d\.)", "", label) for label in labels]
    return (
        {name for name in names if "_" in name or "." in name}
        | {label for label in plain if len(label) >= 4}
        | {"自然人", "法人", "申请", "复议", "诉讼", "规章", "OGI2021"}
    )


def test_no_word_of_the_official_form_is_written_in_the_code() -> None:
    words = words_of_the_official_form()
    assert [
        (path.relative_to(TOOLKIT).as_posix(), word, text[:40])
        for path in sorted(TOOLKIT.rglob("*.py"))
        for text in texts_in_code(path)
        for word in sorted(words)
        if word in text
    ] == []
