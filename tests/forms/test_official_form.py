"""The built-in form says what 国办公开办函〔2021〕30号 prints; the lists below were typed in separately."""

import io

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.official import official
from toolkit.form.model import Axis, Table
from toolkit.workbook.template import template_bytes

FORM = official().book.form

# label, row, groups over it
PROACTIVE = [
    ("第二十条第（一）项", "信息内容", ["规章 gov_rules", "行政规范性文件 normative_documents"],
     ["本年制发件数 issued", "本年废止件数 repealed", "现行有效件数 in_force"]),
    ("第二十条第（五）项", "信息内容", ["行政许可 admin_licensing"], ["本年处理决定数量 decisions"]),
    ("第二十条第（六）项", "信息内容", ["行政处罚 admin_penalty", "行政强制 admin_compulsion"],
     ["本年处理决定数量 decisions"]),
    ("第二十条第（八）项", "信息内容", ["行政事业性收费 admin_fees"], ["本年收费金额（单位：万元） amount_wan_yuan"]),
]  # fmt: skip

CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
APPLICANTS = """
自然人             natural_person           申请人情况
商业企业           commercial_enterprise    申请人情况 法人或其他组织
科研机构           research_institution     申请人情况 法人或其他组织
社会公益组织       public_interest_org      申请人情况 法人或其他组织
法律服务机构       legal_service_org        申请人情况 法人或其他组织
其他               other_org                申请人情况 法人或其他组织
总计               total                    申请人情况
"""
REQUESTS = """
一、本年新收政府信息公开申请数量                            new_received
二、上年结转政府信息公开申请数量                            carried_in
（一）予以公开                                              granted                                三、本年度办理结果
（二）部分公开（区分处理的，只计这一情形，不计其他情形）    partially_granted                      三、本年度办理结果
1.属于国家秘密                                              denied.state_secret                    三、本年度办理结果 （三）不予公开
2.其他法律行政法规禁止公开                                  denied.other_law_prohibits             三、本年度办理结果 （三）不予公开
3.危及“三安全一稳定”                                        denied.security_and_stability          三、本年度办理结果 （三）不予公开
4.保护第三方合法权益                                        denied.third_party_rights              三、本年度办理结果 （三）不予公开
5.属于三类内部事务信息                                      denied.internal_affairs                三、本年度办理结果 （三）不予公开
6.属于四类过程性信息                                        denied.process_information             三、本年度办理结果 （三）不予公开
7.属于行政执法案卷                                          denied.enforcement_case_file           三、本年度办理结果 （三）不予公开
8.属于行政查询事项                                          denied.administrative_inquiry          三、本年度办理结果 （三）不予公开
1.本机关不掌握相关政府信息                                  unavailable.not_held                   三、本年度办理结果 （四）无法提供
2.没有现成信息需要另行制作                                  unavailable.requires_creation          三、本年度办理结果 （四）无法提供
3.补正后申请内容仍不明确                                    unavailable.unclear_after_correction   三、本年度办理结果 （四）无法提供
1.信访举报投诉类申请                                        not_processed.petition_or_complaint    三、本年度办理结果 （五）不予处理
2.重复申请                                                  not_processed.repeated_request         三、本年度办理结果 （五）不予处理
3.要求提供公开出版物                                        not_processed.public_publication       三、本年度办理结果 （五）不予处理
4.无正当理由大量反复申请                                    not_processed.excessive_requests       三、本年度办理结果 （五）不予处理
5.要求行政机关确认或重新出具已获取信息                      not_processed.confirm_or_reissue       三、本年度办理结果 （五）不予处理
1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请  other_handling.correction_overdue   三、本年度办理结果 （六）其他处理
2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请  other_handling.fee_overdue  三、本年度办理结果 （六）其他处理
3.其他                                                      other_handling.miscellaneous           三、本年度办理结果 （六）其他处理
（七）总计                                                  total_handled                          三、本年度办理结果
四、结转下年度继续办理                                      carried_forward
"""  # noqa: E501
DISPUTES = """
行政复议            review
未经复议直接起诉    litigation_direct          行政诉讼
复议后起诉          litigation_after_review    行政诉讼
"""
OUTCOMES = """
结果维持    upheld
结果纠正    corrected
其他结果    other_outcome
尚未审结    pending
总计        total
"""

# id, each, severity, whether an explanation is taken, how many checks it makes
RULES = """
requests.balance            column    error      no     7
requests.total_handled      column    error      no     7
requests.total              row       error      no     25
disputes.total              row       error      no     3
requests.carry_over         column    error      yes    7
proactive.in_force_floor    row       warning    yes    2
proactive.in_force_roll     row       warning    yes    2
"""

ALIASES = {
    "本年废止件数": ("本年度止件数",),
    "2.其他法律行政法规禁止公开": ("2.其他法律法规禁止公开", "2.其他法律法规规章禁止公开"),
}

# Every printed text of the three sheets, with the cells it is merged over.
PROACTIVE_PRINT = """
A1:D1    二、主动公开政府信息情况
A2       本表空白格均为零（是／否）：
A3:D3    第二十条第（一）项
A4       信息内容
B4       本年制发件数
C4       本年废止件数
D4       现行有效件数
E4       有效件数
F4       上年现行有效件数
G4       逐年滚动
A5       规章
A6       行政规范性文件
A7:D7    第二十条第（五）项
A8       信息内容
B8:D8    本年处理决定数量
A9       行政许可
A10:D10  第二十条第（六）项
A11      信息内容
B11:D11  本年处理决定数量
A12      行政处罚
A13      行政强制
A14:D14  第二十条第（八）项
A15      信息内容
B15:D15  本年收费金额（单位：万元）
A16      行政事业性收费
A17      备注
"""
REQUESTS_PRINT = """
A1:J1    三、收到和处理政府信息公开申请情况
A2:C2    本表空白格均为零（是／否）：
A3:C3    勾稽校验
A4:C4    上年衔接
A5:C7    （本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）
D5:J5    申请人情况
D6:D7    自然人
E6:I6    法人或其他组织
J6:J7    总计
E7       商业企业
F7       科研机构
G7       社会公益组织
H7       法律服务机构
I7       其他
A8:C8    一、本年新收政府信息公开申请数量
A9:C9    二、上年结转政府信息公开申请数量
A10:A31  三、本年度办理结果
B10:C10  （一）予以公开
B11:C11  （二）部分公开（区分处理的，只计这一情形，不计其他情形）
B12:B19  （三）不予公开
C12      1.属于国家秘密
C13      2.其他法律行政法规禁止公开
C14      3.危及“三安全一稳定”
C15      4.保护第三方合法权益
C16      5.属于三类内部事务信息
C17      6.属于四类过程性信息
C18      7.属于行政执法案卷
C19      8.属于行政查询事项
B20:B22  （四）无法提供
C20      1.本机关不掌握相关政府信息
C21      2.没有现成信息需要另行制作
C22      3.补正后申请内容仍不明确
B23:B27  （五）不予处理
C23      1.信访举报投诉类申请
C24      2.重复申请
C25      3.要求提供公开出版物
C26      4.无正当理由大量反复申请
C27      5.要求行政机关确认或重新出具已获取信息
B28:B30  （六）其他处理
C28      1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请
C29      2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请
C30      3.其他
B31:C31  （七）总计
A32:C32  四、结转下年度继续办理
A33:C33  备注
A34:C34  上年报告：四、结转下年度
"""
DISPUTES_PRINT = """
A1:O1    四、政府信息公开行政复议、行政诉讼情况
A2:E2    本表空白格均为零（是／否）：
A3:E4    行政复议
F3:O3    行政诉讼
F4:J4    未经复议直接起诉
K4:O4    复议后起诉
A5       结果维持
B5       结果纠正
C5       其他结果
D5       尚未审结
E5       总计
F5       结果维持
G5       结果纠正
H5       其他结果
I5       尚未审结
J5       总计
K5       结果维持
L5       结果纠正
M5       其他结果
N5       尚未审结
O5       总计
A7:C7    备注
"""


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


def declared(axis: Axis) -> list[list[str]]:
    """Label, name and groups of every item, as the lists above write them."""
    return [
        [item.label, item.name, *(group.label for group in axis.over(index))] for index, item in enumerate(axis.items)
    ]


def only_block(table: Table) -> tuple[Axis, Axis, str, str]:
    (block,) = table.blocks
    return block.rows, block.columns, block.title, block.corner


def printed(sheet: Worksheet) -> list[list[str]]:
    """The texts of a sheet that are no live formulas, row by row, with the range each is merged over."""
    merged = {str(area).split(":")[0]: str(area) for area in sheet.merged_cells.ranges}
    return [
        [merged.get(cell.coordinate, cell.coordinate), cell.value]
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and not cell.value.startswith("=")
    ]


def test_the_form_says_what_it_is() -> None:
    assert (FORM.id, FORM.code, FORM.version, FORM.title, FORM.authority, FORM.first_year) == (
        "ogi-annual-report-2021", "OGI2021", 1, "政府信息公开工作年度报告", "国办公开办函〔2021〕30号", 2021,
    )  # fmt: skip


def test_its_tables_are_sections_two_three_and_four() -> None:
    assert [(table.name, table.title, table.short, table.side_by_side) for table in FORM.tables] == [
        ("proactive", "二、主动公开政府信息情况", "表二", False),
        ("requests", "三、收到和处理政府信息公开申请情况", "表三", False),
        ("disputes", "四、政府信息公开行政复议、行政诉讼情况", "表四", True),
    ]


def test_section_two_has_four_blocks() -> None:
    blocks = FORM.table("proactive").blocks
    assert [
        (block.title, block.corner, [" ".join(item) for item in declared(block.rows)],
         [" ".join(item) for item in declared(block.columns)]) for block in blocks
    ] == PROACTIVE  # fmt: skip


def test_section_three_has_25_rows_and_7_columns() -> None:
    rows, columns, title, corner = only_block(FORM.table("requests"))
    assert (declared(rows), declared(columns), title, corner) == (lines(REQUESTS), lines(APPLICANTS), "", CORNER)


def test_section_four_has_three_procedures_with_five_outcomes() -> None:
    rows, columns, title, corner = only_block(FORM.table("disputes"))
    assert (declared(rows), declared(columns), title, corner) == (lines(DISPUTES), lines(OUTCOMES), "", "")


def keys_of_the_lists() -> list[str]:
    """All keys, put together from the lists above."""
    two = [
        f"proactive.{row.split()[-1]}.{column.split()[-1]}"
        for _, _, rows, columns in PROACTIVE for row in rows for column in columns
    ]  # fmt: skip
    three = [f"requests.{row[1]}.{column[1]}" for row in lines(REQUESTS) for column in lines(APPLICANTS)]
    four = [f"disputes.{row[1]}.{column[1]}" for row in lines(DISPUTES) for column in lines(OUTCOMES)]
    return two + three + four


def test_it_has_200_cells_of_which_166_are_typed_and_34_computed() -> None:
    book, keys = official().book, keys_of_the_lists()
    computed = {
        key for key in keys
        if (key.startswith(("requests.", "disputes.")) and key.endswith(".total")) or ".total_handled." in key
    }  # fmt: skip
    assert (len(keys), len(keys) - len(computed), len(computed)) == (200, 166, 34)
    assert [str(key) for key in book.cells] == keys
    assert [str(key) for key in book.typed] == [key for key in keys if key not in computed]
    assert {str(key) for key in book.computed} == computed


def test_every_figure_is_a_count_but_the_fee() -> None:
    book = official().book
    assert {str(key): cell.decimals for key, cell in book.cells.items() if cell.decimals} == {
        "proactive.admin_fees.amount_wan_yuan": 6
    }


def test_its_rules_are_the_seven_of_the_authority() -> None:
    book = official().book
    found = [
        [rule.id, rule.each, rule.severity.value, "yes" if rule.explainable else "no", str(len(book.checks_of(rule)))]
        for rule in FORM.rules
    ]
    assert sorted(found) == sorted(lines(RULES))


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("requests.balance", "new_received + carried_in = total_handled + carried_forward"),
        ("requests.total_handled", "total_handled = granted..other_handling.miscellaneous"),
        ("requests.total", "total = natural_person..other_org"),
        ("disputes.total", "total = upheld..pending"),
        ("requests.carry_over", "carried_in = prior.carried_forward"),
        ("proactive.in_force_floor", "in_force >= issued - repealed"),
        ("proactive.in_force_roll", "in_force = prior.in_force + issued - repealed"),
    ],
)
def test_a_rule_says_its_equation(rule: str, says: str) -> None:
    assert FORM.rule(rule).equation.text == says


def test_the_total_of_results_adds_up_21_rows() -> None:
    (first, *_) = official().book.checks_of(FORM.rule("requests.total_handled"))
    assert [str(key) for _, key in first.right] == [
        f"requests.{row[1]}.natural_person" for row in lines(REQUESTS) if row[1].startswith((
            "granted", "partially_granted", "denied.", "unavailable.", "not_processed.", "other_handling.",
        ))
    ]  # fmt: skip
    assert len(first.right) == 21


def test_labels_copied_wrong_in_real_files_are_known() -> None:
    axes = [axis for table in FORM.tables for block in table.blocks for axis in (block.rows, block.columns)]
    assert {item.label: item.aliases for axis in axes for item in axis.items if item.aliases} == ALIASES


def test_the_prose_sections_are_one_five_and_six() -> None:
    assert [field.label for field in FORM.narratives] == [
        "一、总体情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "texts"),
    [("表二主动公开", PROACTIVE_PRINT), ("表三依申请公开", REQUESTS_PRINT), ("表四复议诉讼", DISPUTES_PRINT)],
)
def test_the_blank_workbook_prints_the_official_layout(sheet: str, texts: str) -> None:
    workbook = load_workbook(io.BytesIO(template_bytes(official())))
    assert printed(workbook[sheet]) == lines(texts)


def test_every_key_names_the_cell_under_and_beside_its_labels() -> None:
    workbook = load_workbook(io.BytesIO(template_bytes(official())))
    named = {name: defined.attr_text for name, defined in workbook.defined_names.items()}
    keys = keys_of_the_lists()
    assert [key for key in keys if key not in named] == []
    assert {key: labels_around(workbook[sheet_of(named[key])], cell_of(named[key])) for key in keys} == {
        key: labels_of(key) for key in keys
    }
    assert len({named[key] for key in keys}) == 200


def sheet_of(place: str | None) -> str:
    return str(place).split("!")[0]


def cell_of(place: str | None) -> str:
    return str(place).split("!")[1].replace("$", "")


def labels_of(key: str) -> tuple[str, str]:
    """The row and column label that the lists above give a key."""
    table, rest = key.split(".", 1)
    row, column = rest.rsplit(".", 1)
    rows = {"requests": lines(REQUESTS), "disputes": lines(DISPUTES)}
    columns = {"requests": lines(APPLICANTS), "disputes": lines(OUTCOMES)}
    if table == "proactive":
        rows[table] = [name.split() for _, _, names, _ in PROACTIVE for name in names]
        columns[table] = [name.split() for _, _, _, names in PROACTIVE for name in names]
    row_label = next(label for label, name, *_ in rows[table] if name == row)
    column_label = next(label for label, name, *_ in columns[table] if name == column)
    return row_label, column_label


def labels_around(sheet: Worksheet, address: str) -> tuple[str, str]:
    """What a reader sees at a cell: the text nearest to its left in its row, and nearest above it; merged texts count
    wherever they reach. In section four the row's label is the text just above the column's."""
    texts: dict[tuple[int, int], str] = {}
    for cell_range, text in printed(sheet):
        for cells in sheet[cell_range] if ":" in cell_range else ((sheet[cell_range],),):
            texts |= {(cell.row, cell.column): text for cell in cells}
    cell = sheet[address]
    above = [texts[at, cell.column] for at in range(cell.row - 1, 0, -1) if (at, cell.column) in texts]
    beside = [texts[cell.row, at] for at in range(cell.column - 1, 0, -1) if (cell.row, at) in texts]
    if sheet.title == "表四复议诉讼":
        return above[1], above[0]
    return beside[0], above[0]
