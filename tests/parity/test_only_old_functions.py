"""The workbook as it is issued: functions every spreadsheet program has, locks, prompts, paper, the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tests.official import ISSUE, official
from toolkit.workbook.template import BLANK, Issue, template_bytes

pytestmark = pytest.mark.long

IN_EXCEL_2007 = {
    "ABS", "AND", "AVERAGE", "COLUMNS", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "IF", "IFERROR", "INDEX", "ISERROR",
    "ISNUMBER", "LEFT", "LEN", "MATCH", "MAX", "MIN", "NOT", "OR", "ROUND", "ROWS", "SUM", "SUMIF", "SUMPRODUCT",
    "TEXT", "TRIM", "VALUE", "VLOOKUP",
}  # fmt: skip
DECLARED = {"proactive.blanks_are_zero", "requests.blanks_are_zero", "disputes.blanks_are_zero"}
WRITTEN = {
    "proactive.remarks", "requests.remarks", "disputes.remarks",
    "narrative.overview", "narrative.problems", "narrative.other",
    "people.preparer", "people.reviewer", "people.head", "people.phone",
    "explain.requests.carry_over", "explain.proactive.in_force_floor", "explain.proactive.in_force_roll",
}  # fmt: skip
GIVEN = {"agency.name", "agency.code", "report.year"}
CODES = {"issued": "OGI2021-1-2025-111408250000000016-", "open": "OGI2021-1-0-0-"}
ISSUES = {"issued": ISSUE, "open": BLANK}

both = pytest.mark.parametrize("issue", ISSUES)


@cache
def blank(issue: str) -> Workbook:
    return openpyxl.load_workbook(BytesIO(template_bytes(official(), ISSUES[issue])))


def named(book: Workbook) -> dict[str, tuple[str, str]]:
    """Every defined cell: name -> sheet and address."""
    found = {}
    for name, defined in book.defined_names.items():
        [(sheet, address)] = defined.destinations
        found[name] = (sheet, address.replace("$", ""))
    return found


def typed_figures(book: Workbook) -> set[str]:
    """The names of the figures to fill in, which are those of the three tables that are no totals."""
    tables = ("proactive.", "requests.", "disputes.")
    figures = {name for name in named(book) if name.startswith(tables)} - DECLARED - WRITTEN
    return {name for name in figures if not name.endswith(".total") and ".total_handled." not in name}


def formulas(sheet: Worksheet) -> Iterator[str]:
    """Every formula of a sheet: in cells, in conditional formats, in validations."""
    for row in sheet.iter_rows():
        yield from (str(cell.value) for cell in row if cell.data_type == "f")
    for span in sheet.conditional_formatting:
        for rule in span.rules:
            yield from rule.formula
    for validation in sheet.data_validations.dataValidation:
        yield from (text for text in (validation.formula1, validation.formula2) if text)


@both
def test_every_function_is_in_excel_2007(issue: str) -> None:
    texts = [text for sheet in blank(issue) for text in formulas(sheet)]
    used = {name for text in texts for name in re.findall(r"([\w.]+)\(", re.sub(r'"[^"]*"', '""', text))}
    assert used <= IN_EXCEL_2007
    assert {"IF", "ROUND", "SUMPRODUCT"} <= used
    assert max(map(len, texts)) <= 8192
    assert not [text for text in texts if "{" in text or "_xlfn" in text]


@both
def test_a_blank_workbook_is_small_and_the_same_each_time(issue: str) -> None:
    first, second = (template_bytes(official(), ISSUES[issue]) for _ in range(2))
    assert first == second
    assert len(first) < 60_000


@both
def test_the_open_cells_are_those_to_fill_in_and_no_others(issue: str) -> None:
    book = blank(issue)
    figures = typed_figures(book)
    assert len(figures) == 166
    wanted = figures | DECLARED | WRITTEN | (GIVEN if issue == "open" else set())
    unlocked = {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert unlocked == {place for name in wanted for place in area_of(book, name)}


@both
def test_every_formula_is_locked(issue: str) -> None:
    cells = [cell for sheet in blank(issue) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert [cell.coordinate for cell in cells if not cell.protection.locked] == []
    # 34 computed cells; 3 tables; 18 verdicts beside their cells; 53 + 3 lines and 8 headings, 7 severities that an
    # explanation changes; the cover
    assert len(cells) == 34 + 3 + 18 + 53 + 3 + 8 + 7 + 1


@both
def test_every_figure_takes_only_what_belongs_there(issue: str) -> None:
    book = blank(issue)
    for name in typed_figures(book):
        validation = validation_of(book, name)
        fee = name == "proactive.admin_fees.amount_wan_yuan"
        kind = "decimal" if fee else "whole"
        assert (validation.type, validation.operator, validation.formula1) == (kind, "greaterThanOrEqual", "0"), name
        wanted = "不小于 0 的数，最多 6 位小数" if fee else "不小于 0 的整数"
        assert validation.prompt == f"请填{wanted}；没有的填 0。"
        assert validation.error == f"这里只能填{wanted}。请直接键入数字，不带单位；没有的填 0。"


@both
def test_a_declaration_is_picked_from_a_list(issue: str) -> None:
    book = blank(issue)
    for name in DECLARED:
        validation = validation_of(book, name)
        assert (validation.type, validation.formula1) == ("list", '"是,否"'), name


@both
def test_every_validated_cell_prompts_and_stops_in_chinese(issue: str) -> None:
    book = blank(issue)
    stopped = [validation_of(book, name) for name in typed_figures(book) | DECLARED]
    stopped += [validation_of(book, "report.year")] if issue == "open" else []
    for validation in stopped:
        assert (validation.showInputMessage, validation.showErrorMessage) == (True, True)
        assert validation.errorStyle in (None, "stop")
        assert validation.allow_blank
        assert all(is_chinese(text) for text in (validation.promptTitle, validation.prompt))
        assert all(is_chinese(text) for text in (validation.errorTitle, validation.error))
    everything = [each for sheet in book for each in sheet.data_validations.dataValidation]
    for each in everything:
        assert max(len(each.promptTitle or ""), len(each.errorTitle or "")) <= 32
        assert max(len(each.prompt or ""), len(each.error or "")) <= 255


@both
def test_every_sheet_and_their_order_are_protected(issue: str) -> None:
    book = blank(issue)
    assert book.security is not None
    assert book.security.lockStructure
    assert {sheet.title: sheet.protection.sheet for sheet in book} == dict.fromkeys(
        ("封面", "表二主动公开", "表三依申请公开", "表四复议诉讼", "文字部分", "核对"), True
    )


def test_a_password_protects_every_sheet() -> None:
    data = template_bytes(official(), Issue(password="公开2025"))
    book = openpyxl.load_workbook(BytesIO(data))
    assert all(sheet.protection.sheet and sheet.protection.password for sheet in book)


@both
def test_every_sheet_prints_on_a4_one_page_wide_with_the_form_code(issue: str) -> None:
    for sheet in blank(issue):
        assert sheet.page_setup.paperSize == 9, sheet.title
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        assert sheet.page_setup.fitToWidth in (None, 1), sheet.title
        assert sheet.oddFooter is not None
        left, right = sheet.oddFooter.left.text, sheet.oddFooter.right.text
        assert re.fullmatch(re.escape(CODES[issue]) + "[0-9A-Z]", left or ""), sheet.title
        assert right == "第 &P 页，共 &N 页", sheet.title


def area_of(book: Workbook, name: str) -> set[tuple[str, str]]:
    """The cells of a named cell: itself, or all those it is merged with."""
    title, address = named(book)[name]
    merged = [area for area in book[title].merged_cells.ranges if address in area]
    rows = book[title][str(merged[0]) if merged else f"{address}:{address}"]
    return {(title, cell.coordinate) for row in rows for cell in row}


def validation_of(book: Workbook, name: str) -> DataValidation:
    """The one validation that covers a named cell."""
    title, address = named(book)[name]
    validations: list[DataValidation] = book[title].data_validations.dataValidation
    covering = [each for each in validations if any(address in CellRange(str(span)) for span in each.sqref.ranges)]
    assert len(covering) == 1, name
    return covering[0]


def is_chinese(text: str | None) -> bool:
    return text is not None and re.search("[\u4e00-\u9fff]", text) is not None
