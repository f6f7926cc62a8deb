"""A plain text -> its lines, numbered as an editor numbers them."""

import codecs
import re

from toolkit.problems import Where
from toolkit.publish.document import Line
from toolkit.publish.flow import line_of
from toolkit.publish.refusals import too_much

MOST_BYTES = 8 * 2**20
MOST_LINES = 200_000
MOST_PIECES = 500_000

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ENDS = re.compile(r"\r\n|\r|\n")
_BREAKS = re.compile(r"[\v\f\x85\u2028\u2029]")  # end a line on paper; an editor counts on
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_INDENT = "\u3000"  # what a paragraph's first line is indented with, where it is typed


def decoded(data: bytes) -> str | None:
    """The text that these bytes are, in one of the encodings that Chinese texts come in; None where they are none."""
    marked = marked_encoding(data)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _NO_TEXT.search(text) else text.removesuffix("\x1a")
    return None


def marked_encoding(data: bytes) -> str | None:
    """The encoding that a byte order mark tells; None where there is no mark."""
    return next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)


def read_text(text: str, file: str) -> tuple[Line, ...]:
    """The lines of a text that are not empty; Refused (`oversized`) where there are more than any report has."""
    numbered = _ENDS.split(text)
    if len(numbered) > MOST_LINES or text.count("\t") > MOST_PIECES or len(_BREAKS.findall(text)) > MOST_LINES:
        raise too_much()
    return tuple(
        line_of(part, Where(file, line=number), opens=True if part.startswith(_INDENT) else None)
        for number, line in enumerate(numbered, 1)
        for part in _BREAKS.split(line)
        if part.strip()
    )
