"""Click speaks Chinese: every word it marks for translation has one, and a clerk sees no English."""

import ast
import gettext
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import click
import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).parents[1] / "toolkit" / "cli" / "locale" / "zh_CN" / "LC_MESSAGES" / "gouji.po"

PROGRAM = """
import click
from toolkit.cli.words import Group, speak_chinese

speak_chinese()


@click.group(cls=Group)
@click.version_option("0.1.0", prog_name="gouji")
def gouji() -> None:
    "勾稽。"


@gouji.command()
@click.argument("source", metavar="工作簿", type=click.Path(exists=True, dir_okay=False))
@click.option("--year", type=int, required=True, help="年度")
@click.option("--jobs", type=click.IntRange(1, 8), default=1, show_default=True, help="并行数")
@click.option("--form", help="表式")
@click.option("--order", type=click.Choice(["甲", "乙"]), help="次序")
def check(source: str, year: int, jobs: int, form: str, order: str) -> None:
    "审核。"


gouji(prog_name="gouji")
"""

GROUP_HELP = """\
用法: gouji [选项] 命令 [参数]...

  勾稽。

选项:
  --version  显示版本后退出。
  --help     显示本帮助后退出。

命令:
  check  审核。
"""

COMMAND_HELP = """\
用法: gouji check [选项] 工作簿

  审核。

选项:
  --year 整数      年度  [必填]
  --jobs 整数      并行数  [默认：1; 1<=x<=8]
  --form 文本      表式
  --order [甲|乙]  次序
  --help         显示本帮助后退出。
"""

CHECK_HINT = "用法: gouji check [选项] 工作簿\n请用“gouji check --help”查看帮助。\n\n"
GROUP_HINT = "用法: gouji [选项] 命令 [参数]...\n请用“gouji --help”查看帮助。\n\n"


def marked_words() -> Iterator[tuple[str, ...]]:
    """Yield what the installed click marks: (word,) or (singular, plural)."""
    for source in sorted(Path(click.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                taken = {"_": 1, "gettext": 1, "ngettext": 2}.get(node.func.id, 0)
                words = [word.value for word in node.args[:taken] if isinstance(word, ast.Constant)]
                if words:
                    yield tuple(str(word) for word in words)


def fields(text: str) -> set[str]:
    """Return the format fields of a message, `{value!r}` and `%(prog)s` alike."""
    braces = {f"{name}!{conversion}" for _, name, _, conversion in Formatter().parse(text) if name is not None}
    return braces | set(re.findall(r"%\(\w+\)s", text))


@pytest.mark.parametrize("words", sorted(set(marked_words())), ids=lambda words: words[0])
def test_every_word_click_marks_has_a_translation_with_the_same_fields(words: tuple[str, ...]) -> None:
    with CATALOGUE.open("rb") as file:
        message = read_po(file, locale="zh_CN").get(words[0])
    assert message is not None, "add it to gouji.po"
    translation = message.string[0] if isinstance(message.string, tuple) else message.string
    assert isinstance(translation, str)
    assert translation
    assert fields(translation) in [fields(word) for word in words]


def test_the_compiled_catalogue_is_what_its_source_compiles_to() -> None:
    compiled = io.BytesIO()
    with CATALOGUE.open("rb") as file:
        write_mo(compiled, read_po(file, locale="zh_CN"))
    compiled.seek(0)
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        assert messages(file) == messages(compiled)


def messages(file: io.BufferedIOBase) -> dict[str, str]:
    """Return a compiled catalogue's messages without its header, which names the compiler's version."""
    return {name: text for name, text in vars(gettext.GNUTranslations(file))["_catalog"].items() if name}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--help"], 0, GROUP_HELP),
        (["--version"], 0, "gouji 0.1.0 版\n"),
        (["check", "--help"], 0, COMMAND_HELP),
        (["audit"], 2, GROUP_HINT + "错误：没有 'audit' 这个命令。\n"),
        (["check", "--zzz"], 2, CHECK_HINT + "错误：没有 '--zzz' 这个选项。\n"),
        (["check", "--yeer"], 2, CHECK_HINT + "错误：没有 '--yeer' 这个选项。 您要用的是否是：'--order', '--year'？\n"),
        (["check"], 2, CHECK_HINT + "错误：缺少参数 '工作簿'.\n"),
        (["check", __file__], 2, CHECK_HINT + "错误：缺少选项 '--year'.\n"),
        (["check", __file__, "--year"], 2, "错误：选项 '--year' 后面须有 1 个值。\n"),
        (["check", __file__, "--year", "x"], 2, CHECK_HINT + "错误：'--year' 的值无效：'x' 不是有效的整数。\n"),
        (
            ["check", __file__, "--year", "1", "--order", "丙"],
            2,
            CHECK_HINT + "错误：'--order' 的值无效：'丙' 不在可选值之中：'甲', '乙'。\n",
        ),
        (["check", "无.xlsx"], 2, CHECK_HINT + "错误：'工作簿' 的值无效：文件 '无.xlsx' 不存在。\n"),
        (["check", __file__, __file__, "--year", "1"], 2, CHECK_HINT + f"错误：多出了参数（{__file__}）\n"),
    ],
    ids=lambda value: " ".join(value).replace(__file__, "FILE") if isinstance(value, list) else "",
)
def test_click_says_it_in_chinese_whatever_the_language_of_the_machine(
    arguments: list[str], code: int, said: str
) -> None:
    assert run(arguments) == (code, said)


def run(arguments: list[str]) -> tuple[int, str]:
    """Run the small program under LANG=C and return its exit code and all it said."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=environment | {"LANG": "C", "PYTHONUTF8": "1"},
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout
