"""A merge killed at any instant leaves the old summary whole, or the new one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.official import ALL_ZERO, filled
from toolkit.audit.submission import Agency
from toolkit.workbook.template import Issue

TOP = Path(__file__).parents[2]
KILLS = 30


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


def passed(seconds: float) -> Callable[[], bool]:
    """Whether so much time has passed from now on."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


def parts(folder: Path) -> list[Path]:
    """The files begun and not finished."""
    return list(folder.glob(".*.part"))


def more_parts(folder: Path) -> Callable[[], bool]:
    """Whether another file has been begun from now on."""
    before = len(parts(folder))
    return lambda: len(parts(folder)) > before


def kill(process: subprocess.Popen[bytes], ready: Callable[[], bool]) -> bool:
    """Kill a run as soon as something is so; whether it was still running then."""
    with process:
        while not ready() and process.poll() is None:
            time.sleep(0.0002)
        process.send_signal(signal.SIGKILL)
    return process.returncode == -signal.SIGKILL


@pytest.mark.long
def test_a_killed_merge_leaves_the_old_summary_or_the_new_one_whole(folder: Path) -> None:
    begun = time.monotonic()
    assert start(folder).wait() == 0
    span = time.monotonic() - begun
    output = folder / "汇总.xlsx"
    new, old = output.read_bytes(), b"the summary of yesterday"

    def found_after(process: subprocess.Popen[bytes], ready: Callable[[], bool]) -> tuple[bytes, bool]:
        was_running = kill(process, ready)
        assert sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) == ["收回", "汇总.xlsx"]
        assert output.read_bytes() in (old, new)
        return output.read_bytes(), was_running

    killed = 0
    for at in range(KILLS):
        output.write_bytes(old)
        _, was_running = found_after(start(folder), passed(span * (at + 1) / KILLS))
        killed += was_running
        span *= 1 if was_running else 0.9  # the machine is less busy now than when it was measured
    assert killed >= KILLS // 2

    found_writing = 0
    for _ in range(5):
        output.write_bytes(old)
        before = len(parts(folder))
        found_after(start(folder), more_parts(folder))
        found_writing += len(parts(folder)) > before
    assert found_writing >= 1

    output.write_bytes(old)
    assert found_after(start(folder), lambda: output.read_bytes() != old)[0] == new


@pytest.mark.long
def test_what_a_killed_run_leaves_behind_is_not_taken_for_a_file_handed_in(folder: Path) -> None:
    (folder / "收回" / ".汇总.xlsx.abc.part").write_bytes(b"half a file")
    assert start(folder).wait() == 0
