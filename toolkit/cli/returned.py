"""Where the marked copies of `gouji check --annotate` go, and writing them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from toolkit.audit.submission import Reading, Submission
from toolkit.cli.given import ensure_free, refuse, save
from toolkit.cli.screen import plain
from toolkit.workbook.intake import Known
from toolkit.workbook.saving import file_stem
from toolkit.workbook.sources import Incoming

SUFFIX = "-退回"
_MARKED_BEFORE = re.compile(rf"{SUFFIX}(-\d+)?$")


def planned_copies(folder: Path, paths: Sequence[Path], incoming: Sequence[Incoming], *, force: bool) -> list[Path]:
    """The path each file's copy would get; refused, before anything is read, where one exists or would be read as
    handed in the next time."""
    if folder.exists() and not folder.is_dir():
        raise refuse(f"“{plain(str(folder))}”不是文件夹。", "请给 --annotate 换一个文件夹。")
    own = folder.resolve()
    for path in paths:
        if path.is_dir() and own.is_relative_to(path.resolve()):
            told = f"退回件不能放在要审核的文件夹“{plain(str(path))}”里，下次审核会当成收回的工作簿。"
            raise refuse(told, "请给 --annotate 换一个文件夹。")
    copies = [folder / name for name in copy_names([each.name for each in incoming])]
    for copy in copies:
        ensure_free(copy, force=force)
    return copies


def copy_names(names: Sequence[str]) -> list[str]:
    """A file name for each file's copy, all different: its own with -退回 at the end."""
    taken: set[str] = set()
    found = []
    for name in names:
        stem = _stem(name)
        copy, number = f"{stem}{SUFFIX}.xlsx", 1
        while copy.casefold() in taken:
            number += 1
            copy = f"{stem}{SUFFIX}-{number}.xlsx"
        taken.add(copy.casefold())
        found.append(copy)
    return found


def write_copies(
    copies: Sequence[Path], incoming: Sequence[Incoming], readings: Sequence[Reading], known: Mapping[str, Known], *,
    force: bool,
) -> list[Path | None]:  # fmt: skip
    """The copy of each file that has problems, written; None for what has none and for what cannot be read."""
    written: list[Path | None] = []
    for path, file, reading in zip(copies, incoming, readings, strict=True):
        wrong = reading.status in ("errors", "warnings") and file.data != b""  # what a summary says has no file
        if isinstance(reading, Submission) and wrong:
            from toolkit.workbook.annotate import marked_copy  # openpyxl takes a quarter of a second to load

            save(path, marked_copy(file.data, reading, known[reading.book.form.code]), force=force)
            click.echo(f"退回件：{plain(str(path))}", err=True)
        elif not isinstance(reading, Submission):
            click.echo(f"没有退回件：{plain(reading.source.file)}，文件读不出。", err=True)
        written.append(path if isinstance(reading, Submission) and wrong else None)
    return written


def _stem(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    stem = last.rpartition(".")[0] if "." in last.lstrip(".") else last
    return file_stem(_MARKED_BEFORE.sub("", stem), "工作簿")
