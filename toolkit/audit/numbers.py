"""What a cell holds -> a number, a blank, or neither. Blank, 0 and not-a-number stay three things.

Understood, and said: digits typed as text, full-width digits, spaces around them and invisible characters, thousands
separators in their places, a binary fraction's noise beyond the 15 significant digits that Excel itself shows. Nothing
else is guessed: a date, a unit, a dash, a superscript or a remark is not a number.
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from typing import NamedTuple

LARGEST = Decimal(1_000_000_000_000)

_XML_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d{1,20}(\.\d{1,20})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3}){1,6}(\.\d{1,20})?", re.ASCII)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
_SHOWN = Context(prec=15)


class Kind(StrEnum):
    """What a stored cell is, before anyone asks what it means."""

    EMPTY = "empty"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"
    DATE = "date"


class Content(NamedTuple):
    """A stored cell: its kind, its text as stored, and whether a formula made it. A tuple, for there are many."""

    kind: Kind
    text: str = ""
    formula: bool = False


EMPTY = Content(Kind.EMPTY)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a cell was understood to say. `code` is the problem that keeps it from being a figure, None where it is one
    or blank; `normalised` says that the number was not stored as one."""

    value: Decimal | None
    code: str | None = None
    normalised: bool = False


BLANK = Figure(None)
_NOT_A_NUMBER = Figure(None, "not-a-number")


def understand(content: Content, decimals: int) -> Figure:
    """The figure a cell holds, with at most `decimals` places (0: a count)."""
    if content.kind is Kind.NUMBER:
        return _checked(_stored_number(content.text), decimals)
    if content.kind is Kind.EMPTY:
        return BLANK
    if content.kind is not Kind.TEXT:
        return _NOT_A_NUMBER
    plain = _INVISIBLE.sub("", content.text).strip().translate(_HALF_WIDTH)
    if not plain:
        return BLANK
    if not _PLAIN.fullmatch(plain) and not _GROUPED.fullmatch(plain):
        return _NOT_A_NUMBER
    return _checked(Figure(Decimal(plain.replace(",", "")), normalised=True), decimals)


def printed(value: Decimal | None) -> str:
    """A number as a clerk writes it: no exponent, no trailing zeros; a dash for none."""
    if value is None:
        return "—"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _stored_number(text: str) -> Figure:
    if not _XML_NUMBER.fullmatch(text):
        return _NOT_A_NUMBER
    shown = _SHOWN.plus(Decimal(text)).normalize()
    return Figure(shown, normalised=float(text) != float(shown))


def _checked(figure: Figure, decimals: int) -> Figure:
    value = figure.value
    if value is None:
        return figure
    if abs(value) > LARGEST:
        return _NOT_A_NUMBER
    if value < 0:
        return Figure(value, "negative")
    whole = value.to_integral_value() if decimals == 0 else round(value, decimals)
    if whole != value:
        return Figure(value, "not-whole")
    return Figure(whole + 0 if decimals == 0 else value + 0, normalised=figure.normalised)
