"""The commands that begin a collection: init, issue."""

from datetime import datetime
from pathlib import Path

import click

from toolkit.cli.deliveries import delivery_lines, prior_lines
from toolkit.cli.given import (
    WRONG,
    GivenPath,
    chosen_form,
    form_option,
    given_collection,
    given_members,
    given_only,
    in_words,
    refuse,
    with_progress,
)
from toolkit.cli.screen import join, plain
from toolkit.cli.words import Command
from toolkit.cli.working import jobs_option
from toolkit.collection.folder import FORM, ROSTER, SETTINGS, create_collection, is_collection, what_is_wrong_with_dates
from toolkit.collection.issuing import issue as issue_workbooks
from toolkit.collection.opening import writing
from toolkit.collection.prior import load_priors, record_priors
from toolkit.form.library import OFFICIAL, built_in
from toolkit.work.spread import Workers

_PATH = GivenPath(path_type=Path)
_FOLDER = click.argument("folder", type=_PATH, metavar="收集任务")


@click.command(cls=Command)
@_FOLDER
@form_option
@click.option("--year", type=click.IntRange(2000, 2999), required=True, metavar="年度", help="收哪个年度的报表。")
@click.option("--office", required=True, metavar="名称", help="汇总单位的名称。")
@click.option(
    "--due", type=click.DateTime(["%Y-%m-%d"]), required=True, metavar="日期", help="报送截止日期，如 2026-01-31。"
)
@click.option("--roster", type=_PATH, metavar="文件", help="把这份名册（如上年的）抄进新名册。")
def init(
    folder: Path, form_name: str | None, year: int, office: str, due: datetime, roster: Path | None
) -> None:  # fmt: skip
    """新建一个收集任务：设置、名册、收件箱和台账。

    \b
    示例：gouji init 2025年报 --year 2025 --office 桐川县政务公开办公室 --due 2026-01-31
    """
    if is_collection(folder):
        raise refuse(f"“{folder}”已经是一个收集任务，没有改动。", "另一个年度请另建文件夹。")
    form = chosen_form(form_name)
    if wrong := what_is_wrong_with_dates(form, year, due.date()):
        raise refuse(f"{wrong[0]}。", wrong[1])
    office = plain(office).strip()
    if not office:
        raise refuse("没有写汇总单位的名称。", "请用 --office 写明。")
    members = given_members(roster, form)
    source = OFFICIAL if form_name is None else form_name if form_name in built_in() else Path(form_name)
    with in_words(folder):
        create_collection(folder, source, year=year, office=office, due=due.date(), members=members)
    click.echo(f"已新建收集任务 {folder}：{year} 年度{form.title}，{due.date()} 截止。")
    if isinstance(source, Path):
        click.echo(f"报表定义已抄入 {folder / FORM}。")
    click.echo(f"请在 {folder / ROSTER} 填好名册，在 {folder / SETTINGS} 改好通知落款，再运行 gouji issue。")


@click.command(cls=Command)
@_FOLDER
@click.option("--prior", type=_PATH, metavar="路径", help="上年的收集任务、汇总工作簿或报表，用来预填上年数。")
@click.option("--only", multiple=True, metavar="单位", help="只下发这个单位（代码或名称），可以写多次。")
@click.option("--force", is_flag=True, help="已下发而内容有变的，重新下发。")
@jobs_option
def issue(folder: Path, prior: Path | None, only: tuple[str, ...], force: bool, workers: Workers) -> None:
    """给名册上每个单位下发一个锁定的工作簿。

    单位名称、代码、年度和上年数已填好。已下发的不重复下发。

    \b
    示例：gouji issue 2025年报 --prior 2024年报
    """
    if prior is not None and not prior.exists():
        raise refuse(f"找不到上年的“{prior}”。", "请检查路径是否写对。")
    collection, roster = given_collection(folder)
    members, wrong = given_only(only, roster), False
    for member in members:
        if member.exempt:
            raise refuse(f"“{member.agency}”免报（{member.exempt}），不下发。", "确要下发的，请先改名册。")
    with in_words(folder), writing(collection.ledger, collection.known) as ledger:
        ledger.begin(collection.year)
        if prior is not None:
            known = load_priors(prior, collection, roster)
            click.echo(join(prior_lines(known)), err=True)
            if not known.figures:
                told = f"“{prior}”里没有一家的上年数可用，什么也没有下发。"
                raise refuse(told, "请检查是不是上年的收集任务、汇总工作簿或报表；没有上年数的，请去掉 --prior。")
            record_priors(ledger, known, roster, prior.name)
            wrong = bool(known.remarks)
        issuing = issue_workbooks(collection, roster, ledger, only=members, force=force, workers=workers)
        deliveries = list(with_progress(issuing, len(members or roster.expected), "正在下发"))
    click.echo(join(delivery_lines(deliveries, collection.place("issued"))))
    if exempt := [member for member in roster.members if member.exempt and not only]:
        click.echo(f"免报不下发的 {len(exempt)} 家：{plain('、'.join(member.agency.name for member in exempt))}。")
    raise SystemExit(WRONG if wrong or any(not each.outcome.is_settled for each in deliveries) else 0)


COMMANDS = (init, issue)
