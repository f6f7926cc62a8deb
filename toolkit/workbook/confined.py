"""A script of ours run alone and within limits, for libraries that hostile files bring down: bytes in, JSON out.

This file is also what starts the script, in a process of its own (`python -I confined.py MEMORY SECONDS FOLDER SCRIPT
ARGUMENT…`): it sets the limits and makes known the folder in which the library is installed. So it imports nothing of
the toolkit, and neither does a script.
"""

import contextlib
import importlib.util
import json
import runpy
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

_OVERSPENT = {"SIGABRT", "SIGKILL", "SIGXCPU"}


class Overspent(Exception):
    """The script took more memory or time than it was allowed."""


class Crashed(Exception):
    """The script ended in an error."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many bytes of memory and seconds of time a script may take; a second limit is the clock on the wall."""

    memory: int
    seconds: int


def folder_of(library: str) -> str | None:
    """Where a library is installed; None where it is not. It is not imported here."""
    spec = importlib.util.find_spec(library)
    return str(Path(spec.origin).parent.parent) if spec and spec.origin else None


def ask(script: Path, folder: str, arguments: Sequence[object], data: bytes, limits: Limits) -> dict[str, object]:
    """The JSON object that a script prints, given these bytes on its stdin; Overspent or Crashed where it does not."""
    told = (limits.memory, limits.seconds, folder, script, *arguments)
    command = [sys.executable, "-I", __file__, *map(str, told)]
    out, silent = subprocess.PIPE, subprocess.DEVNULL
    try:
        done = subprocess.run(command, input=data, stdout=out, stderr=silent, timeout=limits.seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise Overspent from error
    if done.returncode < 0 and Signals(-done.returncode).name in _OVERSPENT:
        raise Overspent
    if done.returncode != 0:
        raise Crashed
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def _start(arguments: list[str]) -> None:
    """Within the limits, run the script as if it had been called by itself."""
    memory, seconds, folder, script, *rest = arguments
    _limit(int(memory), int(seconds))
    sys.path.append(folder)
    sys.argv = [script, *rest]
    runpy.run_path(script, run_name="__main__")


def _limit(memory: int, seconds: int) -> None:
    """Take no more than this; where the system has no such limits, the parent's clock is the only one."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)
    ):  # fmt: skip
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    _start(sys.argv[1:])
