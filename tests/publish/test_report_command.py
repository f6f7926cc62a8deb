"""The command `report`: what it writes, what it refuses, what it says, how it exits."""

import os
import subprocess
import sys
from decimal import Decimal
from functools import cache
from pathlib import Path

import docx
import pytest
from lxml import html
from openpyxl import load_workbook

from tests.collection.making import member, roster_csv
from tests.command.test_commands import TOP, Done, gouji
from tests.official import ALL_ZERO, filled, key, official
from tests.publish.printouts import figures_of, word_tables
from toolkit.audit.submission import Agency
from toolkit.workbook.template import Filling, Issue, template_bytes

FIRST, SECOND, THIRD = (member(name, number) for name, number in (("甲局", 1), ("乙局", 2), ("丙局", 3)))
NAMESAKE = member("甲局", 4)
UPHELD = "disputes.review.upheld"


@cache
def files() -> dict[str, bytes]:
    """Three agencies' workbooks, the third with a table left blank; some again in a folder, with a namesake."""
    return {
        "a.xlsx": workbook(FIRST.agency, {UPHELD: 2}),
        "b.xlsx": workbook(SECOND.agency, {UPHELD: 3}),
        "c.xlsx": workbook(THIRD.agency, {UPHELD: 40}, ("proactive", "requests")),
        "warned.xlsx": workbook(THIRD.agency, {"proactive.gov_rules.issued": 1}),
        "unwritten.xlsx": filled({}, ALL_ZERO, Issue(FIRST.agency, 2025)),
        "sent/a.xlsx": workbook(FIRST.agency, {UPHELD: 2}),
        "sent/b.xlsx": workbook(NAMESAKE.agency, {UPHELD: 5}),
        "sent/c.xlsx": workbook(THIRD.agency, {UPHELD: 40}, ("proactive", "requests")),
    }


def workbook(who: Agency, figures: dict[str, int], zero: tuple[str, ...] = ALL_ZERO) -> bytes:
    """A workbook of 2025 with its prose written."""
    told = {"overview": "总体情况。", "problems": "问题。", "other": "无。"}
    numbers = {key(name): Decimal(value) for name, value in figures.items()}
    return template_bytes(official(), Issue(who, 2025), Filling(numbers, zero, told))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The workbooks, and a roster of the three agencies."""
    (tmp_path / "sent").mkdir()
    for name, data in files().items():
        (tmp_path / name).write_bytes(data)
    rows = [
        {"单位名称": each.agency.name, "统一社会信用代码": each.agency.code, "类别": "县直部门"}
        for each in (FIRST, SECOND, THIRD)
    ]
    (tmp_path / "名册.csv").write_bytes(roster_csv(rows))
    return tmp_path


def told(done: Done) -> tuple[int, str, str]:
    return done.code, done.out, done.err


def paragraphs(path: Path) -> list[str]:
    return [each.text for each in docx.Document(str(path)).paragraphs]


def upheld(path: Path) -> str:
    """The first figure of the last table."""
    return figures_of(word_tables(path.read_bytes())[2])[0]


def test_a_sound_workbook_becomes_its_report(folder: Path) -> None:
    assert told(gouji(folder, "report", "a.xlsx", "-o", "a.docx", "--date", "2026-01-20")) == (
        0,
        "已生成 a.docx。\n",
        "",
    )
    assert paragraphs(folder / "a.docx") == [
        "甲局\n2025年政府信息公开工作年度报告", "一、总体情况", "总体情况。", "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况", "问题。", "六、其他需要报告的事项", "无。", "甲局", "2026年1月20日",
    ]  # fmt: skip
    assert upheld(folder / "a.docx") == "2"


@pytest.mark.long
def test_the_ending_of_the_name_says_what_is_written(folder: Path) -> None:
    assert gouji(folder, "report", "a.xlsx", "-o", "新/a.HTML").code == 0
    page = html.fromstring((folder / "新" / "a.HTML").read_bytes().decode("utf-8"))
    assert page.findtext(".//title") == "甲局2025年政府信息公开工作年度报告"
    assert told(gouji(folder, "report", "a.xlsx", "-o", "a.pdf")) == (
        2, "", "错误：“a.pdf”不是 .docx 或 .html。\n请给 -o 写一个以 .docx 或 .html 结尾的文件名。\n",
    )  # fmt: skip


@pytest.mark.long
def test_the_same_workbook_gives_the_same_bytes(folder: Path) -> None:
    for kind in ("docx", "html"):
        for name, seed, zone in (("1", "1", "UTC"), ("2", "77", "Asia/Shanghai")):
            environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONHASHSEED": seed, "TZ": zone}
            command = [sys.executable, "-m", "toolkit", "report", "a.xlsx", "-o", f"{name}.{kind}"]
            subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        assert (folder / f"1.{kind}").read_bytes() == (folder / f"2.{kind}").read_bytes()


def without(missing: str, folder: Path, *words: str) -> tuple[int, str, str]:
    """The command where a library is not installed: its exit code, and what it said."""
    program = f"import sys; sys.modules['{missing}'] = None; from toolkit.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=folder, env={**os.environ, "PYTHONPATH": str(TOP)},
        capture_output=True,
    )  # fmt: skip
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.long
@pytest.mark.parametrize("missing", ["docx", "lxml", "pdfplumber"])
def test_a_page_needs_nothing_of_the_documents_extra(missing: str, folder: Path) -> None:
    assert without(missing, folder, "report", "a.xlsx", "-o", "a.html") == (0, "已生成 a.html。\n", "")
    code, told, _ = without(missing, folder, "report", "a.xlsx", "--all", "报告", "--format", "html")
    assert (code, told) == (0, "已生成 报告/甲局-2025.html。\n共生成 1 份，未生成 0 份。\n")
    assert without(missing, folder, "--help")[0] == without(missing, folder, "report", "--help")[0] == 0


@pytest.mark.long
@pytest.mark.parametrize("missing", ["docx", "lxml"])
@pytest.mark.parametrize("words", [("c.xlsx", "-o", "a.docx"), ("sent", "--all", "报告")])
def test_without_the_library_a_word_document_is_refused_before_anything_is_read(
    words: tuple[str, ...], missing: str, folder: Path
) -> None:
    before = sorted(folder.rglob("*"))
    assert without(missing, folder, "report", *words) == (
        2,
        "",
        "错误：这里没有安装 python-docx，写不出 Word 文档。\n"
        "请运行：pip install 'gouji-toolkit[documents]'；或者出网页：-o 写成 .html，--all 加 --format html。\n",
    )
    assert sorted(folder.rglob("*")) == before


def test_a_workbook_with_errors_is_refused_and_its_problems_are_told(folder: Path) -> None:
    done = gouji(folder, "report", "c.xlsx", "-o", "c.docx")
    assert told(done) == (
        1,
        "× 有错误  丙局 c.xlsx\n"
        "  [错误] 表四复议诉讼：有 11 个空白格（B6、C6、D6、F6、G6、H6 等），是 0 还是漏填不明。\n"
        "         → 请逐格填写，没有的填 0；或在该表上方“本表空白格均为零”选“是”。\n"
        "有错误，没有生成报告。请改正后再运行；要先看样子的，请加 --draft，每页印有“草稿”。\n",
        "",
    )
    assert not (folder / "c.docx").exists()


def test_a_draft_is_made_all_the_same_and_marked(folder: Path) -> None:
    done = gouji(folder, "report", "c.xlsx", "-o", "c.docx", "--draft")
    assert (done.code, done.out.splitlines()[0], done.out.splitlines()[-1]) == (
        1, "× 有错误  丙局 c.xlsx", "已生成 c.docx。",
    )  # fmt: skip
    assert [each.text for each in docx.Document(str(folder / "c.docx")).sections[0].header.paragraphs] == ["草稿"]
    assert upheld(folder / "c.docx") == "40"
    (blank,) = {cell.text for cell in word_tables((folder / "c.docx").read_bytes())[2] if cell.top == 3} - {"40"}
    assert blank == ""


def test_warnings_are_told_and_refuse_nothing(folder: Path) -> None:
    done = gouji(folder, "report", "warned.xlsx", "-o", "w.html")
    assert done.code == 0
    first, warning, _, last = done.out.splitlines()
    assert (first, warning[:8], last) == ("○ 有提示  丙局 warned.xlsx", "  [提示] 表", "已生成 w.html。")


def test_prose_that_is_missing_is_said_and_marked(folder: Path) -> None:
    assert told(gouji(folder, "report", "unwritten.xlsx", "-o", "u.docx")) == (
        0,
        "已生成 u.docx。\n",
        "“一、总体情况”没有内容，请补写。\n“五、存在的主要问题及改进情况”没有内容，请补写。\n"
        "“六、其他需要报告的事项”没有内容，请补写。\n",
    )
    assert paragraphs(folder / "u.docx").count("（请补写。）") == 3


def test_a_file_that_cannot_be_read_says_why(folder: Path) -> None:
    assert told(gouji(folder, "report", "名册.csv", "-o", "x.html", "--draft")) == (
        1,
        "× 读不出  名册.csv\n  [错误] 这是用逗号或制表符分隔的文本（CSV），不是 Excel 工作簿。\n"
        "         → 请报送下发的 .xlsx 工作簿，不要改扩展名，也不要另存为其他格式。\n有错误，没有生成报告。\n",
        "",
    )


def test_nothing_is_overwritten_unless_by_force(folder: Path) -> None:
    (folder / "a.docx").write_bytes(b"mine")
    assert told(gouji(folder, "report", "c.xlsx", "-o", "a.docx")) == (
        2, "", "错误：“a.docx”已经存在，没有覆盖。\n请换一个文件名；确要覆盖的，请加 --force。\n",
    )  # fmt: skip
    assert (folder / "a.docx").read_bytes() == b"mine"
    assert gouji(folder, "report", "a.xlsx", "-o", "a.docx", "--force").code == 0
    assert upheld(folder / "a.docx") == "2"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("a.xlsx",), "-o 和 --all 要写一个，也只能写一个。"),
        (("a.xlsx", "-o", "x.docx", "--all", "x"), "-o 和 --all 要写一个，也只能写一个。"),
        (("没有.xlsx", "-o", "x.docx"), "找不到文件或文件夹“没有.xlsx”。"),
        (("sent", "-o", "x.docx"), "“sent”不是一个工作簿。"),
        (("a.xlsx", "-o", "x.docx", "--format", "html"), "--format 只与 --all 同用。"),
        (("a.xlsx", "-o", "x.docx", "--date", "2026-02-30"), "'2026-02-30'"),
        (("a.xlsx", "-o", "x.docx", "--office", "县"), "只用于汇总报告，这是一个单位的工作簿。"),
        (("sent", "--all", "x", "--office", "县"), "只用于汇总报告。"),
        (("sent", "--all", "sent/x"), "报告不能放在“sent”里，下次会当成收回的工作簿。"),
        (("sent", "--all", "a.xlsx"), "“a.xlsx”不是文件夹。"),
    ],
)
def test_what_is_called_wrongly_is_refused_in_a_sentence(words: tuple[str, ...], why: str, folder: Path) -> None:
    before = sorted(path.name for path in folder.rglob("*"))
    done = gouji(folder, "report", *words)
    assert (done.code, done.out) == (2, "")
    assert why in done.err
    assert sorted(path.name for path in folder.rglob("*")) == before


def summed(folder: Path, *words: str) -> None:
    merged = ("merge", "a.xlsx", "b.xlsx", "-o", "汇总.xlsx", "--roster", "名册.csv")
    assert gouji(folder, *merged, *words).code in (0, 1)


@pytest.mark.long
def test_a_summary_becomes_the_consolidated_report(folder: Path) -> None:
    summed(folder, "--office", "桐川县政府办")
    (folder / "文字.txt").write_text("{unit}应报 {expected} 家，复议 {disputes.review.total} 件。\n", encoding="utf-8")
    done = gouji(folder, "report", "汇总.xlsx", "-o", "汇.docx", "--wording", "文字.txt", "--date", "2026-03-20")
    assert told(done) == (
        0,
        "未报或下级未收录 丙局\n"
        "收到文件 2 份，收录 2 家，未收录 0 份；名册共 3 家，未报或下级未收录 1 家。\n已生成 汇.docx。\n",
        "“五、存在的主要问题及改进情况”没有内容，请补写。\n“六、其他需要报告的事项”没有内容，请补写。\n",
    )
    assert [text for text in paragraphs(folder / "汇.docx") if not text[:2].endswith("、")] == [
        "桐川县政府办\n2025年政府信息公开工作年度报告", "桐川县政府办应报 3 家，复议 5 件。",
        "（请补写。）", "（请补写。）", "桐川县政府办", "2026年3月20日",
    ]  # fmt: skip
    assert upheld(folder / "汇.docx") == "5"


@pytest.mark.long
def test_a_summary_that_names_no_unit_wants_one(folder: Path) -> None:
    summed(folder)
    assert told(gouji(folder, "report", "汇总.xlsx", "-o", "汇.docx")) == (
        2, "", "错误：汇总工作簿里没有写汇总单位，不知道是谁的报告。\n请用 --office 写明单位名称。\n",
    )  # fmt: skip
    assert gouji(folder, "report", "汇总.xlsx", "-o", "汇.docx", "--office", "桐川县").code == 0
    assert paragraphs(folder / "汇.docx")[0] == "桐川县\n2025年政府信息公开工作年度报告"
    assert paragraphs(folder / "汇.docx")[2].startswith("主动公开方面，2025 年制发规章 0 件")


@pytest.mark.long
def test_a_summary_that_counts_errors_is_refused_unless_for_a_draft(folder: Path) -> None:
    assert gouji(folder, "merge", "a.xlsx", "c.xlsx", "-o", "汇总.xlsx", "--include-broken", "--office", "县").code == 1
    done = gouji(folder, "report", "汇总.xlsx", "-o", "汇.docx")
    assert (done.code, done.out.splitlines()[-1]) == (
        1, "汇总里有 1 家有错误，没有生成报告。请改正后再运行；要先看样子的，请加 --draft，每页印有“草稿”。",
    )  # fmt: skip
    assert not (folder / "汇.docx").exists()
    draft = gouji(folder, "report", "汇总.xlsx", "-o", "汇.docx", "--draft")
    assert (draft.code, draft.out.splitlines()[-1]) == (1, "已生成 汇.docx。")
    assert upheld(folder / "汇.docx") == "42"


@pytest.mark.long
def test_a_summary_whose_detail_was_put_out_of_balance_is_refused(folder: Path) -> None:
    summed(folder, "--office", "县")
    break_the_balance(folder / "汇总.xlsx")
    done = gouji(folder, "report", "汇总.xlsx", "-o", "汇.docx")
    assert (done.code, done.out.splitlines()[0], done.out.splitlines()[-1]) == (
        1, "× 有错误  甲局 汇总.xlsx/a.xlsx",
        "汇总里有 1 家有错误，没有生成报告。请改正后再运行；要先看样子的，请加 --draft，每页印有“草稿”。",
    )  # fmt: skip
    assert not (folder / "汇.docx").exists()


def break_the_balance(path: Path) -> None:
    """Type 9 new applications, of which nothing became, into the detail of a summary."""
    book = load_workbook(path)
    sheet = book["明细"]
    heads = [cell for row in sheet.iter_rows(max_row=12) for cell in row if cell.value == "自然人"]
    first = min((cell for cell in heads), key=lambda cell: cell.column)
    assert sheet.cell(first.row - 1, first.column).value == "一、本年新收"
    sheet.cell(first.row + 1, first.column).value = 9
    book.save(path)


@pytest.mark.long
def test_each_workbook_of_a_folder_becomes_a_report_and_namesakes_are_kept_apart(folder: Path) -> None:
    done = gouji(folder, "report", "sent", "--all", "报告")
    assert done.code == 1
    assert done.out.splitlines()[-4:] == [
        "未生成 sent/c.xlsx：有错误；要先看样子的，请加 --draft。",
        "已生成 报告/甲局-2025.docx。", "已生成 报告/甲局-2025-2.docx。", "共生成 2 份，未生成 1 份。",
    ]  # fmt: skip
    assert upheld(folder / "报告" / "甲局-2025.docx") == "2"
    assert upheld(folder / "报告" / "甲局-2025-2.docx") == "5"
    assert sorted(path.name for path in (folder / "报告").iterdir()) == ["甲局-2025-2.docx", "甲局-2025.docx"]


@pytest.mark.long
def test_where_one_of_many_reports_exists_none_is_written(folder: Path) -> None:
    (folder / "报告").mkdir()
    (folder / "报告" / "甲局-2025-2.html").write_bytes(b"mine")
    done = gouji(folder, "report", "sent", "--all", "报告", "--format", "html")
    assert told(done) == (
        2, "", "错误：“报告/甲局-2025-2.html”已经存在，没有覆盖。\n请换一个文件名；确要覆盖的，请加 --force。\n",
    )  # fmt: skip
    assert [path.read_bytes() for path in (folder / "报告").iterdir()] == [b"mine"]


@pytest.mark.long
def test_drafts_of_all_are_made_too(folder: Path) -> None:
    done = gouji(folder, "report", "sent", "--all", "报告", "--draft")
    assert (done.code, done.out.splitlines()[-1]) == (1, "共生成 3 份，未生成 0 份。")
    for path in (folder / "报告").iterdir():
        assert [each.text for each in docx.Document(str(path)).sections[0].header.paragraphs] == ["草稿"]


@pytest.mark.long
def test_the_same_workbook_twice_gives_one_report(folder: Path) -> None:
    (folder / "sent" / "c.xlsx").write_bytes((folder / "sent" / "a.xlsx").read_bytes())
    done = gouji(folder, "report", "sent", "--all", "报告")
    assert (done.code, done.out.splitlines()[-4:]) == (
        0,
        ["未生成 sent/c.xlsx：同一单位的另一份与它相同。", "已生成 报告/甲局-2025.docx。",
         "已生成 报告/甲局-2025-2.docx。", "共生成 2 份，未生成 1 份。"],
    )  # fmt: skip


@pytest.mark.long
def test_agencies_of_a_summary_have_no_prose_to_report(folder: Path) -> None:
    summed(folder)
    done = gouji(folder, "report", "汇总.xlsx", "--all", "报告")
    assert told(done) == (
        1,
        "未生成 汇总.xlsx/a.xlsx：这是汇总工作簿里的一家，没有文字部分；请用单位自己的工作簿。\n"
        "未生成 汇总.xlsx/b.xlsx：这是汇总工作簿里的一家，没有文字部分；请用单位自己的工作簿。\n"
        "共生成 0 份，未生成 2 份。\n",
        "",
    )
    assert not (folder / "报告").exists()


@pytest.fixture
def collection(folder: Path) -> Path:
    """A collection: two agencies have filed, one of them with errors, the third has not."""
    begun = (
        "init",
        "年报",
        "--year",
        "2025",
        "--office",
        "桐川县政府办",
        "--due",
        "2027-01-31",
        "--roster",
        "名册.csv",
    )
    assert gouji(folder, *begun).code == 0
    assert gouji(folder, "collect", "年报", "a.xlsx", "c.xlsx").code == 1
    return folder


@pytest.mark.long
def test_a_collection_becomes_the_consolidated_report_of_what_it_counts(collection: Path) -> None:
    done = gouji(collection, "report", "年报", "-o", "年.docx")
    assert done.code == 1
    assert done.out.splitlines() == [
        "未收录 c.xlsx：有 1 处错误：表四复议诉讼：有 11 个空白格（B6、C6、D6、F6、G6、H6 等），是 0 还是漏填不明。",
        "未报 乙局",
        "收录 1/3；收到文件 2 份，收录 1 家，未收录 1 份；名册共 3 家，未报 1 家。",
        "已生成 年.docx。",
    ]
    assert paragraphs(collection / "年.docx")[0] == "桐川县政府办\n2025年政府信息公开工作年度报告"
    assert upheld(collection / "年.docx") == "2"
    assert gouji(collection, "collect", "年报", "b.xlsx", "warned.xlsx").code == 0
    open_ = gouji(collection, "report", "年报", "-o", "年.docx", "--office", "桐川县", "--force")
    assert (open_.code, upheld(collection / "年.docx")) == (1, "5")
    complete = gouji(collection, "report", "年报", "-o", "年.docx", "--with-warnings", "--force")
    assert (complete.code, complete.out) == (
        0, "收录 3/3；收到文件 3 份，收录 3 家，未收录 0 份；名册共 3 家，未报 0 家。\n已生成 年.docx。\n",
    )  # fmt: skip


@pytest.mark.long
def test_each_agency_of_a_collection_that_may_gets_its_report(collection: Path) -> None:
    done = gouji(collection, "report", "年报", "--all", "年报/报告")
    assert done.code == 1
    assert [done.out.splitlines()[at] for at in (0, 1, -3, -2, -1)] == [
        "未报 乙局", "× 有错误  丙局 c.xlsx", "未生成 c.xlsx：有错误；要先看样子的，请加 --draft。",
        "已生成 年报/报告/甲局-2025.docx。", "共生成 1 份，未生成 1 份。",
    ]  # fmt: skip
    assert gouji(collection, "report", "年报", "--all", "年报/inbox/x").code == 2
    assert gouji(collection, "report", "年报", "--all", "x", "--form", "ogi-annual-report-2021").code == 2


def test_a_report_is_never_written_onto_its_workbook(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(filled({}))
    done = gouji(tmp_path, "report", "a.html", "-o", "a.html", "--force")
    assert (done.code, done.out) == (2, "")
    assert "不能写到要读的文件“a.html”上。" in done.err
    assert (tmp_path / "a.html").read_bytes() == filled({})
