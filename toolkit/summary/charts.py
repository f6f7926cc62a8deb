"""The sheet of charts: for each declared chart a table of live figures and a native chart under it, fit for print."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from toolkit.audit.numbers import printed
from toolkit.form.area import Area
from toolkit.form.layout import Layout
from toolkit.form.model import Bar
from toolkit.summary.chartplan import (
    CHARTS,
    FIGURE_WIDTH,
    LINE,
    NAME_WIDTH,
    PAGE,
    SCALE,
    Grid,
    Page,
    chart_height,
    pinned,
    pixels,
    reference,
)
from toolkit.summary.detail import NAME_LABEL, DetailPlan
from toolkit.summary.groups import WHOLE
from toolkit.summary.merge import Summary
from toolkit.summary.series import FILLS, NOTHING, Fill, Shown, shortened, shown_charts
from toolkit.workbook.drawing import (
    MOST_HEIGHT,
    NotWrittenError,
    height,
    lines,
    print_on_a4,
    put_formula,
    put_number,
    put_text,
)
from toolkit.workbook.styles import Styles

__all__ = ["CHARTS", "draw_charts"]

SHARE, NO_SHARE, AXIS_LABEL = "占比", "—", "图中文字"
_NAMED = {"bar": "项目", "agency": NAME_LABEL, "year": "年度"}

_ASIDE_WIDTH, _FEWEST, _MOST_TOLD = 34, 6, 2000  # characters; columns of figures; letters of a chart in words
_PATTERNS = {"/": "wide_upward_diagonal", "|": "dark_vertical", "x": "trellis"}
_TITLE_FONT, _FONT, _SMALL = (
    {"name": name, "size": size, "bold": False} for name, size in (("黑体", 13), ("宋体", 10), ("宋体", 9))
)


def draw_charts(
    workbook: xlsxwriter.Workbook, sheet: Worksheet, summary: Summary, detail: DetailPlan, totals: Layout,
    styles: Styles, title: str, charts: Sequence[Shown] | None = None,
) -> None:  # fmt: skip
    """The sheet: every figure a formula on the totals or the detail, but those of earlier years. What stands on the
    axes is beside the printed area. `charts` are what is shown, where that is known already."""
    charts = shown_charts(summary) if charts is None else charts
    columns = max([_FEWEST, *(len(shown.series) + bool(shown.shares) for shown in charts)])
    sheet.set_column(0, 0, NAME_WIDTH)
    sheet.set_column(1, columns, FIGURE_WIDTH)
    sheet.set_column(columns + 2, columns + 3, _ASIDE_WIDTH)
    put_text(sheet, Area(CHARTS, 0, 0, 0, columns), title, styles.get("title"))
    page = Page(sheet)
    page.lines(height(2), height(1))
    for shown in charts:
        _Section(workbook, sheet, summary, detail, totals, styles, shown, columns).draw(page)
    print_on_a4(sheet, title, wide=0)
    sheet.set_print_scale(max(10, SCALE * pixels(_FEWEST + 1) // pixels(columns + 1)))
    sheet.print_area(0, 0, page.row - 1, columns)
    sheet.set_h_pagebreaks(page.breaks)


class _Section:
    """One chart being drawn, its table first."""

    def __init__(
        self, workbook: xlsxwriter.Workbook, sheet: Worksheet, summary: Summary, detail: DetailPlan, totals: Layout,
        styles: Styles, shown: Shown, columns: int,
    ) -> None:  # fmt: skip
        self._workbook, self._sheet, self._summary, self._styles = workbook, sheet, summary, styles
        self._detail, self._totals, self._shown, self._grid = detail, totals, shown, Grid(shown, columns)
        keys = [key for bar in shown.chart.bars for key in bar.keys]
        self._decimals = max((summary.book.cells[key].decimals for key in keys), default=0)
        self._number = "General" if self._decimals else "0"

    def draw(self, page: Page) -> None:
        """Heading, table, chart and a blank row, on one page where one can hold them."""
        shown = self._shown
        if shown.is_empty:
            page.keep(3 * height(1))
            self._heading(page)
            text = Area(CHARTS, page.row, 0, page.row, self._grid.last)
            put_text(self._sheet, text, f"{NOTHING}。", self._styles.get("plain"))
            page.lines(height(1), height(1))
            return
        room = pixels(self._grid.names + 1) / 7
        names = [min(height(lines(name, room)), MOST_HEIGHT) for name in shown.categories]
        head = height(max(lines(series.label, FIGURE_WIDTH) for series in shown.series))
        table = [head, *names, *([height(1)] if shown.shares else []), height(1)]
        rows = math.ceil(chart_height(shown) / LINE)
        whole = height(1) + sum(table) + rows * LINE
        page.keep(whole if whole <= PAGE else height(1) + sum(table))
        self._heading(page)
        self._table()
        page.lines(*table)
        page.keep(rows * LINE)
        chart = self._chart()
        chart.set_size({"width": pixels(self._grid.last + 1), "height": int((rows - 1) * LINE * 4 / 3)})
        self._sheet.insert_chart(page.row, 0, chart, {"description": _told(shown), "object_position": 1})
        page.lines(*[LINE] * rows)

    def _heading(self, page: Page) -> None:
        self._grid = replace(self._grid, top=page.row)
        put_text(self._sheet, self._grid.heading(), self._shown.heading, self._styles.get("heading"))
        page.lines(height(1))

    def _table(self) -> None:
        head, grid, shown = self._styles.get("head"), self._grid, self._shown
        put_text(self._sheet, grid.name(-1), _NAMED[shown.chart.by], head)
        labels = [*(series.label for series in shown.series), *((SHARE,) if shown.shares else ())]
        for at, label in enumerate(labels):
            put_text(self._sheet, grid.figure(-1, at), label, head)
        put_text(self._sheet, grid.aside(-1), AXIS_LABEL, self._styles.get("above"))
        for at in range(len(shown.categories)):
            self._line(at)
            if shown.shares:
                self._share(at)
        if shown.shares:
            self._whole()

    def _line(self, at: int) -> None:
        """One category: its name in full and on the axis, its figures."""
        shown, grid = self._shown, self._grid
        put_text(self._sheet, grid.name(at), shown.categories[at], self._styles.get("label"))
        put_text(self._sheet, grid.aside(at), shown.axis[at], self._styles.get("plain", text_wrap=False))
        style = self._styles.get("centre", num_format=self._number)
        for series, area, bar in self._cells(at):
            value = shown.series[series].values[at]
            if shown.chart.by == "year" and shown.places[at] != self._summary.year:
                put_number(self._sheet, area, value, style)
            else:
                put_formula(self._sheet, area, self._sum(bar, at), style, value)

    def _cells(self, at: int) -> Iterator[tuple[int, Area, Bar]]:
        """A category's figures: which series each is of, where it stands, what is added up in it."""
        bars = self._shown.chart.bars
        if self._shown.chart.by == "bar":
            yield 0, self._grid.figure(at, 0), bars[at]
        else:
            yield from ((series, self._grid.figure(at, series), bar) for series, bar in enumerate(bars))

    def _sum(self, bar: Bar, at: int) -> str:
        """A bar's cells added up: an agency's wherever in the detail its number stands, for that may be sorted; others'
        in the totals."""
        if self._shown.chart.by == "agency":
            return "=" + "+".join(self._detail.lookup(key, self._shown.places[at]) for key in bar.keys)
        return "=" + "+".join(self._totals.cells[key].absolute for key in bar.keys)

    def _share(self, at: int) -> None:
        """A category's share of the whole, and its name on the axis with it."""
        area, share = self._grid.figure(at, 1), self._shown.shares[at]
        formula = _share_formula(self._grid.figures(0), self._grid.figure(at, 0), self._decimals)
        stored = NO_SHARE if share is None else share / 100
        put_formula(self._sheet, area, formula, self._styles.get("centre", num_format="0.0%"), stored)
        name, cell = self._grid.aside(at).cell, area.cell
        label = f'={name}&"（"&IF(ISNUMBER({cell}),TEXT({cell},"0.0%"),{cell})&"）"'
        text = f"{self._shown.axis[at]}（{_percent(share)}）"
        put_formula(self._sheet, self._grid.aside(at, 1), label, self._styles.get("plain", text_wrap=False), text)

    def _whole(self) -> None:
        """All parts together, and their shares, which are 100% again."""
        count, style = len(self._shown.categories), self._styles.get("computed", num_format=self._number)
        put_text(self._sheet, self._grid.name(count), WHOLE, self._styles.get("computed", align="left", indent=1))
        whole = sum(self._shown.series[0].values, Decimal(0))
        put_formula(self._sheet, self._grid.figure(count, 0), f"=SUM({self._grid.figures(0).range})", style, whole)
        cell, shares = self._grid.figure(count, 0).cell, self._grid.figures(1).range
        percent = self._styles.get("computed", num_format="0.0%")
        put_formula(
            self._sheet,
            self._grid.figure(count, 1),
            f'=IF({cell}=0,"{NO_SHARE}",ROUND(SUM({shares}),3))',
            percent,
            Decimal(1),
        )

    def _chart(self) -> Chart:
        """The native chart over the table's figures."""
        shown, grid = self._shown, self._grid
        upright = shown.is_upright
        kind = {"type": "column" if upright else "bar", **({"subtype": "stacked"} if shown.is_stacked else {})}
        chart = self._workbook.add_chart(kind)
        if chart is None:
            raise NotWrittenError(shown.heading)
        labels = {"value": True, "num_format": self._number, "font": _SMALL}
        for at in range(len(shown.series)):
            chart.add_series({
                "name": reference(grid.figure(-1, at)),
                "categories": reference(grid.axis()),
                "values": reference(grid.figures(at)),
                "data_labels": {} if shown.is_stacked else labels,  # on a dark bar they cannot be read
                "gap": 50,
                **_filled(FILLS[at % len(FILLS)]),
            })  # fmt: skip
        chart.set_title({"name": reference(grid.heading().first), "name_font": _TITLE_FONT})
        names = {"num_font": _FONT, "line": {"color": "#7F7F7F"}, "major_tick_mark": "none"}
        figures = {"visible": False, "min": 0, "major_gridlines": {"visible": False}}
        if upright:
            chart.set_x_axis(names)
            chart.set_y_axis(figures)
        else:  # the writer calls the axis of names y where bars lie
            chart.set_y_axis({**names, "reverse": True, "major_gridlines": {"visible": False}})
            chart.set_x_axis(figures)
        chart.set_legend({"position": "bottom", "font": _FONT} if len(shown.series) > 1 else {"none": True})
        return chart


def _share_formula(span: Area, own: Area, decimals: int) -> str:
    """What `shares` computes, in a cell: in thousandths rounded down, one more for the largest remainders.

    Whole numbers only, by MOD, for what binary fractions leave over would decide who is rounded up.
    """
    scale = 10**decimals
    all_of, one = (f"ROUND({text}*{scale},0)" if decimals else text for text in (pinned(span), own.cell))
    whole = f"SUM({pinned(span)})" if not decimals else f"ROUND(SUM({pinned(span)})*{scale},0)"
    rest, rests = f"MOD(1000*{one},{whole})", f"MOD(1000*{all_of},{whole})"
    earlier = f"(ROW({pinned(span)})<ROW({own.cell}))"
    before = f"SUMPRODUCT(({rests}>{rest})+({rests}={rest})*(({all_of}>{one})+({all_of}={one})*{earlier}))"
    more = f"IF({before}<SUMPRODUCT({rests})/{whole},1,0)"
    return f'=IF({whole}=0,"{NO_SHARE}",((1000*{one}-{rest})/{whole}+{more})/1000)'


def _told(shown: Shown) -> str:
    """The chart in words, for who cannot see it."""
    figures = "；".join(f"{name}：{_figures(shown, at)}" for at, name in enumerate(shown.axis))
    text = f"{shown.heading}。{figures}。"
    return text if len(text) <= _MOST_TOLD else f"{text[:_MOST_TOLD]}…"


def _figures(shown: Shown, at: int) -> str:
    if shown.chart.by != "bar":
        return "，".join(f"{shortened(series.label)} {printed(series.values[at])}" for series in shown.series)
    value = printed(shown.series[0].values[at])
    return f"{value}，{_percent(shown.shares[at])}" if shown.shares else value


def _percent(share: Decimal | None) -> str:
    return NO_SHARE if share is None else f"{share}%"


def _filled(fill: Fill) -> dict[str, dict[str, str]]:
    border = {"border": {"color": "#404040"}}
    if not fill.hatch:
        return {"fill": {"color": fill.colour}, **border}
    return {"pattern": {"pattern": _PATTERNS[fill.hatch], "fg_color": fill.colour, "bg_color": "#FFFFFF"}, **border}
