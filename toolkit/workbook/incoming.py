"""One file as it came in: its bytes, or the reason why not; and what kind of file is looked for."""

from dataclasses import dataclass

from toolkit.problems import Problem, Severity, Where
from toolkit.workbook.package import MOST_FILE

_SKIPPED_STARTS = ("~$", ".", "__MACOSX")
_SKIPPED_NAMES = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file as it came: what to call it, and its bytes, or the problem that keeps them away."""

    name: str
    data: bytes = b""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What kind of file is looked for: how many bytes it may have, and how sentences call it."""

    most: int = MOST_FILE
    called: str = "工作簿"
    code: str = "not-a-workbook"
    hint: str = "请报送下发的 .xlsx 工作簿。"


WORKBOOKS = Wanted()


def refused(name: str, code: str, message: str, hint: str) -> Incoming:
    """A file that is not read, and why."""
    return Incoming(name, problem=Problem(Where(name), code, Severity.ERROR, message, hint))


def oversized(name: str, wanted: Wanted) -> Incoming:
    """A file that is larger than such files are."""
    told = f"文件超过 {wanted.most // 2**20} MB，不是正常的{wanted.called}。"
    return refused(name, "oversized", told, "请单位重新发送原文件。")


def empty_folder(name: str, wanted: Wanted) -> Incoming:
    """A folder that there is nothing in."""
    told = f"文件夹“{name}”里没有文件。"
    return refused(name, "nothing-found", told, f"请把收回的{wanted.called}放进去，或改用别的文件夹。")


def is_skipped(name: str) -> bool:
    """Whether a file or folder of this name is nobody's: what office programs and systems leave behind, what is
    hidden."""
    return name.startswith(_SKIPPED_STARTS) or name.lower() in _SKIPPED_NAMES
