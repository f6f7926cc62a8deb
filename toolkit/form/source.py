"""Where each value of a TOML text stands: paths -> lines. The standard parser reads the values but forgets the lines.

The text must already be known to be valid TOML; this module only walks it.
"""

import re
import tomllib
from collections.abc import Iterator

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r'(?P<text>"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:\'{0,2})|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<comment>#[^\n]*)|(?P<newline>\n)|(?P<mark>[][{}=,.])|(?P<bare>[^][{}=,.#\"'\s]+)",
    re.DOTALL,
)


def line_index(text: str) -> dict[Path, int]:
    """The line (from 1) of every key and array element: `("table", 0, "rows", 3, "label")` -> 27."""
    walk = _Walk(text)
    walk.document()
    return walk.lines


class _Walk:
    """One pass over the tokens, a token at a time."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._tokens = self._scan(text)
        self._kind, self._text, self._line = "newline", "\n", 1
        self._next()

    def document(self) -> None:
        """Every statement: `[header]`, `[[header]]` or `key = value`."""
        section: Path = ()
        while self._kind != "end":
            if self._kind == "newline":
                self._next()
            elif self._text == "[":
                section = self._header()
            else:
                self._pair(section)

    def _scan(self, text: str) -> Iterator[tuple[str, str, int]]:
        line = 1
        for match in _TOKEN.finditer(text):
            if match.lastgroup not in (None, "comment"):
                yield match.lastgroup or "", match.group(), line
            line += match.group().count("\n")
        yield "end", "", line

    def _next(self) -> None:
        self._kind, self._text, self._line = next(self._tokens)

    def _header(self) -> Path:
        line, brackets = self._line, 0
        while self._text == "[":
            brackets += 1
            self._next()
        *outer, name = self._key()
        path: Path = ()
        for part in outer:
            path = self._latest((*path, part))
        path = (*path, name)
        if brackets == 2:
            self._counts[path] = self._counts.get(path, 0) + 1
            path = self._latest(path)
        self.lines[path] = line
        while self._text == "]":
            self._next()
        return path

    def _latest(self, path: Path) -> Path:
        return (*path, self._counts[path] - 1) if path in self._counts else path

    def _pair(self, section: Path) -> None:
        line = self._line
        path = (*section, *self._key())
        self.lines[path] = line
        self._next()
        self._value(path)

    def _key(self) -> list[str]:
        parts = []
        while self._kind in ("bare", "text") or self._text == ".":
            if self._text != ".":
                parts.append(self._name())
            self._next()
        return parts

    def _name(self) -> str:
        """A part of a key as its bare word, or with its quotes and escapes undone."""
        return self._text if self._kind == "bare" else str(tomllib.loads(f"key = {self._text}")["key"])

    def _value(self, path: Path) -> None:
        if self._text == "[":
            self._array(path)
        elif self._text == "{":
            self._inline(path)
        else:
            while self._kind in ("bare", "text") or self._text == ".":
                self._next()

    def _array(self, path: Path) -> None:
        self._next()
        count = 0
        while self._text != "]":
            if self._kind == "newline" or self._text == ",":
                self._next()
                continue
            self.lines[(*path, count)] = self._line
            self._value((*path, count))
            count += 1
        self._next()

    def _inline(self, path: Path) -> None:
        self._next()
        while self._text != "}":
            if self._kind == "newline" or self._text == ",":
                self._next()
            else:
                self._pair(path)
        self._next()
