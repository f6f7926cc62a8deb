"""Parts written plainly, as spreadsheet programs write them, taken apart piece by piece; None for any other.

What is read here is exactly what the events of a parser tell, only sooner. A part that holds a comment, an instruction,
an unusual encoding, reference, attribute or element is left to the events, and so is whatever is wrong with it. A piece
is a row or a shared string: most of them stand in workbook after workbook to the last byte, and who asks for a piece
may remember what it says.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from xml.parsers import expat

from toolkit.workbook.remembered import remembered

Cell = tuple[str, str | None, str | None, str | None, str]
"""Address, style, kind, what begins its formula, value: as they are written; None for what is not."""

HOLE = "\0"  # no text in a part can hold it

KINDS = frozenset({None, "n", "s", "str", "inlineStr", "b", "e", "d"})

_DECLARED = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml version=([\"'])1\.0\1(?: encoding=([\"'])(?:UTF-8|utf-8)\2)?"
    rb"(?: standalone=([\"'])(?:yes|no)\3)? ?\?>"
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n")  # and line ends that a parser would change
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_REFERENCE = re.compile("&(?:lt|gt|quot|apos|amp);")
_STRING = '<t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)'
_VALUE = re.compile(b"<v>([^<]*)</v>")
_HELD, _EMPTY = b"<v>\0</v>", b"<v></v>"
_CELL = re.compile(
    '<c r="([^"<]*)"(?: s="([^"<]*)")?(?: t="([^"<]*)")?(?:/>|>'
    r"(?:(<f(?=[ />])[^<>]*)(?:(?<=/)>|(?<!/)>[^<]*</f>))?"
    f"(?:<v ?(?:/>|>([^<]*)</v>)|<is>{_STRING}</is>)?</c>)"
)
_STEP = _CELL.groups + 1
_EMPTY_ROWS = "(?:<row(?: [^<>]*)?(?<=/)>)*"
_NO_CELLS = re.compile(_EMPTY_ROWS)
_OPENING = re.compile(f"{_EMPTY_ROWS}<row(?: [^<>]*)?(?<!/)>")
_FOOTERS = re.compile("(?:<(odd|even|first)(Header|Footer)>[^<]*</\\1\\2>)*")
_LOOK = "<rPr>(?:<(?!(?:t|r|si|rPh)[ />])[A-Za-z]+(?: [^<>]*)?/>)*</rPr>"
_RUN = re.compile(f"<r>({_LOOK})?{_STRING}</r>")
_SHARED = re.compile(
    f'<si>(?:{_STRING}|((?:<r>(?:{_LOOK})?<t(?: xml:space="preserve")?(?:/>|>[^<]*</t>)</r>)+))'
    '(?:<phoneticPr fontId="[0-9]*"(?: type="[A-Za-z]*")?(?: alignment="[A-Za-z]*")? ?/>)?'
)


def apart(data: bytes, tag: bytes) -> tuple[bytes, bytes] | None:
    """A part without what stands in its one element of this tag, and that, which is not looked at here."""
    opening = data.find(b"<%s" % tag)
    begin = data.find(b">", opening) + 1
    end = data.find(b"</%s>" % tag, begin)
    if opening < 0 or begin == 0 or end < 0 or data[opening + 1 + len(tag)] not in b" >" or data[begin - 2] == b"/"[0]:
        return None
    inside, frame = data[begin:end], data[:begin] + data[end:]
    declared = _DECLARED.match(frame)
    start = declared.end() if declared else 0
    return None if frame.find(b"<!", start) >= 0 or frame.find(b"<?", start) >= 0 else (frame, inside)


def text_of(written: bytes) -> str | None:
    """What was written within a part, as text with no references but the usual ones."""
    if written.translate(None, _CONTROLS) != written:
        return None
    try:
        text = written.decode()
    except UnicodeDecodeError:
        return None
    return text if _is_text(text) else None


def without_footers(frame: bytes) -> bytes:
    """A sheet's frame as `apart` leaves it without the texts that are printed on every page, which may name the agency;
    where they are not plainly written, with them."""
    parted = apart(frame, b"headerFooter")
    text = None if parted is None else text_of(parted[1])
    return frame if parted is None or text is None or not _FOOTERS.fullmatch(text) else parted[0]


def parted_row(written: bytes) -> tuple[bytes, list[str]] | None:
    """A row with a HOLE in the place of each value, and the values; None where one is not plainly written."""
    pieces = _VALUE.split(written)
    values = text_of(b"<".join(pieces[1::2]))
    if values is None:
        return None
    texts = values.split("<")
    return _HELD.join(pieces[::2]), [plain_text(each) for each in texts] if "&" in values else texts


def has_no_cells(written: bytes) -> bool:
    """Whether this is nothing but rows that are empty, as what stands behind the last other row is."""
    text = text_of(written)
    return text is not None and _NO_CELLS.fullmatch(text) is not None and _are_sound(f"<x>{text}</x>")


def row(written: bytes) -> tuple[list[str], list[Cell]] | None:
    """The addresses of all cells of a row that lacks its end tag, in their order, and the cells that hold something,
    be it a HOLE as `parted_row` makes them.

    Empty rows may stand before it; None where two cells have the same address, too.
    """
    text = (text_of(written.replace(_HELD, _EMPTY)) or "").replace(_EMPTY.decode(), _HELD.decode())
    opening = _OPENING.match(text)
    if opening is None or not _are_sound(f"<x>{opening[0]}</row></x>"):
        return None
    pieces = _CELL.split(text[opening.end() :])
    addresses, styles, kinds, formulas, values, inline = (pieces[at::_STEP] for at in range(1, _STEP))
    if any(pieces[::_STEP]) or len(set(addresses)) < len(addresses) or not KINDS.issuperset(kinds):
        return None
    if not all(style is None or style.isdecimal() for style in styles) or not _are_formulas(formulas):
        return None
    texts = [plain_text(value or other or "") for value, other in zip(values, inline, strict=True)]
    written_cells = zip(addresses, styles, kinds, formulas, texts, strict=True)
    return addresses, [cell for cell in written_cells if cell[4] or cell[3]]


def string(written: bytes) -> str | None:
    """A shared string that lacks its end tag; the runs of one that is set in several fonts are joined."""
    text = text_of(written)
    found = _SHARED.fullmatch(text) if text is not None else None
    if found is None:
        return None
    runs = _RUN.findall(found[2] or "")
    if not _are_sound(f"<x>{''.join(look for look, _ in runs)}</x>"):
        return None
    return plain_text("".join(part for _, part in runs) if runs else found[1] or "")


def plain_text(written: str) -> str:
    """A text with its references resolved."""
    if "&" in written:
        for reference, character in _REFERENCES.items():
            written = written.replace(reference, character)
    return written


def _is_text(text: str) -> bool:
    """Whether there is nothing in it that no XML text may hold, and no reference but the usual ones."""
    if "\ufffe" in text or "\uffff" in text or ("]" in text and "]]>" in text):
        return False
    return text.count("&") == len(_REFERENCE.findall(text))


def _are_formulas(tags: Iterable[str | None]) -> bool:
    """Whether a parser takes the tags that begin formulas, where there are any."""
    odd = "".join(_closed(tag) for tag in tags if tag and tag != "<f")
    return not odd or _are_sound(f"<x>{odd}</x>")


def _closed(tag: str) -> str:
    return f"{tag}>" if tag.endswith("/") else f"{tag}></f>"


def _are_sound(tags: str) -> bool:
    """Whether these are tags that a parser takes, attribute by attribute."""
    return remembered(_parse, tags)


@lru_cache(2**8)
def _parse(tags: str) -> bool:
    try:
        expat.ParserCreate().Parse(tags, True)
    except expat.ExpatError:
        return False
    return True
