"""Last year's figures for this year's agencies: from wherever they lie, through whatever became of the agencies; what
cannot be known is left open and said, never guessed."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.collection.making import at_time, code, collection_of, completed, member
from tests.command.test_commands import gouji
from tests.official import ALL_ZERO, official
from toolkit.audit.submission import Agency
from toolkit.collection.prior import Priors, load_priors
from toolkit.collection.roster import Member, Roster
from toolkit.form.model import Key
from toolkit.form.stamp import print_stamp
from toolkit.workbook.template import Filling, Issue, template_bytes

ON, NEW = "requests.carried_forward.natural_person", "requests.new_received.natural_person"
IN_FORCE = "proactive.normative_documents.in_force"
PART = "“{}”要由几个单位合计，{} 上年没有可用的报表，合计不出来，上年数留空；去年已经并入的前身单位，请从名册删去。"
OTHERS = ("commercial_enterprise", "research_institution", "public_interest_org", "legal_service_org", "other_org")


def carried(on: int, in_force: int = 0) -> dict[str, int]:
    return {NEW: on, ON: on, IN_FORCE: in_force}


A, B, C, D = (member(name, number) for number, name in enumerate(("甲局", "乙局", "丙局", "丁局"), start=1))
LAST = {A: carried(1, 10), B: carried(2, 20), C: carried(4, 40), D: carried(8, 80)}


@pytest.fixture(scope="module")
def last_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 2024's completed workbooks, collection and summary."""
    folder = tmp_path_factory.mktemp("上年")
    for at, (who, figures) in enumerate(LAST.items()):
        at_time(folder / "表" / f"{at}.xlsx", completed(who, figures, year=2024), at)
    collection_of(folder / "2024", list(LAST), year=2024)
    assert gouji(folder, "collect", "2024", "表").code == 0
    assert gouji(folder, "summarize", "2024", "-o", "汇总.xlsx").code == 0
    return folder


def found(path: Path, members: Sequence[Member], tmp_path: Path) -> tuple[dict[str, tuple[int, int]], tuple[str, ...]]:
    """What 2025's agencies get from a path: carried forward and in force by name, and what is said."""
    collection, roster = collection_of(tmp_path / "2025", members)
    return figures_of(load_priors(path, collection, roster), roster)


def figures_of(priors: Priors, roster: Roster) -> tuple[dict[str, tuple[int, int]], tuple[str, ...]]:
    names = {each.agency.code: each.agency.name for each in roster.members}

    def of(values: Mapping[Key, Decimal], name: str) -> int:
        return int(next(value for key, value in values.items() if str(key) == f"prior.{name}"))

    return (
        {names[number]: (of(values, ON), of(values, IN_FORCE)) for number, values in priors.figures.items()},
        priors.remarks,
    )


SOURCES = ["2024", "汇总.xlsx", "表"]


@pytest.mark.parametrize("source", SOURCES)
def test_it_is_the_same_from_a_collection_a_summary_and_workbooks(source: str, last_year: Path, tmp_path: Path) -> None:
    members = [A, member("新名", 2), member("合并局", 9, predecessors=(code(3), code(4)))]
    assert found(last_year / source, members, tmp_path) == (
        {"甲局": (1, 10), "新名": (2, 20), "合并局": (4 + 8, 40 + 80)}, (),
    )  # fmt: skip


def test_totals_of_last_year_are_recomputed_and_carried_too(last_year: Path, tmp_path: Path) -> None:
    collection, roster = collection_of(tmp_path / "2025", [A])
    for source in SOURCES:
        priors = load_priors(last_year / source, collection, roster)
        values = {str(key): int(value) for key, value in priors.figures[code(1)].items()}
        assert values == {
            **dict.fromkeys((f"prior.requests.carried_forward.{column}" for column in OTHERS), 0),
            "prior.requests.carried_forward.natural_person": 1, "prior.requests.carried_forward.total": 1,
            "prior.proactive.normative_documents.in_force": 10, "prior.proactive.gov_rules.in_force": 0,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("members", "figures", "said"),
    [
        # an agency that took others in and goes on under its own code
        ([member("甲局", 1, predecessors=(code(2), code(3)))], {"甲局": (1 + 2 + 4, 70)}, ()),
        # a predecessor that is still listed, exempt, and had one of its own
        (
            [member("戊局", 9, predecessors=(code(1),)), member("甲局", 1, predecessors=(code(2),), exempt="并入戊局")],
            {"戊局": (1 + 2, 30)}, (),
        ),
        # one of two predecessors is nowhere in last year's figures: a part of a sum is no sum
        (
            [member("己局", 9, predecessors=(code(1), code(7)))],
            {}, (PART.format("己局", code(7)),),
        ),
        # a new agency
        ([member("庚局", 9)], {}, ()),
        # an agency that bears another's name is not that one
        ([member("甲局", 9)], {}, ()),
    ],
    ids=["took others in", "chain", "a part", "new", "another of that name"],
)  # fmt: skip
def test_what_became_of_agencies_is_followed(
    members: list[Member], figures: dict[str, tuple[int, int]], said: tuple[str, ...], last_year: Path, tmp_path: Path
) -> None:
    assert found(last_year / "2024", members, tmp_path) == (figures, said)


def test_what_was_returned_and_not_mended_or_accepted_is_not_used(tmp_path: Path) -> None:
    collection_of(tmp_path / "2024", [A, B, C], year=2024)
    wrong = {**carried(1), "requests.granted.other_org": 5}
    at_time(tmp_path / "来" / "a.xlsx", completed(A, wrong, year=2024), 1)
    at_time(tmp_path / "来" / "b.xlsx", completed(B, carried(2), year=2024), 2)
    assert gouji(tmp_path, "collect", "2024", "来").code == 1
    assert found(tmp_path / "2024", [A, B, C], tmp_path) == (
        {"乙局": (2, 0)}, ("“甲局”上年的报表退回后没有改好，没有使用。",),
    )  # fmt: skip


def test_an_agency_that_had_to_report_and_did_not_leaves_the_sum_open(tmp_path: Path) -> None:
    """乙局 filed; 甲局 never did and took 乙局 in; 丙局, which 丁局 took in, was merged from 乙局 and did not file."""
    collection_of(tmp_path / "2024", [A, B, C, D], year=2024)
    at_time(tmp_path / "来" / "b.xlsx", completed(B, carried(7), year=2024), 1)
    at_time(tmp_path / "来" / "d.xlsx", completed(D, carried(8), year=2024), 2)
    assert gouji(tmp_path, "collect", "2024", "来").code == 0
    heir = member("甲局", 1, predecessors=(code(2),))
    assert found(tmp_path / "2024", [heir], tmp_path / "一") == ({}, (PART.format("甲局", code(1)),))
    chain = [member("丁局", 4, predecessors=(code(3),)), member("丙局", 3, predecessors=(code(2),), exempt="并入丁局")]
    assert found(tmp_path / "2024", chain, tmp_path / "二") == ({}, (PART.format("丁局", code(3)),))


def test_predecessors_that_last_years_report_already_had_in_it_are_not_asked_for_again(tmp_path: Path) -> None:
    heir = member("甲局", 1, predecessors=(code(2),))
    collection_of(tmp_path / "2024", [heir], year=2024)
    at_time(tmp_path / "来" / "a.xlsx", completed(heir, carried(5, 6), year=2024), 1)
    assert gouji(tmp_path, "collect", "2024", "来").code == 0
    assert found(tmp_path / "2024", [heir], tmp_path) == ({"甲局": (5, 6)}, ())


def test_a_report_whose_code_and_name_are_two_agencies_is_neithers(tmp_path: Path) -> None:
    at_time(tmp_path / "表" / "a.xlsx", completed(member("甲局", 2), carried(5), year=2024), 1)
    figures, said = found(tmp_path / "表", [A, B], tmp_path)
    assert figures == {}
    assert said == (
        f"{tmp_path}/表/a.xlsx：有一家的代码是 {code(2)}，单位名称却是“甲局”（名册里的代码是 {code(1)}），没有使用。",
    )


def test_a_report_without_a_code_is_held_against_the_one_with(tmp_path: Path) -> None:
    at_time(tmp_path / "表" / "a.xlsx", completed(A, carried(1), year=2024), 1)
    known = official()
    keys = {str(key): key for key in known.book.typed}
    filling = Filling({keys[name]: Decimal(2) for name in (NEW, ON)}, ALL_ZERO, agency=Agency("甲局", ""), year=2024)
    at_time(tmp_path / "表" / "b.xlsx", template_bytes(known, Issue(), filling), 2)
    figures, said = found(tmp_path / "表", [A], tmp_path)
    assert (figures, len(said)) == ({}, 1)
    assert said[0].startswith("“甲局”上年有几份报表，数不相同（")


def test_a_heading_that_stands_twice_in_a_summary_is_not_chosen_between(last_year: Path, tmp_path: Path) -> None:
    path = tmp_path / "汇总.xlsx"
    book = load_workbook(last_year / "汇总.xlsx")
    sheet = book["明细"]
    cells: list[str | int] = ["表三", "四、结转下年度", "自然人", 1000]
    for row, value in enumerate(cells, start=3):
        sheet.cell(row, 260).value = value
    book.save(path)
    told = f"{path}：“明细”页找不到“表三 四、结转下年度 自然人”一列，或者有两列。没有使用。"
    assert found(path, [A], tmp_path) == ({}, (told,))


def test_files_of_other_years_doubtful_ones_and_differing_ones_are_told_and_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "表"
    at_time(folder / "1.xlsx", completed(A, carried(1), year=2023), 1)
    at_time(folder / "2.xlsx", completed(B, carried(2), year=2024), 2)
    at_time(folder / "3.xlsx", completed(B, carried(3), year=2024), 3)
    at_time(folder / "4.xlsx", completed(C, carried(4), year=2024), 4)
    shutil.copy(folder / "4.xlsx", folder / "5.xlsx")
    (folder / "6.docx").write_bytes(b"PK")
    figures, said = found(folder, [A, B, C], tmp_path)
    assert figures == {"丙局": (4, 0)}
    assert said == (
        f"{folder}/1.xlsx：是 2023 年度的，不是上年的，没有使用。",
        f"{folder}/6.docx：文件已损坏或没有传完，打不开。没有使用。",
        f"“乙局”上年有几份报表，数不相同（“{folder}/2.xlsx”、“{folder}/3.xlsx”），都没有使用。",
    )


def test_blanks_of_last_year_stay_open(tmp_path: Path) -> None:
    path = at_time(tmp_path / "表" / "a.xlsx", completed(A, carried(1, 5), year=2024), 1)
    book = load_workbook(path)
    sheet, cell = next(iter(book.defined_names["requests.blanks_are_zero"].destinations))
    book[sheet][cell.replace("$", "")] = None
    book.save(path)
    collection, roster = collection_of(tmp_path / "2025", [A])
    priors = load_priors(path, collection, roster)
    known = {str(key): int(value) for key, value in priors.figures[code(1)].items()}
    assert known == {
        "prior.requests.carried_forward.natural_person": 1, "prior.proactive.gov_rules.in_force": 0,
        "prior.proactive.normative_documents.in_force": 5,
    }  # fmt: skip
    assert priors.remarks == ("“甲局”上年有 6 个数空白或读不出，相应的上年数留空。",)


def test_a_sum_of_which_one_part_is_blank_stays_open(tmp_path: Path) -> None:
    folder = tmp_path / "表"
    at_time(folder / "a.xlsx", completed(A, carried(1, 5), year=2024), 1)
    path = at_time(
        folder / "b.xlsx", completed(B, {**carried(2, 6), "requests.carried_forward.other_org": 3}, year=2024), 2
    )
    book = load_workbook(path)
    sheet, cell = next(iter(book.defined_names["requests.blanks_are_zero"].destinations))
    book[sheet][cell.replace("$", "")] = None
    book.save(path)
    collection, roster = collection_of(tmp_path / "2025", [member("合并局", 9, predecessors=(code(1), code(2)))])
    priors = load_priors(folder, collection, roster)
    assert {str(key): int(value) for key, value in priors.figures[code(9)].items()} == {
        "prior.requests.carried_forward.natural_person": 3, "prior.requests.carried_forward.other_org": 3,
        "prior.proactive.gov_rules.in_force": 0, "prior.proactive.normative_documents.in_force": 11,
    }  # fmt: skip
    assert priors.remarks == ("“合并局”上年有 5 个数空白或读不出，相应的上年数留空。",)


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (
            lambda book: put(book, "目录", "B3", "OGI2021-1-2023-0-N"),
            "汇总编号「OGI2021-1-2023-0-N」核对不上，不知是哪种报表、哪个年度的汇总。",
        ),
        (
            lambda book: put(book, "目录", "B3", print_stamp(official().book.form, 2022, "")),
            "是 2022 年度的汇总，不是上年的，",
        ),
        (lambda book: put(book, "明细", "C5", "代码"), "“明细”页缺少“统一社会信用代码”一列，或者有两列。"),
    ],
)
def test_a_summary_that_was_altered_is_told(
    alter: Callable[[Workbook], None], said: str, last_year: Path, tmp_path: Path
) -> None:
    path = tmp_path / "汇总.xlsx"
    book = load_workbook(last_year / "汇总.xlsx")
    alter(book)
    book.save(path)
    assert found(path, [A], tmp_path) == ({}, (f"{path}：{said}没有使用。",))


def put(book: Workbook, sheet: str, cell: str, text: str) -> None:
    book[sheet][cell] = text


def test_a_summary_that_was_sorted_is_read_by_its_headings(last_year: Path, tmp_path: Path) -> None:
    path = tmp_path / "汇总.xlsx"
    book = load_workbook(last_year / "汇总.xlsx")
    sheet = book["明细"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6, max_row=9)]
    for at, row in enumerate(reversed(rows), start=6):
        for column, value in enumerate(row, start=1):
            sheet.cell(at, column).value = value
    sheet.move_range("H1:GY9", cols=2)
    book.save(path)
    assert found(path, [A, D], tmp_path)[0] == {"甲局": (1, 10), "丁局": (8, 80)}


def test_a_collection_of_another_year_is_not_last_years(tmp_path: Path) -> None:
    collection_of(tmp_path / "2025a", [A])
    assert found(tmp_path / "2025a", [A], tmp_path) == (
        {}, ("2025a：是 ogi-annual-report-2021 2025 年度的，不是上年的同一种报表，没有使用。",),
    )  # fmt: skip
