"""The command `import` as a clerk calls it: what it prints, what it writes, how it exits."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command.test_commands import gouji
from tests.publish.composed import Composed, as_html, as_tabbed, composed, with_totals

PUBLISHED = Path(__file__).parents[2] / "samples" / "published"


def zero() -> dict[str, Decimal]:
    """A nil return: every typed cell 0."""
    from tests.publish.composed import COLUMNS, DISPUTES, OUTCOMES, PROACTIVE, REQUESTS

    names = [f"proactive.{row}.{column}" for _, _, columns, rows in PROACTIVE for row, _ in rows for column in columns]
    names += [f"requests.{row}.{column}" for row, *_ in REQUESTS for column in COLUMNS[:-1] if row != "total_handled"]
    names += [f"disputes.{row}.{column}" for row in DISPUTES for column in OUTCOMES[:-1]]
    return with_totals(dict.fromkeys(names, Decimal(0)))


def nil() -> Composed:
    return composed(zero())


def test_the_samples_are_told_whole(tmp_path: Path) -> None:
    done = gouji(tmp_path, "import", PUBLISHED, "-o", "上年报告")
    assert done.code == 1
    text, page = (PUBLISHED / name for name in ("01-桐川县水利局-2024.txt", "02-桐川县行政审批服务管理局-2024.html"))
    assert done.out.splitlines() == [
        f"× 有错误  桐川县水利局（样例） {text}",
        "  [错误] 第 52 行：“2.重复申请 1 0 0 0 0 0”：“总计”空白，不能确定前面的数有没有错位，没有填入。",
        "         → 请对照原件，在生成的工作簿里补填。",
        "  [说明] 第 19 行：表二的“行政规范性文件·本年废止件数”印的是「1（含自然失效1件）」，按 1 读取。",
        "         → 不必处理。",
        "  [错误] 表三依申请公开：有 6 个空白格（D24、E24、F24、G24、H24、I24），是 0 还是漏填不明。",
        "         → 请逐格填写，没有的填 0；或在该表上方“本表空白格均为零”选“是”。",
        "  [提示] 一、总体情况写“2024年共收到政府信息公开申请14件”，表三 一、本年新收·总计 是 12，"
        "一、本年新收·总计 12 + 二、上年结转·总计 1 = 13。",
        "         → 请核对文字和表格，改正其中一处；确是两回事的，不必处理。",
        "  [错误] 表四复议诉讼 E6（行政复议·总计）：合计格被改填为数字，总计 0，"
        "应等于结果维持 1 + 结果纠正 0 + 其他结果 0 + 尚未审结 0 = 1，差 -1。",
        "         → 总计由表格自动计算，请恢复原公式，并核对四种结果的数字。",
        "  2024 年度，落款 2025-01-14，填入 193 个数：上年报告/桐川县水利局（样例）-2024.xlsx",
        f"√ 相符  桐川县行政审批服务管理局（样例） {page}",
        "  2024 年度，落款 2025-01-22，填入 200 个数：上年报告/桐川县行政审批服务管理局（样例）-2024.xlsx",
        "共 2 份：相符 1，有提示 0，有错误 1，读不出 0。",
    ]


def test_the_workbook_checks_as_the_report_did_and_keeps_what_was_left_out_in_the_remarks(tmp_path: Path) -> None:
    assert gouji(tmp_path, "import", PUBLISHED / "01-桐川县水利局-2024.txt", "-o", "上年").code == 1
    checked = gouji(tmp_path, "check", "上年", "--json")
    files: Any = checked.document["files"]
    assert [problem["code"] for problem in files[0]["problems"]] == ["blank", "narrative-differs", "total-overwritten"]
    told: Any = gouji(tmp_path, "read", "上年/桐川县水利局（样例）-2024.xlsx", "--json").document
    assert told["remarks"] == {
        "proactive": "行政规范性文件·本年废止件数：含自然失效1件",
        "requests": "由公布的报告读入，下列数不能确定位置，没有填入：第 52 行“2.重复申请 1 0 0 0 0 0”",
    }
    assert told["values"]["requests.not_processed.repeated_request.natural_person"] is None
    assert told["values"]["proactive.normative_documents.repealed"] == 1
    book = openpyxl.load_workbook(tmp_path / "上年" / "桐川县水利局（样例）-2024.xlsx")
    assert book["表四复议诉讼"]["E6"].value == 0  # the total as it was published, not the formula
    assert str(book["表四复议诉讼"]["J6"].value).startswith("=")


def test_json_is_that_of_a_check_with_the_workbook_the_day_and_the_lines(tmp_path: Path) -> None:
    done = gouji(tmp_path, "import", PUBLISHED, "-o", "上年", "--json")
    assert (done.code, list(done.document)) == (1, ["form", "files", "totals"])
    assert done.document["totals"] == {"files": 2, "clean": 1, "warnings": 0, "errors": 1, "unreadable": 0}
    files: Any = done.document["files"]
    assert [(each["output"], each["signed"], each["placed"]) for each in files] == [
        ("上年/桐川县水利局（样例）-2024.xlsx", "2025-01-14", 193),
        ("上年/桐川县行政审批服务管理局（样例）-2024.xlsx", "2025-01-22", 200),
    ]
    first = files[0]["problems"][0]
    assert (first["code"], first["line"], first["sheet"], first["found"]) == (
        "unplaced", 52, None, "2.重复申请 1 0 0 0 0 0",
    )  # fmt: skip
    assert first["keys"][0] == "requests.not_processed.repeated_request.natural_person"


def test_agency_and_year_are_asked_for_where_the_report_does_not_tell_them(tmp_path: Path) -> None:
    report = replace(nil(), title=("年度报告",), signature=())
    (tmp_path / "a.txt").write_bytes(as_tabbed(report))
    asked = gouji(tmp_path, "import", "a.txt", "-o", "甲")
    assert asked.code == 1
    assert asked.out.splitlines() == [
        "× 有错误  a.txt",
        "  [错误] 封面 B4：没有填单位名称和代码。",
        "         → 报告的标题和落款里没有单位名称；请加 --agency 写明后重新读入，或在生成的工作簿封面补填。",
        "  [错误] 封面 B6：封面年度「」不是可用的年度。",
        "         → 报告的标题和落款里没有可用的年度；请加 --year 写明后重新读入，或在生成的工作簿封面补填。",
        "  未知 年度，填入 200 个数：甲/a.xlsx",
        "共 1 份：相符 0，有提示 0，有错误 1，读不出 0。",
    ]
    given = ("--agency", "桐川县水利局", "--code", "11149900MB0000009C", "--year", "2025")
    told = gouji(tmp_path, "import", "a.txt", "-o", "乙", *given)
    assert (told.code, told.out.splitlines()[0]) == (0, "√ 相符  桐川县水利局 a.txt")
    assert (tmp_path / "乙" / "桐川县水利局-2025.xlsx").is_file()


@pytest.mark.long
def test_what_is_given_does_not_overrule_the_year_a_report_bears(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(as_html(nil()))
    done = gouji(tmp_path, "import", "a.html", "-o", "甲", "--year", "2024", "--agency", "桐川县水利局")
    assert done.code == 1
    assert "  [错误] 报告写的是 2025 年度，不是 2024 年度；按报告填入。" in done.out.splitlines()
    assert (tmp_path / "甲" / "桐川县水利局-2025.xlsx").is_file()


@pytest.mark.long
def test_codes_come_from_a_roster_and_who_is_not_on_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "报告").mkdir()
    (tmp_path / "报告" / "a.txt").write_bytes(as_tabbed(nil()))
    other = replace(nil(), title=("桐川县林业局2025年政府信息公开工作年度报告",), signature=())
    (tmp_path / "报告" / "b.html").write_bytes(as_html(other))
    (tmp_path / "名册.csv").write_text("单位名称,统一社会信用代码\n桐川县水利局,11149900MB0000009C\n", encoding="utf-8")
    done = gouji(tmp_path, "import", "报告", "-o", "甲", "--roster", "名册.csv", "--json")
    files: Any = done.document["files"]
    assert [(each["agency"], [problem["code"] for problem in each["problems"]]) for each in files] == [
        ({"name": "桐川县水利局", "code": "11149900MB0000009C"}, []),
        ({"name": "桐川县林业局", "code": ""}, ["unknown-agency"]),
    ]


@pytest.mark.long
def test_reports_of_one_agency_get_workbooks_of_their_own_and_nothing_is_overwritten(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(as_tabbed(nil()))
    assert gouji(tmp_path, "import", "a.txt", "b.txt", "-o", "甲").code == 0
    names = ["桐川县水利局-2025-2.xlsx", "桐川县水利局-2025.xlsx"]
    assert sorted(path.name for path in (tmp_path / "甲").iterdir()) == names
    (tmp_path / "甲" / names[1]).write_text("我的", encoding="utf-8")
    again = gouji(tmp_path, "import", "b.txt", "-o", "甲")
    assert (again.code, again.out) == (2, "")
    assert again.err == (
        f"错误：“甲/{names[1]}”已经存在，没有覆盖，什么也没有写。\n请换一个文件夹；确要覆盖的，请加 --force。\n"
    )
    assert (tmp_path / "甲" / names[1]).read_text(encoding="utf-8") == "我的"
    assert gouji(tmp_path, "import", "b.txt", "-o", "甲", "--force").code == 0
    assert zipfile.is_zipfile(tmp_path / "甲" / names[1])


@pytest.mark.long
def test_an_archive_of_reports_is_read_and_what_is_no_report_is_called_what_it_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "收集.zip", "w") as archive:
        archive.writestr("水利局.txt", as_tabbed(nil()))
        archive.writestr("公告.txt", "本周六停电，请各单位做好准备。")
        archive.write(PUBLISHED.parent / "completed" / "05-温县科学技术局.xlsx", "工作簿.xlsx")
    done = gouji(tmp_path, "import", "收集.zip", "没有.docx", "-o", "甲", "--json")
    assert done.code == 2
    files: Any = done.document["files"]
    told = {each["file"]: ([problem["code"] for problem in each["problems"]], each["output"]) for each in files}
    assert told == {
        "收集.zip/水利局.txt": ([], "甲/桐川县水利局-2025.xlsx"),
        "收集.zip/公告.txt": (["not-a-report"], None),
        "收集.zip/工作簿.xlsx": (["not-a-report"], None),
        "没有.docx": (["missing"], None),
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["a.txt", "b.txt", "-o", "甲", "--agency", "水利局"], "--agency 和 --code 只能用于一份"),
        (["报告", "-o", "报告/甲"], "不能存到要读的文件夹“报告”里"),
        (["a.txt", "-o", "b.txt"], "“b.txt”不是文件夹"),
        (["a.txt", "-o", "甲", "--code", "甲乙"], "代码“甲乙”不能用"),
        (["a.txt", "-o", "甲", "--roster", "没有.csv"], "找不到名册"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_written(
    tmp_path: Path, words: list[str], told: str
) -> None:
    (tmp_path / "报告").mkdir()
    for name in ("a.txt", "b.txt", "报告/c.txt"):
        (tmp_path / name).write_bytes(as_tabbed(nil()))
    before = sorted(tmp_path.rglob("*"))
    done = gouji(tmp_path, "import", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert sorted(tmp_path.rglob("*")) == before
