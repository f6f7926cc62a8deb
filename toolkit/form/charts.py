"""The charts of a definition: `[[chart]]` sections -> Chart, every mistake remembered with its line."""

from collections.abc import Sequence
from typing import Literal

from toolkit.form.amount import AmountError, parse_amount
from toolkit.form.model import Bar, Chart, Key, Table
from toolkit.form.section import Section, nearest

_BY: dict[str, Literal["bar", "agency", "year"]] = {"bar": "bar", "agency": "agency", "year": "year"}
_MOST, _MOST_BARS = 30, 30


def parse_charts(top: Section, tables: Sequence[Table]) -> tuple[Chart, ...]:
    """Every chart that is declared, in order."""
    cells = [key for table in tables for key, _, _ in table.cells()]
    return tuple(_chart(section, cells) for section in top.sections("chart"))


def _chart(section: Section, cells: Sequence[Key]) -> Chart:
    by = section.choice("by", _BY, "bar")
    parts = section.flag("parts")
    if parts and by != "bar":
        section.wrong("parts", 'parts 只用于 by = "bar" 的图', "请删去 parts。")
    bars = section.sections("bar", required=True)
    if len(bars) > _MOST_BARS:
        section.wrong(("bar", _MOST_BARS), f"bar 有 {len(bars)} 个", f"请减到 {_MOST_BARS} 个以内。")
    chart = Chart(
        id=section.text("id"),
        title=section.text("title"),
        by=_BY[by],
        bars=tuple(_bar(each, cells) for each in bars),
        most=section.whole("most", 15, most=_MOST),
        parts=parts,
    )
    section.finish()
    return chart


def _bar(section: Section, cells: Sequence[Key]) -> Bar:
    label, text = section.text("label"), section.text("sum")
    section.finish()
    try:
        return Bar(label, parse_amount(text, cells) if text else ())
    except AmountError as error:
        section.wrong("sum", str(error), nearest(error.name, map(str, cells)))
        return Bar(label, ())
