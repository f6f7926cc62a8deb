"""What may be opened at all: bytes -> the parts of an .xlsx package, checked before any parser sees them.

No more of a member is inflated than the zip directory declares, so checking those sizes first is sound and cheap.
Honest workbooks of these forms have 10-18 members, 18-89 kB packed, 171 kB unpacked; every bound leaves ample room.
"""

import codecs
import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

MOST_FILE = 8 * 2**20
MOST_MEMBERS = 300
MOST_MEMBER = 24 * 2**20
MOST_TOTAL = 48 * 2**20
MOST_RATIO = 200
RATIO_FROM = 2**20
MOST_MARKS = 120_000
BYTES_TO_A_MARK = 100
_MARKS = b"<&_"
_SNIFFED = 4_096

UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, struct.error, UnicodeError,
)  # fmt: skip
_LOCAL_HEADER, _LOCAL_SIGNATURE = struct.Struct("<4s2xH18xHH"), b"PK\3\4"
_UTF8_NAME, _NOT_OPENED = 0x800, 0x61  # flags: the name's encoding; encrypted, a patch, strongly encrypted

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_RECORD = b"PK\5\6"
_MACROS = (b"vbaProject", b"macrosheet")  # as a package's list of content types calls them
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ODS_AT = 38  # the first member's content, where it is called `mimetype`, is stored and has no extra field
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_FOREIGN_STREAMS = {"WordDocument": "Word 文档", "PowerPoint Document": "PowerPoint 演示文稿"}
_RESAVE = "请用 Excel 或 WPS 打开原文件，另存为 .xlsx 后再报送。"
_RESEND = "请单位重新发送原文件。"
_ISSUED = "请报送下发的 .xlsx 工作簿。"
_AS_ISSUED = "请报送下发的 .xlsx 工作簿，不要改扩展名，也不要另存为其他格式。"
_SUFFIXES = {b"%PDF": "PDF 文件", b"{\\rtf": "RTF 文档", b"Rar!": "RAR 压缩包", b"7z\xbc\xaf": "7z 压缩包"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a package of a kind may be, packed and unpacked, and how sentences call the kind and its way out.

    Members in the folders `unread` are never unpacked, so that what they unpack to does not matter.
    """

    file: int = MOST_FILE
    members: int = MOST_MEMBERS
    member: int = MOST_MEMBER
    total: int = MOST_TOTAL
    called: str = "工作簿"
    resave: str = _RESAVE
    unread: tuple[str, ...] = ()


WORKBOOK = Bounds()


class Refused(Exception):
    """A file that cannot be used as what it is taken for: the problem's code, the sentence and the way out.

    The one exception a reading may end with; the caller turns it into a problem of that file.
    """

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Package:
    """The members of a checked package, inflated when asked for."""

    def __init__(self, data: bytes, archive: zipfile.ZipFile, most_marks: int = MOST_MARKS) -> None:
        self._data = data
        self._members = archive.NameToInfo
        self._marks_left = most_marks
        self.names = frozenset(self._members)

    def size(self, name: str) -> int:
        """How many bytes a member declares to hold; 0 where there is none."""
        return self._members[name].file_size if name in self.names else 0

    def part(self, name: str) -> bytes:
        """A member's bytes; Refused where it is missing or damaged."""
        if name not in self.names:
            raise Refused("damaged", f"文件已损坏：缺少 {name}。", _RESEND)
        try:
            return _member_of(self._data, self._members[name])
        except UNREADABLE as error:
            raise Refused("damaged", f"文件已损坏：{name} 解不开。", _RESEND) from error

    def markup(self, name: str) -> bytes:
        """The bytes of a member that is to be parsed, paid for out of what may be parsed of the whole package."""
        data = self.part(name)
        self._marks_left -= len(data) - len(data.translate(None, _MARKS)) + len(data) // BYTES_TO_A_MARK
        if self._marks_left < 0:
            told = f"文件内部的 {name} 内容过多，不是正常的工作簿。"
            raise Refused("oversized", told, "请在下发的工作簿里填报，不要另加内容。")
        return data


def open_package(data: bytes, most_marks: int = MOST_MARKS, most_member: int = MOST_MEMBER) -> Package:
    """The package in these bytes; Refused, with its code, where it is none or may not be opened.

    `most_marks` is how many tags, references and escapes may be parsed in it, all parts together and as often as they
    are parsed; so many bytes count as one, too. Honest workbooks of these forms have 10,000-16,000. `most_member` is
    how many bytes one member may unpack to.
    """
    _check_kind(data)
    archive = open_archive(data, Bounds(member=most_member))
    if "[Content_Types].xml" not in archive.namelist():
        raise Refused(
            "not-a-workbook", "这是压缩包或其他文件，不是 Excel 工作簿。", "请报送下发的 .xlsx 工作簿；压缩包请先解压。"
        )
    if "xl/workbook.xml" not in archive.namelist():
        kind = "Word 文档" if "word/document.xml" in archive.namelist() else "Office 的其他文件"
        raise Refused("not-a-workbook", f"这是 {kind}，不是 Excel 工作簿。", _ISSUED)
    package = Package(data, archive, most_marks)
    types = package.part("[Content_Types].xml")
    if any(name.lower().endswith("vbaproject.bin") for name in package.names) or any(kind in types for kind in _MACROS):
        raise macros()
    return package


def open_archive(data: bytes, bounds: Bounds = WORKBOOK) -> zipfile.ZipFile:
    """A zip whose directory keeps every bound; Refused where it does not."""
    if len(data) > bounds.file:
        raise Refused("oversized", f"文件有 {len(data) / 2**20:.1f} MB，超过 {bounds.file // 2**20} MB。", _RESEND)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError, OSError) as error:
        raise Refused("damaged", "文件已损坏或没有传完，打不开。", _RESEND) from error
    _check_sizes(members, bounds)
    _check_names(members)
    _check_spans(members, data)
    return archive


def is_legacy(data: bytes) -> bool:
    """Whether this is a workbook that only `read_legacy` can read: .xls or .et (OLE2), or .ods."""
    if data.startswith(_OLE):
        return _ENCRYPTED_STREAM not in data and not any(has_stream(data, name) for name in _FOREIGN_STREAMS)
    return _is_ods(data)


def has_stream(data: bytes, name: str) -> bool:
    """Whether a compound file's directory has an entry of this name."""
    return name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) in data


def macros() -> Refused:
    """The refusal of a workbook with macros."""
    return Refused("macros", "工作簿带有宏，未予读取。", "请另存为“Excel 工作簿（*.xlsx）”去掉宏后再报送。")


def encrypted() -> Refused:
    """The refusal of a workbook that needs a password to open."""
    return Refused("encrypted", "工作簿设了打开密码，读不出来。", "请取消打开密码（文件—信息—保护工作簿）后再报送。")


def inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member's bytes; one of UNREADABLE is raised where it is damaged.

    Told no size, zipfile inflates a member whole before it cuts it to what was declared: two gigabytes out of two
    megabytes.
    """
    with archive.open(member) as stream:
        return stream.read(member.file_size)


def _member_of(data: bytes, member: zipfile.ZipInfo) -> bytes:
    """The same of a package in memory, without a file around it; what zipfile would not read, this does not either."""
    signature, flags, named, extra = _LOCAL_HEADER.unpack_from(data, member.header_offset)
    start = member.header_offset + _LOCAL_HEADER.size
    name = data[start : start + named].decode("utf-8" if flags & _UTF8_NAME else "cp437")
    if signature != _LOCAL_SIGNATURE or member.flag_bits & _NOT_OPENED or name != member.orig_filename:
        raise zipfile.BadZipFile(member.filename)
    start += named + extra
    packed = data[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        part = packed[: member.file_size]
    else:
        part = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.file_size) if member.file_size else b""
    if zlib.crc32(part) != member.CRC:
        raise zipfile.BadZipFile(member.filename)
    return part


def _is_ods(data: bytes) -> bool:
    return data.startswith(b"PK") and data[30:_ODS_AT] == b"mimetype" and data.startswith(_ODS, _ODS_AT)


def _check_kind(data: bytes) -> None:
    """Refused, and called what it is, where this is no zip that may be an .xlsx."""
    if not data:
        raise Refused("not-a-workbook", "文件是空的（0 字节）。", _RESEND)
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise encrypted()
        for stream, kind in _FOREIGN_STREAMS.items():
            if has_stream(data, stream):
                raise Refused("not-a-workbook", f"这是 {kind}，不是 Excel 工作簿。", _ISSUED)
        raise Refused("old-format", "这是旧格式（.xls 或 .et）工作簿。", _RESAVE)
    if _is_ods(data):
        raise Refused("old-format", "这是 OpenDocument（.ods）工作簿。", _RESAVE)
    for magic, kind in _SUFFIXES.items():
        if data.startswith(magic):
            raise Refused("not-a-workbook", f"这是 {kind}，不是 Excel 工作簿。", _ISSUED)
    if not data.startswith(b"PK"):
        raise Refused("not-a-workbook", f"这{_kind_of_text(data)}，不是 Excel 工作簿。", _AS_ISSUED)


def _kind_of_text(data: bytes) -> str:
    """What a file that begins like none of the known ones looks like: a web page, a table as text, a text, unknown."""
    text = _decoded(data[:_SNIFFED])
    if text is None:
        return "是无法辨认的文件"
    start = text.lstrip("\ufeff").lstrip()[:1000].lower()
    if start.startswith(("<!doctype html", "<html", "<table", "<meta")) or "<html" in start:
        return "是网页（HTML），只是扩展名像工作簿"
    if start.startswith("<?xml"):
        return "是 XML 文件"
    if any(re.search(r"[,\t，]", line) for line in text.splitlines()[:5]):
        return "是用逗号或制表符分隔的文本（CSV）"
    return "是文本文件"


def _decoded(start: bytes) -> str | None:
    """The text these first bytes of a file are, in one of the encodings that Chinese texts come in; None for none."""
    for encoding in ("utf-8", "gb18030", "utf-16"):
        if encoding == "utf-16" and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(start)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    return None


def _check_sizes(members: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    if len(members) > bounds.members:
        raise Refused("oversized", f"文件内部有 {len(members)} 个部件，超过 {bounds.members} 个。", _RESEND)
    read = [member for member in members if not member.filename.startswith(bounds.unread)]
    if sum(member.file_size for member in read) > bounds.total:
        raise Refused("oversized", f"文件展开后过大，不是正常的{bounds.called}。", _RESEND)
    for member in read:
        size, packed = member.file_size, max(member.compress_size, 1)
        if size > bounds.member or (size > RATIO_FROM and size > MOST_RATIO * packed):
            told = f"文件内部的 {member.filename[:60]} 展开后过大，不是正常的{bounds.called}。"
            raise Refused("oversized", told, _RESEND)
    for member in members:
        if member.flag_bits & 0x1:
            raise Refused("encrypted", "文件内部加了密，读不出来。", "请取消密码后再报送。")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("damaged", f"文件的压缩方式不是{bounds.called}所用的。", bounds.resave)


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len({name.lower() for name in names}) != len(names):
        raise Refused("damaged", "文件内部有重名的部件。", _RESEND)
    for name in names:
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise Refused("damaged", "文件内部的部件名不合规。", _RESEND)


def _check_spans(members: list[zipfile.ZipInfo], data: bytes) -> None:
    """One archive, from the first byte to the last: where there are two, programs differ on which one it is."""
    start = min((member.header_offset for member in members), default=0)
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end or member.header_offset + member.compress_size > len(data):
            raise Refused("damaged", "文件内部的部件互相重叠。", _RESEND)
        end = member.header_offset + 30 + member.compress_size
    if start or data.count(_END_RECORD, end) != 1:
        raise Refused("damaged", "文件里不止一个压缩包，不知以哪个为准。", _RESEND)
