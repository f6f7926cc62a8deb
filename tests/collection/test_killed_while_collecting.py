"""`gouji collect` of 300 files killed at 200 random instants: nothing that was acknowledged is lost, nothing is twice,
and after the next run everything stands as after a run that nobody killed."""

import hashlib
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from tests.bench.making import agency_of, completed_workbook
from tests.collection.making import at_time, collection_of, roster_of
from tests.official import official
from toolkit.audit.checks import compute
from toolkit.collection import ahead
from toolkit.collection.collecting import Collecting, places_to_collect
from toolkit.collection.folder import Collection, load_collection
from toolkit.collection.opening import reading, writing
from toolkit.collection.roster import Member
from toolkit.collection.standing import survey
from toolkit.form.model import Key
from toolkit.workbook.intake import read_submission

TOP = Path(__file__).parents[2]
KILLS, AGENCIES, SEED = 200, 100, 20260131
_ACKNOWLEDGED = re.compile(r"已登记.*?((?:包\d+\.zip/)?f\d+\.xlsx) ")

pytestmark = pytest.mark.long


def completed(number: int, count: int, wrong: int = 0) -> bytes:
    """The workbook of an agency by its number: so many applications, all granted, and some granted that nobody made."""
    figures = dict.fromkeys(official().book.typed, Decimal(0))
    figures |= {Key("requests", row, "natural_person"): Decimal(count) for row in ("new_received", "granted")}
    figures[Key("requests", "granted", "other_org")] = Decimal(wrong)
    return completed_workbook(number, compute(official().book, figures))


def files() -> Iterator[tuple[str, bytes]]:
    """300 files in the order they came: each agency's first and second one, the second often with a mistake; the same
    bytes again; strangers, broken files and a few archives among them."""
    for at in range(AGENCIES):
        yield f"f{at}.xlsx", completed(at, at)
    for at in range(AGENCIES):
        yield f"f{AGENCIES + at}.xlsx", completed(at, at + 1000, wrong=1 if at % 3 == 0 else 0)
    for at in range(70):
        kinds = (completed(at, at), completed(5000 + at, 0), b"broken %d" % at)
        yield f"f{2 * AGENCIES + at}.xlsx", kinds[at % 3]
    for at in range(10):
        for part in range(3):
            yield f"包{at}.zip/f{900 + 3 * at + part}.xlsx", completed(at, 2000 + 3 * at + part)


@pytest.fixture(scope="module", autouse=True)
def remembering() -> Iterator[None]:
    """What is read here, in the runs to the end, is read once: not of reading is this to tell, but of the ledger. The
    commands that are killed know nothing of it."""
    known = {official().book.form.code: official()}
    remembered = cache(lambda data, file: read_submission(data, file, known))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ahead, "read_submission", lambda data, file, _: remembered(data, file))
        yield


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A collection with all the files in its inbox, and their bytes by name."""
    folder = tmp_path_factory.mktemp("收集") / "任务"
    collection, _ = collection_of(folder, [Member(agency_of(at), category="县直部门") for at in range(AGENCIES)])
    written = dict(files())
    assert len(written) == 300
    inbox = collection.place("inbox")
    for second, (name, data) in enumerate(written.items()):
        if "/" not in name:
            at_time(inbox / name, data, second)
    for at in range(10):
        with zipfile.ZipFile(inbox / f"包{at}.zip", "w") as archive:
            for name, data in written.items():
                if name.startswith(f"包{at}.zip/"):
                    archive.writestr(name.partition("/")[2], data)
        os.utime(inbox / f"包{at}.zip", (1_767_300_000 + at,) * 2)
    return folder, written


def copied(source: Path, goal: Path) -> Path:
    """A collection as it stands on the disk, its lock and its log too."""
    return Path(shutil.copytree(source, goal))


def loaded(folder: Path) -> Collection:
    collection = load_collection(folder)
    assert isinstance(collection, Collection)
    return collection


def run_to_the_end(folder: Path) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Collect what is left, in this process; every agency's status, the file that counts and all its files, and the
    strangers."""
    collection = loaded(folder)
    roster = roster_of(collection)
    with writing(collection.ledger, collection.known) as ledger:
        ledger.begin(collection.year)
        collecting = Collecting(collection, roster, ledger)
        for place in places_to_collect(collection, ()):
            for receipt in collecting.take(place):
                assert receipt.is_kept
    assert list(collection.place("inbox").iterdir()) == []
    with reading(collection.ledger, collection.known) as ledger:
        state = survey(collection, roster, ledger, date(2026, 1, 20))
    stands = {
        each.member.agency.name: (
            each.status.label, each.filing.file if each.filing else "", tuple(filing.file for filing in each.history),
        )
        for each in state.standings
    }  # fmt: skip
    return stands | {"": ("", "", tuple(sorted(stray.filing.file for stray in state.strays)))}


def killed_run(folder: Path, acknowledgements: int, delay: float) -> list[str]:
    """Run the command and kill it a moment after so many acknowledgements; the files it acknowledged."""
    command = [sys.executable, "-u", "-m", "toolkit", "collect", folder.name]
    environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONUTF8": "1"}
    said = []
    with subprocess.Popen(command, cwd=folder.parent, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if len(said) >= acknowledgements:
                break
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        said += process.stdout.readlines()
    return [match[1] for line in said if line.endswith(b"\n") and (match := _ACKNOWLEDGED.search(line.decode()))]


def check_ledger(folder: Path, acknowledged: list[str], written: Mapping[str, bytes]) -> int:
    """Read with SQLite alone: sound, every acknowledged file in it once, all bytes as they came; how many are in it."""
    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as ledger:
        assert ledger.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert ledger.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = ledger.execute("SELECT file, sha256, data FROM filing JOIN original USING (sha256)").fetchall()
    kept = {file: data for file, _, data in rows}
    assert len(kept) == len(rows) == len({sha256 for _, sha256, _ in rows})
    assert all(hashlib.sha256(data).hexdigest() == sha256 and data == written[file] for file, sha256, data in rows)
    assert set(acknowledged) <= set(kept)
    return len(kept)


def check_nothing_is_lost(folder: Path) -> None:
    """Every file still lies in the inbox or among the received."""
    names = [path.name for part in ("inbox", "received") for path in (folder / part).rglob("*") if path.is_file()]
    assert len(names) == len(set(names)) == 280


def test_200_kills_lose_nothing_and_change_nothing(
    prepared: tuple[Path, dict[str, bytes]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, written = prepared
    expected = run_to_the_end(copied(source, tmp_path / "一口气"))
    assert expected[agency_of(0).name] == (
        "已报·通过",
        "包0.zip/f902.xlsx",
        ("f0.xlsx", "f100.xlsx", *(f"包0.zip/f90{at}.xlsx" for at in range(3))),
    )
    assert expected[agency_of(30).name] == ("退回", "f130.xlsx", ("f30.xlsx", "f130.xlsx"))
    chance = random.Random(SEED)
    ends: list[tuple[Path, Future[dict[str, tuple[str, str, tuple[str, ...]]]]]] = []
    kept: list[int] = []
    folder, acknowledged = copied(source, tmp_path / "0" / "任务"), list[str]()
    with ProcessPoolExecutor(2) as pool:
        for kill in range(KILLS):
            acknowledged += killed_run(folder, chance.randrange(1, 40), chance.random() * 0.02)
            kept.append(check_ledger(folder, acknowledged, written))
            check_nothing_is_lost(folder)
            copy = copied(folder, tmp_path / f"{kill}" / "续")
            ends.append((copy, pool.submit(run_to_the_end, copy)))
            if kept[-1] >= 270 or not any((folder / "inbox").iterdir()):
                folder, acknowledged = copied(source, tmp_path / f"{kill + 1}" / "任务"), []
            while len(ends) > 6:
                finish(*ends.pop(0), expected)
        for copy, end in ends:
            finish(copy, end, expected)
    assert len(set(kept)) > 50
    with capsys.disabled():
        print(f"\n{KILLS} kills, the ledger then holding {min(kept)} to {max(kept)} files of 276")


def finish(
    copy: Path, end: Future[dict[str, tuple[str, str, tuple[str, ...]]]], expected: Mapping[str, object]
) -> None:
    """A copy that was run to its end stands as the run that nobody killed."""
    assert end.result() == expected
    shutil.rmtree(copy)


def test_two_at_once_lose_nothing_and_take_nothing_twice(
    prepared: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    source, written = prepared
    folder = copied(source, tmp_path / "任务")
    expected = run_to_the_end(copied(source, tmp_path / "一口气"))
    command = [sys.executable, "-m", "toolkit", "collect", "任务"]
    environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONUTF8": "1"}
    refused = 0
    for _ in range(3):
        pair = [
            subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(2)
        ]
        said = [process.communicate() for process in pair]
        for process, (out, err) in zip(pair, said, strict=True):
            if process.returncode == 2:
                refused += 1
                assert (out, err.decode().splitlines()[0]) == (
                    b"", "错误：另一个 gouji 正在写这个收集任务的台账，这一次什么也没做。",
                )  # fmt: skip
    assert refused >= 1
    assert check_ledger(folder, [], written) == 276
    assert run_to_the_end(folder) == expected
