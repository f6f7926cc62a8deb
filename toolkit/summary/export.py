"""A summary's figures for other programs: CSV, JSON, JSON lines, Parquet or SQLite, with a data package beside them."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from toolkit.audit.numbers import printed
from toolkit.summary.datapackage import DESCRIPTOR, Written, descriptor_bytes
from toolkit.summary.merge import Summary
from toolkit.summary.parquetfile import is_there, parquet_bytes
from toolkit.summary.resources import Resource, Row, Value, resources
from toolkit.summary.sqlitefile import MOST_COLUMNS, sqlite_bytes

Format = Literal["csv", "json", "jsonl", "parquet", "sqlite"]
FORMATS: tuple[Format, ...] = ("csv", "json", "jsonl", "parquet", "sqlite")
DATABASE = "data.sqlite3"

_TABLES = ("keys", "totals", "agencies", "figures")
_RUN_AS_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_WITHOUT_PYARROW = "这里没有安装 pyarrow，写不出 Parquet 文件。"
_WAY_OUT = "请运行：pip install 'gouji-toolkit[parquet]'；或者改用 --format csv。"


@dataclass(frozen=True, slots=True)
class _Way:
    """How one table becomes one file."""

    suffix: str
    make: Callable[[Resource], bytes]


class ExportUnavailable(RuntimeError):
    """A format cannot be written here; the message says why, and `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def export_names(kind: Format) -> tuple[str, ...]:
    """The names of the files of a format, in the order in which they are made; the descriptor is the last.

    ExportUnavailable where the format needs what is not installed.
    """
    if kind == "parquet" and not is_there():
        raise ExportUnavailable(_WITHOUT_PYARROW, _WAY_OUT)
    names = (DATABASE,) if kind == "sqlite" else tuple(f"{name}.{_WAYS[kind].suffix}" for name in _TABLES)
    return (*names, DESCRIPTOR)


def export_files(summary: Summary, kind: Format) -> Iterator[tuple[str, bytes]]:
    """Each file's name and bytes, made as they are taken; the same summary gives the same bytes.

    ValueError where nothing is counted; ExportUnavailable where the format cannot be written.
    """
    if not summary.included:
        raise ValueError("an export of no submission")
    names, tables = export_names(kind), resources(summary)
    written: dict[str, Written] = {}
    if kind == "sqlite":
        if max(len(each.columns) for each in tables) > MOST_COLUMNS:
            told = f"本报表有 {len(summary.book.cells)} 格，SQLite 的一个表至多 {MOST_COLUMNS} 列，装不下。"
            raise ExportUnavailable(told, "请改用别的格式，例如 --format csv。")
        data = sqlite_bytes(tables)
        written = dict.fromkeys((each.name for each in tables), _told(DATABASE, data))
        yield DATABASE, data
    else:
        for name, each in zip(names, tables, strict=False):
            data = _WAYS[kind].make(each)
            written[each.name] = _told(name, data)
            yield name, data
    yield DESCRIPTOR, descriptor_bytes(summary, tables, kind, written)


def disarmed(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe in front where it would be one."""
    return f"'{text}" if text.startswith(_RUN_AS_FORMULAS) else text


def csv_bytes(resource: Resource) -> bytes:
    """The table as Excel opens it: UTF-8 with its mark, lines ended by CRLF, texts disarmed, numbers as they are."""
    buffer = io.BytesIO()
    text = io.TextIOWrapper(buffer, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(resource.names)
    writer.writerows(map(_csv_row, resource.rows()))
    text.flush()
    return buffer.getvalue()


def json_bytes(resource: Resource) -> bytes:
    """The table as one array of objects, an object a line."""
    return _joined(resource, b"[\n", b",\n", b"\n]\n")


def json_lines_bytes(resource: Resource) -> bytes:
    """The table as an object a line."""
    return _joined(resource, b"", b"\n", b"\n")


def _csv_row(row: Row) -> list[str]:
    return [disarmed(value) if isinstance(value, str) else printed(Decimal(value)) if value is not None else ""
            for value in row]  # fmt: skip


def _joined(resource: Resource, before: bytes, between: bytes, behind: bytes) -> bytes:
    buffer, names = io.BytesIO(), resource.names
    buffer.write(before)
    for at, row in enumerate(resource.rows()):
        if at:
            buffer.write(between)
        line = dict(zip(names, map(_json_value, row), strict=True))
        buffer.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode())
    buffer.write(behind)
    return buffer.getvalue()


def _json_value(value: Value) -> int | str | None:
    """Counts as integers, figures that may have decimals as strings, as in all our JSON."""
    return printed(value) if isinstance(value, Decimal) else value


def _told(name: str, data: bytes) -> Written:
    return Written(name, hashlib.sha256(data).hexdigest())


_WAYS: Mapping[Format, _Way] = {
    "csv": _Way("csv", csv_bytes),
    "json": _Way("json", json_bytes),
    "jsonl": _Way("jsonl", json_lines_bytes),
    "parquet": _Way("parquet", parquet_bytes),
}
