"""The wording of `--wording`: a text file that an office edited, made ready or refused with every mistake in it."""

from pathlib import Path

from toolkit.cli.given import Refusal, refuse
from toolkit.cli.screen import join, plain, problem_lines
from toolkit.form.model import Form
from toolkit.form.wording import Wording, parse_wording, wording_of
from toolkit.workbook.saving import reason

LARGEST = 2**20

_ENCODINGS = ("utf-8-sig", "gb18030")  # as Chinese Windows saves a text
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # as its PowerShell does, and says so


def given_wording(path: Path | None, form: Form) -> Wording:
    """The wording in a file, or the form's own where no file is given (without paragraphs where it has none); refused
    with every mistake of the file."""
    if path is None:
        return wording_of(form)
    cells = (key for table in form.tables for key, _, _ in table.cells())
    found = parse_wording(_text(path), path.name, cells)
    if isinstance(found, Wording):
        return found
    lines = [line for problem in found for line in problem_lines(problem)]
    raise refuse(f"文字稿模板 {plain(str(path))} 有 {len(found)} 处错误：\n{join(lines)}")


def _text(path: Path) -> str:
    if not path.is_file():
        raise refuse(f"找不到文字稿模板“{plain(str(path))}”。", "请检查路径是否写对。")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        told = f"文字稿模板“{plain(str(path))}”读不出：{reason(error)}。"
        raise refuse(told, "请检查文件是否正打开着、有没有权限。") from None
    if len(data) > LARGEST:
        raise _no_text(path)
    for encoding in ("utf-16",) if data.startswith(_UTF_16) else _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _no_text(path)


def _no_text(path: Path) -> Refusal:
    hint = "请用记事本等另存为 UTF-8 或 GBK（ANSI）编码的文本文件，再试一次。"
    return refuse(f"“{plain(str(path))}”不是 UTF-8 或 GBK 编码的文本，或者超过了 1 MB。", hint)
