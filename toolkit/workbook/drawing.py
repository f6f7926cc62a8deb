"""Putting text, numbers and formulas on a sheet: nothing that came from people ever becomes a formula or a link."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

from toolkit.audit.formulas import EQUAL, FITS, NOT_A_NUMBER, OFF
from toolkit.form.area import Area
from toolkit.workbook.styles import Styles

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_TEXT = 32_767
LINE_HEIGHT = 15.5
MOST_HEIGHT = 400.0

_FOOTER = 100  # of a text: a footer has at most 255 characters, and an & takes two

Value = Decimal | str | None


class NotWrittenError(RuntimeError):
    """The spreadsheet writer refused a cell or a name: a mistake of ours, never of the user's."""


def put_text(sheet: Worksheet, area: Area, text: str, style: Format) -> None:
    """A text, as text, over the whole area."""
    _merge(sheet, area, style)
    text = fitting(text)
    if text.startswith("<r>") and text.endswith("</r>"):  # which the writer would take for markup
        _done(sheet.write_rich_string(area.top, area.left, text[0], style, text[1:], style), area)
    elif text:
        _done(sheet.write_string(area.top, area.left, text, style), area)
    else:
        sheet.write_blank(area.top, area.left, None, style)


def put_number(sheet: Worksheet, area: Area, value: Decimal | None, style: Format) -> None:
    """A number over the whole area; None leaves it blank."""
    _merge(sheet, area, style)
    if value is None:
        sheet.write_blank(area.top, area.left, None, style)
    else:
        _done(sheet.write_number(area.top, area.left, exact(value), style), area)


def put_formula(sheet: Worksheet, area: Area, formula: str, style: Format, value: Value) -> None:
    """A formula over the whole area with its true result; None stores an empty text."""
    _merge(sheet, area, style)
    stored = "" if value is None else exact(value) if isinstance(value, Decimal) else value
    _done(sheet.write_formula(area.top, area.left, formula, style, stored), area)


def link(sheet: Worksheet, area: Area, target: str, tip: str, style: Format) -> None:
    """A link within the workbook on an area's first cell, to `Sheet!A1`; what is put there afterwards keeps it."""
    _done(sheet.write_url(area.top, area.left, f"internal:{target}", style, "→", tip), area)


def define(workbook: xlsxwriter.Workbook, name: str, area: Area) -> None:
    """A defined name for an area's first cell."""
    if workbook.define_name(name, f"={area.absolute}") != 0:
        raise NotWrittenError(name)


def fitting(text: str) -> str:
    """As much of a text as a cell can hold, in the units that Excel counts: of some letters, two."""
    if len(text) * 2 <= MOST_TEXT:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * MOST_TEXT].decode("utf-16-le", "ignore")


def mark_verdicts(sheet: Worksheet, ranges: str, first: str, styles: Styles) -> None:
    """Verdict words in colour: red for 差, 有误, 不符 and 非数字, green for what holds."""
    bad = (
        "OR("
        + ",".join(f'LEFT({first},{len(word)})="{word}"' for word in (OFF.strip(), "有误", "不符", NOT_A_NUMBER))
        + ")"
    )
    good = "OR(" + ",".join(f'{first}="{word}"' for word in (EQUAL, FITS, "相符")) + ")"
    where = {"multi_range": ranges} if " " in ranges else {}
    span = ranges.split()[0]
    sheet.conditional_format(span, {"type": "formula", "criteria": f"={bad}", "format": styles.alarm(), **where})
    sheet.conditional_format(span, {"type": "formula", "criteria": f"={good}", "format": styles.good(), **where})


def exact(value: Decimal) -> int | float:
    """A number as sheets hold it."""
    return int(value) if value == value.to_integral_value() else float(value)


def text_width(text: str) -> int:
    """The width of a text in half-width characters."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "FWA" else 1 for letter in text)


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of so many characters."""
    room = int(max(width - 1.5, 2))
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    return sum(max(1, -(-text_width(line) // room)) for line in text.split("\n"))


def height(count: int) -> float:
    """The height of a row with so many lines, in points."""
    return LINE_HEIGHT * count + 6.5


def print_on_a4(sheet: Worksheet, footer: str, *, landscape: bool = False, wide: int = 1, tall: int = 0) -> None:
    """A4, `wide` pages across and `tall` down (0: as many as it takes), a footer with a text and the page."""
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    if wide or tall:
        sheet.fit_to_pages(wide, tall)
    else:
        sheet.set_print_scale(70)
    sheet.set_footer(f"&L&9 {footer[:_FOOTER].replace('&', '&&')}&R&9第 &P 页，共 &N 页")
    if landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()


def _merge(sheet: Worksheet, area: Area, style: Format) -> None:
    if (area.top, area.left) != (area.bottom, area.right):
        sheet.merge_range(area.top, area.left, area.bottom, area.right, "", style)


def _done(code: int, area: Area) -> None:
    if code != 0:
        raise NotWrittenError(f"{area.sheet} {area.cell}: {code}")
