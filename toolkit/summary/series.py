"""Chart + summary -> what is shown: categories along the axis, series of figures, shares of a whole. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from toolkit.audit.shares import shares
from toolkit.audit.submission import Submission
from toolkit.form.model import Chart, Key
from toolkit.summary.merge import Summary, add_up

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


def shown_charts(summary: Summary) -> tuple[Shown, ...]:
    """Every declared chart there is something to say of, in their order; of years only where earlier ones are known."""
    found = (_shown(chart, summary) for chart in summary.book.form.charts)
    return tuple(shown for shown in found if shown is not None)


def bar_figures(chart: Chart, submission: Submission) -> tuple[Decimal, ...]:
    """One agency's figure of every bar, a blank counting as 0."""
    values = submission.values
    if any(values[key] is None for bar in chart.bars for key in bar.keys):
        values = add_up(submission.book, [submission])
    return _figures(chart, {key: value for key, value in values.items() if value is not None})


def plain(text: str) -> str:
    """A text in one line, without what cannot be seen: controls, marks of direction, halves of letters."""
    letters = (" " if letter.isspace() else letter for letter in text)
    return " ".join("".join(letter for letter in letters if not _is_unseen(letter)).split())


def shortened(text: str) -> str:
    """A text as it stands on an axis: plain, its middle left out where it is long."""
    text = plain(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - _TAIL - 1]}…{text[-_TAIL:]}"


def _shown(chart: Chart, summary: Summary) -> Shown | None:
    if chart.by == "agency":
        return _by_agency(chart, summary)
    if chart.by == "year":
        return _by_year(chart, summary)
    values = _figures(chart, summary.values)
    labels = tuple(bar.label for bar in chart.bars)
    parts = shares(values) if chart.parts else ()
    return Shown(chart, _heading(chart, summary), labels, _short(labels), (Series("数量", values),), shares=parts)


def _by_agency(chart: Chart, summary: Summary) -> Shown:
    figures = [bar_figures(chart, submission) for submission in summary.included]
    sums = [sum(each, Decimal(0)) for each in figures]
    places = sorted((at for at, total in enumerate(sums) if total), key=lambda at: -sums[at])[: chart.most]
    names = tuple(str(summary.included[at].agency) for at in places)
    axis = tuple(f"{rank}. {name}" for rank, name in enumerate(_short(names), start=1))
    return Shown(chart, _heading(chart, summary), names, axis, _series(chart, [figures[at] for at in places]),
                 tuple(places))  # fmt: skip


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
