"""Pools of processes of this computer, and whether an executor is at its end."""

import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from concurrent.futures.process import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess, parent_process
from pathlib import Path
from types import ModuleType
from typing import TypeVar

_Result = TypeVar("_Result")


def started_pool(jobs: int, function: Callable[..., object]) -> Executor | None:
    """A pool of so many processes to apply a function, all of them started; None where there can be none, where they do
    not find the function, or where this process is in one."""
    if parent_process() is not None:
        return None
    try:
        context = _context()
        pool = ProcessPoolExecutor(jobs, context, _begin)
        with _main_left_out(context, function):
            started = [pool.submit(callable, function) for _ in range(jobs)]
        started[0].result()
    except (OSError, BrokenExecutor, pickle.PicklingError, AttributeError):  # the last two: it cannot be sent
        return None
    return pool


def capacity(executor: Executor) -> int:
    """How many tasks an executor does at once, as far as it tells; else as many as this computer would."""
    told = getattr(executor, "_max_workers", None)
    return told if isinstance(told, int) and told > 0 else os.cpu_count() or 1


def is_killed(error: BaseException) -> bool:
    """Whether a task failed, or what it made was lost, because its worker died and others live on; dask, which is not
    imported here, says so."""
    return isinstance(error, CancelledError) or type(error).__name__ == "KilledWorker"


def error_of(task: Future[_Result]) -> BaseException | None:
    """What a task failed of, once it is over."""
    try:
        return task.exception()
    except CancelledError as error:
        return error


def end_at_once(executor: Executor) -> None:
    """End an executor and its processes, whatever they are at: they have nothing to clean up."""
    processes = list((getattr(executor, "_processes", None) or {}).values())
    for process in processes:
        process.terminate()
    executor.shutdown(wait=bool(processes))  # nothing is cancelled: a pool that breaks stumbles over tasks that are


def _context() -> BaseContext:
    """How processes start: a fork takes milliseconds, but is sound only where nobody else could hold a lock just then;
    a new interpreter takes half a second."""
    can_fork = (
        sys.platform == "linux" and threading.active_count() == 1 and len(list(Path("/proc/self/task").iterdir())) == 1
    )
    return multiprocessing.get_context("fork" if can_fork else "spawn")


@contextmanager
def _main_left_out(context: BaseContext, function: Callable[..., object]) -> Iterator[None]:
    """Keep new interpreters from running the caller's script again, which need not be made for that; but not where the
    function stands in it."""
    if context.get_start_method() == "fork" or b"__main__" in pickle.dumps(function):
        yield
        return
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _begin() -> None:
    """Ctrl-C is the parent's to hear, and nobody outlives it. What a worker runs does not inherit its deaf ear."""
    signal.signal(signal.SIGINT, _pass_over)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if parent := parent_process():
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _pass_over(*_: object) -> None:
    """Do nothing."""


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
