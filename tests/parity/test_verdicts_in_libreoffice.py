"""A workbook recalculated by LibreOffice shows, in every live cell, what Python says of the same raw figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.office import LibreOffice
from tests.official import AGENCY, key, official
from tests.parity.fills import Raw, compare, official_fills, wrong_fills
from toolkit.form.model import Key
from toolkit.workbook.template import Issue, template_bytes

pytestmark = pytest.mark.office

ALL_PRIOR = official().book.prior
SOME_PRIOR = (
    key("prior.proactive.gov_rules.in_force"),
    key("prior.requests.carried_forward.natural_person"),
    key("prior.requests.carried_forward.other_org"),
)
ALWAYS = {
    "", "n", "平", "符合", "差 n", "待填", "待填 n 格", "相符", "不符 n 处", "待填 n 处",
    "有 n 处错误，请按“核对”页改正", "尚有 n 处待填", "相符，另有 n 处请核对或说明", "全部相符，可以报送",
}  # fmt: skip


def issued(folder: Path, prior: Sequence[Key]) -> Path:
    """A workbook issued with last year's figures, all 0, for the keys given."""
    path = folder / "a.xlsx"
    path.write_bytes(template_bytes(official(), Issue(AGENCY, 2025, dict.fromkeys(prior, Decimal(0)))))
    return path


@pytest.mark.long
@pytest.mark.parametrize(
    ("seed", "count", "prior", "words"),
    [
        (2021, 800, (), ALWAYS | {"无上年数"}),
        (2022, 800, ALL_PRIOR, ALWAYS),
        (2023, 500, SOME_PRIOR, ALWAYS | {"无上年数"}),
    ],
    ids=["no prior", "prior", "some prior"],
)
def test_every_verdict_and_total_is_the_same(
    office: LibreOffice, tmp_path: Path, seed: int, count: int, prior: Sequence[Key], words: set[str]
) -> None:
    fills = list(official_fills(official(), seed, count, prior))
    parity = compare(office, issued(tmp_path, prior), official(), fills)
    print(f"{count} fills, {parity.compared} cells compared")
    assert parity.differing == ()
    # the computed cells, all checks and those beside their cells, the three tables twice, the headings, the cover
    assert parity.compared == count * (34 + 53 + 18 + 3 + 3 + 8 + 1)
    assert parity.words == words


@pytest.mark.long
def test_cells_that_are_wrong_are_counted_the_same(office: LibreOffice, tmp_path: Path) -> None:
    """Negative figures, fractions, dashes, units: both count them; digits typed as text neither does."""
    fills = list(wrong_fills(official(), 2024, 400))
    parity = compare(office, issued(tmp_path, ()), official(), fills, only=("counts", "line"))
    print(f"{len(fills)} fills, {parity.compared} cells compared")
    assert parity.differing == ()
    assert parity.compared == 400 * (3 + 3)
    assert parity.words == {"有误 n 格", "待填 n 格", "符合"}


@pytest.mark.parametrize(
    ("cell", "raw", "alarmed"),
    [
        ("B5", None, False), ("B5", 0, False), ("B5", "12", False), ("B5", 2.9999999999999996, False),
        ("B5", -1, True), ("B5", "-1", True), ("B5", 1.5, True), ("B5", "3件", True), ("B5", "/", True),
        ("B16", None, False), ("B16", 0.000001, False), ("B16", 0.1 + 0.2, False), ("B16", "0.3", False),
        ("B16", 0.0000001, True), ("B16", -0.5, True), ("B16", "0.3万元", True),
    ],
)  # fmt: skip
def test_a_wrong_cell_and_no_other_is_coloured(
    office: LibreOffice, tmp_path: Path, cell: str, raw: Raw, alarmed: bool
) -> None:
    path = issued(tmp_path, ())
    sheet = openpyxl.load_workbook(path)["表二主动公开"]
    alarms = [span for span in sheet.conditional_formatting if str(span.sqref).split(":")[0] == cell]
    formulas = [rule.formula[0] for span in alarms for rule in span.rules if "LEFT" not in rule.formula[0]]
    assert len(formulas) == 1
    with office.open(path) as book:
        book.set({f"表二主动公开!{cell}": raw, "表二主动公开!Z1": {"formula": "=" + formulas[0].replace(",", ";")}})
        book.recalc()
        assert book.get(["表二主动公开!Z1"]) == [float(alarmed)]
