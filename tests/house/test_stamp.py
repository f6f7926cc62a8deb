"""The form code: what is printed is what is read, and nothing that was mistyped is believed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.official import official
from toolkit.form.stamp import Stamp, parse_stamp, print_stamp

FORM = official().book.form

codes = st.from_regex(r"[A-Z][A-Z0-9]{1,11}", fullmatch=True)
agencies = st.from_regex(r"[1-9A-Z][0-9A-Z]{0,17}", fullmatch=True)


@given(codes, st.integers(0, 9999), st.none() | st.integers(1, 9999), st.just("") | agencies)
@settings(deadline=None)
def test_what_is_printed_is_what_is_read(code: str, version: int, year: int | None, agency: str) -> None:
    form = replace(FORM, code=code, version=version)
    assert parse_stamp(print_stamp(form, year, agency)) == Stamp(code, version, year, agency)


@pytest.mark.parametrize(
    ("year", "agency", "printed"),
    [
        (2025, "111408250000000016", "OGI2021-1-2025-111408250000000016-K"),
        (2025, "", "OGI2021-1-2025-0-N"),
        (None, "", "OGI2021-1-0-0-K"),
    ],
)
def test_a_form_code_looks_like_this(year: int | None, agency: str, printed: str) -> None:
    assert print_stamp(FORM, year, agency) == printed


PRINTED = "OGI2021-1-2025-111408250000000016-K"
WRONG = [
    PRINTED[:at] + other + PRINTED[at + 1 :]
    for at, letter in enumerate(PRINTED)
    for other in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
    if other != letter
]


def test_any_single_wrong_character_is_noticed() -> None:
    assert [text for text in WRONG if parse_stamp(text) is not None] == []


@pytest.mark.parametrize(
    "written",
    [
        "OGI2021-1-2025-111408250000000016-K",
        "  OGI2021-1-2025-111408250000000016-K\n",
        "OGI2021 - 1 - 2025 - 1114 0825 0000 0000 16 - K",
        "ogi2021-1-2025-111408250000000016-k",
        "ＯＧＩ２０２１－１－２０２５－１１１４０８２５００００００００１６－Ｋ",
        "OGI2021-1-2025-111408250000000016\u3000-\u3000K",
    ],
)
def test_spaces_small_letters_and_full_width_characters_do_not_matter(written: str) -> None:
    assert parse_stamp(written) == Stamp("OGI2021", 1, 2025, "111408250000000016")


@pytest.mark.parametrize(
    "written",
    ["", "0", "-", "OGI2021", "OGI2021-1-2025-0", "表单编号", "OGI2021-1-2025-0-", "OGI2021-1--0-0", "2021-1-2025-0-0"],
)
def test_what_is_no_form_code_says_nothing(written: str) -> None:
    assert parse_stamp(written) is None


@given(st.text())
@settings(deadline=None)
def test_any_text_may_be_asked(text: str) -> None:
    assert parse_stamp(text) is None or text.strip()
