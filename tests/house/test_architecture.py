"""The house rules that a machine can check: which way imports point, how long things are, what they are called."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLKIT = ROOT / "toolkit"
MODULES = sorted(TOOLKIT.rglob("*.py"))

# What may be imported from where: a room from itself and from those to its left.
FLOORS = [("problems", "work"), ("form",), ("audit",), ("workbook",), ("summary", "publish"), ("collection",), ("cli",)]
LIBRARIES = {
    "openpyxl": {"workbook"},
    "python_calamine": {"workbook"},
    "xlsxwriter": {"workbook", "summary"},
    "click": {"cli"},
    "sqlite3": {"collection", "summary"},
    "jinja2": {"collection", "publish"},
    "docx": {"publish"},
    "pdfplumber": {"publish"},
    "fitz": {"publish"},
    "pymupdf": {"publish"},
    "matplotlib": {"summary"},
    "pyarrow": {"summary"},
    "dask": {"work"},
    "distributed": {"work"},
    "fsspec": {"workbook"},
}
VAGUE = {"utils", "util", "helpers", "helper", "base", "manager", "misc", "common"}
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    """The room a module stands in; "" is the house's own door, which may import anything."""
    first = path.relative_to(TOOLKIT).parts[0]
    return "" if first in ("__init__.py", "__main__.py") else first.removesuffix(".py")


def floor_of(room: str) -> int:
    """How far up a room is; what is no room (the house itself) is above all."""
    return next((at for at, rooms in enumerate(FLOORS) if room in rooms), len(FLOORS))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> Iterator[str]:
    """The dotted name of everything a module imports, wherever in it the import stands."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            inside = ".".join(["toolkit", *path.relative_to(TOOLKIT).parts[: -node.level]]) if node.level else ""
            module = ".".join(part for part in (inside, node.module) if part)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> Iterator[str]:
    for name in imports_of(path):
        package, _, rest = name.partition(".")
        if package == "toolkit":
            yield rest.partition(".")[0]


def test_every_module_stands_in_a_room() -> None:
    known = {"", *(room for rooms in FLOORS for room in rooms)}
    assert [name_of(path) for path in MODULES if room_of(path) not in known] == []


def test_imports_point_down() -> None:
    wrong = [
        f"{name_of(path)} imports toolkit.{room}"
        for path in MODULES
        if room_of(path)
        for room in rooms_imported(path)
        if room != room_of(path) and floor_of(room) >= floor_of(room_of(path))
    ]
    assert wrong == []


def test_a_library_stays_in_its_room() -> None:
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in MODULES
        for name in imports_of(path)
        if room_of(path) not in LIBRARIES.get(name.partition(".")[0], {room_of(path)})
    ]
    assert wrong == []


def test_no_module_is_too_long() -> None:
    assert [name_of(path) for path in MODULES if len(path.read_text("utf-8").splitlines()) > LONGEST_MODULE] == []


def test_every_module_says_its_subject_on_its_first_line() -> None:
    """A room's empty `__init__.py` has no subject of its own."""
    written = [path for path in MODULES if path.read_text("utf-8").strip()]
    silent = [
        name_of(path) for path in written
        if len((ast.get_docstring(tree_of(path)) or "").partition("\n")[0].split()) < 3
        and len((ast.get_docstring(tree_of(path)) or "").partition("\n")[0]) < 15
    ]  # fmt: skip
    assert silent == []


def test_no_function_is_too_long() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 >= LONGEST_FUNCTION
    ]
    assert wrong == []


def test_no_exception_is_caught_blindly() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and _is_blind(node.type)
    ]
    assert wrong == []


def _is_blind(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_is_blind(each) for each in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException"))


def tracked() -> list[Path]:
    """The project's files; skips where it is no checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_has_a_vague_name() -> None:
    assert [name_of(path) for path in tracked() if path.stem.lower() in VAGUE] == []


def test_no_file_speaks_of_somebodys_machine() -> None:
    places = re.compile(r"(?<![\w.~/$}:])/(?:work|root|home|Users|tmp)/[\w.]+")
    wrong = []
    for path in tracked():
        data = path.read_bytes()
        if b"\0" in data[:8000]:
            continue
        found = places.findall(data.decode("utf-8", errors="replace"))
        if found:
            wrong.append((name_of(path), sorted(set(found))))
    assert wrong == []
