# ruff: noqa: E501 - the sections below are pieces of TOML, each as it would be written
"""What the claims of a definition can have wrong: every mistake at once, with its line and the way out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forms.test_definition_mistakes import SMALL, mistakes
from toolkit.form.claims import WordingError, beginnings, expression, fold
from toolkit.form.definition import parse_form
from toolkit.form.model import Claim, Form, Key, Prose

PROSE = """
[[prose]]
words = [
  { name = "goods", means = "(货物|商品)" },
]
leads = ["{year}年", "{agency}"]
unless = ["去年", "{}年"]
unless_after = ["不含"]

[[prose.claim]]
says = ["[共]购入{goods}{}件", "未购入{goods}"]
equals = ["goods.bought.total", "goods.bought.total + goods.made.total"]
"""

FIRST = SMALL.count("\n") + 2  # the line of [[prose]]
HOW = "请这样写：文字照写，[甲|乙] 可有可无，(甲|乙) 必居其一，{} 是数；括号不能套括号。"
CLEAR = "请写明一个分句的固定文字，最多一个 {}。"

# what is replaced, by what, and what is told: the line after that of [[prose]], message, hint
MISTAKES: list[tuple[str, str, str, list[tuple[int, str, str]]]] = [
    ("an open bracket", "[共]购入", "[共购入", [(9, "says 的第 1 项：「[」不成对，或括号套了括号", HOW)]),
    ("a bracket in a bracket", "[共]购入", "[共(计)]购入", [(9, "says 的第 1 项：「[」不成对，或括号套了括号", HOW)]),
    ("a choice in no bracket", "未购入{goods}", "未购入|不购入", [(9, "says 的第 2 项：「|」不在括号里", HOW)]),
    ("an empty choice", "[共]购入", "[共|]购入", [(9, "says 的第 1 项：「[共|]」里有一种写法是空的", HOW)]),
    ("an unknown word", "未购入{goods}", "未购入{good}", [(9, "says 的第 2 项：不认识「{good}」", HOW)]),
    ("nothing in it", '"未购入{goods}"', '" "', [(9, "says 的第 2 项：应有 1 到 1000 个字", HOW)]),
    ("two numbers", "{goods}{}件", "{}{goods}{}件", [(9, "说法里有两个数", CLEAR)]),
    ("a number written out", "未购入{goods}", "购入0件{goods}", [(9, "说法的文字里有数字", CLEAR)]),
    ("no fixed text", "未购入{goods}", "…[共]{}", [(9, "说法没有固定的文字", CLEAR)]),
    ("a number that has to be said before", "未购入{goods}", "购入{}件…未购入{goods}", [(9, "… 的前面有数", CLEAR)]),
    ("a bracket closed behind the …", "未购入{goods}", "(未…购入){goods}", [(9, "says 的第 2 项：「(」不成对，或括号套了括号", HOW)]),
    ("nothing behind the …", "未购入{goods}", "未购入…[了]", [(9, "说法没有固定的文字", CLEAR)]),
    ("a year in it", "未购入{goods}", "{year}年未购入", [(9, "{year} 和 {agency} 只用于 leads", CLEAR)]),
    ("no wording", 'says = ["[共]购入{goods}{}件", "未购入{goods}"]', "says = []", [(9, "says 是空的", "请至少写一项 says。")]),
    ("no figure", 'equals = ["goods.bought.total", "goods.bought.total + goods.made.total"]', "", [(8, "equals 是空的", "请至少写一项 equals。")]),
    ("an unknown cell", '["goods.bought.total",', '["goods.bougth.total",', [(10, "没有叫「goods.bougth.total」的单元格", "是否想写 goods.bought.total？")]),
    ("a cell twice", "goods.bought.total + goods.made.total", "goods.made.total + goods.*.total", [(10, "「goods.made.total」加了两次", "是否想写 goods.sold.total？")]),
    ("a wrong lead", '"{year}年"', '"{years}年"', [(4, "leads 的第 1 项：不认识「{years}」", HOW)]),
    ("a wrong word before", '"去年"', '"去(年"', [(5, "unless 的第 1 项：「(」不成对，或括号套了括号", HOW)]),
    ("a wrong word behind", '["不含"]', '["不含", 3]', [(6, "unless_after 里有一项不是文字", "请给每一项加上英文双引号。")]),
    ("a word of that name is taken", 'name = "goods"', 'name = "year"', [
        (2, "名称「year」不能用", "请用小写英文字母；year 和 agency 另有用途。"),
        (9, "says 的第 1 项：不认识「{goods}」", HOW),
        (9, "says 的第 2 项：不认识「{goods}」", HOW),
    ]),
    ("a field that is not known", "unless_after", "unless_behind", [(6, "不认识 unless_behind", "是否想写 unless_after？")]),
    ("a field of a claim", "equals = [", "equal = [", [(8, "equals 是空的", "请至少写一项 equals。"), (10, "不认识 equal", "是否想写 equals？")]),
    ("no claim", PROSE[PROSE.index("[[prose.claim]]"):], "", [(0, "缺少 claim", "请补上 claim，写成 [[claim]] 的样子，一项一段。")]),
]  # fmt: skip


def test_the_prose_without_mistakes_is_what_it_says() -> None:
    form = parse_form(SMALL + PROSE, "small.toml")
    assert isinstance(form, Form)
    bought, made = Key("goods", "bought", "total"), Key("goods", "made", "total")
    assert form.prose == (
        Prose(
            claims=(Claim(("[共]购入(货物|商品){}件", "未购入(货物|商品)"), ((bought,), (bought, made))),),
            leads=("{year}年", "{agency}"),
            unless=("去年", "{}年"),
            unless_after=("不含",),
        ),
    )
    assert form.prose[0].claims[0].table == "goods"


@pytest.mark.parametrize(
    ("before", "after", "told"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES]
)
def test_a_mistake_is_told_with_its_line(before: str, after: str, told: list[tuple[int, str, str]]) -> None:
    assert PROSE.count(before) >= 1
    found = mistakes(SMALL + PROSE.replace(before, after, 1))
    assert [(line - FIRST, message, hint) for line, message, hint in found] == told


def test_digits_and_punctuation_count_in_half_width_but_not_commas() -> None:
    assert fold("１２，３４５（件）；：！？．") == "12，345(件);:!?."


@given(st.text("甲乙丙[]()|{}year …12,", max_size=12))
def test_any_text_is_a_wording_or_is_said_to_be_none(text: str) -> None:
    try:
        expression(text)
    except WordingError:
        return
    assert beginnings(text) or not text.strip()
