"""Where a report's sections begin: titles with and without numbers, wrapped, reworded, repeated, and what only looks
like one."""

from __future__ import annotations

import pytest

from tests.official import official
from toolkit.form.parts import title_of
from toolkit.problems import Where
from toolkit.publish.document import running
from toolkit.publish.sections import split

PROSE, TABLE2, TABLE3 = "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"
TABLE4, PROBLEMS, OTHER = (
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
ALL = [PROSE, "甲", TABLE2, "乙", TABLE3, "丙", TABLE4, "丁", PROBLEMS, "戊", OTHER, "己"]

# the lines of a report; the number of each section found, and its lines
CASES = [
    (ALL, "1甲 2乙 3丙 4丁 5戊 6己"),
    ([line.partition("、")[2] if "、" in line and len(line) > 3 else line for line in ALL], "1甲 2乙 3丙 4丁 5戊 6己"),
    ([*ALL[:6], "四、政府信息公开行政复议、", "行政诉讼情况", *ALL[7:]], "1甲 2乙 3丙 4丁 5戊 6己"),
    ([*ALL[:6], "四、因信息公开被申请复议情况", *ALL[7:]], "1甲 2乙 3丙 4丁 5戊 6己"),
    # text behind a title in its line
    (["一、总体情况。2025年工作", *ALL[1:10], "六、其他需要报告的事项：无"], "12025年工作+甲 2乙 3丙 4丁 5戊 6无"),
    # paragraphs of the prose that repeat the titles
    (
        [PROSE, "（一）总体情况", "甲", "（二）主动公开政府信息情况", "乙", *ALL[2:]],
        "1（一）总体情况+甲+（二）主动公开政府信息情况+乙 2乙 3丙 4丁 5戊 6己",
    ),
    ([*ALL[:9], "总体情况", "其他需要报告的事项", *ALL[9:]], "1甲 2乙 3丙 4丁 5总体情况+其他需要报告的事项+戊 6己"),
    ([*ALL[:9], "六、工作打算", *ALL[9:]], "1甲 2乙 3丙 4丁 5六、工作打算+戊 6己"),
    ([PROSE, "二、加强领导", "三、强化培训", *ALL[1:]], "1二、加强领导+三、强化培训+甲 2乙 3丙 4丁 5戊 6己"),
    # a row of the table, and a numbered paragraph of the prose, where the next title is worded otherwise or bare
    (
        [*ALL[:6], "四、结转下年度继续办理", "四、因信息公开被申请复议情况", *ALL[7:]],
        "1甲 2乙 3丙+四、结转下年度继续办理 4丁 5戊 6己",
    ),
    ([PROSE, "甲", "二、加强领导", "主动公开政府信息情况", *ALL[3:]], "1甲+二、加强领导 2乙 3丙 4丁 5戊 6己"),
    # a table of contents
    ([*ALL[::2], *ALL], "1 2 3 4 5 6 1甲 2乙 3丙 4丁 5戊 6己"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "found"), CASES)
def test_sections_begin_at_their_titles(texts: list[str], found: str) -> None:
    form = official().book.form
    lines = [running(text, Where("a.txt", line=at)) for at, text in enumerate(texts, 1)]
    numbers = {title: str(at) for at, title in enumerate((PROSE, TABLE2, TABLE3, TABLE4, PROBLEMS, OTHER), 1)}
    sections = split(lines, form).sections
    told = [numbers[title_of(each.part)] + "+".join(line.text for line in each.lines) for each in sections]
    assert told == found.split(" ")
