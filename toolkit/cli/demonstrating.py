"""The command `demo`: the whole main job on the bundled samples."""

from pathlib import Path

import click

from toolkit.cli.given import GivenPath, refuse
from toolkit.cli.screen import join, reading_lines
from toolkit.cli.words import Command
from toolkit.collection.demo import run_demo
from toolkit.workbook.saving import reason

_PATH = GivenPath(path_type=Path)


@click.command(cls=Command)
@click.argument("folder", type=_PATH, default=Path("gouji-demo"), metavar="[文件夹]")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
def demo(folder: Path, force: bool) -> None:
    """用自带样例走一遍：下发、填报、审核、汇总。

    \b
    示例：gouji demo 演示
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not force:
        raise refuse(f"“{folder}”已经存在，没有覆盖。", "请换一个文件夹；确要覆盖的，请加 --force。")
    try:
        run_demo(folder, click.echo, lambda reading: click.echo(join(reading_lines(reading))))
    except OSError as error:
        raise refuse(f"“{folder}”写不进去：{reason(error)}。", "请换一个能写的文件夹。") from None


COMMANDS = (demo,)
