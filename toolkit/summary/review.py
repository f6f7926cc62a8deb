"""Files handed in -> audited readings: read, set beside last year's and the roster, every rule judged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path

from toolkit.audit.across import LastYear, expectation, with_prior
from toolkit.audit.checks import Rulebook
from toolkit.audit.packing import brief
from toolkit.audit.submission import Agency, Reading, Submission
from toolkit.audit.validate import audited
from toolkit.form.library import OFFICIAL, built_in, load_form
from toolkit.form.model import Form
from toolkit.summary.merge import Summary, merge
from toolkit.summary.opening import Way, open_places
from toolkit.work.spread import ALONE, Workers
from toolkit.workbook.known import Known, know
from toolkit.workbook.sources import Place, Remote, each_place


def review(
    places: Iterable[Place],
    known: Mapping[str, Known],
    *,
    last_year: LastYear | None = None,
    roster: Sequence[Agency] = (),
    workers: Workers | Executor = ALONE,
) -> Iterator[Reading]:
    """Each file's reading, in order, with every problem it shows alone or beside last year's figures and the roster; of
    a summary, a reading for each agency in it.

    `known` maps form codes to forms; `last_year` are earlier submissions by agency and year. The files are read by the
    `workers`, or by any executor.
    """
    for group in review_groups(places, known, last_year=last_year, roster=roster, workers=workers):
        yield from group


def review_groups(
    places: Iterable[Place],
    known: Mapping[str, Known],
    *,
    last_year: LastYear | None = None,
    roster: Sequence[Agency] = (),
    workers: Workers | Executor = ALONE,
    briefly: bool = False,
) -> Iterator[tuple[Reading, ...]]:
    """The same, the readings at each place together; `briefly` without prose, and so small that a hundred thousand can
    be kept."""
    expect = expectation(roster)
    way = Way(audits=not last_year, briefly=briefly and not last_year)
    for group in open_places(places, known, way, workers):
        if last_year:
            whole = (_beside(each, last_year) for each in group)
            group = tuple(brief(each) for each in whole) if briefly else tuple(whole)
        yield tuple(expect(each) for each in group)


def load_official() -> Known:
    """The built-in form of the 政府信息公开工作年度报告, made ready for reading and writing."""
    form = load_form(built_in()[OFFICIAL])
    if not isinstance(form, Form):
        raise RuntimeError(f"the built-in definition is broken: {form[0].message}")
    return know(form)


def load_earlier(
    path: Path | Remote, known: Mapping[str, Known], workers: Workers | Executor = ALONE
) -> list[Reading]:  # fmt: skip
    """Earlier years' reports in a file, folder or archive, summaries too, each audited by itself."""
    return [each for group in review_groups(each_place([path]), known, workers=workers, briefly=True) for each in group]


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


def _beside(reading: Reading, last_year: LastYear) -> Reading:
    return audited(with_prior(reading, last_year)) if isinstance(reading, Submission) else reading
