"""The command `export`: what a merge or a collection counts, for other programs."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click

from toolkit.audit.submission import Submission
from toolkit.cli.given import (
    WRONG,
    GivenPath,
    form_option,
    given_collection,
    in_words,
    known_forms,
    looked_up,
    refuse,
    save,
    with_progress,
)
from toolkit.cli.merging import summed_up
from toolkit.cli.screen import counted_lines, join, plain
from toolkit.cli.words import Command
from toolkit.cli.working import Given, GivenPlace, work_options
from toolkit.collection.folder import is_collection
from toolkit.collection.opening import reading
from toolkit.collection.standing import survey
from toolkit.collection.summarizing import summarized
from toolkit.summary.export import FORMATS, ExportUnavailable, Format, export_files, export_names
from toolkit.summary.lists import scope_of
from toolkit.summary.merge import Summary
from toolkit.work.spread import Workers
from toolkit.workbook.sources import real

_PATH = GivenPath(path_type=Path)


@click.command("export", cls=Command)
@click.argument("paths", type=GivenPlace(), nargs=-1, required=True, metavar="路径...")
@click.option("-o", "--output", type=_PATH, required=True, metavar="文件夹", help="导出到哪个文件夹。")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="csv", show_default=True, help="导出成哪种格式。")
@form_option
@click.option("--year", type=click.IntRange(2000, 2999), metavar="年度", help="报告年度，如 2025。")
@click.option("--roster", type=_PATH, metavar="文件", help="单位名册（.csv 或 .xlsx）。")
@click.option("--include-broken", is_flag=True, help="有错误的也收录；空白格没有值。")
@click.option("--with-warnings", is_flag=True, help="收集任务里有提示而没有认可的也算在内。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
@work_options
def export(
    paths: tuple[Given, ...], output: Path, kind: Format, form_name: str | None, year: int | None, roster: Path | None,
    include_broken: bool, with_warnings: bool, force: bool, workers: Workers,
) -> None:  # fmt: skip
    """导出给别的程序：每个数一行的明细、每个单位一行的宽表、合计、数据字典。

    路径是收回的工作簿、文件夹、.zip 压缩包、汇总工作簿，或者一个收集任务；收录哪些与汇总相同。

    \b
    示例：gouji export samples/completed -o 导出 --format csv
    """
    collections = [path for path in paths if isinstance(path, Path) and is_collection(looked_up(path))]
    _check_options(paths, collections, bool(form_name or year or roster or include_broken), with_warnings)
    targets = _targets(paths, collections, output, kind, force=force)
    if collections:
        summary, code = _collected(collections[0], with_warnings=with_warnings)
    else:
        known = known_forms(form_name)
        summed = summed_up(paths, known, workers=workers, year=year, roster=roster, include_broken=include_broken)
        summary, code = summed.summary, summed.exit_code
    if summary.included:
        _write(summary, output, kind, targets, force=force)
    click.echo(join(_lines(summary, output, targets)))
    raise SystemExit(code)


def _check_options(
    paths: Sequence[Given], collections: Sequence[Path], of_files: bool, of_collections: bool
) -> None:  # fmt: skip
    """Refuse options that would do nothing."""
    if collections and len(paths) > 1:
        told = f"“{plain(str(collections[0]))}”是收集任务，不能和别的一起导出。"
        raise refuse(told, "请单独导出它；或先 gouji summarize，再把汇总工作簿和别的一起导出。")
    if collections and of_files:
        told = "收集任务的报表、年度、名册和收录哪些都由它自己定。"
        raise refuse(told, "请去掉 --form、--year、--roster、--include-broken。")
    if of_collections and not collections:
        raise refuse("--with-warnings 只用于收集任务；工作簿有提示的，本来就收录。", "请去掉 --with-warnings。")


def _targets(
    paths: Sequence[Given], collections: Sequence[Path], output: Path, kind: Format, *, force: bool
) -> list[Path]:  # fmt: skip
    """The files to be written; refused, before anything is read, where they cannot or must not be."""
    try:
        targets = [output / name for name in export_names(kind)]
    except ExportUnavailable as error:
        raise refuse(str(error), error.hint) from None
    if output.exists() and not output.is_dir():
        raise refuse(f"“{plain(str(output))}”不是文件夹。", "请给 -o 换一个文件夹。")
    for path in paths:
        if not collections and isinstance(path, Path) and path.is_dir() and real(output).is_relative_to(real(path)):
            told = f"不能导出到要读的文件夹“{plain(str(path))}”里，下次会当成收回的文件。"
            raise refuse(told, "请给 -o 换一个文件夹。")
    there = [target.name for target in targets if target.exists() or target.is_symlink()]
    if there and not force:
        told = f"“{plain(str(output))}”里已有{'、'.join(there)}，没有覆盖，什么也没有写。"
        raise refuse(told, "请换一个文件夹；确要覆盖的，请加 --force。")
    return targets


def _collected(folder: Path, *, with_warnings: bool) -> tuple[Summary, int]:
    """What a collection counts, and the exit code that goes with it."""
    collection, roster = given_collection(folder)
    with in_words(folder), reading(collection.ledger, collection.known) as ledger:
        state = survey(collection, roster, ledger, date.today())
    summary = summarized(state, with_warnings=with_warnings)
    left_out = any(isinstance(each.reading, Submission) and each.left_out for each in summary.entries)
    return summary, WRONG if left_out or state.open_strays or not summary.included else 0


def _write(summary: Summary, output: Path, kind: Format, targets: Sequence[Path], *, force: bool) -> None:
    try:
        with in_words(output):
            for name, data in with_progress(export_files(summary, kind), len(targets), "正在导出"):
                save(output / name, data, force=force)
    except ExportUnavailable as error:
        raise refuse(str(error), error.hint) from None


def _lines(summary: Summary, output: Path, targets: Sequence[Path]) -> Iterator[str]:
    yield from counted_lines(summary)
    for agency in summary.missing:
        yield f"未报 {plain(str(agency))}"
    yield scope_of(summary)
    if summary.included:
        yield f"已导出到 {plain(str(output))}：{'、'.join(target.name for target in targets)}。"
    else:
        yield "没有可以导出的报表，什么也没有写。"


COMMANDS = (export,)
