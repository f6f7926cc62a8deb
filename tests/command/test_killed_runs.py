"""A merge killed at any instant leaves the old summary whole, or the new one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.official import ALL_ZERO, filled
from toolkit.audit.submission import Agency
from toolkit.workbook.template import Issue

TOP = Path(__file__).parents[2]
KILLS = 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixty completed workbooks in 收回, and nothing else."""
    (tmp_path / "收回").mkdir()
    for at in range(60):
        issue = Issue(Agency(f"单位{at}", f"11140825000000{at:04d}"), 2025)
        data = filled(
            {"requests.new_received.natural_person": at, "requests.granted.natural_person": at}, ALL_ZERO, issue
        )
        (tmp_path / "收回" / f"{at}.xlsx").write_bytes(data)
    return tmp_path


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "toolkit", "merge", "收回", "-o", "汇总.xlsx", "--force"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(TOP)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.long
def test_a_killed_merge_leaves_the_old_summary_or_the_new_one_whole(folder: Path) -> None:
    begun = time.monotonic()
    assert start(folder).wait() == 0
    whole_run = time.monotonic() - begun
    output = folder / "汇总.xlsx"
    new, old = output.read_bytes(), b"the summary of yesterday"
    found, killed = set(), 0
    for at in range(KILLS):
        output.write_bytes(old)
        with start(folder) as process:
            time.sleep(whole_run * (0.3 + 0.8 * at / KILLS))
            process.send_signal(signal.SIGKILL)
        killed += process.returncode == -signal.SIGKILL
        assert output.read_bytes() in (old, new)
        found.add(output.read_bytes())
        assert sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) == ["收回", "汇总.xlsx"]
    assert found == {old, new}
    assert killed > KILLS // 2


@pytest.mark.long
def test_what_a_killed_run_leaves_behind_is_not_taken_for_a_file_handed_in(folder: Path) -> None:
    (folder / "收回" / ".汇总.xlsx.abc.part").write_bytes(b"half a file")
    assert start(folder).wait() == 0
