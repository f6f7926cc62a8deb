"""The prose of a report held against its tables, where a clause says one number and nothing else. Pure.

A clause is understood as a whole or not at all: leads, one wording of a claim, punctuation. Anything before it in its
sentence that is not understood makes it doubtful, and so does another year. Whatever is doubtful, or said twice with
different numbers, is left alone: ten claims not understood are better than one misunderstood.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from toolkit.audit.numbers import printed
from toolkit.audit.submission import Submission
from toolkit.form.claims import AGENCY, NUMBER, beginnings, expression, fold, parted
from toolkit.form.model import Claim, Key, Prose
from toolkit.problems import Problem, Severity

_HINT = "请核对文字和表格，改正其中一处；确是两回事的，不必处理。"
_ENDS = "，,、。;:!?.\n"
_ENUMERATOR = "(?:[(（]?[一二三四五六七八九十0-9０-９]{1,3}[)）、.．])"
_LISTED = re.compile(_ENUMERATOR)
_HEADING = re.compile(rf"{_ENUMERATOR}[^，,。；;：:！!？?]{{0,20}}")
_SENTENCE_END = re.compile("[。；;！!？?\n]")
_FULL_STOP = re.compile("[。!！?？\n]")  # a semicolon goes on: “收到15件；合并重复的后为12件”
_PARAGRAPH = re.compile("\n([^\n]+)")
_NO_LIST = "(?!、)"  # of “没有甲、乙的情况” nobody knows by its beginning what there is none of
_YEAR = re.compile("([0-9]+)年")
_NUMBER = re.compile(NUMBER)
_MOST_LEADS, _SEEN_AFTER, _QUOTED, _SHORTEST_NAME = 9, 60, 40, 4


@dataclass(frozen=True, slots=True)
class _Grammar:
    """A form's prose as regular expressions; `claims` by the name of their group, with what has to be said before."""

    clause: re.Pattern[str]
    doubt: re.Pattern[str]
    doubt_after: re.Pattern[str]
    claims: Mapping[str, tuple[Claim, str | None]]


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of an agency's prose: its heading, its text without spaces, and the same to be understood."""

    heading: str
    text: str
    folded: str


@dataclass(frozen=True, slots=True)
class _Statement:
    """A claim as it was made: what it says, how many, and in which words."""

    claim: Claim
    number: Decimal
    heading: str
    quote: str


def contradictions(submission: Submission) -> Iterator[Problem]:
    """A warning for each claim of the prose that no figure bears out."""
    for prose in submission.book.form.prose:
        grammar = _grammar(prose)
        sections = list(_sections(submission))
        if any(_differs(submission, *said) for each in sections for said in _claims_in(each, grammar)):
            yield from _contradictions(submission, sections, grammar)


def _contradictions(submission: Submission, sections: Iterable[_Section], grammar: _Grammar) -> Iterator[Problem]:
    made: dict[Claim, list[_Statement]] = {}
    for section in sections:
        for match in _certain(section.folded, grammar, str(submission.year)):
            claim, number = _claim_of(match, grammar)
            quote = _quoted(section.text[match.start() + 1 : match.end()].replace(AGENCY, submission.agency.name))
            made.setdefault(claim, []).append(_Statement(claim, number, section.heading, quote))
    for first, *others in made.values():
        if all(other.number == first.number for other in others) and _differs(submission, first.claim, first.number):
            yield _contradiction(submission, first)


def _contradiction(submission: Submission, said: _Statement) -> Problem:
    sums = [(keys, _total(keys, submission.values)) for keys in said.claim.equals]
    told = {total: _told(submission, keys, total) for keys, total in reversed(sums)}
    keys = tuple(dict.fromkeys(key for keys, _ in sums for key in keys))
    short = submission.book.form.table(said.claim.table).short
    return Problem(
        where=submission.place_of(keys[0]),
        code="narrative-differs",
        severity=Severity.WARNING,
        message=f"{said.heading}写“{said.quote}”，{short} {'，'.join(reversed(told.values()))}。",
        hint=_HINT,
        keys=tuple(map(str, keys)),
        expected=sums[0][1],
        found=said.number,
    )


def _differs(submission: Submission, claim: Claim, number: Decimal) -> bool:
    """Whether a number is none of the sums it may be, with totals as computed or as typed; an open sum might be any."""
    for keys in claim.equals:
        total = _total(keys, submission.values)
        if total is None or total == number:
            return False
        if submission.overwritten and number == _total(keys, {**submission.values, **submission.overwritten}):
            return False
    return True


def _total(keys: Iterable[Key], values: Mapping[Key, Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for key in keys:
        value = values.get(key)
        if value is None:
            return None
        total += value
    return total


def _told(submission: Submission, keys: tuple[Key, ...], total: Decimal | None) -> str:
    """`一、本年新收·总计 是 11`, `一、本年新收·总计 11 + 二、上年结转·总计 2 = 13`."""
    labels = [submission.book.cells[key].label for key in keys]
    if len(keys) == 1:
        return f"{labels[0]} 是 {printed(total)}"
    figures = [printed(submission.values[key]) for key in keys]
    return f"{' + '.join(map(' '.join, zip(labels, figures, strict=True)))} = {printed(total)}"


def _quoted(text: str) -> str:
    return text if len(text) <= _QUOTED else f"…{text[1 - _QUOTED :]}"


def _sections(submission: Submission) -> Iterator[_Section]:
    """The sections of the prose that are not blank, the agency's own name in them made one sign."""
    name = "".join(submission.agency.name.split())
    for field in submission.book.form.narratives:
        if text := _joined(submission.narrative.get(field.name, "")):
            text = text.replace(name, AGENCY) if len(name) >= _SHORTEST_NAME else text
            yield _Section(field.label, text, fold(text))


def _claims_in(section: _Section, grammar: _Grammar) -> Iterator[tuple[Claim, Decimal]]:
    """Everything a section seems to claim, doubtful or not."""
    for match in grammar.clause.finditer(section.folded):
        if match.lastgroup:
            yield _claim_of(match, grammar)


def _claim_of(match: re.Match[str], grammar: _Grammar) -> tuple[Claim, Decimal]:
    """What a clause that makes a claim says, and how many; none where it gives no number."""
    group = match.lastgroup or ""
    number = _NUMBER.search(match[group])
    return grammar.claims[group][0], Decimal(number[0].replace(",", "") if number else 0)


def _certain(text: str, grammar: _Grammar, year: str) -> Iterator[re.Match[str]]:
    """The clauses that make a claim, but those that are doubtful: in a paragraph, all of them where its heading is."""
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.start(), paragraph.end() + 1
        first = grammar.clause.match(text, start, end)
        found = None if first and first.lastgroup else _HEADING.match(paragraph[1])
        heading = f"{found[0]}:" if found else ""
        if not grammar.doubt.search(heading.replace(f"{year}年", "")):
            understood = first and heading and first.end() == start + len(heading)
            yield from _certain_in(text, (start, end), heading if understood else "", grammar, year)


def _certain_in(
    text: str, span: tuple[int, int], heading: str, grammar: _Grammar, year: str
) -> Iterator[re.Match[str]]:
    """The clauses of a paragraph that make a claim, but in each sentence those from the first doubt on."""
    seen, doubtful, said, table = span[0], False, heading, ""
    for match in grammar.clause.finditer(text, *span):
        *before, unread = _SENTENCE_END.split(text[seen : match.start() + 1])
        if before:
            doubtful, said, table = False, heading, ""
        years = _YEAR.findall(match[0])
        doubtful = doubtful or bool(unread.strip(_ENDS)) or any(each != year for each in years)
        seen = match.end()
        if match.lastgroup:
            claim, needs = grammar.claims[match.lastgroup]
            if needs is not None:
                doubtful = doubtful or not (re.search(needs, said) if needs else claim.table == table)
            said, table = match[0], claim.table
            after = _FULL_STOP.split(text[seen : seen + _SEEN_AFTER])[0]
            if not doubtful and not grammar.doubt_after.search(after):
                yield match


def _joined(text: str) -> str:
    """The text without spaces, between line ends. A line that runs on into the next is joined to it; a heading belongs
    to the sentence below it."""
    lines = [bare for line in text.splitlines() if (bare := "".join(line.split()))]
    joined = ["\n"] if lines else []
    for at, line in enumerate(lines, start=1):
        if at == len(lines) or _SENTENCE_END.match(line[-1]) or _LISTED.match(lines[at]):
            joined.append(f"{line}\n")
        else:
            joined.append(f"{line}：" if _HEADING.fullmatch(line) else line)
    return "".join(joined)


@cache
def _grammar(prose: Prose) -> _Grammar:
    """A form's prose, compiled once. Leads never give back what they took, so that no text takes long."""
    claims: dict[str, tuple[Claim, str | None]] = {}
    groups = []
    for claim in prose.claims:
        said = [parted(each) for each in claim.says]
        for needs in dict.fromkeys(needs for needs, _ in said):
            name = f"claim{len(claims)}"
            claims[name] = (claim, needs and expression(needs))
            groups.append(f"(?P<{name}>{_any([wording for before, wording in said if before == needs], _NO_LIST)})")
    ends = f"[{re.escape(_ENDS)}]"
    begins = _first((*prose.leads, *(parted(text)[1] for claim in prose.claims for text in claim.says)))
    clause = (
        f"{ends}{_ENUMERATOR}?(?=[{re.escape(_ENDS)}{begins}])"
        f"(?:{_any(prose.leads)}){{0,{_MOST_LEADS}}}+(?:{'|'.join(groups)}|)(?={ends})"
    )
    return _Grammar(re.compile(clause), re.compile(_any(prose.unless)), re.compile(_any(prose.unless_after)), claims)


def _any(wordings: Sequence[str], end: str = "") -> str:
    """One of these, in the order declared; nothing at all where there are none. That most texts cannot begin one is
    seen from their first character. `end` follows those that give no number."""
    if not wordings:
        return "(?!)"
    said = (expression(each) + ("" if "{}" in each else end) for each in wordings)
    return f"(?=[{_first(wordings)}])(?:{'|'.join(said)})"


def _first(wordings: Iterable[str]) -> str:
    """The characters that one of these may begin with, for a set of a regular expression."""
    return re.escape("".join(sorted({first for each in wordings for first in beginnings(each)})))
