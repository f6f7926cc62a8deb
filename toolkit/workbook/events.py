"""A bounded walk over XML: expat events with no document type, no entities and limited depth."""

from collections.abc import Callable
from xml.parsers import expat

from toolkit.workbook.package import Refused

MOST_DEPTH = 64

_ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1")

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]


def local(tag: str) -> str:
    """A tag without its namespace prefix."""
    return tag.rpartition(":")[2]


def ignore(_: str) -> None:
    """Nothing to do at an element's end."""


def walk(data: bytes, start: Start, end: End, part: str, text: Callable[[str], None] | None = None) -> None:
    """Call `start`, `end` and `text` on what an XML part holds, in order; Refused where the part is broken or hostile.

    Tags come as written, prefix and all. How deep they may stand is kept here; how many there may be, by the package.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def count(tag: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise Refused(
                "oversized", f"文件内部的 {part} 内容过多，不是正常的工作簿。", "请在下发的工作簿里填报，不要另加内容。"
            )
        start(tag, attributes)

    def uncount(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag)

    parser.StartElementHandler = count
    parser.EndElementHandler = uncount
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.XmlDeclHandler = _known_encoding
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError) as error:
        raise Refused("damaged", f"文件已损坏：{part} 读不通。", "请单位重新发送原文件。") from error


def _known_encoding(_: str, encoding: str | None, __: int) -> None:
    """Those the parser itself knows; for any other it would look among all of Python's codecs."""
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise Refused(
            "damaged", "文件内部的文字编码不是工作簿所用的。", "请用 Excel 或 WPS 打开，另存为 .xlsx 后再报送。"
        )


def _no_doctype(*_: object) -> None:
    raise Refused("damaged", "文件内部带有文档类型声明，不是正常的工作簿。", "请单位重新发送原文件。")
