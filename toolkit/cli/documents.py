"""The JSON documents that `--json` prints. Keys are a contract: new ones may be added, none is renamed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.audit.checks import Rulebook
from toolkit.audit.numbers import printed
from toolkit.audit.submission import Reading, Submission, Unreadable
from toolkit.form.model import Key
from toolkit.problems import Problem
from toolkit.summary.merge import Summary
from toolkit.summary.parts import Division, divisions, part_values

if TYPE_CHECKING:
    from toolkit.collection.collecting import Receipt
    from toolkit.collection.events import Filing
    from toolkit.collection.standing import Standing, State, Status
    from toolkit.publish.importing import Imported
    from toolkit.summary.against import Difference

Json = Mapping[str, object]

_AT_ONCE = 200  # entries of a list that are printed together


def echo_json(document: Json) -> None:
    """Print one JSON document in UTF-8, whatever the terminal speaks; Chinese as it is. A long list in it may be an
    iterator: its entries are printed as they come."""
    pieces = _pieces(document)
    while some := "".join(islice(pieces, _AT_ONCE)):
        click.echo(some.encode("utf-8", errors="replace"), nl=False)
    click.echo()


def _pieces(document: Json) -> Iterator[str]:
    yield "{"
    for at, (key, value) in enumerate(document.items()):
        yield f"{',' if at else ''}\n  {json.dumps(key)}: "
        if isinstance(value, Iterator):
            yield from _listed(value)
        else:
            yield _written(value, "  ")
    yield "\n}"


def _listed(entries: Iterator[object]) -> Iterator[str]:
    is_empty = True
    for entry in entries:
        yield f"{'[' if is_empty else ','}\n    {_written(entry, '    ')}"
        is_empty = False
    yield "[]" if is_empty else "\n  ]"


def _written(value: object, margin: str) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", f"\n{margin}")  # no text has a line end left


def read_document(reading: Reading) -> Json:
    """`gouji read --json`: one workbook exactly as understood."""
    if not isinstance(reading, Submission):
        empty: Json = {"form": None, "values": {}, "declared_zero": [], "narrative": {}, "explanations": {}}
        return {**_file(reading), **empty, "problems": [_problem(each) for each in reading.problems]}
    book = reading.book
    return {
        "file": reading.source.file,
        "sha256": reading.source.sha256,
        "form": book.form.id,
        "year": reading.year,
        "agency": {"name": reading.agency.name, "code": reading.agency.code},
        "values": _values(book, reading.values),
        "declared_zero": list(reading.declared_zero),
        "narrative": dict(reading.narrative),
        "explanations": dict(reading.explanations),
        "remarks": dict(reading.remarks),
        "people": dict(reading.people),
        "notes": {str(key): note for key, note in reading.notes.items()},
        "saved": reading.source.saved,
        "problems": [_problem(each) for each in reading.problems],
    }


def check_document(form: str, readings: Sequence[Reading], copies: Sequence[Path | None] | None = None) -> Json:
    """`gouji check --json`: every file with its problems, its marked copy where such were asked for, and how many of
    each status."""
    files: Iterator[Json] = map(_checked, readings)
    if copies is not None:
        paths = (None if copy is None else str(copy) for copy in copies)
        files = ({**_checked(each), "annotated": path} for each, path in zip(readings, paths, strict=True))
    return {"form": form, "files": files, "totals": _counted(readings)}


def import_document(
    form: str, readings: Sequence[Reading], imported: Sequence[Imported | Unreadable], outputs: Sequence[Path | None]
) -> Json:  # fmt: skip
    """`gouji import --json`: what a check of the workbooks says, with each one's path, the day it was signed, and how
    many figures were filled in."""
    files = [
        {
            **_checked(reading),
            "output": None if output is None else str(output),
            "signed": each.day.isoformat() if not isinstance(each, Unreadable) and each.day else None,
            "placed": 0 if isinstance(each, Unreadable) else each.placed,
        }
        for reading, each, output in zip(readings, imported, outputs, strict=True)
    ]
    return {"form": form, "files": files, "totals": _counted(readings)}


def merge_document(summary: Summary, output: Path | None, against: Sequence[Difference] | None = None) -> Json:
    """`gouji merge --json`: the same files, what was left out and why, every total, each part's, those of earlier
    years, and how a published report differs."""
    document: dict[str, object] = {
        "form": summary.book.form.id,
        "year": summary.year,
        "files": (_checked(entry.reading) for entry in summary.entries),
        "included": len(summary.included),
        "left_out": (
            {"file": entry.reading.source.file, "why": entry.left_out}
            for entry in summary.entries
            if not entry.is_included
        ),
        "missing": [{"name": agency.name, "code": agency.code} for agency in summary.missing],
        "values": _values(summary.book, summary.values),
        "output": None if output is None else str(output),
        "parts": [each for division in divisions(summary) for each in _parts(summary, division)],
        "earlier": {str(year): _values(summary.book, values) for year, values in summary.earlier.items()},
    }
    if against is not None:
        document["against"] = [_difference(each, summary.book) for each in against]
    return document


def _parts(summary: Summary, division: Division) -> Iterator[Json]:
    for at, part in enumerate(division.parts):
        yield {
            "by": division.heading,
            "part": part.label,
            "within": None if part.within is None else division.parts[part.within].label,
            "expected": division.all_expected(at),
            "included": len(division.all_members(at)),
            "values": _values(summary.book, part_values(summary, division, at)),
        }


def _difference(difference: Difference, book: Rulebook) -> Json:
    decimals, place = book.cells[difference.key].decimals, difference.place
    return {
        "key": str(difference.key),
        "published": figure(difference.theirs, decimals),
        "summed": figure(difference.ours, decimals),
        "sheet": place and place.sheet,
        "cell": place and place.cell,
        "contributors": [
            {
                "agency": {"name": each.agency.name, "code": each.agency.code},
                "file": each.file,
                "value": figure(each.value, decimals),
            }
            for each in difference.contributors
        ],
    }


def _counted(readings: Sequence[Reading]) -> Json:
    statuses = [reading.status for reading in readings]
    counted = {status: statuses.count(status) for status in ("clean", "warnings", "errors", "unreadable")}
    return {"files": len(readings), **counted}


def _checked(reading: Reading) -> Json:
    return {**_file(reading), "problems": [_problem(each) for each in reading.problems]}


def _file(reading: Reading) -> Json:
    return {
        "file": reading.source.file,
        "sha256": reading.source.sha256,
        "status": reading.status,
        "year": reading.year,
        "agency": {"name": reading.agency.name, "code": reading.agency.code},
    }


def _values(book: Rulebook, values: Mapping[Key, Decimal | None]) -> Json:
    """Counts as integers, decimals as strings, blanks as null."""
    return {str(key): figure(values[key], cell.decimals) for key, cell in book.cells.items()}


def figure(value: Decimal | None, decimals: int) -> int | str | None:
    """A count as an integer, a figure that may have decimals as a string, a blank as null."""
    if value is None:
        return None
    return printed(value) if decimals else int(value)


def _problem(problem: Problem) -> Json:
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "sheet": problem.where.sheet,
        "cell": problem.where.cell,
        **({} if problem.where.line is None else {"line": problem.where.line}),
        "keys": list(problem.keys),
        "message": problem.message,
        "hint": problem.hint,
        "expected": _told(problem.expected),
        "found": _told(problem.found),
    }


def _told(value: Decimal | str | None) -> int | str | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else printed(value)
    return value


def collect_document(form: str, receipts: Sequence[Receipt]) -> Json:
    """`gouji collect --json`: every file as `check` tells it, and whether it is in the ledger."""
    files = [
        {
            **_checked(each.reading),
            "registered": each.filing is not None,
            "was_there": each.was_there,
            "supersedes": each.earlier,
        }
        for each in receipts
    ]
    return {"form": form, "files": files}


def status_document(state: State) -> Json:
    """`gouji status --json`: how the collection stands, by category and by agency."""
    collection = state.collection
    return {
        "form": collection.form.id,
        "year": collection.year,
        "office": collection.office,
        "due": collection.due.isoformat(),
        "date": state.today.isoformat(),
        "days_left": state.days_left,
        "expected": len(state.expected),
        "counts": _counts(state.count()),
        "categories": [
            {"category": category, "counts": _counts(state.count(standings))}
            for category, standings in state.by_category().items()
        ],
        "agencies": [_agency(each) for each in state.standings],
        "unattributed": [
            {
                **_filing(stray.filing),
                "settled": stray.settled or None,
                "problems": [_problem(p) for p in stray.problems],
            }
            for stray in state.strays
        ],
    }


def _counts(counts: Mapping[Status, int]) -> Json:
    return {status.value: count for status, count in counts.items()}


def _agency(standing: Standing) -> Json:
    member, issued, notice = standing.member, standing.issued, standing.notice
    return {
        "name": member.agency.name,
        "code": member.agency.code,
        "category": member.category,
        "parent": member.parent or None,
        "status": standing.status.value,
        "label": standing.status.label,
        "exempt": member.exempt or None,
        "late": standing.is_late,
        "issued": issued and {"file": issued.file, "at": issued.at.isoformat(), "sha256": issued.sha256},
        "filing": standing.filing and _filing(standing.filing),
        "problems": [_problem(problem) for problem in standing.problems],
        "accepted": [
            {**_problem(problem), "why": each.why, "who": each.who, "at": each.at.isoformat()}
            for problem, each in standing.accepted
        ],
        "lapsed": [{"code": each.code, "message": each.message, "why": each.why} for each in standing.lapsed],
        "returned": notice and {"file": notice.file, "at": notice.at.isoformat()},
        "history": [_filing(filing) for filing in standing.history],
    }


def _filing(filing: Filing) -> Json:
    return {
        "file": filing.file, "sha256": filing.sha256, "at": filing.at.isoformat(), "who": filing.who,
        "year": filing.year, "status": filing.status,
    }  # fmt: skip
