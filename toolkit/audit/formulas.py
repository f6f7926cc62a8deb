"""Checks -> Excel formulas, and the words those formulas show. `place` says where a key's cell is.

Only Excel-2007 functions. Summands are added one by one, never by SUM over a range: SUM passes over digits typed as
text without a word, and a wrong total is worse than a long formula.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal

from toolkit.audit.checks import Check, Outcome, Terms, Values, Verdict
from toolkit.audit.numbers import LARGEST, printed
from toolkit.form.model import Key

Place = Callable[[Key], str]

EQUAL, FITS, OFF, OPEN, NO_PRIOR, NOT_A_NUMBER = "平", "符合", "差 ", "待填", "无上年数", "非数字"
YES, NO = "是", "否"

_FRACTION = 6


def sum_formula(terms: Terms, place: Place) -> str:
    """`E7+E8-E9`, without an equals sign in front."""
    text = "".join(("+" if sign > 0 else "-") + place(key) for sign, key in terms)
    return text.removeprefix("+")


def computed_formula(check: Check, place: Place, *, zero: str | None) -> str:
    """A computed cell: its sum, or empty while one of its cells is blank.

    `zero` is the cell of the declaration that blanks are zero; None where there is no such cell.
    """
    blank = _any_blank([key for _, key in check.right], place, zero)
    return f'=IF({blank},"",IFERROR({sum_formula(check.right, place)},"{NOT_A_NUMBER}"))'


def check_formula(check: Check, place: Place, *, zero: str | None = None) -> str:
    """The live verdict of a check, in the words of `verdict_words`."""
    difference = _difference(check, place)
    shown = f'"{OFF}"&IF({difference}>0,"+","")&{difference}'
    formula = f'IFERROR(IF({difference}{check.op}0,"{_good(check)}",{shown}),"{NOT_A_NUMBER}")'
    current = [key for key in check.keys if not key.is_prior]
    prior = [key for key in check.keys if key.is_prior]
    formula = f'IF({_any_blank(current, place, zero)},"{OPEN}",{formula})'
    if prior:
        formula = f'IF({_any_blank(prior, place, None)},"{NO_PRIOR}",{formula})'
    return f"={formula}"


def all_hold_formula(checks: Iterable[Check], place: Place, good: str, bad: str) -> str:
    """One word on several checks together, a blank counting as 0: for a sheet whose figures are all there."""
    tests = ",".join(f"{_difference(check, place)}{check.op}0" for check in checks)
    return f'=IF(AND({tests or "TRUE"}),"{good}","{bad}")'


def verdict_words(outcome: Outcome, values: Values) -> str:
    """What the live check shows for an outcome on these figures."""
    check = outcome.check
    if any(key.is_prior and values.get(key) is None for key in check.keys):
        return NO_PRIOR
    if outcome.verdict is Verdict.OPEN:
        return OPEN
    return _good(check) if outcome.verdict is Verdict.HOLDS else f"{OFF}{signed(outcome.difference)}"


def counts_formula(cells: Iterable[tuple[str, int]], *, zero: str) -> str:
    """The live verdict on a table's typed ranges, each with its decimals: 有误 n 格, 待填 n 格 or 符合.

    Digits typed as text are figures here, as they are in sums and on reading; blanks are no mistakes but counted apart.
    """
    ranges = list(cells)
    sound = "+".join(f"SUMPRODUCT(--{_is_sound(area, places)})" for area, places in ranges)
    count = "+".join(f"ROWS({area})*COLUMNS({area})" for area, _ in ranges)
    blank = "+".join(f"COUNTBLANK({area})" for area, _ in ranges)
    bad = f"({count})-({sound})"
    return f'=IF({bad}>0,"有误 "&({bad})&" 格",IF(AND({zero}<>"{YES}",{blank}>0),"{OPEN} "&({blank})&" 格","{FITS}"))'


def counts_words(bad: int, blank: int) -> str:
    """What the live verdict on a table's cells shows; `blank` is 0 where blanks are declared zero."""
    if bad:
        return f"有误 {bad} 格"
    return f"{OPEN} {blank} 格" if blank else FITS


def wrong_formula(cell: str, decimals: int) -> str:
    """Whether `counts_formula` counts a single cell as wrong, for the alarm on it."""
    return f"=NOT({_is_sound(cell, decimals)})"


def signed(value: Decimal) -> str:
    """`+3`, `-0.5`."""
    return ("+" if value > 0 else "") + printed(value)


def _difference(check: Check, place: Place) -> str:
    """Left minus right, rounded to the check's decimals: what binary fractions leave over is no difference. A fraction
    among counts is a mistake, and stays one."""
    right = sum_formula(check.right, place)
    right = right if len(check.right) == 1 else f"({right})"
    return f"ROUND({sum_formula(check.left, place)}-{right},{check.decimals or _FRACTION})"


def _is_sound(area: str, decimals: int) -> str:
    """Whether a cell, or each of a range, is blank or a figure from 0 to the largest believed, with so many decimals; a
    division fails if not."""
    return f"ISNUMBER(1/({area}+0>=0)/({area}+0<={LARGEST})/(ROUND({area}+0,{decimals})={area}+0))"


def _good(check: Check) -> str:
    return EQUAL if check.op == "=" else FITS


def _any_blank(keys: Iterable[Key], place: Place, zero: str | None) -> str:
    tests = ",".join(f'{place(key)}=""' for key in keys)
    return f"OR({tests})" if zero is None else f'AND({zero}<>"{YES}",OR({tests}))'
