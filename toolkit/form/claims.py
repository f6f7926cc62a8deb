"""The claims of a definition: `[[prose]]` sections -> Prose, every mistake remembered with its line.

A wording is plain text with `[a|b]` for what may stand there or be left out, `(a|b)` for one of these, `{}` for the
number, `{name}` for one of the section's words; in leads `{year}` is the report's year and `{agency}` its agency. One
that begins with `…` stands only behind another claim on the same table, in the same sentence; with words before its
`…`, only where the claim before it in its sentence, or the heading of its paragraph, has them. Spaces and the width of
characters do not matter.
"""

import re
from collections.abc import Mapping, Sequence

from toolkit.form.amount import AmountError, parse_amount
from toolkit.form.model import Claim, Key, Prose, Table
from toolkit.form.section import Section, nearest

NUMBER = "(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,9})"
AGENCY = "\x01"  # what stands for the agency's name in a text to be understood
CONTINUES = "…"

_TOKEN = re.compile(r"\[([^\[\](){}]*)\]|\(([^\[\](){}]*)\)|\{([^\[\](){}]*)\}|[\[\](){}|]|[^\[\](){}|]+")
_WORD = re.compile(r"\{([a-z]+)\}")
_NAME = re.compile(r"[a-z]+")
_KNOWN = {"": NUMBER, "year": "[0-9]{4}", "agency": AGENCY}
_HOW = "请这样写：文字照写，[甲|乙] 可有可无，(甲|乙) 必居其一，{} 是数；括号不能套括号。"
_DIGITS = "0123456789"
_FULL, _HALF = (
    "０１２３４５６７８９（）；：！？．",
    f"{_DIGITS}();:!?.",
)  # not the comma: a full-width one divides no thousands
_LONGEST = 1000


class WordingError(ValueError):
    """The text is no wording; its message says why, in Chinese."""


def fold(text: str) -> str:
    """The same text with digits and punctuation in half width, but for commas; as long as before."""
    for full, half in zip(_FULL, _HALF, strict=True):
        text = text.replace(full, half)
    return text


def expression(text: str) -> str:
    """The regular expression of a wording, its words put in, for text that is folded and has no spaces. WordingError
    where it is none."""
    return "".join(map(_piece, _TOKEN.finditer(_bare(text))))


def parted(text: str) -> tuple[str | None, str]:
    """What has to be said before a wording and the wording itself; None where nothing has to, an empty text where any
    claim on the same table has to."""
    before, continues, wording = text.partition(CONTINUES)
    return (before, wording) if continues else (None, text)


def beginnings(text: str) -> frozenset[str]:
    """The characters that what fits a wording, which is one, may begin with."""
    found: set[str] = set()
    for token in _TOKEN.finditer(_bare(text)):
        optional, either, name = token.groups()
        if name is not None:
            return frozenset(found | (set(AGENCY) if name == "agency" else set(_DIGITS)))
        inside = token[0] if optional is None and either is None else optional or either
        found |= {choice[0] for choice in inside.split("|")}
        if optional is None:
            break
    return frozenset(found)


def parse_prose(top: Section, tables: Sequence[Table]) -> tuple[Prose, ...]:
    """Every `[[prose]]` that is declared, in order."""
    cells = [key for table in tables for key, _, _ in table.cells()]
    return tuple(_prose(section, cells) for section in top.sections("prose"))


def _prose(section: Section, cells: Sequence[Key]) -> Prose:
    words = dict(_word(each) for each in section.sections("words"))
    prose = Prose(
        claims=tuple(_claim(each, words, cells) for each in section.sections("claim", required=True)),
        leads=_wordings(section, "leads", words),
        unless=_wordings(section, "unless", words),
        unless_after=_wordings(section, "unless_after", words),
    )
    section.finish()
    return prose


def _word(section: Section) -> tuple[str, str]:
    name, means = section.text("name"), section.text("means")
    if name and (not _NAME.fullmatch(name) or name in _KNOWN):
        section.wrong("name", f"名称「{name}」不能用", "请用小写英文字母；year 和 agency 另有用途。")
    section.finish()
    return name, means


def _claim(section: Section, words: Mapping[str, str], cells: Sequence[Key]) -> Claim:
    says = _wordings(section, "says", words)
    for at, text in enumerate(says):
        if section.is_sound("says", at) and (told := _why_unclear(text)):
            section.wrong(("says", at), told, "请写明一个分句的固定文字，最多一个 {}。")
    sums = section.texts("equals")
    for name, found in (("says", says), ("equals", sums)):
        if not found and section.is_sound(name):
            section.wrong(name, f"{name} 是空的", f"请至少写一项 {name}。")
    claim = Claim(says, tuple(_sum(section, at, text, cells) for at, text in enumerate(sums)))
    section.finish()
    return claim


def _wordings(section: Section, name: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """The wordings of a field with the section's words put in; those that are wrong are told."""
    found = []
    for at, text in enumerate(section.texts(name)):
        whole = _WORD.sub(lambda word: words.get(word[1], word[0]), text)
        try:
            if not _bare(text) or len(whole) > _LONGEST:
                raise WordingError(f"应有 1 到 {_LONGEST} 个字")
            for part in parted(whole):
                expression(part or "")
        except WordingError as error:
            section.wrong((name, at), f"{name} 的第 {at + 1} 项：{error}", _HOW)
        found.append(whole)
    return tuple(found)


def _why_unclear(text: str) -> str:
    """Why a wording that may be written so makes no claim; empty where it does."""
    if text.count("{}") > 1:
        return "说法里有两个数"
    if "{year}" in text or "{agency}" in text:
        return "{year} 和 {agency} 只用于 leads"
    if "{}" in (parted(text)[0] or ""):
        return "… 的前面有数"
    if re.search("[0-9]", fold(text)):
        return "说法的文字里有数字"
    fixed = re.sub(r"\[[^\]]*\]|\{\}", "", _bare(parted(text)[1]))
    return "" if fixed else "说法没有固定的文字"


def _sum(section: Section, at: int, text: str, cells: Sequence[Key]) -> tuple[Key, ...]:
    try:
        return parse_amount(text, cells)
    except AmountError as error:
        section.wrong(("equals", at), str(error), nearest(error.name, map(str, cells)))
        return ()


def _bare(text: str) -> str:
    return "".join(fold(text).split())


def _piece(token: re.Match[str]) -> str:
    optional, either, name = token.groups()
    if name is not None:
        if name not in _KNOWN:
            raise WordingError(f"不认识「{token[0]}」")
        return _KNOWN[name]
    inside = either if optional is None else optional
    if inside is None:
        if token[0] in "[](){}|":
            raise WordingError(f"「{token[0]}」不成对，或括号套了括号" if token[0] != "|" else "「|」不在括号里")
        return re.escape(token[0])
    choices = inside.split("|")
    if not all(choices):
        raise WordingError(f"「{token[0]}」里有一种写法是空的")
    longest_first = sorted(map(re.escape, choices), key=len, reverse=True)
    return f"(?:{'|'.join(longest_first)}){'?' if either is None else ''}"
