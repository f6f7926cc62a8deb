"""What openpyxl would lose stays: locks, checks, formats, names, looks, print set-up, and what formulas show."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tests.intake import alter
from tests.office import LibreOffice
from tests.official import filled, official, read
from toolkit.audit.submission import Submission
from toolkit.workbook.annotate import marked_copy

pytestmark = pytest.mark.long

SHEETS = ["封面", "表二主动公开", "表三依申请公开", "表四复议诉讼", "文字部分", "核对"]


def both() -> tuple[bytes, bytes]:
    """A wrong workbook and its marked copy."""
    data = filled({"requests.new_received.natural_person": 3, "proactive.admin_penalty.decisions": -4},
                  ("proactive", "requests"))  # fmt: skip
    reading = read(data)
    assert isinstance(reading, Submission)
    return data, marked_copy(data, reading, official())


def opened(data: bytes, *, stored: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(data), data_only=stored)


def test_every_cell_keeps_its_content_its_lock_and_its_looks_but_the_fill_of_marked_ones() -> None:
    before, after = map(opened, both())
    for name in SHEETS:
        for row in before[name].iter_rows():
            for cell in row:
                copy = after[name][cell.coordinate]
                assert copy.value == cell.value
                assert _looks(copy) == _looks(cell)
                if isinstance(cell, Cell) and not copy.comment:
                    assert repr(copy.fill) == repr(cell.fill)


def _looks(cell: Cell) -> list[str]:
    looks = (cell.protection, cell.number_format, cell.font, cell.alignment, cell.border, cell.quotePrefix)
    return [repr(each) for each in looks]


def test_the_cells_of_a_merge_are_all_styled_as_the_template_styles_them() -> None:
    before, after = both()
    styled = [alter.members(data)["xl/worksheets/sheet1.xml"].decode().count(' s="') for data in (before, after)]
    cover = alter.members(after)["xl/worksheets/sheet2.xml"].decode()
    assert cover.count('<c r="C4" s="') == cover.count('<c r="D4" s="') == 1
    assert cover.count(' s="') == styled[0]


def test_validations_formats_protection_merges_links_and_print_set_up_stay() -> None:
    before, after = map(opened, both())
    for name in SHEETS:
        assert _set_up(after[name]) == _set_up(before[name])
    assert after.security is not None
    assert after.security.lockStructure
    assert after.calculation.fullCalcOnLoad


def _set_up(sheet: Worksheet) -> list[object]:
    formats = {
        str(each.sqref): [(rule.type, rule.formula, rule.priority, rule.dxf) for rule in each.rules]
        for each in sheet.conditional_formatting
    }
    assert sheet.oddFooter is not None
    footer = [(each.text or "").strip() for each in (sheet.oddFooter.left, sheet.oddFooter.right)]
    return [
        sorted((str(each.sqref), each.type, each.formula1, each.prompt, each.error) for each in _validations(sheet)),
        formats,
        sheet.protection,
        sorted(map(str, sheet.merged_cells.ranges)),
        {letter: each.width for letter, each in sheet.column_dimensions.items()},
        {number: each.height for number, each in sheet.row_dimensions.items()},
        [(link.ref, link.location) for row in sheet.iter_rows() for cell in row if (link := cell.hyperlink)],
        sheet.freeze_panes,
        sheet.page_setup,
        sheet.page_margins,
        sheet.print_options,
        sheet.print_area,
        sheet.print_title_rows,
        footer,
    ]


def _validations(sheet: Worksheet) -> list[DataValidation]:
    return list(sheet.data_validations.dataValidation)


def test_every_defined_name_points_where_it_pointed() -> None:
    before, after = map(opened, both())
    assert {name: each.attr_text for name, each in after.defined_names.items()} == {
        name: each.attr_text for name, each in before.defined_names.items()
    }
    assert "requests.new_received.natural_person" in after.defined_names


def test_formulas_show_the_results_they_had_where_nothing_computes_them() -> None:
    before, after = (opened(data, stored=True) for data in both())
    for name in SHEETS:
        for row in before[name].iter_rows():
            for cell in row:
                assert after[name][cell.coordinate].value == cell.value, f"{name} {cell.coordinate}"


def test_a_formula_typed_into_a_cell_is_read_from_the_copy_as_it_was() -> None:
    data = alter.put_formula(filled({}), "proactive.admin_penalty.decisions", "3+4", "7")
    reading = read(data)
    assert isinstance(reading, Submission)
    copy = read(marked_copy(data, reading, official()))
    assert isinstance(copy, Submission)
    assert copy.values == reading.values
    assert copy.problems == reading.problems


@pytest.mark.office
def test_libreoffice_comes_to_the_same_live_verdicts_in_both(tmp_path: Path, office: LibreOffice) -> None:
    found = []
    for name, data in zip(("before", "after"), both(), strict=True):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(data)
        with office.open(path) as book:
            book.recalc()
            found.append({(each.sheet, each.cell): (each.formula, each.value) for each in book.formulas()})
    assert found[0] == found[1]
    assert ("有 3 处错误，请按“核对”页改正") in {value for _, value in found[1].values()}


@pytest.mark.office
def test_a_copy_corrected_in_libreoffice_comes_back_clean(tmp_path: Path, office: LibreOffice) -> None:
    path, back = tmp_path / "copy.xlsx", tmp_path / "back.xlsx"
    path.write_bytes(both()[1])
    with office.open(path) as book:
        book.set({
            "requests.new_received.natural_person": 0, "proactive.admin_penalty.decisions": 4,
            "disputes.blanks_are_zero": "是",
        })  # fmt: skip
        book.recalc()
        book.save_as(back)
    assert [problem.code for problem in read(back.read_bytes()).problems] == []


@pytest.mark.office
def test_a_copy_saved_by_libreoffice_loses_its_old_marks_when_it_is_marked_again(
    tmp_path: Path, office: LibreOffice
) -> None:
    path, back = tmp_path / "copy.xlsx", tmp_path / "back.xlsx"
    path.write_bytes(both()[1])
    with office.open(path) as book:
        book.set({"requests.new_received.natural_person": 0, "disputes.blanks_are_zero": "是"})
        book.save_as(back)
    reading = read(back.read_bytes())
    assert isinstance(reading, Submission)
    assert [problem.code for problem in reading.problems] == ["negative"]
    again = opened(marked_copy(back.read_bytes(), reading, official()))
    commented = [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in again.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell, Cell) and cell.comment
    ]
    assert commented == ["表二主动公开!B12"]
    assert again["表三依申请公开"]["D8"].fill.fgColor.rgb == "FFFFF8DC"
