"""Files handed in -> audited readings: read, set beside last year's and the roster, every rule judged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from toolkit.audit.across import LastYear, expectation, with_prior
from toolkit.audit.checks import Rulebook
from toolkit.audit.submission import Agency, Reading, Source, Submission, Unreadable
from toolkit.audit.validate import audited
from toolkit.form.library import OFFICIAL, built_in, load_form
from toolkit.form.model import Form
from toolkit.summary.merge import Summary, merge
from toolkit.summary.reading import read_summary
from toolkit.workbook.intake import Known, know, read_submission
from toolkit.workbook.sources import Incoming, find_files


def review(
    incoming: Iterable[Incoming],
    known: Mapping[str, Known],
    *,
    last_year: LastYear | None = None,
    roster: Sequence[Agency] = (),
) -> Iterator[Reading]:
    """Each file's reading, in order, with every problem it shows alone or beside last year's figures and the roster; of
    a summary, a reading for each agency in it.

    `known` maps form codes to forms; `last_year` are earlier submissions by agency and year.
    """
    expect = expectation(roster)
    for file in opened(incoming, known):
        reading = file.read or Unreadable(Source(file.name, ""), ())
        if isinstance(reading, Submission):
            reading = audited(with_prior(reading, last_year or {}))
        yield expect(reading)


def opened(incoming: Iterable[Incoming], known: Mapping[str, Known]) -> Iterator[Incoming]:
    """The same files, read but not yet audited, a summary workbook as if it were an archive of its agencies' files."""
    for file in incoming:
        if file.read is not None:
            yield file
        elif file.problem is not None:
            yield replace(file, read=Unreadable(Source(file.name, ""), (file.problem,)))
        else:
            yield from _opened(file, known)


def load_official() -> Known:
    """The built-in form of the 政府信息公开工作年度报告, made ready for reading and writing."""
    form = load_form(built_in()[OFFICIAL])
    if not isinstance(form, Form):
        raise RuntimeError(f"the built-in definition is broken: {form[0].message}")
    return know(form)


def load_earlier(path: Path, known: Mapping[str, Known]) -> list[Reading]:
    """Earlier years' reports in a file, folder or archive, summaries too, each audited by itself."""
    return list(review(find_files([path]), known))


def earlier_summaries(book: Rulebook, readings: Iterable[Reading], year: int | None) -> dict[int, Summary]:
    """The summary of each year before one, of those of the same form. What had errors counts as it was reported: it was
    published so, and a year without it would be no year."""
    by_year: dict[int, list[Reading]] = {}
    for each in readings:
        if isinstance(each, Submission) and each.year is not None and each.book.form.id == book.form.id:
            by_year.setdefault(each.year, []).append(each)
    found = {
        at: merge(book, those, year=at, include_broken=True)
        for at, those in sorted(by_year.items())
        if year is None or at < year
    }
    return {at: summary for at, summary in found.items() if summary.included}


def _opened(file: Incoming, known: Mapping[str, Known]) -> Iterator[Incoming]:
    reading = read_submission(file.data, file.name, known)
    is_ours = isinstance(reading, Submission) and reading.stamp is not None and reading.stamp.form
    rows = None if is_ours else read_summary(file.data, file.name, known)
    if rows is None:
        yield replace(file, read=reading)
    else:
        yield from (Incoming(row.source.file, read=row) for row in rows)
