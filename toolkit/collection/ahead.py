"""Files read ahead of being taken in, by whoever has time: each with its bytes, for what was read is what is kept."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from toolkit.audit.packing import small
from toolkit.audit.submission import Reading
from toolkit.work.spread import ALONE, Workers, spread
from toolkit.workbook.archives import is_archive
from toolkit.workbook.elsewhere import lost, ready_forms, shared_by, written_forms
from toolkit.workbook.intake import read_submission
from toolkit.workbook.known import Known
from toolkit.workbook.sources import Incoming, Place, open_file


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it came, and what was read in it; None where it could not even be opened."""

    incoming: Incoming
    reading: Reading | None


def open_ahead(
    places: Iterable[Place], forms: Mapping[str, Known], within: str, workers: Workers | Executor = ALONE
) -> Iterator[Iterator[Opened]]:
    """The files at each place, in the order of the places, an archive's in the order they were saved. Files are called
    by their path without the beginning `within`."""
    if workers == ALONE:
        yield from (_open(place, forms, within) for place in places)
        return
    shared, listed = shared_by(forms), list(places)
    function = partial(_open_elsewhere, written_forms(forms), within)
    for place, data in zip(listed, spread(function, listed, workers, _nothing), strict=True):
        if isinstance(place, Incoming) or is_archive(str(place)):
            yield _open(place, forms, within)
        elif data:
            found: list[Opened] = shared.loads(data)
            yield iter(found)
        else:
            yield (_lost(each, within) for each in open_file(place, by_date=True))


def _open(place: Place, forms: Mapping[str, Known], within: str) -> Iterator[Opened]:
    for found in open_file(place, by_date=True):
        file = Incoming(found.name.removeprefix(within), found.data, found.problem)
        yield Opened(file, None if file.problem else small(read_submission(file.data, file.name, forms)))


def _open_elsewhere(forms: bytes, within: str, place: Place) -> bytes:
    """The same in another process; an archive, which may be large, is left to whoever asked."""
    if isinstance(place, Incoming) or is_archive(str(place)):
        return b""
    known = ready_forms(forms)
    return shared_by(known).dumps(list(_open(place, known, within)))


def _nothing(_: Place) -> bytes:
    return b""


def _lost(found: Incoming, within: str) -> Opened:
    name = found.name.removeprefix(within)
    return Opened(Incoming(name, found.data, found.problem), lost(name, sha256(found.data).hexdigest()))
