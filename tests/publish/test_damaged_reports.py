"""Published reports with every damage that was seen, alone and together: a figure is right, or it is left out and told
with its line; it is never shifted in silence."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.official import official
from tests.publish.composed import (
    COLUMNS,
    DISPUTES,
    REQUESTS,
    Composed,
    Rows,
    as_docx,
    as_html,
    as_spaced,
    as_tabbed,
    composed,
    distinct,
    key_of,
    with_rows,
)
from tests.publish.damage import DAMAGES
from toolkit.audit.submission import Submission
from toolkit.publish.importing import Imported, import_file

FIGURES = distinct()
KINDS: dict[str, Callable[[Composed], bytes]] = {
    "tabs": as_tabbed, "spaces": as_spaced, "html": as_html, "docx": as_docx,
}  # fmt: skip
EACH_KIND = [pytest.param(kind, marks=pytest.mark.long) if kind == "docx" else kind for kind in KINDS]
AUDITED = {"requests.balance", "proactive.in_force_floor", "blank"}  # what the distinct figures, or blanks, entail

# What each damage, drawn with one seed, costs: the rows of which printed figures are left out, and what is told.
NOTHING: tuple[int, str, str] = (0, "", "")
COSTS: dict[str, tuple[int, str, str] | dict[str, tuple[int, str, str]]] = {
    "known_misprint": NOTHING,
    "unknown_misprint": {
        "tabs, spaces": (6, "proactive.gov_rules proactive.normative_documents", "unplaced unplaced"),
        "html, docx": (2, "proactive.gov_rules proactive.normative_documents", "not-printed unplaced unplaced"),
    },
    "old_titles": (6, "proactive.gov_rules proactive.normative_documents", "unplaced unplaced"),
    "old_other_handling": (0, "", "not-printed unplaced"),
    "missing_column": (0, "", "not-printed"),
    "missing_last_total": (0, "", "not-printed"),
    "sixteen_numbers": (
        15, "disputes.litigation_after_review disputes.litigation_direct disputes.review", "unplaced",
    ),
    "missing_group_label": NOTHING,
    "missing_group_cell": NOTHING,
    "split_row": NOTHING,
    "spaced_labels": NOTHING,
    "other_wording": NOTHING,
    "misprinted_row": (7, "requests.not_processed.repeated_request", "not-printed unplaced"),
    "lost_row_label": (
        14, "requests.not_processed.confirm_or_reissue requests.not_processed.excessive_requests",
        "not-printed unplaced",
    ),
    "extra_number": (7, "requests.not_processed.confirm_or_reissue", "unplaced"),
    "missing_number": (6, "requests.not_processed.confirm_or_reissue", "unplaced"),
    "blank_number": (14, "disputes.litigation_after_review disputes.litigation_direct disputes.review", "unplaced"),
    "slash": (1, "disputes.litigation_after_review", "not-a-number"),
    "dash": (1, "disputes.litigation_after_review", "not-a-number"),
    "none_in_words": (1, "disputes.litigation_after_review", "not-a-number"),
    "remark": (0, "", "normalised"),
    "text_in_place": (1, "disputes.litigation_after_review", "not-a-number"),
    "repeated_header": NOTHING,
    "row_twice": NOTHING,
    "row_twice_differing": (0, "", "unplaced"),
    "swapped_rows": NOTHING,
    "bare_headings": NOTHING,
    "reworded_headings": (0, "", "label-changed label-changed"),
    "page_number": (0, "", "unplaced"),
}  # fmt: skip


def read(report: Composed, kind: str) -> Imported:
    found = import_file(KINDS[kind](report), f"报告.{kind}", {official().book.form.code: official()})
    assert isinstance(found, Imported)
    return found


def reading_of(imported: Imported) -> Submission:
    assert isinstance(imported.reading, Submission)
    return imported.reading


def shown(reading: Submission, name: str) -> Decimal | None:
    """What the workbook shows in a cell."""
    key = key_of(name)
    return reading.overwritten.get(key, reading.values[key])


def printed(report: Composed) -> dict[str, str]:
    """What the report prints for each cell."""
    boxes = (box for rows in report.tables.values() for row in rows for box in row)
    return {box.key: box.text for box in boxes if box.key and box.text}


def left_out(report: Composed, reading: Submission) -> list[str]:
    """The cells whose printed figures are not in the workbook."""
    return [name for name in printed(report) if shown(reading, name) is None]


def wrong(report: Composed, reading: Submission) -> list[str]:
    """Every cell that shows another figure than was printed for it, shows one where none was printed, or is blank in
    silence. A total that is not printed may be added up."""
    told = {
        name
        for problem in reading.problems
        if problem.code in ("unplaced", "not-printed", "not-a-number")
        for name in problem.keys
    }
    texts, found = printed(report), []
    for name, figure in FIGURES.items():
        value = shown(reading, name)
        if value is None:
            if name in texts and name not in told:
                found.append(f"{name}: blank in silence")
        elif value != figure or (name not in texts and key_of(name) not in official().book.computed):
            found.append(f"{name}: {value}, not {texts.get(name)}")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_report_is_read_whole(kind: str) -> None:
    imported = read(composed(FIGURES), kind)
    reading = reading_of(imported)
    assert {name: shown(reading, name) for name in FIGURES} == FIGURES
    assert (reading.overwritten, imported.placed) == ({}, 200)
    assert (reading.agency.name, reading.year, str(imported.day)) == ("桐川县水利局", 2025, "2026-01-12")
    assert reading.narrative == {
        "overview": "2025年，本机关认真贯彻条例。\n（一）主动公开。全年公开信息9条。",
        "problems": "一是公开意识不强；二是更新不够及时。\n下一步将加强培训。",
        "other": "本机关没有需要报告的其他事项。",
    }
    assert {problem.code for problem in reading.problems} == {"requests.balance"}


@pytest.mark.parametrize("kind", EACH_KIND)
@pytest.mark.parametrize("name", COSTS)
def test_each_damage_costs_what_it_must_and_is_told(name: str, kind: str) -> None:
    report = DAMAGES[name](composed(FIGURES), random.Random(5))
    reading = reading_of(read(report, kind))
    lost = left_out(report, reading)
    codes = sorted(problem.code for problem in reading.problems if problem.code not in AUDITED)
    cost = COSTS[name]
    expected = cost if isinstance(cost, tuple) else next(each for kinds, each in cost.items() if kind in kinds)
    assert wrong(report, reading) == []
    assert (len(lost), " ".join(sorted({each.rpartition(".")[0] for each in lost})), " ".join(codes)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_totals_without_detail_are_placed_where_it_can_be_told_that_they_are_totals(kind: str) -> None:
    report = DAMAGES["only_totals"](composed(FIGURES), random.Random(0))
    reading = reading_of(read(report, kind))
    assert wrong(report, reading) == []
    assert [name for name in left_out(report, reading) if kind != "spaces"] == []
    assert len(left_out(report, reading)) == (25 if kind == "spaces" else 0)
    assert {shown(reading, name) for name in FIGURES if name.startswith("requests.") and "total" not in name} == {None}


@pytest.mark.parametrize("kind", KINDS)
def test_columns_printed_in_another_order_are_told_by_their_labels(kind: str) -> None:
    report = DAMAGES["swapped_columns"](composed(FIGURES), random.Random(0))
    reading = reading_of(read(report, kind))
    assert wrong(report, reading) == []
    assert len(left_out(report, reading)) == (175 if kind == "spaces" else 0)


@pytest.mark.parametrize("kind", ["tabs", "html", "docx"])
def test_zeros_left_blank_do_not_keep_the_other_figures_of_their_row_from_being_placed(kind: str) -> None:
    requests = {f"requests.{name}.{column}": Decimal(at) for at, (name, *_) in enumerate(REQUESTS, 1)
                for column in ("public_interest_org", "total")}  # fmt: skip
    disputes = {f"disputes.{row}.{column}": Decimal(9) for row in DISPUTES for column in ("pending", "total")}
    in_force = {f"proactive.{row}.in_force": Decimal(41) for row in ("gov_rules", "normative_documents")}
    figures = {**requests, **disputes, **in_force}
    report = composed(figures)
    reading = reading_of(read(report, kind))
    assert {name: shown(reading, name) for name in printed(report)} == figures
    assert "unplaced" not in {problem.code for problem in reading.problems}


def test_every_problem_of_a_line_quotes_it_and_says_where_it_stands() -> None:
    report = DAMAGES["misprinted_row"](composed(FIGURES), random.Random(5))
    for kind, place in (("tabs", "第 48 行"), ("html", "第 2 个表格第 20 行"), ("docx", "第 2 个表格第 20 行")):
        (problem,) = (each for each in reading_of(read(report, kind)).problems if each.code == "unplaced")
        assert str(problem.where) == place
        assert problem.message == (
            "“2.重夏申请 207 208 209 210 211 212 1257”：行标签“2.重夏申请”认不出，没有填入。"
        )  # fmt: skip


# Together, these cannot be told from a sound row where text has no cells: a figure lost and another put in. And of a
# row printed twice, nobody knows that there were two where the label of one is gone.
LOSING, ADDING = {"blank_number", "missing_number"}, {"extra_number", "sixteen_numbers", "page_number"}


def damaged(names: list[str], seed: int) -> Composed:
    """A report with these damages, one after the other; one that no longer fits is passed over."""
    report, rng = composed(FIGURES), random.Random(seed)
    for name in names:
        try:
            report = DAMAGES[name](report, rng)
        except (IndexError, StopIteration, ValueError):
            continue
    return report


def check_together(names: list[str], seed: int, kind: str) -> None:
    if kind in ("tabs", "spaces") and LOSING & set(names) and ADDING & set(names):
        return
    if {"row_twice_differing", "lost_row_label"} <= set(names):
        return
    report = damaged(names, seed)
    assert wrong(report, reading_of(read(report, kind))) == []


NAMES = st.lists(st.sampled_from(sorted(DAMAGES)), min_size=2, max_size=4, unique=True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NAMES, st.integers(0, 2**16), st.sampled_from(["tabs", "spaces", "html"]))
def test_damages_together_shift_nothing_in_silence(names: list[str], seed: int, kind: str) -> None:
    check_together(names, seed, kind)


@pytest.mark.long
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NAMES, st.integers(0, 2**16), st.sampled_from(sorted(KINDS)))
def test_many_damages_together_shift_nothing_in_silence(names: list[str], seed: int, kind: str) -> None:
    check_together(names, seed, kind)


def test_the_damages_do_damage() -> None:
    """Each of them changes what is printed, in most seeds."""
    sound = as_html(composed(FIGURES))
    changed = Counter(
        name
        for name in DAMAGES
        for seed in range(5)
        if as_html(DAMAGES[name](composed(FIGURES), random.Random(seed))) != sound
    )
    assert {name: count for name, count in changed.items() if count < 5} == {}
    assert set(changed) == set(DAMAGES)


def test_a_row_whose_label_reaches_under_the_columns_is_not_in_line_with_them() -> None:
    def widened(rows: Rows) -> Rows:
        at = next(at for at, row in enumerate(rows) if row[0].text == "2.重复申请")
        label, *figures = rows[at]
        zeros = [replace(box, text="0") for box in figures[1:]]
        return [*rows[:at], [replace(label, across=2), *zeros], *rows[at + 1 :]]

    sound = composed(FIGURES)
    report = with_rows(sound, "requests", widened([list(row) for row in sound.tables["requests"]]))
    reading = reading_of(read(report, "html"))
    (problem,) = (each for each in reading.problems if each.code == "unplaced")
    assert problem.message == "“2.重复申请 0 0 0 0 0 0”：印了 6 个数，表头有 7 列，没有填入。"
    assert {shown(reading, f"requests.not_processed.repeated_request.{column}") for column in COLUMNS} == {None}


def test_a_total_is_shown_as_it_was_printed_where_a_formula_would_follow_another_wrong_one() -> None:
    texts = {name: str(value) for name, value in FIGURES.items()} | {"requests.total_handled.natural_person": "7"}
    reading = reading_of(read(composed(texts), "html"))
    grand = "requests.total_handled.total"
    assert {str(key): value for key, value in reading.overwritten.items()} == {
        "requests.total_handled.natural_person": 7,
        grand: FIGURES[grand],
    }


def test_a_section_printed_twice_is_read_once_and_the_other_is_told() -> None:
    twice = replace(composed(FIGURES), headings={"五": "一、总体情况"})
    reading = reading_of(read(twice, "html"))
    assert reading.narrative["overview"] == "一是公开意识不强；二是更新不够及时。\n下一步将加强培训。"
    (problem,) = (each for each in reading.problems if each.code == "unplaced")
    assert problem.message == "“一、总体情况”印了不止一处，这一处有 2 行没有读入：“2025年，本机关认真贯彻条例。”。"
