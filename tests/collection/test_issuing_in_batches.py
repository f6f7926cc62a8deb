"""Workbooks are issued in batches: written one by one, on the record together before any is told, whatever happens."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.collection.making import collection_of, member, roster_of
from tests.command.test_commands import gouji, visible
from toolkit.collection import issuing
from toolkit.collection.folder import Collection
from toolkit.collection.issuing import issue
from toolkit.collection.ledger import Ledger
from toolkit.collection.opening import writing
from toolkit.collection.troubles import LedgerError
from toolkit.workbook.saving import write_whole

TOP = Path(__file__).parents[2]
COUNT, KILLS = 140, 8
MEMBERS = [member(f"单位{at}", at) for at in range(5)]
FILES = [f"00{at + 1}-县直部门-单位{at}-2025.xlsx" for at in range(5)]


@pytest.fixture
def collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection:
    """Five agencies, two a batch."""
    monkeypatch.setattr(issuing, "_BATCH", 2)
    made, _ = collection_of(tmp_path / "任务", MEMBERS)
    return made


def on_record(folder: Path) -> list[tuple[str, str]]:
    """The files on the record with their hashes, read by SQLite alone."""
    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as ledger:
        return ledger.execute("SELECT file, sha256 FROM issue ORDER BY id").fetchall()


def lying_there(folder: Path) -> list[tuple[str, str]]:
    return [(name, sha256((folder / "issued" / name).read_bytes()).hexdigest()) for name in visible(folder / "issued")]


def issued(collection: Collection) -> list[str]:
    """Issue in this process; what became of each workbook."""
    with writing(collection.ledger, collection.known) as ledger:
        return [each.outcome.value for each in issue(collection, roster_of(collection), ledger)]


def test_a_batch_is_on_the_record_before_its_first_workbook_is_told(collection: Collection) -> None:
    seen: list[tuple[str, int, int]] = []
    with writing(collection.ledger, collection.known) as ledger:
        for each in issue(collection, roster_of(collection), ledger):
            folder = collection.folder
            seen.append((each.path.name, len(lying_there(folder)), len(on_record(folder))))
    assert seen == list(zip(FILES, (2, 2, 4, 4, 5), (2, 2, 4, 4, 5), strict=True))
    assert on_record(collection.folder) == lying_there(collection.folder)


def test_what_was_written_before_a_file_that_cannot_be_is_on_the_record(collection: Collection) -> None:
    (collection.place("issued") / FILES[3]).mkdir()
    with pytest.raises(IsADirectoryError):
        issued(collection)
    assert [name for name, _ in on_record(collection.folder)] == FILES[:3]
    (collection.place("issued") / FILES[3]).rmdir()
    assert issued(collection) == ["kept", "kept", "kept", "written", "written"]
    assert on_record(collection.folder) == lying_there(collection.folder)


def test_what_the_disk_has_no_room_for_is_not_on_the_record_and_all_before_it_is(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def writing_whole(path: Path, data: bytes, *, force: bool) -> None:
        if path.name == FILES[2]:
            raise OSError(errno.ENOSPC, "full", str(path))
        write_whole(path, data, force=force)

    monkeypatch.setattr(issuing, "write_whole", writing_whole)
    with pytest.raises(OSError, match="full"):
        issued(collection)
    assert lying_there(collection.folder) == on_record(collection.folder)
    assert [name for name, _ in on_record(collection.folder)] == [FILES[0], FILES[1]]


def test_a_batch_that_was_written_and_not_recorded_is_recorded_by_the_next_run(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise sqlite3.OperationalError("the power is gone")

    with monkeypatch.context() as during:
        during.setattr(Ledger, "record_issues", killed)
        with pytest.raises(LedgerError):
            issued(collection)
    assert (visible(collection.place("issued")), on_record(collection.folder)) == (FILES[:2], [])
    assert issued(collection) == ["written"] * 5
    assert on_record(collection.folder) == lying_there(collection.folder)


def killed_after(folder: Path, seconds: float) -> bool:
    """Kill an issue so long after its first file lies there; whether it was still running."""
    command, environment = (
        [sys.executable, "-m", "toolkit", "issue", folder.name],
        {**os.environ, "PYTHONPATH": str(TOP)},
    )
    with subprocess.Popen(command, cwd=folder.parent, env=environment, stdout=subprocess.DEVNULL) as process:
        while not visible(folder / "issued") and process.poll() is None:
            time.sleep(0.001)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    return process.returncode == -signal.SIGKILL


@pytest.mark.long
def test_an_issue_killed_at_any_moment_is_finished_by_the_next(tmp_path: Path) -> None:
    members = [member(f"单位{at}", at) for at in range(COUNT)]
    whole, _ = collection_of(tmp_path / "一次", members)
    begun = time.monotonic()
    assert gouji(tmp_path, "issue", "一次").code == 0
    span = time.monotonic() - begun
    killed = off_the_record = 0
    for at in range(KILLS):
        folder = tmp_path / f"任务{at}"
        collection_of(folder, members)
        killed += killed_after(folder, span * at / KILLS)
        there, recorded = lying_there(folder), on_record(folder)
        assert set(recorded) <= set(there)
        assert set(there) <= set(lying_there(whole.folder)), "half a file"
        off_the_record += len(there) > len(recorded)
        assert gouji(tmp_path, "issue", folder.name).code == 0
        assert lying_there(folder) == lying_there(whole.folder)
        assert sorted(on_record(folder)) == lying_there(folder)
    assert (killed >= KILLS // 3, off_the_record >= 1) == (True, True), (killed, off_the_record)
