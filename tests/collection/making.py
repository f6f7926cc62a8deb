"""What the tests of collections share: agencies with sound codes, rosters, collections, and agencies that fill in what
was issued to them with another program."""

import csv
import io
import os
import warnings
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

from tests.official import ALL_ZERO, official
from toolkit.audit.submission import Agency
from toolkit.collection.folder import Collection, create_collection, load_collection
from toolkit.collection.roster import Member, Roster, load_roster
from toolkit.form.library import OFFICIAL
from toolkit.form.model import Key
from toolkit.workbook.template import Filling, Issue, template_bytes

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
HEAD = (
    "单位名称", "统一社会信用代码", "类别", "上级单位", "层级", "可制定规章", "联系人", "电话", "邮箱",
    "前身单位", "免报", "免报理由",
)  # fmt: skip


def code(number: int) -> str:
    """The code of an agency by a number: 17 characters and the check digit, by the standard's own sum."""
    body = f"11149900MB{number:07d}"
    total = sum(_ALPHABET.index(letter) * pow(3, at, 31) for at, letter in enumerate(body))
    return body + _ALPHABET[-total % 31]


def member(name: str, number: int, category: str = "县直部门", **more: object) -> Member:
    """A line of a roster."""
    return Member(Agency(name, code(number)), category=category, **more)  # type: ignore[arg-type]


def roster_csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    """A roster as Excel saves it, columns by their headings."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEAD)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def collection_of(
    folder: Path, members: Sequence[Member], *, year: int = 2025, due: date = date(2026, 1, 31)
) -> tuple[Collection, Roster]:
    """A collection of the official form with these agencies on its roster."""
    create_collection(folder, OFFICIAL, year=year, office="桐川县政务公开办公室", due=due, members=tuple(members))
    collection = load_collection(folder)
    assert isinstance(collection, Collection)
    return collection, roster_of(collection)


def roster_of(collection: Collection) -> Roster:
    """The collection's roster as it is now."""
    roster = load_roster(collection.roster, strict=True, columns=collection.form.reserves)
    assert isinstance(roster, Roster), roster
    return roster


def completed(
    who: Member, figures: Mapping[str, int], *, year: int = 2025, prior: Mapping[Key, int] | None = None
) -> bytes:
    """A workbook issued to an agency and completed; what is not written is declared zero."""
    known = official()
    keys = {str(key): key for key in known.book.typed}
    issue = Issue(who.agency, year, {key: _decimal(value) for key, value in (prior or {}).items()})
    return template_bytes(
        known, issue, Filling({keys[name]: _decimal(value) for name, value in figures.items()}, ALL_ZERO)
    )


def _decimal(value: int) -> Decimal:
    return Decimal(value)


def filled_in(
    path: Path, figures: Mapping[str, int], explanations: Mapping[str, str] | None = None, people: str = "王五"
) -> bytes:
    """An issued workbook filled in with openpyxl, as any other program would: cells by their names, the rest declared
    zero."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = load_workbook(path)

        def put(name: str, value: int | str) -> None:
            sheet, cell = next(iter(workbook.defined_names[name].destinations))
            workbook[sheet][cell.replace("$", "")] = value

        for name, value in figures.items():
            put(name, value)
        for table in ALL_ZERO:
            put(f"{table}.blanks_are_zero", "是")
        for rule, text in (explanations or {}).items():
            put(f"explain.{rule}", text)
        put("people.preparer", people)
        buffer = io.BytesIO()
        workbook.save(buffer)
    return buffer.getvalue()


def at_time(path: Path, data: bytes, second: int) -> Path:
    """A file that was saved so many seconds after a fixed moment: what came first is told by that."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (1_767_225_600 + second,) * 2)
    return path
