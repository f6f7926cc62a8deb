"""This year beside last year: every cell's change and leap, and the carry-over explained by agencies that came, went,
were merged or renamed; recalculated by LibreOffice."""

import io
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tests.collection.making import code
from tests.forms.test_second_form import second
from tests.office import LibreOffice
from tests.official import ALL_ZERO, figures, official, read
from toolkit.audit.checks import compute, expand
from toolkit.audit.submission import Agency, Source, Submission
from toolkit.form.definition import parse_form
from toolkit.form.model import Form
from toolkit.summary.detail import DETAIL, DetailSheet, plan_detail
from toolkit.summary.lists import file_numbers
from toolkit.summary.merge import Summary, merge
from toolkit.summary.totals import TOTALS, TotalsSheet
from toolkit.summary.yearly import Before, carry_overs, changes
from toolkit.summary.yearlysheet import CARRY, YEARLY, draw_carry, draw_yearly
from toolkit.workbook.rows import put_together
from toolkit.workbook.styles import Styles
from toolkit.workbook.template import PLAIN_TEXT, Filling, Issue, template_bytes

IN, OUT = "requests.carried_in.natural_person", "requests.carried_forward.natural_person"
NEW, GRANTED = "requests.new_received.natural_person", "requests.granted.natural_person"
LICENSES, PENALTIES, COMPULSIONS = (
    f"proactive.{row}.decisions" for row in ("admin_licensing", "admin_penalty", "admin_compulsion")
)
FEES = "proactive.admin_fees.amount_wan_yuan"

# name, number of its code (0: none), what it carried forward in 2024
LAST_YEAR = [
    ("甲局", 1, 3), ("乙局", 2, 2), ("丙局", 3, 4), ("丁局", 4, 5), ("己局", 6, 0), ("辛局", 7, 1), ("壬局", 8, 6),
    ("癸局", 0, 7),
]  # fmt: skip
# name, number of its code, what it carried into 2025
THIS_YEAR = [("甲局", 1, 3), ("乙局", 2, 1), ("戊局", 5, 9), ("庚局", 6, 0), ("癸局", 9, 7), ("新局", 10, 2),
             ("子局", 11, 0)]  # fmt: skip
HEIRS = {code(5): (code(3), code(4))}
ROSTER = (*(Agency(name, code(number)) for name, number, _ in THIS_YEAR), Agency("壬局", code(8)))


LANES = """
id = "lanes"
code = "LANES"
version = 1
title = "小表"
[[table]]
name = "t"
title = "表"
sheet = "表"
label_widths = [9]
data_width = 8
[[table.block]]
columns = [{ name = "a", label = "甲", decimals = 1 }, { name = "b", label = "乙" }]
rows = [{ name = "start", label = "年初" }, { name = "end", label = "年末" }]
[[rule]]
id = "t.start"
table = "t"
each = "column"
holds = "start = prior.end"
severity = "error"
title = "年初"
sentence = "年初 = 上年年末"
hint = "请核对。"
"""


def submission(name: str, number: int, year: int, written: Mapping[str, int | str], why: str = "") -> Submission:
    agency = Agency(name, code(number) if number else "")
    filling = Filling(figures(written), ALL_ZERO, explanations={"requests.carry_over": why} if why else {})
    found = read(template_bytes(official(), Issue(agency, year), filling), f"{name}.xlsx")
    assert isinstance(found, Submission)
    return found


@cache
def before() -> Before:
    more: dict[str, int | str] = {LICENSES: 10, PENALTIES: 10, FEES: "0.5", "proactive.normative_documents.in_force": 6}
    return Before(2024, tuple(
        submission(name, number, 2024, {NEW: count, OUT: count} | (more if name == "甲局" else {}))
        for name, number, count in LAST_YEAR
    ))  # fmt: skip


@cache
def summary() -> Summary:
    more: dict[str, int | str] = {
        LICENSES: 50, PENALTIES: 51, COMPULSIONS: 4, FEES: "0.1", "proactive.normative_documents.in_force": 1
    }  # fmt: skip
    return merge(official().book, [
        submission(name, number, 2025, {IN: count, GRANTED: count} | (more if name == "甲局" else {}),
                   "撤回一件" if name == "乙局" else "")
        for name, number, count in THIS_YEAR
    ])  # fmt: skip


def drawn(summary: Summary, sheets: Mapping[str, Callable[[Worksheet, Styles], None]]) -> bytes:
    """A workbook with these sheets behind the totals and the detail."""
    buffer, whole = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **PLAIN_TEXT}) as workbook:
        styles, plan = Styles(workbook), plan_detail(summary.book, len(summary.included))
        totals, detail = workbook.add_worksheet(TOTALS), workbook.add_worksheet(DETAIL)
        TotalsSheet(workbook, totals, summary.book, styles).draw("汇总", "", summary.values, plan)
        agencies = DetailSheet(detail, summary.book, plan, styles)
        rows = agencies.draw(summary.included, (), file_numbers(summary), "明细")
        for name, draw in sheets.items():
            sheet = workbook.add_worksheet(name)
            draw(sheet, styles)
            sheet.hide_gridlines(2)
    put_together(whole, buffer.getvalue(), {DETAIL: rows})
    return whole.getvalue()


def workbook_of_both() -> bytes:
    carried = carry_overs(summary(), before(), HEIRS, ROSTER)
    return drawn(summary(), {
        YEARLY: lambda sheet, styles: draw_yearly(sheet, summary(), before(), styles, "同比"),
        CARRY: lambda sheet, styles: draw_carry(sheet, summary(), before(), carried, styles, "上年结转核对"),
    })  # fmt: skip


def told(number: Decimal | None) -> str:
    return "" if number is None else f"{number:.4f}".rstrip("0").rstrip(".")


def test_every_cell_has_its_change_and_only_leaps_have_a_flag() -> None:
    """Exactly five times, or a fifth, is no leap; what was 0 has no percentage."""
    assert [
        f"{each.key} {told(each.before)} -> {told(each.now)}: {told(each.difference)} {told(each.ratio)} {each.flag}"
        for each in changes(summary(), before())
        if each.now or each.before
    ] == [
        "proactive.normative_documents.in_force 6 -> 1: -5 -0.8333 降至五分之一以下",
        "proactive.admin_licensing.decisions 10 -> 50: 40 4 ",
        "proactive.admin_penalty.decisions 10 -> 51: 41 4.1 增至五倍以上",
        "proactive.admin_compulsion.decisions 0 -> 4: 4  上年为 0",
        "proactive.admin_fees.amount_wan_yuan 0.5 -> 0.1: -0.4 -0.8 ",
        "requests.new_received.natural_person 28 -> 0: -28 -1 降至五分之一以下",
        "requests.new_received.total 28 -> 0: -28 -1 降至五分之一以下",
        "requests.carried_in.natural_person 0 -> 22: 22  上年为 0",
        "requests.carried_in.total 0 -> 22: 22  上年为 0",
        "requests.granted.natural_person 0 -> 22: 22  上年为 0",
        "requests.granted.total 0 -> 22: 22  上年为 0",
        "requests.total_handled.natural_person 0 -> 22: 22  上年为 0",
        "requests.total_handled.total 0 -> 22: 22  上年为 0",
        "requests.carried_forward.natural_person 28 -> 0: -28 -1 降至五分之一以下",
        "requests.carried_forward.total 28 -> 0: -28 -1 降至五分之一以下",
    ]
    assert len(changes(summary(), before())) == 200


def test_the_carry_over_is_explained_by_agencies() -> None:
    (carried,) = carry_overs(summary(), before(), HEIRS, ROSTER)
    assert (carried.rule.id, [check.along.name for check in carried.lanes]) == ("requests.carry_over", ["total"])
    assert [(line.agency.name, line.told, int(line.before[0]), int(line.now[0]), line.explanation)
            for line in carried.lines] == [
        ("乙局", "两年都有，数不同", 2, 1, "撤回一件"),
        ("戊局", "由前身单位接续：丙局 4 + 丁局 5", 9, 9, ""),
        ("新局", "今年新增，上年没有收录", 0, 2, ""),
        ("壬局", "上年有，今年没有收录；在今年名册，没有收录", 6, 0, ""),
        ("辛局", "上年有，今年没有收录；不在今年名册", 1, 0, ""),
    ]  # fmt: skip
    assert (carried.rest, carried.alike) == ("其余 4 家，两年一致（其中今年新增 1 家，数都是 0）", (Decimal(10),))
    assert carried.total(lambda line: line.before) == (Decimal(28),)
    assert carried.total(lambda line: line.now) == (Decimal(22),)


def test_without_a_roster_and_heirs_nothing_more_is_said_than_is_known() -> None:
    (carried,) = carry_overs(summary(), before())
    assert [(line.agency.name, line.told, int(line.now[0] - line.before[0])) for line in carried.lines] == [
        ("乙局", "两年都有，数不同", -1),
        ("戊局", "今年新增，上年没有收录", 9),
        ("新局", "今年新增，上年没有收录", 2),
        ("壬局", "上年有，今年没有收录", -6),
        ("丁局", "上年有，今年没有收录", -5),
        ("丙局", "上年有，今年没有收录", -4),
        ("辛局", "上年有，今年没有收录", -1),
    ]


def test_a_renamed_agency_is_the_same_by_its_code_or_by_its_name_where_one_side_has_none() -> None:
    then = Before(2024, (
        submission("旧名局", 1, 2024, {NEW: 3, OUT: 3}), submission("同名局", 0, 2024, {NEW: 5, OUT: 5}),
        submission("异码局", 4, 2024, {NEW: 7, OUT: 7}),
    ))  # fmt: skip
    now = merge(official().book, [
        submission("新名局", 1, 2025, {IN: 2, GRANTED: 2}), submission("同名局", 2, 2025, {IN: 4, GRANTED: 4}),
        submission("异码局", 3, 2025, {IN: 7, GRANTED: 7}),
    ])  # fmt: skip
    (carried,) = carry_overs(now, then)
    assert [(line.agency.name, line.agency.code, line.told) for line in carried.lines] == [
        ("新名局", code(1), "两年都有，数不同（上年名为“旧名局”）"),
        ("同名局", code(2), "两年都有，数不同"),
        ("异码局", code(3), "今年新增，上年没有收录"),
        ("异码局", code(4), "上年有，今年没有收录"),
    ]


def test_a_merged_agency_that_did_not_report_is_named_and_chains_of_mergers_are_followed() -> None:
    then = Before(2024, (submission("甲局", 1, 2024, {NEW: 3, OUT: 3}), submission("乙局", 2, 2024, {NEW: 5, OUT: 5})))
    now = merge(official().book, [submission("丁局", 4, 2025, {IN: 3, GRANTED: 3})])
    heirs = {code(4): (code(3),), code(3): (code(1),), code(6): (code(2),)}
    (carried,) = carry_overs(now, then, heirs, (Agency("丁局", code(4)), Agency("己局", code(6))))
    assert [(line.agency.name, line.told) for line in carried.lines] == [
        ("丁局", "由前身单位接续：甲局 3"),
        ("乙局", "上年有，今年没有收录；由“己局”接续，那一家没有收录"),
    ]


def test_a_form_without_such_a_rule_has_no_carry_over() -> None:
    """The second form's rule adds up several of last year's figures."""
    book = expand(second())
    empty = Submission(
        book, Source("a", ""), Agency("馆", ""), 2026, compute(book, dict.fromkeys(book.typed, Decimal(0))), ()
    )
    assert carry_overs(merge(book, [empty]), Before(2025, (empty,))) == ()


def test_where_there_is_no_total_every_lane_is_shown() -> None:
    """Two columns of figures, and figures with a decimal."""
    form = parse_form(LANES, "lanes.toml")
    assert isinstance(form, Form), form
    book = expand(form)

    def filed(year: int, start: tuple[str, str], end: tuple[str, str]) -> Submission:
        typed = figures({"t.start.a": start[0], "t.start.b": start[1], "t.end.a": end[0], "t.end.b": end[1]})
        return Submission(book, Source("a", ""), Agency("馆", ""), year, compute(book, typed), ())

    now = merge(book, [filed(2026, ("1.5", "7"), ("0", "0"))])
    then = Before(2025, (filed(2025, ("0", "0"), ("1.7", "7")),))
    (carried,) = carry_overs(now, then)
    assert [(line.told, line.before, line.now) for line in carried.lines] == [
        ("两年都有，数不同", (Decimal("1.7"), Decimal(7)), (Decimal("1.5"), Decimal(7)))
    ]
    data = drawn(now, {CARRY: lambda sheet, styles: draw_carry(sheet, now, then, [carried], styles, "核对")})
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[CARRY]
    assert [[cell.value for cell in row[5:]] for row in sheet["A4:K10"]] == [
        ["甲", None, None, "乙", None, None],
        ["上年“年末”", "本年“年初”", "差", "上年“年末”", "本年“年初”", "差"],
        [1.7, 1.5, -0.2, 7, 7, 0],
        [0, 0, 0, 0, 0, 0],
        [1.7, 1.5, -0.2, 7, 7, 0],
        [1.7, 1.5, -0.2, 7, 7, 0],
        ["平", "平", "差 -0.2", "平", "平", "平"],
    ]


def test_the_sheets_say_which_years_and_how_many_agencies_and_are_live() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(workbook_of_both()))
    yearly, carry = workbook[YEARLY], workbook[CARRY]
    scope = "2025 年度与 2024 年度相比：本年收录 7 家，上年 8 家，两年都有的 4 家。"
    assert (yearly["A1"].value, yearly["A2"].value, carry["A2"].value) == ("同比", scope, scope)
    assert [cell.value for cell in yearly[3]] == ["表", "项目", "列", "本年", "上年", "增减", "增减%", "提示"]
    place = workbook.defined_names[PENALTIES].attr_text
    row = next(row for row in yearly.iter_rows(min_row=4) if row[3].value == f"={place}")
    at = row[0].row
    assert [cell.value for cell in row] == [
        "表二", "行政处罚", "本年处理决定数量", f"={place}", 10, f"=ROUND(D{at}-E{at},6)",
        f'=IF(E{at}=0,"—",ROUND(D{at}-E{at},6)/E{at})',
        f'=IF(E{at}=0,IF(D{at}>0,"上年为 0",""),IF(ROUND(D{at}-5*E{at},6)>0,"增至五倍以上",'
        f'IF(ROUND(5*D{at}-E{at},6)<0,"降至五分之一以下","")))',
    ]  # fmt: skip
    assert (yearly.auto_filter.ref, yearly.freeze_panes, row[6].number_format) == ("A3:H203", "D4", "0.0%")


@pytest.mark.office
def test_libreoffice_calculates_what_is_stored(office: LibreOffice, tmp_path: Path) -> None:
    path = tmp_path / "同比.xlsx"
    path.write_bytes(workbook_of_both())
    with office.open(path) as book:
        stored = {(each.sheet, each.cell): each.value for each in book.formulas()}
        book.recalc()
        computed = {(each.sheet, each.cell): each.value for each in book.formulas()}
        assert len([place for place in stored if place[0] == YEARLY]) == 4 * 200
        assert differing(stored, computed) == {}
        assert book.rows("上年结转核对!D6:H14") == [
            ["两年都有，数不同", "撤回一件", 2, 1, -1],
            ["由前身单位接续：丙局 4 + 丁局 5", "", 9, 9, 0],
            ["今年新增，上年没有收录", "", 0, 2, 2],
            ["上年有，今年没有收录；在今年名册，没有收录", "", 6, 0, -6],
            ["上年有，今年没有收录；不在今年名册", "", 1, 0, -1],
            ["", "", 10, 10, 0],
            ["", "", 28, 22, -6],
            ["", "", 28, 22, -6],
            ["", "", "平", "平", "差 -6"],
        ]
        assert book.get(["上年结转核对!A11"]) == ["其余 4 家，两年一致（其中今年新增 1 家，数都是 0）"]
        book.set({"上年结转核对!G8": 8})  # who came new: 8 for 2
        book.recalc()
        assert book.rows("上年结转核对!F14:H14") == [["平", "差 +6", "差 -6"]]


def differing(
    stored: Mapping[tuple[str, str], object], computed: Mapping[tuple[str, str], object]
) -> dict[object, object]:
    """The formulas whose stored result is not what is calculated, but for what binary fractions leave over."""
    return {
        place: (value, computed[place])
        for place, value in stored.items()
        if value != computed[place]
        and not (isinstance(value, float) and abs(value - float(str(computed[place]))) < 1e-9)
    }
