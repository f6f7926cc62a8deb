"""A summary in parts: by category, by the agency above, by level; who is in each, of how many. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import add, attrgetter

from toolkit.audit.checks import Rulebook
from toolkit.audit.submission import Listing, Submission
from toolkit.form.model import Key
from toolkit.summary.merge import OTHERS, UNGROUPED, Summary, add_up

OWN_LEVEL, NO_LEVEL, ALONE = "本级", "未注明层级", "没有隶属关系的单位"

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: how it is called, how many agencies are expected in it (None where nobody says), the positions of the
    included submissions that are in it and in no part within, and the position of the part it stands within."""

    label: str
    expected: int | None
    members: tuple[int, ...]
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Division:
    """The parts of one kind. `heading` is what the parts are called together, `sheet` and `tables` the names of the
    sheets that show them; `labels` say of each included submission in which part it is."""

    heading: str
    sheet: str
    tables: str
    parts: tuple[Part, ...]
    labels: tuple[str, ...]

    def inner(self) -> list[list[int]]:
        """Of each part, the positions of those right within it."""
        found: list[list[int]] = [[] for _ in self.parts]
        for at, part in enumerate(self.parts):
            if part.within is not None:
                found[part.within].append(at)
        return found

    def within(self, at: int) -> list[int]:
        """One part and all those within it, by position."""
        inner, found = self.inner(), [at]
        for place in found:
            found += inner[place]
        return found

    def all_members(self, at: int) -> list[int]:
        """The positions of all submissions in one part, in those within it too."""
        return [each for place in self.within(at) for each in self.parts[place].members]

    def all_expected(self, at: int) -> int | None:
        """How many agencies are expected in one part and those within it; None where nobody says of one of them."""
        counts = [self.parts[place].expected for place in self.within(at)]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None


def divisions(summary: Summary) -> tuple[Division, ...]:
    """Every kind of parts that the listings give: categories, the agencies above, levels."""
    return tuple(_divisions(summary))


def part_values(summary: Summary, division: Division, at: int) -> Mapping[Key, Decimal]:
    """The totals of one part, those within it included; of many parts, `PartSums` has them sooner."""
    included = summary.included
    return add_up(summary.book, [included[each] for each in division.all_members(at)])


class PartSums:
    """The totals of every part of a division, from one look at each submission."""

    def __init__(self, book: Rulebook, division: Division) -> None:
        self._cells, self._division = tuple(book.cells), division
        self._places = {each: at for at, part in enumerate(division.parts) for each in part.members}
        self._sums = [[_ZERO] * len(self._cells)] * len(division.parts)

    def see(self, at: int, submission: Submission, figures: Sequence[Decimal]) -> None:
        """Count the submission at a position in its part. Computed cells add up as what they are computed from."""
        place = self._places[at]
        self._sums[place] = list(map(add, self._sums[place], figures))

    def totals(self) -> list[dict[Key, Decimal]]:
        """Those of each part, with the parts within it; behind them, those of all parts together."""
        found, inner = [*self._sums, [_ZERO] * len(self._cells)], self._division.inner()
        above = [len(inner) if part.within is None else part.within for part in self._division.parts]
        downward = [at for at, place in enumerate(above) if place == len(inner)]
        for at in downward:
            downward += inner[at]
        for at in reversed(downward):
            found[above[at]] = list(map(add, found[above[at]], found[at]))
        return [dict(zip(self._cells, sums, strict=True)) for sums in found]


def counted_words(counted: int, expected: int | None) -> str:
    """`收录 3/4`, or `收录 3 家` where nobody says how many there should be."""
    return f"收录 {counted} 家" if expected is None else f"收录 {counted}/{expected}"


def called(listing: Listing, name: str) -> str:
    """An agency's name as it is told apart from those of other units."""
    return "·".join((*listing.units, name))


def _divisions(summary: Summary) -> Iterator[Division]:
    listings = summary.listings
    kinds = [any(map(attrgetter(name), listings)) for name in ("category", "parent", "units", "level")]
    if not any(kinds):
        return
    has_categories, has_parents, rolled, has_levels = kinds
    listed = summary.listed()
    if has_categories:
        yield _divided(listings, listed, ("类别", "分类汇总", "分类表"), lambda each: each.category or UNGROUPED)
    if has_parents:
        yield _by_parent(listings, listed)
    if rolled or has_levels:
        names, unlisted = ("层级", "层级汇总", "层级表"), OWN_LEVEL if rolled else OTHERS
        yield _divided(listings, listed, names, lambda each: _level(each, rolled=rolled), unlisted)


def _level(listing: Listing, *, rolled: bool) -> str:
    if listing.units:
        return listing.units[0]
    return listing.level or (OWN_LEVEL if rolled else NO_LEVEL)


def _divided(
    listings: Sequence[Listing], listed: Sequence[Listing | None], names: tuple[str, str, str],
    label_of: Callable[[Listing], str], unlisted: str = OTHERS,
) -> Division:  # fmt: skip
    labels = tuple(unlisted if each is None else label_of(each) for each in listed)
    order = dict.fromkeys((*map(label_of, listings), *labels))
    expected, members = _expected(listings, listed, label_of, labels), _members(labels)
    parts = tuple(Part(label, expected[label], members.get(label, ())) for label in order)
    return Division(*names, parts, labels)


def _by_parent(listings: Sequence[Listing], listed: Sequence[Listing | None]) -> Division:
    """Each agency that others stand under is a part: itself and those directly under it, and the parts within."""
    upper = {called(each, each.agency.name): called(each, each.parent) if each.parent else "" for each in listings}
    upper = {name: "" if _goes_round(name, upper) else parent for name, parent in upper.items()}
    above = {parent for parent in upper.values() if parent}

    def label_of(listing: Listing) -> str:
        own = called(listing, listing.agency.name)
        return own if own in above else upper[own] or ALONE

    labels = tuple(OTHERS if each is None else label_of(each) for each in listed)
    found = dict.fromkeys((*map(label_of, listings), *labels, *upper.values()))
    found.pop("", None)
    inner: dict[str, list[str]] = {}
    for label in found:
        inner.setdefault(upper.get(label, ""), []).append(label)
    order = list(_down(inner))
    expected, members = _expected(listings, listed, label_of, labels), _members(labels)
    places = {label: at for at, label in enumerate(order)}
    parts = tuple(
        Part(label, expected.get(label, 0), members.get(label, ()), places.get(upper.get(label, ""))) for label in order
    )
    return Division("上级单位", "上级汇总", "上级表", parts, labels)


def _goes_round(name: str, upper: Mapping[str, str]) -> bool:
    """Whether the way up from an agency leads back to it: then nobody is above it."""
    seen, at = {name}, upper[name]
    while at and at not in seen:
        seen.add(at)
        at = upper.get(at, "")
    return at == name


def _down(inner: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Every label, those within one right behind it."""
    waiting = list(reversed(inner.get("", ())))
    while waiting:
        label = waiting.pop()
        yield label
        waiting += reversed(inner.get(label, ()))


def _members(labels: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The positions of each label."""
    found: dict[str, list[int]] = {}
    for at, label in enumerate(labels):
        found.setdefault(label, []).append(at)
    return {label: tuple(places) for label, places in found.items()}


def _expected(
    listings: Sequence[Listing], listed: Sequence[Listing | None], label_of: Callable[[Listing], str],
    labels: Sequence[str],
) -> dict[str, int | None]:  # fmt: skip
    """How many are expected in each part; None in one that has agencies of which no roster speaks."""
    counts: dict[str, int | None] = {}
    for each in listings:
        before = counts.setdefault(label_of(each), 0)
        if before is not None:
            counts[label_of(each)] = None if each.is_expected is None else before + each.is_expected
    unlisted = (label for label, each in zip(labels, listed, strict=True) if each is None)
    return counts | dict.fromkeys(unlisted, None)
