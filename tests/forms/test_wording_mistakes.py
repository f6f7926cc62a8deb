"""What a wording can have wrong: every mistake at once, with its line, what is wrong and the way out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.forms.test_definition_mistakes import SMALL
from toolkit.form.definition import parse_form
from toolkit.form.library import built_in, load_form
from toolkit.form.model import Form
from toolkit.form.wording import (
    Change,
    Figure,
    Paragraph,
    Share,
    Word,
    Wording,
    parse_wording,
    wording_of,
    wording_text,
)

Told = list[tuple[int, str, str]]

FORMS = "请写成 {名称}、{名称 + 名称}、{名称 / 名称}、{prior 名称} 或 {change 名称}。"
BRACES = "占位符写成 {名称} 的样子；要写花括号本身的，请写两个：{{ 或 }}。"
DIVIDED = "占比只能是 {名称 / 名称}，不能连除，也不能与 prior、change 同用。"
DECIMALS = "请写 0 到 4 的一个数字，如 {名称 / 名称 : 2}。"
MADE = "是否想写 goods.made.total？"
EVERY_CELL = (
    "可用的有：goods.bought.first、goods.bought.second、goods.bought.total、goods.left.first、goods.left.second、"
    "goods.left.total、goods.made.first、goods.made.second、goods.made.total、goods.sold.first、goods.sold.second、"
    "goods.sold.total。"
)


def small() -> Form:
    """A table goods: rows bought, made, sold, left; columns first, second, total."""
    form = parse_form(SMALL, "small.toml")
    assert isinstance(form, Form)
    return form


CELLS = [key for table in small().tables for key, _, _ in table.cells()]


def mistakes(text: str) -> Told:
    """What is told of a wording: line, message, hint."""
    found = parse_wording(text, "文字.txt", CELLS)
    assert isinstance(found, tuple), "the wording has no mistake"
    assert {(problem.code, problem.severity.value, problem.where.file) for problem in found} == {
        ("definition", "error", "文字.txt")
    }
    return [(problem.where.line or 0, problem.message, problem.hint) for problem in found]


MISTAKES: list[tuple[str, str, Told]] = [
    ("nothing", "", [(1, "一段文字也没有", "请至少写一行不以 # 开头的文字。")]),
    ("comments only", "# 甲\n\n  # 乙", [(1, "一段文字也没有", "请至少写一行不以 # 开头的文字。")]),
    ("an open brace", "甲\n{goods.made.total 件", [(2, "「{」不成对", BRACES)]),
    ("a closing brace alone", "goods.made.total} 件", [(1, "「}」不成对", BRACES)]),
    ("a brace in braces", "{goods.made.total {year}", [(1, "「{」不成对", BRACES)]),
    ("a brace closed on the next line", "{year\n}", [(1, "「{」不成对", BRACES), (2, "「}」不成对", BRACES)]),
    (
        "full-width braces",
        "｛year｝",
        [(1, "「｛」是全角的花括号", "请改用半角的 { 和 }。"), (1, "「｝」是全角的花括号", "请改用半角的 { 和 }。")],
    ),
    (
        "one full-width brace",
        "{year｝",
        [(1, "「{」不成对", BRACES), (1, "「｝」是全角的花括号", "请改用半角的 { 和 }。")],
    ),
    ("empty braces", "甲 {} {  }", [(1, "花括号里是空的", FORMS)]),
    ("an unknown word", "{yaer}", [(1, "不认识「yaer」", "是否想写 year？")]),
    ("a Chinese word", "{合计}", [(1, "不认识「合计」", "可用的有：counted、expected、unit、year。")]),
    (
        "a word in a sum",
        "{year + 1}",
        [(1, "「year」不是单元格的名称", EVERY_CELL), (1, "「1」不是单元格的名称", EVERY_CELL)],
    ),
    ("an unknown cell", "{goods.maid.total}", [(1, "没有叫「goods.maid.total」的单元格", MADE)]),
    (
        "two unknown cells of a share",
        "{goods.maid.total / goods.mode.total}",
        [
            (1, "没有叫「goods.maid.total」的单元格", MADE),
            (1, "没有叫「goods.mode.total」的单元格", MADE),
        ],
    ),
    (
        "two unknown cells of a sum",
        "{goods.maid.total + goods.made.first + goods.lefd.total}",
        [
            (1, "没有叫「goods.maid.total」的单元格", MADE),
            (1, "没有叫「goods.lefd.total」的单元格", "是否想写 goods.left.total？"),
        ],
    ),
    (
        "a cell added twice, beside another mistake",
        "{x} {goods.*.total + goods.made.total}",
        [
            (1, "不认识「x」", "可用的有：counted、expected、unit、year。"),
            (1, "「goods.made.total」加了两次", MADE),
        ],
    ),
    (
        "last year as in a rule",
        "{prior.goods.made.total}",
        [(1, "没有叫「prior.goods.made.total」的单元格", "上年的数请写成 {prior 名称}，中间是空格。")],
    ),
    ("last year of nothing", "{prior} {change }", [(1, "少写了一个名称", FORMS)]),
    ("a sum that does not end", "{goods.made.total +}", [(1, "少写了一个名称", FORMS)]),
    ("a share of what", "{goods.made.total / }", [(1, "少写了一个名称", FORMS)]),
    (
        "divided twice",
        "{goods.made.total / goods.sold.total / goods.left.total}",
        [(1, "「goods.made.total / goods.sold.total / goods.left.total」里的「/」用错了", DIVIDED)],
    ),
    (
        "a share of last year",
        "{prior goods.made.total / goods.sold.total}",
        [(1, "「prior goods.made.total / goods.sold.total」里的「/」用错了", DIVIDED)],
    ),
    (
        "a change of a share",
        "{change goods.made.total / goods.sold.total}",
        [(1, "「change goods.made.total / goods.sold.total」里的「/」用错了", DIVIDED)],
    ),
    (
        "decimals of a figure",
        "{goods.made.total : 2}",
        [(1, "「goods.made.total」不是百分比，不能指定小数位数", "请删去「:2」。")],
    ),
    ("decimals of a word", "{year:2}", [(1, "「year」不是百分比，不能指定小数位数", "请删去「:2」。")]),
    ("too many decimals", "{goods.made.total / goods.sold.total : 5}", [(1, "小数位数「5」写法不对", DECIMALS)]),
    ("decimals that are no number", "{change goods.made.total : 二}", [(1, "小数位数「二」写法不对", DECIMALS)]),
    ("decimals left out", "{goods.made.total / goods.sold.total :}", [(1, "小数位数「」写法不对", DECIMALS)]),
    ("a line too long", "甲\n" + "长" * 5001, [(2, "这一行有 5001 个字", "请分成几行，每行不超过 5000 个字。")]),
    ("too many lines", "甲\n" * 1001, [(1001, "有 1001 段文字", "请减到 1000 段以内。")]),
    (
        "mistakes on several lines, comments and empty lines counted",
        "# {\r\n\r\n{yeer} {{好}}\r\n{goods.made.total} 件\r\n　{goods.made.totel}",
        [(3, "不认识「yeer」", "是否想写 year？"), (5, "没有叫「goods.made.totel」的单元格", MADE)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), [pytest.param(text, told, id=name) for name, text, told in MISTAKES])
def test_a_mistake_is_told_with_its_line_and_the_way_out(text: str, told: Told) -> None:
    assert mistakes(text) == told


def test_a_wording_is_read_as_it_is_written() -> None:
    made = tuple(key for key in CELLS if str(key) == "goods.made.total")
    columns = tuple(key for key in CELLS if key.column == "total")
    text = "# 说明\n{year}年{{ {goods.made.total}\n\n{goods.*.total/goods.made.total:2}"
    text += "{prior goods.made.total}{change goods.*.total}"
    assert parse_wording(text, "文字.txt", CELLS) == Wording(
        (
            Paragraph(2, (Word("year"), "年{ ", Figure(made))),
            Paragraph(4, (Share(columns, made, 2), Figure(made, is_prior=True), Change(columns, 1))),
        )
    )


def declared(sentences: str) -> Told | Form:
    """What is told of the small definition with sentences declared in it from line 5 on."""
    found = parse_form(SMALL.replace('title = "小表"\n', 'title = "小表"\n' + sentences + "\n"), "small.toml")
    if isinstance(found, Form):
        return found
    assert {(each.code, each.severity.value, each.where.file) for each in found} == {
        ("definition", "error", "small.toml")
    }
    return [(problem.where.line or 0, problem.message, problem.hint) for problem in found]


UNKNOWN = ("不认识「yaer」", "是否想写 year？")


@pytest.mark.parametrize(
    ("sentences", "told"),
    [
        ('sentences = """\n甲\n{yaer}\n"""', [(7, *UNKNOWN)]),
        ('sentences = """ \n甲\n{yaer}\n"""', [(7, *UNKNOWN)]),
        ('sentences = """甲\n{yaer}\n"""', [(6, *UNKNOWN)]),
        ("sentences = '''\n{yaer}'''", [(6, *UNKNOWN)]),
        ('sentences = "{yaer}"', [(5, *UNKNOWN)]),
        ('sentences = """{yaer}"""', [(5, *UNKNOWN)]),
        ('sentences = """\n\n# 甲\n"""', [(6, "一段文字也没有", "请至少写一行不以 # 开头的文字。")]),
        ("sentences = 1", [(5, "sentences 的写法不对", "请写成带英文双引号的文字。")]),
        ('sentence = "甲"', [(5, "不认识 sentence", "是否想写 sentences？")]),
        ('sentences = "{yaer}"\ncharts = 1', [(5, *UNKNOWN), (6, "不认识 charts", "是否想写 chart？")]),
    ],
)
def test_the_mistakes_of_a_form_s_own_sentences_are_told_with_the_lines_of_its_definition(
    sentences: str, told: Told
) -> None:
    assert declared(sentences) == told


def test_sentences_are_not_blamed_for_a_table_that_is_wrong() -> None:
    text = SMALL.replace('title = "小表"', 'title = "小表"\nsentences = "{goods.made.total}"').replace(
        '{ name = "made", label = "自制" }', '{ name = "made", lable = "自制" }'
    )
    found = parse_form(text, "small.toml")
    assert isinstance(found, tuple)
    assert [problem.message for problem in found] == ["缺少 label", "不认识 lable"]


def test_a_form_s_own_wording_has_the_lines_of_the_file_that_is_given_to_be_edited() -> None:
    form = declared('sentences = """\n甲 {year}\n\n乙\n"""')
    assert isinstance(form, Form)
    text = wording_text(form)
    assert text.endswith("\n\n甲 {year}\n\n乙\n")
    assert "#   {goods.bought.first}\n" in text
    found = wording_of(form)
    rows = text.split("\n")
    assert [rows[each.line - 1] for each in found.paragraphs] == ["甲 {year}", "乙"]
    assert parse_wording(text, "文字.txt", CELLS) == found


def test_a_form_may_declare_no_sentences() -> None:
    assert wording_of(small()) == Wording(())
    assert parse_wording(wording_text(small()) + "甲", "文字.txt", CELLS) != Wording(())


@pytest.mark.parametrize("name", built_in())
def test_the_built_in_sentences_are_sound(name: str) -> None:
    form = load_form(built_in()[name])
    assert isinstance(form, Form)
    assert wording_of(form).paragraphs


bits = st.sampled_from(
    ["{", "}", "{{", "{year}", "{goods.made.total", "goods.*.*", " / ", " + ", ":", "2", "prior ", "change ", "\n", "#",
     "　", "％", "｝", "\x00", "甲", "\r"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(bits, max_size=20).map("".join)))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_wording_or_is_told_what_is_wrong_on_its_lines(text: str) -> None:
    found = parse_wording(text, "文字.txt", CELLS)
    if isinstance(found, tuple):
        last = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        assert found
        assert all(1 <= (problem.where.line or 0) <= last and problem.hint for problem in found)
