"""Workbooks rebuilt by people in LibreOffice: every figure is the right one or none, and what happened is said."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.office import LibreOffice
from tests.official import AGENCY, filled, official, read
from toolkit.audit.submission import Submission

TWO, THREE, FOUR = "表二主动公开", "表三依申请公开", "表四复议诉讼"
Change = tuple[str, str, int, int, str]
Told = list[tuple[str, str, str | None, str | None]]

# Every typed cell holds another number, so that no figure can pass for its neighbour's.
FIGURES: dict[str, int | str] = {str(key): 1000 + at for at, key in enumerate(official().book.typed)}


def moved(cells: str, sheet: str = THREE) -> Told:
    """A broken balance at each of these cells."""
    return [("requests.balance", "error", sheet, cell) for cell in cells.split()]


BALANCES = moved("D8 E8 F8 G8 H8 I8")


CASES: list[tuple[str, list[Change], Told]] = [
    ("nothing changed", [], BALANCES),
    ("a row inserted above the table", [(THREE, "insert_rows", 0, 1, "")], moved("D9 E9 F9 G9 H9 I9")),
    ("a row inserted below the headings", [(THREE, "insert_rows", 7, 1, "")], moved("D9 E9 F9 G9 H9 I9")),
    ("three rows inserted in the middle", [(THREE, "insert_rows", 15, 3, "")], BALANCES),
    ("a column inserted before the table", [(THREE, "insert_columns", 0, 1, "")], moved("E8 F8 G8 H8 I8 J8")),
    ("a column inserted among the figures", [(THREE, "insert_columns", 5, 1, "")], moved("D8 E8 G8 H8 I8 J8")),
    (
        "a row of figures deleted",
        [(THREE, "remove_rows", 11, 1, "")],
        [("cells-moved", "error", THREE, "D12")],
    ),
    (
        "a column of figures deleted",
        [(THREE, "remove_columns", 5, 1, "")],
        [("cells-moved", "error", THREE, "F8"), *moved("D8 E8 F8 G8 H8")],
    ),
    ("rows hidden", [(THREE, "hide_rows", 10, 5, "")], BALANCES),
    ("columns hidden", [(THREE, "hide_columns", 4, 2, "")], BALANCES),
    ("a sheet hidden", [(FOUR, "hide", 0, 1, "")], BALANCES),
    (
        "a sheet renamed",
        [(THREE, "rename", 0, 1, "依申请")],
        moved("D8 E8 F8 G8 H8 I8", "依申请"),
    ),
    ("sheets in another order", [(FOUR, "move", 0, 1, "")], BALANCES),
    ("a sheet copied within the workbook", [(THREE, "copy", 9, 1, "副本")], BALANCES),
    ("a sheet added", [(TWO, "add", 0, 1, "草稿")], BALANCES),
    ("a table's sheet deleted", [(FOUR, "remove", 0, 1, "")], [*BALANCES, ("sheet-missing", "error", FOUR, None)]),
    (
        "rows inserted and a sheet renamed",
        [(THREE, "insert_rows", 7, 2, ""), (THREE, "rename", 0, 1, "依申请")],
        moved("D10 E10 F10 G10 H10 I10", "依申请"),
    ),
]


@pytest.mark.long
@pytest.mark.office
@pytest.mark.parametrize(("changes", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_rebuilt_workbook_yields_right_figures_or_none(
    changes: list[Change], expected: Told, tmp_path: Path, office: LibreOffice
) -> None:
    (tmp_path / "issued.xlsx").write_bytes(filled(FIGURES, ()))
    with office.open(tmp_path / "issued.xlsx") as book:
        for sheet, what, at, count, name in changes:
            book.change(sheet, what, at, count, name)
        book.save_as(tmp_path / "back.xlsx")
    reading = read((tmp_path / "back.xlsx").read_bytes())
    assert isinstance(reading, Submission)
    assert [
        (each.code, each.severity.value, each.where.sheet, each.where.cell) for each in reading.problems
    ] == expected
    assert reading.agency == AGENCY
    unread = {name for each in reading.problems if each.code in ("cells-moved", "sheet-missing") for name in each.keys}
    typed = {str(key): reading.values[key] for key in official().book.typed}
    assert typed == {name: None if name in unread else Decimal(value) for name, value in FIGURES.items()}
