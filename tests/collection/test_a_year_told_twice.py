"""The office's year, told twice: 2024 collected and summed up, then 2025 issued from it with two agencies merged, one
renamed, one new and one exempt; everything by the command, every figure added up by hand beside it."""

import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.collection.making import at_time, code, filled_in, roster_csv
from tests.command.test_commands import Done, gouji, visible

pytestmark = pytest.mark.long

FINANCE, EDUCATION, CULTURE, TOURISM, TOWN, NEW, HEIR = (code(number) for number in range(1, 8))
N, OTHER, F = "requests.{}.natural_person", "requests.{}.other_org", "proactive.normative_documents.{}"


def figures(new: int, carried: int, granted: int, on: int, other: int = 0, in_force: int = 0) -> dict[str, int]:
    """An agency's year: natural persons' applications new and carried in, granted and carried on; some other
    organisations' handled within the year; documents in force."""
    return {
        N.format("new_received"): new, N.format("carried_in"): carried, N.format("granted"): granted,
        N.format("carried_forward"): on, OTHER.format("new_received"): other, OTHER.format("granted"): other,
        F.format("in_force"): in_force,
    }  # fmt: skip


LAST_YEAR = {
    "财政局": figures(10, 0, 7, 3, in_force=12),
    "教育局": figures(4, 0, 4, 0, 2),
    "文化局": figures(6, 0, 1, 5, in_force=3),
    "旅游局": figures(3, 0, 1, 2, 1, in_force=4),
    "柳林镇人民政府": figures(0, 0, 0, 0),
}
THIS_YEAR = {
    "财政局": figures(8, 3, 10, 1, in_force=12),
    "教育和体育局": figures(1, 2, 3, 0),
    "文化和旅游局": figures(5, 7, 12, 0, 4, in_force=7),
    "数据局": figures(2, 0, 2, 0),
}


def line(name: str, number: str, category: str = "县直部门", **more: str) -> dict[str, str]:
    return {"单位名称": name, "统一社会信用代码": number, "类别": category, **more}


def begin(folder: Path, year: int, roster: list[dict[str, str]]) -> None:
    name = f"{year}年报"
    (folder / f"{year}.csv").write_bytes(roster_csv(roster))
    done = gouji(
        folder, "init", name, "--year", str(year), "--office", "桐川县政务公开办公室", "--due", f"{year + 1}-12-31",
        "--roster", f"{year}.csv",
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")


def issued(folder: Path, name: str) -> Path:
    (found,) = [path for path in folder.iterdir() if f"-{name}-" in path.name]
    return found


def standings(folder: Path, name: str) -> dict[str, str]:
    document: Any = gouji(folder, "status", name, "--json").document
    return {agency["name"]: agency["label"] for agency in document["agencies"]}


def agency(folder: Path, name: str, who: str) -> Any:
    document: Any = gouji(folder, "status", name, "--json").document
    return next(each for each in document["agencies"] if each["name"] == who)


def sums(parts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """By hand: every typed figure added up, 0 left out."""
    names = {name for each in parts.values() for name in each}
    added = {name: sum(each.get(name, 0) for each in parts.values()) for name in names}
    return {name: value for name, value in added.items() if value}


def typed_totals(done: Done) -> dict[str, int]:
    """The summary's typed figures that are not 0."""
    values: Any = done.document["values"]
    computed = re.compile(r"\.total(_handled)?(\.|$)")
    return {name: value for name, value in values.items() if not computed.search(name) and value not in (0, "0")}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2024, collected and summed up."""
    folder = tmp_path_factory.mktemp("两年")
    begin(folder, 2024, [
        line("财政局", FINANCE, 联系人="王五", 电话="0358-1"), line("教育局", EDUCATION), line("文化局", CULTURE),
        line("旅游局", TOURISM), line("柳林镇人民政府", TOWN, "乡镇街道"),
    ])  # fmt: skip
    done = gouji(folder, "issue", "2024年报")
    assert (done.code, done.out.splitlines()[0]) == (
        0, "已下发 5 份，在 2024年报/issued；此前下发的 0 份没有变化。",
    )  # fmt: skip
    for at, (name, filled) in enumerate(LAST_YEAR.items()):
        data = filled_in(issued(folder / "2024年报" / "issued", name), filled)
        at_time(folder / "2024年报" / "inbox" / f"微信文件{at}.xlsx", data, at)
    assert gouji(folder, "collect", "2024年报").code == 0
    assert standings(folder, "2024年报") == dict.fromkeys(LAST_YEAR, "已报·通过")
    done = gouji(folder, "summarize", "2024年报", "--json")
    assert (done.code, done.document["included"], typed_totals(done)) == (0, 5, sums(LAST_YEAR))
    return folder


def test_2025_is_issued_from_2024_and_told_to_its_end(told: Path) -> None:
    folder, task, name = told, told / "2025年报", "2025年报"
    begin(folder, 2025, [
        line("财政局", FINANCE, 联系人="王五", 电话="0358-1"),
        line("教育和体育局", EDUCATION),
        line("文化和旅游局", HEIR, 前身单位=f"{CULTURE}、{TOURISM}"),
        line("数据局", NEW),
        line("柳林镇人民政府", TOWN, "乡镇街道", 免报="是", 免报理由="撤销建制"),
    ])  # fmt: skip
    done = gouji(folder, "issue", name, "--prior", "2024年报")
    assert (done.code, done.out) == (
        0, "已下发 4 份，在 2025年报/issued；此前下发的 0 份没有变化。\n免报不下发的 1 家：柳林镇人民政府。\n",
    )  # fmt: skip
    assert done.err == "上年数：3 家有，1 家没有。\n没有上年数的：数据局。\n上年数由前身单位接过来的：文化和旅游局。\n"
    assert visible(task / "issued") == [
        "001-县直部门-财政局-2025.xlsx", "002-县直部门-教育和体育局-2025.xlsx", "003-县直部门-文化和旅游局-2025.xlsx",
        "004-县直部门-数据局-2025.xlsx",
    ]  # fmt: skip
    assert prior(task, "财政局") == (3, 12)
    assert prior(task, "教育和体育局") == (0, 0)  # renamed, the same code
    assert prior(task, "文化和旅游局") == (5 + 2, 3 + 4)  # merged: both carried on
    assert prior(task, "数据局") == (None, None)

    inbox = task / "inbox"
    at_time(inbox / "a.xlsx", filled_in(issued(task / "issued", "财政局"), THIS_YEAR["财政局"]), 1)
    unexplained = filled_in(issued(task / "issued", "教育和体育局"), THIS_YEAR["教育和体育局"])
    at_time(inbox / "b.xlsx", unexplained, 2)
    wrong = {**THIS_YEAR["文化和旅游局"], N.format("granted"): 11}
    at_time(inbox / "c.xlsx", filled_in(issued(task / "issued", "文化和旅游局"), wrong), 3)
    done = gouji(folder, "collect", name)
    assert done.code == 1
    assert done.out.splitlines() == [
        "√ 已登记  财政局  a.xlsx 相符",
        "× 已登记  教育和体育局  b.xlsx 有错误（错误 1 处）",
        "× 已登记  文化和旅游局  c.xlsx 有错误（错误 1 处）",
        "共 3 份：登记 3 份，已收过 0 份，未登记 0 份。",
        "应报 4 家，没有报的 1 家；已报·通过 1，退回 2。",
    ]
    (problem,) = agency(folder, name, "教育和体育局")["problems"]
    assert (problem["code"], problem["expected"], problem["found"]) == ("requests.carry_over", 0, 2)
    refused = gouji(folder, "accept", name, EDUCATION, "--why", "知道了")
    assert (refused.code, "错误不能认可" in refused.err) == (2, True)

    returned = gouji(folder, "return", name)
    assert (returned.code, returned.out.splitlines()[-1]) == (0, "共退回 2 份，以前退回过的 0 份。")
    assert gouji(folder, "return", name).out.splitlines()[-1] == "共退回 0 份，以前退回过的 2 份。"
    notice = (task / "returned" / "003-县直部门-文化和旅游局-2025-退回1通知.txt").read_text("utf-8-sig")
    assert "一、本年新收 5 + 二、上年结转 7 = 12，应等于（七）总计 11 + 四、结转下年度 0 = 11，差 +1。" in notice
    reminded = gouji(folder, "remind", name, "--date", "2026-12-29").out.splitlines()
    assert reminded[:6] == [
        "截止 2026-12-31（剩 2 天），待报 3 家。", "", "县直部门：退回 2，未报 1", "  教育和体育局  退回",
        "  文化和旅游局  退回", "  数据局        未报",
    ]  # fmt: skip

    explained = {"requests.carry_over": "体育局划入时带来 2 件"}
    data = filled_in(issued(task / "issued", "教育和体育局"), THIS_YEAR["教育和体育局"], explained)
    at_time(inbox / "教育.xlsx", data, 4)
    at_time(inbox / "文旅改.xlsx", correct(task / "returned" / "003-县直部门-文化和旅游局-2025-退回1.xlsx"), 5)
    done = gouji(folder, "collect", name)
    assert done.out.splitlines()[:2] == [
        "○ 已登记  教育和体育局  教育.xlsx 有提示（提示 1 处；取代此前 1 份）",
        "√ 已登记  文化和旅游局  文旅改.xlsx 相符（取代此前 1 份）",
    ]
    assert standings(folder, name)["教育和体育局"] == "已报·有提示"
    assert gouji(folder, "accept", name, EDUCATION, "--why", "已核实划转").code == 0
    accepted = agency(folder, name, "教育和体育局")
    assert [(each["code"], each["why"]) for each in accepted["accepted"]] == [("requests.carry_over", "已核实划转")]
    assert (accepted["label"], len(accepted["history"])) == ("已报·通过", 2)

    draft = gouji(folder, "summarize", name, "--json", "-o", "初稿.xlsx")
    without = {who: each for who, each in THIS_YEAR.items() if who != "数据局"}
    assert (draft.document["included"], typed_totals(draft)) == (3, sums(without))
    assert draft.document["missing"] == [{"name": "数据局", "code": NEW}]

    settings = task / "collection.toml"
    settings.write_text(settings.read_text("utf-8").replace("2026-12-31", "2026-01-31"), encoding="utf-8")
    assert standings(folder, name)["数据局"] == "逾期"
    at_time(inbox / "d.xlsx", filled_in(issued(task / "issued", "数据局"), THIS_YEAR["数据局"]), 6)
    assert gouji(folder, "collect", name).code == 0
    assert (agency(folder, name, "数据局")["late"], agency(folder, name, "数据局")["label"]) == (True, "已报·通过")

    done = gouji(folder, "summarize", name, "--json")
    assert (done.code, done.document["included"], typed_totals(done)) == (0, 4, sums(THIS_YEAR))
    totals: Any = done.document["values"]
    assert totals["requests.total_handled.total"] == 10 + 3 + 12 + 2 + 4
    shown = load_workbook(task / "summary" / "汇总-2025.xlsx")["汇总表"]["A2"].value
    assert str(shown).startswith("收录 4/4；")
    assert standings(folder, name) == {**dict.fromkeys(THIS_YEAR, "已报·通过"), "柳林镇人民政府": "免报"}


def test_figures_changed_after_they_were_accepted_want_to_be_accepted_again(told: Path) -> None:
    folder, task, name = told, told / "再办", "再办"
    begin_again = [line("财政局", FINANCE)]
    (folder / "再办.csv").write_bytes(roster_csv(begin_again))
    assert gouji(folder, "init", name, "--year", "2025", "--office", "办", "--due", "2027-01-31", "--roster", "再办.csv"
                 ).code == 0  # fmt: skip
    assert gouji(folder, "issue", name, "--prior", "2024年报/summary/汇总-2024.xlsx").code == 0
    assert prior(task, "财政局") == (3, 12)
    blank = issued(task / "issued", "财政局")
    why = {"requests.carry_over": "少计一件"}
    at_time(task / "inbox" / "一.xlsx", filled_in(blank, figures(5, 2, 7, 0, in_force=12), why), 1)
    assert gouji(folder, "collect", name).code == 0
    assert gouji(folder, "accept", name, "财政局", "--why", "属实").code == 0
    assert standings(folder, name) == {"财政局": "已报·通过"}
    at_time(task / "inbox" / "二.xlsx", filled_in(blank, figures(5, 2, 7, 0, in_force=12), why, people="赵六"), 2)
    assert gouji(folder, "collect", name).code == 0
    assert standings(folder, name) == {"财政局": "已报·通过"}  # another file with the same figures
    other = {"requests.carry_over": "不知道"}
    at_time(task / "inbox" / "二改.xlsx", filled_in(blank, figures(5, 2, 7, 0, in_force=12), other), 2)
    assert gouji(folder, "collect", name).code == 0
    assert standings(folder, name) == {"财政局": "已报·有提示"}  # the same figures, explained otherwise
    at_time(task / "inbox" / "三.xlsx", filled_in(blank, figures(6, 2, 8, 0, in_force=12), why), 3)
    assert gouji(folder, "collect", name).code == 0
    now = agency(folder, name, "财政局")
    assert (now["label"], [each["why"] for each in now["lapsed"]], now["accepted"]) == ("已报·有提示", ["属实"], [])


def prior(task: Path, name: str) -> tuple[int | None, int | None]:
    """Last year's carried forward and in force, as they stand locked in the issued workbook, read by openpyxl."""
    workbook = load_workbook(issued(task / "issued", name))
    found = []
    for key in ("prior.requests.carried_forward.natural_person", "prior.proactive.normative_documents.in_force"):
        sheet, cell = next(iter(workbook.defined_names[key].destinations))
        at = workbook[sheet][cell.replace("$", "")]
        assert at.protection.locked
        found.append(at.value)
    return found[0], found[1]


def correct(path: Path) -> bytes:
    """The returned copy with its one mistake mended."""
    return filled_in(path, {N.format("granted"): 12})


def test_what_the_ledger_says_can_be_read_by_any_program(told: Path) -> None:
    with closing(sqlite3.connect(told / "2024年报" / "ledger.sqlite3")) as ledger:
        rows = ledger.execute("SELECT name, json_extract(figures, ?) FROM filing", ('$."requests.granted.total"',))
        assert {name: int(value) for name, value in rows} == {
            "财政局": 7, "教育局": 6, "文化局": 1, "旅游局": 2, "柳林镇人民政府": 0,
        }  # fmt: skip
        assert json.loads(ledger.execute("SELECT problems FROM filing").fetchone()[0]) == []
