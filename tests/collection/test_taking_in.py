"""Taking files in: who they are from, what becomes of each, what leaves the inbox; nothing is lost or taken twice."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.collection.making import at_time, code, collection_of, completed, filled_in, member, roster_of
from tests.command.test_commands import gouji, visible
from tests.official import ALL_ZERO, official
from toolkit.audit.submission import Agency
from toolkit.collection.collecting import Collecting, Receipt, places_to_collect
from toolkit.collection.folder import Collection
from toolkit.collection.issuing import issue
from toolkit.collection.opening import writing
from toolkit.workbook.sources import open_file
from toolkit.workbook.template import Filling, Issue, template_bytes

GRANTED, NEW = "requests.granted.natural_person", "requests.new_received.natural_person"
FINANCE, HEALTH, TOWN = member("财政局", 1), member("卫健局", 2), member("柳林镇", 3, "乡镇街道")
HEIR = member("文旅局", 4, predecessors=(code(8), code(9)))
EXEMPT = member("史志办", 5, exempt="已并入档案馆")
MEMBERS = [FINANCE, HEALTH, TOWN, HEIR, EXEMPT]


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return collection_of(tmp_path / "任务", MEMBERS)[0]


def take(collection: Collection, *paths: Path, again: bool = False) -> list[Receipt]:
    """One run of taking in, in this process."""
    with writing(collection.ledger, collection.known) as ledger:
        ledger.begin(collection.year)
        collecting = Collecting(collection, roster_of(collection), ledger, again=again)
        return [each for place in places_to_collect(collection, paths) for each in collecting.take(place)]


def told(receipts: Sequence[Receipt]) -> list[tuple[str, str, list[str]]]:
    """Of each file: its name, whose it is, the codes of its problems."""
    return [
        (each.file, each.member.agency.name if each.member else "", [problem.code for problem in each.reading.problems])
        for each in receipts
    ]


def workbook(name: str, number: str, year: int | None = None, filled: int = 0) -> bytes:
    """A workbook that was issued open: its agency wrote on the cover who it is."""
    filling = Filling(
        {key: Decimal(filled) for key in official().book.typed if str(key) in (GRANTED, NEW)}, ALL_ZERO,
        agency=Agency(name, number), year=year or 2025,
    )  # fmt: skip
    return template_bytes(official(), Issue(), filling)


@pytest.mark.parametrize(
    ("name", "number", "whose", "codes"),
    [
        ("财政局", code(1), "财政局", []),
        ("县财政局", code(1), "财政局", ["normalised"]),
        ("", code(1), "财政局", []),
        ("财政局", "", "财政局", ["normalised"]),
        ("财政局", code(7), "财政局", ["wrong-agency"]),
        ("卫健局", code(1), "财政局", ["wrong-agency"]),
        ("文化局", code(8), "", ["unknown-agency"]),
        ("不认识的局", code(7), "", ["unknown-agency"]),
        ("不认识的局", "", "", ["unknown-agency"]),
        ("", "", "", ["unknown-agency"]),
        ("财政局", code(1).lower(), "财政局", []),
    ],
)
def test_an_agency_is_known_by_its_code_then_by_its_name_never_by_the_file_name(
    name: str, number: str, whose: str, codes: list[str], collection: Collection, tmp_path: Path
) -> None:
    path = at_time(tmp_path / "来" / "柳林镇.xlsx", workbook(name, number), 1)
    assert told(take(collection, path)) == [(str(path), whose, codes)]


def test_a_predecessor_is_told_who_reports_for_it(collection: Collection, tmp_path: Path) -> None:
    path = at_time(tmp_path / "a.xlsx", workbook("文化局", code(8)), 1)
    (receipt,) = take(collection, path)
    assert receipt.reading.problems[0].message == f"“文化局”（{code(8)}）是“文旅局”的前身单位，不再单独报送。"


def test_a_workbook_whose_cover_was_overwritten_goes_back_to_whom_it_was_issued(
    collection: Collection, tmp_path: Path
) -> None:
    path = at_time(tmp_path / "a.xlsx", completed(HEALTH, {}), 1)
    book = load_workbook(path)
    book["封面"]["B4"], book["封面"]["B5"] = "某某局", "12345"
    book.save(path)
    assert told(take(collection, path)) == [(str(path), "卫健局", ["wrong-agency"])]


def test_the_later_file_counts_and_the_earlier_is_kept(collection: Collection, tmp_path: Path) -> None:
    inbox = collection.place("inbox")
    at_time(inbox / "z先.xlsx", completed(FINANCE, {NEW: 1, GRANTED: 1}), 1)
    at_time(inbox / "a后.xlsx", completed(FINANCE, {NEW: 2, GRANTED: 2}), 2)
    assert [(each.file, each.earlier) for each in take(collection)] == [("z先.xlsx", 0), ("a后.xlsx", 1)]
    done = gouji(tmp_path, "summarize", "任务", "--json")
    assert done.document["values"][GRANTED] == 2  # type: ignore[index]
    out = gouji(tmp_path, "originals", "任务", "财政局", "-o", "原件")
    assert out.out == "已写出 2 份原件，在 原件。\n"
    written = {path.name: path.read_bytes() for path in (tmp_path / "原件" / "财政局").iterdir()}
    assert written == {
        "00001-z先.xlsx": completed(FINANCE, {NEW: 1, GRANTED: 1}),
        "00002-a后.xlsx": completed(FINANCE, {NEW: 2, GRANTED: 2}),
    }


def test_the_same_bytes_are_taken_once_unless_told_to_take_them_again(collection: Collection, tmp_path: Path) -> None:
    first, second = completed(FINANCE, {NEW: 1, GRANTED: 1}), completed(FINANCE, {NEW: 2, GRANTED: 2})
    old, new = at_time(tmp_path / "一.xlsx", first, 1), at_time(tmp_path / "二.xlsx", second, 2)
    copy = at_time(tmp_path / "一副本.xlsx", first, 3)
    receipts = take(collection, old, new, copy)
    assert [(each.filing, each.was_there) for each in receipts] == [(1, False), (2, False), (None, True)]
    totals = gouji(tmp_path, "summarize", "任务", "-o", "甲.xlsx", "--json").document["values"]
    assert totals[GRANTED] == 2  # type: ignore[index]
    assert gouji(tmp_path, "collect", "任务", "一.xlsx", "--again").code == 0
    totals = gouji(tmp_path, "summarize", "任务", "-o", "乙.xlsx", "--json").document["values"]
    assert totals[GRANTED] == 1  # type: ignore[index]
    with closing(sqlite3.connect(collection.ledger)) as ledger:
        assert ledger.execute("SELECT count(*) FROM original").fetchone() == (2,)


def test_a_file_of_another_year_does_not_take_the_place_of_this_years(collection: Collection, tmp_path: Path) -> None:
    this, last = completed(FINANCE, {NEW: 1, GRANTED: 1}), completed(FINANCE, {NEW: 9, GRANTED: 9}, year=2024)
    receipts = take(collection, at_time(tmp_path / "今.xlsx", this, 1), at_time(tmp_path / "去.xlsx", last, 2))
    assert [(codes, each.earlier) for (_, _, codes), each in zip(told(receipts), receipts, strict=True)] == [
        ([], 0), (["wrong-year"], 0),
    ]  # fmt: skip
    done = gouji(tmp_path, "summarize", "任务", "--json")
    assert (done.document["included"], done.document["values"][GRANTED]) == (1, 1)  # type: ignore[index]


def test_only_what_is_safe_leaves_the_inbox(collection: Collection, tmp_path: Path) -> None:
    inbox, received = collection.place("inbox"), collection.place("received")
    good = at_time(inbox / "一月" / "好.xlsx", completed(FINANCE, {}), 1).read_bytes()
    at_time(inbox / "文档.docx", b"PK not a workbook", 2)
    at_time(inbox / "太大.xlsx", b"x" * (8 * 2**20 + 1), 3)
    with zipfile.ZipFile(inbox / "包.zip", "w") as archive:
        archive.writestr("甲/卫健局.xlsx", completed(HEALTH, {}))
    with zipfile.ZipFile(inbox / "坏包.zip", "w") as archive:
        archive.writestr("柳林镇.xlsx", completed(TOWN, {}))
        archive.writestr("大.xlsx", bytes(8 * 2**20 + 1))
    (inbox / "~$好.xlsx").write_bytes(b"lock")
    receipts = take(collection)
    assert [each.file for each in receipts if not each.is_kept] == ["太大.xlsx", "坏包.zip/大.xlsx"]
    assert visible(inbox) == ["~$好.xlsx", "一月", "坏包.zip", "太大.xlsx"]
    assert sorted(path.relative_to(received).as_posix() for path in received.rglob("*") if path.is_file()) == [
        "一月/好.xlsx", "包.zip", "文档.docx",
    ]  # fmt: skip
    assert (received / "一月" / "好.xlsx").read_bytes() == good
    again = take(collection)
    assert {each.file: each.was_there for each in again} == {
        "太大.xlsx": False, "坏包.zip/柳林镇.xlsx": True, "坏包.zip/大.xlsx": False,
    }  # fmt: skip


def test_two_files_of_one_name_both_stay(collection: Collection) -> None:
    inbox, received = collection.place("inbox"), collection.place("received")
    for second in (1, 2, 3):
        at_time(inbox / "年报.xlsx", completed(FINANCE, {NEW: second, GRANTED: second}), second)
        take(collection)
    assert visible(received) == ["年报-2.xlsx", "年报-3.xlsx", "年报.xlsx"]
    assert visible(inbox) == []


def test_what_was_saved_over_a_file_while_it_was_taken_in_goes_back_to_the_inbox(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = at_time(collection.place("inbox") / "年报.xlsx", completed(FINANCE, {NEW: 1, GRANTED: 1}), 1)
    newer = completed(FINANCE, {NEW: 2, GRANTED: 2})

    def saved_over(place: Path, *, by_date: bool) -> object:
        found = list(open_file(place, by_date=by_date))
        if place == path:
            path.write_bytes(newer)
        return iter(found)

    monkeypatch.setattr("toolkit.collection.ahead.open_file", saved_over)
    (first,) = take(collection)
    monkeypatch.undo()
    assert (first.filing, path.read_bytes()) == (1, newer)
    assert visible(collection.place("received")) == []
    (second,) = take(collection)
    assert (second.filing, second.earlier) == (2, 1)


def test_a_blank_workbook_as_it_was_issued_is_no_filing(collection: Collection, tmp_path: Path) -> None:
    with writing(collection.ledger, collection.known) as ledger:
        paths = [each.path for each in issue(collection, roster_of(collection), ledger)]
    at_time(collection.place("inbox") / "财政局.xlsx", paths[0].read_bytes(), 1)
    done = gouji(tmp_path, "collect", "任务")
    assert (done.code, done.out.splitlines()[0]) == (
        1, "× 未登记  财政局.xlsx：这是下发的空白工作簿，还没有填写，未予登记。",
    )  # fmt: skip
    assert visible(collection.place("inbox")) == ["财政局.xlsx"]
    filled = filled_in(paths[0], {NEW: 1, GRANTED: 1})
    at_time(collection.place("inbox") / "财政局.xlsx", filled, 1)
    assert gouji(tmp_path, "collect", "任务").code == 0


def test_a_file_of_an_agency_that_need_not_report_is_kept_and_not_counted(
    collection: Collection, tmp_path: Path
) -> None:
    take(collection, at_time(tmp_path / "a.xlsx", completed(EXEMPT, {NEW: 5, GRANTED: 5}), 1))
    take(collection, at_time(tmp_path / "b.xlsx", completed(FINANCE, {NEW: 1, GRANTED: 1}), 2))
    done = gouji(tmp_path, "summarize", "任务", "--json")
    assert (done.document["included"], done.document["values"][GRANTED]) == (1, 1)  # type: ignore[index]
    assert done.document["left_out"] == [{"file": str(tmp_path / "a.xlsx"), "why": "免报单位：已并入档案馆"}]


def test_a_mended_roster_finds_the_owner_of_what_was_nobodys(collection: Collection, tmp_path: Path) -> None:
    take(collection, at_time(tmp_path / "a.xlsx", completed(member("数据局", 6), {}), 1))
    before = gouji(tmp_path, "status", "任务", "--json").document
    assert [each["file"] for each in before["unattributed"]] == [str(tmp_path / "a.xlsx")]  # type: ignore[attr-defined]
    other, _ = collection_of(tmp_path / "别处", [*MEMBERS, member("数据局", 6)])
    shutil.copy(other.roster, collection.roster)
    after = gouji(tmp_path, "status", "任务", "--json").document
    assert after["unattributed"] == []
    assert after["agencies"][-1]["label"] == "已报·通过"  # type: ignore[index]


def test_figures_in_rows_that_the_roster_does_not_grant_are_a_warning(tmp_path: Path) -> None:
    column = "可制定规章"
    granted, other = member("市政府办", 1, granted=frozenset({column})), member("财政局", 2)
    collection, _ = collection_of(tmp_path / "任务", [granted, other])
    figures = {"proactive.gov_rules.issued": 1, "proactive.gov_rules.in_force": 4}
    paths = [at_time(tmp_path / f"{at}.xlsx", completed(who, figures), at) for at, who in enumerate((granted, other))]
    first, second = take(collection, *paths)
    assert first.reading.problems == ()
    (problem,) = second.reading.problems
    assert (problem.code, problem.severity, problem.where.cell) == ("reserved", "warning", "B5")
    assert problem.keys == ("proactive.gov_rules.issued", "proactive.gov_rules.in_force")
    assert problem.message == (
        "表二主动公开 B5：填了规章·本年制发件数 1、规章·现行有效件数 4，但名册里该单位“可制定规章”不是“是”。"
    )


def test_last_years_figures_are_the_ledgers_whatever_the_workbook_says(collection: Collection, tmp_path: Path) -> None:
    carried = next(key for key in official().book.prior if str(key).endswith("carried_forward.natural_person"))
    with writing(collection.ledger, collection.known) as ledger:
        ledger.record_prior({FINANCE.agency.code: {carried: Decimal(7)}}, "上年")
    for second, (who, codes) in enumerate([(FINANCE, ["requests.carry_over"]), (HEALTH, [])]):
        figures = {"requests.carried_in.natural_person": 2 + second, GRANTED: 2 + second}
        typed = completed(who, figures, prior={carried: 2 if who is FINANCE else 9})
        (receipt,) = take(collection, at_time(tmp_path / f"{second}.xlsx", typed, second))
        assert [problem.code for problem in receipt.reading.problems] == codes
    document = gouji(tmp_path, "status", "任务", "--json").document
    (problem,) = document["agencies"][0]["problems"]  # type: ignore[index]
    assert (problem["expected"], problem["found"]) == (7, 2)


def test_two_agencies_with_the_same_figures_are_told_whenever_they_come(collection: Collection, tmp_path: Path) -> None:
    for second, who in enumerate((FINANCE, HEALTH), start=1):
        take(collection, at_time(tmp_path / f"{second}.xlsx", completed(who, {NEW: 3, GRANTED: 3}), second))
    document = gouji(tmp_path, "status", "任务", "--json").document
    found = {each["name"]: [one["code"] for one in each["problems"]] for each in document["agencies"]}  # type: ignore[attr-defined]
    assert (found["财政局"], found["卫健局"], found["柳林镇"]) == (["same-figures"], ["same-figures"], [])


def test_every_original_is_kept_byte_for_byte(collection: Collection, tmp_path: Path) -> None:
    files = {f"{at}.xlsx": data for at, data in enumerate((b"", b"PK\x03\x04broken", completed(FINANCE, {})))}
    for name, data in files.items():
        at_time(collection.place("inbox") / name, data, 1)
    take(collection)
    with closing(sqlite3.connect(collection.ledger)) as ledger:
        rows = ledger.execute("SELECT file, sha256, data FROM filing JOIN original USING (sha256)").fetchall()
    assert {file: (sha256, data) for file, sha256, data in rows} == {
        name: (hashlib.sha256(data).hexdigest(), data) for name, data in files.items()
    }


def test_of_two_files_named_one_by_one_or_in_an_archive_the_one_saved_later_counts(
    collection: Collection, tmp_path: Path
) -> None:
    old, new = completed(FINANCE, {NEW: 1, GRANTED: 1}), completed(FINANCE, {NEW: 2, GRANTED: 2})
    later, earlier = at_time(tmp_path / "a新.xlsx", new, 9), at_time(tmp_path / "b旧.xlsx", old, 1)
    assert [Path(each.file).name for each in take(collection, later, earlier)] == ["b旧.xlsx", "a新.xlsx"]
    with zipfile.ZipFile(collection.place("inbox") / "包.zip", "w") as archive:
        for day, name in ((9, "新.xlsx"), (1, "旧.xlsx")):
            info = zipfile.ZipInfo(name, (2026, 1, day, 0, 0, 0))
            archive.writestr(info, completed(HEALTH, {NEW: day, GRANTED: day}))
    assert [each.file for each in take(collection)] == ["包.zip/旧.xlsx", "包.zip/新.xlsx"]
    values = gouji(tmp_path, "summarize", "任务", "--json").document["values"]
    assert values[GRANTED] == 2 + 9  # type: ignore[index]


def test_a_file_that_may_still_be_on_its_way_waits_in_the_inbox(collection: Collection) -> None:
    whole = completed(FINANCE, {NEW: 1, GRANTED: 1})
    path = collection.place("inbox") / "年报.xlsx"
    path.write_bytes(whole[:9000])
    (receipt,) = take(collection)
    assert (receipt.is_kept, [problem.code for problem in receipt.reading.problems]) == (False, ["damaged"])
    assert path.exists()
    path.write_bytes(whole)
    (receipt,) = take(collection)
    assert (receipt.is_sound, path.exists()) == (True, False)
    at_time(path, whole[:9000], 1)  # saved long ago: it will not get better
    (receipt,) = take(collection)
    assert (receipt.is_kept, path.exists()) == (True, False)


def test_odd_things_in_the_inbox_neither_stop_nor_hang_a_run(collection: Collection, tmp_path: Path) -> None:
    inbox, received = collection.place("inbox"), collection.place("received")
    name = "长" * 83 + "a.xlsx"
    for second in (1, 2):
        at_time(inbox / name, completed(FINANCE, {NEW: second, GRANTED: second}), second)
        assert [each.is_sound for each in take(collection)] == [True]
    assert (len(visible(received)), visible(inbox)) == (2, [])
    os.mkfifo(inbox / "管道.zip")
    (tmp_path / "别处").mkdir()
    at_time(tmp_path / "别处" / "x.xlsx", completed(HEALTH, {}), 1)
    (inbox / "链接").symlink_to(tmp_path / "别处")
    (tmp_path / "圈").symlink_to(tmp_path / "圈")
    done = gouji(tmp_path, "collect", "任务")
    assert (done.code, sorted(done.out.splitlines()[:2])) == (1, [
        "× 未登记  管道.zip：这不是普通文件。", "× 未登记  链接：这是指向别处的文件夹链接，没有进去。",
    ])  # fmt: skip
    assert gouji(tmp_path, "collect", "任务", "圈").code == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [("status", "任务"), ("status", "任务", "--json"), ("collect", "任务", "--json")])
def test_output_that_cannot_be_printed_is_told(words: tuple[str, ...], collection: Collection, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "toolkit", *words],
            cwd=tmp_path, env=environment, stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr.decode().splitlines()[0]) == (2, "错误：结果没有输出完：磁盘已满。")


def test_a_collection_is_not_taken_in_by_itself(collection: Collection, tmp_path: Path) -> None:
    done = gouji(tmp_path, "collect", "任务", ".")
    assert (done.code, done.out, done.err.splitlines()[0]) == (2, "", "错误：“.”里有这个收集任务自己。")
    missing = gouji(tmp_path, "collect", "任务", "没有.xlsx")
    assert (missing.code, missing.out.splitlines()[0]) == (
        2, "× 未登记  没有.xlsx：找不到文件或文件夹“没有.xlsx”。",
    )  # fmt: skip
