"""The commands on workbooks that came back: check, read."""

from pathlib import Path

import click

from toolkit.audit.across import by_identity, compare
from toolkit.audit.submission import Submission
from toolkit.cli.documents import check_document, echo_json, read_document
from toolkit.cli.given import (
    MISTAKEN,
    WRONG,
    GivenPath,
    form_option,
    given_earlier,
    given_roster,
    is_called_wrongly,
    known_forms,
    refuse,
)
from toolkit.cli.returned import check_folder, places_again, planned_copies, write_copies
from toolkit.cli.screen import join, reading_lines, submission_lines, total_line
from toolkit.cli.words import Command
from toolkit.cli.working import Given, GivenPlace, reviewed, work_options
from toolkit.summary.merge import usual_book
from toolkit.work.spread import Workers

_PATH = GivenPath(path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")


@click.command(cls=Command)
@click.argument("paths", type=GivenPlace(), nargs=-1, required=True, metavar="路径...")
@form_option
@click.option("--prior", type=_PATH, metavar="路径", help="上年的报表（文件、文件夹或 .zip），用于上年衔接。")
@click.option("--roster", type=_PATH, metavar="文件", help="单位名册（.csv 或 .xlsx）。")
@click.option(
    "--annotate", type=_PATH, metavar="文件夹", help="给有问题的每份写一个退回件：错格标红、附批注和退回说明。"
)
@_JSON
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
@work_options
def check(
    paths: tuple[Given, ...], form_name: str | None, prior: Path | None, roster: Path | None, annotate: Path | None,
    as_json: bool, force: bool, workers: Workers,
) -> None:  # fmt: skip
    """审核收回的工作簿：哪一格错了、错多少、怎样改。

    路径可以是文件、文件夹（连同下级文件夹）或 .zip 压缩包，可以写多个。

    \b
    示例：gouji check samples/completed --roster samples/roster.csv
    """
    known = known_forms(form_name)
    if annotate is not None:
        check_folder(annotate, paths)
    listed, last_year = given_roster(roster), by_identity(given_earlier(prior, known, workers))
    groups = reviewed(paths, known, workers=workers, last_year=last_year, roster=listed.agencies)
    readings = compare([each for group in groups for each in group])
    written = None
    if annotate is not None:
        copies, places = planned_copies(annotate, readings, force=force), places_again(paths, [*map(len, groups)])
        written = write_copies(copies, places, readings, known, force=force)
    if as_json:
        book = usual_book(readings) or next(iter(known.values())).book
        echo_json(check_document(book.form.id, readings, written))
    else:
        for reading in readings:
            click.echo(join(reading_lines(reading)))
        click.echo(total_line(readings))
    wrong = any(reading.status in ("errors", "unreadable") for reading in readings)
    raise SystemExit(MISTAKEN if is_called_wrongly(readings) else WRONG if wrong else 0)


@click.command(cls=Command)
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
    reading, *more = reviewed([file], known_forms(form_name), briefly=False)[0]
    if more or (isinstance(reading, Submission) and reading.via is not None):
        hint = "请用 gouji check 逐家查看，或用 gouji trace 追溯其中一个数。"
        raise refuse(f"“{file}”是汇总工作簿，里面有 {len(more) + 1} 家。", hint)
    if as_json:
        echo_json(read_document(reading))
    else:
        shown = submission_lines(reading) if isinstance(reading, Submission) else ()
        click.echo(join([*shown, *reading_lines(reading)]))
    raise SystemExit(WRONG if reading.status in ("errors", "unreadable") else 0)


COMMANDS = (check, read)
