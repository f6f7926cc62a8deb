"""This year's totals beside last year's, and what was carried over from one to the other, agency by agency. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import add

from toolkit.audit.checks import Check, Rulebook
from toolkit.audit.numbers import printed
from toolkit.audit.submission import Agency, Submission
from toolkit.form.model import Key, Rule
from toolkit.summary.counting import counted
from toolkit.summary.merge import Summary, add_up

GREW, FELL, FROM_ZERO, NO_RATIO = "增至五倍以上", "降至五分之一以下", "上年为 0", "—"
TIMES = 5  # what is more than so many times last year's figure, or less than this part of it, wants a look

_ZERO = Decimal(0)
_NAMED = 6

Heirs = Mapping[str, tuple[str, ...]]
"""The codes of the agencies that one of this year was merged from or was called before, by its own code."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was counted last year, agency by agency."""

    year: int
    submissions: tuple[Submission, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell's total of this year and of last year."""

    key: Key
    now: Decimal
    before: Decimal

    @property
    def difference(self) -> Decimal:
        return self.now - self.before

    @property
    def ratio(self) -> Decimal | None:
        """The difference as a part of last year's figure; None where that is 0."""
        return self.difference / self.before if self.before else None

    @property
    def flag(self) -> str:
        """The word on a leap, empty where there is none."""
        if not self.before:
            return FROM_ZERO if self.now > 0 else ""
        return GREW if self.now > TIMES * self.before else FELL if TIMES * self.now < self.before else ""


class Why(StrEnum):
    """Why what an agency carried in is not what was carried forward last year, in the order in which it is told."""

    CHANGED = "两年都有，数不同"
    INHERITED = "由前身单位接续"
    NEW = "今年新增，上年没有收录"
    GONE = "上年有，今年没有收录"


@dataclass(frozen=True, slots=True)
class Line:
    """One agency of this year or (where it is gone) of last year: what was carried forward then and carried in now, a
    figure a lane; `told` is the reason in full, `explanation` what the agency itself says."""

    agency: Agency
    why: Why
    told: str
    before: tuple[Decimal, ...]
    now: tuple[Decimal, ...]
    explanation: str = ""

    @property
    def is_even(self) -> bool:
        return self.before == self.now

    @property
    def weight(self) -> Decimal:
        """How much it explains."""
        return max((abs(now - before) for now, before in zip(self.now, self.before, strict=True)), default=_ZERO)


@dataclass(frozen=True, slots=True)
class CarryOver:
    """One rule that says `x = prior.y`, on the whole. `lanes` are its checks that are shown; `lines` the agencies that
    explain the difference; `rest` says how many have none, whose figures together are `alike` in both years."""

    rule: Rule
    lanes: tuple[Check, ...]
    lines: tuple[Line, ...]
    rest: str
    alike: tuple[Decimal, ...]

    def total(self, of: Callable[[Line], tuple[Decimal, ...]]) -> tuple[Decimal, ...]:
        """The sum over all agencies, a figure a lane."""
        return tuple(sum(each, _ZERO) for each in zip(self.alike, *map(of, self.lines), strict=True))


def changes(summary: Summary, before: Before) -> tuple[Change, ...]:
    """Every cell of the form, in printed order."""
    earlier = add_up(summary.book, before.submissions)
    return tuple(Change(key, summary.values[key], earlier[key]) for key in summary.book.cells)


def carry_overs(
    summary: Summary, before: Before, heirs: Heirs | None = None, roster: Sequence[Agency] = ()
) -> tuple[CarryOver, ...]:
    """Every rule of the form that says that a cell is another one of last year, explained by agencies. Lanes that are
    totals stand for all others."""
    rules = {rule: _lanes(summary.book, rule) for rule in summary.book.form.rules}
    people = _People(summary.included, before.submissions, heirs or {}, roster)
    return tuple(_carried(rule, lanes, people) for rule, lanes in rules.items() if lanes)


def in_both_years(summary: Summary, before: Before) -> int:
    """How many agencies are counted in both years under the same code or name."""
    return len(_paired(summary.included, before.submissions))


def _lanes(book: Rulebook, rule: Rule) -> tuple[Check, ...]:
    checks = [check for check in book.checks_of(rule) if _is_carried(check)]
    totals = [check for check in checks if check.left[0][1] in book.computed]
    return tuple(totals or checks)


def _is_carried(check: Check) -> bool:
    if (check.op, len(check.left), len(check.right)) != ("=", 1, 1):
        return False
    (sign, key), (other_sign, prior) = check.left[0], check.right[0]
    return sign == other_sign == 1 and prior.is_prior and not key.is_prior


def _carried(rule: Rule, lanes: tuple[Check, ...], people: "_People") -> CarryOver:
    told, counts, alike = list[Line](), Counter[Why](), [_ZERO] * len(lanes)
    for line in people.lines(rule, lanes):
        if line.why is Why.INHERITED or not line.is_even:
            told.append(line)
        else:
            counts[line.why] += 1
            alike = list(map(add, alike, line.now))
    order = list(Why)
    told.sort(key=lambda line: (order.index(line.why), -line.weight))
    return CarryOver(rule, lanes, tuple(told), _rest(counts), tuple(alike))


def _rest(even: Counter[Why]) -> str:
    """`其余 5 家，两年一致（其中今年新增 1 家，数为 0）`."""
    words = {Why.NEW: "今年新增", Why.GONE: "今年没有收录"}
    told = "、".join(f"{word} {even[why]} 家" for why, word in words.items() if even[why])
    return f"其余 {even.total()} 家，两年一致" + (f"（其中{told}，数都是 0）" if told else "")


class _People:
    """The agencies of both years, told who is who, by position."""

    def __init__(
        self, now: Sequence[Submission], before: Sequence[Submission], heirs: Heirs, roster: Sequence[Agency]
    ) -> None:
        self._now, self._before, self._heirs, self._roster = now, before, heirs, roster
        self._own = _paired(now, before)
        taken = set(self._own.values())
        left = {each.agency.code: at for at, each in enumerate(before) if at not in taken and each.agency.code}
        self._parts = [
            [left.pop(code) for code in predecessors(each.agency.code, heirs) if code in left] for each in now
        ]
        taken.update(at for parts in self._parts for at in parts)
        self._gone = [at for at in range(len(before)) if at not in taken]

    def lines(self, rule: Rule, lanes: Sequence[Check]) -> Iterator[Line]:
        """A line for each agency, those of this year first."""
        sources = [check.right[0][1].current for check in lanes]
        for at, each in enumerate(self._now):
            own = self._before[self._own[at]] if at in self._own else None
            parts = [self._before[place] for place in self._parts[at]]
            figures = _figures([check.left[0][1] for check in lanes], [each])
            earlier = [*([own] if own else []), *parts]
            why = Why.INHERITED if parts else Why.CHANGED if own else Why.NEW
            told = _inherited(own, parts, sources) if parts else _renamed(why, own, each)
            explanation = each.explanations.get(rule.id, "")
            yield Line(each.agency, why, told, _figures(sources, earlier), figures, explanation)
        for each in map(self._before.__getitem__, self._gone):
            yield Line(each.agency, Why.GONE, self._lost(each.agency), _figures(sources, [each]), (_ZERO,) * len(lanes))

    def _lost(self, agency: Agency) -> str:
        """Why an agency of last year is not counted this year."""
        heir = next((code for code in self._heirs if agency.code in predecessors(code, self._heirs)), "")
        if agency.code and heir:
            name = next((each.name for each in self._roster if each.code == heir), heir)
            return f"{Why.GONE}；由“{name}”接续，那一家没有收录"
        if not self._roster:
            return Why.GONE
        listed = any(_is_same(agency, each) for each in self._roster)
        return f"{Why.GONE}；{'在今年名册，没有收录' if listed else '不在今年名册'}"


def predecessors(code: str, heirs: Heirs) -> tuple[str, ...]:
    """The codes of all agencies before one, the nearest first; not its own."""
    found = dict.fromkeys([code])
    waiting = [code]
    while waiting:
        for each in heirs.get(waiting.pop(0), ()):
            if each not in found:
                found[each] = None
                waiting.append(each)
    return tuple(found)[1:]


def _paired(now: Sequence[Submission], before: Sequence[Submission]) -> dict[int, int]:
    """Who of last year is who of this year, by position: by code; by name where one side has no code, first within
    the unit whose summary they came through."""
    found: dict[int, int] = {}
    for identity in (_code, _name_in_unit, _name):
        theirs = _grouped(before, identity, set(found.values()))
        for told, places in _grouped(now, identity, found).items():
            others = theirs.get(told, [])
            if len(places) == len(others) == 1 and _is_same(now[places[0]].agency, before[others[0]].agency):
                found[places[0]] = others[0]
    return found


def _grouped(
    submissions: Sequence[Submission], identity: Callable[[Submission], str], but: Collection[int]
) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for at, each in enumerate(submissions):
        if at not in but and (told := identity(each)):
            groups.setdefault(told, []).append(at)
    return groups


def _code(submission: Submission) -> str:
    return submission.agency.code


def _name(submission: Submission) -> str:
    return submission.agency.name


def _name_in_unit(submission: Submission) -> str:
    name = submission.agency.name
    return f"{submission.via.unit if submission.via else ''}·{name}" if name else ""


def _is_same(one: Agency, other: Agency) -> bool:
    if one.code and other.code:
        return one.code == other.code
    return bool(one.name) and one.name == other.name


def _figures(keys: Sequence[Key], submissions: Sequence[Submission]) -> tuple[Decimal, ...]:
    sums = [_ZERO] * len(keys)
    for each in submissions:
        sums = [before + _figure(each, key) for before, key in zip(sums, keys, strict=True)]
    return tuple(sums)


def _figure(submission: Submission, key: Key) -> Decimal:
    """A figure as it is counted: a blank is 0."""
    value = submission.values[key]
    return value if value is not None else counted(submission)[key] or _ZERO


def _renamed(why: Why, own: Submission | None, now: Submission) -> str:
    if own is None or not own.agency.name or own.agency.name == now.agency.name:
        return why
    return f"{why}（上年名为“{own.agency.name}”）"


def _inherited(own: Submission | None, parts: Sequence[Submission], keys: Sequence[Key]) -> str:
    """`由前身单位接续：本单位 1 + 甲局 2 + 乙局 3`; the figures where there is but one lane."""

    def named(name: str, submission: Submission) -> str:
        return name + (f" {printed(_figure(submission, keys[0]))}" if len(keys) == 1 else "")

    told = [named("本单位", own)] if own else []
    told += [named(str(each.agency), each) for each in parts[:_NAMED]]
    more = f" 等 {len(parts)} 家" if len(parts) > _NAMED else ""
    return f"{Why.INHERITED}：{' + '.join(told)}{more}"
