"""The definitions that come with the toolkit, and definitions from files."""

from pathlib import Path

from toolkit.form.definition import parse_form
from toolkit.form.model import Form
from toolkit.problems import Problem, Severity, Where

OFFICIAL = "ogi-annual-report-2021"


def bundled(folder: str) -> Path:
    """A folder of data that comes with the toolkit (`templates`, `samples`): packed into it when it is installed,
    beside it in a checkout."""
    package = Path(__file__).parent.parent
    packed = package / "_data" / folder
    return packed if packed.is_dir() else package.parent / folder


def built_in() -> dict[str, Path]:
    """The built-in definitions: id -> file."""
    return {path.stem: path for path in sorted(bundled("templates").glob("*.toml"))}


def load_form(path: Path) -> Form | tuple[Problem, ...]:
    """The form a definition file declares, or every mistake in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        mistake = "文件不是 UTF-8 编码的文本"
        return (Problem(Where(str(path), line=1), "definition", Severity.ERROR, mistake, "请用 UTF-8 编码另存。"),)
    return parse_form(text, path.name)
