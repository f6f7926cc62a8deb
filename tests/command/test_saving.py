"""Files are replaced as a whole: whoever has the old one open keeps it, and a failed write changes nothing."""

import os
from pathlib import Path

import pytest

from toolkit.workbook.saving import write_whole


def test_whoever_has_the_old_file_open_still_reads_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(b"old" * 1000)
    with path.open("rb") as before:
        write_whole(path, b"new" * 2000, force=True)
        assert before.read() == b"old" * 1000
    assert path.read_bytes() == b"new" * 2000


def test_a_write_that_fails_midway_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new", force=True)
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["汇总.xlsx"]


def test_what_exists_is_kept_without_force(tmp_path: Path) -> None:
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_whole(path, b"new", force=False)
    assert path.read_bytes() == b"old"
