"""The commands. Results on stdout, chatter on stderr; exit 0 all well, 1 problems found, 2 called wrongly."""

from pathlib import Path

import click

from toolkit.audit.across import by_identity, compare
from toolkit.audit.submission import Agency, Submission
from toolkit.cli import (
    beginning,
    collecting,
    exporting,
    importing,
    merging,
    reporting,
    sentencing,
    summarizing,
    tracing,
)
from toolkit.cli.documents import check_document, dumps, read_document
from toolkit.cli.given import (
    MISTAKEN,
    WRONG,
    GivenPath,
    chosen_form,
    ensure_free,
    form_option,
    given_earlier,
    given_roster,
    is_called_wrongly,
    known_forms,
    refuse,
    reviewed,
    save,
    with_progress,
)
from toolkit.cli.returned import planned_copies, write_copies
from toolkit.cli.screen import join, problem_lines, reading_lines, rule_lines, submission_lines, total_line
from toolkit.cli.words import Group
from toolkit.collection.demo import run_demo
from toolkit.form.library import built_in, load_form
from toolkit.form.model import Form
from toolkit.form.section import nearest
from toolkit.form.stamp import AGENCY_CODE
from toolkit.summary.merge import usual_book
from toolkit.summary.review import opened
from toolkit.workbook.intake import know
from toolkit.workbook.saving import reason
from toolkit.workbook.sources import find_files
from toolkit.workbook.template import LONGEST_PASSWORD, Issue, template_bytes

_PATH = GivenPath(path_type=Path)
_FORCE = click.option("--force", is_flag=True, help="覆盖已有的文件。")
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
_PRIOR = click.option("--prior", type=_PATH, metavar="路径", help="上年的报表（文件、文件夹或 .zip），用于上年衔接。")
_ROSTER = click.option("--roster", type=_PATH, metavar="文件", help="单位名册（.csv 或 .xlsx）。")
_YEAR = click.option("--year", type=click.IntRange(2000, 2999), metavar="年度", help="报告年度，如 2025。")
_PATHS = click.argument("paths", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="路径...")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="gouji-toolkit", prog_name="gouji", message="%(prog)s %(version)s")
def gouji() -> None:
    """勾稽：政府信息公开年报的下发、审核和汇总。

    \b
    示例：gouji check samples/completed
    """


@gouji.command()
@click.argument("folder", type=_PATH, default=Path("gouji-demo"), metavar="[文件夹]")
@_FORCE
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


@gouji.command()
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


@gouji.command()
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


@gouji.command()
@form_option
@_YEAR
@click.option("--agency", default="", metavar="名称", help="单位名称；写了就锁定。")
@click.option("--code", default="", metavar="代码", help="统一社会信用代码；写了就锁定。")
@click.option(
    "--password", default="", metavar="口令", help=f"工作表保护口令，至多 {LONGEST_PASSWORD} 个字符；只防误改，不防人。"
)
@click.option("-o", "--output", type=_PATH, required=True, metavar="文件", help="存为哪个 .xlsx 文件。")
@_FORCE
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


@gouji.command()
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


@gouji.command()
@click.argument("file", type=_PATH, metavar="文件")
@form_option
@_JSON
def read(file: Path, form_name: str | None, as_json: bool) -> None:
    """读出一个工作簿的内容，怎样理解的就怎样列出。

    \b
    示例：gouji read samples/completed/06-桐川县行政审批服务管理局.xlsx
    """
    if not file.is_file():
        raise refuse(f"找不到文件“{file}”。", "请检查路径是否写对；文件夹请用 gouji check。")
    reading, *more = reviewed(list(find_files([file])), known_forms(form_name), last_year={}, roster=())
    if more or (isinstance(reading, Submission) and reading.via is not None):
        hint = "请用 gouji check 逐家查看，或用 gouji trace 追溯其中一个数。"
        raise refuse(f"“{file}”是汇总工作簿，里面有 {len(more) + 1} 家。", hint)
    if as_json:
        click.echo(dumps(read_document(reading)))
    else:
        shown = submission_lines(reading) if isinstance(reading, Submission) else ()
        click.echo(join([*shown, *reading_lines(reading)]))
    raise SystemExit(WRONG if reading.status in ("errors", "unreadable") else 0)


@gouji.command()
@_PATHS
@form_option
@_PRIOR
@_ROSTER
@click.option(
    "--annotate", type=_PATH, metavar="文件夹", help="给有问题的每份写一个退回件：错格标红、附批注和退回说明。"
)
@_JSON
@_FORCE
def check(
    paths: tuple[Path, ...], form_name: str | None, prior: Path | None, roster: Path | None, annotate: Path | None,
    as_json: bool, force: bool,
) -> None:  # fmt: skip
    """审核收回的工作簿：哪一格错了、错多少、怎样改。

    路径可以是文件、文件夹（连同下级文件夹）或 .zip 压缩包，可以写多个。

    \b
    示例：gouji check samples/completed --roster samples/roster.csv
    """
    known = known_forms(form_name)
    found = list(find_files(paths))
    incoming = list(with_progress(opened(found, known), len(found), "正在读取"))
    copies = None if annotate is None else planned_copies(annotate, paths, incoming, force=force)
    listed, last_year = given_roster(roster), by_identity(given_earlier(prior, known))
    readings = compare(reviewed(incoming, known, last_year=last_year, roster=listed.agencies))
    written = None if copies is None else write_copies(copies, incoming, readings, known, force=force)
    if as_json:
        book = usual_book(readings) or next(iter(known.values())).book
        click.echo(dumps(check_document(book.form.id, readings, written)))
    else:
        for reading in readings:
            click.echo(join(reading_lines(reading)))
        click.echo(total_line(readings))
    wrong = any(reading.status in ("errors", "unreadable") for reading in readings)
    raise SystemExit(MISTAKEN if is_called_wrongly(readings) else WRONG if wrong else 0)


for _command in (
    *beginning.COMMANDS, *collecting.COMMANDS, *exporting.COMMANDS, *importing.COMMANDS, *merging.COMMANDS,
    *tracing.COMMANDS,
    *reporting.COMMANDS, *sentencing.COMMANDS, *summarizing.COMMANDS,
):  # fmt: skip
    gouji.add_command(_command)
