"""How long the command takes to start, beside an interpreter that does nothing and one that imports click."""

import statistics
import subprocess
import sys
from functools import partial

from tests.bench.measuring import ROOT, timed

ROUNDS = 9

_COMMANDS = {
    "python -c pass": ("-c", "pass"),
    'python -c "import click"': ("-c", "import click"),
    "gouji --help": ("-m", "toolkit", "--help"),
}


def compare_starts() -> None:
    """Print the median over rounds in which each is started once, in turn."""
    times: dict[str, list[float]] = {name: [] for name in _COMMANDS}
    for _ in range(1 + ROUNDS):
        for name, words in _COMMANDS.items():
            times[name].append(1000 * timed(partial(_run, words)))
    medians = {name: statistics.median(each[1:]) for name, each in times.items()}
    print(f"Starting, {ROUNDS} rounds:\n\n| command | median ms | more than `python -c pass` |\n|---|---:|---:|")
    for name, median in medians.items():
        print(f"| `{name}` | {median:.0f} | {median - medians['python -c pass']:.0f} |")
    print(flush=True)


def _run(words: tuple[str, ...]) -> None:
    subprocess.run([sys.executable, *words], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
