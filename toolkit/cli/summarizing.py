"""The command `summarize`: the summary of a collection."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from toolkit.audit.submission import Submission
from toolkit.cli.besides import (
    Asked,
    beside_options,
    differs,
    drawn_pictures,
    given_besides,
    prior_option,
    tell_against,
    write_pictures,
)
from toolkit.cli.collecting import watched
from toolkit.cli.documents import echo_json, merge_document
from toolkit.cli.given import (
    WRONG,
    GivenPath,
    given_collection,
    given_earlier,
    given_earlier_summaries,
    in_words,
    save,
    with_progress,
)
from toolkit.cli.screen import plain
from toolkit.cli.words import Command
from toolkit.collection.opening import writing
from toolkit.collection.standing import survey
from toolkit.collection.summarizing import record_summary, summarized
from toolkit.summary.lists import scope_of
from toolkit.summary.merge import Summary
from toolkit.summary.sheets import summary_bytes

_PATH = GivenPath(path_type=Path)


@click.command(cls=Command)
@click.argument("folder", type=_PATH, metavar="收集任务")
@click.option("-o", "--output", type=_PATH, metavar="文件", help="存为哪个 .xlsx 文件；不写则存在“summary”里。")
@click.option("--with-warnings", is_flag=True, help="有提示而没有认可的也算在内。")
@prior_option
@beside_options
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
def summarize(
    folder: Path, output: Path | None, with_warnings: bool, prior: Path | None, against: Path | None,
    charts: Path | None, wording: Path | None, as_json: bool, force: bool,
) -> None:  # fmt: skip
    """汇总通过的报表：收录几家、分类和合计、同比、图、文字稿、还缺谁。

    \b
    示例：gouji summarize 2025年报
    """
    collection, roster = given_collection(folder)
    target = output or collection.place("summary") / f"汇总-{collection.year}.xlsx"
    before = given_earlier(prior, collection.forms)
    earlier = given_earlier_summaries(collection.known.book, before, collection.year, asked=prior is not None)
    asked = Asked(against, charts, wording)
    with in_words(folder), writing(collection.ledger, collection.known) as ledger:
        state = survey(collection, roster, ledger, date.today(), watched)
        summary = summarized(state, with_warnings=with_warnings)
        summary = replace(summary, earlier={year: each.values for year, each in earlier.items()})
        besides = given_besides(asked, collection.known, summary, earlier, roster)
        drawn = drawn_pictures(charts, summary, force=force)
        written = target if summary.included else None
        if written is not None:
            data = summary_bytes(summary, besides, lambda each: with_progress(each, len(each), "正在写汇总"))
            if not (written.is_file() and written.read_bytes() == data):
                save(written, data, force=force)
            record_summary(ledger, state, summary, written.name, data)
    if as_json:
        echo_json(merge_document(summary, written, besides.against and besides.against[1]))
    else:
        _tell(summary)
        if summary.included:
            tell_against(besides)
        click.echo(f"已生成 {written}。" if written else "没有可以汇总的报表，没有生成汇总。")
    write_pictures(drawn, force=force)
    left_out = any(isinstance(each.reading, Submission) and each.left_out for each in summary.entries)
    wrong = left_out or state.open_strays or differs(besides)
    raise SystemExit(WRONG if written is None or wrong else 0)


def _tell(summary: Summary) -> None:
    for entry in summary.entries:
        if entry.left_out:
            click.echo(f"未收录 {plain(str(entry.reading.agency))}：{plain(entry.left_out)}")
    for agency in summary.missing:
        click.echo(f"未报 {plain(str(agency))}")
    click.echo(scope_of(summary))


COMMANDS = (summarize,)
