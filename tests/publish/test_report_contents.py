"""What a report says: its tables as the official format prints them, its sections in order, its prose, its date."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from tests.official import ALL_ZERO, figures, filled, key, official, read
from tests.publish.printouts import FIGURE, OFFICIAL, Line
from toolkit.audit.submission import Agency, Submission
from toolkit.form.definition import parse_form
from toolkit.form.model import Form, Key
from toolkit.form.parts import numeral
from toolkit.publish.outline import Report, printed_day, report_of, report_of_totals
from toolkit.publish.printed import PrintedTable, printed_table

OUTLINE = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]
SMALL = """
id = "library-2026"
code = "LIB26"
version = 1
title = "图书馆年报"

[[table]]
name = "visits"
title = "一、到馆"
sheet = "到馆"
side_by_side = true
[[table.block]]
title = "全年"
rows = [{ name = "day", label = "白天" }, { name = "early", label = "前半夜" }, { name = "late", label = "后半夜" }]
row_groups = [{ label = "夜间", over = "early..late" }]
columns = [{ name = "adult", label = "成人" }, { name = "boy", label = "男孩" }, { name = "girl", label = "女孩" }]
column_groups = [{ label = "儿童", over = "boy..girl" }]

[[narrative]]
name = "notes"
label = "说明"
"""


def submission(written: dict[str, int | str] | None = None, zero: tuple[str, ...] = ALL_ZERO) -> Submission:
    reading = read(filled(written or {}, zero))
    assert isinstance(reading, Submission)
    return reading


def texts(report: Report, name: str) -> tuple[str, ...]:
    return next(each.paragraphs for each in report.sections if each.heading == name)


def tables(report: Report) -> list[PrintedTable]:
    return [each.table for each in report.sections if each.table]


def figure(report: Report, name: str) -> str:
    (found,) = [cell.text for table in tables(report) for cell in table.cells if cell.key == key(name)]
    return found


def lines(table: PrintedTable) -> Iterator[Line]:
    for row in table.rows:
        yield [(FIGURE if cell.key else cell.text, cell.rows, cell.columns) for cell in row]


def test_the_tables_are_those_of_the_official_format() -> None:
    assert [list(lines(table)) for table in tables(report_of(submission()))] == OFFICIAL


def test_what_heads_a_page_again_are_the_headings_of_the_whole_table() -> None:
    assert [table.head for table in tables(report_of(submission()))] == [0, 3, 3]


def test_every_cell_of_the_form_is_printed_once() -> None:
    printed = [cell.key for table in tables(report_of(submission())) for cell in table.cells if cell.key]
    assert len(printed) == 200
    assert set(printed) == set(official().book.cells)


def test_side_by_side_a_row_without_a_group_has_its_columns_raised() -> None:
    form = parse_form(SMALL, "a.toml")
    assert isinstance(form, Form)
    table = printed_table(form.tables[0], lambda each: each.row + each.column)
    assert [[(cell.text, cell.rows, cell.columns) for cell in row] for row in table.rows] == [
        [("全年", 1, 9)],
        [("白天", 1, 3), ("夜间", 1, 6)],
        [("成人", 3, 1), ("儿童", 1, 2), ("前半夜", 1, 3), ("后半夜", 1, 3)],
        [("男孩", 2, 1), ("女孩", 2, 1), *[("成人", 2, 1), ("儿童", 1, 2)] * 2],
        [("男孩", 1, 1), ("女孩", 1, 1)] * 2,
        [(f"{row}{column}", 1, 1) for row in ("day", "early", "late") for column in ("adult", "boy", "girl")],
    ]


def test_sections_stand_in_the_order_of_their_numbers() -> None:
    assert [section.heading for section in report_of(submission()).sections] == OUTLINE


def test_a_form_without_numbers_prints_its_tables_first() -> None:
    form = parse_form(SMALL.replace("一、到馆", "到馆"), "a.toml")
    assert isinstance(form, Form)
    report = report_of_totals(form, {cell: figures({"a.b.c": 1})[key("a.b.c")] for cell in cells(form)}, [], "馆", 2026)
    assert [section.heading for section in report.sections] == ["到馆", "说明"]
    assert texts(report, "说明") == ("（请补写。）",)


def cells(form: Form) -> list[Key]:
    return [each for table in form.tables for each, _, _ in table.cells()]


@pytest.mark.parametrize(
    ("heading", "number"),
    [("一、总体情况", 1), ("九、其他", 9), ("十、其他", 10), ("十二、其他", 12), ("二十、其他", 20),
     ("三十一、其他", 31), ("总体情况", None), ("一般情况", None), ("、", None), ("", None)],
)  # fmt: skip
def test_the_number_of_a_heading(heading: str, number: int | None) -> None:
    assert numeral(heading) == number


def test_the_title_is_the_agency_the_year_and_the_form() -> None:
    report = report_of(submission())
    assert (report.agency, report.subject) == ("温县科学技术局", "2025年政府信息公开工作年度报告")
    assert report.title == "温县科学技术局2025年政府信息公开工作年度报告"


@pytest.mark.parametrize(("day", "printed"), [(date(2026, 1, 20), "2026年1月20日"), (None, "　　年　月　日")])
def test_the_date_is_the_one_given_or_left_open(day: date | None, printed: str) -> None:
    assert printed_day(day) == printed
    assert report_of(submission(), day).day == printed


@pytest.mark.parametrize(
    ("written", "paragraphs"),
    [
        ("一段。", ("一段。",)),
        ("　　第一段。\n\n    第二段。\r\n（一）第三段。　\n", ("第一段。", "第二段。", "（一）第三段。")),
        ("甲\t乙\x00丙\x07\ud800丁\u202e戊\u200b己\ufffe", ("甲 乙丙丁戊己",)),
        ("𠮷野家\ue000", ("𠮷野家\ue000",)),
        ("　\n \x00\n", ("（请补写。）",)),
        ("", ("（请补写。）",)),
    ],
)
def test_prose_is_cut_into_paragraphs_and_what_is_missing_is_said(written: str, paragraphs: tuple[str, ...]) -> None:
    report = report_of(replace(submission(), narrative={"overview": written, "problems": "好。", "other": "无。"}))
    assert texts(report, "一、总体情况") == paragraphs
    assert report.unwritten == (("一、总体情况",) if paragraphs == ("（请补写。）",) else ())


def test_figures_are_printed_as_they_are_and_blanks_as_blanks() -> None:
    report = report_of(
        submission({"proactive.admin_fees.amount_wan_yuan": "326.4500", "requests.granted.natural_person": 12345}, ())
    )
    assert figure(report, "proactive.admin_fees.amount_wan_yuan") == "326.45"
    assert figure(report, "requests.granted.natural_person") == "12345"
    assert figure(report, "requests.granted.total") == ""
    assert figure(report, "disputes.review.upheld") == ""


def test_a_number_typed_over_a_total_is_printed_as_it_stands() -> None:
    reading = replace(submission(), overwritten=figures({"disputes.review.total": 7}))
    assert figure(report_of(reading, draft=True), "disputes.review.total") == "7"


@pytest.mark.parametrize(
    ("agency", "year", "title"),
    [
        (Agency("", "1114"), 2025, "11142025年政府信息公开工作年度报告"),
        (Agency("", ""), None, "（未填单位）（未填年度）政府信息公开工作年度报告"),
        (Agency("甲\n乙\x07局 ", ""), 2025, "甲 乙局2025年政府信息公开工作年度报告"),
    ],
)
def test_a_title_without_agency_or_year_says_so(agency: Agency, year: int | None, title: str) -> None:
    assert report_of(replace(submission(), agency=agency, year=year)).title == title


def test_a_consolidated_report_begins_with_the_sentences_and_leaves_the_rest_to_be_written() -> None:
    totals = dict.fromkeys(official().book.cells, figures({"a.b.c": 4})[key("a.b.c")])
    report = report_of_totals(
        official().book.form, totals, ["第一句。", "", "第二句。"], "桐川县", 2025, date(2026, 3, 1)
    )
    assert [(section.heading, section.paragraphs) for section in report.sections if not section.table] == [
        ("一、总体情况", ("第一句。", "第二句。")),
        ("五、存在的主要问题及改进情况", ("（请补写。）",)),
        ("六、其他需要报告的事项", ("（请补写。）",)),
    ]
    assert report.unwritten == ("五、存在的主要问题及改进情况", "六、其他需要报告的事项")
    assert (report.title, report.day, report.is_draft) == (
        "桐川县2025年政府信息公开工作年度报告", "2026年3月1日", False,
    )  # fmt: skip
    assert {cell.text for table in tables(report) for cell in table.cells if cell.key} == {"4"}


def test_a_draft_prints_what_stands_in_a_cell_that_is_no_figure() -> None:
    submission = read(filled({"proactive.admin_penalty.decisions": -4}))
    assert isinstance(submission, Submission)
    report = report_of(submission, draft=True)
    cells = [cell for section in report.sections if section.table for cell in section.table.cells]
    assert [cell.text for cell in cells if cell.key == key("proactive.admin_penalty.decisions")] == ["-4"]
