"""The command `merge`, and the summing up that other commands share with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from toolkit.audit.across import by_identity
from toolkit.audit.submission import Reading
from toolkit.cli.besides import (
    Asked,
    beside_options,
    differs,
    drawn_pictures,
    ensure_apart,
    given_besides,
    prior_option,
    tell_against,
    write_pictures,
)
from toolkit.cli.documents import echo_json, merge_document
from toolkit.cli.given import (
    MISTAKEN,
    WRONG,
    GivenPath,
    ensure_free,
    form_option,
    given_earlier,
    given_earlier_summaries,
    given_roster,
    is_called_wrongly,
    known_forms,
    saving,
    with_progress,
)
from toolkit.cli.screen import counted_lines
from toolkit.cli.words import Command
from toolkit.cli.working import Given, GivenPlace, reviewed, work_options
from toolkit.collection.roster import Roster
from toolkit.problems import Severity
from toolkit.summary.lists import scope_of
from toolkit.summary.merge import Summary, usual_book
from toolkit.summary.merge import merge as merge_readings
from toolkit.summary.sheets import write_summary
from toolkit.work.spread import ALONE, Workers
from toolkit.workbook.known import Known

_PATH = GivenPath(path_type=Path)
_YEAR = click.option("--year", type=click.IntRange(2000, 2999), metavar="年度", help="报告年度，如 2025。")
_ROSTER = click.option("--roster", type=_PATH, metavar="文件", help="单位名册（.csv 或 .xlsx）。")
_BROKEN = click.option("--include-broken", is_flag=True, help="有错误的也收录；空白格按 0 计。")


@dataclass(frozen=True, slots=True)
class Summed:
    """Files summed up: the summary, every file's reading, the summaries of earlier years, the roster."""

    summary: Summary
    readings: Sequence[Reading]
    earlier: Mapping[int, Summary]
    roster: Roster

    @property
    def exit_code(self) -> int:
        """What a command that sums up ends with, where all went well otherwise."""
        wrong = any(problem.severity is Severity.ERROR for problem in self.summary.problems)
        return MISTAKEN if is_called_wrongly(self.readings) else WRONG if wrong or not self.summary.included else 0


def summed_up(
    paths: Sequence[Given], known: Mapping[str, Known], *, workers: Workers = ALONE, but: Path | None = None,
    year: int | None = None, roster: Path | None = None, prior: Path | None = None, include_broken: bool = False,
    title: str = "", unit: str = "", briefly: bool = True,
) -> Summed:  # fmt: skip
    """The summary of the files at these paths, as `gouji merge` counts them."""
    listed, before = given_roster(roster), given_earlier(prior, known, workers)
    groups = reviewed(
        paths, known, workers=workers, last_year=by_identity(before), roster=listed.agencies, but=but,
        briefly=briefly,
    )  # fmt: skip
    readings = [each for group in groups for each in group]
    book = usual_book(readings) or next(iter(known.values())).book
    summary = merge_readings(
        book, readings, year=year, include_broken=include_broken, roster=listed.listings, title=title, unit=unit
    )
    earlier = given_earlier_summaries(book, before, summary.year, asked=prior is not None)
    totals = {at: each.values for at, each in earlier.items()}
    return Summed(replace(summary, earlier=totals), readings, earlier, listed)


@click.command(cls=Command)
@click.argument("paths", type=GivenPlace(), nargs=-1, required=True, metavar="路径...")
@click.option("-o", "--output", type=_PATH, required=True, metavar="文件", help="汇总工作簿存为哪个 .xlsx 文件。")
@form_option
@_YEAR
@_ROSTER
@prior_option
@beside_options
@_BROKEN
@click.option("--title", default="", metavar="标题", help="汇总表的标题。")
@click.option("--office", "unit", default="", metavar="名称", help="汇总单位；再往上汇总时按它分。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
@work_options
def merge(
    paths: tuple[Given, ...], output: Path, form_name: str | None, year: int | None, roster: Path | None,
    prior: Path | None, against: Path | None, charts: Path | None, wording: Path | None, include_broken: bool,
    title: str, unit: str, as_json: bool, force: bool, workers: Workers,
) -> None:  # fmt: skip
    """把收回的工作簿汇总成一个：合计、分类、同比、图、文字稿、明细、问题、收录情况。

    有错误的不收录，并说明原因；同一单位只计一次。下级的汇总工作簿也可以放进来，再往上汇总。

    \b
    示例：gouji merge samples/completed -o 汇总.xlsx --roster samples/roster.csv
    """
    ensure_free(output, force=force)
    ensure_apart(paths, output, charts)
    known = known_forms(form_name)
    summed = summed_up(
        paths, known, workers=workers, but=output, year=year, roster=roster, prior=prior,
        include_broken=include_broken, title=title, unit=unit,
    )  # fmt: skip
    summary = summed.summary
    besides = given_besides(
        Asked(against, charts, wording), known[summary.book.form.code], summary, summed.earlier, summed.roster
    )
    drawn = drawn_pictures(charts, summary, force=force)
    written = output if summary.included else None
    if written is not None:
        with saving(written, force=force) as file:
            write_summary(file, summary, besides, lambda each: with_progress(each, len(each), "正在写汇总"))
    if as_json:
        echo_json(merge_document(summary, written, besides.against and besides.against[1]))
    else:
        _tell(summary)
        if summary.included:
            tell_against(besides)
        click.echo(f"已生成 {output}。" if written else "没有可以汇总的工作簿，没有生成汇总。")
    write_pictures(drawn, force=force)
    raise SystemExit(summed.exit_code or (WRONG if differs(besides) else 0))


def _tell(summary: Summary) -> None:
    for line in (*counted_lines(summary), scope_of(summary)):
        click.echo(line)


COMMANDS = (merge,)
