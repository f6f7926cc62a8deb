"""What a person can do with the status page: in a browser, on a phone, on paper, and with a page that means harm."""

import base64
import os
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.print_page_options import PrintOptions
from selenium.webdriver.support.select import Select

from tests.browser import resize
from tests.browser import started_browser as started_browser  # the fixture
from tests.collection.county import BLANK, EAST, HOSPITAL, at, county, filing, issued, member, state_of
from toolkit.audit.submission import Agency
from toolkit.collection.page import status_page
from toolkit.collection.roster import UNGROUPED
from toolkit.collection.standing import Standing, State, Status, Stray
from toolkit.problems import Problem, Severity, Where

pytestmark = pytest.mark.long

NAMES = [
    "桐川县财政局", "桐川县教育体育局", "桐川县卫生健康局", "桐川县公安局", "桐川县档案馆", "东关街道办事处",
    "石桥镇人民政府", "柳林乡人民政府", "桐川县自来水公司", "桐川县人民医院", "桐川县燃气有限责任公司",
    "城北工业园区管理委员会（筹）",
]  # fmt: skip

SHOWN = """return [...document.querySelectorAll(".agencies tbody")].filter(body => body.checkVisibility())
    .map(body => body.querySelector("th b").textContent)"""
OPEN = "return [...document.querySelectorAll('details')].flatMap((each, at) => each.open ? [at] : [])"
OPEN_ALL = "for (const each of document.querySelectorAll('details')) each.open = true"
WIDTH = "return document.documentElement.scrollWidth"

Show = Callable[[State], Chrome]


@pytest.fixture
def show(browser: Chrome, tmp_path: Path) -> Show:
    """Opens a page on a desktop."""

    def shown(state: State) -> Chrome:
        (tmp_path / "page.html").write_bytes(status_page(state))
        resize(browser, 1280, 900)
        browser.get("about:blank")
        browser.get_log("browser")  # type: ignore[no-untyped-call]
        browser.get((tmp_path / "page.html").as_uri())
        return browser

    return shown


def by_id(browser: Chrome, name: str) -> Select:
    return Select(browser.find_element(By.ID, name))


def search(browser: Chrome, words: str) -> list[str]:
    """The agencies that are shown when these words are typed."""
    box = browser.find_element(By.ID, "words")
    box.clear()
    box.send_keys(words)
    return names(browser)


def names(browser: Chrome) -> list[str]:
    return list(browser.execute_script(SHOWN))


def count(browser: Chrome) -> str:
    return browser.find_element(By.ID, "count").text


def troubles(browser: Chrome) -> list[str]:
    """What the browser complains of: refused scripts, styles and loads, errors in scripts."""
    return [entry["message"] for entry in browser.get_log("browser")]  # type: ignore[no-untyped-call]


def printed(browser: Chrome, folder: Path) -> str:
    """The page on A4 paper, as text without spaces."""
    if shutil.which("pdftotext") is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("there is no pdftotext")
    paper = PrintOptions()
    paper.page_width, paper.page_height = 21.0, 29.7
    (folder / "page.pdf").write_bytes(base64.b64decode(browser.print_page(paper)))
    done = subprocess.run(["pdftotext", "-raw", folder / "page.pdf", "-"], capture_output=True, check=True)
    return "".join(unicodedata.normalize("NFKC", done.stdout.decode("utf-8")).split())


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_a_search_narrows_to_the_agencies_that_have_all_its_words(show: Show) -> None:
    browser = show(county())
    assert names(browser) == NAMES
    assert count(browser) == "显示 12 / 12 家"
    assert search(browser, "人民") == ["石桥镇人民政府", "柳林乡人民政府", "桐川县人民医院"]
    assert count(browser) == "显示 3 / 12 家"
    assert search(browser, "人民 乡") == ["石桥镇人民政府", "柳林乡人民政府"]
    assert search(browser, "11149900000000009W") == ["桐川县自来水公司"]
    assert search(browser, "00000009w") == ["桐川县自来水公司"]
    assert search(browser, "９Ｗ") == ["桐川县自来水公司"]
    assert search(browser, "派出") == ["城北工业园区管理委员会（筹）"]
    assert search(browser, "冯秀英") == ["柳林乡人民政府"]
    assert search(browser, "没有这一家") == []
    assert count(browser) == "显示 0 / 12 家"
    assert browser.find_element(By.ID, "none").text == "没有符合条件的单位。"
    assert search(browser, "教育") == ["桐川县教育体育局"]
    assert not browser.find_element(By.ID, "none").is_displayed()


def test_what_stands_in_the_details_is_not_searched(show: Show) -> None:
    assert search(show(county()), "电话核实") == []


def test_status_and_category_combine_with_the_search_and_can_be_cleared(show: Show) -> None:
    browser = show(county())
    by_id(browser, "status").select_by_visible_text("逾期")
    assert names(browser) == ["石桥镇人民政府", "柳林乡人民政府", "城北工业园区管理委员会（筹）"]
    by_id(browser, "category").select_by_visible_text("乡镇（街道）")
    assert names(browser) == ["石桥镇人民政府", "柳林乡人民政府"]
    assert search(browser, "柳林") == ["柳林乡人民政府"]
    assert count(browser) == "显示 1 / 12 家"
    browser.find_element(By.XPATH, "//button[.='清除']").click()
    assert names(browser) == NAMES
    assert count(browser) == "显示 12 / 12 家"
    assert [by_id(browser, name).first_selected_option.text for name in ("status", "category")] == [
        "全部状态", "全部类别",
    ]  # fmt: skip
    assert browser.find_element(By.ID, "words").get_property("value") == ""


def test_each_choice_of_the_filters_is_there(show: Show) -> None:
    browser = show(county())
    assert [option.text for option in by_id(browser, "status").options] == [
        "全部状态", "已报·通过", "已报·有提示", "退回", "未报", "逾期", "免报",
    ]  # fmt: skip
    assert [option.text for option in by_id(browser, "category").options] == [
        "全部类别", "县政府部门", "乡镇（街道）", "公共企事业单位", "派出机构",
    ]  # fmt: skip


def test_a_roster_without_categories_can_be_searched(show: Show) -> None:
    standings = [Standing(replace(each, category=UNGROUPED), Status.NOT_FILED) for each in (EAST, HOSPITAL)]
    browser = show(state_of(standings))
    assert search(browser, "医院") == ["桐川县人民医院"]
    assert troubles(browser) == []


def test_details_open_and_show_the_problems(show: Show) -> None:
    browser = show(county())
    message = browser.find_element(By.XPATH, "//*[contains(text(), '有 10 个空白格')]")
    assert not message.is_displayed()
    browser.find_element(By.XPATH, "//summary[contains(., '退回 2 次')]").click()
    assert message.is_displayed()
    assert message.text == "表二：有 10 个空白格（B5、C5、D5、B6、C6、D6 等），是 0 还是漏填不明。"
    assert browser.execute_script(OPEN) == [0]


def test_on_a_phone_nothing_is_wider_than_the_screen(show: Show) -> None:
    browser = show(wild())
    resize(browser, 390, 844, is_phone=True)
    browser.execute_script(OPEN_ALL)
    assert browser.execute_script(WIDTH) == 390
    browser = show(county())
    resize(browser, 390, 844, is_phone=True)
    browser.execute_script(OPEN_ALL)
    assert browser.execute_script(WIDTH) == 390
    assert search(browser, "财政") == ["桐川县财政局"]
    card = browser.find_element(By.CSS_SELECTOR, ".agencies tbody:not([hidden]) .main")
    assert card.text.split("\n") == [
        "桐川县财政局", "111499000000000014", "县政府部门", "×", "退回", "2026-01-20", "错误 2 提示 1",
        "赵文彬 0350-6021101",
    ]  # fmt: skip


def test_on_a_desktop_nothing_is_wider_than_the_window(show: Show) -> None:
    for state in (county(), wild()):
        browser = show(state)
        browser.execute_script(OPEN_ALL)
        assert browser.execute_script(WIDTH) <= 1280


def wild() -> State:
    """A collection in which every text means harm or has no end."""
    script = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">'
    long = "没有尽头的名称" * 30 + "NoSpaceInIt" * 20
    texts = [
        script,
        "=cmd|' /C calc'!A0",
        "👨‍👩‍👧 信访局 🏛️",
        long,
        "'\"><svg onload=window.hacked=1>",
        "{{ 7 * 7 }}{% if %}",
    ]
    problem = Problem(Where("a.xlsx"), "blank", Severity.ERROR, f"{script}\n{long}", f"{long}\n{script}")
    standings = []
    for number, text in enumerate(texts):
        who = member(text, "1114990000000000" + str(number), text, text, text, text)
        received = filing(number, text, at(20))
        found = Standing(who, Status.RETURNED, issued(who, text), received, history=(received,))
        standings.append(found)
    return state_of(standings, [Stray(filing(9, script + long, at(20)), (problem,), script)])


def test_names_that_mean_harm_are_only_shown(show: Show) -> None:
    browser = show(wild())
    assert browser.execute_script("return window.hacked === undefined")
    assert names(browser)[:3] == [
        '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">', "=cmd|' /C calc'!A0",
        "👨👩👧 信访局 🏛️",
    ]  # fmt: skip
    assert names(browser)[4:] == ["'\"><svg onload=window.hacked=1>", "{{ 7 * 7 }}{% if %}"]
    assert search(browser, "onload=window") == ["'\"><svg onload=window.hacked=1>"]
    assert troubles(browser) == []


def test_the_page_loads_nothing_and_nothing_can_be_smuggled_in(show: Show) -> None:
    browser = show(county())
    search(browser, "财政")
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert troubles(browser) == []
    refused = browser.execute_async_script("""
        const done = arguments[0], told = [];
        document.addEventListener("securitypolicyviolation", event => {
          told.push(event.effectiveDirective);
          if (told.length === 3) done(told.sort());
        });
        const script = document.createElement("script");
        script.textContent = "window.hacked = 1";
        const image = document.createElement("img");
        image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
        const style = document.createElement("style");
        style.textContent = "body { display: none }";
        document.body.append(script, image, style);
    """)
    assert refused == ["img-src", "script-src-elem", "style-src-elem"]
    assert browser.execute_script("return window.hacked === undefined")


def test_without_scripts_everything_is_there_but_the_controls(show: Show, browser: Chrome, tmp_path: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(county())
        shown = [each.text for each in browser.find_elements(By.CSS_SELECTOR, ".agencies th b")]
        controls = browser.find_element(By.ID, "controls").is_displayed()
        text = printed(browser, tmp_path)
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert shown == NAMES
    assert not controls
    assert squeezed(BLANK.message) in text


def test_on_paper_stand_all_agencies_and_problems_and_no_controls(show: Show, tmp_path: Path) -> None:
    browser = show(county())
    browser.find_element(By.XPATH, "//summary[contains(., '退回 2 次')]").click()
    text = printed(browser, tmp_path)
    assert [name for name in NAMES if squeezed(name) not in text] == []
    messages = [
        "表三 D8：新收 3 + 结转 0 = 3，应等于总计 2 + 结转下年 0 = 2，差 +1。",
        "表二：有 10 个空白格（B5、C5、D5、B6、C6、D6 等），是 0 还是漏填不明。",
        "表三 D8：本年 260 件，是上年 13 件的 20 倍。",
        "原认可理由：上年数有误，见说明。（王静，2026-01-14）",
        "这不是 Excel 工作簿，打不开。",
        "二〇二五年十月并入县委办公室，不再单独报告。",
    ]
    assert [message for message in messages if squeezed(message) not in text] == []
    controls = ["查找", "按状态筛选", "按类别筛选", "全部状态", "清除", "显示12"]
    assert [label for label in controls if label in text] == []
    assert browser.execute_script(OPEN) == [0]


def test_details_are_opened_for_printing_and_closed_again(show: Show) -> None:
    browser = show(county())
    browser.find_element(By.XPATH, "//summary[contains(., '退回 2 次')]").click()
    browser.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    assert browser.execute_script(OPEN) == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    browser.execute_script("window.dispatchEvent(new Event('afterprint'))")
    assert browser.execute_script(OPEN) == [0]


def test_on_paper_the_head_of_the_table_stands_on_each_page(show: Show, tmp_path: Path) -> None:
    text = printed(show(state_of(county().standings * 8)), tmp_path)
    assert text.count("待改问题") > 8
    assert text.count("已报/应报") == 1


def test_on_paper_a_narrowed_table_says_so(show: Show, tmp_path: Path) -> None:
    browser = show(county())
    search(browser, "财政")
    text = printed(browser, tmp_path)
    assert "显示1/12家" in text
    assert "桐川县公安局" not in text
    assert "查找" not in text


def test_every_head_cell_has_a_scope_and_every_input_a_label(show: Show) -> None:
    browser = show(county())
    assert browser.execute_script("return document.documentElement.lang") == "zh-CN"
    assert browser.execute_script("return [...document.querySelectorAll('th:not([scope])')].length") == 0
    assert browser.execute_script("return [...document.querySelectorAll('table')].map(t => t.caption.textContent)") == [
        "各类别报送进度", "各单位报送情况",
    ]  # fmt: skip
    labels = "return [...document.querySelectorAll('input, select')].map(each => each.labels[0].textContent)"
    assert browser.execute_script(labels) == ["查找", "按状态筛选", "按类别筛选"]
    assert browser.find_element(By.ID, "count").get_dom_attribute("aria-live") == "polite"


def test_three_thousand_agencies_can_be_searched(show: Show, capsys: pytest.CaptureFixture[str]) -> None:
    twelve = county().standings
    many = [
        replace(each, member=replace(each.member, agency=Agency(f"第{at:03d}组{each.member.agency.name}", f"{at}")))
        for at in range(250)
        for each in twelve
    ]
    browser = show(state_of(many))
    took = browser.execute_script("""
        const words = document.getElementById("words"), started = performance.now();
        words.value = "第007组 人民";
        words.dispatchEvent(new Event("input"));
        document.body.getBoundingClientRect();
        const narrowed = performance.now();
        document.getElementById("clear").click();
        document.body.getBoundingClientRect();
        const cleared = performance.now();
        words.value = "第007组 人民";
        words.dispatchEvent(new Event("input"));
        return [narrowed - started, cleared - narrowed];
    """)
    with capsys.disabled():
        print(f"\n3,000 agencies: narrowed in {took[0]:.0f} ms, all shown again in {took[1]:.0f} ms")
    assert names(browser) == ["第007组石桥镇人民政府", "第007组柳林乡人民政府", "第007组桐川县人民医院"]
    assert count(browser) == "显示 3 / 3000 家"
