"""What commands are given - forms, rosters, last year's reports, files to write - made ready, or refused in words."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import click

from toolkit.audit.across import LastYear
from toolkit.audit.submission import Agency, Reading
from toolkit.cli.screen import join, plain, problem_lines
from toolkit.collection.roster import Roster, load_roster
from toolkit.form.library import built_in, load_form
from toolkit.form.model import Form
from toolkit.form.section import nearest
from toolkit.problems import Problem
from toolkit.summary.review import load_last_year, review
from toolkit.workbook.intake import Known, know
from toolkit.workbook.saving import reason, write_whole
from toolkit.workbook.sources import Incoming

Command = TypeVar("Command", bound=Callable[..., object] | click.Command)

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


def given_last_year(path: Path | None, known: Mapping[str, Known]) -> LastYear:
    """Last year's submissions of `--prior`; what cannot be read is said and passed over."""
    if path is None:
        return {}
    if not path.exists():
        raise refuse(f"找不到上年报表“{path}”。", "请检查路径是否写对。")
    found, unreadable = load_last_year(path, known)
    for each in unreadable:
        click.echo(f"上年报表未用：{plain(each.source.file)}：{plain(each.problems[0].message)}", err=True)
    return found


def reviewed(
    incoming: Sequence[Incoming],
    known: Mapping[str, Known],
    *,
    last_year: LastYear,
    roster: tuple[Agency, ...],
) -> list[Reading]:
    """Every file's audited reading, with a progress bar on a terminal."""
    readings = review(incoming, known, last_year=last_year, roster=roster)
    if not sys.stderr.isatty():
        return list(readings)
    with click.progressbar(readings, length=len(incoming), label="正在审核", file=sys.stderr) as bar:
        return list(bar)


def is_called_wrongly(readings: Iterable[Reading]) -> bool:
    """Whether a path that was given does not exist."""
    return any(problem.code == "missing" for reading in readings for problem in reading.problems)


def save(path: Path, data: bytes, *, force: bool) -> None:
    """Write a whole file; refused in a sentence where it exists or cannot be written."""
    try:
        write_whole(path, data, force=force)
    except FileExistsError:
        raise refuse(f"“{path}”已经存在，没有覆盖。", "请换一个文件名；确要覆盖的，请加 --force。") from None
    except OSError as error:
        raise refuse(
            f"“{path}”写不进去：{reason(error)}。", "请检查文件是否正打开着、文件夹能不能写、磁盘满没满。"
        ) from None


def ensure_free(path: Path, *, force: bool) -> None:
    """Refuse early, before long work, to overwrite a file."""
    if path.exists() and not force:
        raise refuse(f"“{path}”已经存在，没有覆盖。", "请换一个文件名；确要覆盖的，请加 --force。")
