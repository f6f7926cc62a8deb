"""A published report -> a completed workbook of the form, and everything that has to be said about how it was read.

What is certain is filled in as it was published, wrong totals too; what is not stays blank and is told with its line.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from toolkit.audit.checks import Rulebook, compute
from toolkit.audit.numbers import Content, Figure, Kind, printed, understand
from toolkit.audit.submission import Agency, Reading, Source, Submission, Unreadable
from toolkit.audit.validate import audited
from toolkit.form.model import Field, Form, Key, Table
from toolkit.form.parts import printed_parts, title_of
from toolkit.problems import Problem, Severity, Where
from toolkit.publish.document import Document, Line
from toolkit.publish.identity import Identity, Signature, identify, signed
from toolkit.publish.opening import read_document
from toolkit.publish.outline import TO_BE_WRITTEN
from toolkit.publish.paragraphs import joined
from toolkit.publish.scanning import Written
from toolkit.publish.sections import Section, Sections, split
from toolkit.publish.tables import TableFigures, read_table, written_keys
from toolkit.workbook.drawing import MOST_TEXT
from toolkit.workbook.intake import read_submission
from toolkit.workbook.known import Known
from toolkit.workbook.package import Refused
from toolkit.workbook.template import Filling, Issue, template_bytes

_MOST_REMARKS = 2_000
_NOBODY = Agency("", "")
_LOOK = "请对照原件核对；不对的，在生成的工作簿里改正。"


@dataclass(frozen=True, slots=True)
class Given:
    """What the one who reads a report in says of it, empty or None where nothing is said; `codes` are those of agencies
    by name."""

    agency: Agency = _NOBODY
    year: int | None = None
    codes: Mapping[str, str] = field(default_factory=dict)


NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Imported:
    """A report read in: the workbook, the same read back and audited with all problems of reading the report first, the
    day it was signed, and how many of its printed figures were placed."""

    workbook: bytes
    reading: Reading
    day: date | None
    placed: int


@dataclass(slots=True)
class _Notes:
    """What is gathered while a report is read."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    remarks: dict[str, list[str]] = field(default_factory=dict)

    def tell(
        self, code: str, severity: Severity, message: str, hint: str, where: Where | None = None,
        keys: Iterable[Key] = (), found: str | None = None,
    ) -> None:  # fmt: skip
        place = where or Where(self.file)
        self.problems.append(Problem(place, code, severity, message, hint, tuple(map(str, keys)), found=found))


def import_file(data: bytes, file: str, known: Mapping[str, Known], given: Given = NOTHING) -> Imported | Unreadable:
    """The workbook of the report in these bytes, of the one of the known forms that most of its sections are of; why
    there is none, where there is none. `file` is how messages call it."""
    try:
        document = read_document(data, file)
        best = max(known.values(), key=lambda each: len(split(document.lines, each.book.form).sections))
        return import_report(document, best, given)
    except Refused as refused:
        source = Source(file, hashlib.sha256(data).hexdigest())
        problem = Problem(Where(file), refused.code, Severity.ERROR, refused.message, refused.hint)
        return Unreadable(source, (problem,))


def import_report(document: Document, known: Known, given: Given = NOTHING) -> Imported:
    """The workbook of a report; Refused (`not-a-report`) where nothing in it is of this form."""
    form, notes = known.book.form, _Notes(document.file)
    sections = split(document.lines, form)
    if not any(isinstance(section.part, Table) for section in sections.sections):
        raise Refused(
            "not-a-report", f"这里找不到“{form.title}”的任何一张表。", "请换成报告的全文；扫描件请先识别成文字。"
        )
    _tell_headings(sections, form, notes)
    tables = [_table(known.book, table, sections, notes) for table in form.tables]
    narrative, signature = _narrative(sections, form, notes)
    identity = _settled(identify(sections.front, signature, form.title), given, notes)
    written = written_keys(tables)
    figures, totals = _figures(known.book, written, notes)
    filling = Filling(
        figures=figures,
        totals=totals,
        narrative=narrative,
        remarks={name: "\n".join(told)[:_MOST_REMARKS] for name, told in notes.remarks.items()},
        agency=Agency(identity.agency, given.agency.code or given.codes.get(identity.agency, "")),
        year=identity.year,
    )
    workbook = template_bytes(known, Issue(), filling)
    return Imported(workbook, _read_back(workbook, document, known, notes), identity.day, len(written))


def _read_back(workbook: bytes, document: Document, known: Known, notes: _Notes) -> Reading:
    """The workbook read as any other is, under the report's name; what was met in reading the report comes first."""
    reading = read_submission(workbook, document.file, {known.book.form.code: known})
    if not isinstance(reading, Submission):
        return reading
    found = audited(replace(reading, source=Source(document.file, document.sha256)))
    return replace(found, problems=(*notes.problems, *map(_with_way_out, found.problems)))


def _with_way_out(problem: Problem) -> Problem:
    """A problem of the cover told as it can be mended here."""
    ways = {
        "unknown-agency": "报告的标题和落款里没有单位名称；请加 --agency 写明后重新读入，或在生成的工作簿封面补填。",
        "wrong-year": "报告的标题和落款里没有可用的年度；请加 --year 写明后重新读入，或在生成的工作簿封面补填。",
    }
    return replace(problem, hint=ways[problem.code]) if problem.code in ways else problem


def _tell_headings(sections: Sections, form: Form, notes: _Notes) -> None:
    """Say which sections are worded otherwise, and which are not there."""
    for section in sections.sections:
        if section.is_reworded:
            told = f"标题应为“{title_of(section.part)}”，现为“{section.heading.text[:40]}”；按它的序号读取。"
            notes.tell("label-changed", Severity.WARNING, told, _LOOK, section.heading.where)
    for part in printed_parts(form):
        if isinstance(part, Field) and not sections.of(part):
            hint = "请在生成的工作簿里补写。"
            notes.tell("not-printed", Severity.WARNING, f"报告里没有找到“{part.label}”这一部分。", hint)


def _table(book: Rulebook, table: Table, sections: Sections, notes: _Notes) -> TableFigures:
    """One table, its pages and repetitions together."""
    lines = [line for section in sections.of(table) for line in section.lines]
    read = read_table(book, table, lines, notes.file)
    notes.problems += read.problems
    if read.left_out:
        told = "由公布的报告读入，下列数不能确定位置，没有填入："
        notes.remarks.setdefault(table.name, []).append(told + "；".join(read.left_out))
    return read


def _narrative(sections: Sections, form: Form, notes: _Notes) -> tuple[dict[str, str], Signature]:
    """The prose of each section, and the signature, which stands at the end of the last section."""
    texts: dict[str, str] = {}
    last = sections.sections[-1]
    signature = signed(last.lines)
    _tell_behind(signature.behind, notes)
    for each in form.narratives:
        found = [section for section in sections.of(each) if section.lines]
        lines = found[-1].lines if found else ()
        _tell_again(found[:-1], each.label, notes)
        text = joined(lines[: signature.before] if found and found[-1] is last else lines)
        if len(text) > MOST_TEXT:
            told = f"“{each.label}”有 {len(text)} 个字，一格装不下，只取前 {MOST_TEXT} 个。"
            notes.tell("oversized", Severity.WARNING, told, "请对照原件，把文字缩短后补上要紧的。")
        texts[each.name] = "" if text == TO_BE_WRITTEN else text[:MOST_TEXT]
    return texts, signature


def _tell_again(sections: Sequence[Section], label: str, notes: _Notes) -> None:
    """Say what stands under a heading that is printed again further down, where the text is read from."""
    for section in sections:
        first = section.lines[0]
        told = f"“{label}”印了不止一处，这一处有 {len(section.lines)} 行没有读入：“{first.text[:40]}”。"
        notes.tell("unplaced", Severity.WARNING, told, _LOOK, first.where, found=first.text[:200])


def _tell_behind(lines: tuple[Line, ...], notes: _Notes) -> None:
    if lines:
        told = f"落款后面还有 {len(lines)} 行，没有读入：“{lines[0].text[:40]}”。"
        notes.tell(
            "unplaced", Severity.NOTICE, told, "不是报告正文的不必处理。", lines[0].where, found=lines[0].text[:200]
        )


def _settled(identity: Identity, given: Given, notes: _Notes) -> Identity:
    """Who and when, as the report says; the agency as it was given, where one was. A year that was given counts only
    where the report tells none."""
    for doubt in identity.doubts:
        notes.tell("unplaced", Severity.WARNING, doubt, "请加 --agency 或 --year 写明后重新读入。")
    agency, year = given.agency.name or identity.agency, identity.year or given.year
    if given.agency.name and identity.agency and identity.agency != given.agency.name:
        told = f"报告里的单位是“{identity.agency}”，按写明的“{given.agency.name}”填入。"
        notes.tell("wrong-agency", Severity.NOTICE, told, "请核对是不是同一个单位。")
    if given.year and identity.year and identity.year != given.year:
        told = f"报告写的是 {identity.year} 年度，不是 {given.year} 年度；按报告填入。"
        notes.tell("wrong-year", Severity.ERROR, told, "请核对是不是放错了报告。")
    return replace(identity, agency=agency, year=year)


def _figures(
    book: Rulebook, written: Mapping[Key, Written], notes: _Notes
) -> tuple[dict[Key, Decimal], dict[Key, Decimal]]:
    """The typed figures, and the totals that differ from what they add up to."""
    understood = {key: _understood(book, key, each, notes) for key, each in written.items()}
    values = {key: figure.value for key, figure in understood.items() if figure.value is not None}
    typed = {key: value for key, value in values.items() if key not in book.computed}
    return typed, _totals(book, typed, {key: value for key, value in values.items() if key in book.computed})


def _totals(book: Rulebook, typed: Mapping[Key, Decimal], printed_totals: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """The printed totals that a formula in their place would not show."""
    over: dict[Key, Decimal] = {}
    by_detail = compute(book, typed)
    for key in book.computed:
        if key in printed_totals and {by_detail[key], compute(book, typed, over)[key]} != {printed_totals[key]}:
            over[key] = printed_totals[key]
    return over


def _understood(book: Rulebook, key: Key, written: Written, notes: _Notes) -> Figure:
    """The figure that a text stands for. One below 0 or with too many decimals is kept: the audit will tell it."""
    cell = book.cells[key]
    figure = understand(Content(Kind.TEXT, written.text), cell.decimals)
    called = f"{book.form.table(key.table).short}的“{cell.row.short}·{cell.column.short}”"
    where = written.spot.line.where
    if figure.value is None:
        told = f"{called}印的是「{written.text[:40]}」，不是数字，留作空白。"
        hint = "没有的请在生成的工作簿里填 0。"
        notes.tell("not-a-number", Severity.ERROR, told, hint, where, (key,), written.text[:200])
    elif not written.text.isascii() or figure.remark:
        told = f"{called}印的是「{written.text[:40]}」，按 {printed(figure.value)} 读取"
        notes.tell("normalised", Severity.NOTICE, f"{told}。", "不必处理。", where, (key,), written.text[:200])
    if figure.remark:
        notes.remarks.setdefault(key.table, []).append(f"{cell.row.short}·{cell.column.short}：{figure.remark}")
    return figure
