"""Ways of doing the same work, each measured in processes of its own, side by side in one table for all counts.

Where there are few workbooks, every way is gone several times, in turn, and the run of median time is told.
"""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tests.bench.measuring import Cost, WrongError, tell

Costs = Mapping[str, Mapping[int, Cost]]

_MOST_ROUNDS, _MANY = 3, 300  # with so many workbooks or more, one round tells enough
_HEAD = ("workbooks", "how", "s", "CPU s", "peak MB", "ms a workbook", "ratio")


@dataclass(frozen=True, slots=True)
class Way:
    """One way: what it is called on the command line and in tables, and how it is gone with so many workbooks;
    WrongError where what comes out is not what should."""

    name: str
    title: str
    go: Callable[[int], Cost]


@dataclass(slots=True)
class Comparison:
    """Some ways, the first of which the others are set beside, without those left out (`name`, or `name@count`);
    `wrong` is what was told of those that did something else."""

    ways: Sequence[Way]
    left_out: Collection[str] = ()
    wrong: list[str] = field(default_factory=list)

    def compare(self, counts: Sequence[int]) -> None:
        """Print the table of all counts, and how costs grow from each count to the next."""
        print(_line(_HEAD))
        print("|---:|---|---:|---:|---:|---:|---:|")
        costs: dict[int, Mapping[str, Cost]] = {}
        for count in sorted(counts):
            costs[count], refused = self._costs(count)
            for way in self.ways:
                print(_line(_row(count, way, costs[count], self.ways[0].name, refused)), flush=True)
        print()
        self._tell_growth(costs)

    def _costs(self, count: int) -> tuple[dict[str, Cost], dict[str, str]]:
        """The median cost of each way by its name; of those that have none, why."""
        runs: dict[str, list[Cost]] = {}
        refused = {way.name: "left out" for way in self.ways if self._is_left_out(way, count)}
        rounds = max(1, min(_MOST_ROUNDS, _MANY // count))
        for at in range(rounds):
            for way in self.ways:
                if way.name in refused:
                    continue
                tell(f"{count:,} workbooks, {way.title} ({at + 1} of {rounds}) …")
                os.sync()  # what was written before is not to be written meanwhile
                try:
                    runs.setdefault(way.name, []).append(way.go(count))
                except WrongError as error:
                    refused[way.name] = "wrong"
                    self.wrong.append(f"{count:,} workbooks, {way.title}: {error}")
                    tell(self.wrong[-1])
        return {name: _median(each) for name, each in runs.items() if name not in refused}, refused

    def _is_left_out(self, way: Way, count: int) -> bool:
        return not {way.name, f"{way.name}@{count}"}.isdisjoint(self.left_out)

    def _tell_growth(self, costs: Mapping[int, Mapping[str, Cost]]) -> None:
        counts = sorted(costs)
        if len(counts) < 2:
            return
        print(_line(("from", "to", "how", "s", "CPU s", "peak MB")))
        print("|---:|---:|---|---:|---:|---:|")
        for few, many in pairwise(counts):
            for way in self.ways:
                if way.name in costs[few].keys() & costs[many].keys():
                    print(_line((f"{few:,}", f"{many:,}", way.title, *_growth(costs[few], costs[many], way.name))))
        print()


def _median(costs: Sequence[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.seconds)[len(costs) // 2]


def _row(
    count: int, way: Way, costs: Mapping[str, Cost], first: str, refused: Mapping[str, str]
) -> tuple[str, ...]:  # fmt: skip
    if way.name in refused:
        return (f"{count:,}", way.title, refused[way.name], "", "", "", "")
    cost = costs[way.name]
    ratio = f"{cost.seconds / costs[first].seconds:.3f}" if first in costs else ""
    return (
        f"{count:,}", way.title, f"{cost.seconds:.2f}", f"{cost.processor:.2f}", f"{cost.peak:.0f}",
        f"{1000 * cost.seconds / count:.2f}", ratio,
    )  # fmt: skip


def _growth(few: Mapping[str, Cost], many: Mapping[str, Cost], name: str) -> tuple[str, str, str]:
    """How many times as much more workbooks cost."""
    less, more = few[name], many[name]
    pairs = ((more.seconds, less.seconds), (more.processor, less.processor), (more.peak, less.peak))
    seconds, processor, peak = (f"×{above / below:.1f}" if below else "" for above, below in pairs)
    return seconds, processor, peak


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
