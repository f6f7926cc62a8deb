"""Click's own words in Chinese: the bundled message catalogue, and the few words click does not mark for translation.

The catalogue is `locale/zh_CN/LC_MESSAGES/gouji.po`; after a change, compile it from the top-level folder:

    pybabel compile -i toolkit/cli/locale/zh_CN/LC_MESSAGES/gouji.po -o toolkit/cli/locale/zh_CN/LC_MESSAGES/gouji.mo
"""

import gettext
import os
from pathlib import Path

import click
from click import types

_LOCALE = Path(__file__).parent / "locale"

# Shown as `--year INTEGER` and in "is not a valid integer".
_TYPES: "dict[type[click.ParamType[object]], str]" = {
    types.StringParamType: "文本",
    types.IntParamType: "整数",
    types.IntRange: "整数",
    types.FloatParamType: "数值",
    types.FloatRange: "数值",
    types.BoolParamType: "是否",
    types.DateTime: "日期",
    types.File: "文件",
}
_USAGE = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]...", "[COMMAND] [ARGS]...": "[命令] [参数]..."}


def speak_chinese() -> None:
    """Make click speak Chinese in this process, whatever the machine's language is.

    Call it before any command is declared: click looks most words up when it speaks, but `click.Path()`,
    `version_option()` and deprecation labels when they are constructed.
    """
    os.environ["LANGUAGE"] = "zh_CN"
    gettext.bindtextdomain("gouji", str(_LOCALE))
    gettext.textdomain("gouji")
    for kind, name in _TYPES.items():
        kind.name = name


class Command(click.Command):
    """A command whose usage line is Chinese too."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the usage line; `[OPTIONS]` is a literal in click."""
        return [_USAGE.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]


class Group(click.Group):
    """A group whose usage line is Chinese, and those of its commands."""

    command_class = Command
    group_class = type

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the usage line; `COMMAND [ARGS]...` is a literal in click."""
        return [_USAGE.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]
