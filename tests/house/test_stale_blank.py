"""The blank workbook kept beside the definition is the one the definition makes."""

from pathlib import Path

from tests.official import official
from toolkit.workbook.template import template_bytes

BLANK = Path(__file__).parents[2] / "templates" / "ogi-annual-report-2021.xlsx"


def test_the_blank_workbook_kept_is_the_one_the_definition_makes() -> None:
    assert BLANK.is_file(), f"{BLANK.name} is missing; write it with: make samples"
    assert BLANK.read_bytes() == template_bytes(official()), f"{BLANK.name} is out of date; renew it with: make samples"
