"""One section of a TOML definition, taken field by field; whatever does not fit is remembered with its line."""

import difflib
from collections.abc import Iterable, Mapping
from typing import TypeVar

from toolkit.form.source import Path
from toolkit.problems import Problem, Severity, Where

_T = TypeVar("_T")


def nearest(name: str, among: Iterable[str]) -> str:
    """A sentence naming the known name most like an unknown one, or listing what there is."""
    known = sorted(set(among))
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"是否想写 {close[0]}？"
    return f"可用的有：{'、'.join(known[:12])}。" if known else ""


class Mistakes:
    """Every mistake of one definition, in the order found."""

    def __init__(self, file: str, lines: Mapping[Path, int]) -> None:
        self._file = file
        self._lines = lines
        self.problems: list[Problem] = []

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest section around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def add(self, path: Path, message: str, hint: str) -> None:
        """Remember one mistake at a path."""
        where = Where(self._file, line=self.line(path))
        self.problems.append(Problem(where, "definition", Severity.ERROR, message, hint))


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

    def wrong(self, name: str, message: str, hint: str) -> None:
        """Remember a mistake at one of this section's fields."""
        self._mistakes.add((*self._path, name) if name else self._path, message, hint)

    def text(self, name: str, default: str | None = None) -> str:
        """A text field; without a default it must be there and not be empty."""
        value = self._take(name, str, default, "带引号的文字")
        if value == "" and default is None and name in self._data:
            self.wrong(name, f"{name} 不能为空", "请填写内容。")
        return value

    def whole(self, name: str, default: int | None = None, *, most: int = 9999) -> int:
        """A whole number from 0 to `most`."""
        value = self._take(name, int, default, "整数")
        if not 0 <= value <= most:
            self.wrong(name, f"{name} 是 {value}，应在 0 到 {most} 之间", "请改正这个数。")
            return default or 0
        return value

    def flag(self, name: str) -> bool:
        """true or false; false where it is not said."""
        return self._take(name, bool, False, "true 或 false")

    def choice(self, name: str, among: Iterable[str], default: str | None = None) -> str:
        """A text field that must be one of a few words."""
        value, known = self.text(name, default), list(among)
        if value and value not in known:
            self.wrong(name, f"{name} 不能是「{value}」", nearest(value, known))
            return known[0]
        return value or known[0]

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where it is not said."""
        values = self._take(name, list, [], "一列带引号的文字")
        if not all(isinstance(value, str) for value in values):
            self.wrong(name, f"{name} 里每一项都应是带引号的文字", "请给每一项加上引号。")
        return tuple(value for value in values if isinstance(value, str))

    def wholes(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers; empty where it is not said."""
        values = self._take(name, list, [], "一列整数")
        if not all(type(value) is int and 0 < value < 256 for value in values):
            self.wrong(name, f"{name} 里每一项都应是 1 到 255 的整数", "请改正这一列数。")
        return tuple(value for value in values if type(value) is int)

    def sections(self, name: str, *, required: bool = False) -> "list[Section]":
        """The sections of this name, `[[name]]` or an array of inline tables."""
        values = self._take(name, list, None if required else [], f"一个或多个 [[{name}]]")
        if required and name in self._data and not values:
            self.wrong(name, f"{name} 不能为空", f"请至少写一项 {name}。")
        found = []
        for index, value in enumerate(values):
            if isinstance(value, dict):
                found.append(Section(value, (*self._path, name, index), self._mistakes))
            else:
                self.wrong(name, f"{name} 里每一项都应写成 {{ … }}", "请按 { 名称 = 值 } 的样子写。")
        return found

    def finish(self) -> None:
        """Report every field that nobody took."""
        for name in self._data:
            if name not in self._taken:
                self.wrong(name, f"不认识的名称 {name}", nearest(name, self._taken))

    def _take(self, name: str, kind: type[_T], default: _T | None, words: str) -> _T:
        self._taken.add(name)
        value = self._data.get(name)
        if value is None:
            if default is None:
                self.wrong("", f"缺少 {name}", f"请补上 {name} = …（{words}）。")
            return kind() if default is None else default
        if type(value) is not kind:
            self.wrong(name, f"{name} 应当是{words}", "请改正它的写法。")
            return kind() if default is None else default
        return value
