"""Rosters: every mistake at once, by row; nothing is issued before they are mended."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.collection.making import code, roster_csv
from tests.command.test_commands import gouji, visible
from tests.office import LibreOffice
from toolkit.collection.folder import create_collection
from toolkit.collection.roster import Roster, load_roster
from toolkit.collection.rosterbook import WRONG_CODE

COLUMNS = ("可制定规章",)
A, B, C, D = code(1), code(2), code(3), code(4)
WRONG_DIGIT = A[:-1] + ("0" if A[-1] != "0" else "1")


def told(rows: list[dict[str, str]], folder: Path) -> list[str]:
    """Everything that is said of a roster with these rows, by line."""
    (folder / "名册.csv").write_bytes(roster_csv(rows))
    found = load_roster(folder / "名册.csv", strict=True, columns=COLUMNS)
    assert not isinstance(found, Roster)
    return [f"{problem.where}：{problem.message}" for problem in found]


def row(name: str, number: str, **more: str) -> dict[str, str]:
    return {"单位名称": name, "统一社会信用代码": number, **more}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("", A)], ["第 2 行：没有单位名称。"]),
        ([row("甲", "")], ["第 2 行：统一社会信用代码没有填。"]),
        ([row("甲", A[:17])], ["第 2 行：统一社会信用代码「" + A[:17] + "」有 17 位，应为 18 位。"]),
        ([row("甲", "I" + A[1:])], ["第 2 行：统一社会信用代码「I" + A[1:] + "」含有代码不用的字符 I。"]),
        (
            [row("甲", WRONG_DIGIT)],
            [f"第 2 行：统一社会信用代码「{WRONG_DIGIT}」的校验位不对（按前 17 位应为 {A[-1]}）。"],
        ),
        ([row("甲", A), row("乙", A)], [f"第 3 行：“{A}”与第 2 行重复。"]),
        ([row("甲", A), row("甲", B)], ["第 3 行：“甲”与第 2 行重复。"]),
        ([row("甲", A, 上级单位="丙局")], ["第 2 行：上级单位“丙局”不在名册里。"]),
        (
            [row("甲", A, 上级单位="乙"), row("乙", B, 上级单位=A)],
            ["第 2 行：上级单位绕成了一圈：甲 → 乙 → 甲。"],
        ),
        ([row("甲", A, 上级单位="甲")], ["第 2 行：上级单位绕成了一圈：甲 → 甲。"]),
        (
            [row("甲", A, 前身单位=B), row("乙", B, 前身单位=C), row("丙", C, 前身单位=A)],
            ["第 2 行：前身单位绕成了一圈：甲 → 乙 → 丙 → 甲。"],
        ),
        ([row("甲", A, 前身单位=B[:5])], [f"第 2 行：前身单位「{B[:5]}」有 5 位，应为 18 位。"]),
        (
            [row("甲", A, 前身单位=C), row("乙", B, 前身单位=f"{C}、{D}")],
            [f"第 3 行：前身单位 {C} 已列在第 2 行（甲）名下。"],
        ),
        ([row("甲", A, 前身单位=B), row("乙", B)], ["第 2 行：前身单位“乙”还在名册第 3 行，今年自己也要报。"]),
        ([row("甲", A, 免报="是")], ["第 2 行：“免报”填了“是”，没有写理由。"]),
        ([row("甲", A, 免报="否", 免报理由="撤销")], ["第 2 行：写了免报理由，“免报”却不是“是”。"]),
        ([row("甲", A, 免报="已并入乙局")], ["第 2 行：“免报”填了「已并入乙局」。"]),
        *(
            ([row("甲", A, 免报=text)], [f"第 2 行：“免报”填了「{text}」。"])
            for text in ("无", "/", "—", "0", "N", "否。", "TRUE")
        ),
        ([row("甲", A, 可制定规章="有")], ["第 2 行：“可制定规章”填了「有」。"]),
        ([row("甲", A, 邮箱="wang.example")], ["第 2 行：邮箱「wang.example」的写法不对。"]),
        ([], ["第 1 行：名册里一个单位也没有。"]),
        (
            [row("", A[:3]), row("乙", B, 免报="是", 上级单位="丁"), row("乙", C, 可制定规章="y")],
            [
                "第 2 行：没有单位名称。",
                f"第 2 行：统一社会信用代码「{A[:3]}」有 3 位，应为 18 位。",
                "第 3 行：“免报”填了“是”，没有写理由。",
                "第 3 行：上级单位“丁”不在名册里。",
                "第 4 行：“可制定规章”填了「y」。",
                "第 4 行：“乙”与第 3 行重复。",
            ],
        ),
    ],
)
def test_every_mistake_is_told_at_once_by_its_row(rows: list[dict[str, str]], said: list[str], tmp_path: Path) -> None:
    assert told(rows, tmp_path) == said


def test_a_sound_roster_is_read_as_it_is_meant(tmp_path: Path) -> None:
    rows = [
        row(
            "甲局", f" {A.lower()} ", 类别="县直部门", 可制定规章="是", 联系人="王五", 电话="0358-1", 邮箱="a@b.cn",
            前身单位=f"{C}，{D}",
        ),
        row("乙镇", B, 上级单位=A, 免报="是", 免报理由="已并入甲局"),
    ]  # fmt: skip
    (tmp_path / "名册.csv").write_bytes(roster_csv(rows))
    roster = load_roster(tmp_path / "名册.csv", strict=True, columns=COLUMNS)
    assert isinstance(roster, Roster)
    first, second = roster.members
    assert (first.agency.name, first.agency.code, first.category, first.line) == ("甲局", A, "县直部门", 2)
    assert (first.granted, first.predecessors, first.exempt) == (frozenset({"可制定规章"}), (C, D), "")
    assert (first.contact, first.phone, first.email) == ("王五", "0358-1", "a@b.cn")
    assert (second.category, second.parent, second.exempt, second.granted) == ("未分类", A, "已并入甲局", frozenset())
    assert [each.agency.name for each in roster.expected] == ["甲局"]


def test_without_a_column_for_it_the_reason_stands_in_the_place_of_yes(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text(f"单位名称,统一社会信用代码,免报\n甲,{A},已并入乙局\n乙,{B},否\n丙,{C},\n", encoding="utf-8")
    roster = load_roster(path, strict=True)
    assert isinstance(roster, Roster)
    assert [member.exempt for member in roster.members] == ["已并入乙局", "", ""]
    for text in ("无", "/", "不免报", "正常报送", "TRUE"):
        path.write_text(f"单位名称,统一社会信用代码,免报\n甲,{A},{text}\n", encoding="utf-8")
        found = load_roster(path)
        assert not isinstance(found, Roster)
        assert [problem.message for problem in found] == [f"“免报”填了「{text}」。"]


def test_a_quote_that_is_never_closed_swallows_no_agency(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text(f'单位名称,统一社会信用代码,电话\n甲,{A},"123\n乙,{B},1\n', encoding="utf-8")
    found = load_roster(path, strict=True)
    assert not isinstance(found, Roster)
    assert [problem.hint for problem in found] == ["请检查引号是否成对，或另存为 .xlsx。"]


def test_cells_without_a_value_merged_ones_and_lines_too_far_down_are_told(tmp_path: Path) -> None:
    heads = ["单位名称", "统一社会信用代码", "类别", "免报"]

    def said(*lines: list[str], merge: str = "", last: list[str] | None = None) -> list[str]:
        book = Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        for row in (heads, *lines):
            sheet.append(row)
        if merge:
            sheet.merge_cells(merge)
        for column, value in enumerate(last or [], start=1):
            sheet.cell(40_002, column).value = value
        book.save(tmp_path / "名册.xlsx")
        found = load_roster(tmp_path / "名册.xlsx", strict=True)
        return ["好"] if isinstance(found, Roster) else [f"{problem.where}：{problem.message}" for problem in found]

    assert said(["甲", A, "县直部门", "否"]) == ["好"]
    assert said(["甲", A, "=1+1", "#N/A"]) == [
        "第 2 行：“类别”一格是错误值，或是没有算出结果的公式。",
        "第 2 行：“免报”一格是错误值，或是没有算出结果的公式。",
    ]
    merged = said(["甲", A, "县直部门", ""], ["乙", B, "", ""], merge="C2:C3")
    assert merged[0].endswith("名册里有合并的单元格，说不清是哪几行的。")
    assert said(["甲", A, "", ""], last=["乙", B, "", ""])[0].endswith("名册超过 20000 行。")


def test_a_column_that_stands_twice_is_told(tmp_path: Path) -> None:
    (tmp_path / "名册.csv").write_text(f"单位名称,统一社会信用代码,类别,类别\n甲,{A},1,2\n", encoding="utf-8")
    found = load_roster(tmp_path / "名册.csv", strict=True)
    assert not isinstance(found, Roster)
    assert [problem.message for problem in found] == ["“类别”一列有 2 个。"]


def test_nothing_is_issued_while_the_roster_has_mistakes(tmp_path: Path) -> None:
    made = gouji(tmp_path, "init", "任务", "--year", "2025", "--office", "县政府办", "--due", "2026-01-31")
    assert (made.code, made.err) == (0, "")
    settings = tmp_path / "任务" / "collection.toml"
    settings.write_text(settings.read_text("utf-8").replace("roster.xlsx", "名册.csv"), encoding="utf-8")
    (tmp_path / "任务" / "名册.csv").write_bytes(roster_csv([row("甲", A), row("乙", A), row("", B[:4])]))
    done = gouji(tmp_path, "issue", "任务")
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines()[::2] == [
        f"  [错误] 第 3 行：“{A}”与第 2 行重复。",
        "  [错误] 第 4 行：没有单位名称。",
        f"  [错误] 第 4 行：统一社会信用代码「{B[:4]}」有 4 位，应为 18 位。",
        "名册 任务/名册.csv 有 3 处错误，改正之前什么也没有做。",
    ]
    assert visible(tmp_path / "任务" / "issued") == []


def test_the_roster_workbook_holds_every_column_and_reads_back_as_it_was(tmp_path: Path) -> None:
    first = row("甲局", A, 类别="县直部门", 可制定规章="是", 联系人="王", 电话="1", 邮箱="a@b.cn", 前身单位=f"{C}、{D}")
    second = row("乙=1+1", B, 类别="乡镇街道", 上级单位="甲局", 免报="是", 免报理由="撤销")
    (tmp_path / "名册.csv").write_bytes(roster_csv([first, second]))
    roster = load_roster(tmp_path / "名册.csv", strict=True, columns=COLUMNS)
    assert isinstance(roster, Roster)
    create_collection(
        tmp_path / "任务",
        "ogi-annual-report-2021",
        year=2025,
        office="办",
        due=date(2026, 1, 31),
        members=roster.members,
    )
    assert load_roster(tmp_path / "任务" / "roster.xlsx", strict=True, columns=COLUMNS) == roster


@pytest.mark.office
def test_the_roster_workbook_alarms_exactly_the_wrong_codes(office: LibreOffice, tmp_path: Path) -> None:
    sound = [code(number) for number in (0, 1, 7, 1234567, 9999999)]
    wrong = [
        *(each[:-1] + ("1" if each[-1] != "1" else "2") for each in sound),
        sound[0][:17],
        "I" * 18,
        sound[1] + "0",
    ]
    swapped = sound[3][:10] + sound[3][11] + sound[3][10] + sound[3][12:]
    assert swapped != sound[3]
    cases = {**dict.fromkeys(sound, False), **dict.fromkeys([*wrong, swapped], True)}
    path = tmp_path / "代码.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("表")
        for at, text in enumerate(cases, start=1):
            sheet.write_string(at, 1, text)
            sheet.write_formula(at, 2, WRONG_CODE.replace("B2", f"B{at + 1}"), None, "")
    with office.open(path) as book:
        book.recalc()
        found = [book.get([f"表!C{at + 1}"])[0] for at in range(1, len(cases) + 1)]
    assert dict(zip(cases, map(bool, found), strict=True)) == cases
