"""The workbooks that are measured with: made once, on all cores, and what their figures come to."""

import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from tests.bench.making import figures_of, file_name, write_workbooks
from tests.bench.measuring import tell
from tests.official import official

_BATCH, _TOLD = 50, 1_000


@dataclass(frozen=True, slots=True)
class Stock:
    """So many workbooks in a folder, and the sum of each typed figure over all of them, by key."""

    folder: Path
    totals: Mapping[str, int]


def stocked(kept: Path, folder: Path, counts: Sequence[int]) -> Mapping[int, Stock]:
    """A stock of each of these sizes, a folder of links in `folder`; the workbooks are `kept`, and those that are there
    already are not made anew."""
    edges = sorted({*range(0, max(counts), _BATCH), *counts})
    batches = [range(first, end) for first, end in pairwise(edges)]
    sums = []
    with ProcessPoolExecutor() as pool:
        for batch, made in zip(batches, pool.map(partial(_made, kept), batches), strict=True):
            sums.append(made)
            if batch.stop % _TOLD == 0 or batch.stop == edges[-1]:
                tell(f"Made {batch.stop:,} of {edges[-1]:,} workbooks …")
    stocks = {}
    for count in counts:
        totals: Counter[str] = Counter()
        for batch, made in zip(batches, sums, strict=True):
            totals.update(made if batch.stop <= count else {})
        stocks[count] = Stock(folder / f"{count}", totals)
        _link(kept, stocks[count].folder, count)
    return stocks


def _made(folder: Path, numbers: range) -> Mapping[str, int]:
    """The workbooks of these numbers made where there are none, and the sums of their typed figures."""
    totals: Counter[str] = Counter()
    for number in numbers:
        if not (folder / file_name(number)).exists():
            write_workbooks(folder, range(number, number + 1))
        figures = figures_of(number)
        totals.update({str(key): int(figures[key] or 0) for key in official().book.typed})
    return totals


def _link(made: Path, folder: Path, count: int) -> None:
    """The first so many workbooks once more, in a folder of their own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number in range(count):
        os.link(made / file_name(number), folder / file_name(number))
