"""A report's lines -> what stands before its first section, and the lines of each section."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit.form.model import Form, Table
from toolkit.form.parts import Part, numeral, printed_parts, title_of
from toolkit.publish.document import Line, running
from toolkit.publish.lexicon import letters_of, lexicon_of, unnumbered

_LONGEST_HEADING = 30
_WRAPPED = 3  # lines that one heading may be spread over
_BRACKETED = re.compile(r"\s*[（(]")
_TITLE_ENDS = re.compile("[：:。]")
_ENDS_PROSE = re.compile(r"[。；，、：！？;,.:!?]$")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form and the lines that a report has for it; `heading` is the line that begins it, `is_reworded`
    where it is known by its number only."""

    part: Part
    heading: Line
    is_reworded: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sections:
    """A report taken apart: what stands before the first section, and each section in the report's order."""

    front: tuple[Line, ...]
    sections: tuple[Section, ...]

    def of(self, part: Part) -> list[Section]:
        """The sections of one part: none where it is not there, several where it is printed more than once."""
        return [section for section in self.sections if section.part == part]


def split(lines: Sequence[Line], form: Form) -> Sections:
    """The lines by section. A title may be wrapped over lines, or be followed by text in its line. Where a part has
    none with its number, one without a number counts, behind the parts before it; and one that is worded otherwise,
    where its number comes right after the part before it."""
    splitting = _Splitting(printed_parts(form), lines)
    starts = list(splitting.headings(lines))
    if not starts:
        return Sections(tuple(lines), ())
    ends = [each.first for each in starts[1:]] + [len(lines)]
    sections = [
        Section(each.part, lines[each.first], each.is_reworded, (*each.rest, *lines[each.behind : end]))
        for each, end in zip(starts, ends, strict=True)
    ]
    return Sections(tuple(lines[: starts[0].first]), tuple(sections))


@dataclass(frozen=True, slots=True)
class _Start:
    """A heading found: its part, its first line, the line behind it, the text that follows it in its own line."""

    part: Part
    first: int
    behind: int
    is_reworded: bool = False
    rest: tuple[Line, ...] = ()


class _Splitting:
    """The headings of one report being looked for; `_numbered` are the parts whose own titles stand in it."""

    def __init__(self, parts: Sequence[Part], lines: Sequence[Line]) -> None:
        self._parts = parts
        self._titles = {letters_of(title_of(part)): part for part in parts}
        self._bare = {letters_of(unnumbered(title_of(part))): part for part in parts}
        found = (self._titled(lines, at, self._titles) for at in range(len(lines)))
        self._numbered = frozenset(title_of(start.part) for start in found if start is not None)

    def headings(self, lines: Sequence[Line]) -> Iterator[_Start]:
        """Every heading in order."""
        at, current = 0, None
        while at < len(lines):
            start = self._titled(lines, at, self._titles) or self._bared(lines, at, current)
            start = start or self._reworded(lines[at], at, current)
            if start is None:
                at += 1
            else:
                yield start
                at, current = start.behind, start.part

    def _titled(self, lines: Sequence[Line], at: int, titles: Mapping[str, Part]) -> _Start | None:
        """A heading in a line, or in up to three lines together; one in brackets heads a part of a part."""
        letters = ""
        if _BRACKETED.match(lines[at].text):
            return None
        for behind in range(at + 1, min(at + _WRAPPED, len(lines)) + 1):
            line = lines[behind - 1]
            if not _is_running(line):
                return None
            letters += letters_of(line.text)
            if letters in titles:
                return _Start(titles[letters], at, behind)
            if not any(title.startswith(letters) for title in titles):
                return _with_text(lines[at], at, self._titles) if behind == at + 1 else None
        return None

    def _bared(self, lines: Sequence[Line], at: int, current: Part | None) -> _Start | None:
        """A heading without its number, of a part that comes behind the current one and has no other."""
        start = self._titled(lines, at, self._bare)
        if start is None or title_of(start.part) in self._numbered:
            return None
        before = -1 if current is None else self._parts.index(current)
        return start if self._parts.index(start.part) > before else None

    def _reworded(self, line: Line, at: int, current: Part | None) -> _Start | None:
        """A short line that is numbered as the part behind the current one, which must be a table where this part is
        one or be ended by one: prose numbers its own paragraphs alike."""
        text = line.text
        if current is None or not _is_running(line) or len(text) > _LONGEST_HEADING or _ENDS_PROSE.search(text):
            return None
        following = self._parts[self._parts.index(current) + 1 :][:1]
        number = numeral(text)
        if not following or number is None or number != numeral(title_of(following[0])):
            return None
        if title_of(following[0]) in self._numbered:
            return None
        if isinstance(current, Table):
            is_label = lexicon_of(current).begins(letters_of(text))
            return None if is_label else _Start(following[0], at, at + 1, is_reworded=True)
        comes_last = not any(isinstance(part, Table) for part in self._parts[self._parts.index(current) :])
        return _Start(following[0], at, at + 1, is_reworded=True) if comes_last else None


def _with_text(line: Line, at: int, titles: Mapping[str, Part]) -> _Start | None:
    """A heading with the text that follows it in its line: `六、其他：无。`"""
    title, *text = _TITLE_ENDS.split(line.text, maxsplit=1)
    part = titles.get(letters_of(title)) if text and text[0].strip() else None
    return None if part is None else _Start(part, at, at + 1, rest=(running(text[0].strip(), line.where, True),))


def _is_running(line: Line) -> bool:
    """Whether a line holds nothing but one piece of text."""
    return line.grid is None and sum(bool(cell.text.strip()) for cell in line.cells) == 1
