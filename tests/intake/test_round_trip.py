"""What is written into a workbook is read back exactly, whichever way the file's XML says it."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.intake import alter
from tests.official import AGENCY, figures, official, read
from toolkit.audit.submission import Agency, Submission
from toolkit.form.model import Key
from toolkit.problems import Where
from toolkit.workbook.template import Filling, Issue, template_bytes

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TABLES = ("proactive", "requests", "disputes")
FEE = Key("proactive", "admin_fees", "amount_wan_yuan")

AWKWARD = [
    "=cmd|'/c calc'!A1", "+3", "-1", "@SUM(A1)", "{=1}", "#REF!", "TRUE", "3", "2025-01-01", "http://例.cn/", "是",
    "<b>粗体</b>", "&amp;", "]]>", "😀 表情", "'撇号开头", '"引号"', "第一段\n第二段", "甲\t乙",
    "_x000D_", "_x0041_", "_x005F_", "__x_",
]  # fmt: skip


def told(data: bytes) -> list[tuple[str, str | None, str | None]]:
    """Code, sheet and cell of every problem of a workbook."""
    return [(each.code, each.where.sheet, each.where.cell) for each in read(data).problems]


def understood(data: bytes) -> Submission:
    reading = read(data)
    assert isinstance(reading, Submission)
    return reading


def texts() -> st.SearchStrategy[str]:
    """Texts as a cell can hold them; the spaces around one are not kept."""
    letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.just("\n")
    return (st.text(letters, max_size=60) | st.sampled_from(AWKWARD)).map(str.strip)


def shorts(names: list[str]) -> st.SearchStrategy[dict[str, str]]:
    """A text for each of these names."""
    return st.fixed_dictionaries({name: texts() for name in names})


def typed_figures() -> st.SearchStrategy[dict[Key, Decimal]]:
    """A count in some typed cells, an amount of up to six places in the fee's."""
    counts = st.dictionaries(st.sampled_from(official().book.typed), st.integers(0, 10**9).map(Decimal))
    fees = st.none() | st.decimals(0, 10**8, places=6, allow_nan=False)
    return st.builds(
        lambda some, fee: {**some, FEE: fee} if fee is not None else {**some, FEE: Decimal(1)}, counts, fees
    )


def fillings() -> st.SearchStrategy[Filling]:
    form = official().book.form
    return st.builds(
        Filling,
        figures=typed_figures(),
        declared_zero=st.sets(st.sampled_from(TABLES)).map(lambda chosen: tuple(t for t in TABLES if t in chosen)),
        narrative=shorts([field.name for field in form.narratives]),
        people=shorts([field.name for field in form.people]),
        remarks=shorts(list(TABLES)),
        explanations=shorts([rule.id for rule in form.rules if rule.explainable]),
        agency=st.builds(Agency, texts(), st.from_regex(r"[0-9A-Z]{18}", fullmatch=True)),
        year=st.integers(2021, 2999),
    )


@settings(
    max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)  # shrinking takes minutes
@given(fillings())
@pytest.mark.long
def test_an_open_workbook_reads_back_exactly_as_it_was_filled_in(filling: Filling) -> None:
    known = official()
    reading = understood(template_bytes(known, Issue(), filling))
    blanks = {key: Decimal(0) if key.table in filling.declared_zero else None for key in known.book.typed}
    assert {key: reading.values[key] for key in known.book.typed} == {**blanks, **filling.figures}
    assert reading.declared_zero == filling.declared_zero
    assert reading.narrative == filling.narrative
    assert reading.people == filling.people
    assert reading.remarks == {name: text for name, text in filling.remarks.items() if text}
    assert reading.explanations == {name: text for name, text in filling.explanations.items() if text}
    assert (reading.agency, reading.year) == (filling.agency, filling.year)
    assert reading.overwritten == {}
    assert reading.places == {key: Where("a.xlsx", area.sheet, area.cell) for key, area in known.layout.cells.items()}
    dates = {str(key) for key, value in filling.figures.items() if 36526 <= value <= 55153 and key != FEE}
    assert {each.keys[0] for each in reading.problems if each.code == "not-a-number"} == dates
    codes = {each.code for each in reading.problems}
    assert codes <= {"blank", "normalised", "not-a-number", "requests.balance", "proactive.in_force_floor"}


@settings(max_examples=10, deadline=None)
@given(st.dictionaries(st.sampled_from(official().book.prior), st.integers(0, 10**9).map(Decimal)))
def test_last_years_figures_read_back_under_their_prior_keys(prior: dict[Key, Decimal]) -> None:
    reading = understood(template_bytes(official(), Issue(AGENCY, 2025, prior)))
    found = {key: value for key, value in reading.values.items() if key.is_prior}
    assert found == {**dict.fromkeys(official().book.prior), **prior}
    assert (reading.agency, reading.year) == (AGENCY, 2025)


WRITTEN = Filling(
    figures=figures({
        "requests.new_received.natural_person": 3,
        "requests.granted.natural_person": 3,
        "requests.new_received.commercial_enterprise": 2,
        "requests.granted.commercial_enterprise": 2,
        "proactive.admin_fees.amount_wan_yuan": "1.25",
        "disputes.review.upheld": 12345,
    }),
    declared_zero=TABLES,
    narrative={"overview": "一、总体\n  第二段 <b>&", "problems": "=1+1", "other": "没有"},
    people={"preparer": "张三", "reviewer": " 李四", "head": "'王五", "phone": "0391-6190000"},
    remarks={"requests": "表三备注"},
    explanations={"requests.carry_over": "说明"},
)  # fmt: skip


def written() -> bytes:
    return template_bytes(official(), Issue(AGENCY, 2025), WRITTEN)


def sheets_of(data: bytes) -> list[str]:
    return [name for name in alter.members(data) if name.startswith("xl/worksheets/sheet")]


def each_sheet(data: bytes, edit: alter.Edit) -> bytes:
    for name in sheets_of(data):
        data = alter.edited(data, name, edit)
    return data


def strings_of(data: bytes) -> list[str]:
    """The shared strings, as XML text."""
    return re.findall(r"<si><t[^>]*>(.*?)</t></si>", alter.members(data)["xl/sharedStrings.xml"].decode(), re.DOTALL)


def with_prefixes(data: bytes) -> bytes:
    """Every element of the spreadsheet's namespace written `x:…`."""

    def edit(text: str) -> str:
        return re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", text).replace(
            f'xmlns="{SPREADSHEET}"', f'xmlns:x="{SPREADSHEET}"'
        )

    for name in ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"):
        data = alter.edited(data, name, edit)
    return each_sheet(data, edit)


def without_addresses(data: bytes) -> bytes:
    """No cell and no row says where it is: gaps are filled with empty ones."""

    def edit(text: str) -> str:
        root = ET.fromstring(text)
        grid = next(element for element in root if element.tag.endswith("sheetData"))
        rows = {int(row.attrib.pop("r")): row for row in grid}
        grid[:] = [rows.get(number, ET.Element(f"{{{SPREADSHEET}}}row")) for number in range(1, max(rows) + 1)]
        for row in grid:
            cells = {number_of(cell.attrib.pop("r")): cell for cell in row}
            last = max(cells, default=0)
            row[:] = [cells.get(number, ET.Element(f"{{{SPREADSHEET}}}c")) for number in range(1, last + 1)]
        return ET.tostring(root, encoding="unicode")

    return each_sheet(data, edit)


def with_few_addresses(data: bytes) -> bytes:
    """Empty cells left out, and most of those that follow right after another do not say where they are."""

    def edit(text: str) -> str:
        root = ET.fromstring(text)
        for row in next(element for element in root if element.tag.endswith("sheetData")):
            row[:] = [cell for cell in row if len(cell)]
            last = -1
            for cell in row:
                here = number_of(cell.attrib["r"])
                if here == last + 1 and here % 3:
                    del cell.attrib["r"]
                last = here
        return ET.tostring(root, encoding="unicode")

    return each_sheet(data, edit)


def number_of(cell: str) -> int:
    """B7 -> 2, for the first 26 columns."""
    return ord(cell[0]) - 64


def with_strings(data: bytes, wrap: str, kind: str) -> bytes:
    """Every text in its cell (`wrap` puts it there) instead of among the shared strings."""
    strings = strings_of(data)
    pattern = r' t="s"><v>(\d+)</v>'
    return each_sheet(
        data,
        lambda text: re.sub(pattern, lambda match: f' t="{kind}">' + wrap.format(strings[int(match[1])]), text),
    )


def with_inline_strings(data: bytes) -> bytes:
    return with_strings(data, '<is><t xml:space="preserve">{}</t></is>', "inlineStr")


def with_inline_runs(data: bytes) -> bytes:
    inside = '<is><r><t xml:space="preserve">{}</t></r><rPh sb="0" eb="1"><t>ダン</t></rPh></is>'
    return with_strings(data, inside, "inlineStr")


def with_plain_strings(data: bytes) -> bytes:
    return with_strings(data, '<v xml:space="preserve">{}</v>', "str")


def with_runs(data: bytes) -> bytes:
    """Every shared string in two runs of different type, with a phonetic guide."""

    def split(match: re.Match[str]) -> str:
        text = match[1]
        at = 0 if "&" in text else len(text) // 2
        one, two = (f'<t xml:space="preserve">{half}</t>' for half in (text[:at], text[at:]))
        guide = '<rPh sb="0" eb="1"><t>zhengfu</t></rPh><phoneticPr fontId="1"/>'
        return f"<si><r>{one}</r><r><rPr><b/><sz val='11'/></rPr>{two}</r>{guide}</si>"

    pattern = re.compile(r"<si><t[^>]*>(.*?)</t></si>", re.DOTALL)
    return alter.edited(data, "xl/sharedStrings.xml", lambda text: pattern.sub(split, text))


def with_absolute_targets(data: bytes) -> bytes:
    return alter.replaced(data, "xl/_rels/workbook.xml.rels", 'Target="worksheets/', 'Target="/xl/worksheets/')


def with_roundabout_targets(data: bytes) -> bytes:
    return alter.replaced(data, "xl/_rels/workbook.xml.rels", 'Target="worksheets/', 'Target="../xl/./worksheets/')


def with_quoted_names(data: bytes) -> bytes:
    pattern = r">(封面|表二主动公开|表三依申请公开|表四复议诉讼|文字部分|核对)!"
    return alter.edited(data, "xl/workbook.xml", lambda text: re.sub(pattern, r">'\1'!", text))


def with_strict_namespaces(data: bytes) -> bytes:
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    for name in ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", *sheets_of(data)):
        data = alter.replaced(data, name, SPREADSHEET, strict)
    return data


def in_utf_16(data: bytes) -> bytes:
    parts = alter.members(data)
    for name in ("xl/workbook.xml", "xl/sharedStrings.xml", *sheets_of(data)):
        parts[name] = parts[name].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    return alter.packed(parts)


def backwards(data: bytes) -> bytes:
    return alter.packed(dict(reversed(alter.members(data).items())))


def with_exponents(data: bytes) -> bytes:
    """Every whole number of the cover and of sections three and four."""
    for sheet in ("封面", "表三依申请公开", "表四复议诉讼"):
        data = alter.edited(
            data,
            alter.part_of(data, sheet),
            lambda text: re.sub(r'(" s="\d+">)<v>(\d+)</v>', r"\1<v>\2.0E+0</v>", text),
        )
    return data


VARIANTS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("as it was written", lambda data: data),
    ("element names with a prefix", with_prefixes),
    ("cells and rows without addresses", without_addresses),
    ("addresses here and there", with_few_addresses),
    ("texts inside their cells", with_inline_strings),
    ("texts inside their cells in runs", with_inline_runs),
    ("texts as results without a formula", with_plain_strings),
    ("texts in runs with phonetic guides", with_runs),
    ("targets from the package's root", with_absolute_targets),
    ("targets by a roundabout way", with_roundabout_targets),
    ("sheet names in quotes", with_quoted_names),
    ("strict namespaces", with_strict_namespaces),
    ("UTF-16", in_utf_16),
    ("members in another order", backwards),
    ("numbers with exponents", with_exponents),
]


@pytest.mark.parametrize("change", [case[1] for case in VARIANTS], ids=[case[0] for case in VARIANTS])
def test_a_workbook_says_the_same_whichever_way_its_xml_is_written(change: Callable[[bytes], bytes]) -> None:
    reading = understood(change(written()))
    assert reading.problems == ()
    zeros = dict.fromkeys(official().book.typed, Decimal(0))
    assert {key: reading.values[key] for key in official().book.typed} == {**zeros, **WRITTEN.figures}
    assert reading.declared_zero == ("proactive", "requests", "disputes")
    assert reading.narrative == {"overview": "一、总体\n  第二段 <b>&", "problems": "=1+1", "other": "没有"}
    assert reading.people == {"preparer": "张三", "reviewer": "李四", "head": "'王五", "phone": "0391-6190000"}
    assert reading.remarks == {"requests": "表三备注"}
    assert reading.explanations == {"requests.carry_over": "说明"}
    assert (reading.agency, reading.year) == (AGENCY, 2025)


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("第一行_x000D_\n第二行", "第一行\n第二行"),
        ("第一行_x000D_第二行", "第一行\n第二行"),
        ("_x005F_x000D_", "_x000D_"),
        ("响铃_x0007_", "响铃"),
        ("半个_xD83D_字", "半个字"),
        ("_x41_ _X0041_ _x00G1_", "_x41_ _X0041_ _x00G1_"),
    ],
)
def test_escaped_characters_are_read_as_they_were_typed(stored: str, text: str) -> None:
    assert understood(alter.put_text(written(), "narrative.overview", stored)).narrative["overview"] == text


def test_openpyxl_may_load_and_save_a_workbook_without_changing_what_it_says() -> None:
    buffer = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(written())).save(buffer)
    before, after = understood(written()), understood(buffer.getvalue())
    assert after == replace(before, source=after.source)
    assert after.problems == ()


def test_what_openpyxl_changes_is_told_and_nothing_else() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(written()))
    sheet = workbook["表三依申请公开"]
    sheet["D9"] = "=3-2"
    sheet["E10"] = "３"
    sheet["J8"] = 99
    sheet["C12"] = "国家秘密"
    sheet.protection.disable()
    buffer = io.BytesIO()
    workbook.save(buffer)
    assert told(buffer.getvalue()) == [
        ("unlocked", "表三依申请公开", None),
        ("label-changed", "表三依申请公开", "C12"),
        ("formula-in-input", "表三依申请公开", "D9"),
        ("normalised", "表三依申请公开", "E10"),
        ("requests.balance", "表三依申请公开", "E8"),
        ("total-overwritten", "表三依申请公开", "J8"),
    ]
