"""Workbooks that lost their names: cells are found by their labels alone, and only where that is certain."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.intake import alter
from tests.official import AGENCY, ALL_ZERO, ISSUE, figures, key, official, read
from toolkit.audit.submission import Submission
from toolkit.workbook.template import Filling, template_bytes

WORKBOOK = "xl/workbook.xml"
TWO, THREE, FOUR = "表二主动公开", "表三依申请公开", "表四复议诉讼"
FILLING = Filling(
    figures=figures(
        {
            "proactive.gov_rules.issued": 1,
            "proactive.gov_rules.in_force": 1,
            "proactive.normative_documents.in_force": 4,
            "proactive.admin_compulsion.decisions": 7,
            "proactive.admin_fees.amount_wan_yuan": "3.25",
            "requests.new_received.natural_person": 9,
            "requests.carried_in.other_org": 2,
            "requests.denied.state_secret.natural_person": 9,
            "requests.carried_forward.other_org": 2,
            "disputes.review.upheld": 5,
            "disputes.litigation_direct.pending": 6,
            "disputes.litigation_after_review.corrected": 8,
        }
    ),
    declared_zero=ALL_ZERO,
    narrative={"overview": "概述", "problems": "问题", "other": "其他"},
    people={"preparer": "张敏", "phone": "0391"},
    remarks={"requests": "表三备注"},
    explanations={"proactive.in_force_floor": "清理"},
)


def issued() -> bytes:
    return template_bytes(official(), ISSUE, FILLING)


def nameless(data: bytes) -> bytes:
    return alter.edited(data, WORKBOOK, lambda text: re.sub(r"<definedNames>.*</definedNames>", "", text))


def submission(data: bytes) -> Submission:
    reading = read(data)
    assert isinstance(reading, Submission), reading.problems
    return reading


def test_without_any_name_everything_is_found_and_said_once() -> None:
    named, found = submission(issued()), submission(nameless(issued()))
    assert [(each.code, each.severity.value, each.where.sheet, each.where.cell) for each in found.problems] == [
        ("cells-moved", "warning", TWO, "B5")
    ]
    current = {each: value for each, value in named.values.items() if not each.is_prior}
    assert {each: value for each, value in found.values.items() if not each.is_prior} == current
    assert found.places[key("disputes.litigation_after_review.corrected")].cell == "L6"
    assert (found.agency, found.year, found.declared_zero) == (AGENCY, 2025, ALL_ZERO)
    assert (found.narrative, found.explanations) == (named.narrative, named.explanations)
    assert found.remarks == {"requests": "表三备注"}
    assert {name: text for name, text in found.people.items() if text} == {"preparer": "张敏", "phone": "0391"}


def test_renamed_sheets_are_found_all_the_same() -> None:
    data = alter.edited(nameless(issued()), WORKBOOK, lambda text: text.replace(f'name="{THREE}"', 'name="Sheet3"'))
    found = submission(data)
    assert found.values[key("requests.new_received.natural_person")] == 9
    assert found.places[key("requests.new_received.natural_person")].sheet == "Sheet3"


def test_a_row_inserted_where_there_are_no_names_moves_what_is_found() -> None:
    data = nameless(alter.with_row_inserted(issued(), THREE, 12))
    found = submission(data)
    assert found.values[key("requests.denied.state_secret.natural_person")] == 9
    assert found.places[key("requests.denied.state_secret.natural_person")].cell == "D13"
    assert found.places[key("requests.new_received.natural_person")].cell == "D8"


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        (
            lambda data: alter.put_text(data, f"{THREE}!C13", "1.属于国家秘密"),
            {"denied.state_secret", "denied.other_law_prohibits"},
        ),
        (lambda data: alter.put_text(data, f"{THREE}!C12", "国家秘密"), {"denied.state_secret"}),
        (lambda data: alter.put_nothing(data, f"{THREE}!A32"), {"carried_forward"}),
    ],
    ids=["a label that stands twice", "a reworded label", "an erased label"],
)
def test_what_labels_do_not_tell_for_certain_is_not_read(change: Callable[[bytes], bytes], lost: set[str]) -> None:
    found = submission(change(nameless(issued())))
    errors = [each for each in found.problems if each.severity.value == "error"]
    assert [each.code for each in errors] == ["cells-moved"]
    assert {name.removeprefix("requests.").rpartition(".")[0] for name in errors[0].keys} == lost
    assert {found.values[key(name)] for name in errors[0].keys} == {None}
    assert found.values[key("requests.new_received.natural_person")] == Decimal(9)


def test_a_column_that_stands_twice_is_not_read() -> None:
    data = alter.put_text(nameless(issued()), f"{THREE}!E7", "科研机构")
    found = submission(data)
    (error,) = [each for each in found.problems if each.severity.value == "error"]
    assert error.code == "cells-moved"
    assert {name.rpartition(".")[2] for name in error.keys} == {"commercial_enterprise", "research_institution"}


def test_a_deleted_cell_is_not_looked_for_because_another_may_stand_there() -> None:
    data = alter.with_name_at(issued(), "requests.granted.natural_person", "#REF!")
    data = alter.with_name_at(data, "requests.granted.commercial_enterprise", f"{THREE}!$D$10")
    found = submission(alter.put_number(data, f"{THREE}!D10", "77"))
    assert found.values[key("requests.granted.natural_person")] is None
    assert found.values[key("requests.granted.commercial_enterprise")] is None
    assert "cells-moved" in {each.code for each in found.problems if each.severity.value == "error"}


def test_a_tampered_code_is_told_and_the_figures_are_still_read() -> None:
    found = submission(alter.put_text(issued(), "form.code", "OGI2021-1-2026-111408250000000016-X"))
    assert [(each.code, each.severity.value) for each in found.problems] == [("wrong-form", "error")]
    assert found.values[key("disputes.review.upheld")] == 5
    nothing = read(nameless(alter.put_text(issued(), "form.code", "OGI2021-1-2026-111408250000000016-X")))
    assert isinstance(nothing, Submission)
    assert {each.code for each in nothing.problems} == {"wrong-form", "cells-moved"}


def test_of_several_labels_above_a_cell_the_nearest_counts() -> None:
    found = submission(alter.put_text(nameless(issued()), f"{TWO}!C8", "本年处理决定数量"))
    (error,) = [each for each in found.problems if each.severity.value == "error"]
    assert (error.code, error.keys) == ("cells-moved", ("proactive.admin_licensing.decisions",))
    assert found.values[key("proactive.admin_compulsion.decisions")] == 7
