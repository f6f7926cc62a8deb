"""Ready sentences: a wording with a summary's figures in it, spelled out whole; what is not known is left out."""

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.official import figures, official
from toolkit.audit.checks import compute
from toolkit.audit.submission import Agency, Listing, Source, Submission
from toolkit.form.model import Key
from toolkit.form.wording import Wording, parse_wording, wording_of
from toolkit.summary.merge import Entry, Summary
from toolkit.summary.sentences import Sentences, sentences
from toolkit.summary.sentencesheet import SENTENCES, draw_sentences
from toolkit.workbook.styles import Styles
from toolkit.workbook.template import PLAIN_TEXT

BOOK = official().book
REVIEW, DIRECT, AFTER = "disputes.review", "disputes.litigation_direct", "disputes.litigation_after_review"
NEW, GRANTED, DENIED = "requests.new_received", "requests.granted", "requests.denied"
ZERO = dict.fromkeys(BOOK.typed, Decimal(0))


def totals(written: Mapping[str, int | str]) -> dict[Key, Decimal]:
    """Figures of every cell: those written, computed ones computed, the others 0."""
    return {key: value or Decimal(0) for key, value in compute(BOOK, {**ZERO, **figures(written)}).items()}


def summed(
    written: Mapping[str, int | str], last: Mapping[str, int | str] | None = None, *, year: int | None = 2025,
    counted: int = 2, expected: int = 3, unit: str = "某县政府办",
) -> Summary:  # fmt: skip
    """A summary with these figures, beside last year's where they are known."""
    agencies = [Agency(f"局{at}", f"{at}") for at in range(max(counted, expected))]
    entries = tuple(Entry(Submission(BOOK, Source("a", ""), each, year, {}, ()), "") for each in agencies[:counted])
    earlier = {} if last is None else {2024: totals(last)}
    listings = tuple(map(Listing, agencies[:expected]))
    return Summary(BOOK, year, "年报", entries, totals(written), listings, unit=unit, earlier=earlier)


def worded(text: str) -> Wording:
    found = parse_wording(text, "文字.txt", BOOK.cells)
    assert isinstance(found, Wording), found
    return found


def said(text: str, written: Mapping[str, int | str], last: Mapping[str, int | str] | None = None) -> str:
    """The lines that a wording becomes; nothing is left out."""
    found = sentences(summed(written, last), worded(text))
    assert found.left_out == ()
    return "\n".join(found.lines)


THIS_YEAR: dict[str, int | str] = {
    "proactive.gov_rules.issued": 1, "proactive.gov_rules.in_force": 4,
    "proactive.normative_documents.issued": 9, "proactive.normative_documents.repealed": 2,
    "proactive.normative_documents.in_force": 41, "proactive.admin_licensing.decisions": 12873,
    "proactive.admin_penalty.decisions": 18, "proactive.admin_compulsion.decisions": 3,
    "proactive.admin_fees.amount_wan_yuan": "326.4500",
    f"{NEW}.natural_person": 100, f"{NEW}.commercial_enterprise": 15, f"{NEW}.research_institution": 2,
    f"{NEW}.legal_service_org": 3, "requests.carried_in.natural_person": 5,
    f"{GRANTED}.natural_person": 40, "requests.partially_granted.natural_person": 7,
    "requests.denied.state_secret.natural_person": 1, "requests.denied.third_party_rights.natural_person": 2,
    "requests.unavailable.not_held.commercial_enterprise": 30,
    "requests.not_processed.repeated_request.natural_person": 10,
    "requests.not_processed.petition_or_complaint.natural_person": 20,
    "requests.other_handling.miscellaneous.legal_service_org": 3, "requests.carried_forward.natural_person": 12,
    f"{REVIEW}.upheld": 11, f"{REVIEW}.corrected": 2, f"{REVIEW}.pending": 1,
    f"{DIRECT}.upheld": 3, f"{DIRECT}.other_outcome": 1, f"{AFTER}.upheld": 4, f"{AFTER}.pending": 2,
}  # fmt: skip
LAST_YEAR: dict[str, int | str] = {
    f"{NEW}.natural_person": 100, f"{GRANTED}.natural_person": 120, f"{REVIEW}.upheld": 14,
}  # fmt: skip


def test_the_official_sentences_are_ready_to_paste() -> None:
    # of 113 handled: 40 = 35.398 %, 7 = 6.195 %, 3 = 2.655 %, 30 = 26.549 %; of 120 new: 100 = 83.333 %, 2 = 1.667 %
    assert sentences(summed(THIS_YEAR, LAST_YEAR), wording_of(BOOK.form)) == Sentences(
        lines=(
            "主动公开方面，2025 年制发规章 1 件、废止 0 件，现行有效 4 件；制发行政规范性文件 9 件、"
            "废止 2 件，现行有效 41 件。作出行政许可处理决定 12873 件、行政处罚处理决定 18 件、行政强制处理决定 3 件。"
            "行政事业性收费 326.45 万元。",
            "依申请公开方面，2025 年新收政府信息公开申请 120 件，上年结转 5 件，本年度办结 113 件，"
            "结转下年度继续办理 12 件。",
            "从办理结果看，办结的申请中，予以公开 40 件，占 35.4%；部分公开 7 件，占 6.2%；不予公开 3 件，占 2.7%；"
            "无法提供 30 件，占 26.5%；不予处理 30 件，占 26.5%；其他处理 3 件，占 2.7%。",
            "从申请人看，新收的申请中，自然人 100 件，占 83.3%；商业企业 15 件，占 12.5%；科研机构 2 件，占 1.7%；"
            "社会公益组织 0 件，占 0.0%；法律服务机构 3 件，占 2.5%；其他 0 件，占 0.0%。",
            "因政府信息公开引起的行政复议 14 件，其中结果维持 11 件、结果纠正 2 件、其他结果 0 件、尚未审结 1 件。",
            "因政府信息公开引起的行政诉讼 10 件，其中结果维持 7 件、结果纠正 0 件、其他结果 1 件、尚未审结 2 件；"
            "未经复议直接起诉的 4 件，复议后起诉的 6 件。",
            "与上年相比，新收政府信息公开申请增长 20.0%（上年 100 件），办结下降 5.8%（上年 120 件），"
            "行政复议持平（上年 14 件），行政诉讼—（上年 0 件）。",
            "以上数据汇总自 2 个单位，应报单位 3 个。",
        ),
        left_out=(),
        scope="收到文件 2 份，收录 2 家，未收录 0 份；名册共 3 家，未报 0 家。",
    )


def test_where_nothing_happened_no_share_is_a_number() -> None:
    found = sentences(summed({}), wording_of(BOOK.form))
    assert found.lines[2:4] == (
        "从办理结果看，办结的申请中，予以公开 0 件，占 —；部分公开 0 件，占 —；不予公开 0 件，占 —；"
        "无法提供 0 件，占 —；不予处理 0 件，占 —；其他处理 0 件，占 —。",
        "从申请人看，新收的申请中，自然人 0 件，占 —；商业企业 0 件，占 —；科研机构 0 件，占 —；"
        "社会公益组织 0 件，占 —；法律服务机构 0 件，占 —；其他 0 件，占 —。",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新收 {requests.new_received.total} 件", "新收 120 件"),
        ("{requests.new_received.total}件", "120件"),
        ("{ requests.granted.total+requests.denied.*.total }", "43"),
        ("{ｒequests.granted.total ＋ requests.denied.＊.total}", "43"),  # as a Chinese keyboard writes it
        ("{disputes.*.total}", "24"),
        ("{proactive.admin_fees.amount_wan_yuan}", "326.45"),
        ("{requests.granted.total / requests.total_handled.total}", "35.4%"),
        ("{requests.granted.total/requests.total_handled.total:2}", "35.40%"),
        ("{requests.granted.total ／ requests.total_handled.total ： 0}", "35%"),
        ("{disputes.review.upheld / proactive.gov_rules.repealed}", "—"),
        ("{proactive.admin_licensing.decisions / disputes.review.upheld : 0}", "117027%"),
        ("{year}：{unit}，{counted}/{expected}", "2025：某县政府办，2/3"),
        ("{{year}} {{{year}}} }}{{", "{year} {2025} }{"),
        ("　　占 100%，<b>&nbsp;</b> =1+1 \\n", "　　占 100%，<b>&nbsp;</b> =1+1 \\n"),
        ("# 说明 {\n\n  # {x}\n甲  \r\n乙\r丙", "甲\n乙\n丙"),
        ("甲# 不是说明", "甲# 不是说明"),
        ("{prior requests.new_received.total + disputes.review.total}", "114"),
        ("{change requests.new_received.total}", "增长 20.0%"),
        ("{change requests.new_received.total : 0}", "增长 20%"),
        ("{change requests.total_handled.total : 2}", "下降 5.83%"),
        ("{change disputes.review.total}", "持平"),
        ("{change disputes.litigation_*.total}", "—"),
        ("{change requests.carried_in.legal_service_org}", "—"),  # 0 and 0
    ],
)
def test_each_placeholder_is_printed_as_it_reads(text: str, expected: str) -> None:
    assert said(text, THIS_YEAR, LAST_YEAR) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (10001, 10000, "基本持平"),  # 0.01 %
        (10005, 10000, "增长 0.1%"),
        (9999, 10000, "基本持平"),
        (0, 7, "下降 100.0%"),
        (14, 7, "增长 100.0%"),
        (3, 1, "增长 200.0%"),
        (2, 3, "下降 33.3%"),
    ],
)
def test_a_change_is_told_with_its_direction(now: int, before: int, expected: str) -> None:
    assert said(f"{{change {REVIEW}.total}}", {f"{REVIEW}.upheld": now}, {f"{REVIEW}.upheld": before}) == expected


UPHELD, CORRECTED, OTHER = f"{REVIEW}.upheld", f"{REVIEW}.corrected", f"{REVIEW}.other_outcome"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{U / T} {C / T} {O / T}", "33.4% 33.3% 33.3%"),
        ("{U / T} {C / T}", "33.3% 33.3%"),  # not all of it
        ("{U / T} {C + O / T}", "33.3% 66.7%"),
        ("{U / T} {U / T} {C / T} {O / T}", "33.4% 33.4% 33.3% 33.3%"),  # the same share twice
        ("{U / T} {C / T} {O / T}；{U / T : 2} {C / T : 2} {O / T : 2}", "33.4% 33.3% 33.3%；33.34% 33.33% 33.33%"),
        ("{U + C / T}（{U / U + C} {C / U + C}）{O / T}", "66.7%（50.0% 50.0%）33.3%"),
        ("{U / T} {C + O / T} {C / T} {O / T}", "33.3% 66.7% 33.3% 33.3%"),  # parts of a part begin anew
        ("{U / T}\n{C / T} {O / T}", "33.3%\n33.3% 33.3%"),
        ("{T / T}", "100.0%"),
    ],
)
def test_shares_of_one_whole_in_one_line_add_up_where_they_are_all_of_it(text: str, expected: str) -> None:
    for short, name in (("U", UPHELD), ("C", CORRECTED), ("O", OTHER), ("T", f"{REVIEW}.total")):
        text = re.sub(rf"\b{short}\b", name, text)
    assert said(text, {UPHELD: 1, CORRECTED: 1, OTHER: 1}) == expected


@given(st.dictionaries(st.sampled_from(sorted(map(str, BOOK.typed))), st.sampled_from([0, 0, 1, 2, 3, 7, 999, 10**9])))
@settings(max_examples=60, deadline=None)
def test_whatever_the_figures_a_line_of_shares_adds_up_to_100_or_has_no_number(written: dict[str, int]) -> None:
    summary = summed(written)
    found = sentences(summary, wording_of(BOOK.form))
    wholes = (summary.values[Key("requests", "total_handled", "total")],
              summary.values[Key("requests", "new_received", "total")])  # fmt: skip
    for line, whole in zip(found.lines[2:4], wholes, strict=True):
        printed = re.findall(r"占 ([0-9.]+%|—)[；。]", line)
        assert len(printed) == 6
        if whole == 0:
            assert printed == ["—"] * 6
        else:
            assert sum(Decimal(share.removesuffix("%")) for share in printed) == 100


def test_what_is_not_known_is_left_out_and_told_with_its_line() -> None:
    text = worded(
        "甲\n# 说明\n{year} 年\n{unit}说\n应报 {expected} 家\n上年{prior disputes.review.total}\n"
        "与上年比 {change disputes.review.total}，应报 {expected} 家，又是 {expected} 家\n乙 {counted}"
    )
    found = sentences(summed({}, year=None, expected=0, unit=" \n"), text)
    assert (found.lines, found.left_out) == (
        ("甲", "乙 2"),
        (
            "第 3 行“… 年”没有写：不知道年度。",
            "第 4 行“…说”没有写：不知道汇总单位。",
            "第 5 行“应报 … 家”没有写：没有名册，不知道应报几家。",
            "第 6 行“上年…”没有写：不知道上年的数。",
            "第 7 行“与上年比 …，应报 … 家，又是…”没有写：不知道上年的数，没有名册，不知道应报几家。",
        ),
    )


def test_only_the_year_before_is_last_year() -> None:
    summary = summed({UPHELD: 2}, {UPHELD: 1})
    older = replace(summary, earlier={2023: totals({UPHELD: 1}), 2022: totals({})})
    told = "第 1 行“…”没有写：不知道上年的数。"
    assert sentences(older, worded("{change disputes.review.total}")).left_out == (told,)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("{year}{{局}}", "{year}{{局}}：2 家"),
        ("50%局 %s %(x)d", "50%局 %s %(x)d：2 家"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0：2 家"),
        ("甲\u202e局\n\x07\x1b[31m", "甲局[31m：2 家"),
        ("办😀局\\n{0}", "办😀局\\n{0}：2 家"),
    ],
)
def test_a_name_is_printed_and_never_understood(unit: str, expected: str) -> None:
    assert sentences(summed({}, unit=unit), worded("{unit}：{counted} 家")).lines == (expected,)


def sheet_of(found: Sentences, title: str) -> list[tuple[str, object, str]]:
    """The cells of the sheet: address, content, kind."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, **PLAIN_TEXT})
    draw_sentences(workbook.add_worksheet(SENTENCES), found, Styles(workbook), title)
    workbook.close()
    sheet = openpyxl.load_workbook(io.BytesIO(buffer.getvalue()))["文字稿"]
    assert all(cell.alignment.wrap_text for (cell,) in sheet.iter_rows() if cell.value is not None)
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == (
        9,
        "portrait",
        0,
    )
    return [(cell.coordinate, cell.value, cell.data_type) for (cell,) in sheet.iter_rows() if cell.value is not None]


def test_the_sheet_has_a_paragraph_a_cell_and_says_what_its_figures_are() -> None:
    found = Sentences(("=1+1", "{甲} 100%", "长" * 3000, "末"), ("第 9 行“…”没有写：不知道年度。",), "收录 2 家。")
    assert sheet_of(found, "2025 年度年报（文字稿）") == [
        ("A1", "2025 年度年报（文字稿）", "s"),
        (
            "A2",
            "以下文字里的数是生成时写入的，不是公式，不随“汇总表”变动；数据改了，请重新汇总。数据范围：收录 2 家。",
            "s",
        ),
        ("A3", "=1+1", "s"),
        ("A4", "{甲} 100%", "s"),
        ("A5", "长" * 3000, "s"),  # over as many rows as it takes: one row cannot show it whole
        ("A9", "末", "s"),
        ("A10", "第 9 行“…”没有写：不知道年度。", "s"),
    ]
