"""One workbook checked, beside loading it with openpyxl and beside the bare work on the same parts of it, all in one
process.

Each round takes another workbook, so that nothing is quick for having seen the very same bytes before, and runs each
way once, another one first each time; the median over the rounds is told. Most rows of most workbooks are seen again
and again, as rows of zeros are; of busy agencies no row with figures is.
"""

import gc
import io
import statistics
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from openpyxl import load_workbook

from tests.bench.bare import Parts, inflate, inflate_and_parse, parts_read
from tests.bench.making import Figures, busy_figures_of, completed_workbook, figures_of, file_name
from tests.bench.measuring import WrongError, tell, timed
from tests.office import convert, missing
from tests.official import read
from toolkit.audit.submission import Submission

MADE, RESAVED = 61, 21

_WAYS: dict[str, Callable[[bytes, Parts], object]] = {
    "openpyxl, load only": lambda data, _: load_workbook(io.BytesIO(data)),
    "openpyxl, read-only, every cell": lambda data, _: _stream(data),
    "gouji, read and audit": lambda data, _: read(data),
    "bare: inflate and parse the parts gouji reads": inflate_and_parse,
    "bare: inflate them": lambda data, parts: inflate(data, parts.inflated),
}
_FIRST, _BARE = "openpyxl, load only", "bare: inflate and parse the parts gouji reads"


def compare_single() -> None:
    """Print a table of workbooks as they are made, one of those of busy agencies, and one of workbooks that LibreOffice
    saved anew, where it is there; WrongError where one is not read as it was made."""
    made = [completed_workbook(number) for number in range(MADE)]
    _compare("as issued and filled in", made)
    busy = [completed_workbook(number, busy_figures_of(number)) for number in range(MADE)]
    _compare("with another figure in every cell", busy, busy_figures_of)
    if reason := missing():
        print(f"Workbooks that LibreOffice saved anew were left out: {reason}\n")
    else:
        tell(f"Having LibreOffice save {RESAVED} workbooks anew …")
        _compare("saved anew by LibreOffice", _resaved(made[:RESAVED]))


def _compare(kind: str, workbooks: Sequence[bytes], figures: Callable[[int], Figures] = figures_of) -> None:
    """Each way's median time over these workbooks, of the numbers from 0; over all but the first, which is read
    beforehand, to find which parts are read and to have everything begun."""
    first, *others = workbooks
    parts = parts_read(first)
    times: dict[str, list[float]] = {name: [] for name in _WAYS}
    for at, data in enumerate(others):
        order = list(_WAYS)[at % len(_WAYS) :] + list(_WAYS)[: at % len(_WAYS)]
        for name in order:
            gc.collect()  # what one way leaves behind is not to be cleared away at another's cost
            times[name].append(1000 * timed(partial(_WAYS[name], data, parts)))
    for number, data in enumerate(workbooks):
        _ensure_right(number, data, figures(number))
    medians = {name: statistics.median(each) for name, each in times.items()}
    size = statistics.mean(map(len, workbooks)) / 1024
    print(f"One workbook, {kind}, {size:.0f} KB; {len(others)} different ones:\n")
    print("| how | median ms | ratio to openpyxl | ratio to bare |\n|---|---:|---:|---:|")
    for name, median in medians.items():
        print(f"| {name} | {median:.2f} | {median / medians[_FIRST]:.3f} | {median / medians[_BARE]:.2f} |")
    print(flush=True)


def _ensure_right(number: int, data: bytes, figures: Figures) -> None:
    """WrongError where a workbook is not read as what it was made with."""
    reading = read(data)
    values = reading.values if isinstance(reading, Submission) else {}
    wrong = [f"{key} is {values.get(key)}, not {value}" for key, value in figures.items() if values.get(key) != value]
    if wrong or reading.problems:
        raise WrongError(f"workbook {number} is not read as it was made: {wrong[:3]} {reading.problems[:3]}")


def _stream(data: bytes) -> int:
    workbook = load_workbook(io.BytesIO(data), read_only=True)
    return sum(1 for sheet in workbook for row in sheet.iter_rows(values_only=True) for _ in row)


def _resaved(workbooks: Sequence[bytes]) -> list[bytes]:
    """Workbooks as LibreOffice saves them."""
    with tempfile.TemporaryDirectory() as scratch:
        before, after = Path(scratch, "before"), Path(scratch, "after")
        before.mkdir()
        after.mkdir()
        files = [before / file_name(number) for number in range(len(workbooks))]
        for file, data in zip(files, workbooks, strict=True):
            file.write_bytes(data)
        convert(files, "xlsx", after)
        return [(after / file.name).read_bytes() for file in files]
