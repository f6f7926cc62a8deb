"""What the status page tells: the numbers, each agency, and the files that are nobody's."""

import re
import unicodedata
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.collection.county import EAST, EDUCATION, FINANCE, HOSPITAL, TOWNS, county, member, state_of
from tests.official import filled
from toolkit.audit.submission import Agency
from toolkit.collection.collecting import Collecting
from toolkit.collection.folder import Collection, create_collection, load_collection
from toolkit.collection.opening import reading, writing
from toolkit.collection.page import status_page
from toolkit.collection.roster import UNGROUPED, Roster
from toolkit.collection.standing import Standing, State, Status, survey
from toolkit.workbook.template import Issue


class Pieces(HTMLParser):
    """The texts of a page, those of each agency, and those of each section by the id of its heading."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.agencies: list[list[str]] = []
        self.head: list[str] = []
        self.sections: dict[str, list[str]] = {}
        self._into: list[list[str]] = []
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "header":
            self._into = [self.head]
        if tag == "section":
            self._into = [self.sections.setdefault(given["aria-labelledby"] or "", [])]
        if tag == "tbody" and "data-status" in given:
            self.agencies.append([])
            self._into = [self.agencies[-1]]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("header", "section", "table"):
            self._into = []

    def handle_data(self, data: str) -> None:
        if data.strip():
            for each in self._into:
                each.append(data.strip())


def of_agency(state: State, name: str) -> list[str]:
    """What the page tells of one agency, piece by piece."""
    return next(texts for texts in Pieces(status_page(state)).agencies if texts[0] == name)


def one(name: str, code: str = FINANCE.agency.code, contact: str = "") -> State:
    """A collection of one agency that has not filed."""
    return state_of([Standing(member(name, code, TOWNS, contact), Status.NOT_FILED)])


def test_the_head_tells_whose_collection_it_is_and_how_long_it_has() -> None:
    assert Pieces(status_page(county())).head == [
        "桐川县政务公开办公室", "2025 年度政府信息公开工作年度报告收集进度",
        "截止日期", "2026 年 1 月 31 日", "期限", "逾期 3 天", "统计日期", "2026 年 2 月 3 日",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("today", "told"),
    [(date(2026, 1, 26), "剩 5 天"), (date(2026, 1, 31), "今天截止"), (date(2026, 2, 1), "逾期 1 天")],
)
def test_the_days_are_those_of_the_day_of_the_state(today: date, told: str) -> None:
    assert Pieces(status_page(replace(county(), today=today))).head[5] == told


def test_the_progress_is_told_in_numbers_of_all_and_of_each_category() -> None:
    assert Pieces(status_page(county())).sections["progress"] == [
        "总体进度", "应报", "11", "家", "已报", "5", "家（45%）", "待报", "6", "家",
        "√", "4", "家", "已报·通过", "△", "1", "家", "已报·有提示", "×", "1", "家", "退回", "○", "2", "家", "未报",
        "!", "3", "家", "逾期", "－", "1", "家", "免报",
        "另有 1 份来件归不到单位，待处理，见", "归不到单位的文件", "。",
        "各类别报送进度",
        "类别", "应报", "已报·通过", "已报·有提示", "退回", "未报", "逾期", "免报", "已报/应报",
        "县政府部门", "4", "2", "1", "1", "0", "0", "1", "3/4　75%",
        "乡镇（街道）", "3", "1", "0", "0", "0", "2", "0", "1/3　33%",
        "公共企事业单位", "3", "1", "0", "0", "2", "0", "0", "1/3　33%",
        "派出机构", "1", "0", "0", "0", "0", "1", "0", "0/1　0%",
        "合计", "11", "4", "1", "1", "2", "3", "1", "5/11　45%",
    ]  # fmt: skip


def test_a_bar_is_as_long_as_the_agencies_expected() -> None:
    page = status_page(county()).decode("utf-8")
    bars = re.findall(r'viewBox="0 0 (\d+) 1"', page)
    assert bars == ["11", "4", "3", "3", "1", "11"]
    assert re.findall(r'<rect class="([\w-]+)" x="(\d+)" y="0" width="(\d+)"', page.partition("</svg>")[0]) == [
        ("passed", "0", "4"), ("warnings", "4", "1"), ("returned", "5", "1"), ("not-filed", "6", "2"),
        ("overdue", "8", "3"),
    ]  # fmt: skip


def test_where_all_of_a_category_are_exempt_there_is_no_percentage() -> None:
    exempt = Standing(replace(EAST, exempt="并入县委办公室"), Status.EXEMPT)
    assert Pieces(status_page(state_of([exempt]))).sections["progress"][-9:] == [
        "合计", "0", "0", "0", "0", "0", "0", "1", "0/0",
    ]  # fmt: skip


def test_a_roster_without_categories_shows_none() -> None:
    state = state_of([Standing(replace(HOSPITAL, category=UNGROUPED), Status.NOT_FILED)])
    page = status_page(state).decode("utf-8")
    assert "类别" not in re.sub("<style>.*?</style>", "", page, flags=re.DOTALL)
    assert of_agency(state, "桐川县人民医院") == [
        "桐川县人民医院", "111499000000000102", "○", "未报", "—", "—", "褚卫东", "0350-6021110",
    ]  # fmt: skip


def test_a_returned_agency_shows_its_problems_the_gravest_first_and_all_that_happened() -> None:
    assert of_agency(county(), "桐川县财政局") == [
        "桐川县财政局", "111499000000000014", "县政府部门", "×", "退回", "2026-01-20", "错误 2", "提示 1",
        "赵文彬", "0350-6021101", "问题 3 处 · 来件 2 份 · 退回 2 次",
        "问题",
        "【错误】", "表三 D8：新收 3 + 结转 0 = 3，应等于总计 2 + 结转下年 0 = 2，差 +1。",
        "怎样改：请核对该列的新收、结转和各项结果。",
        "【错误】", "表二：有 10 个空白格（B5、C5、D5、B6、C6、D6 等），是 0 还是漏填不明。",
        "怎样改：请逐格填写，没有的填 0。",
        "【提示】", "表二 D6：现行有效 41 件，与上年 38 件加本年 2 件相差 1 件。",
        "怎样改：请与上年报告核对；有原因的写在核对页。",
        "来件经过",
        "2026-01-12 09:00", "财政局年报.xlsx", "010101010101", "来时有错误",
        "2026-01-20 09:00", "财政局年报（改）.xlsx", "020202020202", "来时有错误", "现用",
        "退回",
        "2026-01-13 11:00", "001-县政府部门-桐川县财政局-2025-退回1.xlsx",
        "2026-01-21 11:00", "001-县政府部门-桐川县财政局-2025-退回2.xlsx",
        "下发",
        "2026-01-05 10:30", "001-县政府部门-桐川县财政局-2025.xlsx", "已填上年数",
    ]  # fmt: skip


def test_accepted_warnings_stand_with_who_accepted_them_and_why() -> None:
    assert of_agency(county(), "桐川县教育体育局") == [
        "桐川县教育体育局", "111499000000000027", "县政府部门", "√", "已报·通过", "2026-01-14", "无",
        "钱晓梅", "0350-6021102", "已认可 1 处 · 来件 1 份",
        "已认可的提示", "表二 D6：现行有效 41 件，与上年 38 件加本年 2 件相差 1 件。",
        "认可理由：清理文件，已电话核实。（王静，2026-01-15）",
        "来件经过", "2026-01-14 16:05", "教育局.xlsx", "030303030303", "来时有提示", "现用",
        "下发", "2026-01-05 10:30", "002-县政府部门-桐川县教育体育局-2025.xlsx", "已填上年数",
    ]  # fmt: skip


def test_lapsed_acceptances_and_files_of_another_year_are_told() -> None:
    assert of_agency(county(), "桐川县卫生健康局")[3:] == [
        "△", "已报·有提示", "2026-01-15", "提示 1", "孙立", "0350-6021103", "问题 2 处 · 认可失效 1 处 · 来件 2 份",
        "问题",
        "【提示】", "表三 D8：本年 260 件，是上年 13 件的 20 倍。", "怎样改：请核对是否多输了一个 0。",
        "【说明】", "封面的单位名称是“桐川县卫健委”，按代码认作名册里的“桐川县卫生健康局”。",
        "怎样改：不必处理；确已改名的，请改名册。",
        "数字已变，原认可失效", "表二 D6：现行有效 41 件，与上年 38 件加本年 2 件相差 1 件。",
        "原认可理由：上年数有误，见说明。（王静，2026-01-14）",
        "来件经过",
        "2026-01-13 09:00", "卫健局上年.xlsx", "040404040404", "来时有错误，2024 年度",
        "2026-01-15 09:00", "卫健局.xlsx", "050505050505", "来时有提示", "现用",
        "下发", "2026-01-05 10:30", "003-县政府部门-桐川县卫生健康局-2025.xlsx", "已填上年数",
    ]  # fmt: skip


def test_late_exempt_waiting_and_unissued_agencies_are_told_apart() -> None:
    told = {texts[0]: texts[2:] for texts in Pieces(status_page(county())).agencies}
    assert told["桐川县公安局"][:6] == ["县政府部门", "√", "已报·通过", "2026-02-02", "逾期报送", "无"]
    assert told["桐川县档案馆"] == [
        "县政府部门", "－", "免报", "—", "—", "—", "免报理由",
        "免报理由", "二〇二五年十月并入县委办公室，不再单独报告。",
    ]  # fmt: skip
    assert told["石桥镇人民政府"] == [
        "乡镇（街道）", "!", "逾期", "—", "—", "郑海涛", "13800000007", "已下发",
        "下发", "2026-01-05 10:30", "006-乡镇（街道）-石桥镇人民政府-2025.xlsx", "已填上年数",
    ]  # fmt: skip
    assert told["桐川县燃气有限责任公司"] == ["公共企事业单位", "○", "未报", "—", "—", "—"]


def test_the_whole_hash_of_a_file_can_be_read() -> None:
    assert f'title="SHA-256 {"02" * 32}">020202020202<' in status_page(county()).decode("utf-8")


def test_files_that_are_nobodys_are_listed_those_to_be_looked_at_first() -> None:
    assert Pieces(status_page(county())).sections["strays"] == [
        "归不到单位的文件", "共 2 份，待处理 1 份。",
        "微信图片/扫描件.xlsx", "2026-01-19 17:45", "收到", "0a0a0a0a0a0a",
        "【错误】", "这不是 Excel 工作簿，打不开。", "怎样改：请单位另存为 .xlsx 后重报。", "! 待处理",
        "县志办.xlsx", "2026-01-18 09:00", "收到", "090909090909",
        "【错误】", "“桐川县地方志办公室”（无代码）不在单位名册里。",
        "怎样改：请核对封面的单位名称和代码；确是应报单位的，请补入名册。",
        "√ 已处理：", "县志办不属本级填报范围，已转市里。",
    ]  # fmt: skip


def test_where_every_file_is_somebodys_nothing_is_said_of_strays() -> None:
    page = status_page(replace(county(), strays=()))
    assert "归不到单位" not in page.decode("utf-8")


def test_the_same_state_gives_the_same_bytes() -> None:
    assert status_page(county()) == status_page(county())


def test_characters_that_cannot_be_seen_are_left_out() -> None:
    state = one("甲\u202e乙\u200b丙\x07丁\ud800戊\u2066己")
    assert of_agency(state, "甲乙丙丁戊己")[0] == "甲乙丙丁戊己"
    assert {unicodedata.category(letter) for letter in status_page(state).decode("utf-8")} & {"Cf", "Cs"} == set()


def test_a_real_collection_has_its_page(tmp_path: Path) -> None:
    create_collection(
        tmp_path / "2025年报", "ogi-annual-report-2021", year=2025, office="桐川县政务公开办公室",
        due=date(2026, 1, 31), members=(FINANCE, EDUCATION),
    )  # fmt: skip
    collection, roster = load_collection(tmp_path / "2025年报"), Roster((FINANCE, EDUCATION))
    assert isinstance(collection, Collection)
    new, granted = "requests.new_received.natural_person", "requests.granted.natural_person"
    data = filled({new: 3, granted: 2}, issue=Issue(Agency("桐川县财政局", "111499000000000014"), 2025))
    (collection.place("inbox") / "财政局.xlsx").write_bytes(data)
    with writing(collection.ledger, collection.known) as ledger:
        ledger.begin(2025)
        taken = list(Collecting(collection, roster, ledger).take(collection.place("inbox") / "财政局.xlsx"))
    assert len(taken) == 1
    with reading(collection.ledger, collection.known) as ledger:
        state = survey(collection, roster, ledger, date(2026, 1, 20))
    returned = of_agency(state, "桐川县财政局")
    assert returned[2:5] == ["县政府部门", "×", "退回"]
    problem = returned.index("问题")
    assert returned[problem : problem + 4] == [
        "问题", "【错误】",
        "表三依申请公开 D8（一、本年新收·自然人）：一、本年新收 3 + 二、上年结转 0 = 3，"
        "应等于（七）总计 2 + 四、结转下年度 0 = 2，差 +1。",
        "怎样改：请核对该列的新收、结转和各项办理结果；每件申请只计入一种办理结果。",
    ]  # fmt: skip
    assert of_agency(state, "桐川县教育体育局")[2:5] == ["县政府部门", "○", "未报"]
