"""A checked package -> what its cells hold. One pass a part, within bounds, and only the sheets that names point to.

Stored formula results are read as they stand and flagged; nothing is computed, converted or guessed here.
"""

import posixpath
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from toolkit.audit.numbers import Content, Kind
from toolkit.workbook.events import Attributes, local, walk
from toolkit.workbook.package import Package, Refused
from toolkit.workbook.sheets import COLUMNS, LAST_ROW, Sheet, read_sheet, unescaped

MOST_SHEETS = 64
MOST_NAMES = 5_000
MOST_STRINGS = 100_000
MOST_READ = 24
LONGEST_REFERENCE = 100
MOST_UNNAMED = 2 * 2**20

_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})", re.ASCII)
_DATE_FORMATS = frozenset(map(str, [*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)]))
_NOT_CODES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_RESEND = "请在下发的工作簿里填报后重新报送。"

Spot = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a workbook holds: the sheets that names point to, and where each name points (sheet, cell).

    `lost` are names whose cell was deleted (`#REF!`), is no single cell or lies below all that is read; `saved` is when
    it was last saved; `found` are names that it lost and that were found again by labels; `hides_errors`
    says that an empty cell may be one in error.
    """

    sheets: Mapping[str, Sheet]
    sheet_names: tuple[str, ...]
    names: Mapping[str, Spot]
    lost: frozenset[str]
    saved: str | None
    has_external_links: bool
    found: frozenset[str] = frozenset()
    hides_errors: bool = False

    def content(self, name: str) -> Content:
        """What the cell of a defined name holds; empty where there is none."""
        spot = self.names.get(name)
        if spot is None or spot[0] not in self.sheets:
            return Content(Kind.EMPTY)
        return self.sheets[spot[0]].cells.get(spot[1], Content(Kind.EMPTY))

    def text(self, name: str) -> str:
        """The text or number in the cell of a defined name, without the spaces around it."""
        return self.content(name).text.strip()


def read_workbook(package: Package, wanted: Iterable[str] | None = None) -> Workbook:
    """The workbook in a package; Refused where it breaks a bound or cannot be read.

    Only the sheets that one of the `wanted` names points to are read; without them, the first few sheets together no
    larger than such workbooks are.
    """
    outline = _read_outline(package)
    names, lost = _resolve(outline.names)
    targets = _read_targets(package)
    if wanted is None:
        needed = set(_first_sheets(package, outline, targets))
    else:
        asked = set(wanted)
        needed = {spot[0] for name, spot in names.items() if name in asked}
    if len(needed) > MOST_READ:
        raise Refused("oversized", "填报的格子分在过多的工作表里，不是下发的工作簿。", _RESEND)
    strings = _read_strings(package) if "xl/sharedStrings.xml" in package.names else []
    dates = _read_date_styles(package) if "xl/styles.xml" in package.names else frozenset[str]()
    sheets = {
        name: read_sheet(package, name, targets.get(relation, ""), strings, dates)
        for name, relation in outline.sheets
        if name in needed
    }
    external = any(name.startswith("xl/externalLinks/") for name in package.names)
    return Workbook(sheets, tuple(name for name, _ in outline.sheets), names, lost, _read_saved(package), external)


def _first_sheets(package: Package, outline: "_Outline", targets: Mapping[str, str]) -> Iterator[str]:
    room = MOST_UNNAMED
    for name, relation in outline.sheets[:MOST_READ]:
        room -= package.size(targets.get(relation, ""))
        if room >= 0:
            yield name


def read_first_sheet(package: Package, last_row: int) -> Sheet:
    """The first sheet of a package, whatever it holds, down to a row; Refused as `read_workbook` is."""
    sheets = list_sheets(package)
    if not sheets:
        raise Refused("damaged", "工作簿里没有工作表。", "请另存为 .xlsx 后再用。")
    return read_one_sheet(package, sheets[0], last_row)


def list_sheets(package: Package) -> list[str]:
    """The names of a package's sheets, in order; Refused as `read_workbook` is."""
    return [name for name, _ in _read_outline(package).sheets]


def read_one_sheet(package: Package, name: str, last_row: int, columns: Container[int] = COLUMNS) -> Sheet:
    """One sheet by its name, whatever it holds, down to a row and in some columns (from 1); Refused as `read_workbook`
    is."""
    relation = dict(_read_outline(package).sheets)[name]
    strings = _read_strings(package) if "xl/sharedStrings.xml" in package.names else []
    return read_sheet(package, name, _read_targets(package).get(relation, ""), strings, frozenset(), last_row, columns)


@dataclass(frozen=True, slots=True)
class _Outline:
    sheets: list[tuple[str, str]]
    names: list[tuple[str, str, bool]]


def _read_outline(package: Package) -> _Outline:
    """Sheets (name, relation) and defined names (name, reference, whether of the whole workbook)."""
    outline, name, pieces = _Outline([], []), ("", True), list[str]()

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal name
        kind = local(tag)
        if kind == "sheet":
            relation = next((value for key, value in attributes.items() if local(key) == "id"), "")
            outline.sheets.append((attributes.get("name", ""), relation))
        elif kind == "definedName":
            name = (attributes.get("name", ""), "localSheetId" not in attributes)
            pieces.clear()

    def end(tag: str) -> None:
        if local(tag) == "definedName":
            outline.names.append((name[0], "".join(pieces).strip(), name[1]))

    walk(package.markup("xl/workbook.xml"), start, end, "xl/workbook.xml", pieces.append)
    if len({sheet.lower() for sheet, _ in outline.sheets}) < len(outline.sheets):
        raise _ambiguous("xl/workbook.xml")
    if len(outline.sheets) > MOST_SHEETS or len(outline.names) > MOST_NAMES:
        raise Refused("oversized", "工作表或名称过多，不是下发的工作簿。", _RESEND)
    return outline


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


def _read_targets(package: Package) -> dict[str, str]:
    """Relation id -> member name, for the workbook's own parts."""
    targets: dict[str, str] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            if targets.setdefault(attributes.get("Id", ""), path) != path:
                raise _ambiguous("xl/_rels/workbook.xml.rels")

    part = "xl/_rels/workbook.xml.rels"
    walk(package.markup(part), start, _ignore, part)
    return targets


def _read_strings(package: Package) -> list[str]:
    """The shared strings; runs of a rich text joined, phonetic guides left out."""
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
                raise Refused("oversized", "工作簿里的文字过多，不是正常的填报。", _RESEND)
        elif kind == "rPh":
            phonetic = False

    def text(data: str) -> None:
        if reading:
            pieces.append(data)

    walk(package.markup("xl/sharedStrings.xml"), start, end, "xl/sharedStrings.xml", text)
    return strings


def _read_date_styles(package: Package) -> frozenset[str]:
    """The indexes of the cell styles that show a number as a date or time."""
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

    walk(package.markup("xl/styles.xml"), start, end, "xl/styles.xml")
    return frozenset(dates)


def _is_date(number: str, code: str | None) -> bool:
    if code is None:
        return number in _DATE_FORMATS
    return any(letter in _NOT_CODES.sub("", code).lower() for letter in "ymdhs年月日")


def _read_saved(package: Package) -> str | None:
    """When the workbook says it was last saved, ISO 8601."""
    if "docProps/core.xml" not in package.names:
        return None
    pieces: list[str] = []
    reading = False

    def start(tag: str, _: Attributes) -> None:
        nonlocal reading
        reading = local(tag) == "modified"

    def end(_: str) -> None:
        nonlocal reading
        reading = False

    def text(data: str) -> None:
        if reading:
            pieces.append(data)

    walk(package.markup("docProps/core.xml"), start, end, "docProps/core.xml", text)
    return "".join(pieces).strip()[:40] or None


def _ambiguous(part: str) -> Refused:
    return Refused("damaged", f"文件已损坏：{part} 里有重名的工作表或部件。", "请单位重新发送原文件。")


def _ignore(_: str) -> None:
    """Nothing to do at an element's end."""
