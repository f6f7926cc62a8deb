"""A published report is read as it was printed, whichever kind of file it came in."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from selenium.webdriver import Chrome

from tests.browser import started_browser as started_browser  # the fixture
from tests.hostile.raw_zip import STORED, Member, build, of
from tests.intake.test_bad_files import compound_file
from tests.office import missing
from tests.publish.making import (
    STRICT,
    Row,
    altered,
    boxed,
    browser_pdf,
    converted,
    new_word,
    page_table,
    paragraph,
    pdf_pages,
    saved,
    shown,
    stream,
    table_lines,
    word_file,
    word_parts,
    word_table,
    written,
)
from toolkit.problems import Where
from toolkit.publish.document import Cell, Document, Line
from toolkit.publish.margins import block_of
from toolkit.publish.opening import REPORTS, read_document
from toolkit.publish.typeset import TypedLine, glyph_of, set_lines
from toolkit.workbook.package import Refused
from toolkit.workbook.sources import find_files


def read(data: bytes) -> list[str]:
    return shown(read_document(data, "甲.txt"))


def refusal(data: bytes) -> tuple[str, str, str]:
    with pytest.raises(Refused) as caught:
        read_document(data, "甲")
    return caught.value.code, caught.value.message, caught.value.hint


# --- text


def test_a_text_is_told_in_lines_and_pieces() -> None:
    text = "\r\n标题\n\n项目\t\t件数\r\n\t甲\t0\n"
    assert read_document(text.encode(), "甲.txt") == Document(
        file="甲.txt",
        sha256="9a6319fa163315c700e7ec16efbffb0bdb663ad9be807d3eaa9121cc9852c367",
        lines=(
            Line((Cell("标题", 0, 0),), Where("甲.txt", line=2)),
            Line((Cell("项目", 0, 0), Cell("", 1, 1), Cell("件数", 2, 2)), Where("甲.txt", line=4)),
            Line((Cell("", 0, 0), Cell("甲", 1, 1), Cell("0", 2, 2)), Where("甲.txt", line=5)),
        ),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_a_text_may_be_in_any_encoding_of_chinese(encoding: str) -> None:
    assert read("一、总体情况\n“三安全一稳定”\n".encode(encoding)) == ["第 1 行?一、总体情况", "第 2 行?“三安全一稳定”"]


def test_a_big_endian_text_is_read() -> None:
    assert read(b"\xfe\xff" + "甲".encode("utf-16-be")) == ["第 1 行?甲"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("甲\r乙\r\n丙\n丁", ["第 1 行?甲", "第 2 行?乙", "第 3 行?丙", "第 4 行?丁"]),
        ("甲\v乙\f丙\n丁", ["第 1 行?甲", "第 1 行?乙", "第 1 行?丙", "第 2 行?丁"]),
        ("甲\n\x0c乙\x1a", ["第 1 行?甲", "第 2 行?乙"]),
        ("\u3000\u3000甲\n  乙", ["第 1 行¶甲", "第 2 行?乙"]),
        ("甲\t\n", ["第 1 行?甲"]),
    ],
    ids=["ends of lines", "ends of pages", "old ends of files", "indents", "a tab behind"],
)
def test_lines_are_numbered_as_an_editor_does(text: str, lines: list[str]) -> None:
    assert read(text.encode()) == lines


# --- web pages


def test_a_page_shows_what_a_reader_sees() -> None:
    page = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>藏</title><style>p {}</style></head><body>
    <!-- 藏 --><script>document.write("藏")</script><noscript>藏</noscript><template>藏</template>
    <h1>标&nbsp;题</h1><p>第一段，
      接着写<b>不断</b>开<br>换行<span style="color:red; DISPLAY : none">藏</span></p><p hidden>藏</p>
    <ol><li>甲</li><li>乙 1 2</li></ol><div>外<div>内</div>后</div><p>&lt;&amp;&#x4e2d;</p><iframe>藏</iframe>"""
    assert read(page.encode()) == [
        "第 1 行¶标\xa0题",
        "第 2 行¶第一段，接着写不断开",
        "第 3 行¶换行",
        "第 4 行¶甲",
        "第 5 行¶乙 1 2",
        "第 6 行¶外",
        "第 7 行¶内",
        "第 8 行¶后",
        "第 9 行¶<&中",
    ]


@pytest.mark.parametrize(
    ("meta", "encoding"),
    [
        ('<meta charset="gb2312">', "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=GBK">', "gb18030"),
        ('<meta charset="utf-8">', "utf-8"),
        ("", "utf-8"),
        ("", "gb18030"),
        ('<meta charset="gb2312">', "utf-8-sig"),
        ('<meta charset="utf-8">', "gb18030"),
        ('<?xml version="1.0" encoding="gbk"?><!DOCTYPE html>', "gb18030"),
        ("", "utf-16"),
    ],
)  # fmt: skip
def test_a_page_is_decoded_by_what_it_says_or_else_by_what_it_is(meta: str, encoding: str) -> None:
    assert read(f"{meta}<html><p>“总体情况”".encode(encoding)) == ["第 1 行¶“总体情况”"]


def test_a_table_of_a_page_keeps_its_columns_and_rows() -> None:
    page = """<table><caption>表名</caption><tfoot><tr><td>计<td>9<td>9</tfoot>
      <tr><th rowspan="2">甲</th><th colspan="2">乙<br>方</th></tr><tr><td>1</td><td><p>2</p><p>3</p></td></tr>
      <tbody><tr><td rowspan="0">丙<td> <td>4<tr><td colspan="99">5</table><p>完"""
    assert read(page.encode()) == [
        "第 1 行¶表名",
        "第 1 个表格第 1 行 #1 '甲'[0]×2 '乙\\n方'[1-2]",
        "第 1 个表格第 2 行 #1 '1'[1] '2\\n3'[2]",
        "第 1 个表格第 3 行 #1 '丙'[0]×2 ''[1] '4'[2]",
        "第 1 个表格第 4 行 #1 '5'[1-2]",
        "第 1 个表格第 5 行 #1 '计'[0] '9'[1] '9'[2]",
        "第 2 行¶完",
    ]


def test_a_table_with_tables_in_it_is_only_layout() -> None:
    grid = "<table><tr><td>甲<td>0</table>"
    page = f"<table><tr><td><p>左栏</p><td><p>上</p>{grid}<p>下</p><table><tr><td>框<tr><td>里</table>{grid}</table>"
    assert read(page.encode()) == [
        "第 1 行¶左栏",
        "第 2 行¶上",
        "第 1 个表格第 1 行 #1 '甲'[0] '0'[1]",
        "第 3 行¶下",
        "第 4 行¶框",
        "第 5 行¶里",
        "第 2 个表格第 1 行 #2 '甲'[0] '0'[1]",
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("123<sup>1</sup>", "123[1]"),
        ("123<sub>1</sub>", "123[1]"),
        ("<sup>1</sup>123", "[1]123"),
        ("123<sup><a href='#fn1'>1</a></sup>", "123[1]"),
        ("123<sup> </sup>4<sup></sup>", "123 4"),
        ("123<span style='vertical-align: super'>1</span>", "123[1]"),
        ("123<a href='#fn1'>1</a>", "123[1]"),
        ("<a href='#fn1'>1</a>123", "[1]123"),
        ("<a href='#there'>123</a>", "123"),
        ("12<a href='there.html'>3</a>", "123"),
        ("<s>99</s>123", "123"),
        ("<del>99</del>123", "123"),
        ("<strike>9<b>9</b></strike>123", "123"),
        ("<span style='text-decoration: underline LINE-THROUGH'>99</span>123", "123"),
        ("<span style='text-decoration: underline'>123</span>", "123"),
        ("<span style='visibility:hidden'>9</span>123", "123"),
        ("<span style='visibility:hidden'>9<b style='visibility:visible'>123</b></span>", "123"),
        ("<span style='font-size:0'>9</span>123", "123"),
        ("<span style='font-size:0.0px'>9<b style='font-size:2em'>9</b><b style='font-size:9px'>123</b></span>", "123"),
        ("<span style='font-size:0.5em'>123</span>", "123"),
        ("<ruby>123<rp>(</rp><rt>99</rt><rp>)</rp></ruby>", "123"),
    ],
)  # fmt: skip
def test_no_figure_of_a_page_takes_up_what_stands_beside_it(cell: str, text: str) -> None:
    page = f"<table><tr><td>甲<td>{cell}<td>0</table>"
    assert read(page.encode()) == [f"第 1 个表格第 1 行 #1 '甲'[0] {text!r}[1] '0'[2]"]


@pytest.mark.parametrize("style", ["visibility:hidden", "font-size:0", "text-decoration:line-through"])
def test_a_cell_whose_text_is_not_seen_keeps_its_place(style: str) -> None:
    page = f"<table><tr><td>甲<td style='{style}'>9<td>0</table>"
    assert read(page.encode()) == ["第 1 个表格第 1 行 #1 '甲'[0] ''[1] '0'[2]"]


def test_text_set_with_tabs_in_a_page_is_told_in_pieces() -> None:
    assert read("<pre>甲\t0\t\t1\r\n  乙</pre>".encode()) == ["第 1 行 '甲'[0] '0'[1] ''[2] '1'[3]", "第 2 行¶乙"]


def test_a_row_without_text_is_left_out_and_reached_over_no_more() -> None:
    page = "<table><tr><td rowspan=3>甲<td>1<tr><td> <tr><td>3</table>"
    assert read(page.encode()) == ["第 1 个表格第 1 行 #1 '甲'[0]×2 '1'[1]", "第 1 个表格第 3 行 #1 '3'[1]"]


# --- Word files

W_BODY = {
    "a change that was tracked": (
        "<w:p><w:ins><w:r><w:t>增</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:moveFrom>"
        "<w:r><w:t>原处</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新处</w:t></w:r></w:moveTo></w:p>",
        ["第 1 行¶增新处"],
    ),
    "hidden text": (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>现</w:t>"
        "</w:r></w:p>",
        ["第 1 行¶现"],
    ),
    "a field": (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DATE \\@ yyyy</w:instrText></w:r><w:r>"
        "<w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>2026</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/>"
        "</w:r><w:fldSimple w:instr='PAGE'><w:r><w:t>年</w:t></w:r></w:fldSimple></w:p>",
        ["第 1 行¶2026年"],
    ),
    "a number that Word puts": (
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>",
        ["第 1 行¶甲"],
    ),
    "tabs and breaks": (
        "<w:p><w:r><w:tab/><w:t>项目</w:t><w:tab/><w:t>0</w:t><w:br/><w:t>甲</w:t><w:cr/><w:t>乙</w:t><w:noBreakHyphen/>"
        "<w:t xml:space='preserve'>丙\n丁</w:t></w:r></w:p><w:p><w:r><w:tab/><w:t>缩进</w:t></w:r></w:p>",
        ["第 1 行 ''[0] '项目'[1] '0'[2]", "第 2 行¶甲", "第 3 行¶乙-丙 丁", "第 4 行¶缩进"],
    ),
    "a text box": (
        "<w:p><w:r><w:t>段</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
        f"{paragraph('框')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
        f"{paragraph('框')}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        ["第 1 行¶段", "第 2 行¶框"],
    ),
    "a text box of old": (
        f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{paragraph('框')}</w:txbxContent></v:textbox></w:pict></w:r></w:p>",
        ["第 1 行¶框"],
    ),
    "content controls": (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('甲')}</w:sdtContent></w:sdt><w:p><w:sdt><w:sdtContent><w:r><w:t>乙</w:t>"
        "</w:r></w:sdtContent></w:sdt><w:hyperlink><w:r><w:t>丙</w:t></w:r></w:hyperlink><w:sdt><w:sdtPr><w:showingPlcHdr/>"
        "</w:sdtPr><w:sdtContent><w:r><w:t>单击此处输入</w:t></w:r></w:sdtContent></w:sdt></w:p>",
        ["第 1 行¶甲", "第 2 行¶乙丙"],
    ),
    "a row that was deleted": (
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr>"
        f"<w:tr><w:tc>{paragraph('甲')}</w:tc><w:tc>{paragraph('0')}</w:tc></w:tr></w:tbl>",
        ["第 1 个表格第 1 行 #1 '甲'[0] '0'[1]"],
    ),
    "columns left free": (
        "<w:tbl><w:tr><w:trPr><w:gridBefore w:val='2'/><w:gridAfter w:val='1'/></w:trPr>"
        f"<w:tc>{paragraph('甲')}</w:tc></w:tr><w:tr><w:tc><w:tcPr><w:gridSpan w:val='3'/></w:tcPr>{paragraph('乙')}"
        f"</w:tc><w:tc>{paragraph('0')}</w:tc></w:tr></w:tbl>",
        ["第 1 个表格第 1 行 #1 '甲'[2]", "第 1 个表格第 2 行 #1 '乙'[0-2] '0'[3]"],
    ),
    "cells merged the old way": (
        f"<w:tbl><w:tr><w:tc><w:tcPr><w:hMerge w:val='restart'/></w:tcPr>{paragraph('甲')}</w:tc><w:tc><w:tcPr>"
        f"<w:hMerge/></w:tcPr>{paragraph('藏')}</w:tc><w:tc>{paragraph('0')}</w:tc></w:tr></w:tbl>",
        ["第 1 个表格第 1 行 #1 '甲'[0-1] '0'[2]"],
    ),
    "a table in a table": (
        f"<w:tbl><w:tr><w:tc>{paragraph('左')}</w:tc><w:tc><w:tbl><w:tr><w:tc>{paragraph('甲')}</w:tc><w:tc>{paragraph('0')}"
        "</w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>",
        ["第 1 行¶左", "第 1 个表格第 1 行 #1 '甲'[0] '0'[1]"],
    ),
    "a frame round prose": (
        f"<w:tbl><w:tr><w:tc>{paragraph('甲')}{paragraph('乙')}</w:tc></w:tr></w:tbl>",
        ["第 1 行¶甲", "第 2 行¶乙"],
    ),
}


@pytest.mark.parametrize(("body", "lines"), list(W_BODY.values()), ids=list(W_BODY))
def test_a_word_file_reads_as_it_looks(body: str, lines: list[str]) -> None:
    assert read(word_file(body)) == lines


def run(properties: str, inside: str) -> str:
    """The XML of a run."""
    return f"<w:r><w:rPr>{properties}</w:rPr>{inside}</w:r>"


DIGITS = run("", "<w:t>123</w:t>")


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (DIGITS + run("<w:vertAlign w:val='superscript'/>", "<w:t>1</w:t>"), "123[1]"),
        (DIGITS + run("<w:vertAlign w:val='subscript'/>", "<w:t>1</w:t>") * 2, "123[11]"),
        (DIGITS + run("<w:vertAlign w:val='baseline'/>", "<w:t>4</w:t>"), "1234"),
        (DIGITS + run("", "<w:footnoteReference w:id='2'/>"), "123[注]"),
        (DIGITS + run("<w:vertAlign w:val='superscript'/>", "<w:endnoteReference w:id='2'/>"), "123[注]"),
        (DIGITS + run("", "<w:footnoteReference w:customMarkFollows='1' w:id='2'/><w:t>1</w:t>"), "123[1]"),
        (run("<w:strike/>", "<w:t>99</w:t>") + DIGITS, "123"),
        (run("<w:dstrike w:val='true'/>", "<w:t>99</w:t>") + DIGITS, "123"),
        (run("<w:strike w:val='0'/>", "<w:t>99</w:t>") + DIGITS, "99123"),
        (run("", "<w:sym w:font='Wingdings' w:char='F031'/>") + DIGITS, "\ufffd123"),
    ],
)  # fmt: skip
def test_no_figure_of_a_word_file_takes_up_what_stands_beside_it(runs: str, text: str) -> None:
    assert read(word_file(f"<w:p>{runs}</w:p>")) == [f"第 1 行¶{text}"]


def test_a_word_file_of_the_strict_kind_is_read() -> None:
    body = f"{paragraph('甲')}<w:p><w:r><w:rPr><w:vanish w:val='true'/></w:rPr><w:t>藏</w:t></w:r></w:p>"
    assert read(word_file(body, space=STRICT)) == ["第 1 行¶甲"]


def test_the_text_stands_in_the_part_that_the_file_names() -> None:
    assert read(word_file(paragraph("甲"), main="word/document2.xml")) == ["第 1 行¶甲"]


def test_a_word_file_with_macros_is_read_without_them() -> None:
    assert read(build(of({**word_parts(paragraph("甲")), "word/vbaProject.bin": b"x"}))) == ["第 1 行¶甲"]


# The third table of the form, as it is printed.
NO_MORE = "行政机关不再处理其政府信息公开申请"
FIGURES = ["0", "12", "", "3", "456789", "0", "10"]


def figures() -> list[tuple[str, int, int, int]]:
    return [(text, at, at, 1) for at, text in enumerate(FIGURES, 3)]


def labelled(*cells: tuple[str, int, int, int]) -> Row:
    return [*cells, *figures()]


REQUESTS: list[Row] = [
    [("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 0, 2, 3), ("申请人情况", 3, 9, 1)],
    [("自然人", 3, 3, 2), ("法人或其他组织", 4, 8, 1), ("总计", 9, 9, 2)],
    [
        ("商业企业", 4, 4, 1),
        ("科研机构", 5, 5, 1),
        ("社会公益组织", 6, 6, 1),
        ("法律服务机构", 7, 7, 1),
        ("其他", 8, 8, 1),
    ],
    labelled(("一、本年新收政府信息公开申请数量", 0, 2, 1)),
    labelled(("二、上年结转政府信息公开申请数量", 0, 2, 1)),
    labelled(("三、本年度办理结果", 0, 0, 22), ("（一）予以公开", 1, 2, 1)),
    labelled(("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 1, 2, 1)),
    labelled(("（三）不予公开", 1, 1, 8), ("1.属于国家秘密", 2, 2, 1)),
    labelled(("2.其他法律行政法规禁止公开", 2, 2, 1)),
    labelled(("3.危及“三安全一稳定”", 2, 2, 1)),
    labelled(("4.保护第三方合法权益", 2, 2, 1)),
    labelled(("5.属于三类内部事务信息", 2, 2, 1)),
    labelled(("6.属于四类过程性信息", 2, 2, 1)),
    labelled(("7.属于行政执法案卷", 2, 2, 1)),
    labelled(("8.属于行政查询事项", 2, 2, 1)),
    labelled(("（四）无法提供", 1, 1, 3), ("1.本机关不掌握相关政府信息", 2, 2, 1)),
    labelled(("2.没有现成信息需要另行制作", 2, 2, 1)),
    labelled(("3.补正后申请内容仍不明确", 2, 2, 1)),
    labelled(("（五）不予处理", 1, 1, 5), ("1.信访举报投诉类申请", 2, 2, 1)),
    labelled(("2.重复申请", 2, 2, 1)),
    labelled(("3.要求提供公开出版物", 2, 2, 1)),
    labelled(("4.无正当理由大量反复申请", 2, 2, 1)),
    labelled(("5.要求行政机关确认或重新出具已获取信息", 2, 2, 1)),
    labelled(("（六）其他处理", 1, 1, 3), (f"1.申请人无正当理由逾期不补正、{NO_MORE}", 2, 2, 1)),
    labelled((f"2.申请人逾期未按收费通知要求缴纳费用、{NO_MORE}", 2, 2, 1)),
    labelled(("3.其他", 2, 2, 1)),
    labelled(("（七）总计", 1, 2, 1)),
    labelled(("四、结转下年度继续办理", 0, 2, 1)),
]


def requests_file() -> bytes:
    """A Word file with a title, the third table in rows so high that it takes three pages, and a closing line."""
    document = new_word()
    document.add_paragraph("收到和处理情况")
    word_table(document, REQUESTS, 1.8, [1.2, 1.6, 4.1, *[1.3] * 7])
    document.add_paragraph("以上")
    return saved(document)


def test_the_third_table_of_a_word_file_comes_out_as_it_was_made() -> None:
    rows = table_lines(REQUESTS, "第 1 个表格", 1)
    assert read(requests_file()) == ["第 1 行¶收到和处理情况", *rows, "第 2 行¶以上"]


def test_the_third_table_of_a_page_comes_out_as_it_was_made() -> None:
    page = f"<h2>收到和处理情况</h2>{page_table(REQUESTS)}<p>以上"
    rows = table_lines(REQUESTS, "第 1 个表格", 1)
    assert read(page.encode()) == ["第 1 行¶收到和处理情况", *rows, "第 2 行¶以上"]


# --- PDFs


def test_lines_of_a_pdf_begin_a_paragraph_or_go_on() -> None:
    set_in, full = written("x" * 71, 95, 700), written("y" * 75, 71, 680)
    body = [
        written("A TITLE THAT IS TOO LONG FOR ITS", 71, 780, 24) + written("LINE", 265, 750, 24),
        set_in, full, written("z" * 30, 71, 660), written("A heading", 71, 640),
        written("x" * 71, 95, 620), written("k" * 71, 71, 600), written("unclear", 71, 580),
        written("v" * 75, 71, 560),
    ]  # fmt: skip
    more = written("z" * 75, 71, 700) + written("after  a   gap", 71, 680) + written("far", 400, 680)
    more += written("k" * 75, 71, 660) + written("set in", 95, 640)
    assert read(pdf_pages([b"".join(body), more])) == [
        "第 1 页第 1 行¶A TITLE THAT IS TOO LONG FOR ITS",
        "第 1 页第 2 行…LINE",
        f"第 1 页第 3 行¶{'x' * 71}",
        f"第 1 页第 4 行…{'y' * 75}",
        f"第 1 页第 5 行…{'z' * 30}",
        "第 1 页第 6 行¶A heading",
        f"第 1 页第 7 行¶{'x' * 71}",
        f"第 1 页第 8 行…{'k' * 71}",
        "第 1 页第 9 行?unclear",
        f"第 1 页第 10 行¶{'v' * 75}",
        f"第 2 页第 1 行…{'z' * 75}",
        "第 2 页第 2 行…after a gap far",
        f"第 2 页第 3 行¶{'k' * 75}",
        "第 2 页第 4 行¶set in",
    ]


def test_tables_tell_where_the_text_begins_on_pages_of_short_paragraphs() -> None:
    first, second = (TypedLine("x", 103, top, right, top + 16, 16) for top, right in ((100, 515), (128, 150)))
    tables = [(71.0, 200.0, 520.0), (71.2, 300.0, 520.1)]
    assert block_of([first, second], tables, 595).opens(second, first) is True
    assert block_of([first, second], [], 595).opens(second, first) is False


def test_page_furniture_is_left_out() -> None:
    pages = [
        written("DRAFT", 60, 815) + written(f"- {number} -", 290, 30) + written(f"Text {number}", 71, 400)
        + written("file:///a.html", 20, 10) + written(f"{number}/3", 560, 10) + b"q .7 .7 -.7 .7 200 300 cm "
        + written("SAMPLE", 0, 0, 60) + b"Q\n"
        for number in (1, 2, 3)
    ]  # fmt: skip
    assert read(pdf_pages(pages)) == ["第 1 页第 1 行¶Text 1", "第 2 页第 1 行¶Text 2", "第 3 页第 1 行¶Text 3"]


def test_a_line_in_other_type_begins_a_paragraph() -> None:
    lines = [written("W" * 19, 71, 760, 24), written("y" * 75, 71, 720), written("z" * 75, 71, 700)]
    assert read(pdf_pages([b"".join(lines)])) == [
        f"第 1 页第 1 行¶{'W' * 19}",
        f"第 1 页第 2 行¶{'y' * 75}",
        f"第 1 页第 3 行…{'z' * 75}",
    ]


def test_a_ground_of_another_colour_rules_nothing() -> None:
    ground = b".9 g 100 400 300 300 re f 0 g\n" + written("above", 110, 680) + written("below", 110, 420)
    table = boxed(100, 500, 250, 600) + boxed(250, 500, 400, 600) + written("A", 110, 550) + written("1", 260, 550)
    assert read(pdf_pages([ground + table])) == [
        "第 1 页第 1 行¶above",
        "第 1 页第 2 行 #1 'A'[0] '1'[1]",
        "第 1 页第 3 行¶below",
    ]


@pytest.mark.parametrize("number", ["1", "- 1 -", "1/5", "12"])
def test_a_page_number_is_left_out_where_page_numbers_stand(number: str) -> None:
    page = written("Text", 71, 700) + written(number, 290, 400) + written(number, 290, 30)
    assert read(pdf_pages([page])) == ["第 1 页第 1 行¶Text", f"第 1 页第 2 行¶{number}"]


def test_text_in_a_table_within_a_table_stands_in_the_inner_one() -> None:
    inner = boxed(220, 620, 300, 660) + boxed(300, 620, 380, 660) + written("1", 230, 640) + written("2", 310, 640)
    outer = boxed(100, 600, 200, 700) + boxed(200, 600, 400, 700) + written("A", 110, 650) + written("B", 210, 680)
    assert read(pdf_pages([outer + inner])) == ["第 1 页第 1 行 #1 'A'[0] 'B'[1]", "第 1 页第 2 行 #2 '1'[0] '2'[1]"]


@pytest.mark.parametrize(
    ("glyphs", "text"),
    [
        ([(0, "甲"), (10, "乙"), (22, "丙")], "甲乙丙"),
        ([(0, "甲"), (10, "乙"), (26, "丙")], "甲乙 丙"),
        ([(0, "甲"), (10, " "), (12, "乙")], "甲 乙"),
        ([(0, " "), (10, "甲"), (20, "\u3000")], "甲"),
        ([(10, "乙"), (0, "甲"), (0.4, "甲")], "甲乙"),
        ([(0, "⺠"), (10, "⼀"), (20, "Ⅳ"), (30, "ﬁ")], "民一Ⅳfi"),
        ([(0, "甲"), (10, "(cid:7)"), (20, "\ue005")], "甲\ufffd\ufffd"),
    ],
    ids=["close", "far", "a blank", "blanks around", "twice", "radicals", "nameless"],
)
def test_characters_make_a_line(glyphs: list[tuple[float, str]], text: str) -> None:
    assert [line.text for line in set_lines([glyph_of(left, 0, left + 10, 10, each) for left, each in glyphs])] == [
        text
    ]


@pytest.mark.parametrize(
    ("drawn", "cells"),
    [
        ([("12345", 214), ("7", 310)], ["12345", "7"]),
        ([("12345", 216.6), ("7", 250.7)], ["12345", "7"]),
        ([("12345", 230), ("7", 290)], ["123\ufffd", "45\ufffd 7"]),
        ([("12345", 223.3)], ["1234\ufffd", "5\ufffd"]),
        ([("12345", 230), ("67890", 251)], ["123\ufffd", "4657890\ufffd"]),
        ([("1,234.5", 230)], ["1,2\ufffd", "34.5\ufffd"]),
        ([("12345", 218.5), ("7", 310)], ["12345", "7"]),
        ([("12345", 333)], ["", "123\ufffd"]),
    ],
)  # fmt: skip
def test_digits_that_run_over_the_side_of_a_cell_are_no_figure(
    drawn: list[tuple[str, float]], cells: list[str]
) -> None:
    """A digit is 6.67 points wide."""
    boxes = b"".join(boxed(left, 500, right, 530) for left, right in ((100, 200), (200, 250), (250, 350)))
    told = b"".join(written(text, left, 510) for text, left in drawn)
    (row, *_) = [
        line for line in read_document(pdf_pages([boxes + written("A", 110, 510) + told]), "甲").lines if line.grid
    ]
    assert [cell.text for cell in row.cells] == ["A", *cells]


def test_a_ruled_table_keeps_its_columns_over_a_page_break() -> None:
    first = (
        boxed(100, 700, 200, 760) + boxed(200, 730, 400, 760) + boxed(200, 700, 300, 730) + boxed(300, 700, 400, 730)
        + boxed(100, 100, 300, 130) + boxed(300, 100, 400, 130) + boxed(100, 130, 300, 700) + boxed(300, 130, 400, 700)
        + written("A", 110, 720) + written("B", 210, 740) + written("1", 210, 710) + written("2", 310, 710)
        + written("cut", 110, 110) + written("7", 310, 110)
    )  # fmt: skip
    second = (
        boxed(100.5, 760, 200.5, 790) + boxed(200.5, 760, 400.5, 790) + written("off", 110, 770)
        + written("9", 250, 770) + written("below", 71, 700)
        + boxed(100, 500, 300, 600) + boxed(100, 480, 300, 500) + written("in a frame", 110, 550)
        + boxed(100, 400, 150, 430) + boxed(150, 400, 400, 430) + written("C", 110, 410)
    )  # fmt: skip
    assert read(pdf_pages([first, second])) == [
        "第 1 页第 1 行 #1 'A'[0]×2 'B'[1-2]",
        "第 1 页第 2 行 #1 '1'[1] '2'[2]",
        "第 1 页第 3 行 #1 'cut'[0-1] '7'[2]",
        "第 2 页第 1 行 #1 'off'[0] '9'[1-2]",
        "第 2 页第 2 行¶below",
        "第 2 页第 3 行¶in a frame",
        "第 2 页第 4 行 #2 'C'[0] ''[1]",
    ]


def test_what_is_printed_twice_to_look_bold_is_read_once() -> None:
    assert read(pdf_pages([written("Bold", 71, 700) + written("Bold", 71.4, 700)])) == ["第 1 页第 1 行¶Bold"]


@pytest.fixture(scope="module")
def making(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for LibreOffice to work in; where it is missing the test is skipped, but fails where CI is "true"."""
    if reason := missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return tmp_path_factory.mktemp("making")


def unbroken(data: bytes) -> list[str]:
    """The lines of a file, its cells without the line breaks that a printer chose."""
    return [line.replace("\\n", "") for line in read(data)]


def cut(rows: list[Row], reaching: dict[str, int]) -> list[Row]:
    """Rows at the end of a page, with labels that reach down fewer of them than in the whole table."""
    return [[(text, left, right, reaching.get(text, high)) for text, left, right, high in row] for row in rows]


@pytest.mark.office
@pytest.mark.long
def test_the_third_table_printed_by_libreoffice_comes_out_as_it_was_made(making: Path) -> None:
    first = cut(REQUESTS[:13], {"三、本年度办理结果": 8, "（三）不予公开": 6})
    second: list[Row] = [[("", 0, 0, 13), ("", 1, 1, 2), *REQUESTS[13]], *REQUESTS[14:26]]
    third: list[Row] = [[("", 0, 0, 1), *REQUESTS[26]], REQUESTS[27]]
    assert unbroken(converted(requests_file(), "docx", "pdf", making)) == [
        "第 1 页第 1 行¶收到和处理情况",
        *table_lines(first, "第 1 页", 1, first=2),
        *table_lines(second, "第 2 页", 1),
        *table_lines(third, "第 3 页", 1),
        "第 3 页第 3 行¶以上",
    ]


@pytest.mark.long
def test_the_third_table_printed_by_a_browser_comes_out_as_it_was_made(browser: Chrome, tmp_path: Path) -> None:
    """The row that a page break falls into is two, no line being drawn between them."""
    style = "@page{size:A4;margin:25mm} table{border-collapse:collapse;font-size:12px} td{border:1px solid;height:35px}"
    page = f'<meta charset="utf-8"><style>{style}</style><p>收到和处理情况</p>{page_table(REQUESTS)}<p>以上'
    (label, *place), *rest = REQUESTS[24]
    first = cut([*REQUESTS[:24], [(label[:-1], 2, 2, 1), *rest]], {"三、本年度办理结果": 20, "（六）其他处理": 2})
    none = [("", at, at, 1) for at in range(3, 10)]
    second: list[Row] = [[("", 0, 0, 3), ("", 1, 1, 2), (label[-1], 2, 2, 1), *none], *REQUESTS[25:]]
    assert (place, unbroken(browser_pdf(browser, page, tmp_path))) == (
        [2, 2, 1],
        [
            "第 1 页第 1 行¶收到和处理情况",
            *table_lines(first, "第 1 页", 1, first=2),
            *table_lines(second, "第 2 页", 1),
            "第 2 页第 5 行¶以上",
        ],
    )


@pytest.mark.office
@pytest.mark.long
@pytest.mark.parametrize("border", ["double", "dashed", "dotted", "thick", "triple", "thinThickSmallGap"])
def test_lines_of_any_kind_rule_a_table(making: Path, border: str) -> None:
    rows: list[Row] = [[("甲", 0, 0, 2), ("乙", 1, 3, 1)], [("1", 1, 1, 1), ("2", 2, 2, 1), ("3", 3, 3, 1)]]
    document = new_word()
    word_table(document, rows)
    made = altered(
        saved(document), "word/styles.xml", b'w:val="single" w:sz="4"', f'w:val="{border}" w:sz="12"'.encode()
    )
    assert read(converted(made, "docx", "pdf", making)) == table_lines(rows, "第 1 页", 1)


PROSE = [
    "二〇二五年工作报告",
    "一、总体情况",
    "2025 年，本单位按照部署要求，完善工作机制，规范公开内容，突出重点，增强透明度，水平得到有效提升。",
    "（一）主动公开",
    "主动公开信息 100 余条。" * 24,
    "抓好平台建设。",
    "某某局",
]


@pytest.mark.office
@pytest.mark.long
def test_prose_printed_by_libreoffice_falls_into_its_paragraphs(making: Path) -> None:
    document = new_word()
    for at, text in enumerate(PROSE * 4):
        line = document.add_paragraph()
        line.add_run(text).font.size = Pt(16 if at % 7 else 22)
        line.paragraph_format.line_spacing = Pt(28)
        line.paragraph_format.first_line_indent = Pt(32 if at % 7 else 0)
        line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if at % 7 else WD_ALIGN_PARAGRAPH.CENTER
    assert paragraphs(converted(saved(document), "docx", "pdf", making)) == [unspaced(text) for text in PROSE * 4]


@pytest.mark.long
def test_prose_printed_by_a_browser_falls_into_its_paragraphs(browser: Chrome, tmp_path: Path) -> None:
    """Chromium takes radicals for the characters that look the same; they are told as these."""
    told = [*PROSE, "长马门车见页风食民齿黑白黄门户自立飞龙"]
    style = "p{text-indent:2em;text-align:justify;line-height:1.8} h1{text-align:center}"
    body = "".join(f"<p>{text}" for text in told[1:] * 4)
    page = f'<meta charset="utf-8"><style>{style}</style><h1>{told[0]}</h1>{body}'
    assert paragraphs(browser_pdf(browser, page, tmp_path)) == [unspaced(text) for text in (told[0], *told[1:] * 4)]


def unspaced(text: str) -> str:
    return text.replace(" ", "")


def paragraphs(data: bytes) -> list[str]:
    """The paragraphs that the lines of a PDF make up, without blanks."""
    found: list[str] = []
    for line in read_document(data, "甲.pdf").lines:
        assert line.opens is not None, line
        if line.opens:
            found.append("")
        found[-1] += unspaced(line.text)
    return found


@pytest.mark.office
@pytest.mark.long
def test_a_word_file_that_libreoffice_made_of_a_page_says_the_same(making: Path) -> None:
    page = f'<meta charset="utf-8"><p>收到和处理情况</p>{page_table(REQUESTS)}<p>以上'
    assert read(converted(page.encode(), "html", "docx:MS Word 2007 XML", making)) == [
        "第 1 行¶收到和处理情况",
        *table_lines(REQUESTS, "第 1 个表格", 1),
        "第 2 行¶以上",
    ]


# --- what is none of these

WAYS = "请交来 .txt、.html、.docx 或文字版 .pdf。"
CHECK = "工作簿请用 gouji check 审核。"
RESAVE = "请用 Word 或 WPS 打开原文件，另存为 .docx 后再交来。"
BY_HAND = "请用 OCR 软件识别成文字并校对，或照着录入，或向单位要 Word 文件。"


def of_members(**members: bytes) -> bytes:
    """A zip of these members; __ is a folder's end, and _ a dot."""
    names = {name.replace("__", "/").replace("_", "."): content for name, content in members.items()}
    return build([Member(name.encode(), content, STORED) for name, content in names.items()])


def picture_in_word() -> bytes:
    parts = word_parts("<w:p><w:r><w:drawing/></w:r></w:p>")
    return build(of({**parts, "word/media/image1.png": b"\x89PNG"}))


def picture_in_pdf() -> bytes:
    image = stream(
        bytes(300), b"/Type/XObject/Subtype/Image/Width 10/Height 10/BitsPerComponent 8/ColorSpace/DeviceRGB"
    )
    return pdf_pages([b"q 500 0 0 700 50 50 cm /X Do Q"], {4: image})


def nameless() -> bytes:
    """A PDF whose font has pictures of characters and does not say of which."""
    font = {
        3: b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        6: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo"
        b"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 7 0 R>>",
        7: b"<</Type/FontDescriptor/FontName/A/Flags 4>>",
    }
    return pdf_pages([b"BT /F 12 Tf 71 700 Td <000100020003> Tj ET"], font)


OTHERS: dict[str, tuple[bytes, str, str, str]] = {
    "nothing": (b"", "not-a-report", "文件是空的（0 字节）。", "请重新取得原文件。"),
    "blanks": (b" \r\n\t", "not-a-report", "文件里没有文字。", "请检查是不是交错了文件。"),
    "noise": (bytes(range(256)), "not-a-report", "这是无法辨认的文件，或者文字编码认不出来。", WAYS),
    "a workbook": (
        of_members(_Content_Types___xml=b"", xl__workbook_xml=b""),
        "not-a-report",
        "这是工作簿，不能当作报告读取。",
        CHECK,
    ),
    "an .xls": (compound_file("Workbook"), "not-a-report", "这是工作簿（.xls 或 .et），不能当作报告读取。", CHECK),
    "an .ods": (
        of_members(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
        "not-a-report",
        "这是工作簿（.ods），不能当作报告读取。",
        CHECK,
    ),
    "an .odt": (
        of_members(mimetype=b"application/vnd.oasis.opendocument.text"),
        "old-format",
        "这是 OpenDocument（.odt）文档，读不出来。",
        RESAVE,
    ),
    "a .doc": (compound_file("WordDocument"), "old-format", "这是旧格式（.doc 或 .wps）文档，读不出来。", RESAVE),
    "an .rtf": (b"{\\rtf1 x}", "old-format", "这是 RTF 文档，读不出来。", RESAVE),
    "an .mht": (b"MIME-Version: 1.0\r\n\r\n<html>", "old-format", "这是网页归档（.mht），读不出来。", RESAVE),
    "Word's XML of old": (
        b"<?xml version='1.0'?><w:wordDocument/>",
        "old-format",
        "这是 Word 2003 的 XML 文档，读不出来。",
        RESAVE,
    ),
    "slides": (
        compound_file("PowerPoint Document"),
        "not-a-report",
        "这是 PowerPoint 演示文稿，不能当作报告读取。",
        WAYS,
    ),
    "an .ofd": (
        of_members(OFD_xml=b""),
        "not-a-report",
        "这是 OFD 版式文件，不能当作报告读取。",
        "请用 OFD 阅读器转换为文字版 .pdf 后再交来，或向单位要 Word 文件。",
    ),
    "a zip": (
        of_members(a_txt=b"x"),
        "not-a-report",
        "这是压缩包，不能当作报告读取。",
        "请先解压，再交来里面的报告；扩展名是 .zip 的压缩包可以直接交来。",
    ),
    "a .rar": (b"Rar!\x1a\x07", "not-a-report", "这是 RAR 压缩包，不能当作报告读取。", "请先解压，再交来里面的报告。"),
    "a picture": (b"\xff\xd8\xff\xe0", "not-a-report", "这是图片（JPEG），里面没有文字，不能当作报告读取。", BY_HAND),
    "an encrypted Word file": (
        compound_file("EncryptedPackage"),
        "encrypted",
        "文件设了打开密码，读不出来。",
        "请取消打开密码，另存一份再交来。",
    ),
    "a Word file of pictures": (
        picture_in_word(),
        "image-only",
        "这是扫描件（图片），里面没有文字，读不出数字。",
        BY_HAND,
    ),
    "a page of pictures": (
        b"<html><img src=a.png>",
        "image-only",
        "这是扫描件（图片），里面没有文字，读不出数字。",
        BY_HAND,
    ),
    "a page that a script writes": (
        b"<html><script>a()</script>",
        "not-a-report",
        "网页里没有文字。",
        "请用浏览器打开网页，等内容显示后把正文复制到 Word 里保存。",
    ),
    "a PDF of pictures": (picture_in_pdf(), "image-only", "这是扫描件（图片），里面没有文字，读不出数字。", BY_HAND),
    "a PDF whose font names nothing": (
        nameless(),
        "not-a-report",
        "PDF 里的字体没有带文字编码，看得见字，但读不出来。",
        "请向单位要 Word 文件，或用 OCR 软件识别成文字并校对。",
    ),
    "a PDF cut short": (
        b"%PDF-1.7\n1 0 obj",
        "damaged",
        "PDF 文件已损坏或没有传完，读不出来。",
        "请向单位要 Word 文件，或请单位重新发送原文件。",
    ),
}


@pytest.mark.parametrize(("data", "code", "message", "hint"), list(OTHERS.values()), ids=list(OTHERS))
def test_what_is_no_report_is_called_what_it_is(data: bytes, code: str, message: str, hint: str) -> None:
    assert refusal(data) == (code, message, hint)


def test_without_the_libraries_only_text_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("lxml", "lxml.etree", "pdfplumber"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in ("webpage", "wordfile"):
        monkeypatch.delitem(sys.modules, f"toolkit.publish.{name}", raising=False)
    missing = (
        "not-installed",
        "本机没有安装读取网页、Word 和 PDF 文件的部件。",
        "请运行 pip install 'gouji-toolkit[documents]'；纯文本（.txt）不需要安装。",
    )
    assert [refusal(data) for data in (b"<html><p>x", word_file(paragraph("x")), pdf_pages([]))] == [missing] * 3
    assert read("甲".encode()) == ["第 1 行?甲"]


def test_reports_are_found_as_workbooks_are_and_may_be_larger(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(bytes(9 * 2**20))
    with (tmp_path / "b.html").open("wb") as large:
        large.truncate(100 * 2**20)
    (tmp_path / "c").mkdir()
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("e.docx", word_file(paragraph("甲")))
    found = find_files([tmp_path / "a.pdf", tmp_path / "b.html", tmp_path / "c", tmp_path / "d.zip"], wanted=REPORTS)
    told = [
        (Path(file.name).name, len(file.data) > 0, file.problem and (file.problem.code, file.problem.message))
        for file in found
    ]
    assert told == [
        ("a.pdf", True, None),
        ("b.html", False, ("oversized", "文件超过 64 MB，不是正常的报告。")),
        ("c", False, ("nothing-found", f"文件夹“{tmp_path / 'c'}”里没有文件。")),
        ("e.docx", True, None),
    ]
