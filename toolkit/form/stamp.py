"""The printed form code: which form, version and year a workbook is, and which agency it was issued to.

`OGI2021-1-2025-111400000000000019-K`: the form's code, its version, the year, the agency's code, a check character
(ISO 7064 MOD 37,36 over all of it, which catches any single wrong character and nearly every swap). A year or an agency
that was left open is 0. It is visible text in a locked cell, because that survives every program that saves a workbook.
"""

import re
import unicodedata
from dataclasses import dataclass

from toolkit.form.model import Form

AGENCY_CODE = re.compile(r"[0-9A-Z]{1,18}", re.ASCII)
_STAMP = re.compile(r"([A-Z][A-Z0-9]+)-(\d{1,4})-(\d{1,4})-([0-9A-Z]{1,18})-([0-9A-Z])", re.ASCII)
_OPEN = "0"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a form code says; `year` is None and `agency` empty where the workbook was issued open."""

    form: str
    version: int
    year: int | None
    agency: str


def print_stamp(form: Form, year: int | None, agency: str) -> str:
    """The form code of a workbook; `agency` is up to 18 digits and capital letters, or empty."""
    from stdnum.iso7064 import mod_37_36  # late: it takes longer to load than this whole room

    body = f"{form.code}-{form.version}-{year or _OPEN}-{agency or _OPEN}"
    return f"{body}-{mod_37_36.calc_check_digit(body.replace('-', ''))}"


def parse_stamp(text: str) -> Stamp | None:
    """What a form code says; None where it is no form code or its check character is wrong."""
    from stdnum.iso7064 import mod_37_36

    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    match = _STAMP.fullmatch(plain)
    if match is None or not mod_37_36.is_valid(plain.replace("-", "")):
        return None
    year, agency = int(match[3]), match[4]
    return Stamp(match[1], int(match[2]), year or None, "" if agency == _OPEN else agency)
