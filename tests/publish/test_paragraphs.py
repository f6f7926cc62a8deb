"""Prose as it was written: lines that a page or a conversion broke are one paragraph again, and nothing else is."""

from __future__ import annotations

import pytest

from toolkit.problems import Where
from toolkit.publish.document import Line, running
from toolkit.publish.paragraphs import joined

LONG = "我局认真贯彻落实条例，以公正便民为基本要求，加强信息公开建设，规范公开内容，完善公开形式，突出公开重点，"  # 52


def lines(*texts: str, opens: bool | None = None) -> list[Line]:
    return [running(text, Where("a.txt", line=at), opens) for at, text in enumerate(texts, 1)]


# lines as they come, | where one ends; the paragraphs
JOINED = [
    (
        # broken at 20 characters, the first line two shorter for its indent
        "二〇二五年以来我局坚持以新时代思想为|指导，认真落实省市县政务公开方面的部署安|排，精准把握公开工作的职责定位与形势的要|求。|"
        "（一）主动公开。全年公开信息若干条，其中|政策文件若干件。",
        "二〇二五年以来我局坚持以新时代思想为指导，认真落实省市县政务公开方面的部署安排，精准把握公开工作的职责定位与形势的要求。|"
        "（一）主动公开。全年公开信息若干条，其中政策文件若干件。",
    ),
    # a long paragraph cut by the end of a page
    (
        f"{LONG}学习《中华人民共和国政|府信息公开条例》。|二是加强培训。",
        f"{LONG}学习《中华人民共和国政府信息公开条例》。|二是加强培训。",
    ),
    ("（一）提高认识，主动公开|政府信息公开工作意义重大。", "（一）提高认识，主动公开|政府信息公开工作意义重大。"),
    ("范围包括机构信息，|政策文件。", "范围包括机构信息，政策文件。"),
    ("1、个别信息公布不及时。|2、部分处室缺乏主动性。", "1、个别信息公布不及时。|2、部分处室缺乏主动性。"),
    (f"{LONG}依托 Open|Data 平台。", f"{LONG}依托 Open Data 平台。"),
]


@pytest.mark.parametrize(("broken", "whole"), JOINED)
def test_broken_lines_are_joined_where_a_page_broke_them(broken: str, whole: str) -> None:
    assert joined(lines(*broken.split("|"))) == whole.replace("|", "\n")


def test_no_lines_are_no_prose() -> None:
    assert joined([]) == ""


def test_where_the_file_tells_paragraphs_it_counts() -> None:
    told = [
        *lines("一段没有说完", opens=True),
        *lines("就接着说", opens=False),
        *lines(f"{LONG}另起", opens=True),
        *lines("一段", opens=True),
    ]
    assert joined(told) == f"一段没有说完就接着说\n{LONG}另起\n一段"
