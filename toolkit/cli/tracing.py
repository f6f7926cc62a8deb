"""The command `trace`: a figure of a summary, back to the agencies' own workbooks."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import click

from toolkit.audit.numbers import printed
from toolkit.audit.submission import Submission
from toolkit.cli.columns import aligned
from toolkit.cli.documents import Json, echo_json, figure
from toolkit.cli.given import WRONG, GivenPath, form_option, given_file, known_forms, refuse
from toolkit.cli.screen import join, plain, problem_lines
from toolkit.cli.words import Command
from toolkit.form.model import Key
from toolkit.form.section import nearest
from toolkit.summary.merge import add_up
from toolkit.summary.reading import read_summary
from toolkit.summary.trace import Contribution, trace, typed_under
from toolkit.workbook.known import Known

_PATH = GivenPath(path_type=Path)


@click.command("trace", cls=Command)
@click.argument("file", type=_PATH, metavar="汇总")
@click.argument("name", metavar="单元格名称")
@form_option
@click.option("--agency", default="", metavar="单位", help="只看这个单位（名称或代码）。")
@click.option("--all", "zeros", is_flag=True, help="为 0 的和空白的也列出。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def trace_(file: Path, name: str, form_name: str | None, agency: str, zeros: bool, as_json: bool) -> None:
    """追溯汇总里的一个数：哪些单位、哪份文件、哪张表哪一格、原来写的什么。

    合计数分解到各个填报的格。单元格名称写得不对的，会提示相近的。

    \b
    示例：gouji trace 汇总.xlsx requests.new_received.total
    """
    known = known_forms(form_name)
    rows = read_summary(given_file(file), str(file), known)
    if rows is None:
        raise refuse(f"“{file}”不是汇总工作簿。", "请写 gouji merge 或 gouji summarize 生成的工作簿。")
    submissions = [each for each in rows if isinstance(each, Submission)]
    if not submissions:
        raise refuse(join([line for problem in rows[0].problems for line in problem_lines(problem)]))
    form = next(each for each in known.values() if each.book.form.id == submissions[0].book.form.id)
    key = _key(form, name)
    wanted = [each for each in submissions if agency in ("", each.agency.name, each.agency.code)]
    if not wanted:
        raise refuse(f"汇总里没有单位“{plain(agency)}”。", nearest(agency, [each.agency.name for each in submissions]))
    found = list(trace(form.book, wanted, form.layout.cells, key, zeros=zeros))
    total = add_up(form.book, wanted)[key]
    if as_json:
        echo_json(_document(form, file, key, total, found))
    else:
        click.echo(join(_lines(form, key, total, wanted, found)))
    errors = [problem for each in submissions for problem in each.problems if problem.code != "blank"]
    for problem in errors:
        click.echo(join(problem_lines(problem)), err=True)
    raise SystemExit(WRONG if errors else 0)


def _key(known: Known, name: str) -> Key:
    names = {str(key): key for key in known.book.cells}
    if name not in names:
        raise refuse(f"报表里没有叫“{plain(name)}”的单元格。", nearest(name, names))
    return names[name]


def _lines(
    known: Known, key: Key, total: Decimal, wanted: Sequence[Submission], found: Sequence[Contribution]
) -> Iterator[str]:
    cell, typed = known.book.cells[key], typed_under(known.book, key)
    short = known.book.form.table(key.table).short
    told = f"，由 {len(typed)} 格合计" if key in known.book.computed else ""
    count = len({each.agency for each in found if each.value})
    yield f"{short} {cell.row.short}·{cell.column.short}（{key}）：{printed(total)}{told}"
    yield f"收录 {len(wanted)} 家，其中不为 0 的 {count} 家。"
    if not found:
        return
    yield ""
    rows = [
        [
            each.agency.name, _labels(known, each.key) if len(typed) > 1 else "",
            "空白" if each.value is None else printed(each.value), f"{each.origin.sheet} {each.origin.cell}",
            f"「{each.origin.raw}」" if each.origin.raw else "空白",
        ]
        for each in found
    ]  # fmt: skip
    lines = aligned([["单位", "项目", "数", "原件的格", "原件内容"], *rows], right=(2,))
    yield f"{lines[0]}  文件  SHA-256"
    for each, line in zip(found, lines[1:], strict=True):
        yield f"{line}  {plain(each.file)}  {each.sha256}"


def _labels(known: Known, key: Key) -> str:
    cell = known.book.cells[key]
    return f"{cell.row.short}·{cell.column.short}"


def _document(known: Known, file: Path, key: Key, total: Decimal, found: Sequence[Contribution]) -> Json:
    return {
        "file": str(file),
        "form": known.book.form.id,
        "key": str(key),
        "value": figure(total, known.book.cells[key].decimals),
        "contributions": [
            {
                "agency": {"name": each.agency.name, "code": each.agency.code},
                "key": str(each.key),
                "value": figure(each.value, known.book.cells[each.key].decimals),
                "file": each.file,
                "sha256": each.sha256,
                "sheet": each.origin.sheet,
                "cell": each.origin.cell,
                "raw": each.origin.raw,
            }
            for each in found
        ],
    }


COMMANDS = (trace_,)
