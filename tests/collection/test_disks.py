"""A full disk and one that cannot be written: a sentence, and the ledger as it was."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.collection.making import at_time, collection_of, completed, member
from tests.command.test_commands import gouji, visible

pytestmark = pytest.mark.long

COUNT = 12
MEMBERS = [member(f"单位{at}", at) for at in range(COUNT)]


def mounted(*words: str) -> bool:
    """Whether the system let us mount."""
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB; where none can be mounted the test is skipped, but fails where CI is "true"."""
    disk = tmp_path / "小盘"
    disk.mkdir()
    if (
        os.name != "posix"
        or not shutil.which("mount")
        or not mounted("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk))
    ):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", disk], check=True)


def files(folder: Path) -> list[Path]:
    """A completed workbook of each agency."""
    return [
        at_time(
            folder / f"{at}.xlsx",
            completed(who, {"requests.granted.other_org": at, "requests.new_received.other_org": at}),
            at,
        )
        for at, who in enumerate(MEMBERS)
    ]


def sound(folder: Path) -> list[str]:
    """The files in a ledger, opened by SQLite alone and found sound."""
    with closing(sqlite3.connect(f"file:{folder}/ledger.sqlite3?mode=ro", uri=True)) as ledger:
        assert ledger.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [name for (name,) in ledger.execute("SELECT file FROM filing JOIN original USING (sha256) ORDER BY id")]


def test_on_a_full_disk_what_was_acknowledged_stays_and_the_rest_waits(small_disk: Path, tmp_path: Path) -> None:
    collection_of(small_disk / "任务", MEMBERS)
    files(tmp_path / "来")
    filler = small_disk / "别的文件"
    filler.write_bytes(bytes(380 * 1024))
    full = gouji(tmp_path, "collect", "小盘/任务", "来")
    assert full.code == 2
    assert full.err.splitlines() == [
        "错误：磁盘已满，台账没有写成。", "请腾出空间后再做一次；此前登记的都还在。",
    ]  # fmt: skip
    acknowledged = [line for line in full.out.splitlines() if line.startswith("√ 已登记")]
    assert 0 < len(acknowledged) < COUNT
    filler.unlink()
    kept = sound(small_disk / "任务")
    assert kept == [f"来/{at}.xlsx" for at in range(len(acknowledged))]
    assert gouji(tmp_path, "collect", "小盘/任务", "来").code == 0
    assert sound(small_disk / "任务") == [f"来/{at}.xlsx" for at in range(COUNT)]


def test_files_that_do_not_fit_are_told_and_nothing_half_is_left(small_disk: Path, tmp_path: Path) -> None:
    collection_of(small_disk / "任务", MEMBERS)
    (small_disk / "别的文件").write_bytes(bytes(720 * 1024))
    full = gouji(tmp_path, "issue", "小盘/任务")
    assert (full.code, full.err.splitlines()[0].endswith("磁盘已满。") or "磁盘已满" in full.err) == (2, True)
    written = visible(small_disk / "任务" / "issued")
    (small_disk / "别的文件").unlink()
    assert 0 < len(written) < COUNT
    done = gouji(tmp_path, "issue", "小盘/任务")
    assert done.code == 0
    assert len(visible(small_disk / "任务" / "issued")) == COUNT
    with closing(sqlite3.connect(small_disk / "任务" / "ledger.sqlite3")) as ledger:
        assert ledger.execute("SELECT count(*), count(DISTINCT agency) FROM issue").fetchone() == (COUNT, COUNT)


def test_a_folder_that_cannot_be_written_can_be_read(small_disk: Path, tmp_path: Path) -> None:
    collection_of(small_disk / "任务", MEMBERS)
    files(tmp_path / "来")
    wrong = at_time(tmp_path / "错" / "错.xlsx", completed(MEMBERS[0], {"requests.granted.other_org": 9}), 99)
    assert gouji(tmp_path, "collect", "小盘/任务", "来").code == 0
    assert mounted("-o", "remount,ro", str(small_disk))
    for words in (("collect", "小盘/任务", wrong), ("issue", "小盘/任务"), ("summarize", "小盘/任务")):
        refused = gouji(tmp_path, *words)
        assert (refused.code, refused.out) == (2, ""), words
        assert refused.err.splitlines()[0] in (
            "错误：台账所在的文件夹写不进去。",
            "错误：“小盘/任务/issued/001-县直部门-单位0-2025.xlsx”读不出或写不进：磁盘是只读的。",
            "错误：“小盘/任务/summary/汇总-2025.xlsx”写不进去：磁盘是只读的。",
        ), words
    status = gouji(tmp_path, "status", "小盘/任务", "--json")
    assert (status.code, status.document["counts"]["passed"]) == (0, COUNT)  # type: ignore[index]
    assert sound(small_disk / "任务") == [f"来/{at}.xlsx" for at in range(COUNT)]
