"""The door for published reports: the bytes of a text, a web page, a Word file or a PDF -> a Document.

What a file is told by what it holds, not by its name. Nothing of what a report says is known here.
"""

import contextlib
import hashlib
import re
from collections.abc import Callable, Iterator

from toolkit.publish.document import Document, Line, holds_text
from toolkit.publish.flow import lines_of
from toolkit.publish.pdffile import read_pdf
from toolkit.publish.refusals import AS_TEXT, locked, not_installed, pictures_only
from toolkit.publish.textfile import MOST_BYTES as MOST_TEXT
from toolkit.publish.textfile import decoded, read_text
from toolkit.workbook.confined import folder_of
from toolkit.workbook.package import Refused, has_stream
from toolkit.workbook.sources import Wanted

MOST_PAGE, MOST_PDF = 16 * 2**20, 64 * 2**20
_MOST_START = 1_024
_SNIFFED = 4_096

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIPS = (b"PK\3\4", b"PK\5\6")
_PICTURES = {
    b"\x89PNG\r\n": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"II*\0": "TIFF", b"MM\0*": "TIFF",
}  # fmt: skip
_ARCHIVES = {b"Rar!": "RAR 压缩包", b"7z\xbc\xaf": "7z 压缩包", b"\x1f\x8b": "gzip 压缩包"}
_PAGE = re.compile(
    r"\s*<(?:!--|!doctype\s+html\b|(?:html|head|body|meta|title|style|script|link|table|div|p|pre|h[1-6]|span|font|ul|ol|"
    r"section|article|center)\b)",
    re.I,
)
_WORD_XML = (b"<w:worddocument", b"<pkg:package")
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."

_WAYS = "请交来 .txt、.html、.docx 或文字版 .pdf。"
_RESAVE = "请用 Word 或 WPS 打开原文件，另存为 .docx 后再交来。"
_CHECK = "工作簿请用 gouji check 审核。"

REPORTS = Wanted(MOST_PDF, "报告", "not-a-report", _WAYS)


def read_document(data: bytes, file: str) -> Document:
    """The file read, `file` being what to call it.

    Refused with one of `not-a-report`, `old-format`, `encrypted`, `oversized`, `damaged`, `image-only`, and
    `not-installed` where the libraries for its kind are missing.
    """
    lines = _reader(data)(data, file)
    if not holds_text(lines):
        raise Refused("not-a-report", "文件里没有文字。", "请检查是不是交错了文件。")
    return Document(file, hashlib.sha256(data).hexdigest(), lines)


def _reader(data: bytes) -> Callable[[bytes, str], tuple[Line, ...]]:
    """How to read a file of this kind; Refused, and called what it is, where it is no report."""
    if not data:
        raise Refused("not-a-report", "文件是空的（0 字节）。", "请重新取得原文件。")
    if b"%PDF-" in data[:_MOST_START]:
        return _read_pdf
    if data.startswith(_ZIPS):
        return _read_package
    if data.startswith(_OLE):
        raise _compound(data)
    if refused := _foreign(data):
        raise refused
    return _read_page if _is_page(data[:_SNIFFED]) else _read_text


def _read_text(data: bytes, file: str) -> tuple[Line, ...]:
    _check_size(data, MOST_TEXT)
    text = decoded(data)
    if text is None:
        raise Refused("not-a-report", "这是无法辨认的文件，或者文字编码认不出来。", _WAYS)
    return read_text(text, file)


def _read_page(data: bytes, file: str) -> tuple[Line, ...]:
    _check_size(data, MOST_PAGE)
    with _installed():
        from toolkit.publish.webpage import read_page
    lines = lines_of(read_page(data), file)
    if not lines:
        if b"<img" in data.lower():
            raise pictures_only()
        raise Refused("not-a-report", "网页里没有文字。", "请用浏览器打开网页，等内容显示后把正文复制到 Word 里保存。")
    return lines


def _read_package(data: bytes, file: str) -> tuple[Line, ...]:
    """Of the zips, a Word file."""
    with _installed():
        from toolkit.publish.wordfile import has_pictures, open_word, read_word
    package = open_word(data)
    if refused := _other_package(package.names, package.part("mimetype") if "mimetype" in package.names else b""):
        raise refused
    lines = lines_of(read_word(package), file)
    if not lines and has_pictures(package):
        raise pictures_only()
    return lines


def _read_pdf(data: bytes, file: str) -> tuple[Line, ...]:
    _check_size(data, MOST_PDF)
    folder = folder_of("pdfplumber")
    if folder is None:
        raise not_installed()
    return read_pdf(data, file, folder)


@contextlib.contextmanager
def _installed() -> Iterator[None]:
    """Within it a library that is not installed ends in a refusal that says how to install it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "lxml":
            raise
        raise not_installed() from error


def _check_size(data: bytes, most: int) -> None:
    if len(data) > most:
        told = f"文件有 {len(data) / 2**20:.1f} MB，超过 {most // 2**20} MB，不是正常的报告。"
        raise Refused("oversized", told, "请只交报告本身，或压缩里面的图片后再交来。")


def _compound(data: bytes) -> Refused:
    """What an OLE file is: an encrypted one, a document of an old format, or something else."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return locked()
    if has_stream(data, "WordDocument"):
        return _old("旧格式（.doc 或 .wps）文档")
    if has_stream(data, "PowerPoint Document"):
        return _other("PowerPoint 演示文稿")
    if has_stream(data, "Workbook") or has_stream(data, "Book"):
        return _other("工作簿（.xls 或 .et）", _CHECK)
    return _other("无法辨认的文件")


def _other_package(names: frozenset[str], kind: bytes) -> Refused | None:
    """What a zip is that is no Word file; None where it is one."""
    if "xl/workbook.xml" in names:
        return _other("工作簿", _CHECK)
    if "ppt/presentation.xml" in names:
        return _other("PowerPoint 演示文稿")
    if "OFD.xml" in names:
        return _other("OFD 版式文件", "请用 OFD 阅读器转换为文字版 .pdf 后再交来，或向单位要 Word 文件。")
    if kind.startswith(_OPEN_DOCUMENT):
        if kind.endswith(b"spreadsheet"):
            return _other("工作簿（.ods）", _CHECK)
        return _old("OpenDocument（.odt）文档") if kind.endswith(b"text") else _other("OpenDocument 的其他文件")
    if "[Content_Types].xml" not in names:
        return _other("压缩包", "请先解压，再交来里面的报告；扩展名是 .zip 的压缩包可以直接交来。")
    return None if any(name.startswith("word/") for name in names) else _other("Office 的其他文件")


def _foreign(data: bytes) -> Refused | None:
    """What a file is that is neither a text, a web page, a PDF nor a zip; None where it may be a text or a page."""
    for magic, kind in _PICTURES.items():
        if data.startswith(magic):
            return _other(f"图片（{kind}），里面没有文字", AS_TEXT)
    if data[:2] == b"BM" and data[6:10] == bytes(4):
        return _other("图片（BMP），里面没有文字", AS_TEXT)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _other("图片（WebP），里面没有文字", AS_TEXT)
    for magic, kind in _ARCHIVES.items():
        if data.startswith(magic):
            return _other(kind, "请先解压，再交来里面的报告。")
    start = data[:_SNIFFED].lower()
    if start.startswith(b"{\\rtf"):
        return _old("RTF 文档")
    if re.match(rb"(?:from|subject|mime-version):", start) and b"mime-version" in start:
        return _old("网页归档（.mht）")
    return _old("Word 2003 的 XML 文档") if any(tag in start for tag in _WORD_XML) else None


def _is_page(start: bytes) -> bool:
    text = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "ignore")
    text = text.removeprefix("\xef\xbb\xbf").lstrip("\ufeff").lower()
    return _PAGE.match(text) is not None or re.search(r"<(?:html|!doctype html)\b", text) is not None


def _other(kind: str, way: str = _WAYS) -> Refused:
    return Refused("not-a-report", f"这是{_spaced(kind)}，不能当作报告读取。", way)


def _old(kind: str) -> Refused:
    return Refused("old-format", f"这是{_spaced(kind)}，读不出来。", _RESAVE)


def _spaced(kind: str) -> str:
    """A kind as it stands within a sentence: Latin letters keep a space from Chinese ones."""
    return f" {kind}" if kind[0].isascii() else kind
