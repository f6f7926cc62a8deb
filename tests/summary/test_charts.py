"""The sheet of charts: what each declared chart shows, its table of live figures, its native chart, its pages."""

import io
import random
import re
import zipfile
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from tests.office import LibreOffice, Put, render
from tests.summary.charted import FORM, LIBRARIES, chart_book, detail_cell, looked_up, summed
from toolkit.audit.shares import shares
from toolkit.summary.merge import Summary
from toolkit.summary.series import Shown, shortened, shown_charts

NAMES = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main",
         "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
         "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"}  # fmt: skip
HOSTILE = ["=cmd|' /C calc'!A0", r"$\frac{1}{2}$馆", "😀馆\u202e\x07", "长" * 200, "<b>局</b>&", "nan"]
ROWS, COLUMNS = ("bought", "given", "lost"), ("paper", "digital", "sum")
EARLIER = {2023: "bought.paper 4 lost.paper 1", 2024: "bought.digital 9"}


def chart_of(chart_id: str, summary: Summary) -> Shown:
    (found,) = [shown for shown in shown_charts(summary) if shown.chart.id == chart_id]
    return found


def lines(shown: Shown) -> list[str]:
    """What is shown: a line for each category with its figures, and its share in brackets."""
    return [
        " ".join([name, *(str(series.values[at]) for series in shown.series)])
        + (f" ({shown.shares[at]})" if shown.shares else "")
        for at, name in enumerate(shown.axis)
    ]


def table(summary: Summary, *, stored: bool = True) -> list[list[object]]:
    """The filled cells of the sheet, row by row, without the texts beside the printed area."""
    sheet = openpyxl.load_workbook(io.BytesIO(chart_book(summary)), data_only=stored)["图表"]
    rows: list[list[object]] = [[cell.value for cell in row[:7] if cell.value is not None] for row in sheet.iter_rows()]
    return [row for row in rows if row]


def part(data: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return ElementTree.fromstring(package.read(name))


def texts(root: ElementTree.Element, path: str) -> list[str]:
    return [each.text or "" for each in root.findall(path, NAMES)]


def test_each_chart_shows_what_it_declares() -> None:
    summary = summed(earlier=EARLIER)
    assert {shown.chart.id: (shown.heading, lines(shown)) for shown in shown_charts(summary)} == {
        "ways": ("2025 年来去", ["购入 13 (68.4)", "受赠 2 (10.5)", "剔旧 4 (21.1)"]),  # 68.42 10.53 21.05
        "money": ("2025 年经费", ["预算 0.1 (16.7)", "支出 0.2 (33.3)", "欠付 0.3 (50.0)"]),
        "libraries": ("2025 年藏书变动最多的馆", ["1. 县图书馆 6 2", "2. 大学馆 0 8", "3. 社区馆 1 1"]),
        "years": ("各年度来去（2023—2025 年）", ["2023 年 4 1", "2024 年 9 0", "2025 年 13 4"]),
    }


def test_agencies_with_the_largest_sums_come_first_and_those_without_figures_not_at_all() -> None:
    two = summed({"甲": "bought.paper 1", "乙": "", "丙": "lost.digital 2"})
    assert lines(chart_of("libraries", two)) == ["1. 丙 0 2", "2. 甲 1 0"]
    same = summed(
        [("甲", "bought.paper 1"), ("乙", "bought.digital 1"), ("丙", "lost.paper 1"), ("丁", "lost.paper 1")]
    )
    assert lines(chart_of("libraries", same)) == ["1. 甲 1 0", "2. 乙 0 1", "3. 丙 1 0"]
    assert chart_of("libraries", same).places == (0, 1, 2)


def test_years_are_shown_only_where_earlier_ones_are_known() -> None:
    assert [shown.chart.id for shown in shown_charts(summed())] == ["ways", "money", "libraries"]
    assert [shown.chart.id for shown in shown_charts(summed(year=None, earlier=EARLIER))] == [
        "ways", "money", "libraries",
    ]  # fmt: skip
    assert chart_of("years", summed(earlier={2026: "", 2019: ""})).categories == ("2019 年", "2025 年", "2026 年")


def test_shares_of_nothing_are_none() -> None:
    assert lines(chart_of("ways", summed({"空馆": ""}))) == ["购入 0 (None)", "受赠 0 (None)", "剔旧 0 (None)"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("水利局", "水利局"),
        ("一二三四五六七八九十一二三四五六", "一二三四五六七八九十一二三四五六"),
        ("沁源县住房和城乡建设管理局综合行政执法大队", "沁源县住房和城乡建…行政执法大队"),
        ("甲\n\t乙\x00\u200b丙\u202e", "甲 乙丙"),
        ("长" * 200, "长" * 9 + "…" + "长" * 6),
    ],
)
def test_a_long_name_loses_its_middle_on_the_axis(name: str, expected: str) -> None:
    assert shortened(name) == expected
    assert len(expected) <= 16


def test_the_sheet_has_a_table_for_each_chart() -> None:
    assert table(summed(earlier=EARLIER)) == [
        ["2025 年度图书馆年报（图表）"],
        ["2025 年来去"],
        ["项目", "数量", "占比"],
        ["购入", 13, 0.684],
        ["受赠", 2, 0.105],
        ["剔旧", 4, 0.211],
        ["合计", 19, 1],
        ["2025 年经费"],
        ["项目", "数量", "占比"],
        ["预算", 0.1, 0.167],
        ["支出", 0.2, 0.333],
        ["欠付", 0.3, 0.5],
        ["合计", 0.6, 1],
        ["2025 年藏书变动最多的馆"],
        ["单位名称", "纸质", "电子"],
        ["县图书馆", 6, 2],
        ["大学馆", 0, 8],
        ["社区馆", 1, 1],
        ["各年度来去（2023—2025 年）"],
        ["年度", "购入", "剔旧"],
        ["2023 年", 4, 1],
        ["2024 年", 9, 0],
        ["2025 年", 13, 4],
    ]


def test_figures_are_formulas_but_those_of_earlier_years() -> None:
    found = table(summed(earlier=EARLIER), stored=False)
    told = {str(row[0]): row[1:] for row in found}
    assert (told["购入"][0], told["受赠"][0]) == ("=汇总表!$W$6", "=汇总表!$I$7+汇总表!$P$7")
    assert (told["预算"][0], told["合计"][0]) == ("=汇总表!$I$10", "=SUM(F19:F21)")
    assert told["县图书馆"] == [
        "=" + "+".join(looked_up(f"{row}.{column}", 0) for row in ROWS) for column in ("paper", "digital")
    ]
    assert told["大学馆"] == [
        "=" + "+".join(looked_up(f"{row}.{column}", 3) for row in ROWS) for column in ("paper", "digital")
    ]
    assert (told["2023 年"], told["2024 年"]) == ([4, 1], [9, 0])
    assert told["2025 年"] == ["=汇总表!$W$6", "=汇总表!$W$8"]


def test_a_chart_of_zeros_is_not_drawn_and_says_so() -> None:
    data = chart_book(summed({"空馆": ""}, earlier={2024: "bought.paper 1"}))
    assert table(summed({"空馆": ""})) == [
        ["2025 年度图书馆年报（图表）"],
        ["2025 年来去"],
        ["没有可以画的数。"],
        ["2025 年经费"],
        ["没有可以画的数。"],
        ["2025 年藏书变动最多的馆"],
        ["没有可以画的数。"],
    ]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert [name for name in package.namelist() if "charts/chart" in name] == ["xl/charts/chart1.xml"]
    assert texts(part(data, "xl/charts/chart1.xml"), ".//c:title//c:v") == ["各年度来去（2024—2025 年）"]


def test_each_chart_is_native_and_reads_its_own_table() -> None:
    data = chart_book(summed(earlier=EARLIER))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = sorted(name for name in package.namelist() if "charts/chart" in name)
    assert names == [f"xl/charts/chart{number}.xml" for number in (1, 2, 3, 4)]
    roots = [part(data, name) for name in names]
    assert [texts(root, ".//c:title//c:v") for root in roots] == [
        ["2025 年来去"], ["2025 年经费"], ["2025 年藏书变动最多的馆"], ["各年度来去（2023—2025 年）"],
    ]  # fmt: skip
    assert [texts(root, ".//c:val//c:f") for root in roots] == [
        ["图表!$F$5:$F$7"], ["图表!$F$19:$F$21"], ["图表!$F$33:$F$35", "图表!$G$33:$G$35"],
        ["图表!$F$48:$F$50", "图表!$G$48:$G$50"],
    ]  # fmt: skip
    assert [texts(root, ".//c:ser[1]/c:cat//c:v") for root in roots] == [
        ["购入（68.4%）", "受赠（10.5%）", "剔旧（21.1%）"],
        ["预算（16.7%）", "支出（33.3%）", "欠付（50.0%）"],
        ["1. 县图书馆", "2. 大学馆", "3. 社区馆"],
        ["2023 年", "2024 年", "2025 年"],
    ]
    assert [texts(root, ".//c:ser/c:tx//c:v") for root in roots] == [
        ["数量"], ["数量"], ["纸质", "电子"], ["购入", "剔旧"],
    ]  # fmt: skip
    assert [[each.get("val") for each in root.findall(".//c:barDir", NAMES)] for root in roots] == [
        ["bar"], ["bar"], ["bar"], ["col"],
    ]  # fmt: skip
    for root in roots:
        assert {each.get("val") for each in root.findall(".//c:dLbls/c:showVal", NAMES)} == {"1"}
        assert {each.get("typeface") for each in root.findall(".//a:latin", NAMES)} == {"宋体", "黑体"}


def test_each_chart_is_told_in_words() -> None:
    drawing = part(chart_book(summed(earlier=EARLIER)), "xl/drawings/drawing1.xml")
    assert [each.get("descr") for each in drawing.findall(".//xdr:cNvPr", NAMES)] == [
        "2025 年来去。购入：13，68.4%；受赠：2，10.5%；剔旧：4，21.1%。",
        "2025 年经费。预算：0.1，16.7%；支出：0.2，33.3%；欠付：0.3，50.0%。",
        "2025 年藏书变动最多的馆。1. 县图书馆：纸质 6，电子 2；2. 大学馆：纸质 0，电子 8；3. 社区馆：纸质 1，电子 1。",
        "各年度来去（2023—2025 年）。2023 年：购入 4，剔旧 1；2024 年：购入 9，剔旧 0；2025 年：购入 13，剔旧 4。",
    ]


def test_bars_of_one_chart_are_told_apart_in_black_and_white() -> None:
    many = ", ".join(f'{{ label = "{at}栏", sum = "books.bought.paper" }}' for at in range(9))
    text = FORM[: FORM.index('[[chart]]\nid = "ways"')] + (
        f'[[chart]]\nid = "many"\ntitle = "多"\nby = "agency"\nbar = [{many}]\n'
    )
    root = part(chart_book(summed(LIBRARIES, text)), "xl/charts/chart1.xml")
    fills = [re.sub(r'\bns\d+:|xmlns:ns\d+="[^"]*"', "", ElementTree.tostring(each[0]).decode())
             for each in root.findall(".//c:ser/c:spPr", NAMES)]  # fmt: skip
    assert len(fills) == 9
    assert len(set(fills)) == 8


def many_libraries(count: int, name: str = "沁源县第{}图书馆") -> dict[str, str]:
    return {name.format(at): f"bought.paper {at + 1} lost.digital {at % 7}" for at in range(count)}


def breaks(data: bytes) -> list[int]:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["图表"]
    return [each.id for each in sheet.row_breaks.brk]


def test_no_chart_and_no_table_stands_on_two_pages() -> None:
    most = FORM.replace("most = 3", "most = 30")
    for count, name in ((5, "第{}馆"), (60, "第{}馆"), (60, "沁源县{}" + "长" * 60)):
        data = chart_book(summed(many_libraries(count, name), most, earlier=EARLIER))
        sheet = openpyxl.load_workbook(io.BytesIO(data))["图表"]
        pages = [0, *breaks(data), sheet.max_row + 40]
        drawing = part(data, "xl/drawings/drawing1.xml")
        for anchor in drawing.findall("xdr:twoCellAnchor", NAMES):
            first, last = (int(texts(anchor, f"xdr:{end}/xdr:row")[0]) for end in ("from", "to"))
            assert any(top <= first and last < bottom for top, bottom in pairwise(pages))
            high = sum(sheet.row_dimensions[row + 1].height or 15 for row in range(first, last + 1))
            assert high <= 915
        assert (sheet.page_setup.scale, sheet.page_setup.orientation, sheet.page_setup.paperSize) == (80, "portrait", 9)
    assert breaks(chart_book(summed(earlier=EARLIER))) == [30]


def test_names_from_people_stay_text() -> None:
    most = FORM.replace("most = 3", "most = 30")
    data = chart_book(summed([(name, "bought.paper 1") for name in HOSTILE], most))
    found = openpyxl.load_workbook(io.BytesIO(data))["图表"]
    cells = {cell.value: cell for row in found.iter_rows() for cell in row if cell.value is not None}
    full = [*HOSTILE[:2], "😀馆\u202e_x0007_", *HOSTILE[3:]]
    short = [
        "1. =cmd|' /C…lc'!A0", r"2. $\frac{1}{2}$馆", "3. 😀馆", "4. 长长长长长长长长长…长长长长长长",
        "5. <b>局</b>&", "6. nan",
    ]  # fmt: skip
    for text in (*full, *short):
        assert cells[text].data_type == "s", text
    assert texts(part(data, "xl/charts/chart2.xml"), ".//c:ser[1]/c:cat//c:v") == short
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not any("cmd" in name or "externalLink" in name for name in package.namelist())
        sheet = package.read("xl/worksheets/sheet2.xml").decode()
    assert not [formula for formula in re.findall("<f>(.*?)</f>", sheet) if "cmd" in formula or "长" in formula]


def test_the_same_summary_gives_the_same_bytes() -> None:
    assert chart_book(summed(earlier=EARLIER)) == chart_book(summed(earlier=EARLIER))


@pytest.mark.office
def test_libreoffice_computes_what_is_stored_and_follows_a_changed_figure(office: LibreOffice, tmp_path: Path) -> None:
    path = tmp_path / "图表.xlsx"
    path.write_bytes(chart_book(summed(earlier=EARLIER)))
    with office.open(path) as book:
        stored = {each.cell: each.value for each in book.formulas() if each.sheet == "图表"}
        book.recalc()
        computed = {each.cell: each.value for each in book.formulas() if each.sheet == "图表"}
        assert len(stored) == (9 + 2) * 2 + 6 + 2
        assert {cell: rounded(value) for cell, value in computed.items()} == {
            cell: rounded(value) for cell, value in stored.items()
        }
        book.set({detail_cell("bought.paper", 0): 0, detail_cell("bought.sum", 0): 0})  # 5 books of 县图书馆
        book.recalc()
        assert book.rows("图表!F5:G8") == [[8, 0.571], [2, 0.143], [4, 0.286], [14, 1]]
        assert book.rows("图表!J5:J7") == [["购入（57.1%）"], ["受赠（14.3%）"], ["剔旧（28.6%）"]]
        assert book.rows("图表!F33:G35") == [[1, 2], [0, 8], [1, 1]]
        book.set({detail_cell(f"{row}.{column}", at): 0 for row in ROWS for column in COLUMNS for at in range(5)})
        book.recalc()
        assert book.rows("图表!F5:G8") == [[0, "—"], [0, "—"], [0, "—"], [0, "—"]]
        assert book.rows("图表!J5:J5") == [["购入（—）"]]


def rounded(value: object) -> object:
    return round(value, 9) if isinstance(value, float) else value


@pytest.mark.office
def test_shares_in_libreoffice_are_those_of_python(office: LibreOffice, tmp_path: Path) -> None:
    """Parts that are equal, that have equal remainders, that are large, that are fractions."""
    chance = random.Random(20260131)
    counts = [[1, 1, 1], [1, 3, 1996], [3, 1, 1996], [0, 0, 7], [2, 4, 0], [10**9, 10**9, 10**9 - 1], [5, 5, 11]]
    counts += [[chance.randrange(chance.choice([3, 40, 10**6])) for _ in range(3)] for _ in range(60)]
    money = [[Decimal(chance.randrange(1, 400)) / 100 for _ in range(3)] for _ in counts]
    path = tmp_path / "图表.xlsx"
    path.write_bytes(chart_book(summed({"馆": "bought.paper 1 budget.wan_yuan 1"})))
    with office.open(path) as book:
        fills: list[dict[str, Put]] = [
            {**dict(zip(("汇总表!W6", "汇总表!I7", "汇总表!W8"), whole, strict=True)),
             **dict(zip(("汇总表!I10", "汇总表!I11", "汇总表!I12"), fractions, strict=True))}
            for whole, fractions in zip(counts, money, strict=True)
        ]  # fmt: skip
        found = book.batch(fills, read=["图表!G5:G7", "图表!G19:G21"])
    for whole, fractions, (left, right) in zip(counts, money, found, strict=True):
        for parts, rows in (([Decimal(each) for each in whole], left), (fractions, right)):
            expected = [["—" if share is None else float(share / 100)] for share in shares(parts)]
            assert rows == expected, parts


@pytest.mark.office
@pytest.mark.long
def test_the_sheet_prints_one_page_wide(office: LibreOffice, tmp_path: Path) -> None:
    path = tmp_path / "图表.xlsx"
    most = FORM.replace("most = 3", "most = 15")
    data = chart_book(summed(many_libraries(60, "沁源县人民政府第{}图书馆"), most, earlier=EARLIER))
    path.write_bytes(data)
    assert len(render(path, tmp_path / "页")) == 1 + len(breaks(data)) == 3
