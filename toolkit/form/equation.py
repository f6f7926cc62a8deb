"""The rule language: text -> Equation.

    equation := side operator side
    operator := "=" | "<=" | ">="
    side     := term { ("+" | "-") term }
    term     := ["prior."] name [ ".." name ]
    name     := word { "." word }          word := letter or "_", then letters, digits, "_"

A name is a row's or a column's, whichever the rule does not run along. `a..b` is the sum of every item from a to b in
printed order; `prior.` takes the figure from last year's report. That is the whole language: sums, differences and
three comparisons. It has no numbers, products, functions or conditions.
"""

import re
from dataclasses import dataclass
from typing import Literal

Operator = Literal["=", "<=", ">="]
OPERATORS: tuple[Operator, ...] = ("=", "<=", ">=")

_TOKEN = re.compile(r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|(?P<mark>\.\.|<=|>=|=|\+|-))")


@dataclass(frozen=True, slots=True)
class Term:
    """One summand: a name, or the run `first..last`. `sign` is 1 or -1; `at` and `at_last` are the places of
    its names in the text, from 0."""

    sign: int
    first: str
    last: str | None
    prior: bool
    at: int
    at_last: int


@dataclass(frozen=True, slots=True)
class Equation:
    """Two sides of signed terms and the comparison between them; `text` is what was written."""

    left: tuple[Term, ...]
    op: Operator
    right: tuple[Term, ...]
    text: str


class EquationError(ValueError):
    """The text is not an equation; `at` is the place (from 0) of the first character that does not fit."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse_equation(text: str) -> Equation:
    """The equation a text says; EquationError with the place where it says none."""
    tokens = _tokens(text)
    left, rest = _side(tokens)
    if rest[0].text not in OPERATORS:
        raise EquationError("这里应当是 =、<= 或 >=", rest[0].at)
    op = next(operator for operator in OPERATORS if operator == rest[0].text)
    right, rest = _side(rest[1:])
    if rest[0].kind != "end":
        raise EquationError("等式到这里应当结束", rest[0].at)
    return Equation(left, op, right, text)


def caret(text: str, at: int) -> str:
    """The text with a caret under one place, for a monospaced screen."""
    line = re.sub(r"\s", " ", text)
    return f"    {line}\n    {' ' * at}^"


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            place = at + len(text[at:]) - len(text[at:].lstrip())
            raise EquationError(f"不认识「{text[place]}」", place)
        kind = "name" if match["name"] else "mark"
        tokens.append(_Token(kind, match[kind], match.start(kind)))
        at = match.end()
    return [*tokens, _Token("end", "", len(text.rstrip()))]


def _side(tokens: list[_Token]) -> tuple[tuple[Term, ...], list[_Token]]:
    term, tokens = _term(tokens, 1)
    terms = [term]
    while tokens[0].text in ("+", "-"):
        term, tokens = _term(tokens[1:], 1 if tokens[0].text == "+" else -1)
        terms.append(term)
    return tuple(terms), tokens


def _term(tokens: list[_Token], sign: int) -> tuple[Term, list[_Token]]:
    first = _name(tokens[0])
    last, at_last, rest = None, tokens[0].at, tokens[1:]
    if rest[0].text == "..":
        last, at_last, rest = _name(rest[1]), rest[1].at, rest[2:]
    prior = first.startswith("prior.")
    return Term(sign, first.removeprefix("prior."), last, prior, tokens[0].at, at_last), rest


def _name(token: _Token) -> str:
    if token.kind != "name":
        raise EquationError("这里应当是一个行名或列名", token.at)
    return token.text
