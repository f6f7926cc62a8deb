"""Files handed in -> audited readings: read, set beside last year's and the roster, every rule judged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from toolkit.audit.across import LastYear, by_identity, expectation, with_prior
from toolkit.audit.submission import Agency, Reading, Source, Submission, Unreadable
from toolkit.audit.validate import audited
from toolkit.form.library import OFFICIAL, built_in, load_form
from toolkit.form.model import Form
from toolkit.workbook.intake import Known, know, read_submission
from toolkit.workbook.sources import Incoming, find_files


def review(
    incoming: Iterable[Incoming],
    known: Mapping[str, Known],
    *,
    last_year: LastYear | None = None,
    roster: Sequence[Agency] = (),
) -> Iterator[Reading]:
    """Each file's reading, in order, with every problem it shows alone or beside last year's figures and the roster.

    `known` maps form codes to forms; `last_year` is what `load_last_year` found.
    """
    expect = expectation(roster)
    for file in incoming:
        reading = _read(file, known)
        if isinstance(reading, Submission):
            reading = audited(with_prior(reading, last_year or {}))
        yield expect(reading)


def load_official() -> Known:
    """The built-in form of the 政府信息公开工作年度报告, made ready for reading and writing."""
    form = load_form(built_in()[OFFICIAL])
    if not isinstance(form, Form):
        raise RuntimeError(f"the built-in definition is broken: {form[0].message}")
    return know(form)


def load_last_year(path: Path, known: Mapping[str, Known]) -> tuple[LastYear, list[Unreadable]]:
    """Last year's submissions by agency and year from a file, folder or archive, and the files that yield none."""
    readings = [_read(file, known) for file in find_files([path])]
    return by_identity(readings), [each for each in readings if isinstance(each, Unreadable)]


def _read(file: Incoming, known: Mapping[str, Known]) -> Reading:
    if file.problem is not None:
        return Unreadable(Source(file.name, ""), (file.problem,))
    return read_submission(file.data, file.name, known)
