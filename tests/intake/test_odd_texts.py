"""Texts that a spreadsheet writer would take for something else come back as they were given."""

import pytest

from tests.official import official, read
from toolkit.audit.submission import Agency, Submission
from toolkit.workbook.template import Filling, Issue, template_bytes


@pytest.mark.parametrize(
    "name", ["<r>局</r>", "<r>&</r>", "<r></r>", "=1+1", "{=1}", "https://局.cn", "_x0041_", "甲\n乙"]
)
def test_a_name_is_text_whatever_it_looks_like(name: str) -> None:
    reading = read(template_bytes(official(), Issue(Agency(name, "11140823MB00000048"), 2025)))
    assert isinstance(reading, Submission)
    assert reading.agency.name == name


def test_as_much_of_a_long_text_is_kept_as_a_cell_can_hold() -> None:
    """Excel counts a picture letter as two."""
    reading = read(
        template_bytes(official(), filling=Filling(narrative={"overview": "😀" * 20_000, "other": "字" * 40_000}))
    )
    assert isinstance(reading, Submission)
    assert reading.narrative["overview"] == "😀" * 16_383
    assert reading.narrative["other"] == "字" * 32_767
