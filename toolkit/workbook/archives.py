"""Zip archives that people hand in, file by file: names as they were meant, bounds, what is locked or damaged."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from toolkit.workbook.incoming import Incoming, Wanted, is_skipped, oversized, refused
from toolkit.workbook.package import UNREADABLE, inflated
from toolkit.workbook.saving import reason

MOST_ARCHIVE = 2**30
MOST_ARCHIVED = 20_000

_UTF8_FLAG = 0x800


def is_archive(name: str) -> bool:
    """Whether a file of this name is taken for an archive."""
    return PurePosixPath(name).suffix.lower() == ".zip"


def oversized_archive(name: str, wanted: Wanted) -> Incoming:
    """An archive that has more bytes than any may."""
    return oversized(name, replace(wanted, most=MOST_ARCHIVE, called="压缩包"))


def unpack(file: Path | BinaryIO, name: str, wanted: Wanted, *, by_date: bool) -> Iterator[Incoming]:
    """Each file of an archive that is called `name`, in its order or `by_date`, those saved first first; what is wrong
    with the archive as a whole comes as one."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_ARCHIVED or sum(member.file_size for member in members) > MOST_ARCHIVE:
                told = f"压缩包里有 {len(members)} 个文件，太多或太大了。"
                yield refused(name, "oversized", told, "请分成几个压缩包。")
                return
            chosen = [(called, member) for member in members if not _is_hidden(called := _member_name(member))]
            if by_date:
                chosen.sort(key=lambda entry: entry[1].date_time)
            if not chosen:
                yield refused(name, "nothing-found", "压缩包里没有文件。", "请检查是否压缩错了文件夹。")
            for called, member in chosen:
                yield _member(archive, member, f"{name}/{called}", wanted)
    except OSError as error:
        yield refused(name, "damaged", f"压缩包读不出来：{reason(error)}。", "请检查文件能不能打开。")
    except (*UNREADABLE, ValueError, OverflowError):
        yield refused(name, "damaged", "压缩包已损坏，或者不是 .zip。", "请重新压缩为 .zip，或解压后把文件夹交来。")


def decoded(raw: bytes) -> str | None:
    """A name in UTF-8, or in GBK, which systems that write Chinese used before; None where it is in neither."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, wanted: Wanted) -> Incoming:
    if _leads_out(_member_name(member)):
        told = "压缩包里这个文件的路径指向压缩包之外，未予读取。"
        return refused(name, "damaged", told, "请重新压缩，或单独发送这个文件。")
    if member.flag_bits & 0x1:
        return refused(name, "encrypted", "压缩包设了密码，读不出来。", "请去掉密码重新压缩，或解压后把文件夹交来。")
    if member.file_size > wanted.most:
        return oversized(name, wanted)
    try:
        return Incoming(name, inflated(archive, member))
    except UNREADABLE:
        return refused(name, "damaged", "压缩包里的这个文件已损坏。", "请重新压缩，或单独发送这个文件。")


def _member_name(member: zipfile.ZipInfo) -> str:
    """A member's name as it was meant: old archivers store Chinese names in GBK and do not say so."""
    if member.flag_bits & _UTF8_FLAG:
        return member.filename
    # not `filename`: where folders are told apart by backslashes, that byte within a GBK character was replaced there
    stored = member.orig_filename.partition("\0")[0]
    name = decoded(stored.encode("cp437", errors="replace")) or member.filename
    return name.replace("\\", "/")


def _leads_out(name: str) -> bool:
    return name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")


def _is_hidden(name: str) -> bool:
    return any(is_skipped(part) for part in name.split("/") if part not in (".", ".."))
