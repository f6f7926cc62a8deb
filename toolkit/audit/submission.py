"""One agency's year: what a completed workbook was understood to say, and where each thing stood in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from toolkit.audit.checks import Rulebook
from toolkit.form.model import Key
from toolkit.form.stamp import Stamp
from toolkit.problems import Problem, Severity, Where, worst


@dataclass(frozen=True, slots=True)
class Agency:
    """A reporting agency: its name and its 统一社会信用代码; either may be empty where it was not filled in."""

    name: str
    code: str

    @property
    def identity(self) -> str:
        """What tells agencies apart: the code, or the name where there is none."""
        return self.code or self.name

    def __str__(self) -> str:
        return self.name or self.code or "（未填单位）"


@dataclass(frozen=True, slots=True)
class Listing:
    """An agency as a roster lists it: its category, the agency above it (a name), its level; each may be empty.
    `is_expected` says whether it must report, None where no roster does; `units` are those whose summaries it came
    through, the nearest first."""

    agency: Agency
    category: str = ""
    parent: str = ""
    level: str = ""
    is_expected: bool | None = True
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Via:
    """The summary that submissions were read from: its file, its SHA-256, whose it is, and all agencies it knows of."""

    file: str
    sha256: str
    unit: str
    listings: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it came: the name to call it by, the SHA-256 of its bytes, when it was last saved (ISO 8601) if it
    says so."""

    file: str
    sha256: str
    saved: str | None = None


class Places(Mapping[Key, Where]):
    """Where cells stand in a file, by key; made of the sheets and cells when asked for, which files share."""

    __slots__ = ("file", "spots")

    def __init__(self, file: str, spots: Mapping[Key, tuple[str, str]]) -> None:
        self.file, self.spots = file, spots

    def __getitem__(self, key: Key) -> Where:
        return Where(self.file, *self.spots[key])

    def __contains__(self, key: object) -> bool:
        return key in self.spots

    def __iter__(self) -> Iterator[Key]:
        return iter(self.spots)

    def __len__(self) -> int:
        return len(self.spots)


@dataclass(frozen=True, slots=True)
class Submission:
    """A readable workbook of a known form.

    `values` has every cell of the form (computed cells recomputed; None is unknown) and last year's figures under prior
    keys; `overwritten` are numbers typed over computed cells; `notes` are remarks that stood in brackets behind a
    figure; `places` tells each cell's sheet and address; `stamp` is its form code, None where that was tampered with.
    `raws` are the contents of typed cells that are not just the figure; `blanks` the typed cells that were left blank
    and declared to be zero. `via` is the summary whose detail it was read from, `units` are those whose summaries it
    came through (the nearest first), `moved` the cells of the agency's own workbook that stood elsewhere than issued.
    """

    book: Rulebook
    source: Source
    agency: Agency
    year: int | None
    values: Mapping[Key, Decimal | None]
    problems: tuple[Problem, ...]
    places: Mapping[Key, Where] = field(default_factory=dict)
    overwritten: Mapping[Key, Decimal] = field(default_factory=dict)
    notes: Mapping[Key, str] = field(default_factory=dict)
    declared_zero: tuple[str, ...] = ()
    narrative: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    stamp: Stamp | None = None
    raws: Mapping[Key, str] = field(default_factory=dict)
    blanks: tuple[Key, ...] = ()
    via: Via | None = None
    units: tuple[str, ...] = ()
    moved: Mapping[Key, tuple[str, str]] = field(default_factory=dict)

    def place_of(self, key: Key) -> Where:
        """Where a key's cell stands in the agency's workbook; the file alone where it has none."""
        return self.places.get(key, Where(self.source.file))

    @property
    def status(self) -> str:
        """clean, warnings or errors."""
        gravest = worst(self.problems)
        return {Severity.ERROR: "errors", Severity.WARNING: "warnings"}.get(gravest or Severity.NOTICE, "clean")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that yields no figures, and why."""

    source: Source
    problems: tuple[Problem, ...]
    agency: Agency = Agency("", "")
    year: int | None = None

    @property
    def status(self) -> str:
        return "unreadable"


Reading = Submission | Unreadable
