"""The charts as pictures: a PNG and an SVG for each that has figures, the same bytes from the same summary."""

import hashlib
import io
import logging
import os
import re
import sys
import warnings
from xml.etree import ElementTree

import pytest
from matplotlib import font_manager
from PIL import Image

from tests.summary.charted import FORM, LIBRARIES, summed
from toolkit.summary import pictures
from toolkit.summary.merge import Summary
from toolkit.summary.pictures import PicturesUnavailable, picture_files

EARLIER = {2023: "bought.paper 4 lost.paper 1", 2024: "bought.digital 9"}
ONLY = FORM[: FORM.index('[[chart]]\nid = "ways"')]


def chart(title: str, *labels: str, by: str = "agency", cells: str = "books.bought.paper") -> str:
    """The form with one chart of so many bars."""
    bars = ", ".join(f'{{ label = "{label}", sum = "{cells}" }}' for label in labels)
    return f'{ONLY}[[chart]]\nid = "one"\ntitle = "{title}"\nby = "{by}"\nmost = 30\nbar = [{bars}]\n'


@pytest.fixture(scope="module", autouse=True)
def _a_chinese_font() -> None:
    try:
        list(picture_files(summed()))
    except PicturesUnavailable as missing:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(missing))


def texts(summary: Summary) -> list[list[str]]:
    """The texts of each SVG, in the order in which they were drawn; they are outlines, each with its text beside it."""
    found = [data.decode() for name, data in picture_files(summary) if name.endswith(".svg")]
    return [re.findall(r"<!-- (.*?) -->", svg, flags=re.DOTALL) for svg in found]


def test_each_chart_with_figures_is_a_png_and_an_svg() -> None:
    files = dict(picture_files(summed({"甲馆": "bought.paper 1"}, earlier=EARLIER)))
    titles = ("来去", "藏书变动最多的馆", "各年度来去")  # of 经费 there are no figures
    assert list(files) == [f"{title}.{kind}" for title in titles for kind in ("png", "svg")]
    for name, data in files.items():
        if name.endswith(".png"):
            with Image.open(io.BytesIO(data)) as image:
                assert (image.format, image.width, image.info.get("Software")) == ("PNG", 1500, None)
        else:
            root = ElementTree.fromstring(data)
            assert root.tag == "{http://www.w3.org/2000/svg}svg"
            assert b"<text" not in data
            assert b"date" not in data


def test_a_picture_says_whose_it_is_of_which_year_and_every_figure() -> None:
    assert [sorted(each) for each in texts(summed(earlier=EARLIER, unit="桐川县"))] == [
        sorted(each) for each in (
            ["桐川县", "2025 年来去", "购入", "受赠", "剔旧", "13（68.4%）", "2（10.5%）", "4（21.1%）"],
            ["桐川县", "2025 年经费", "预算", "支出", "欠付", "0.1（16.7%）", "0.2（33.3%）", "0.3（50.0%）"],
            ["桐川县", "2025 年藏书变动最多的馆", "1. 县图书馆", "2. 大学馆", "3. 社区馆", "6", "0", "1", "2", "8", "1",
             "纸质", "电子"],
            ["桐川县", "各年度来去（2023—2025 年）", "2023 年", "2024 年", "2025 年", "4", "9", "13", "1", "0", "4",
             "购入", "剔旧"],
        )
    ]  # fmt: skip


def test_bars_that_are_too_many_stand_on_each_other_with_their_sum() -> None:
    many = {f"第{at}馆": f"bought.paper {at + 1}" for at in range(15)}
    (found,) = texts(summed(many, chart("多", "甲", "乙", "丙")))
    numbers = [text for text in found if text.isdecimal()]
    assert numbers == [str(3 * each) for each in range(15, 0, -1)]


def test_names_are_drawn_as_they_are() -> None:
    names = [
        "=cmd|' /C calc'!A0",
        r"$\frac{1}{2}$馆",
        "$x$",
        "办😀公👨‍👩‍👧室",
        "长" * 200,
        "<b>局</b>&",
        "\u202e反\x07",
    ]
    summary = summed(
        [(name, "bought.paper 1") for name in names], chart(r"一$\\alpha$二", "_甲", r"$\\frac$"), unit="$^"
    )
    (found,) = texts(summary)
    escaped = [text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for text in found]
    assert sorted(text for text in escaped if text != "1") == sorted([
        "$^", "2025 年一$\\alpha$二", "_甲", r"$\frac$",
        "1. =cmd|' /C…lc'!A0", r"2. $\frac{1}{2}$馆", "3. $x$", "4. 办□公□□□室", "5. 长长长长长长长长长…长长长长长长",
        "6. <b>局</b>&", "7. 反",
    ])  # fmt: skip


def test_titles_that_make_the_same_file_name_are_numbered() -> None:
    text = chart("A/b", "甲") + chart("a:B", "甲").replace(ONLY, "").replace('"one"', '"two"')
    assert [name for name, _ in picture_files(summed(LIBRARIES, text))] == [
        "A_b.png", "A_b.svg", "a_B（2）.png", "a_B（2）.svg",
    ]  # fmt: skip


def test_the_same_summary_gives_the_same_bytes_and_leaves_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    level = logging.getLogger("matplotlib").level

    def hashes() -> list[str]:
        summary = summed({"😀馆": "bought.paper 1", "甲": "bought.digital 3"}, earlier=EARLIER)
        return [hashlib.sha256(data).hexdigest() for _, data in picture_files(summary)]

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert hashes() == hashes()
    assert (warned, caplog.records) == ([], [])
    assert logging.getLogger("matplotlib").level == level
    assert "matplotlib.pyplot" not in sys.modules


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(PicturesUnavailable) as raised:
        next(picture_files(summed()))
    assert str(raised.value) == ("这里没有安装 matplotlib，画不出图片。请运行：pip install 'gouji-toolkit[charts]'")


def test_without_a_chinese_font_it_says_so_and_draws_no_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    latin = [entry for entry in font_manager.fontManager.ttflist if entry.name == "DejaVu Sans"]
    assert latin
    monkeypatch.setattr(font_manager.fontManager, "ttflist", latin)
    with pytest.raises(PicturesUnavailable) as raised:
        next(picture_files(summed()))
    assert str(raised.value) == (
        "这台电脑上没有找到中文字体，画不出图片。请安装一种，例如 Noto Sans CJK SC（思源黑体）。"
    )


def test_any_font_with_chinese_letters_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    few = [entry for entry in font_manager.fontManager.ttflist if entry.name in ("DejaVu Sans", *pictures.FONTS)]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", few)
    monkeypatch.setattr(pictures, "FONTS", ())
    assert len(list(picture_files(summed()))) == 6
