"""Returning: a marked copy of each file that has problems, with its notice, both on the record."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.collection.judging import fingerprint
from toolkit.collection.ledger import Ledger
from toolkit.collection.notices import return_notice
from toolkit.collection.standing import Standing, State, Status
from toolkit.problems import Problem, Severity
from toolkit.workbook.saving import file_stem, write_whole

_OURS = ("same-figures",)  # names another agency and its file: for the office to look into


@dataclass(frozen=True, slots=True)
class Return:
    """One agency's file returned: the marked copy and the notice; `was_sent` where the same was returned before."""

    standing: Standing
    copy: Path
    notice: Path
    was_sent: bool = False


def to_return(state: State, *, with_warnings: bool = False) -> list[Standing]:
    """The agencies whose file has errors, and those with open warnings if wanted."""
    wanted = (Status.RETURNED, Status.WARNINGS) if with_warnings else (Status.RETURNED,)
    return [standing for standing in state.standings if standing.status in wanted and told_problems(standing)]


def return_filing(state: State, ledger: Ledger, standing: Standing, *, force: bool = False) -> Return:
    """Write the copy and the notice of one agency's file, unless the same problems of it were returned before.

    OSError where they cannot be written; the ledger then does not say that they were.
    """
    from toolkit.workbook.annotate import marked_copy  # openpyxl takes a quarter of a second to load

    filing, submission = standing.filing, standing.submission
    assert filing is not None
    assert submission is not None
    problems = told_problems(standing)
    prints = (fingerprint(problem, submission.explanations) for problem in problems)
    digest = hashlib.sha256("\n".join(prints).encode()).hexdigest()
    folder = state.collection.place("returned")
    last = standing.notice
    copy = folder / last.file if last is not None and last.problems == digest and not force else None
    if copy is not None and copy.is_file() and _notice_path(copy).is_file():
        return Return(standing, copy, _notice_path(copy), was_sent=True)
    marked = replace(submission, problems=tuple(problem for problem in submission.problems if problem in problems))
    data = marked_copy(ledger.original(filing.sha256), marked, state.collection.known)
    copy = _copy_path(folder, standing, data)
    text = return_notice(state.collection, standing, problems, copy.name, state.today)
    write_whole(copy, data, force=True)
    write_whole(_notice_path(copy), as_note(text), force=True)
    ledger.record_notice(filing.id, standing.member.agency.code, copy.name, digest, text)
    return Return(standing, copy, _notice_path(copy))


def told_problems(standing: Standing) -> list[Problem]:
    """What is to be told to the agency: errors and warnings that were not accepted, the gravest first, but nothing
    about other agencies."""
    found = [problem for problem in standing.problems if problem.severity is not Severity.NOTICE]
    found = [problem for problem in found if problem.code not in _OURS]
    return sorted(found, key=lambda problem: list(Severity).index(problem.severity))


def as_note(text: str) -> bytes:
    """A text file that every Windows notepad shows right."""
    return text.replace("\n", "\r\n").encode("utf-8-sig", errors="replace")


def _copy_path(folder: Path, standing: Standing, data: bytes) -> Path:
    """A name of its own for each copy of an agency; the same one for the same bytes."""
    issued = standing.issued.file.removesuffix(".xlsx") if standing.issued else ""
    stem = issued or file_stem(str(standing.member.agency), standing.member.agency.code)
    number = len(standing.notices) + 1
    while True:
        path = folder / f"{stem}-退回{number}.xlsx"
        if not path.exists() or path.read_bytes() == data:
            return path
        number += 1


def _notice_path(copy: Path) -> Path:
    return copy.with_name(f"{copy.stem}通知.txt")
