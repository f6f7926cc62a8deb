"""An .xls, .et or .ods workbook -> what its cells hold, read by python-calamine in a child process.

These formats are read as far as figures go: calamine tells neither formulas, names, protection nor validations, and a
cell in error comes out empty. Cells are at their addresses; who asks must find them by their labels.
"""

import re
import struct
from pathlib import Path
from typing import cast

from toolkit.audit.numbers import Content, Kind
from toolkit.workbook.confined import Crashed, Limits, Overspent, ask, folder_of
from toolkit.workbook.directory import MOST_SHEETS
from toolkit.workbook.events import Attributes, walk
from toolkit.workbook.package import MOST_FILE, Package, Refused, encrypted, has_stream, macros, open_archive
from toolkit.workbook.reader import Workbook
from toolkit.workbook.sheets import Sheet
from toolkit.workbook.values import LAST_COLUMN, LAST_ROW, MOST_TEXT

LIMITS = Limits(memory=512 * 2**20, seconds=10)
MOST_OUTPUT = 16 * 2**20

_ODS_ERROR = re.compile(rb">(?:#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:\d{3})<")
_XLS_ERROR = re.compile(rb"\x05\x02\x08\x00.{6}[\x00\x07\x0f\x17\x1d\x24\x2a]\x01", re.DOTALL)
_XLS_FORMULA_ERROR = re.compile(rb"\x06\x00.{8}\x02.[\x00\x07\x0f\x17\x1d\x24\x2a].{3}\xff\xff", re.DOTALL)
_CHILD = Path(__file__).with_name("legacy_child.py")
_RESAVE = "请用 Excel 或 WPS 打开原文件，另存为 .xlsx 后再报送"
_BIFF_START = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILE_PASS = 0x2F


def read_legacy(data: bytes) -> Workbook:
    """The workbook in these bytes (those of which `is_legacy` is true), every sheet of it and no names.

    Refused where calamine is not installed (`old-format`), where it is encrypted, carries macros, is damaged, or takes
    more memory or time than any filled form does.
    """
    _check_bounds(data)
    folder = folder_of("python_calamine")
    if folder is None:
        hint = f"{_RESAVE}；或安装 gouji-toolkit[legacy]，即可直接读取。"
        raise Refused("old-format", "这是旧格式（.xls、.et）或 .ods 工作簿，本机没有安装读取它的部件。", hint)
    sheets = [_sheet(name, cells) for name, cells in _ask(data, folder)]
    return Workbook(
        sheets={sheet.name: sheet for sheet in sheets},
        sheet_names=tuple(sheet.name for sheet in sheets),
        names={},
        lost=frozenset(),
        saved=None,
        has_external_links=False,
        hides_errors=_has_errors(data),
    )


def _has_errors(data: bytes) -> bool:
    """Whether some cell may hold an error value, which calamine gives as empty: too often yes rather than once no."""
    if data.startswith(b"PK"):
        content = Package(data, open_archive(data)).part("content.xml")
        return b'value-type="error"' in content or _ODS_ERROR.search(content) is not None
    return _XLS_ERROR.search(data) is not None or _XLS_FORMULA_ERROR.search(data) is not None


def _check_bounds(data: bytes) -> None:
    """Refused where a file is too large, is encrypted or carries macros, or where an .ods breaks a bound of a zip."""
    if len(data) > MOST_FILE:
        raise _oversized()
    if data.startswith(b"PK"):
        _check_ods(Package(data, open_archive(data)))
    elif has_stream(data, "_VBA_PROJECT_CUR"):
        raise macros()
    elif _has_file_pass(data):
        raise encrypted()


def _check_ods(package: Package) -> None:
    """Refused where an .ods is encrypted, carries macros, or its content is no bounded XML: calamine stops in silence
    where a content ends early."""
    manifest, content = "META-INF/manifest.xml", "content.xml"
    if manifest in package.names and b"encryption-data" in package.part(manifest):
        raise encrypted()
    if any(name.startswith("Basic/") for name in package.names):
        raise macros()
    walk(package.part(content), _ignore_start, _ignore_end, content)


def _ignore_start(_: str, __: Attributes) -> None:
    """Nothing to learn from an element but that it is well-formed."""


def _ignore_end(_: str) -> None:
    """Nothing to do at an element's end."""


def _has_file_pass(data: bytes) -> bool:
    """Whether an .xls says, within its first records, that the rest is encrypted."""
    at = data.find(_BIFF_START)
    for _ in range(4):
        if at < 0 or at + 4 > len(data):
            return False
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == _FILE_PASS:
            return True
        at += 4 + size
    return False


def _ask(data: bytes, folder: str) -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """What the child answers: each sheet's name and cells."""
    try:
        answer = ask(_CHILD, folder, (LAST_ROW, LAST_COLUMN, MOST_SHEETS, MOST_OUTPUT), data, LIMITS)
    except Overspent as error:
        raise _oversized() from error
    except Crashed as error:
        raise _damaged() from error
    if "sheets" not in answer:
        raise _oversized()
    if not answer["sheets"]:
        raise _damaged()
    return cast(list[tuple[str, dict[str, tuple[str, str]]]], answer["sheets"])


def _damaged() -> Refused:
    return Refused("damaged", "旧格式工作簿已损坏或没有传完，读不出来。", f"{_RESAVE}。")


def _oversized() -> Refused:
    return Refused("oversized", "旧格式工作簿里的内容过多，读不下来。", f"{_RESAVE}。")


def _sheet(name: str, cells: dict[str, tuple[str, str]]) -> Sheet:
    if any(len(text) > MOST_TEXT for _, text in cells.values()):
        raise _oversized()
    return Sheet(name, {cell: Content(Kind(kind), text) for cell, (kind, text) in cells.items()}, None, None)
