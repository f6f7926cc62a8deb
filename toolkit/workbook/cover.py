"""The first sheet, and the sheet of prose: who reports, how to fill in, whether all is well; the written sections."""

from collections.abc import Mapping
from decimal import Decimal

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from toolkit.audit.submission import Agency
from toolkit.form.area import Area
from toolkit.form.layout import CHECKS, COVER, COVER_LABELS, NARRATIVES
from toolkit.form.model import Form
from toolkit.workbook.checksheet import ALL_WELL
from toolkit.workbook.drawing import MOST_HEIGHT, define, height, lines, print_on_a4, put_formula, put_number, put_text
from toolkit.workbook.styles import Styles

_WIDTHS = (22, 30, 16, 42)
_PROSE_WIDTH, _PROSE_ROWS, _PROSE_HEIGHT = 74, 10, 32.0


def _cover(row: int, left: int, right: int | None = None) -> Area:
    return Area(COVER, row, left, row, left if right is None else right)


class CoverSheet:
    """The cover of one workbook."""

    def __init__(self, workbook: xlsxwriter.Workbook, sheet: Worksheet, form: Form, styles: Styles) -> None:
        self._workbook, self._sheet, self._form, self._styles = workbook, sheet, form, styles

    def draw(
        self, code: str, agency: Agency, year: int | None, issued: tuple[bool, bool], people: Mapping[str, str]
    ) -> None:
        """All but the overall verdict; `issued` says whether the agency and the year are given and locked."""
        for column, width in enumerate(_WIDTHS):
            self._sheet.set_column(column, column, width)
        put_text(self._sheet, _cover(0, 0, 3), self._form.title, self._styles.get("title"))
        self._sheet.set_row(0, height(2))
        put_text(self._sheet, _cover(1, 0, 3), self._form.authority, self._styles.get("subtitle"))
        self._identity(code, agency, year, issued)
        row = self._instructions(9)
        self._people(row + 1, people)
        print_on_a4(self._sheet, code, tall=1)

    def verdict(self, formula: str, words: str) -> None:
        """The overall verdict, live."""
        area = _cover(7, 1, 3)
        put_text(self._sheet, _cover(7, 0), "填报结论", self._styles.get("label"))
        put_formula(self._sheet, area, formula, self._styles.get("computed", align="left", indent=1), words)
        self._sheet.set_row(7, height(2))
        self._sheet.set_row(8, height(1))
        cell = area.fixed
        alarm, good = f'=LEFT({cell},1)="有"', f'={cell}="{ALL_WELL}"'
        self._sheet.conditional_format(
            area.range, {"type": "formula", "criteria": alarm, "format": self._styles.alarm()}
        )
        self._sheet.conditional_format(area.range, {"type": "formula", "criteria": good, "format": self._styles.good()})
        link = self._styles.get("link", border=0)
        self._sheet.write_url(8, 1, f"internal:'{CHECKS}'!A4", link, f"查看“{CHECKS}”页", "跳到核对页")

    def _identity(self, code: str, agency: Agency, year: int | None, issued: tuple[bool, bool]) -> None:
        agency_style, year_style = ("given text" if given else "typed text" for given in issued)
        for row, label in enumerate(COVER_LABELS.values(), start=3):
            put_text(self._sheet, _cover(row, 0), label, self._styles.get("label"))
            self._sheet.set_row(row, height(1) + 4)
        self._named("agency.name", _cover(3, 1, 3), agency.name, agency_style)
        self._named("agency.code", _cover(4, 1, 3), agency.code, agency_style)
        style = self._styles.get(year_style.removesuffix(" text"), align="left", indent=1, num_format="0")
        put_number(self._sheet, _cover(5, 1, 3), None if year is None else Decimal(year), style)
        define(self._workbook, "report.year", _cover(5, 1, 3))
        self._named("form.code", _cover(6, 1, 3), code, "given text")
        if not issued[1]:
            first = self._form.first_year
            self._sheet.data_validation(_cover(5, 1).range, {
                "validate": "integer", "criteria": "between", "minimum": first, "maximum": 2999,
                "input_title": "年度", "input_message": "请填报告所属的年度，如 2025。",
                "error_title": "不能这样填", "error_message": f"请填不早于 {first} 的四位数年度。",
            })  # fmt: skip

    def _instructions(self, row: int) -> int:
        put_text(self._sheet, _cover(row, 0, 3), "填报说明", self._styles.get("heading"))
        for text in self._form.instructions:
            row += 1
            put_text(self._sheet, _cover(row, 0, 3), text, self._styles.get("plain"))
            self._sheet.set_row(row, height(lines(text, sum(_WIDTHS))))
        return row + 1

    def _people(self, row: int, people: Mapping[str, str]) -> None:
        for index, field in enumerate(self._form.people):
            at, left = row + index // 2, 2 * (index % 2)
            put_text(self._sheet, _cover(at, left), field.label, self._styles.get("label"))
            self._named(f"people.{field.name}", _cover(at, left + 1), people.get(field.name, ""), "typed text")
            self._sheet.set_row(at, height(1) + 4)

    def _named(self, name: str, area: Area, text: str, style: str) -> None:
        put_text(self._sheet, area, text, self._styles.get(style))
        define(self._workbook, name, area)


def draw_narratives(
    workbook: xlsxwriter.Workbook,
    sheet: Worksheet,
    form: Form,
    narrative: Mapping[str, str],
    styles: Styles,
    footer: str,
) -> None:
    """The sheet of written sections, one large cell each."""
    sheet.set_column(0, 0, _PROSE_WIDTH)
    put_text(sheet, Area(NARRATIVES, 0, 0, 0, 0), "文字部分", styles.get("title"))
    sheet.set_row(0, height(2))
    row = 1
    for field in form.narratives:
        put_text(sheet, Area(NARRATIVES, row, 0, row, 0), field.label, styles.get("heading"))
        area = Area(NARRATIVES, row + 1, 0, row + _PROSE_ROWS, 0)
        put_text(sheet, area, narrative.get(field.name, ""), styles.get("prose"))
        define(workbook, f"narrative.{field.name}", area)
        needed = lines(narrative.get(field.name, ""), _PROSE_WIDTH)
        for each in range(area.top, area.bottom + 1):
            sheet.set_row(each, min(MOST_HEIGHT, max(_PROSE_HEIGHT, height(needed) / _PROSE_ROWS)))
        if field.prompt:
            tip = {"validate": "any", "input_title": "填写文字", "input_message": field.prompt}
            sheet.data_validation(area.first.range, tip)
        row += _PROSE_ROWS + 2
    print_on_a4(sheet, footer)
