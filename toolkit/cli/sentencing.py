"""The command `sentences`: a summary told in ready sentences, or the wording they are made from."""

from dataclasses import replace
from pathlib import Path

import click

from toolkit.cli.given import GivenPath, chosen_form, form_option, known_forms, refuse
from toolkit.cli.merging import summed_up
from toolkit.cli.screen import counted_lines, join, plain
from toolkit.cli.wording import given_wording
from toolkit.cli.words import Command
from toolkit.cli.working import Given, GivenPlace, work_options
from toolkit.form.model import Form
from toolkit.form.wording import wording_text
from toolkit.summary.lists import scope_of
from toolkit.summary.merge import Summary
from toolkit.summary.sentences import sentences as sentences_of
from toolkit.work.spread import Workers

_PATH = GivenPath(path_type=Path)


@click.command(cls=Command)
@click.argument("paths", type=GivenPlace(), nargs=-1, metavar="[路径...]")
@click.option("--wording", type=_PATH, metavar="文件", help="文字稿的模板；不写则用报表自带的。")
@form_option
@click.option("--year", type=click.IntRange(2000, 2999), metavar="年度", help="报告年度，如 2025。")
@click.option("--roster", type=_PATH, metavar="文件", help="单位名册（.csv 或 .xlsx）。")
@click.option("--prior", type=_PATH, metavar="路径", help="上年的报表，用于和上年比；与 gouji merge 的相同。")
@click.option("--include-broken", is_flag=True, help="有错误的也收录；空白格按 0 计。")
@click.option("--office", "unit", default="", metavar="名称", help="汇总单位。")
@work_options
def sentences(
    paths: tuple[Given, ...], wording: Path | None, form_name: str | None, year: int | None, roster: Path | None,
    prior: Path | None, include_broken: bool, unit: str, workers: Workers,
) -> None:  # fmt: skip
    """把汇总的数写成现成的文字，一行一段，可以直接粘贴。

    路径与 gouji merge 的相同，也可以是汇总工作簿。不写路径就打印模板：存成文件，改好后用 --wording 指明；不写路径而写了
    --wording 的，只检查那个文件。

    \b
    示例：gouji sentences samples/completed --roster samples/roster.csv
    """
    if not paths:
        _show(wording, chosen_form(form_name))
        return
    known = known_forms(form_name)
    summed = summed_up(
        paths,
        known,
        workers=workers,
        year=year,
        roster=roster,
        prior=prior,
        include_broken=include_broken,
        unit=unit,
    )
    form = summed.summary.book.form
    words = given_wording(wording, form)
    if not words.paragraphs:
        raise refuse(f"报表“{form.title}”没有自带文字稿的模板。", "请用 --wording 写明一个文件。")
    _tell(summed.summary)
    if summed.summary.included:
        written = sentences_of(_signed(summed.summary), words)
        click.echo(join(map(plain, written.lines)))
        for told in written.left_out:
            click.echo(plain(told), err=True)
    raise SystemExit(summed.exit_code)


def _show(wording: Path | None, form: Form) -> None:
    """Print the form's own wording, or say that another one is sound."""
    if wording is None:
        click.echo(wording_text(form), nl=False)
    else:
        given_wording(wording, form)
        click.echo(f"√ {plain(str(wording))}：没有错误。")


def _signed(summary: Summary) -> Summary:
    """The summary with its unit: where none was named, the one whose summary all of it comes from."""
    units = {each.via.unit if each.via else "" for each in summary.included}
    return replace(summary, unit=units.pop()) if not summary.unit and len(units) == 1 else summary


def _tell(summary: Summary) -> None:
    """What is counted, beside the sentences: they alone go where the output goes."""
    for line in (*counted_lines(summary), scope_of(summary)):
        click.echo(line, err=True)


COMMANDS = (sentences,)
