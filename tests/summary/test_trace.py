"""Any figure of a summary, back to the agency's own workbook: its file, its hash, the cell, what stood in it."""

import hashlib
import io
import json
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.collection.making import code
from tests.command.test_commands import gouji
from tests.official import filled
from toolkit.audit.submission import Agency
from toolkit.workbook.template import Issue

ZERO = ("proactive", "requests", "disputes")
NEW, GRANTED = "requests.new_received.{}", "requests.granted.{}"


def workbook(folder: Path, name: str, number: int, written: dict[str, int | str]) -> Path:
    path = folder / f"{name}.xlsx"
    path.write_bytes(filled(written, ZERO, Issue(Agency(name, code(number)), 2025)))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county's summary of three agencies (one typed 「５件」) and the city's summary of that."""
    folder = tmp_path_factory.mktemp("追溯")
    both = {NEW.format("natural_person"): 3, GRANTED.format("natural_person"): 3}
    more = {NEW.format("other_org"): 5, GRANTED.format("other_org"): 5}
    (folder / "收").mkdir()
    workbook(folder / "收", "甲局", 1, {**both})
    alter(workbook(folder / "收", "乙局", 2, {**both, **more}), "５件")
    workbook(folder / "收", "丙局", 3, {})
    assert gouji(folder, "merge", "收", "-o", "甲县.xlsx", "--office", "甲县").code == 0
    assert gouji(folder, "merge", "甲县.xlsx", "-o", "丙市.xlsx", "--office", "丙市").code == 0
    return folder


def alter(path: Path, text: str) -> None:
    """Another program types a text."""
    book: Workbook = load_workbook(io.BytesIO(path.read_bytes()))
    sheet, place = book.defined_names[NEW.format("other_org")].attr_text.split("!")
    book[sheet][place.replace("$", "")] = text
    book.save(path)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_total_leads_to_the_typed_cells_of_the_agencies_behind_it(folder: Path) -> None:
    told = gouji(folder, "trace", "甲县.xlsx", NEW.format("total"))
    assert (told.code, told.err) == (0, "")
    first, second = (sha256(folder / "收" / f"{name}.xlsx") for name in ("甲局", "乙局"))
    assert told.out == (
        "表三 一、本年新收·总计（requests.new_received.total）：11，由 6 格合计\n"
        "收录 3 家，其中不为 0 的 2 家。\n"
        "\n"
        "单位  项目                  数  原件的格           原件内容  文件  SHA-256\n"
        f"乙局  一、本年新收·自然人   3  表三依申请公开 D8  「3」  收/乙局.xlsx  {second}\n"
        f"乙局  一、本年新收·其他     5  表三依申请公开 I8  「５件」  收/乙局.xlsx  {second}\n"
        f"甲局  一、本年新收·自然人   3  表三依申请公开 D8  「3」  收/甲局.xlsx  {first}\n"
    )


def test_json_tells_the_same_through_every_level_and_blanks_too(folder: Path) -> None:
    told = gouji(folder, "trace", "丙市.xlsx", NEW.format("other_org"), "--all", "--json")
    assert told.code == 0
    document = json.loads(told.out)
    assert (document["key"], document["value"]) == (NEW.format("other_org"), 5)
    assert document["contributions"] == [
        {
            "agency": {"name": name, "code": code(number)}, "key": NEW.format("other_org"), "value": value,
            "file": f"甲县.xlsx/收/{name}.xlsx", "sha256": sha256(folder / "收" / f"{name}.xlsx"),
            "sheet": "表三依申请公开", "cell": "I8", "raw": raw,
        }
        for name, number, value, raw in (("丙局", 3, 0, ""), ("乙局", 2, 5, "５件"), ("甲局", 1, 0, ""))
    ]  # fmt: skip


def test_one_agency_alone(folder: Path) -> None:
    for name in ("甲局", code(1)):
        told = gouji(folder, "trace", "甲县.xlsx", NEW.format("natural_person"), "--agency", name)
        assert "：3\n收录 1 家，其中不为 0 的 1 家。\n" in told.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("没有.xlsx", NEW.format("total")), "错误：找不到文件或文件夹“没有.xlsx”。\n请检查路径是否写对。\n"),
        (("收", NEW.format("total")), "错误：“收”不是一个工作簿。\n请写一个 .xlsx 文件。\n"),
        (
            ("收/甲局.xlsx", NEW.format("total")),
            "错误：“收/甲局.xlsx”不是汇总工作簿。\n请写 gouji merge 或 gouji summarize 生成的工作簿。\n",
        ),
        (
            ("甲县.xlsx", "requests.new_recieved.total"),
            "错误：报表里没有叫“requests.new_recieved.total”的单元格。\n是否想写 requests.new_received.total？\n",
        ),
        (
            ("甲县.xlsx", NEW.format("total"), "--agency", "丁局"),
            "错误：汇总里没有单位“丁局”。\n可用的有：丙局、乙局、甲局。\n",
        ),
    ],
)
def test_what_cannot_be_traced_is_said(words: tuple[str, ...], said: str, folder: Path) -> None:
    told = gouji(folder, "trace", *words)
    assert (told.code, told.out) == (2, "")
    assert told.err == said


def test_the_workbook_leads_there_in_two_steps(folder: Path) -> None:
    """From a total to its column in the detail, whose head names the cell; from the agency's line to its file."""
    book = load_workbook(folder / "甲县.xlsx")
    place = book.defined_names[NEW.format("other_org")].attr_text.split("!")[1].replace("$", "")
    column = str(book["汇总表"][place].hyperlink.location).removeprefix("明细!").rstrip("0123456789")
    assert book["明细"][f"{column}2"].value == "表三依申请公开 I8"
    lines = [row for row in range(6, 9) if book["明细"][f"{column}{row}"].value == 5]
    assert str(book["明细"][f"F{lines[0]}"].value).startswith('=HYPERLINK("#收录情况!A"&MATCH(TEXT($A')
    number = str(book["明细"][f"A{lines[0]}"].value)
    heads = [cell.value for cell in book["收录情况"][2]]
    target = [str(cell.value) for cell in book["收录情况"]["K"]].index(number) + 1
    told = dict(zip(heads, [cell.value for cell in book["收录情况"][target]], strict=True))
    assert (told["文件"], told["SHA-256"]) == ("收/乙局.xlsx", sha256(folder / "收" / "乙局.xlsx"))
    assert told["原文与数不同的格"] == "表三依申请公开 I8「５件」"
