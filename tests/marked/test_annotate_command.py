"""`gouji check --annotate DIR`: where marked copies go, what is said of them, and what is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.official import filled, read
from toolkit.audit.submission import Agency
from toolkit.cli.returned import copy_names
from toolkit.workbook.template import Issue

TOP = Path(__file__).parents[2]
OTHER = Agency("稷山县工科局", "11410825MB00000050")
WRONG = {"proactive.admin_penalty.decisions": -4}


def gouji(folder: Path, *words: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command run in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "toolkit", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr + done.stdout
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def returned(tmp_path: Path) -> Path:
    """A folder 收回 with a clean, a wrong and an unreadable file."""
    folder = tmp_path / "收回"
    folder.mkdir()
    (folder / "clean.xlsx").write_bytes(filled({}))
    (folder / "wrong.xlsx").write_bytes(filled(dict(WRONG), issue=Issue(OTHER, 2025)))
    (folder / "z.xlsx").write_bytes(b"no workbook")
    return tmp_path


def test_only_what_has_problems_gets_a_copy_and_the_unreadable_is_named(returned: Path) -> None:
    code, out, err = gouji(returned, "check", "收回", "--annotate", "退回")
    assert code == 1
    assert out.endswith("共 3 份：相符 1，有提示 0，有错误 1，读不出 1。\n")
    assert err == "退回件：退回/wrong-退回.xlsx\n没有退回件：收回/z.xlsx，文件读不出。\n"
    assert [path.name for path in (returned / "退回").iterdir()] == ["wrong-退回.xlsx"]
    copy = read((returned / "退回" / "wrong-退回.xlsx").read_bytes())
    assert [problem.code for problem in copy.problems] == ["negative"]


def test_the_json_tells_each_files_copy_only_where_copies_are_asked_for(returned: Path) -> None:
    _, out, _ = gouji(returned, "check", "收回", "--annotate", "退回", "--json")
    files = json.loads(out)["files"]
    assert [each["annotated"] for each in files] == [None, "退回/wrong-退回.xlsx", None]
    _, out, _ = gouji(returned, "check", "收回", "--json")
    assert ["annotated" in each for each in json.loads(out)["files"]] == [False, False, False]


def test_nothing_is_overwritten_without_force(returned: Path) -> None:
    copy = returned / "退回" / "wrong-退回.xlsx"
    copy.parent.mkdir()
    copy.write_bytes(b"old")
    code, out, err = gouji(returned, "check", "收回", "--annotate", "退回")
    assert (code, out) == (2, "")
    assert err == "错误：“退回/wrong-退回.xlsx”已经存在，没有覆盖。\n请换一个文件名；确要覆盖的，请加 --force。\n"
    assert copy.read_bytes() == b"old"
    assert gouji(returned, "check", "收回", "--annotate", "退回", "--force")[0] == 1
    assert copy.read_bytes().startswith(b"PK")


def test_copies_do_not_go_among_what_was_handed_in(returned: Path) -> None:
    code, out, err = gouji(returned, "check", "收回", "--annotate", "收回/退回")
    assert (code, out) == (2, "")
    assert err == (
        "错误：退回件不能放在要审核的文件夹“收回”里，下次审核会当成收回的工作簿。\n请给 --annotate 换一个文件夹。\n"
    )
    assert not (returned / "收回" / "退回").exists()


def test_a_file_is_no_folder_for_copies(returned: Path) -> None:
    code, _, err = gouji(returned, "check", "收回", "--annotate", "收回/clean.xlsx")
    assert code == 2
    assert err == "错误：“收回/clean.xlsx”不是文件夹。\n请给 --annotate 换一个文件夹。\n"


def test_where_all_is_well_no_folder_is_made(returned: Path) -> None:
    assert gouji(returned, "check", "收回/clean.xlsx", "--annotate", "退回")[0] == 0
    assert not (returned / "退回").exists()


def test_a_copy_is_called_as_its_file_and_no_two_alike() -> None:
    names = ["收回/a.xlsx", "收回/乙/A.XLSX", "包.zip/乙/b.c.xlsx", "a-退回.xlsx", "坏:名?.xlsx", "无后缀", ".xlsx"]
    assert copy_names(names) == [
        "a-退回.xlsx", "A-退回-2.xlsx", "b.c-退回.xlsx", "a-退回-3.xlsx", "坏_名_-退回.xlsx", "无后缀-退回.xlsx",
        "xlsx-退回.xlsx",
    ]  # fmt: skip
    assert len(copy_names(["长" * 200 + ".xlsx"])[0].encode()) < 255
