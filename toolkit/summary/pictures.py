"""The charts of a summary as pictures, PNG and SVG, for web pages. Needs matplotlib, which is imported only here."""

import io
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from toolkit.audit.numbers import printed
from toolkit.summary.merge import Summary
from toolkit.summary.series import FILLS, Fill, Shown, plain, shortened, shown_charts
from toolkit.workbook.saving import file_stem

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "SimHei", "Heiti SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Serif CJK SC",
    "Songti SC", "SimSun", "Noto Sans CJK JP", "Droid Sans Fallback", "Arial Unicode MS",
)  # fmt: skip
_WITHOUT_MATPLOTLIB = "这里没有安装 matplotlib，画不出图片。请运行：pip install 'gouji-toolkit[charts]'"
_WITHOUT_FONT = f"这台电脑上没有找到中文字体，画不出图片。请安装一种，例如 {FONTS[0]}（思源黑体）。"
_PROBE = "年度单位公开数量占比（）—…□"

_WIDTH, _DPI = 10.0, 150  # inches
_TITLE_SIZE, _SIZE, _SMALL = 22, 15, 13  # points
_LINE_LENGTH = 26  # letters of a title's line


class PicturesUnavailable(RuntimeError):
    """No pictures can be drawn here; the message says why, and what to install."""


def picture_files(summary: Summary) -> Iterator[tuple[str, bytes]]:
    """A file name and its bytes, PNG and SVG, for each chart that has figures; the same summary gives the same bytes.

    PicturesUnavailable where matplotlib or a font with Chinese letters is missing.
    """
    drawable = [shown for shown in shown_charts(summary) if not shown.is_empty]
    if not drawable:
        return
    font, letters = _font()
    taken: set[str] = set()
    for shown in drawable:
        stem = _free(file_stem(shown.chart.title, shown.chart.id), taken)
        picture = _Picture(shown, summary.unit, font, letters)
        yield from ((f"{stem}.{kind}", _drawn(picture, kind)) for kind in ("png", "svg"))


def _free(stem: str, taken: set[str]) -> str:
    """A name no other picture has, upper and lower case being the same."""
    name, count = stem, 1
    while name.casefold() in taken:
        count += 1
        name = f"{stem}（{count}）"
    taken.add(name.casefold())
    return name


def _drawn(picture: "_Picture", kind: str) -> bytes:
    """The picture's bytes, whatever the user's own settings of matplotlib."""
    with _quiet():
        import matplotlib

        nameless = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
        buffer = io.BytesIO()
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update({"svg.hashsalt": "gouji", "hatch.linewidth": 1.5})
            picture.figure().savefig(buffer, format=kind, dpi=_DPI, metadata=nameless)
    return buffer.getvalue()


@contextmanager
def _quiet() -> Iterator[None]:
    """What matplotlib has to say of fonts and folders is none of the user's business."""
    logger = logging.getLogger("matplotlib")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _font() -> "tuple[FontProperties, frozenset[int]]":
    """A font with Chinese letters, of those known to be good or else of all, and the codes of its letters."""
    with _quiet():
        try:
            from matplotlib.font_manager import FontProperties, fontManager, get_font
        except ImportError as error:
            raise PicturesUnavailable(_WITHOUT_MATPLOTLIB) from error
        installed = {entry.name for entry in fontManager.ttflist}
        for name in (*(name for name in FONTS if name in installed), *sorted(installed - set(FONTS))):
            font = FontProperties(family=[name])
            try:
                letters = frozenset(get_font(fontManager.findfont(font, fallback_to_default=False)).get_charmap())
            except (OSError, RuntimeError, ValueError):
                continue  # a font of pictures, or a broken one
            if all(ord(letter) in letters for letter in _PROBE):
                return font, letters
    raise PicturesUnavailable(_WITHOUT_FONT)


class _Picture:
    """One chart being drawn; every text goes through `_say`, so that none is ever read as a formula."""

    def __init__(self, shown: Shown, unit: str, font: "FontProperties", letters: frozenset[int]) -> None:
        self._shown, self._unit, self._font, self._letters = shown, unit, font, letters

    def figure(self) -> "Figure":
        """The finished figure: whose it is, title, bars, legend."""
        from matplotlib.figure import Figure

        shown, several = self._shown, len(self._shown.series) > 1
        title = "\n".join(map(self._folded, filter(None, (self._unit, shown.heading))))
        over = 0.6 + 0.45 * title.count("\n") + (0.6 if several else 0)
        figure = Figure(figsize=(_WIDTH, over + self._height() + 0.4), facecolor="white")
        figure.set_layout_engine("constrained", w_pad=0.15, h_pad=0.18)
        axes = figure.add_subplot()
        self._say(figure.suptitle("", linespacing=1.4), title, _TITLE_SIZE)
        bars = self._bars(axes)
        self._scale(axes)
        if several:
            legend = figure.legend(
                bars, [str(at) for at in range(len(bars))], loc="outside lower center", ncols=min(3, len(bars)),
                frameon=False, prop=self._font,
            )  # fmt: skip
            for text, series in zip(legend.get_texts(), shown.series, strict=True):
                self._say(text, self._written(shortened(series.label)), _SIZE)
        return figure

    def _height(self) -> float:
        """Of the bars, in inches."""
        count = 1 if self._shown.is_stacked else len(self._shown.series)
        return 4.5 if self._shown.is_upright else len(self._shown.categories) * (0.26 * count + 0.24)

    def _bars(self, axes: "Axes") -> "list[Rectangle]":
        """The bars of every series, each with its figure at its end; a stack has one figure, its sum. The first of each
        series is given."""
        shown, count = self._shown, len(self._shown.series)
        before = [0.0] * len(shown.categories)
        thick = 0.7 if shown.is_stacked or count == 1 else 0.84 / count
        draw, drawn = axes.bar if shown.is_upright else axes.barh, []
        for at, series in enumerate(shown.series):
            aside = 0.0 if shown.is_stacked else (at - (count - 1) / 2) * thick
            places = [place + aside for place in range(len(shown.categories))]
            lengths = [float(value) for value in series.values]
            drawn.append(draw(places, lengths, thick, before, **_look(FILLS[at % len(FILLS)])).patches[0])
            if shown.is_stacked:
                before = [start + length for start, length in zip(before, lengths, strict=True)]
            else:
                self._figures(axes, places, series.values)
        if shown.is_stacked:
            rows = zip(*(series.values for series in shown.series), strict=True)
            self._figures(axes, [*range(len(before))], [sum(row, Decimal(0)) for row in rows])
        return drawn

    def _figures(self, axes: "Axes", places: Sequence[float], values: Sequence[Decimal]) -> None:
        """A figure at the end of every bar, with its share where the chart shows shares."""
        upright = self._shown.is_upright
        for at, (place, value) in enumerate(zip(places, values, strict=True)):
            share = f"（{self._shown.shares[at]}%）" if self._shown.shares else ""
            end = (place, float(value)) if upright else (float(value), place)
            across, along = ("center", "bottom") if upright else ("left", "center_baseline")
            text = axes.annotate(
                "", end, (0, 4) if upright else (5, 0), textcoords="offset points", ha=across, va=along
            )
            self._say(text, printed(value) + share, _SMALL)

    def _scale(self, axes: "Axes") -> None:
        """The names along the axis, the first on top where bars lie; no other lines than the one the bars begin at."""
        shown = self._shown
        longest = max(axes.dataLim.x1, 0) if not shown.is_upright else axes.dataLim.y1
        along, across = (axes.xaxis, axes.yaxis) if shown.is_upright else (axes.yaxis, axes.xaxis)
        names = [self._written(name) for name in shown.axis]
        along.set_ticks(range(len(names)), names)
        for label, name in zip(along.get_ticklabels(), names, strict=True):
            self._say(label, name, _SIZE)
        along.set_tick_params(length=0, pad=8)
        across.set_visible(False)
        if shown.is_upright:
            axes.set_ylim(0, longest * 1.08)
        else:
            axes.set_xlim(0, longest * (1.25 if shown.shares else 1.12))
            axes.set_ylim(len(shown.axis) - 0.5, -0.5)
        for side, spine in axes.spines.items():
            spine.set_visible(side == ("bottom" if shown.is_upright else "left"))

    def _written(self, text: str) -> str:
        """A text in letters of the font; □ for any it lacks."""
        return "".join(letter if ord(letter) in self._letters else "□" for letter in plain(text))

    def _folded(self, text: str) -> str:
        written = self._written(text)
        return "\n".join(written[at : at + _LINE_LENGTH] for at in range(0, len(written), _LINE_LENGTH))

    def _say(self, place: "Text", text: str, size: int) -> None:
        """A text in its place, in the font, as it is: no dollar sign in it begins a formula."""
        place.set_parse_math(False)
        place.set_fontproperties(self._font)
        place.set_fontsize(size)
        place.set_text(text)


def _look(fill: Fill) -> dict[str, Any]:
    if not fill.hatch:
        return {"facecolor": fill.colour, "edgecolor": "#404040", "linewidth": 0.6}
    return {"facecolor": "white", "edgecolor": fill.colour, "linewidth": 0.6, "hatch": fill.hatch * 3}
