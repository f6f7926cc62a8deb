"""Summary -> workbook: 汇总表, 分类汇总 where there are categories, 明细, 问题, 收录情况. The same summary gives the
same bytes."""

import io
from collections.abc import Callable, Iterable, Sequence

import xlsxwriter

from toolkit.audit.submission import Submission
from toolkit.summary.detail import DETAIL, DetailSheet, plan_detail
from toolkit.summary.groups import GROUPS, draw_groups
from toolkit.summary.lists import FILES, PROBLEMS, draw_files, draw_problems, scope_of
from toolkit.summary.merge import Summary
from toolkit.summary.totals import TOTALS, TotalsSheet
from toolkit.workbook.styles import Styles
from toolkit.workbook.template import CREATED, PLAIN_TEXT

Watch = Callable[[Sequence[Submission]], Iterable[Submission]]
"""Gives the same submissions, and shows meanwhile how far it is."""


def summary_bytes(summary: Summary, watch: Watch = iter) -> bytes:
    """The summary workbook; ValueError where nothing is counted, for then there is nothing to sum. `watch` sees the
    submissions as their rows are written."""
    if not summary.included:
        raise ValueError("a summary of no submission")
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, **PLAIN_TEXT})
    title = f"{summary.year} 年度{summary.title}" if summary.year else summary.title
    workbook.set_properties({"created": CREATED, "title": title})
    names = (TOTALS, *((GROUPS,) if summary.groups else ()), DETAIL, PROBLEMS, FILES)
    sheets = {name: workbook.add_worksheet(name) for name in names}
    styles = Styles(workbook)
    detail = plan_detail(summary.book, len(summary.included), grouped=bool(summary.groups))
    TotalsSheet(workbook, sheets[TOTALS], summary.book, styles).draw(
        f"{title}（汇总）", scope_of(summary), summary.values, detail
    )
    if summary.groups:
        draw_groups(sheets[GROUPS], summary, detail, styles, f"{title}（分类汇总）")
    DetailSheet(sheets[DETAIL], summary.book, detail, styles).draw(
        watch(summary.included), summary.categories(), f"{title}（明细）"
    )
    draw_problems(sheets[PROBLEMS], summary, styles)
    draw_files(sheets[FILES], summary, styles)
    for sheet in sheets.values():
        sheet.hide_gridlines(2)
    workbook.close()
    return buffer.getvalue()
