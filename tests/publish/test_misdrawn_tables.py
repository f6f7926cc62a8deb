"""Tables that are drawn or cut wrongly: what stands in them is placed where it must be, or left out and told."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.official import official
from tests.publish.composed import COLUMNS, Box, Composed, Rows, composed, with_rows
from tests.publish.damage import DAMAGES
from tests.publish.test_damaged_reports import EACH_KIND, FIGURES, KINDS, left_out, read, reading_of, shown, wrong
from toolkit.publish.importing import Imported, import_file

Edit = Callable[[Rows], Rows]


def edited(table: str, edit: Edit) -> Composed:
    sound = composed(FIGURES)
    return with_rows(sound, table, edit([list(row) for row in sound.tables[table]]))


def at(rows: Rows, label: str) -> int:
    return next(number for number, row in enumerate(rows) if any(box.text == label for box in row))


def changed(label: str, **change: int) -> Edit:
    """The first cell of this label, spanning otherwise."""

    def edit(rows: Rows) -> Rows:
        row = rows[at(rows, label)]
        number = next(number for number, box in enumerate(row) if box.text == label)
        row[number] = replace(row[number], **change)  # type: ignore[arg-type]
        return rows

    return edit


SPANS = [
    ("requests", "法人或其他组织", {"across": 4}), ("requests", "法人或其他组织", {"down": 2}),
    ("requests", "申请人情况", {"down": 2}), ("requests", "申请人情况", {"across": 6}),
    ("requests", "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", {"down": 2}),
    *(("requests", label, {"across": span}) for label in ("商业企业", "科研机构", "社会公益组织", "法律服务机构")
      for span in (2, 31)),
    *(("disputes", label, {"down": 1}) for label in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")),
    ("disputes", "行政复议", {"across": 4}), ("disputes", "未经复议直接起诉", {"across": 6}),
]  # fmt: skip


@pytest.mark.parametrize(("table", "label", "change"), SPANS)
def test_a_header_that_is_not_drawn_as_a_rectangle_places_nothing_wrongly(
    table: str, label: str, change: dict[str, int]
) -> None:
    report = edited(table, changed(label, **change))
    reading = reading_of(read(report, "html"))
    assert wrong(report, reading) == []
    assert left_out(report, reading) != []


def row_edited(label: str, edit: Callable[[list[Box]], list[Box]]) -> Edit:
    def whole(rows: Rows) -> Rows:
        number = at(rows, label)
        return [*rows[:number], edit(rows[number]), *rows[number + 1 :]]

    return whole


def with_notes(note: str, *, gone: str = "") -> Edit:
    """A column 备注 behind the others; one row has lost its first figure's cell."""

    def edit(rows: Rows) -> Rows:
        rows = [[*rows[0], Box("备注", 1, 3)], *rows[1:3], *([*row, Box(note)] for row in rows[3:])]
        return [[box for box in row if not (gone and box.key == gone)] for row in rows]

    return edit


def one_row(first: str, second: str, *, blank: bool) -> Edit:
    """Two rows printed as one, the second's figures blank or below the first's."""

    def edit(rows: Rows) -> Rows:
        one, other = rows[at(rows, first)], rows[at(rows, second)]
        label = Box(f"{first}\n{second}")
        below = ["" if blank else f"\n{box.text}" for box in other[1:]]
        cells = [label, *(replace(box, text=f"{box.text}{more}") for box, more in zip(one[1:], below, strict=True))]
        merged = [row for row in rows if row is not other]
        merged[at(merged, first)] = cells
        grown = {"三、本年度办理结果": 21, "（三）不予公开": 7}
        return [[replace(box, down=grown.get(box.text, box.down)) for box in row] for row in merged]

    return edit


def without(label: str, *names: str) -> Edit:
    return row_edited(label, lambda row: [replace(box, text="") if box.key in names else box for box in row])


FIRST = "requests.granted.natural_person"
FORWARD = [f"requests.carried_forward.{column}" for column in COLUMNS[1:]]
CASES: dict[str, tuple[str, Edit]] = {
    "备注": ("requests", with_notes("无")),
    "备注 with figures, a cell gone": ("requests", with_notes("5", gone=FIRST)),
    "备注, a cell gone": ("requests", with_notes("无", gone=FIRST)),
    "two rows in one, the second blank": (
        "requests", one_row("2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", blank=True),
    ),
    "two rows in one": ("requests", one_row("2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", blank=False)),
    "其他 without its number": ("requests", row_edited("3.其他", lambda row: [replace(row[0], text="其他"), *row[1:]])),
    "总计 without its number": (
        "requests", row_edited("（七）总计", lambda row: [replace(row[0], text="总计"), *row[1:]]),
    ),
    "其他 without its number, the next row nearly blank": (
        "requests",
        lambda rows: row_edited("3.其他", lambda row: [replace(row[0], text="其他"), *row[1:]])(
            without("四、结转下年度继续办理", *FORWARD)(rows)
        ),
    ),
    "a number below a blank figure": (
        "proactive",
        lambda rows: [
            each for row in without("行政处罚", "proactive.admin_penalty.decisions")(rows)
            for each in ([row, [Box("2", 4)]] if row[0].text == "行政处罚" else [row])
        ],
    ),
    "a number before each label": (
        "requests", lambda rows: [*rows[:3], *([Box(str(number)), *row] for number, row in enumerate(rows[3:], 1))],
    ),
    "a misprint in the header and a cell gone": (
        "proactive",
        lambda rows: [
            [replace(box, text="现行冇效件数") if box.text == "现行有效件数" else box for box in row
             if box.key != "proactive.gov_rules.issued"]
            for row in rows
        ],
    ),
    "a figure of two pieces": (
        "disputes", lambda rows: [*rows[:3], [replace(rows[3][0], text="25 5"), *rows[3][1:]]],
    ),
    "a note with a number": ("disputes", lambda rows: [*rows, [Box("注：其中 3 件系跨年", 15)]]),
}  # fmt: skip
WHOLE = {"其他 without its number", "总计 without its number"}


@pytest.mark.parametrize("kind", EACH_KIND)
@pytest.mark.parametrize("name", CASES)
def test_a_table_drawn_wrongly_is_right_or_told(name: str, kind: str) -> None:
    report = edited(*CASES[name])
    reading = reading_of(read(report, kind))
    texts = {box.key for rows in report.tables.values() for row in rows for box in row if "\n" in box.text}
    assert [each for each in wrong(report, reading) if each.partition(":")[0] not in texts] == []
    told = {problem.code for problem in reading.problems} & {"unplaced", "not-a-number"}
    assert bool(told) is not (name in WHOLE)
    if name in WHOLE or (name == "备注" and kind in ("html", "docx")):
        assert left_out(report, reading) == []


def test_a_header_with_a_misprint_is_of_no_use_to_a_table_that_goes_on_without_it() -> None:
    report = edited(
        "requests", row_edited("商业企业", lambda row: [row[0], replace(row[1], text="科研机沟"), *row[2:]])
    )
    first, second = report.tables["requests"][:3], report.tables["requests"][3:]
    blank = row_edited("2.重复申请", lambda row: [*row[:-1], replace(row[-1], text="")])(second)
    parts = KINDS["html"](with_rows(report, "requests", [*first, *blank])).decode()
    cut = parts.index('<tr><td colspan="3" rowspan="1">一、本年新收')
    reading = reading_of(imported(f"{parts[:cut]}</table><table>{parts[cut:]}".encode(), "a.html"))
    assert {shown(reading, name) for name in FIGURES if name.startswith("requests.")} == {None}


def imported(data: bytes, file: str) -> Imported:
    found = import_file(data, file, {official().book.form.code: official()})
    assert isinstance(found, Imported)
    return found


@pytest.mark.parametrize("row", ["2.重复申请\t" + "1\t" * 100_000, "2.重复申请 " + "1 " * 100_000])
def test_a_line_without_end_is_told_and_costs_no_more_than_its_length(row: str) -> None:
    text = KINDS["tabs"](composed(FIGURES)).decode().replace("二、上年结转", f"{row}\n二、上年结转")
    reading = reading_of(imported(text.encode(), "a.txt"))
    assert {name: shown(reading, name) for name in FIGURES} == FIGURES
    (problem,) = (each for each in reading.problems if each.code == "unplaced")
    assert "这一行的内容太多，没有读入" in problem.message


def test_a_row_is_told_whose_figures_stand_where_no_label_is() -> None:
    def parted(rows: Rows) -> Rows:
        label, *figures = rows[3]
        return [*rows[:3], [Box("", 3), *figures], [label, *(Box("") for _ in figures)], *rows[4:]]

    report = edited("requests", parted)
    reading = reading_of(read(report, "html"))
    assert wrong(report, reading) == []
    assert [problem.message for problem in reading.problems if problem.code in ("unplaced", "not-printed")] == [
        "“111 112 113 114 115 116 681”：前面没有行标签，没有填入。",
        "表三没有印，或没有认出“一、本年新收政府信息公开申请数量” 1 行，留作空白。",
    ]


def test_a_row_that_is_printed_twice_once_with_a_number_too_many_is_not_believed() -> None:
    def twice(rows: Rows) -> Rows:
        label, *figures = rows[-1]
        return [*rows, [label, *(replace(box, key="") for box in figures), Box("7")]]

    def turned(rows: Rows) -> Rows:
        return [*twice(rows)[:-2], *reversed(twice(rows)[-2:])]

    for edit in (twice, turned):
        report = edited("requests", edit)
        reading = reading_of(read(report, "html"))
        assert {shown(reading, f"requests.carried_forward.{column}") for column in COLUMNS} == {None}
        assert wrong(report, reading) == []


def test_columns_that_overlap_are_no_header_even_where_no_group_is_printed() -> None:
    def bare(rows: Rows) -> Rows:
        groups = ("申请人情况", "法人或其他组织")
        return changed("自然人", down=1)([
            [replace(box, text="") if box.text in groups else box for box in row] for row in rows
        ])  # fmt: skip

    reading = reading_of(read(report := edited("requests", bare), "html"))
    assert wrong(report, reading) == []
    assert {shown(reading, name) for name in FIGURES if name.startswith("requests.")} == {None}


def test_columns_in_another_order_are_told_by_their_labels_where_the_body_is_a_table_of_its_own() -> None:
    report = DAMAGES["swapped_columns"](composed(FIGURES), random.Random(0))
    page = KINDS["html"](report).decode()
    cut = page.index('<tr><td colspan="3" rowspan="1">一、本年新收')
    reading = reading_of(imported(f"{page[:cut]}</table><table>{page[cut:]}".encode(), "a.html"))
    assert {name: shown(reading, name) for name in FIGURES} == FIGURES


def test_of_very_many_rows_the_first_are_told_and_the_others_counted() -> None:
    text = (
        KINDS["tabs"](composed(FIGURES)).decode().replace("二、上年结转", "2.重复申请\t1\t2\n" * 300 + "二、上年结转")
    )
    problems = [each for each in reading_of(imported(text.encode(), "a.txt")).problems if each.code == "unplaced"]
    assert len(problems) == 201
    # 300 rows, and the seven figures of the one that is sound, which can no longer be believed; 200 are told
    assert problems[-1].message == "表三另有 107 处没有填入，不再一一列出。"
