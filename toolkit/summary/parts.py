"""A summary in parts: by category, by the agency above, by level; who is in each, of how many. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from toolkit.audit.submission import Listing
from toolkit.form.model import Key
from toolkit.summary.merge import OTHERS, Summary, add_up

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

    def all_members(self, at: int) -> list[int]:
        """The positions of all submissions in one part, in those within it too."""
        inner = [place for place, part in enumerate(self.parts) if part.within == at]
        return [*self.parts[at].members, *(each for place in inner for each in self.all_members(place))]

    def all_expected(self, at: int) -> int | None:
        """How many agencies are expected in one part and those within it; None where nobody says of one of them."""
        counts = [self.parts[at].expected]
        counts += [self.all_expected(place) for place, part in enumerate(self.parts) if part.within == at]
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
        yield _divided(summary, ("类别", "分类汇总", "分类表"), lambda each: each.category or "未分类")
    if any(each.parent for each in summary.listings):
        yield _by_parent(summary)
    if any(each.level or each.units for each in summary.listings):
        rolled = any(each.units for each in summary.listings)
        yield _divided(summary, ("层级", "层级汇总", "层级表"), lambda each: _level(each, rolled=rolled))


def _level(listing: Listing, *, rolled: bool) -> str:
    if listing.units:
        return listing.units[0]
    return listing.level or (OWN_LEVEL if rolled else NO_LEVEL)


def _divided(summary: Summary, names: tuple[str, str, str], label_of: Callable[[Listing], str]) -> Division:
    labels = tuple(OTHERS if each is None else label_of(each) for each in summary.listed())
    order = dict.fromkeys((*map(label_of, summary.listings), *labels))
    expected = _expected(summary.listings, label_of)
    parts = tuple(Part(label, expected.get(label, 0), _members(labels, label)) for label in order)
    return Division(*names, parts, labels)


def _by_parent(summary: Summary) -> Division:
    """Each agency that others stand under is a part: itself and those directly under it, and the parts within."""
    above = {each.parent and called(each, each.parent) for each in summary.listings} - {""}
    upper = {called(each, each.agency.name): each for each in summary.listings}

    def label_of(listing: Listing) -> str:
        own = called(listing, listing.agency.name)
        return own if own in above else called(listing, listing.parent) if listing.parent else ALONE

    def within(label: str) -> str:
        listing = upper.get(label)
        return called(listing, listing.parent) if listing is not None and listing.parent else ""

    labels = tuple(OTHERS if each is None else label_of(each) for each in summary.listed())
    found = dict.fromkeys((*map(label_of, summary.listings), *labels, *above))
    order = [label for top in found if within(top) not in found for label in _down(top, found, within)]
    expected = _expected(summary.listings, label_of)
    places = {label: at for at, label in enumerate(order)}
    parts = tuple(
        Part(label, expected.get(label, 0), _members(labels, label), places.get(within(label))) for label in order
    )
    return Division("上级单位", "上级汇总", "上级表", parts, labels)


def _down(label: str, found: Mapping[str, None], within: Callable[[str], str]) -> Iterator[str]:
    yield label
    for inner in found:
        if within(inner) == label:
            yield from _down(inner, found, within)


def _members(labels: Sequence[str], label: str) -> tuple[int, ...]:
    return tuple(at for at, each in enumerate(labels) if each == label)


def _expected(listings: Sequence[Listing], label_of: Callable[[Listing], str]) -> dict[str, int | None]:
    """How many are expected in each part; None in one that has agencies of which no roster speaks."""
    counts: dict[str, int | None] = {}
    for each in listings:
        label = label_of(each)
        before = counts.get(label, 0)
        counts[label] = before + 1 if each.is_expected and before is not None else None
    return counts
