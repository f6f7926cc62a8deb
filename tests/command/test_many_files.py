"""Commands on many files say and write the same, however many cores work on them."""

import hashlib
import shutil
import sqlite3
from pathlib import Path

import fsspec
import pytest
from distributed import LocalCluster

from tests.collection.making import completed, member, roster_csv
from tests.command.test_commands import Done, gouji
from tests.official import filled
from tests.work.store import object_store

NEW, GRANTED = "requests.new_received.natural_person", "requests.granted.natural_person"
COUNT = 40
WORKERS = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "host": "127.0.0.1", "dashboard_address": None}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with forty files of as many agencies: sound, unbalanced, blank, and one that is no workbook."""
    folder = tmp_path_factory.mktemp("收回")
    for at in range(COUNT):
        figures = {NEW: at, GRANTED: at if at % 10 else at + 1}
        (folder / f"{at:03}.xlsx").write_bytes(completed(member(f"第{at}号单位", at), figures))
    (folder / "006.xlsx").write_bytes(filled({}, ()))
    (folder / "007.xlsx").write_bytes(b"PK")
    (folder / "008.xlsx").write_bytes((folder / "009.xlsx").read_bytes())
    return folder


@pytest.mark.long
def test_check_says_the_same(files: Path, tmp_path: Path) -> None:
    one, two = (gouji(files, "check", ".", "--json", "--jobs", jobs) for jobs in ("1", "2"))
    assert (two.code, two.out) == (one.code, one.out)
    assert (one.code, one.document["totals"]) == (
        1,
        {"files": COUNT, "clean": 33, "warnings": 1, "errors": 5, "unreadable": 1},
    )
    marked = [gouji(files, "check", ".", "--annotate", tmp_path / jobs, "--jobs", jobs) for jobs in ("1", "2")]
    assert marked[0].out == marked[1].out
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / jobs).iterdir()} for jobs in ("1", "2"))
    assert first == second
    assert len(first) == 6


@pytest.mark.long
def test_merge_and_export_write_the_same(files: Path, tmp_path: Path) -> None:
    for jobs in ("1", "2"):
        merged = gouji(files, "merge", ".", "-o", tmp_path / jobs / "汇总.xlsx", "--jobs", jobs)
        assert "收录 33 家" in merged.out
        assert gouji(files, "export", ".", "-o", tmp_path / jobs / "导出", "--format", "csv", "--jobs", jobs).code == 1
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / jobs).rglob("*") if path.is_file()} for jobs in ("1", "2")
    )
    assert first == second
    assert len(first) > 3


@pytest.mark.long
def test_issue_and_collect_do_the_same(files: Path, tmp_path: Path) -> None:
    members = [member(f"第{at}号单位", at) for at in range(COUNT)]
    rows = [{"单位名称": each.agency.name, "统一社会信用代码": each.agency.code, "类别": "县直"} for each in members]
    (tmp_path / "名册.csv").write_bytes(roster_csv(rows))
    told = []
    for jobs in ("1", "2"):
        began = ("init", f"任务{jobs}", "--year", "2025", "--office", "县政府办", "--due", "2027-12-31")
        assert gouji(tmp_path, *began, "--roster", "名册.csv").code == 0
        assert gouji(tmp_path, "issue", f"任务{jobs}", "--jobs", jobs).code == 0
        shutil.copytree(files, tmp_path / "一样", dirs_exist_ok=True)
        told.append(gouji(tmp_path, "collect", f"任务{jobs}", "一样", "--jobs", jobs))
    assert (told[0].code, told[0].out) == (told[1].code, told[1].out)
    issued = [
        {path.name: path.read_bytes() for path in (tmp_path / f"任务{jobs}" / "issued").iterdir()} for jobs in "12"
    ]
    assert issued[0] == issued[1]
    assert len(issued[0]) == COUNT
    assert ledger_of(tmp_path / "任务1") == ledger_of(tmp_path / "任务2")


def ledger_of(collection: Path) -> list[tuple[object, ...]]:
    """What a ledger says, but for times: of files and of what was issued."""
    with sqlite3.connect(collection / "ledger.sqlite3") as connection:
        filings = connection.execute(
            "SELECT file, filing.sha256, code, name, year, status, figures, problems, reading, data"
            " FROM filing JOIN original USING (sha256) ORDER BY id"
        ).fetchall()
        issues = connection.execute("SELECT agency, name, file, sha256 FROM issue ORDER BY id").fetchall()
    connection.close()
    assert all(hashlib.sha256(row[-1]).hexdigest() == row[1] for row in filings)
    return [*filings, *issues]


@pytest.mark.long
def test_a_cluster_checks_and_merges_what_lies_in_a_bucket_as_this_computer_does(files: Path, tmp_path: Path) -> None:
    with object_store(), LocalCluster(**WORKERS) as cluster:  # type: ignore[no-untyped-call]
        bucket = fsspec.filesystem("s3")
        bucket.mkdir("returned")
        bucket.put(str(files), "returned/2025", recursive=True)
        there = ("s3://returned/2025", "--scheduler", cluster.scheduler_address)
        checked = gouji(tmp_path, "check", *there, "--json")
        merged = gouji(tmp_path, "merge", *there, "-o", "汇总.xlsx", "--json")
    here = gouji(files, "check", ".", "--json")

    def told(done: Done) -> object:
        found = done.document["files"]
        assert isinstance(found, list)
        return [
            (each["file"].rpartition("/")[2], each["sha256"], [one["code"] for one in each["problems"]])
            for each in found
        ]

    assert (checked.code, checked.err) == (1, "")
    assert (told(checked), checked.document["totals"]) == (told(here), here.document["totals"])
    assert (merged.code, merged.err, merged.document["included"]) == (1, "", 33)
    assert (tmp_path / "汇总.xlsx").read_bytes().startswith(b"PK")


def test_jobs_and_a_scheduler_are_given_as_they_must_be(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(filled({}))
    none = gouji(tmp_path, "check", "a.xlsx", "--jobs", "0")
    assert (none.code, "不在" in none.err) == (2, True)
    both = gouji(tmp_path, "check", "a.xlsx", "--jobs", "2", "--scheduler", "tcp://127.0.0.1:9")
    assert (both.code, both.out) == (2, "")
    assert "--jobs 和 --scheduler 不能一起用。" in both.err
    far = gouji(tmp_path, "check", "a.xlsx", "--scheduler", "tcp://127.0.0.1:9")
    assert (far.code, far.out) == (2, "")
    assert "连不上集群的调度器“tcp://127.0.0.1:9”。" in far.err


def test_a_url_is_read_as_a_path_is(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(filled({}))
    done = gouji(tmp_path, "check", f"file://{tmp_path}", "--json")
    assert (done.code, done.document["totals"]) == (
        0,
        {"files": 1, "clean": 1, "warnings": 0, "errors": 0, "unreadable": 0},
    )
