"""The child process that reads one PDF: its bytes on stdin; its pages' characters and table cells as JSON on stdout.

A hostile PDF can make pdfminer take all memory or never end, so it runs here, alone and within limits (`confined`
starts it with PAGES OBJECTS OUTPUT). It imports nothing of the toolkit. The answer is `{"pages": [[width, height, [[x0,
top, x1, bottom, text], …], [[[x0, top, x1, bottom], …], …]], …]}`, in points from a page's upper left corner, or
`{"refused": code}`. Characters that do not stand upright are left out.
"""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

MOST_EDGES = 20_000
SLANT = 0.05  # how far from level a line of text may run
WIDEST_LINE = 4.0
LEAST_ENDING = 3
LARGEST, SMALLEST = 20_000.0, 0.5  # sides of a page, heights of a character
SIDES = ("x0", "top", "x1", "bottom")
TABLES = {"snap_tolerance": 4, "join_tolerance": 4, "intersection_tolerance": 6}  # double lines are one, corners too

Answer = list[object]


class TooMuch(BaseException):
    """The file holds more than any report does; no `except Exception` of the libraries takes it."""


def main(arguments: list[str]) -> None:
    """Answer for the PDF on stdin; the arguments are how much of it is read at most."""
    from pdfplumber.utils.exceptions import PdfminerException

    logging.disable()
    pages, objects, output = map(int, arguments)
    try:
        answer: dict[str, object] = {"pages": list(_pages(sys.stdin.buffer.read(), pages, objects, output))}
    except (TooMuch, MemoryError):
        answer = {"refused": "oversized"}
    except PdfminerException as error:
        cause = error.args[0] if error.args else None
        kinds = {"PDFPasswordIncorrect": "encrypted", "MemoryError": "oversized"}
        answer = {"refused": kinds.get(type(cause).__name__, "damaged")}
    sys.stdout.write(json.dumps(answer))


def _pages(data: bytes, pages: int, objects: int, output: int) -> Iterator[Answer]:
    import pdfplumber
    from pdfminer.pdfpage import PDFPage
    from pdfplumber.page import Page

    _count_objects(objects)
    with pdfplumber.open(io.BytesIO(data)) as book:
        for number, found in enumerate(PDFPage.create_pages(book.doc), 1):
            if number > pages:
                raise TooMuch
            page = Page(book, found, number)
            answer = _page(page)
            page.close()
            output -= len(json.dumps(answer))
            if output < 0:
                raise TooMuch
            yield answer


def _count_objects(most: int) -> None:
    """Have the characters and paths of a page counted as they are drawn, however often a part of it is drawn again."""
    import pdfplumber.page

    class Counting(pdfplumber.page.PDFPageAggregatorWithMarkedContent):
        left = most

        def tag_cur_item(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise TooMuch
            super().tag_cur_item()

    pdfplumber.page.PDFPageAggregatorWithMarkedContent = Counting  # type: ignore[misc]


def _page(page: Any) -> Answer:
    """Width, height, characters and tables of a page."""
    left, top, right, bottom = map(float, page.bbox)
    if not (0 < right - left < LARGEST and 0 < bottom - top < LARGEST):
        raise TooMuch

    def placed(x0: float, y0: float, x1: float, y1: float) -> list[float]:
        return [round(x0 - left, 2), round(y0 - top, 2), round(x1 - left, 2), round(y1 - top, 2)]

    characters = [
        [*placed(*(char[side] for side in SIDES)), char["text"]]
        for char in page.chars
        if _is_upright(char["matrix"]) and _is_on(page.bbox, char)
    ]
    drawn = page.filter(_may_rule)
    if len(drawn.edges) > MOST_EDGES:
        raise TooMuch
    settings = {**TABLES, "explicit_horizontal_lines": list(_cuts(drawn.edges))}
    tables = [[placed(*cell) for cell in table.cells] for table in drawn.find_tables(settings)]
    return [right - left, bottom - top, characters, tables]


def _is_upright(matrix: tuple[float, ...]) -> bool:
    return matrix[0] > 0 and matrix[3] > 0 and abs(matrix[1]) <= SLANT * matrix[0]


def _is_on(page: tuple[float, ...], char: dict[str, Any]) -> bool:
    """Whether a character can be seen on the page."""
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    is_there: bool = page[0] <= across <= page[2] and page[1] <= down <= page[3]
    is_sized: bool = SMALLEST <= char["bottom"] - char["top"] <= page[3] - page[1] and char["x0"] <= char["x1"]
    return is_there and is_sized


def _may_rule(drawn: dict[str, Any]) -> bool:
    """Whether this may be a ruled line: not so a surface, though many lines are drawn as narrow ones, nor a dot."""
    if drawn["object_type"] != "rect":
        return True
    is_surface = drawn["fill"] and not drawn["stroke"] and min(drawn["width"], drawn["height"]) > WIDEST_LINE
    return not is_surface and max(drawn["width"], drawn["height"]) > WIDEST_LINE


def _cuts(edges: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lines that are missing where a table runs on to another page, if a browser printed it: at the highest and at
    the lowest place where upright lines end."""
    upright = [edge for edge in edges if edge["orientation"] == "v" and edge["height"] > WIDEST_LINE]
    for side, outermost in (("top", min), ("bottom", max)):
        place = outermost((edge[side] for edge in upright), default=0.0)
        ending = [edge["x0"] for edge in upright if abs(edge[side] - place) <= WIDEST_LINE]
        left, right = min(ending, default=0.0), max(ending, default=0.0)
        if len({round(each / WIDEST_LINE) for each in ending}) >= LEAST_ENDING:
            yield {"object_type": "line", "x0": left, "x1": right, "top": place, "bottom": place,
                   "width": right - left, "height": 0.0}  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
