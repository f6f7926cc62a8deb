"""One function over very many items: in this process, on all cores, or wherever an executor takes them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor

Item = TypeVar("Item")
Result = TypeVar("Result")

FEW = 16  # items that are done before anybody else is started: most of the time there are no more


@dataclass(frozen=True, slots=True)
class Workers:
    """Where work is done: by how many at once, and what starts the executor that has them; without one they are
    processes of this computer, or this process where that is one."""

    jobs: int
    start: "Callable[[], Executor] | None" = None


ALONE = Workers(1)


def on_cores(jobs: int) -> Workers:
    """That many processes of this computer; one is this process itself."""
    return Workers(max(jobs, 1))


def spread(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    workers: "Workers | Executor",
    lost: Callable[[Item], Result],
) -> Iterator[Result]:
    """What `function` makes of each item, in the order of the items, each as soon as it and all before it are ready.

    `function` is a top-level function or a partial of one; it, the items and the results can be pickled. Items are
    pulled in the calling thread, some ahead of what is taken. The first FEW are done in this process. An item that its
    worker dies of, and then another that does nothing else, yields what `lost` makes of it. Where an executor breaks,
    processes of this computer go on. What `function` raises is raised here and ends the work, as closing the iterator
    does. An executor that was passed is not shut down.
    """
    source = iter(items)
    if workers == ALONE:
        yield from map(function, source)
        return
    yield from map(function, islice(source, FEW))
    more = tuple(islice(source, 1))
    if more:
        from toolkit.work.spreading import Spreading  # which loads what starts processes

        with Spreading(function, workers, lost) as spreading:
            yield from spreading.results(chain(more, source))
