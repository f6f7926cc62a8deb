"""One worksheet part -> the contents of its cells, its protection and its validations."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from toolkit.audit.numbers import Content
from toolkit.form.area import column_name
from toolkit.workbook.addresses import Rectangle, rectangles, split_address, uncovered
from toolkit.workbook.events import Attributes, ignore, local, walk
from toolkit.workbook.package import Package, Refused
from toolkit.workbook.plain import apart, without_footers
from toolkit.workbook.remembered import remembered
from toolkit.workbook.values import Values, stored_rows, whole

_IN_CELLS = {"c", "v", "t", "is", "r", "row", "rPh"}
_ANYWHERE = {*_IN_CELLS, "f"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: the cells that hold something (`E7` -> content), whether it is protected, and which rectangles
    (first column, first row, last column, last row; from 1) carry a validation. None: the format does not let us tell.
    `has_merges` says that some cells are merged.
    """

    name: str
    cells: Mapping[str, Content]
    protected: bool | None
    validated: tuple[Rectangle, ...] | None
    has_merges: bool = False

    def without_validation(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        """Those of some cells that no validation covers, as far as that can be told."""
        return () if self.validated is None else uncovered(self.validated, cells)


def read_sheet(package: Package, name: str, part: str, values: Values) -> Sheet:
    """The sheet in one part; cells that `values` is not to read are passed over."""
    data = package.markup(part)
    found = plain_sheet(data, values) or walked_sheet(data, values, part)
    return replace(found, name=name)


def plain_sheet(data: bytes, values: Values) -> Sheet | None:
    """The sheet in a part that is plainly written: what `walked_sheet` tells, only sooner. None where it is not."""
    parted = apart(data, b"sheetData")
    if parted is None:
        return None
    try:
        frame, rows = remembered(_frame, without_footers(parted[0])), stored_rows(parted[1], values.dates)
        return None if frame is None or rows is None else replace(frame, cells=values.contents(rows))
    except Refused:
        return None


def walked_sheet(data: bytes, values: Values, part: str) -> Sheet:
    """The sheet in any part, by the events of a parser; Refused where it is none."""
    reading = _Reading(values)
    walk(data, reading.start, reading.end, part, reading.text)
    return reading.frame.sheet(part, reading.cells)


@lru_cache(64)
def _frame(data: bytes) -> Sheet | None:
    """A sheet without its cells, None where some stand outside its data. Most workbooks of a form share theirs."""
    frame, odd = _Frame(), False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal odd
        odd = odd or (tag := local(tag)) in _IN_CELLS
        frame.start(tag, attributes)

    walk(data, start, ignore, "")
    return None if odd else frame.sheet("", {})


class _Frame:
    """What a worksheet says beside its cells."""

    __slots__ = ("_has_data", "_has_merges", "_protected", "_validated")

    def __init__(self) -> None:
        self._protected = self._has_data = self._has_merges = False
        self._validated: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "sheetData":
            self._has_data = True
        elif tag == "mergeCell":
            self._has_merges = True
        elif tag == "sheetProtection":
            self._protected = attributes.get("sheet") in ("1", "true")
        elif tag == "dataValidation":
            self._validated.append(attributes.get("sqref", ""))

    def sheet(self, part: str, cells: Mapping[str, Content]) -> Sheet:
        if not self._has_data:
            raise Refused("damaged", f"文件已损坏：{part} 不是工作表。", "请单位重新发送原文件。")
        return Sheet("", cells, self._protected, tuple(rectangles(self._validated)), self._has_merges)


class _Reading:
    """The state of one pass over a worksheet."""

    __slots__ = (
        "_cell", "_column", "_formula", "_kind", "_open", "_phonetic", "_pieces", "_reading", "_row", "_seen",
        "_style", "_valued", "_values", "cells", "frame",
    )  # fmt: skip

    def __init__(self, values: Values) -> None:
        self.cells: dict[str, Content] = {}
        self.frame = _Frame()
        self._values = values
        self._cell, self._style = "", "0"
        self._kind: str | None = None
        self._row = self._column = 0
        self._formula = self._reading = self._phonetic = self._open = self._valued = False
        self._seen: set[str] = set()
        self._pieces: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag not in _ANYWHERE:
            tag = local(tag)
        if self._reading:
            raise _doubtful(self._cell)
        if tag == "c":
            self._open_cell(attributes)
        elif tag == "v" or (tag == "t" and not self._phonetic):
            if self._valued or (tag == "v" and self._pieces):
                raise _doubtful(self._cell)
            self._reading = True
            self._valued = tag == "v"
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._row = whole(attributes.get("r", "")) or self._row + 1
            self._column = 0
        elif tag == "rPh":
            self._phonetic = True
        else:
            self.frame.start(tag, attributes)

    def end(self, tag: str) -> None:
        if tag not in _ANYWHERE:
            tag = local(tag)
        if tag == "v" or tag == "t":
            self._reading = False
        elif tag == "c":
            self._close_cell()
        elif tag == "rPh":
            self._phonetic = False

    def text(self, data: str) -> None:
        if self._reading:
            self._pieces.append(data)

    def _open_cell(self, attributes: Attributes) -> None:
        address = attributes.get("r")
        if address is None:
            self._column += 1
            address = f"{column_name(self._column - 1)}{self._row}"
        else:
            self._column, self._row = split_address(address)
        if not self._row or not self._column or self._open or address in self._seen:
            raise _doubtful(address)
        if self._is_within():
            self._seen.add(address)
        self._cell = address
        self._open, self._valued = True, False
        self._kind = attributes.get("t")
        self._style = attributes.get("s", "0")
        self._formula = False
        self._pieces.clear()

    def _close_cell(self) -> None:
        self._open = False
        if (self._pieces or self._formula) and self._is_within():
            text = "".join(self._pieces)
            self.cells[self._cell] = self._values.content(self._cell, self._style, self._kind, text, self._formula)

    def _is_within(self) -> bool:
        return self._values.are_read_at(self._column, self._row)


def _doubtful(cell: str) -> Refused:
    """What refuses a cell that says two things, or stands nowhere: no program's pick among them is the agency's."""
    return Refused(
        "damaged",
        f"文件已损坏：单元格“{cell[:10]}”的位置或内容前后不一。",
        "请用 Excel 或 WPS 打开，核对后另存为 .xlsx 再报送。",
    )
