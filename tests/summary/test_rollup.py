"""A summary handed in one level up: taken apart into its agencies, checked anew, and never counted twice."""

import io
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from tests.collection.making import code, completed, member
from tests.official import filled, official
from toolkit.audit.submission import Agency, Listing, Submission
from toolkit.summary.merge import Summary, merge
from toolkit.summary.parts import counted_words, divisions
from toolkit.summary.review import review
from toolkit.summary.sheets import summary_bytes
from toolkit.workbook.sources import Incoming
from toolkit.workbook.template import Issue

KNOWN = official()
FORMS = {KNOWN.book.form.code: KNOWN}
NEW, GRANTED = "requests.new_received.other_org", "requests.granted.other_org"
FEE = "proactive.admin_fees.amount_wan_yuan"


def agencies(*numbers: int) -> list[Incoming]:
    """A completed workbook of each, with figures of its own."""
    return [
        Incoming(
            f"{number}.xlsx",
            completed(
                member(f"单位{number}", number), {NEW: 2**number, GRANTED: 2**number, "disputes.review.upheld": 1}
            ),
        )
        for number in numbers
    ]


def listed(*numbers: int) -> list[Listing]:
    return [Listing(Agency(f"单位{number}", code(number)), "部门" if number % 2 else "街道") for number in numbers]


def merged(
    files: Sequence[Incoming], unit: str = "", roster: Sequence[Listing] = (), *, include_broken: bool = False
) -> Summary:
    readings = list(review(files, FORMS, roster=[each.agency for each in roster]))
    return merge(KNOWN.book, readings, roster=roster, unit=unit, include_broken=include_broken)


def handed_up(summary: Summary) -> Incoming:
    return Incoming(f"{summary.unit}.xlsx", summary_bytes(summary))


def altered(summary: Incoming, change: Callable[[Workbook], None]) -> Incoming:
    book = load_workbook(io.BytesIO(summary.data))
    change(book)
    data = io.BytesIO()
    book.save(data)
    return Incoming(summary.name, data.getvalue())


def codes(summary: Summary) -> dict[str, list[str]]:
    """What is told of each file that has problems."""
    return {
        entry.reading.source.file: [f"{problem.severity} {problem.code}" for problem in entry.reading.problems]
        for entry in summary.entries
        if entry.reading.problems
    }


@pytest.fixture(scope="module")
def county() -> Incoming:
    return handed_up(merged(agencies(1, 2, 3), "甲县", listed(1, 2, 3, 4)))


@pytest.fixture(scope="module")
def city(county: Incoming) -> Incoming:
    other = handed_up(merged(agencies(11, 12), "乙县"))
    return handed_up(merged([county, other, *agencies(21)], "丙市", listed(21, 22)))


def test_three_levels_give_what_all_workbooks_together_give(city: Incoming) -> None:
    province = merged([city, *agencies(31, 32)], "丁省")
    flat = merged(agencies(1, 2, 3, 11, 12, 21, 31, 32))
    assert province.values == flat.values
    by_hand = sum(2**number for number in (1, 2, 3, 11, 12, 21, 31, 32))
    assert {str(key): value for key, value in province.values.items()}[NEW] == by_hand
    assert [(each.agency, each.source.sha256) for each in province.included] == [
        (each.agency, each.source.sha256) for each in flat.included
    ]
    assert codes(province) == {}


def test_each_level_knows_whose_agencies_they_are_and_how_many_should_be(city: Incoming) -> None:
    province = merged([city, *agencies(31)], "丁省")
    assert [(each.agency.name, each.units, each.is_expected) for each in province.listings] == [
        ("单位21", ("丙市",), True),
        ("单位22", ("丙市",), True),
        ("单位1", ("丙市", "甲县"), True),
        ("单位2", ("丙市", "甲县"), True),
        ("单位3", ("丙市", "甲县"), True),
        ("单位4", ("丙市", "甲县"), True),
        ("单位11", ("丙市", "乙县"), None),
        ("单位12", ("丙市", "乙县"), None),
    ]
    files = [each.source.file for each in province.included]
    assert files == [
        "丙市.xlsx/甲县.xlsx/1.xlsx", "丙市.xlsx/甲县.xlsx/2.xlsx", "丙市.xlsx/甲县.xlsx/3.xlsx",
        "丙市.xlsx/乙县.xlsx/11.xlsx", "丙市.xlsx/乙县.xlsx/12.xlsx", "丙市.xlsx/21.xlsx", "31.xlsx",
    ]  # fmt: skip
    assert [agency.name for agency in province.missing] == ["单位22", "单位4"]


def test_a_citys_parts_are_itself_and_its_counties(county: Incoming) -> None:
    city = merged([county, *agencies(21)], "丙市", listed(21, 22))
    levels = divisions(city)[-1]
    assert [
        (part.label, counted_words(len(part.members), part.expected)) for part in levels.parts
    ] == [("本级", "收录 1/2"), ("甲县", "收录 3/4")]  # fmt: skip
    categories = divisions(city)[0]
    assert {part.label: part.expected for part in categories.parts} == {"部门": 3, "街道": 3}


def test_what_is_in_a_summary_and_comes_by_itself_too_counts_once(county: Incoming) -> None:
    city = merged([county, *agencies(2), county], "丙市")
    assert city.values == merged(agencies(1, 2, 3)).values
    assert codes(city) == {
        "2.xlsx": ["warning double-counted"],
        "甲县.xlsx/1.xlsx": ["warning double-counted"],
        "甲县.xlsx/2.xlsx": ["warning double-counted"],
        "甲县.xlsx/3.xlsx": ["warning double-counted"],
    }
    assert [problem.message for problem in city.problems if problem.where.file == "2.xlsx"] == [
        "单位2：与“甲县.xlsx/2.xlsx”是同一单位，数字完全相同，只计一次。"
    ]


def test_an_agency_whose_own_workbook_says_otherwise_than_the_summary_counts_neither_way(county: Incoming) -> None:
    other = Incoming("后来.xlsx", completed(member("单位2", 2), {NEW: 999, GRANTED: 999}))
    city = merged([county, other], "丙市")
    assert city.values == merged(agencies(1, 3)).values
    assert codes(city) == {
        "甲县.xlsx/2.xlsx": ["error double-counted"], "后来.xlsx": ["error double-counted"],
    }  # fmt: skip


def test_two_counties_agencies_of_one_name_without_codes_are_two() -> None:
    def county(unit: str, count: int) -> Incoming:
        written = {NEW: count, GRANTED: count}
        data = filled(written, ("proactive", "requests", "disputes"), Issue(Agency("教育局", ""), 2025))
        return handed_up(merged([Incoming("教育局.xlsx", data)], unit))

    city = merged([county("甲县", 3), county("乙县", 4)])
    assert (len(city.included), codes(city)) == (2, {})
    assert {str(key): value for key, value in city.values.items()}[NEW] == 7
    assert len(city.listings) == 2


def cell_of(book: Workbook, number: int, name: str) -> str:
    """The address of a figure in the detail, by where the official order puts it."""
    sheet = book["明细"]
    at = [str(key) for key in KNOWN.book.cells].index(name)
    first = next(cell.column for cell in sheet[3] if cell.value == "表二")
    return str(sheet.cell(5 + number, first + at).coordinate)


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        (NEW, 5, ["error requests.balance"]),
        (NEW, "五", ["error not-a-number"]),
        (FEE, -1, ["error negative"]),
        (FEE, None, ["error blank"]),
        ("requests.new_received.total", 7, ["error total-overwritten"]),
    ],
)  # fmt: skip
def test_what_was_changed_in_the_detail_of_a_summary_is_found_again(
    name: str, value: int | str | None, told: list[str], county: Incoming
) -> None:
    def change(book: Workbook) -> None:
        book["明细"][cell_of(book, 2, name)] = value

    city = merged([altered(county, change)], "丙市")
    assert codes(city) == {"甲县.xlsx/2.xlsx": told}
    assert city.values == merged(agencies(1, 3)).values
    first = city.problems[0]
    assert (first.where.sheet, first.where.file) == ("明细", "甲县.xlsx/2.xlsx")


def test_a_total_that_was_typed_over_is_told_and_the_detail_counts(county: Incoming) -> None:
    def change(book: Workbook) -> None:
        place = book.defined_names[NEW].attr_text.split("!")[1].replace("$", "")
        book["汇总表"][place] = 9999

    city = merged([altered(county, change)], "丙市")
    assert city.values == merged(agencies(1, 2, 3)).values
    assert codes(city) == {"甲县.xlsx/1.xlsx": ["warning total-overwritten"]}
    assert (city.problems[0].expected, city.problems[0].found) == (Decimal(14), Decimal(9999))


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda book: book["目录"].__setitem__("B3", "OGI2021-1-2024-0-X"), "wrong-form"),
        (lambda book: book["明细"].delete_cols(2), "damaged"),
        (lambda book: book["明细"].delete_rows(6, 100), "damaged"),
    ],
)
def test_a_summary_that_cannot_be_used_is_one_file_that_cannot_be_read(
    change: Callable[[Workbook], None], code: str, county: Incoming
) -> None:
    city = merged([altered(county, change), *agencies(5)], "丙市")
    assert codes(city) == {"甲县.xlsx": [f"error {code}"]}
    assert city.values == merged(agencies(5)).values


@pytest.mark.long
def test_without_its_lists_the_figures_of_a_summary_are_still_read(county: Incoming) -> None:
    def change(book: Workbook) -> None:
        for name in ("收录情况", "原文", "名册"):
            del book[name]

    city = merged([altered(county, change), county], "丙市")
    assert city.values == merged(agencies(1, 2, 3)).values
    first = city.entries[0].reading
    assert isinstance(first, Submission)
    assert first.source.sha256.endswith("#6")


def test_what_stood_in_the_originals_comes_up_with_the_figures() -> None:
    def change(book: Workbook) -> None:
        sheet, place = book.defined_names[NEW].attr_text.split("!")
        book[sheet][place.replace("$", "")] = "３件"

    written: dict[str, int | str] = {NEW: 3, GRANTED: 3, FEE: "1.5"}
    data = filled(written, ("requests", "disputes", "proactive"), Issue(Agency("单位1", code(1)), 2025))
    below = merged([altered(Incoming("1.xlsx", data), change)], "甲县")
    above = merged([handed_up(below)], "丙市")
    again = merged([handed_up(above)], "丁省")
    (original,), (first,), (second,) = below.included, above.included, again.included
    assert original.blanks
    for each in (first, second):
        assert each.raws == original.raws == {key: "３件" for key in original.values if str(key) == NEW}
        assert each.blanks == original.blanks
        assert each.source.sha256 == original.source.sha256
