"""LibreOffice behind one pipe: a JSON command a line on stdin, a JSON answer a line on stdout.

Run as `server.py SOFFICE FOLDER` by a python that can `import uno`; FOLDER/profile becomes the user profile. It ends,
and LibreOffice with it, when stdin closes. A command is `{"do": NAME, ...}`, an answer `{"result": ...}` or
`{"error": text}`. UNO objects are untyped, so they are `Any` here and nowhere else; the first sight of each costs a
millisecond, a later call a tenth of that, so they are kept.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

uno = importlib.import_module("uno")  # found only by the system's python, so no type checker may look for it
UnoException: type[Exception] = uno.getClass("com.sun.star.uno.Exception")

FORMULAS = 16  # com.sun.star.sheet.CellFlags.FORMULA
START_SECONDS = 60
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}

Place = tuple[int, int, int]  # sheet, row, column, each from 0
Block = tuple[int, int, int, int, int]  # sheet, top row, left column, bottom row, right column


class Book:
    """One open workbook; areas and cells are found once and then remembered."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.document.IsUndoEnabled = False
        self._areas: dict[str, Any] = {}
        self._places: dict[str, Place] = {}
        self._cells: dict[Place, Any] = {}
        self._blocks: dict[frozenset[Place], list[tuple[Block, Any]]] = {}

    def close(self) -> None:
        """Close the workbook without saving."""
        self.document.close(True)

    def names(self) -> list[dict[str, str]]:
        """Every defined name; a sheet's own reads `Sheet!name`, one that is no range has its content as address."""
        sheets = list(self.document.Sheets)
        owners = [("", self.document.NamedRanges), *((f"{sheet.Name}!", sheet.NamedRanges) for sheet in sheets)]
        titles = [sheet.Name for sheet in sheets]
        return [
            {"name": scope + name, **_target(names.getByName(name), titles)}
            for scope, names in owners
            for name in names.ElementNames
        ]

    def set(self, values: dict[str, Any]) -> None:
        """Put each value into its cell, protected or not; nothing is calculated before the last one stands."""
        with self._paused():
            for ref, value in values.items():
                _put(self._cell(self._place(ref)), value)

    def change(self, sheet: str, what: str, at: int, count: int, name: str) -> None:
        """Change a sheet as a person would who takes its protection off and puts it back on; rows, columns from 0."""
        sheets, target = self.document.Sheets, self.document.Sheets.getByName(sheet)
        self.document.unprotect("")
        target.unprotect("")
        if what.endswith("_rows") or what.endswith("_columns"):
            lines = target.Rows if what.endswith("_rows") else target.Columns
            if what.startswith("insert"):
                lines.insertByIndex(at, count)
            elif what.startswith("remove"):
                lines.removeByIndex(at, count)
            else:
                for index in range(at, at + count):
                    lines.getByIndex(index).IsVisible = False
        else:
            deeds: dict[str, Callable[[], Any]] = {
                "rename": lambda: target.setName(name),
                "move": lambda: sheets.moveByName(sheet, at),
                "copy": lambda: sheets.copyByName(sheet, name, at),
                "add": lambda: sheets.insertNewByName(name, at),
                "remove": lambda: sheets.removeByName(sheet),
                "hide": lambda: setattr(target, "IsVisible", False),
            }
            deeds[what]()
        if what != "remove":
            target.protect("")
        self.document.protect("")

    def recalc(self) -> None:
        """Calculate every formula, changed or not."""
        self.document.calculateAll()

    def get(self, refs: list[str]) -> list[list[list[Any]]]:
        """The rows of each cell or range."""
        return [_rows(self._area(ref)) for ref in refs]

    def formulas(self) -> list[dict[str, Any]]:
        """Every formula cell of every sheet, in Calc's words (`;` between arguments), with the result it holds."""
        return [cell for sheet in self.document.Sheets for cell in _formulas(sheet)]

    def save_as(self, path: str, password: str) -> None:
        """Write a copy, in the format its suffix says, with a password to open it if one is given."""
        name = FILTERS[path.rpartition(".")[2]]
        values = {"FilterName": name, "Overwrite": True} | ({"Password": password} if password else {})
        self.document.storeToURL(_url(path), _properties(**values))

    def batch(self, fills: list[dict[str, Any]], clear: list[str], read: list[str]) -> list[list[list[list[Any]]]]:
        """For every fill: empty the `clear` cells, put the fill, calculate, read; the last fill stays."""
        with self._paused():
            self.document.calculateAll()  # results stored by whoever wrote the file may be placeholders
            return [self._try(fill, clear, read) for fill in fills]

    def _try(self, fill: dict[str, Any], clear: list[str], read: list[str]) -> list[list[list[Any]]]:
        values: dict[Place, Any] = dict.fromkeys(map(self._place, clear))
        values.update((self._place(ref), value) for ref, value in fill.items())
        plain = {place: value for place, value in values.items() if not isinstance(value, dict)}
        for block, area in self._blocks_of(frozenset(plain)):
            self._put_block(block, area, plain)
        for ref, value in fill.items():
            if isinstance(value, dict):
                _put(self._cell(self._place(ref)), value)
        self.document.calculate()
        return self.get(read)

    def _put_block(self, block: Block, area: Any, values: dict[Place, Any]) -> None:
        """One call for a whole block, which is some fifteen times faster than cell by cell; it drops cell comments."""
        sheet, top, left, bottom, right = block
        columns = range(left, right + 1)
        rows = tuple(tuple(_plain(values[sheet, row, column]) for column in columns) for row in range(top, bottom + 1))
        try:
            area.setDataArray(rows)
        except UnoException:  # a block holding a locked cell is refused as a whole; single cells are not
            for row in range(top, bottom + 1):
                for column in columns:
                    _put(self._cell((sheet, row, column)), values[sheet, row, column])

    def _blocks_of(self, places: frozenset[Place]) -> list[tuple[Block, Any]]:
        if places not in self._blocks:
            blocks = _stacked(_runs(sorted(places)))
            self._blocks[places] = [(block, _range(self.document, block)) for block in blocks]
        return self._blocks[places]

    def _cell(self, place: Place) -> Any:
        if place not in self._cells:
            sheet, row, column = place
            self._cells[place] = self.document.Sheets.getByIndex(sheet).getCellByPosition(column, row)
        return self._cells[place]

    def _area(self, ref: str) -> Any:
        if ref not in self._areas:
            try:
                self._areas[ref] = _find(self.document, ref)
            except UnoException:
                raise ValueError(f"no such name, sheet or cell: {ref}") from None
        return self._areas[ref]

    def _place(self, ref: str) -> Place:
        """Where a cell is; of several cells the first."""
        if ref not in self._places:
            area = self._area(ref)
            at = area.RangeAddress
            self._places[ref] = place = at.Sheet, at.StartRow, at.StartColumn
            if (at.StartRow, at.StartColumn) == (at.EndRow, at.EndColumn):
                self._cells[place] = area
        return self._places[ref]

    @contextlib.contextmanager
    def _paused(self) -> Iterator[None]:
        self.document.lockControllers()
        self.document.enableAutomaticCalculation(False)
        try:
            yield
        finally:
            self.document.enableAutomaticCalculation(True)
            self.document.unlockControllers()


def _find(document: Any, ref: str) -> Any:
    sheet, mark, address = ref.rpartition("!")
    if mark:
        title = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        return document.Sheets.getByName(title).getCellRangeByName(address)
    area = document.NamedRanges.getByName(ref).ReferredCells
    if area is None:
        raise ValueError(f"the name {ref} stands for no cells")
    return area


def _range(document: Any, block: Block) -> Any:
    sheet, top, left, bottom, right = block
    return document.Sheets.getByIndex(sheet).getCellRangeByPosition(left, top, right, bottom)


def _target(name: Any, titles: list[str]) -> dict[str, str]:
    area = name.ReferredCells
    if area is None:
        return {"sheet": "", "address": name.Content}
    at = area.RangeAddress
    first, last = _a1(at.StartRow, at.StartColumn), _a1(at.EndRow, at.EndColumn)
    return {"sheet": titles[at.Sheet], "address": first if first == last else f"{first}:{last}"}


def _formulas(sheet: Any) -> Iterator[dict[str, Any]]:
    for at in sheet.queryContentCells(FORMULAS).RangeAddresses:
        area = sheet.getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, at.EndRow)
        for row, (texts, values) in enumerate(zip(area.getFormulaArray(), _rows(area), strict=True), at.StartRow):
            for column, (text, value) in enumerate(zip(texts, values, strict=True), at.StartColumn):
                yield {"sheet": sheet.Name, "cell": _a1(row, column), "formula": text, "value": value}


def _rows(area: Any) -> list[list[Any]]:
    """Numbers, texts, "" for an empty cell; a cell in error has no value in the data array but a code."""

    def value(row: int, column: int, found: Any) -> Any:
        return {"error": area.getCellByPosition(column, row).getError()} if found is None else found

    rows = enumerate(area.getDataArray())
    return [[value(row, column, found) for column, found in enumerate(line)] for row, line in rows]


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, dict):
        cell.setFormula(value["formula"])
        return
    content = _plain(value)
    if isinstance(content, float):
        cell.setValue(content)
    else:
        cell.setString(content)
        if not content and cell.Type.value != "EMPTY":
            raise ValueError(f"{cell.AbsoluteName} is locked, and LibreOffice empties no locked cell")


def _plain(value: Any) -> float | str:
    """What UNO takes as number or text; an empty text empties the cell."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no number, text, null or formula")
    return float(value)


def _runs(places: Iterable[Place]) -> Iterator[Block]:
    """Neighbours of one row joined; places come sorted."""
    run: Block | None = None
    for sheet, row, column in places:
        if run and run[:2] == (sheet, row) and run[4] + 1 == column:
            run = (*run[:4], column)
            continue
        if run:
            yield run
        run = (sheet, row, column, row, column)
    if run:
        yield run


def _stacked(runs: Iterable[Block]) -> Iterable[Block]:
    """Runs of the same width, one right under the other, joined."""
    open_at: dict[tuple[int, int, int, int], int] = {}
    for sheet, row, left, _, right in runs:
        top = open_at.pop((sheet, row, left, right), row)
        open_at[sheet, row + 1, left, right] = top
    return [(sheet, top, left, below - 1, right) for (sheet, below, left, right), top in open_at.items()]


def _a1(row: int, column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def _url(path: str) -> str:
    return str(uno.systemPathToFileUrl(path))


def _properties(**values: Any) -> tuple[Any, ...]:
    def pair(name: str, value: Any) -> Any:
        made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        made.Name, made.Value = name, value
        return made

    return tuple(pair(name, value) for name, value in values.items())


def _connect(pipe: str, office: subprocess.Popen[bytes]) -> Any:
    """The desktop of the office just started."""
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    end = time.monotonic() + START_SECONDS
    while office.poll() is None and time.monotonic() < end:
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except UnoException:  # not listening yet
            time.sleep(0.1)
    if office.poll() is not None:
        raise SystemExit(f"LibreOffice ended while starting, with exit code {office.returncode}")
    raise SystemExit(f"LibreOffice did not answer within {START_SECONDS} s of starting")


def _open(desktop: Any, path: str) -> Book:
    if not Path(path).is_file():
        raise ValueError(f"no such file: {path}")
    document = desktop.loadComponentFromURL(_url(path), "_blank", 0, _properties(Hidden=True))
    if document is None:
        raise ValueError(f"LibreOffice cannot open {path}")
    return Book(document)


def _serve(desktop: Any) -> None:
    books: dict[int, Book] = {}
    for number, line in enumerate(sys.stdin, 1):
        command = json.loads(line)
        try:
            answer = {"result": _do(desktop, books, number, **command)}
        except (UnoException, ValueError, TypeError, LookupError, AttributeError) as error:
            answer = {"error": f"{type(error).__name__.rpartition('.')[2]}: {error}"}
        print(json.dumps(answer), flush=True)


def _do(desktop: Any, books: dict[int, Book], number: int, do: str, book: int = 0, **arguments: Any) -> Any:
    if do == "start":
        return None
    if do == "open":
        books[number] = _open(desktop, **arguments)
        return number
    return getattr(books.pop(book) if do == "close" else books[book], do)(**arguments)


def main(soffice: str, folder: str) -> None:
    """Start LibreOffice, serve until stdin closes, end LibreOffice."""
    pipe = f"office-{uuid.uuid4().hex}"
    profile = (Path(folder) / "profile").as_uri()
    options = ["--headless", "--norestore", f"-env:UserInstallation={profile}", f"--accept=pipe,name={pipe};urp;"]
    office = subprocess.Popen([soffice, *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    desktop = _connect(pipe, office)
    _serve(desktop)
    with contextlib.suppress(UnoException):  # it may cut the line before it answers
        desktop.terminate()
    office.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
