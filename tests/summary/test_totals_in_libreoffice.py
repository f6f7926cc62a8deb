"""The formulas' totals and Python's are the same numbers, recalculated by LibreOffice."""

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.office import Book, LibreOffice
from tests.official import official
from toolkit.audit.submission import Agency, Submission
from toolkit.form.model import Key
from toolkit.summary.merge import Summary, merge
from toolkit.summary.sheets import summary_bytes
from toolkit.workbook.intake import read_submission
from toolkit.workbook.template import Filling, Issue, template_bytes

pytestmark = [pytest.mark.office, pytest.mark.long]

ROWS = ["granted", "denied.state_secret", "unavailable.not_held", "other_handling.miscellaneous", "carried_forward"]
COLUMNS = ["natural_person", "commercial_enterprise", "research_institution", "public_interest_org", "other_org"]
BALANCES = "汇总表!A1:AE70"


def balanced(chance: random.Random) -> dict[Key, Decimal]:
    """Random figures that break no rule: what comes in is what was handled or carried on."""
    figures: dict[Key, Decimal] = {}
    for column in COLUMNS:
        handled = [chance.choice([0, 0, 1, chance.randrange(2000)]) for _ in ROWS]
        figures |= {Key("requests", row, column): Decimal(count) for row, count in zip(ROWS, handled, strict=True)}
        carried = chance.randrange(sum(handled) + 1)
        figures[Key("requests", "carried_in", column)] = Decimal(carried)
        figures[Key("requests", "new_received", column)] = Decimal(sum(handled) - carried)
    for row in ("review", "litigation_direct"):
        figures[Key("disputes", row, "upheld")] = Decimal(chance.randrange(50))
        figures[Key("disputes", row, "pending")] = Decimal(chance.randrange(5))
    figures[Key("proactive", "admin_fees", "amount_wan_yuan")] = Decimal(
        chance.choice(["0.1", "0.2", "0.7", "12.3456"])
    )
    figures[Key("proactive", "admin_licensing", "decisions")] = Decimal(chance.randrange(10**5))
    return figures


@pytest.fixture(scope="module")
def filled() -> list[dict[Key, Decimal]]:
    chance = random.Random(20251231)
    return [balanced(chance) for _ in range(40)]


@pytest.fixture(scope="module")
def summary(filled: list[dict[Key, Decimal]]) -> Summary:
    known = official()
    readings = []
    for at, figures in enumerate(filled):
        issue = Issue(Agency(f"单位{at}", f"11140825000000{at:04d}"), 2025)
        data = template_bytes(known, issue, Filling(figures, ("proactive", "requests", "disputes")))
        reading = read_submission(data, f"{at}.xlsx", {known.book.form.code: known})
        assert isinstance(reading, Submission)
        readings.append(reading)
    return merge(known.book, readings)


@pytest.fixture
def book(summary: Summary, office: LibreOffice, tmp_path: Path) -> Iterator[Book]:
    path = tmp_path / "summary.xlsx"
    path.write_bytes(summary_bytes(summary))
    with office.open(path) as opened:
        yield opened


def totals_of(book: Book) -> dict[str, Decimal]:
    """All 200 totals by their names, to six places, which is what the form asks for."""
    names = [str(key) for key in official().book.cells]
    values = book.get(names)
    assert all(isinstance(value, float) for value in values)
    return {name: round(Decimal(repr(value)), 6).normalize() + 0 for name, value in zip(names, values, strict=True)}


def words_of(book: Book) -> list[str]:
    """Every verdict on the totals sheet: beside columns and rows, and of whole rules."""
    return [value for row in book.rows(BALANCES) for value in row if value in ("平", "符合", "相符", "不符") or
            (isinstance(value, str) and value.startswith("差 "))]  # fmt: skip


def test_all_200_totals_are_the_same_in_libreoffice_in_python_and_by_hand(
    book: Book, summary: Summary, filled: list[dict[Key, Decimal]]
) -> None:
    book.recalc()
    found = totals_of(book)
    assert found == {str(key): value.normalize() + 0 for key, value in summary.values.items()}
    by_hand = {
        key: sum((figures.get(key, Decimal(0)) for figures in filled), Decimal(0)) for key in official().book.typed
    }
    assert len(by_hand) == 166
    assert {name: found[name] for name in map(str, by_hand)} == {
        str(key): value.normalize() + 0 for key, value in by_hand.items()
    }
    assert len(found) == 200


def test_every_stored_result_is_what_libreoffice_computes(book: Book) -> None:
    stored = {(each.sheet, each.cell): each.value for each in book.formulas()}
    book.recalc()
    computed = {(each.sheet, each.cell): each.value for each in book.formulas()}
    own = [each for each in stored if each[0] in ("汇总表", "明细")]
    assert len(own) == 200 + 40 * 36 + 9 + 5
    differing = [
        (place, value, computed[place])
        for place, value in stored.items()
        if not (
            value == computed[place] or (isinstance(value, float) and abs(value - float(str(computed[place]))) < 1e-9)
        )
    ]
    assert differing == []


def test_one_detail_cell_moves_exactly_its_totals_and_turns_its_balance(book: Book) -> None:
    book.recalc()
    before, words_before = totals_of(book), words_of(book)
    assert words_before == ["符合"] * 2 + ["平"] * 7 + ["相符"] * 5
    column = {str(key): at for at, key in enumerate(official().book.cells)}["requests.granted.other_org"] + 7
    letters = chr(64 + (column - 1) // 26) + chr(65 + (column - 1) % 26)
    (old,) = book.get([f"明细!{letters}10"])
    assert isinstance(old, float)
    book.set({f"明细!{letters}10": old + 5})
    book.recalc()
    after = totals_of(book)
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "requests.granted.other_org": 5,
        "requests.granted.total": 5,
        "requests.total_handled.other_org": 5,
        "requests.total_handled.total": 5,
    }
    assert words_of(book) == [
        *["符合"] * 2, *["平"] * 5, "差 -5", "差 -5", "相符", "相符", "不符", "相符", "相符",
    ]  # fmt: skip
