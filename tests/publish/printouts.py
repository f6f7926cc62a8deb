"""The three tables as the official format prints them, and printed tables read back from the files they were drawn in.

A line is its cells: the text, over how many lines and how many columns it reaches. FIGURE stands for a number.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

FIGURE = "·"
Line = list[tuple[str, int, int]]


def figures(count: int, columns: int = 1) -> Line:
    return [(FIGURE, 1, columns)] * count


PROACTIVE: list[Line] = [
    [("第二十条第（一）项", 1, 4)],
    [("信息内容", 1, 1), ("本年制发件数", 1, 1), ("本年废止件数", 1, 1), ("现行有效件数", 1, 1)],
    [("规章", 1, 1), *figures(3)],
    [("行政规范性文件", 1, 1), *figures(3)],
    [("第二十条第（五）项", 1, 4)],
    [("信息内容", 1, 1), ("本年处理决定数量", 1, 3)],
    [("行政许可", 1, 1), *figures(1, 3)],
    [("第二十条第（六）项", 1, 4)],
    [("信息内容", 1, 1), ("本年处理决定数量", 1, 3)],
    [("行政处罚", 1, 1), *figures(1, 3)],
    [("行政强制", 1, 1), *figures(1, 3)],
    [("第二十条第（八）项", 1, 4)],
    [("信息内容", 1, 1), ("本年收费金额（单位：万元）", 1, 3)],
    [("行政事业性收费", 1, 1), *figures(1, 3)],
]
REQUESTS: list[Line] = [
    [("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3), ("申请人情况", 1, 7)],
    [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
    [("商业企业", 1, 1), ("科研机构", 1, 1), ("社会公益组织", 1, 1), ("法律服务机构", 1, 1), ("其他", 1, 1)],
    [("一、本年新收政府信息公开申请数量", 1, 3), *figures(7)],
    [("二、上年结转政府信息公开申请数量", 1, 3), *figures(7)],
    [("三、本年度办理结果", 22, 1), ("（一）予以公开", 1, 2), *figures(7)],
    [("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 1, 2), *figures(7)],
    [("（三）不予公开", 8, 1), ("1.属于国家秘密", 1, 1), *figures(7)],
    [("2.其他法律行政法规禁止公开", 1, 1), *figures(7)],
    [("3.危及“三安全一稳定”", 1, 1), *figures(7)],
    [("4.保护第三方合法权益", 1, 1), *figures(7)],
    [("5.属于三类内部事务信息", 1, 1), *figures(7)],
    [("6.属于四类过程性信息", 1, 1), *figures(7)],
    [("7.属于行政执法案卷", 1, 1), *figures(7)],
    [("8.属于行政查询事项", 1, 1), *figures(7)],
    [("（四）无法提供", 3, 1), ("1.本机关不掌握相关政府信息", 1, 1), *figures(7)],
    [("2.没有现成信息需要另行制作", 1, 1), *figures(7)],
    [("3.补正后申请内容仍不明确", 1, 1), *figures(7)],
    [("（五）不予处理", 5, 1), ("1.信访举报投诉类申请", 1, 1), *figures(7)],
    [("2.重复申请", 1, 1), *figures(7)],
    [("3.要求提供公开出版物", 1, 1), *figures(7)],
    [("4.无正当理由大量反复申请", 1, 1), *figures(7)],
    [("5.要求行政机关确认或重新出具已获取信息", 1, 1), *figures(7)],
    [
        ("（六）其他处理", 3, 1),
        ("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", 1, 1),
        *figures(7),
    ],
    [("2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", 1, 1), *figures(7)],
    [("3.其他", 1, 1), *figures(7)],
    [("（七）总计", 1, 2), *figures(7)],
    [("四、结转下年度继续办理", 1, 3), *figures(7)],
]
_OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
DISPUTES: list[Line] = [
    [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
    [*[(text, 2, 1) for text in _OUTCOMES], ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
    [(text, 1, 1) for text in _OUTCOMES * 2],
    figures(15),
]
OFFICIAL = [PROACTIVE, REQUESTS, DISPUTES]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Drawn:
    """A cell that was read back: where it begins, what it holds, how far it reaches, and its element."""

    top: int
    left: int
    rows: int
    columns: int
    text: str
    element: etree._Element


def lines_of(drawn: list[Drawn]) -> list[Line]:
    """A table read back, figures left out of account."""
    count = max(cell.top + cell.rows for cell in drawn)
    return [
        [
            (FIGURE if cell.text.replace(".", "").isdigit() else cell.text, cell.rows, cell.columns)
            for cell in drawn if cell.top == at
        ]
        for at in range(count)
    ]  # fmt: skip


def figures_of(drawn: list[Drawn]) -> list[str]:
    """The figures of a table, in reading order."""
    return [cell.text for cell in drawn if cell.text.replace(".", "").isdigit()]


def text_of(element: etree._Element) -> str:
    """All text of an element."""
    return "".join(map(str, element.itertext()))


def part(data: bytes, name: str = "word/document.xml") -> etree._Element:
    """One part of a Word document."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def word_tables(data: bytes) -> list[list[Drawn]]:
    """The tables of a Word document, merged cells joined again."""
    return [list(_word_table(table)) for table in part(data).iter(f"{_W}tbl")]


def _word_table(table: etree._Element) -> Iterator[Drawn]:
    grid: dict[tuple[int, int], tuple[etree._Element, int, bool]] = {}
    rows = table.findall(f"{_W}tr")
    for top, row in enumerate(rows):
        left = 0
        for cell in row.findall(f"{_W}tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            columns = 1 if span is None else int(span.get(f"{_W}val", ""))
            goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
            grid[top, left] = (cell, columns, goes_on)
            left += columns
        assert left == len(table.findall(f"{_W}tblGrid/{_W}gridCol"))
    for (top, left), (cell, columns, goes_on) in grid.items():
        if not goes_on:
            below = top + 1
            while grid.get((below, left), (None, 0, False))[1:] == (columns, True):
                below += 1
            yield Drawn(top, left, below - top, columns, text_of(cell), cell)


def web_tables(data: bytes) -> list[list[Drawn]]:
    """The tables of a page, each cell at the place that HTML gives it."""
    page = html.fromstring(data.decode("utf-8"))
    return [list(_web_table(table)) for table in page.iter("table")]


def _web_table(table: etree._Element) -> Iterator[Drawn]:
    taken: set[tuple[int, int]] = set()
    for top, row in enumerate(table.iter("tr")):
        left = 0
        for cell in row:
            while (top, left) in taken:
                left += 1
            rows, columns = int(cell.get("rowspan", "1")), int(cell.get("colspan", "1"))
            places = {(top + down, left + right) for down in range(rows) for right in range(columns)}
            assert not places & taken
            taken |= places
            yield Drawn(top, left, rows, columns, text_of(cell), cell)
