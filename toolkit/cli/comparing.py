"""What a person reads on the screen of a published report beside a summary."""

from collections.abc import Iterator, Sequence

import click

from toolkit.audit.formulas import signed
from toolkit.audit.numbers import printed
from toolkit.cli.screen import plain
from toolkit.form.model import Key
from toolkit.summary.against import BLANK, UNREAD, Difference, Published, agreement
from toolkit.summary.againstsheet import cause, spot, whole_lines
from toolkit.summary.detail import head_texts


def against_lines(published: Published, differences: Sequence[Difference]) -> Iterator[str]:
    """How many cells agree, who seems to be missing; a line a difference; a line a cell that cannot be read."""
    found = tuple(differences)
    yield plain(f"与公布数核对：{published.file}（SHA-256 {published.sha256}）")
    yield str(agreement(published, found))
    yield from (f"  {plain(line)}" for line in whole_lines(found))
    for each in found:
        if each.key not in published.unread:
            yield f"  {click.style('[不符]', fg='red')} {plain(_called(published, each.key))}{plain(_told(each))}"
    for key in (key for key in published.book.cells if key in published.unread):
        label = click.style(f"[{UNREAD}]", fg="yellow")
        yield f"  {label} {plain(_called(published, key))}{plain(published.unread[key])}。"


def _called(published: Published, key: Key) -> str:
    """`表三 一、本年新收·自然人（表三依申请公开 D8）：`."""
    table, row, column = head_texts(published.book, key)
    place = published.places.get(key)
    return f"{table} {row}·{column}{'' if place is None else f'（{spot(place)}）'}："


def _told(difference: Difference) -> str:
    if difference.gap is None:
        return f"公布{BLANK}，汇总 {printed(difference.ours)}。"
    why = cause(difference)
    numbers = f"公布 {printed(difference.theirs)}，汇总 {printed(difference.ours)}，差 {signed(difference.gap)}"
    return f"{numbers}{f'；{why}' if why else ''}。"
