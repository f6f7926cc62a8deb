"""Whether a vetted package is also light enough for a library that builds a whole workbook in memory.

The reader passes over what it does not need; openpyxl makes an object of every cell, of every cell of a merge and of
every cell of a link. Honest workbooks of these forms hold 171 kB and some 700 merged cells; every bound leaves room.
"""

import re

from toolkit.workbook.addresses import split_address
from toolkit.workbook.package import Package, Refused

MOST_UNPACKED = 4 * 2**20
MOST_SPREAD = 20_000
LONGEST_FORMAT = 255
LONGEST_NAME = 1_000

_REFERENCE = re.compile(r"<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref\s*=\s*[\"']([^\"']*)")
_FORMAT = re.compile(r"\bformatCode\s*=\s*[\"']([^\"']*)")
_NAME = re.compile(r"<(?:\w+:)?definedName\b[^>]*>([^<]*)")


def is_light(package: Package) -> bool:
    """Whether the whole of a package may be opened; False where a part of it cannot even be inflated."""
    unpacked = 0
    try:
        for name in sorted(package.names):
            part = package.part(name)
            unpacked += len(part)
            if unpacked > MOST_UNPACKED or (name.startswith("xl/") and name.endswith(".xml") and not _is_plain(part)):
                return False
    except Refused:
        return False
    return True


def _is_plain(part: bytes) -> bool:
    try:
        text = part.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if "\0" in text or "<!DOCTYPE" in text:
        return False
    spread = sum(_cells_in(reference) for reference in _REFERENCE.findall(text))
    longest = max(map(len, _FORMAT.findall(text)), default=0), max(map(len, _NAME.findall(text)), default=0)
    return spread <= MOST_SPREAD and longest[0] <= LONGEST_FORMAT and longest[1] <= LONGEST_NAME


def _cells_in(reference: str) -> int:
    """How many cells a range has; beyond every bound where it is no range."""
    first, _, last = reference.replace("$", "").partition(":")
    (left, top), (right, bottom) = split_address(first), split_address(last or first)
    if 0 in (left, right):
        return MOST_SPREAD + 1
    return (abs(right - left) + 1) * (abs(bottom - top) + 1)
