"""The summary by category: live sums over the detail, how many of how many, a proof that the parts are the whole."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tests.collection.making import code, completed, member
from tests.office import LibreOffice
from tests.official import official, read
from toolkit.audit.submission import Agency, Listing, Reading
from toolkit.summary.merge import merge
from toolkit.summary.sheets import summary_bytes

pytestmark = pytest.mark.long

NEW, GRANTED = "requests.new_received.other_org", "requests.granted.other_org"
CATEGORIES = ["县直部门", ">5", "*", "=1+1", "a", "A"]


def readings(count: int) -> list[Reading]:
    """Agencies of all categories in turn, each with its own figure; the last is on no roster."""
    return [
        read(completed(member(f"单位{at}", at), {NEW: at + 1, GRANTED: at + 1}), f"{at}.xlsx") for at in range(count)
    ]


def listings(count: int) -> list[Listing]:
    """Who is expected, by category: one more in each than has reported."""
    return [
        Listing(agency, category)
        for place, category in enumerate(CATEGORIES)
        for agency in (
            *(Agency(f"单位{at}", code(at)) for at in range(place, count - 1, len(CATEGORIES))),
            Agency(f"没报{place}", code(900 + place)),
        )
    ]


def by_hand(count: int) -> dict[str, int]:
    """Each category's figures added up, and those of the agency that is on no roster."""
    sums = {category: sum(range(place + 1, count, len(CATEGORIES))) for place, category in enumerate(CATEGORIES)}
    return sums | {"不在名册": count}


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("汇总") / "汇总.xlsx"
    summary = merge(official().book, readings(20), roster=listings(20))
    path.write_bytes(summary_bytes(summary))
    return path


def column_of(path: Path, heading: str) -> str:
    """The letters of a figure's column, by its three headings joined."""
    sheet = load_workbook(path)["分类汇总"]
    for cells in sheet.iter_cols(min_row=2, max_row=4):
        if "·".join(str(cell.value or "") for cell in cells) == heading:
            return get_column_letter(cells[0].column or 0)
    raise AssertionError(heading)


def rows(path: Path, column: str) -> dict[str, tuple[object, object, object, object]]:
    """Of each line: expected, counted, their ratio, one figure - as LibreOffice or the writer left them."""
    sheet = load_workbook(path, data_only=True)["分类汇总"]
    return {
        str(sheet[f"A{row}"].value): tuple(sheet[f"{letter}{row}"].value for letter in ("B", "C", "D", column))
        for row in range(5, sheet.max_row + 1)
    }


def expected_rows() -> dict[str, tuple[int | None, int, str, int]]:
    """Who is on no roster leaves it open how many there should be."""
    counted = {category: len(range(place, 19, 6)) for place, category in enumerate(CATEGORIES)} | {"不在名册": 1}
    sums = by_hand(20)
    lines: dict[str, tuple[int | None, int, str, int]] = {
        category: (count + 1, count, f"{count}/{count + 1}", sums[category]) for category, count in counted.items()
    } | {"不在名册": (None, 1, "1", 20)}
    return lines | {"合计": (None, 20, "20", 210)}


def test_each_category_is_summed_and_counted_as_by_hand(workbook: Path) -> None:
    found = rows(workbook, column_of(workbook, "表三·一、本年新收·其他"))
    assert {name: line for name, line in found.items() if name != "核对"} == expected_rows()
    assert sum(by_hand(20).values()) == 210


@pytest.mark.office
@pytest.mark.long
def test_libreoffice_computes_the_same_and_the_parts_are_the_whole(office: LibreOffice, workbook: Path) -> None:
    column = column_of(workbook, "表三·一、本年新收·其他")
    last = 5 + len(CATEGORIES) + 1
    with office.open(workbook) as book:
        book.recalc()
        cells = [f"分类汇总!{letter}{row}" for row in range(5, last + 1) for letter in ("A", "B", "C", "D", column)]
        values = book.get(cells)
        lines = {str(values[at]): tuple(values[at + 1 : at + 5]) for at in range(0, len(values), 5)}
        assert lines == {
            name: ("" if wanted is None else float(wanted), float(counted), ratio, float(figure))
            for name, (wanted, counted, ratio, figure) in expected_rows().items()
        }
        assert book.get([f"分类汇总!{column}{last + 1}"]) == ["平"]
        (before,) = book.get(["明细!G6"])
        assert before == "县直部门"
        book.set({"明细!G6": "没有这一类"})
        book.recalc()
        assert book.get([f"分类汇总!{column}{last + 1}", f"分类汇总!{column}5", f"分类汇总!{column}{last}"]) == [
            "差", float(by_hand(20)["县直部门"] - 1), 210.0,
        ]  # fmt: skip


def test_a_summary_without_categories_has_no_such_sheet() -> None:
    book = load_workbook(io.BytesIO(summary_bytes(merge(official().book, readings(2)))))
    assert not any(name.startswith("分类") for name in book.sheetnames)
    assert "类别" not in [cell.value for cell in book["明细"][5]]
