"""Whose report it is, of which year, signed when: what titles and signatures tell, and what they do not."""

from __future__ import annotations

import pytest

from toolkit.problems import Where
from toolkit.publish.document import Line, running
from toolkit.publish.identity import identify, signed

TITLE = "政府信息公开工作年度报告"


def lines(*texts: str) -> tuple[Line, ...]:
    return tuple(running(text, Where("a.txt", line=at)) for at, text in enumerate(texts, 1))


SHORT, LONG = "稷山县工科局", "稷山县工业和科技局"
SIGNED = ["交城县工信和科技局", "2026 年 1 月 6 日"]
# what stands above the first section; what stands at the end; agency, year, day
TOLD = [
    (["温县科学技术局 2025 年政府信息公开工作年度报告"], [], "温县科学技术局", 2025, None),
    ([f"{SHORT} 2022 年政府信息公开工作 年度报告"], [SHORT, "2023年1月18日"], SHORT, 2022, "2023-01-18"),
    (["温县科学技术局", "2025年度政府信息公开工作年度报告"], [], "温县科学技术局", 2025, None),
    (["温县科学技术局", "2025年", "政府信息公开工作年度报告"], [], "温县科学技术局", 2025, None),
    (["甲局", "甲局", "2024 年政府信息公开工作年度报告"], [], "甲局", 2024, None),
    (["首页 > 信息公开", "甲局2025年政府信息公开工作年度报告", "2026-01-20"], [], "甲局", 2025, None),
    (["温县科学技术局关于2025年度政府信息公开工作年度报告"], [], "温县科学技术局", 2025, None),
    (["温县科学技术局二〇二五年政府信息公开工作年度报告（草稿）"], [], "温县科学技术局", 2025, None),
    (["2025年政府信息公开工作年度报告"], SIGNED, "交城县工信和科技局", 2025, "2026-01-06"),
    ([], SIGNED, "交城县工信和科技局", 2025, "2026-01-06"),
    ([], ["交城县工信和科技局  2026年1月6日"], "交城县工信和科技局", 2025, "2026-01-06"),
    ([], ["交城县工信和科技局", "二○二六年一月十六日"], "交城县工信和科技局", 2025, "2026-01-16"),
    ([], ["交城县工信和科技局", "2025年12月30日"], "交城县工信和科技局", None, "2025-12-30"),
    ([], ["交城县工信和科技局", "　　年　月　日"], "交城县工信和科技局", None, None),
    (["2025"], [], "", 2025, None),
    (["2025 年"], [], "", 2025, None),
    (["桐川县人民政府办公室文件"], [], "", None, None),
    (["工作情况", "2025年1月1日至12月31日"], [], "", None, None),
    ([], ["以上情况截至2026年1月6日"], "", None, None),
    ([], ["特此报告。", "2026年2月30日"], "", None, None),
    # a long and a short form of one name: the title's counts
    ([f"{LONG}2022年政府信息公开工作年度报告"], [SHORT, "2023年1月18日"], LONG, 2022, "2023-01-18"),
]  # fmt: skip


@pytest.mark.parametrize(("front", "end", "agency", "year", "day"), TOLD)
def test_title_and_signature_tell_whose_report_it_is(
    front: list[str], end: list[str], agency: str, year: int | None, day: str | None
) -> None:
    told = identify(lines(*front), signed(lines("其他事项无。", *end)), TITLE)
    assert (told.agency, told.year, told.day and told.day.isoformat(), told.doubts) == (agency, year, day, ())


def test_two_names_that_cannot_be_one_are_told_and_neither_counts() -> None:
    signature = signed(lines("温县教育局", "2026年1月6日"))
    told = identify(lines("温县科学技术局2025年政府信息公开工作年度报告"), signature, TITLE)
    assert (told.agency, told.year) == ("", 2025)
    assert told.doubts == ("标题和落款里的单位名称不同（“温县科学技术局”、“温县教育局”），不能确定是哪一个。",)


def test_two_years_in_titles_are_told_and_neither_counts() -> None:
    front = lines("甲局2024年政府信息公开工作年度报告", "甲局2025年政府信息公开工作年度报告")
    told = identify(front, signed(lines("甲局", "2026年1月6日")), TITLE)
    assert (told.agency, told.year) == ("甲局", None)
    assert told.doubts == ("标题里的年度有 2024、2025 几种，不能确定是哪一年。",)


def test_what_follows_the_signature_is_no_part_of_the_report() -> None:
    signature = signed(lines("无其他事项。", "温县科学技术局", "2026年1月6日", "打印 关闭", "版权所有"))
    assert signature.before == 1
    assert [line.text for line in signature.behind] == ["打印 关闭", "版权所有"]
