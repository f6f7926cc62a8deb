"""The child process that reads one old or foreign workbook: its bytes on stdin, its cells as JSON on stdout.

A damaged .xls or .ods can make calamine take all memory or abort, so it runs here, alone and within limits (`confined`
starts it with ROWS COLUMNS SHEETS OUTPUT). It imports nothing of the toolkit. The answer is
`{"sheets": [[name, {"E7": [kind, text]}], …]}` or `{"refused": code}`.
"""

import io
import json
import sys
from datetime import date, time, timedelta
from typing import Any


class TooMuch(Exception):
    """The workbook holds more than any filled form does."""


def main(arguments: list[str]) -> None:
    """Answer for the workbook on stdin; the arguments are how much of it is wanted at most."""
    rows, columns, sheets, output = map(int, arguments)
    try:
        answer: dict[str, object] = {"sheets": _sheets(sys.stdin.buffer.read(), rows, columns, sheets, output)}
    except (MemoryError, TooMuch):
        answer = {"refused": "oversized"}
    sys.stdout.write(json.dumps(answer))


def _sheets(data: bytes, rows: int, columns: int, sheets: int, output: int) -> list[tuple[str, object]]:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    if len(book.sheet_names) > sheets:
        raise TooMuch
    found: list[tuple[str, object]] = []
    for name in book.sheet_names:
        cells: dict[str, tuple[str, str]] = {}
        lines = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=rows)
        for row, line in enumerate(lines, 1):
            for column, value in enumerate(line[:columns]):
                if value != "":
                    kind, text = cells[f"{_letters(column)}{row}"] = content(value)
                    output -= len(kind) + len(text) + 20
        if output < 0:
            raise TooMuch
        found.append((name, cells))
    return found


def content(value: Any) -> tuple[str, str]:
    """A value as calamine gives it -> its kind and its exact text."""
    if isinstance(value, bool):
        return "boolean", str(int(value))
    if isinstance(value, float):
        return "number", str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return "number", str(value)
    if isinstance(value, date | time):
        return "date", value.isoformat()
    if isinstance(value, timedelta):
        return "date", str(value)
    return "text", str(value).replace("\r\n", "\n")


def _letters(column: int) -> str:
    """0 -> A, 26 -> AA."""
    first, last = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


if __name__ == "__main__":
    main(sys.argv[1:])
