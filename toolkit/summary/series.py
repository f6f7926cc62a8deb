"""Chart + summary -> what is shown: categories along the axis, series of figures, shares of a whole. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import heappush, heappushpop
from typing import NamedTuple

from toolkit.audit.shares import shares
from toolkit.audit.submission import Submission
from toolkit.form.model import Chart, Form, Key
from toolkit.summary.counting import Counting
from toolkit.summary.merge import Summary

NOTHING = "没有可以画的数"

_LONGEST, _TAIL = 16, 6  # letters of a label on an axis, and how many of them are its end
_MOST_APART, _MOST_UPRIGHT = 36, 12  # bars that can still be told apart; that have room for their figures side by side


class Fill(NamedTuple):
    """How the bars of one series are filled: colour and hatching, told apart in black and white too. `hatch` is empty,
    `/`, `|` or `x`, drawn in the colour on white."""

    colour: str
    hatch: str = ""


FILLS = (
    Fill("#1F4E79"), Fill("#F4B183"), Fill("#1F4E79", "/"), Fill("#7F7F7F"), Fill("#385723", "|"), Fill("#D9D9D9"),
    Fill("#843C0C", "x"), Fill("#000000"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Series:
    """The bars of one kind, one for each category."""

    label: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What one chart shows. `categories` are the names in full and `axis` the same as they stand on the axis; `places`
    are the agencies' indexes among the counted ones, or the years; `shares` are of the only series, where the chart
    asks for them: percent to one decimal, None where the whole is 0."""

    chart: Chart
    heading: str
    categories: tuple[str, ...]
    axis: tuple[str, ...]
    series: tuple[Series, ...]
    places: tuple[int, ...] = ()
    shares: tuple[Decimal | None, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is no figure but 0 in it."""
        return not any(value for series in self.series for value in series.values)

    @property
    def is_stacked(self) -> bool:
        """Whether a category's bars stand on each other, for beside each other they would be too many."""
        return len(self.series) > 1 and len(self.series) * len(self.categories) > _MOST_APART

    @property
    def is_upright(self) -> bool:
        """Whether the bars stand, as time is drawn; they lie where their names or figures would have no room."""
        return self.chart.by == "year" and len(self.series) * len(self.categories) <= _MOST_UPRIGHT


class _Leader(NamedTuple):
    """An agency that a chart may show: the larger, and of two as large the earlier, is the greater tuple."""

    total: Decimal
    before: int
    name: str
    figures: tuple[Decimal, ...]


class Leaders:
    """The agencies with the largest figures of one chart, from one look at each submission."""

    def __init__(self, chart: Chart, places: Mapping[Key, int]) -> None:
        self._chart, self._found = chart, list[_Leader]()
        self._bars = [[places[key] for key in bar.keys] for bar in chart.bars]

    def see(self, at: int, submission: Submission, figures: Sequence[Decimal]) -> None:
        """Look at the submission at a position; where all its figures are 0 it is not shown."""
        own = tuple(sum((figures[place] for place in bar), Decimal(0)) for bar in self._bars)
        total = sum(own, Decimal(0))
        if total:
            keep = heappush if len(self._found) < self._chart.most else heappushpop
            keep(self._found, _Leader(total, -at, str(submission.agency), own))

    def shown(self, heading: str) -> Shown:
        """The chart, the largest first."""
        found = sorted(self._found, reverse=True)
        names = tuple(each.name for each in found)
        axis = tuple(f"{rank}. {name}" for rank, name in enumerate(_short(names), start=1))
        series = _series(self._chart, [each.figures for each in found])
        return Shown(self._chart, heading, names, axis, series, tuple(-each.before for each in found))


def leaders_of(form: Form, places: Mapping[Key, int]) -> dict[str, Leaders]:
    """Of each chart by agency, by its id, who is to see all submissions; `places` is where figures stand in them."""
    return {chart.id: Leaders(chart, places) for chart in form.charts if chart.by == "agency"}


def shown_charts(summary: Summary, leaders: Mapping[str, Leaders] | None = None) -> tuple[Shown, ...]:
    """Every declared chart there is something to say of, in their order; of years only where earlier ones are known.
    `leaders` may have seen all submissions already."""
    if leaders is None:
        counting = Counting(summary.book)
        leaders = leaders_of(summary.book.form, counting.places)
        counting.show_all(summary.included, list(leaders.values()))
    found = (_shown(chart, summary, leaders) for chart in summary.book.form.charts)
    return tuple(shown for shown in found if shown is not None)


def plain(text: str) -> str:
    """A text in one line, without what cannot be seen: controls, marks of direction, halves of letters."""
    letters = (" " if letter.isspace() else letter for letter in text)
    return " ".join("".join(letter for letter in letters if not _is_unseen(letter)).split())


def shortened(text: str) -> str:
    """A text as it stands on an axis: plain, its middle left out where it is long."""
    text = plain(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - _TAIL - 1]}…{text[-_TAIL:]}"


def _shown(chart: Chart, summary: Summary, leaders: Mapping[str, Leaders]) -> Shown | None:
    if chart.by == "agency":
        return leaders[chart.id].shown(_heading(chart, summary))
    if chart.by == "year":
        return _by_year(chart, summary)
    values = _figures(chart, summary.values)
    labels = tuple(bar.label for bar in chart.bars)
    parts = shares(values) if chart.parts else ()
    return Shown(chart, _heading(chart, summary), labels, _short(labels), (Series("数量", values),), shares=parts)


def _by_year(chart: Chart, summary: Summary) -> Shown | None:
    if not summary.earlier or summary.year is None:
        return None
    known = {**summary.earlier, summary.year: summary.values}
    years = sorted(known)
    labels = tuple(f"{year} 年" for year in years)
    heading = f"{chart.title}（{years[0]}—{years[-1]} 年）"
    return Shown(chart, heading, labels, labels, _series(chart, [_figures(chart, known[year]) for year in years]),
                 tuple(years))  # fmt: skip


def _series(chart: Chart, rows: list[tuple[Decimal, ...]]) -> tuple[Series, ...]:
    return tuple(Series(bar.label, tuple(row[at] for row in rows)) for at, bar in enumerate(chart.bars))


def _figures(chart: Chart, values: Mapping[Key, Decimal]) -> tuple[Decimal, ...]:
    return tuple(sum((values[key] for key in bar.keys), Decimal(0)) for bar in chart.bars)


def _heading(chart: Chart, summary: Summary) -> str:
    return chart.title if summary.year is None else f"{summary.year} 年{chart.title}"


def _short(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(shortened(name) for name in names)


def _is_unseen(letter: str) -> bool:
    """Whether a letter has no look of its own, or may stand in no XML."""
    code = ord(letter)
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs") or 0xFE00 <= code <= 0xFE0F or code & 0xFFFE == 0xFFFE
