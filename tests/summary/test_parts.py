"""A summary in parts: who is in which, of how many, and that the official tables of each part and of the whole are the
sums by hand, recalculated by LibreOffice."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.collection.making import code, completed, member
from tests.office import LibreOffice, Rows
from tests.official import official, read
from toolkit.audit.submission import Agency, Listing, Reading
from toolkit.summary.merge import Summary, merge
from toolkit.summary.parts import Division, counted_words, divisions, part_values
from toolkit.summary.sheets import summary_bytes

NEW, GRANTED = "requests.new_received.natural_person", "requests.granted.natural_person"

# name, category, the agency above, level, the figure it reports (None: it has not reported)
COUNTY = [
    ("教育局", "县直部门", "", "本级", 1),
    ("一中", "县直部门", "教育局", "本级", 2),
    ("二中", "县直部门", "教育局", "本级", None),
    ("电大", "事业单位", "一中", "本级", 4),
    ("统计局", "县直部门", "", "本级", 8),
    ("柳林镇", "乡镇街道", "", "下级", 16),
    ("镇中心校", "乡镇街道", "柳林镇", "下级", 32),
    ("石门乡", "乡镇街道", "", "下级", None),
]


def readings() -> list[Reading]:
    return [
        read(completed(member(name, at), {NEW: figure, GRANTED: figure}), f"{name}.xlsx")
        for at, (name, _, _, _, figure) in enumerate(COUNTY)
        if figure is not None
    ]


def listings() -> list[Listing]:
    return [
        Listing(Agency(name, code(at)), category, parent, level)
        for at, (name, category, parent, level, _) in enumerate(COUNTY)
    ]


@pytest.fixture(scope="module")
def summary() -> Summary:
    return merge(official().book, readings(), roster=listings())


def told(summary: Summary, division: Division) -> dict[str, tuple[str, int]]:
    """Each part with how many of how many, and its figure."""
    key = next(each for each in summary.book.cells if str(each) == NEW)
    return {
        part.label: (
            counted_words(len(division.all_members(at)), division.all_expected(at)),
            int(part_values(summary, division, at)[key]),
        )
        for at, part in enumerate(division.parts)
    }


def test_a_summary_has_the_parts_that_its_roster_tells(summary: Summary) -> None:
    kinds = {each.heading: told(summary, each) for each in divisions(summary)}
    assert kinds == {
        "类别": {"县直部门": ("收录 3/4", 11), "事业单位": ("收录 1/1", 4), "乡镇街道": ("收录 2/3", 48)},
        "上级单位": {
            "教育局": ("收录 3/4", 7),
            "一中": ("收录 2/2", 6),
            "没有隶属关系的单位": ("收录 1/2", 8),
            "柳林镇": ("收录 2/2", 48),
        },
        "层级": {"本级": ("收录 4/5", 15), "下级": ("收录 2/3", 48)},
    }


def test_an_agency_that_is_on_no_roster_is_a_part_of_its_own() -> None:
    listed = [each for each in listings() if each.agency.name != "统计局"]
    categories, parents, levels = divisions(merge(official().book, readings(), roster=listed))
    assert [part.label for part in categories.parts] == ["县直部门", "事业单位", "乡镇街道", "不在名册"]
    assert [part.label for part in parents.parts][-1] == "不在名册"
    assert [(part.label, part.expected) for part in levels.parts] == [("本级", 4), ("下级", 3), ("不在名册", None)]


def test_a_roster_of_names_alone_has_no_parts() -> None:
    assert divisions(merge(official().book, readings(), roster=[each.agency for each in listings()])) == ()


@pytest.mark.office
@pytest.mark.long
def test_libreoffice_makes_the_same_of_every_part(summary: Summary, office: LibreOffice, tmp_path: Path) -> None:
    """All formulas of the sheets of parts; then one figure in the detail moves its own parts and the whole."""
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(summary_bytes(summary))
    key = next(each for each in summary.book.cells if str(each) == NEW)
    with office.open(path) as book:
        stored = {(each.sheet, each.cell): each.value for each in book.formulas()}
        book.recalc()
        computed = {(each.sheet, each.cell): each.value for each in book.formulas()}
        assert {place: value for place, value in stored.items() if value != computed[place]} == {}
        assert len([place for place in stored if place[0] == "层级表"]) == 3 * (200 + 9)
        before = figures(book.rows("上级汇总!A5:CZ10"))
        assert before == {"教育局": 7, "一中": 6, "没有隶属关系的单位": 8, "柳林镇": 48, "合计": 63}
        column = 9 + list(summary.book.cells).index(key)
        letters = f"{chr(64 + column // 26)}{chr(65 + column % 26)}" if column >= 26 else chr(65 + column)
        row = next(at for at, line in enumerate(book.rows("明细!B6:B11"), start=6) if line == ["电大"])
        book.set({f"明细!{letters}{row}": Decimal(104)})
        book.recalc()
        after = figures(book.rows("上级汇总!A5:CZ10"))
        assert after == {"教育局": 107, "一中": 106, "没有隶属关系的单位": 8, "柳林镇": 48, "合计": 163}
        assert [line[0] for line in book.rows("上级汇总!E10:E10")] == ["平"]


def figures(rows: Rows) -> dict[str, int]:
    """The figure of each line, which is the eleventh of the form."""
    return {str(line[0]): int(float(str(line[4 + 10]))) for line in rows if line[0] not in ("核对", "")}
