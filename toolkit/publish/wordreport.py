"""A report as a Word document (.docx), laid out as official papers are."""

import io
import zipfile
from collections.abc import Iterator

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.shared import Pt, Twips
from docx.styles.style import BaseStyle
from docx.table import Table, _Cell

from toolkit.publish.outline import TO_BE_WRITTEN, Report, Section
from toolkit.publish.printed import PrintedCell, PrintedTable, fitting
from toolkit.publish.wordstyles import (
    SMALL_TABLE_TEXT,
    TABLE_INSET,
    TABLE_TEXT,
    TEXT_WIDTH,
    element,
    empty_document,
    mark_as_draft,
)
from toolkit.workbook.template import CREATED

_LONGEST_PROPERTY = 255


def report_docx(report: Report) -> bytes:
    """The document; the same report gives the same bytes."""
    document = empty_document()
    if report.is_draft:
        mark_as_draft(document)
    _describe(document, report.title)
    document.add_paragraph(f"{report.agency}\n{report.subject}", "Title")
    for section in report.sections:
        _add_section(document, section)
    document.add_paragraph(report.agency, "Signature")
    document.add_paragraph(report.day, "Date")
    return _saved(document)


def _describe(document: Document, title: str) -> None:
    """Say what the document is, and nothing of who made it when."""
    told = document.core_properties
    told.title, told.language = title[:_LONGEST_PROPERTY], "zh-CN"
    told.author = told.comments = ""
    told.created = told.modified = CREATED


def _add_section(document: Document, section: Section) -> None:
    document.add_paragraph(section.heading, "Heading 1")
    for text in section.paragraphs:
        (run,) = document.add_paragraph(text, "Body Text").runs
        if text == TO_BE_WRITTEN:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    if section.table is not None:
        _add_table(document, section.table)


def _add_table(document: Document, table: PrintedTable) -> None:
    """The table, no line of it cut in two; all are kept on one page where one page holds them."""
    drawn = document.add_table(len(table.rows), len(table.widths), "Table Grid")
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    drawn._tbl.tblPr.append(element("tblCaption", val=table.title))
    shares = [TEXT_WIDTH.twips * width // sum(table.widths) for width in table.widths]
    shares[-1] += TEXT_WIDTH.twips - sum(shares)
    for column, share in zip(drawn.columns, shares, strict=True):
        column.width = Twips(share)
    style = document.styles[SMALL_TABLE_TEXT if table.is_wide else TABLE_TEXT]
    grid = list(_draw_rows(drawn, shares, style, table.head))
    for each in table.cells:
        first, last = grid[each.top][each.left], grid[each.top + each.rows - 1][each.left + each.columns - 1]
        _fill(first if first is last else first.merge(last), each, small=table.is_wide)


def _draw_rows(table: Table, shares: list[int], style: BaseStyle, head: int) -> Iterator[tuple[_Cell, ...]]:
    """The cells of each line, all of them in place and of their width; those in the first lines are printed again."""
    last = len(table.rows) - 1
    for at, row in enumerate(table.rows):
        row.height, row.height_rule = Pt(17.25), WD_ROW_HEIGHT_RULE.AT_LEAST
        row._tr.trPr.extend([element("cantSplit"), *[element("tblHeader")] * (at < head)])
        cells = row.cells
        for cell, share in zip(cells, shares, strict=True):
            cell.width, cell.vertical_alignment = Twips(share), WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            paragraph.style, paragraph.paragraph_format.keep_with_next = style, at < last or None
        yield cells


def _fill(cell: _Cell, printed: PrintedCell, *, small: bool) -> None:
    paragraph = cell.paragraphs[0]
    run, type_size = paragraph.add_run(printed.text), paragraph.style.font.size
    if printed.key is not None:
        size = fitting(printed.text, cell.width - 2 * TABLE_INSET, type_size)
        run.font.size = Pt(int(2 * size / Pt(1)) / 2) if size < type_size else None
    if small and (printed.kind, printed.heads) == ("row", "row"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    elif indent := _balance(printed.text, cell.width - 2 * TABLE_INSET, type_size):
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent


def _balance(text: str, room: int, letter: int) -> int | None:
    """The indent that breaks a heading into lines of about the same length: 商业·企业, not 商业企·业."""
    most = max(1, room // letter)
    lines = -(-len(text) // most)
    each = -(-len(text) // lines) if lines else most
    if lines < 2 or each >= most or not text.isalpha():
        return None
    return (room - each * letter) // 2 - letter // 10


def _saved(document: Document) -> bytes:
    """The file, without the hour of its making."""
    plain, sealed = io.BytesIO(), io.BytesIO()
    document.save(plain)
    day = (CREATED.year, CREATED.month, CREATED.day, 0, 0, 0)
    with zipfile.ZipFile(plain) as parts, zipfile.ZipFile(sealed, "w") as archive:
        for name in parts.namelist():
            archive.writestr(zipfile.ZipInfo(name, day), parts.read(name), zipfile.ZIP_DEFLATED)
    return sealed.getvalue()
