"""Submissions -> one summary: what is counted, what is left out and why, and the totals. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from toolkit.audit.across import are_same, compare, group_by_agency, of_year
from toolkit.audit.checks import Rulebook, compute
from toolkit.audit.packing import unpacked
from toolkit.audit.submission import Agency, Listing, Reading, Submission, Unreadable
from toolkit.form.model import Key
from toolkit.problems import Problem, Severity

OTHERS, UNGROUPED = "不在名册", "未分类"

_ZERO = Decimal(0)
_OTHER_YEAR = "请改交本年度的；要汇总那一年的，请用 --year。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file handed in: what was read, and why it is left out (empty where it is counted)."""

    reading: Reading
    left_out: str

    @property
    def is_included(self) -> bool:
        return not self.left_out

    @property
    def remark(self) -> str:
        """What is to be said of it: why it is left out, or that it is counted in spite of its errors."""
        errors = sum(problem.severity is Severity.ERROR for problem in self.reading.problems)
        if self.left_out or not errors:
            return self.left_out
        return f"有 {errors} 处错误，仍予收录；空白格和读不出的格按 0 计。"


@dataclass(frozen=True, slots=True)
class Summary:
    """A year of one form, added up.

    `values` are the totals of every cell over the included submissions, computed cells recomputed from the totals;
    `listings` are the agencies known of, from the roster and from the summaries among the files; `missing` those of the
    roster that nothing came from for that year. `stamp` says how many of the agencies are in it; `unit` is whose
    summary it is; `earlier` are the totals of earlier years that are known, each of all cells. `included` are the
    submissions that are counted, in the order they came.
    """

    book: Rulebook
    year: int | None
    title: str
    entries: tuple[Entry, ...]
    values: Mapping[Key, Decimal]
    listings: tuple[Listing, ...] = ()
    missing: tuple[Agency, ...] = ()
    stamp: str = ""
    unit: str = ""
    earlier: Mapping[int, Mapping[Key, Decimal]] = field(default_factory=dict)
    included: tuple[Submission, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        counted = (entry.reading for entry in self.entries if entry.is_included)
        object.__setattr__(self, "included", tuple(each for each in counted if isinstance(each, Submission)))

    @property
    def roster(self) -> tuple[Agency, ...]:
        """The agencies that must report; empty where no roster says so."""
        return tuple(each.agency for each in self.listings if each.is_expected)

    @property
    def expected(self) -> int | None:
        """How many agencies must report; None where no roster says so of all that have."""
        known = all(each is not None and each.is_expected is not None for each in self.listed())
        return len(self.roster) if known and self.roster else None

    def listed(self) -> tuple[Listing | None, ...]:
        """How each included submission is listed: by its code, or by its name where one side has no code."""
        codes = {each.agency.code: each for each in self.listings if each.agency.code}
        names = {(each.agency.name, each.units): each for each in self.listings}

        def listing_of(submission: Submission) -> Listing | None:
            agency = submission.agency
            named = names.get((agency.name, submission.units)) or names.get((agency.name, ()))
            if named is not None and named.agency.code and agency.code:
                named = None
            return codes.get(agency.code) or named

        return tuple(listing_of(each) for each in self.included)

    def categories(self) -> tuple[str, ...]:
        """The category of each included submission; empty ones where there are no categories."""
        if not any(each.category for each in self.listings):
            return ("",) * len(self.included)
        return tuple(OTHERS if each is None else each.category or UNGROUPED for each in self.listed())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem of every file."""
        return tuple(problem for entry in self.entries for problem in entry.reading.problems)


def merge(
    book: Rulebook,
    readings: Sequence[Reading],
    *,
    year: int | None = None,
    include_broken: bool = False,
    roster: Sequence[Listing | Agency] = (),
    title: str = "",
    unit: str = "",
) -> Summary:
    """The summary of audited readings: one form, one year (the one most of them bear, unless given), each agency once.

    What has errors is left out, unless `include_broken`: then its blanks count as 0. A file that cannot be read, is of
    another form or year, or repeats an agency is left out in any case.
    """
    year = year if year is not None else _usual_year(readings)
    readings = compare([of_year(reading, year, _OTHER_YEAR) for reading in readings])
    whys = [_why_left_out(reading, book, include_broken) for reading in readings]
    _leave_out_repeats(readings, whys)
    entries = tuple(Entry(reading, why) for reading, why in zip(readings, whys, strict=True))
    counted = [entry.reading for entry in entries if entry.is_included and isinstance(entry.reading, Submission)]
    listed = [each if isinstance(each, Listing) else Listing(each) for each in roster]
    listings = with_summaries(listed, readings)
    missing = tuple(_missing(listings, readings, year))
    return Summary(book, year, title or book.form.title, entries, add_up(book, counted), listings, missing, unit=unit)


def with_summaries(listed: Sequence[Listing], readings: Iterable[Reading]) -> tuple[Listing, ...]:
    """The agencies of a roster, and those that the summaries among the readings know of, each once; a unit whose
    summary came stands for itself no more, unless it is an agency too."""
    submissions = [each for each in readings if isinstance(each, Submission)]
    vias = {each.via.sha256: each.via for each in submissions if each.via}
    units = {via.unit for via in vias.values()} - {each.agency.name for each in submissions}
    found = [each for each in listed if each.agency.name not in units]
    codes = {each.agency.code for each in found if each.agency.code}
    paths: dict[str, list[tuple[str, ...]]] = {}
    for each in found:
        paths.setdefault(each.agency.name, []).append(each.units)
    for via in vias.values():
        for each in via.listings:
            through = (via.unit, *each.units)
            known = paths.setdefault(each.agency.name, [])
            if each.agency.code in codes if each.agency.code else any(_is_within(through, path) for path in known):
                continue
            codes.add(each.agency.code)
            known.append(through)
            found.append(replace(each, units=through))
    return tuple(found)


def _is_within(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two ways through units end in the same ones: a summary, and that of the unit above it."""
    shorter = min(len(one), len(other))
    return one[len(one) - shorter :] == other[len(other) - shorter :]


def add_up(book: Rulebook, submissions: Iterable[Submission]) -> dict[Key, Decimal]:
    """The totals over submissions: typed cells added (a blank counts as 0), computed cells computed from the totals."""
    totals = dict.fromkeys(book.typed, _ZERO)
    for each in submissions:
        values = unpacked(each.values)
        for key in book.typed:
            if value := values[key]:
                totals[key] += value
    return {key: value if value is not None else _ZERO for key, value in compute(book, totals).items()}


def usual_book(readings: Sequence[Reading]) -> Rulebook | None:
    """The rulebook of the form most submissions are of; None where there is no submission."""
    books = [each.book for each in readings if isinstance(each, Submission)]
    counts = Counter(book.form.id for book in books)
    return max(books, key=lambda book: counts[book.form.id], default=None)


def _usual_year(readings: Sequence[Reading]) -> int | None:
    """The year most submissions bear, the later one of two as frequent."""
    years = Counter(each.year for each in readings if isinstance(each, Submission) and each.year is not None)
    return max(years, key=lambda year: (years[year], year), default=None)


def _missing(listings: Sequence[Listing], readings: Sequence[Reading], year: int | None) -> Iterator[Agency]:
    """The agencies that must report and that nothing came from: by their codes, by their names within their units where
    one side has no code."""
    this_year = [each for each in readings if each.year in (year, None)]
    codes = {each.agency.code for each in this_year}
    names: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for each in this_year:
        units = each.units if isinstance(each, Submission) else ()
        names.setdefault(each.agency.name, []).append((each.agency.code, units))
    for listing in listings:
        code = listing.agency.code
        named = [
            units
            for other, units in names.get(listing.agency.name, ())
            if not (code and other) and _is_within(units, listing.units)
        ]
        if listing.is_expected and not (code and code in codes) and not named:
            yield listing.agency


def _why_left_out(reading: Reading, book: Rulebook, include_broken: bool) -> str:
    """Why a file is not counted, empty where it is."""
    errors = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    if isinstance(reading, Unreadable):
        return errors[0].message
    if reading.book.form.id != book.form.id:
        return f"是另一种报表：{reading.book.form.title}。"
    barring = [problem for problem in errors if problem.code in ("wrong-year", "unknown-agency", "wrong-agency")]
    if barring:
        return barring[0].message
    if errors and not include_broken:
        return f"有 {len(errors)} 处错误：{errors[0].message}"
    return ""


def _leave_out_repeats(readings: Sequence[Reading], whys: list[str]) -> None:
    """Count each agency once: the first of several that say the same, else the one saved last."""
    for group in group_by_agency(readings).values():
        countable = [(at, each) for at in group if isinstance(each := readings[at], Submission) and not whys[at]]
        if len(countable) < 2:
            continue
        first = countable[0]
        alike = all(are_same(first[1], each) for _, each in countable)
        chosen = first if alike else max(countable, key=lambda entry: (entry[1].source.saved or "", entry[0]))
        for at, each in countable:
            if at != chosen[0]:
                whys[at] = f"{each.agency}：同一单位已计入“{chosen[1].source.file}”。"
