"""Opening a ledger: an SQLite file in WAL mode that one process writes at a time and any number reads meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from toolkit.collection.ledger import Ledger
from toolkit.collection.schema import STEPS, migrate, version_of
from toolkit.collection.troubles import LedgerError, trouble_of
from toolkit.workbook.known import Known

LOCK = ".ledger.lock"
_PATIENCE = 10.0  # seconds that a statement waits for another process to finish its own


@contextmanager
def writing(path: Path, known: Known, *, make: bool = False) -> Iterator[Ledger]:
    """The ledger, for this process alone to write; a new one is made only with `make`. LedgerError where that cannot
    be."""
    if not make:
        _check_there(path)
    try:
        with closing(_locked(path.with_name(LOCK))), closing(_connected(path, make=make)) as connection:
            yield Ledger(connection, known)
    except sqlite3.Error as error:
        raise trouble_of(error) from error


@contextmanager
def reading(path: Path, known: Known) -> Iterator[Ledger]:
    """The ledger, to be read only, while another process may be writing; LedgerError where that cannot be."""
    _check_there(path)
    try:
        with closing(_connected_to_read(path)) as connection:
            yield Ledger(connection, known)
    except sqlite3.Error as error:
        raise trouble_of(error) from error


def _check_there(path: Path) -> None:
    if not path.is_file():
        raise LedgerError(f"找不到台账“{path}”", "请从备份恢复 ledger.sqlite3，或用 gouji init 另建收集任务。")


def _locked(path: Path) -> sqlite3.Connection:
    """A lock that the system takes back when its holder dies; LedgerError where another process holds it."""
    lock = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        told = "另一个 gouji 正在写这个收集任务的台账，这一次什么也没做"
        raise LedgerError(told, "请等它做完，再运行一次；文件都还在原处。") from None
    return lock


def _connected(path: Path, *, make: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    try:
        _check_version(connection, make=make)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        migrate(connection)
    except (sqlite3.Error, LedgerError):
        connection.close()
        raise
    return connection


def _connected_to_read(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing, also where the folder cannot be written; an older ledger is brought up to date
    first."""
    try:
        connection = _read_only(path, "mode=rw")
    except sqlite3.OperationalError:
        log = path.with_name(path.name + "-wal")
        if log.exists() and log.stat().st_size:
            raise
        connection = _read_only(path, "mode=ro&immutable=1")
    if version_of(connection) < len(STEPS):
        connection.close()
        with closing(_locked(path.with_name(LOCK))):
            _connected(path).close()
        return _read_only(path, "mode=rw")
    return connection


def _read_only(path: Path, how: str) -> sqlite3.Connection:
    """The last connection to end takes the files beside the ledger away: one that was opened to write, therefore."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?{how}", timeout=_PATIENCE, isolation_level=None, uri=True)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        _check_version(connection)
    except (sqlite3.Error, LedgerError):
        connection.close()
        raise
    return connection


def _check_version(connection: sqlite3.Connection, *, make: bool = False) -> None:
    found = version_of(connection)
    if found > len(STEPS):
        told = f"台账是更新的 gouji 写的（第 {found} 版，本机只认到第 {len(STEPS)} 版）"
        raise LedgerError(told, "请在这台电脑上升级 gouji-toolkit。")
    is_empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    if found == 0 and not (make and is_empty):
        raise LedgerError("台账文件是空的，或者不是台账", "请从备份恢复 ledger.sqlite3。")
