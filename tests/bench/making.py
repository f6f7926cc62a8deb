"""Completed workbooks in any number, each of another agency with figures of its own, made without drawing each.

One is drawn and filled in; the others are it with other texts and numbers in the same places, its totals right.
"""

import io
import random
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from tests.collection.making import code
from tests.official import official
from toolkit.audit.checks import compute
from toolkit.audit.submission import Agency
from toolkit.form.model import Key
from toolkit.form.stamp import print_stamp
from toolkit.workbook.template import Filling, Issue, template_bytes

Figures = Mapping[Key, Decimal | None]

YEAR = 2025
SOME = Agency("某县某某某某某办公室", code(9_999_999))
_CELL = re.compile(r'(<c r="([A-Z]+\d+)"(?: s="\d+")?>(?:<f>[^<]*</f>)?<v>)\d+(</v></c>)')
_OVERVIEW = 4 * (
    "本机关认真贯彻落实《中华人民共和国政府信息公开条例》，主动公开机构职能、规范性文件等信息，及时回应社会关切。"
)


def write_workbooks(folder: Path, numbers: range) -> None:
    """The workbooks of these numbers, as files in a folder; the same number gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / file_name(number)).write_bytes(completed_workbook(number))


def file_name(number: int) -> str:
    """What the workbook of a number is called."""
    return f"{number:06d}-{agency_of(number).name}-{YEAR}.xlsx"


def agency_of(number: int) -> Agency:
    """The agency of a number."""
    return Agency(f"第{number:06d}号单位办公室", code(number))


def completed_workbook(number: int, figures: Figures | None = None) -> bytes:
    """The workbook of one agency, sound throughout; with other figures than its own, where they are given."""
    form = official().book.form
    agency = agency_of(number)
    texts = {SOME.name: agency.name, SOME.code: agency.code, print_stamp(form, YEAR, SOME.code): ""}
    texts[print_stamp(form, YEAR, SOME.code)] = print_stamp(form, YEAR, agency.code)
    cells = _by_member(figures_of(number) if figures is None else figures)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _members().items():
            for old, new in sorted(texts.items(), key=lambda pair: -len(pair[0])):
                part = part.replace(old, new)
            if name in cells:
                part = _with_figures(part, cells[name])
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def figures_of(number: int) -> Figures:
    """All figures of one agency: a few applications, documents and reviews, all in balance."""
    luck, book = random.Random(number), official().book
    typed = dict.fromkeys(book.typed, Decimal(0))
    handled = [key for key in book.typed if key.table == "requests" and "." in key.row]
    for column in ("natural_person", "commercial_enterprise"):
        rows = luck.sample([key.row for key in handled if key.column == column], 3)
        counts = {"granted": luck.randint(0, 300), **{row: luck.randint(0, 30) for row in rows}}
        carried_in, carried_forward = luck.randint(0, 5), luck.randint(5, 9)
        counts |= {"carried_in": carried_in, "carried_forward": carried_forward}
        counts["new_received"] = sum(counts.values()) - 2 * carried_in
        typed |= {Key("requests", row, column): Decimal(count) for row, count in counts.items()}
    for key in book.typed:
        if key.table != "requests" and key.column not in ("issued", "repealed") and luck.random() < 0.5:
            typed[key] = Decimal(luck.randint(0, 99))
    return compute(book, typed)


def busy_figures_of(number: int) -> Figures:
    """Figures of an agency that has some in every cell, none twice and none that could be a date, all in balance: no
    row of its tables was ever seen before."""
    luck, book = random.Random(number), official().book
    typed = dict(zip(book.typed, map(Decimal, luck.sample(range(1, 36_000), len(book.typed))), strict=True))
    for column in {key.column for key in typed if key.table == "requests"}:
        rows = {key.row: value for key, value in typed.items() if (key.table, key.column) == ("requests", column)}
        typed[Key("requests", "new_received", column)] = (
            sum(rows.values()) - rows["new_received"] - 2 * rows["carried_in"]
        )
    for row in {key.row for key in typed if key.column == "in_force"}:
        typed[Key("proactive", row, "in_force")] += 60_000
    return compute(book, typed)


@cache
def _members() -> dict[str, str]:
    known = official()
    filling = Filling(dict.fromkeys(known.book.typed, Decimal(0)), narrative={"overview": _OVERVIEW})
    with zipfile.ZipFile(io.BytesIO(template_bytes(known, Issue(SOME, YEAR), filling))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def _with_figures(part: str, figures: Mapping[str, Decimal]) -> str:
    """A sheet with these figures in its cells, 0 in those that have none."""
    return _CELL.sub(lambda match: f"{match[1]}{figures.get(match[2], 0)}{match[3]}", part)


def _by_member(figures: Figures) -> dict[str, dict[str, Decimal]]:
    """Figures by the member and the cell they stand in: the tables' sheets follow the cover."""
    found: dict[str, dict[str, Decimal]] = {}
    for at, plan in enumerate(official().layout.tables, start=2):
        cells = {area.cell: figures[key] or Decimal(0) for key, area in plan.cells.items()}
        found[f"xl/worksheets/sheet{at}.xml"] = cells
    return found
