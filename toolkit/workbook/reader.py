"""A checked package -> what its cells hold. One pass a part, within bounds, and only the sheets that names point to.

Stored formula results are read as they stand and flagged; nothing is computed, converted or guessed here.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from toolkit.audit.numbers import Content, Kind
from toolkit.workbook.directory import Outline, Spot, read_outline, read_targets
from toolkit.workbook.events import Attributes, local, walk
from toolkit.workbook.package import Package, Refused
from toolkit.workbook.shared import read_date_styles, read_strings
from toolkit.workbook.sheets import Sheet, read_sheet
from toolkit.workbook.values import COLUMNS, Values

MOST_READ = 24
MOST_UNNAMED = 2 * 2**20

_RESEND = "请在下发的工作簿里填报后重新报送。"


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
    outline = read_outline(package)
    names = outline.defined.names
    targets = read_targets(package)
    if wanted is None:
        needed = set(_first_sheets(package, outline, targets))
    else:
        needed = {names[name][0] for name in names.keys() & set(wanted)}
    if len(needed) > MOST_READ:
        raise Refused("oversized", "填报的格子分在过多的工作表里，不是下发的工作簿。", _RESEND)
    strings = read_strings(package) if "xl/sharedStrings.xml" in package.names else []
    dates = read_date_styles(package) if "xl/styles.xml" in package.names else frozenset[str]()
    values = Values(strings, dates)
    sheets = {
        name: read_sheet(package, name, targets.get(relation, ""), values)
        for name, relation in outline.sheets
        if name in needed
    }
    external = any(name.startswith("xl/externalLinks/") for name in package.names)
    listed = tuple(name for name, _ in outline.sheets)
    return Workbook(sheets, listed, names, outline.defined.lost, _read_saved(package), external)


def _first_sheets(package: Package, outline: "Outline", targets: Mapping[str, str]) -> Iterator[str]:
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
    return [name for name, _ in read_outline(package).sheets]


def read_one_sheet(package: Package, name: str, last_row: int, columns: Container[int] = COLUMNS) -> Sheet:
    """One sheet by its name, whatever it holds, down to a row and in some columns (from 1); Refused as `read_workbook`
    is."""
    relation = dict(read_outline(package).sheets)[name]
    strings = read_strings(package) if "xl/sharedStrings.xml" in package.names else []
    part = read_targets(package).get(relation, "")
    return read_sheet(package, name, part, Values(strings, frozenset(), last_row, columns))


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
