"""A file that is no completed workbook is refused with one problem that says what it is and what to do, and no more."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest
import xlsxwriter

from tests.intake import alter
from tests.official import ALL_ZERO, ISSUE, filled, official, read
from toolkit.workbook.known import know
from toolkit.workbook.template import Filling, template_bytes

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOK, SHEET, STRINGS = "xl/workbook.xml", "xl/worksheets/sheet3.xml", "xl/sharedStrings.xml"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">'
    '<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">]><sst><si><t>&e;</t></si></sst>'
)


def zipped(*named: tuple[str, bytes]) -> bytes:
    """A zip with these members, the same name twice if asked."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in named:
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def compound_file(*streams: str) -> bytes:
    """The smallest OLE2 compound file with streams of these names: a header, a FAT sector, a directory sector."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    header = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, end, *[free] * 126)
    entries = [("Root Entry", 5), *((name, 2) for name in streams)]
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, free, free, free)
        + bytes(36) + struct.pack("<IQ", end, 0)
        for name, kind in entries
    )  # fmt: skip
    return header + fat + directory.ljust(512, b"\0")


def word_document() -> bytes:
    """A minimal real .docx."""
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return zipped(
        (
            "[Content_Types].xml",
            f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'.encode(),
        ),
        ("_rels/.rels", b'<Relationships><Relationship Id="rId1" Target="word/document.xml"/></Relationships>'),
        ("word/document.xml", "<w:document><w:body><w:p>年度报告</w:p></w:body></w:document>".encode()),
    )


def other_workbook() -> bytes:
    """An ordinary workbook that is not this form."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("通讯录")
        sheet.write_row(0, 0, ["单位名称", "统一社会信用代码", "联系人"])
        sheet.write_row(1, 0, ["温县科学技术局", "111408250000000016", "张敏"])
    return buffer.getvalue()


def with_damaged_crc(name: str) -> bytes:
    """A workbook whose directory states another checksum for one member."""
    data = filled({})
    crc = struct.pack("<I", zlib.crc32(alter.members(data)[name]))
    assert crc in data
    return data.replace(crc, b"\1\2\3\4")


def in_directory(data: bytes, name: str, offset: int, value: bytes) -> bytes:
    """A zip with bytes of one member's entry in the central directory changed."""
    at = data.rindex(name.encode()) - 46 + offset
    assert data[at - offset : at - offset + 4] == b"PK\1\2"
    return data[:at] + value + data[at + len(value) :]


def overlapping() -> bytes:
    """A workbook where two members share the same bytes."""
    return in_directory(filled({}), "docProps/core.xml", 42, bytes(4))


def stuffed(member: str, before: str, stuff: str) -> bytes:
    """A workbook with something put into a member before a place, stored so that only the stuff counts."""
    data = alter.edited(filled({}), member, lambda text: text.replace(before, stuff + before))
    return alter.packed(alter.members(data), zipfile.ZIP_STORED)


def sheets(count: int) -> str:
    return "".join(f'<sheet name="页{number}" sheetId="{number + 9}" r:id="rId1"/>' for number in range(count))


def names(count: int) -> str:
    return "".join(f'<definedName name="n{number}">封面!$A$1</definedName>' for number in range(count))


def scattered() -> bytes:
    """A workbook whose names lead to as many sheets as there may be, all in one part."""
    data = alter.replaced(filled({}), WORKBOOK, "</sheets>", sheets(25) + "</sheets>")
    for number, row in enumerate(("granted", "partially_granted", "carried_in", "new_received", "carried_forward")):
        for place, column in enumerate(
            ("natural_person", "other_org", "total", "legal_service_org", "public_interest_org")
        ):
            data = alter.with_name_at(data, f"requests.{row}.{column}", f"页{5 * number + place}!$D$8")
    return data


def of_version(version: int) -> bytes:
    other = know(replace(official().book.form, version=version))
    return template_bytes(other, ISSUE, Filling(declared_zero=ALL_ZERO))


def declared(size: int, *names: str, size_packed: int = 2**20) -> bytes:
    """A workbook whose directory declares some members to be so large, and not suspiciously well packed."""
    data = filled({})
    for name in names:
        data = in_directory(data, name, 20, struct.pack("<II", size_packed, size))
    return data


def with_noise(name: str) -> bytes:
    return zipped(*alter.members(filled({})).items(), (name, b"x"))


def with_encoding(encoding: str) -> bytes:
    return alter.replaced(filled({}), WORKBOOK, 'encoding="UTF-8"', f'encoding="{encoding}"')


REFUSED: list[tuple[str, str, Callable[[], bytes]]] = [
    ("an empty file", "not-a-workbook", lambda: b""),
    ("a .docx renamed", "not-a-workbook", word_document),
    ("a zip of other things", "not-a-workbook", lambda: zipped(("说明.txt", b"x"))),
    ("a package that is neither", "not-a-workbook", lambda: zipped(("[Content_Types].xml", b"<Types/>"))),
    ("a text", "not-a-workbook", lambda: "单位,件数\n温县,3\n".encode("gb18030")),
    ("a PDF", "not-a-workbook", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"),
    ("an RTF", "not-a-workbook", lambda: b"{\\rtf1\\ansi }"),
    ("a RAR archive", "not-a-workbook", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(64)),
    ("a 7z archive", "not-a-workbook", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(64)),
    ("a web page", "not-a-workbook", lambda: b"<html><table><tr><td>3</td></tr></table></html>"),
    ("a workbook with a password to open", "encrypted", lambda: compound_file("EncryptionInfo", "EncryptedPackage")),
    ("an .xls with nothing in it", "damaged", lambda: compound_file("Workbook")),
    ("an .xlsm", "macros", lambda: alter.with_member(filled({}), "xl/vbaProject.bin", compound_file("VBA"))),
    ("a workbook that is not this form", "wrong-form", other_workbook),
    ("a workbook of another version", "wrong-version", lambda: of_version(2)),
    ("only the first two bytes", "damaged", lambda: b"PK"),
    ("a workbook without its end", "damaged", lambda: filled({})[:-1]),
    ("a workbook cut before its directory ends", "damaged", lambda: filled({})[:-200]),
    ("half a workbook", "damaged", lambda: filled({})[: len(filled({})) // 2]),
    ("the first kilobyte of a workbook", "damaged", lambda: filled({})[:1024]),
    ("a wrong checksum of the sheet", "damaged", lambda: with_damaged_crc(SHEET)),
    ("a wrong checksum of the strings", "damaged", lambda: with_damaged_crc(STRINGS)),
    ("a sheet cut short", "damaged", lambda: alter.edited(filled({}), SHEET, lambda text: text[:5_000])),
    ("a part that is missing", "damaged", lambda: alter.without_member(filled({}), SHEET)),
    ("relations that are missing", "damaged", lambda: alter.without_member(filled({}), "xl/_rels/workbook.xml.rels")),
    ("a string that is missing", "damaged", lambda: alter.put_raw(filled({}), "agency.name", "<v>99999</v>", "s")),
    ("a string number of 5,000 digits", "damaged",
     lambda: alter.put_raw(filled({}), "agency.name", f"<v>{'9' * 5_000}</v>", "s")),
    ("an encoding of several bytes", "damaged", lambda: with_encoding("gbk")),
    ("an encoding nobody knows", "damaged", lambda: with_encoding("wps-1")),
    ("an encoding that is none of text", "damaged", lambda: with_encoding("rot13")),
    ("bytes that are no UTF-8", "damaged",
     lambda: alter.with_member(filled({}), STRINGS, b"<sst><si><t>\xff</t></si></sst>")),
    ("a declared size of 3 GB", "oversized", lambda: declared(3 * 2**30, SHEET)),
    ("a declared size of 30 MB", "oversized", lambda: declared(30 * 2**20, SHEET)),
    ("three declared sizes of 17 MB", "oversized", lambda: declared(17 * 2**20, SHEET, WORKBOOK, STRINGS)),
    ("a bomb of 20 MB in 20 kB", "oversized",
     lambda: alter.with_member(filled({}), "xl/media/a.bin", bytes(20 * 2**20))),
    ("nine megabytes", "oversized", lambda: zipped(("[Content_Types].xml", bytes(9 * 2**20)))),
    ("301 members", "oversized", lambda: zipped(*((f"xl/{number}.xml", b"") for number in range(301)))),
    ("the same name twice", "damaged",
     lambda: zipped(("xl/a.xml", b"1"), ("xl/b.xml", b"2")).replace(b"xl/b.xml", b"xl/a.xml")),
    ("the same name twice but for a capital", "damaged", lambda: with_noise("xl/Workbook.xml")),
    ("members that overlap", "damaged", overlapping),
    ("a name that climbs out", "damaged", lambda: with_noise("xl/../../etc/passwd")),
    ("an absolute name", "damaged", lambda: with_noise("/etc/passwd")),
    ("a drive in a name", "damaged", lambda: with_noise("C:/autoexec.bat")),
    ("a name with backslashes", "damaged", lambda: with_noise("xl\\worksheets\\sheet9.xml")),
    ("an encrypted member", "encrypted", lambda: in_directory(filled({}), SHEET, 8, b"\1\0")),
    ("another compression", "damaged", lambda: in_directory(filled({}), SHEET, 10, b"\x0e\0")),
    ("a document type", "damaged",
     lambda: alter.replaced(filled({}), SHEET, "<worksheet ", "<!DOCTYPE worksheet><worksheet ")),
    ("a billion laughs", "damaged", lambda: alter.with_member(filled({}), STRINGS, LAUGHS.encode())),
    ("elements 100 deep", "oversized", lambda: stuffed(SHEET, "</worksheet>", "<x>" * 100 + "</x>" * 100)),
    ("400,000 elements", "oversized", lambda: stuffed(SHEET, "</sheetData>", "<x/>" * 400_000)),
    ("5,001 names", "oversized", lambda: stuffed(WORKBOOK, "</definedNames>", names(5_001))),
    ("65 sheets", "oversized", lambda: stuffed(WORKBOOK, "</sheets>", sheets(59))),
    ("100,001 strings", "oversized", lambda: stuffed(STRINGS, "</sst>", "<si><t>x</t></si>" * 100_001)),
    ("a text of 32,768 characters", "oversized",
     lambda: alter.put_text(filled({}), "narrative.overview", "字" * 32_768)),
    ("figures on 25 sheets", "oversized", scattered),
    ("5,001 validated areas", "oversized",
     lambda: stuffed(SHEET, "</dataValidations>", f'<dataValidation sqref="{"A1 " * 5_001}"/>')),
]  # fmt: skip


@pytest.mark.parametrize(("code", "make"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_bad_file_is_refused_with_one_problem_of_its_own(code: str, make: Callable[[], bytes]) -> None:
    reading = read(make(), "a.xlsx")
    assert reading.status == "unreadable"
    assert [(each.code, each.severity.value, each.where.file) for each in reading.problems] == [
        (code, "error", "a.xlsx")
    ]
    (problem,) = reading.problems
    for sentence in (problem.message, problem.hint):
        assert re.fullmatch(r".*[一-龥].*。", sentence), sentence


@pytest.mark.parametrize("eighth", range(1, 8))
def test_a_workbook_cut_off_anywhere_is_damaged(eighth: int) -> None:
    data = filled({})
    assert [each.code for each in read(data[: len(data) * eighth // 8]).problems] == ["damaged"]


@pytest.mark.parametrize("attribute", ['r="9999999999999999999"', f'r="{"9" * 5_000}"', 'r="x"', 'r="-1"', 'r="９"'])
def test_a_row_without_a_usable_number_is_the_next_one(attribute: str) -> None:
    data = alter.replaced(filled({}), SHEET, '<row r="8"', f"<row {attribute}")
    assert read(data).problems == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "文件是空的（0 字节）。"),
        (b"%PDF-1.7", "这是 PDF 文件，不是 Excel 工作簿。"),
        (word_document(), "这是 Word 文档，不是 Excel 工作簿。"),
        (compound_file("Workbook"), "旧格式工作簿已损坏或没有传完，读不出来。"),
        (compound_file("EncryptedPackage"), "工作簿设了打开密码，读不出来。"),
        (of_version(7), "报表版本是 7，现在用的是 1。"),
        (zipped(("说明.txt", b"x")), "这是压缩包或其他文件，不是 Excel 工作簿。"),
        (overlapping(), "文件内部的部件互相重叠。"),
        (in_directory(filled({}), SHEET, 10, b"\x0e\0"), "文件的压缩方式不是工作簿所用的。"),
        (declared(30 * 2**20, SHEET), f"文件内部的 {SHEET} 展开后过大，不是正常的工作簿。"),
        (declared(17 * 2**20, SHEET, WORKBOOK, STRINGS), "文件展开后过大，不是正常的工作簿。"),
    ],
)
def test_a_refusal_says_in_words_what_the_file_is(data: bytes, message: str) -> None:
    assert [each.message for each in read(data).problems] == [message]
