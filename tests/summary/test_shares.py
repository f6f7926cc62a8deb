"""Shares in percent: printed shares of a whole add up to 100, and a share of nothing is no number."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.audit.shares import shares

FIGURES = st.one_of(
    st.integers(0, 10**12).map(Decimal),
    st.integers(0, 3).map(Decimal),
    st.decimals(0, 10**6, allow_nan=False, allow_infinity=False, places=6),
)
PARTS = st.lists(FIGURES, min_size=1, max_size=30)


def told(parts: str, whole: str | None = None, decimals: int = 1) -> str:
    """The shares of some parts as they are printed; — for none."""
    given_whole = None if whole is None else Decimal(whole)
    found = shares([Decimal(part) for part in parts.split()], given_whole, decimals)
    return " ".join("—" if share is None else str(share) for share in found)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ("1 1", "50.0 50.0"),
        ("3 0", "100.0 0.0"),
        ("7", "100.0"),
        ("1 1 1", "33.4 33.3 33.3"),  # three thirds: the first takes what is left over
        ("2 2 2", "33.4 33.3 33.3"),
        ("1 2", "33.3 66.7"),
        ("1 1 1 1 1 1", "16.7 16.7 16.7 16.7 16.6 16.6"),
        ("1 5 2 1998", "0.1 0.2 0.1 99.6"),  # 0.0499, 0.2493, 0.0997, 99.6012: the two largest remainders
        ("1 3 1996", "0.0 0.2 99.8"),  # 0.05, 0.15, 99.80: of two halves the larger is rounded up
        ("3 1 1996", "0.2 0.0 99.8"),
        ("0.1 0.2", "33.3 66.7"),
        ("0 0 0", "— — —"),
        ("0", "—"),
        ("", ""),
    ],
)
def test_parts_that_are_the_whole_add_up_to_100(parts: str, expected: str) -> None:
    assert told(parts) == expected


@pytest.mark.parametrize(
    ("parts", "whole", "decimals", "expected"),
    [
        ("1 1", "3", 1, "33.3 33.3"),  # something is left out of the whole: each is rounded for itself
        ("1 2", "3", 1, "33.3 66.7"),
        ("1 1 1", "3", 1, "33.4 33.3 33.3"),
        ("1", "2000", 1, "0.1"),  # 0.05
        ("3", "2000", 1, "0.2"),  # 0.15
        ("1", "2001", 1, "0.0"),
        ("5", "4", 1, "125.0"),
        ("-1", "2000", 1, "-0.1"),
        ("1 0", "0", 1, "— —"),
        ("0 0", "5", 1, "0.0 0.0"),
        ("1 1 1", None, 0, "34 33 33"),
        ("1 1 1", None, 2, "33.34 33.33 33.33"),
        ("2 1", "7", 2, "28.57 14.29"),
    ],
)
def test_a_given_whole_and_other_decimals(parts: str, whole: str | None, decimals: int, expected: str) -> None:
    assert told(parts, whole, decimals) == expected


@given(PARTS, st.integers(0, 3))
def test_shares_of_a_whole_add_up_to_exactly_100_and_none_is_a_unit_off(parts: list[Decimal], decimals: int) -> None:
    whole = sum(parts, Decimal(0))
    found = shares(parts, None, decimals)
    if whole == 0:
        assert found == (None,) * len(parts)
        return
    printed = [share for share in found if share is not None]
    assert len(printed) == len(parts)
    assert sum(printed) == 100
    unit = Fraction(1, 10**decimals)
    for part, share in zip(parts, printed, strict=True):
        assert abs(Fraction(share) - 100 * Fraction(part) / Fraction(whole)) < unit
        assert share.as_tuple().exponent == -decimals


@given(PARTS.flatmap(lambda parts: st.tuples(st.just(parts), st.permutations(parts))))
def test_the_order_of_the_parts_changes_no_share(lists: tuple[list[Decimal], list[Decimal]]) -> None:
    parts, turned = lists
    assert Counter(zip(parts, shares(parts), strict=True)) == Counter(zip(turned, shares(turned), strict=True))
