"""A mistake planted in the formula writer is seen by comparing LibreOffice with Python; without one they agree.

Each mistake but the last two touches only the formulas that speak of one column of one form, so that a comparison which
looks at a few cells, or at verdicts that are always the same, would miss it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from tests.office import LibreOffice
from tests.official import official
from tests.parity.fills import Fill, Parity, compare, official_fills
from toolkit.audit import formulas
from toolkit.audit.checks import Check, Terms
from toolkit.audit.formulas import Place
from toolkit.form.definition import parse_form
from toolkit.form.model import Form, Key
from toolkit.workbook.known import Known, know
from toolkit.workbook.template import Issue, template_bytes

pytestmark = [pytest.mark.office, pytest.mark.long]

FEES = """
id = "fees"
code = "FEES"
version = 1
title = "收费情况"
first_year = 2021

[[table]]
name = "fees"
title = "收费情况"
sheet = "收费"
label_widths = [20]

[[table.block]]
corner = "项目"
columns = [{ name = "amount", label = "金额", decimals = 2 }]
rows = [
  { name = "old", label = "上年结余" },
  { name = "received", label = "本年收入" },
  { name = "paid", label = "本年支出" },
  { name = "left", label = "本年结余" },
]

[[rule]]
id = "fees.balance"
table = "fees"
each = "column"
holds = "old + received - paid = left"
severity = "error"
title = "收支平衡"
sentence = "上年结余 + 本年收入 - 本年支出 = 本年结余"
hint = "请核对。"
"""
# 1000000.1 + 0.2 - 1000000 is 0.300000000046566 to a computer: more off 0.3 than LibreOffice hides
AMOUNTS = [
    (1_000_000.1, 0.2, 1_000_000.0, 0.3),
    (2_000_000.7, 0.1, 2_000_000.0, 0.8),
    (1_000_000.1, 0.2, 1_000_000.0, 0.31),
    (0.1, 0.2, 0.0, 0.3),
    (0.1, 0.2, 0.3, 0.0),
]  # fmt: skip

Patch = Mapping[str, object]


@cache
def fees() -> Known:
    """A form of four amounts in yuan, with one balance over them."""
    form = parse_form(FEES, "fees.toml")
    assert isinstance(form, Form), form
    return know(form)


def fees_fills() -> list[Fill]:
    names = ("old", "received", "paid", "left")
    return [
        Fill({Key("fees", name, "amount"): raw for name, raw in zip(names, amounts, strict=True)})
        for amounts in AMOUNTS
    ]


def parity(office: LibreOffice, folder: Path, form: str) -> Parity:
    """The comparison that has to see every mistake: some 100 fills of a form, the same ones each time."""
    path = folder / "a.xlsx"
    if form == "fees":
        path.write_bytes(template_bytes(fees(), Issue()))
        return compare(office, path, fees(), fees_fills())
    prior = official().book.prior
    path.write_bytes(template_bytes(official(), Issue(prior=dict.fromkeys(prior, Decimal(0)))))
    return compare(office, path, official(), list(official_fills(official(), 30, 100, prior)))


SUM, DIFFERENCE = formulas.sum_formula, formulas._difference


def in_sums(change: Callable[[Terms, Place], str]) -> Patch:
    """A mistake in the sums of one column only."""

    def mistaken(terms: Terms, place: Place) -> str:
        one_column = {key.column for _, key in terms} == {"legal_service_org"} and len(terms) > 1
        return change(terms, place) if one_column else SUM(terms, place)

    return {"sum_formula": mistaken}


def with_last_flipped(terms: Terms, place: Place) -> str:
    *others, (sign, key) = terms
    return SUM((*others, (-sign, key)), place)


def with_last_moved(terms: Terms, place: Place, old: str, new: Callable[[str], str]) -> str:
    last = terms[-1][1]
    return SUM(terms, lambda key: re.sub(old, lambda found: new(found[0]), place(key)) if key == last else place(key))


def unrounded(check: Check, place: Place) -> str:
    return re.sub(r"^ROUND\((.*),\d\)$", r"(\1)", DIFFERENCE(check, place))


def guarding_nothing(keys: object, place: Place, zero: str | None) -> str:
    return "FALSE"


MISTAKES: dict[str, tuple[str, Patch]] = {
    "drop a term": ("official", in_sums(lambda terms, place: SUM(terms[:-1], place))),
    "flip a sign": ("official", in_sums(with_last_flipped)),
    "swap a column": (
        "official",
        in_sums(lambda terms, place: with_last_moved(terms, place, r"H(?=\d)", lambda _: "I")),
    ),
    "off by one row": (
        "official",
        in_sums(lambda terms, place: with_last_moved(terms, place, r"\d+$", lambda row: str(int(row) - 1))),
    ),
    "drop the blank guard": ("official", {"_any_blank": guarding_nothing}),
    "drop ROUND": ("fees", {"_difference": unrounded}),
}


@pytest.mark.parametrize(("form", "compared"), [("official", 100 * 120), ("fees", 5 * 7)])
def test_without_a_mistake_nothing_differs(office: LibreOffice, tmp_path: Path, form: str, compared: int) -> None:
    found = parity(office, tmp_path, form)
    assert found.differing == ()
    assert found.compared == compared


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_seen(
    office: LibreOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    form, patch = MISTAKES[mistake]
    for name, replacement in patch.items():
        monkeypatch.setattr(formulas, name, replacement)
    found = parity(office, tmp_path, form)
    print(f"{mistake}: {len(found.differing)} of {found.compared} cells differ")
    assert found.differing
