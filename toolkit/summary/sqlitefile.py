"""Tables as one SQLite file, with their keys, and a view that adds the totals up from the figures.

SQLite knows no exact decimals: they are its REAL, good for 15 digits as in a workbook, and a sum of them is to be
rounded to the places that `keys.decimals` gives. Counts are INTEGER and their sums exact.
"""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from toolkit.summary.resources import Column, Resource, Row

MOST_COLUMNS = 2_000  # of an SQLite table

_TYPES = {"text": "TEXT", "whole": "INTEGER", "number": "NUMERIC"}
_TROUBLES = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_IOERR: errno.EIO, sqlite3.SQLITE_CANTOPEN: errno.EACCES}
_VIEW = """\
CREATE VIEW totals_from_figures AS
SELECT k.key, CASE WHEN k.decimals > 0 THEN round(f.total, k.decimals) ELSE f.total END AS value
FROM keys AS k JOIN (SELECT key, coalesce(sum(value), 0) AS total FROM figures GROUP BY key) AS f ON f.key = k.key
ORDER BY k.rowid
"""


def sqlite_bytes(tables: Sequence[Resource]) -> bytes:
    """The file; OSError where there is no room to make it in."""
    with tempfile.TemporaryDirectory(prefix="gouji-") as folder:
        path = Path(folder) / "data.sqlite3"
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                _fill(connection, tables)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _TROUBLES:
                raise
            code = _TROUBLES[error.sqlite_errorcode & 0xFF]
            raise OSError(code, os.strerror(code), folder) from error
        return path.read_bytes()


def _fill(connection: sqlite3.Connection, tables: Sequence[Resource]) -> None:
    for pragma in ("journal_mode = OFF", "synchronous = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    for each in tables:
        connection.execute(_declared(each))
        marks = ", ".join("?" * len(each.columns))
        connection.executemany(f"INSERT INTO {_quoted(each.name)} VALUES ({marks})", _stored(each))
    connection.execute(_VIEW)
    connection.execute("COMMIT")


def _declared(table: Resource) -> str:
    lines = [_column(each) for each in table.columns]
    lines.append(f"PRIMARY KEY ({', '.join(map(_quoted, table.primary))})")
    lines += [f"FOREIGN KEY ({_quoted(name)}) REFERENCES {_quoted(other)} ({_quoted(name)})"
              for name, other in table.foreign]  # fmt: skip
    inside = ",\n  ".join(lines)
    return f"CREATE TABLE {_quoted(table.name)} (\n  {inside}\n)"


def _column(column: Column) -> str:
    return f"{_quoted(column.name)} {_TYPES[column.kind]}{' NOT NULL' if column.required else ''}"


def _stored(table: Resource) -> Iterator[Row | tuple[object, ...]]:
    for row in table.rows():
        yield tuple(float(value) if isinstance(value, Decimal) else value for value in row)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
