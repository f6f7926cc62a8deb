"""What the benchmark tells can be relied on: whose memory it counts, which run it tells, that it sees a wrong sum."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.bench.comparing import Comparison, Way
from tests.bench.measuring import ROOT, Cost, WrongError, measured
from tests.bench.others import OTHERS
from tests.bench.reading import find_wrong

MEGABYTE = 2**20
SHARING = f"""
import os, time
shared = bytearray(b"x") * {60 * MEGABYTE}
if os.fork():
    os.wait()
else:
    own = bytearray(b"x") * {40 * MEGABYTE}
    time.sleep(0.5)
"""
TOILING = """
import os, time
if os.fork():
    os.wait()
else:
    while time.process_time() < 0.3:
        pass
"""


def python(script: str) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", script)


def test_memory_is_that_of_all_processes_and_what_they_share_counts_once() -> None:
    assert 100 < measured(python(SHARING)).peak < 130


def test_the_processors_time_is_that_of_all_processes() -> None:
    assert 0.3 <= measured(python(TOILING)).processor < 1


def test_a_command_that_fails_is_told_with_what_it_said() -> None:
    with pytest.raises(WrongError, match=r"ended with 3:\nno such thing"):
        measured(python("import sys; sys.stderr.write('no such thing'); sys.exit(3)"))


def test_a_command_may_end_with_another_code_where_that_is_expected() -> None:
    assert measured(python("print('done'); raise SystemExit(1)"), codes=(0, 1)).output == "done\n"


def told(seconds: Sequence[float]) -> Sequence[Cost]:
    """Runs that took so long, half of it on the processor, ten megabytes for each second."""
    return [Cost(each, each / 2, 10 * each, "") for each in seconds]


def way(name: str, runs: Mapping[int, Sequence[float]]) -> Way:
    """A way whose runs are known beforehand; it goes wrong where there are none left."""
    left = {count: list(told(seconds)) for count, seconds in runs.items()}

    def go(count: int) -> Cost:
        if not left.get(count):
            raise WrongError("granted is 5, not 6")
        return left[count].pop(0)

    return Way(name, f"by {name}", go)


def test_ways_are_told_side_by_side_by_their_median_runs(capsys: pytest.CaptureFixture[str]) -> None:
    ways = (
        way("hand", {100: [8, 4, 5], 1_000: [60]}),
        way("script", {100: [1, 3, 2], 1_000: [15]}),
        way("guess", {100: [1, 1, 1]}),
        way("abacus", {100: [9, 9, 9]}),
    )
    comparison = Comparison(ways, ["abacus@1000"])
    comparison.compare([1_000, 100])
    assert comparison.wrong == ["1,000 workbooks, by guess: granted is 5, not 6"]
    assert capsys.readouterr().out == (
        "| workbooks | how | s | CPU s | peak MB | ms a workbook | ratio |\n"
        "|---:|---|---:|---:|---:|---:|---:|\n"
        "| 100 | by hand | 5.00 | 2.50 | 50 | 50.00 | 1.000 |\n"
        "| 100 | by script | 2.00 | 1.00 | 20 | 20.00 | 0.400 |\n"
        "| 100 | by guess | 1.00 | 0.50 | 10 | 10.00 | 0.200 |\n"
        "| 100 | by abacus | 9.00 | 4.50 | 90 | 90.00 | 1.800 |\n"
        "| 1,000 | by hand | 60.00 | 30.00 | 600 | 60.00 | 1.000 |\n"
        "| 1,000 | by script | 15.00 | 7.50 | 150 | 15.00 | 0.250 |\n"
        "| 1,000 | by guess | wrong |  |  |  |  |\n"
        "| 1,000 | by abacus | left out |  |  |  |  |\n"
        "\n"
        "| from | to | how | s | CPU s | peak MB |\n"
        "|---:|---:|---|---:|---:|---:|\n"
        "| 100 | 1,000 | by hand | ×12.0 | ×12.0 | ×12.0 |\n"
        "| 100 | 1,000 | by script | ×7.5 | ×7.5 | ×7.5 |\n"
        "\n"
    )


def test_a_way_that_goes_wrong_once_has_no_figures(capsys: pytest.CaptureFixture[str]) -> None:
    comparison = Comparison((way("hand", {100: [3, 3, 3]}), way("luck", {100: [1, 1]})))
    comparison.compare([100])
    assert comparison.wrong == ["100 workbooks, by luck: granted is 5, not 6"]
    assert "| 100 | by luck | wrong |  |  |  |  |\n" in capsys.readouterr().out


def test_a_total_that_is_wrong_or_missing_is_told() -> None:
    assert find_wrong({"granted": 6, "denied": 2, "sum": 8}, {"granted": 6, "denied": 2}) == ""
    assert find_wrong({"granted": 5, "denied": 2}, {"granted": 6, "denied": 2}) == "granted is 5, not 6"
    assert find_wrong({"granted": 6}, {"granted": 6, "denied": 2}) == "denied is None, not 2"


def count(folder: Path, name: str, received: int, handled: int) -> None:
    """A workbook with two figures, one below the other."""
    workbook = Workbook()
    workbook.active.title = "表"  # type: ignore[union-attr]
    workbook["表"]["B2"], workbook["表"]["B3"] = received, handled
    workbook.save(folder / name)


PLAN = {
    "figures": {"received": ("表", "B2", 1, 1), "handled": ("表", "B3", 2, 1)},
    "balances": [(["received"], ["handled"])],
}


@pytest.mark.parametrize("name", ["openpyxl", "pandas-openpyxl", "pandas-calamine"])
def test_a_script_sums_what_is_in_balance_and_nothing_else(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count(tmp_path, "1.xlsx", 3, 3)
    count(tmp_path, "2.xlsx", 40, 40)
    OTHERS[name](PLAN, tmp_path)
    assert json.loads(capsys.readouterr().out) == {"received": 43, "handled": 43}
    count(tmp_path, "3.xlsx", 5, 4)
    with pytest.raises(ValueError, match="not in balance"):
        OTHERS[name](PLAN, tmp_path)


def test_a_bare_copy_is_the_workbook_again(tmp_path: Path) -> None:
    count(tmp_path, "master.xlsx", 3, 3)
    (tmp_path / "copies").mkdir()
    plan = {"master": str(tmp_path / "master.xlsx"), "agencies": [("甲", "1", ""), ("乙", "2", "")]}
    OTHERS["copy"](plan, tmp_path / "copies")
    copies = {path.name: path.read_bytes() for path in (tmp_path / "copies").iterdir()}
    master = (tmp_path / "master.xlsx").read_bytes()
    assert copies == {"1.xlsx": master, "2.xlsx": master}


@pytest.mark.long
def test_every_way_of_reading_and_issuing_comes_to_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "2", "--without", "single", "--without", "start"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [line.split(" | ")[1] for line in done.stdout.splitlines() if line.startswith("| 2 |")]
    assert rows == [
        "openpyxl, a script",
        "pandas with openpyxl",
        "pandas with calamine",
        "gouji check, one process",
        "gouji merge, one process",
        "gouji check, all cores",
        "gouji merge, all cores",
        "bare: inflate and parse the parts gouji reads, one process",
        "xlsxwriter, each workbook drawn",
        "openpyxl, load, change and save",
        "gouji issue",
        "gouji's cloning alone",
        "bare: copy the packed members",
    ]
