"""What stands beside the sums of a summary - last year, a published report, pictures, sentences - as commands are asked
for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from toolkit.audit.submission import Unreadable
from toolkit.cli.comparing import against_lines
from toolkit.cli.given import GivenPath, ensure_free, given_file, refuse, save
from toolkit.cli.screen import join, plain, problem_lines
from toolkit.cli.wording import given_wording
from toolkit.cli.working import Given
from toolkit.collection.roster import Roster
from toolkit.summary.against import Published, differences, load_published
from toolkit.summary.merge import Summary
from toolkit.summary.pictures import PicturesUnavailable, picture_files
from toolkit.summary.sheets import Besides
from toolkit.summary.yearly import Before
from toolkit.workbook.known import Known
from toolkit.workbook.sources import real

_Command = TypeVar("_Command", bound=Callable[..., object] | click.Command)
_PATH = GivenPath(path_type=Path)
_PRIOR_HELP = "上年的报表（文件、文件夹、.zip、汇总工作簿或收集任务），用于上年衔接和同比。"

prior_option = click.option("--prior", type=_PATH, metavar="路径", help=_PRIOR_HELP)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command was asked for beside the sums."""

    against: Path | None = None
    charts: Path | None = None
    wording: Path | None = None


def beside_options(command: _Command) -> _Command:
    """`--against FILE`, `--charts DIR`, `--wording FILE`."""
    told = "文字稿的模板；不写则用报表自带的，见 gouji sentences。"
    command = click.option("--wording", type=_PATH, metavar="文件", help=told)(command)
    command = click.option("--charts", type=_PATH, metavar="文件夹", help="另把图存为 PNG 和 SVG。")(command)
    told = "已经公布的或手工汇总的报表（.xlsx），逐格核对。"
    return click.option("--against", type=_PATH, metavar="文件", help=told)(command)


def given_besides(
    asked: Asked, known: Known, summary: Summary, earlier: Mapping[int, Summary], roster: Roster
) -> Besides:
    """What the workbook holds beside the sums; refused where a file of it cannot be used."""
    form = known.book.form
    last = None if summary.year is None else earlier.get(summary.year - 1)
    published = None if asked.against is None else given_published(asked.against, known)
    return Besides(
        wording=given_wording(asked.wording, form),
        before=None if last is None or last.year is None else Before(last.year, last.included),
        heirs={member.agency.code: member.predecessors for member in roster.members if member.predecessors},
        against=None if published is None else (published, differences(summary, published)),
    )


def given_published(path: Path, known: Known) -> Published:
    """The published report of `--against`; refused where nothing of it can be read."""
    published = load_published(given_file(path), str(path), {known.book.form.code: known})
    if isinstance(published, Unreadable):
        raise refuse(join([line for problem in published.problems for line in problem_lines(problem)]))
    return published


def differs(besides: Besides) -> bool:
    """Whether there is a published report that says otherwise, or does not say."""
    if besides.against is None:
        return False
    published, found = besides.against
    return bool(published.unread or found)


def tell_against(besides: Besides) -> None:
    """Print how the published report, where there is one, and the summary agree."""
    if besides.against is not None:
        click.echo(join(against_lines(*besides.against)))


def ensure_apart(paths: Sequence[Given], output: Path, charts: Path | None) -> None:
    """Refuse to write over a file that is to be read, and pictures into a folder that is."""
    for path in (each for each in paths if isinstance(each, Path)):
        if not path.is_dir() and real(path) == real(output):
            raise refuse(f"“{plain(str(path))}”又要读，又要写。", "请给 -o 换一个文件名。")
        if charts is not None and path.is_dir() and real(charts).is_relative_to(real(path)):
            told = f"图不能放在要汇总的文件夹“{plain(str(path))}”里，下次汇总会当成收回的文件。"
            raise refuse(told, "请给 --charts 换一个文件夹。")


def drawn_pictures(folder: Path | None, summary: Summary, *, force: bool) -> list[tuple[Path, bytes]]:
    """The pictures, each a PNG and an SVG, and where they go; refused before anything is written where one would
    be overwritten."""
    if folder is None or not summary.included:
        return []
    if folder.exists() and not folder.is_dir():
        raise refuse(f"“{plain(str(folder))}”不是文件夹。", "请给 --charts 换一个文件夹。")
    try:
        files = [(folder / name, data) for name, data in picture_files(summary)]
    except PicturesUnavailable as error:
        raise refuse(str(error)) from None
    for path, _ in files:
        ensure_free(path, force=force)
    if not files:
        click.echo("没有可以画的数，没有生成图。", err=True)
    return files


def write_pictures(files: Sequence[tuple[Path, bytes]], *, force: bool) -> None:
    """The pictures, written."""
    for path, data in files:
        save(path, data, force=force)
    if files:
        click.echo(f"已生成图 {len(files)} 个，在 {files[0][0].parent}。", err=True)
