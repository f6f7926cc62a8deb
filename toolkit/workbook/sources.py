"""What people hand in - files, folders, zip archives - one file after the other: its bytes, or the reason why not."""

import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.audit.submission import Reading
from toolkit.problems import Problem, Severity, Where
from toolkit.workbook.package import MOST_FILE, UNREADABLE, inflated
from toolkit.workbook.saving import reason

MOST_ARCHIVE = 2**30
MOST_ARCHIVED = 20_000

_SKIPPED_STARTS = ("~$", ".", "__MACOSX")
_SKIPPED_NAMES = ("thumbs.db", "desktop.ini")
_UTF8_FLAG = 0x800


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file as it came: what to call it, and its bytes, or the problem that keeps them away. What a summary says of
    one agency comes as `read` already."""

    name: str
    data: bytes = b""
    problem: Problem | None = None
    read: Reading | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What kind of file is looked for: how many bytes it may have, and how sentences call it."""

    most: int = MOST_FILE
    called: str = "工作簿"
    code: str = "not-a-workbook"
    hint: str = "请报送下发的 .xlsx 工作簿。"


WORKBOOKS = Wanted()

Place = Path | Incoming
"""A file that was found and not opened yet, or the problem that there is instead of one."""


def find_files(paths: Iterable[Path], *, but: Path | None = None, wanted: Wanted = WORKBOOKS) -> Iterator[Incoming]:
    """Every file at these paths but one, in the order given, folders searched through in the order of names.

    What is missing, empty or unreadable comes as an Incoming with its problem; the rest still comes.
    """
    own = None if but is None else real(but)
    for place in list_files(paths, wanted=wanted):
        if own is None or isinstance(place, Incoming) or real(place) != own:
            yield from open_file(place, wanted=wanted)


def list_files(paths: Iterable[Path], *, wanted: Wanted = WORKBOOKS) -> Iterator[Place]:
    """The files at these paths, in the order of `find_files`, none of them opened: an archive is one file."""
    for path in paths:
        try:
            is_folder, is_there = path.is_dir(), path.exists()
        except OSError as error:
            told = f"找不到“{called(path)}”：{reason(error)}。"
            yield _refused(called(path), "missing", told, "请检查路径是否写对、有没有权限。")
            continue
        if is_folder:
            yield from _folder(path, wanted)
        elif is_there:
            yield path
        else:
            yield _refused(called(path), "missing", f"找不到文件或文件夹“{called(path)}”。", "请检查路径是否写对。")


def real(path: Path) -> Path:
    """Where a path leads, links followed as far as they go; one that leads in a circle ends in it."""
    return Path(os.path.realpath(path))


def open_file(place: Place, *, by_date: bool = False, wanted: Wanted = WORKBOOKS) -> Iterator[Incoming]:
    """What a place holds: one file, or each file of an archive, in its order or `by_date`, those saved first first."""
    if isinstance(place, Incoming):
        yield place
    elif place.suffix.lower() == ".zip":
        yield from _archive(place, wanted, by_date=by_date)
    else:
        yield _file(place, wanted)


def _folder(folder: Path, wanted: Wanted) -> Iterator[Place]:
    found = False
    closed: list[OSError] = []
    for top, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not _is_skipped(name))
        for name in folders:
            link = Path(top) / name
            if link.is_symlink() and not real(Path(top)).is_relative_to(real(link)):  # one that goes round is nothing
                found = True
                told = "这是指向别处的文件夹链接，没有进去。"
                yield _refused(called(link), "nothing-found", told, "请把文件复制进来，或另写那个文件夹。")
        for name in sorted(names):
            if not _is_skipped(name):
                found = True
                yield Path(top) / name
    for error in closed:
        name, told = called(Path(str(error.filename))), f"文件夹打不开：{reason(error)}。"
        yield _refused(name, "damaged", told, "请检查有没有权限。")
    if not found and not closed:
        told = f"文件夹“{called(folder)}”里没有文件。"
        yield _refused(called(folder), "nothing-found", told, f"请把收回的{wanted.called}放进去，或改用别的文件夹。")


def _file(path: Path, wanted: Wanted) -> Incoming:
    try:
        if path.stat().st_size > wanted.most:
            return _oversized(called(path), wanted)
        if not path.is_file():
            return _refused(called(path), wanted.code, "这不是普通文件。", wanted.hint)
        return Incoming(called(path), path.read_bytes())
    except OSError as error:
        told = f"文件读不出来：{reason(error)}。"
        return _refused(called(path), "damaged", told, "请检查文件是否正被占用、有没有权限。")


def _archive(path: Path, wanted: Wanted, *, by_date: bool) -> Iterator[Incoming]:
    try:
        if not path.is_file():
            yield _refused(called(path), wanted.code, "这不是普通文件。", wanted.hint)
            return
        if path.stat().st_size > MOST_ARCHIVE:
            yield _oversized(called(path), replace(wanted, most=MOST_ARCHIVE, called="压缩包"))
            return
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_ARCHIVED or sum(member.file_size for member in members) > MOST_ARCHIVE:
                told = f"压缩包里有 {len(members)} 个文件，太多或太大了。"
                yield _refused(called(path), "oversized", told, "请分成几个压缩包。")
                return
            chosen = [(name, member) for member in members if not _is_hidden(name := _member_name(member))]
            if by_date:
                chosen.sort(key=lambda entry: entry[1].date_time)
            if not chosen:
                yield _refused(called(path), "nothing-found", "压缩包里没有文件。", "请检查是否压缩错了文件夹。")
            for name, member in chosen:
                yield _member(archive, member, f"{called(path)}/{name}", wanted)
    except OSError as error:
        yield _refused(called(path), "damaged", f"压缩包读不出来：{reason(error)}。", "请检查文件能不能打开。")
    except (*UNREADABLE, ValueError, OverflowError):
        told = "压缩包已损坏，或者不是 .zip。"
        yield _refused(called(path), "damaged", told, "请重新压缩为 .zip，或解压后把文件夹交来。")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, wanted: Wanted) -> Incoming:
    if _leads_out(_member_name(member)):
        told = "压缩包里这个文件的路径指向压缩包之外，未予读取。"
        return _refused(name, "damaged", told, "请重新压缩，或单独发送这个文件。")
    if member.flag_bits & 0x1:
        return _refused(name, "encrypted", "压缩包设了密码，读不出来。", "请去掉密码重新压缩，或解压后把文件夹交来。")
    if member.file_size > wanted.most:
        return _oversized(name, wanted)
    try:
        return Incoming(name, inflated(archive, member))
    except UNREADABLE:
        return _refused(name, "damaged", "压缩包里的这个文件已损坏。", "请重新压缩，或单独发送这个文件。")


def called(path: Path) -> str:
    """How a path is called: names that are not UTF-8 come from systems that write Chinese in GBK."""
    name = str(path)
    return name if _is_text(name) else _decoded(os.fsencode(path)) or repr(name)[1:-1]


def _member_name(member: zipfile.ZipInfo) -> str:
    """A member's name as it was meant: old archivers store Chinese names in GBK and do not say so."""
    if member.flag_bits & _UTF8_FLAG:
        return member.filename
    # not `filename`: where folders are told apart by backslashes, that byte within a GBK character was replaced there
    stored = member.orig_filename.partition("\0")[0]
    name = _decoded(stored.encode("cp437", errors="replace")) or member.filename
    return name.replace("\\", "/")


def _decoded(raw: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _leads_out(name: str) -> bool:
    return name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")


def _is_hidden(name: str) -> bool:
    return any(_is_skipped(part) for part in name.split("/") if part not in (".", ".."))


def _is_skipped(name: str) -> bool:
    return name.startswith(_SKIPPED_STARTS) or name.lower() in _SKIPPED_NAMES


def _oversized(name: str, wanted: Wanted) -> Incoming:
    told = f"文件超过 {wanted.most // 2**20} MB，不是正常的{wanted.called}。"
    return _refused(name, "oversized", told, "请单位重新发送原文件。")


def _refused(name: str, code: str, message: str, hint: str) -> Incoming:
    return Incoming(name, problem=Problem(Where(name), code, Severity.ERROR, message, hint))
