"""The ledger of a collection: everything that was issued, received, accepted, returned and summed up, for good.

Every write is one transaction, on the disk before it is acknowledged. Times are local, ISO 8601 with their offset.
"""

import getpass
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from toolkit.audit.checks import Rulebook
from toolkit.audit.submission import Agency, Reading, Submission
from toolkit.collection.events import Acceptance, Filing, Issued, Notice
from toolkit.collection.record import figures_text, parse_figures, parse_problems, parse_reading, problems_text
from toolkit.collection.record import reading_text as text_of
from toolkit.collection.troubles import LedgerError
from toolkit.form.model import Key
from toolkit.problems import Problem
from toolkit.workbook.known import Known


class Ledger:
    """An open ledger. Made by `reading` and `writing`; of no use after they end."""

    def __init__(self, connection: sqlite3.Connection, known: Known) -> None:
        self._connection, self._known = connection, known

    # what is written

    def begin(self, year: int) -> None:
        """Bind the ledger to its form and year; LedgerError where it is bound to others."""
        self.check(year)
        book = self._known.book
        row = (1, book.form.id, book.form.version, year, _cells(book))
        with self._transaction():
            self._connection.execute("INSERT OR IGNORE INTO about VALUES (?, ?, ?, ?, ?)", row)

    def check(self, year: int) -> None:
        """LedgerError where what is in the ledger is of another form, version or year, or of other cells."""
        row = self._connection.execute("SELECT form, version, year, cells FROM about").fetchone()
        book = self._known.book
        if row is None or row == (book.form.id, book.form.version, year, _cells(book)):
            return
        told = f"台账记的是 {row[0]} 第 {row[1]} 版、{row[2]} 年度，与现在的设置不同"
        if row[:3] == (book.form.id, book.form.version, year):
            told = f"报表定义 {book.form.id} 的行列改动过，与台账记的不同"
        raise LedgerError(told, "请把 collection.toml 或报表定义改回去；另一个年度或报表请用 gouji init 另建文件夹。")

    def record_prior(self, figures: Mapping[str, Mapping[Key, Decimal]], source: str) -> None:
        """Last year's figures of agencies by code, from now on the ones that count."""
        with self._transaction():
            for agency, values in figures.items():
                row = (_now(), agency, figures_text(values), source)
                self._connection.execute("INSERT INTO prior (at, agency, figures, source) VALUES (?, ?, ?, ?)", row)

    def record_issues(self, written: Sequence[tuple[Agency, str, str]]) -> None:
        """Workbooks written for agencies, all at once, with the figures of last year that count now: whose, their file,
        its SHA-256."""
        if not written:
            return
        with self._transaction():
            for agency, file, sha256 in written:
                found = self._connection.execute("SELECT max(id) FROM prior WHERE agency = ?", (agency.code,))
                row = (_now(), agency.code, agency.name, file, sha256, found.fetchone()[0])
                self._connection.execute(
                    "INSERT INTO issue (at, agency, name, file, sha256, prior) VALUES (?, ?, ?, ?, ?, ?)", row
                )

    def record_filing(self, data: bytes, reading: Reading, told: Reading, *, again: bool = False) -> int | None:
        """Keep a file's bytes and what was read in them (`told` is the same, audited); None where they are here already
        and are not to be taken `again`. When this returns, the file is safe."""
        sha256 = hashlib.sha256(data).hexdigest()
        with self._transaction():
            earlier = self._connection.execute("SELECT count(*) FROM filing WHERE sha256 = ?", (sha256,))
            turn: int = earlier.fetchone()[0]
            if turn and not again:
                return None
            self._connection.execute("INSERT OR IGNORE INTO original VALUES (?, ?, ?)", (sha256, len(data), data))
            readable = reading if isinstance(reading, Submission) else None
            row = (
                _now(), _user(), reading.source.file, sha256, turn, reading.agency.code, reading.agency.name,
                readable.stamp.agency if readable and readable.stamp else "", reading.year, told.status,
                figures_text(readable.values if readable else {}), problems_text(told.problems),
                text_of(reading, self._known),
            )  # fmt: skip
            return self._connection.execute(
                "INSERT INTO filing (at, who, file, sha256, turn, code, name, issued_to, year, status, figures,"
                f" problems, reading) VALUES ({', '.join('?' * len(row))})", row,
            ).lastrowid  # fmt: skip

    def record_acceptances(
        self, filing: int, agency: str, figures: str, why: str, problems: Mapping[str, Problem]
    ) -> None:
        """Problems of a filing accepted, by their fingerprints, while its agency's figures have this digest; with no
        agency, a file that is nobody's and needs no more attention."""
        with self._transaction():
            for fingerprint, each in problems.items():
                row = (_now(), _user(), filing, agency, each.code, fingerprint, figures, each.message, why)
                self._connection.execute(
                    "INSERT INTO acceptance (at, who, filing, agency, code, fingerprint, figures, message, why)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row,
                )  # fmt: skip

    def record_notice(self, filing: int, agency: str, file: str, problems: str, text: str) -> None:
        """A file returned to its agency."""
        row = (_now(), filing, agency, file, problems, text)
        with self._transaction():
            self._connection.execute(
                "INSERT INTO notice (at, filing, agency, file, problems, text) VALUES (?, ?, ?, ?, ?, ?)", row
            )

    def record_summary(self, file: str, sha256: str, filings: Iterable[int], expected: int) -> None:
        """A summary written from these filings, of so many agencies expected."""
        counted = sorted(filings)
        with self._transaction():
            row = (_now(), file, sha256, len(counted), expected)
            made = self._connection.execute(
                "INSERT INTO summary (at, file, sha256, included, expected) VALUES (?, ?, ?, ?, ?)", row
            ).lastrowid
            pairs = [(made, filing) for filing in counted]
            self._connection.executemany("INSERT INTO summary_filing VALUES (?, ?)", pairs)

    # what is read

    def has_original(self, sha256: str) -> bool:
        """Whether a file of this hash was taken in."""
        return self._connection.execute("SELECT 1 FROM filing WHERE sha256 = ?", (sha256,)).fetchone() is not None

    def original(self, sha256: str) -> bytes:
        """The bytes of a file that was taken in, as they came; LedgerError where they are not those any more."""
        row = self._connection.execute("SELECT data FROM original WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None or hashlib.sha256(row[0]).hexdigest() != sha256:
            raise LedgerError(f"台账里的原件 {sha256[:12]} 不完整", "请从备份恢复 ledger.sqlite3。")
        data: bytes = row[0]
        return data

    def priors(self) -> dict[str, dict[Key, Decimal]]:
        """The figures of last year that count, by agency code, under prior keys."""
        rows = self._connection.execute("SELECT agency, figures FROM prior ORDER BY id")
        return {
            agency: {key: value for key, value in parse_figures(text, self._known).items() if value is not None}
            for agency, text in rows
        }

    def issues(self) -> list[Issued]:
        """Every workbook that was issued, in order."""
        rows = self._connection.execute("SELECT at, name, agency, file, sha256, prior FROM issue ORDER BY id")
        return [
            Issued(datetime.fromisoformat(at), Agency(name, code), file, sha256, prior is not None)
            for at, name, code, file, sha256, prior in rows
        ]

    def filings(self) -> list[Filing]:
        """Every file that was taken in, in order."""
        rows = self._connection.execute(
            "SELECT id, at, who, file, sha256, name, code, issued_to, year, status, problems FROM filing ORDER BY id"
        )
        return [
            Filing(number, datetime.fromisoformat(at), who, file, sha256, Agency(name, code), issued_to, year, status,
                   parse_problems(problems, file))
            for number, at, who, file, sha256, name, code, issued_to, year, status, problems in rows
        ]  # fmt: skip

    def reading(self, filing: Filing) -> Reading:
        """What was read in a file, without the problems of its figures."""
        row = self._connection.execute("SELECT reading, figures FROM filing WHERE id = ?", (filing.id,)).fetchone()
        try:
            return parse_reading(row[0], row[1], filing.file, filing.sha256, self._known)
        except (ValueError, LookupError, TypeError, ArithmeticError) as error:
            told = f"台账里第 {filing.id} 份（{filing.file}）的记录不完整"
            raise LedgerError(told, "请从备份恢复 ledger.sqlite3。") from error

    def acceptances(self) -> list[Acceptance]:
        """Everything that was accepted, in order."""
        rows = self._connection.execute(
            "SELECT at, who, filing, agency, code, fingerprint, figures, message, why FROM acceptance ORDER BY id"
        )
        return [Acceptance(datetime.fromisoformat(at), *rest) for at, *rest in rows]

    def notices(self) -> list[Notice]:
        """Everything that was returned, in order."""
        rows = self._connection.execute("SELECT at, filing, file, problems FROM notice ORDER BY id")
        return [Notice(datetime.fromisoformat(at), *rest) for at, *rest in rows]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _cells(book: Rulebook) -> str:
    """A digest of the form's cells: what figures are kept by."""
    cells = [f"{key} {cell.decimals} {key in book.computed}" for key, cell in book.cells.items()]
    return hashlib.sha256("\n".join([*cells, *map(str, book.prior)]).encode()).hexdigest()


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _user() -> str:
    """Who runs this, as the system calls them; empty where it cannot say."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
