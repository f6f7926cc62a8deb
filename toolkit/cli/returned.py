"""Where the marked copies of `gouji check --annotate` go, and writing them."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from toolkit.audit.submission import Reading, Submission
from toolkit.cli.given import ensure_free, refuse, save
from toolkit.cli.screen import plain
from toolkit.cli.working import Given
from toolkit.workbook.known import Known
from toolkit.workbook.saving import file_stem
from toolkit.workbook.sources import Place, each_place, open_file

SUFFIX = "-退回"
_MARKED_BEFORE = re.compile(rf"{SUFFIX}(-\d+)?$")


def check_folder(folder: Path, paths: Sequence[Given]) -> None:
    """Refuse, before anything is read, a folder that is none, or whose copies would be read as handed in the next
    time."""
    if folder.exists() and not folder.is_dir():
        raise refuse(f"“{plain(str(folder))}”不是文件夹。", "请给 --annotate 换一个文件夹。")
    own = folder.resolve()
    for path in paths:
        if isinstance(path, Path) and path.is_dir() and own.is_relative_to(path.resolve()):
            told = f"退回件不能放在要审核的文件夹“{plain(str(path))}”里，下次审核会当成收回的工作簿。"
            raise refuse(told, "请给 --annotate 换一个文件夹。")


def planned_copies(folder: Path, readings: Sequence[Reading], *, force: bool) -> list[Path]:
    """The path each reading's copy would get; refused where one exists."""
    copies = [folder / name for name in copy_names([each.source.file for each in readings])]
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


def places_again(paths: Sequence[Given], counts: Sequence[int]) -> Iterator[Place]:
    """The place of each reading once more, where so many were read at each place."""
    for place, count in zip(each_place(paths), counts, strict=False):
        yield from [place] * count


def write_copies(
    copies: Sequence[Path], places: Iterator[Place], readings: Sequence[Reading], known: Mapping[str, Known], *,
    force: bool,
) -> list[Path | None]:  # fmt: skip
    """The copy of each file that has problems, written; None for what has none and for what cannot be read."""
    written: list[Path | None] = []
    for path, place, reading in zip(copies, places, readings, strict=True):
        data = None
        if not isinstance(reading, Submission):
            click.echo(f"没有退回件：{plain(reading.source.file)}，文件读不出。", err=True)
        elif reading.status in ("errors", "warnings") and reading.via is None:  # what a summary says has no file
            data = _unchanged(place, reading)
        if data is not None and isinstance(reading, Submission):
            from toolkit.workbook.annotate import marked_copy  # openpyxl takes a quarter of a second to load

            save(path, marked_copy(data, reading, known[reading.book.form.code]), force=force)
            click.echo(f"退回件：{plain(str(path))}", err=True)
        written.append(None if data is None else path)
    return written


def _unchanged(place: Place, reading: Submission) -> bytes | None:
    """The bytes that were read; None, and it is said, where they are others by now."""
    data = next(open_file(place)).data
    if hashlib.sha256(data).hexdigest() == reading.source.sha256:
        return data
    click.echo(f"没有退回件：{plain(reading.source.file)}，文件在审核之后变了，请再审核一次。", err=True)
    return None


def _stem(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    stem = last.rpartition(".")[0] if "." in last.lstrip(".") else last
    return file_stem(_MARKED_BEFORE.sub("", stem), "工作簿")
