"""Every rule and every problem of a workbook is told at its sheet and cell, and nothing else is told."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.intake import alter
from tests.official import AGENCY, ALL_ZERO, ISSUE, figures, filled, key, official, read
from toolkit.audit.submission import Submission
from toolkit.workbook.known import know
from toolkit.workbook.template import Filling, Issue, template_bytes

TWO, THREE, FOUR = "表二主动公开", "表三依申请公开", "表四复议诉讼"

Told = tuple[str, str, str | None, str | None]


def told(data: bytes) -> list[Told]:
    """Code, severity, sheet and cell of every problem of a workbook."""
    return [(each.code, each.severity.value, each.where.sheet, each.where.cell) for each in read(data).problems]


def with_prior(written: dict[str, int | str], prior: dict[str, int | str]) -> bytes:
    """A workbook issued with figures of last year's report and filled in."""
    return filled(written, issue=replace(ISSUE, prior=figures(prior)))


def explained(rule: str, written: dict[str, int | str], prior: dict[str, int | str]) -> bytes:
    """The same with an explanation typed beside one rule."""
    return alter.put_text(with_prior(written, prior), f"explain.{rule}", "机构改革，划入三个单位。")


def of_version(version: int) -> bytes:
    """A workbook of another version of the form."""
    other = know(replace(official().book.form, version=version))
    return template_bytes(other, ISSUE, Filling(declared_zero=ALL_ZERO))


def of_form(code: str) -> bytes:
    """A workbook of another form."""
    other = know(replace(official().book.form, code=code))
    return template_bytes(other, ISSUE, Filling(declared_zero=ALL_ZERO))


def with_blanks(table: str) -> bytes:
    """A workbook where one table is left empty and not declared to be zero."""
    return filled({}, tuple(name for name in ALL_ZERO if name != table))


def one_blank() -> bytes:
    """A workbook where one cell of section four is left empty, the others typed as 0."""
    rows, columns = ("review", "litigation_direct", "litigation_after_review"), ("upheld", "corrected", "other_outcome")
    typed = {f"disputes.{row}.{column}": 0 for row in rows for column in (*columns, "pending")}
    del typed["disputes.litigation_direct.pending"]
    return filled(dict(typed), ("proactive", "requests"))


COVER_OPEN = Filling(declared_zero=ALL_ZERO)
NATURAL = "requests.{}.natural_person"
NEW, IN, GRANTED, FORWARD = (
    NATURAL.format(row) for row in ("new_received", "carried_in", "granted", "carried_forward")
)
RULES, DOCUMENTS = "proactive.gov_rules", "proactive.normative_documents"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

BROKEN_RULES: list[tuple[str, Callable[[], bytes], list[Told]]] = [
    ("自然人 1 + 0，总计 0 + 0",
     lambda: filled({NEW: 1}), [("requests.balance", "error", THREE, "D8")]),
    ("商业企业 0 + 2，总计 1 + 0",
     lambda: filled({"requests.carried_in.commercial_enterprise": 2, "requests.granted.commercial_enterprise": 1}),
     [("requests.balance", "error", THREE, "E8")]),
    ("科研机构 3 + 0，总计 2 + 2",
     lambda: filled({"requests.new_received.research_institution": 3,
                     "requests.other_handling.miscellaneous.research_institution": 2,
                     "requests.carried_forward.research_institution": 2}),
     [("requests.balance", "error", THREE, "F8")]),
    ("社会公益组织 0 + 0，总计 1 + 0",
     lambda: filled({"requests.denied.state_secret.public_interest_org": 1}),
     [("requests.balance", "error", THREE, "G8")]),
    ("法律服务机构 0 + 0，总计 0 + 1",
     lambda: filled({"requests.carried_forward.legal_service_org": 1}),
     [("requests.balance", "error", THREE, "H8")]),
    ("其他 62，总计 63",
     lambda: filled({"requests.new_received.other_org": 62, "requests.granted.other_org": 63}),
     [("requests.balance", "error", THREE, "I8")]),
    ("two columns that make up for each other",
     lambda: filled({NEW: 1, "requests.granted.commercial_enterprise": 1}),
     [("requests.balance", "error", THREE, "D8"), ("requests.balance", "error", THREE, "E8")]),
    ("结转 1 where last year's report carried 2 forward",
     lambda: with_prior({IN: 1, GRANTED: 1}, {f"prior.{FORWARD}": 2}),
     [("requests.carry_over", "error", THREE, "D9")]),
    ("the same, and last year's total known too",
     lambda: with_prior({IN: 1, GRANTED: 1}, {f"prior.{FORWARD}": 2, "prior.requests.carried_forward.total": 2}),
     [("requests.carry_over", "error", THREE, "D9")]),
    ("only last year's total known",
     lambda: with_prior({IN: 1, GRANTED: 1}, {"prior.requests.carried_forward.total": 2}),
     [("requests.carry_over", "error", THREE, "J9")]),
    ("结转 1, explained",
     lambda: explained("requests.carry_over", {IN: 1, GRANTED: 1}, {f"prior.{FORWARD}": 2}),
     [("requests.carry_over", "warning", THREE, "D9")]),
    ("规章 in force 3, issued 5",
     lambda: filled({f"{RULES}.issued": 5, f"{RULES}.in_force": 3}),
     [("proactive.in_force_floor", "warning", TWO, "D5")]),
    ("行政规范性文件 in force 3, issued 5, repealed 1",
     lambda: filled({f"{DOCUMENTS}.issued": 5, f"{DOCUMENTS}.repealed": 1, f"{DOCUMENTS}.in_force": 3}),
     [("proactive.in_force_floor", "warning", TWO, "D6")]),
    ("规章 in force 12, last year 10 + 2 - 1",
     lambda: with_prior({f"{RULES}.issued": 2, f"{RULES}.repealed": 1, f"{RULES}.in_force": 12},
                        {f"prior.{RULES}.in_force": 10}),
     [("proactive.in_force_roll", "warning", TWO, "D5")]),
    ("行政规范性文件 in force 10, last year 10 + 2 - 1",
     lambda: with_prior({f"{DOCUMENTS}.issued": 2, f"{DOCUMENTS}.repealed": 1, f"{DOCUMENTS}.in_force": 10},
                        {f"prior.{DOCUMENTS}.in_force": 10}),
     [("proactive.in_force_roll", "warning", TWO, "D6")]),
]  # fmt: skip

OVERWRITTEN: list[tuple[str, Callable[[], bytes], list[Told]]] = [
    ("requests.total", lambda: alter.put_number(filled({}), "requests.new_received.total", "7"),
     [("total-overwritten", "error", THREE, "J8")]),
    ("requests.total_handled", lambda: alter.put_number(filled({}), "requests.total_handled.natural_person", "7"),
     [("total-overwritten", "error", THREE, "D31")]),
    ("the corner both totals meet in", lambda: alter.put_number(filled({}), "requests.total_handled.total", "7"),
     [("total-overwritten", "error", THREE, "J31")]),
    ("disputes.total", lambda: alter.put_number(filled({}), "disputes.review.total", "7"),
     [("total-overwritten", "error", FOUR, "E6")]),
    ("a total typed as text", lambda: alter.put_text(filled({}), "disputes.litigation_direct.total", "１"),
     [("total-overwritten", "error", FOUR, "J6")]),
    ("a total typed over with the right number", lambda: alter.put_number(filled({}), "disputes.review.total", "0"),
     []),
]  # fmt: skip

CELLS: list[tuple[str, Callable[[], bytes], list[Told]]] = [
    ("one blank cell", one_blank,
     [("blank", "error", FOUR, "I6")]),
    ("an empty table", lambda: with_blanks("disputes"), [("blank", "error", FOUR, "A6")]),
    ("an empty table, declared 否",
     lambda: alter.put_text(with_blanks("disputes"), "disputes.blanks_are_zero", "否"),
     [("blank", "error", FOUR, "A6")]),
    ("3件", lambda: alter.put_text(filled({}), "proactive.admin_penalty.decisions", "3件"),
     [("normalised", "notice", TWO, "B12")]),
    ("a number with a remark",
     lambda: alter.put_text(filled({}), "proactive.admin_penalty.decisions", "55（含自然失效29件）"),
     [("normalised", "notice", TWO, "B12")]),
    ("a number that a date may have become",
     lambda: alter.put_number(filled({}), "proactive.admin_penalty.decisions", "45720"),
     [("not-a-number", "warning", TWO, "B12")]),
    ("an amount with a measure word",
     lambda: alter.put_text(filled({}), "proactive.admin_fees.amount_wan_yuan", "3件"),
     [("not-a-number", "error", TWO, "B16")]),
    ("#REF!", lambda: alter.put_raw(filled({}), NEW, "<v>#REF!</v>", "e"), [("not-a-number", "error", THREE, "D8")]),
    ("TRUE", lambda: alter.put_raw(filled({}), NEW, "<v>1</v>", "b"), [("not-a-number", "error", THREE, "D8")]),
    ("a date", lambda: alter.put_raw(filled({}), NEW, "<v>2025-01-01</v>", "d"),
     [("not-a-number", "error", THREE, "D8")]),
    ("-1", lambda: alter.put_number(filled({}), GRANTED, "-1"), [("negative", "error", THREE, "D10")]),
    ("2.5", lambda: alter.put_number(filled({}), "disputes.litigation_after_review.pending", "2.5"),
     [("not-whole", "error", FOUR, "N6")]),
    ("a fee of seven places", lambda: alter.put_number(filled({}), "proactive.admin_fees.amount_wan_yuan", "0.1234567"),
     [("not-whole", "error", TWO, "B16")]),
    ("=0+0, its result stored", lambda: alter.put_formula(filled({}), NEW, "0+0", "0"),
     [("formula-in-input", "warning", THREE, "D8")]),
    ("=3+4, its result not stored", lambda: alter.put_formula(filled({}), NEW, "3+4", None),
     [("formula-in-input", "error", THREE, "D8")]),
    ("a formula that results in an unseen space",
     lambda: alter.put_raw(filled({}), NEW, '<f>" "</f><v xml:space="preserve"> </v>', "str"),
     [("formula-in-input", "error", THREE, "D8")]),
    ("a formula that results in #DIV/0!", lambda: alter.put_raw(filled({}), NEW, "<f>1/0</f><v>#DIV/0!</v>", "e"),
     [("not-a-number", "error", THREE, "D8")]),
    ("a formula that results in -1", lambda: alter.put_formula(filled({}), NEW, "1-2", "-1"),
     [("negative", "error", THREE, "D8")]),
    ("０ as text", lambda: alter.put_text(filled({}), NEW, " ０ "), [("normalised", "notice", THREE, "D8")]),
    ("2.9999999999999996", lambda: alter.put_number(filled({GRANTED: 3}), NEW, "2.9999999999999996"),
     [("normalised", "notice", THREE, "D8")]),
]  # fmt: skip

SHEETS: list[tuple[str, Callable[[], bytes], list[Told]]] = [
    ("a row's label reworded", lambda: alter.put_text(filled({}), f"{THREE}!C12", "1.属于国家机密"),
     [("label-changed", "warning", THREE, "C12")]),
    ("a row's label erased", lambda: alter.put_nothing(filled({}), f"{THREE}!B10"),
     [("label-changed", "warning", THREE, "B10")]),
    ("a column's label reworded", lambda: alter.put_text(filled({}), f"{THREE}!D6", "个人"),
     [("label-changed", "warning", THREE, "D6")]),
    ("a column's label reworded below one like it", lambda: alter.put_text(filled({}), f"{TWO}!B11", "本年处理数"),
     [("label-changed", "warning", TWO, "B11")]),
    ("the fee's label reworded below another block", lambda: alter.put_text(filled({}), f"{TWO}!B15", "收费（万元）"),
     [("label-changed", "warning", TWO, "B15")]),
    ("the fee's label erased", lambda: alter.put_nothing(filled({}), f"{TWO}!B15"),
     [("label-changed", "warning", TWO, "B15")]),
    ("a row put in above", lambda: alter.with_row_inserted(filled({}), TWO, 3), []),
    ("a row put in between a label and its cells", lambda: alter.with_row_inserted(filled({}), TWO, 12), []),
    ("a row put in above, and a label reworded",
     lambda: alter.put_text(alter.with_row_inserted(filled({}), TWO, 3), f"{TWO}!B16", "收费（万元）"),
     [("label-changed", "warning", TWO, "B16")]),
    ("a label of a row beside others reworded", lambda: alter.put_text(filled({}), f"{FOUR}!F4", "直接起诉"),
     [("label-changed", "warning", FOUR, "F4")]),
    ("a label in half-width brackets and spaces", lambda: alter.put_text(filled({}), f"{THREE}!B10", "(一) 予以公 开"),
     []),
    ("a label as two counties have it", lambda: alter.put_text(filled({}), f"{TWO}!C4", "本年度止件数"), []),
    ("a row's label put where another belongs", lambda: alter.put_text(filled({}), f"{THREE}!B10", "（七）总计"),
     [("cells-moved", "error", THREE, "D10")]),
    ("the names of two cells exchanged",
     lambda: alter.with_name_at(alter.with_name_at(filled({}), NEW, f"{THREE}!$D$9"), IN, f"{THREE}!$D$8"),
     [("cells-moved", "error", THREE, "D9")]),
    ("a cell moved out of the table", lambda: alter.with_name_at(filled({}), NEW, f"{THREE}!$Z$60"),
     [("cells-moved", "error", THREE, "Z60")]),
    ("a cell moved to the last row there can be", lambda: alter.with_name_at(filled({}), NEW, f"{THREE}!$D$9999999"),
     [("cells-moved", "error", THREE, "D8")]),
    ("a cell moved to another table", lambda: alter.with_name_at(filled({}), NEW, f"{TWO}!$B$5"),
     [("cells-moved", "error", THREE, "D8")]),
    ("a cell deleted", lambda: alter.with_name_at(filled({}), GRANTED, "#REF!"),
     [("cells-moved", "error", THREE, "D10")]),
    ("a name given to two cells",
     lambda: alter.replaced(filled({}), "xl/workbook.xml", "</definedNames>",
                            f'<definedName name="{GRANTED}">{THREE}!$D$11</definedName></definedNames>'),
     [("cells-moved", "error", THREE, "D10")]),
    ("a name deleted", lambda: alter.without_name(filled({}), "disputes.review.upheld"),
     [("cells-moved", "warning", FOUR, "A6")]),
    ("a name and the label beside it gone",
     lambda: alter.put_text(alter.without_name(filled({}), GRANTED), f"{THREE}!B10", "别的"),
     [("label-changed", "warning", THREE, "B10"), ("cells-moved", "error", THREE, "D10")]),
    ("a sheet deleted", lambda: alter.without_sheet(filled({}), FOUR), [("sheet-missing", "error", FOUR, None)]),
    ("a sheet's protection gone", lambda: alter.unprotected(filled({}), TWO), [("unlocked", "warning", TWO, None)]),
    ("a sheet's protection switched off",
     lambda: alter.replaced(filled({}), alter.part_of(filled({}), TWO), 'tection sheet="1"', 'tection sheet="0"'),
     [("unlocked", "warning", TWO, None)]),
    ("two sheets' protection gone", lambda: alter.unprotected(alter.unprotected(filled({}), THREE), TWO),
     [("unlocked", "warning", TWO, None)]),
    ("a sheet's validations gone", lambda: alter.unvalidated(filled({}), THREE),
     [("validation-lost", "warning", THREE, "D8")]),
    ("one column's validation gone",
     lambda: alter.replaced(filled({}), alter.part_of(filled({}), FOUR), 'sqref="F6:I6"', 'sqref="G6:I6"'),
     [("validation-lost", "warning", FOUR, "F6")]),
    ("a link to another file", lambda: alter.with_member(filled({}), "xl/externalLinks/externalLink1.xml", b"<a/>"),
     [("external-links", "warning", None, None)]),
]  # fmt: skip

COVER: list[tuple[str, Callable[[], bytes], list[Told]]] = [
    ("the year changed", lambda: alter.put_number(filled({}), "report.year", "2024"),
     [("wrong-year", "error", "封面", "B6")]),
    ("the year erased", lambda: alter.put_nothing(filled({}), "report.year"), [("wrong-year", "error", "封面", "B6")]),
    ("no year filled in", lambda: template_bytes(official(), Issue(AGENCY), COVER_OPEN),
     [("wrong-year", "error", "封面", "B6")]),
    ("a year before the form's first",
     lambda: template_bytes(official(), Issue(AGENCY), replace(COVER_OPEN, year=2020)),
     [("wrong-year", "error", "封面", "B6")]),
    ("no agency filled in", lambda: template_bytes(official(), Issue(year=2025), COVER_OPEN),
     [("unknown-agency", "error", "封面", "B4")]),
    ("another agency's code", lambda: alter.put_text(filled({}), "agency.code", "111408250000000024"),
     [("wrong-agency", "error", "封面", "B5")]),
    ("the agency's code erased", lambda: alter.put_nothing(filled({}), "agency.code"),
     [("wrong-agency", "error", "封面", "B5")]),
    ("the agency's code in full-width digits",
     lambda: alter.put_text(filled({}), "agency.code", "１１１４０８２５ ００００００００１６"), []),
    ("another form", lambda: of_form("XKZ2021"), [("wrong-form", "error", None, None)]),
    ("a form code with one character changed",
     lambda: alter.put_text(filled({}), "form.code", "OGI2021-1-2024-111408250000000016-X"),
     [("wrong-form", "error", "封面", "B7")]),
    ("no name for the form code", lambda: alter.without_name(filled({}), "form.code"),
     [("cells-moved", "warning", "封面", "B7")]),
    ("no form code", lambda: alter.put_nothing(filled({}), "form.code"), [("wrong-form", "error", "封面", "B7")]),
    ("another version", lambda: of_version(2), [("wrong-version", "error", None, None)]),
]  # fmt: skip

FILES: list[tuple[str, Callable[[], bytes], list[Told]]] = [
    ("a text", lambda: "单位：温县科学技术局".encode(), [("not-a-workbook", "error", None, None)]),
    ("an .xls with nothing in it", lambda: OLE + bytes(504), [("damaged", "error", None, None)]),
    ("a workbook with a password to open",
     lambda: OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le"), [("encrypted", "error", None, None)]),
    ("a workbook with macros", lambda: alter.with_member(filled({}), "xl/vbaProject.bin", OLE),
     [("macros", "error", None, None)]),
    ("a workbook with 9 MB of pictures",
     lambda: alter.packed({**alter.members(filled({})), "xl/media/a.png": bytes(9 * 2**20)}, 0),
     [("oversized", "error", None, None)]),
    ("half a workbook", lambda: filled({})[:9_000], [("damaged", "error", None, None)]),
]  # fmt: skip

EVERYTHING = [*BROKEN_RULES, *OVERWRITTEN, *CELLS, *SHEETS, *COVER, *FILES]


@pytest.mark.parametrize(("make", "expected"), [case[1:] for case in EVERYTHING], ids=[case[0] for case in EVERYTHING])
def test_a_mistake_is_told_at_its_cell_and_nothing_else_is(make: Callable[[], bytes], expected: list[Told]) -> None:
    assert told(make()) == expected


def test_a_workbook_filled_in_well_has_no_problem() -> None:
    assert told(filled({NEW: 3, IN: 1, GRANTED: 2, FORWARD: 2})) == []


def test_every_code_of_the_contract_that_intake_raises_has_its_workbook() -> None:
    assert {code for _, _, expected in EVERYTHING for code, *_ in expected} == {
        "requests.balance", "requests.carry_over", "proactive.in_force_floor", "proactive.in_force_roll",
        "blank", "not-a-number", "negative", "not-whole", "formula-in-input", "total-overwritten", "label-changed",
        "cells-moved", "sheet-missing", "unlocked", "validation-lost", "wrong-form", "wrong-version", "wrong-year",
        "unknown-agency", "wrong-agency", "not-a-workbook", "encrypted", "macros", "external-links",
        "oversized", "damaged", "normalised",
    }  # fmt: skip


def test_a_broken_balance_names_its_cells_its_numbers_and_the_way_out() -> None:
    (problem,) = read(filled({NEW: 3, IN: 1, GRANTED: 2, FORWARD: 1})).problems
    assert problem.message == (
        "表三依申请公开 D8（一、本年新收·自然人）：一、本年新收 3 + 二、上年结转 1 = 4，"
        "应等于（七）总计 2 + 四、结转下年度 1 = 3，差 +1。"
    )
    assert problem.hint == "请核对该列的新收、结转和各项办理结果；每件申请只计入一种办理结果。"
    assert problem.keys == (
        "requests.new_received.natural_person",
        "requests.carried_in.natural_person",
        "requests.total_handled.natural_person",
        "requests.carried_forward.natural_person",
    )
    assert (problem.expected, problem.found) == (Decimal(4), Decimal(3))


def test_an_explanation_turns_the_error_of_a_carry_over_into_a_warning_that_quotes_it() -> None:
    (problem,) = read(explained("requests.carry_over", {IN: 1, GRANTED: 1}, {f"prior.{FORWARD}": 2})).problems
    assert problem.severity.value == "warning"
    assert problem.message == (
        "表三依申请公开 D9（二、上年结转·自然人）：二、上年结转 1，应等于上年四、结转下年度 2，差 -1。"
        "单位说明：机构改革，划入三个单位。"
    )
    assert problem.hint == "请核对单位的说明是否成立。"


def test_a_table_of_144_blanks_is_one_problem_with_their_number_and_first_addresses() -> None:
    (problem,) = read(with_blanks("requests")).problems
    assert (problem.code, problem.where.sheet, problem.where.cell) == ("blank", THREE, "D8")
    assert problem.message == ("表三依申请公开：有 144 个空白格（D8、E8、F8、G8、H8、I8 等），是 0 还是漏填不明。")
    assert len(problem.keys) == 144


def test_a_blank_leaves_the_rules_it_touches_open_and_the_others_judged() -> None:
    typed: dict[str, int | str] = {str(key): 0 for key in official().book.typed_in("requests")}
    typed |= {NEW: 5, "requests.new_received.other_org": 1}
    del typed[IN]
    assert told(filled(typed, ("proactive", "disputes"))) == [
        ("blank", "error", THREE, "D9"),
        ("requests.balance", "error", THREE, "I8"),
    ]


def test_several_mistakes_in_one_workbook_are_all_told() -> None:
    data = filled({NEW: 1, f"{RULES}.issued": 5}, ("proactive", "requests"))
    data = alter.put_text(data, "proactive.admin_penalty.decisions", "无")
    data = alter.put_number(data, "requests.new_received.total", "9")
    data = alter.put_number(data, "report.year", "2023")
    data = alter.put_text(data, f"{THREE}!C12", "国家秘密")
    data = alter.unprotected(data, FOUR)
    assert told(data) == [
        ("wrong-year", "error", "封面", "B6"),
        ("unlocked", "warning", FOUR, None),
        ("not-a-number", "error", TWO, "B12"),
        ("proactive.in_force_floor", "warning", TWO, "D5"),
        ("label-changed", "warning", THREE, "C12"),
        ("requests.balance", "error", THREE, "D8"),
        ("total-overwritten", "error", THREE, "J8"),
        ("blank", "error", FOUR, "A6"),
    ]


def test_a_remark_behind_a_number_is_kept_and_both_are_said() -> None:
    reading = read(alter.put_text(filled({}), "proactive.admin_penalty.decisions", "55（含自然失效29件）"))
    assert isinstance(reading, Submission)
    penalty = key("proactive.admin_penalty.decisions")
    assert (str(reading.values[penalty]), reading.notes[penalty]) == ("55", "含自然失效29件")
    assert reading.problems[0].message == (
        "表二主动公开 B12（行政处罚·本年处理决定数量）：「55（含自然失效29件）」按 55 读取，"
        "括号里的“含自然失效29件”留作备注。"
    )


def test_a_date_a_truth_value_and_an_error_are_called_what_they_are() -> None:
    raws = {
        "45720": alter.put_number(filled({}), "proactive.admin_penalty.decisions", "45720"),
        "TRUE": alter.put_raw(filled({}), "proactive.admin_penalty.decisions", "<v>1</v>", "b"),
        "#DIV/0!": alter.put_raw(filled({}), "proactive.admin_penalty.decisions", "<v>#DIV/0!</v>", "e"),
    }
    called = "表二主动公开 B12（行政处罚·本年处理决定数量）："
    assert [read(data).problems[0].message for data in raws.values()] == [
        f"{called}45720 按数字读取，但它也可能是日期 2025-03-04 变成的。",
        f"{called}逻辑值「TRUE」不是数字。",
        f"{called}错误值「#DIV/0!」不是数字。",
    ]


def test_figures_are_read_beside_the_mistakes() -> None:
    reading = read(alter.put_text(filled({NEW: 1, GRANTED: 1}), "proactive.admin_penalty.decisions", "无"))
    assert isinstance(reading, Submission)
    found = {str(key): value for key, value in reading.values.items()}
    assert found["proactive.admin_penalty.decisions"] is None
    assert found["requests.total_handled.total"] == 1
    assert found["disputes.review.total"] == 0
