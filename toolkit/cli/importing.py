"""The command `import`: published reports into completed workbooks."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from toolkit.audit.across import expectation
from toolkit.audit.submission import Agency, Reading, Unreadable
from toolkit.cli.documents import echo_json, import_document
from toolkit.cli.given import (
    MISTAKEN,
    WRONG,
    GivenPath,
    form_option,
    given_roster,
    is_called_wrongly,
    known_forms,
    refuse,
    save,
)
from toolkit.cli.screen import join, plain, reading_lines, total_line
from toolkit.cli.words import Command
from toolkit.cli.working import Given as GivenToRead
from toolkit.cli.working import GivenPlace, watched_places, work_options
from toolkit.form.stamp import AGENCY_CODE
from toolkit.publish.importing import Given, Imported
from toolkit.publish.importing_many import import_places
from toolkit.publish.opening import REPORTS
from toolkit.work.spread import Workers
from toolkit.workbook.saving import file_stem
from toolkit.workbook.sources import real

_PATH = GivenPath(path_type=Path)


@click.command("import", cls=Command)
@click.argument("paths", type=GivenPlace(), nargs=-1, required=True, metavar="报告...")
@click.option("-o", "--output", type=_PATH, required=True, metavar="文件夹", help="工作簿存到哪个文件夹。")
@click.option("--agency", default="", metavar="名称", help="单位名称，报告里没有的写明；一次只能读一份。")
@click.option("--code", default="", metavar="代码", help="统一社会信用代码；一次只能读一份。")
@click.option("--year", type=click.IntRange(2000, 2999), metavar="年度", help="报告年度，报告里没有的写明。")
@click.option("--roster", type=_PATH, metavar="文件", help="单位名册（.csv 或 .xlsx），按名称找代码。")
@form_option
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
@work_options
def import_(
    paths: tuple[GivenToRead, ...], output: Path, agency: str, code: str, year: int | None, roster: Path | None,
    form_name: str | None, as_json: bool, force: bool, workers: Workers,
) -> None:  # fmt: skip
    """把已公布的年度报告读成填好的工作簿：文字、网页、Word 或 PDF。

    数按标签填入；不能确定位置的不填，列出它所在的行。公布时就有的错照样填入，由审核指出。扫描件里没有文字，读不出。

    \b
    示例：gouji import samples/published -o 上年报告
    """
    known, listed = known_forms(form_name), given_roster(roster)
    _check_folder(output, paths)
    codes = {each.agency.name: each.agency.code for each in listed.members}
    given = Given(Agency(agency.strip(), _code(code)), year, codes)
    places = watched_places(paths, wanted=REPORTS, label="正在读取")
    read = [each for group in import_places(places, known, given, workers) for each in group]
    if (agency or code) and len(read) > 1:
        raise refuse(f"有 {len(read)} 份报告，--agency 和 --code 只能用于一份。", "请一份一份地读，或改用 --roster。")
    targets = _targets(output, read)
    _ensure_free([target for target in targets if target is not None], force=force)
    expect = expectation(listed.agencies)
    readings = [expect(each.reading if isinstance(each, Imported) else each) for each in read]
    for target, each in zip(targets, read, strict=True):
        if target is not None and isinstance(each, Imported):
            save(target, each.workbook, force=force)
    if as_json:
        echo_json(import_document(next(iter(known.values())).book.form.id, readings, read, targets))
    else:
        click.echo(join(_lines(readings, read, targets)))
    wrong = any(reading.status in ("errors", "unreadable") for reading in readings)
    raise SystemExit(MISTAKEN if is_called_wrongly(readings) else WRONG if wrong else 0)


def _code(text: str) -> str:
    code = text.strip().upper()
    if code and not AGENCY_CODE.fullmatch(code):
        raise refuse(f"代码“{plain(code)}”不能用。", "请写统一社会信用代码：18 位数字和大写字母。")
    return code


def _check_folder(folder: Path, paths: Sequence[GivenToRead]) -> None:
    """Refuse a folder that is none, or whose workbooks would be taken for reports the next time."""
    if folder.exists() and not folder.is_dir():
        raise refuse(f"“{plain(str(folder))}”不是文件夹。", "请给 -o 换一个文件夹。")
    for path in paths:
        if isinstance(path, Path) and path.is_dir() and real(folder).is_relative_to(real(path)):
            told = f"不能存到要读的文件夹“{plain(str(path))}”里，下次会当成报告来读。"
            raise refuse(told, "请给 -o 换一个文件夹。")


def _targets(folder: Path, read: Sequence[Imported | Unreadable]) -> list[Path | None]:
    """A file for each workbook, all different: called after agency and year, or the report where it tells neither."""
    taken: set[str] = set()
    targets: list[Path | None] = []
    for each in read:
        if isinstance(each, Unreadable):
            targets.append(None)
            continue
        stem, number = _stem(each.reading), 1
        name = f"{stem}.xlsx"
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}.xlsx"
        taken.add(name.casefold())
        targets.append(folder / name)
    return targets


def _stem(reading: Reading) -> str:
    last = reading.source.file.replace("\\", "/").rpartition("/")[2]
    named = reading.agency.name or last.rpartition(".")[0] or last
    return file_stem(f"{named}-{reading.year}" if reading.year else named, "报告")


def _ensure_free(targets: Sequence[Path], *, force: bool) -> None:
    there = [target for target in targets if target.exists() or target.is_symlink()]
    if there and not force:
        shown = "、".join(f"“{plain(str(each))}”" for each in there[:5]) + (f" 等 {len(there)} 个" if there[5:] else "")
        raise refuse(f"{shown}已经存在，没有覆盖，什么也没有写。", "请换一个文件夹；确要覆盖的，请加 --force。")


def _lines(
    readings: Sequence[Reading], read: Sequence[Imported | Unreadable], targets: Sequence[Path | None]
) -> Iterator[str]:  # fmt: skip
    for reading, each, target in zip(readings, read, targets, strict=True):
        yield from reading_lines(reading)
        if isinstance(each, Imported):
            day = f"，落款 {each.day:%Y-%m-%d}" if each.day else ""
            yield f"  {reading.year or '未知'} 年度{day}，填入 {each.placed} 个数：{plain(str(target))}"
    yield total_line(readings)


COMMANDS = (import_,)
