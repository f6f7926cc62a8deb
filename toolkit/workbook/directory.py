"""A package's table of contents: its sheets, the members they stand in, and where each defined name points.

Tables of contents repeat: workbooks of one form have the same names, so what was read before is not read again.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from toolkit.workbook.events import Attributes, ignore, local, walk
from toolkit.workbook.package import Package, Refused
from toolkit.workbook.plain import apart, text_of
from toolkit.workbook.remembered import remembered
from toolkit.workbook.values import LAST_ROW

MOST_SHEETS = 64
MOST_NAMES = 5_000
LONGEST_REFERENCE = 100

_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})", re.ASCII)
_RESEND = "请在下发的工作簿里填报后重新报送。"

Spot = tuple[str, str]
"""A sheet and a cell."""


@dataclass(frozen=True, slots=True)
class Defined:
    """The defined names: where each points, those that are lost, how many there are; `sheets` are those that stand
    among them, where no sheet should."""

    names: Mapping[str, Spot]
    lost: frozenset[str]
    count: int
    sheets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """The sheets (name, relation) and the defined names."""

    sheets: tuple[tuple[str, str], ...]
    defined: Defined


def read_outline(package: Package) -> Outline:
    outline = outline_of(package.markup("xl/workbook.xml"))
    if len({sheet.lower() for sheet, _ in outline.sheets}) < len(outline.sheets):
        raise _ambiguous("xl/workbook.xml")
    if len(outline.sheets) > MOST_SHEETS or outline.defined.count > MOST_NAMES:
        raise Refused("oversized", "工作表或名称过多，不是下发的工作簿。", _RESEND)
    return outline


def read_targets(package: Package) -> dict[str, str]:
    """Relation id -> member name, for the workbook's own parts."""
    return remembered(_targets, package.markup("xl/_rels/workbook.xml.rels"))


def outline_of(data: bytes) -> Outline:
    """The outline in a workbook part; names that stand together as in workbooks before are not read again."""
    return _plain_outline(data) or walked_outline(data)


def _plain_outline(data: bytes) -> Outline | None:
    """The same of a part that is plainly written; None where it is not."""
    parted = apart(data, b"definedNames")
    if parted is None:
        return None
    try:
        sheets, strays = _walk_outline(parted[0])
        defined = remembered(_defined, parted[1])
    except Refused:
        return None
    return None if strays or defined is None or defined.sheets else Outline(sheets, defined)


def walked_outline(data: bytes) -> Outline:
    """The same, all of it read."""
    sheets, names = _walk_outline(data)
    return Outline(sheets, Defined(*_resolve(names), len(names)))


@lru_cache(64)
def _defined(written: bytes) -> Defined | None:
    """The names in what stands within `definedNames`; None where it is not plainly written."""
    if text_of(written) is None:
        return None
    sheets, names = _walk_outline(b"<workbook><definedNames>%s</definedNames></workbook>" % written)
    return Defined(*_resolve(names), len(names), sheets)


def _walk_outline(data: bytes) -> tuple[tuple[tuple[str, str], ...], list[tuple[str, str, bool]]]:
    """Sheets (name, relation) and defined names (name, reference, whether of the whole workbook)."""
    sheets, names, name, pieces = list[tuple[str, str]](), list[tuple[str, str, bool]](), ("", True), list[str]()

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal name
        kind = local(tag)
        if kind == "sheet":
            relation = next((value for key, value in attributes.items() if local(key) == "id"), "")
            sheets.append((attributes.get("name", ""), relation))
        elif kind == "definedName":
            name = (attributes.get("name", ""), "localSheetId" not in attributes)
            pieces.clear()

    def end(tag: str) -> None:
        if local(tag) == "definedName":
            names.append((name[0], "".join(pieces).strip(), name[1]))

    walk(data, start, end, "xl/workbook.xml", pieces.append)
    return tuple(sheets), names


def _resolve(names: list[tuple[str, str, bool]]) -> tuple[dict[str, Spot], frozenset[str]]:
    """Where each name points; a name of the whole workbook goes before a sheet's own. One that points to two cells is
    lost: there is no telling which."""
    spots: dict[str, Spot] = {}
    lost: set[str] = set()
    doubtful: set[str] = set()
    for name, reference, is_global in sorted(names, key=lambda entry: not entry[2]):
        match = _REFERENCE.fullmatch(reference) if len(reference) <= LONGEST_REFERENCE else None
        if match and int(match[4]) > LAST_ROW:
            match = None
        if match is None:
            lost |= {name} if is_global else set()
            continue
        spot = (match[1].replace("''", "'") if match[1] else match[2], f"{match[3]}{int(match[4])}")
        if is_global and spots.get(name, spot) != spot:
            doubtful.add(name)
        spots.setdefault(name, spot)
    told = {name: spot for name, spot in spots.items() if name not in doubtful}
    return told, frozenset((lost - set(spots)) | doubtful)


@lru_cache(64)
def _targets(data: bytes) -> dict[str, str]:
    targets: dict[str, str] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            if targets.setdefault(attributes.get("Id", ""), path) != path:
                raise _ambiguous("xl/_rels/workbook.xml.rels")

    walk(data, start, ignore, "xl/_rels/workbook.xml.rels")
    return targets


def _ambiguous(part: str) -> Refused:
    return Refused("damaged", f"文件已损坏：{part} 里有重名的工作表或部件。", "请单位重新发送原文件。")
