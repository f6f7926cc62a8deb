"""Taking in what came: every file is read, kept and put on the record before anything else happens to it."""

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.audit.submission import Reading, Source, Submission, Unreadable
from toolkit.collection.ahead import Opened, open_ahead
from toolkit.collection.folder import Collection
from toolkit.collection.judging import Judge
from toolkit.collection.ledger import Ledger
from toolkit.collection.roster import Member, Roster
from toolkit.problems import Problem, Severity, Where
from toolkit.work.spread import ALONE, Workers
from toolkit.workbook.saving import file_stem
from toolkit.workbook.sources import Incoming, Place, Remote, called, list_files, open_file, real

STILL_COMING = 60.0  # seconds after which a file that cannot be read will not get better


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one file: `filing` is its number in the ledger, None where it was there before or could not be
    taken in; `reading` is audited; `earlier` is how many files of that agency it takes the
    place of."""

    file: str
    reading: Reading
    member: Member | None = None
    filing: int | None = None
    earlier: int = 0
    was_there: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether its bytes are in the ledger."""
        return self.filing is not None or self.was_there

    @property
    def is_sound(self) -> bool:
        """Whether it is kept and has no errors of its own."""
        return self.is_kept and self.reading.status in ("clean", "warnings")

    @property
    def brief(self) -> "Receipt":
        """The same without the figures, to be kept in thousands."""
        reading = self.reading
        if not isinstance(reading, Submission):
            return self
        bare = replace(reading, values={}, places={}, overwritten={}, notes={}, narrative={}, explanations={})
        return replace(self, reading=bare)


def places_to_collect(collection: Collection, paths: Sequence[Path | Remote]) -> list[Place]:
    """The files at these paths, or in the inbox where none is given, those saved first first, wherever they lie: of two
    files of an agency the later one counts. An inbox may be empty."""
    inbox = collection.place("inbox")
    found = sorted(list_files(paths or [inbox]), key=_saved_at)
    return [place for place in found if paths or not _is_empty(place, inbox)]


class Collecting:
    """One run of taking files in."""

    def __init__(self, collection: Collection, roster: Roster, ledger: Ledger, *, again: bool = False) -> None:
        self._collection, self._ledger, self._again = collection, ledger, again
        self._judge = Judge(roster, collection.year, ledger.priors())
        self._issued = {each.sha256 for each in ledger.issues()}
        self._inbox = real(collection.place("inbox"))
        self._within = f"{called(collection.place('inbox'))}{os.sep}"
        self.stuck: list[Path] = []
        self._counts: dict[str, int] = {}
        for filing in ledger.filings():
            member = self._judge.attribute(filing.agency, filing.issued_to).member if filing.is_readable else None
            self._count(member, filing.year)

    def take_all(self, places: Sequence[Place], workers: Workers | Executor = ALONE) -> Iterator[Iterator[Receipt]]:
        """The files at each place, taken in one after the other, whoever reads them; each is safe when its receipt
        comes."""
        opened = open_ahead(places, self._collection.forms, self._within, workers)
        for place, files in zip(places, opened, strict=True):
            yield self.take(place, files)

    def take(self, place: Place, files: Iterator[Opened] | None = None) -> Iterator[Receipt]:
        """Each file at a place, taken in; when a receipt comes, its file is safe. What lies in the inbox is moved to
        `received` once all of it is."""
        lies_within = isinstance(place, Path) and real(place).is_relative_to(self._inbox)
        is_fresh = lies_within and _is_fresh(place)
        kept, hashes = True, []
        for file in files or next(open_ahead([place], self._collection.forms, self._within)):
            receipt = self._take(file, is_fresh=is_fresh)
            kept = kept and receipt.is_kept
            hashes.append(_hash(file.incoming))
            yield receipt
        if isinstance(place, Path) and lies_within and kept and hashes:
            self._move_out(place, hashes)

    def _take(self, file: Opened, *, is_fresh: bool) -> Receipt:
        incoming, reading = file.incoming, file.reading
        name = incoming.name
        if incoming.problem is not None or reading is None:
            problems = () if incoming.problem is None else (incoming.problem,)
            return Receipt(name, Unreadable(Source(name, ""), problems))
        if _hash(incoming) in self._issued:
            return Receipt(name, Unreadable(Source(name, _hash(incoming)), (_unfilled(name),)))
        if is_fresh and reading.status == "unreadable":
            return Receipt(name, Unreadable(reading.source, (_unfinished(name, reading.problems[0].code),)))
        member, told = self._judge.judge(reading)
        filing = self._ledger.record_filing(incoming.data, reading, told, again=self._again)
        if filing is None:
            return Receipt(name, told, member, was_there=True)
        return Receipt(name, told, member, filing, self._count(member, told.year))

    def _count(self, member: Member | None, year: int | None) -> int:
        """How many files of an agency this one takes the place of; none where it is of another year."""
        if member is None or year != self._collection.year:
            return 0
        count = self._counts.get(member.agency.code, 0)
        self._counts[member.agency.code] = count + 1
        return count

    def _move_out(self, place: Path, hashes: list[str]) -> None:
        """Move what is safe from the inbox to `received`; back again where it is not what was read: somebody saved a
        newer one over it meanwhile."""
        try:
            goal = _free(self._collection.place("received") / real(place).relative_to(self._inbox))
            goal.parent.mkdir(parents=True, exist_ok=True)
            place.rename(goal)
            if [_hash(incoming) for incoming in open_file(goal, by_date=True)] != hashes:
                goal.rename(place if not place.exists() else _free(place))
        except OSError:
            self.stuck.append(place)


def _hash(incoming: Incoming) -> str:
    return hashlib.sha256(incoming.data).hexdigest()


def _saved_at(place: Place) -> tuple[float, str]:
    if not isinstance(place, Path):
        return float("inf"), place.name if isinstance(place, Incoming) else str(place)
    try:
        return place.stat().st_mtime, str(place)
    except OSError:
        return float("inf"), str(place)


def _is_fresh(place: Place) -> bool:
    """Whether a file was saved so lately that it may still be on its way."""
    age = time.time() - _saved_at(place)[0]
    return 0 <= age < STILL_COMING


def _is_empty(place: Place, inbox: Path) -> bool:
    """Whether this says nothing but that the inbox is empty."""
    problem = place.problem if isinstance(place, Incoming) else None
    return problem is not None and problem.code == "nothing-found" and problem.where.file == called(inbox)


def _free(path: Path) -> Path:
    """The path, or the same with a number where there is something already."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_name(f"{file_stem(path.stem, 'x')}-{number}{path.suffix}")
    return found


def _unfinished(name: str, code: str) -> Problem:
    message = "刚存进收件箱，还读不出来，可能没有传完，这次没有登记。"
    return Problem(Where(name), code, Severity.ERROR, message, "请过一两分钟再运行一次 gouji collect。")


def _unfilled(name: str) -> Problem:
    message = "这是下发的空白工作簿，还没有填写，未予登记。"
    return Problem(Where(name), "blank", Severity.ERROR, message, "请单位填好后重新报送。")
