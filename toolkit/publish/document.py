"""A published report as it was found, whatever kind of file it came in: its lines in reading order, no more."""

from collections.abc import Iterable
from dataclasses import dataclass

from toolkit.problems import Where


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a line: its text, the columns from `left` to `right` that it takes, and how many lines of its grid it
    reaches down.

    In a grid, columns are those of the printed table, counted from 0. In text cut by tabs they only number the pieces,
    empty ones too. Running text is one cell in column 0.
    """

    text: str
    left: int = 0
    right: int = 0
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a paragraph, a line of text, or a row of a printed table.

    `grid` is the number of the printed table whose columns the cells are told in, None where there is no such table; a
    cell that reaches down stands in the first of its lines only. `opens` says whether a line of running text is known
    to begin a paragraph (True), or to go on with the one before it (False); None where the file does not tell.
    """

    cells: tuple[Cell, ...]
    where: Where
    grid: int | None = None
    opens: bool | None = None

    @property
    def text(self) -> str:
        """All of it as it is quoted: the pieces that hold something, a space between them."""
        return " ".join(filter(None, (" ".join(cell.text.split()) for cell in self.cells)))


@dataclass(frozen=True, slots=True)
class Document:
    """A file read: what to call it, the SHA-256 of its bytes, its lines; empty lines are left out."""

    file: str
    sha256: str
    lines: tuple[Line, ...]


def running(text: str, where: Where, opens: bool | None = None) -> Line:
    """A line of running text."""
    return Line((Cell(text),), where, opens=opens)


def holds_text(lines: Iterable[Line]) -> bool:
    """Whether anything at all can be read in these lines."""
    return any(line.text for line in lines)
