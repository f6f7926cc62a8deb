"""`make bench`: what gouji costs beside what one would otherwise use, in one run on one machine.

Tables in Markdown go to stdout, how far it is to stderr. No time is asserted, but a wrong total, a workbook that is
missing or a command that fails is an error: it is told instead of figures, and the run ends with 1.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import issuing, reading
from tests.bench.comparing import Comparison
from tests.bench.measuring import WrongError, surroundings, tell
from tests.bench.single import compare_single
from tests.bench.starting import compare_starts
from tests.bench.stock import stocked

COUNTS = (100, 1_000, 10_000)
NAMES = ("start", "single", "reading", *reading.TITLES, "issuing", *issuing.TITLES)

_RATIO = "; the ratio is that of the seconds to the first line of each count."


def main() -> None:
    """Print the tables that are asked for; exit with 1 where something came out wrong."""
    asked = _asked()
    print(f"{surroundings()}\n", flush=True)
    wrong: list[str] = []
    if "start" not in asked.without:
        compare_starts()
    if "single" not in asked.without:
        try:
            compare_single()
        except WrongError as error:
            wrong.append(str(error))
            tell(wrong[-1])
    with _folder(asked.folder) as kept, tempfile.TemporaryDirectory(dir=kept) as folder:
        wrong += _compare_many(kept, Path(folder), asked)
    for each in wrong:
        tell(f"Wrong: {each}")
    sys.exit(1 if wrong else 0)


def _compare_many(kept: Path, folder: Path, asked: argparse.Namespace) -> list[str]:
    """The tables of many workbooks; what came out wrong."""
    wrong: list[str] = []
    if "reading" not in asked.without:
        stocks = stocked(kept, folder, asked.counts)
        print(f"Reading: checking workbooks and summing them up{_RATIO}\n")
        wrong += _compared(Comparison(reading.reading_ways(folder, stocks), asked.without), asked.counts)
    if "issuing" not in asked.without:
        print(f"Issuing: a workbook for each agency{_RATIO}\n")
        wrong += _compared(Comparison(issuing.issuing_ways(folder), asked.without), asked.counts)
    if asked.large:
        stocks = stocked(kept, folder, [asked.large])
        print(f"Reading very many workbooks{_RATIO}\n")
        ways = [way for way in reading.reading_ways(folder, stocks) if way.name in reading.LARGE]
        wrong += _compared(Comparison(ways, asked.without), [asked.large])
    return wrong


def _compared(comparison: Comparison, counts: list[int]) -> list[str]:
    comparison.compare(counts)
    return comparison.wrong


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.bench", description="Measure gouji beside others.")
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS, help="how many workbooks (100 1000 10000)")
    parser.add_argument(
        "--without", action="append", default=[], metavar="NAME[@COUNT]",
        help=f"leave a table or a way out, of one count or of all: {', '.join(NAMES)}; may be given again",
    )  # fmt: skip
    parser.add_argument("--folder", type=Path, help="where workbooks are made, and kept for the next run")
    parser.add_argument(
        "--large", type=int, metavar="COUNT",
        help="check and merge so many, too (100000 take 3.2 GB in --folder)",
    )  # fmt: skip
    asked = parser.parse_args()
    if asked.large and asked.folder is None:
        parser.error("--large needs --folder")
    if unknown := [each for each in asked.without if each.partition("@")[0] not in NAMES]:
        parser.error(f"--without knows no {', '.join(unknown)}, but {', '.join(NAMES)}")
    if min(asked.counts) < 1:
        parser.error("there is nothing to measure with fewer than 1 workbook")
    return asked


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    """The folder that was given, or one that is there for this run only."""
    if given is None:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    else:
        given.mkdir(parents=True, exist_ok=True)
        yield given.absolute()


if __name__ == "__main__":
    main()
