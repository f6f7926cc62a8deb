"""A web page -> its lines: what a reader sees of it, as far as that is text.

lxml's parser tells the tags as they come, mended as browsers mend them, and keeps no tree. Nothing is run or fetched.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from toolkit.publish.flow import (
    LEVEL,
    MOST_COLUMNS,
    MOST_NESTED,
    MOST_ROWS,
    RAISED,
    Box,
    Count,
    Flow,
    Paragraph,
    Table,
    set_apart,
)
from toolkit.publish.refusals import too_much
from toolkit.publish.textfile import marked_encoding

MOST_BYTES = 16 * 2**20

_SNIFFED = 4_096
_CHARSET = re.compile(rb"""<(?:meta|\?xml)\b[^>]*?\b(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_CHINESE = ("gb2312", "gbk", "gb_2312-80", "x-gbk", "hz-gb-2312")
_UNSEEN = frozenset(
    ("head", "title", "script", "style", "template", "noscript", "iframe", "object", "svg", "math", "canvas", "audio",
     "video", "select", "textarea")
)  # fmt: skip
_BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
     "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
     "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "ul")
)  # fmt: skip
_GROUPS = ("thead", "tbody", "tfoot")
_HIDING = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_STRIKING = frozenset(("s", "strike", "del", "rt", "rp"))  # and what is no text of the line but a reading of it
_VISIBILITY = re.compile(r"visibility\s*:\s*(\w+)", re.IGNORECASE)
_SIZE = re.compile(r"font-size\s*:\s*([\d.]*)(%|em)?", re.IGNORECASE)
_SHIFTED = re.compile(r"vertical-align\s*:\s*su(?:per|b)\b", re.IGNORECASE)
_LINK, _LINKED = "\x10", "\x11"
_NOTE = re.compile(rf"(?<=\S){_LINK}(\s*\d+\s*){_LINKED}|{_LINK}(\s*\d+\s*){_LINKED}(?=\S)")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_TURN = "\v"  # white space that holds a line's end; between Chinese characters it is none
_WIDE = "[\u2018-\u201d\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_TURNED = re.compile(rf"(?<={_WIDE}) *\v[ \v]*(?={_WIDE})")
_SPACES = re.compile(r"[ \v]+")


def read_page(data: bytes) -> Flow:
    """What a page shows, in order; Refused (`oversized`) where it holds more than any report does."""
    page = _Page()
    target = cast("etree.ParserTarget", page)
    parser = etree.HTMLParser(target=target, encoding="utf-8", recover=True, no_network=True, huge_tree=True)
    parser.feed(decoded_page(data).encode())
    parser.close()
    return page.flow


def decoded_page(data: bytes) -> str:
    """The text of a page: by its byte order mark, by what it says of itself, else UTF-8, else GB18030."""
    if marked := marked_encoding(data):
        return data.decode(marked, "replace")
    said = _CHARSET.search(data[:_SNIFFED])
    name = said[1].decode("ascii").lower() if said else ""
    encodings = ("gb18030", "utf-8") if name in (*_CHINESE, "gb18030") else ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode(encodings[0], "replace")


@dataclass(slots=True)
class _Rows:
    """A table as far as it has been told: its groups of rows, of cells with the columns and rows they ask for."""

    groups: list[tuple[str, list[list[tuple[Flow, int, int]]]]] = field(default_factory=list)
    open_cell: tuple[int, int] | None = None
    in_group: bool = False
    in_row: bool = False

    def add_group(self, tag: str) -> None:
        self.groups.append((tag, []))
        self.in_group, self.in_row = True, False

    def add_row(self) -> None:
        if not self.in_group:
            self.add_group("tbody")
        self.groups[-1][1].append([])
        self.in_row = True

    def end(self, tag: str) -> None:
        if tag in _GROUPS:
            self.in_group = False
        self.in_row &= tag in ("td", "th")


@dataclass(frozen=True, slots=True)
class _Look:
    """How the text of an element looks: struck out, invisible, or without a size; and what marks its two ends."""

    struck: bool = False
    invisible: bool = False
    sizeless: bool = False
    ends: tuple[str, str] = ("", "")

    @property
    def is_seen(self) -> bool:
        """Whether it is there to be read; an element in it may be, where it is not."""
        return not (self.struck or self.invisible or self.sizeless)

    def of(self, tag: str, attributes: Mapping[str, str]) -> "_Look":
        """How an element in this one looks."""
        style = attributes.get("style", "")
        struck = self.struck or tag in _STRIKING or _STRUCK.search(style) is not None
        seen, size = _VISIBILITY.search(style), _SIZE.search(style)
        invisible = seen[1].lower() in ("hidden", "collapse") if seen else self.invisible
        sizeless = self.sizeless
        if size and not (sizeless and size[2]):
            sizeless = bool(size[1]) and not size[1].strip("0.")
        ends = ("", "")
        if tag in ("sup", "sub") or _SHIFTED.search(style):
            ends = RAISED, LEVEL
        elif tag == "a" and "#" in attributes.get("href", ""):
            ends = _LINK, _LINKED
        return _Look(struck, invisible, sizeless, ends)


class _Page:
    """What the parser tells its tags to, each one's end in its turn."""

    def __init__(self) -> None:
        self._flows: list[list[Paragraph | Table]] = [[]]  # the page's, and that of each cell which is open
        self._tables: list[_Rows] = []
        self._text: list[str] = []
        self._unseen = self._pre = 0
        self._looks = [_Look()]  # of the elements that are open, but those in what is not seen at all
        self._pieces = Count()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._unseen or tag in _UNSEEN or _is_hidden(attributes):
            self._unseen += 1
            return
        look = self._looks[-1].of(tag, attributes)
        self._looks.append(look)
        self._tag(tag, attributes)
        self._text.append(look.ends[0])

    def _tag(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "br":
            self._text.append("\n")
        elif tag == "table":
            self._open_table()
        elif self._tables and tag in ("tr", "td", "th", *_GROUPS):
            self._open_in_table(tag, attributes)
        elif tag in _BLOCKS:
            self._end_paragraph()
            self._pre += tag == "pre"

    def end(self, tag: str) -> None:
        if self._unseen:
            self._unseen -= 1
            return
        self._text.append(self._looks.pop().ends[1])
        if tag == "table":
            self._close_table()
        elif self._tables and tag in ("tr", "td", "th", *_GROUPS):
            self._close_cell()
            self._tables[-1].end(tag)
        elif tag in _BLOCKS:
            self._end_paragraph()
            self._pre -= tag == "pre"

    def data(self, text: str) -> None:
        if self._unseen or not self._looks[-1].is_seen:
            return
        if self._pre:
            self._text.append(text.replace("\r\n", "\n").replace("\r", "\n"))
        else:
            self._text.append(_SPACE.sub(lambda space: _TURN if "\n" in space[0] else " ", text))

    def close(self) -> None:
        while self._tables:
            self._close_table()
        self._end_paragraph()

    @property
    def flow(self) -> Flow:
        """All of the page."""
        return self._flows[0]

    def _end_paragraph(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        text = set_apart(_NOTE.sub(rf"{RAISED}\1\2{LEVEL}", text).replace(_LINK, "").replace(_LINKED, ""))
        text = _SPACES.sub(" ", _TURNED.sub("", text)) if not self._pre else text
        if text.strip():
            self._pieces.add_text(text)
            self._flows[-1].append(Paragraph(text))

    def _open_table(self) -> None:
        self._end_paragraph()
        self._pieces.add()
        if len(self._tables) >= MOST_NESTED:
            raise too_much()
        self._tables.append(_Rows())

    def _open_in_table(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._close_cell()
        self._pieces.add()
        table = self._tables[-1]
        if tag in _GROUPS:
            table.add_group(tag)
        elif tag == "tr":
            table.add_row()
        else:
            if not table.in_row:
                table.add_row()
            table.open_cell = _number(attributes.get("colspan"), 1), _number(attributes.get("rowspan"), 0)
            self._flows.append([])

    def _close_cell(self) -> None:
        self._end_paragraph()
        table = self._tables[-1]
        if table.open_cell:
            table.groups[-1][1][-1].append((self._flows.pop(), *table.open_cell))
            table.open_cell = None

    def _close_table(self) -> None:
        self._close_cell()
        self._flows[-1].append(_table(self._tables.pop()))


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or _HIDING.search(attributes.get("style", "")) is not None


def _number(told: str | None, least: int) -> int:
    """A span as it is told: 1 where it is none; browsers take no more than some thousands, and tables have no more."""
    digits = re.match(r"\s*\+?(\d{1,9})", told or "1")
    return min(int(digits[1]), MOST_ROWS) if digits and int(digits[1]) >= least else 1


def _table(told: _Rows) -> Table:
    """Where each cell stands, by the rules of HTML: in the first column that no cell above or before it takes."""
    groups = [rows for tag, rows in told.groups if tag != "tfoot"]
    groups += [rows for tag, rows in told.groups if tag == "tfoot"]
    rows = [row for group in groups for row in _placed(group)]
    if len(rows) > MOST_ROWS:
        raise too_much()
    last = max((box.left for row in rows for box in row), default=0)  # no column lies right of where the last begins
    return Table(
        tuple(tuple(Box(box.content, box.left, min(box.right, last), box.rows) for box in row) for row in rows)
    )


def _placed(group: list[list[tuple[Flow, int, int]]]) -> list[tuple[Box, ...]]:
    taken = [0] * MOST_COLUMNS  # the first row in which a column is free again
    placed = []
    for at, row in enumerate(group):
        boxes, column = [], 0
        for content, wide, high in row:
            while column < MOST_COLUMNS and taken[column] > at:
                column += 1
            if column == MOST_COLUMNS:
                raise too_much()
            end = min(column + wide, MOST_COLUMNS)
            high = min(high or len(group), len(group) - at)
            boxes.append(Box(content, column, end - 1, high))
            taken[column:end] = (max(until, at + high) for until in taken[column:end])
            column = end
        placed.append(tuple(boxes))
    return placed
