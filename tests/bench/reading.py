"""Checking and summing up workbooks that came back: gouji beside scripts, and beside the bare work on the same parts.

Every way that sums must arrive at the totals that the workbooks were made with.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from openpyxl import load_workbook

from tests.bench.bare import parts_read
from tests.bench.comparing import Way
from tests.bench.making import completed_workbook
from tests.bench.measuring import Cost, WrongError, measured_gouji, measured_other
from tests.bench.stock import Stock
from tests.official import official

TITLES = {
    "openpyxl": "openpyxl, a script",
    "pandas-openpyxl": "pandas with openpyxl",
    "pandas-calamine": "pandas with calamine",
    "check-1": "gouji check, one process",
    "merge-1": "gouji merge, one process",
    "check": "gouji check, all cores",
    "merge": "gouji merge, all cores",
    "bare": "bare: inflate and parse the parts gouji reads, one process",
}
LARGE = ("check", "merge")  # what is measured with very many, too

_BALANCED, _COMING = "requests", ("new_received", "carried_in")
_ONE = ("--jobs", "1")


def reading_ways(folder: Path, stocks: Mapping[int, Stock]) -> tuple[Way, ...]:
    """All ways of reading these stocks, a script on openpyxl first; what they need and make lies in the folder."""
    plan = folder / "reading.json"
    plan.write_text(json.dumps(_plan()), encoding="utf-8")
    work = _Reading(stocks, plan, folder / "汇总.xlsx")
    ours: dict[str, Callable[[int], Cost]] = {
        "check-1": lambda count: work.check(count, *_ONE),
        "merge-1": lambda count: work.merge(count, *_ONE),
        "check": work.check,
        "merge": work.merge,
        "bare": work.parse_barely,
    }
    return tuple(Way(name, title, ours.get(name, partial(work.sum_with, name))) for name, title in TITLES.items())


def find_wrong(told: Mapping[str, object], totals: Mapping[str, int]) -> str:
    """The first figure that is not what it should be, in words; empty where all are."""
    wrong = (f"{key} is {told.get(key)}, not {total}" for key, total in totals.items() if told.get(key) != total)
    return next(wrong, "")


def read_totals(summary: Path) -> dict[str, object]:
    """What a summary workbook says at each of its names, as openpyxl reads it."""
    workbook = load_workbook(summary, read_only=True, data_only=True)
    spots = {name: next(iter(defined.destinations)) for name, defined in workbook.defined_names.items()}
    found: dict[tuple[str, str], object] = {}
    for sheet in {sheet for sheet, _ in spots.values()}:
        for row in workbook[sheet].iter_rows():
            found |= {(sheet, cell.coordinate): cell.value for cell in row if cell.value is not None}
    workbook.close()
    return {name: found.get((sheet, cell.replace("$", ""))) for name, (sheet, cell) in spots.items()}


@dataclass(frozen=True, slots=True)
class _Reading:
    """The stocks, where things stand in their workbooks, and where a summary is written."""

    stocks: Mapping[int, Stock]
    plan: Path
    summary: Path

    def sum_with(self, name: str, count: int) -> Cost:
        cost = measured_other(name, self.plan, self.stocks[count].folder)
        self._ensure_right(json.loads(cost.output), count)
        return cost

    def parse_barely(self, count: int) -> Cost:
        return measured_other("bare", self.plan, self.stocks[count].folder)

    def check(self, count: int, *options: str) -> Cost:
        cost = measured_gouji("check", str(self.stocks[count].folder), *options)
        said = cost.output.splitlines()[-1]
        if not said.startswith(f"共 {count} 份：") or not said.endswith("有错误 0，读不出 0。"):
            raise WrongError(said)
        return cost

    def merge(self, count: int, *options: str) -> Cost:
        self.summary.unlink(missing_ok=True)
        cost = measured_gouji("merge", str(self.stocks[count].folder), "-o", str(self.summary), *options)
        self._ensure_right(read_totals(self.summary), count)
        return cost

    def _ensure_right(self, told: Mapping[str, object], count: int) -> None:
        if wrong := find_wrong(told, self.stocks[count].totals):
            raise WrongError(wrong)


def _plan() -> dict[str, object]:
    """Where figures stand, which of them are to balance - in each column of applications, what came in and what became
    of it - and the parts that gouji reads."""
    typed, cells, parts = official().book.typed, official().layout.cells, parts_read(completed_workbook(0))
    balances = []
    for column in dict.fromkeys(key.column for key in typed if key.table == _BALANCED):
        keys = [key for key in typed if key.table == _BALANCED and key.column == column]
        coming = [str(key) for key in keys if key.row in _COMING]
        balances.append((coming, [str(key) for key in keys if key.row not in _COMING]))
    figures = {str(key): (cells[key].sheet, cells[key].cell, cells[key].top, cells[key].left) for key in typed}
    return {"figures": figures, "balances": balances, "inflated": parts.inflated, "parsed": parts.parsed}
