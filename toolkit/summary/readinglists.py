"""The lists of a summary workbook, read back: who is on its roster, each file's hash, what stood in the originals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from toolkit.audit.numbers import EMPTY
from toolkit.audit.submission import Agency, Listing
from toolkit.form.area import column_name
from toolkit.form.model import Key
from toolkit.summary.lists import (
    AGENCY,
    CATEGORY,
    CELLS,
    CODE,
    CONTENT,
    EXPECTED,
    EXPLANATION,
    FILES,
    HASH,
    LEVEL,
    NAME,
    NO,
    NUMBER,
    ORIGINALS,
    PARENT,
    ROSTER,
    SAVED,
    SHEET,
    THROUGH,
    UNITS_APART,
    YES,
)
from toolkit.summary.origins import BLANK, parse_ranges
from toolkit.workbook.addresses import split_address
from toolkit.workbook.known import Known
from toolkit.workbook.package import Package
from toolkit.workbook.reader import list_sheets, read_one_sheet

_HEAD_ROW, _MOST_COLUMNS = 2, 40
_LINES_AN_AGENCY = 200


@dataclass(slots=True)
class Originals:
    """What one agency's own workbook held where that is not just the figure: contents, cells that stood elsewhere,
    blank ranges by sheet, explanations."""

    raws: dict[Key, str] = field(default_factory=dict)
    moved: dict[Key, tuple[str, str]] = field(default_factory=dict)
    blank: list[tuple[str, str]] = field(default_factory=list)
    explanations: dict[str, str] = field(default_factory=dict)

    def blanks(self, known: Known, moved: Mapping[Key, tuple[str, str]]) -> tuple[Key, ...]:
        """The cells that were left blank."""
        cells = {(sheet, cell) for sheet, ranges in self.blank for cell in parse_ranges(ranges)}
        issued = known.layout.cells
        return tuple(key for key in known.book.typed if moved.get(key, (issued[key].sheet, issued[key].cell)) in cells)


@dataclass(frozen=True, slots=True)
class ListedFile:
    """What the list of files says of a counted one."""

    sha256: str
    saved: str | None
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of one summary; files and originals by the agency's number in the detail."""

    listings: tuple[Listing, ...]
    files: Mapping[str, ListedFile]
    originals: Mapping[str, Originals]


def read_lists(package: Package, most: int) -> Lists:
    """The lists as far as they are there: a sheet that was deleted tells nothing."""
    sheets = set(list_sheets(package))
    listings = tuple(_listing(row) for row in _rows(package, ROSTER, 2 * most)) if ROSTER in sheets else ()
    files = {
        row[NUMBER]: ListedFile(row.get(HASH, ""), row.get(SAVED) or None, _units(row.get(THROUGH, "")))
        for row in (_rows(package, FILES, 2 * most) if FILES in sheets else ())
        if row.get(NUMBER)
    }
    originals: dict[str, Originals] = {}
    for row in _rows(package, ORIGINALS, most * _LINES_AN_AGENCY) if ORIGINALS in sheets else ():
        _add_original(originals.setdefault(row.get(NUMBER, ""), Originals()), row)
    return Lists(listings, files, originals)


def _listing(row: Mapping[str, str]) -> Listing:
    expected = {YES: True, NO: False}.get(row.get(EXPECTED, ""))
    return Listing(
        Agency(row.get(AGENCY, ""), row.get(CODE, "")), row.get(CATEGORY, ""), row.get(PARENT, ""),
        row.get(LEVEL, ""), expected, _units(row.get(THROUGH, "")),
    )  # fmt: skip


def _units(text: str) -> tuple[str, ...]:
    return tuple(unit.strip() for unit in text.split(UNITS_APART) if unit.strip())


def _add_original(originals: Originals, row: Mapping[str, str]) -> None:
    name, content, place = row.get(NAME, ""), row.get(CONTENT, ""), (row.get(SHEET, ""), row.get(CELLS, ""))
    if name.startswith(EXPLANATION):
        originals.explanations[name.removeprefix(EXPLANATION)] = content
    elif not name and content == BLANK:
        originals.blank.append(place)
    elif name.count(".") > 1:
        table, _, rest = name.partition(".")
        key = Key(table, *rest.rsplit(".", 1))
        originals.moved[key] = place
        if content != BLANK:
            originals.raws[key] = content


def _rows(package: Package, name: str, most: int) -> Iterator[dict[str, str]]:
    """The lines of one list by their headings."""
    sheet = read_one_sheet(package, name, most + _HEAD_ROW, range(1, _MOST_COLUMNS))
    columns = range(1, _MOST_COLUMNS)
    heads = {
        column: text
        for column in columns
        if (text := sheet.cells.get(f"{column_name(column - 1)}{_HEAD_ROW}", EMPTY).text.strip())
    }
    last = max((split_address(cell)[1] for cell in sheet.cells), default=0)
    for row in range(_HEAD_ROW + 1, last + 1):
        texts = {head: sheet.cells.get(f"{column_name(column - 1)}{row}", EMPTY).text for column, head in heads.items()}
        if any(text.strip() for text in texts.values()):
            yield {head: text if head == CONTENT else text.strip() for head, text in texts.items()}
