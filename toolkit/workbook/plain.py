"""Parts written plainly, as spreadsheet programs write them, taken apart by one expression each; None for any other.

What is read here is exactly what the events of a parser tell, only sooner. A part that holds a comment, an instruction,
an unusual encoding, reference, attribute or element is left to the events, and so is whatever is wrong with it.
"""

import re
from functools import lru_cache
from xml.parsers import expat

from toolkit.workbook.remembered import remembered

Cell = tuple[str, str | None, str | None, str | None, str]
"""Address, style, kind, what begins its formula, value: as they are written; None for what is not."""

KINDS = frozenset({None, "n", "s", "str", "inlineStr", "b", "e", "d"})

_DECLARED = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml version=([\"'])1\.0\1(?: encoding=([\"'])(?:UTF-8|utf-8)\2)?"
    rb"(?: standalone=([\"'])(?:yes|no)\3)? ?\?>"
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n")  # and line ends that a parser would change
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_REFERENCE = re.compile("&(?:lt|gt|quot|apos|amp);")
_STRING = '<t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)'
_CELL = re.compile(
    '<c r="([^"<]*)"(?: s="([^"<]*)")?(?: t="([^"<]*)")?(?:/>|>'
    r"(?:(<f(?=[ />])[^<>]*)(?:(?<=/)>|(?<!/)>[^<]*</f>))?"
    f"(?:<v ?(?:/>|>([^<]*)</v>)|<is>{_STRING}</is>)?</c>)"
)
_STEP = _CELL.groups + 1
_APART = "\0"
_ROW = "<row(?: [^<>]*)?"
_EMPTY_ROWS = f"(?:{_ROW}(?:(?<=/)>|(?<!/)></row>))*"
_FIRST, _NEXT, _LAST = (
    re.compile(each)
    for each in (f"{_EMPTY_ROWS}{_ROW}(?<!/)>", f"</row>{_EMPTY_ROWS}{_ROW}(?<!/)>", f"</row>{_EMPTY_ROWS}")
)
_LOOK = "<rPr>(?:<(?!(?:t|r|si|rPh)[ />])[A-Za-z]+(?: [^<>]*)?/>)*</rPr>"
_RUN = re.compile(f"<r>({_LOOK})?{_STRING}</r>")
_SHARED = re.compile(
    f'<si>(?:{_STRING}|((?:<r>(?:{_LOOK})?<t(?: xml:space="preserve")?(?:/>|>[^<]*</t>)</r>)+))'
    '(?:<phoneticPr fontId="[0-9]*"(?: type="[A-Za-z]*")?(?: alignment="[A-Za-z]*")? ?/>)?</si>'
)


def apart(data: bytes, tag: bytes) -> tuple[bytes, str] | None:
    """A part without what stands in its one element of this tag, and that."""
    opening = data.find(b"<%s" % tag)
    begin = data.find(b">", opening) + 1
    end = data.find(b"</%s>" % tag, begin)
    if opening < 0 or begin == 0 or end < 0 or data[opening + 1 + len(tag)] not in b" >" or data[begin - 2] == b"/"[0]:
        return None
    inside, frame = data[begin:end], data[:begin] + data[end:]
    declared = _DECLARED.match(frame)
    start = declared.end() if declared else 0
    if frame.find(b"<!", start) >= 0 or frame.find(b"<?", start) >= 0 or inside.translate(None, _CONTROLS) != inside:
        return None
    try:
        text = inside.decode()
    except UnicodeDecodeError:
        return None
    return (frame, text) if _is_text(text) else None


def cells(rows: str) -> tuple[list[str], list[Cell]] | None:
    """The addresses of all cells in a sheet's data, in their order, and the cells that hold something; None where two
    have the same address, too."""
    pieces = _CELL.split(rows)
    between = pieces[::_STEP]
    addresses, styles, kinds, formulas, values, inline = (pieces[at::_STEP] for at in range(1, _STEP))
    if not addresses or len(set(addresses)) < len(addresses) or not KINDS.issuperset(kinds):
        return None
    tags = sorted({each for each in formulas if each and each != "<f"})
    if not all(style is None or style.isdecimal() for style in set(styles)):
        return None
    if not remembered(_are_rows, _APART.join(between)) or not _are_sound(f"<x>{''.join(map(_closed, tags))}</x>"):
        return None
    texts = [value or other or "" for value, other in zip(values, inline, strict=True)]
    if "&" in rows:
        texts = [plain_text(text) for text in texts]
    written = zip(addresses, styles, kinds, formulas, texts, strict=True)
    return addresses, [cell for cell in written if cell[4] or cell[3]]


def strings(items: str) -> list[str] | None:
    """The shared strings of a workbook; the runs of one that is set in several fonts are joined."""
    pieces, step = _SHARED.split(items), _SHARED.groups + 1
    between, texts, joined = (pieces[at::step] for at in range(step))
    if any(between):
        return None
    runs = [_RUN.findall(each) if each else () for each in joined]
    looks = sorted({look for each in runs for look, _ in each})
    if looks and not remembered(_are_sound, f"<x>{''.join(looks)}</x>"):
        return None
    found = zip(texts, runs, strict=False)  # nothing stands behind the last string
    return [plain_text("".join(part for _, part in each) if each else text or "") for text, each in found]


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


@lru_cache(64)
def _are_rows(joined: str) -> bool:
    """Whether what stands between cells is nothing but rows, ending and beginning, as a parser takes them."""
    first, *between, last = joined.split(_APART)
    if not _FIRST.fullmatch(first) or not _LAST.fullmatch(last):
        return False
    if not all(_is_new_row(each) or _NEXT.fullmatch(each) for each in between if each):
        return False
    return _are_sound(f"<x>{joined.replace(_APART, '')}</x>")


def _is_new_row(text: str) -> bool:
    """Whether this is the end of a row and the beginning of the next: the usual case, and the quickest told."""
    return text.startswith("</row><row ") and text.count("<") == text.count(">") == 2 and text.endswith('">')


def _closed(tag: str) -> str:
    return f"{tag}>" if tag.endswith("/") else f"{tag}></f>"


@lru_cache(64)
def _are_sound(tags: str) -> bool:
    """Whether these are tags that a parser takes, attribute by attribute."""
    try:
        expat.ParserCreate().Parse(tags, True)
    except expat.ExpatError:
        return False
    return True
