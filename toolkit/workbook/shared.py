"""What the cells of a package share: its strings, and the styles that show numbers as dates."""

import re
from functools import lru_cache
from typing import cast

from toolkit.workbook import plain
from toolkit.workbook.events import Attributes, ignore, local, walk
from toolkit.workbook.package import Package, Refused
from toolkit.workbook.remembered import LARGEST_PIECE, remembered
from toolkit.workbook.values import unescaped

MOST_STRINGS = 100_000

_DATE_FORMATS = frozenset(map(str, [*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)]))
_NOT_CODES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def read_strings(package: Package) -> list[str]:
    """The shared strings; runs of a rich text joined, phonetic guides left out."""
    data = package.markup("xl/sharedStrings.xml")
    return plain_strings(data) or walked_strings(data)


def read_date_styles(package: Package) -> frozenset[str]:
    """The indexes of the cell styles that show a number as a date or time."""
    return remembered(_date_styles, package.markup("xl/styles.xml"))


def plain_strings(data: bytes) -> list[str] | None:
    """The same of a part that is plainly written, only sooner; None where it is not."""
    parted = plain.apart(data, b"sst")
    if parted is None:
        return None
    *items, rest = parted[1].split(b"</si>")
    if rest or len(items) > MOST_STRINGS:
        return None
    try:
        found = [remembered(_string, item, LARGEST_PIECE) for item in items]
        framed = remembered(_framed_strings, parted[0])
        return None if framed or None in found else cast(list[str], found)
    except Refused:
        return None


@lru_cache(2**10)
def _string(written: bytes) -> str | None:
    """A shared string that lacks its end tag, as it was typed; None where it is not plainly written."""
    text = plain.string(written)
    return None if text is None else unescaped(text)


@lru_cache(64)
def _framed_strings(frame: bytes) -> bool:
    """Whether there are strings where none should be: outside the list of them."""
    found = False

    def start(tag: str, _: Attributes) -> None:
        nonlocal found
        found = found or local(tag) in ("si", "t", "rPh")

    walk(frame, start, ignore, "")
    return found


def walked_strings(data: bytes) -> list[str]:
    """The same of any part, by the events of a parser; Refused where it is broken."""
    strings: list[str] = []
    pieces: list[str] = []
    reading, phonetic = False, False

    def start(tag: str, _: Attributes) -> None:
        nonlocal reading, phonetic
        kind = local(tag)
        if kind == "t":
            reading = not phonetic
        elif kind == "si":
            pieces.clear()
        elif kind == "rPh":
            phonetic = True

    def end(tag: str) -> None:
        nonlocal reading, phonetic
        kind = local(tag)
        if kind == "t":
            reading = False
        elif kind == "si":
            strings.append(unescaped("".join(pieces)))
            if len(strings) > MOST_STRINGS:
                raise Refused("oversized", "工作簿里的文字过多，不是正常的填报。", "请在下发的工作簿里填报后重新报送。")
        elif kind == "rPh":
            phonetic = False

    def text(data: str) -> None:
        if reading:
            pieces.append(data)

    walk(data, start, end, "xl/sharedStrings.xml", text)
    return strings


@lru_cache(64)
def _date_styles(data: bytes) -> frozenset[str]:
    formats: dict[str, str] = {}
    shown: dict[str, bool] = {}
    dates: set[str] = set()
    inside, index = False, 0

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal inside, index
        kind = local(tag)
        if kind == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:255]
        elif kind == "cellXfs":
            inside = True
        elif kind == "xf" and inside:
            number = attributes.get("numFmtId", "0")
            if number not in shown:
                shown[number] = _is_date(number, formats.get(number))
            if shown[number]:
                dates.add(str(index))
            index += 1

    def end(tag: str) -> None:
        nonlocal inside
        if local(tag) == "cellXfs":
            inside = False

    walk(data, start, end, "xl/styles.xml")
    return frozenset(dates)


def _is_date(number: str, code: str | None) -> bool:
    if code is None:
        return number in _DATE_FORMATS
    return any(letter in _NOT_CODES.sub("", code).lower() for letter in "ymdhs年月日")
