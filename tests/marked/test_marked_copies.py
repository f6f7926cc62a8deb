"""A marked copy says what is wrong, where, and how to mend it; corrected, it comes back clean."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook

from tests.intake import alter
from tests.official import AGENCY, ALL_ZERO, ISSUE, figures, filled, key, official, read
from toolkit.audit.submission import Submission
from toolkit.workbook.annotate import marked_copy
from toolkit.workbook.template import Filling, Issue, template_bytes

pytestmark = pytest.mark.long

RED = "FFFF9999"
TWO, THREE, FOUR = "表二主动公开", "表三依申请公开", "表四复议诉讼"


def submission(data: bytes) -> Submission:
    """The audited submission in a workbook that can be read."""
    reading = read(data)
    assert isinstance(reading, Submission)
    return reading


def marked(data: bytes) -> bytes:
    """A workbook's marked copy."""
    return marked_copy(data, submission(data), official())


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def cell_at(workbook: Workbook, place: str) -> Cell:
    """The cell of `表三依申请公开!D8`."""
    sheet, _, address = place.partition("!")
    found = workbook[sheet][address]
    assert isinstance(found, Cell)
    return found


def red_cells(data: bytes) -> list[str]:
    """Every cell that is marked red, sheet by sheet, row by row."""
    return [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in opened(data).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell, Cell) and cell.fill.fill_type and cell.fill.fgColor.rgb == RED
    ]


def comments(data: bytes) -> dict[str, str]:
    """Every comment by its cell."""
    return {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in opened(data).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell, Cell) and cell.comment
    }


def listed(data: bytes) -> list[list[object]]:
    """What the sheet 退回说明 shows, row by row, empty cells left out."""
    rows = opened(data)["退回说明"].iter_rows(values_only=True)
    return [[value for value in row if value is not None] for row in rows]


def corrected(data: bytes, values: dict[str, object]) -> bytes:
    """The workbook with values typed into cells that its locks leave open, saved by another program."""
    workbook = opened(data)
    for place, value in values.items():
        cell = cell_at(workbook, place)
        assert not cell.protection.locked, f"{place} is locked"
        cell.value = value  # type: ignore[assignment]
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def codes(data: bytes) -> list[str]:
    return [problem.code for problem in read(data).problems]


def with_blanks() -> bytes:
    """Section four filled in but for two cells."""
    rows, columns = ("review", "litigation_direct", "litigation_after_review"), ("upheld", "corrected", "other_outcome")
    typed = {f"disputes.{row}.{column}": 0 for row in rows for column in (*columns, "pending")}
    del typed["disputes.review.pending"], typed["disputes.litigation_direct.pending"]
    return filled(dict(typed), ("proactive", "requests"))


def open_cover() -> bytes:
    """A workbook issued to nobody, with neither agency nor year on its cover."""
    return template_bytes(official(), Issue(), Filling(declared_zero=ALL_ZERO))


@dataclass(frozen=True)
class Case:
    """A wrong workbook, what its marked copy shows red, and the corrections that mend it."""

    make: Callable[[], bytes]
    red: list[str]
    corrections: dict[str, object]


CASES = {
    "a broken balance": Case(
        lambda: filled({"requests.new_received.natural_person": 3, "requests.granted.natural_person": 2}),
        [f"{THREE}!D8", f"{THREE}!D9", f"{THREE}!D32"],
        {f"{THREE}!D8": 2},
    ),
    "blank cells": Case(
        with_blanks, [f"{FOUR}!D6", f"{FOUR}!I6"], {f"{FOUR}!D6": 0, f"{FOUR}!I6": 0}
    ),
    "a negative figure": Case(
        lambda: filled({"proactive.admin_penalty.decisions": -4}), [f"{TWO}!B12"], {f"{TWO}!B12": 4}
    ),
    "a text in a number's cell": Case(
        lambda: alter.put_text(filled({}), "requests.granted.other_org", "约三十件"),
        [f"{THREE}!I10"],
        {f"{THREE}!I10": 0},
    ),
    "a cover left open": Case(
        open_cover,
        ["封面!B4", "封面!B6"],
        {"封面!B4": "温县科学技术局", "封面!B6": 2025},
    ),
    "another year on the cover": Case(
        lambda: alter.put_number(filled({}), "report.year", "2024"), ["封面!B6"], {"封面!B6": 2025}
    ),
    "another agency on the cover": Case(
        lambda: alter.put_text(filled({}), "agency.code", "11410825MB00000050"),
        ["封面!B5"],
        {"封面!B5": "111408250000000016"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_marked_copy_shows_the_wrong_cells_and_comes_back_clean_when_they_are_corrected(name: str) -> None:
    case = CASES[name]
    data = case.make()
    copy = marked(data)
    assert red_cells(copy) == case.red
    assert list(comments(copy)) == case.red
    assert read(copy).problems == read(data).problems
    assert codes(corrected(copy, case.corrections)) == []


def test_two_problems_of_one_cell_share_a_comment() -> None:
    issue = replace(ISSUE, prior=figures({"prior.requests.carried_forward.natural_person": 1}))
    data = filled({"requests.carried_in.natural_person": 3}, issue=issue)
    balance = (
        "表三依申请公开 D8（一、本年新收·自然人）：一、本年新收 0 + 二、上年结转 3 = 3，"
        "应等于（七）总计 0 + 四、结转下年度 0 = 0，差 +3。\n"
        "→ 请核对该列的新收、结转和各项办理结果；每件申请只计入一种办理结果。"
    )
    carried = (
        "表三依申请公开 D9（二、上年结转·自然人）：二、上年结转 3，应等于上年四、结转下年度 1，差 +2。\n"
        "→ 请按上年报告改正；确因机构调整等原因不一致的，请在“核对”页本条说明栏写明。"
    )
    assert comments(marked(data)) == {
        f"{THREE}!D8": f"【退回】\n{balance}",
        f"{THREE}!D9": f"【退回】\n{balance}\n{carried}",
        f"{THREE}!D32": f"【退回】\n{balance}",
    }


def test_a_comment_says_what_is_wrong_and_what_to_do() -> None:
    data = filled({"requests.new_received.natural_person": -3})
    data = alter.put_text(data, "requests.granted.other_org", "约三十件")
    assert comments(marked(data)) == {
        f"{THREE}!D8": (
            "【退回】\n表三依申请公开 D8（一、本年新收·自然人）：「-3」是负数。\n→ 件数和金额不能为负，请改正。"
        ),
        f"{THREE}!I10": (
            "【退回】\n表三依申请公开 I10（（一）予以公开·其他）：「约三十件」不是数字。\n"
            "→ 请改为阿拉伯数字，没有的填 0，说明写在备注里。"
        ),
    }


def test_the_first_sheet_lists_every_problem_with_a_link() -> None:
    data = filled({"requests.new_received.natural_person": 3, "proactive.admin_penalty.decisions": -4})
    copy = marked(data)
    assert opened(copy).sheetnames == ["退回说明", "封面", TWO, THREE, FOUR, "文字部分", "核对"]
    assert listed(copy) == [
        ["退回说明"],
        ["政府信息公开工作年度报告　2025 年度"],
        ["单位：温县科学技术局（111408250000000016）"],
        ["错误 2 处，提示 0 处。"],
        ["改正标红的格后，直接把本文件报回即可。"],
        ["序号", "级别", "位置", "问题", "怎样改"],
        [
            "1", "错误", "表二主动公开 B12", "表二主动公开 B12（行政处罚·本年处理决定数量）：「-4」是负数。",
            "件数和金额不能为负，请改正。",
        ],
        [
            "2", "错误", "表三依申请公开 D8",
            "表三依申请公开 D8（一、本年新收·自然人）：一、本年新收 3 + 二、上年结转 0 = 3，"
            "应等于（七）总计 0 + 四、结转下年度 0 = 0，差 +3。",
            "请核对该列的新收、结转和各项办理结果；每件申请只计入一种办理结果。",
        ],
    ]  # fmt: skip
    sheet = opened(copy)["退回说明"]
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'表二主动公开'!B12", "'表三依申请公开'!D8"]
    assert sheet.protection.sheet
    assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (9, 1, 0)


def test_a_copy_with_warnings_only_asks_to_look_and_one_without_marked_cells_to_read_on() -> None:
    looked = marked(filled({"proactive.normative_documents.issued": 3}))
    assert [row[0] for row in listed(looked)[3:5]] == [
        "错误 0 处，提示 1 处。",
        "请核对标红的格，有误的改正、无误的写明情况，再把本文件报回。",
    ]
    assert red_cells(looked) == [f"{TWO}!B6", f"{TWO}!C6", f"{TWO}!D6"]
    told = marked(alter.unprotected(filled({}), THREE))
    assert [row[0] for row in listed(told)[3:5]] == ["错误 0 处，提示 1 处。", "请按下面所列办理后，把本文件报回。"]
    assert red_cells(told) == []


def test_a_typed_over_total_gets_its_formula_back_and_comes_back_clean() -> None:
    data = alter.put_number(filled({"requests.granted.natural_person": 2, "requests.carried_in.natural_person": 2}),
                            "requests.granted.total", "5")  # fmt: skip
    assert codes(data) == ["total-overwritten"]
    copy = marked(data)
    assert red_cells(copy) == [f"{THREE}!{column}10" for column in "DEFGHIJ"]
    assert str(cell_at(opened(copy), f"{THREE}!J10").value).startswith("=")
    assert listed(copy)[5][0] == (
        "原文件的表样被改动过或打不开，本文件是重新生成的表：读得出的数字和文字已搬过来；"
        "读不出的请重新填写，原文引在“怎样改”里。"
    )
    assert codes(copy) == []
    assert submission(copy).values == submission(data).values


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "protection taken off": lambda data: alter.unprotected(data, THREE),
    "checks lost": lambda data: alter.unvalidated(data, THREE),
    "a sheet deleted": lambda data: alter.without_sheet(data, FOUR),
    "a row put in": lambda data: alter.with_row_inserted(data, THREE, 12),
    "a label reworded": lambda data: alter.put_text(data, f"{THREE}!A8", "一、今年收到的政府信息公开申请"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_workbook_whose_form_is_damaged_is_written_anew_with_what_could_be_read(name: str) -> None:
    issue = replace(ISSUE, prior=figures({"prior.requests.carried_forward.natural_person": 1}))
    filling = Filling(
        figures({"proactive.admin_penalty.decisions": 7, "requests.new_received.natural_person": 3}),
        ("proactive",),
        narrative={"overview": "=1+1 概述"},
        people={"preparer": "张三"},
        remarks={"proactive": "备注"},
        agency=AGENCY,
        year=2025,
    )
    data = DAMAGES[name](template_bytes(official(), issue, filling))
    before, copy = submission(data), marked(data)
    after = submission(copy)
    assert {problem.code for problem in after.problems} <= {"blank", "requests.carry_over"}
    assert (after.agency, after.year, after.people, after.remarks) == (AGENCY, 2025, before.people, before.remarks)
    assert after.narrative == {"overview": "=1+1 概述", "problems": "", "other": ""}
    assert {name: value for name, value in after.values.items() if value is not None} == {
        name: value for name, value in before.values.items() if value is not None
    }
    assert after.values[key("proactive.admin_penalty.decisions")] == 7
    assert listed(copy)[5][0] == (
        "原文件的表样被改动过或打不开，本文件是重新生成的表：读得出的数字和文字已搬过来；"
        "读不出的请重新填写，原文引在“怎样改”里。"
    )


def test_what_is_no_number_is_quoted_where_it_cannot_be_carried_and_never_becomes_0() -> None:
    data = alter.put_text(filled({}), "requests.granted.other_org", "约三十件")
    copy = marked(alter.unprotected(data, THREE))
    assert listed(copy)[8] == [
        "2", "错误", "表三依申请公开 I10", "表三依申请公开 I10（（一）予以公开·其他）：「约三十件」不是数字。",
        "请改为阿拉伯数字，没有的填 0，说明写在备注里。原来填的是：「约三十件」。",
    ]  # fmt: skip
    assert red_cells(copy) == [f"{THREE}!I10"]
    assert codes(copy) == ["blank"]
    assert codes(corrected(copy, {f"{THREE}!I10": 0})) == []


def test_another_agency_than_the_issued_one_is_never_corrected_by_us() -> None:
    data = alter.put_text(filled({}), "agency.code", "11410825MB00000050")
    copy = marked(alter.unprotected(data, THREE))
    assert codes(copy) == ["wrong-agency"]
    assert submission(copy).agency.code == "11410825MB00000050"
    assert red_cells(copy) == ["封面!B5"]


def test_a_workbook_too_heavy_to_be_opened_whole_is_written_anew() -> None:
    data = filled({"proactive.admin_penalty.decisions": -4})
    member = alter.part_of(data, "核对")
    heavy = alter.edited(data, member, lambda text: text.replace('ref="A1:E1"', 'ref="A1:XFD1048576"'))
    copy = marked(heavy)
    assert red_cells(copy) == [f"{TWO}!B12"]
    assert codes(copy) == ["negative"]
    assert cell_at(opened(copy), f"{TWO}!B12").value == -4


def test_marking_twice_leaves_only_the_marks_of_the_second_audit() -> None:
    first = marked(filled({"proactive.admin_penalty.decisions": -4, "requests.new_received.natural_person": 3}))
    again = corrected(first, {f"{TWO}!B12": 4})
    second = marked(again)
    assert opened(second).sheetnames == ["退回说明", "封面", TWO, THREE, FOUR, "文字部分", "核对"]
    assert red_cells(second) == [f"{THREE}!D8", f"{THREE}!D9", f"{THREE}!D32"]
    assert list(comments(second)) == red_cells(second)
    assert cell_at(opened(second), f"{TWO}!B12").fill.fgColor.rgb == "FFFFF8DC"
    assert [row[0] for row in listed(second)[6:]] == ["1"]


def test_an_agencys_own_comment_is_kept_below_ours_and_alone_once_ours_goes() -> None:
    workbook = opened(filled({"proactive.admin_penalty.decisions": -4, "proactive.rules.issued": -1}))
    from openpyxl.comments import Comment

    cell_at(workbook, f"{TWO}!B12").comment = Comment("核过了", "张三")
    buffer = io.BytesIO()
    workbook.save(buffer)
    first = marked(buffer.getvalue())
    assert comments(first)[f"{TWO}!B12"].endswith("\n——单位原批注——\n核过了")
    second = marked(corrected(first, {f"{TWO}!B12": 4}))
    assert comments(second)[f"{TWO}!B12"] == "核过了"


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+2", "@SUM(A1)", "a_x0041_b"])
def test_hostile_text_stays_text(text: str) -> None:
    data = alter.put_text(filled({}), "requests.granted.other_org", text.replace("_x", "_x005F_x"))
    for source in (data, alter.unprotected(data, THREE)):
        copy = marked(source)
        sheet = opened(copy)["退回说明"]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
        assert any(text in str(value).replace("_x005F_", "_") for row in listed(copy) for value in row)
        assert b"<f>cmd" not in b"".join(alter.members(copy).values())


def test_control_characters_are_left_out() -> None:
    data = alter.put_text(filled({}), "requests.granted.other_org", "约_x0007_三件\u202e")
    copy = marked(data)
    assert not any(letter in str(listed(copy)) + str(comments(copy)) for letter in "\x07\u202e")
    assert red_cells(copy) == [f"{THREE}!I10"]


def test_the_same_input_gives_the_same_bytes() -> None:
    data = filled({"proactive.admin_penalty.decisions": -4})
    assert marked(data) == marked(data)


def test_a_cell_at_the_far_corner_of_a_sheet_takes_no_time() -> None:
    data = filled({"proactive.admin_penalty.decisions": -4})
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    far_away = alter.replaced(data, alter.part_of(data, TWO), "</sheetData>", far)
    assert red_cells_of(marked(far_away), TWO, "B12") == RED


def red_cells_of(data: bytes, sheet: str, cell: str) -> object:
    """The fill of one cell."""
    return cell_at(opened(data), f"{sheet}!{cell}").fill.fgColor.rgb
