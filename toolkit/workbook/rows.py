"""Rows without number: one is drawn as their model, and they are written in its place as they come, none of them held.

The spreadsheet writer draws the sheet and the models: how cells look, and the formulas, are its own. The rows are
written from them while the package is put together; only what their cells hold is put in.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import BinaryIO

from toolkit.workbook.drawing import NotWrittenError, exact, fitting

HERE, MORE = "\0", "\1"
"""In a model's formulas, the number of the row that they come to stand in, and what each row has more in them (before
its result among the row's contents): nothing else in a sheet can hold these."""

LAST_ROW = 1_048_576
_HERE = HERE.encode()

Look = str
"""How a cell of a model looks, as it is written; empty for one with a formula, which is written with it."""
Row = tuple[float, Sequence[bytes]]
"""A row's height in points, and what each of its cells holds, as `text`, `number` and `result` have it."""

_LEVEL = 2  # of packing: on rows all alike it takes a third of the time of the usual 6, for a sixth more bytes
_PLAIN = 10_000  # letters and digits that are no more than a cell can hold
_KEPT = 2_000  # numbers that are ready to be written again
_TOGETHER = 32  # rows that are packed together
_LARGE = 2**30  # bytes of a part that may come to need a larger format, which Excel would rather not see
_SHEET = re.compile('<sheet name="([^"]*)"')
_DIMENSION = re.compile(r'(<dimension ref="[A-Z]+\d+:[A-Z]+)\d+"')
_ROW = re.compile(r'<row r="(\d+)"( spans="[\d:]+")?[^>]*>')
_CELL = re.compile(r'<c r="([A-Z]+)\d+"( s="\d+")?( t="\w+")?(?:/>|>(<f>.*?</f>)?<v>.*?</v></c>)')
_SPECIAL = re.compile("[\0-\x08\x0b-\x1f\ufffe\uffff&<>]|_(?=x[0-9A-Fa-f]{4}_)")
_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one sheet: `count` of them from row `first` on (from 0), where so many `models` are drawn, which are
    not kept. `written` makes the rows, each as the first model, from how the cells of all models look. What is drawn
    below stands below the last row."""

    first: int
    count: int
    models: int
    written: Callable[[Sequence[Sequence[Look]]], Iterable[Row]]


def put_together(file: BinaryIO, drawn: bytes, rows: Mapping[str, Rows]) -> None:
    """Write a workbook that was drawn, with the rows of some of its sheets by their names. The same gives the same
    bytes; NotWrittenError where there are not as many rows as was said, or more than a sheet takes."""
    with (
        zipfile.ZipFile(io.BytesIO(drawn)) as plain,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive,
    ):
        names = _SHEET.findall(plain.read("xl/workbook.xml").decode())
        parts = {f"xl/worksheets/sheet{at}.xml": rows[name] for at, name in enumerate(names, start=1) if name in rows}
        for part in plain.namelist():
            if part in parts:
                _write_part(archive, part, _Sheet(plain.read(part).decode(), parts[part]))
            else:
                with archive.open(part, "w") as member:
                    member.write(plain.read(part))


def text(look: Look, value: str) -> bytes:
    """What a cell with a text holds, cut where it is longer than a cell can be; an empty one leaves it blank."""
    if not value:
        return f"{look}/>".encode()
    if value.isalnum() and len(value) < _PLAIN:
        return f'{look} t="inlineStr"><is><t>{value}</t></is></c>'.encode()
    escaped = _escaped(fitting(value))
    kept = ' xml:space="preserve"' if escaped[0].isspace() or escaped[-1].isspace() else ""
    return f'{look} t="inlineStr"><is><t{kept}>{escaped}</t></is></c>'.encode(errors="replace")


def number(look: Look, value: Decimal | None) -> bytes:
    """What a cell with a number holds, or with a formula whose result is one; None leaves a cell blank."""
    if value is None:
        return f"{look}/>".encode()
    digits = f"{exact(value):.16G}" if look else str(exact(value))
    return f"{look}><v>{digits}</v></c>".encode()


class Numbers(dict[Decimal | None, bytes]):
    """`number` of cells that all look alike: most are small counts, asked for again and again."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def __missing__(self, value: Decimal | None) -> bytes:
        found = number(self._look, value)
        if len(self) < _KEPT:
            self[value] = found
        return found


def whole(look: Look, value: int) -> bytes:
    """What a cell with a whole number holds that is no other row's."""
    return f"{look}><v>{value}</v></c>".encode()


def result(value: str) -> bytes:
    """What a cell with a formula holds whose result is a text, none that is an error."""
    return f"><v>{_escaped(value)}</v></c>".encode(errors="replace")


class _Sheet:
    """A sheet's part: what stands before and behind its rows, and the pattern of a row."""

    def __init__(self, xml: str, rows: Rows) -> None:
        start = end = xml.index(f'<row r="{rows.first + 1}"')
        for _ in range(rows.models):
            end = xml.index("</row>", end) + len("</row>")
        models = [_Model(each) for each in xml[start:end].split("</row>")[:-1]]
        self._rows, self._model, self._looks = rows, models[0], [each.looks for each in models]
        below = _ROW.match(xml, xml.rindex("<row "))
        last = int(below[1]) if below and below.start() >= end else rows.first + rows.count
        if last > LAST_ROW:
            raise NotWrittenError(f"row {last}")
        self.before, self.behind = _DIMENSION.sub(rf'\g<1>{last}"', xml[:start], count=1), xml[end:]

    def rows(self) -> Iterator[bytes]:
        """Each row as it is written."""
        at = 0
        for at, (high, contents) in enumerate(self._rows.written(self._looks), start=1):
            yield self._model.row(self._rows.first + at, high, contents)
        if at != self._rows.count:
            raise NotWrittenError(f"{at} rows instead of {self._rows.count}")

    def is_large(self, row: bytes) -> bool:
        """Whether all rows may come to more than the usual format of archives holds, where all are like one."""
        return self._rows.count * len(row) > _LARGE


class _Model:
    """A drawn row: how each of its cells looks, and how others like it are written."""

    def __init__(self, xml: str) -> None:
        row = _ROW.match(xml)
        cells = list(_CELL.finditer(xml))
        if row is None or len(cells) != xml.count("<c "):
            raise NotWrittenError(xml[:60])
        self.looks = ["" if cell[4] else cell[2] or "" for cell in cells]
        opening = f'<row r="{HERE}"{row[2] or ""} ht="%s" customHeight="1">'
        self._pattern = "".join([opening, *map(_hole, cells), "</row>"]).encode()

    def row(self, number: int, high: float, contents: Sequence[bytes]) -> bytes:
        """The row of a number (from 1)."""
        return self._pattern.replace(_HERE, b"%d" % number) % (_points(high), *contents)


def _hole(cell: re.Match[str]) -> str:
    """A cell without what it holds; a formula is the same in all rows."""
    column, look, kind, formula = cell.groups(default="")
    if not formula:
        return f'<c r="{column}{HERE}"%s'
    formula = formula.replace("%", "%%").replace(MORE, "%s")
    return f'<c r="{column}{HERE}"{look}{kind}>{formula[:-1]}%s'


def _write_part(archive: zipfile.ZipFile, part: str, sheet: _Sheet) -> None:
    rows = sheet.rows()
    together = list(islice(rows, _TOGETHER))
    is_large = bool(together) and sheet.is_large(together[0])
    with archive.open(part, "w", force_zip64=is_large) as member:
        member.write(sheet.before.encode())
        while together:
            member.write(b"".join(together))
            together = list(islice(rows, _TOGETHER))
        member.write(sheet.behind.encode())


@lru_cache(64)
def _points(high: float) -> bytes:
    """A height in points as the writer has it, in whole pixels."""
    return f"{int(high * 4 / 3 + 0.5) * 0.75:.16g}".encode()


def _escaped(value: str) -> str:
    """A text as XML holds it: `_xHHHH_` for what it cannot hold, and for the underscore of what looks so already."""
    return _SPECIAL.sub(_reference, value) if _SPECIAL.search(value) else value


def _reference(match: re.Match[str]) -> str:
    return _REFERENCES.get(match[0]) or f"_x{ord(match[0]):04X}_"
