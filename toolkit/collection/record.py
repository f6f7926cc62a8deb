"""A reading as the ledger keeps it: JSON text that says all that was read, and the reading again from that text."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from toolkit.audit.packing import unpacked
from toolkit.audit.submission import Agency, Places, Reading, Source, Submission, Unreadable
from toolkit.form.model import Key
from toolkit.form.stamp import Stamp
from toolkit.problems import Problem, Severity, Where
from toolkit.workbook.known import Known

_TEXTS = ("narrative", "explanations", "remarks", "people")


def dumps(document: object) -> str:
    """JSON in one line, Chinese as it is; what no encoding can hold is replaced."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", errors="replace").decode("utf-8")


def figures_text(values: Mapping[Key, Decimal | None]) -> str:
    """Figures by dotted key, as texts: `{"requests.…": "3"}`; a blank is null."""
    return dumps({str(key): None if value is None else str(value) for key, value in unpacked(values).items()})


def parse_figures(text: str, known: Known) -> dict[Key, Decimal | None]:
    """The figures in such a text; names that the form does not have are passed over."""
    keys = {str(key): key for key in known.layout.cells} | {str(key): key for key in known.book.prior}
    found: dict[str, str | None] = json.loads(text)
    return {keys[name]: None if value is None else _number(value) for name, value in found.items() if name in keys}


def problems_text(problems: tuple[Problem, ...]) -> str:
    """Problems as a list of objects."""
    return dumps([_problem(problem) for problem in problems])


def parse_problems(text: str, file: str) -> tuple[Problem, ...]:
    """The problems in such a text, of a file of this name."""
    return tuple(_problem_from(each, file) for each in json.loads(text))


def reading_text(reading: Reading, known: Known) -> str:
    """All that a reading says but its figures."""
    document: dict[str, object] = {
        "agency": [reading.agency.name, reading.agency.code],
        "year": reading.year,
        "problems": [_problem(problem) for problem in reading.problems],
        "saved": reading.source.saved,
    }
    if isinstance(reading, Submission):
        document |= {
            "moved": _moved(reading.places, known),
            "overwritten": {str(key): str(value) for key, value in reading.overwritten.items()},
            "notes": {str(key): note for key, note in reading.notes.items()},
            "declared_zero": list(reading.declared_zero),
            "stamp": _stamp(reading.stamp),
            "raws": {str(key): raw for key, raw in reading.raws.items()},
            "blanks": _runs(reading.blanks, known),
            **{name: dict(getattr(reading, name)) for name in _TEXTS},
        }
    return dumps(document)


def parse_reading(text: str, figures: str, file: str, sha256: str, known: Known) -> Reading:
    """The reading that these texts keep."""
    document = json.loads(text)
    source = Source(file, sha256, document["saved"])
    agency, year = Agency(*document["agency"]), document["year"]
    problems = tuple(_problem_from(each, file) for each in document["problems"])
    if "moved" not in document:
        return Unreadable(source, problems, agency, year)
    keys = {str(key): key for key in known.layout.cells}
    return Submission(
        book=known.book,
        source=source,
        agency=agency,
        year=year,
        values=parse_figures(figures, known),
        problems=problems,
        places=_places(document["moved"], file, known),
        overwritten={keys[name]: Decimal(value) for name, value in document["overwritten"].items()},
        notes={keys[name]: note for name, note in document["notes"].items()},
        declared_zero=tuple(document["declared_zero"]),
        stamp=None if document["stamp"] is None else Stamp(*document["stamp"]),
        raws={keys[name]: raw for name, raw in document.get("raws", {}).items()},
        blanks=tuple(key for first, last in document.get("blanks", ()) for key in known.book.typed[first : last + 1]),
        **{name: document[name] for name in _TEXTS},
    )


@lru_cache(10_000)
def _number(text: str) -> Decimal:
    """The number; the same object for the same text, for most figures of most agencies are 0."""
    return Decimal(text)


def _stamp(stamp: Stamp | None) -> list[object] | None:
    return None if stamp is None else [stamp.form, stamp.version, stamp.year, stamp.agency]


def _moved(places: Mapping[Key, Where], known: Known) -> dict[str, list[str | None] | None]:
    """The cells that stand elsewhere than in the workbook as it was issued; None for one that stands nowhere."""
    if isinstance(places, Places) and places.spots == known.spots:
        return {}
    moved: dict[str, list[str | None] | None] = {}
    for key, spot in known.spots.items():
        place = places.get(key)
        if place is None:
            moved[str(key)] = None
        elif (place.sheet, place.cell) != spot:
            moved[str(key)] = [place.sheet, place.cell]
    return moved


def _runs(keys: Iterable[Key], known: Known) -> list[list[int]]:
    """Typed cells as runs of their positions in printed order, first and last: those left blank are many."""
    wanted = set(keys)
    runs: list[list[int]] = []
    for at, key in enumerate(known.book.typed):
        if key in wanted and runs and runs[-1][1] == at - 1:
            runs[-1][1] = at
        elif key in wanted:
            runs.append([at, at])
    return runs


def _places(moved: Mapping[str, list[str] | None], file: str, known: Known) -> Mapping[Key, Where]:
    """Where cells stand in a file of which `_moved` says so."""
    if not moved:
        return Places(file, known.spots)
    there = ((key, moved.get(str(key), spot)) for key, spot in known.spots.items())
    return Places(file, {key: (spot[0], spot[1]) for key, spot in there if spot is not None})


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code, "severity": problem.severity.value, "sheet": problem.where.sheet,
        "cell": problem.where.cell, "keys": list(problem.keys), "message": problem.message, "hint": problem.hint,
        "expected": _tagged(problem.expected), "found": _tagged(problem.found),
    }  # fmt: skip


def _problem_from(document: Mapping[str, Any], file: str) -> Problem:
    return Problem(
        Where(file, document["sheet"], document["cell"]), document["code"], Severity(document["severity"]),
        document["message"], document["hint"], tuple(document["keys"]), _untagged(document["expected"]),
        _untagged(document["found"]),
    )  # fmt: skip


def _tagged(value: Decimal | str | None) -> dict[str, str] | str | None:
    """A number is told from a text that looks like one."""
    return {"number": str(value)} if isinstance(value, Decimal) else value


def _untagged(value: dict[str, str] | str | None) -> Decimal | str | None:
    return Decimal(value["number"]) if isinstance(value, dict) else value
