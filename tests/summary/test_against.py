"""A report that somebody consolidated by hand and published, beside what the toolkit counts: one agency left out, one
counted twice, a total typed wrong, blanks, names lost; and files that are no report at all."""

import io
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from tests.collection.making import code
from tests.intake import alter
from tests.office import LibreOffice
from tests.official import ALL_ZERO, filled, key, official, read
from tests.summary.test_yearly import differing, drawn
from toolkit.audit.submission import Agency, Unreadable
from toolkit.cli.comparing import against_lines
from toolkit.summary.against import Contributor, Difference, Published, Suspect, agreement, differences, load_published
from toolkit.summary.againstsheet import AGAINST, cause, draw_against, who
from toolkit.summary.merge import Summary, merge
from toolkit.summary.sheets import summary_bytes
from toolkit.workbook.template import Issue

NEW, GRANTED = "requests.new_received.{}", "requests.granted.{}"
LICENSES, FEES = "proactive.admin_licensing.decisions", "proactive.admin_fees.amount_wan_yuan"
TWO, THREE, FOUR = "表二主动公开", "表三依申请公开", "表四复议诉讼"

# What each agency reported: applications of natural persons and of commercial enterprises, licences, fees.
AGENCIES = {
    "甲局": (100, 20, 3000, "1.5"), "乙局": (7, 3, 40, "0.2"), "丙局": (5, 0, 11, "0"), "丁局": (1, 1, 0, "0"),
    "戊局": (0, 0, 0, "0"),
}  # fmt: skip
# Added up: 113 of natural persons, 24 of enterprises (137 in all), 3051 licences, 1.7.


def of_agency(natural: int, enterprises: int, licences: int, fees: str) -> dict[str, int | str]:
    both = {"natural_person": natural, "commercial_enterprise": enterprises}
    written = {row.format(column): count for row in (NEW, GRANTED) for column, count in both.items()}
    return {**written, LICENSES: licences, FEES: fees}


@cache
def summary() -> Summary:
    issues = {name: Issue(Agency(name, code(at)), 2025) for at, name in enumerate(AGENCIES)}
    return merge(official().book, [
        read(filled(of_agency(*figures), ALL_ZERO, issues[name]), f"{name}.xlsx") for name, figures in AGENCIES.items()
    ])  # fmt: skip


def by_hand(natural: int, enterprises: int, licences: int, fees: str, declared: tuple[str, ...] = ALL_ZERO) -> bytes:
    """A consolidated report made by typing sums into a blank workbook that was issued to nobody."""
    return filled(of_agency(natural, enterprises, licences, fees), declared, Issue())


def published(data: bytes, file: str = "公布.xlsx") -> Published:
    found = load_published(data, file, {official().book.form.code: official()})
    assert isinstance(found, Published), found.problems
    return found


def compared(data: bytes) -> list[str]:
    """Every difference in a line: cell, place, theirs, ours, what its parts are, who is in it, who is suspected."""
    return [line_of(each) for each in differences(summary(), published(data))]


def line_of(each: Difference) -> str:
    who = " ".join(f"{one.agency}{one.value}" for one in each.contributors)
    suspects = " ".join(
        f"{one.word}{one.agency}{one.value}{'（整家）' if one.is_whole else ''}" for one in each.suspects
    )
    parts = "" if each.parts is None else f"（各格相加 {each.parts}）"
    return f"{each.key} @{each.place}: {each.theirs} / {each.ours}{parts} [{who}] {suspects}".rstrip()


def counts_of(data: bytes) -> str:
    found = published(data)
    return str(agreement(found, differences(summary(), found)))


def nameless(data: bytes) -> bytes:
    return alter.edited(data, "xl/workbook.xml", lambda text: re.sub(r"<definedNames>.*</definedNames>", "", text))


def test_a_report_that_is_the_sum_agrees_in_every_cell() -> None:
    right = by_hand(113, 24, 3051, "1.7")
    assert compared(right) == []
    assert counts_of(right) == "共 200 格：相符 200 格，不符 0 格，读不出 0 格。"


def test_an_agency_left_out_is_named_in_every_cell_that_lacks_its_figure() -> None:
    """Without 乙局: 106, 21, 3011, 1.5."""
    assert compared(by_hand(106, 21, 3011, "1.5")) == [
        f"{LICENSES} @{TWO} B9: 3011 / 3051 [甲局3000 乙局40 丙局11] 漏计乙局40（整家）",
        f"{FEES} @{TWO} B16: 1.5 / 1.7 [甲局1.5 乙局0.2] 漏计乙局0.2（整家）",
        f"{NEW.format('natural_person')} @{THREE} D8: 106 / 113 [甲局100 乙局7 丙局5 丁局1] 漏计乙局7（整家）",
        f"{NEW.format('commercial_enterprise')} @{THREE} E8: 21 / 24 [甲局20 乙局3 丁局1] 漏计乙局3（整家）",
        f"{NEW.format('total')} @{THREE} J8: 127 / 137 [甲局120 乙局10 丙局5 丁局2] 漏计乙局10（整家）",
        f"{GRANTED.format('natural_person')} @{THREE} D10: 106 / 113 [甲局100 乙局7 丙局5 丁局1] 漏计乙局7（整家）",
        f"{GRANTED.format('commercial_enterprise')} @{THREE} E10: 21 / 24 [甲局20 乙局3 丁局1] 漏计乙局3（整家）",
        f"{GRANTED.format('total')} @{THREE} J10: 127 / 137 [甲局120 乙局10 丙局5 丁局2] 漏计乙局10（整家）",
        f"requests.total_handled.natural_person @{THREE} D31: 106 / 113 [甲局100 乙局7 丙局5 丁局1] 漏计乙局7（整家）",
        f"requests.total_handled.commercial_enterprise @{THREE} E31: 21 / 24 [甲局20 乙局3 丁局1] 漏计乙局3（整家）",
        f"requests.total_handled.total @{THREE} J31: 127 / 137 [甲局120 乙局10 丙局5 丁局2] 漏计乙局10（整家）",
    ]


def left_out_and_twice() -> bytes:
    """乙局 left out, 丙局 counted twice: 113-7+5, 24-3, 3051-40+11, 1.7-0.2; a total typed 123."""
    return alter.put_number(by_hand(111, 21, 3022, "1.5"), NEW.format("total"), "123")


def test_one_left_out_and_one_counted_twice_are_told_apart_though_they_meet_in_cells() -> None:
    found = {str(each.key): line_of(each) for each in differences(summary(), published(left_out_and_twice()))}
    assert len(found) == 11
    assert found[LICENSES].endswith("3022 / 3051 [甲局3000 乙局40 丙局11] 漏计乙局40（整家） 重复计丙局11（整家）")
    assert found[FEES].endswith("1.5 / 1.7 [甲局1.5 乙局0.2] 漏计乙局0.2（整家）")
    assert found[NEW.format("natural_person")].endswith("漏计乙局7（整家） 重复计丙局5（整家）")


def test_a_total_typed_wrong_is_compared_as_it_is_printed() -> None:
    wrong = alter.put_number(by_hand(113, 24, 3051, "1.7"), NEW.format("total"), "133")
    assert compared(wrong) == [
        f"{NEW.format('total')} @{THREE} J8: 133 / 137（各格相加 137） [甲局120 乙局10 丙局5 丁局2]"
    ]


def test_a_formula_is_compared_by_the_result_it_prints() -> None:
    """A sum that forgot a column: the stored result stands in print."""
    wrong = alter.put_formula(by_hand(113, 24, 3051, "1.7"), NEW.format("total"), "SUM(D8:D8)", "113")
    assert compared(wrong) == [
        f"{NEW.format('total')} @{THREE} J8: 113 / 137（各格相加 137） [甲局120 乙局10 丙局5 丁局2]"
    ]


def test_blanks_are_no_difference_where_the_sum_is_0() -> None:
    """Nothing but sums typed, no declaration; the licences forgotten."""
    blank = alter.put_nothing(by_hand(113, 24, 3051, "1.7", ()), LICENSES)
    assert compared(blank) == [f"{LICENSES} @{TWO} B9: None / 3051 [甲局3000 乙局40 丙局11]"] + [
        f"requests.{row} @{THREE} {cell}: None / {ours} {who}"
        for row, cell, ours, who in (
            ("new_received.total", "J8", 137, "[甲局120 乙局10 丙局5 丁局2]"),
            ("granted.total", "J10", 137, "[甲局120 乙局10 丙局5 丁局2]"),
            ("total_handled.natural_person", "D31", 113, "[甲局100 乙局7 丙局5 丁局1]"),
            ("total_handled.commercial_enterprise", "E31", 24, "[甲局20 乙局3 丁局1]"),
            ("total_handled.total", "J31", 137, "[甲局120 乙局10 丙局5 丁局2]"),
        )
    ]
    assert counts_of(blank) == (
        "共 200 格：相符 194 格（其中公布为空白、汇总为 0 的 189 格），不符 6 格，读不出 0 格。"
    )


def test_a_report_that_lost_its_names_and_its_code_is_read_by_its_labels() -> None:
    bare = nameless(alter.put_nothing(by_hand(106, 24, 3051, "1.7"), "form.code"))
    assert [line.partition(" ")[0] for line in compared(bare)] == [
        NEW.format("natural_person"), NEW.format("total"), GRANTED.format("natural_person"), GRANTED.format("total"),
        "requests.total_handled.natural_person", "requests.total_handled.total",
    ]  # fmt: skip


def bare_report(rename: Mapping[str, str] | None = None) -> bytes:
    """The three tables copied label by label into a workbook of another program, a sheet a table, no name, no code."""
    source = openpyxl.load_workbook(io.BytesIO(by_hand(113, 24, 3051, "1.7")))
    target = Workbook()
    target.remove(target["Sheet"])
    for at, name in enumerate((TWO, THREE, FOUR), start=1):
        sheet = target.create_sheet(f"Sheet{at}")
        for row in source[name].iter_rows():
            for cell in row:
                if cell.value is not None and not str(cell.value).startswith("="):
                    sheet[cell.coordinate] = (rename or {}).get(str(cell.value), cell.value)
    buffer = io.BytesIO()
    target.save(buffer)
    return buffer.getvalue()


def test_a_bare_copy_of_the_tables_is_enough_and_what_labels_do_not_tell_is_listed() -> None:
    assert compared(bare_report()) == []
    renamed = published(bare_report({"行政许可": "许可", "（一）予以公开": "公开"}))
    assert [line_of(each) for each in differences(summary(), renamed)] == [
        f"{LICENSES} @None: None / 3051 [甲局3000 乙局40 丙局11]",
        *(f"{GRANTED.format(column)} @None: None / {ours} {who}" for column, ours, who in (
            ("natural_person", 113, "[甲局100 乙局7 丙局5 丁局1]"),
            ("commercial_enterprise", 24, "[甲局20 乙局3 丁局1]"),
            ("total", 137, "[甲局120 乙局10 丙局5 丁局2]"),
        )),
        *(f"requests.total_handled.{column} @{place}: None / {ours} {who}" for column, place, ours, who in (
            ("natural_person", "Sheet2 D31", 113, "[甲局100 乙局7 丙局5 丁局1]"),
            ("commercial_enterprise", "Sheet2 E31", 24, "[甲局20 乙局3 丁局1]"),
            ("total", "Sheet2 J31", 137, "[甲局120 乙局10 丙局5 丁局2]"),
        )),
    ]  # fmt: skip
    lost = "找不到这一格：标签被改动、删去，或者行列移动过"
    columns = ("natural_person", "commercial_enterprise", "research_institution", "public_interest_org",
               "legal_service_org", "other_org", "total")  # fmt: skip
    assert {str(each): why for each, why in renamed.unread.items()} == {
        LICENSES: lost, **{GRANTED.format(column): lost for column in columns},
    }  # fmt: skip


def test_what_is_no_number_is_told_and_what_is_odd_is_compared() -> None:
    odd = alter.put_text(by_hand(113, 24, 3051, "1.7"), LICENSES, "3051件左右")
    odd = alter.put_text(odd, NEW.format("total"), "见附件")
    odd = alter.put_text(odd, NEW.format("natural_person"), " １１３件（含补正3件）")
    odd = alter.put_number(odd, "requests.carried_in.other_org", "-2")
    found = published(odd)
    assert {str(each): why for each, why in found.unread.items()} == {
        LICENSES: "「3051件左右」不是数字", NEW.format("total"): "「见附件」不是数字",
    }  # fmt: skip
    assert [line_of(each) for each in differences(summary(), found)] == [
        f"{LICENSES} @{TWO} B9: None / 3051 [甲局3000 乙局40 丙局11]",
        f"{NEW.format('total')} @{THREE} J8: None / 137 [甲局120 乙局10 丙局5 丁局2]",
        f"requests.carried_in.other_org @{THREE} I9: -2 / 0 []",
    ]


def test_a_summary_of_ours_is_read_by_its_totals() -> None:
    """All of them, those of another program without names too; and a total typed over in it."""
    data = summary_bytes(summary())
    assert compared(data) == []
    assert compared(nameless(data)) == []
    place = " ".join(alter.spot_of(data, LICENSES))
    assert compared(alter.put_number(data, LICENSES, "3050")) == [
        f"{LICENSES} @{place}: 3050 / 3051 [甲局3000 乙局40 丙局11]"
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", ("not-a-workbook", "文件是空的（0 字节）。")),
        (b"not a workbook", ("not-a-workbook", "这是文本文件，不是 Excel 工作簿。")),
        (None, ("wrong-form", "这份文件里找不到报表的格：既没有单元格名称，也没有认得出的标签。")),
    ],
)
def test_what_is_no_report_is_refused_in_words(data: bytes | None, told: tuple[str, str]) -> None:
    if data is None:
        buffer = io.BytesIO()
        Workbook().save(buffer)
        data = buffer.getvalue()
    found = load_published(data, "公布.xlsx", {official().book.form.code: official()})
    assert isinstance(found, Unreadable)
    assert [(each.code, each.message) for each in found.problems] == [told]


def test_figures_that_two_agencies_share_accuse_neither_as_a_whole() -> None:
    twins = {name: of_agency(4, 2, 0, "0") for name in ("一局", "二局")} | {"三局": of_agency(9, 9, 9, "9")}
    both = merge(official().book, [
        read(filled(figures, ALL_ZERO, Issue(Agency(name, code(at)), 2025)), name)
        for at, (name, figures) in enumerate(twins.items())
    ])  # fmt: skip
    found = differences(both, published(by_hand(13, 11, 9, "9")))
    assert {(one.agency.name, one.word, one.is_whole) for each in found for one in each.suspects} == {
        ("一局", "漏计", False), ("二局", "漏计", False),
    }  # fmt: skip


def test_the_terminal_tells_it() -> None:
    odd = alter.put_text(left_out_and_twice(), "disputes.review.upheld", "无\u202e")
    found = published(odd, "公\x07布.xlsx")
    assert [re.sub(r"\x1b\[\d+m", "", line) for line in against_lines(found, differences(summary(), found))] == [
        f"与公布数核对：公 布.xlsx（SHA-256 {found.sha256}）",
        "共 200 格：相符 188 格，不符 11 格，读不出 1 格。",
        "  可能整家漏计：“乙局”（乙局.xlsx），10 个不符的格都与它的数对得上。",
        "  可能整家重复计：“丙局”（丙局.xlsx），6 个不符的格都与它的数对得上。",
        "  [不符] 表二 行政许可·本年处理决定数量（表二主动公开 B9）：公布 3022，汇总 3051，差 -29；"
        "可能漏计“乙局”40、重复计“丙局”11。",
        "  [不符] 表二 行政事业性收费·本年收费金额（表二主动公开 B16）：公布 1.5，汇总 1.7，差 -0.2；"
        "可能漏计“乙局”0.2。",
        "  [不符] 表三 一、本年新收·自然人（表三依申请公开 D8）：公布 111，汇总 113，差 -2；"
        "可能漏计“乙局”7、重复计“丙局”5。",
        "  [不符] 表三 一、本年新收·商业企业（表三依申请公开 E8）：公布 21，汇总 24，差 -3；可能漏计“乙局”3。",
        "  [不符] 表三 一、本年新收·总计（表三依申请公开 J8）：公布 123，汇总 137，差 -14；"
        "公布的合计本身不平，各格相加是 132。",
        "  [不符] 表三 （一）予以公开·自然人（表三依申请公开 D10）：公布 111，汇总 113，差 -2；"
        "可能漏计“乙局”7、重复计“丙局”5。",
        "  [不符] 表三 （一）予以公开·商业企业（表三依申请公开 E10）：公布 21，汇总 24，差 -3；可能漏计“乙局”3。",
        "  [不符] 表三 （一）予以公开·总计（表三依申请公开 J10）：公布 132，汇总 137，差 -5；"
        "可能漏计“乙局”10、重复计“丙局”5。",
        "  [不符] 表三 （七）总计·自然人（表三依申请公开 D31）：公布 111，汇总 113，差 -2；"
        "可能漏计“乙局”7、重复计“丙局”5。",
        "  [不符] 表三 （七）总计·商业企业（表三依申请公开 E31）：公布 21，汇总 24，差 -3；可能漏计“乙局”3。",
        "  [不符] 表三 （七）总计·总计（表三依申请公开 J31）：公布 132，汇总 137，差 -5；"
        "可能漏计“乙局”10、重复计“丙局”5。",
        "  [读不出] 表四 行政复议·结果维持（表四复议诉讼 A6）：「无」不是数字。",
    ]


def test_very_many_agencies_are_not_all_named() -> None:
    """At most thirty of those in a total, three of those it may be."""
    many = [Contributor(Agency(f"{at}局", ""), "", Decimal(100 - at)) for at in range(35)]
    assert who(many[:2]) == "0局 100、1局 99"
    assert who(many) == "、".join(f"{at}局 {100 - at}" for at in range(30)) + " 等 35 家"
    either = tuple(Suspect(each.agency, "", Decimal(1), "漏计", False) for each in many[:5])
    told = Difference(key(LICENSES), Decimal(5), Decimal(4), None, (), either[:2], None)
    assert cause(told) == "可能漏计“0局”1或漏计“1局”1"
    told = Difference(key(LICENSES), Decimal(5), Decimal(4), None, (), either, None)
    assert cause(told) == "可能漏计“0局”1或漏计“1局”1或漏计“2局”1 等 5 家之一"


def workbook_of(found: Published) -> bytes:
    told = differences(summary(), found)
    return drawn(summary(), {
        AGAINST: lambda sheet, styles: draw_against(sheet, summary(), found, told, styles, "与公布数核对"),
    })  # fmt: skip


@pytest.mark.office
def test_libreoffice_calculates_what_is_stored(office: LibreOffice, tmp_path: Path) -> None:
    path = tmp_path / "核对.xlsx"
    found = published(alter.put_text(left_out_and_twice(), "disputes.review.upheld", "=1+1"))
    path.write_bytes(workbook_of(found))
    with office.open(path) as book:
        stored = {(each.sheet, each.cell): each.value for each in book.formulas()}
        book.recalc()
        computed = {(each.sheet, each.cell): each.value for each in book.formulas()}
        assert len([place for place in stored if place[0] == AGAINST]) == 2 * 11 + 1
        assert differing(stored, computed) == {}
        assert [row[0] for row in book.rows("与公布数核对!A1:A6")] == [
            "与公布数核对",
            f"公布：公布.xlsx（SHA-256 {found.sha256}）",
            "共 200 格：相符 188 格，不符 11 格，读不出 1 格。",
            "可能整家漏计：“乙局”（乙局.xlsx），10 个不符的格都与它的数对得上。",
            "可能整家重复计：“丙局”（丙局.xlsx），6 个不符的格都与它的数对得上。",
            "表",
        ]
        assert book.rows("与公布数核对!A7:I7") == [[
            "表二", "行政许可", "本年处理决定数量", f"{TWO} B9", 3022, 3051, -29, "可能漏计“乙局”40、重复计“丙局”11",
            "甲局 3000、乙局 40、丙局 11",
        ]]  # fmt: skip
        assert book.rows("与公布数核对!A19:H20") == [
            ["读不出的格（1 格，没有核对）", *[""] * 7],
            ["表四", "行政复议", "结果维持", f"{FOUR} A6", "读不出", 0, "—", "「=1+1」不是数字"],
        ]
        book.set({"与公布数核对!E7": 3051, NEW.format("natural_person"): 110})
        book.recalc()
        assert [row[0] for row in book.rows("与公布数核对!G7:G9")] == [0, -0.2, 1]
