"""TOML text -> its data and the lines of its values, or the one mistake that keeps it from being TOML, in Chinese."""

import re
import tomllib
from dataclasses import dataclass

from toolkit.form.source import Path, line_index

_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)| \(at end of document\)")
_WORDS = (
    ("Expected '=' after a key", "名称后面缺少等号", "请按“名称 = 值”的样子写。"),
    ("Expected newline or end", "一项写完之后还有多余的内容", "请每项各占一行；文字里的引号请用中文引号“”。"),
    ("Invalid value", "等号后面的值写法不对", "文字请加英文双引号，数字和 true、false 不加。"),
    ("Unclosed array", "方括号没有收尾", "请检查 [ 和 ] 是否成对，各项之间是否有英文逗号。"),
    ("Unclosed inline table", "花括号没有收尾", "请检查 { 和 } 是否成对，各项之间是否有英文逗号。"),
    ("Unterminated string", "引号没有收尾", "请检查英文双引号是否成对。"),
    ("Illegal character '\\n'", "引号在这一行没有收尾", "请检查英文双引号是否成对。"),
    ("Illegal character", "有不可见的特殊字符", "请删去这一处再重新键入。"),
    ("Unescaped", "文字里的反斜杠写法不对", "请把 \\ 写成 \\\\，或删去。"),
    ("Expected ']", "标题的方括号没有收尾", "请写成 [[table]] 的样子。"),
    ("Invalid initial character for a key", "这里应当是名称", "名称请用英文字母、数字和下划线，标点请用英文标点。"),
    ("Invalid statement", "这里应当是一项的开头", "请按“名称 = 值”或 [[table]] 的样子写，标点请用英文标点。"),
    ("Cannot overwrite a value", "同一个名称写了两次", "请删去重复的一项。"),
    ("Duplicate inline table key", "同一个名称写了两次", "请删去重复的一项。"),
    ("Cannot declare", "同一个标题写了两次", "一种有几项的，每项都请写成双方括号，如 [[table]]。"),
    ("Cannot mutate immutable namespace", "标题与前面写法不同的同名一项相冲突", "请统一用 [[ ]] 的写法。"),
)
_OTHERWISE = ("写法不合 TOML 的规定", "请检查引号、括号和逗号是否成对。")


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a text is no TOML: the line, what is wrong, the way out."""

    line: int
    message: str
    hint: str


def load_toml(text: str) -> tuple[dict[str, object], dict[Path, int]] | Broken:
    """The data of a TOML text and the line of each value; Broken where it is no TOML."""
    try:
        return tomllib.loads(text), line_index(text)
    except RecursionError:
        return Broken(1, "括号套了太多层", "请按模板的样子写，不要层层嵌套。")
    except tomllib.TOMLDecodeError as error:
        return _told(str(error), text)
    except ValueError:
        return Broken(1, "有一个数字长得离谱", "请改正这个数。")


def _told(message: str, text: str) -> Broken:
    last = max(text.rstrip().count("\n") + 1, 1)
    match = _AT_LINE.search(message)
    line, place = last, "末尾"
    if match and match[1]:
        line, place = min(int(match[1]), last), f"第 {match[2]} 个字符处"
    told, hint = next((words for start, *words in _WORDS if message.startswith(start)), _OTHERWISE)
    return Broken(line, f"{place}：{told}", hint)
