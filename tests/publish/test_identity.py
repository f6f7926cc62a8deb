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
OWN, OWN_TITLE = "桐川县水利局", f"桐川县水利局2025年{TITLE}"
OWN_SIGNED = [OWN, "2026年1月6日"]
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
    ([OWN_TITLE], ["水利局", "2026年1月6日"], OWN, 2025, "2026-01-06"),
    # lines above the title are no part of the name, unless the signature says so
    (["首页", "信息公开", OWN_TITLE], [], OWN, 2025, None),
    (["首页", "信息公开", OWN_TITLE], OWN_SIGNED, OWN, 2025, "2026-01-06"),
    (["首页 信息公开 " + OWN_TITLE], OWN_SIGNED, OWN, 2025, "2026-01-06"),
    (["首页 信息公开 " + OWN_TITLE], [], "", 2025, None),
    (["桐川县人民政府", OWN_TITLE], [], OWN, 2025, None),
    (["草稿", "草稿", OWN_TITLE], [], OWN, 2025, None),
    (["信息公开", f"2025年{TITLE}"], [], "", 2025, None),
    (["信息公开", f"2025年{TITLE}"], OWN_SIGNED, OWN, 2025, "2026-01-06"),
    (["桐川县", "水利局", "2025年", "政府信息公开工作", "年度报告"], OWN_SIGNED, OWN, 2025, "2026-01-06"),
    (["信息公开桐川县水", f"利局2025年{TITLE}"], OWN_SIGNED, OWN, 2025, "2026-01-06"),
    (["桐川县人民政府", f"办公室2025年{TITLE}"], ["桐川县人民政府办公室", "2026年1月6日"],
     "桐川县人民政府办公室", 2025, "2026-01-06"),
    ([f"关于桐川县水利局2025年{TITLE}"], [], OWN, 2025, None),
    ([f"桐川县水利局关于报送2025年{TITLE}"], [], "", 2025, None),
    # the year before the name, or behind the title
    ([f"2025年度桐川县水利局{TITLE}"], OWN_SIGNED, OWN, 2025, "2026-01-06"),
    (["2025年度", OWN, TITLE], [], OWN, 2025, None),
    ([f"桐川县水利局{TITLE}（2025年）"], OWN_SIGNED, OWN, 2025, "2026-01-06"),
    ([f"桐川县水利局{TITLE}", "(2025年度)"], [], OWN, 2025, None),
    ([f"{TITLE}（2025年）"], [], "", 2025, None),
    # a title worded otherwise, where the signature agrees; a year of a date says nothing
    (["桐川县水利局2025年政府信息公开年度报告"], OWN_SIGNED, OWN, 2025, "2026-01-06"),
    (["发布日期：2026年1月20日"], OWN_SIGNED, OWN, 2025, "2026-01-06"),
    ([OWN_TITLE, "2023年政府信息公开年报"], OWN_SIGNED, OWN, 2025, "2026-01-06"),
    ([OWN_TITLE], [OWN, "2025年12月30日"], OWN, 2025, "2025-12-30"),
    # what stands below the signature is no other signature
    ([], [*OWN_SIGNED, "打印 关闭", "2026年3月1日"], OWN, 2025, "2026-01-06"),
    ([], [*OWN_SIGNED, "桐川县2023年年报", "2024-01-12", "桐川县林业局 2024年1月12日"], OWN, 2025, "2026-01-06"),
    ([], [OWN, "年 月 日", "发布时间 2026-01-20"], OWN, None, None),
    ([], ["2026年1月6日", "打印 关闭"], "", 2025, "2026-01-06"),
    ([], ["2026-01-20"], "", None, None),
    ([], ["特此报告", "2026年1月6日"], "", 2025, "2026-01-06"),
    # digits and letters in names, and the ways to write a date
    ([f"桐川县第3中学2025年{TITLE}"], ["桐川县第3中学", "2026.1.12"], "桐川县第3中学", 2025, "2026-01-12"),
    ([f"某县5G办2025年{TITLE}"], ["某县5G办", "2026-01-12"], "某县5G办", 2025, "2026-01-12"),
    (["2025年", f"桐川县第3中学2025年{TITLE}"], [], "桐川县第3中学", 2025, None),
    ([], [OWN, "2026/1/12"], OWN, 2025, "2026-01-12"),
    ([], ["桐川县水利局2026年1月12日"], OWN, 2025, "2026-01-12"),
    ([], ["桐川县第3中学2026.1.12"], "桐川县第3中学", 2025, "2026-01-12"),
    ([], ["桐川县水利局（盖章）", "2026年1月12日"], OWN, 2025, "2026-01-12"),
    ([], ["第1页", "2026年1月12日"], "", 2025, "2026-01-12"),
    ([], ["以上情况截至 2026年1月6日"], "", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("front", "end", "agency", "year", "day"), TOLD)
def test_title_and_signature_tell_whose_report_it_is(
    front: list[str], end: list[str], agency: str, year: int | None, day: str | None
) -> None:
    told = identify(lines(*front), signed(lines("其他事项无。", *end)), TITLE)
    assert (told.agency, told.year, told.day and told.day.isoformat(), told.doubts) == (agency, year, day, ())


MISFIT = "标题里的年度是 {0}，落款日期是 {1}，对不上，年度不能确定。"
SEVERAL = "标题里的年度有 {0} 几种，不能确定是哪一年。"
LOOSE = "报告开头写到 {0} 年，不是规定写法的标题，落款日期也不能印证，年度不能确定。"
CUT = "标题里的单位名称“{0}”可能不全，上一行是“{1}”，不能确定是哪个单位。"
# what stands above the first section; what stands at the end; agency, year, day; what is doubted
DOUBTED = [
    ([f"2023年度桐川县水利局{TITLE}"], OWN_SIGNED, OWN, None, "2026-01-06", MISFIT.format(2023, "2026-01-06")),
    ([f"桐川县水利局{TITLE}（2023年）"], OWN_SIGNED, OWN, None, "2026-01-06", MISFIT.format(2023, "2026-01-06")),
    ([f"2023年度桐川县水利局{TITLE}（2025年）"], OWN_SIGNED, OWN, None, "2026-01-06", LOOSE.format("2023、2025")),
    (["桐川县水利局2023年政府信息公开工作报告"], OWN_SIGNED, OWN, None, "2026-01-06", LOOSE.format(2023)),
    (["桐川县水利局2023年政府信息公开年度报告"], OWN_SIGNED, OWN, None, "2026-01-06", LOOSE.format(2023)),
    (["桐川县水利局二〇二三年政府信息公开年报"], OWN_SIGNED, OWN, None, "2026-01-06", LOOSE.format(2023)),
    (["桐川县水利局2023年政府信息公开年度报告"], [], "", None, None, LOOSE.format(2023)),
    (["2023年", "2025年度政府信息公开报告"], OWN_SIGNED, OWN, None, "2026-01-06", MISFIT.format(2023, "2026-01-06")),
    (["2023年", "2025年度政府信息公开报告"], [], "", None, None, SEVERAL.format("2023、2025")),
    ([f"桐川县水利局2023年{TITLE}", "2025年度政府信息公开报告"], OWN_SIGNED, OWN, None, "2026-01-06",
     MISFIT.format(2023, "2026-01-06")),
    ([f"桐川县水利局2023年{TITLE}", "2025年度政府信息公开报告"], [], OWN, None, None, SEVERAL.format("2023、2025")),
    ([f"桐川县水利局2052年{TITLE}"], OWN_SIGNED, OWN, None, "2026-01-06", MISFIT.format(2052, "2026-01-06")),
    ([f"桐川县水利局2025年{TITLE}"], [OWN, "2025年1月6日"], OWN, None, "2025-01-06", MISFIT.format(2025, "2025-01-06")),
    ([], ["2026年1月6日", "2026年3月1日"], "", None, None,
     "报告末尾有几个不同的日期，上面都没有单位名称，不能确定哪一个是落款日期。"),
    (["温县科学", f"技术局2025年{TITLE}"], [], "", 2025, None, CUT.format("技术局", "温县科学")),
    (["桐川县", f"市场监督管理局2025年{TITLE}"], [], "", 2025, None, CUT.format("市场监督管理局", "桐川县")),
    (["桐川县人民政府", f"办公室2025年{TITLE}"], [], "", 2025, None, CUT.format("办公室", "桐川县人民政府")),
]  # fmt: skip


@pytest.mark.parametrize(("front", "end", "agency", "year", "day", "doubt"), DOUBTED)
def test_what_is_doubtful_is_not_told_but_said(
    front: list[str], end: list[str], agency: str, year: int | None, day: str | None, doubt: str
) -> None:
    told = identify(lines(*front), signed(lines("其他事项无。", *end)), TITLE)
    assert (told.agency, told.year, told.day and told.day.isoformat(), told.doubts) == (agency, year, day, (doubt,))


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


def test_dates_below_the_signature_are_behind_it() -> None:
    signature = signed(lines("无其他事项。", "温县科学技术局", "2026年1月6日", "相关报告", "2024年1月12日"))
    assert (signature.agency, signature.before) == ("温县科学技术局", 1)
    assert [line.text for line in signature.behind] == ["相关报告", "2024年1月12日"]
