"""Where a command works on many files - on how many cores, on which cluster - and the files, with a progress bar."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click

from toolkit.audit.across import LastYear
from toolkit.audit.submission import Agency, Reading
from toolkit.cli.given import refuse, with_progress
from toolkit.summary.review import review_groups
from toolkit.work.spread import ALONE, Workers, on_cores
from toolkit.workbook.known import Known
from toolkit.workbook.sources import (
    WORKBOOKS,
    Place,
    Remote,
    Wanted,
    given_place,
    list_files,
    unpacked,
)

_Ended = TypeVar("_Ended")

Given = Path | Remote
"""What a command is given to read: a path, or a URL."""


class GivenPlace(click.ParamType[Given]):
    """A path of this computer or a URL; whether there is anything is the command's to say."""

    name = "path"

    def convert(self, value: str | Given, param: click.Parameter | None, ctx: click.Context | None) -> Given:
        return given_place(value) if isinstance(value, str) else value


_JOBS = click.option(
    "--jobs", type=click.IntRange(1, 512), metavar="个数", help="同时用几个处理器核心；不写则全用。"
)  # fmt: skip


def jobs_option(command: Callable[..., _Ended]) -> Callable[..., _Ended]:
    """`--jobs N`; the command is given the `workers` that it means. For what is written to this computer's disk."""

    @_JOBS
    @wraps(command)
    def working(*given: object, jobs: int | None, **named: object) -> _Ended:
        return command(*given, workers=on_cores(jobs or _count_cores()), **named)

    return working


def work_options(command: Callable[..., _Ended]) -> Callable[..., _Ended]:
    """`--jobs N` and `--scheduler URL`; the command is given the `workers` that they mean."""

    @_JOBS
    @click.option("--scheduler", metavar="地址", help="交给 dask 集群去做，写调度器的地址，如 tcp://10.0.0.5:8786。")
    @wraps(command)
    def working(*given: object, jobs: int | None, scheduler: str | None, **named: object) -> _Ended:
        with given_workers(jobs, scheduler) as workers:
            return command(*given, workers=workers, **named)

    return working


@contextmanager
def given_workers(jobs: int | None, scheduler: str | None) -> Iterator[Workers]:
    """The workers of `--jobs` and `--scheduler`: all cores where neither is given."""
    if scheduler is None:
        yield on_cores(jobs or _count_cores())
        return
    from toolkit.work.cluster import ClusterError, on_cluster

    if jobs is not None:
        raise refuse("--jobs 和 --scheduler 不能一起用。", "集群用几个核心由它自己定，请去掉 --jobs。")
    try:
        with on_cluster(scheduler) as workers:
            yield workers
    except ClusterError as error:
        raise refuse(error.message, error.hint) from None


def reviewed(
    paths: Sequence[Given], known: Mapping[str, Known], *, workers: Workers = ALONE, last_year: LastYear | None = None,
    roster: Sequence[Agency] = (), but: Path | None = None, briefly: bool = True,
) -> list[tuple[Reading, ...]]:  # fmt: skip
    """The audited readings of the files at these paths but one, those at each place together; with a progress bar on a
    terminal."""
    places = watched_places(paths, but)
    return list(
        review_groups(places, known, last_year=last_year, roster=roster, workers=workers, briefly=briefly)
    )  # fmt: skip


def watched_places(
    paths: Sequence[Given], but: Path | None = None, *, wanted: Wanted = WORKBOOKS, label: str = "正在审核"
) -> Iterator[Place]:  # fmt: skip
    """The places of `each_place`, with a progress bar on a terminal."""
    listed = deque(list_files(paths, wanted=wanted))
    each = (listed.popleft() for _ in range(len(listed)))  # what was read need not be kept
    yield from unpacked(with_progress(each, len(listed), label), but=but, wanted=wanted)


def _count_cores() -> int:
    """The cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
