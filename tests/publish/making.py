"""Documents for the tests - Word files, web pages, PDFs - with given contents, some by LibreOffice or a browser."""

import base64
import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Cm, Pt
from selenium.webdriver import Chrome

from tests.hostile.raw_zip import build, of
from tests.office import convert
from toolkit.publish.document import Document, Line

Row = Sequence[tuple[str, int, int, int]]  # text, first and last column, rows that it reaches down
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_SPACES = {
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006", "v": "urn:schemas-microsoft-com:vml",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
}  # fmt: skip
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{main}"/>'
    "</Relationships>"
)


def shown(document: Document) -> list[str]:
    """A document as a clerk would write it down: ¶ begins a paragraph, … goes on, ? may do either; a cell of a grid
    with its columns and, where it reaches down, its rows."""
    return [f"{line.where}{_shown(line)}" for line in document.lines]


def _shown(line: Line) -> str:
    if line.grid is None and len(line.cells) == 1:
        return f"{ {True: '¶', False: '…', None: '?'}[line.opens] }{line.cells[0].text}"
    cells = (
        f"{cell.text!r}[{cell.left}{f'-{cell.right}' if cell.right > cell.left else ''}]"
        f"{f'×{cell.rows}' if cell.rows > 1 else ''}"
        for cell in line.cells
    )
    return f"{'' if line.grid is None else f' #{line.grid}'} {' '.join(cells)}"


def word_parts(body: str, *, main: str = "word/document.xml", space: str = W) -> dict[str, bytes]:
    """The parts of a minimal Word file around the XML of its body."""
    names = " ".join(f'xmlns:{name}="{at}"' for name, at in {"w": space, **_SPACES}.items())
    return {
        "[Content_Types].xml": _TYPES.encode(),
        "_rels/.rels": _LINKS.format(main=main).encode(),
        main: f"<?xml version='1.0'?><w:document {names}><w:body>{body}</w:body></w:document>".encode(),
    }


def word_file(body: str, *, main: str = "word/document.xml", space: str = W) -> bytes:
    """A minimal Word file around the XML of its body."""
    return build(of(word_parts(body, main=main, space=space)))


def altered(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A Word file with some bytes of a part replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    return build(of({**parts, part: parts[part].replace(old, new)}))


def paragraph(text: str) -> str:
    """The XML of a plain paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def saved(document: WordDocument) -> bytes:
    """The bytes that python-docx writes."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word_table(document: WordDocument, rows: Sequence[Row], height: float = 0.0, widths: Sequence[float] = ()) -> None:
    """A ruled table with these cells at a Word file's end, each row and column so many centimetres high and wide."""
    columns = 1 + max(right for row in rows for _, _, right, _ in row)
    table = document.add_table(len(rows), columns, style="Table Grid")
    table.autofit = not widths
    for column, width in zip(table.columns, widths, strict=False):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    for at, row in enumerate(rows):
        for text, left, right, high in row:
            cell = table.cell(at, left)
            if right > left or high > 1:
                cell = cell.merge(table.cell(at + high - 1, right))
            cell.text = text
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(9)
        if height:
            table.rows[at].height, table.rows[at].height_rule = Cm(height), WD_ROW_HEIGHT_RULE.EXACTLY


def new_word() -> WordDocument:
    """An empty A4 Word file with a hand's breadth of margin."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    return document


def page_table(rows: Sequence[Row]) -> str:
    """The HTML of a table with these cells."""
    told = "".join(
        "<tr>"
        + "".join(
            f'<td colspan="{right - left + 1}" rowspan="{high}">{text.replace(chr(10), "<br>")}</td>'
            for text, left, right, high in row
        )
        + "</tr>"
        for row in rows
    )
    return f"<table>{told}</table>"


def table_lines(rows: Sequence[Row], sheet: str, grid: int, first: int = 1) -> list[str]:
    """How `shown` writes these rows of a grid, whose first is this line of that sheet."""
    return [
        f"{sheet}第 {at} 行 #{grid} "
        + " ".join(
            f"{text!r}[{left}{f'-{right}' if right > left else ''}]{f'×{high}' if high > 1 else ''}"
            for text, left, right, high in row
        )
        for at, row in enumerate(rows, first)
    ]


def converted(data: bytes, suffix: str, to: str, folder: Path) -> bytes:
    """What LibreOffice makes of a document."""
    before = folder / f"made.{suffix}"
    before.write_bytes(data)
    convert([before], to, folder / "out")
    return (folder / "out" / f"made.{to.partition(':')[0]}").read_bytes()


def browser_pdf(chrome: Chrome, page: str, folder: Path) -> bytes:
    """What a browser prints of a page."""
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    chrome.get(path.absolute().as_uri())
    printed = chrome.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
    return base64.b64decode(printed["data"])


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects."""
    pieces, places, at = [b"%PDF-1.7\n"], {}, 9
    for number, content in objects.items():
        places[number] = at
        pieces.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        at += len(pieces[-1])
    body = b"".join(pieces)
    table = b"".join(b"%010d 00000 n \n" % places.get(number, 0) for number in range(1, max(objects) + 1))
    size = max(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, trailer, len(body),
    )  # fmt: skip


def stream(content: bytes, more: bytes = b"") -> bytes:
    """A compressed stream object."""
    packed = zlib.compress(content, 9)
    return b"<</Filter/FlateDecode/Length %d %s>>stream\n%s\nendstream" % (len(packed), more, packed)


def pdf_pages(contents: Iterable[bytes], more: Mapping[int, bytes] | None = None, catalog: bytes = b"") -> bytes:
    """A PDF whose pages draw these contents; its font names every byte as Latin letters."""
    objects = {
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    }  # fmt: skip
    pages = []
    for at, content in enumerate(contents):
        page = 10 + 2 * at
        pages.append(b"%d 0 R" % page)
        objects[page] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>"
            b"/XObject<</X 4 0 R/Y 5 0 R>>>>>>" % (page + 1)
        )
        objects[page + 1] = stream(content)
    objects[1] = b"<</Type/Catalog/Pages 2 0 R %s>>" % catalog
    objects[2] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(pages), len(pages))
    return pdf({**objects, **(more or {})})


def written(text: str, left: float, up: float, size: float = 12) -> bytes:
    """What draws a line of Latin letters, so far from the page's lower left corner."""
    return b"BT /F %g Tf %g %g Td (%s) Tj ET\n" % (size, left, up, text.encode("latin-1"))


def boxed(left: float, low: float, right: float, high: float) -> bytes:
    """What draws the four sides of a box."""
    return b"%g %g %g %g re S\n" % (left, low, right - left, high - low)
