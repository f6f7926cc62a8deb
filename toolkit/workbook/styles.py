"""How cells look: a few named styles, in fonts that every Chinese desktop has."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format

TYPED, COMPUTED, PAPER = "#FFF8DC", "#EDEDED", "#FFFFFF"
RED_FILL, RED, GREEN, GREY = "#FFC7CE", "#9C0006", "#1E6B34", "#7F7F7F"

Property = str | int | bool | float
_BASE: dict[str, Property] = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "text_wrap": True}
_CENTRED: dict[str, Property] = {"align": "center"}
_LINED: dict[str, Property] = {"border": 1}
_TEXT: dict[str, Property] = {"num_format": "@", "quote_prefix": True}

STYLES: dict[str, dict[str, Property]] = {
    "title": {**_CENTRED, "font_name": "黑体", "font_size": 16},
    "subtitle": {**_CENTRED, "font_color": GREY},
    "heading": {"font_name": "黑体"},
    "plain": {},
    "label": {**_LINED, "align": "left", "indent": 1},
    "centre": {**_LINED, **_CENTRED},
    "side": {"align": "right", "font_color": GREY, "font_size": 10},
    "above": {"align": "center", "font_color": GREY, "font_size": 10},
    "typed": {**_LINED, **_CENTRED, "bg_color": TYPED, "locked": False},
    "typed text": {**_LINED, **_TEXT, "bg_color": TYPED, "locked": False, "align": "left", "indent": 1},
    "prose": {**_LINED, **_TEXT, "bg_color": TYPED, "locked": False, "align": "left", "valign": "top"},
    "given": {**_LINED, "bg_color": COMPUTED},
    "given text": {**_LINED, **_TEXT, "bg_color": COMPUTED, "align": "left", "indent": 1},
    "computed": {**_LINED, **_CENTRED, "bg_color": COMPUTED, "bold": True},
    "formula": {**_LINED, **_CENTRED, "bg_color": COMPUTED},
    "verdict": {**_CENTRED, "bold": True, "font_size": 10},
    "verdict line": {**_LINED, **_CENTRED, "bold": True},
    "link": {**_LINED, "font_color": "#0563C1", "underline": 1, "indent": 1},
    "rule": {**_LINED, "bg_color": "#DDEBF7", "bold": True},
    "rule verdict": {**_LINED, **_CENTRED, "bg_color": "#DDEBF7", "bold": True},
    "head": {**_LINED, **_CENTRED, "bg_color": "#D9D9D9", "font_name": "黑体"},
}


class Shown(TypedDict):
    """What a conditional format changes."""

    bg_color: str
    font_color: str


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[object, ...], Format] = {}

    def get(self, name: str, **more: Property) -> Format:
        """A named style, with a few properties changed."""
        key = (name, *sorted(more.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({**_BASE, **STYLES[name], **more})
        return self._made[key]

    def alarm(self) -> Format:
        """What a wrong cell turns to."""
        return self._conditional("alarm", {"bg_color": RED_FILL, "font_color": RED})

    def good(self) -> Format:
        """What a verdict that holds turns to."""
        return self._conditional("good", {"font_color": GREEN})

    def _conditional(self, name: str, properties: dict[str, str]) -> Format:
        if (name,) not in self._made:
            self._made[name,] = self._workbook.add_format(properties)
        return self._made[name,]
