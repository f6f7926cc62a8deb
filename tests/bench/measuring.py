"""What work costs: the seconds, the processor's seconds and the memory of a command and of all that it starts.

Memory is sampled while the command runs: at each moment what every process of it holds, pages that several share
counted once (the proportional set size, which Linux tells), and of these sums the largest.
"""

import contextlib
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]

_EVERY = 0.05  # seconds between two looks at the memory,
_SPARED = 20  # and so many times as long as the last look took: looking costs the processor, too
_SAID = 2_000  # characters of what a command that failed said last


class WrongError(Exception):
    """What was measured is not what was asked for: a command failed, or something else came out."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds, user's and system's seconds of the processor, megabytes at most; and its stdout."""

    seconds: float
    processor: float
    peak: float
    output: str


def measured(command: Sequence[str], codes: Sequence[int] = (0,)) -> Cost:
    """What a command costs, with every process that it starts; WrongError where it ends with none of these codes."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=said)
        with _watched(process.pid) as watch:
            try:
                _, status, used = os.wait4(process.pid, 0)
            except KeyboardInterrupt:
                process.kill()
                process.wait()
                raise
            seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in codes:
            raise WrongError(f"{' '.join(command)} ended with {process.returncode}:\n{_text(said)[-_SAID:]}")
        return Cost(seconds, used.ru_utime + used.ru_stime, watch.peak, _text(output))


def measured_gouji(*words: str, codes: Sequence[int] = (0,)) -> Cost:
    """What the command `gouji` costs with these words."""
    return measured((sys.executable, "-m", "toolkit", *words), codes)


def measured_other(name: str, plan: Path, folder: Path) -> Cost:
    """What another way costs, one of `tests.bench.others`."""
    return measured((sys.executable, "-m", "tests.bench.others", name, str(plan), str(folder)))


def timed(work: Callable[[], object]) -> float:
    """Seconds that some work takes in this process."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def surroundings() -> str:
    """When and on what it is measured: the date, the version of Python, the cores and what they are called."""
    names = [line.partition(":")[2].strip() for line in _read("/proc/cpuinfo").splitlines() if "model name" in line]
    cores = f"{os.cpu_count()} cores" + (f" ({names[0]})" if names else "")
    return f"{date.today().isoformat()}, Python {platform.python_version()}, {cores}"


def tell(progress: str) -> None:
    """Say how far it is, where it does not get into the tables."""
    print(progress, file=sys.stderr, flush=True)


class _Watch(threading.Thread):
    """Looks at the memory of a process and of all below it until it is told that they are over; `peak` in megabytes."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.peak = 0.0
        self._root = root

    def run(self) -> None:
        pause = 0.0
        while not self.over.wait(pause):
            looked = timed(self._look)
            pause = max(_EVERY, _SPARED * looked)

    def _look(self) -> None:
        self.peak = max(self.peak, sum(map(_held, _family(self._root))) / 1024)


@contextlib.contextmanager
def _watched(root: int) -> Iterator[_Watch]:
    watch = _Watch(root)
    watch.start()
    try:
        yield watch
    finally:
        watch.over.set()
        watch.join()


def _family(root: int) -> Iterator[int]:
    """A process and all that it started, which are there now."""
    yield root
    for task in Path(f"/proc/{root}/task").glob("*"):
        for child in _read(f"{task}/children").split():
            yield from _family(int(child))


def _held(process: int) -> int:
    """Kilobytes that a process holds, its share of what it shares with others; 0 where it is over."""
    lines = _read(f"/proc/{process}/smaps_rollup").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _read(path: str) -> str:
    """What the system tells in a file; nothing where there is none, or none any more."""
    with contextlib.suppress(OSError):
        return Path(path).read_text()
    return ""


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()
