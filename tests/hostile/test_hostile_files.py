"""Files made to harm are told what is wrong with them, all of it, quickly, in little memory; or read as they were."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from tests.hostile.corpus import Case, cases, good
from tests.official import read
from toolkit.audit.submission import Submission
from toolkit.form.model import Key

ROOT = Path(__file__).parents[2]
MOST_TIMES, CONSTANT_MS, MOST_MB = 20, 250, 100


def honest_figures() -> Mapping[Key, Decimal | None]:
    honest = read(good())
    assert isinstance(honest, Submission)
    return honest.values


def test_the_workbook_that_is_tampered_with_is_clean() -> None:
    assert read(good()).problems == ()


def test_no_two_cases_have_one_name() -> None:
    assert len({case.name for case in cases()}) == len(cases())


@pytest.mark.parametrize("case", cases(), ids=[case.name for case in cases()])
def test_a_hostile_file_is_told_what_is_wrong_and_is_not_read_or_read_as_it_was(case: Case) -> None:
    reading = read(case.make())
    assert tuple(each.code for each in reading.problems) == case.codes
    figures = reading.values if isinstance(reading, Submission) else {}
    assert (figures == honest_figures()) == case.is_read


@pytest.mark.long
def test_no_hostile_file_takes_long_or_much_memory(capsys: pytest.CaptureFixture[str]) -> None:
    """Measured against an honest workbook in the same process; the table is printed."""
    command = [sys.executable, "-m", "tests.hostile.measuring"]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=600, check=False
    )
    assert run.returncode == 0, run.stderr
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    with capsys.disabled():
        print("\n| file | bytes | codes | ms | MB |\n|---|---:|---|---:|---:|")
        for row in rows:
            codes = " ".join(row["codes"])
            print(f"| {row['name']} | {row['bytes']:,} | {codes} | {row['ms']:.1f} | {row['mb']:.1f} |")
    most = MOST_TIMES * rows[0]["ms"] + CONSTANT_MS
    assert [(row["name"], row["ms"]) for row in rows if row["ms"] > most] == []
    assert [(row["name"], row["mb"]) for row in rows if row["mb"] > MOST_MB] == []
