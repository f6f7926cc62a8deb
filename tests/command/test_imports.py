"""Nothing heavy is loaded before it is needed, and what is told of things not yet loaded is true."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import toolkit
from toolkit.cli.words import speak_chinese

speak_chinese()  # before commands are declared, as the command itself does

from toolkit.cli.commands import gouji  # noqa: E402

TOP = Path(__file__).parents[2]
MAIN = "from toolkit.cli import main; main()"
ROOMS = {"problems", "form", "audit", "workbook", "summary", "publish", "collection", "work"}
HEAVY = {
    "openpyxl", "xlsxwriter", "python_calamine", "jinja2", "sqlite3", "lxml", "docx", "pdfplumber", "matplotlib", "PIL",
    "pyarrow", "stdnum", "numpy", "pandas", "dask", "distributed", "fsspec", "asyncio", "ssl", "multiprocessing",
}  # fmt: skip


def loaded(program: str, *arguments: str) -> set[str]:
    """Every module that is loaded when a program has run in a fresh interpreter."""
    told = f"import sys\ntry:\n    {program}\nfinally:\n    print('loaded', *sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", told, *arguments],
        cwd=TOP, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True,
    )  # fmt: skip
    return set(done.stderr.decode(errors="replace").rpartition("loaded ")[2].split())


def itself(name: str) -> click.Command:
    """A command of the group, not what stands for it in the list."""
    found = gouji.get_command(click.Context(gouji), name)
    assert found is not None, name
    return found


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_the_group_answers_without_loading_a_room_or_a_library(option: str) -> None:
    modules = loaded(MAIN, option)
    assert "toolkit.cli.commands" in modules
    assert modules & (HEAVY | {f"toolkit.{room}" for room in ROOMS}) == set()


def test_a_check_loads_no_library_that_writes_and_no_database() -> None:
    modules = loaded(MAIN, "check", "samples/completed/06-桐川县行政审批服务管理局.xlsx")
    assert "toolkit.audit.validate" in modules
    assert modules & (HEAVY - {"stdnum", "ssl"}) == set()
    unneeded = {
        "toolkit.publish", "toolkit.work.pools", "toolkit.work.spreading", "toolkit.work.cluster",
        "toolkit.collection.ledger", "toolkit.collection.page",
        "toolkit.summary.charts", "toolkit.summary.export", "toolkit.summary.sheets", "toolkit.workbook.annotate",
    }  # fmt: skip
    assert modules & unneeded == set()


def test_importing_the_library_loads_no_room_until_a_name_is_used() -> None:
    assert {name for name in loaded("import toolkit") if name.startswith("toolkit.")} == set()
    used = loaded("from toolkit import Problem")
    assert {name for name in used if name.startswith("toolkit.")} == {"toolkit.problems"}


def test_every_command_begins_its_help_with_the_line_it_is_listed_by() -> None:
    listed = {name: standing.help for name, standing in gouji.commands.items()}
    assert listed == {name: itself(name).get_short_help_str(limit=200) for name in listed}


@pytest.mark.parametrize("width", [40, 80, 100])
def test_the_list_of_commands_is_the_one_that_click_makes_of_the_commands_themselves(width: int) -> None:
    shown, expected = click.HelpFormatter(width=width), click.HelpFormatter(width=width)
    context = click.Context(gouji)
    gouji.format_commands(context, shown)
    click.Group(commands={name: itself(name) for name in gouji.commands}).format_commands(context, expected)
    assert shown.getvalue() == expected.getvalue()


def test_every_command_that_is_written_is_listed() -> None:
    written = [
        command.name
        for path in sorted((TOP / "toolkit" / "cli").glob("*.py"))
        if path.stem != "__init__"
        for command in getattr(import_module(f"toolkit.cli.{path.stem}"), "COMMANDS", ())
    ]
    assert sorted(written) == gouji.list_commands(click.Context(gouji))


def test_a_mistyped_command_is_answered_with_one_that_there_is() -> None:
    done = CliRunner().invoke(gouji, ["chekc"])
    assert done.exit_code == 2
    assert "没有 'chekc' 这个命令" in done.output
    assert "'check'" in done.output


def test_every_public_name_is_what_the_type_checker_takes_it_for() -> None:
    tree = ast.parse((TOP / "toolkit" / "__init__.py").read_text(encoding="utf-8"))
    homes = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("toolkit.")
        for alias in node.names
    }
    assert sorted(homes) == toolkit.__all__
    for name, module in homes.items():
        assert getattr(toolkit, name) is getattr(import_module(str(module)), name), name
    assert set(toolkit.__all__) <= set(dir(toolkit))


def test_a_name_that_is_not_public_is_not_there() -> None:
    with pytest.raises(AttributeError, match="'toolkit' has no attribute 'nothing'"):
        getattr(toolkit, "nothing")  # noqa: B009
    with pytest.raises(ImportError, match="cannot import name 'nothing'"):
        exec("from toolkit import nothing", {})
