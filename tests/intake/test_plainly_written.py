"""Parts that are plainly written are read sooner, and say what the events of a parser say, to the last character.

The events are the older reader, and the corpus and the fuzz run hold it to account; here each part goes through both.
"""

import random
import re
from collections.abc import Callable, Iterator

import pytest

from tests.hostile.corpus import cases as hostile_cases
from tests.hostile.mutants import mutant
from tests.intake import alter
from tests.official import filled
from toolkit.audit.numbers import Content, Kind
from toolkit.workbook.directory import outline_of, walked_outline
from toolkit.workbook.package import Refused, open_package
from toolkit.workbook.shared import plain_strings, walked_strings
from toolkit.workbook.sheets import plain_sheet, walked_sheet
from toolkit.workbook.values import Values

STRINGS = ["甲", "乙 & 丙", "", "_x0041_"]
VALUES = Values(STRINGS, frozenset({"7"}))
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = HEAD + (
    '<worksheet xmlns="m"><sheetProtection sheet="1"/><sheetData><row r="1" spans="1:4" ht="15"><c r="A1" s="1" t="s">'
    '<v>0</v></c><c r="B1" s="7"><v>45000</v></c><c r="C1"/>'
    '<c r="D1"><v></v></c></row><row r="2"/><row r="3"><c r="A3" t="str"><f>A1&amp;"x'
    '"</f><v>甲&lt;x</v></c><c r="B3"><f aca="false" t="shared" si="0"/><v>3</v></c><c r="D3" t="inlineStr"><is>'
    '<t>丁 </t></is></c></row><row r="4"></row><row r="5"><c r="A5" t="b"><v>1</v></c><c r="B5" t="e"><v>#REF!</v></c>'
    '</row></sheetData><dataValidations><dataValidation sqref="A1:B2 C3"/></dataValidations><headerFooter '
    'differentFirst="1"><oddFooter>&amp;C甲</oddFooter><firstHeader>乙</firstHeader></headerFooter></worksheet>'
)
SST = HEAD + (
    '<sst xmlns="m" count="4"><si><t>甲</t></si><si><t xml:space="preserve"> 乙&amp;_x000D_</t></si><si><t/></si><si>'
    '<t>丙</t><phoneticPr fontId="1" type="noConversion"/></si><si><r><rPr><sz val="11"/><rFont val="宋体"/></rPr>'
    '<t xml:space="preserve">丁 </t></r><r><t>&lt;1&gt;</t></r></si></sst>'
)
BOOK = HEAD + (
    '<workbook xmlns="m" xmlns:r="o"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets><definedNames>'
    '<definedName name="a.b">表!$A$1</definedName><definedName name="c" localSheetId="0">\'表\'!$B$2</definedName>'
    '<definedName name="d">#REF!</definedName></definedNames></workbook>'
)
SNIPPETS = [
    "", " ", "\n", "\r", "\t", "x", "<", ">", "/", '"', "'", "&", "&amp;", "&#10;", "&x;", "]]>", "]", "\0", "\x0b",
    "\ufffe", "\uffff", "<!-- -->", "<![CDATA[1]]>", "<?x ?>", "<v>", "</v>", "<v/>", "<v />", "<c>", "</c>", "<row>",
    "</row>", "<f/>", "<foo/>", "<is>", "<t>", "</t>", "<si>", "</si>", "<r><t>x</t></r>", "<rPr>", "</rPr>",
    "<rPr><t/></rPr>", "<r><rPr><b/></rPr><t>x</t></r>", "<rPh><t>x</t></rPh>",
    "<x:c/>", ' r="A1"', ' r="B9"', ' t="s"', ' t="x"', ' s="7"', ' s="x"', ' t="n"', "0", "99", "1e3", "-1", "００",
    "<sheetData>", "</sheetData>", "<sheetData/>", "<definedName>", "</definedName>", "</definedNames>", "<sst>",
    "<sheetProtection/>", "<mergeCell/>", '<sheet name="x" id="1"/>', "XFD1048576", "ZZZZ1", "A0", "A1",
]  # fmt: skip
TOKEN = re.compile(r"<[^<>]*>|[^<>\"]+|.", re.DOTALL)


def spoiled(text: str, luck: random.Random) -> bytes:
    """A part with a few of its pieces taken out, doubled, swapped or replaced."""
    pieces = TOKEN.findall(text)
    for _ in range(luck.choice((1, 1, 1, 1, 2, 3))):
        at, other = luck.randrange(len(pieces)), luck.randrange(len(pieces))
        kind = luck.randrange(5)
        if kind == 0:
            pieces[at] = luck.choice(SNIPPETS)
        elif kind == 1:
            pieces.insert(at, luck.choice(SNIPPETS))
        elif kind == 2:
            pieces.insert(at, pieces[other])
        elif kind == 3:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        else:
            cut = luck.randint(0, len(pieces[at]))
            pieces[at] = pieces[at][:cut] + luck.choice(SNIPPETS) + pieces[at][cut:]
    data = "".join(pieces).encode()
    if luck.random() < 0.1:
        at = luck.randrange(len(data))
        data = data[:at] + bytes([luck.randrange(256)]) + data[at + luck.randint(0, 1) :]
    return data


def said(read: Callable[[], object]) -> object:
    """What a reading says, or that it refused."""
    try:
        return read()
    except Refused as refused:
        return refused.code


def differences(part: str, data: bytes) -> Iterator[str]:
    """Where the two readers of a kind of part say different things."""
    if part == "xl/sharedStrings.xml":
        sooner, events = said(lambda: plain_strings(data)), said(lambda: walked_strings(data))
    elif part == "xl/workbook.xml":
        sooner, events = said(lambda: outline_of(data)), said(lambda: walked_outline(data))
        sooner = sooner if isinstance(sooner, str) else (sooner.sheets, sooner.defined)  # type: ignore[attr-defined]
        events = events if isinstance(events, str) else (events.sheets, events.defined)  # type: ignore[attr-defined]
    else:
        sooner, events = said(lambda: plain_sheet(data, VALUES)), said(lambda: walked_sheet(data, VALUES, part))
    if sooner is not None and sooner != events:
        yield f"{part}: {sooner!r} is not {events!r}: {data.decode(errors='replace')}"


def test_a_plain_sheet_says_what_stands_in_it() -> None:
    sheet = plain_sheet(SHEET.encode(), VALUES)
    assert sheet is not None
    assert (sheet.protected, sheet.validated, sheet.has_merges) == (True, ((1, 1, 2, 2), (3, 3, 3, 3)), False)
    assert sheet.cells == {
        "A1": Content(Kind.TEXT, "甲"),
        "B1": Content(Kind.DATE, "45000"),
        "A3": Content(Kind.TEXT, "甲<x", formula=True),
        "B3": Content(Kind.NUMBER, "3", formula=True),
        "D3": Content(Kind.TEXT, "丁 "),
        "A5": Content(Kind.BOOLEAN, "1"),
        "B5": Content(Kind.ERROR, "#REF!"),
    }
    assert plain_strings(SST.encode()) == ["甲", " 乙&\n", "", "丙", "丁 <1>"]


def test_what_is_issued_is_plain() -> None:
    data = filled({})
    parts = alter.members(data)
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    values = Values(walked_strings(parts["xl/sharedStrings.xml"]), frozenset())
    assert len(sheets) == 6
    assert all(plain_sheet(parts[name], values) for name in sheets)
    assert plain_strings(parts["xl/sharedStrings.xml"])


@pytest.mark.parametrize(
    "odd",
    [
        SHEET.replace("<row r=\"2\"/>", "<!-- a comment -->"),
        SHEET.replace("<v>3</v>", "<v><![CDATA[3]]></v>"),
        SHEET.replace("<v>3</v>", "<v>&#51;</v>"),
        SHEET.replace("UTF-8", "ISO-8859-1"),
        SHEET.replace('<c r="C1"/>', '<c r="A1"/>'),
        SHEET.replace('<c r="C1"/>', "<c/>"),
        SHEET.replace("<v>0</v>", "<v>4</v>"),
        SHEET.replace("</worksheet>", '<c r="Z1"/></worksheet>'),
        SHEET.replace(' spans="1:4"', ' ht="1"'),
        SHEET.replace(' si="0"', ' si="0" si="1"'),
        SHEET.replace('<c r="C1"/>', '<c r="C2"/>'),
        SHEET.replace('<row r="4"></row>', '<row r="4"><c r="C1"/></row>'),
        SHEET.replace('<row r="4"></row>', '<!-- <row r="4"></row> -->'),
        SHEET.replace('t="s"><v>', 't="s"><f>B1</f><v>'),
        SHEET.replace('</row></sheetData>', '</row><row r="6"><c r="A6"/></sheetData>'),
        SHEET.replace('</row></sheetData>', '</row> </sheetData>'),
        SHEET.replace("&amp;C甲", '<c r="Z1"/>'),
        SHEET.replace("<v>3</v>", "<v>\0</v>"),
        SHEET.replace(' ht="15"', ' ht="\0"'),
    ],
    ids=[
        "comment", "cdata", "numbered reference", "encoding", "twice", "no address", "no such text", "outside",
        "row attribute twice", "formula attribute twice", "in another row", "row twice", "row in a comment",
        "shared string by formula", "row without end", "space behind rows", "cell in a footer", "a control for a value",
        "a control in a row",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_events(odd: str) -> None:
    assert odd != SHEET
    assert plain_sheet(odd.encode(), VALUES) is None


def test_a_row_seen_before_is_read_with_the_strings_and_dates_of_its_own_workbook() -> None:
    other = Values(["子", "丑", "寅", "卯"], frozenset({"1"}))
    here, there = plain_sheet(SHEET.encode(), VALUES), plain_sheet(SHEET.encode(), other)
    assert here is not None
    assert there is not None
    assert [sheet.cells["A1"].text for sheet in (here, there)] == ["甲", "子"]
    assert [sheet.cells["B1"].kind for sheet in (here, there)] == [Kind.DATE, Kind.NUMBER]


def test_names_hidden_by_a_comment_are_left_to_the_events() -> None:
    hidden = BOOK.replace('<definedName name="d"', '<!-- </definedNames> --><definedName name="d"').encode()
    assert outline_of(hidden) == walked_outline(hidden)


def test_strings_outside_their_list_are_left_to_the_events() -> None:
    odd = SST.replace("<sst", "<x><si><t>外</t></si><sst").replace("</sst>", "</sst></x>").encode()
    assert plain_strings(odd) is None
    assert walked_strings(odd)[0] == "外"


@pytest.mark.parametrize(("part", "text"), [("sheet", SHEET), ("xl/sharedStrings.xml", SST), ("xl/workbook.xml", BOOK)])
def test_spoiled_parts_say_the_same_both_ways(part: str, text: str) -> None:
    luck = random.Random(20251126)
    plain = 0
    for _ in range(3_000):
        data = spoiled(text, luck)
        assert list(differences(part, data)) == []
        plain += part != "sheet" or plain_sheet(data, VALUES) is not None
    assert plain > 150


@pytest.mark.long
@pytest.mark.parametrize(("part", "text"), [("sheet", SHEET), ("xl/sharedStrings.xml", SST), ("xl/workbook.xml", BOOK)])
def test_many_more_spoiled_parts_say_the_same_both_ways(part: str, text: str) -> None:
    luck = random.Random(part)
    for _ in range(30_000):
        assert list(differences(part, spoiled(text, luck))) == []


@pytest.mark.long
def test_the_parts_of_hostile_and_of_changed_workbooks_say_the_same_both_ways() -> None:
    made = [case.make() for case in hostile_cases()]
    datas = [data for data in made if len(data) < 200_000] + [mutant(at).data for at in range(100)]
    compared = 0
    for data in datas:
        try:
            package = open_package(data)
            parts = {name: package.part(name) for name in package.names if package.size(name) < 500_000}
        except Refused:
            continue
        for name, part in parts.items():
            if name in ("xl/sharedStrings.xml", "xl/workbook.xml") or name.startswith("xl/worksheets/sheet"):
                assert list(differences(name, part)) == []
                compared += 1
    assert compared > 600
