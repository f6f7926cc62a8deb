"""What one pass over the agencies counts: blanks as 0, the sums of parts within parts; and that nothing is held of an
agency but what was read of it."""

import io
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from tests.summary.charted import LIBRARIES, book, figures, summed
from toolkit.audit.checks import compute
from toolkit.audit.submission import Agency, Listing, Source, Submission, Via
from toolkit.form.model import Key
from toolkit.problems import Where
from toolkit.summary.counting import Counting, counted
from toolkit.summary.detail import plan_detail
from toolkit.summary.groups import PartsSheet
from toolkit.summary.merge import Entry, Summary, add_up
from toolkit.summary.parts import Division, Part, PartSums, divisions, part_values
from toolkit.summary.sheets import summary_bytes, write_summary
from toolkit.workbook.rows import put_together
from toolkit.workbook.styles import Styles


def library(written: str, blank: str = "") -> Submission:
    """`bought.paper 5` -> a library's report; what is not written is 0, and what is named in `blank` was left blank."""
    cells: dict[Key, Decimal | None] = {**figures(written)}
    cells |= {Key("books", *name.split(".")): None for name in blank.split()}
    return Submission(book(), Source("馆.xlsx", ""), Agency("馆", ""), 2025, compute(book(), cells), ())


def told(values: Mapping[Key, Decimal]) -> str:
    """`bought.paper 5 bought.sum 5`: what is not 0."""
    return " ".join(f"{key.row}.{key.column} {value}" for key, value in values.items() if value)


def test_a_blank_counts_as_0_in_what_rests_on_it() -> None:
    plain = library("bought.paper 5 lost.digital 2 budget.wan_yuan 0.1")
    assert told(counted(plain)) == "bought.paper 5 bought.sum 5 lost.digital 2 lost.sum 2 budget.wan_yuan 0.1"
    blank = library("bought.paper 5 lost.digital 2", "bought.digital given.paper budget.wan_yuan")
    assert blank.values[Key("books", "bought", "sum")] is None
    assert told(counted(blank)) == "bought.paper 5 bought.sum 5 lost.digital 2 lost.sum 2"
    assert set(counted(blank)) == set(book().cells)


@settings(max_examples=50)
@given(st.lists(st.none() | st.integers(0, 9), min_size=9, max_size=9), st.randoms())
def test_what_is_counted_is_the_sum_of_one_in_whatever_order_its_figures_come(
    cells: list[int | None], dice: object
) -> None:
    typed = {key: None if cell is None else Decimal(cell) for key, cell in zip(book().typed, cells, strict=True)}
    shuffled = sorted(compute(book(), typed).items(), key=lambda item: hash((item[0], str(dice))))
    submission = replace(library(""), values=dict(shuffled))
    assert counted(submission) == add_up(book(), [submission])


def parted(names: Mapping[str, str], listed: Mapping[str, str]) -> Summary:
    """A summary of libraries, each under another by its name, or under none."""
    listings = tuple(Listing(Agency(name, ""), parent=above) for name, above in listed.items())
    return replace(summed(names), listings=listings)


def test_the_sums_of_parts_hold_those_of_the_parts_within_them() -> None:
    listed = {"县图书馆": "", "少儿馆": "县图书馆", "空馆": "少儿馆", "大学馆": "空馆", "街道馆": "大学馆"}
    summary = parted(LIBRARIES, listed)
    (division,) = divisions(summary)
    sums = PartSums(summary.book, division)
    Counting(summary.book).show_all(summary.included, [sums])
    assert dict(zip([part.label for part in division.parts] + ["合计"], map(told, sums.totals()), strict=True)) == {
        "县图书馆": "bought.paper 5 bought.digital 7 bought.sum 12 given.paper 1 given.digital 1 given.sum 2 "
        "lost.paper 1 lost.digital 2 lost.sum 3 budget.wan_yuan 0.1 spent.wan_yuan 0.2 owed.wan_yuan 0.3",
        "少儿馆": "bought.digital 7 bought.sum 7 given.digital 1 given.sum 1 lost.paper 1 lost.sum 1 "
        "spent.wan_yuan 0.2 owed.wan_yuan 0.3",
        "空馆": "bought.digital 7 bought.sum 7 given.digital 1 given.sum 1 owed.wan_yuan 0.3",
        "大学馆": "bought.digital 7 bought.sum 7 given.digital 1 given.sum 1 owed.wan_yuan 0.3",
        "不在名册": "bought.paper 1 bought.sum 1 lost.digital 1 lost.sum 1",
        "合计": told(summary.values),
    }
    assert [part_values(summary, division, at) for at in range(5)] == sums.totals()[:5]


def test_a_part_counts_what_stands_right_within_it_and_a_function_takes_no_more_than_it_can() -> None:
    """300 parts, a part within each: so many ranges no one function takes."""
    summary = summed({"甲": "bought.paper 5"})
    parts = [Part(f"{at}", 1, (0,) if at == 1 else (), at - 1 if at % 2 else None) for at in range(600)]
    division = Division("上级单位", "上级汇总", "上级表", tuple(parts), ("1",))
    sums = PartSums(summary.book, division)
    Counting(summary.book).show_all(summary.included, [sums])
    buffer, whole = io.BytesIO(), io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    detail = plan_detail(summary.book, 1, [division])
    sheet = PartsSheet(workbook.add_worksheet("上级汇总"), summary, division, sums.totals(), detail, Styles(workbook))
    rows = sheet.draw("汇总")
    workbook.close()
    put_together(whole, buffer.getvalue(), {"上级汇总": rows})
    live, stored = (openpyxl.load_workbook(whole, data_only=each)["上级汇总"] for each in (False, True))
    assert live["E5"].value == "=SUMPRODUCT(--EXACT(明细!$G$6:$G$6,$A5),明细!H6:H6)+SUM(E6:E6)"
    assert live["E6"].value == "=SUMPRODUCT(--EXACT(明细!$G$6:$G$6,$A6),明细!H6:H6)"
    assert live["C5"].value == "=SUMPRODUCT(--EXACT(明细!$G$6:$G$6,$A5))+SUM(C6:C6)"
    assert [stored[cell].value for cell in ("A5", "B5", "C5", "D5", "E5")] == ["0", 2, 1, "1/2", 5]
    assert [stored[cell].value for cell in ("A6", "B6", "C6", "D6", "E6")] == ["1", 1, 1, "1/1", 5]
    assert [stored[cell].value for cell in ("A604", "C604", "E604", "A605", "C605", "E605", "E606")] == [
        "599", 0, 0, "合计", 1, 5, "平",
    ]  # fmt: skip
    told = re.findall(r"SUM\(([^()]*)\)", str(live["E606"].value))
    assert [len(ranges.split(",")) for ranges in told] == [255, 45]
    assert [each for ranges in told for each in ranges.split(",")] == [f"E{row}:E{row}" for row in range(5, 605, 2)]


def detail_of(summary: Summary) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(summary_bytes(summary)))["明细"]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_formulas_in_the_last_of_very_many_rows_are_about_their_own_row() -> None:
    sheet = detail_of(summed([(f"馆{at}", f"bought.paper {at}") for at in range(120)]))
    for row, name in ((6, "馆0"), (9, "馆3"), (10, "馆4"), (99, "馆93"), (125, "馆119")):
        assert (sheet[f"B{row}"].value, sheet[f"G{row}"].value) == (name, int(name.removeprefix("馆")))
        assert sheet[f"I{row}"].value == f"=G{row}+H{row}"
        assert sheet[f"F{row}"].value == (
            f'=HYPERLINK("#收录情况!A"&MATCH(TEXT($A{row},"0"),收录情况!$K$1:$K$122,0),"出处")'
        )
    assert sheet.dimensions == "A1:R125"


def test_what_originals_say_of_cells_that_no_form_has_is_passed_over() -> None:
    """A summary's list of originals may have been typed in."""
    odd = Key("books", "burnt", "paper")
    own = replace(library("bought.paper 5"), raws={odd: "5", Key("books", "given", "paper"): "零"}, places={
        odd: Where("馆.xlsx", "藏书", "A1"),
    })  # fmt: skip
    summary = Summary(book(), 2025, "", (Entry(own, ""),), add_up(book(), [own]))
    sheet = detail_of(summary)
    assert [sheet[f"{letter}6"].fill.fgColor.rgb for letter in "GJ"] == ["00000000", "FFFFF2CC"]


def keys(names: str) -> tuple[Key, ...]:
    return tuple(Key("books", *name.split(".")) for name in names.split())


def originals_of(submission: Submission) -> list[tuple[object, ...]]:
    """What the list of originals says: name, sheet, cells, content, counted as."""
    summary = Summary(book(), 2025, "", (Entry(submission, ""),), add_up(book(), [submission]))
    sheet = openpyxl.load_workbook(io.BytesIO(summary_bytes(summary)))["原文"]
    return [row[4:] for row in sheet.iter_rows(min_row=3, values_only=True)]


@pytest.mark.parametrize(
    ("blank", "ranges"),
    [
        ("bought.paper", "B4"),
        ("bought.digital bought.paper", "B4:C4"),
        ("bought.paper bought.digital given.paper given.digital lost.digital", "B4:C5 C6"),
        ("bought.paper given.paper lost.paper lost.digital", "B4:B5 B6:C6"),
        ("owed.wan_yuan lost.paper budget.wan_yuan bought.paper", "B4 B6 B8 B10"),
    ],
)
def test_blank_cells_are_told_as_rectangles(blank: str, ranges: str) -> None:
    own = replace(library(""), blanks=keys(blank))
    assert originals_of(own) == [(None, "藏书", ranges, "（空白，声明为零）", "0")]


def test_cells_that_stood_elsewhere_or_held_more_than_the_figure_are_told_in_printed_order() -> None:
    moved, blank, written, gone = keys("lost.paper given.digital bought.digital owed.wan_yuan")
    first, second = keys("bought.paper given.paper")
    places = {
        first: Where("馆.xlsx", "藏书", "B4"), second: Where("馆.xlsx", "藏书", "B5"), gone: Where("馆.xlsx"),
        moved: Where("馆.xlsx", "另表", "AA7"), blank: Where("馆.xlsx", "另表", "C9:D9"),
    }  # fmt: skip
    own = replace(
        library("lost.paper 3 bought.digital 7"),
        places=places,
        raws={written: "七"},
        blanks=keys("given.digital lost.digital"),
    )
    expected = [
        ("books.bought.digital", "藏书", "C4", "七", "7"),
        ("books.given.digital", "另表", "C9:D9", "（空白，声明为零）", "0"),
        ("books.lost.paper", "另表", "AA7", "3", "3"),
        (None, "另表", "C9", "（空白，声明为零）", "0"),
        (None, "藏书", "C6", "（空白，声明为零）", "0"),
    ]
    assert originals_of(own) == expected
    via = Via("县.xlsx", "", "县", ())
    spots = {moved: ("另表", "AA7"), blank: ("另表", "C9:D9"), first: ("藏书", "B4")}
    assert originals_of(replace(own, via=via, places={}, moved=spots)) == expected


def test_the_same_is_written_to_a_file_piece_by_piece(tmp_path: object) -> None:
    summary, file = summed(), io.BytesIO()
    write_summary(file, summary)
    assert file.getvalue() == summary_bytes(summary)


_PEAK = """
import sys, tempfile, tracemalloc
from tests.summary.charted import summed
from toolkit.summary.sheets import write_summary
summary = summed([(f"馆{at}", f"bought.paper {at % 50} given.digital 7") for at in range(int(sys.argv[1]))])
with tempfile.TemporaryFile() as file:
    write_summary(file, summed())
    tracemalloc.start()
    write_summary(file, summary)
    print(tracemalloc.get_traced_memory()[1])
"""


def peak(count: int) -> int:
    """The most bytes held while the summary of so many agencies, which are held already, is written."""
    done = subprocess.run([sys.executable, "-c", _PEAK, str(count)], capture_output=True, check=True, text=True)
    return int(done.stdout)


@pytest.mark.long
def test_no_more_is_held_of_very_many_agencies_than_of_many() -> None:
    """An agency's row is some kilobytes, and 18 cells of it as objects would be more."""
    few, many = peak(1_000), peak(4_000)
    assert many - few < 3_000 * 200
