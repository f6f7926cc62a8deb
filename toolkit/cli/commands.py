"""The command `gouji`, which knows its commands by name and imports one when it is run or asked for its help.

Results go to stdout, chatter to stderr; exit 0 all well, 1 problems found, 2 called wrongly.
"""

from importlib import import_module

import click

from toolkit.cli.words import Group

# Each command's module in this room and the first line of its help.
_COMMANDS = {
    "accept": ("collecting", "认可一个单位的提示，记入台账；以后数字变了，认可失效。"),
    "check": ("checking", "审核收回的工作簿：哪一格错了、错多少、怎样改。"),
    "collect": ("collecting", "收取报来的工作簿：认单位、审核、留存原件、登记。"),
    "demo": ("demonstrating", "用自带样例走一遍：下发、填报、审核、汇总。"),
    "explain": ("defining", "说明勾稽关系：文字、单元格、Excel 公式。"),
    "export": ("exporting", "导出给别的程序：每个数一行的明细、每个单位一行的宽表、合计、数据字典。"),
    "forms": ("defining", "列出内置的报表。"),
    "import": ("importing", "把已公布的年度报告读成填好的工作簿：文字、网页、Word 或 PDF。"),
    "init": ("beginning", "新建一个收集任务：设置、名册、收件箱和台账。"),
    "issue": ("beginning", "给名册上每个单位下发一个锁定的工作簿。"),
    "lint": ("defining", "检查报表定义文件，列出全部错误及所在行。"),
    "merge": ("merging", "把收回的工作簿汇总成一个：合计、分类、同比、图、文字稿、明细、问题、收录情况。"),
    "originals": ("collecting", "把台账里留存的原件写出来，一个字节不差。"),
    "read": ("checking", "读出一个工作簿的内容，怎样理解的就怎样列出。"),
    "remind": ("collecting", "催报：列出还没报的和退回没重报的，写好催报名单和催报文字。"),
    "report": ("reporting", "出具可以公布的年度报告，按公文格式排版，Word 文档或网页。"),
    "return": ("collecting", "退回：给有错误的每份写一个标红的退回件和一份通知。"),
    "sentences": ("sentencing", "把汇总的数写成现成的文字，一行一段，可以直接粘贴。"),
    "status": ("collecting", "谁没报、谁退回、谁通过：按类别的进度和每个单位的现状。"),
    "summarize": ("summarizing", "汇总通过的报表：收录几家、分类和合计、同比、图、文字稿、还缺谁。"),
    "template": ("templating", "生成一个空白的填报工作簿。"),
    "trace": ("tracing", "追溯汇总里的一个数：哪些单位、哪份文件、哪张表哪一格、原来写的什么。"),
}


class _Gouji(Group):
    """The group; in `commands` stand its commands' names and first lines only."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, imported now; None where there is none of that name."""
        if cmd_name not in _COMMANDS:
            return None
        found: tuple[click.Command, ...] = import_module(f"toolkit.cli.{_COMMANDS[cmd_name][0]}").COMMANDS
        return next(command for command in found if command.name == cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands; importing them all would take most of a second."""
        click.Group(commands=self.commands).format_commands(ctx, formatter)


@click.group(
    cls=_Gouji,
    commands=[click.Command(name, help=line) for name, (_, line) in _COMMANDS.items()],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="gouji-toolkit", prog_name="gouji", message="%(prog)s %(version)s")
def gouji() -> None:
    """勾稽：政府信息公开年报的下发、审核和汇总。

    \b
    示例：gouji check samples/completed
    """
