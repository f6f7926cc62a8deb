"""A real LibreOffice for the tests: open, fill, recalculate and read workbooks, and draw their pages.

    with LibreOffice() as office, office.open(path) as book:
        book.set({"Sheet!A1": 2, "total": {"formula": "=A1*2"}})
        book.recalc()
        assert book.get(["total"]) == [4.0]

A cell is a defined name or `Sheet!A1`, a range `Sheet!A1:C9`. LibreOffice's own python bridge lives in the system's
python only, so `server.py` runs there and is spoken to over a pipe.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from threading import Event, Timer
from typing import Any, Final, TypedDict

SERVER: Final = Path(__file__).with_name("server.py")
START_SECONDS: Final = 90.0
END_SECONDS: Final = 10.0
CONVERT_SECONDS: Final = 120.0


class Error(TypedDict):
    """What a cell in error holds: LibreOffice's code, such as 532 for a division by zero and 32767 for #N/A."""

    error: int


class Formula(TypedDict):
    """A formula to set, in English with `;` between arguments: `{"formula": "=SUM(A1;B2)"}`."""

    formula: str


Put = int | float | Decimal | str | Formula | None
Value = float | str | Error
Rows = list[list[Value]]


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A defined name; a sheet's own reads `Sheet!name`; what is no range has no sheet and its content as address."""

    name: str
    sheet: str
    address: str


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A cell with its formula, as Calc writes it, and the result it holds."""

    sheet: str
    cell: str
    formula: str
    value: Value


class OfficeError(RuntimeError):
    """LibreOffice refused a command, ended, or gave no answer in time."""


def find_office() -> str | None:
    """The path of soffice, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def find_uno_python() -> str | None:
    """The first python that can `import uno`, or None."""
    folders = ["/usr/bin", *os.get_exec_path()]
    if office := find_office():
        folders.append(str(Path(office).resolve().parent))  # some builds bring their own python
    pythons = [str(Path(folder) / name) for folder in dict.fromkeys(folders) for name in ("python3", "python")]
    return next((python for python in pythons if os.access(python, os.X_OK) and _has_uno(python)), None)


def missing() -> str | None:
    """Why LibreOffice cannot be used here, or None where it can."""
    if not find_office():
        return "LibreOffice is not installed: no soffice on PATH"
    if not find_uno_python():
        return (
            "LibreOffice's python bridge is missing: no python3 imports uno (Debian, Ubuntu: apt install python3-uno)"
        )
    return None


class Book:
    """One open workbook; leaving its `with` closes it unsaved."""

    def __init__(self, office: LibreOffice, handle: int) -> None:
        self._office, self._handle = office, handle

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._office.running:
            self.close()

    def close(self) -> None:
        """Close without saving."""
        self._do("close")

    def names(self) -> list[DefinedName]:
        """Every defined name with its sheet and address."""
        return [DefinedName(**name) for name in self._do("names")]

    def set(self, values: Mapping[str, Put]) -> None:
        """Put numbers, texts (kept as text), formulas, or None to empty a cell; locked cells are written too."""
        self._do("set", values=dict(values))

    def recalc(self) -> None:
        """Calculate every formula, changed or not; before this a file shows the results its writer stored."""
        self._do("recalc")

    def get(self, refs: Iterable[str]) -> list[Value]:
        """The value of each cell, "" where it is empty."""
        asked = list(refs)
        found: list[Rows] = self._do("get", refs=asked)
        if wide := [ref for ref, rows in zip(asked, found, strict=True) if len(rows) != 1 or len(rows[0]) != 1]:
            raise ValueError(f"not single cells, ask rows() for them: {wide}")
        return [rows[0][0] for rows in found]

    def rows(self, ref: str) -> Rows:
        """The values of a range, row by row."""
        found: list[Rows] = self._do("get", refs=[ref])
        return found[0]

    def formulas(self) -> list[FormulaCell]:
        """Every formula cell of every sheet with the result it holds now: the stored one until recalculated."""
        return [FormulaCell(**cell) for cell in self._do("formulas")]

    def change(self, sheet: str, what: str, at: int = 0, count: int = 1, name: str = "") -> None:
        """Change a sheet's build: insert_, remove_ or hide_ with rows or columns `at` (from 0); rename, move, copy,
        add, remove or hide with the sheet itself."""
        self._do("change", sheet=sheet, what=what, at=at, count=count, name=name)

    def save_as(self, path: Path, password: str = "") -> None:
        """Write a copy as LibreOffice writes .xlsx, .xls or .ods; with a password it is needed to open it."""
        self._do("save_as", path=str(path.absolute()), password=password)

    def batch(
        self,
        fills: Sequence[Mapping[str, Put]],
        clear: Iterable[str] = (),
        read: Iterable[str] = (),
        seconds: float | None = None,
    ) -> list[list[Rows]]:
        """For every fill: empty the `clear` cells, put the fill, calculate, and give the rows of each `read` range.

        The result is asked as `result[fill][read][row][column]`. The last fill stays in the workbook; the comments of
        filled and cleared cells do not.
        """
        arguments = {"fills": [dict(fill) for fill in fills], "clear": list(clear), "read": list(read)}
        results: list[list[Rows]] = self._do("batch", seconds, **arguments)
        return results

    def _do(self, command: str, seconds: float | None = None, **arguments: object) -> Any:
        return self._office.call(command, seconds, book=self._handle, **arguments)


class LibreOffice:
    """A headless LibreOffice with a profile of its own; `seconds` is how long one command may take."""

    def __init__(self, seconds: float = 300.0) -> None:
        self._seconds = seconds
        self._folder = Path()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> LibreOffice:
        office, python = find_office(), find_uno_python()
        if not office or not python:
            raise OfficeError(missing())
        self._folder = Path(tempfile.mkdtemp(prefix="office-"))
        _write_profile(self._folder / "profile", recalculate=False)
        with self._log.open("w") as log:
            command = [python, str(SERVER), office, str(self._folder)]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=log, text=True, encoding="ascii", start_new_session=True
            )
        try:
            self.call("start", START_SECONDS)
        except OfficeError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        process, self._process = self._process, None
        if process:
            with process:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.communicate(timeout=END_SECONDS)  # closes its stdin, at which it ends by itself
                _kill(process)
            shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def running(self) -> bool:
        """Whether it can still be asked."""
        return self._process is not None and self._process.poll() is None

    def open(self, path: Path) -> Book:
        """Load a workbook, hidden, with the results stored in it."""
        return Book(self, self.call("open", path=str(path.absolute())))

    def call(self, do: str, seconds: float | None = None, **arguments: object) -> Any:
        """Send one command and wait for its result; OfficeError where it is refused, late, or LibreOffice has ended."""
        process, limit, late = self._process, seconds or self._seconds, Event()
        if process is None:
            raise OfficeError(f"cannot {do}: LibreOffice is not started, or has been closed")

        def expire() -> None:
            late.set()
            _kill(process)

        clock = Timer(limit, expire)
        clock.start()
        try:
            line = _ask(process, json.dumps({"do": do, **arguments}, default=_number))
        finally:
            clock.cancel()
        if not line:
            late_text = f"no answer within {limit:g} s, LibreOffice was killed"
            raise OfficeError(f"{do}: {late_text if late.is_set() else self._end()}")
        answer = json.loads(line)
        if "error" in answer:
            raise OfficeError(f"{do}: {answer['error']}")
        return answer["result"]

    @property
    def _log(self) -> Path:
        return self._folder / "log.txt"

    def _end(self) -> str:
        return f"LibreOffice has ended; the last of its log:\n{self._log.read_text(errors='replace')[-2000:]}"


def render(xlsx: Path, folder: Path, dpi: int = 70) -> list[Path]:
    """Draw a workbook, recalculated, as it would print: one PNG a page in `folder`, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        pdf = _pdf(xlsx, Path(scratch))
        _run(["pdftoppm", "-r", str(dpi), "-png", str(pdf), f"{scratch}/{xlsx.stem}"])
        pages = sorted(Path(scratch).glob("*.png"))  # their numbers are padded to one width
        return [Path(shutil.move(page, folder / page.name)) for page in pages]


def pdf_text(xlsx: Path) -> list[str]:
    """The text of each printed page of a workbook, recalculated, laid out as on paper."""
    with tempfile.TemporaryDirectory() as scratch:
        text = _run(["pdftotext", "-layout", str(_pdf(xlsx, Path(scratch))), "-"])
    return text.split("\f")[:-1]


def convert(files: Sequence[Path], to: str, folder: Path) -> None:
    """Have LibreOffice save files in a folder in another format (`pdf`, `xls`); its profile lies there too. OfficeError
    where it makes none."""
    office = find_office()
    if not office:
        raise OfficeError(missing())
    profile = f"-env:UserInstallation={(folder / 'profile').absolute().as_uri()}"
    arguments = ["--headless", "--convert-to", to, "--outdir", str(folder), *(str(file.absolute()) for file in files)]
    said = _run([office, profile, *arguments])
    lost = [file.name for file in files if not (folder / f"{file.stem}.{to.partition(':')[0]}").is_file()]
    if lost:
        raise OfficeError(f"LibreOffice made no {to} of {', '.join(lost)}: {said}")


def _pdf(xlsx: Path, scratch: Path) -> Path:
    _write_profile(scratch / "profile", recalculate=True)
    convert([xlsx], "pdf", scratch)
    return scratch / f"{xlsx.stem}.pdf"


def _write_profile(profile: Path, recalculate: bool) -> None:
    """A user profile that recalculates on loading or never does, and leaves no lock file next to a workbook."""
    settings = {
        "Calc/Formula/Load": {"OOXMLRecalcMode": "0" if recalculate else "1"},
        "Common/Misc": {"UseLocking": "false", "UseDocumentSystemFileLocking": "false"},
    }
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, values in settings.items()
        for name, value in values.items()
    )
    target = profile / "user" / "registrymodifications.xcu"
    target.parent.mkdir(parents=True)
    text = f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n{items}</oor:items>\n'
    target.write_text(text, encoding="utf-8")


def _run(command: list[str]) -> str:
    """A program's stdout; OfficeError where it is missing, fails, or is late, and then all it started is killed."""
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(
            command, stdout=pipe, stderr=pipe, text=True, encoding="utf-8", start_new_session=True
        )
    except FileNotFoundError:
        raise OfficeError(f"{command[0]} is not installed (Debian, Ubuntu: apt install poppler-utils)") from None
    with process:
        try:
            out, said = process.communicate(timeout=CONVERT_SECONDS)
        except subprocess.TimeoutExpired:
            raise OfficeError(f"{command[0]} did not end within {CONVERT_SECONDS:g} s") from None
        finally:
            _kill(process)
    if process.returncode:
        raise OfficeError(f"{command[0]} failed: {said}")
    return out


def _ask(process: subprocess.Popen[str], line: str) -> str:
    """The line answered, empty where the process has ended."""
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(line + "\n")
        process.stdin.flush()
    except BrokenPipeError:
        return ""
    return process.stdout.readline()


def _kill(process: subprocess.Popen[str]) -> None:
    """End a process and everything it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _has_uno(python: str) -> bool:
    found = subprocess.run([python, "-c", "import uno"], capture_output=True, check=False)
    return found.returncode == 0


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} cannot be put into a cell")
