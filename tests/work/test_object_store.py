"""Files that are reached by a URL: found and read as those of a folder are, or told why not in a sentence."""

import errno
import io
import pickle
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from tests.work.store import object_store
from toolkit.workbook import remote
from toolkit.workbook.sources import (
    Incoming,
    Place,
    Remote,
    Wanted,
    each_place,
    find_files,
    given_place,
    list_files,
    open_file,
)  # fmt: skip

ROOT = Path(__file__).parents[2]


def zipped(**members: bytes) -> bytes:
    """An archive with one text file for each member."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.txt", data)
    return written.getvalue()


TREE = {
    "b.xlsx": b"b", "a.xlsx": b"a", "~$a.xlsx": b"x", ".hidden": b"x", "._a.xlsx": b"x", "Thumbs.db": b"x",
    "二.zip": zipped(first=b"1", second=b"2"), "c/a.xlsx": b"ca", "c/.git/config": b"x", "a/z/deep.xlsx": b"deep",
    "a/z.xlsx": b"az", "__MACOSX/a.xlsx": b"x",
}  # fmt: skip
READ = [
    ("a.xlsx", b"a"), ("b.xlsx", b"b"), ("二.zip/first.txt", b"1"), ("二.zip/second.txt", b"2"), ("a/z.xlsx", b"az"),
    ("a/z/deep.xlsx", b"deep"), ("c/a.xlsx", b"ca"),
]  # fmt: skip
"""What is read of the tree, in order."""


@pytest.fixture
def memory() -> Iterator[MemoryFileSystem]:
    """A file system that is nothing but memory, empty."""
    store = fsspec.filesystem("memory")
    store.store.clear()
    yield store
    store.store.clear()


def put(store: fsspec.AbstractFileSystem, below: str) -> None:
    for name, data in TREE.items():
        store.pipe_file(f"{below}/{name}", data)


def told(url: str, wanted: Wanted | None = None) -> list[tuple[str, str, str, str]]:
    """Every problem at a URL: whose, its code, its sentences."""
    found = find_files([given_place(url)], wanted=wanted or Wanted())
    problems = [(each.name, each.problem) for each in found]
    return [(name, each.code, each.message, each.hint) for name, each in problems if each is not None]


@pytest.mark.parametrize("url", ["s3://a/b.xlsx", "S3://a", "file:///a", "memory://a", "zip://a::s3://b/c.zip"])
def test_what_has_a_scheme_is_a_url(url: str) -> None:
    assert given_place(url) == Remote(url)


@pytest.mark.parametrize("path", ["a.xlsx", r"C:\a.xlsx", "C:/a.xlsx", "C://a.xlsx", "/a/b", "a:b", "s3:/a", "://a"])
def test_everything_else_is_a_path(path: str) -> None:
    assert given_place(path) == Path(path)


def test_files_below_a_url_come_as_those_of_the_same_folder_on_a_disk(memory: MemoryFileSystem, tmp_path: Path) -> None:
    put(memory, "/returned")
    for name, data in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert [(each.name, each.data) for each in find_files([Remote("memory://returned")])] == [
        (f"memory://returned/{name}", data) for name, data in READ
    ]
    assert [(each.name, each.data) for each in find_files([tmp_path])] == [
        (f"{tmp_path}/{name}", data) for name, data in READ
    ]
    assert [(each.name, each.data) for each in find_files([Remote(f"file://{tmp_path}/")])] == [
        (f"file://{tmp_path}/{name}", data) for name, data in READ
    ]


def test_places_are_small_and_each_holds_one_file_but_archives_come_unpacked(
    memory: MemoryFileSystem, tmp_path: Path
) -> None:
    put(memory, "/returned")
    (tmp_path / "local.xlsx").write_bytes(b"local")
    paths: list[Path | Remote] = [
        tmp_path,
        Remote("memory://returned"),
        Remote("memory://returned/二.zip"),
        Remote("memory://nowhere"),
    ]
    places = list(each_place(paths))
    shape: list[Place | str] = [place.name if isinstance(place, Incoming) else place for place in places]
    assert shape == [
        tmp_path / "local.xlsx",
        Remote("memory://returned/a.xlsx", 1), Remote("memory://returned/b.xlsx", 1),
        "memory://returned/二.zip/first.txt", "memory://returned/二.zip/second.txt",
        Remote("memory://returned/a/z.xlsx", 2), Remote("memory://returned/a/z/deep.xlsx", 4),
        Remote("memory://returned/c/a.xlsx", 2),
        "memory://returned/二.zip/first.txt", "memory://returned/二.zip/second.txt", "memory://nowhere",
    ]  # fmt: skip
    opened = [list(open_file(pickle.loads(pickle.dumps(place)))) for place in places]
    assert {len(each) for each in opened} == {1}
    assert [each for (each,) in opened] == list(find_files(paths))


def test_a_file_that_was_listed_is_not_looked_for_again(
    memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.pipe_file("/returned/a.xlsx", b"a")
    listed = [place for place in list_files([Remote("memory://returned")]) if isinstance(place, Remote)]
    monkeypatch.setattr(MemoryFileSystem, "info", None)
    assert list(each_place(listed)) == listed == [Remote("memory://returned/a.xlsx", 1)]


def test_one_file_may_be_left_out(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / name).touch()
    assert list(each_place([tmp_path], but=tmp_path / "." / "a.xlsx")) == [tmp_path / "b.xlsx"]


def test_a_file_that_is_too_large_is_not_read(memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.pipe_file("/returned/a.xlsx", bytes(2**20 + 1))
    monkeypatch.delattr(MemoryFileSystem, "cat_file")
    expected = [(
        "memory://returned/a.xlsx", "oversized", "文件超过 1 MB，不是正常的工作簿。", "请单位重新发送原文件。"
    )]  # fmt: skip
    assert told("memory://returned/a.xlsx", Wanted(most=2**20)) == expected
    assert told("memory://returned", Wanted(most=2**20)) == expected
    (incoming,) = open_file(Remote("memory://returned/a.xlsx"), wanted=Wanted(most=2**20))
    assert incoming.problem is not None
    assert incoming.problem.code == "oversized"


def test_a_file_that_has_grown_since_it_was_found_is_too_large_as_well(memory: MemoryFileSystem) -> None:
    memory.pipe_file("/returned/a.xlsx", bytes(8))
    (place,) = list_files([Remote("memory://returned")])
    memory.pipe_file("/returned/a.xlsx", bytes(80))
    (incoming,) = open_file(place, wanted=Wanted(most=10))
    assert incoming.problem is not None
    assert incoming.problem.code == "oversized"


def test_an_archive_that_is_too_large_is_not_fetched(memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.pipe_file("/returned/a.zip", bytes(2**20))
    monkeypatch.setattr(remote, "MOST_ARCHIVE", 2**20 - 1)
    monkeypatch.setattr(MemoryFileSystem, "open", None, raising=False)
    assert [(name, code) for name, code, *_ in told("memory://returned")] == [("memory://returned/a.zip", "oversized")]


def test_an_empty_file_is_nothing_but_empty(memory: MemoryFileSystem) -> None:
    memory.pipe_file("/returned/a.xlsx", b"")
    assert list(find_files([Remote("memory://returned")])) == [Incoming("memory://returned/a.xlsx")]


def test_a_folder_of_nobodys_files_is_an_empty_one(memory: MemoryFileSystem) -> None:
    memory.pipe_file("/returned/~$a.xlsx", b"x")
    message, hint = "文件夹“memory://returned”里没有文件。", "请把收回的工作簿放进去，或改用别的文件夹。"
    assert told("memory://returned") == [("memory://returned", "nothing-found", message, hint)]


class EndpointConnectionError(Exception):
    """Called as the error of a library that finds no server."""


class NoCredentialsError(Exception):
    """Called as the error of a library that has no key."""


class Failing(MemoryFileSystem):  # type: ignore[misc]
    """A store that answers everything with an error."""

    protocol = "failing"
    error: Exception = OSError()

    def info(self, path: str, **_: object) -> dict[str, object]:
        raise Failing.error


ADDRESS = "请检查地址是否写对，例如 s3://存储桶/文件夹。"
DENIED = "“failing://a”不让读：没有权限，或者没有登录。", "请检查登录用的密钥或口令是否设好、有没有读的权限。"
UNREACHED = "“failing://a”连不上，或没有读完就断开了。", "请检查网络和服务器地址，再运行一次。"
AGAIN = "请检查地址是否写对，再运行一次。"
ERRORS: list[tuple[Exception, str, str, str]] = [
    (FileNotFoundError("no bucket"), "missing", "找不到“failing://a”。", "请检查地址是否写对。"),
    (PermissionError("denied"), "damaged", *DENIED),
    (NoCredentialsError(), "damaged", *DENIED),
    (ConnectionResetError(), "damaged", *UNREACHED),
    (EndpointConnectionError(), "damaged", *UNREACHED),
    (TimeoutError(), "damaged", *UNREACHED),
    (ValueError("no such address"), "missing", "“failing://a”不是能用的地址。", ADDRESS),
    (OSError(errno.EIO, "broken"), "damaged", "“failing://a”读不出来：磁盘读写出错。", AGAIN),
    (KeyError("surprise"), "damaged", "“failing://a”读不出来：服务器报错（KeyError）。", AGAIN),
]


@pytest.mark.parametrize(
    ("error", "code", "message", "hint"), ERRORS, ids=[type(error).__name__ for error, *_ in ERRORS]
)
def test_what_a_store_answers_is_told_in_a_sentence(error: Exception, code: str, message: str, hint: str) -> None:
    fsspec.register_implementation("failing", Failing, clobber=True)
    Failing.error = error
    assert told("failing://a") == [("failing://a", code, message, hint)]
    (incoming,) = open_file(Remote("failing://a", None))
    assert incoming.problem is not None
    assert (incoming.problem.code, incoming.problem.message) == (code, message)


def test_an_unknown_scheme_is_told_and_no_password_with_it() -> None:
    expected = [(
        "ftps9://host/a", "missing", "“ftps9://host/a”不是能用的地址。", "请检查地址是否写对，例如 s3://存储桶/文件夹。"
    )]  # fmt: skip
    assert told("ftps9://me:secret@host/a") == expected


@pytest.mark.parametrize(
    ("url", "lacking", "scheme", "hint"),
    [
        ("s3://a/b", "s3fs", "s3", '请运行 pip install "gouji-toolkit[s3]"，或把文件下载到本机。'),
        ("s3://a/b", "fsspec.core", "s3", '请运行 pip install "gouji-toolkit[s3]"，或把文件下载到本机。'),
        ("memory://a", "fsspec.core", "memory", "请运行 pip install fsspec，或把文件下载到本机。"),
        ("gs://a", "gcsfs", "gs",
         "请装上 fsspec 读这种地址要用的组件（Please install gcsfs to access Google Storage），或把文件下载到本机。"),
    ],
    ids=["s3fs", "fsspec for s3", "fsspec", "another"],
)  # fmt: skip
def test_where_a_library_is_not_installed_the_command_that_does_it_is_told(
    url: str, lacking: str, scheme: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, lacking, None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, scheme, raising=False)  # as if not asked for before
    message = f"读 {scheme}:// 的地址要用另外的组件，这台电脑上没有装。"
    assert told(url) == [(url, "missing", message, hint)]


def test_for_paths_of_this_computer_nothing_is_imported_that_urls_need() -> None:
    script = "import sys; from pathlib import Path; from toolkit.workbook.sources import *;"
    script += "print(len(list(find_files([Path('templates')]))) > 0, 'fsspec' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "True False\n"


@pytest.fixture(scope="module")
def s3() -> Iterator[fsspec.AbstractFileSystem]:
    """A bucket with the tree in it."""
    with object_store():
        store = fsspec.filesystem("s3")
        store.mkdir("returned")
        put(store, "returned/2025")
        store.pipe_file("returned/2025/empty.xlsx", b"")
        store.pipe_file("returned/2025/made by hand/", b"")  # how some programs show an empty folder
        yield store


@pytest.mark.long
def test_files_in_a_bucket_come_in_the_order_of_names(s3: fsspec.AbstractFileSystem) -> None:
    expected = [*READ[:2], ("empty.xlsx", b""), *READ[2:]]
    for url in ("s3://returned/2025", "s3://returned/2025/", "s3://returned"):
        found = [(re.sub("^s3://returned/2025/", "", each.name), each.data) for each in find_files([Remote(url)])]
        assert found == expected, url
    assert [each.data for each in find_files([Remote("s3://returned/2025/c/a.xlsx")])] == [b"ca"]


@pytest.mark.long
def test_what_is_put_into_a_bucket_later_is_found(s3: fsspec.AbstractFileSystem) -> None:
    assert told("s3://returned/2026") == [
        ("s3://returned/2026", "missing", "找不到“s3://returned/2026”。", "请检查地址是否写对。")
    ]
    s3.pipe_file("returned/2026/a.xlsx", b"a")
    assert [each.data for each in find_files([Remote("s3://returned/2026")])] == [b"a"]
    fsspec.filesystem("s3", skip_instance_cache=True).pipe_file("returned/2026/b.xlsx", b"b")
    assert [each.data for each in find_files([Remote("s3://returned/2026")])] == [b"a", b"b"]


@pytest.mark.long
@pytest.mark.usefixtures("s3")
def test_a_bucket_that_is_not_there_is_told() -> None:
    for url in ("s3://nowhere", "s3://nowhere/a.xlsx", "s3://nowhere/a.zip"):
        assert told(url) == [(url, "missing", f"找不到“{url}”。", "请检查地址是否写对。")]


@pytest.mark.long
def test_a_server_that_is_not_there_is_told(s3: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    type(s3).clear_instance_cache()
    message, hint = (
        "“s3://returned”连不上，或没有读完就断开了。",
        "请检查网络和服务器地址（AWS_ENDPOINT_URL），再运行一次。",
    )
    assert told("s3://returned") == [("s3://returned", "damaged", message, hint)]
    type(s3).clear_instance_cache()
