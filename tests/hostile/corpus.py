"""Files made to harm, mislead or overload their reader: each with its name, its bytes and what it must be told."""

import gzip
import io
import random
import re
import struct
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial

from tests.hostile import raw_zip
from tests.hostile.raw_zip import Member
from tests.intake import alter
from tests.official import filled

WRITTEN: dict[str, int | str] = {
    "requests.new_received.natural_person": 3,
    "requests.granted.natural_person": 3,
    "proactive.admin_fees.amount_wan_yuan": "1.25",
}
CELL = "requests.new_received.natural_person"
SHEET, WORKBOOK, STRINGS = "xl/worksheets/sheet3.xml", "xl/workbook.xml", "xl/sharedStrings.xml"
STYLES, TYPES, CORE = "xl/styles.xml", "[Content_Types].xml", "docProps/core.xml"
RELATIONS, ROOT_RELATIONS = "xl/_rels/workbook.xml.rels", "_rels/.rels"
DRAWN = "urn:schemas-microsoft-com:office"


@dataclass(frozen=True, slots=True)
class Case:
    """One file: its name in words, how it is made, the codes it must be told, all of them, and whether its figures
    are read, as they were before anyone tampered."""

    name: str
    codes: tuple[str, ...]
    make: Callable[[], bytes]
    is_read: bool = False


@cache
def good() -> bytes:
    """An honest workbook without a problem."""
    return filled(WRITTEN)


@cache
def parts() -> dict[str, bytes]:
    return alter.members(good())


def put(member: str, before: str, stuff: str) -> bytes:
    """The good workbook with something put in before the last place of some text."""

    def edit(text: str) -> str:
        head, found, tail = text.rpartition(before)
        assert found, before
        return head + stuff + before + tail

    return alter.edited(good(), member, edit)


def stored(data: bytes) -> bytes:
    """The same members without compression, so that no bound on ratios decides."""
    return alter.packed(alter.members(data), raw_zip.STORED)


def changed(pattern: str, new: str, member: str = SHEET) -> bytes:
    """The good workbook with the first match of a pattern in one member put for another text."""
    return alter.edited(good(), member, lambda text: re.sub(pattern, lambda _: new, text, count=1))


def raw(name: str | None = None, comment: bytes = b"", shift: int = 0, **changes: object) -> bytes:
    """The good workbook with one member's headers changed by hand."""
    members = [
        replace(each, **changes) if each.name.decode() == name else each  # type: ignore[arg-type]
        for each in raw_zip.of(parts())
    ]
    return raw_zip.build(members, comment, shift)


def more(*members: Member) -> bytes:
    """The good workbook with members put behind its own."""
    return raw_zip.build([*raw_zip.of(parts()), *members])


def extra(name: str, content: bytes = b"x") -> bytes:
    return more(Member(name.encode(), content))


def with_doctype(member: str, subset: str = "") -> bytes:
    """The good workbook with a document type before the first element of one part."""
    return alter.edited(good(), member, lambda text: re.sub(r"(<(?![?!]))", rf"<!DOCTYPE x {subset}>\1", text, count=1))


def recoded(member: str, encoding: str, declared: str) -> bytes:
    """The good workbook with a part in another encoding, said or not."""
    text = parts()[member].decode().replace('encoding="UTF-8"', f'encoding="{declared}"' if declared else "")
    return alter.with_member(good(), member, text.encode(encoding))


def cell(xml: str) -> bytes:
    """The good workbook with the cell D8 written another way."""
    return changed(r'<c r="D8"[^>]*>.*?</c>', xml)


def cut_off(part: int) -> bytes:
    """The first few of 21 parts of the good workbook."""
    return good()[: len(good()) * part // 21]


def noise(size: int) -> str:
    """Letters that deflate to about half their number."""
    return random.Random(7).randbytes(size // 2).hex()


def names(count: int, reference: str) -> str:
    return "".join(f'<definedName name="n{number}">{reference}</definedName>' for number in range(count))


def nested(depth: int) -> bytes:
    """A zip in a zip in a zip."""
    data = good()
    for number in range(depth):
        data = alter.packed({f"{number}.zip": data})
    return data


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.xlsx"))
    return buffer.getvalue()


def directory_in_comment() -> bytes:
    """A workbook whose comment holds a second directory, which leads to another sheet three in a gap."""
    other = alter.put_number(good(), CELL, "9999")
    hidden = Member(SHEET.encode(), alter.members(other)[SHEET])
    members = [*raw_zip.of(parts()), replace(hidden, name=b"xl/worksheets/sheet9.xml")]
    whole = raw_zip.build(members)
    second = raw_zip.build([each for each in members if each.name != SHEET.encode()])
    directory = second[second.index(b"PK\1\2") :]
    return raw_zip.build(members, comment=directory + bytes(200)) + whole[-22:]


def with_related(member: str, content_type: str, content: bytes = b"<x/>") -> bytes:
    """The good workbook with one more part, declared in the content types."""
    types = parts()[TYPES].decode()
    override = f'<Override PartName="/{member}" ContentType="{content_type}"/></Types>'
    data = alter.with_member(good(), TYPES, types.replace("</Types>", override).encode())
    return alter.with_member(data, member, content)


def ole(name: str) -> bytes:
    """The beginning of an Outlook message or another OLE2 file: a header and a directory with one stream."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    entries = b"".join(
        text.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBB3I", 2 * len(text) + 2, kind, 1, *[0xFFFFFFFF] * 3)
        + bytes(36)
        + struct.pack("<IQ", 0xFFFFFFFE, 0)
        for text, kind in (("Root Entry", 5), (name, 2))
    )
    return header + fat + entries.ljust(512, b"\0")


LAUGHS = (
    '[<!ENTITY a "haha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]"
)
QUADRATIC = f'[<!ENTITY a "{"ha" * 50_000}">]'
OUTSIDE = '[<!ENTITY a SYSTEM "file:///etc/hostname">]'
PARAMETER = '[<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;]'
ZEROS = raw_zip.zeros_deflated(64)
NUMBERED = '<c r="D8"><v>{}</v></c>'


def _zips() -> Iterator[Case]:
    oversized, damaged = ("oversized",), ("damaged",)
    yield Case(
        "a bomb of 64 MB that says so", oversized, lambda: raw("xl/styles.xml", packed=ZEROS, central_size=64 * 2**20)
    )
    yield Case("a bomb of 64 MB that says 20 kB", damaged, lambda: raw(SHEET, packed=ZEROS, central_size=20_000))
    yield Case("a bomb of 64 MB that says 0 bytes", damaged, lambda: raw(SHEET, packed=ZEROS, central_size=0))
    yield Case("a bomb of 64 MB as the list of types", damaged, lambda: raw(TYPES, packed=ZEROS, central_size=20_000))
    yield Case(
        "five thousand members", oversized, lambda: more(*(Member(b"m/%d" % number, b"") for number in range(5_000)))
    )
    yield Case("zips in zips", ("not-a-workbook",), lambda: nested(40))
    yield Case("a workbook in a workbook", (), lambda: extra("xl/embeddings/a.xlsx", good()), is_read=True)
    yield Case("members that overlap", damaged, lambda: raw(CORE, central_offset=0))
    yield Case(
        "all members in one place",
        damaged,
        lambda: raw_zip.build([replace(each, central_offset=0) for each in raw_zip.of(parts())]),
    )
    yield Case("a member beyond the end", damaged, lambda: raw(CORE, central_offset=2**31))
    yield Case("a size too small in the directory", damaged, lambda: raw(SHEET, central_size=10))
    yield Case("a size too large in the directory", (), lambda: raw(SHEET, central_size=10**6), is_read=True)
    yield Case(
        "sizes of 4 GB in a local header",
        (),
        lambda: raw(SHEET, local_size=2**32 - 1, local_packed_size=2**32 - 1),
        is_read=True,
    )
    yield Case("another name in a local header", damaged, lambda: raw(SHEET, local_name=b"xl/worksheets/sheet4.xml"))
    yield Case("a wrong checksum", damaged, lambda: raw(SHEET, crc=1))
    yield Case("a stream that is no deflate", damaged, lambda: raw(SHEET, packed=b"\xff" * 500))
    for name in ("../../evil.xml", "/etc/passwd", "C:/a.bat", "C:a.bat", "xl\\evil.xml", "\\\\host\\share", "a/../b"):
        yield Case(f"a member called {name}", damaged, partial(extra, name))
    yield Case("a name with a NUL", damaged, lambda: extra(SHEET + "\0.png"))
    yield Case("a sheet twice", damaged, lambda: extra(SHEET, b"<worksheet/>"))
    yield Case("a sheet twice but for a capital", damaged, lambda: extra("xl/worksheets/Sheet3.xml"))
    yield Case("a name of 60,000 letters", (), lambda: extra("a" * 60_000), is_read=True)
    yield Case("an encrypted sheet", ("encrypted",), lambda: raw(SHEET, flags=1))
    yield Case("a sheet with strong encryption", ("encrypted",), lambda: raw(SHEET, flags=0x41))
    for number, method in ((12, "bzip2"), (14, "lzma"), (9, "deflate64"), (99, "AES"), (255, "nothing known")):
        yield Case(f"a sheet packed with {method}", damaged, partial(raw, SHEET, method=number))
    yield Case("a patched member", damaged, lambda: raw(SHEET, flags=0x20))
    yield Case(
        "an archive that says it is one of many disks",
        (),
        lambda: good()[:-18] + b"\1\0\1\0" + good()[-14:],
        is_read=True,
    )
    yield Case(
        "an end that says too few members",
        (),
        lambda: good()[:-14] + struct.pack("<HH", 2, 2) + good()[-10:],
        is_read=True,
    )
    for cut in range(1, 21):
        yield Case(f"{cut}/21 of a workbook", damaged, partial(cut_off, cut))
    yield Case("two workbooks one after the other", damaged, lambda: alter.put_number(good(), CELL, "9999") + good())
    yield Case(
        "the same, the second counted from the start",
        damaged,
        lambda: (first := alter.put_number(good(), CELL, "9999")) + raw(shift=len(first)),
    )
    yield Case("a workbook in the comment of a workbook", damaged, lambda: raw(comment=good()))
    yield Case("a second directory in the comment", damaged, directory_in_comment)
    yield Case("an empty end in the comment", damaged, lambda: raw(comment=b"PK\5\6" + bytes(18)))
    yield Case("a workbook with a remark in its comment", (), lambda: raw(comment=b"hello"), is_read=True)
    yield Case("a workbook and a line's end", (), lambda: good() + b"\r\n", is_read=True)
    yield Case("letters before the workbook", ("not-a-workbook",), lambda: b"junk" + good())
    yield Case("PK and letters before the workbook", damaged, lambda: b"PKjunk" + good())
    yield Case("a PDF that is a workbook too", ("not-a-workbook",), lambda: b"%PDF-1.7\n" + good())
    yield Case("all members empty", ("damaged",), lambda: alter.packed(dict.fromkeys(parts(), b"")))
    yield Case("an empty sheet", damaged, lambda: alter.with_member(good(), SHEET, b""))
    yield Case("an empty workbook part", damaged, lambda: alter.with_member(good(), WORKBOOK, b""))
    yield Case("nothing but a folder", ("not-a-workbook",), lambda: raw_zip.build([Member(b"a.xlsx/", b"")]))
    yield Case("an archive of nothing", ("not-a-workbook",), lambda: raw_zip.end_record(0, 0, 0))


def _renamed() -> Iterator[Case]:
    for name, data in (
        ("gzip", gzip.compress(good(), mtime=0)),
        ("bzip2", b"BZh91AY&SY" + bytes(64)),
        ("7z", b"7z\xbc\xaf\x27\x1c" + bytes(64)),
        ("rar", b"Rar!\x1a\x07\x01\0" + bytes(64)),
        ("tar", tarred()),
        ("web page", b"<html><table><tr><td>3</td></tr></table></html>"),
        ("rtf", b"{\\rtf1\\ansi 3}"),
        ("png", b"\x89PNG\r\n\x1a\n" + bytes(64)),
        ("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(64)),
        ("program", b"MZ\x90\0" + bytes(64)),
        ("XML spreadsheet", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'),
        ("mail", b"From: a@example.org\r\nSubject: 3\r\n\r\n3\r\n"),
        ("zeros", bytes(1000)),
        ("nothing", b""),
    ):
        yield Case(f"renamed: {name}", ("not-a-workbook",), partial(bytes, data))
    yield Case("renamed: an encrypted workbook", ("encrypted",), lambda: ole("EncryptedPackage"))


def _entities() -> Iterator[Case]:
    damaged = ("damaged",)
    for part in (SHEET, WORKBOOK, STRINGS, STYLES, RELATIONS, CORE):
        yield Case(f"a document type in {part}", damaged, partial(with_doctype, part))
        yield Case(f"a billion laughs in {part}", damaged, partial(with_doctype, part, LAUGHS))
        yield Case(f"a file from outside in {part}", damaged, partial(with_doctype, part, OUTSIDE))
    yield Case("a document type in a part nobody reads", (), lambda: with_doctype(TYPES, LAUGHS), is_read=True)
    yield Case("a parameter entity from the net", damaged, lambda: with_doctype(SHEET, PARAMETER))
    yield Case("a long entity many times", damaged, lambda: with_doctype(STRINGS, QUADRATIC))
    yield Case("an entity nobody declared", damaged, lambda: cell(NUMBERED.format("&a;")))
    yield Case("a sheet in UTF-16", (), lambda: recoded(SHEET, "utf-16", "UTF-16"), is_read=True)
    yield Case("a sheet in UTF-16 that says UTF-8", damaged, lambda: recoded(SHEET, "utf-16-le", "UTF-8"))
    yield Case("a sheet in UTF-7", damaged, lambda: recoded(SHEET, "utf-7", "UTF-7"))
    yield Case(
        "a document type in UTF-7",
        damaged,
        lambda: alter.with_member(
            good(), STRINGS, b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<sst/>'
        ),
    )
    yield Case(
        "a document type in UTF-16",
        damaged,
        lambda: alter.with_member(
            good(), STRINGS, "<!DOCTYPE x [<!ENTITY a 'b'>]><sst><si><t>&a;</t></si></sst>".encode("utf-16")
        ),
    )
    yield Case("a sheet in UTF-32", damaged, lambda: recoded(SHEET, "utf-32", "UTF-32"))
    yield Case("a NUL in a sheet", damaged, lambda: alter.replaced(good(), SHEET, "<sheetData>", "<sheetData>\0"))
    yield Case("a reference to a NUL", damaged, lambda: cell(NUMBERED.format("&#0;")))
    yield Case("half a surrogate", damaged, lambda: cell(NUMBERED.format("&#xD800;")))
    yield Case(
        "elements 10,000 deep",
        ("oversized",),
        lambda: stored(put(SHEET, "</worksheet>", "<x>" * 10_000 + "</x>" * 10_000)),
    )
    yield Case(
        "an element with 20,000 attributes",
        (),
        lambda: put(SHEET, "</worksheet>", "<x" + "".join(f' a{n}="1"' for n in range(20_000)) + "/>"),
        is_read=True,
    )
    yield Case(
        "a tag of two megabytes", (), lambda: stored(put(SHEET, "</worksheet>", f"<{'x' * 2**21}/>")), is_read=True
    )
    yield Case(
        "an attribute of four megabytes",
        (),
        lambda: stored(put(SHEET, "</worksheet>", f'<x a="{"x" * 2**22}"/>')),
        is_read=True,
    )
    yield Case(
        "a comment of four megabytes",
        (),
        lambda: stored(put(SHEET, "</worksheet>", f"<!--{'x' * 2**22}-->")),
        is_read=True,
    )


def _masses() -> Iterator[Case]:
    oversized = ("oversized",)
    rows = "".join(f'<row r="{number}" s="1" customFormat="1"/>' for number in range(35, 80_035))
    yield Case(
        "a million empty formatted rows",
        oversized,
        lambda: put(SHEET, "</sheetData>", "".join(f'<row r="{number}" s="1"/>' for number in range(35, 1_000_035))),
    )
    yield Case("80,000 empty formatted rows", (), lambda: put(SHEET, "</sheetData>", rows), is_read=True)
    yield Case(
        "280,000 cells with nothing in them",
        oversized,
        lambda: put(
            SHEET,
            "</sheetData>",
            "".join(
                f'<row r="{row}">'
                + "".join(f'<c r="{column}{row}" s="1"/>' for column in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                + "</row>"
                for row in range(35, 10_300)
            ),
        ),
    )
    yield Case(
        "70,000 cells with nothing in them",
        (),
        lambda: put(
            SHEET,
            "</sheetData>",
            "".join(
                f'<row r="{row}">'
                + "".join(f'<c r="{column}{row}" s="1"/>' for column in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                + "</row>"
                for row in range(35, 2_700)
            ),
        ),
        is_read=True,
    )
    yield Case(
        "two cells at the ends of a sheet",
        (),
        lambda: put(SHEET, "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        is_read=True,
    )
    yield Case(
        "one merge of the whole sheet",
        (),
        lambda: put(SHEET, "</mergeCells>", '<mergeCell ref="A1:XFD1048576"/>'),
        is_read=True,
    )
    yield Case(
        "80,000 merges",
        (),
        lambda: put(SHEET, "</mergeCells>", "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(100, 80_100))),
        is_read=True,
    )
    yield Case(
        "a hyperlink over the whole sheet",
        (),
        lambda: put(SHEET, "<printOptions", '<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>'),
        is_read=True,
    )
    yield Case(
        "a million conditional formats",
        oversized,
        lambda: put(SHEET, "<dataValidations", '<conditionalFormatting sqref="A1"/>' * 500_000),
    )
    yield Case(
        "80,000 conditional formats",
        (),
        lambda: stored(put(SHEET, "<dataValidations", '<conditionalFormatting sqref="A1"/>' * 80_000)),
        is_read=True,
    )
    yield Case(
        "a million validations",
        oversized,
        lambda: put(SHEET, "</dataValidations>", '<dataValidation sqref="A1"/>' * 800_000),
    )
    yield Case(
        "a million areas in one validation",
        oversized,
        lambda: stored(put(SHEET, "</dataValidations>", f'<dataValidation sqref="{"A1 " * 1_000_000}"/>')),
    )
    yield Case(
        "a number format of a megabyte",
        (),
        lambda: stored(
            put(STYLES, "<fonts", f'<numFmts><numFmt numFmtId="200" formatCode="{"[h]" * 300_000}"/></numFmts>')
        ),
        is_read=True,
    )
    yield Case(
        "50,000 number formats of open quotes",
        (),
        lambda: put(
            STYLES,
            "<fonts",
            "<numFmts>"
            + "".join(f'<numFmt numFmtId="{n}" formatCode="{"[" * 60}"/>' for n in range(200, 50_200))
            + "</numFmts>",
        ),
        is_read=True,
    )
    yield Case(
        "80,000 styles", (), lambda: stored(put(STYLES, "</cellXfs>", '<xf numFmtId="164"/>' * 80_000)), is_read=True
    )
    yield Case("200,000 shared strings", oversized, lambda: put(STRINGS, "</sst>", "<si><t>x</t></si>" * 200_000))
    yield Case(
        "a shared string of 7 MB", oversized, lambda: put(STRINGS, "</sst>", f"<si><t>{noise(7 * 2**20)}</t></si>")
    )
    yield Case(
        "a shared string of 20 MB", oversized, lambda: put(STRINGS, "</sst>", f"<si><t>{noise(2**19) * 40}</t></si>")
    )
    yield Case(
        "a cell of 20 MB",
        oversized,
        lambda: put(
            SHEET,
            "</sheetData>",
            f'<row r="500"><c r="A500" t="inlineStr"><is><t>{noise(2**19) * 40}</t></is></c></row>',
        ),
    )
    yield Case(
        "a million escaped characters",
        oversized,
        lambda: put(STRINGS, "</sst>", f"<si><t>{'_x0041_' * 1_000_000}</t></si>"),
    )
    yield Case(
        "escaped characters in ten thousand strings",
        oversized,
        lambda: put(STRINGS, "</sst>", f"<si><t>{'_x0041_' * 50}</t></si>" * 10_000),
    )
    yield Case(
        "25,000 runs in one string",
        (),
        lambda: put(STRINGS, "</sst>", f"<si>{'<r><t>x</t></r>' * 25_000}</si>"),
        is_read=True,
    )
    yield Case("6,000 names", oversized, lambda: put(WORKBOOK, "</definedNames>", names(6_000, "封面!$A$1")))
    yield Case(
        "names with formulas of a megabyte",
        (),
        lambda: stored(put(WORKBOOK, "</definedNames>", names(3, "'" + "x''" * 350_000))),
        is_read=True,
    )
    yield Case(
        "a name of a megabyte",
        (),
        lambda: stored(put(WORKBOOK, "</definedNames>", f'<definedName name="{"n" * 2**20}">封面!$A$1</definedName>')),
        is_read=True,
    )
    yield Case(
        "500 sheets on one part",
        oversized,
        lambda: put(
            WORKBOOK, "</sheets>", "".join(f'<sheet name="s{n}" sheetId="{n + 9}" r:id="rId3"/>' for n in range(500))
        ),
    )
    yield Case("24 sheets on one part of 10 MB", oversized, _sheets_on_one_part)
    yield Case(
        "100,000 merges",
        oversized,
        lambda: put(SHEET, "</mergeCells>", "".join(f'<mergeCell ref="A{n}:XFD{n}"/>' for n in range(100, 100_100))),
    )
    yield Case(
        "100,000 styles",
        oversized,
        lambda: stored(put(STYLES, "</cellXfs>", '<xf numFmtId="164" fontId="0" applyFont="1"/>' * 100_000)),
    )
    yield Case(
        "50 sheets on one part",
        (),
        lambda: put(
            WORKBOOK, "</sheets>", "".join(f'<sheet name="s{n}" sheetId="{n + 9}" r:id="rId3"/>' for n in range(50))
        ),
        is_read=True,
    )
    yield Case(
        "70,000 relations",
        (),
        lambda: put(
            RELATIONS,
            "</Relationships>",
            "".join(f'<Relationship Id="x{n}" Target="a{n}.xml"/>' for n in range(70_000)),
        ),
        is_read=True,
    )
    yield Case(
        "noise of 7 MB in a picture",
        (),
        lambda: extra("xl/media/a.png", random.Random(1).randbytes(7 * 2**20)),
        is_read=True,
    )


def _sheets_on_one_part() -> bytes:
    """A workbook with names that lead to 24 sheets, all of them in one large part."""
    data = put(SHEET, "</worksheet>", f"<!--{noise(2**19) * 20}-->")
    added = "".join(f'<sheet name="s{n}" sheetId="{n + 9}" r:id="rId3"/>' for n in range(20))
    data = alter.replaced(data, WORKBOOK, "</sheets>", added + "</sheets>")
    count = iter(range(20))
    move = re.compile(r">表三依申请公开!(?=\$[A-Z]\$1\d<)")
    return alter.edited(data, WORKBOOK, lambda text: move.sub(lambda _: f">s{next(count)}!", text, count=20))


def _relations() -> Iterator[Case]:
    damaged = ("damaged",)
    target = 'Target="worksheets/sheet3.xml"'
    for name, new in (
        ("to the workbook itself", 'Target="workbook.xml"'),
        ("to the relations themselves", 'Target="_rels/workbook.xml.rels"'),
        ("to the shared strings", 'Target="sharedStrings.xml"'),
        ("out of the package", 'Target="../../../../etc/passwd"'),
        ("to a web address", 'Target="http://127.0.0.1:9/sheet3.xml"'),
        ("to a web address, said so", 'Target="http://127.0.0.1:9/s.xml" TargetMode="External"'),
        ("to a share", 'Target="\\\\host\\share\\sheet3.xml"'),
        ("to nothing", 'Target=""'),
        ("to a sheet in another case", 'Target="Worksheets/sheet3.xml"'),
        ("of 100,000 steps", f'Target="{"a/../" * 100_000}worksheets/sheet9.xml"'),
    ):
        yield Case(f"a relation {name}", damaged, partial(alter.replaced, good(), RELATIONS, target, new))
    yield Case(
        "two relations of one name",
        damaged,
        lambda: put(RELATIONS, "</Relationships>", '<Relationship Id="rId3" Target="worksheets/sheet4.xml"/>'),
    )
    yield Case(
        "two sheets of one name",
        damaged,
        lambda: put(WORKBOOK, "</sheets>", '<sheet name="表三依申请公开" sheetId="9" r:id="rId4"/>'),
    )
    yield Case("the sheet is gone", damaged, lambda: alter.without_member(good(), SHEET))
    yield Case("the styles are gone", (), lambda: alter.without_member(good(), STYLES), is_read=True)
    yield Case("the strings are gone", damaged, lambda: alter.without_member(good(), STRINGS))
    yield Case(
        "the relations of the package are gone", (), lambda: alter.without_member(good(), ROOT_RELATIONS), is_read=True
    )
    yield Case("the content types are gone", ("not-a-workbook",), lambda: alter.without_member(good(), TYPES))
    yield Case(
        "content types of another trade", (), lambda: alter.with_member(good(), TYPES, b"<Types/>"), is_read=True
    )
    yield Case("a sheet without cells", damaged, lambda: alter.with_member(good(), SHEET, b"<worksheet/>"))


def _cells() -> Iterator[Case]:
    damaged, wrong = ("damaged",), ("not-a-number",)
    for index in ("99999", "-1", "9" * 400, "1.5", "１", " 1", "1e1"):
        yield Case(
            f"shared string number {index[:9]!r}",
            damaged,
            partial(alter.put_raw, good(), "agency.name", f"<v>{index}</v>", "s"),
        )
    yield Case(
        "no shared string number", (), lambda: alter.put_raw(good(), "agency.name", "<v></v>", "s"), is_read=True
    )
    for address in ("A0", "E-7", "", "D08", "d8", "8D", "$D$8", "D８", "D8:E9", "AAAA8", "D99999999", "R8C4"):
        yield Case(f"a cell at {address!r}", damaged, partial(cell, f'<c r="{address}"><v>3</v></c>'))
    yield Case(
        "a cell at 'ZZZ9999999'",
        (),
        lambda: put(SHEET, "</sheetData>", '<row r="9999999"><c r="ZZZ9999999"><v>3</v></c></row>'),
        is_read=True,
    )
    yield Case("a cell twice with two figures", damaged, lambda: cell('<c r="D8"><v>3</v></c><c r="D8"><v>4</v></c>'))
    yield Case("a cell twice, once empty", damaged, lambda: cell('<c r="D8"><v>3</v></c><c r="D8"/>'))
    yield Case(
        "a cell twice in two rows",
        damaged,
        lambda: put(SHEET, "</sheetData>", '<row r="600"><c r="D8"><v>4</v></c></row>'),
    )
    yield Case("a cell in a cell", damaged, lambda: cell('<c r="D8"><c r="D600"><v>4</v></c><v>3</v></c>'))
    yield Case("a cell with two values", damaged, lambda: cell('<c r="D8"><v>3</v><v>4</v></c>'))
    yield Case(
        "a cell with a value and a text", damaged, lambda: cell('<c r="D8" t="inlineStr"><v>3</v><is><t>4</t></is></c>')
    )
    yield Case("a value with a value in it", damaged, lambda: cell('<c r="D8"><v>3<v>4</v></v></c>'))
    yield Case("a cell whose row says another", (), lambda: changed('<row r="8"', '<row r="900"'), is_read=True)
    yield Case("rows out of order", (), lambda: alter.edited(good(), SHEET, _backwards), is_read=True)
    yield Case("a huge row number", (), lambda: changed('<row r="8"', f'<row r="{"9" * 40}"'), is_read=True)
    for text in (
        "1e999",
        "1e-999",
        "nan",
        "inf",
        "-inf",
        "0x10",
        "1_000",
        "1,000",
        "٣",
        "３",
        "3 ",
        "1e",
        "--3",
        "3e5e5",
        "9" * 5_000,
        "1e12345",
    ):
        codes = ("not-whole",) if text == "1e-999" else wrong
        yield Case(f"the number {text[:9]!r}", codes, partial(cell, NUMBERED.format(text)))
    for kind in ("b", "e", "d", "zzz"):
        yield Case(f"a figure of type {kind!r}", wrong, partial(cell, f'<c r="D8" t="{kind}"><v>3</v></c>'))


def _backwards(text: str) -> str:
    found = re.findall(r"<row .*?</row>", text, flags=re.DOTALL)
    return text.replace("".join(found), "".join(reversed(found)))


def _active() -> Iterator[Case]:
    office = "application/vnd.ms-office"
    macro_main = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    yield Case("macros", ("macros",), lambda: extra("xl/vbaProject.bin"))
    yield Case("macros under another name", ("macros",), lambda: with_related("xl/media/a.bin", f"{office}.vbaProject"))
    yield Case(
        "a macro sheet of Excel 4",
        ("macros",),
        lambda: with_related("xl/macrosheets/sheet1.xml", "application/vnd.ms-excel.macrosheet+xml"),
    )
    yield Case(
        "a type for macros without macros",
        (),
        lambda: alter.edited(
            good(), TYPES, lambda text: re.sub(r"application/[^\"]*sheet\.main\+xml", macro_main, text)
        ),
        is_read=True,
    )
    yield Case(
        "a link to another workbook",
        ("external-links",),
        lambda: with_related(
            "xl/externalLinks/externalLink1.xml",
            "x/x",
            b'<externalLink><externalBook r:id="rId1" xmlns:r="r"/></externalLink>',
        ),
        is_read=True,
    )
    yield Case(
        "a link to a program",
        ("external-links",),
        lambda: with_related(
            "xl/externalLinks/externalLink1.xml",
            "x/x",
            b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>',
        ),
        is_read=True,
    )
    yield Case(
        "a formula that starts a program",
        ("formula-in-input",),
        lambda: cell("<c r=\"D8\"><f>cmd|'/c calc'!A1</f><v>3</v></c>"),
        is_read=True,
    )
    for name, member, kind in (
        ("an embedded object", "xl/embeddings/oleObject1.bin", "oleObject"),
        ("an ActiveX control", "xl/activeX/activeX1.xml", "activeX+xml"),
        ("a changed ribbon", "customUI/customUI.xml", "customUI"),
        ("a query table", "xl/queryTables/queryTable1.xml", "queryTable"),
        ("a connection to a database", "xl/connections.xml", "connections"),
        ("a web extension", "xl/webextensions/webextension1.xml", "webextension"),
        ("a drawing in VML", "xl/drawings/vmlDrawing1.vml", "vmlDrawing"),
    ):
        yield Case(name, (), partial(with_related, member, f"{office}.{kind}"), is_read=True)


@cache
def cases() -> tuple[Case, ...]:
    """All of them."""
    return (
        *_zips(), *_renamed(), *_entities(), *_masses(), *_relations(), *_cells(), *_active(),
    )  # fmt: skip
