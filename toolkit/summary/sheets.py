"""Summary -> workbook: contents, totals, parts, comparisons, pictures, detail and lists. The same summary gives the
same bytes."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO

import xlsxwriter

from toolkit.audit.submission import Submission
from toolkit.form.model import Key
from toolkit.form.wording import Wording, wording_of
from toolkit.summary.against import Difference, Published
from toolkit.summary.againstsheet import AGAINST, draw_against
from toolkit.summary.charts import CHARTS, draw_charts
from toolkit.summary.contents import CONTENTS, draw_contents
from toolkit.summary.counting import Counting
from toolkit.summary.detail import DETAIL, DetailSheet, plan_detail
from toolkit.summary.groups import PartsSheet, draw_blocks
from toolkit.summary.lists import (
    FILES,
    ORIGINALS,
    PROBLEMS,
    ROSTER,
    draw_files,
    draw_originals,
    draw_problems,
    draw_roster,
    file_numbers,
    lengths,
    scope_of,
)
from toolkit.summary.merge import Summary
from toolkit.summary.parts import Division, PartSums, divisions
from toolkit.summary.sentences import sentences
from toolkit.summary.sentencesheet import SENTENCES, draw_sentences
from toolkit.summary.series import Shown, leaders_of, shown_charts
from toolkit.summary.totals import TOTALS, TotalsSheet, plan_totals
from toolkit.summary.yearly import Before, Heirs, carry_overs
from toolkit.summary.yearlysheet import CARRY, YEARLY, draw_carry, draw_yearly
from toolkit.workbook.rows import Rows, put_together
from toolkit.workbook.styles import Styles
from toolkit.workbook.template import CREATED, PLAIN_TEXT

Watch = Callable[[Sequence[Submission]], Iterable[Submission]]
"""Gives the same submissions, and shows meanwhile how far it is."""

_ABOUT = {
    TOTALS: "按报表样式的合计；每个数是对“明细”的公式，点一下跳到明细的那一列；附勾稽核对",
    DETAIL: "每个单位一行，每个数一列；“出处”跳到它的文件；列头写着该数在填报工作簿里的格",
    PROBLEMS: "每份文件的每个问题：在哪一格、应为多少、怎样处理",
    FILES: "每份文件收没收、为什么，SHA-256，哪些格空白计零",
    ORIGINALS: "原件里写得与数不同的内容，单位所作的说明",
    ROSTER: "应报的单位，各属哪一类、归谁管，收录没有",
}


@dataclass(frozen=True, slots=True)
class Besides:
    """What stands in the workbook beside the sums: sentences in a wording, the form's own where none is given; what was
    counted last year, with the agencies' predecessors; a report that was published, and how it differs."""

    wording: Wording | None = None
    before: Before | None = None
    heirs: Heirs = field(default_factory=dict)
    against: tuple[Published, tuple[Difference, ...]] | None = None


def summary_bytes(summary: Summary, besides: Besides | None = None, watch: Watch = iter) -> bytes:
    """The summary workbook; ValueError where nothing is counted, for then there is nothing to sum. `watch` sees the
    submissions as their rows are written."""
    buffer = io.BytesIO()
    write_summary(buffer, summary, besides, watch)
    return buffer.getvalue()


def write_summary(file: BinaryIO, summary: Summary, besides: Besides | None = None, watch: Watch = iter) -> None:
    """Write the summary workbook to a file, the same bytes, however many agencies there are: none of their rows is
    held. ValueError as above, before anything is written."""
    included = summary.included
    if not included:
        raise ValueError("a summary of no submission")
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, **PLAIN_TEXT})
    title = f"{summary.year} 年度{summary.title}" if summary.year else summary.title
    workbook.set_properties({"created": CREATED, "title": title})
    rows = _Drawing(workbook, summary, included, besides or Besides(), title).draw(watch)
    workbook.close()
    put_together(file, buffer.getvalue(), rows)


class _Drawing:
    """The workbook being drawn."""

    def __init__(
        self, workbook: xlsxwriter.Workbook, summary: Summary, included: Sequence[Submission], besides: Besides,
        title: str,
    ) -> None:  # fmt: skip
        self._workbook, self._summary, self._besides, self._title = workbook, summary, besides, title
        self._included, self._divisions = included, divisions(summary)
        self._sums, self._charts = _seen(summary, included, self._divisions)
        self._sentences = sentences(summary, besides.wording or wording_of(summary.book.form))
        before = besides.before
        self._carried = carry_overs(summary, before, besides.heirs, summary.roster) if before else ()
        self._listed = list(self._sheets())
        self._drawn = {name: workbook.add_worksheet(name) for name in (CONTENTS, *(name for name, _ in self._listed))}
        self._styles = Styles(workbook)
        self._detail = plan_detail(summary.book, len(included), self._divisions)

    def draw(self, watch: Watch) -> dict[str, Rows]:
        """All but the rows, which are returned by their sheets."""
        summary, styles = self._summary, self._styles
        draw_contents(self._workbook, self._drawn[CONTENTS], summary, self._listed, f"{self._title}（汇总）", styles)
        totals = TotalsSheet(self._workbook, self._drawn[TOTALS], summary.book, styles)
        totals.draw(f"{self._title}（汇总）", scope_of(summary), summary.values, self._detail)
        rows = {
            division.sheet: self._draw_division(division, sums)
            for division, sums in zip(self._divisions, self._sums, strict=True)
        }
        self._draw_besides()
        detail, count = DetailSheet(self._drawn[DETAIL], summary.book, self._detail, styles), lengths(summary)
        title, files = f"{self._title}（明细）", file_numbers(summary)
        rows[DETAIL] = detail.draw(watch(self._included), self._divisions, files, title)
        rows[PROBLEMS] = draw_problems(self._drawn[PROBLEMS], summary, styles, count.problems)
        rows[FILES] = draw_files(self._drawn[FILES], summary, styles)
        rows[ORIGINALS] = draw_originals(self._drawn[ORIGINALS], summary, styles, count.originals)
        rows[ROSTER] = draw_roster(self._drawn[ROSTER], summary, styles)
        for sheet in self._drawn.values():
            sheet.hide_gridlines(2)
        return rows

    def _sheets(self) -> Iterator[tuple[str, str]]:
        """Every sheet but the first, in order, with what is in it."""
        yield TOTALS, _ABOUT[TOTALS]
        for each in self._divisions:
            yield each.sheet, f"按{each.heading}的合计，一个一行；收录几家、应报几家；各行相加是否等于总数"
            yield each.tables, f"各个{each.heading}报表样式的合计，一个一页，最后是全部单位的"
        if self._besides.before is not None:
            yield YEARLY, "每个数与上年比：增减多少、百分之几，增减特别大的标红"
        if self._carried:
            yield CARRY, "上年结转下来的与今年转进来的差在哪些单位"
        if self._besides.against is not None:
            yield AGAINST, "与公布的或手工汇总的报表逐格核对，差在哪里，涉及哪些单位"
        if self._charts:
            yield CHARTS, "可以直接打印的图和画图所用的数"
        if self._sentences.lines or self._sentences.left_out:
            yield SENTENCES, "可以直接粘贴的文字，数已经填好"
        for name in (DETAIL, PROBLEMS, FILES, ORIGINALS, ROSTER):
            yield name, _ABOUT[name]

    def _draw_besides(self) -> None:
        summary, styles, title = self._summary, self._styles, self._title
        before, against = self._besides.before, self._besides.against
        if before is not None:
            draw_yearly(self._drawn[YEARLY], summary, before, styles, f"{title}（同比）")
            if self._carried:
                draw_carry(self._drawn[CARRY], summary, before, self._carried, styles, f"{title}（上年结转核对）")
        if against is not None:
            draw_against(self._drawn[AGAINST], summary, *against, styles, f"{title}（与公布数核对）")
        if CHARTS in self._drawn:
            totals = plan_totals(summary.book.form)
            sheet, heading = self._drawn[CHARTS], f"{title}（图表）"
            draw_charts(self._workbook, sheet, summary, self._detail, totals, styles, heading, self._charts)
        if SENTENCES in self._drawn:
            draw_sentences(self._drawn[SENTENCES], self._sentences, styles, f"{title}（文字稿）")

    def _draw_division(self, division: Division, sums: Sequence[Mapping[Key, Decimal]]) -> Rows:
        sheet, tables = self._drawn[division.sheet], self._drawn[division.tables]
        parts = PartsSheet(sheet, self._summary, division, sums, self._detail, self._styles)
        rows = parts.draw(f"{self._title}（{division.sheet}）")
        title = f"{self._title}（{division.tables}）"
        draw_blocks(tables, self._summary, division, sums, parts, self._detail, self._styles, title)
        return rows


def _seen(
    summary: Summary, included: Sequence[Submission], parted: Sequence[Division]
) -> tuple[list[list[dict[Key, Decimal]]], tuple[Shown, ...]]:
    """What one pass over the submissions tells: the totals of every division's parts, and the charts."""
    counting, sums = Counting(summary.book), [PartSums(summary.book, each) for each in parted]
    leaders = leaders_of(summary.book.form, counting.places)
    counting.show_all(included, [*sums, *leaders.values()])
    return [each.totals() for each in sums], shown_charts(summary, leaders)
