"""What people hand in - files, folders, zip archives, URLs - one file after the other: its bytes, or the reason why
not."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from toolkit.workbook.archives import MOST_ARCHIVE, decoded, is_archive, oversized_archive, unpack
from toolkit.workbook.incoming import WORKBOOKS, Incoming, Wanted, empty_folder, is_skipped, oversized, refused
from toolkit.workbook.remote import Remote, is_url, list_remote, open_remote
from toolkit.workbook.saving import reason

__all__ = [
    "WORKBOOKS",
    "Incoming",
    "Place",
    "Remote",
    "Wanted",
    "called",
    "each_place",
    "find_files",
    "given_place",
    "list_files",
    "open_file",
    "real",
    "unpacked",
]

Place = Path | Remote | Incoming
"""A file that was found and not opened yet, or the problem that there is instead of one."""


def given_place(text: str) -> Path | Remote:
    """What somebody who names a place means: a URL, or a path of this computer."""
    return Remote(text) if is_url(text) else Path(text)


def find_files(
    paths: Iterable[Path | Remote], *, but: Path | None = None, wanted: Wanted = WORKBOOKS
) -> Iterator[Incoming]:  # fmt: skip
    """Every file at these paths but one, in the order given, folders searched through in the order of names.

    What is missing, empty or unreadable comes as an Incoming with its problem; the rest still comes.
    """
    for place in each_place(paths, but=but, wanted=wanted):
        yield from open_file(place, wanted=wanted)


def each_place(
    paths: Iterable[Path | Remote], *, but: Path | None = None, wanted: Wanted = WORKBOOKS
) -> Iterator[Place]:  # fmt: skip
    """The places of the files of `find_files`, in its order, for others to open: `open_file` finds one file at each.

    They are small and can be pickled, but for the files of archives, which come with their bytes.
    """
    yield from unpacked(list_files(paths, wanted=wanted), but=but, wanted=wanted)


def unpacked(places: Iterable[Place], *, but: Path | None = None, wanted: Wanted = WORKBOOKS) -> Iterator[Place]:
    """The same places but one, each archive's files in its place, with their bytes."""
    own = None if but is None else real(but)
    for place in places:
        if isinstance(place, Path) and own is not None and real(place) == own:
            continue
        if not isinstance(place, Incoming) and is_archive(str(place)):
            yield from open_file(place, wanted=wanted)
        else:
            yield place


def list_files(paths: Iterable[Path | Remote], *, wanted: Wanted = WORKBOOKS) -> Iterator[Place]:
    """The files at these paths, in the order of `find_files`, none of them opened: an archive is one file."""
    for path in paths:
        if isinstance(path, Remote):
            yield from list_remote(path, wanted)
            continue
        try:
            is_folder, is_there = path.is_dir(), path.exists()
        except OSError as error:
            told = f"找不到“{called(path)}”：{reason(error)}。"
            yield refused(called(path), "missing", told, "请检查路径是否写对、有没有权限。")
            continue
        if is_folder:
            yield from _folder(path, wanted)
        elif is_there:
            yield path
        else:
            yield refused(called(path), "missing", f"找不到文件或文件夹“{called(path)}”。", "请检查路径是否写对。")


def real(path: Path) -> Path:
    """Where a path leads, links followed as far as they go; one that leads in a circle ends in it."""
    return Path(os.path.realpath(path))


def open_file(place: Place, *, by_date: bool = False, wanted: Wanted = WORKBOOKS) -> Iterator[Incoming]:
    """What a place holds: one file, or each file of an archive, in its order or `by_date`, those saved first first."""
    if isinstance(place, Incoming):
        yield place
    elif isinstance(place, Remote):
        yield from open_remote(place, wanted, by_date=by_date)
    elif is_archive(str(place)):
        yield from _archive(place, wanted, by_date=by_date)
    else:
        yield _file(place, wanted)


def _folder(folder: Path, wanted: Wanted) -> Iterator[Path | Incoming]:
    found = False
    closed: list[OSError] = []
    for top, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not is_skipped(name))
        for name in folders:
            link = Path(top) / name
            if link.is_symlink() and not real(Path(top)).is_relative_to(real(link)):  # one that goes round is nothing
                found = True
                told = "这是指向别处的文件夹链接，没有进去。"
                yield refused(called(link), "nothing-found", told, "请把文件复制进来，或另写那个文件夹。")
        for name in sorted(names):
            if not is_skipped(name):
                found = True
                yield Path(top) / name
    for error in closed:
        name, told = called(Path(str(error.filename))), f"文件夹打不开：{reason(error)}。"
        yield refused(name, "damaged", told, "请检查有没有权限。")
    if not found and not closed:
        yield empty_folder(called(folder), wanted)


def _file(path: Path, wanted: Wanted) -> Incoming:
    try:
        if path.stat().st_size > wanted.most:
            return oversized(called(path), wanted)
        if not path.is_file():
            return refused(called(path), wanted.code, "这不是普通文件。", wanted.hint)
        return Incoming(called(path), path.read_bytes())
    except OSError as error:
        told = f"文件读不出来：{reason(error)}。"
        return refused(called(path), "damaged", told, "请检查文件是否正被占用、有没有权限。")


def _archive(path: Path, wanted: Wanted, *, by_date: bool) -> Iterator[Incoming]:
    try:
        if not path.is_file():
            yield refused(called(path), wanted.code, "这不是普通文件。", wanted.hint)
            return
        if path.stat().st_size > MOST_ARCHIVE:
            yield oversized_archive(called(path), wanted)
            return
    except OSError as error:
        yield refused(called(path), "damaged", f"压缩包读不出来：{reason(error)}。", "请检查文件能不能打开。")
        return
    yield from unpack(path, called(path), wanted, by_date=by_date)


def called(path: Path) -> str:
    """How a path is called: names that are not UTF-8 come from systems that write Chinese in GBK."""
    name = str(path)
    return name if _is_text(name) else decoded(os.fsencode(path)) or repr(name)[1:-1]


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
