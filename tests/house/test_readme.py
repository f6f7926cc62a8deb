"""The README is true: what it shows was run, and nothing a user can meet is left out of it."""

import ast
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import click
import pytest

from toolkit.cli.words import speak_chinese

speak_chinese()  # before commands are declared, as the command itself does

from toolkit.cli.commands import gouji  # noqa: E402
from toolkit.summary.review import load_official  # noqa: E402

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text(encoding="utf-8")
CODE = re.compile(r"[a-z]+(-[a-z]+)*")
RAISING = {"Problem", "Refused", "_add", "_warn", "_cover", "_refused", "refused", "_report_wrong", "tell", "Wanted"}


def shown(language: str) -> list[str]:
    """The README's fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)


def sessions() -> list[tuple[str, str]]:
    """Each `$ command` of the README with what it is shown to print."""
    pieces = re.split(r"^\$ (.+)\n", "".join(shown("console")), flags=re.MULTILINE)
    return list(zip(pieces[1::2], pieces[2::2], strict=True))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the samples and the templates in it, as a checkout has them."""
    for name in ("samples", "templates"):
        shutil.copytree(TOP / name, tmp_path / name)
    return tmp_path


def run(command: str, folder: Path) -> str:
    """What a command prints, stdout and stderr together, in a folder."""
    words = shlex.split(command)
    assert words[0] == "gouji"
    environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", *words[1:]],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    return done.stdout.decode()


def test_every_line_of_the_session_gives_what_the_readme_shows(checkout: Path) -> None:
    assert len(sessions()) >= 6
    for command, output in sessions():
        assert run(command, checkout) == output, command


def test_the_python_example_prints_what_the_readme_shows(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,), (output,) = shown("python"), shown("text")
    monkeypatch.chdir(checkout)
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(example, "README.md", "exec"), {})
    assert printed.getvalue() == output
    assert (checkout / "summary.xlsx").read_bytes().startswith(b"PK")


def test_every_command_and_option_stands_in_the_readme() -> None:
    assert [name for name in gouji.commands if f"`gouji {name}" not in README] == []
    commands = [gouji.get_command(click.Context(gouji), name) for name in gouji.commands]
    options = {
        option
        for command in commands
        if command is not None
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option != "--output"
    }
    assert {"--json", "--roster", "--annotate"} <= options
    assert sorted(option for option in options if f"`{option}" not in README and f" {option}" not in README) == []


def test_every_problem_code_stands_in_the_readme() -> None:
    told = set(re.findall(r"`([a-z_.-]+)`", README))
    rules = {rule.id for rule in load_official().book.form.rules}
    assert sorted((codes_in_the_code() | rules) - told) == []


def test_the_search_for_codes_finds_them() -> None:
    assert {"blank", "cells-moved", "wrong-version", "same-figures", "oversized", "missing"} <= codes_in_the_code()


def codes_in_the_code() -> set[str]:
    """Every code a problem is made with, but those of definitions and rosters, which are told by line."""
    found = set()
    for path in (TOP / "toolkit").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in RAISING:
                values = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "code")]
                texts = [value.value for value in values[:3] if isinstance(value, ast.Constant)]
                found |= {text for text in texts if isinstance(text, str) and CODE.fullmatch(text)}
    return found - {"definition", "roster"}
