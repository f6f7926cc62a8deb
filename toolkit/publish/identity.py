"""Whose report it is, of which year, signed on which day: from its title and its signature, or not at all."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from toolkit.publish.document import Line

_NAME = re.compile(r"[\u4e00-\u9fff〇·（）()、]{2,60}")
_YEAR = r"(?P<year>20\d\d|二[〇○零0O]\S{2})"
_DAY = re.compile(
    r"(?:(?P<name>\S.*) )??"
    r"(?P<year>20\d\d|二[〇○零O][〇○零一二三四五六七八九]{2}) ?年 ?"
    r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3}) ?月 ?(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3}) ?[日号]"
)
_DIGITS = {letter: str(at) for at, letter in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0", "O": "0"}
_LAST_MONTH = 6  # a report is signed in the first half of the year that follows its own
_WRAPPED = 3
_NO_DAY = "年月日"  # a date that was left to be filled in


@dataclass(frozen=True, slots=True)
class Identity:
    """What a report says of itself, empty or None where it does not; `doubts` are sentences on what it says twice and
    differently, which then counts as not said."""

    agency: str = ""
    year: int | None = None
    day: date | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """The lines under a report: who signed and when; `before` is how many lines stand above it, `behind` those that
    follow it and are no part of the report."""

    agency: str
    day: date | None
    before: int
    behind: tuple[Line, ...] = ()


def identify(front: Sequence[Line], signature: Signature, title: str) -> Identity:
    """The identity told by what stands before the first section and by the signature; a title's year comes first, else
    that before the year of a signature of its first half."""
    titles = list(dict.fromkeys(_titles(front, title)))
    names, doubt_on_name = _agreed([name for name, _ in titles if name], signature.agency)
    years = {year for _, year in titles} or set(_lone_year(front))
    day = signature.day
    doubts = [doubt_on_name] if doubt_on_name else []
    if len(years) > 1:
        doubts.append(f"标题里的年度有 {'、'.join(map(str, sorted(years)))} 几种，不能确定是哪一年。")
    year = years.pop() if len(years) == 1 else None
    if not years and year is None and len(doubts) == bool(doubt_on_name) and day and day.month <= _LAST_MONTH:
        year = day.year - 1
    return Identity(names, year, day, tuple(doubts))


def signed(lines: Sequence[Line]) -> Signature:
    """The signature at the end of a report's last section: the last line that is a date, with the name above or before
    it."""
    for at in range(len(lines) - 1, -1, -1):
        match = _DAY.fullmatch(_plain(lines[at].text))
        name = _tight(match["name"] or "") if match else ""
        if (match is None and _tight(lines[at].text) != _NO_DAY) or (name and not _is_name(name)):
            continue
        above = _tight(lines[at - 1].text) if at and not name else ""
        own = _is_name(above)
        day = _day(match) if match else None
        return Signature(name or (above if own else ""), day, at - own, tuple(lines[at + 1 :]))
    return Signature("", None, len(lines))


def _titles(front: Sequence[Line], title: str) -> Iterator[tuple[str, int]]:
    """Each name and year that a title tells; a title may be spread over lines, and printed more than once."""
    pattern = re.compile(rf"(?P<name>.*?)(?:关于)?{_YEAR}年?度?{re.escape(_tight(title))}(?:（.{{1,8}}）)?")
    tight = [_tight(line.text) for line in front]
    for at in range(len(tight)):
        for behind in range(at + 1, min(at + _WRAPPED, len(tight)) + 1):
            match = pattern.fullmatch("".join(tight[at:behind]))
            if match is None or (match["name"] and not _is_name(match["name"])):
                continue
            year = _year(match["year"])
            if year is not None:
                name = match["name"] or next((each for each in reversed(tight[:at]) if _is_name(each)), "")
                yield _undoubled(name), year
            break


def _agreed(names: Sequence[str], signature: str) -> tuple[str, str]:
    """The one name that title and signature tell, and a sentence where they tell different ones. Of a short and a long
    form the title's counts."""
    told = list(dict.fromkeys([*names, *([signature] if signature else [])]))
    for one, other in pairwise(told):
        if one not in other and other not in one and not _is_short(one, other):
            return "", f"标题和落款里的单位名称不同（{'、'.join(f'“{each}”' for each in told)}），不能确定是哪一个。"
    return (told[0] if told else ""), ""


def _is_short(one: str, other: str) -> bool:
    """Whether one name is the other with letters left out: 稷山县工科局 of 稷山县工业和科技局."""
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    return all(letter in letters for letter in short)


def _undoubled(name: str) -> str:
    """A name that was printed twice in a row, once."""
    half = len(name) // 2
    return name[:half] if name and name[:half] * 2 == name else name


def _lone_year(front: Sequence[Line]) -> Iterator[int]:
    """A year that stands alone where a title should be."""
    for line in front:
        match = re.fullmatch(rf"{_YEAR}年?度?", _tight(line.text))
        year = _year(match["year"]) if match else None
        if year is not None:
            yield year


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _tight(text: str) -> str:
    return _plain(text).replace(" ", "").replace("(", "（").replace(")", "）")


def _year(text: str) -> int | None:
    digits = "".join(_DIGITS.get(letter, letter) for letter in text)
    return int(digits) if digits.isdecimal() and digits.isascii() else None


def _day(match: re.Match[str]) -> date | None:
    year, month, day = _year(match["year"]), _small(match["month"]), _small(match["day"])
    try:
        return date(year or 0, month, day)
    except ValueError:
        return None


def _small(text: str) -> int:
    """A number up to 99 in digits or Chinese numerals."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    values = {letter: at for at, letter in enumerate("一二三四五六七八九", 1)}
    return (values.get(tens, 1) * 10 if ten else 0) + values.get(ones, 0)
