"""A report as it is published: its title, its sections in the form's order, who signs it and when. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from toolkit.audit.numbers import printed
from toolkit.audit.submission import Submission
from toolkit.form.model import Field, Form, Key, Table
from toolkit.form.parts import printed_parts, title_of
from toolkit.publish.printed import PrintedTable, printed_table
from toolkit.publish.prose import line_of, paragraphs_of

TO_BE_WRITTEN = "（请补写。）"
DRAFT = "草稿"

_NO_AGENCY, _NO_YEAR = "（未填单位）", "（未填年度）"
_OPEN_DAY = "　　年　月　日"


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its heading, and either paragraphs or a table."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: PrintedTable | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report ready to be drawn; nothing in its texts but characters that can be seen.

    `agency` and `subject` (`2025年…年度报告`) are the two parts of its title, at which it may be broken; `day` is the
    date as printed; a draft is marked on every page.
    """

    agency: str
    subject: str
    sections: tuple[Section, ...]
    day: str
    is_draft: bool = False

    @property
    def title(self) -> str:
        """The title in one line."""
        return self.agency + self.subject

    @property
    def unwritten(self) -> tuple[str, ...]:
        """The headings of the sections whose prose is still to be written."""
        return tuple(each.heading for each in self.sections if TO_BE_WRITTEN in each.paragraphs)


def report_of(submission: Submission, day: date | None = None, *, draft: bool = False) -> Report:
    """The report of one agency, as its workbook shows it; where prose is missing, that is what stands there."""

    def figure(key: Key) -> str:
        value = submission.overwritten.get(key, submission.values.get(key))
        return line_of(submission.raws.get(key, "")) if value is None else printed(value)

    form, agency = submission.book.form, submission.agency
    texts = {name: paragraphs_of(text) for name, text in submission.narrative.items()}
    sections = _sections(form, figure, texts)
    return Report(line_of(agency.name or agency.code) or _NO_AGENCY, _subject(form, submission.year), sections,
                  printed_day(day), draft)  # fmt: skip


def report_of_totals(
    form: Form, totals: Mapping[Key, Decimal], sentences: Sequence[str], unit: str, year: int | None,
    day: date | None = None, *, draft: bool = False,
) -> Report:  # fmt: skip
    """The consolidated report of a unit: the totals of every cell, and ready sentences as the first section's prose."""
    ready = tuple(filter(None, map(line_of, sentences)))
    first = next((part for part in printed_parts(form) if isinstance(part, Field)), None)
    texts = {} if first is None else {first.name: ready}
    sections = _sections(form, lambda key: printed(totals[key]), texts)
    return Report(line_of(unit) or _NO_AGENCY, _subject(form, year), sections, printed_day(day), draft)


def printed_day(day: date | None) -> str:
    """`2026年1月20日`; room to fill it in where no day is given."""
    return _OPEN_DAY if day is None else f"{day.year}年{day.month}月{day.day}日"


def _sections(
    form: Form, figure: Callable[[Key], str], texts: Mapping[str, tuple[str, ...]]
) -> tuple[Section, ...]:  # fmt: skip
    """Tables and prose in the order in which they are printed."""
    sections = []
    for part in printed_parts(form):
        heading = line_of(title_of(part))
        if isinstance(part, Table):
            sections.append(Section(heading, table=printed_table(part, figure)))
        else:
            sections.append(Section(heading, texts.get(part.name) or (TO_BE_WRITTEN,)))
    return tuple(sections)


def _subject(form: Form, year: int | None) -> str:
    return (_NO_YEAR if year is None else f"{year}年") + line_of(form.title)
