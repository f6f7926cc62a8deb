"""What commands are given - forms, rosters, last year's reports, files to write - made ready, or refused in words."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

import click

from toolkit.audit.checks import Rulebook
from toolkit.audit.submission import Reading, Unreadable
from toolkit.cli.screen import join, plain, problem_lines
from toolkit.collection.folder import SETTINGS, Collection, is_collection, load_collection
from toolkit.collection.roster import Member, Roster, load_roster, plain_code
from toolkit.form.library import built_in, load_form
from toolkit.form.model import Form
from toolkit.form.section import nearest
from toolkit.problems import Problem
from toolkit.summary.merge import Summary
from toolkit.summary.review import earlier_summaries, load_earlier
from toolkit.work.spread import ALONE, Workers
from toolkit.workbook.known import Known, know
from toolkit.workbook.saving import reason, whole_file
from toolkit.workbook.sources import find_files

Command = TypeVar("Command", bound=Callable[..., object] | click.Command)
_Item = TypeVar("_Item")

MISTAKEN, WRONG = 2, 1


def form_option(command: Command) -> Command:
    """`--form ID|FILE`."""
    told = "报表：内置报表的编号，或定义文件（.toml）；不写则用内置的。"
    return click.option("--form", "form_name", metavar="报表", help=told)(command)


class Refusal(click.ClickException):
    """The end of a command that was called wrongly."""

    exit_code = MISTAKEN


def refuse(message: str, hint: str = "") -> Refusal:
    """A refusal in a sentence, with a way out."""
    return Refusal(message + (f"\n{hint}" if hint else ""))


def looked_up(path: Path) -> Path:
    """The path, refused where the system cannot even look whether it is there."""
    try:
        path.exists()
    except OSError as error:
        raise refuse(f"“{path}”不能用：{reason(error)}。", "请改正路径。") from None
    return path


class GivenPath(click.Path):
    """One path that a command is given; whether it must be there is the command's to say."""

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        return looked_up(Path(os.fsdecode(super().convert(value, param, ctx))))


def chosen_form(name: str | None) -> Form:
    """The form of `--form`, or the built-in one; refused with every mistake where its definition has any."""
    known = built_in()
    if name is None:
        path = next(iter(known.values()))
    elif name in known:
        path = known[name]
    else:
        path = looked_up(Path(name))
        if not path.is_file():
            raise refuse(f"没有叫“{name}”的报表，也没有这个文件。", nearest(name, known))
    return checked_form(load_form(path), path)


def checked_form(form: Form | tuple[Problem, ...], path: Path) -> Form:
    """The form, or refused with every mistake of its definition."""
    if isinstance(form, Form):
        return form
    lines = [line for problem in form for line in problem_lines(problem)]
    raise refuse(f"报表定义 {path} 有 {len(form)} 处错误：\n{join(lines)}")


def known_forms(name: str | None) -> dict[str, Known]:
    """The form of `--form` alone, or every built-in form, by form code."""
    forms = [chosen_form(name)] if name else [checked_form(load_form(path), path) for path in built_in().values()]
    return {form.code: know(form) for form in forms}


def given_roster(path: Path | None) -> Roster:
    """The roster of `--roster`, an empty one where it is not given; refused with every mistake of it."""
    if path is None:
        return Roster()
    if not path.is_file():
        raise refuse(f"找不到名册“{path}”。", "请检查路径是否写对。")
    roster = load_roster(path)
    if isinstance(roster, Roster):
        return roster
    lines = [line for problem in roster for line in problem_lines(problem)]
    raise refuse(f"名册 {path} 有 {len(roster)} 处错误：\n{join(lines)}")


def given_members(path: Path | None, form: Form) -> tuple[Member, ...]:
    """The members of a roster to be copied, none where it is not given; refused with every mistake of it."""
    if path is None:
        return ()
    if not path.is_file():
        raise refuse(f"找不到名册“{path}”。", "请检查路径是否写对。")
    return checked_roster(load_roster(path, strict=True, columns=form.reserves), path).members


def given_collection(folder: Path) -> tuple[Collection, Roster]:
    """The collection in a folder and its roster; refused with every mistake of either."""
    if not is_collection(folder):
        hint = "请写 gouji init 建的文件夹；还没有的，先运行 gouji init。"
        raise refuse(f"“{folder}”不是收集任务的文件夹（没有 {SETTINGS}）。", hint)
    with in_words(folder):
        collection = load_collection(folder)
    if not isinstance(collection, Collection):
        lines = [line for problem in collection for line in problem_lines(problem)]
        raise refuse(f"{folder / SETTINGS} 有 {len(collection)} 处错误：\n{join(lines)}")
    with in_words(collection.roster):
        roster = load_roster(collection.roster, strict=True, columns=collection.form.reserves)
    return collection, checked_roster(roster, collection.roster)


def checked_roster(roster: Roster | tuple[Problem, ...], path: Path) -> Roster:
    """The roster; with mistakes they are printed, all of them, and the command ends: they are its result."""
    if isinstance(roster, Roster):
        return roster
    for problem in roster:
        click.echo(join(problem_lines(problem)))
    click.echo(f"名册 {path} 有 {len(roster)} 处错误，改正之前什么也没有做。")
    raise SystemExit(WRONG)


def given_only(named: Sequence[str], roster: Roster) -> tuple[Member, ...]:
    """The members called so, by code or name; refused with every one that is not on the roster or need not report."""
    members = roster.by_name() | roster.by_code()
    found = {name: members.get(name.strip()) or members.get(plain_code(name)) for name in named}
    unknown = "、".join(f"“{name}”" for name, member in found.items() if member is None)
    if unknown:
        raise refuse(f"名册里没有{unknown}。", "请写名册里的单位名称或代码。")
    return tuple(dict.fromkeys(member for member in found.values() if member is not None))


@contextmanager
def in_words(place: Path) -> Iterator[None]:
    """Refuse in a sentence what a ledger or the system would not do."""
    from toolkit.collection.troubles import LedgerError  # late: it loads the database

    try:
        yield
    except LedgerError as error:
        raise refuse(f"{error.message}。", error.hint) from None
    except BrokenPipeError:
        raise  # whoever read what is printed has gone; that is nobody's mistake
    except FileExistsError as error:
        raise refuse(
            f"“{error.filename or error}”已经存在，没有覆盖。", "请换一个地方；确要覆盖的，请加 --force。"
        ) from None
    except OSError as error:
        told = f"“{error.filename or place}”读不出或写不进：{reason(error)}。"
        raise refuse(told, "请检查文件是否正打开着、文件夹能不能写、磁盘满没满，再运行一次。") from None


def with_progress(items: Iterable[_Item], length: int, label: str, *, speaks: bool = False) -> Iterator[_Item]:
    """The same items, with a progress bar on a terminal; none where what is printed meanwhile (`speaks`) would break
    it up."""
    if not sys.stderr.isatty() or (speaks and sys.stdout.isatty()):
        yield from items
        return
    with click.progressbar(items, length=length, label=label, file=sys.stderr) as bar:
        yield from bar


def position(at: int, count: int) -> str:
    """`[3/300] ` before a line that is printed while a person waits at a terminal; nothing elsewhere."""
    return f"[{at}/{count}] " if sys.stdout.isatty() else ""


def given_earlier(
    path: Path | None, known: Mapping[str, Known], workers: Workers = ALONE
) -> list[Reading]:  # fmt: skip
    """The earlier years' reports of `--prior`: files, a summary or a collection; what cannot be read is said and passed
    over."""
    if path is None:
        return []
    if not path.exists():
        raise refuse(f"找不到上年报表“{path}”。", "请检查路径是否写对。")
    found = _filed_readings(path) if is_collection(path) else load_earlier(path, known, workers)
    for each in found:
        if isinstance(each, Unreadable):
            click.echo(f"上年报表未用：{plain(each.source.file)}：{plain(each.problems[0].message)}", err=True)
    return found


def given_earlier_summaries(
    book: Rulebook, found: Sequence[Reading], year: int | None, *, asked: bool
) -> dict[int, Summary]:
    """The summaries of earlier years; what of them had errors or is left out is said, and a last year that is not
    there where one was asked for."""
    earlier = earlier_summaries(book, found, year)
    for at, summary in earlier.items():
        for entry in summary.entries:
            if entry.remark:
                click.echo(f"{at} 年度 {plain(entry.reading.source.file)}：{plain(entry.remark)}", err=True)
    if asked and year is not None and year - 1 not in earlier:
        click.echo(f"上年报表里没有 {year - 1} 年度的，没有同比。", err=True)
    return earlier


def is_called_wrongly(readings: Iterable[Reading]) -> bool:
    """Whether a path that was given does not exist."""
    return any(problem.code == "missing" for reading in readings for problem in reading.problems)


def save(path: Path, data: bytes, *, force: bool) -> None:
    """Write a whole file; refused in a sentence where it exists or cannot be written."""
    with saving(path, force=force) as file:
        file.write(data)


@contextmanager
def saving(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file to be written little by little, whole or not at all; refused as `save` does."""
    try:
        with whole_file(path, force=force) as file:
            yield file
    except FileExistsError:
        raise refuse(f"“{path}”已经存在，没有覆盖。", "请换一个文件名；确要覆盖的，请加 --force。") from None
    except OSError as error:
        raise refuse(
            f"“{path}”写不进去：{reason(error)}。", "请检查文件是否正打开着、文件夹能不能写、磁盘满没满。"
        ) from None


def given_file(path: Path) -> bytes:
    """The bytes of one file that must be there; refused in a sentence where it cannot be read."""
    found = next(find_files([path]))
    if found.problem is not None:
        raise refuse(found.problem.message, found.problem.hint)
    if not path.is_file() or path.suffix.lower() == ".zip":
        raise refuse(f"“{plain(str(path))}”不是一个工作簿。", "请写一个 .xlsx 文件。")
    return found.data


def ensure_free(path: Path, *, force: bool) -> None:
    """Refuse early, before long work, to overwrite a file."""
    if os.path.lexists(path) and not force:
        raise refuse(f"“{path}”已经存在，没有覆盖。", "请换一个文件名；确要覆盖的，请加 --force。")


def _filed_readings(folder: Path) -> list[Reading]:
    from toolkit.collection.prior import filed_readings  # late: it loads the database

    return filed_readings(folder)
