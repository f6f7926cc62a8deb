"""What `merge` and `summarize` put beside the sums when asked: last year, a published report, an office's wording."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.collection.making import code, completed, member
from tests.command.test_commands import gouji

pytestmark = pytest.mark.long

NEW, GRANTED = "requests.new_received.natural_person", "requests.granted.natural_person"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two agencies of 2025 and one of 2024, and their summary."""
    for year, name, count in ((2025, "甲", 3), (2025, "乙", 4), (2024, "甲", 1)):
        (tmp_path / str(year)).mkdir(exist_ok=True)
        who = member(name, 1 if name == "甲" else 2)
        data = completed(who, {NEW: count, GRANTED: count}, year=year)
        (tmp_path / str(year) / f"{name}.xlsx").write_bytes(data)
    assert gouji(tmp_path, "merge", "2025", "-o", "汇总.xlsx").code == 0
    return tmp_path


def published(folder: Path, value: int | str, name: str = NEW) -> str:
    """The summary as somebody published it, with one total typed over; the cell of that total."""
    book = load_workbook(folder / "汇总.xlsx", data_only=True)
    place = book.defined_names[name].attr_text.split("!")[1].replace("$", "")
    book["汇总表"][place] = value
    book.save(folder / "公布.xlsx")
    return str(place)


@pytest.mark.parametrize(
    ("name", "value", "exit_code", "told"),
    [
        (NEW, 7, 0, "共 200 格：相符 200 格，不符 0 格，读不出 0 格。"),
        (NEW, 4, 1, "共 200 格：相符 199 格，不符 1 格，读不出 0 格。"),
        (NEW, "约七件", 1, "共 200 格：相符 199 格，不符 0 格，读不出 1 格。"),
        ("disputes.review.upheld", "约七件", 1, "共 200 格：相符 199 格，不符 0 格，读不出 1 格。"),
    ],
)
def test_a_published_report_is_compared_and_what_differs_ends_with_1(
    name: str, value: int | str, exit_code: int, told: str, folder: Path
) -> None:
    published(folder, value, name)
    done = gouji(folder, "merge", "2025", "-o", "又.xlsx", "--against", "公布.xlsx")
    assert (done.code, done.err) == (exit_code, "")
    assert told in done.out.splitlines()
    sheet = load_workbook(folder / "又.xlsx", data_only=True)["与公布数核对"]
    gaps = [row[4:7] for row in sheet.iter_rows(values_only=True) if row[1:3] == ("一、本年新收", "自然人")]
    told_there = {(NEW, 4): [(4, 7, -3)], (NEW, "约七件"): [("读不出", 7, "—")]}
    assert [gap for gap in gaps if gap[2] is not None] == told_there.get((name, value), [])


def test_json_tells_what_differs_and_who_is_in_it(folder: Path) -> None:
    cell = published(folder, 4)
    document = gouji(folder, "merge", "2025", "-o", "又.xlsx", "--against", "公布.xlsx", "--json").document
    assert document["against"] == [
        {
            "key": NEW, "published": 4, "summed": 7, "sheet": "汇总表", "cell": cell,
            "contributors": [
                {"agency": {"name": name, "code": code(number)}, "file": f"2025/{name}.xlsx", "value": value}
                for name, number, value in (("乙", 2, 4), ("甲", 1, 3))
            ],
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("没有.xlsx", "错误：找不到文件或文件夹“没有.xlsx”。\n请检查路径是否写对。\n"),
        ("2025", "错误：“2025”不是一个工作簿。\n请写一个 .xlsx 文件。\n"),
    ],
)
def test_what_cannot_be_compared_with_is_refused_and_nothing_is_written(file: str, told: str, folder: Path) -> None:
    done = gouji(folder, "merge", "2025", "-o", "又.xlsx", "--against", file)
    assert (done.code, done.err) == (2, told)
    assert not (folder / "又.xlsx").exists()


def test_last_year_stands_beside_this_one_in_a_merge_and_in_a_collection(folder: Path) -> None:
    begun = ("init", "任务", "--year", "2025", "--office", "县政府办", "--due", "2027-01-31")
    (folder / "名册.csv").write_text(f"单位名称,统一社会信用代码\n甲,{code(1)}\n乙,{code(2)}\n", encoding="utf-8")
    assert gouji(folder, *begun, "--roster", "名册.csv").code == 0
    assert gouji(folder, "collect", "任务", "2025").code == 0
    for command, output in (
        (("merge", "2025", "-o", "又.xlsx"), "又.xlsx"),
        (("summarize", "任务"), "任务/summary/汇总-2025.xlsx"),
    ):
        (folder / "文字.txt").write_text(
            "{year} 年 {requests.new_received.total} 件，{change requests.new_received.total}"
        )
        assert gouji(folder, *command, "--prior", "2024", "--wording", "文字.txt").code == 0
        book = load_workbook(folder / output, data_only=True)
        line = next(row for row in book["同比"].iter_rows(values_only=True) if row[1:3] == ("一、本年新收", "总计"))
        assert line[3:8] == (7, 1, 6, 6, "增至五倍以上")
        assert "2025 年 7 件，增长 600.0%" in [row[0] for row in book["文字稿"].iter_rows(values_only=True)]
        assert "上年结转核对" in book.sheetnames
