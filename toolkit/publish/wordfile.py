"""A Word file (.docx) -> its lines: what stands in its body, as it reads with every change accepted.

Only the part that holds the text is unpacked and parsed: not pictures, styles, headers or notes. Tags are known by
their names without the namespace, so that a file of the strict kind reads like any other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

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
from toolkit.publish.typeset import UNREADABLE
from toolkit.workbook.package import Bounds, Package, Refused, open_archive

MOST_BYTES = 32 * 2**20
MOST_MARKS = 1_500_000

_RESAVE = "请用 Word 或 WPS 打开原文件，另存为 .docx 后再交来。"
BOUNDS = Bounds(
    file=MOST_BYTES, members=1_000, member=24 * 2**20, total=96 * 2**20, called=" Word 文档", resave=_RESAVE,
    unread=("word/media/", "word/embeddings/", "word/fonts/"),
)  # fmt: skip
_MAIN = "/officeDocument"
_PASSED = (
    "ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "dir", "bdo", "ruby",
    "rubyBase", "oMath", "oMathPara",
)  # fmt: skip
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": UNREADABLE}
_UNSEEN = ("vanish", "strike", "dstrike")
_NOTES = ("footnoteReference", "endnoteReference")
_NOTE = "注"
_HOLDERS = ("drawing", "pict", "object")

Element = etree._Element


def read_word(package: Package) -> Flow:
    """What stands in the body, in order; Refused where the file is damaged or holds more than any report does."""
    main = main_part(package)
    body = next((each for each in _parsed(package, main) if _name(each) == "body"), None)
    if body is None:
        raise Refused("damaged", f"Word 文档已损坏：{main} 里没有正文。", _RESAVE)
    return _Body().flow(body)


def open_word(data: bytes) -> Package:
    """The package of a Word file, its bounds checked, nothing of it parsed."""
    return Package(data, open_archive(data, BOUNDS))


def main_part(package: Package) -> str:
    """The name of the part that holds the text, as the package tells it."""
    links = "_rels/.rels"
    if links in package.names:
        for link in _parsed(package, links):
            if str(link.get("Type", "")).endswith(_MAIN):
                return str(link.get("Target", "")).removeprefix("/")
    return "word/document.xml"


def has_pictures(package: Package) -> bool:
    """Whether the file carries pictures."""
    return any(name.startswith("word/media/") for name in package.names)


def _parsed(package: Package, name: str) -> Element:
    """A part's tree: no entity of it is resolved, nothing is fetched, and one with a document type is refused."""
    data = package.part(name)
    if sum(data.count(mark) for mark in (b"<", b"=", b"&")) > MOST_MARKS:
        raise too_much()
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("damaged", f"Word 文档已损坏：{name} 读不通。", _RESAVE) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("damaged", "Word 文档内部带有文档类型声明，不是正常的文档。", _RESAVE)
    return root


@dataclass(slots=True)
class _Body:
    """A walk through a body that counts what it finds."""

    pieces: Count = field(default_factory=Count)
    depth: int = 0

    def flow(self, parent: Element) -> Flow:
        """The paragraphs and tables in an element, with the text boxes that hang on each paragraph after it."""
        found: list[Paragraph | Table] = []
        for element in _inside(parent):
            name = _name(element)
            if name == "tbl":
                found.append(self._table(element))
            elif name == "p":
                text, boxes = _text(element)
                self.pieces.add_text(text)
                found.append(Paragraph(text))
                for box in boxes:
                    found.extend(self.flow(box))
        return found

    def _table(self, table: Element) -> Table:
        self.depth += 1
        if self.depth > MOST_NESTED:
            raise too_much()
        rows = _Rows()
        for row in _inside(table):
            if _name(row) == "tr" and not _is_gone(row):
                self._row(row, rows)
        self.depth -= 1
        return rows.table()

    def _row(self, row: Element, rows: "_Rows") -> None:
        rows.begin(_amount(_property(row, "trPr", "gridBefore"), 0))
        for cell in _inside(row):
            if _name(cell) == "tc":
                self.pieces.add()
                span = _amount(_property(cell, "tcPr", "gridSpan"), 1)
                merged = tuple(_merge(_property(cell, "tcPr", name)) for name in ("hMerge", "vMerge"))
                rows.add(self.flow(cell), span, goes_on=merged[0] == "continue", comes_down=merged[1] == "continue")


@dataclass(slots=True)
class _Cell:
    content: Flow
    left: int
    right: int
    rows: int = 1


@dataclass(slots=True)
class _Rows:
    """The rows of a table as they come: a cell that is merged into the one above or before it makes that one larger."""

    rows: list[list[_Cell]] = field(default_factory=list)
    column: int = 0
    above: dict[int, _Cell] = field(default_factory=dict)
    here: dict[int, _Cell] = field(default_factory=dict)

    def begin(self, column: int) -> None:
        self.above, self.here = self.here, {}
        self.rows.append([])
        self.column = column
        if len(self.rows) > MOST_ROWS:
            raise too_much()

    def add(self, content: Flow, span: int, *, goes_on: bool, comes_down: bool) -> None:
        left, right = self.column, self.column + max(span, 1) - 1
        self.column = right + 1
        if right >= MOST_COLUMNS:
            raise too_much()
        if goes_on and self.rows[-1] and self.rows[-1][-1].right == left - 1:
            self.rows[-1][-1].right = right
        elif comes_down and left in self.above:
            cell = self.here[left] = self.above[left]
            cell.rows += 1
        else:
            cell = self.here[left] = _Cell(content, left, right)
            self.rows[-1].append(cell)

    def table(self) -> Table:
        """All of it."""
        return Table(
            tuple(tuple(Box(cell.content, cell.left, cell.right, cell.rows) for cell in row) for row in self.rows)
        )


def _inside(parent: Element) -> Iterator[Element]:
    """The elements in one, through those that only wrap others; of several ways to show a thing the first one only."""
    for element in parent:
        name = _name(element)
        if name == "AlternateContent":
            for way in islice(element, 1):
                yield from _inside(way)
        elif name in _PASSED and _property(element, "sdtPr", "showingPlcHdr") is None:
            yield from _inside(element)
        else:
            yield element


def _text(paragraph: Element) -> tuple[str, list[Element]]:
    """A paragraph's text but what is hidden or struck out, and the text boxes that hang on it."""
    pieces: list[str] = []
    boxes: list[Element] = []
    for run in _inside(paragraph):
        if _name(run) == "r" and not any(_is_on(_property(run, "rPr", name)) for name in _UNSEEN):
            pieces.extend(_pieces(run))
            boxes.extend(box for each in _inside(run) if _name(each) in _HOLDERS for box in _boxes(each))
    return set_apart("".join(pieces)), boxes


def _pieces(run: Element) -> Iterator[str]:
    """A run's text, marked where it is raised or lowered, or stands for a note."""
    place = _property(run, "rPr", "vertAlign")
    is_raised = place is not None and _value(place) in ("superscript", "subscript")
    for element in _inside(run):
        name = _name(element)
        if name in _NOTES:
            is_raised = True  # and so is the mark behind it, where the note has one of its own
            has_own = _attribute(element, "customMarkFollows") not in (None, "0", "false", "off")
            text = "" if has_own else _NOTE
            yield f"{RAISED}{text}{LEVEL}"
        else:
            text = _plain(element.text or "") if name == "t" else _SIGNS.get(name, "")
            yield f"{RAISED}{text}{LEVEL}" if is_raised and text.strip() else text


def _boxes(holder: Element) -> Iterator[Element]:
    """The text boxes in a drawing, but those within others, which come with what stands in these."""
    for element in _inside(holder):
        if _name(element) == "txbxContent":
            yield element
        else:
            yield from _boxes(element)


def _plain(text: str) -> str:
    """A run's own text: a line's end or a tab in it is a space; they have elements of their own."""
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ")


def _property(element: Element, properties: str, name: str) -> Element | None:
    """What an element's properties say under a name."""
    for held in _named(element, properties):
        for found in _named(held, name):
            return found
    return None


def _named(element: Element, name: str) -> Iterable[Element]:
    return (each for each in element if _name(each) == name)


def _name(element: Element) -> str:
    """A tag without its namespace; none for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _value(element: Element) -> str | None:
    return _attribute(element, "val")


def _attribute(element: Element, name: str) -> str | None:
    return next((str(value) for each, value in element.attrib.items() if str(each).rpartition("}")[2] == name), None)


def _amount(element: Element | None, default: int) -> int:
    value = None if element is None else _value(element)
    return min(int(value), MOST_COLUMNS) if value and value.isascii() and value.isdigit() else default


def _merge(element: Element | None) -> str | None:
    return None if element is None else _value(element) or "continue"


def _is_on(element: Element | None) -> bool:
    return element is not None and _value(element) not in ("0", "false", "off")


def _is_gone(row: Element) -> bool:
    """Whether a row was deleted, or is hidden."""
    return _property(row, "trPr", "del") is not None or _is_on(_property(row, "trPr", "hidden"))
