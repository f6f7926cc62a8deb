"""What may be opened at all: bytes -> the parts of an .xlsx package, checked before any parser sees them.

The sizes a zip directory declares bind the reader that inflates it, so checking them first is sound and cheap. Honest
workbooks of these forms have 10-18 members, 18-89 kB packed, 171 kB unpacked; every bound leaves ample room.
"""

import io
import zipfile
import zlib

MOST_FILE = 8 * 2**20
MOST_MEMBERS = 300
MOST_MEMBER = 24 * 2**20
MOST_TOTAL = 48 * 2**20
MOST_RATIO = 200
RATIO_FROM = 2**20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_RESAVE = "请用 Excel 或 WPS 打开原文件，另存为 .xlsx 后再报送。"
_RESEND = "请单位重新发送原文件。"
_SUFFIXES = {b"%PDF": "PDF 文件", b"{\\rtf": "RTF 文档", b"Rar!": "RAR 压缩包", b"7z\xbc\xaf": "7z 压缩包"}


class Refused(Exception):
    """A file that cannot be used as a workbook: the problem's code, the sentence and the way out.

    The one exception a reading may end with; the caller turns it into a problem of that file.
    """

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Package:
    """The members of a checked package, inflated when asked for."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = frozenset(archive.namelist())

    def part(self, name: str) -> bytes:
        """A member's bytes; Refused where it is missing or damaged."""
        if name not in self.names:
            raise Refused("damaged", f"文件已损坏：缺少 {name}。", _RESEND)
        try:
            return self._archive.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise Refused("damaged", f"文件已损坏：{name} 解不开。", _RESEND) from error


def open_package(data: bytes) -> Package:
    """The package in these bytes; Refused, with its code, where it is none or may not be opened."""
    _check_kind(data)
    archive = open_archive(data)
    if "[Content_Types].xml" not in archive.namelist():
        raise Refused(
            "not-a-workbook", "这是压缩包或其他文件，不是 Excel 工作簿。", "请报送下发的 .xlsx 工作簿；压缩包请先解压。"
        )
    if "xl/workbook.xml" not in archive.namelist():
        kind = "Word 文档" if "word/document.xml" in archive.namelist() else "Office 的其他文件"
        raise Refused("not-a-workbook", f"这是 {kind}，不是 Excel 工作簿。", "请报送下发的 .xlsx 工作簿。")
    if any(name.lower().endswith("vbaproject.bin") for name in archive.namelist()):
        raise Refused("macros", "工作簿带有宏，未予读取。", "请另存为“Excel 工作簿（*.xlsx）”去掉宏后再报送。")
    return Package(archive)


def open_archive(data: bytes) -> zipfile.ZipFile:
    """A zip whose directory keeps every bound; Refused where it does not."""
    if len(data) > MOST_FILE:
        raise Refused("oversized", f"文件有 {len(data) / 2**20:.1f} MB，超过 {MOST_FILE // 2**20} MB。", _RESEND)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError, OSError) as error:
        raise Refused("damaged", "文件已损坏或没有传完，打不开。", _RESEND) from error
    _check_sizes(members)
    _check_names(members)
    _check_spans(members, len(data))
    return archive


def _check_kind(data: bytes) -> None:
    if not data:
        raise Refused("not-a-workbook", "文件是空的（0 字节）。", _RESEND)
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise Refused(
                "encrypted", "工作簿设了打开密码，读不出来。", "请取消打开密码（文件—信息—保护工作簿）后再报送。"
            )
        raise Refused("old-format", "这是旧格式（.xls 或 .et）工作簿。", _RESAVE)
    for magic, kind in _SUFFIXES.items():
        if data.startswith(magic):
            raise Refused("not-a-workbook", f"这是 {kind}，不是 Excel 工作簿。", "请报送下发的 .xlsx 工作簿。")
    if not data.startswith(b"PK"):
        raise Refused("not-a-workbook", "这不是 Excel 工作簿。", "请报送下发的 .xlsx 工作簿，不要改扩展名。")


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise Refused("oversized", f"文件内部有 {len(members)} 个部件，超过 {MOST_MEMBERS} 个。", _RESEND)
    if sum(member.file_size for member in members) > MOST_TOTAL:
        raise Refused("oversized", "文件展开后过大，不是正常的工作簿。", _RESEND)
    for member in members:
        packed = max(member.compress_size, 1)
        if member.file_size > MOST_MEMBER or (member.file_size > RATIO_FROM and member.file_size > MOST_RATIO * packed):
            raise Refused("oversized", f"文件内部的 {member.filename[:60]} 展开后过大，不是正常的工作簿。", _RESEND)
        if member.flag_bits & 0x1:
            raise Refused("encrypted", "文件内部加了密，读不出来。", "请取消密码后再报送。")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("damaged", "文件的压缩方式不是工作簿所用的。", _RESAVE)


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len({name.lower() for name in names}) != len(names):
        raise Refused("damaged", "文件内部有重名的部件。", _RESEND)
    for name in names:
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise Refused("damaged", "文件内部的部件名不合规。", _RESEND)


def _check_spans(members: list[zipfile.ZipInfo], size: int) -> None:
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end or member.header_offset + member.compress_size > size:
            raise Refused("damaged", "文件内部的部件互相重叠。", _RESEND)
        end = member.header_offset + 30 + member.compress_size
