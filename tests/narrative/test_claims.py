# ruff: noqa: E501 - a case stands in one line
"""What prose says is held against the tables where it says one number clearly; anything else is left alone."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.official import figures, filled, official, read
from toolkit.audit.checks import compute
from toolkit.audit.claims import contradictions
from toolkit.audit.submission import Agency, Source, Submission
from toolkit.form.model import Key
from toolkit.form.wording import Figure, Word, wording_of
from toolkit.problems import Severity, Where
from toolkit.workbook.template import Filling, Issue, template_bytes

BOOK = official().book
AGENCY = Agency("温县科学技术局", "11410825MB00000050")
REPORTS = Path(__file__).parents[2].parent / "shared" / "reports"

NEW, CARRIED, FORWARD, HANDLED = 12, 2, 1, 13
WRITTEN = {
    "requests.new_received.natural_person": 10,
    "requests.new_received.other_org": 2,
    "requests.carried_in.natural_person": 2,
    "requests.granted.natural_person": 11,
    "requests.granted.other_org": 2,
    "requests.carried_forward.natural_person": 1,
    "disputes.review.upheld": 3,
    "disputes.litigation_direct.upheld": 1,
    "proactive.normative_documents.issued": 4,
    "proactive.normative_documents.repealed": 1,
    "proactive.normative_documents.in_force": 20,
    "proactive.admin_licensing.decisions": 1234,
    "proactive.admin_penalty.decisions": 18,
    "proactive.admin_compulsion.decisions": 5,
}  # fmt: skip


def submission(
    prose: str, written: dict[str, int] | None = None, year: int | None = 2025, agency: Agency = AGENCY
) -> Submission:
    """The figures above, or others, all else zero, with this prose in the first section."""
    typed: dict[Key, Decimal | None] = dict.fromkeys(BOOK.typed, Decimal(0))
    values = compute(BOOK, typed | figures(WRITTEN if written is None else written))
    return Submission(BOOK, Source("a.xlsx", ""), agency, year, values, (), narrative={"overview": prose})


def told(prose: str, written: dict[str, int] | None = None, year: int | None = 2025) -> list[str]:
    """What is told of a prose: the words quoted and what stands in the table."""
    found = list(contradictions(submission(prose, written, year)))
    assert {(problem.code, problem.severity) for problem in found} <= {("narrative-differs", Severity.WARNING)}
    heads = [problem.message.removeprefix("一、总体情况写") for problem in found]
    return [head.removesuffix("。") for head in heads]


RECEIVED = "表三 一、本年新收·总计 是 12，一、本年新收·总计 12 + 二、上年结转·总计 2 = 14"
NEWLY = "表三 一、本年新收·总计 是 12"
CARRIED_IN = "表三 二、上年结转·总计 是 2"
CARRIED_ON = "表三 四、结转下年度·总计 是 1"
WORKED = "表三 （七）总计·总计 是 13，一、本年新收·总计 是 12，一、本年新收·总计 12 + 二、上年结转·总计 2 = 14"
DISPUTED = "表四 行政复议·总计 3 + 未经复议直接起诉·总计 1 + 复议后起诉·总计 0 = 4"
REVIEWED = "表四 行政复议·总计 是 3"
SUED = "表四 未经复议直接起诉·总计 1 + 复议后起诉·总计 0 = 1"

# A sentence that says otherwise than the figures above, the words of it that are quoted, and what the table says.
CONTRADICTING = [
    ("本年新收政府信息公开申请13件。", "本年新收政府信息公开申请13件", NEWLY),
    ("本年新收政府信息公开申请 13 件", "本年新收政府信息公开申请13件", NEWLY),
    ("本年度新收政府信息公开申请１３件。", "本年度新收政府信息公开申请１３件", NEWLY),
    ("2025年新收申请1,012件，办结12件。", "2025年新收申请1,012件", NEWLY),
    ("新收政府信息公开申请14件，其中自然人申请12件。", "新收政府信息公开申请14件", NEWLY),
    ("2025年，新收到信息公开申请14件，同比增长20%。", "新收到信息公开申请14件", NEWLY),
    ("2025年共收到依申请公开3件。", "2025年共收到依申请公开3件", RECEIVED),
    ("2025 年度，我局共收到政府信息公开申请 15 件。", "我局共收到政府信息公开申请15件", RECEIVED),
    ("全年受理政府信息公开申请11件，比上年增加3件。", "全年受理政府信息公开申请11件", RECEIVED),
    ("一是依申请公开。本机关接到公民、法人和其他组织提出的政府信息公开申请1件；", "本机关接到公民、法人和其他组织提出的政府信息公开申请1件", RECEIVED),
    ("（二）依申请公开情况\n本年度共收到政府信息公开申请11件。", "本年度共收到政府信息公开申请11件", RECEIVED),
    ("（二）依申请公开。截至2025年12月31日，共收到依申请公开政府信息申请0件。", "共收到依申请公开政府信息申请0件", RECEIVED),
    ("2025年1月1日至12月31日，我单位收到政府信息公开申请总数为10件。", "我单位收到政府信息公开申请总数为10件", RECEIVED),
    ("2025年度，我局未收到政府信息公开申请，全年工作平稳。", "我局未收到政府信息公开申请", RECEIVED),
    ("2025年以来，本机关没有收到任何政府信息公开申请。", "本机关没有收到任何政府信息公开申请", RECEIVED),
    ("本年度无政府信息公开申请。", "本年度无政府信息公开申请", RECEIVED),
    ("主动公开信息156条，未收到依申请公开申请。", "未收到依申请公开申请", RECEIVED),
    ("温县科学技术局2025年收到政府信息公开申请15件。", "温县科学技术局2025年收到政府信息公开申请15件", RECEIVED),
    ("去年收到政府信息公开申请9件。今年收到政府信息公开申请9件。", "今年收到政府信息公开申请9件", RECEIVED),
    ("2024年收到政府信息公开申请9件；2025年收到政府信息公开申请9件。", "2025年收到政府信息公开申请9件", RECEIVED),
    ("2025年，我局共收到政府信\n息公开申请11件。", "我局共收到政府信息公开申请11件", RECEIVED),
    ("2025年我局加强管理，收到政府信息公开申请15件。", "收到政府信息公开申请15件", RECEIVED),
    ("收到政府信息公开申请15件\n二、工作打算", "收到政府信息公开申请15件", RECEIVED),
    ("2025年1月1日至2025年12月31日我局共收到公民、法人和其他组织提出的依申请公开政府信息申请15件", "…年12月31日我局共收到公民、法人和其他组织提出的依申请公开政府信息申请15件", RECEIVED),
    ("1、2025年收到政府信息公开申请11件", "1、2025年收到政府信息公开申请11件", RECEIVED),
    ("新收申请12件，上年结转3件。", "上年结转3件", CARRIED_IN),
    ("上年度结转政府信息公开申请3件。", "上年度结转政府信息公开申请3件", CARRIED_IN),
    ("没有上年结转的政府信息公开申请。", "没有上年结转的政府信息公开申请", CARRIED_IN),
    ("新收申请12件，上年结转2件，办结13件，结转下年度继续办理3件。", "结转下年度继续办理3件", CARRIED_ON),
    ("结转下年度继续办理4件。", "结转下年度继续办理4件", CARRIED_ON),
    ("结转至下一年度继续办理政府信息公开申请4件。", "结转至下一年度继续办理政府信息公开申请4件", CARRIED_ON),
    ("新收政府信息公开申请12件，尚有2件结转下年度继续办理。", "尚有2件结转下年度继续办理", CARRIED_ON),
    ("全年共办理政府信息公开申请15件。", "全年共办理政府信息公开申请15件", WORKED),
    ("未发生因政府信息公开工作引发的行政复议、行政诉讼案件。", "未发生因政府信息公开工作引发的行政复议、行政诉讼案件", DISPUTED),
    ("没有因政府信息公开工作引起的行政复议、行政诉讼、举报投诉等情况。", "没有因政府信息公开工作引起的行政复议、行政诉讼、举报投诉等情况", DISPUTED),
    ("全年无因政府信息公开引起的行政复议和行政诉讼。", "全年无因政府信息公开引起的行政复议和行政诉讼", DISPUTED),
    ("2025年收到政府信息公开申请12件，未发生行政复议、行政诉讼案件。", "未发生行政复议、行政诉讼案件", DISPUTED),
    ("（二）依申请公开\n2025年收到政府信息公开申请12件。本年度未发生行政复议、行政诉讼。", "本年度未发生行政复议、行政诉讼", DISPUTED),
    ("（二）依申请公开。全年新收申请12件；未发生行政复议、行政诉讼。", "未发生行政复议、行政诉讼", DISPUTED),
    ("因政府信息公开引起的行政复议3件，行政诉讼2件，复议后诉讼1件。", "行政诉讼2件", SUED),
    ("（一）依申请公开。2025年共收到政府信息公开申请11件，均按期答复。", "2025年共收到政府信息公开申请11件", RECEIVED),
    ("收到政府信息公开申请12件，均按期答复，结转下年度继续办理3件。", "结转下年度继续办理3件", CARRIED_ON),
    ("因政府信息公开引起的行政复议、行政诉讼案件共5件。", "因政府信息公开引起的行政复议、行政诉讼案件共5件", DISPUTED),
    ("未发生因政府信息公开引发的行政复议案件。", "未发生因政府信息公开引发的行政复议案件", REVIEWED),
    ("因政府信息公开引起的行政复议17件，其中结果维持11件。", "因政府信息公开引起的行政复议17件", REVIEWED),
    ("因政府信息公开引起的行政复议3件、行政诉讼2件。", "行政诉讼2件", SUED),
    ("涉及政府信息公开的行政诉讼2起。", "涉及政府信息公开的行政诉讼2起", SUED),
    ("2025年制发行政规范性文件5件。", "2025年制发行政规范性文件5件", "表二 行政规范性文件·本年制发件数 是 4"),
    ("废止行政规范性文件2件。", "废止行政规范性文件2件", "表二 行政规范性文件·本年废止件数 是 1"),
    ("作出行政许可决定1,235件。", "作出行政许可决定1,235件", "表二 行政许可·本年处理决定数量 是 1234"),
    ("作出行政许可处理决定1234件、行政处罚处理决定19件。", "行政处罚处理决定19件", "表二 行政处罚·本年处理决定数量 是 18"),
]  # fmt: skip

AGREEING = [
    "本年新收政府信息公开申请12件。",
    "本年新收政府信息公开申请１２ 件，其中自然人申请10件。",
    "2025年共收到依申请公开12件。",
    "2025年，我局共收到政府信息公开申请14件。",
    "2025年，我局共受理政府信息公开申请12件。",
    "新收申请12件，上年结转2件，办结13件，结转下年度继续办理1件。",
    "因政府信息公开引起的行政复议3件、行政诉讼1件。",
    "作出行政许可决定1,234件。",
    "制发行政规范性文件4件，废止行政规范性文件1件，现行有效行政规范性文件20件。",
]

# What sounds like a claim that the figures above contradict, and is something else or not certain.
LEFT_ALONE = [
    "上年收到政府信息公开申请9件。",
    "去年同期，收到政府信息公开申请9件。",
    "去年、前年，收到政府信息公开申请9件。",
    "与去年同期相比，新收政府信息公开申请9件。",
    "比上年增加3件。",
    "新收政府信息公开申请比上年增加3件。",
    "新收政府信息公开申请增长20%（上年10件）。",
    "2024年收到政府信息公开申请9件。",
    "2023年，收到政府信息公开申请9件，上年结转5件。",
    "2024年收到政府信息公开申请9件，收到政府信息公开申请5件。",
    "二〇二四年，收到政府信息公开申请9件。",
    "近三年来，共收到政府信息公开申请30件。",
    "2024—2025年两年合计，收到政府信息公开申请30件。",
    "自2008年以来，共收到政府信息公开申请300件。",
    "累计收到政府信息公开申请300件。",
    "2025年上半年收到政府信息公开申请6件。",
    "2025年1月至6月，收到政府信息公开申请6件。",
    "截至2025年11月底，共收到政府信息公开申请6件。",
    "一季度，收到政府信息公开申请3件。",
    "其中自然人申请3件。",
    "共收到各类诉求200件，其中，收到政府信息公开申请3件。",
    "其中收到政府信息公开申请3件。",
    "收到网上申请3件。",
    "网站：收到政府信息公开申请3件；来函：收到政府信息公开申请4件。",
    "自然人，收到政府信息公开申请3件。",
    "没有依申请公开。",
    "未受理政府信息公开申请。",
    "收到县政府转办的政府信息公开申请3件。",
    "未收到政府信息公开申请转办单。",
    "无政府信息公开申请积压。",
    "通过网上申请系统，收到政府信息公开申请3件。",
    "收到政府信息公开申请表12份，实为3件。",
    "收到政府信息公开申请表3件。",
    "收到书面政府信息公开申请3件。",
    "未收到书面政府信息公开申请。",
    "全县共收到政府信息公开申请120件。",
    "全县共收到政府信息公开申请120件，我局收到3件。",
    "县教育局收到政府信息公开申请3件。",
    "教育局：收到政府信息公开申请3件。",
    "办公室：收到政府信息公开申请3件。",
    "县教育局收到政府信息公开申请3件，上年结转5件。",
    "县教育局（本级）收到政府信息公开申请3件。",
    "各乡镇收到政府信息公开申请30件。",
    "下属单位均未收到政府信息公开申请。",
    "科技股、办公室分别收到政府信息公开申请3件、4件。",
    "与去年相比，\n新收申请9件。",
    "下属各单位\n收到政府信息公开申请30件。",
    "收到举报12件。",
    "收到建议提案9件，上年结转5件。",
    "（四）建议提案办理\n上年结转5件，办结5件。",
    "上年结转5件。",
    "收到申请9件。",
    "共收到政府信息公开申请16件（含上年结转4件）。",
    "收到政府信息公开申请16件（次）。",
    "收到政府信息公开申请16件次。",
    "收到政府信息公开申请16余件。",
    "收到政府信息公开申请近16件。",
    "收到政府信息公开申请16件以上。",
    "收到政府信息公开申请16件左右。",
    "收到政府信息公开申请1.6万件。",
    "收到政府信息公开申请十六件。",
    "收到政府信息公开申请1，016件。",
    "收到政府信息公开申请16件，剔除重复申请后为12件。",
    "收到政府信息公开申请16件，撤回4件。",
    "收到政府信息公开申请15件，受理政府信息公开申请13件。",
    "受理行政复议申请3件。",
    "受理行政复议申请9件，受理行政诉讼9件。",
    "未收到行政复议申请。",
    "收到申请公开的行政复议案件9件。",
    "收到行政复议案件9件。",
    "因政府信息公开引起的行政复议案件败诉0件。",
    "因征地拆迁引起的行政复议9件。",
    "未发生因政府信息公开引发的行政复议、行政诉讼败诉案件。",
    "未发生因政府信息公开引起的行政复议、行政诉讼、上访等突出问题。",
    "未收到政府信息公开申请、答复方面的意见。",
    "因政府信息公开引起的行政复议3件，上年结转1件。",
    "依申请公开办结率100%。",
    "未收到政府信息公开申请费用减免请求。",
    "未收取政府信息公开信息处理费。",
    "如未收到政府信息公开申请，按零报告处理。",
    "实行“未收到政府信息公开申请”零报告制度。",
    "未发生政府信息公开工作重大责任事件。",
    "公开行政许可决定5件、行政处罚处理决定3件。",
    "公开规范性文件3件，其中行政规范性文件3件。",
    "代县政府制发行政规范性文件9件。",
    "制发规章0件、废止0件，现行有效0件。",
    "一、2024年情况：收到政府信息公开申请9件。",
    "（一）2024年情况\n收到政府信息公开申请9件。",
    "收到政府信息公开申请99999999999件。",
    "2025年未发生行政复议、行政诉讼案件。",
    "行政处罚方面，未发生行政复议、行政诉讼案件。",
    "（二）依申请公开\n行政处罚方面，未发生行政复议、行政诉讼案件。",
    "（二）依申请公开\n作出行政处罚决定18件，未发生行政复议、行政诉讼案件。",
    "（三）行政执法\n收到政府信息公开申请12件。未发生行政复议、行政诉讼案件。",
    "（三）依申请公开和行政执法\n未发生行政复议、行政诉讼案件。",
    "（二）依申请公开\n收到政府信息公开申请12件。\n（三）行政执法\n未发生行政复议、行政诉讼案件。",
    "政府信息公开、行政执法工作，未发生行政复议、行政诉讼案件。",
    "（三）县教育局。公开工作有序。收到政府信息公开申请3件。",
    "（三）建议提案办理。办理有序。上年收到政府信息公开申请3件，上年结转3件。",
    "全年办理政府信息公开申请5件。",
    "",
]


# The figures of a district, and true sentences of its report that number something else, a part, or count otherwise.
DISTRICT = {
    "requests.new_received.natural_person": 8,
    "requests.new_received.commercial_enterprise": 4,
    "requests.carried_in.natural_person": 1,
    "requests.granted.natural_person": 13,
    "disputes.review.upheld": 2,
    "disputes.litigation_direct.upheld": 1,
    "disputes.litigation_after_review.upheld": 1,
    "proactive.admin_penalty.decisions": 7,
    "proactive.normative_documents.issued": 3,
}
TRUE_SENTENCES = [
    "行政处罚方面，未发生行政复议、行政诉讼案件。",
    "在行政审批领域，无行政复议、行政诉讼情况。",
    "全年作出行政处罚决定7件，未发生行政复议和行政诉讼。",
    "因政府信息公开引起的行政复议2件，除上述案件外，未发生因政府信息公开引起的行政复议、行政诉讼。",
    "除上述案件外，未发生因政府信息公开引起的行政复议、行政诉讼案件。",
    "收到政府信息公开申请15件，合并重复提交的3件后为12件。",
    "收到政府信息公开申请15件；合并重复提交的3件后为12件。",
    "收到政府信息公开申请15件，其中3件属于信访事项，不作为申请，实有12件。",
    "收到政府信息公开申请14件，申请人主动放弃2件，计12件。",
    "因政府信息公开引起的行政复议2件，行政诉讼1件，复议后诉讼1件。",
    "因政府信息公开引起的行政复议2件、行政诉讼1件，另有1件为复议后起诉。",
    "因政府信息公开引起的行政复议、行政诉讼案件共3件，另有1件为复议后起诉。",
    "执法大队：作出行政处罚决定5件。",
    "执法大队，作出行政处罚决定5件。",
    "执法大队\n作出行政处罚决定5件。",
    "县政府本级：收到政府信息公开申请5件。",
    "法人和其他组织：收到政府信息公开申请3件。",
    "来自企业的，收到政府信息公开申请3件。",
    "现场，收到政府信息公开申请4件。",
    "通过互联网平台，收到政府信息公开申请8件。",
    "2025年，通过互联网平台，共收到政府信息公开申请8件。",
    "延期答复，办结政府信息公开申请2件。",
    "全部公开，办理政府信息公开申请7件。",
    "依法不予公开，办理政府信息公开申请1件。",
    "办理依申请公开7件，予以公开。",
    "全部公开，共办理政府信息公开申请7件。",
    "予以公开5件，共办理政府信息公开申请5件。",
    "县教育局高度重视，收到政府信息公开申请3件。",
    "县教育局高度重视政府信息公开工作，全年收到政府信息公开申请3件。",
    "河口镇加强管理，未收到政府信息公开申请。",
    "县属公司按要求公开，未收到政府信息公开申请，未发生因政府信息公开引起的行政复议、行政诉讼。",
    "城关街道，制发行政规范性文件1件。",
]


@pytest.mark.parametrize(("prose", "quote", "table"), CONTRADICTING, ids=[case[0] for case in CONTRADICTING])
def test_a_clear_number_that_the_table_contradicts_is_told_with_both(prose: str, quote: str, table: str) -> None:
    assert told(prose) == [f"“{quote}”，{table}"]


@pytest.mark.parametrize("prose", AGREEING)
def test_a_clear_number_that_the_table_bears_out_is_silent(prose: str) -> None:
    assert told(prose) == []


@pytest.mark.parametrize("prose", AGREEING)
def test_the_same_words_are_told_where_the_figures_are_others(prose: str) -> None:
    """So that they are silent above because they agree, not because they are not understood."""
    assert told(prose, {name: value + 100 for name, value in WRITTEN.items()}) != []


@pytest.mark.parametrize("prose", LEFT_ALONE)
def test_anything_else_is_left_alone(prose: str) -> None:
    assert told(prose) == []


@pytest.mark.parametrize("prose", TRUE_SENTENCES)
def test_a_true_sentence_about_something_else_is_silent(prose: str) -> None:
    assert told(prose, DISTRICT) == []


def test_a_contradiction_is_a_warning_with_both_numbers_and_the_way_out() -> None:
    (problem,) = contradictions(submission("本年新收政府信息公开申请13件。"))
    assert problem.where == Where("a.xlsx")
    assert (problem.code, problem.severity) == ("narrative-differs", Severity.WARNING)
    assert problem.message == "一、总体情况写“本年新收政府信息公开申请13件”，表三 一、本年新收·总计 是 12。"
    assert problem.hint == "请核对文字和表格，改正其中一处；确是两回事的，不必处理。"
    assert problem.keys == ("requests.new_received.total",)
    assert (problem.expected, problem.found) == (Decimal(12), Decimal(13))


def test_the_workbook_of_an_agency_is_told_so_at_the_figure() -> None:
    filling = Filling(
        figures({"requests.new_received.natural_person": 2, "requests.granted.natural_person": 2}),
        ("proactive", "requests", "disputes"),
        {"overview": "主动公开信息 9 条。", "other": "2025年度，温县科学技术局未收到政府信息公开申请。"},
    )
    reading = read(template_bytes(official(), Issue(AGENCY, 2025), filling))
    assert isinstance(reading, Submission)
    assert [(problem.code, str(problem.where), problem.message) for problem in reading.problems] == [
        (
            "narrative-differs",
            "表三依申请公开 J8",
            "六、其他需要报告的事项写“温县科学技术局未收到政府信息公开申请”，表三 一、本年新收·总计 是 2。",
        )
    ]


def test_the_same_workbook_without_prose_has_no_problem() -> None:
    reading = read(filled({"requests.new_received.natural_person": 2, "requests.granted.natural_person": 2}))
    assert reading.problems == ()


def test_a_blank_cell_contradicts_nothing() -> None:
    said = submission("本年新收政府信息公开申请13件，上年结转3件。")
    open_values = {**said.values, Key("requests", "new_received", "total"): None}
    blank = Submission(BOOK, said.source, AGENCY, 2025, open_values, (), narrative=said.narrative)
    assert [problem.found for problem in contradictions(blank)] == [3]


def test_a_total_that_was_typed_over_counts_as_the_tables_figure_too() -> None:
    said = submission("本年新收政府信息公开申请13件。")
    typed = {Key("requests", "new_received", "total"): Decimal(13)}
    over = Submission(BOOK, said.source, AGENCY, 2025, said.values, (), overwritten=typed, narrative=said.narrative)
    assert list(contradictions(over)) == []


def test_said_twice_alike_is_told_once_said_twice_differently_is_left_alone() -> None:
    once = "收到政府信息公开申请15件。"
    assert told(once * 2) == [f"“收到政府信息公开申请15件”，{RECEIVED}"]
    assert told(once + "收到政府信息公开申请16件。") == []
    assert told(once + "未收到政府信息公开申请。") == []


def test_a_report_of_unknown_year_says_nothing_of_a_year() -> None:
    assert told("2025年收到政府信息公开申请15件。", year=None) == []
    assert told("本年收到政府信息公开申请15件。", year=None) == [f"“本年收到政府信息公开申请15件”，{RECEIVED}"]


counts = st.integers(0, 2000)
READY = ["requests.new_received.total", "requests.carried_in.total", "requests.carried_forward.total",
         "disputes.review.total", "proactive.normative_documents.issued", "proactive.admin_licensing.decisions",
         "proactive.admin_penalty.decisions", "proactive.admin_compulsion.decisions"]  # fmt: skip


def ready_sentences(values: dict[str, int], computed: Submission) -> str:
    """The form's own ready sentences, with computed figures and some of them said otherwise."""
    paragraphs = []
    for paragraph in wording_of(BOOK.form).paragraphs:
        printed = []
        for piece in paragraph.pieces:
            if isinstance(piece, Figure) and not piece.is_prior:
                total = sum(computed.values[key] or Decimal(0) for key in piece.keys)
                name = str(piece.keys[0]) if len(piece.keys) == 1 else ""
                printed.append(str(values.get(name, total)))
            else:
                printed.append(piece if isinstance(piece, str) else "2025" if piece == Word("year") else "5.0%")
        paragraphs.append("".join(printed))
    return "\n".join(paragraphs)


@settings(max_examples=60, deadline=None)
@given(st.lists(counts, min_size=len(BOOK.typed), max_size=len(BOOK.typed)))
def test_the_ready_sentences_agree_with_the_figures_they_are_made_of(numbers: list[int]) -> None:
    written = {str(key): number for key, number in zip(BOOK.typed, numbers, strict=True)}
    assert told(ready_sentences({}, submission("", written)), written) == []


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(READY), st.lists(counts, min_size=len(BOOK.typed), max_size=len(BOOK.typed)))
def test_one_changed_number_in_the_ready_sentences_is_told_once(name: str, numbers: list[int]) -> None:
    written = {str(key): number for key, number in zip(BOOK.typed, numbers, strict=True)}
    prose = ready_sentences({name: 99999}, submission("", written))
    (problem,) = contradictions(submission(prose, written))
    assert problem.keys[0] == name
    assert problem.found == Decimal(99999)


WORDS = ["收到", "新收", "政府信息公开申请", "上年结转", "结转下年度继续办理", "12", "１２", "1,234", "件", "，", "。", "；",
         "\n", "2025年", "2024年", "我局", "未", "行政复议", "、", "行政诉讼", "因政府信息公开引起的", "（", "）", "其中",
         "…", " ", "\x01", "一、", "共"]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join) | st.text(), st.none() | st.integers(0, 3000))
def test_any_text_is_understood_or_not(prose: str, year: int | None) -> None:
    for problem in contradictions(submission(prose, year=year)):
        assert len(problem.message.partition("“")[2].partition("”，")[0]) <= 40


@pytest.mark.parametrize(
    "piece",
    ["本年", "，本年", "本年度本年度", "，收到政府信息公开申请3件", "，收到政府信息公开申请共", "1,111", "，未发生因政府信息公开工作而引起的",
     "，结转至下年", "、行政诉讼2件", "一是", "新", "；", "\n", "，2025年1月1日至", "收到政府信息公开申请3件\n", "温县科学技术局",
     "，作出行政许可决定1件", "截至2025年底，", "，办结3件"],
)  # fmt: skip
def test_the_longest_hostile_prose_takes_no_long_time(piece: str) -> None:
    prose = (piece * (32767 // len(piece) + 1))[:32767]
    said = submission(prose)
    start = perf_counter()
    list(contradictions(said))
    assert perf_counter() - start < 1


def test_leads_that_are_ambiguous_take_no_long_time_either() -> None:
    (prose,) = BOOK.form.prose
    form = replace(BOOK.form, prose=(replace(prose, leads=("甲", "甲甲", "甲甲甲")),))
    said = replace(submission(f"，{'甲' * 28}" * 1000), book=replace(BOOK, form=form))
    start = perf_counter()
    assert list(contradictions(said)) == []
    assert perf_counter() - start < 1


# What each published report says of itself; their tables are all zeros but for the documents of one.
SAID = {
    "jiaocheng-2025": 0,
    "jishan-2022": 0,
    "unsigned-2025": 2,
    "wenxi-2024": 0,
    "wenxian-2025": 2,
}


@pytest.mark.parametrize(("report", "claims"), SAID.items())
def test_published_reports_agree_with_their_own_zeros_and_are_told_of_others(report: str, claims: int) -> None:
    path = REPORTS / f"{report}.txt"
    if not path.is_file():
        pytest.skip("the published reports are not here")
    prose, year = path.read_text("utf-8"), int(report[-4:])
    parts = prose.partition("二、主动公开政府信息情况")[0] + "\n五、" + prose.rpartition("五、存在的主要问题")[2]
    assert told(parts, {}, year) == []
    assert len(told(parts, None, year)) == claims
