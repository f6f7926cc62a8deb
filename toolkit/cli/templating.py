"""The command `template`: one blank workbook to fill in."""

from pathlib import Path

import click

from toolkit.audit.submission import Agency
from toolkit.cli.given import GivenPath, chosen_form, ensure_free, form_option, refuse, save
from toolkit.cli.words import Command
from toolkit.form.stamp import AGENCY_CODE
from toolkit.workbook.known import know
from toolkit.workbook.template import LONGEST_PASSWORD, Issue, template_bytes

_PATH = GivenPath(path_type=Path)


@click.command(cls=Command)
@form_option
@click.option("--year", type=click.IntRange(2000, 2999), metavar="年度", help="报告年度，如 2025。")
@click.option("--agency", default="", metavar="名称", help="单位名称；写了就锁定。")
@click.option("--code", default="", metavar="代码", help="统一社会信用代码；写了就锁定。")
@click.option(
    "--password", default="", metavar="口令", help=f"工作表保护口令，至多 {LONGEST_PASSWORD} 个字符；只防误改，不防人。"
)
@click.option("-o", "--output", type=_PATH, required=True, metavar="文件", help="存为哪个 .xlsx 文件。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
def template(
    form_name: str | None, year: int | None, agency: str, code: str, password: str, output: Path, force: bool
) -> None:
    """生成一个空白的填报工作簿。

    \b
    示例：gouji template --year 2025 --agency 温县科学技术局 -o 空白表.xlsx
    """
    ensure_free(output, force=force)
    form = chosen_form(form_name)
    if code and not AGENCY_CODE.fullmatch(code := code.strip().upper()):
        raise refuse(f"代码“{code}”不能用。", "请写统一社会信用代码：18 位数字和大写字母。")
    if len(password) > LONGEST_PASSWORD:
        raise refuse(f"口令有 {len(password)} 个字符，至多 {LONGEST_PASSWORD} 个。", "请改短一些。")
    if year is not None and year < form.first_year:
        raise refuse(f"本报表自 {form.first_year} 年度起使用，不能用于 {year} 年度。", "请改正 --year。")
    issued = Agency(agency.strip(), code) if agency or code else None
    save(output, template_bytes(know(form), Issue(issued, year, password=password)), force=force)
    click.echo(f"已生成 {output}。")


COMMANDS = (template,)
