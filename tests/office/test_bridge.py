"""The bridge to LibreOffice does what it says, so that the tests built on it can be believed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.office import DefinedName, FormulaCell, LibreOffice, OfficeError, Put, pdf_text, render

pytestmark = [pytest.mark.office, pytest.mark.long]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A protected sheet 表三: B1:B3 open and named, C1:C3 locked formulas, stored results 0, a comment on B1."""
    path = tmp_path / "表三.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, unlocked = book.add_worksheet("表三"), book.add_format({"locked": False})
        for row in range(3):
            sheet.write_blank(row, 1, None, unlocked)
        sheet.write_formula("C1", "=SUM(B1:B3)")
        sheet.write_formula("C2", '=IF(B1=B2,"相等","不等")')
        sheet.write_formula("C3", "=1/B3")
        sheet.write_comment("B1", "年")
        sheet.protect("密码")
        for name, address in {"新收": "$B$1", "结转": "$B$2", "栏": "$B$1:$B$3"}.items():
            book.define_name(name, f"='表三'!{address}")
    return path


def test_names_give_sheet_and_address(office: LibreOffice, workbook: Path) -> None:
    with office.open(workbook) as book:
        assert sorted(book.names(), key=lambda name: name.address) == [
            DefinedName("新收", "表三", "B1"),
            DefinedName("栏", "表三", "B1:B3"),
            DefinedName("结转", "表三", "B2"),
        ]


def test_what_is_set_is_calculated_and_read_back(office: LibreOffice, workbook: Path) -> None:
    with office.open(workbook) as book:
        book.set({"新收": 3, "表三!B2": Decimal("1.5"), "'表三'!B3": {"formula": "=2+2"}})
        book.recalc()
        assert book.rows("表三!A1:C3") == [["", 3.0, 8.5], ["", 1.5, "不等"], ["", 4.0, 0.25]]
        book.set({"新收": None, "表三!B3": 0})
        assert book.get(["新收", "表三!C1", "表三!C3"]) == ["", 1.5, {"error": 532}]


@pytest.mark.parametrize("text", ["007", "12", "1e3", "50%", "2024-01-01", "TRUE", "=1+2", "'x", " 5 ", "a\nb", "１２"])
def test_text_stays_text(office: LibreOffice, workbook: Path, text: str) -> None:
    with office.open(workbook) as book:
        book.set({"新收": text})
        assert book.rows("表三!B1:C1") == [[text, 0.0]]
        assert book.batch([{"新收": text}], read=["表三!B1:C1"]) == [[[[text, 0.0]]]]


def test_formulas_come_with_stored_results_until_recalculated(office: LibreOffice, workbook: Path) -> None:
    def expected(total: float, equal: float | str) -> list[FormulaCell]:
        return [
            FormulaCell("表三", "C1", "=SUM(B1:B3)", total),
            FormulaCell("表三", "C2", '=IF(B1=B2;"相等";"不等")', equal),
        ]

    with office.open(workbook) as book:
        assert book.formulas() == [*expected(0.0, 0.0), FormulaCell("表三", "C3", "=1/B3", 0.0)]
        book.recalc()
        assert book.formulas() == [*expected(0.0, "相等"), FormulaCell("表三", "C3", "=1/B3", {"error": 532})]


def test_batch_starts_each_fill_from_cleared_cells(office: LibreOffice, workbook: Path) -> None:
    fills: list[dict[str, Put]] = [
        {"新收": 1, "结转": 2},
        {"结转": "3", "表三!B3": 2},
        {},
        {"新收": {"formula": "=40+1"}},
    ]
    with office.open(workbook) as book:
        assert book.batch(fills, clear=["新收", "结转", "表三!B3"], read=["表三!B1:B3", "表三!C1"]) == [
            [[[1.0], [2.0], [""]], [[3.0]]],
            [[[""], ["3"], [2.0]], [[2.0]]],
            [[[""], [""], [""]], [[0.0]]],
            [[[41.0], [""], [""]], [[41.0]]],
        ]


def test_locked_cells_can_be_typed_over_but_not_emptied(office: LibreOffice, workbook: Path) -> None:
    with office.open(workbook) as book:
        book.set({"表三!A1": "x"})
        assert book.batch([{"表三!C1": 9, "新收": 1}, {"表三!C1": "y"}], clear=["新收"], read=["表三!A1:C1"]) == [
            [[["x", 1.0, 9.0]]],
            [[["x", "", "y"]]],
        ]
        with pytest.raises(OfficeError, match=r"set: ValueError: \$表三\.\$C\$1 is locked"):
            book.set({"表三!C1": None})


def test_a_saved_copy_keeps_values_results_and_comments(office: LibreOffice, workbook: Path, tmp_path: Path) -> None:
    with office.open(workbook) as book:
        book.set({"新收": 3, "结转": "007"})
        book.recalc()
        book.save_as(tmp_path / "copy.xlsx")
    saved = openpyxl.load_workbook(tmp_path / "copy.xlsx", data_only=True)["表三"]
    assert [saved[cell].value for cell in ("B1", "B2", "C1", "C2")] == [3, "007", 3, "不等"]
    assert saved["B1"].comment is not None
    assert saved.protection.sheet is True


def test_mistakes_are_named_and_leave_the_office_working(office: LibreOffice, workbook: Path, tmp_path: Path) -> None:
    with pytest.raises(OfficeError, match=r"open: ValueError: no such file: .*none\.xlsx"):
        office.open(tmp_path / "none.xlsx")
    with office.open(workbook) as book:
        for ref in ("没有", "表三!没有", "表四!A1"):
            with pytest.raises(OfficeError, match=f"get: ValueError: no such name, sheet or cell: {ref}"):
                book.get([ref])
        with pytest.raises(OfficeError, match="set: TypeError: True is no number, text, null or formula"):
            book.set({"新收": True})
        with pytest.raises(ValueError, match="not single cells"):
            book.get(["栏"])
        assert book.get(["新收"]) == [""]


def test_a_hanging_office_is_killed_with_a_clear_error(workbook: Path) -> None:
    with LibreOffice() as own:
        book = own.open(workbook)
        with pytest.raises(OfficeError, match=r"batch: no answer within 0\.2 s, LibreOffice was killed"):
            book.batch([{"新收": 1}] * 5000, read=["栏"], seconds=0.2)
        with pytest.raises(OfficeError, match="recalc: LibreOffice has ended"):
            book.recalc()


def test_pages_are_drawn_and_read_recalculated(workbook: Path, tmp_path: Path) -> None:
    assert [page.name for page in render(workbook, tmp_path / "pages")] == ["表三-1.png"]
    assert [page.split() for page in pdf_text(workbook)] == [["0", "相等", "#DIV/0!"]]
