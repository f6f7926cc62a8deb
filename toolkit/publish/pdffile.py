"""A PDF with text in it -> its lines: rows of its ruled tables, and lines of text with what begins a paragraph."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import cast

from toolkit.problems import Where
from toolkit.publish.document import Line, running
from toolkit.publish.flow import rows_of
from toolkit.publish.margins import block_of, without_furniture
from toolkit.publish.refusals import locked, pictures_only, too_much
from toolkit.publish.ruled import Edges, Frame, Ruled, edges_of, fill, goes_on, ruled
from toolkit.publish.typeset import UNREADABLE, Glyph, TypedLine, glyph_of, set_lines
from toolkit.workbook.confined import Crashed, Limits, Overspent, ask
from toolkit.workbook.package import Refused

LIMITS = Limits(memory=2**30, seconds=60)
MOST_PAGES, MOST_OBJECTS, MOST_OUTPUT = 300, 100_000, 16 * 2**20
MOST_TABLES = 60

_CHILD = Path(__file__).with_name("pdf_child.py")
_AGAIN = "请向单位要 Word 文件，或请单位重新发送原文件。"

Box = tuple[float, float, float, float]
Page = tuple[float, float, Sequence[Glyph], Sequence[Sequence[Box]]]
Told = tuple[float, float, list[tuple[float, float, float, float, str]], list[list[Box]]]


@dataclass(slots=True)
class Sheet:
    """A page sorted out: its ruled tables, and the lines of text that stand outside them."""

    number: int
    width: float
    height: float
    tables: list[Ruled]
    lines: list[TypedLine] = field(default_factory=list)

    def items(self) -> list[Ruled | TypedLine]:
        """Both, from top to bottom."""
        return sorted([*self.tables, *self.lines], key=lambda item: item.top)


def read_pdf(data: bytes, file: str, folder: str) -> tuple[Line, ...]:
    """The lines of every page but what is page furniture; pdfplumber is installed in `folder`.

    Refused where it needs a password, has no text or only text that no character is told of, is damaged, or takes more
    than any report does.
    """
    sheets = [_sheet(number, *page) for number, page in enumerate(_pages(data, folder), 1)]
    for sheet, lines in zip(sheets, without_furniture([(each.height, each.lines) for each in sheets]), strict=True):
        sheet.lines = lines
    return tuple(_lines(sheets, file))


def _pages(data: bytes, folder: str) -> Sequence[Page]:
    """Width, height, characters and boxes of each page, where there is something to read on them."""
    told = _ask(data, folder)
    pages = [(width, height, [glyph_of(*each) for each in glyphs], boxes) for width, height, glyphs, boxes in told]
    _check_text([glyph for _, _, glyphs, _ in pages for glyph in glyphs])
    return pages


def _ask(data: bytes, folder: str) -> list[Told]:
    """What the child answers of each page."""
    try:
        answer = ask(_CHILD, folder, (MOST_PAGES, MOST_OBJECTS, MOST_OUTPUT), data, LIMITS)
    except Overspent as error:
        raise too_much() from error
    except Crashed as error:
        raise _damaged() from error
    if answer.get("refused") == "encrypted":
        raise locked()
    if answer.get("refused") == "oversized":
        raise too_much()
    if not answer.get("pages"):
        raise _damaged()
    return cast(list[Told], answer["pages"])


def _damaged() -> Refused:
    return Refused("damaged", "PDF 文件已损坏或没有传完，读不出来。", _AGAIN)


def _check_text(glyphs: Sequence[Glyph]) -> None:
    """Refused where there is nothing to read, or most of it is pictures of characters that the font does not name."""
    seen = [glyph.text for glyph in glyphs if glyph.text.strip()]
    if not seen:
        raise pictures_only()
    if 2 * seen.count(UNREADABLE) > len(seen):
        told = "PDF 里的字体没有带文字编码，看得见字，但读不出来。"
        raise Refused("not-a-report", told, "请向单位要 Word 文件，或用 OCR 软件识别成文字并校对。")


def _sheet(number: int, width: float, height: float, glyphs: Sequence[Glyph], boxes: Sequence[Sequence[Box]]) -> Sheet:
    tables = [table for each in boxes if (table := ruled([Frame(*box) for box in each]))]
    if len(tables) > MOST_TABLES:
        raise too_much()
    loose = fill(tables, glyphs)
    return Sheet(number, width, height, [table for table in tables if any(table.glyphs)], set_lines(loose))


@dataclass(slots=True)
class _Grid:
    """A table, over however many pages: its number, and where its columns begin and end."""

    number: int
    columns: Edges


Placed = tuple[int, TypedLine | Ruled, _Grid | None]


def _lines(sheets: Sequence[Sheet], file: str) -> Iterator[Line]:
    width = Counter(sheet.width for sheet in sheets).most_common(1)[0][0]
    tables = [table.columns for sheet in sheets for table in sheet.tables]
    block = block_of([line for sheet in sheets for line in sheet.lines], tables, width)
    numbers = {sheet.number: count(1) for sheet in sheets}
    before: TypedLine | None = None
    for page, item, grid in _placed(sheets):

        def where(_: int = 0, page: int = page) -> Where:
            return Where(file, f"第 {page} 页", line=next(numbers[page]))

        if isinstance(item, TypedLine):
            yield running(item.text, where(), block.opens(item, before))
            before = item
        elif grid is not None:
            yield from rows_of(item.table(grid.columns), grid.number, where)
            before = None


def _placed(sheets: Sequence[Sheet]) -> list[Placed]:
    """Everything with the number of its page in order; a table that begins a page and keeps to the columns of the one
    that ended the page before is the same one."""
    placed: list[Placed] = []
    number = 0
    for sheet in sheets:
        for at, item in enumerate(sheet.items()):
            grid = placed[-1][2] if placed and not at else None
            if isinstance(item, TypedLine):
                grid = None
            elif grid is not None and goes_on(grid.columns, item.columns):
                grid.columns = edges_of((*grid.columns, *item.columns))
            else:
                number += 1
                grid = _Grid(number, item.columns)
            placed.append((sheet.number, item, grid))
    return placed
