"""Issuing: one locked workbook per agency, with who it is and last year's figures in it, each on the record."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from itertools import count
from pathlib import Path

from toolkit.collection.events import Issued
from toolkit.collection.folder import Collection
from toolkit.collection.ledger import Ledger
from toolkit.collection.roster import Member, Roster
from toolkit.work.spread import ALONE, Workers, spread
from toolkit.workbook.cloning import Cloning
from toolkit.workbook.elsewhere import ready_forms, written_forms
from toolkit.workbook.saving import file_stem, write_whole
from toolkit.workbook.template import Issue

_BATCH = 64  # workbooks that are put on the record together
_NUMBERED = re.compile(r"(\d+)-")


class Outcome(StrEnum):
    """What became of one agency's workbook."""

    WRITTEN = "written"
    KEPT = "kept"  # it was issued before, and what would be issued now is the same
    ALTERED = "altered"  # what lies there is not the one that was issued: filled in, perhaps, or broken
    STALE = "stale"  # it was issued before, and would be another one now
    TAKEN = "taken"  # a file of that name lies there that was not issued

    @property
    def is_settled(self) -> bool:
        """Whether the agency has the workbook that it should have."""
        return self in (Outcome.WRITTEN, Outcome.KEPT, Outcome.ALTERED)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One agency's workbook: its path, and what became of it."""

    member: Member
    path: Path
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Order:
    """A workbook to be made: what with, where, and the hash of the one that was issued before; what may be done to a
    file that lies there."""

    issue: Issue
    path: Path
    before: str | None
    is_named: bool
    force: bool


def issue(
    collection: Collection, roster: Roster, ledger: Ledger, *, only: Sequence[Member] = (), force: bool = False,
    workers: Workers | Executor = ALONE,
) -> Iterator[Delivery]:  # fmt: skip
    """Write each workbook that is not issued yet, whoever does it, and put them on the record, a batch at a time.

    An agency that was issued one keeps it; where it would be another one now, it is written anew if `force` is given.
    A file that is not the one that was issued any more is written over only for an agency in `only`, by force. One that
    a killed run left there off the record, the next one puts on it. OSError where a file cannot be written; what was
    written before stays.
    """
    members = only or roster.expected
    orders = list(_orders(collection, roster, ledger, members, is_named=bool(only), force=force))
    deliver = partial(_deliver, written_forms({collection.form.code: collection.known}))
    results = spread(deliver, orders, workers, deliver)
    batch: list[tuple[Delivery, str]] = []
    try:
        for member, order, (outcome, sha256) in zip(members, orders, results, strict=True):
            batch.append((Delivery(member, order.path, outcome), sha256))
            if len(batch) == _BATCH:
                yield from _recorded(ledger, batch)
                batch.clear()
    except OSError:
        list(_recorded(ledger, batch))
        raise
    yield from _recorded(ledger, batch)


def file_names(collection: Collection, roster: Roster, before: Mapping[str, Issued]) -> dict[str, str]:
    """A file name for each agency, by code: a number that sorts as the roster does, its category and name, the year.

    A name that was issued stays while the agency is called the same; new agencies come behind.
    """
    taken = {int(match[1]) for each in before.values() if (match := _NUMBERED.match(each.file))}
    free = (number for number in count(1) if number not in taken)
    digits = max(3, len(str(len(taken) + len(roster.expected))))
    names = {}
    for member in roster.expected:
        old = before.get(member.agency.code)
        if old is not None and old.agency.name == member.agency.name:
            names[member.agency.code] = old.file
            continue
        kept = _NUMBERED.match(old.file) if old else None
        number = kept[1] if kept else f"{next(free):0{digits}d}"
        stem = file_stem(f"{number}-{member.category}-{member.agency.name}", number)
        names[member.agency.code] = f"{stem}-{collection.year}.xlsx"
    return names


def _orders(
    collection: Collection, roster: Roster, ledger: Ledger, members: Sequence[Member], *, is_named: bool, force: bool
) -> Iterator[_Order]:
    before = {each.agency.code: each for each in ledger.issues()}
    names, priors = file_names(collection, roster, before), ledger.priors()
    for member in members:
        code = member.agency.code
        issued = before.get(code)
        yield _Order(
            Issue(member.agency, collection.year, priors.get(code, {})), collection.place("issued") / names[code],
            None if issued is None else issued.sha256, is_named, force,
        )  # fmt: skip


def _recorded(ledger: Ledger, batch: Sequence[tuple[Delivery, str]]) -> list[Delivery]:
    """The deliveries, those that were written now on the record."""
    written = [
        (each.member.agency, each.path.name, sha256) for each, sha256 in batch if each.outcome is Outcome.WRITTEN
    ]
    if written:
        ledger.record_issues(written)
    return [each for each, _ in batch]


def _deliver(forms: bytes, order: _Order) -> tuple[Outcome, str]:
    """Make a workbook and write it, where that may be; what became of it, and its hash."""
    data = _cloning(forms).workbook(order.issue)
    sha256 = hashlib.sha256(data).hexdigest()
    outcome = _outcome(order, data, sha256)
    if outcome is Outcome.WRITTEN:
        write_whole(order.path, data, force=True)
    return outcome, sha256


@lru_cache(2)
def _cloning(forms: bytes) -> Cloning:
    (known,) = ready_forms(forms).values()
    return Cloning(known)


def _outcome(order: _Order, data: bytes, sha256: str) -> Outcome:
    """Whether to write: what lies there is never replaced but by force, or where it is the very same file."""
    there = order.path.read_bytes() if order.path.exists() else None
    same = order.before == sha256
    if there == data:
        return Outcome.KEPT if same else Outcome.WRITTEN  # not on the record yet: a run was killed before it was
    if order.before is not None and there is not None and hashlib.sha256(there).hexdigest() != order.before:
        return Outcome.WRITTEN if order.force and order.is_named else Outcome.ALTERED
    if same or order.force:
        return Outcome.WRITTEN
    if order.before is not None:
        return Outcome.STALE
    return Outcome.TAKEN if there is not None else Outcome.WRITTEN
