"""Where the charts of a summary stand: rows, pages, the cells of their tables, how high they are."""

from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from toolkit.form.area import Area
from toolkit.summary.series import Shown

CHARTS = "图表"

SCALE, PAGE = 80, 915.0  # percent; points of a page's height at that scale
NAME_WIDTH, FIGURE_WIDTH = 24, 10  # characters
LINE = 20.0  # points of a row under a chart


class Page:
    """Where on which page the next line stands."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet, self._used = sheet, 0.0
        self.row, self.breaks = 0, list[int]()

    def lines(self, *heights: float) -> None:
        """The next rows, so many points high, on this page or the next."""
        for high in heights:
            self.keep(high)
            self._sheet.set_row(self.row, high)
            self.row += 1
            self._used += high

    def keep(self, high: float) -> None:
        """What is so high stands on one page: it begins a new one where it does not fit on this."""
        if self._used and self._used + high > PAGE:
            self.breaks.append(self.row)
            self._used = 0.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a chart's table stands: its heading in row `top`, its figures in the last columns up to `last`."""

    shown: Shown
    last: int
    top: int = 0

    @property
    def names(self) -> int:
        """The last of the columns that a name goes over."""
        return self.last - len(self.shown.series) - bool(self.shown.shares)

    def heading(self) -> Area:
        return Area(CHARTS, self.top, 0, self.top, self.last)

    def name(self, at: int) -> Area:
        """A category's name; -1 is the table's head, and the number of categories its sum."""
        return Area(CHARTS, self.top + 2 + at, 0, self.top + 2 + at, self.names)

    def figure(self, at: int, series: int) -> Area:
        """A figure of a category; behind those of the last series stands its share."""
        return Area(CHARTS, self.top + 2 + at, self.names + 1 + series, self.top + 2 + at, self.names + 1 + series)

    def figures(self, series: int) -> Area:
        """One series, all categories."""
        return _joined(self.figure(0, series), self.figure(len(self.shown.categories) - 1, series))

    def aside(self, at: int, which: int = 0) -> Area:
        """What stands on the axis: 0 the name, 1 the name with its share."""
        column = self.last + 2 + which
        return Area(CHARTS, self.top + 2 + at, column, self.top + 2 + at, column)

    def axis(self) -> Area:
        """What stands on the axis, all categories."""
        which = int(bool(self.shown.shares))
        return _joined(self.aside(0, which), self.aside(len(self.shown.categories) - 1, which))


def chart_height(shown: Shown) -> float:
    """In points: room for every bar and its figure, below a title and above a legend; no more than a page."""
    if shown.is_upright:
        return 300.0
    bars = 1 if shown.is_stacked else len(shown.series)
    legend = 20 if len(shown.series) > 1 else 0
    return min(len(shown.categories) * max(22, 9 * bars + 10) + 60 + legend, PAGE - 2 * LINE)


def pixels(columns: int) -> int:
    """How wide the first so many columns are."""
    return NAME_WIDTH * 7 + 5 + (columns - 1) * (FIGURE_WIDTH * 7 + 5)


def reference(area: Area) -> str:
    return f"={area.sheet}!{pinned(area)}"


def pinned(area: Area) -> str:
    last = Area(area.sheet, area.bottom, area.right, area.bottom, area.right)
    return area.fixed if last.fixed == area.fixed else f"{area.fixed}:{last.fixed}"


def _joined(first: Area, last: Area) -> Area:
    return Area(first.sheet, first.top, first.left, last.bottom, last.right)
