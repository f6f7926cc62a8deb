"""Whose report it is, of which year, signed on which day: from its title and its signature, or not at all."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from toolkit.publish.document import Line

_PURE = re.compile(r"[\u4e00-\u9fff〇·（）()、]{2,60}")
_MIXED = re.compile(r"[\u4e00-\u9fff〇·（）()、0-9A-Za-z]{2,60}")
_ORGAN = re.compile(
    r"(?:[局委办厅院府会镇乡站所队校学社处科室组台馆库署庭行园段场团狱联厂村]|[^全内外各]部|中心|街道|公司|[一二三四五六七八九十]中"
    r"|[^\W\d][省市县区州旗盟])(?:（[^（）]{1,8}）)?$"
)  # how the name of an organ ends
_NO_NAME = re.compile("关于|首页|位置|公布|草稿|截[至止]|以上|根据|情况|报告")
_PLACE = re.compile("[省县区州旗盟镇]|(?<!城)市(?!场)|(?<!城)乡(?!村)")
_SEAL = re.compile("（.{0,2}章）$")
_YEAR = r"(?P<year>20\d\d|二[〇○零0O][〇○零0O一二三四五六七八九]{2})"
_YEARS = re.compile(rf"{_YEAR} ?年")
_DAY = re.compile(
    rf"{_YEAR} ?(?:年 ?(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,3}}) ?月 ?"
    r"(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3}) ?[日号]|(?P<dot>[-./])(?P<m>\d{1,2})(?P=dot)(?P<d>\d{1,2}))"
)
_SIGNED = re.compile(rf"(?P<name>.*?) ?{_DAY.pattern}")
_LOOSE = re.compile("信息公开.*(?:报告|年报)")  # a title, however it is worded
_DIGITS = {letter: str(at) for at, letter in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0", "O": "0"}
_LAST_MONTH = 6  # a report is signed in the first half of the year that follows its own
_EARLY_MONTH = 11  # or at the very end of its own
_WRAPPED = 5
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
    """The identity told by what stands before the first section and by the signature; a title's year comes first, where
    the signature does not speak against it, else that before the year of a signature of its first half."""
    texts = [_tight(line.text) for line in front]
    titles = list(dict.fromkeys(_titles(texts, signature.agency, title)))
    cut = next((doubt for _, _, doubt in titles if doubt), "")
    agency, differing = _agreed([name for name, _, _ in titles if name], signature.agency)
    day, doubt_on_day = _day_told(signature)
    year, doubt_on_year = _year_told({year for _, year, _ in titles}, texts, day)
    doubts = (cut or differing, doubt_on_year, doubt_on_day)
    return Identity("" if cut else agency, year, day, tuple(filter(None, doubts)))


def signed(lines: Sequence[Line]) -> Signature:
    """The signature at the end of a report's last section: the first line that is a date with a name above or before
    it, else the first that is a date; that counts as left open where a later one differs."""
    found = [each for at in range(len(lines)) for each in _signatures(lines, at)]
    named = next((each for each in found if each.agency), None)
    if named or not found:
        return named or Signature("", None, len(lines))
    return found[0] if len({each.day for each in found}) == 1 else replace(found[0], day=None)


def _signatures(lines: Sequence[Line], at: int) -> Iterator[Signature]:
    """The signature that this line is the date of, if it is one. A day in figures alone may be that of publication."""
    text = _plain(lines[at].text)
    match = _SIGNED.fullmatch(text)
    name = _sealed(match["name"]) if match else ""
    if (match is None and _tight(text) != _NO_DAY) or (name and not _is_organ(name)):
        return
    above = _sealed(lines[at - 1].text) if at and not name else ""
    own = _is_organ(above)
    if name or own or not (match and match["dot"]):
        day = _day(match) if match else None
        yield Signature(name or (above if own else ""), day, at - own, tuple(lines[at + 1 :]))


def _day_told(signature: Signature) -> tuple[date | None, str]:
    """The day of the signature, and a sentence where there are several."""
    day = signature.day
    if day is None and not signature.agency and any(_DAY.fullmatch(_plain(each.text)) for each in signature.behind):
        return None, "报告末尾有几个不同的日期，上面都没有单位名称，不能确定哪一个是落款日期。"
    return day, ""


def _year_told(official: set[int], texts: Sequence[str], day: date | None) -> tuple[int | None, str]:
    """The year of the titles, else the one that stands alone, else that before the signature's; none where another
    speaks against it, and then a sentence."""
    told = official or set(_lone_years(texts))
    if told and day is None:
        told = told | _years_in(filter(_LOOSE.search, texts))
    if len(told) > 1:
        return None, f"标题里的年度有 {_listed(told)} 几种，不能确定是哪一年。"
    for year in told:
        if day and year != day.year - 1 and (year != day.year or day.month < _EARLY_MONTH):
            return None, f"标题里的年度是 {year}，落款日期是 {day}，对不上，年度不能确定。"
        return year, ""
    by_day = day.year - 1 if day and day.month <= _LAST_MONTH else None
    others = _years_in(texts) - {by_day}
    if others:
        every = _listed(_years_in(texts))
        return None, f"报告开头写到 {every} 年，不是规定写法的标题，落款日期也不能印证，年度不能确定。"
    return by_day, ""


def _titles(texts: Sequence[str], signature: str, title: str) -> Iterator[tuple[str, int, str]]:
    """Each name and year that a title tells, and a sentence where the name may be cut; a title may be spread over lines
    and printed more than once."""
    year, own, end = rf"{_YEAR}年?度?", re.escape(_tight(title)), r"(?:（[^（）\d]{1,8}）)?"
    patterns = (
        rf"(?P<name>.*?)(?:关于)?{year}{own}{end}",
        rf"(?:关于)?{year}(?P<name>.+?)(?:关于)?{own}{end}",
        rf"(?P<name>.*?)(?:关于)?{own}（?{year}）?",
    )
    for behind in range(1, len(texts) + 1):
        found: list[tuple[str, int]] = []
        for at in range(behind - 1, max(behind - _WRAPPED, 0) - 1, -1):
            told = _told(patterns, "".join(texts[at:behind]))
            if told is None and found:
                break
            found += [told] if told else []
        if found:
            name, doubt = _name_told([raw for raw, _ in found], signature)
            yield name, found[0][1], doubt


def _told(patterns: Iterable[str], text: str) -> tuple[str, int] | None:
    """What stands where a title has its name, and its year."""
    for match in filter(None, (re.fullmatch(pattern, text) for pattern in patterns)):
        name, year = match["name"].removeprefix("关于"), _year(match["year"])
        if year is not None and (not name or (_MIXED.fullmatch(name) and not _YEARS.search(name))):
            return name, year
    return None


def _name_told(names: Sequence[str], signature: str) -> tuple[str, str]:
    """The name of a title out of what its line and ever more lines before it hold: the end that the signature confirms,
    else that of the fewest lines; and a sentence where a part of it may stand in the line before."""
    least = names[0]
    is_whole = bool(signature) and (len(signature) > len(least) or _PLACE.search(signature))
    if is_whole and any(name.endswith(signature) for name in names):
        return signature, ""
    if not least:
        above = names[1] if len(names) > 1 else ""
        least, names = (above if _is_organ(above) else ""), names[1:]
    if not _is_name(least):
        return "", ""
    before = names[1].removesuffix(least) if len(names) > 1 else ""
    if _PLACE.search(before) and not _PLACE.search(least):
        return "", f"标题里的单位名称“{least}”可能不全，上一行是“{before}”，不能确定是哪个单位。"
    return least, ""


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


def _lone_years(texts: Iterable[str]) -> Iterator[int]:
    """A year that stands alone where a title should be."""
    for text in texts:
        match = re.fullmatch(rf"{_YEAR}年?度?", text)
        year = _year(match["year"]) if match else None
        if year is not None:
            yield year


def _years_in(texts: Iterable[str]) -> set[int]:
    """Every year in these texts that is not the year of a day."""
    found = (_year(match["year"]) for text in texts for match in _YEARS.finditer(_DAY.sub("，", text)))
    return {year for year in found if year is not None}


def _listed(years: Iterable[int]) -> str:
    return "、".join(map(str, sorted(years)))


def _is_name(text: str) -> bool:
    """Whether this may be a name where a title has one; digits and letters only in what ends as an organ's does."""
    return bool(_PURE.fullmatch(text) or (_MIXED.fullmatch(text) and _ends_as_organ(text))) and not (
        _NO_NAME.search(text) or _YEARS.search(text)
    )


def _is_organ(text: str) -> bool:
    return _is_name(text) and _ends_as_organ(text)


def _ends_as_organ(text: str) -> bool:
    return _ORGAN.search(text) is not None


def _sealed(text: str) -> str:
    """A name without the words for its seal."""
    return _SEAL.sub("", _tight(text))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _tight(text: str) -> str:
    return _plain(text).replace(" ", "").replace("(", "（").replace(")", "）")


def _year(text: str) -> int | None:
    digits = "".join(_DIGITS.get(letter, letter) for letter in text)
    return int(digits) if digits.isdecimal() and digits.isascii() else None


def _day(match: re.Match[str]) -> date | None:
    year, month, day = _year(match["year"]), _small(match["month"] or match["m"]), _small(match["day"] or match["d"])
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
