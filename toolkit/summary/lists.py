"""The lists of the summary: every problem of every file, what became of every file, what stood in the originals, and
who is to report."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from toolkit.audit.numbers import printed
from toolkit.audit.submission import Submission
from toolkit.audit.validate import short_label
from toolkit.form.area import column_name
from toolkit.form.layout import template_layout
from toolkit.problems import Severity
from toolkit.summary.merge import Entry, Summary
from toolkit.summary.origins import BLANK, Cells, blank_ranges, exceptions
from toolkit.workbook.listsheet import draw_list, first_row
from toolkit.workbook.styles import Styles

PROBLEMS, FILES, ORIGINALS, ROSTER = "问题", "收录情况", "原文", "名册"
STATUS_LABELS = {"clean": "相符", "warnings": "有提示", "errors": "有错误", "unreadable": "读不出"}
YES, NO = "是", "否"
EXPLANATION = "explain."
UNITS_APART = " › "

NUMBER, AGENCY, CODE = "明细序号", "单位名称", "统一社会信用代码"
NAME, SHEET, CELLS, CONTENT, HASH, SAVED = "名称", "工作表", "单元格", "原件内容", "SHA-256", "最后保存"
CATEGORY, PARENT, LEVEL, THROUGH, EXPECTED, COUNTED = "类别", "上级单位", "层级", "经由", "应报", "收录"

_PROBLEM_HEAD = (
    ("序号", 6), ("文件", 30), (AGENCY, 26), ("级别", 7), (SHEET, 16), (CELLS, 9),
    ("问题", 60), ("怎样处理", 40), ("应为", 12), ("现为", 12), ("代码", 22),
)  # fmt: skip
_FILE_HEAD = (
    ("序号", 6), ("文件", 36), (AGENCY, 28), (CODE, 22), ("年度", 8), ("审核", 9),
    (COUNTED, 7), ("原因", 50), (SAVED, 22), (HASH, 68), (NUMBER, 9), (THROUGH, 24), ("汇总文件", 30),
    ("原文与数不同的格", 40),
)  # fmt: skip
_ORIGINAL_HEAD = (
    ("序号", 6), (NUMBER, 9), (AGENCY, 28), ("项目", 34), (NAME, 40), (SHEET, 18), (CELLS, 24), (CONTENT, 30),
    ("计为", 12),
)  # fmt: skip
_ROSTER_HEAD = (
    ("序号", 6), (AGENCY, 34), (CODE, 22), (CATEGORY, 14), (PARENT, 28), (LEVEL, 10), (THROUGH, 30), (EXPECTED, 7),
    (COUNTED, 7),
)  # fmt: skip
_TOLD = 6


def draw_problems(sheet: Worksheet, summary: Summary, styles: Styles) -> None:
    """One line a problem, in the order of files."""
    rows: list[list[str]] = []
    for entry in summary.entries:
        for problem in entry.reading.problems:
            sheet_name, cell = problem.where.sheet or "", problem.where.cell or ""
            rows.append([
                entry.reading.source.file, entry.reading.agency.name, problem.severity.label, sheet_name, cell,
                problem.message, problem.hint, _told(problem.expected), _told(problem.found), problem.code,
            ])  # fmt: skip
    note = f"共 {len(rows)} 条；错误须改正，提示请核对，说明不必处理。" if rows else "没有发现问题。"
    draw_list(sheet, PROBLEMS, _PROBLEM_HEAD, rows, note, styles, alarmed=(2, Severity.ERROR.label))


def draw_files(sheet: Worksheet, summary: Summary, styles: Styles) -> None:
    """One line a file: counted or not, and why; then the agencies of the roster that nothing came from."""
    cells = template_layout(summary.book.form).cells
    numbers = {id(each): at for at, each in enumerate(summary.included, start=1)}
    rows = [_file_row(entry, numbers.get(id(entry.reading)), cells) for entry in summary.entries]
    units = {each.agency: each.units for each in summary.listings}
    for agency in summary.missing:
        through = units.get(agency, ())
        why = f"“{through[0]}”的汇总没有收录" if through else "在名册中，没有收到报表"
        rows.append(["", agency.name, agency.code, "", "", NO, why, *[""] * 6])
    draw_list(sheet, FILES, _FILE_HEAD, rows, scope_of(summary), styles, alarmed=(5, NO))


def file_numbers(summary: Summary) -> tuple[str, str]:
    """The sheet of files, and its cells that hold the numbers of counted ones, from row 1 on."""
    column = column_name([label for label, _ in _FILE_HEAD].index(NUMBER))
    last = first_row() + len(summary.entries)
    return FILES, f"{FILES}!${column}$1:${column}${last}"


def draw_originals(sheet: Worksheet, summary: Summary, styles: Styles) -> None:
    """What stood in the agencies' own workbooks where it is not just the figure in the cell as issued; explanations."""
    cells = template_layout(summary.book.form).cells
    rows = [row for at, each in enumerate(summary.included, start=1) for row in _original_rows(at, each, cells)]
    note = "原件里的内容不只是那个数的、不在下发时的位置的；没有列出的，就在“明细”页列头所写的格，内容就是那个数。"
    draw_list(sheet, ORIGINALS, _ORIGINAL_HEAD, rows, note, styles, alarmed=(-1, ""))


def draw_roster(sheet: Worksheet, summary: Summary, styles: Styles) -> None:
    """Every agency that is to report or has, and whether it is counted."""
    listed = set(map(id, summary.listed()))
    rows = [
        [
            each.agency.name, each.agency.code, each.category, each.parent, each.level, UNITS_APART.join(each.units),
            {True: YES, False: NO, None: ""}[each.is_expected], YES if id(each) in listed else NO,
        ]
        for each in summary.listings
    ]  # fmt: skip
    rows += [
        [each.agency.name, each.agency.code, "", "", "", "", "", YES]
        for each, listing in zip(summary.included, summary.listed(), strict=True)
        if listing is None
    ]
    draw_list(sheet, ROSTER, _ROSTER_HEAD, rows, scope_of(summary), styles, alarmed=(7, NO))


def scope_of(summary: Summary) -> str:
    """How many are counted, of how many files and, with a roster, of how many agencies."""
    counted = len(summary.included)
    text = f"{summary.stamp}；" if summary.stamp else ""
    text += f"收到文件 {len(summary.entries)} 份，收录 {counted} 家，未收录 {len(summary.entries) - counted} 份"
    if summary.roster:
        word = "未报或下级未收录" if any(each.units for each in summary.listings) else "未报"
        text += f"；名册共 {len(summary.roster)} 家，{word} {len(summary.missing)} 家"
    return text + "。"


def _file_row(entry: Entry, number: int | None, cells: Cells) -> list[str]:
    reading, source = entry.reading, entry.reading.source
    through, summary_file, others = "", "", ""
    if isinstance(reading, Submission):
        through = UNITS_APART.join(reading.units)
        summary_file = "" if reading.via is None else f"{reading.via.file}（SHA-256 {reading.via.sha256}）"
        others = _others(reading, cells)
    return [
        source.file, reading.agency.name, reading.agency.code, str(reading.year or ""), STATUS_LABELS[reading.status],
        YES if entry.is_included else NO, entry.remark, source.saved or "", source.sha256, str(number or ""), through,
        summary_file, others,
    ]  # fmt: skip


def _others(submission: Submission, cells: Cells) -> str:
    found = [f"{origin.sheet} {origin.cell}「{origin.raw[:60]}」" for _, origin in exceptions(submission, cells)]
    rest = f" 等 {len(found)} 格，见“{ORIGINALS}”页" if len(found) > _TOLD else ""
    return "；".join(found[:_TOLD]) + rest


def _original_rows(number: int, submission: Submission, cells: Cells) -> Iterator[Sequence[str]]:
    agency = submission.agency.name
    for key, origin in exceptions(submission, cells):
        value = submission.values[key]
        label = short_label(submission, key)
        yield [
            str(number), agency, label, str(key), origin.sheet, origin.cell, origin.raw,
            "空白" if value is None else printed(value),
        ]  # fmt: skip
    for sheet, ranges in blank_ranges(submission, cells):
        yield [str(number), agency, "", "", sheet, ranges, BLANK, "0"]
    for rule, text in submission.explanations.items():
        yield [str(number), agency, "说明", f"{EXPLANATION}{rule}", "", "", text, ""]


def _told(value: Decimal | str | None) -> str:
    if value is None:
        return ""
    return printed(value) if isinstance(value, Decimal) else value
