"""Whole files or none: everything is written beside its place and renamed into it."""

import errno
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_REASONS = {
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有权限，或正被别的程序打开",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘是只读的",
    errno.ENOTDIR: "上级不是文件夹",
    errno.EISDIR: "这是文件夹",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EIO: "磁盘读写出错",
}

LONGEST_STEM = 180  # bytes of a name without its suffix; file systems take 255 for the whole
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_UNSEEN = ("Cc", "Cf", "Cs")
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")

_PART = ".part"
_NAMED = 20  # of a name: with all of a long one the temporary name would be longer than a name may be


def write_whole(path: Path, data: bytes, *, force: bool) -> None:
    """Write a file so that a killed run leaves the old one or the new one, never half of one.

    FileExistsError where it exists and `force` is not given; other OSErrors as the system raises them, with the name of
    the file that was to be written.
    """
    with whole_file(path, force=force) as file:
        file.write(data)


@contextmanager
def whole_file(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file to write to piece by piece, and to read again meanwhile: it takes its place as a whole when all is
    written, and where anything goes wrong before, nothing is left of it. Raises what `write_whole` does."""
    if path.exists() and not force:
        raise FileExistsError(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path.parent)) from None
    try:
        yield from _replacing(path)
    except OSError as error:
        if error.filename is None or str(error.filename).endswith(_PART):
            error.filename = str(path)
        raise


def file_stem(text: str, otherwise: str) -> str:
    """A text as the first part of a file name that every system takes; `otherwise` where nothing of it is left."""
    seen = "".join(" " if unicodedata.category(letter) in _UNSEEN else letter for letter in text)
    stem = _UNFIT.sub("_", seen).strip(" .")
    stem = stem.encode(errors="replace")[:LONGEST_STEM].decode(errors="ignore").rstrip(" .") or otherwise
    return f"_{stem}" if _DEVICES.fullmatch(stem) else stem


def reason(error: OSError) -> str:
    """Why the system would not read or write, in a few Chinese words."""
    return _REASONS.get(error.errno or 0, f"系统错误 {error.errno}")


def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A file beside a path, which is renamed to it when it is written."""
    temporary = path.with_name(f".{path.name[:_NAMED]}.{secrets.token_hex(8)}{_PART}")
    try:
        with temporary.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
