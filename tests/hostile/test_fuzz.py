"""Thousands of workbooks changed at random: none breaks the reading, and none gets a figure in that it does not carry.

openpyxl is the independent reader: where it still reads a typed cell as the original number, or any number at all where
the toolkit says the figure stands, the toolkit's figure is that number or none.
"""

import io
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

import openpyxl
import pytest

from tests.hostile.mutants import Mutant, mutant
from tests.official import read
from toolkit.audit.submission import Submission
from toolkit.form.model import Key
from toolkit.problems import Severity

FIRST = 1_000_000
Cells = dict[tuple[str, str], Decimal]


@dataclass(slots=True)
class Told:
    """What a run of mutants came to; `wrong` has a line for each figure that nobody typed."""

    kinds: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    compared: int = 0
    slowest: tuple[float, int] = (0.0, 0)
    memory: int = 0
    wrong: list[str] = field(default_factory=list)


def run(start: int, count: int, every: int) -> Told:
    """So many mutants from a number on, one in `every` readable ones held against openpyxl."""
    told = Told()
    for number in range(start, start + count):
        made = mutant(number)
        told.kinds[made.kind] += 1
        started = time.perf_counter()
        reading = read(made.data)
        told.slowest = max(told.slowest, (time.perf_counter() - started, number))
        if not isinstance(reading, Submission):
            told.unreadable += 1
            continue
        if made.touched is not None:
            told.wrong += [f"mutant {number}: {line}" for line in untouched_but_changed(made, reading)]
        if number % every == 0:
            told.compared += 1
            told.wrong += [f"mutant {number} ({made.kind}): {line}" for line in unlike_openpyxl(made, reading)]
    told.memory = _memory()
    return told


def untouched_but_changed(made: Mutant, reading: Submission) -> Iterator[str]:
    """Figures that are neither the original one nor unknown with a problem, in cells that were not touched."""
    silent = not any(each.severity is Severity.ERROR for each in reading.problems)
    for key, original in made.base.figures.items():
        value = reading.values.get(key)
        if made.base.spots[key] != made.touched and value != original and (value is not None or silent):
            yield f"{key} was {original} and is {value}, with {made.touched} changed"


def unlike_openpyxl(made: Mutant, reading: Submission) -> Iterator[str]:
    """Figures that differ from what openpyxl reads, where they were issued or where they are told to be."""
    cells = numbers(made.data)
    for key in reading.book.typed:
        value, original = reading.values.get(key), made.base.figures.get(key)
        if value is None:
            continue
        if original is not None and cells.get(made.base.spots[key]) == original != value:
            yield f"{key} is {original} to openpyxl and {value} here"
        found = cells.get(place_of(reading, key))
        if found is not None and found != value:
            yield f"{key} is {found} to openpyxl, where it is told to stand, and {value} here"


def place_of(reading: Submission, key: Key) -> tuple[str, str]:
    place = reading.places.get(key)
    return (place.sheet or "", place.cell or "") if place else ("", "")


def numbers(data: bytes) -> Cells:
    """Every number that openpyxl reads; none where it cannot open the workbook, for whatever reason."""
    found: Cells = {}
    with suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        for sheet in book.worksheets:
            for row in sheet.iter_rows(max_row=60, max_col=30):
                for cell in row:
                    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                        found[sheet.title, cell.coordinate] = Decimal(repr(cell.value))
    return found


def _memory() -> int:
    """The most this process ever held, in megabytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.mark.long
def test_300_mutants_carry_no_figure_that_nobody_typed() -> None:
    assert run(0, 300, every=4).wrong == []


@pytest.mark.long
def test_20000_mutants_carry_no_figure_that_nobody_typed(capsys: pytest.CaptureFixture[str]) -> None:
    count, slice_ = 20_000, 500
    with ProcessPoolExecutor(2) as pool:
        runs = [pool.submit(run, FIRST + at, slice_, 8) for at in range(0, count, slice_)]
        tolds = [each.result() for each in runs]
    unreadable, compared = sum(told.unreadable for told in tolds), sum(told.compared for told in tolds)
    slowest, memory = max(told.slowest for told in tolds), max(told.memory for told in tolds)
    with capsys.disabled():
        print(
            f"\n{count:,} mutants, {unreadable / count:.0%} unreadable, {compared:,} held against openpyxl;"
            f" slowest {1000 * slowest[0]:.0f} ms (mutant {slowest[1]}), peak memory {memory} MB"
        )
    assert [line for told in tolds for line in told.wrong] == []
