"""Files that are reached by a URL (`s3://…` and whatever else fsspec knows): found, read, or told why not."""

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from toolkit.workbook.archives import MOST_ARCHIVE, is_archive, oversized_archive, unpack
from toolkit.workbook.incoming import Incoming, Wanted, empty_folder, is_skipped, oversized, refused
from toolkit.workbook.saving import reason

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")  # a scheme has two letters at least: C:// is a drive
_SECRET = re.compile(r"(?<=://)[^/@]*@")


@dataclass(frozen=True, slots=True)
class Remote:
    """A file at a URL, or all files below it; `size` in bytes where it is known already."""

    url: str
    size: int | None = None

    def __str__(self) -> str:
        return _SECRET.sub("", self.url)


def is_url(text: str) -> bool:
    """Whether a text is a URL, not a path of this computer."""
    return _URL.match(text) is not None


def list_remote(remote: Remote, wanted: Wanted) -> Iterator[Remote | Incoming]:
    """The file at a URL, or those below it in the order of names, files before folders; none of them is read. One that
    was listed before, so that its size is known, is not looked for again."""
    if remote.size is not None:
        yield remote
        return
    trouble = _Trouble()
    with trouble:
        files, path = _opened(remote)
        files.invalidate_cache()
        about = files.info(path)
        below = files.find(path, detail=True) if about["type"] == "directory" else None
    if trouble.error is not None:
        yield _told(remote, trouble.error)
    elif below is None:
        yield Remote(remote.url, about.get("size"))
    else:
        found = sorted(_named(remote, path, below), key=_by_folder)
        yield from (Remote(_within(remote.url, name), size) for name, size in found)
        if not found:
            yield empty_folder(str(remote), wanted)


def open_remote(remote: Remote, wanted: Wanted, *, by_date: bool) -> Iterator[Incoming]:
    """The file at a URL, or each file of an archive there."""
    if is_archive(remote.url):
        yield from _archive(remote, wanted, by_date=by_date)
    else:
        yield _file(remote, wanted)


class _Trouble(contextlib.AbstractContextManager["_Trouble"]):
    """What a library raised: each that speaks to some kind of store has errors of its own kind."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Exception):
            self.error = error
        return self.error is not None


def _opened(remote: Remote) -> "tuple[AbstractFileSystem, str]":
    from fsspec.core import url_to_fs

    files, path = url_to_fs(remote.url)
    return files, path


def _named(
    remote: Remote, path: str, below: Mapping[str, Mapping[str, object]]
) -> Iterator[tuple[str, int | None]]:  # fmt: skip
    """The files below a path, called as they are from there, but for those that are nobody's."""
    for place, about in below.items():
        name = place[len(path) :].lstrip("/")
        is_file = about["type"] == "file" and not name.endswith("/")  # a bucket's empty object that stands for a folder
        if is_file and name and not any(is_skipped(part) for part in name.split("/")):
            yield name, cast(int | None, about.get("size"))


def _by_folder(entry: tuple[str, int | None]) -> list[tuple[bool, str]]:
    """Where a file stands among others: after those whose folder it is not deeper than."""
    *folders, name = entry[0].split("/")
    return [*((True, folder) for folder in folders), (False, name)]


def _within(url: str, name: str) -> str:
    """The URL of what is called so below a URL; of several in a chain the first is meant."""
    first, chained, rest = url.partition("::")
    return f"{first.rstrip('/')}/{name}{chained}{rest}"


def _file(remote: Remote, wanted: Wanted) -> Incoming:
    trouble, size, data = _Trouble(), remote.size, b""
    with trouble:
        files, path = _opened(remote)
        if size is None:
            size = files.info(path).get("size") or 0
        if 0 < size <= wanted.most:
            data = files.cat_file(path, start=0, end=wanted.most + 1)
    if trouble.error is not None:
        return _told(remote, trouble.error)
    if max(size or 0, len(data)) > wanted.most:
        return oversized(str(remote), wanted)
    return Incoming(str(remote), data)


def _archive(remote: Remote, wanted: Wanted, *, by_date: bool) -> Iterator[Incoming]:
    trouble = _Trouble()
    with tempfile.TemporaryFile() as copy:
        with trouble:
            size = _fetch(remote, copy)
        if trouble.error is not None:
            yield _told(remote, trouble.error)
        elif size > MOST_ARCHIVE:
            yield oversized_archive(str(remote), wanted)
        else:
            yield from unpack(copy, str(remote), wanted, by_date=by_date)


def _fetch(remote: Remote, copy: BinaryIO) -> int:
    """The size of an archive, which was copied unless it is too large."""
    files, path = _opened(remote)
    size = int(files.info(path).get("size") or 0)
    if size <= MOST_ARCHIVE:
        with files.open(path, "rb") as stream:
            shutil.copyfileobj(stream, copy)
    return size


def _told(remote: Remote, error: Exception) -> Incoming:
    """What an error means to a clerk."""
    name, scheme = str(remote), remote.url.partition("://")[0].lower()
    is_s3 = scheme in ("s3", "s3a")
    if isinstance(error, ImportError):
        told = f"读 {scheme}:// 的地址要用另外的组件，这台电脑上没有装。"
        return refused(name, "missing", told, _to_install(is_s3, error))
    if isinstance(error, ValueError):
        return refused(name, "missing", f"“{name}”不是能用的地址。", "请检查地址是否写对，例如 s3://存储桶/文件夹。")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return refused(name, "missing", f"找不到“{name}”。", "请检查地址是否写对。")
    if isinstance(error, PermissionError) or "Credentials" in type(error).__name__:
        keys = "访问密钥（AWS_ACCESS_KEY_ID 等）" if is_s3 else "登录用的密钥或口令"
        told = f"“{name}”不让读：没有权限，或者没有登录。"
        return refused(name, "damaged", told, f"请检查{keys}是否设好、有没有读的权限。")
    if isinstance(error, ConnectionError | TimeoutError) or _is_about_network(error):
        server = "服务器地址（AWS_ENDPOINT_URL）" if is_s3 else "服务器地址"
        told = f"“{name}”连不上，或没有读完就断开了。"
        return refused(name, "damaged", told, f"请检查网络和{server}，再运行一次。")
    why = reason(error) if isinstance(error, OSError) and error.errno else f"服务器报错（{type(error).__name__}）"
    return refused(name, "damaged", f"“{name}”读不出来：{why}。", "请检查地址是否写对，再运行一次。")


def _to_install(is_s3: bool, error: ImportError) -> str:
    if is_s3:
        return '请运行 pip install "gouji-toolkit[s3]"，或把文件下载到本机。'
    if error.name and error.name.partition(".")[0] == "fsspec":
        return "请运行 pip install fsspec，或把文件下载到本机。"
    return f"请装上 fsspec 读这种地址要用的组件（{error}），或把文件下载到本机。"


def _is_about_network(error: Exception) -> bool:
    """Whether a library's own error is one of the network, which its name tells."""
    return any(word in type(error).__name__ for word in ("Connect", "Timeout", "Disconnected", "HTTPClient", "Payload"))
