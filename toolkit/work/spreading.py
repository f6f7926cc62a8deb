"""Items on their way to those who work on them, and the results put back in order."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from concurrent.futures.process import ProcessPoolExecutor
from contextlib import suppress
from itertools import islice
from typing import Generic

from toolkit.work.pools import capacity, end_at_once, error_of, is_killed, started_pool
from toolkit.work.spread import Item, Result, Workers

AHEAD = 32  # items for each worker that are under way, or done and not yet taken
MOST_AT_ONCE = 16  # items that go to a worker together,
SECONDS_AT_ONCE = 0.05  # and how long they should take


def work_through(function: Callable[[Item], Result], items: Sequence[Item]) -> tuple[list[Result], float]:
    """What a function makes of some items, and the seconds it took."""
    began = time.perf_counter()
    return [function(item) for item in items], time.perf_counter() - began


class Spreading(Generic[Item, Result]):
    """The work under way: chunks of items, in order, each with its task; no executor where it is done here."""

    def __init__(
        self, function: Callable[[Item], Result], workers: Workers | Executor, lost: Callable[[Item], Result]
    ) -> None:
        self._function, self._lost, self._workers = function, lost, workers
        self._jobs = workers.jobs if isinstance(workers, Workers) else capacity(workers)
        self._under_way: deque[tuple[tuple[Item, ...], Future[tuple[list[Result], float]] | None]] = deque()
        self._cost = SECONDS_AT_ONCE
        self._executor: Executor | None = None
        self._own: Executor | None = None
        self._sole: Executor | None = None

    def __enter__(self) -> "Spreading[Item, Result]":
        if not isinstance(self._workers, Workers):
            self._executor = self._workers
        elif self._workers.start is not None:
            self._executor = self._own = self._workers.start()
        else:
            self._executor = self._own = started_pool(self._jobs, self._function)
        return self

    def __exit__(self, *_: object) -> None:
        if not isinstance(self._own, ProcessPoolExecutor):
            for _, task in self._under_way:
                if task is not None:
                    task.cancel()
        self._end_sole()
        self._end()

    def results(self, source: Iterator[Item]) -> Iterator[Result]:
        """The results in order."""
        while True:
            self._give(source)
            if not self._under_way:
                return
            yield from self._take()

    def _give(self, source: Iterator[Item]) -> None:
        """Have so much under way that nobody waits for more."""
        waiting = sum(len(items) for items, _ in self._under_way)
        while waiting < AHEAD * self._jobs:
            size = max(1, min(MOST_AT_ONCE, int(SECONDS_AT_ONCE / max(self._cost, 1e-6))))
            items = tuple(islice(source, size))
            if not items:
                return
            self._submit(items)
            waiting += len(items)

    def _submit(self, items: tuple[Item, ...]) -> None:
        """Have some items done after all that is under way; by others, where the executor breaks."""
        task = None
        try:
            if self._executor is not None:
                task = self._executor.submit(work_through, self._function, items)
        except BrokenExecutor:
            self._replace()
            self._submit(items)
            return
        self._under_way.append((items, task))

    def _take(self) -> Iterator[Result]:
        """The results of the first chunk; one by one where a worker died."""
        items, task = self._under_way.popleft()
        error = None if task is None else error_of(task)
        if task is not None and error is None:
            results, seconds = task.result()
            self._cost += (seconds / len(items) - self._cost) * 0.3
            yield from results
        elif isinstance(error, BrokenExecutor):
            self._end()
            yield from self._one_by_one(items, None)
            self._replace()
        elif error is not None and is_killed(error):
            yield from self._one_by_one(items, self._executor)
        else:
            yield from map(self._function, items)  # what was raised is raised again, at its item

    def _replace(self) -> None:
        """Go on with processes of this computer, with all that is still under way; here, where there can be none."""
        self._end()
        self._executor = self._own = started_pool(self._jobs, self._function)
        before, self._under_way = self._under_way, deque()
        for items, task in before:
            if task is not None and task.done() and error_of(task) is None:
                self._under_way.append((items, task))
            else:
                self._submit(items)

    def _one_by_one(self, items: Sequence[Item], executor: Executor | None) -> Iterator[Result]:
        """Each of some items with nobody else about, so that one that ends its process is known for certain."""
        for item in items:
            yield self._alone(item, executor)
        self._end_sole()

    def _alone(self, item: Item, executor: Executor | None) -> Result:
        """What is made of one item by an executor, or in a process of its own."""
        self._sole = self._sole if executor or self._sole else started_pool(1, self._function)
        worker = executor or self._sole
        error: BaseException | None = BrokenExecutor()
        if worker is not None:
            with suppress(BrokenExecutor):
                task = worker.submit(work_through, self._function, (item,))
                error = error_of(task)
        if error is None:
            return task.result()[0][0]
        if executor is not None and isinstance(error, BrokenExecutor):
            return self._alone(item, None)
        if isinstance(error, BrokenExecutor) or is_killed(error):
            self._end_sole()
            return self._lost(item)
        return self._function(item)

    def _end(self) -> None:
        """End the executor that is our own, if there is one."""
        if self._own is not None:
            end_at_once(self._own)
        self._own = None

    def _end_sole(self) -> None:
        if self._sole is not None:
            end_at_once(self._sole)
        self._sole = None
