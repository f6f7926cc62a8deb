"""An old .xls or an .ods holds the same figures at the same places as the .xlsx it was made from, or is refused."""

from __future__ import annotations

import io
import random
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.intake import alter
from tests.intake.test_bad_files import OLE, compound_file, word_document
from tests.office import LibreOffice
from tests.official import filled
from toolkit.audit.numbers import Content, Kind
from toolkit.workbook.legacy import read_legacy
from toolkit.workbook.package import Refused, is_legacy, open_package
from toolkit.workbook.reader import read_workbook
from toolkit.workbook.sheets import Sheet

ODS = b"application/vnd.oasis.opendocument.spreadsheet"
SHEETS = ("封面", "表二主动公开", "表三依申请公开", "表四复议诉讼", "文字部分", "核对")
RESAVE = "请用 Excel 或 WPS 打开原文件，另存为 .xlsx 后再报送"
RECEIVED = "requests.new_received.natural_person"

FORMATS = pytest.mark.parametrize("suffix", ["xls", "ods"])


def original() -> bytes:
    """A filled workbook with every kind of thing people type."""
    data = filled({RECEIVED: 1234567, "requests.granted.natural_person": 0}, ("disputes",))
    data = alter.put_number(data, "proactive.admin_fees.amount_wan_yuan", "0.1")
    data = alter.put_text(data, "requests.granted.other_org", " ３ ")
    data = alter.put_text(data, "requests.granted.commercial_enterprise", "007")
    return alter.put_text(data, "narrative.overview", "第一段，“引号”\n第二段 & <b>")


def saved_as(office: LibreOffice, suffix: str, data: bytes, folder: Path, password: str = "") -> bytes:
    """The workbook as LibreOffice saves it in another format."""
    before, after = folder / "a.xlsx", folder / f"a.{suffix}"
    before.write_bytes(data)
    with office.open(before) as book:
        book.save_as(after, password)
    return after.read_bytes()


def typed(sheet: Sheet) -> dict[str, Content]:
    """What stands in a sheet and is no formula's result."""
    return {cell: content for cell, content in sheet.cells.items() if not content.formula and content.text}


def refusal(data: bytes) -> tuple[str, str, str]:
    """The code, the sentence and the way out that a reading ends with."""
    with pytest.raises(Refused) as caught:
        read_legacy(data)
    return caught.value.code, caught.value.message, caught.value.hint


def ods(content: bytes, **more: bytes) -> bytes:
    """A minimal .ods around the content of its one sheet."""
    spaces = ("office", "text", "table")
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in spaces).encode()
    body = b"<office:body><office:spreadsheet>%s</office:spreadsheet></office:body>" % content
    document = b'<?xml version="1.0"?><office:document-content %s>%s</office:document-content>' % (names, body)
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), ODS)
        archive.writestr("content.xml", document)
        archive.writestr("META-INF/manifest.xml", manifest)
        for name, text in more.items():
            archive.writestr(name.replace("__", "/") + ".xml", text)
    return buffer.getvalue()


def ods_of(cell: str, row: str = "") -> bytes:
    """An .ods of one row with one cell."""
    return ods(f'<table:table table:name="一"><table:table-row {row}>{cell}</table:table-row></table:table>'.encode())


def cell_of(attributes: str, text: str) -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def number(attributes: str = "") -> str:
    return cell_of(f'{attributes} office:value-type="float" office:value="3"', "3")


@pytest.mark.office
@FORMATS
def test_the_same_contents_stand_at_the_same_addresses(office: LibreOffice, suffix: str, tmp_path: Path) -> None:
    data = saved_as(office, suffix, original(), tmp_path)
    assert is_legacy(data)
    wanted, got = read_workbook(open_package(original())), read_legacy(data)
    assert (got.sheet_names, tuple(got.sheets)) == (SHEETS, SHEETS)
    for name, sheet in wanted.sheets.items():
        formulas = {cell for cell, content in sheet.cells.items() if content.formula}
        found = {cell: content for cell, content in got.sheets[name].cells.items() if cell not in formulas}
        assert found == typed(sheet)


@pytest.mark.office
@FORMATS
def test_what_people_type_is_read_as_typed(office: LibreOffice, suffix: str, tmp_path: Path) -> None:
    book = read_legacy(saved_as(office, suffix, original(), tmp_path))
    requests = book.sheets["表三依申请公开"].cells
    assert {cell: requests.get(cell) for cell in ("D8", "D10", "E10", "H10", "D11")} == {
        "D8": Content(Kind.NUMBER, "1234567"),
        "D10": Content(Kind.NUMBER, "0"),
        "E10": Content(Kind.TEXT, "007"),
        "H10": None,
        "D11": None,
    }
    assert Content(Kind.TEXT, " ３ ") in requests.values()
    assert Content(Kind.NUMBER, "0.1") in book.sheets["表二主动公开"].cells.values()
    assert Content(Kind.TEXT, "第一段，“引号”\n第二段 & <b>") in book.sheets["文字部分"].cells.values()


@pytest.mark.office
@FORMATS
def test_what_the_format_does_not_tell_is_not_known(office: LibreOffice, suffix: str, tmp_path: Path) -> None:
    book = read_legacy(saved_as(office, suffix, filled({}), tmp_path))
    assert (book.names, book.lost, book.saved, book.has_external_links) == ({}, frozenset(), None, False)
    assert {(sheet.protected, sheet.validated) for sheet in book.sheets.values()} == {(None, None)}
    assert book.sheets["表三依申请公开"].without_validation(("D8",)) == ()


@pytest.mark.office
@FORMATS
def test_a_password_to_open_is_told(office: LibreOffice, suffix: str, tmp_path: Path) -> None:
    data = saved_as(office, suffix, filled({}), tmp_path, "abc")
    assert refusal(data)[:2] == ("encrypted", "工作簿设了打开密码，读不出来。")


@pytest.mark.office
@pytest.mark.long
def test_an_xls_cut_short_or_spoilt_anywhere_is_refused_or_read(office: LibreOffice, tmp_path: Path) -> None:
    """A spoilt file may still be readable; what must not come is another exception, a crash or a hang."""
    data = saved_as(office, "xls", filled({RECEIVED: 3}), tmp_path)
    assert {refusal(data[: len(data) * eighth // 8])[0] for eighth in range(1, 8)} == {"damaged"}
    outcomes = set[str]()
    for seed in range(12):
        dice, spoilt = random.Random(seed), bytearray(data)
        for _ in range(40):
            spoilt[dice.randrange(512, len(spoilt))] = dice.randrange(256)
        try:
            read_legacy(bytes(spoilt))
        except Refused as refused:
            outcomes.add(refused.code)
    assert outcomes <= {"damaged", "encrypted", "oversized"}


def test_numbers_texts_booleans_and_dates_keep_their_kinds() -> None:
    values = [
        ('office:value-type="float" office:value="0.1"', "0.1"),
        ('office:value-type="float" office:value="1234567890123"', "1234567890123"),
        ('office:value-type="string"', "3"),
        ('office:value-type="boolean" office:boolean-value="true"', "TRUE"),
        ('office:value-type="date" office:date-value="2025-03-01"', "3月1日"),
    ]
    row = "".join(cell_of(kind, shown) for kind, shown in values)
    assert read_legacy(ods_of(row)).sheets["一"].cells == {
        "A1": Content(Kind.NUMBER, "0.1"),
        "B1": Content(Kind.NUMBER, "1234567890123"),
        "C1": Content(Kind.TEXT, "3"),
        "D1": Content(Kind.BOOLEAN, "1"),
        "E1": Content(Kind.DATE, "2025-03-01"),
    }


def test_cells_outside_the_window_are_passed_over() -> None:
    cells = read_legacy(ods_of(number('table:number-columns-repeated="90"'), 'table:number-rows-repeated="700"'))
    assert {cell for cell in cells.sheets["一"].cells if re.fullmatch(r"(BZ|A)\d+", cell)} == {
        f"{column}{row}" for column in ("A", "BZ") for row in range(1, 601)
    }
    assert len(cells.sheets["一"].cells) == 600 * 78


HOSTILE: list[tuple[str, str, Callable[[], bytes]]] = [
    ("only the first eight bytes of an .xls", "damaged", lambda: OLE),
    ("an .xls of nothing but zeros", "damaged", lambda: OLE + bytes(504)),
    ("an .xls with an empty workbook in it", "damaged", lambda: compound_file("Workbook")),
    *((f"noise that begins like an .xls ({seed})", "damaged",
       lambda seed=seed: OLE + random.Random(seed).randbytes(6_000)) for seed in range(5)),
    ("an .xls with macros", "macros", lambda: compound_file("Workbook", "_VBA_PROJECT_CUR")),
    ("an .ods with macros", "macros", lambda: ods(b"", Basic__Standard__Module1=b"<x/>")),
    ("nine megabytes", "oversized", lambda: OLE + bytes(9 * 2**20)),
    ("an .ods bomb of 20 MB in 20 kB", "oversized", lambda: ods(b" " * 20 * 2**20)),
    ("a row that repeats a million times", "oversized",
     lambda: ods_of(number('table:number-columns-repeated="1000"'), 'table:number-rows-repeated="100000"')),
    ("a text of 32,768 characters", "oversized",
     lambda: ods_of(cell_of('office:value-type="string"', "字" * 32_768))),
    ("18 MB of text to hand over", "oversized", lambda: big_text()),
    ("65 sheets", "oversized", lambda: ods(many_sheets(65))),
    ("an .ods cut short", "damaged", lambda: ods_of(number())[:-30]),
    ("an .ods without its content", "damaged", lambda: alter.without_member(ods_of(number()), "content.xml")),
    ("an .ods whose content ends early", "damaged", lambda: ods(b"<table:table")),
    ("an .ods with a document type", "damaged",
     lambda: alter.edited(ods_of(number()), "content.xml", lambda text: text.replace("?>", "?><!DOCTYPE x>", 1))),
]  # fmt: skip


def big_text() -> bytes:
    """An .ods of 600 texts of 30,000 characters each, in little space."""
    return ods_of(cell_of('office:value-type="string"', "x" * 30_000), 'table:number-rows-repeated="600"')


def many_sheets(count: int) -> bytes:
    row = f"<table:table-row>{number()}</table:table-row>"
    return "".join(f'<table:table table:name="页{at}">{row}</table:table>' for at in range(count)).encode()


@pytest.mark.parametrize(("code", "make"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_hostile_file_ends_in_a_refusal(code: str, make: Callable[[], bytes]) -> None:
    found, message, hint = refusal(make())
    assert found == code
    for sentence in (message, hint):
        assert re.fullmatch(r".*[一-龥].*。", sentence), sentence


def test_without_calamine_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    assert refusal(compound_file("Workbook")) == (
        "old-format",
        "这是旧格式（.xls、.et）或 .ods 工作簿，本机没有安装读取它的部件。",
        f"{RESAVE}；或安装 gouji-toolkit[legacy]，即可直接读取。",
    )


def test_reading_does_not_load_calamine_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "python_calamine", raising=False)
    read_legacy(ods_of(number()))
    assert "python_calamine" not in sys.modules


@pytest.mark.parametrize(
    ("data", "legacy"),
    [
        (compound_file("Workbook"), True),
        (ods_of(number()), True),
        (compound_file("EncryptedPackage"), False),
        (compound_file("WordDocument"), False),
        (filled({}), False),
        (word_document(), False),
        ("单位,件数\n".encode(), False),
        (b"", False),
    ],
    ids=["xls", "ods", "an encrypted xlsx", "doc", "xlsx", "docx", "csv", "empty"],
)
def test_only_xls_and_ods_are_legacy(data: bytes, legacy: bool) -> None:
    assert is_legacy(data) is legacy


ISSUED = "请报送下发的 .xlsx 工作簿。"
AS_ISSUED = "请报送下发的 .xlsx 工作簿，不要改扩展名，也不要另存为其他格式。"
CSV = "这是用逗号或制表符分隔的文本（CSV），不是 Excel 工作簿。"


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        ("单位,件数\n温县,3\n".encode(), CSV, AS_ISSUED),
        ("单位,件数\n温县,3\n".encode("utf-8-sig"), CSV, AS_ISSUED),
        ("单位,件数\n温县,3\n".encode("gb18030"), CSV, AS_ISSUED),
        ("单位\t件数\n温县\t3\n".encode("utf-16"), CSV, AS_ISSUED),
        ("单位,件数\n".encode("gb18030") + "一".encode("gb18030") * 3_000, CSV, AS_ISSUED),
        ("情况说明：无。".encode(), "这是文本文件，不是 Excel 工作簿。", AS_ISSUED),
        (b"<html><table></table></html>", "这是网页（HTML），只是扩展名像工作簿，不是 Excel 工作簿。", AS_ISSUED),
        (b'<?xml version="1.0"?><Workbook/>', "这是 XML 文件，不是 Excel 工作簿。", AS_ISSUED),
        (bytes(range(256)), "这是无法辨认的文件，不是 Excel 工作簿。", AS_ISSUED),
        (compound_file("WordDocument"), "这是 Word 文档，不是 Excel 工作簿。", ISSUED),
        (compound_file("PowerPoint Document"), "这是 PowerPoint 演示文稿，不是 Excel 工作簿。", ISSUED),
        (word_document(), "这是 Word 文档，不是 Excel 工作簿。", ISSUED),
    ],
    ids=["csv", "csv with a BOM", "csv in GBK", "tabs in UTF-16", "a long csv in GBK", "text", "html", "xml", "noise",
         "doc", "ppt", "docx"],
)  # fmt: skip
def test_what_is_no_workbook_is_called_what_it_is(data: bytes, message: str, hint: str) -> None:
    with pytest.raises(Refused) as caught:
        open_package(data)
    assert (caught.value.code, caught.value.message, caught.value.hint) == ("not-a-workbook", message, hint)
