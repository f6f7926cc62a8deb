"""What a cell holds -> a number, a blank, or neither. Blank, 0 and not-a-number stay three things.

Understood, and said: digits typed as text, full-width digits, spaces around them and invisible characters, thousands
separators in their places, a measure word behind a count (`3件`), a remark in brackets behind a number (kept), a binary
fraction's noise beyond the 15 significant digits that Excel itself shows. Nothing else is guessed: a date, a dash, a
superscript, 无 is not a number.
"""

import re
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

LARGEST = Decimal(1_000_000_000_000)

_XML_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WRITTEN = re.compile(
    r"(?P<number>[+-]?(?:[0-9]{1,20}|[0-9]{1,3}(?:,[0-9]{3}){1,6})(?:\.[0-9]{1,20})?)"
    r"(?P<measure>\s*[件个份次宗项条起])?"
    r"(?:\s*[（(](?P<remark>[^（）()]*[^\W\d_][^（）()]*)[）)])?"
)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
_SHOWN = Context(prec=15)
_PLAIN = 12  # digits of a count that is believed whatever they are
_SHORT = 20  # characters; what is no longer is remembered, for most cells of most workbooks say the same few things


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
    or blank; `normalised` says that the number was not stored as one; `remark` is what stood in brackets behind it."""

    value: Decimal | None
    code: str | None = None
    normalised: bool = False
    remark: str = ""

    @property
    def plain(self) -> Decimal | None:
        """The figure where it was stored as one and there is nothing else to say, None otherwise."""
        return self.value if self.code is None and not self.normalised else None


BLANK = Figure(None)
_NOT_A_NUMBER = Figure(None, "not-a-number")


def understand(content: Content, decimals: int) -> Figure:
    """The figure a cell holds, with at most `decimals` places (0: a count)."""
    return _short(content, decimals) if len(content.text) <= _SHORT else _understood(content, decimals)


@lru_cache(2**13)
def _short(content: Content, decimals: int) -> Figure:
    return _understood(content, decimals)


def _understood(content: Content, decimals: int) -> Figure:
    if content.kind is Kind.NUMBER:
        if len(content.text) <= _PLAIN and content.text.isascii() and content.text.isdecimal():
            return Figure(Decimal(content.text))  # as below, only sooner: most figures are plain counts
        return _checked(_stored_number(content.text), decimals)
    if content.kind is Kind.EMPTY:
        return BLANK
    if content.kind is not Kind.TEXT:
        return _NOT_A_NUMBER
    plain = _INVISIBLE.sub("", content.text).strip()
    if not plain:
        return BLANK
    match = _WRITTEN.fullmatch(plain.translate(_HALF_WIDTH))
    if match is None or (match["measure"] and decimals):
        return _NOT_A_NUMBER
    number = Decimal(match["number"].replace(",", ""))
    remark = plain[slice(*match.span("remark"))].strip() if match["remark"] else ""
    return _checked(Figure(number, normalised=True, remark=remark), decimals)


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
    return replace(figure, value=whole + 0 if decimals == 0 else value + 0)
