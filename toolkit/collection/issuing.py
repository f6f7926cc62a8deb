"""Issuing: one locked workbook per agency, with who it is and last year's figures in it, each on the record."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path

from toolkit.collection.events import Issued
from toolkit.collection.folder import Collection
from toolkit.collection.ledger import Ledger
from toolkit.collection.roster import Member, Roster
from toolkit.workbook.saving import file_stem, write_whole
from toolkit.workbook.template import Issue, template_bytes

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


def issue(
    collection: Collection, roster: Roster, ledger: Ledger, *, only: Sequence[Member] = (), force: bool = False
) -> Iterator[Delivery]:
    """Write each workbook that is not issued yet, and one after the other put it on the record.

    An agency that was issued one keeps it; where it would be another one now, it is written anew if `force` is given.
    A file that is not the one that was issued any more is written over only for an agency in `only`, by force.
    OSError where a file cannot be written; what was written before stays.
    """
    before = {each.agency.code: each for each in ledger.issues()}
    priors = ledger.priors()
    names = file_names(collection, roster, before)
    for member in only or roster.expected:
        code = member.agency.code
        path = collection.place("issued") / names[code]
        data = template_bytes(collection.known, Issue(member.agency, collection.year, priors.get(code, {})))
        outcome = _outcome(path, data, before.get(code), force=force, is_named=bool(only))
        if outcome is Outcome.WRITTEN:
            write_whole(path, data, force=True)
            ledger.record_issue(member.agency, path.name, hashlib.sha256(data).hexdigest())
        yield Delivery(member, path, outcome)


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


def _outcome(path: Path, data: bytes, before: Issued | None, *, force: bool, is_named: bool) -> Outcome:
    """Whether to write: what lies there is never replaced but by force, or where it is the very same file."""
    there = path.read_bytes() if path.exists() else None
    same = before is not None and before.sha256 == hashlib.sha256(data).hexdigest()
    if there == data:
        return Outcome.KEPT if same else Outcome.WRITTEN  # not on the record yet: a run was killed before it was
    if before is not None and there is not None and hashlib.sha256(there).hexdigest() != before.sha256:
        return Outcome.WRITTEN if force and is_named else Outcome.ALTERED
    if same or force:
        return Outcome.WRITTEN
    if before is not None:
        return Outcome.STALE
    return Outcome.TAKEN if there is not None else Outcome.WRITTEN
