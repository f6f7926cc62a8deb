"""The rule language: what its texts mean, and where a text stops making sense."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.form.equation import EquationError, Term, caret, parse_equation


def told(term: Term) -> str:
    """A term in words: its sign, `last year's`, its name or its run."""
    sign = "plus" if term.sign == 1 else "minus"
    prior = " last year's" if term.prior else ""
    return f"{sign}{prior} {term.first}" + (f" to {term.last}" if term.last else "")


@pytest.mark.parametrize(
    ("text", "left", "op", "right"),
    [
        ("a = b", ["plus a"], "=", ["plus b"]),
        ("a=b", ["plus a"], "=", ["plus b"]),
        ("  a\t=\n b  ", ["plus a"], "=", ["plus b"]),
        ("a\u3000= b", ["plus a"], "=", ["plus b"]),
        ("a + b = c - d", ["plus a", "plus b"], "=", ["plus c", "minus d"]),
        ("a-b-c<=d", ["plus a", "minus b", "minus c"], "<=", ["plus d"]),
        ("a >= b..c", ["plus a"], ">=", ["plus b to c"]),
        ("a = b .. c - d..e", ["plus a"], "=", ["plus b to c", "minus d to e"]),
        ("t = x.first..x.last", ["plus t"], "=", ["plus x.first to x.last"]),
        ("a = prior.b + c", ["plus a"], "=", ["plus last year's b", "plus c"]),
        ("a = prior.x.b..x.c", ["plus a"], "=", ["plus last year's x.b to x.c"]),
        ("priority = prior.prior", ["plus priority"], "=", ["plus last year's prior"]),
        ("_a1 = A_2", ["plus _a1"], "=", ["plus A_2"]),
        ("a = a - a", ["plus a"], "=", ["plus a", "minus a"]),
    ],
)
def test_a_text_says_an_equation(text: str, left: list[str], op: str, right: list[str]) -> None:
    equation = parse_equation(text)
    assert ([told(term) for term in equation.left], equation.op, [told(term) for term in equation.right]) == (
        left, op, right,
    )  # fmt: skip
    assert equation.text == text


def test_a_term_remembers_where_its_names_stand() -> None:
    equation = parse_equation("a = prior.b..c - d")
    assert [(term.at, term.at_last) for term in (*equation.left, *equation.right)] == [(0, 0), (4, 13), (17, 17)]


NAME = "这里应当是一个行名或列名"
OPERATOR = "这里应当是 =、<= 或 >="
END = "等式到这里应当结束"


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        ("\n^", NAME),
        ("a\n ^", OPERATOR),
        ("a =\n   ^", NAME),
        ("= b\n^", NAME),
        ("a + = b\n    ^", NAME),
        ("a + + b = c\n    ^", NAME),
        ("-a = b\n^", NAME),
        ("a b = c\n  ^", OPERATOR),
        ("a == b\n   ^", NAME),
        ("a = b = c\n      ^", END),
        ("a = b c\n      ^", END),
        ("a = b..\n       ^", NAME),
        ("a = ..b\n    ^", NAME),
        ("a = b..c..d\n        ^", END),
        ("a < b\n  ^", "不认识「<」"),
        ("a = 2 + b\n    ^", "不认识「2」"),
        ("a = b * c\n      ^", "不认识「*」"),
        ("a = (b + c)\n    ^", "不认识「(」"),
        ("a = 2b\n    ^", "不认识「2」"),
        ("a ＝ b\n  ^", "不认识「＝」"),
        ("a = b.\n     ^", "不认识「.」"),
        ("a = prior.\n         ^", "不认识「.」"),
        ("a = b，c\n     ^", "不认识「，」"),
        ("a = é\n    ^", "不认识「é」"),
    ],
)
def test_a_text_that_is_no_equation_says_where_it_stops(picture: str, message: str) -> None:
    text, mark = picture.split("\n")
    with pytest.raises(EquationError) as raised:
        parse_equation(text)
    assert (str(raised.value), raised.value.at) == (message, mark.index("^"))


def test_the_caret_stands_under_its_place() -> None:
    assert caret("a = = b", 4) == "    a = = b\n        ^"


def test_the_caret_draws_a_text_of_two_lines_as_one() -> None:
    assert caret("a =\n= b", 4) == "    a = = b\n        ^"


words = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True).filter(lambda word: word != "prior")
names = st.lists(words, min_size=1, max_size=3).map(".".join)
terms = st.tuples(st.sampled_from([1, -1]), st.booleans(), names, st.none() | names)
sides = st.lists(terms, min_size=1, max_size=5).map(lambda side: [(1, *side[0][1:]), *side[1:]])
spaces = st.sampled_from(["", " ", "  "])


@given(sides, st.sampled_from(["=", "<=", ">="]), sides, spaces)
@settings(deadline=None)
def test_what_is_printed_is_what_is_parsed(
    left: list[tuple[int, bool, str, str | None]], op: str, right: list[tuple[int, bool, str, str | None]], space: str
) -> None:
    def show(side: list[tuple[int, bool, str, str | None]]) -> str:
        text = ""
        for at, (sign, prior, first, last) in enumerate(side):
            text += "" if at == 0 else space + ("+" if sign == 1 else "-") + space
            text += ("prior." if prior else "") + first + (f"{space}..{space}{last}" if last else "")
        return text

    equation = parse_equation(f"{show(left)}{space}{op}{space}{show(right)}")
    assert [(term.sign, term.prior, term.first, term.last) for term in equation.left] == left
    assert equation.op == op
    assert [(term.sign, term.prior, term.first, term.last) for term in equation.right] == right
