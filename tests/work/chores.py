"""What workers are given to do in the tests; a small module, for every new interpreter imports it."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from toolkit.work.spread import on_cores, spread


def squared(number: int) -> int:
    """Takes longer for some, so that results are ready in another order than they are wanted in."""
    time.sleep(0.0005 * (number % 3))
    return number * number


def unhurried(number: int) -> int:
    time.sleep(0.01)
    return number


def deadly(number: int) -> str:
    """Three items kill whoever does them, each in its own way."""
    if number == 30:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 77:
        os._exit(0)
    if number == 78:
        os.kill(os.getpid(), signal.SIGSEGV)
    return str(number)


def is_worker() -> bool:
    import multiprocessing

    return multiprocessing.parent_process() is not None


def lost(number: int) -> str:
    return f"lost {number}"


def none_lost(item: object) -> int:
    raise AssertionError(item)


def deadly_once(marker: tuple[str, int]) -> str:
    """The worker that does item 40 first is killed from outside, as it were."""
    path, number = marker
    if number == 40 and not Path(path).exists():
        Path(path).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return str(number)


def faulty(number: int) -> int:
    if number == 50:
        raise ValueError("fifty is too many")
    return number


def whose(number: int) -> int:
    """The process an item is done in."""
    time.sleep(0.002)
    return os.getpid()


def nested(number: int) -> bool:
    """Whether a worker that spreads twenty items once more does all of them itself; true where this is no worker."""
    if not is_worker():
        return True
    return set(spread(whose, range(20), on_cores(2), none_lost)) == {os.getpid()}


def overheard(number: int) -> str:
    """What a worker finds on its stdin; nothing where this is no worker."""
    return sys.stdin.read() if is_worker() else ""


def endless(folder: str, number: int) -> int:
    """Whoever works for another never ends, and leaves its number in a folder."""
    if is_worker():
        Path(folder, str(os.getpid())).touch()
        time.sleep(600)
    return number


def counted(count: int, pulled: list[int]) -> Iterator[int]:
    """Numbers, of which it is told how many were pulled."""
    for number in range(count):
        pulled[0] = number + 1
        yield number
