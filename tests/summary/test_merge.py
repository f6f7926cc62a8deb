"""What is counted, what is left out and why, and that the totals are the sums."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake import alter
from tests.official import ALL_ZERO, filled, key, official, read
from toolkit.audit.across import by_identity, compare, expectation, with_prior
from toolkit.audit.submission import Agency, Reading, Source, Submission
from toolkit.summary.merge import Summary, merge
from toolkit.workbook.template import Issue

NEW, GRANTED, FORWARD = (f"requests.{row}.natural_person" for row in ("new_received", "granted", "carried_forward"))
FEE = "proactive.admin_fees.amount_wan_yuan"

Written = Mapping[str, int | str]


def sent(
    name: str, written: Written, file: str = "", year: int = 2025, declared: Sequence[str] = ALL_ZERO, saved: str = ""
) -> Reading:
    """One agency's workbook, read and audited; the code is made from the name."""
    code = f"1114{sum(map(ord, name)) % 10**14:014d}"
    reading = read(filled(written, tuple(declared), Issue(Agency(name, code), year)), file or f"{name}.xlsx")
    return replace(reading, source=replace(reading.source, saved=saved)) if saved else reading


def merged(
    *readings: Reading, year: int | None = None, include_broken: bool = False, roster: tuple[Agency, ...] = ()
) -> Summary:
    return merge(official().book, readings, year=year, include_broken=include_broken, roster=roster)


def whys(summary: Summary) -> list[str]:
    return [entry.left_out for entry in summary.entries]


def codes(summary: Summary) -> list[list[str]]:
    return [[problem.code for problem in entry.reading.problems] for entry in summary.entries]


def test_totals_are_the_sums_of_typed_figures_and_computed_cells_follow() -> None:
    summary = merged(
        sent("甲", {NEW: 3, GRANTED: 2, FORWARD: 1, FEE: "0.1"}),
        sent(
            "乙",
            {NEW: 10, GRANTED: 10, "requests.new_received.other_org": 4, "requests.granted.other_org": 4, FEE: "0.2"},
        ),
        sent("丙", {"disputes.review.upheld": 7, "disputes.review.pending": 1}),
    )
    told = {str(each): value for each, value in summary.values.items() if value}
    assert told == {
        FEE: Decimal("0.3"),
        "requests.new_received.natural_person": 13,
        "requests.new_received.other_org": 4,
        "requests.new_received.total": 17,
        "requests.granted.natural_person": 12,
        "requests.granted.other_org": 4,
        "requests.granted.total": 16,
        "requests.total_handled.natural_person": 12,
        "requests.total_handled.other_org": 4,
        "requests.total_handled.total": 16,
        "requests.carried_forward.natural_person": 1,
        "requests.carried_forward.total": 1,
        "disputes.review.upheld": 7,
        "disputes.review.pending": 1,
        "disputes.review.total": 8,
    }
    assert len(summary.values) == 200
    assert whys(summary) == ["", "", ""]


def test_what_has_errors_is_left_out_with_the_first_of_them() -> None:
    summary = merged(sent("甲", {NEW: 1, GRANTED: 1}), sent("乙", {NEW: 5}))
    assert whys(summary) == [
        "",
        "有 1 处错误：表三依申请公开 D8（一、本年新收·自然人）：一、本年新收 5 + 二、上年结转 0 = 5，"
        "应等于（七）总计 0 + 四、结转下年度 0 = 0，差 +5。",
    ]
    assert summary.values[key(NEW)] == 1


def test_warnings_do_not_keep_a_file_out() -> None:
    summary = merged(sent("甲", {"proactive.normative_documents.issued": 3}))
    assert codes(summary) == [["proactive.in_force_floor"]]
    assert whys(summary) == [""]


def test_with_include_broken_blanks_count_as_zero_and_it_is_said() -> None:
    summary = merged(sent("甲", {NEW: 5}, declared=("requests", "disputes")), include_broken=True)
    assert codes(summary) == [["blank", "requests.balance"]]
    assert whys(summary) == [""]
    assert [entry.remark for entry in summary.entries] == ["有 2 处错误，仍予收录；空白格和读不出的格按 0 计。"]
    assert summary.values[key("proactive.admin_penalty.decisions")] == 0
    assert summary.values[key(NEW)] == 5


def test_a_negative_figure_never_lowers_a_total() -> None:
    broken = sent("甲", {"proactive.admin_penalty.decisions": -4})
    summary = merged(broken, sent("乙", {"proactive.admin_penalty.decisions": 6}), include_broken=True)
    assert summary.values[key("proactive.admin_penalty.decisions")] == 6


def test_the_year_most_files_bear_is_merged_and_the_others_are_told() -> None:
    summary = merged(
        sent("甲", {}, year=2025), sent("乙", {}, year=2024), sent("丙", {}, year=2025), include_broken=True
    )
    assert summary.year == 2025
    assert codes(summary) == [[], ["wrong-year"], []]
    assert whys(summary) == ["", "乙：是 2024 年度的，本次汇总 2025 年度。", ""]


def test_of_two_years_as_frequent_the_later_is_merged_unless_one_is_given() -> None:
    readings = (sent("甲", {}, year=2024), sent("乙", {}, year=2025))
    assert merged(*readings).year == 2025
    assert whys(merged(*readings, year=2024)) == ["", "乙：是 2025 年度的，本次汇总 2024 年度。"]


def test_the_same_figures_sent_twice_count_once() -> None:
    summary = merged(sent("甲", {NEW: 1, GRANTED: 1}, "一.xlsx"), sent("甲", {NEW: 1, GRANTED: 1}, "二.xlsx"))
    assert codes(summary) == [[], ["duplicate"]]
    assert [problem.severity.value for problem in summary.problems] == ["warning"]
    assert whys(summary) == ["", "甲：同一单位已计入“一.xlsx”。"]
    assert summary.values[key(NEW)] == 1


def test_different_figures_of_one_agency_are_both_errors_and_neither_counts() -> None:
    summary = merged(sent("甲", {NEW: 1, GRANTED: 1}, "一.xlsx"), sent("甲", {NEW: 2, GRANTED: 2}, "二.xlsx"))
    assert codes(summary) == [["duplicate"], ["duplicate"]]
    assert [problem.severity.value for problem in summary.problems] == ["error", "error"]
    assert len(summary.included) == 0
    assert summary.problems[0].message == "甲：与“二.xlsx”是同一单位，数字不同，不知以哪份为准。"


def test_of_very_many_files_of_one_agency_each_names_a_few_others_and_says_how_many_there_are() -> None:
    one = sent("甲", {NEW: 1, GRANTED: 1})
    assert isinstance(one, Submission)
    many = [
        replace(one, source=Source(f"{at}.xlsx", f"{at}"), values={**one.values, key(NEW): Decimal(at)})
        for at in range(9)
    ]
    told = [each.problems[-1].message for each in compare(many)]
    assert told[0] == (
        "甲：与“1.xlsx”、“2.xlsx”、“3.xlsx”、“4.xlsx”、“5.xlsx”、“6.xlsx” 等 8 份是同一单位，数字不同，不知以哪份为准。"
    )
    assert told[8].startswith("甲：与“0.xlsx”、“1.xlsx”、“2.xlsx”、“3.xlsx”、“4.xlsx”、“5.xlsx” 等 8 份是同一单位")
    assert "等" not in next(each.problems[-1].message for each in compare(many[:7]))


def test_with_include_broken_the_one_saved_last_counts() -> None:
    one = sent("甲", {NEW: 1, GRANTED: 1}, "一.xlsx", saved="2026-01-20T09:00:00Z")
    two = sent("甲", {NEW: 2, GRANTED: 2}, "二.xlsx", saved="2026-01-18T09:00:00Z")
    summary = merged(one, two, include_broken=True)
    assert whys(summary) == ["", "甲：同一单位已计入“一.xlsx”。"]
    assert summary.values[key(NEW)] == 1


def test_an_agency_is_the_same_with_and_without_its_code() -> None:
    open_issue = Issue(None, 2025)
    data = alter.put_text(filled({NEW: 2, GRANTED: 2}, issue=open_issue), "agency.name", "甲")
    summary = merged(sent("甲", {NEW: 1, GRANTED: 1}), read(data, "手填.xlsx"))
    assert codes(summary) == [["duplicate"], ["duplicate"]]


def open_workbook(name: str, written: Written, file: str) -> Reading:
    """A workbook issued to nobody, with a name (or none) typed in and no code."""
    data = filled(written, issue=Issue(None, 2025))
    return read(alter.put_text(data, "agency.name", name) if name else data, file)


def test_one_agency_with_and_without_its_code_is_not_two_with_the_same_figures() -> None:
    summary = merged(sent("甲", {NEW: 8, GRANTED: 8}), open_workbook("甲", {NEW: 8, GRANTED: 8}, "手填.xlsx"))
    assert codes(summary) == [[], ["duplicate"]]


def test_a_name_that_two_codes_bear_is_taken_for_neither() -> None:
    one, two = (
        read(
            filled({NEW: at, GRANTED: at}, issue=Issue(Agency("财政局", f"11140825000000000{at}"), 2025)), f"{at}.xlsx"
        )
        for at in (1, 2)
    )
    by_name = open_workbook("财政局", {NEW: 3, GRANTED: 3}, "手填.xlsx")
    for readings in ((one, two, by_name), (by_name, two, one)):
        assert codes(merged(*readings)) == [[], [], []]
        assert merged(*readings).values[key(NEW)] == 6


def test_a_workbook_without_name_and_code_touches_no_other() -> None:
    coded = read(filled({NEW: 1, GRANTED: 1}, issue=Issue(Agency("", "111408250000000016"), 2025)), "有代码.xlsx")
    summary = merged(coded, open_workbook("", {NEW: 2, GRANTED: 2}, "无名.xlsx"))
    assert codes(summary) == [[], ["unknown-agency"]]
    assert whys(summary) == ["", "封面 B4：没有填单位名称和代码。"]


def prior_of(now: Agency, *before: tuple[Agency, int, int]) -> object:
    """What is known of last year's natural persons carried forward, from reports (agency, year, figure)."""
    reports = [read(filled({FORWARD: count}, issue=Issue(agency, year))) for agency, year, count in before]
    submission = read(filled({}, issue=Issue(now, 2025)))
    assert isinstance(submission, Submission)
    return with_prior(submission, by_identity(reports)).values.get(key(f"prior.{FORWARD}"))


def test_last_years_report_is_found_by_code_then_by_name_and_only_of_the_year_before() -> None:
    coded, other, named = Agency("甲", "111"), Agency("甲", "222"), Agency("甲", "")
    assert prior_of(coded, (coded, 2024, 7)) == 7
    assert prior_of(coded, (coded, 2024, 7), (coded, 2023, 5)) == 7
    assert prior_of(coded, (named, 2024, 7)) == 7
    assert prior_of(coded, (Agency("甲（旧名）", "111"), 2024, 7), (named, 2024, 5)) == 7
    assert prior_of(named, (coded, 2024, 7)) == 7
    assert prior_of(coded, (other, 2024, 7)) is None
    assert prior_of(coded, (coded, 2023, 7)) is None
    assert prior_of(coded, (Agency("乙", ""), 2024, 7)) is None


def test_a_blank_in_last_years_report_leaves_the_figure_that_was_issued() -> None:
    issue = Issue(Agency("甲", "111"), 2025, prior={key(f"prior.{FORWARD}"): Decimal(4)})
    submission = read(filled({}, issue=issue))
    assert isinstance(submission, Submission)
    blank = read(filled({}, (), Issue(Agency("甲", "111"), 2024)))
    assert with_prior(submission, by_identity([blank])).values[key(f"prior.{FORWARD}")] == 4


def test_two_agencies_with_all_the_same_figures_are_told_unless_all_are_zero() -> None:
    same = merged(sent("甲", {NEW: 8, GRANTED: 8}), sent("乙", {NEW: 8, GRANTED: 8}), sent("丙", {NEW: 9, GRANTED: 9}))
    assert codes(same) == [["same-figures"], ["same-figures"], []]
    assert [problem.severity.value for problem in same.problems] == ["warning", "warning"]
    assert same.problems[0].message == "甲：全部数字与“乙”（乙.xlsx）完全相同。"
    assert codes(merged(sent("甲", {}), sent("乙", {}))) == [[], []]


def test_a_file_that_cannot_be_read_stops_nothing() -> None:
    summary = merged(read(b"", "空.xlsx"), sent("甲", {NEW: 1, GRANTED: 1}), read(b"PK\x03\x04", "断.xlsx"))
    assert whys(summary) == ["文件是空的（0 字节）。", "", "文件已损坏或没有传完，打不开。"]
    assert summary.values[key(NEW)] == 1


def test_the_roster_tells_who_is_missing_and_who_is_not_expected() -> None:
    here, broken, absent = (Agency(name, "") for name in ("甲", "乙", "丁"))
    roster = (here, broken, absent)
    readings = map(expectation(roster), (sent("甲", {}), sent("乙", {NEW: 5}), sent("丙", {})))
    summary = merged(*readings, roster=roster, include_broken=True)
    assert summary.missing == (absent,)
    assert codes(summary) == [[], ["requests.balance"], ["unknown-agency"]]
    assert whys(summary)[2].startswith("“丙”（1114")


def test_another_years_report_does_not_count_as_this_years() -> None:
    summary = merged(sent("甲", {}), sent("乙", {}, year=2024), year=2025, roster=(Agency("甲", ""), Agency("乙", "")))
    assert summary.missing == (Agency("乙", ""),)


COUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=6)


@pytest.mark.long
@settings(max_examples=15, deadline=None)
@given(COUNTS)
def test_the_order_of_files_changes_no_total(counts: list[int]) -> None:
    readings = [sent(f"单位{at}", {NEW: count, GRANTED: count}) for at, count in enumerate(counts)]
    shuffled = sorted(readings, key=lambda each: each.source.sha256)
    assert merged(*shuffled).values == merged(*readings).values
    assert merged(*readings).values[key("requests.total_handled.total")] == sum(counts)


def test_an_agency_is_expected_by_its_code_before_its_name() -> None:
    roster = (Agency("甲局", "111408250000000016"), Agency("乙局", ""))
    cases = {
        Agency("甲局", "111408250000000016"): [],
        Agency("甲局（改名）", "111408250000000016"): [],
        Agency("甲局", "222222222222222222"): ["unknown-agency"],
        Agency("乙局", "333333333333333333"): [],
        Agency("丙局", "444444444444444444"): ["unknown-agency"],
    }
    for agency, expected in cases.items():
        reading = expectation(roster)(read(filled({}, issue=Issue(agency, 2025))))
        assert [problem.code for problem in reading.problems] == expected, agency
