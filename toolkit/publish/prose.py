"""Texts from workbooks and definitions as a document may hold them: nothing in them that cannot be seen."""

import unicodedata
from collections.abc import Iterator

_UNSEEN = ("Cc", "Cf", "Cs")  # control, format (zero width, text direction) and half a character
_NO_CHARACTERS = "\ufffe\uffff"


def paragraphs_of(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, without the blanks they are indented by; empty ones are left out."""
    return tuple(filter(None, ("".join(_seen(line)).strip() for line in text.splitlines())))


def line_of(text: str) -> str:
    """A text in one line."""
    return " ".join(paragraphs_of(text))


def _seen(line: str) -> Iterator[str]:
    for letter in line:
        if letter == "\t":
            yield " "
        elif letter not in _NO_CHARACTERS and unicodedata.category(letter) not in _UNSEEN:
            yield letter
