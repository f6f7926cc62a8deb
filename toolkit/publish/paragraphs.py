"""Lines of prose -> its paragraphs, lines that were only broken to fit a page joined again."""

import re
from collections.abc import Sequence

from toolkit.publish.document import Line

_ENDED = re.compile(r"[。！？；：…!?;:][”’」』）)\]】]*$|[”’」』》】]$")
_GOES_ON = ("，", "、", ",")
_LATIN_ENDS = re.compile(r"[A-Za-z]$")
_LATIN_STARTS = re.compile(r"[A-Za-z]")
_SLACK = 3  # characters by which full lines of one page differ: two for an indent, one for punctuation
_FEWEST = 3  # lines of one width that tell where a page ends
_LONG = 40  # characters of a line that no heading has, two Latin ones counting as one


def joined(lines: Sequence[Line]) -> str:
    """The prose in these lines, a paragraph a line.

    A line goes on with the one before it where the file says so; where it does not tell, where the line before ends in
    a comma, or ends no sentence and is as long as the page is wide, or longer than any heading.
    """
    texts = [line.text for line in lines]
    width = _page_width(texts)
    paragraphs: list[str] = []
    for at, line in enumerate(lines):
        goes_on = line.opens is False or (line.opens is None and at > 0 and _is_broken(texts[at - 1], width))
        if paragraphs and goes_on:
            paragraphs[-1] = _glued(paragraphs[-1], texts[at])
        else:
            paragraphs.append(texts[at])
    return "\n".join(filter(None, paragraphs))


def _is_broken(text: str, width: float | None) -> bool:
    """Whether a line was cut off where the page, or a page's last line, ended."""
    if text.endswith(_GOES_ON):
        return True
    return _ENDED.search(text) is None and _width(text) >= (_LONG if width is None else width - _SLACK)


def _width(text: str) -> float:
    """How many Chinese characters' room a text takes."""
    return sum(0.5 if letter.isascii() else 1 for letter in text)


def _page_width(texts: Sequence[str]) -> float | None:
    """How wide a full line is, where lines are broken at one width; None where they are not."""
    widest = max(map(_width, texts), default=0)
    full = [text for text in texts if _width(text) >= widest - _SLACK]
    unended = [text for text in full if not _ENDED.search(text)]
    return widest if len(full) >= _FEWEST and len(unended) * 2 > len(full) and widest <= 3 * _LONG else None


def _glued(one: str, other: str) -> str:
    """Two pieces of one paragraph; between Latin words a space."""
    between = " " if _LATIN_ENDS.search(one) and _LATIN_STARTS.match(other) else ""
    return one + between + other
