"""An amount: cells of a form named in one text, to be added up. `requests.granted.total + requests.denied.*.total`."""

import re
from collections.abc import Iterable

from toolkit.form.model import Key

_PART = re.compile(r"[a-z*][a-z0-9_*]*(\.[a-z*][a-z0-9_*]*)+", re.ASCII)


class AmountError(ValueError):
    """The text is no amount; its message says why, in Chinese, `name` is the part that is wrong."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


def parse_amount(text: str, cells: Iterable[Key]) -> tuple[Key, ...]:
    """The cells that a text names, in printed order for each of its summands; `*` stands for any part of a name between
    dots. AmountError where a summand names no cell of the form, or a cell is named twice."""
    named = {str(key): key for key in cells}
    found: list[Key] = []
    for part in (part.strip() for part in text.split("+")):
        if not _PART.fullmatch(part):
            raise AmountError(f"「{part}」不是单元格的名称", part)
        pattern = re.compile(re.escape(part).replace(r"\*", r"[a-z0-9_]+"))
        matching = [key for name, key in named.items() if pattern.fullmatch(name)]
        if not matching:
            raise AmountError(f"没有叫「{part}」的单元格", part)
        repeated = [key for key in matching if key in found]
        if repeated:
            raise AmountError(f"「{repeated[0]}」加了两次", part)
        found += matching
    return tuple(found)
