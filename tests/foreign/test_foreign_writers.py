"""An issued workbook filled in and saved by another program is understood as if it had been filled in by the toolkit.

Each program finds cells by their defined names. What it loses on the way is told, whole, and never touches a figure.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from tests.intake import alter
from tests.office import LibreOffice, Put
from tests.official import filled, key, read
from toolkit.audit.submission import Submission
from toolkit.workbook.package import open_package
from toolkit.workbook.reader import read_workbook

HERE = Path(__file__).parent
INSTALL_SECONDS, FILL_SECONDS = 300, 60

Found = list[tuple[str, str, str | None, str | None]]
Entry = int | float | str

RECEIVED, GRANTED, FEES = (
    "requests.new_received.natural_person", "requests.granted.natural_person", "proactive.admin_fees.amount_wan_yuan",
)  # fmt: skip
WORDS: dict[str, Entry] = {"narrative.overview": "全年受理申请3件，均已答复。", "people.preparer": "王小明"}

# What each program makes of the workbook, beyond the figures and words it was told to put in.
LOST: dict[str, Found] = {
    "libreoffice": [],
    "openpyxl": [],
    "exceljs": [],
    "sheetjs": [
        ("unlocked", "warning", "封面", None),
        ("validation-lost", "warning", "表二主动公开", "B5"),
    ],
}
# The result that a program leaves stored for 总计 when 3 is typed beside it: right, none at all, or the old 0.
STORED = {"libreoffice": "3", "openpyxl": "", "exceljs": "0", "sheetjs": "0"}

CASES: dict[str, tuple[dict[str, Entry], Found]] = {
    "all right": ({RECEIVED: 3, GRANTED: 3, FEES: 1.25}, []),
    "a broken balance": (
        {RECEIVED: 3, GRANTED: 2, FEES: 1.25},
        [("requests.balance", "error", "表三依申请公开", "D8")],
    ),
    "text in a number cell": (
        {RECEIVED: 3, GRANTED: "三件", FEES: 1.25},
        [("not-a-number", "error", "表三依申请公开", "D10")],
    ),
}
PROGRAMS = [
    pytest.param("libreoffice", marks=pytest.mark.office),
    "openpyxl",
    pytest.param("exceljs", marks=pytest.mark.long),
    pytest.param("sheetjs", marks=pytest.mark.long),
]


def without(reason: str) -> None:
    """Skip, but fail where CI is "true"."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


@pytest.fixture(scope="session")
def node() -> str:
    """Node, with exceljs and SheetJS as package-lock.json pins them, installed here the first time."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        without("node and npm are not installed")
    assert program
    assert npm
    if not all((HERE / "node_modules" / name / "package.json").is_file() for name in ("exceljs", "xlsx")):
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
        if done.returncode:
            without(f"npm could not install exceljs and SheetJS: {done.stderr[-500:]}")
    return program


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> Program:
    """Each program in turn; what it needs is started or installed only for its own tests."""
    name = str(request.param)
    helper = {"libreoffice": "office", "exceljs": "node", "sheetjs": "node"}.get(name)
    return Program(name, request.getfixturevalue(helper) if helper else None)


class Program:
    """One spreadsheet program that opens a workbook, fills cells in by their defined names and saves it."""

    def __init__(self, name: str, helper: object) -> None:
        self.name, self._helper = name, helper

    def fill(self, issued: bytes, entries: dict[str, Entry], folder: Path) -> bytes:
        """The workbook as the program saves it."""
        before, after = folder / "issued.xlsx", folder / "filled.xlsx"
        before.write_bytes(issued)
        if isinstance(self._helper, LibreOffice):
            _fill_in_libreoffice(self._helper, before, after, entries)
        elif isinstance(self._helper, str):
            command = [self._helper, str(HERE / "fill.js"), self.name, str(before), str(after), json.dumps(entries)]
            subprocess.run(command, check=True, capture_output=True, timeout=FILL_SECONDS)
        else:
            _fill_with_openpyxl(before, after, entries)
        return after.read_bytes()


def _fill_in_libreoffice(office: LibreOffice, before: Path, after: Path, entries: dict[str, Entry]) -> None:
    puts: dict[str, Put] = {**entries}
    with office.open(before) as book:
        book.set(puts)
        book.recalc()
        book.save_as(after)


def _fill_with_openpyxl(before: Path, after: Path, entries: dict[str, Entry]) -> None:
    book = openpyxl.load_workbook(before)
    for name, value in entries.items():
        ((sheet, cell),) = book.defined_names[name].destinations
        book[sheet][cell.replace("$", "")].value = value
    book.save(after)


def filled_at_the_source(entries: dict[str, Entry]) -> Submission:
    """The same entries in a workbook that no other program has touched."""
    numbers = {name: str(value) for name, value in entries.items() if not isinstance(value, str)}
    data = filled(numbers)
    for name, value in {**entries, **WORDS}.items():
        if isinstance(value, str):
            data = alter.put_text(data, name, value)
    return submission(data)


def submission(data: bytes) -> Submission:
    reading = read(data)
    assert isinstance(reading, Submission), reading.problems
    return reading


def found(reading: Submission) -> Found:
    """Every problem: code, severity, sheet, cell."""
    return [(each.code, each.severity.value, each.where.sheet, each.where.cell) for each in reading.problems]


@pytest.mark.parametrize("case", CASES)
def test_a_workbook_filled_in_elsewhere_says_the_same(program: Program, case: str, tmp_path: Path) -> None:
    entries, wrong = CASES[case]
    elsewhere = submission(program.fill(filled({}), {**entries, **WORDS}, tmp_path))
    here = filled_at_the_source(entries)
    assert found(here) == wrong
    assert found(elsewhere) == LOST[program.name] + wrong
    assert list(elsewhere.problems[len(LOST[program.name]) :]) == list(here.problems)
    assert (elsewhere.values, elsewhere.overwritten, elsewhere.places) == (here.values, {}, here.places)
    assert (elsewhere.agency, elsewhere.year, elsewhere.declared_zero) == (here.agency, here.year, here.declared_zero)
    assert (elsewhere.narrative["overview"], elsewhere.people["preparer"]) == tuple(WORDS.values())


def test_what_a_program_leaves_stored_for_a_total_does_not_matter(program: Program, tmp_path: Path) -> None:
    data = program.fill(filled({}), {RECEIVED: 3, GRANTED: 3}, tmp_path)
    total = "requests.new_received.total"
    assert read_workbook(open_package(data)).content(total).text == STORED[program.name]
    assert submission(data).values[key(total)] == 3
