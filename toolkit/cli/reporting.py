"""The command `report`: reports ready to be published, of one agency, of each one, or consolidated."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path, PurePath

import click

from toolkit.audit.across import compare
from toolkit.audit.submission import Reading, Submission
from toolkit.cli.given import (
    WRONG,
    GivenPath,
    ensure_free,
    form_option,
    given_collection,
    in_words,
    known_forms,
    position,
    refuse,
    save,
)
from toolkit.cli.merging import summed_up
from toolkit.cli.screen import counted_lines, join, plain, reading_lines
from toolkit.cli.wording import given_wording
from toolkit.cli.words import Command
from toolkit.cli.working import reviewed, work_options
from toolkit.collection.folder import is_collection
from toolkit.collection.opening import reading as opened
from toolkit.collection.standing import State, Status, survey
from toolkit.collection.summarizing import summarized
from toolkit.problems import Severity
from toolkit.publish.outline import Report, report_of, report_of_totals
from toolkit.summary.merge import Summary
from toolkit.summary.sentences import sentences
from toolkit.work.spread import Workers
from toolkit.workbook.saving import file_stem
from toolkit.workbook.sources import real

_PATH = GivenPath(path_type=Path)
_FORMATS = ("docx", "html")
_WAY_OUT = "请改正后再运行；要先看样子的，请加 --draft，每页印有“草稿”。"
_WITHOUT_WORD = "请运行：pip install 'gouji-toolkit[documents]'；或者出网页：-o 写成 .html，--all 加 --format html。"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of every report."""

    form: str | None
    day: date | None
    unit: str
    wording: Path | None
    with_warnings: bool
    draft: bool
    force: bool
    workers: Workers


@click.command(cls=Command)
@click.argument("path", type=_PATH, metavar="路径")
@click.option("-o", "--output", type=_PATH, metavar="文件", help="存为哪个 .docx 或 .html 文件。")
@click.option("--all", "folder", type=_PATH, metavar="文件夹", help="每个单位出一份，存到这个文件夹。")
@click.option("--format", "kind", type=click.Choice(_FORMATS), help="与 --all 同用：存成哪种格式；不写则 docx。")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="日期",
    help="落款日期，如 2026-01-20；不写则留出空白。",
)  # fmt: skip
@click.option("--office", "unit", default="", metavar="名称", help="汇总报告的单位；不写则用汇总或收集任务的。")
@click.option("--wording", type=_PATH, metavar="文件", help="汇总报告文字稿的模板；不写则用报表自带的。")
@click.option("--with-warnings", is_flag=True, help="收集任务的汇总报告：有提示而没有认可的也算在内。")
@form_option
@click.option("--draft", is_flag=True, help="草稿：有错误的也出，每页印“草稿”二字。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
@work_options
def report(
    path: Path, output: Path | None, folder: Path | None, kind: str | None, day: datetime | None, unit: str,
    wording: Path | None, with_warnings: bool, form_name: str | None, draft: bool, force: bool, workers: Workers,
) -> None:  # fmt: skip
    """出具可以公布的年度报告，按公文格式排版，Word 文档或网页。

    路径是一个填好的工作簿；是汇总工作簿或收集任务的，出汇总报告。与 --all 同用时，路径是收集任务、文件夹或 .zip
    压缩包，每个单位出一份。有错误的不出；没有写的文字标明“（请补写。）”。

    \b
    示例：gouji report samples/completed/05-温县科学技术局.xlsx -o 年度报告.docx
    """
    named = plain(unit).strip()
    asked = _Asked(form_name, day and day.date(), named, wording, with_warnings, draft, force, workers)
    if (output is None) == (folder is None):
        raise refuse("-o 和 --all 要写一个，也只能写一个。", "出一份的写 -o 文件，每个单位一份的写 --all 文件夹。")
    if not path.exists():
        raise refuse(f"找不到文件或文件夹“{plain(str(path))}”。", "请检查路径是否写对。")
    if is_collection(path) and form_name:
        raise refuse("收集任务的报表由它自己定。", "请去掉 --form。")
    if output is not None:
        if kind is not None:
            raise refuse("--format 只与 --all 同用。", "请去掉 --format，格式由 -o 的文件名定。")
        code = _one(path, output, asked)
    else:
        assert folder is not None
        code = _all(path, folder, kind or _FORMATS[0], asked)
    raise SystemExit(code)


def _one(path: Path, output: Path, asked: _Asked) -> int:
    """Write one report; the exit code."""
    kind = output.suffix.lower().removeprefix(".")
    if kind not in _FORMATS:
        raise refuse(f"“{plain(output.name)}”不是 .docx 或 .html。", "请给 -o 写一个以 .docx 或 .html 结尾的文件名。")
    if real(output) == real(path):
        raise refuse(f"不能写到要读的文件“{plain(str(path))}”上。", "请给 -o 换一个文件名。")
    draw = _drawing(kind)
    ensure_free(output, force=asked.force)
    if is_collection(path):
        found, code = _of_collection(path, asked)
    elif path.is_dir() or path.suffix.lower() == ".zip":
        hint = "每个单位出一份的，请用 --all；出汇总报告的，请先用 gouji merge 汇总。"
        raise refuse(f"“{plain(str(path))}”不是一个工作簿。", hint)
    else:
        found, code = _of_file(path, asked)
    if found is None:
        return WRONG
    save(output, draw(found), force=asked.force)
    for heading in found.unwritten:
        click.echo(f"“{heading}”没有内容，请补写。", err=True)
    click.echo(f"已生成 {plain(str(output))}。")
    return code


def _of_file(path: Path, asked: _Asked) -> tuple[Report | None, int]:
    """The report of a workbook, or of the summary that it is; None where it has errors, which are told."""
    summed = summed_up([path], known_forms(asked.form), include_broken=asked.draft, briefly=False)
    first, *_ = summed.readings
    if isinstance(first, Submission) and first.via is not None:
        own = first.via.unit != str(PurePath(first.via.file).with_suffix(""))  # it is called so where none is named
        unit = asked.unit or (first.via.unit if own else "")
        return _of_summary(replace(summed.summary, unit=unit), asked)
    if asked.unit or asked.wording or asked.with_warnings:
        told = "--office、--wording、--with-warnings 只用于汇总报告，这是一个单位的工作簿。"
        raise refuse(told, "请去掉它们；单位名称在工作簿的封面改。")
    if first.problems:
        click.echo(join(reading_lines(first)))
    is_wrong = first.status in ("errors", "unreadable")
    if not isinstance(first, Submission) or (is_wrong and not asked.draft):
        click.echo("有错误，没有生成报告。" + (_WAY_OUT if isinstance(first, Submission) else ""))
        return None, WRONG
    return report_of(first, asked.day, draft=asked.draft), WRONG if is_wrong else 0


def _of_summary(summary: Summary, asked: _Asked) -> tuple[Report | None, int]:
    """The consolidated report of a summary workbook; None where what it counts has errors."""
    if asked.with_warnings:
        raise refuse("--with-warnings 只用于收集任务；汇总里有提示的，本来就收录。", "请去掉 --with-warnings。")
    wrong = [each.reading for each in summary.entries if each.reading.status in ("errors", "unreadable")]
    for reading in wrong:
        click.echo(join(reading_lines(reading)))
    if wrong and not asked.draft:
        click.echo(f"汇总里有 {len(wrong)} 家有错误，没有生成报告。{_WAY_OUT}")
        return None, WRONG
    return _consolidated(summary, asked), WRONG if wrong else 0


def _of_collection(path: Path, asked: _Asked) -> tuple[Report | None, int]:
    """The consolidated report of what a collection counts."""
    state = _state(path)
    summary = summarized(state, with_warnings=asked.with_warnings)
    summary = replace(summary, unit=asked.unit or summary.unit)
    left_out = any(isinstance(each.reading, Submission) and each.left_out for each in summary.entries)
    return _consolidated(summary, asked), WRONG if left_out or state.open_strays else 0


def _consolidated(summary: Summary, asked: _Asked) -> Report | None:
    """The report of a summary's totals, and on the screen what they count; None where that is nothing."""
    form = summary.book.form
    if not summary.unit:
        raise refuse("汇总工作簿里没有写汇总单位，不知道是谁的报告。", "请用 --office 写明单位名称。")
    ready = sentences(summary, given_wording(asked.wording, form))
    missing = "未报或下级未收录" if any(each.via for each in summary.included) else "未报"
    for line in (*counted_lines(summary), *(f"{missing} {plain(str(each))}" for each in summary.missing), ready.scope):
        click.echo(line)
    if not summary.included:
        click.echo("没有可以汇总的报表，没有生成报告。")
        return None
    for told in ready.left_out:
        click.echo(plain(told), err=True)
    return report_of_totals(
        form, summary.values, ready.lines, summary.unit, summary.year, asked.day, draft=asked.draft
    )  # fmt: skip


def _all(path: Path, folder: Path, kind: str, asked: _Asked) -> int:
    """Write a report of each agency; the exit code."""
    if asked.unit or asked.wording or asked.with_warnings:
        raise refuse("--office、--wording、--with-warnings 只用于汇总报告。", "请去掉它们，或改用 -o 出汇总报告。")
    draw = _drawing(kind)
    _ensure_apart(path, folder)
    readings = list(_filed(_state(path)) if is_collection(path) else _handed_in(path, asked))
    whys = [_why_not(reading, draft=asked.draft) for reading in readings]
    wanted = [each for each, why in zip(readings, whys, strict=True) if isinstance(each, Submission) and not why]
    targets = [folder / f"{name}.{kind}" for name in _names(wanted)]
    for target in targets:
        ensure_free(target, force=asked.force)
    for reading, why in zip(readings, whys, strict=True):
        if reading.problems:
            click.echo(join(reading_lines(reading)))
        if why:
            click.echo(f"未生成 {plain(reading.source.file)}：{why}")
    for at, (target, each) in enumerate(zip(targets, wanted, strict=True), start=1):
        found = report_of(each, asked.day, draft=asked.draft)
        save(target, draw(found), force=asked.force)
        told = "".join(f"；“{heading}”没有内容，请补写" for heading in found.unwritten)
        click.echo(f"{position(at, len(targets))}已生成 {plain(str(target))}{told}。")
    click.echo(f"共生成 {len(targets)} 份，未生成 {len(readings) - len(targets)} 份。")
    wrong = any(reading.status in ("errors", "unreadable") for reading in readings)
    return WRONG if wrong or not targets else 0


def _ensure_apart(path: Path, folder: Path) -> None:
    """Refuse to write where the reports would be taken for what was handed in."""
    if folder.exists() and not folder.is_dir():
        raise refuse(f"“{plain(str(folder))}”不是文件夹。", "请给 --all 换一个文件夹。")
    own = path / "inbox" if is_collection(path) else path
    if own.is_dir() and real(folder).is_relative_to(real(own)):
        told = f"报告不能放在“{plain(str(own))}”里，下次会当成收回的工作簿。"
        raise refuse(told, "请给 --all 换一个文件夹。")


def _state(path: Path) -> State:
    collection, roster = given_collection(path)
    with in_words(path), opened(collection.ledger, collection.known) as ledger:
        return survey(collection, roster, ledger, date.today())


def _filed(state: State) -> Iterator[Reading]:
    """The workbook that counts of each agency that must report, with its open problems; who has none is told."""
    for standing in state.standings:
        if standing.status is not Status.EXEMPT and standing.submission is not None:
            yield replace(standing.submission, problems=standing.problems)
        elif standing.status is not Status.EXEMPT:
            click.echo(f"{standing.status.label} {plain(str(standing.member.agency))}")


def _handed_in(path: Path, asked: _Asked) -> Sequence[Reading]:
    groups = reviewed([path], known_forms(asked.form), workers=asked.workers, briefly=False)
    return compare([each for group in groups for each in group])


def _why_not(reading: Reading, *, draft: bool) -> str:
    """Why a reading gets no report, empty where it does."""
    if not isinstance(reading, Submission):
        return "读不出。"
    if reading.via is not None:
        return "这是汇总工作簿里的一家，没有文字部分；请用单位自己的工作簿。"
    if any(each.code == "duplicate" and each.severity is Severity.WARNING for each in reading.problems):
        return "同一单位的另一份与它相同。"
    return "有错误；要先看样子的，请加 --draft。" if reading.status == "errors" and not draft else ""


def _names(submissions: Sequence[Submission]) -> list[str]:
    """A file name for each report, all different: the agency and the year."""
    taken: set[str] = set()
    names = []
    for each in submissions:
        stem = f"{file_stem(str(each.agency), '单位')}-{each.year or '年度未填'}"
        name, number = stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _drawing(kind: str) -> Callable[[Report], bytes]:
    """What makes a file of this kind of a report; refused where the library for it is not installed."""
    if kind == "html":
        from toolkit.publish.webreport import report_html  # jinja2 takes a while to load

        return report_html
    try:
        from toolkit.publish.wordreport import report_docx
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("docx", "lxml"):
            raise
        raise refuse("这里没有安装 python-docx，写不出 Word 文档。", _WITHOUT_WORD) from None
    return report_docx


COMMANDS = (report,)
