"""A county's collection for the tests: twelve agencies in four categories, and something of everything."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from tests.official import filled, official, read
from toolkit.audit.submission import Agency, Submission
from toolkit.collection.events import Acceptance, Filing, Issued, Notice
from toolkit.collection.folder import Collection
from toolkit.collection.roster import Member, Roster
from toolkit.collection.standing import Standing, State, Status, Stray
from toolkit.problems import Problem, Severity, Where

BEIJING = timezone(timedelta(hours=8))
BUREAUS, TOWNS, SERVICES, BRANCHES = "县政府部门", "乡镇（街道）", "公共企事业单位", "派出机构"

BALANCE = Problem(
    Where("财政局.xlsx", "表三", "D8"), "balance", Severity.ERROR,
    "表三 D8：新收 3 + 结转 0 = 3，应等于总计 2 + 结转下年 0 = 2，差 +1。", "请核对该列的新收、结转和各项结果。",
)  # fmt: skip
BLANK = Problem(
    Where("财政局.xlsx", "表二", "B5"), "blank", Severity.ERROR,
    "表二：有 10 个空白格（B5、C5、D5、B6、C6、D6 等），是 0 还是漏填不明。", "请逐格填写，没有的填 0。",
)  # fmt: skip
ROLLING = Problem(
    Where("教育局.xlsx", "表二", "D6"), "rolling", Severity.WARNING,
    "表二 D6：现行有效 41 件，与上年 38 件加本年 2 件相差 1 件。", "请与上年报告核对；有原因的写在核对页。",
)  # fmt: skip
LARGE = Problem(
    Where("卫健局.xlsx", "表三", "D8"), "unusual", Severity.WARNING,
    "表三 D8：本年 260 件，是上年 13 件的 20 倍。", "请核对是否多输了一个 0。",
)  # fmt: skip
RENAMED = Problem(
    Where("卫健局.xlsx"), "normalised", Severity.NOTICE,
    "封面的单位名称是“桐川县卫健委”，按代码认作名册里的“桐川县卫生健康局”。", "不必处理；确已改名的，请改名册。",
)  # fmt: skip
UNKNOWN = Problem(
    Where("县志办.xlsx"), "unknown-agency", Severity.ERROR,
    "“桐川县地方志办公室”（无代码）不在单位名册里。", "请核对封面的单位名称和代码；确是应报单位的，请补入名册。",
)  # fmt: skip
UNREADABLE = Problem(
    Where("扫描件.xlsx"),
    "not-a-workbook",
    Severity.ERROR,
    "这不是 Excel 工作簿，打不开。",
    "请单位另存为 .xlsx 后重报。",
)


def at(day: int, hour: int = 9, minute: int = 0, month: int = 1) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


def member(name: str, code: str, category: str, contact: str = "", phone: str = "", exempt: str = "") -> Member:
    return Member(Agency(name, code), category=category, contact=contact, phone=phone, exempt=exempt)


def filing(number: int, file: str, when: datetime, status: str = "clean", year: int = 2025) -> Filing:
    """A file that was taken in; its SHA-256 is its number over and over."""
    return Filing(number, when, "李岚", file, f"{number:02x}" * 32, Agency("", ""), "", year, status, ())


def submission(*problems: Problem) -> Submission:
    """A workbook that was read, with these problems."""
    found = read(filled({}))
    assert isinstance(found, Submission)
    return replace(found, problems=problems)


def acceptance(problem: Problem, why: str, when: datetime) -> Acceptance:
    return Acceptance(when, "王静", 1, "", problem.code, "", "", problem.message, why)


def issued(each: Member, file: str) -> Issued:
    return Issued(at(5, 10, 30), each.agency, file, "ee" * 32, has_prior=True)


def state_of(standings: Sequence[Standing], strays: Sequence[Stray] = (), today: date = date(2026, 2, 3)) -> State:
    """These agencies on a day, due on 31 January 2026."""
    due = date(2026, 1, 31)
    collection = Collection(Path("2025年报"), official(), 2025, "桐川县政务公开办公室", due, "", Path("roster.xlsx"))
    roster = Roster(tuple(each.member for each in standings))
    return State(collection, roster, today, tuple(standings), tuple(strays))


FINANCE = member("桐川县财政局", "111499000000000014", BUREAUS, "赵文彬", "0350-6021101")
EDUCATION = member("桐川县教育体育局", "111499000000000027", BUREAUS, "钱晓梅", "0350-6021102")
HEALTH = member("桐川县卫生健康局", "11149900000000003A", BUREAUS, "孙立", "0350-6021103")
POLICE = member("桐川县公安局", "11149900000000004D", BUREAUS, "周建国", "0350-6021104")
ARCHIVES = member("桐川县档案馆", "11149900000000005G", BUREAUS, exempt="二〇二五年十月并入县委办公室，不再单独报告。")
EAST = member("东关街道办事处", "11149900000000006K", TOWNS, "吴敏", "13800000006")
STONE = member("石桥镇人民政府", "11149900000000007N", TOWNS, "郑海涛", "13800000007")
WILLOW = member("柳林乡人民政府", "11149900000000008R", TOWNS, "冯秀英", "13800000008")
WATER = member("桐川县自来水公司", "11149900000000009W", SERVICES, "陈刚", "0350-6021109")
HOSPITAL = member("桐川县人民医院", "111499000000000102", SERVICES, "褚卫东", "0350-6021110")
GAS = member("桐川县燃气有限责任公司", "111499000000000115", SERVICES)
BRANCH = member("城北工业园区管理委员会（筹）", "111499000000000128", BRANCHES, "卫青", "0350-6021112")


def county() -> State:
    """All twelve: each status, open and accepted and lapsed warnings, second filings, notices, strays. A survey has
    either 未报 or 逾期; here are both, for their looks."""
    first, second = filing(1, "财政局年报.xlsx", at(12), "errors"), filing(2, "财政局年报（改）.xlsx", at(20), "errors")
    education = filing(3, "教育局.xlsx", at(14, 16, 5), "warnings")
    health = (filing(4, "卫健局上年.xlsx", at(13), "errors", 2024), filing(5, "卫健局.xlsx", at(15), "warnings"))
    late = filing(6, "公安局.xlsx", at(2, 8, 40, month=2))
    east, water = filing(7, "东关街道.xlsx", at(9)), filing(8, "自来水公司.xlsx", at(16))
    return state_of(
        [
            Standing(
                FINANCE, Status.RETURNED, issued(FINANCE, "001-县政府部门-桐川县财政局-2025.xlsx"), second,
                submission(ROLLING, BALANCE, BLANK), history=(first, second),
                notices=(Notice(at(13, 11), 1, "001-县政府部门-桐川县财政局-2025-退回1.xlsx", ""),
                         Notice(at(21, 11), 2, "001-县政府部门-桐川县财政局-2025-退回2.xlsx", "")),
            ),
            Standing(
                EDUCATION, Status.PASSED, issued(EDUCATION, "002-县政府部门-桐川县教育体育局-2025.xlsx"), education,
                submission(ROLLING), ((ROLLING, acceptance(ROLLING, "清理文件，已电话核实。", at(15))),),
                history=(education,),
            ),
            Standing(
                HEALTH, Status.WARNINGS, issued(HEALTH, "003-县政府部门-桐川县卫生健康局-2025.xlsx"), health[1],
                submission(RENAMED, LARGE), history=health,
                lapsed=(acceptance(ROLLING, "上年数有误，见说明。", at(14)),),
            ),
            Standing(POLICE, Status.PASSED, issued(POLICE, "004-县政府部门-桐川县公安局-2025.xlsx"), late, submission(),
                     history=(late,), is_late=True),
            Standing(ARCHIVES, Status.EXEMPT),
            Standing(EAST, Status.PASSED, issued(EAST, "005-乡镇（街道）-东关街道办事处-2025.xlsx"), east, submission(),
                     history=(east,)),
            Standing(STONE, Status.OVERDUE, issued(STONE, "006-乡镇（街道）-石桥镇人民政府-2025.xlsx")),
            Standing(WILLOW, Status.OVERDUE, issued(WILLOW, "007-乡镇（街道）-柳林乡人民政府-2025.xlsx")),
            Standing(WATER, Status.PASSED, filing=water, submission=submission(), history=(water,)),
            Standing(HOSPITAL, Status.NOT_FILED),
            Standing(GAS, Status.NOT_FILED),
            Standing(BRANCH, Status.OVERDUE),
        ],
        [
            Stray(filing(9, "县志办.xlsx", at(18), "errors"), (UNKNOWN,), "县志办不属本级填报范围，已转市里。"),
            Stray(filing(10, "微信图片/扫描件.xlsx", at(19, 17, 45), "unreadable"), (UNREADABLE,)),
        ],
    )  # fmt: skip
