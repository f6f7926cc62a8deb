"""Taking in what came: every file is read, kept and put on the record before anything else happens to it."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.audit.submission import Reading, Source, Submission, Unreadable
from toolkit.collection.folder import Collection
from toolkit.collection.judging import Judge
from toolkit.collection.ledger import Ledger
from toolkit.collection.roster import Member, Roster
from toolkit.problems import Problem, Severity, Where
from toolkit.workbook.intake import read_submission
from toolkit.workbook.sources import Incoming, Place, called, list_files, open_file


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


def places_to_collect(collection: Collection, paths: Sequence[Path]) -> list[Place]:
    """The files at these paths, or in the inbox where none is given, those saved first first: of two files of an agency
    the later one counts. An inbox may be empty."""
    found: list[Place] = []
    for path in paths or [collection.place("inbox")]:
        found += sorted(list_files([path]), key=_saved_at)
    return found if paths else [place for place in found if not _is_nothing(place)]


class Collecting:
    """One run of taking files in."""

    def __init__(self, collection: Collection, roster: Roster, ledger: Ledger, *, again: bool = False) -> None:
        self._collection, self._ledger, self._again = collection, ledger, again
        self._judge = Judge(roster, collection.year, ledger.priors())
        self._issued = {each.sha256 for each in ledger.issues()}
        self._inbox = collection.place("inbox").resolve()
        self.stuck: list[Path] = []
        self._counts: dict[str, int] = {}
        for filing in ledger.filings():
            member = self._judge.attribute(filing.agency, filing.issued_to).member if filing.is_readable else None
            self._count(member, filing.year)

    def take(self, place: Place) -> Iterator[Receipt]:
        """Each file at a place, taken in; when a receipt comes, its file is safe. What lies in the inbox is moved to
        `received` once all of it is."""
        kept, hashes = True, []
        for incoming in open_file(place):
            receipt = self._take(incoming)
            kept = kept and receipt.is_kept
            hashes.append(_hash(incoming))
            yield receipt
        if isinstance(place, Path) and kept and hashes and place.resolve().is_relative_to(self._inbox):
            self._move_out(place, hashes)

    def _take(self, incoming: Incoming) -> Receipt:
        name = self._named(incoming)
        if incoming.problem is not None:
            return Receipt(name, Unreadable(Source(name, ""), (incoming.problem,)))
        if _hash(incoming) in self._issued:
            return Receipt(name, Unreadable(Source(name, _hash(incoming)), (_unfilled(name),)))
        reading = read_submission(incoming.data, name, self._collection.forms)
        member, told = self._judge.judge(reading)
        filing = self._ledger.record_filing(incoming.data, reading, told, again=self._again)
        if filing is None:
            return Receipt(name, told, member, was_there=True)
        return Receipt(name, told, member, filing, self._count(member, told.year))

    def _named(self, incoming: Incoming) -> str:
        """How a file is called for good: within the inbox, where it came from there."""
        return incoming.name.removeprefix(f"{called(self._collection.place('inbox'))}{os.sep}")

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
        goal = _free(self._collection.place("received") / place.resolve().relative_to(self._inbox))
        try:
            goal.parent.mkdir(parents=True, exist_ok=True)
            place.rename(goal)
            if [_hash(incoming) for incoming in open_file(goal)] != hashes:
                goal.rename(place if not place.exists() else _free(place))
        except OSError:
            self.stuck.append(place)


def _hash(incoming: Incoming) -> str:
    return hashlib.sha256(incoming.data).hexdigest()


def _saved_at(place: Place) -> tuple[float, str]:
    if isinstance(place, Incoming):
        return float("inf"), place.name
    try:
        return place.stat().st_mtime, str(place)
    except OSError:
        return float("inf"), str(place)


def _is_nothing(place: Place) -> bool:
    return isinstance(place, Incoming) and place.problem is not None and place.problem.code == "nothing-found"


def _free(path: Path) -> Path:
    """The path, or the same with a number where there is something already."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _unfilled(name: str) -> Problem:
    message = "这是下发的空白工作簿，还没有填写，未予登记。"
    return Problem(Where(name), "blank", Severity.ERROR, message, "请单位填好后重新报送。")
