"""Issuing: one workbook an agency, named so that it sorts, on the record; never over what lies there but by force."""

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.collection.making import at_time, code, collection_of, completed, filled_in, member
from tests.command.test_commands import gouji, visible
from toolkit.audit.submission import Submission
from toolkit.collection.folder import Collection
from toolkit.collection.roster import Member
from toolkit.collection.rosterbook import roster_bytes
from toolkit.form.library import built_in
from toolkit.workbook.intake import read_submission
from toolkit.workbook.saving import write_whole

FINANCE, TOWN, EXEMPT = member("财政局", 1), member("柳林镇", 2, "乡镇街道"), member("史志办", 3, exempt="撤销")


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return collection_of(tmp_path / "任务", [FINANCE, TOWN])[0]


def on_record(collection: Collection) -> list[tuple[str, str, str]]:
    """What the ledger says was issued, read by SQLite alone."""
    with closing(sqlite3.connect(collection.ledger)) as ledger:
        return ledger.execute("SELECT name, file, sha256 FROM issue ORDER BY id").fetchall()


def new_roster(collection: Collection, members: list[Member]) -> None:
    write_whole(collection.roster, roster_bytes(collection.form, members), force=True)


def test_each_agency_that_must_report_gets_its_own_workbook_on_the_record(
    collection: Collection, tmp_path: Path
) -> None:
    done = gouji(tmp_path, "issue", "任务")
    assert (done.code, done.out, done.err) == (
        0, "已下发 2 份，在 任务/issued；此前下发的 0 份没有变化。\n", "",
    )  # fmt: skip
    names = ["001-县直部门-财政局-2025.xlsx", "002-乡镇街道-柳林镇-2025.xlsx"]
    assert visible(collection.place("issued")) == names
    files = [(collection.place("issued") / name).read_bytes() for name in names]
    assert on_record(collection) == [
        (name, file, hashlib.sha256(data).hexdigest())
        for name, file, data in zip(("财政局", "柳林镇"), names, files, strict=True)
    ]
    for data, who in zip(files, (FINANCE, TOWN), strict=True):
        read = read_submission(data, "", collection.forms)
        assert isinstance(read, Submission)
        assert (read.agency, read.year) == (who.agency, 2025)
        assert read.stamp is not None
        assert (read.stamp.agency, read.stamp.year) == (who.agency.code, 2025)


def test_what_was_issued_is_not_issued_twice_and_a_lost_file_comes_back_the_same(
    collection: Collection, tmp_path: Path
) -> None:
    gouji(tmp_path, "issue", "任务")
    first = collection.place("issued") / "001-县直部门-财政局-2025.xlsx"
    before = first.read_bytes()
    first.unlink()
    done = gouji(tmp_path, "issue", "任务")
    assert (done.code, done.out) == (0, "已下发 1 份，在 任务/issued；此前下发的 1 份没有变化。\n")
    assert first.read_bytes() == before


def test_a_new_agency_comes_behind_and_numbers_stay(collection: Collection, tmp_path: Path) -> None:
    gouji(tmp_path, "issue", "任务")
    new_roster(collection, [member("数据局", 9), TOWN, FINANCE])
    assert gouji(tmp_path, "issue", "任务").out.startswith("已下发 1 份，")
    assert visible(collection.place("issued")) == [
        "001-县直部门-财政局-2025.xlsx", "002-乡镇街道-柳林镇-2025.xlsx", "003-县直部门-数据局-2025.xlsx",
    ]  # fmt: skip


def test_one_agency_is_issued_anew_when_it_is_called_otherwise(collection: Collection, tmp_path: Path) -> None:
    gouji(tmp_path, "issue", "任务")
    new_roster(collection, [replace(FINANCE, agency=replace(FINANCE.agency, name="财政和国资局")), TOWN])
    told = gouji(tmp_path, "issue", "任务")
    assert (told.code, told.out.splitlines()) == (1, [
        "已下发 0 份，在 任务/issued；此前下发的 1 份没有变化。",
        "名册或上年数有变、没有重新下发的 1 份：001-县直部门-财政和国资局-2025.xlsx。",
        "要重新下发的，请加 --force（可用 --only 只写几个单位），并告诉单位以新的为准。",
    ])  # fmt: skip
    assert gouji(tmp_path, "issue", "任务", "--only", code(1), "--force").code == 0
    assert [name for name, _, _ in on_record(collection)] == ["财政局", "柳林镇", "财政和国资局"]
    assert gouji(tmp_path, "issue", "任务").out == "已下发 0 份，在 任务/issued；此前下发的 2 份没有变化。\n"


@pytest.mark.long
def test_a_run_killed_between_writing_anew_and_the_record_is_made_up_for_by_the_next(
    collection: Collection, tmp_path: Path
) -> None:
    gouji(tmp_path, "issue", "任务")
    path = collection.place("issued") / "001-县直部门-财政局-2025.xlsx"
    before = path.read_bytes()
    last = at_time(tmp_path / "上年" / "a.xlsx", completed(FINANCE, {}, year=2024), 1)
    gouji(tmp_path, "issue", "任务", "--prior", last.parent, "--force")
    new, again = path.read_bytes(), collection_of(tmp_path / "另一个", [FINANCE, TOWN])[0]
    assert new != before
    gouji(tmp_path, "issue", "另一个")
    gouji(tmp_path, "issue", "另一个", "--prior", last.parent)  # last year's figures are on the record, no new workbook
    (again.place("issued") / path.name).write_bytes(new)
    done = gouji(tmp_path, "issue", "另一个")
    assert (done.code, done.out) == (0, "已下发 1 份，在 另一个/issued；此前下发的 1 份没有变化。\n")
    assert on_record(again)[-1] == ("财政局", path.name, hashlib.sha256(new).hexdigest())


def test_nobodys_file_is_overwritten_without_force(collection: Collection, tmp_path: Path) -> None:
    own = collection.place("issued") / "001-县直部门-财政局-2025.xlsx"
    own.write_bytes(b"somebody's")
    told = gouji(tmp_path, "issue", "任务")
    assert (told.code, told.out.splitlines()) == (1, [
        "已下发 1 份，在 任务/issued；此前下发的 0 份没有变化。",
        "没有下发：“任务/issued/001-县直部门-财政局-2025.xlsx”已经有别的文件，没有覆盖；请移走，或加 --force。",
    ])  # fmt: skip
    assert (own.read_bytes(), len(on_record(collection))) == (b"somebody's", 1)
    assert gouji(tmp_path, "issue", "任务", "--force").code == 0
    assert own.read_bytes().startswith(b"PK")


@pytest.mark.long
def test_a_workbook_filled_in_where_it_was_issued_is_not_written_over(collection: Collection, tmp_path: Path) -> None:
    gouji(tmp_path, "issue", "任务")
    path = collection.place("issued") / "001-县直部门-财政局-2025.xlsx"
    filled = filled_in(path, {"requests.granted.other_org": 1, "requests.new_received.other_org": 1})
    path.write_bytes(filled)
    for words in ((), ("--force",)):
        assert gouji(tmp_path, "issue", "任务", *words).out.splitlines() == [
            "已下发 0 份，在 任务/issued；此前下发的 1 份没有变化。",
            "下发后在原处改动过、没有动的 1 份：001-县直部门-财政局-2025.xlsx。",
            "填好的请用 gouji collect 收取；要换回空白的，请加 --only 单位 --force。",
        ]
        assert path.read_bytes() == filled
    assert gouji(tmp_path, "collect", "任务", path).code == 0
    assert gouji(tmp_path, "issue", "任务", "--only", "财政局", "--force").code == 0
    assert hashlib.sha256(path.read_bytes()).hexdigest() == on_record(collection)[0][2]


def test_who_is_not_on_the_roster_cannot_be_issued(collection: Collection, tmp_path: Path) -> None:
    done = gouji(tmp_path, "issue", "任务", "--only", "某局", "--only", "财政局", "--only", code(7))
    assert (done.code, done.err.splitlines()[0]) == (2, f"错误：名册里没有“某局”、“{code(7)}”。")
    assert visible(collection.place("issued")) == []


def test_who_need_not_report_is_issued_nothing_and_that_is_said(tmp_path: Path) -> None:
    made, _ = collection_of(tmp_path / "任务", [FINANCE, EXEMPT])
    named = gouji(tmp_path, "issue", "任务", "--only", "史志办")
    assert (named.code, named.err.splitlines()[0]) == (2, "错误：“史志办”免报（撤销），不下发。")
    done = gouji(tmp_path, "issue", "任务")
    assert (done.code, done.out.splitlines()) == (0, [
        "已下发 1 份，在 任务/issued；此前下发的 0 份没有变化。", "免报不下发的 1 家：史志办。",
    ])  # fmt: skip
    assert visible(made.place("issued")) == ["001-县直部门-财政局-2025.xlsx"]


def test_names_that_no_file_can_bear_are_made_to_fit(tmp_path: Path) -> None:
    names = ["甲/乙:丙", "CON", "长" * 120, "emoji😀<局>", "..", "一\u202e二"]
    collection_of(tmp_path / "任务", [member(name, at, "a/b") for at, name in enumerate(names)])
    assert gouji(tmp_path, "issue", "任务").code == 0
    made = visible(tmp_path / "任务" / "issued")
    assert len(made) == len(names)
    assert made[0] == "001-a_b-甲_乙_丙-2025.xlsx"
    assert all(len(name.encode()) <= 255 and not set(name) & set('/\\:*?"<>|') for name in made)


@pytest.mark.long
def test_prior_figures_that_change_are_told_and_issued_by_force(collection: Collection, tmp_path: Path) -> None:
    gouji(tmp_path, "issue", "任务")
    last = completed(
        FINANCE, {f"requests.{row}.other_org": 3 for row in ("carried_forward", "new_received")}, year=2024
    )
    at_time(tmp_path / "上年" / "a.xlsx", last, 1)
    told = gouji(tmp_path, "issue", "任务", "--prior", "上年")
    assert told.code == 1
    assert "名册或上年数有变、没有重新下发的 1 份：001-县直部门-财政局-2025.xlsx。" in told.out
    assert gouji(tmp_path, "issue", "任务", "--force").out.startswith("已下发 1 份，")
    path = collection.place("issued") / "001-县直部门-财政局-2025.xlsx"
    read = read_submission(path.read_bytes(), "", collection.forms)
    assert isinstance(read, Submission)
    assert {str(key): int(value) for key, value in read.values.items() if key.is_prior and value} == {
        "prior.requests.carried_forward.other_org": 3, "prior.requests.carried_forward.total": 3,
    }  # fmt: skip
    wrong = gouji(tmp_path, "issue", "任务", "--prior", "任务")
    assert (wrong.code, wrong.err.splitlines()[-2]) == (2, "错误：“任务”里没有一家的上年数可用，什么也没有下发。")
    # issued again without --prior, it keeps them
    path.unlink()
    assert gouji(tmp_path, "issue", "任务").out == "已下发 1 份，在 任务/issued；此前下发的 1 份没有变化。\n"


def test_another_source_of_last_years_figures_takes_the_place_of_a_wrong_one(
    collection: Collection, tmp_path: Path
) -> None:
    on = {f"requests.{row}.other_org": 99 for row in ("carried_forward", "new_received")}
    for at, who in enumerate((FINANCE, TOWN)):
        at_time(tmp_path / "错" / f"{at}.xlsx", completed(who, on, year=2024), at)
    at_time(tmp_path / "对" / "t.xlsx", completed(TOWN, {}, year=2024), 1)
    assert gouji(tmp_path, "issue", "任务", "--prior", "错").code == 0
    assert gouji(tmp_path, "issue", "任务", "--prior", "对", "--force").code == 0
    for name, expected in (("001-县直部门-财政局", {}), ("002-乡镇街道-柳林镇", {"0"})):
        read = read_submission((collection.place("issued") / f"{name}-2025.xlsx").read_bytes(), "", collection.forms)
        assert isinstance(read, Submission)
        values = {str(value) for key, value in read.values.items() if key.is_prior and value is not None}
        assert values == set(expected)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("year = 2025", "year = '2025'", "第 7 行：year 的写法不对。"),
        ("year = 2025", "year = 2019", "第 7 行：本报表自 2021 年度起使用，不能用于 2019 年度。"),
        ("due = 2026-01-31", 'due = "2026-1-31"', "第 13 行：due 的写法不对。"),
        ("due = 2026-01-31", "due = 2025-13-01", "第 13 行：第 11 个字符处：一项写完之后还有多余的内容。"),
        ("due = 2026-01-31", "due = 2024-01-31", "第 13 行：截止日期 2024-01-31 与 2025 年度不相称。"),
        ("due = 2026-01-31", "", "第 1 行：缺少 due。"),
        ('"roster.xlsx"', '"没有.csv"', "第 16 行：找不到名册“没有.csv”。"),
        ('"ogi-annual-report-2021"', '"ogi"', "第 4 行：没有叫“ogi”的报表，也没有这个文件。"),
        ("year = 2025", "yaer = 2025", "第 1 行：缺少 year。"),
    ],
)
def test_a_mistake_in_the_settings_is_told_by_its_line(
    old: str, new: str, said: str, collection: Collection, tmp_path: Path
) -> None:
    path = collection.folder / "collection.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    for command in ("issue", "status", "collect"):
        done = gouji(tmp_path, command, "任务")
        assert (done.code, done.out) == (2, "")
        told = [line.partition("] ")[2].removesuffix("。") for line in done.err.splitlines() if "[错误]" in line]
        assert said.removesuffix("。") in told


def test_a_folder_that_is_no_collection_is_told(tmp_path: Path) -> None:
    for command, more in (
        ("issue", ()),
        ("status", ()),
        ("accept", ("甲", "--why", "无")),
        ("originals", ("-o", "出")),
    ):
        done = gouji(tmp_path, command, ".", *more)
        assert (done.code, done.out) == (2, "")
        assert done.err.splitlines()[0] == "错误：“.”不是收集任务的文件夹（没有 collection.toml）。"


def test_a_roster_that_lies_there_already_is_not_passed_over(tmp_path: Path) -> None:
    begun = ("init", "任务", "--year", "2025", "--office", "办", "--due", "2026-01-31", "--roster", "名册.csv")
    (tmp_path / "名册.csv").write_text(f"单位名称,统一社会信用代码\n甲,{code(1)}\n", encoding="utf-8")
    assert gouji(tmp_path, *begun).code == 0
    (tmp_path / "任务" / "collection.toml").unlink()  # as if it had been killed before its last step
    assert gouji(tmp_path, *begun).code == 0
    (tmp_path / "任务" / "collection.toml").unlink()
    (tmp_path / "名册.csv").write_text(f"单位名称,统一社会信用代码\n乙,{code(2)}\n", encoding="utf-8")
    done = gouji(tmp_path, *begun)
    assert (done.code, done.err.splitlines()[0]) == (2, "错误：“任务/roster.xlsx”已经存在，没有覆盖。")
    nameless = gouji(tmp_path, "init", "别的", "--year", "2025", "--office", "\u200b", "--due", "2026-01-31")
    assert (nameless.code, (tmp_path / "别的").exists()) == (2, False)


def test_a_collection_is_never_made_over_another(collection: Collection, tmp_path: Path) -> None:
    before = collection.ledger.read_bytes()
    done = gouji(tmp_path, "init", "任务", "--year", "2026", "--office", "另一个办", "--due", "2027-01-31")
    assert (done.code, done.err.splitlines()[0]) == (2, "错误：“任务”已经是一个收集任务，没有改动。")
    assert collection.ledger.read_bytes() == before


def test_a_form_of_ones_own_is_copied_into_the_collection(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    source = built_in()["ogi-annual-report-2021"].read_text("utf-8").replace('code = "OGI2021"', 'code = "OWN1"')
    own.write_text(source.replace('id = "ogi-annual-report-2021"', 'id = "own"'), encoding="utf-8")
    done = gouji(
        tmp_path, "init", "任务", "--form", "own.toml", "--year", "2025", "--office", "办", "--due", "2026-01-31"
    )
    assert (done.code, "报表定义已抄入 任务/form.toml。" in done.out) == (0, True)
    own.unlink()
    write_whole(tmp_path / "任务" / "roster.csv", f"单位名称,统一社会信用代码\n甲,{code(1)}\n".encode(), force=False)
    settings = tmp_path / "任务" / "collection.toml"
    settings.write_text(settings.read_text("utf-8").replace("roster.xlsx", "roster.csv"), encoding="utf-8")
    assert gouji(tmp_path, "issue", "任务").code == 0
    path = tmp_path / "任务" / "issued" / "001-未分类-甲-2025.xlsx"
    read = gouji(tmp_path, "read", path, "--form", "任务/form.toml", "--json")
    assert read.document["form"] == "own"
