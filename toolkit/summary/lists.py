"""The lists of the summary: every problem of every file, what became of every file, what stood in the originals, and
who is to report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from toolkit.audit.numbers import printed
from toolkit.audit.submission import Listing, Submission
from toolkit.audit.validate import short_label
from toolkit.form.area import column_name
from toolkit.form.layout import template_layout
from toolkit.problems import Severity
from toolkit.summary.merge import Entry, Summary
from toolkit.summary.origins import BLANK, Originals
from toolkit.workbook.listsheet import draw_list, first_row
from toolkit.workbook.rows import Rows
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


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long the lists are that have no line a file: problems, and what stood in the originals."""

    problems: int
    originals: int


def lengths(summary: Summary) -> Lengths:
    """Counted in one pass over the files."""
    told, problems, originals = _originals(summary), 0, 0
    for entry in summary.entries:
        reading = entry.reading
        problems += len(reading.problems)
        if entry.is_included and isinstance(reading, Submission):
            originals += sum(told.count(reading)) + len(reading.explanations)
    return Lengths(problems, originals)


def draw_problems(sheet: Worksheet, summary: Summary, styles: Styles, count: int) -> Rows:
    """One line a problem, in the order of files."""
    note = f"共 {count} 条；错误须改正，提示请核对，说明不必处理。" if count else "没有发现问题。"
    rows = _problem_rows(summary)
    return draw_list(sheet, PROBLEMS, _PROBLEM_HEAD, rows, count, note, styles, alarmed=(2, Severity.ERROR.label))


def draw_files(sheet: Worksheet, summary: Summary, styles: Styles) -> Rows:
    """One line a file: counted or not, and why; then the agencies of the roster that nothing came from."""
    count = len(summary.entries) + len(summary.missing)
    return draw_list(sheet, FILES, _FILE_HEAD, _file_rows(summary), count, scope_of(summary), styles, alarmed=(5, NO))


def file_numbers(summary: Summary) -> tuple[str, str]:
    """The sheet of files, and its cells that hold the numbers of counted ones, from row 1 on."""
    column = column_name([label for label, _ in _FILE_HEAD].index(NUMBER))
    last = first_row() + len(summary.entries)
    return FILES, f"{FILES}!${column}$1:${column}${last}"


def draw_originals(sheet: Worksheet, summary: Summary, styles: Styles, count: int) -> Rows:
    """What stood in the agencies' own workbooks where it is not just the figure in the cell as issued; explanations."""
    note = "原件里的内容不只是那个数的、不在下发时的位置的；没有列出的，就在“明细”页列头所写的格，内容就是那个数。"
    rows, told = summary.included, _originals(summary)
    lines = (line for at, each in enumerate(rows, start=1) for line in _original_rows(at, each, told))
    return draw_list(sheet, ORIGINALS, _ORIGINAL_HEAD, lines, count, note, styles, alarmed=(-1, ""))


def draw_roster(sheet: Worksheet, summary: Summary, styles: Styles) -> Rows:
    """Every agency that is to report or has, and whether it is counted."""
    listed = summary.listed()
    count = len(summary.listings) + sum(each is None for each in listed)
    rows = _roster_rows(summary, listed)
    return draw_list(sheet, ROSTER, _ROSTER_HEAD, rows, count, scope_of(summary), styles, alarmed=(7, NO))


def scope_of(summary: Summary) -> str:
    """How many are counted, of how many files and, with a roster, of how many agencies."""
    counted = len(summary.included)
    text = f"{summary.stamp}；" if summary.stamp else ""
    text += f"收到文件 {len(summary.entries)} 份，收录 {counted} 家，未收录 {len(summary.entries) - counted} 份"
    if summary.roster:
        word = "未报或下级未收录" if any(each.units for each in summary.listings) else "未报"
        text += f"；名册共 {len(summary.roster)} 家，{word} {len(summary.missing)} 家"
    return text + "。"


def _originals(summary: Summary) -> Originals:
    return Originals(template_layout(summary.book.form).cells)


def _problem_rows(summary: Summary) -> Iterator[Sequence[str]]:
    for entry in summary.entries:
        reading = entry.reading
        for problem in reading.problems:
            sheet, cell = problem.where.sheet or "", problem.where.cell or ""
            yield (
                reading.source.file, reading.agency.name, problem.severity.label, sheet, cell, problem.message,
                problem.hint, _told(problem.expected), _told(problem.found), problem.code,
            )  # fmt: skip


def _file_rows(summary: Summary) -> Iterator[Sequence[str]]:
    told, number = _originals(summary), 0
    for entry in summary.entries:
        is_counted = entry.is_included and isinstance(entry.reading, Submission)
        number += is_counted
        yield _file_row(entry, str(number) if is_counted else "", told)
    units = {each.agency: each.units for each in summary.listings}
    for agency in summary.missing:
        through = units.get(agency, ())
        why = f"“{through[0]}”的汇总没有收录" if through else "在名册中，没有收到报表"
        yield ("", agency.name, agency.code, "", "", NO, why, *[""] * 6)


def _file_row(entry: Entry, number: str, originals: Originals) -> Sequence[str]:
    reading, source = entry.reading, entry.reading.source
    through, summary_file, others = "", "", ""
    if isinstance(reading, Submission):
        through = UNITS_APART.join(reading.units)
        summary_file = "" if reading.via is None else f"{reading.via.file}（SHA-256 {reading.via.sha256}）"
        others = _others(reading, originals)
    return (
        source.file, reading.agency.name, reading.agency.code, str(reading.year or ""), STATUS_LABELS[reading.status],
        YES if entry.is_included else NO, entry.remark, source.saved or "", source.sha256, number, through,
        summary_file, others,
    )  # fmt: skip


def _others(submission: Submission, originals: Originals) -> str:
    found = [f"{origin.sheet} {origin.cell}「{origin.raw[:60]}」" for _, origin in originals.exceptions(submission)]
    rest = f" 等 {len(found)} 格，见“{ORIGINALS}”页" if len(found) > _TOLD else ""
    return "；".join(found[:_TOLD]) + rest


def _original_rows(number: int, submission: Submission, originals: Originals) -> Iterator[Sequence[str]]:
    agency = submission.agency.name
    for key, origin in originals.exceptions(submission):
        value = submission.values[key]
        label = short_label(submission, key)
        yield (
            str(number), agency, label, str(key), origin.sheet, origin.cell, origin.raw,
            "空白" if value is None else printed(value),
        )  # fmt: skip
    for sheet, ranges in originals.blank_ranges(submission):
        yield str(number), agency, "", "", sheet, ranges, BLANK, "0"
    for rule, text in submission.explanations.items():
        yield str(number), agency, "说明", f"{EXPLANATION}{rule}", "", "", text, ""


def _roster_rows(summary: Summary, listed: Sequence[Listing | None]) -> Iterator[Sequence[str]]:
    known = frozenset(listed)
    for each in summary.listings:
        expected = {True: YES, False: NO, None: ""}[each.is_expected]
        yield (
            each.agency.name, each.agency.code, each.category, each.parent, each.level, UNITS_APART.join(each.units),
            expected, YES if each in known else NO,
        )  # fmt: skip
    for submission, listing in zip(summary.included, listed, strict=True):
        if listing is None:
            yield submission.agency.name, submission.agency.code, "", "", "", "", "", YES


def _told(value: Decimal | str | None) -> str:
    if value is None:
        return ""
    return printed(value) if isinstance(value, Decimal) else value
