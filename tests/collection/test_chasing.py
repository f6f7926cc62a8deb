"""What goes back to agencies: marked copies with notices, reminders, acceptances - each once, each on the record."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.collection.making import at_time, code, collection_of, completed, filled_in, member
from tests.command.test_commands import gouji, visible
from toolkit.audit.submission import Submission
from toolkit.collection.folder import Collection
from toolkit.workbook.intake import read_submission

FINANCE = member("财政局", 1, contact="王五", phone="0358-1", email="w@x.cn")
HEALTH, TOWN, VILLAGE = member("卫健局", 2), member("柳林镇", 3, "乡镇街道"), member("石桥乡", 4, "乡镇街道")
WRONG = {"requests.new_received.natural_person": 3, "requests.granted.natural_person": 2}
DOUBTFUL = {"proactive.normative_documents.issued": 2, "proactive.normative_documents.in_force": 1}


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    """Four agencies: one with an error, one with a warning, two that have not filed."""
    made, _ = collection_of(tmp_path / "任务", [FINANCE, HEALTH, TOWN, VILLAGE])
    settings = made.folder / "collection.toml"
    text = settings.read_text("utf-8").replace('"""\n桐川县政务公开办公室\n"""', '"""\n联系人：李四\n电话：0358-9\n"""')
    settings.write_text(text, encoding="utf-8")
    at_time(made.place("inbox") / "错.xlsx", completed(FINANCE, WRONG), 1)
    at_time(made.place("inbox") / "疑.xlsx", completed(HEALTH, DOUBTFUL), 2)
    assert gouji(tmp_path, "collect", "任务").code == 1
    return made


def test_a_returned_file_is_marked_and_its_notice_says_all_there_is_to_do(
    collection: Collection, tmp_path: Path
) -> None:
    done = gouji(tmp_path, "return", "任务", "--date", "2026-01-20")
    assert (done.code, done.out, done.err) == (
        0, "退回 财政局：任务/returned/财政局-退回1.xlsx\n共退回 1 份，以前退回过的 0 份。\n", "",
    )  # fmt: skip
    assert visible(collection.place("returned")) == ["财政局-退回1.xlsx", "财政局-退回1通知.txt"]
    with closing(sqlite3.connect(collection.ledger)) as ledger:
        ((received,),) = ledger.execute("SELECT at FROM filing WHERE name = '财政局'")
        assert ledger.execute("SELECT file, text FROM notice").fetchall()[0][0] == "财政局-退回1.xlsx"
    year, month, day = received[:10].split("-")
    raw = (collection.place("returned") / "财政局-退回1通知.txt").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").split("\r\n") == [
        "财政局：",
        f"你单位报送的 2025 年度政府信息公开工作年度报告（{year} 年 {int(month)} 月 {int(day)} 日收到的“错.xlsx”）"
        "经审核有 1 处错误须改正，现予退回：",
        "1.【错误】表三依申请公开 D8（一、本年新收·自然人）：一、本年新收 3 + 二、上年结转 0 = 3，"
        "应等于（七）总计 2 + 四、结转下年度 0 = 2，差 +1。",
        "  怎样改：请核对该列的新收、结转和各项办理结果；每件申请只计入一种办理结果。",
        "请在退回件“财政局-退回1.xlsx”上改正标红的格，存盘后直接报回。"
        "请于 2026 年 1 月 31 日前（含当天）报送，还有 11 天。",
        "",
        "联系人：李四",
        "电话：0358-9",
        "2026 年 1 月 20 日",
        "",
    ]
    marked = load_workbook(collection.place("returned") / "财政局-退回1.xlsx")
    assert (marked.sheetnames[0], marked["表三依申请公开"]["D8"].fill.fgColor.rgb) == ("退回说明", "FFFF9999")


@pytest.mark.long
def test_it_is_returned_once_and_again_only_by_force_or_with_other_problems(
    collection: Collection, tmp_path: Path
) -> None:
    gouji(tmp_path, "return", "任务")
    again = gouji(tmp_path, "return", "任务")
    assert again.out.splitlines() == [
        "以前退回过，没有重写 财政局：任务/returned/财政局-退回1.xlsx", "共退回 0 份，以前退回过的 1 份。",
    ]  # fmt: skip
    with_warnings = gouji(tmp_path, "return", "任务", "--with-warnings")
    assert with_warnings.out.splitlines()[-1] == "共退回 1 份，以前退回过的 1 份。"
    notice = (collection.place("returned") / "卫健局-退回1通知.txt").read_text("utf-8-sig")
    assert "经审核有 1 处提示请核对，现予退回：" in notice
    at_time(collection.place("inbox") / "仍错.xlsx", completed(FINANCE, {**WRONG, "requests.granted.other_org": 1}), 3)
    gouji(tmp_path, "collect", "任务")
    assert gouji(tmp_path, "return", "任务").out.splitlines()[0] == "退回 财政局：任务/returned/财政局-退回2.xlsx"
    assert gouji(tmp_path, "return", "任务", "--force").out.splitlines()[-1] == "共退回 1 份，以前退回过的 0 份。"
    for path in collection.place("returned").iterdir():
        path.unlink()
    assert gouji(tmp_path, "return", "任务").out.splitlines()[-1] == "共退回 1 份，以前退回过的 0 份。"
    assert len(visible(collection.place("returned"))) == 2


def test_no_agency_is_told_of_anothers_file(tmp_path: Path) -> None:
    made, _ = collection_of(tmp_path / "任务", [FINANCE, HEALTH])
    same = {"requests.new_received.natural_person": 3, "requests.granted.natural_person": 3}
    at_time(made.place("inbox") / "a.xlsx", completed(FINANCE, same), 1)
    at_time(made.place("inbox") / "b.xlsx", completed(HEALTH, same), 2)
    gouji(tmp_path, "collect", "任务")
    assert gouji(tmp_path, "status", "任务", "--json").document["counts"]["warnings"] == 2  # type: ignore[index]
    done = gouji(tmp_path, "return", "任务", "--with-warnings")
    assert (done.code, done.out) == (0, "共退回 0 份，以前退回过的 0 份。\n")
    assert visible(made.place("returned")) == []


def test_the_copy_corrected_and_sent_back_passes(collection: Collection, tmp_path: Path) -> None:
    gouji(tmp_path, "return", "任务")
    copy = collection.place("returned") / "财政局-退回1.xlsx"
    at_time(collection.place("inbox") / "改.xlsx", filled_in(copy, {"requests.granted.natural_person": 3}), 3)
    done = gouji(tmp_path, "collect", "任务")
    assert (done.code, done.out.splitlines()[0]) == (0, "√ 已登记  财政局  改.xlsx 相符（取代此前 1 份）")
    assert gouji(tmp_path, "return", "任务").out == "共退回 0 份，以前退回过的 0 份。\n"


@pytest.mark.long
def test_a_reminder_lists_who_is_missing_in_a_table_a_workbook_and_texts(
    collection: Collection, tmp_path: Path
) -> None:
    gouji(tmp_path, "issue", "任务")
    done = gouji(tmp_path, "remind", "任务", "--date", "2026-01-31")
    assert (done.code, done.out.splitlines()) == (0, [
        "截止 2026-01-31（今天截止），待报 3 家。", "", "县直部门：退回 1", "  财政局  退回  王五  0358-1  w@x.cn", "",
        "乡镇街道：未报 2", "  柳林镇  未报", "  石桥乡  未报", "已生成 任务/reminders/催报-2026-01-31.xlsx。",
        "已生成 任务/reminders/催报-2026-01-31.txt。",
    ])  # fmt: skip
    texts = (collection.place("reminders") / "催报-2026-01-31.txt").read_bytes().decode("utf-8-sig")
    footer = "\n\n联系人：李四\n电话：0358-9\n2026 年 1 月 31 日\n"
    deadline = "请于 2026 年 1 月 31 日前（含当天）报送，今天就是截止日期。"
    report = "2025 年度政府信息公开工作年度报告"
    town = f"至今没有收到你单位的 {report}。请填写下发的工作簿“{{}}”后报送。{deadline}{footer}"
    assert [text.strip("\n") for text in texts.replace("\r\n", "\n").split("─" * 20)] == [
        f"县直部门各单位：\n{report}，有错误、还没有改正重报的有 1 家：财政局。{deadline}{footer}".strip("\n"),
        f"乡镇街道各单位：\n{report}，还没有报送的有 2 家：柳林镇、石桥乡。{deadline}{footer}".strip("\n"),
        f"财政局：\n你单位的 {report}经审核有错误，须改正后重报，至今没有收到改正后的报表。{deadline}{footer}".strip(
            "\n"
        ),
        f"柳林镇：\n{town}".format("003-乡镇街道-柳林镇-2025.xlsx").strip("\n"),
        f"石桥乡：\n{town}".format("004-乡镇街道-石桥乡-2025.xlsx").strip("\n"),
    ]
    sheet = load_workbook(collection.place("reminders") / "催报-2026-01-31.xlsx")["催报名单"]
    rows = [[cell.value for cell in row][:9] for row in sheet.iter_rows(min_row=2)]
    assert rows == [
        ["序号", "类别", "单位名称", "统一社会信用代码", "状态", "期限", "联系人", "电话", "邮箱"],
        [1, "县直部门", "财政局", code(1), "退回", "今天截止", "王五", "0358-1", "w@x.cn"],
        [2, "乡镇街道", "柳林镇", code(3), "未报", "今天截止", None, None, None],
        [3, "乡镇街道", "石桥乡", code(4), "未报", "今天截止", None, None, None],
    ]
    assert gouji(tmp_path, "remind", "任务", "--date", "2026-01-31").code == 0  # nothing has changed
    gouji(tmp_path, "collect", "任务", str(at_time(tmp_path / "x.xlsx", completed(TOWN, {}), 1)))
    changed = gouji(tmp_path, "remind", "任务", "--date", "2026-01-31")
    assert (changed.code, changed.err.splitlines()[0]) == (
        2, "错误：“任务/reminders/催报-2026-01-31.xlsx”已经存在，没有覆盖。",
    )  # fmt: skip
    gouji(tmp_path, "return", "任务")
    late = gouji(tmp_path, "remind", "任务", "--date", "2026-02-02").out.splitlines()
    texts = (collection.place("reminders") / "催报-2026-02-02.txt").read_text("utf-8-sig")
    assert re.search(r"你单位的 2025 年度政府信息公开工作年度报告已于 20\d\d 年 \d+ 月 \d+ 日退回，至今", texts)
    assert (late[0], late[5]) == ("截止 2026-01-31（逾期 2 天），待报 2 家。", "乡镇街道：逾期 1")


def test_nobody_is_reminded_when_all_have_filed(tmp_path: Path) -> None:
    made, _ = collection_of(tmp_path / "任务", [FINANCE])
    at_time(made.place("inbox") / "a.xlsx", completed(FINANCE, {}), 1)
    gouji(tmp_path, "collect", "任务")
    done = gouji(tmp_path, "remind", "任务")
    assert (done.code, done.out) == (0, "没有要催的：应报的都报了，退回的都重报了。\n")
    assert visible(made.place("reminders")) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("财政局", "--why", "算了"), "“财政局”有 1 处错误：表三依申请公开 D8"),
        (("柳林镇", "--why", "没事"), "“柳林镇”还没有报送，没有可以认可的。"),
        (("某局", "--why", "没事"), "没有“某局”这个单位或文件。"),
        (("卫健局", "--why", "  "), "没有写理由。"),
        (("卫健局", "--why", "没事", "--problem", "blank"), "“卫健局”没有 blank 的提示。"),
        (("财政局", "--why", "没事", "--problem", "requests.balance"), "“财政局”有 1 处错误：表三"),
    ],
)
def test_what_cannot_be_accepted_is_told(
    words: tuple[str, ...], said: str, collection: Collection, tmp_path: Path
) -> None:
    done = gouji(tmp_path, "accept", "任务", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"错误：{said}")
    with closing(sqlite3.connect(collection.ledger)) as ledger:
        assert ledger.execute("SELECT count(*) FROM acceptance").fetchone() == (0,)


def test_a_warning_is_accepted_with_who_when_and_why(collection: Collection, tmp_path: Path) -> None:
    done = gouji(
        tmp_path, "accept", "任务", code(2).lower(), "--why", "清理后重新认定", "--problem", "proactive.in_force_floor"
    )
    assert (done.code, done.out.splitlines()[0]) == (0, "已认可 1 条：")
    again = gouji(tmp_path, "accept", "任务", "卫健局", "--why", "再来")
    assert (again.code, again.err.splitlines()[0]) == (2, "错误：“卫健局”没有待认可的提示。")
    with closing(sqlite3.connect(collection.ledger)) as ledger:
        rows = ledger.execute("SELECT agency, code, why, message, at, who FROM acceptance").fetchall()
    ((agency, problem, why, message, at, who),) = rows
    assert (agency, problem, why) == (code(2), "proactive.in_force_floor", "清理后重新认定")
    assert message.startswith("表二主动公开 D6（行政规范性文件·现行有效件数）：")
    assert (len(at), bool(who)) == (25, True)
    document = gouji(tmp_path, "status", "任务", "--json").document
    assert document["counts"] == {
        "passed": 1, "warnings": 0, "returned": 1, "not-filed": 0, "overdue": 2, "exempt": 0,
    }  # fmt: skip


def test_open_warnings_keep_a_file_out_of_the_summary_until_accepted_or_wanted(
    collection: Collection, tmp_path: Path
) -> None:
    """The one with a warning issued 2 documents."""
    none = gouji(tmp_path, "summarize", "任务", "-o", "无.xlsx")
    assert (none.code, none.out.splitlines()[-1]) == (1, "没有可以汇总的报表，没有生成汇总。")
    assert "未收录 卫健局：有 1 条提示没有认可：表二主动公开 D6" in none.out
    wanted = gouji(tmp_path, "summarize", "任务", "-o", "甲.xlsx", "--with-warnings", "--json").document
    gouji(tmp_path, "accept", "任务", "卫健局", "--why", "属实")
    accepted = gouji(tmp_path, "summarize", "任务", "-o", "乙.xlsx", "--json").document
    for document in (wanted, accepted):
        values: Any = document["values"]
        assert (document["included"], values["proactive.normative_documents.issued"]) == (1, 2)
    with closing(sqlite3.connect(collection.ledger)) as ledger:
        assert ledger.execute("SELECT file, included, expected FROM summary ORDER BY id").fetchall() == [
            ("甲.xlsx", 1, 4), ("乙.xlsx", 1, 4),
        ]  # fmt: skip
        assert ledger.execute("SELECT summary, filing FROM summary_filing").fetchall() == [(1, 2), (2, 2)]


@pytest.mark.long
def test_a_file_that_is_nobodys_is_settled_by_its_hash(collection: Collection, tmp_path: Path) -> None:
    at_time(collection.place("inbox") / "通知.docx", b"not a workbook", 3)
    assert gouji(tmp_path, "collect", "任务").code == 1
    strays: Any = gouji(tmp_path, "status", "任务", "--json").document["unattributed"]
    (stray,) = strays
    assert (stray["file"], stray["problems"][0]["code"], stray["settled"]) == ("通知.docx", "not-a-workbook", None)
    assert gouji(tmp_path, "accept", "任务", stray["sha256"][:7], "--why", "是通知").code == 2
    told = gouji(tmp_path, "return", "任务")
    assert (told.code, told.err.startswith("归不到单位，不能退回：通知.docx：")) == (1, True)
    assert gouji(tmp_path, "accept", "任务", stray["sha256"][:8], "--why", "是通知").code == 0
    assert gouji(tmp_path, "accept", "任务", stray["sha256"][:8], "--why", "又来").code == 2
    settled: Any = gouji(tmp_path, "status", "任务", "--json").document["unattributed"]
    assert settled[0]["settled"] == "是通知"
    assert "归不到单位" not in gouji(tmp_path, "status", "任务").out


def test_status_prints_a_table_of_categories_and_agencies(collection: Collection, tmp_path: Path) -> None:
    done = gouji(tmp_path, "status", "任务", "--date", "2026-01-30", "--html", "进度.html")
    lines = done.out.splitlines()
    assert (done.code, lines[:6]) == (1, [
        "桐川县政务公开办公室  2025 年度政府信息公开工作年度报告  截止 2026-01-31（剩 1 天）",
        "",
        "类别      应报  已报·通过  已报·有提示  退回  未报  逾期  免报",
        "县直部门     2           0             1     1     0     0     0",
        "乡镇街道     2           0             0     0     2     0     0",
        "合计         4           0             1     1     2     0     0",
    ])  # fmt: skip
    assert [[word for word in line.split() if not word.startswith("20")] for line in lines[8:12]] == [
        ["财政局", "县直部门", "退回", "1"], ["卫健局", "县直部门", "已报·有提示", "1"],
        ["柳林镇", "乡镇街道", "未报"], ["石桥乡", "乡镇街道", "未报"],
    ]  # fmt: skip
    assert (tmp_path / "进度.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    again = gouji(tmp_path, "status", "任务", "--html", "进度.html")
    assert (again.code, again.err.splitlines()[0]) == (2, "错误：“进度.html”已经存在，没有覆盖。")


def test_a_damaged_form_is_returned_as_a_new_workbook_for_the_same_agency(tmp_path: Path) -> None:
    made, _ = collection_of(tmp_path / "任务", [FINANCE])
    path = at_time(tmp_path / "来.xlsx", completed(FINANCE, WRONG), 1)
    book = load_workbook(path)
    book["表三依申请公开"].delete_rows(12)
    book.save(path)
    gouji(tmp_path, "collect", "任务", "来.xlsx")
    assert gouji(tmp_path, "return", "任务").code == 0
    data = (made.place("returned") / "财政局-退回1.xlsx").read_bytes()
    read = read_submission(data, "", made.forms)
    assert isinstance(read, Submission)
    assert (read.agency.code, {problem.code for problem in read.problems}) == (code(1), {"blank"})
