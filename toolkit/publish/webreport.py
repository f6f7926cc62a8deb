"""A report as a web page: one HTML file that needs nothing else, to be published as it is or printed."""

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from toolkit.publish.outline import DRAFT, TO_BE_WRITTEN, Report
from toolkit.publish.printed import PrintedCell, PrintedTable, fitting

# In print, in points: as wide as the text is, as high as type is in tables, around a cell's text.
_TEXT_WIDTH, _TYPE, _SMALL_TYPE, _PADDING = 442.0, 10.5, 9.0, 4.0
_TEMPLATE = Path(__file__).with_name("report.html")


def report_html(report: Report) -> bytes:
    """The page as UTF-8 HTML; the same report gives the same bytes. What stands in it can do nothing but be read."""
    return _template().render(report=report, draft=DRAFT, unwritten=TO_BE_WRITTEN).encode("utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATE.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(digest=_digest, percents=_percents, headings=_headings, shrunk=_shrunk)
    return environment.get_template(_TEMPLATE.name)


def _percents(table: PrintedTable) -> list[str]:
    """How wide each grid column is."""
    return [f"{100 * width / sum(table.widths):.2f}%" for width in table.widths]


def _shrunk(table: PrintedTable, cell: PrintedCell) -> int:
    """How many tenths of its type size let a figure stay on one line in its column; 0 where all of it does."""
    size = _SMALL_TYPE if table.is_wide else _TYPE
    share = sum(table.widths[cell.left : cell.left + cell.columns]) / sum(table.widths)
    tenths = int(10 * fitting(cell.text, share * _TEXT_WIDTH - _PADDING, size) / size)
    return 0 if tenths > 9 else max(tenths, 3)


def _headings(table: PrintedTable) -> dict[int, list[int]]:
    """The numbers of the headings of each figure, both as they stand in `cells`."""
    return {
        at: [number for number, heading in enumerate(table.cells) if heading.is_over(cell)]
        for at, cell in enumerate(table.cells)
        if cell.key is not None
    }


def _digest(text: str) -> str:
    """The SHA-256 by which a Content-Security-Policy lets a style in."""
    return b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
