"""`make bench`: what one workbook costs to check, beside loading it with openpyxl and beside the bare work on it.

Every round runs each candidate once, in turn, so that a slow spell of the machine falls on all of them; the median over
the rounds is printed, in milliseconds for one workbook, and its ratio to the first line.
"""

import io
import os
import platform
import statistics
import time
import zipfile
from collections.abc import Callable
from xml.parsers import expat

import openpyxl

from tests.official import official, read
from toolkit.collection.demo import load_samples, sample_bytes

ROUNDS = 60


def main() -> None:
    """Print a Markdown table."""
    known = official()
    busy = next(sample for sample in load_samples(known) if sample.file.startswith("06"))
    data = sample_bytes(known, busy)
    candidates: dict[str, Callable[[bytes], object]] = {
        "openpyxl, load only": _load_openpyxl,
        "openpyxl, read-only, every cell": _stream_openpyxl,
        "gouji, read and audit": lambda each: read(each),
        "bare: inflate and parse every part": _parse_all,
        "bare: inflate every part": _inflate_all,
    }
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(ROUNDS):
        for name, run in candidates.items():
            start = time.perf_counter()
            run(data)
            times[name].append(1000 * (time.perf_counter() - start))
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"One workbook of {len(data)} bytes, {ROUNDS} rounds, {machine}\n")
    print("| what | median ms | ratio |\n|---|---:|---:|")
    first = statistics.median(times["openpyxl, load only"])
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"| {name} | {median:.2f} | {median / first:.3f} |")


def _load_openpyxl(data: bytes) -> None:
    openpyxl.load_workbook(io.BytesIO(data))


def _stream_openpyxl(data: bytes) -> int:
    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return sum(1 for sheet in workbook for row in sheet.iter_rows(values_only=True) for _ in row)


def _inflate_all(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def _parse_all(data: bytes) -> None:
    for part in _inflate_all(data):
        if part.startswith(b"<?xml"):
            expat.ParserCreate().Parse(part, True)


if __name__ == "__main__":
    main()
