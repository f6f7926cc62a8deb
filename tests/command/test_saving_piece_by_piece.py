"""Files that are written piece by piece take their place as a whole too, or not at all."""

import os
from pathlib import Path

import pytest

from toolkit.workbook.saving import whole_file


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_takes_its_place_when_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "新" / "汇总.xlsx"
    with whole_file(path, force=False) as file:
        file.write(b"half ")
        assert not path.exists()
        file.write(b"whole")
        file.seek(0)
        assert file.read() == b"half whole"
    assert path.read_bytes() == b"half whole"
    assert names(path.parent) == ["汇总.xlsx"]
    (tmp_path / "别的").touch()
    assert path.stat().st_mode == (tmp_path / "别的").stat().st_mode


def test_where_the_writing_fails_the_old_file_stays_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(b"old")

    def fails() -> None:
        with whole_file(path, force=True) as file:
            file.write(b"half")
            raise ValueError("a summary of no submission")

    with pytest.raises(ValueError, match="no submission"):
        fails()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["汇总.xlsx"]


def test_what_exists_is_kept_without_force_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError), whole_file(path, force=False):
        pytest.fail("there is nothing to write to")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["汇总.xlsx"]


@pytest.mark.parametrize("fails", ["write", "replace"])
def test_what_the_system_refuses_is_said_of_the_file_that_was_to_be_written(
    fails: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "汇总.xlsx"

    def refused(self: Path, target: Path) -> Path:
        raise PermissionError(13, os.strerror(13), str(self))

    def write() -> None:
        with whole_file(path, force=False) as file:
            file.write(b"half")
            if fails == "write":
                raise OSError(28, os.strerror(28))

    if fails == "replace":
        monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(OSError, match=r"denied|space") as caught:
        write()
    assert caught.value.filename == str(path)
    assert names(tmp_path) == []


def test_what_is_wrong_with_another_file_is_said_of_that_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught, whole_file(tmp_path / "汇总.xlsx", force=False):
        (tmp_path / "没有.xlsx").read_bytes()
    assert caught.value.filename == str(tmp_path / "没有.xlsx")
    assert names(tmp_path) == []
