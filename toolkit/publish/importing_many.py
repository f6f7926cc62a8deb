"""Published reports at many places, each read into a workbook, by whoever has time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from functools import partial

from toolkit.audit.packing import Shared
from toolkit.audit.submission import Source, Unreadable
from toolkit.publish.importing import Given, Imported, import_file
from toolkit.publish.opening import REPORTS
from toolkit.work.spread import ALONE, Workers, spread
from toolkit.workbook.elsewhere import lost, ready_forms, shared_by, written_forms
from toolkit.workbook.known import Known
from toolkit.workbook.sources import Incoming, Place, open_file

Read = tuple[Imported | Unreadable, ...]


def import_places(
    places: Iterable[Place], known: Mapping[str, Known], given: Given, workers: Workers | Executor = ALONE
) -> Iterator[Read]:
    """What the reports at each place are read into, in the order of the places. One whose reading ends the process that
    reads it is unreadable; no other is lost."""
    if workers == ALONE:
        yield from (_import_place(place, known, given) for place in places)
        return
    shared = shared_by(known)
    instead: Callable[[Place], bytes] = partial(_lost, shared)
    for data in spread(partial(_import_elsewhere, written_forms(known), given), places, workers, instead):
        found: Read = shared.loads(data)
        yield found


def _import_place(place: Place, known: Mapping[str, Known], given: Given) -> Read:
    return tuple(
        Unreadable(Source(file.name, ""), (file.problem,))
        if file.problem is not None
        else import_file(file.data, file.name, known, given)
        for file in open_file(place, wanted=REPORTS)
    )


def _import_elsewhere(forms: bytes, given: Given, place: Place) -> bytes:
    known = ready_forms(forms)
    return shared_by(known).dumps(_import_place(place, known, given))


def _lost(shared: Shared, place: Place) -> bytes:
    return shared.dumps((lost(place.name if isinstance(place, Incoming) else str(place)),))
