"""Rows as aligned columns on the screen, a Chinese character two columns wide."""

from collections.abc import Iterable, Sequence

from toolkit.cli.screen import plain
from toolkit.workbook.drawing import text_width

_WIDEST = 44


def aligned(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Rows as lines, each column as wide as its widest text; the columns `right` are flushed right."""
    shown = [[_shortened(plain(text)) for text in row] for row in rows]
    widths = [max(text_width(row[at]) for row in shown) for at in range(len(shown[0]))] if shown else []
    flushed = set(right)
    return ["  ".join(_padded(text, widths[at], at in flushed) for at, text in enumerate(row)).rstrip()
            for row in shown]  # fmt: skip


def _shortened(text: str) -> str:
    if text_width(text) <= _WIDEST:
        return text
    while text_width(text) > _WIDEST - 2:
        text = text[:-1]
    return f"{text}…"


def _padded(text: str, width: int, flushed: bool) -> str:
    space = " " * (width - text_width(text))
    return space + text if flushed else text + space
