"""Who is who where summaries come together: agencies of one name, without codes, in units within units; how many there
should be; what somebody added by hand."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.collection.making import code, completed, member, roster_csv
from tests.command.test_commands import gouji
from tests.official import ALL_ZERO, filled, official
from tests.summary.test_rollup import GRANTED, NEW, agencies, altered, codes, handed_up, listed, merged
from toolkit.audit.across import by_identity
from toolkit.audit.submission import Agency, Listing
from toolkit.summary.merge import Summary, merge
from toolkit.summary.parts import counted_words, divisions
from toolkit.summary.review import earlier_summaries, review
from toolkit.workbook.intake import read_submission
from toolkit.workbook.sources import Incoming
from toolkit.workbook.template import Issue

KNOWN = official()
FORMS = {KNOWN.book.form.code: KNOWN}
ON, IN = "requests.carried_forward.other_org", "requests.carried_in.other_org"


def codeless(name: str, figures: dict[str, int], year: int = 2025) -> Incoming:
    """The workbook of an agency that gives no code."""
    return Incoming(f"{name}.xlsx", filled(dict(figures), ALL_ZERO, Issue(Agency(name, ""), year)))


def total(summary: Summary, name: str = NEW) -> int:
    return int(next(value for key, value in summary.values.items() if str(key) == name))


def missing(summary: Summary) -> list[str]:
    return [agency.name for agency in summary.missing]


def county(unit: str, count: int, number: int) -> Incoming:
    """A county with a coded agency and one that is called as in every county and has no code."""
    return handed_up(merged([codeless("财政局", {NEW: count, GRANTED: count}), *agencies(number)], unit))


def test_agencies_of_one_name_without_codes_stay_apart_through_every_level() -> None:
    city = handed_up(merged([county("甲县", 3, 1), county("乙县", 5, 2)], "某市"))
    province = merged([city], "某省")
    assert (total(province), len(province.included), codes(province)) == (3 + 5 + 2 + 4, 4, {})


def test_a_code_that_one_county_gives_a_name_is_not_that_of_another_countys_agency() -> None:
    coded = Incoming("f.xlsx", completed(member("财政局", 5), {NEW: 7, GRANTED: 7}))
    city = merged([handed_up(merged([coded], "甲县")), county("乙县", 3, 1)], "某市")
    assert (total(city), len(city.included), codes(city)) == (7 + 3 + 2, 3, {})
    assert total(merged([handed_up(city)])) == 12


def test_a_summary_and_that_of_the_unit_above_it_are_the_same_agencies() -> None:
    roster = [Listing(Agency("财政局", "")), Listing(Agency("民政局", "")), *listed(1)]
    below = handed_up(merged([codeless("财政局", {NEW: 3, GRANTED: 3}), *agencies(1)], "甲县", roster))
    above = handed_up(merged([below], "某市"))
    both = merged([below, above])
    assert total(both) == 3 + 2
    assert (len(both.roster), missing(both)) == (3, ["民政局"])


def test_the_same_stem_in_two_folders_is_two_units() -> None:
    files = [county("", 3, 1), county("", 5, 2)]
    named = [Incoming(f"{place}/汇总.xlsx", each.data) for place, each in zip("甲乙", files, strict=True)]
    city = merged(named, "某市")
    assert (total(city), codes(city)) == (3 + 5 + 2 + 4, {})
    assert [part.label for part in divisions(city)[-1].parts] == ["甲/汇总", "乙/汇总"]


def test_last_years_figures_are_those_of_the_agency_in_the_same_unit() -> None:
    def both(figures: dict[str, list[int]], year: int) -> list[Incoming]:
        found = []
        for at, unit in enumerate(("甲县", "乙县")):
            file = codeless("财政局", {name: counts[at] for name, counts in figures.items()}, year)
            found.append(handed_up(merge(KNOWN.book, list(review([file], FORMS)), unit=unit)))
        return found

    last = list(review(both({NEW: [2, 7], ON: [2, 7]}, 2024), FORMS))
    readings = list(review(both({IN: [2, 7], GRANTED: [2, 7]}, 2025), FORMS, last_year=by_identity(last)))
    assert [problem.code for each in readings for problem in each.problems] == []


def test_an_agency_that_has_not_reported_is_missed_whoever_bears_its_name_elsewhere() -> None:
    def county(unit: str, number: int, *, reports: bool) -> Incoming:
        roster = [Listing(Agency("财政局", code(number))), *listed(number + 20)]
        own = Incoming("f.xlsx", completed(member("财政局", number), {NEW: number, GRANTED: number}))
        return handed_up(merged([*([own] if reports else []), *agencies(number + 20)], unit, roster))

    city = merged([county("甲县", 1, reports=True), county("乙县", 3, reports=False)])
    assert (len(city.roster), missing(city)) == (4, ["财政局"])


def test_an_agency_called_like_the_office_that_sums_up_stays_on_the_roster() -> None:
    below = handed_up(merged(agencies(1, 2), "单位1"))
    above = merged([below], roster=listed(1, 2))
    assert (len(above.roster), missing(above), len(above.included)) == (2, [], 2)


def test_a_unit_on_the_roster_whose_summary_came_is_not_missing_whatever_its_name() -> None:
    below = handed_up(merged(agencies(1, 2), "甲县（试点）", listed(1, 2)))
    above = merged([below], roster=[Listing(Agency("甲县（试点）", code(90)))])
    assert (len(above.roster), missing(above)) == (2, [])


def test_how_many_there_should_be_is_not_said_where_nobody_knows_of_some() -> None:
    below = handed_up(merged(agencies(1, 2), "甲县", listed(1, 2, 3)))
    city = merged([below, *agencies(7, 9)])
    levels = divisions(city)[-1]
    told = [(part.label, counted_words(len(part.members), part.expected)) for part in levels.parts]
    assert told == [("甲县", "收录 2/3"), ("本级", "收录 2 家")]
    unlisted = merged([below, handed_up(merged(agencies(5), "乙县"))])
    told = [(part.label, counted_words(len(part.members), part.expected)) for part in divisions(unlisted)[-1].parts]
    assert told == [("甲县", "收录 2/3"), ("乙县", "收录 1 家")]
    assert city.expected is None


def test_an_agency_that_need_not_report_and_does_keeps_its_place_and_is_not_expected() -> None:
    roster = [*listed(1), Listing(Agency("单位2", code(2)), "街道", "", "", is_expected=False)]
    summary = merged(agencies(1, 2), roster=roster)
    (categories,) = divisions(summary)
    assert [(part.label, len(part.members), part.expected) for part in categories.parts] == [
        ("部门", 1, 1), ("街道", 1, 0),
    ]  # fmt: skip
    assert (summary.expected, missing(summary)) == (1, [])


def parents(pairs: Sequence[tuple[int, int]]) -> list[Listing]:
    """Agencies by number, each under another (0: under none)."""
    return [Listing(Agency(f"单位{at}", code(at)), "", f"单位{above}" if above else "") for at, above in pairs]


@pytest.mark.parametrize(
    ("pairs", "parts"),
    [
        ([(1, 2), (2, 1), (3, 0)], {"没有隶属关系的单位": 2 + 4 + 8}),
        ([(1, 1), (2, 0), (3, 2)], {"没有隶属关系的单位": 2, "单位2": 4 + 8}),
        ([(1, 2), (2, 3), (3, 2)], {"单位2": 2 + 4, "没有隶属关系的单位": 8}),
    ],
)
def test_agencies_that_stand_under_themselves_are_not_lost(pairs: list[tuple[int, int]], parts: dict[str, int]) -> None:
    summary = merged(agencies(1, 2, 3), roster=parents(pairs))
    (division,) = divisions(summary)
    found = {
        part.label: sum(2 ** int(summary.included[at].agency.name[2:]) for at in division.all_members(place))
        for place, part in enumerate(division.parts)
        if part.within is None
    }
    assert found == parts
    assert sum(found.values()) == total(summary)


def test_a_chain_of_a_thousand_is_drawn_and_no_formula_grows_with_it() -> None:
    numbers = list(range(1, 1001))
    roster = [*parents([(number, number - 1) for number in numbers]), *parents([(at, 1) for at in range(2000, 4000)])]
    summary = merged(agencies(1), roster=roster)
    (division,) = divisions(summary)
    assert len(division.parts) == 999
    assert division.all_expected(0) == 3000


def test_what_somebody_added_below_the_agencies_is_told_and_not_counted() -> None:
    below = handed_up(merged(agencies(1, 2, 3), "甲县"))

    def change(book: object) -> None:
        sheet = book["明细"]  # type: ignore[index]
        sheet["B9"] = "合计"
        for column in range(7, 207):
            letters = sheet.cell(9, column).column_letter
            sheet.cell(9, column).value = f"=SUM({letters}6:{letters}8)"

    city = merged([altered(below, change)], "某市")
    assert total(city) == 2 + 4 + 8
    assert codes(city) == {"甲县.xlsx/明细第9行": ["error damaged"]}
    assert city.problems[0].message == "“明细”第 9 行“合计”没有序号，不是汇总时收录的单位，没有计入。"


def test_a_summary_in_place_of_a_report_is_called_what_it_is() -> None:
    below = handed_up(merged(agencies(1, 2), "甲县"))
    (problem,) = read_submission(below.data, below.name, FORMS).problems
    assert (problem.code, problem.message) == ("wrong-form", "这是汇总工作簿，不是单位填报的工作簿。")
    assert problem.hint == "要再往上汇总的，请用 gouji merge；报送的请用下发的工作簿。"


def test_a_formula_in_place_of_a_reported_figure_is_an_error() -> None:
    below = handed_up(merged(agencies(1, 2), "甲县"))

    def change(book: object) -> None:
        sheet = book["明细"]  # type: ignore[index]
        column = next(cell.column for cell in sheet[2] if str(cell.value).endswith(" I8"))
        sheet.cell(6, column).value = "=10+5"

    city = merged([altered(below, change)], "某市")
    assert codes(city) == {"甲县.xlsx/1.xlsx": ["error formula-in-input"]}
    assert total(city) == 4


@pytest.mark.long
def test_last_year_counts_what_had_errors_as_it_was_published(tmp_path: Path) -> None:
    """The file that lacks figures was counted last year; leaving it out now would make a leap of nothing."""
    (tmp_path / "24").mkdir()
    (tmp_path / "25").mkdir()
    for number, count in ((1, 10), (2, 90)):
        figures: dict[str, int | str] = {NEW: count, GRANTED: count}
        issue = Issue(Agency(f"单位{number}", code(number)), 2024)
        zero = ALL_ZERO if number == 1 else ("requests", "disputes")
        (tmp_path / "24" / f"{number}.xlsx").write_bytes(filled(figures, zero, issue))
        this = completed(member(f"单位{number}", number), {NEW: count, GRANTED: count})
        (tmp_path / "25" / f"{number}.xlsx").write_bytes(this)
    assert gouji(tmp_path, "merge", "24", "-o", "24.xlsx", "--include-broken").code == 1
    for prior in ("24", "24.xlsx"):
        done = gouji(tmp_path, "merge", "25", "-o", "25.xlsx", "--prior", prior, "--force")
        assert done.code == 0
        assert "2024 年度" in done.err
        assert "有 1 处错误，仍予收录" in done.err
        sheet = load_workbook(tmp_path / "25.xlsx", data_only=True)["同比"]
        line = next(row for row in sheet.iter_rows(values_only=True) if row[1:3] == ("一、本年新收", "总计"))
        assert line[3:8] == (100, 100, 0, 0, None)
    done = gouji(tmp_path, "merge", "25", "-o", "25.xlsx", "--prior", "25", "--force")
    assert done.err == "上年报表里没有 2024 年度的，没有同比。\n"


def test_what_is_read_is_not_written_over(tmp_path: Path) -> None:
    below = handed_up(merged(agencies(1), "甲县"))
    (tmp_path / "甲县.xlsx").write_bytes(below.data)
    done = gouji(tmp_path, "merge", "甲县.xlsx", "-o", "./甲县.xlsx", "--force")
    assert (done.code, done.out) == (2, "")
    assert done.err == "错误：“甲县.xlsx”又要读，又要写。\n请给 -o 换一个文件名。\n"
    assert (tmp_path / "甲县.xlsx").read_bytes() == below.data


@pytest.mark.long
def test_pictures_are_refused_before_anything_is_written_and_leave_the_json_alone(tmp_path: Path) -> None:
    (tmp_path / "收").mkdir()
    (tmp_path / "收" / "1.xlsx").write_bytes(agencies(1)[0].data)
    done = gouji(tmp_path, "merge", "收", "-o", "a.xlsx", "--charts", "图", "--json")
    assert (done.code, done.document["output"]) == (0, "a.xlsx")
    assert len(list((tmp_path / "图").iterdir())) == 6
    again = gouji(tmp_path, "merge", "收", "-o", "b.xlsx", "--charts", "图")
    assert (again.code, (tmp_path / "b.xlsx").exists()) == (2, False)
    inside = gouji(tmp_path, "merge", "收", "-o", "b.xlsx", "--charts", "收/图")
    assert (inside.code, (tmp_path / "b.xlsx").exists()) == (2, False)


def test_a_traced_total_is_the_sum_of_its_lines_also_where_blanks_were_included(tmp_path: Path) -> None:
    (tmp_path / "1.xlsx").write_bytes(
        filled({NEW: 7, GRANTED: 7}, ("proactive", "disputes"), Issue(Agency("甲", code(1)), 2025))
    )
    (tmp_path / "2.xlsx").write_bytes(completed(member("乙", 2), {NEW: 2, GRANTED: 2}))
    assert gouji(tmp_path, "merge", "1.xlsx", "2.xlsx", "-o", "a.xlsx", "--include-broken").code == 1
    told = gouji(tmp_path, "trace", "a.xlsx", "requests.new_received.total", "--json")
    document = told.document
    assert document["value"] == 9
    contributions = document["contributions"]
    assert isinstance(contributions, list)
    assert sum(each["value"] for each in contributions) == 9


def test_a_summary_is_not_shown_as_if_it_were_one_agency(tmp_path: Path) -> None:
    (tmp_path / "甲县.xlsx").write_bytes(handed_up(merged(agencies(1, 2), "甲县")).data)
    done = gouji(tmp_path, "read", "甲县.xlsx")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("错误：“甲县.xlsx”是汇总工作簿，里面有 2 家。")


def test_roster_with_levels_and_exemptions_is_listed(tmp_path: Path) -> None:
    """By the command: an exempt agency in the middle of a chain keeps the chain."""
    rows = [
        {"单位名称": "单位1", "统一社会信用代码": code(1), "层级": "本级"},
        {"单位名称": "单位2", "统一社会信用代码": code(2), "上级单位": "单位1", "免报": "是",
         "免报理由": "已经停止办公", "层级": "本级"},
        {"单位名称": "单位3", "统一社会信用代码": code(3), "上级单位": "单位2", "层级": "下级"},
    ]  # fmt: skip
    (tmp_path / "名册.csv").write_bytes(roster_csv(rows))
    for each in agencies(1, 3):
        (tmp_path / each.name).write_bytes(each.data)
    done = gouji(tmp_path, "merge", "1.xlsx", "3.xlsx", "-o", "a.xlsx", "--roster", "名册.csv", "--json")
    parts = done.document["parts"]
    assert isinstance(parts, list)
    assert [(each["by"], each["part"], each["within"], each["included"], each["expected"]) for each in parts] == [
        ("上级单位", "单位1", None, 2, 2),
        ("上级单位", "单位2", "单位1", 1, 1),
        ("层级", "本级", None, 1, 1),
        ("层级", "下级", None, 1, 1),
    ]


def test_earlier_years_are_each_a_year(tmp_path: Path) -> None:
    readings = [
        each
        for year in (2022, 2023, 2024)
        for each in review(
            [Incoming("a.xlsx", completed(member("单位1", 1), {NEW: year, GRANTED: year}, year=year))], FORMS
        )
    ]
    earlier = earlier_summaries(KNOWN.book, readings, 2024)
    assert {year: total(summary) for year, summary in earlier.items()} == {2022: 2022, 2023: 2023}
