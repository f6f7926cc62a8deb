"""What it takes to read workbooks in another process: the forms, sent once; what is said of a file that ended one."""

import pickle
from collections.abc import Mapping
from functools import lru_cache

from toolkit.audit.packing import Shared
from toolkit.audit.submission import Source, Unreadable
from toolkit.form.model import Form
from toolkit.problems import Problem, Severity, Where
from toolkit.workbook.known import Known, know

_LOST = "读这份文件的程序意外中止了，没有读出来；其余的照常。"
_LOST_HINT = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再报送；仍不行的，请单位重新填报。"


def written_forms(known: Mapping[str, Known]) -> bytes:
    """Forms as they go to another process."""
    return pickle.dumps(tuple(each.book.form for each in known.values()))


@lru_cache(4)
def ready_forms(forms: bytes) -> Mapping[str, Known]:
    """Those that came, made ready, by form code."""
    found: tuple[Form, ...] = pickle.loads(forms)
    return {form.code: know(form) for form in found}


def shared_by(known: Mapping[str, Known]) -> Shared:
    """What all workbooks of these forms share: the rulebooks, and where cells stand as issued."""
    named: dict[str, object] = {}
    for code, each in known.items():
        named |= {f"{code} book": each.book, f"{code} spots": each.spots}
    return Shared(named)


def lost(name: str, sha256: str = "") -> Unreadable:
    """A file whose reading ended the process that read it."""
    return Unreadable(Source(name, sha256), (Problem(Where(name), "damaged", Severity.ERROR, _LOST, _LOST_HINT),))
