"""Shares of a whole in percent, rounded so that the printed shares of a whole add up to 100."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor


def shares(parts: Sequence[Decimal], whole: Decimal | None = None, decimals: int = 1) -> tuple[Decimal | None, ...]:
    """Each part's share of the whole (their sum, unless given) in percent with so many decimals; None is a share of
    nothing, which is no number.

    Parts that add up to the whole are rounded by largest remainder, so that the shares add up to exactly 100; of two
    equal remainders the larger part's is rounded up, then the earlier's. Other parts are each rounded half up.
    """
    total = sum(parts, Decimal(0))
    whole = total if whole is None else whole
    if whole == 0:
        return (None,) * len(parts)
    exact = [100 * 10**decimals * Fraction(part) / Fraction(whole) for part in parts]
    units = _by_largest_remainder(exact) if total == whole else [_half_up(each) for each in exact]
    return tuple(Decimal(unit).scaleb(-decimals) for unit in units)


def _by_largest_remainder(exact: Sequence[Fraction]) -> list[int]:
    """Every number rounded down, but as many of them up as the sum needs to stay what it is."""
    units = [floor(each) for each in exact]
    order = sorted(range(len(exact)), key=lambda at: (exact[at] - units[at], exact[at]), reverse=True)
    for at in order[: int(sum(exact)) - sum(units)]:
        units[at] += 1
    return units


def _half_up(exact: Fraction) -> int:
    """A half is rounded away from zero, as a spreadsheet's ROUND does."""
    unit = floor(abs(exact) + Fraction(1, 2))
    return unit if exact >= 0 else -unit
