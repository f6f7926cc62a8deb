"""The commands about forms as they are declared: forms, lint, explain."""

from pathlib import Path

import click

from toolkit.cli.given import MISTAKEN, GivenPath, chosen_form, form_option, refuse
from toolkit.cli.screen import join, problem_lines, rule_lines
from toolkit.cli.words import Command
from toolkit.form.library import built_in, load_form
from toolkit.form.model import Form
from toolkit.form.section import nearest
from toolkit.workbook.known import know

_PATH = GivenPath(path_type=Path)


@click.command(cls=Command)
def forms() -> None:
    """列出内置的报表。

    \b
    示例：gouji forms
    """
    for name, path in built_in().items():
        form = load_form(path)
        if isinstance(form, Form):
            cells = sum(1 for table in form.tables for _ in table.cells())
            counts = f"{len(form.tables)} 张表 {cells} 格，{len(form.rules)} 条勾稽关系"
            click.echo(f"{name}  {form.title}（{form.authority}），{counts}")


@click.command(cls=Command)
@click.argument("definition", type=_PATH, metavar="定义文件")
def lint(definition: Path) -> None:
    """检查报表定义文件，列出全部错误及所在行。

    \b
    示例：gouji lint templates/ogi-annual-report-2021.toml
    """
    if not definition.is_file():
        raise refuse(f"找不到定义文件“{definition}”。", "请检查路径是否写对。")
    form = load_form(definition)
    if isinstance(form, Form):
        click.echo(f"√ {definition}：没有错误。")
        return
    for problem in form:
        click.echo(join(problem_lines(problem)))
    click.echo(f"共 {len(form)} 处错误。")
    raise SystemExit(MISTAKEN)


@click.command(cls=Command)
@form_option
@click.argument("rule_id", required=False, metavar="[规则]")
def explain(form_name: str | None, rule_id: str | None) -> None:
    """说明勾稽关系：文字、单元格、Excel 公式。

    \b
    示例：gouji explain requests.balance
    """
    known = know(chosen_form(form_name))
    rules = [rule for rule in known.book.form.rules if rule_id in (None, rule.id)]
    if not rules:
        raise refuse(f"没有叫“{rule_id}”的规则。", nearest(rule_id or "", [rule.id for rule in known.book.form.rules]))
    click.echo("\n\n".join(join(rule_lines(known.book, known.layout, rule)) for rule in rules))


COMMANDS = (forms, lint, explain)
