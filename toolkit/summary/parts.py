"""A summary in parts: by category, by the agency above, by level; who is in each, of how many. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from toolkit.audit.submission import Listing
from toolkit.form.model import Key
from toolkit.summary.merge import OTHERS, UNGROUPED, Summary, add_up

OWN_LEVEL, NO_LEVEL, ALONE = "本级", "未注明层级", "没有隶属关系的单位"


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

    def within(self, at: int) -> list[int]:
        """One part and all those within it, by position."""
        found = [at]
        for place in found:
            found += [other for other, part in enumerate(self.parts) if part.within == place]
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
    """The totals of one part, those within it included."""
    return add_up(summary.book, [summary.included[each] for each in division.all_members(at)])


def counted_words(counted: int, expected: int | None) -> str:
    """`收录 3/4`, or `收录 3 家` where nobody says how many there should be."""
    return f"收录 {counted} 家" if expected is None else f"收录 {counted}/{expected}"


def called(listing: Listing, name: str) -> str:
    """An agency's name as it is told apart from those of other units."""
    return "·".join((*listing.units, name))


def _divisions(summary: Summary) -> Iterator[Division]:
    if any(each.category for each in summary.listings):
        yield _divided(summary, ("类别", "分类汇总", "分类表"), lambda each: each.category or UNGROUPED)
    if any(each.parent for each in summary.listings):
        yield _by_parent(summary)
    rolled = any(each.units for each in summary.listings)
    if rolled or any(each.level for each in summary.listings):
        names, unlisted = ("层级", "层级汇总", "层级表"), OWN_LEVEL if rolled else OTHERS
        yield _divided(summary, names, lambda each: _level(each, rolled=rolled), unlisted)


def _level(listing: Listing, *, rolled: bool) -> str:
    if listing.units:
        return listing.units[0]
    return listing.level or (OWN_LEVEL if rolled else NO_LEVEL)


def _divided(
    summary: Summary, names: tuple[str, str, str], label_of: Callable[[Listing], str], unlisted: str = OTHERS
) -> Division:
    labels = tuple(unlisted if each is None else label_of(each) for each in summary.listed())
    order = dict.fromkeys((*map(label_of, summary.listings), *labels))
    expected = _expected(summary, label_of, labels)
    parts = tuple(Part(label, expected[label], _members(labels, label)) for label in order)
    return Division(*names, parts, labels)


def _by_parent(summary: Summary) -> Division:
    """Each agency that others stand under is a part: itself and those directly under it, and the parts within."""
    upper = {called(each, each.agency.name): called(each, each.parent) if each.parent else "" for each in
             summary.listings}  # fmt: skip
    upper = {name: "" if _goes_round(name, upper) else parent for name, parent in upper.items()}
    above = {parent for parent in upper.values() if parent}

    def label_of(listing: Listing) -> str:
        own = called(listing, listing.agency.name)
        return own if own in above else upper[own] or ALONE

    labels = tuple(OTHERS if each is None else label_of(each) for each in summary.listed())
    found = dict.fromkeys((*map(label_of, summary.listings), *labels, *upper.values()))
    found.pop("", None)
    inner: dict[str, list[str]] = {}
    for label in found:
        inner.setdefault(upper.get(label, ""), []).append(label)
    order = list(_down(inner))
    expected = _expected(summary, label_of, labels)
    places = {label: at for at, label in enumerate(order)}
    parts = tuple(
        Part(label, expected.get(label, 0), _members(labels, label), places.get(upper.get(label, "")))
        for label in order
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


def _members(labels: Sequence[str], label: str) -> tuple[int, ...]:
    return tuple(at for at, each in enumerate(labels) if each == label)


def _expected(summary: Summary, label_of: Callable[[Listing], str], labels: Sequence[str]) -> dict[str, int | None]:
    """How many are expected in each part; None in one that has agencies of which no roster speaks."""
    counts: dict[str, int | None] = {}
    for each in summary.listings:
        before = counts.setdefault(label_of(each), 0)
        if before is not None:
            counts[label_of(each)] = None if each.is_expected is None else before + each.is_expected
    unlisted = (label for label, each in zip(labels, summary.listed(), strict=True) if each is None)
    return counts | dict.fromkeys(unlisted, None)
