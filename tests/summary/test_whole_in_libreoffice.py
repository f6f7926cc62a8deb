"""The whole summary workbook of 300 agencies, with parts, last year and charts, recalculated by LibreOffice: every
stored result is what it computes, all sums are those by hand, and one figure moves exactly what it should."""

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.bench.making import YEAR, agency_of, completed_workbook
from tests.office import Book, LibreOffice
from tests.official import official
from tests.summary.test_totals_in_libreoffice import balanced
from toolkit.audit.checks import compute
from toolkit.audit.submission import Listing, Reading
from toolkit.form.model import Key
from toolkit.summary.merge import Summary, merge
from toolkit.summary.sheets import Besides, summary_bytes
from toolkit.summary.yearly import Before
from toolkit.workbook.intake import read_submission
from toolkit.workbook.template import Filling, Issue, template_bytes

pytestmark = [pytest.mark.office, pytest.mark.long]

COUNT, LAST_YEARS = 300, 60
CATEGORIES = ["县直部门", "乡镇街道", "垂直管理", ">5", "*"]
ZERO = ("proactive", "requests", "disputes")
Figures = dict[Key, Decimal]


def parent_of(number: int) -> str:
    return "" if number % 10 == 0 else agency_of(number - number % 10).name


def category_of(number: int) -> str:
    return CATEGORIES[number % len(CATEGORIES)]


def level_of(number: int) -> str:
    return "本级" if number % 3 else "下级"


def read(number: int, figures: Figures, year: int) -> Reading:
    """Every fifth leaves blanks and declares them to be zero; the others say 0, which is made sooner."""
    known = official()
    if number % 5 == 0 or year != YEAR:
        data = template_bytes(known, Issue(agency_of(number), year), Filling(figures, ZERO))
    else:
        data = completed_workbook(number, compute(known.book, dict.fromkeys(known.book.typed, Decimal(0)) | figures))
    return read_submission(data, f"{number}.xlsx", {known.book.form.code: known})


@pytest.fixture(scope="module")
def figures() -> dict[int, list[Figures]]:
    chance = random.Random(300)
    return {2025: [balanced(chance) for _ in range(COUNT)], 2024: [balanced(chance) for _ in range(LAST_YEARS)]}


@pytest.fixture(scope="module")
def summary(figures: dict[int, list[Figures]]) -> Summary:
    readings = [read(number, each, 2025) for number, each in enumerate(figures[2025])]
    roster = [
        Listing(agency_of(number), category_of(number), parent_of(number), level_of(number))
        for number in range(COUNT + 10)
    ]
    return merge(official().book, readings, roster=roster, unit="县政府办公室")


@pytest.fixture(scope="module")
def path(summary: Summary, figures: dict[int, list[Figures]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    last = merge(official().book, [read(number, each, 2024) for number, each in enumerate(figures[2024])])
    path = tmp_path_factory.mktemp("全") / "汇总.xlsx"
    path.write_bytes(summary_bytes(summary, Besides(before=Before(2024, last.included))))
    return path


@pytest.fixture
def book(path: Path, office: LibreOffice) -> Iterator[Book]:
    with office.open(path) as opened:
        yield opened


def typed_sums(figures: list[Figures], wanted: Callable[[int], bool] = lambda _: True) -> Figures:
    """The typed figures of some agencies, added up by hand."""
    chosen = [each for number, each in enumerate(figures) if wanted(number)]
    return {key: sum((each.get(key, Decimal(0)) for each in chosen), Decimal(0)) for key in official().book.typed}


def column_of(sheet_columns: int, key: Key) -> str:
    """The letters of a figure's column on a sheet with so many columns before the figures."""
    column = sheet_columns + list(official().book.cells).index(key)
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def number_of(value: object) -> Decimal:
    assert isinstance(value, float), value
    return round(Decimal(repr(value)), 6).normalize() + 0


def test_every_stored_result_on_every_sheet_is_what_libreoffice_computes(book: Book) -> None:
    stored = {(each.sheet, each.cell): each.value for each in book.formulas()}
    book.recalc()
    computed = {(each.sheet, each.cell): each.value for each in book.formulas()}
    assert stored.keys() == computed.keys()
    assert {sheet for sheet, _ in stored} >= {
        "汇总表", "分类汇总", "分类表", "上级汇总",
        "上级表", "层级汇总", "层级表", "同比", "上年结转核对", "图表", "明细",
    }  # fmt: skip
    differing = [
        (place, value, computed[place])
        for place, value in stored.items()
        if not (
            value == computed[place] or (isinstance(value, float) and abs(value - float(str(computed[place]))) < 1e-9)
        )
    ]
    assert differing == []


@pytest.mark.parametrize(
    ("sheet", "label_of", "labels"),
    [
        ("分类汇总", category_of, CATEGORIES),
        ("层级汇总", level_of, ["本级", "下级"]),
        (
            "上级汇总",
            lambda number: agency_of(number - number % 10).name,
            [agency_of(number).name for number in range(0, COUNT, 10)],
        ),
    ],
)
def test_every_part_is_the_sum_by_hand(
    sheet: str, label_of: Callable[[int], str], labels: list[str], book: Book, figures: dict[int, list[Figures]]
) -> None:
    book.recalc()
    rows = {str(line[0]): at for at, line in enumerate(book.rows(f"{sheet}!A5:A60"), start=5) if line[0]}
    typed = official().book.typed
    for label in labels:
        by_hand = typed_sums(figures[2025], lambda number, label=label: label_of(number) == label)  # type: ignore[misc]
        cells = [f"{sheet}!{column_of(4, key)}{rows[label]}" for key in typed]
        found = dict(zip(typed, map(number_of, book.get(cells)), strict=True))
        assert found == {key: value.normalize() + 0 for key, value in by_hand.items()}, label
    proofs = book.rows(f"{sheet}!E{rows['核对']}:GV{rows['核对']}")[0]
    assert proofs == ["平"] * 200


def test_every_percentage_is_what_fractions_give(book: Book, figures: dict[int, list[Figures]]) -> None:
    book.recalc()
    now, before = typed_sums(figures[2025]), typed_sums(figures[2024])
    lines = [line for line in book.rows("同比!A1:H260") if line[0] in ("表二", "表三", "表四")]
    assert len(lines) == 200
    for key, line in zip(official().book.cells, lines, strict=True):
        if key in now:
            assert [number_of(line[3]), number_of(line[4])] == [now[key].normalize() + 0, before[key].normalize() + 0]
            assert number_of(line[5]) == (now[key] - before[key]).normalize() + 0
            if before[key]:
                exact = Fraction(now[key] - before[key]) / Fraction(before[key])
                assert abs(float(str(line[6])) - float(exact)) < 1e-9
            else:
                assert line[6] == "—"


def test_one_figure_in_the_detail_moves_exactly_what_it_should(book: Book) -> None:
    """An other organisation's granted applications of one agency: five more."""
    book.recalc()
    before = {(each.sheet, each.cell): each.value for each in book.formulas()}
    key = Key("requests", "granted", "other_org")
    names = [str(line[0]) for line in book.rows("明细!B6:B305")]
    cell = f"明细!{column_of(9, key)}{6 + names.index(agency_of(17).name)}"
    (old,) = book.get([cell])
    assert isinstance(old, float)
    book.set({cell: old + 5})
    book.recalc()
    moved = {
        (each.sheet, each.cell): (before[each.sheet, each.cell], each.value)
        for each in book.formulas()
        if each.value != before[each.sheet, each.cell]
    }
    gained = [place for place, (old, new) in moved.items() if isinstance(old, float) and isinstance(new, float) and
              place[0] in ("汇总表", "分类汇总", "上级汇总", "层级汇总") and new - old == 5]  # fmt: skip
    numbers = [place for place, (old, _) in moved.items() if isinstance(old, float) and
               place[0] in ("汇总表", "分类汇总", "上级汇总", "层级汇总")]  # fmt: skip
    assert sorted(gained) == sorted(numbers)
    counts = {
        sheet: sum(place[0] == sheet for place in gained) for sheet in ("汇总表", "分类汇总", "上级汇总", "层级汇总")
    }
    assert counts == {"汇总表": 4, "分类汇总": 8, "上级汇总": 8, "层级汇总": 8}
    four = [
        str(Key("requests", row, column)) for row in ("granted", "total_handled") for column in ("other_org", "total")
    ]
    values = dict(zip(four, book.get(four), strict=True))
    places = {(each.sheet, each.address) for each in book.names() if each.name in four}
    assert {place for place in gained if place[0] == "汇总表"} == places
    assert all(isinstance(value, float) for value in values.values())
    own = [place for place in moved if place[0] == "明细"]
    row = str(6 + names.index(agency_of(17).name))
    assert {place[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for place in own} == {row}
    assert [moved[place] for place in own if place[1] == f"D{row}"] == [("平", "差")]


def test_a_sorted_detail_moves_no_sum_and_takes_its_figures_and_links_along(book: Book) -> None:
    """Rows 6 and 7 of the detail change places, figures and labels, as sorting does it."""
    book.recalc()
    sheets = ("汇总表", "分类汇总", "上级汇总", "层级汇总", "图表", "同比")
    before = {(each.sheet, each.cell): each.value for each in book.formulas() if each.sheet in sheets}
    letters = [column_of(9, key) for key in official().book.typed]
    columns = ["A", "B", "C", "E", "G", "H", "I", *letters]
    first, second = (
        dict(zip(columns, book.get([f"明细!{each}{row}" for each in columns]), strict=True)) for row in (6, 7)
    )
    assert first["A"] == 1.0
    swapped = {f"明细!{each}7": value for each, value in first.items()}
    swapped |= {f"明细!{each}6": value for each, value in second.items()}
    book.set({cell: value for cell, value in swapped.items() if isinstance(value, float | str)})
    book.recalc()
    after = {(each.sheet, each.cell): each.value for each in book.formulas() if each.sheet in sheets}
    assert {
        place: (value, after[place])
        for place, value in before.items()
        if not (value == after[place] or (isinstance(value, float) and abs(value - float(str(after[place]))) < 1e-9))
    } == {}
    links = [each.value for each in book.formulas() if each.sheet == "明细" and each.cell in ("F6", "F7")]
    assert links == ["出处", "出处"]
