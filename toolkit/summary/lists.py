"""The two lists of the summary: every problem of every file, and what became of every file."""

from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from toolkit.audit.numbers import printed
from toolkit.problems import Severity
from toolkit.summary.merge import Entry, Summary
from toolkit.workbook.listsheet import draw_list
from toolkit.workbook.styles import Styles

PROBLEMS, FILES = "问题", "收录情况"
STATUS_LABELS = {"clean": "相符", "warnings": "有提示", "errors": "有错误", "unreadable": "读不出"}

_PROBLEM_HEAD = (
    ("序号", 6), ("文件", 30), ("单位名称", 26), ("级别", 7), ("工作表", 16), ("单元格", 9),
    ("问题", 60), ("怎样处理", 40), ("应为", 12), ("现为", 12), ("代码", 22),
)  # fmt: skip
_FILE_HEAD = (
    ("序号", 6), ("文件", 36), ("单位名称", 28), ("统一社会信用代码", 22), ("年度", 8), ("审核", 9),
    ("收录", 7), ("原因", 50), ("最后保存", 22), ("SHA-256", 68),
)  # fmt: skip


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
    rows = [_file_row(entry) for entry in summary.entries]
    why = "在名册中，没有收到报表"
    rows += [["", agency.name, agency.code, "", "", "否", why, "", ""] for agency in summary.missing]
    draw_list(sheet, FILES, _FILE_HEAD, rows, scope_of(summary), styles, alarmed=(5, "否"))


def scope_of(summary: Summary) -> str:
    """How many are counted, of how many files and, with a roster, of how many agencies."""
    counted = len(summary.included)
    text = f"{summary.stamp}；" if summary.stamp else ""
    text += f"收到文件 {len(summary.entries)} 份，收录 {counted} 家，未收录 {len(summary.entries) - counted} 份"
    if summary.roster:
        text += f"；名册共 {len(summary.roster)} 家，未报 {len(summary.missing)} 家"
    return text + "。"


def _file_row(entry: Entry) -> list[str]:
    reading, source = entry.reading, entry.reading.source
    return [
        source.file, reading.agency.name, reading.agency.code, str(reading.year or ""), STATUS_LABELS[reading.status],
        "是" if entry.is_included else "否", entry.remark, source.saved or "", source.sha256,
    ]  # fmt: skip


def _told(value: Decimal | str | None) -> str:
    if value is None:
        return ""
    return printed(value) if isinstance(value, Decimal) else value
