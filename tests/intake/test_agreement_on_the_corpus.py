"""Two independent readers agree with every clean figure of the corpus: openpyxl and calamine, at the places we name."""

import io
import warnings
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import openpyxl
import pytest
from python_calamine import CalamineError, CalamineWorkbook

from tests.intake.test_corpus import STORED, put
from tests.intake.test_kill_matrix import EVERYTHING
from tests.intake.test_numbers import COUNTS
from tests.official import official, read
from toolkit.audit.numbers import Kind
from toolkit.audit.submission import Submission
from toolkit.workbook.addresses import split_address

Found = dict[tuple[str, str], Decimal]


def clean_figures(data: bytes) -> Found:
    """The typed figures that nothing was said about, by sheet and cell."""
    reading = read(data)
    if not isinstance(reading, Submission):
        return {}
    told = {name for problem in reading.problems if "." not in problem.code for name in problem.keys}
    return {
        (place.sheet or "", place.cell or ""): value
        for key in official().book.typed
        if (value := reading.values[key]) is not None and str(key) not in told and (place := reading.places.get(key))
    }


def by_openpyxl(data: bytes, asked: Found) -> Found:
    """What openpyxl reads there as a number; a blank is left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    values = {place: workbook[place[0]][place[1]].value for place in asked}
    return {place: Decimal(repr(value)) for place, value in values.items() if isinstance(value, int | float)}


def by_calamine(data: bytes, asked: Found) -> Found:
    """What calamine reads there as a number."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    grids = {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name, _ in asked}
    found: Found = {}
    for name, cell in asked:
        column, row = split_address(cell)
        value = grids[name][row - 1][column - 1] if row <= len(grids[name]) else ""
        if isinstance(value, int | float):
            found[name, cell] = Decimal(repr(value))
    return found


CORPUS: list[tuple[str, Callable[[], bytes]]] = [
    *((case[0], case[1]) for case in EVERYTHING),
    *((case[0], case[1]) for case in STORED),
    *((text[:20], partial(put, kind, text)) for kind, text, _ in COUNTS if kind is Kind.NUMBER),
]


UNOPENED: dict[Callable[[bytes, Found], Found], list[str]] = {
    by_openpyxl: ["a Strict workbook", "nan", "NaN", "inf", "-Infinity", "0x10"],
    by_calamine: ["a cell of an unknown type"],
}


@pytest.mark.long
@pytest.mark.parametrize("reader", [by_openpyxl, by_calamine])
def test_another_reader_reads_every_clean_figure_the_same(reader: Callable[[bytes, Found], Found]) -> None:
    compared, unopened = 0, []
    for name, make in CORPUS:
        data = make()
        ours = clean_figures(data)
        if not ours:
            continue
        try:
            theirs = reader(data, ours)
        except (KeyError, ValueError, CalamineError):
            unopened.append(name)
            continue
        assert {place: ours[place] for place in theirs} == theirs, name
        assert [place for place, value in ours.items() if value and place not in theirs] == [], name
        compared += len(ours)
    assert compared > 10_000
    assert unopened == UNOPENED[reader]
