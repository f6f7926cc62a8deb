"""A place -> the readings in it: one of a workbook, one for each agency of a summary; here, or wherever it is done.

What goes to another process are the forms, once, and a place; what comes back are the readings, small. The forms are
made ready there only once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from toolkit.audit.packing import Shared, brief
from toolkit.audit.submission import Reading, Source, Submission, Unreadable
from toolkit.audit.validate import audited
from toolkit.work.spread import ALONE, Workers, spread
from toolkit.workbook.elsewhere import lost, ready_forms, shared_by, written_forms
from toolkit.workbook.intake import read_submission
from toolkit.workbook.known import Known
from toolkit.workbook.sources import Incoming, Place, open_file


@dataclass(frozen=True, slots=True)
class Way:
    """What is done to each file besides reading it: whether it is audited, and whether it is kept small."""

    audits: bool = True
    briefly: bool = False


def open_places(
    places: Iterable[Place], known: Mapping[str, Known], way: Way, workers: Workers | Executor = ALONE
) -> Iterator[tuple[Reading, ...]]:
    """The readings at each place, in the order of the places. A file whose reading ends the process that reads it is
    unreadable; no other is lost."""
    if workers == ALONE:
        yield from (open_place(place, known, way) for place in places)
        return
    if isinstance(workers, Workers) and workers.start is not None:
        places = map(_with_bytes, places)  # who works elsewhere does not see this computer's files
    shared = shared_by(known)
    instead: Callable[[Place], bytes] = partial(_lost, shared)
    for data in spread(partial(_open_elsewhere, written_forms(known), way), places, workers, instead):
        readings: tuple[Reading, ...] = shared.loads(data)
        yield readings


def open_place(place: Place, known: Mapping[str, Known], way: Way) -> tuple[Reading, ...]:
    """The readings of the files at one place; `known` maps form codes to forms."""
    readings = (reading for file in open_file(place) for reading in _readings(file, known))
    return tuple(_done(reading, way) for reading in readings)


def _done(reading: Reading, way: Way) -> Reading:
    if way.audits and isinstance(reading, Submission):
        reading = audited(reading)
    return brief(reading) if way.briefly else reading


def _readings(file: Incoming, known: Mapping[str, Known]) -> Iterator[Reading]:
    """What a file says: a summary workbook is taken for an archive of its agencies' files."""
    if file.problem is not None:
        yield Unreadable(Source(file.name, ""), (file.problem,))
        return
    reading = read_submission(file.data, file.name, known)
    if isinstance(reading, Submission) and reading.stamp is not None and reading.stamp.form:
        yield reading
        return
    from toolkit.summary.reading import read_summary  # which loads what writes summaries, and is seldom needed

    rows = read_summary(file.data, file.name, known)
    yield from (reading,) if rows is None else rows


def _open_elsewhere(forms: bytes, way: Way, place: Place) -> bytes:
    """`open_place` in a process that knows no forms yet."""
    known = ready_forms(forms)
    return shared_by(known).dumps(open_place(place, known, way))


def _with_bytes(place: Place) -> Place:
    """A file of this computer opened, any other left to be."""
    return next(open_file(place)) if isinstance(place, Path) else place


def _lost(shared: Shared, place: Place) -> bytes:
    return shared.dumps((lost(place.name if isinstance(place, Incoming) else str(place)),))
