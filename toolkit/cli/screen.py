"""What a person reads on the screen: problems, verdicts, rules. Text from files never reaches the terminal raw."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import click

from toolkit.audit.checks import Check, Rulebook
from toolkit.audit.formulas import check_formula, computed_formula
from toolkit.audit.numbers import printed
from toolkit.audit.submission import Reading, Submission
from toolkit.form.layout import Layout
from toolkit.form.model import Key, Rule
from toolkit.problems import Problem, Severity
from toolkit.summary.merge import Summary

_STATUS = {"clean": ("√", "相符", "green"), "warnings": ("○", "有提示", "yellow"), "errors": ("×", "有错误", "red")}
_UNREADABLE = ("×", "读不出", "red")
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "cyan"}


def plain(text: str) -> str:
    """A text without control characters, which a terminal would obey."""
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else letter for letter in text)


def reading_lines(reading: Reading) -> Iterator[str]:
    """One file: its verdict, then each problem with its way out."""
    mark, word, colour = _STATUS.get(reading.status, _UNREADABLE)
    name = f"{reading.agency} " if reading.agency.identity else ""
    yield click.style(f"{mark} {word}", fg=colour, bold=True) + f"  {plain(name)}{plain(reading.source.file)}"
    for problem in reading.problems:
        yield from problem_lines(problem)


def problem_lines(problem: Problem) -> Iterator[str]:
    """One problem: its severity and message, then the way out; a caret under an equation keeps its column."""
    label = click.style(f"[{problem.severity.label}]", fg=_COLOURS[problem.severity])
    place = f"{problem.where}：" if problem.where.line is not None else ""
    first, *more = (place + problem.message).split("\n")
    yield f"  {label} {plain(first)}"
    yield from (f"      {plain(line)}" for line in more)
    yield f"         → {plain(problem.hint)}"


def counted_lines(summary: Summary) -> Iterator[str]:
    """What is to be said of each file of a summary: why it is left out, or that it is counted in spite of errors."""
    for entry in summary.entries:
        if entry.remark:
            word = "收录" if entry.is_included else "未收录"
            yield f"{word} {plain(entry.reading.source.file)}：{plain(entry.remark)}"


def total_line(readings: Sequence[Reading]) -> str:
    """How many files of each status."""
    statuses = [reading.status for reading in readings]
    words = {"clean": "相符", "warnings": "有提示", "errors": "有错误", "unreadable": "读不出"}
    counted = "，".join(f"{word} {statuses.count(status)}" for status, word in words.items())
    return f"共 {len(readings)} 份：{counted}。"


def submission_lines(submission: Submission) -> Iterator[str]:
    """One workbook as understood: who, when, every figure that is not 0, every text."""
    yield f"单位名称：{plain(submission.agency.name) or '（空白）'}"
    yield f"统一社会信用代码：{plain(submission.agency.code) or '（空白）'}"
    yield f"年度：{submission.year or '（空白）'}"
    for table in submission.book.form.tables:
        declared = "（声明空白格均为零）" if table.name in submission.declared_zero else ""
        yield f"{table.title}{declared}"
        values = {key: submission.values[key] for key in submission.book.cells if key.table == table.name}
        shown = {key: value for key, value in values.items() if value}
        yield from (f"  {_called(submission.book, key)}：{printed(value)}" for key, value in shown.items())
        unknown = sum(value is None for value in values.values())
        yield f"  其余 {len(values) - len(shown) - unknown} 格为 0，{unknown} 格空白或读不出"
    for field in submission.book.form.narratives:
        yield f"{field.label}：{plain(submission.narrative.get(field.name, '')) or '（空白）'}"


def rule_lines(book: Rulebook, layout: Layout, rule: Rule) -> Iterator[str]:
    """One rule in words, and for each of its checks the cell and the Excel formula."""
    explained = "，可在“核对”页说明" if rule.explainable else ""
    kind = "合计格，自动计算" if rule.computes else f"{rule.severity.label}{explained}"
    yield click.style(f"{rule.id}  {rule.title}（{kind}）", bold=True)
    yield f"  {rule.sentence}"
    yield f"  写法：{rule.equation.text}"
    for check in book.checks_of(rule):
        area = layout.cells[check.left[0][1]]
        yield f"  {area.sheet} {area.cell}（{check.along.short}）  {_formula(book, layout, check)}"


def _formula(book: Rulebook, layout: Layout, check: Check) -> str:
    declaration = layout.plan(check.rule.table).declaration
    zero = None if declaration is None else declaration.fixed
    key = check.left[0][1]
    if book.computed.get(key) is check:
        return computed_formula(check, lambda each: layout.cells[each].cell, zero=zero)
    return check_formula(check, lambda each: layout.cells[each].cell, zero=zero)


def _called(book: Rulebook, key: Key) -> str:
    cell = book.cells[key]
    return f"{cell.row.short}·{cell.column.short}"


def join(lines: Iterable[str]) -> str:
    """Lines as one text."""
    return "\n".join(lines)
