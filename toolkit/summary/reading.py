"""A summary workbook of ours, read back: each agency's figures in its detail sheet, for whoever needs last year's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from toolkit.audit.checks import Rulebook, compute
from toolkit.audit.numbers import EMPTY, understand
from toolkit.audit.submission import Agency
from toolkit.form.area import column_name
from toolkit.form.model import Key
from toolkit.summary.detail import CODE_LABEL, DETAIL, FIRST_ROW, NAME_LABEL, head_texts
from toolkit.summary.totals import TOTALS
from toolkit.workbook.package import MOST_TOTAL, Package, Refused, open_package
from toolkit.workbook.reader import list_sheets, read_one_sheet
from toolkit.workbook.sheets import Sheet, split_address

MOST_AGENCIES = 20_000
MOST_MARKS = 1_000 * MOST_AGENCIES
_MOST_COLUMNS = 2_000
_YEAR = re.compile(r"\s*(\d{4})\s*年度")
_Heading = TypeVar("_Heading", str, tuple[str, ...])
_MEND = "请用没有改动过的汇总工作簿。"


@dataclass(frozen=True, slots=True)
class Detail:
    """What a summary says of each agency it counted: some cells of the form, None where one is blank or no number."""

    year: int
    rows: tuple[tuple[Agency, dict[Key, Decimal | None]], ...]


def open_summary(data: bytes) -> Package | None:
    """The package of a summary workbook; None where these bytes are none, or none that may be opened."""
    try:
        package = open_package(data, MOST_MARKS, MOST_TOTAL)
        return package if {TOTALS, DETAIL} <= set(list_sheets(package)) else None
    except Refused:
        return None


def read_detail(package: Package, book: Rulebook, keys: Iterable[Key]) -> Detail:
    """The cells of these keys in a summary's detail sheet, computed ones recomputed from typed ones; Refused where the
    sheet is not as it was written."""
    head = read_one_sheet(package, DETAIL, FIRST_ROW, range(1, _MOST_COLUMNS))
    year = _YEAR.match(_text(head, 1, 1))
    if year is None:
        raise Refused("damaged", f"“{DETAIL}”页的标题里没有年度。", _MEND)
    titles = _unique((_text(head, column, FIRST_ROW), column) for column in range(1, _MOST_COLUMNS))
    columns = _columns(head, book, keys)
    if NAME_LABEL not in titles or CODE_LABEL not in titles:
        raise Refused("damaged", f"“{DETAIL}”页缺少“{NAME_LABEL}”或“{CODE_LABEL}”一列，或者有两列。", _MEND)
    wanted = {titles[NAME_LABEL], titles[CODE_LABEL], *columns.values()}
    sheet = read_one_sheet(package, DETAIL, MOST_AGENCIES + FIRST_ROW, wanted)
    last = max((split_address(cell)[1] for cell in sheet.cells), default=0)
    agencies = (
        (row, Agency(_text(sheet, titles[NAME_LABEL], row), _text(sheet, titles[CODE_LABEL], row)))
        for row in range(FIRST_ROW + 1, last + 1)
    )
    rows = tuple((agency, _figures(sheet, row, columns, book, keys)) for row, agency in agencies if agency.identity)
    return Detail(int(year[1]), rows)


def _columns(head: Sheet, book: Rulebook, keys: Iterable[Key]) -> dict[Key, int]:
    """The column of each typed cell that the wanted ones rest on, by the three lines of its heading."""
    found = _unique(
        (tuple(_text(head, column, FIRST_ROW - 2 + line) for line in range(3)), column)
        for column in range(1, _MOST_COLUMNS)
    )
    columns = {}
    for key in _typed_under(book, keys):
        texts = head_texts(book, key)
        if texts not in found:
            raise Refused("damaged", f"“{DETAIL}”页找不到“{' '.join(texts)}”一列，或者有两列。", _MEND)
        columns[key] = found[texts]
    return columns


def _unique(headings: Iterable[tuple[_Heading, int]]) -> dict[_Heading, int]:
    """The column of each heading that stands once."""
    found: dict[_Heading, list[int]] = {}
    for heading, column in headings:
        found.setdefault(heading, []).append(column)
    return {heading: columns[0] for heading, columns in found.items() if len(columns) == 1}


def _typed_under(book: Rulebook, keys: Iterable[Key]) -> list[Key]:
    typed: dict[Key, None] = {}
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key in book.computed:
            waiting += [summand for _, summand in book.computed[key].right]
        else:
            typed[key] = None
    return list(typed)


def _figures(
    sheet: Sheet, row: int, columns: dict[Key, int], book: Rulebook, keys: Iterable[Key]
) -> dict[Key, Decimal | None]:
    typed = {}
    for key, column in columns.items():
        figure = understand(sheet.cells.get(f"{column_name(column - 1)}{row}", EMPTY), book.cells[key].decimals)
        typed[key] = None if figure.code else figure.value
    values = compute(book, typed)
    return {key: values[key] for key in keys}


def _text(sheet: Sheet, column: int, row: int) -> str:
    return sheet.cells.get(f"{column_name(column - 1)}{row}", EMPTY).text.strip()
