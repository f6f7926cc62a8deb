"""Archives of submissions with hostile content: each hostile file is told in a sentence, the rest is still read."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import raw_zip
from tests.hostile.corpus import ZEROS, good, parts
from tests.hostile.raw_zip import STORED, Member, build
from tests.intake import alter
from tests.official import official
from toolkit.audit.submission import Reading
from toolkit.summary.review import review
from toolkit.workbook.sources import find_files

UTF8 = 0x800
FIRST, LAST = Member(b"first.xlsx", good()), Member(b"last.xlsx", good())


def told(archive: bytes, folder: Path) -> list[tuple[str, str]]:
    """The name in the archive and the codes (or `clean`) of everything that comes out of it."""
    return [
        (reading.source.file.partition("a.zip/")[2], " ".join(each.code for each in reading.problems) or "clean")
        for reading in readings(archive, folder)
    ]


def readings(archive: bytes, folder: Path) -> list[Reading]:
    path = folder / "a.zip"
    path.write_bytes(archive)
    return list(review(find_files([path]), {official().book.form.code: official()}))


def directory_only(names: int) -> bytes:
    """An archive whose directory has so many entries, all of one and the same empty member."""
    local = build([Member(b"a.xlsx", b"", STORED)])
    entry = local[local.index(b"PK\1\2") : -22]
    body = local[: local.index(b"PK\1\2")]
    return body + entry * names + raw_zip.end_record(min(names, 65_535), len(entry) * names, len(body))


HOSTILE: list[tuple[str, Callable[[], Member], str, str]] = [
    ("a name that climbs out", lambda: Member(b"../../evil.xlsx", good()), "../../evil.xlsx", "damaged"),
    ("a name that climbs out with backslashes", lambda: Member(b"..\\evil.xlsx", good()), "../evil.xlsx", "damaged"),
    ("an absolute name", lambda: Member(b"/etc/evil.xlsx", good()), "/etc/evil.xlsx", "damaged"),
    ("a drive in a name", lambda: Member(b"C:\\evil.xlsx", good()), "C:/evil.xlsx", "damaged"),
    ("a name that starts here", lambda: Member(b"./a.xlsx", good()), "./a.xlsx", "clean"),
    ("a bomb that says so", lambda: Member(b"a.xlsx", b"", packed=ZEROS, central_size=2**26), "a.xlsx", "oversized"),
    ("a bomb that lies", lambda: Member(b"a.xlsx", b"", packed=ZEROS, central_size=9_000), "a.xlsx", "damaged"),
    ("a workbook that is a bomb", lambda: Member(b"a.xlsx", alter.with_member(good(), "b.xml", bytes(2**24))), "a.xlsx",
     "oversized"),
    ("an archive in the archive", lambda: Member(b"a.zip", build([FIRST])), "a.zip", "not-a-workbook"),
    ("an encrypted member", lambda: Member(b"a.xlsx", good(), flags=1), "a.xlsx", "encrypted"),
    ("another compression", lambda: Member(b"a.xlsx", good(), method=9), "a.xlsx", "damaged"),
    ("a wrong checksum", lambda: Member(b"a.xlsx", good(), crc=7), "a.xlsx", "damaged"),
    ("another name in its own header", lambda: Member(b"a.xlsx", good(), local_name=b"b.xlsx"), "a.xlsx", "damaged"),
    ("a member that starts nowhere", lambda: Member(b"a.xlsx", good(), central_offset=2**31), "a.xlsx", "damaged"),
    ("a member that shares another's bytes", lambda: Member(b"a.xlsx", good(), central_offset=0), "a.xlsx", "damaged"),
    ("an empty member", lambda: Member(b"a.xlsx", b""), "a.xlsx", "not-a-workbook"),
    ("a name in GBK", lambda: Member("温县科技局.xlsx".encode("gbk"), good()), "温县科技局.xlsx", "clean"),
    ("a name in UTF-8 that says so", lambda: Member("温县.xlsx".encode(), good(), flags=UTF8), "温县.xlsx", "clean"),
    ("a name in UTF-8 that does not", lambda: Member("温县.xlsx".encode(), good()), "温县.xlsx", "clean"),
    ("the name of another member", lambda: Member(b"first.xlsx", good()), "first.xlsx", "clean"),
    ("an entity from outside", lambda: Member(b"a.xlsx", alter.with_member(
        good(), "xl/sharedStrings.xml", b'<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/hostname">]><sst/>')),
     "a.xlsx", "damaged"),
    ("macros", lambda: Member(b"a.xlsx", alter.with_member(good(), "xl/vbaProject.bin", b"x")), "a.xlsx", "macros"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "name", "code"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_hostile_file_in_an_archive_is_told_and_the_rest_is_read(
    make: Callable[[], Member], name: str, code: str, tmp_path: Path
) -> None:
    archive = build([FIRST, make(), LAST])
    assert told(archive, tmp_path) == [("first.xlsx", "clean"), (name, code), ("last.xlsx", "clean")]
    for problem in (problem for reading in readings(archive, tmp_path) for problem in reading.problems):
        assert re.fullmatch(r".*[一-龥].*。", problem.message)
        assert re.fullmatch(r".*[一-龥].*。", problem.hint)


WHOLE: list[tuple[str, Callable[[], bytes], str]] = [
    ("a name that says it is UTF-8", lambda: build([Member(b"\xff\xfe.xlsx", good(), flags=UTF8)]), "damaged"),
    ("a version nobody knows", lambda: build([FIRST]).replace(
        b"PK\1\2\x14\0\x14\0", b"PK\1\2\x14\0\xff\0"), "damaged"),
    ("20,001 members", lambda: directory_only(20_001), "oversized"),
    ("members that say a gigabyte together", lambda: build(
        [Member(b"%d.xlsx" % number, b"", central_size=7 * 2**20) for number in range(150)]), "oversized"),
    ("an archive cut in half", lambda: build([FIRST, LAST])[:30_000], "damaged"),
    ("an archive of nothing", lambda: raw_zip.end_record(0, 0, 0), "nothing-found"),
    ("an archive of folders", lambda: build([Member(b"a/", b""), Member(b"a/b/", b"")]), "nothing-found"),
    ("an archive that is a workbook", lambda: raw_zip.end_record(0, 0, 0)[:4], "damaged"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "code"), [case[1:] for case in WHOLE], ids=[case[0] for case in WHOLE])
def test_an_archive_that_cannot_be_used_is_told_once(make: Callable[[], bytes], code: str, tmp_path: Path) -> None:
    assert told(make(), tmp_path) == [("", code)]


def test_three_thousand_members_that_are_no_workbooks_are_told_one_by_one(tmp_path: Path) -> None:
    members = [Member(b"%04d.txt" % number, b"x", STORED) for number in range(3_000)]
    expected = [(f"{number:04}.txt", "not-a-workbook") for number in range(3_000)]
    assert told(build([*members, LAST]), tmp_path) == [*expected, ("last.xlsx", "clean")]


def test_a_workbook_renamed_to_an_archive_is_told_part_by_part(tmp_path: Path) -> None:
    assert told(good(), tmp_path) == [(name, "not-a-workbook") for name in parts() if not name.startswith("_rels/.")]
