"""The ledger's tables: what they are, and how an older ledger becomes one of today's.

Every table is a history: rows are added and never changed or removed, which triggers hold whoever opens the file.
"""

import sqlite3
from collections.abc import Sequence

_FIRST = """
CREATE TABLE about (
    only INTEGER PRIMARY KEY CHECK (only = 1), form TEXT NOT NULL, version INTEGER NOT NULL, year INTEGER NOT NULL,
    cells TEXT NOT NULL
);
CREATE TABLE original (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE prior (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, agency TEXT NOT NULL, figures TEXT NOT NULL, source TEXT NOT NULL
);
CREATE INDEX prior_agency ON prior (agency);
CREATE TABLE issue (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, agency TEXT NOT NULL, name TEXT NOT NULL, file TEXT NOT NULL,
    sha256 TEXT NOT NULL, prior INTEGER REFERENCES prior (id)
);
CREATE INDEX issue_agency ON issue (agency);
CREATE TABLE filing (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, file TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES original (sha256), turn INTEGER NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL,
    issued_to TEXT NOT NULL, year INTEGER, status TEXT NOT NULL, figures TEXT NOT NULL, problems TEXT NOT NULL,
    reading TEXT NOT NULL, UNIQUE (sha256, turn)
);
CREATE TABLE acceptance (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, filing INTEGER NOT NULL REFERENCES filing (id),
    agency TEXT NOT NULL, code TEXT NOT NULL, fingerprint TEXT NOT NULL, figures TEXT NOT NULL, message TEXT NOT NULL,
    why TEXT NOT NULL
);
CREATE TABLE notice (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, filing INTEGER NOT NULL REFERENCES filing (id), agency TEXT NOT NULL,
    file TEXT NOT NULL, problems TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE summary (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, included INTEGER NOT NULL,
    expected INTEGER NOT NULL
);
CREATE TABLE summary_filing (
    summary INTEGER NOT NULL REFERENCES summary (id), filing INTEGER NOT NULL REFERENCES filing (id),
    PRIMARY KEY (summary, filing)
) WITHOUT ROWID;
"""
TABLES = ("about", "original", "prior", "issue", "filing", "acceptance", "notice", "summary", "summary_filing")

_KEPT = "".join(
    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
    " BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;\n"
    for table in TABLES
    for verb in ("UPDATE", "DELETE")
)

STEPS: tuple[str, ...] = (_FIRST + _KEPT,)
"""What makes a ledger of version n one of version n + 1; a new ledger goes through all of them."""


def version_of(connection: sqlite3.Connection) -> int:
    """How many steps a ledger has been through."""
    found: tuple[int] = connection.execute("PRAGMA user_version").fetchone()
    return found[0]


def migrate(connection: sqlite3.Connection, steps: Sequence[str] = STEPS) -> None:
    """Take a ledger through the steps that it has not been through, each whole or not at all."""
    for at in range(version_of(connection), len(steps)):
        try:
            connection.executescript(f"BEGIN IMMEDIATE;\n{steps[at]};\nPRAGMA user_version = {at + 1};\nCOMMIT;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
