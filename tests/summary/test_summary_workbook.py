"""The summary workbook as a clerk and an auditor find it: sheets, formulas, names, lists, and text that stays text."""

import hashlib
import io
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.forms.test_definition_mistakes import SMALL
from tests.official import ALL_ZERO, filled, official, read
from toolkit.audit.submission import Agency, Submission
from toolkit.audit.validate import audited
from toolkit.form.definition import parse_form
from toolkit.form.model import Form
from toolkit.summary.merge import Summary, merge
from toolkit.summary.sheets import summary_bytes
from toolkit.workbook.intake import read_submission
from toolkit.workbook.known import know
from toolkit.workbook.template import Filling, Issue, template_bytes

NEW, GRANTED = "requests.new_received.natural_person", "requests.granted.natural_person"
NAMES = ["=cmd|' /C calc'!A0", "<b>局</b>", "办😀公室", "+1局", "@局", '=HYPERLINK("http://x")', "长" * 300, "-2局"]


def workbook_of(name: str, number: int, written: dict[str, int | str]) -> bytes:
    return filled(written, ALL_ZERO, Issue(Agency(name, f"11140825000000{number:04d}"), 2025))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Six files: four right, one wrong, one empty."""
    made = {
        f"{at}.xlsx": workbook_of(name, at, {NEW: at + 1, GRANTED: at + 1})
        for at, name in enumerate(("甲", "乙", "丙", "丁"))
    }
    return {**made, "错.xlsx": workbook_of("戊", 8, {NEW: 5, GRANTED: 2}), "空.xlsx": b""}


@pytest.fixture(scope="module")
def summary(files: dict[str, bytes]) -> Summary:
    readings = [read(data, name) for name, data in files.items()]
    roster = (Agency("甲", ""), Agency("己", "11140825000000777X"))
    return merge(official().book, readings, roster=roster, unit="桐川县政务公开办公室")


@pytest.fixture(scope="module")
def opened(summary: Summary) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(summary_bytes(summary)))


def sheet(workbook: Workbook, name: str) -> Worksheet:
    found = workbook[name]
    assert isinstance(found, Worksheet)
    return found


def rows(worksheet: Worksheet, first: int) -> list[list[object]]:
    return [list(row) for row in worksheet.iter_rows(min_row=first, values_only=True)]


def test_it_has_these_sheets(opened: Workbook) -> None:
    assert opened.sheetnames == ["目录", "汇总表", "图表", "文字稿", "明细", "问题", "收录情况", "原文", "名册"]


def test_the_first_sheet_says_what_it_is_and_leads_to_every_other(opened: Workbook) -> None:
    contents = sheet(opened, "目录")
    assert [[cell.value for cell in row] for row in contents["A1:B5"]] == [
        ["2025 年度政府信息公开工作年度报告（汇总）", None],
        ["汇总单位", "桐川县政务公开办公室"],
        ["汇总编号", "OGI2021-1-2025-0-N"],
        ["收录情况", "收到文件 6 份，收录 4 家，未收录 2 份；名册共 2 家，未报 1 家。"],
        ["说明", contents["B5"].value],
    ]
    links = {cell.value: cell.hyperlink.location for row in contents for cell in row if cell.hyperlink}
    assert links == {name: f"{name}!A1" for name in opened.sheetnames[1:]}
    names = {name: opened.defined_names[name].attr_text for name in ("summary.code", "summary.unit")}
    assert names == {"summary.code": "目录!$B$3", "summary.unit": "目录!$B$2"}


def test_every_total_is_a_formula_over_the_detail_under_its_keys_name(opened: Workbook) -> None:
    totals = sheet(opened, "汇总表")
    own = ["summary.code", "summary.unit"]
    assert sorted(opened.defined_names) == sorted([*map(str, official().book.cells), *own, *filters(opened)])
    for at, key in enumerate(official().book.cells, start=7):
        reference = opened.defined_names[str(key)].attr_text
        cell = totals[reference.split("!")[1].replace("$", "")]
        column = get_column_letter(at)
        assert cell.value == f"=SUM(明细!{column}6:{column}9)", key
        assert cell.hyperlink is not None
        assert cell.hyperlink.location == f"明细!{column}2", key


def filters(workbook: Workbook) -> list[str]:
    """Names the workbook has for itself."""
    return [name for name in workbook.defined_names if name.startswith("_xlnm")]


def link(detail: Worksheet, row: int) -> str:
    """An agency's link to its file finds it by the agency's number, however either sheet is sorted."""
    told = f'=HYPERLINK("#收录情况!A"&MATCH(TEXT($A{row},"0"),收录情况!$K$1:$K$8,0),"出处")'
    assert detail[f"F{row}"].value == told
    return told


def test_the_detail_has_a_row_for_each_counted_agency(opened: Workbook) -> None:
    detail = sheet(opened, "明细")
    assert [row[:6] for row in rows(detail, 6)] == [
        [1, "甲", "111408250000000000", detail["D6"].value, "0.xlsx", link(detail, 6)],
        [2, "乙", "111408250000000001", detail["D7"].value, "1.xlsx", link(detail, 7)],
        [3, "丙", "111408250000000002", detail["D8"].value, "2.xlsx", link(detail, 8)],
        [4, "丁", "111408250000000003", detail["D9"].value, "3.xlsx", link(detail, 9)],
    ]
    assert all(str(detail[f"D{row}"].value).startswith("=IF(AND(ROUND(") for row in range(6, 10))
    assert detail.freeze_panes == "D6"
    assert detail.auto_filter.ref == "A5:GX9"
    heads = [detail[f"Q{row}"].value for row in (2, 3, 4, 5)]
    assert heads == ["表三依申请公开 D8", "表三", "一、本年新收", "自然人"]
    assert [detail[f"Q{row}"].value for row in range(6, 10)] == [1, 2, 3, 4]


def test_every_problem_is_listed_with_its_place_and_both_values(opened: Workbook) -> None:
    problems = sheet(opened, "问题")
    head = ["序号", "文件", "单位名称", "级别", "工作表", "单元格", "问题", "怎样处理", "应为", "现为", "代码"]
    assert [cell.value for cell in problems[2]] == head
    assert rows(problems, 3) == [
        [
            1, "错.xlsx", "戊", "错误", "表三依申请公开", "D8",
            "表三依申请公开 D8（一、本年新收·自然人）：一、本年新收 5 + 二、上年结转 0 = 5，"
            "应等于（七）总计 2 + 四、结转下年度 0 = 2，差 +3。",
            "请核对该列的新收、结转和各项办理结果；每件申请只计入一种办理结果。", "5", "2", "requests.balance",
        ],
        [
            2, "空.xlsx", None, "错误", None, None, "文件是空的（0 字节）。", "请单位重新发送原文件。", None, None,
            "not-a-workbook",
        ],
    ]  # fmt: skip


def test_every_file_is_listed_with_its_hash_and_what_became_of_it(opened: Workbook, files: dict[str, bytes]) -> None:
    listed = sheet(opened, "收录情况")
    assert listed["A1"].value == "收录情况：收到文件 6 份，收录 4 家，未收录 2 份；名册共 2 家，未报 1 家。"
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    found = rows(listed, 3)
    assert [(row[1], row[6], row[9]) for row in found[:6]] == [
        ("0.xlsx", "是", hashes["0.xlsx"]),
        ("1.xlsx", "是", hashes["1.xlsx"]),
        ("2.xlsx", "是", hashes["2.xlsx"]),
        ("3.xlsx", "是", hashes["3.xlsx"]),
        ("错.xlsx", "否", hashes["错.xlsx"]),
        ("空.xlsx", "否", hashes["空.xlsx"]),
    ]
    assert found[0][5:9] == ["相符", "是", None, "2021-09-30T00:00:00Z"]
    assert found[5][5:9] == ["读不出", "否", "文件是空的（0 字节）。", None]
    assert found[6][1:9] == [None, "己", "11140825000000777X", None, None, "否", "在名册中，没有收到报表", None]
    assert [row[10] for row in found] == ["1", "2", "3", "4", None, None, None]
    assert len(found) == 7


def test_text_from_workbooks_stays_text() -> None:
    texts = {name: f"{name}说明" for name in NAMES}
    readings = [
        read(
            template_bytes(
                official(),
                Issue(Agency(name, f"11140825000000{at:04d}"), 2025),
                Filling(explanations={"proactive.in_force_floor": texts[name]}, declared_zero=ALL_ZERO),
            ),
            f"{name[:20]}.xlsx",
        )
        for at, name in enumerate(NAMES)
    ]
    workbook = openpyxl.load_workbook(io.BytesIO(summary_bytes(merge(official().book, readings))))
    detail = sheet(workbook, "明细")
    cells = [detail.cell(row, 2) for row in range(6, 6 + len(NAMES))]
    assert [cell.value for cell in cells] == NAMES
    assert {cell.data_type for cell in cells} == {"s"}
    links = [
        cell.hyperlink for each in workbook.worksheets for row in each.iter_rows() for cell in row if cell.hyperlink
    ]
    assert [each.target for each in links if each.target] == []
    assert {str(each.location).partition("!")[0] for each in links} <= set(workbook.sheetnames)
    files = sheet(workbook, "收录情况")
    assert [files.cell(row, 3).value for row in range(3, 3 + len(NAMES))] == NAMES
    assert {files.cell(row, 3).data_type for row in range(3, 3 + len(NAMES))} == {"s"}


def test_the_same_summary_gives_the_same_bytes(summary: Summary) -> None:
    assert summary_bytes(summary) == summary_bytes(summary)


def test_a_summary_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no submission"):
        summary_bytes(merge(official().book, [read(b"", "空.xlsx")]))


def test_blanks_of_a_broken_file_stay_blank_in_the_detail_and_count_as_zero() -> None:
    written: dict[str, int | str] = {NEW: 2, GRANTED: 2}
    reading = read(filled(written, ("requests", "disputes")), "缺.xlsx")
    summary = merge(official().book, [reading], include_broken=True)
    workbook = openpyxl.load_workbook(io.BytesIO(summary_bytes(summary)), data_only=True)
    detail = sheet(workbook, "明细")
    assert [detail.cell(6, column).value for column in range(7, 17)] == [None] * 10
    assert detail["Q6"].value == 2
    totals = sheet(workbook, "汇总表")
    reference = workbook.defined_names["proactive.admin_fees.amount_wan_yuan"].attr_text.split("!")[1].replace("$", "")
    assert totals[reference].value == 0
    assert summary.values[official().book.typed[0]] == Decimal(0)


def test_a_declared_blank_a_plain_figure_and_one_that_was_written_otherwise_look_different() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of("甲", 1, {NEW: 2, GRANTED: 2})))
    name, place = book.defined_names[NEW].attr_text.split("!")
    sheet(book, name)[place.replace("$", "")] = "2件"
    changed = io.BytesIO()
    book.save(changed)
    summary = merge(official().book, [read(changed.getvalue(), "甲.xlsx")])
    detail = sheet(openpyxl.load_workbook(io.BytesIO(summary_bytes(summary))), "明细")
    columns = {str(key): at for at, key in enumerate(official().book.cells, start=7)}
    looks = {
        name: (detail.cell(6, columns[name]).font.italic, detail.cell(6, columns[name]).fill.fgColor.rgb)
        for name in (NEW, GRANTED, "disputes.review.upheld", "disputes.review.total")
    }
    assert looks == {
        NEW: (False, "FFFFF2CC"),
        GRANTED: (False, "00000000"),
        "disputes.review.upheld": (True, "00000000"),
        "disputes.review.total": (False, "FFEDEDED"),
    }


def test_a_form_without_balances_has_a_verdict_that_programs_can_compute() -> None:
    start, end = SMALL.index('[[rule]]\nid = "goods.kept"'), SMALL.index("[[narrative]]")
    form = parse_form(SMALL[:start] + SMALL[end:], "small.toml")
    assert isinstance(form, Form)
    known = know(form)
    filling = Filling(dict.fromkeys(known.book.typed, Decimal(1)))
    data = template_bytes(known, Issue(Agency("甲", "111408250000000000"), 2025), filling)
    reading = read_submission(data, "甲.xlsx", {form.code: known})
    assert isinstance(reading, Submission)
    workbook = openpyxl.load_workbook(io.BytesIO(summary_bytes(merge(known.book, [audited(reading)]))))
    assert sheet(workbook, "明细")["D6"].value == '=IF(AND(TRUE),"平","差")'
