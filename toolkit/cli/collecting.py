"""The commands of a collection under way: collect, status, remind, return, accept, originals."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from toolkit.cli.documents import collect_document, echo_json, status_document
from toolkit.cli.given import (
    MISTAKEN,
    WRONG,
    GivenPath,
    ensure_free,
    given_collection,
    given_only,
    in_words,
    is_called_wrongly,
    position,
    refuse,
    save,
    with_progress,
)
from toolkit.cli.screen import join, plain, problem_lines
from toolkit.cli.tables import (
    counts_line,
    receipt_line,
    receipts_line,
    reminder_lines,
    status_lines,
)
from toolkit.cli.words import Command
from toolkit.cli.working import Given, GivenPlace, work_options
from toolkit.collection.accepting import Unacceptable
from toolkit.collection.accepting import accept as accept_warnings
from toolkit.collection.collecting import Collecting, Receipt, places_to_collect
from toolkit.collection.events import Filing
from toolkit.collection.opening import reading, writing
from toolkit.collection.originals import write_originals
from toolkit.collection.reminding import reminder_bytes, reminder_texts, to_remind
from toolkit.collection.returning import return_filing, to_return
from toolkit.collection.standing import Status, survey
from toolkit.work.spread import Workers
from toolkit.workbook.sources import real

_PATH = GivenPath(path_type=Path)
_FOLDER = click.argument("folder", type=_PATH, metavar="收集任务")
_FORCE = click.option("--force", is_flag=True, help="覆盖已有的文件。")
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
_DATE = click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="按哪一天算，如 2026-01-20；不写则按今天。"
)
_WITH_WARNINGS = click.option("--with-warnings", is_flag=True, help="有提示而没有认可的也算在内。")


@click.command(cls=Command)
@_FOLDER
@click.argument("paths", type=GivenPlace(), nargs=-1, metavar="[路径...]")
@click.option("--again", is_flag=True, help="收过的也再登记一次，作为该单位最新的一份。")
@_JSON
@work_options
def collect(folder: Path, paths: tuple[Given, ...], again: bool, as_json: bool, workers: Workers) -> None:
    """收取报来的工作簿：认单位、审核、留存原件、登记。

    不写路径就收“inbox”收件箱里的。登记好的文件才从收件箱移到“received”。

    \b
    示例：gouji collect 2025年报
    """
    collection, roster = given_collection(folder)
    for path in paths:
        if isinstance(path, Path) and real(collection.folder).is_relative_to(real(path)):
            raise refuse(f"“{path}”里有这个收集任务自己。", "请只写放着报来文件的文件夹。")
    receipts: list[Receipt] = []
    with in_words(folder), writing(collection.ledger, collection.known) as ledger:
        ledger.begin(collection.year)
        collecting = Collecting(collection, roster, ledger, again=again)
        places = places_to_collect(collection, paths)
        taken = collecting.take_all(places, workers)
        for at, group in enumerate(with_progress(taken, len(places), "正在收取", speaks=not as_json), start=1):
            for receipt in group:
                receipts.append(receipt.brief)
                if not as_json:
                    click.echo(position(at, len(places)) + receipt_line(receipt))
        state = survey(collection, roster, ledger, date.today(), watched)
    for stuck in collecting.stuck:
        click.echo(f"已登记，但移不出收件箱：{plain(str(stuck))}；可以手工移走。", err=True)
    if as_json:
        echo_json(collect_document(collection.form.id, receipts))
    else:
        click.echo(receipts_line(receipts))
        click.echo(counts_line(state))
    wrong = any(not each.is_sound for each in receipts)
    called_wrongly = is_called_wrongly([each.reading for each in receipts])
    raise SystemExit(MISTAKEN if called_wrongly else WRONG if wrong else 0)


@click.command(cls=Command)
@_FOLDER
@_DATE
@_JSON
@click.option("--html", type=_PATH, metavar="文件", help="另存为一个网页，可以搜索、筛选和打印。")
@_FORCE
def status(folder: Path, day: datetime | None, as_json: bool, html: Path | None, force: bool) -> None:
    """谁没报、谁退回、谁通过：按类别的进度和每个单位的现状。

    \b
    示例：gouji status 2025年报 --html 进度.html
    """
    if html is not None:
        ensure_free(html, force=force)
    collection, roster = given_collection(folder)
    with in_words(folder), reading(collection.ledger, collection.known) as ledger:
        state = survey(collection, roster, ledger, _day(day), watched)
    if html is not None:
        from toolkit.collection.page import status_page

        save(html, status_page(state), force=force)
    if as_json:
        echo_json(status_document(state))
    else:
        click.echo(join(status_lines(state)))
        if html is not None:
            click.echo(f"已生成 {html}。")
    wrong = state.open_strays or any(each.status is Status.RETURNED for each in state.standings)
    raise SystemExit(WRONG if wrong else 0)


@click.command(cls=Command)
@_FOLDER
@_DATE
@_FORCE
def remind(folder: Path, day: datetime | None, force: bool) -> None:
    """催报：列出还没报的和退回没重报的，写好催报名单和催报文字。

    \b
    示例：gouji remind 2025年报
    """
    collection, roster = given_collection(folder)
    with in_words(folder), reading(collection.ledger, collection.known) as ledger:
        state = survey(collection, roster, ledger, _day(day), watched)
    click.echo(join(reminder_lines(state)))
    if not to_remind(state):
        return
    target = collection.place("reminders") / f"催报-{state.today}.xlsx"
    for path, data in ((target, reminder_bytes(state)), (target.with_suffix(".txt"), reminder_texts(state))):
        if not (path.is_file() and path.read_bytes() == data):
            save(path, data, force=force)
        click.echo(f"已生成 {path}。")


@click.command("return", cls=Command)
@_FOLDER
@_DATE
@_WITH_WARNINGS
@click.option("--force", is_flag=True, help="退回过的也再写一次。")
def return_(folder: Path, day: datetime | None, with_warnings: bool, force: bool) -> None:
    """退回：给有错误的每份写一个标红的退回件和一份通知。

    \b
    示例：gouji return 2025年报
    """
    collection, roster = given_collection(folder)
    with in_words(folder), writing(collection.ledger, collection.known) as ledger:
        state = survey(collection, roster, ledger, _day(day), watched)
        standings = to_return(state, with_warnings=with_warnings)
        sent = 0
        for at, standing in enumerate(with_progress(standings, len(standings), "正在写退回件", speaks=True), start=1):
            done = return_filing(state, ledger, standing, force=force)
            sent += not done.was_sent
            word = "以前退回过，没有重写" if done.was_sent else "退回"
            told = position(at, len(standings)) + word
            click.echo(f"{told} {plain(standing.member.agency.name)}：{plain(str(done.copy))}")
    click.echo(f"共退回 {sent} 份，以前退回过的 {len(standings) - sent} 份。")
    for stray in state.open_strays:
        click.echo(f"归不到单位，不能退回：{plain(stray.filing.file)}：{plain(stray.problems[0].message)}", err=True)
    raise SystemExit(WRONG if state.open_strays else 0)


@click.command(cls=Command)
@_FOLDER
@click.argument("code", metavar="单位")
@click.option("--why", required=True, metavar="理由", help="为什么认可；记入台账。")
@click.option("--problem", "codes", multiple=True, metavar="问题代码", help="只认可这一种提示，可以写多次。")
def accept(folder: Path, code: str, why: str, codes: tuple[str, ...]) -> None:
    """认可一个单位的提示，记入台账；以后数字变了，认可失效。

    单位写代码或名称；归不到单位的文件，写它 SHA-256 的前 8 位以上，表示已经处理。

    \b
    示例：gouji accept 2025年报 11140823MB00000048 --why 已与单位核实
    """
    collection, roster = given_collection(folder)
    with in_words(folder), writing(collection.ledger, collection.known) as ledger:
        state = survey(collection, roster, ledger, date.today(), watched)
        try:
            accepted = accept_warnings(state, ledger, code, why, codes)
        except Unacceptable as error:
            raise refuse(error.message, error.hint) from None
    click.echo(f"已认可 {len(accepted)} 条：")
    for problem in accepted:
        click.echo(join(problem_lines(problem)))


@click.command(cls=Command)
@_FOLDER
@click.argument("agencies", nargs=-1, metavar="[单位...]")
@click.option("-o", "--output", type=_PATH, required=True, metavar="文件夹", help="写到哪个文件夹。")
@_FORCE
def originals(folder: Path, agencies: tuple[str, ...], output: Path, force: bool) -> None:
    """把台账里留存的原件写出来，一个字节不差。

    \b
    示例：gouji originals 2025年报 -o 原件
    """
    collection, roster = given_collection(folder)
    members = given_only(agencies, roster)
    with in_words(output), reading(collection.ledger, collection.known) as ledger:
        state = survey(collection, roster, ledger, date.today(), watched)
        count = write_originals(state, ledger, output, members, force=force)
    click.echo(f"已写出 {count} 份原件，在 {output}。")


def _day(given: datetime | None) -> date:
    return date.today() if given is None else given.date()


def watched(filings: Sequence[Filing]) -> Iterator[Filing]:
    return with_progress(filings, len(filings), "正在核对")


COMMANDS = (collect, status, remind, return_, accept, originals)
