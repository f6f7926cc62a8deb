"""One section of a TOML definition, taken field by field; whatever does not fit is remembered with its line."""

import difflib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from toolkit.form.source import Path
from toolkit.problems import Problem, Severity, Where

_T = TypeVar("_T")


def nearest(name: str, among: Iterable[str]) -> str:
    """A sentence naming the known name most like an unknown one, or listing what there is."""
    known = sorted(set(among))
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"是否想写 {close[0]}？"
    return f"可用的有：{'、'.join(known[:12])}。" if known else ""


class Mistakes:
    """Every mistake of one definition, in the order found."""

    def __init__(self, file: str, lines: Mapping[Path, int]) -> None:
        self._file = file
        self._lines = lines
        self._paths: list[Path] = []
        self.problems: list[Problem] = []

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest section around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def add(self, path: Path, message: str, hint: str) -> None:
        """Remember one mistake at a path."""
        where = Where(self._file, line=self.line(path))
        self._paths.append(path)
        self.problems.append(Problem(where, "definition", Severity.ERROR, message, hint))

    def is_sound_at(self, path: Path) -> bool:
        """Whether no mistake was found at or inside a path."""
        return all(found[: len(path)] != path for found in self._paths)


class Section:
    """The fields of one TOML table. Taking a field marks it known; `finish` reports the fields nobody took."""

    def __init__(self, data: Mapping[str, object], path: Path, mistakes: Mistakes) -> None:
        self._data = data
        self._path = path
        self._taken: set[str] = set()
        self._mistakes = mistakes

    @property
    def line(self) -> int:
        """The line this section starts at."""
        return self._mistakes.line(self._path)

    def is_sound(self, *place: str | int) -> bool:
        """Whether no mistake was found in this section, or one place in it, so far: what rests on it may go on."""
        return self._mistakes.is_sound_at((*self._path, *place))

    def line_of(self, *place: str | int) -> int:
        """The line of a field, or of something inside it."""
        return self._mistakes.line((*self._path, *place))

    def wrong(self, place: str | Path, message: str, hint: str) -> None:
        """Remember a mistake at one of this section's fields, or at a path inside it; "" is the section itself."""
        path = (place,) if isinstance(place, str) else place
        self._mistakes.add((*self._path, *path) if place else self._path, message, hint)

    def text(self, name: str, default: str | None = None) -> str:
        """A text field; without a default it must be there and not be empty."""
        value = self._take(name, str, default, "带英文双引号的文字")
        if not value.strip() and default is None and isinstance(self._data.get(name), str):
            self.wrong(name, f"{name} 是空的", "请在引号里填写内容。")
            return ""
        return value

    def whole(self, name: str, default: int | None = None, *, most: int = 9999) -> int:
        """A whole number from 0 to `most`."""
        value = self._take(name, int, default, "整数，不加引号")
        if not 0 <= value <= most:
            self.wrong(name, f"{name} 是 {str(value)[:20]}，应在 0 到 {most} 之间", "请改正这个数。")
            return default or 0
        return value

    def day(self, name: str) -> date:
        """A date, written without quotes; the first there is where it is missing or no date."""
        words = "日期，如 2026-01-31，不加引号"
        if name not in self._data:
            self._take(name, str, None, words)
        return self._take(name, date, date.min, words)

    def flag(self, name: str) -> bool:
        """true or false; false where it is not said."""
        return self._take(name, bool, False, " true 或 false，不加引号")

    def choice(self, name: str, among: Iterable[str], default: str | None = None) -> str:
        """A text field that must be one of a few words."""
        value, known = self.text(name, default), list(among)
        if value and value not in known:
            self.wrong(name, f"{name} 不能是「{value}」", nearest(value, known))
            return known[0]
        return value or known[0]

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where it is not said."""
        values = self._take(name, list, [], '一列文字，如 ["甲", "乙"]')
        if not all(isinstance(value, str) for value in values):
            self.wrong(name, f"{name} 里有一项不是文字", "请给每一项加上英文双引号。")
        return tuple(value for value in values if isinstance(value, str))

    def wholes(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers; empty where it is not said."""
        values = self._take(name, list, [], "一列整数，如 [10, 20]")
        if not all(type(value) is int and 0 < value < 256 for value in values):
            self.wrong(name, f"{name} 里有一项不是 1 到 255 的整数", "请改正这一项，列宽以字符计。")
        return tuple(value for value in values if type(value) is int)

    def sections(self, name: str, *, required: bool = False) -> "list[Section]":
        """The sections of this name, `[[name]]` or an array of inline tables."""
        values = self._take(name, list, None if required else [], f" [[{name}]] 的样子，一项一段")
        if required and self._data.get(name) == []:
            self.wrong(name, f"{name} 是空的", f"请至少写一项 {name}。")
        found = []
        for index, value in enumerate(values):
            if isinstance(value, dict):
                found.append(Section(value, (*self._path, name, index), self._mistakes))
            else:
                self.wrong(
                    (name, index), f"{name} 的第 {index + 1} 项写法不对", '请写成 { name = "…", label = "…" } 的样子。'
                )
        return found

    def finish(self) -> None:
        """Report every field that nobody took."""
        for name in self._data:
            if name not in self._taken:
                self.wrong(name, f"不认识 {name}", nearest(name, self._taken))

    def _take(self, name: str, kind: type[_T], default: _T | None, words: str) -> _T:
        self._taken.add(name)
        value = self._data.get(name)
        if value is None:
            if default is None:
                self.wrong("", f"缺少 {name}", f"请补上 {name}，写成{words}。")
            return kind() if default is None else default
        if type(value) is not kind:
            self.wrong(name, f"{name} 的写法不对", f"请写成{words}。")
            return kind() if default is None else default
        return value
