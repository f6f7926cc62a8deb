"""A figure of a summary, back to where it came from: agency, file, hash, sheet, cell, what stood there. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from toolkit.audit.checks import Rulebook
from toolkit.audit.submission import Agency, Submission
from toolkit.form.model import Key
from toolkit.summary.origins import Cells, Origin, origin_of


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one typed cell of one agency adds to a figure; `value` is None for a blank that was counted as 0. `file` is
    the agency's own as that summary calls it, after the summaries it came through before."""

    agency: Agency
    key: Key
    value: Decimal | None
    file: str
    sha256: str
    origin: Origin


def trace(
    book: Rulebook, submissions: Sequence[Submission], cells: Cells, key: Key, *, zeros: bool = False
) -> Iterator[Contribution]:
    """The contributions to one figure, agency by agency in their order; those of 0 too where `zeros` is given. A
    computed cell is traced to the typed ones it is added up from."""
    typed = typed_under(book, key)
    for each in submissions:
        for summand in typed:
            value = each.values[summand]
            if value or zeros:
                origin = origin_of(each, cells, summand)
                file = each.source.file if each.via is None else each.source.file.removeprefix(f"{each.via.file}/")
                yield Contribution(each.agency, summand, value, file, each.source.sha256, origin)


def typed_under(book: Rulebook, key: Key) -> tuple[Key, ...]:
    """The typed cells that a cell is added up from, in printed order; a typed cell is its own."""
    found: set[Key] = set()
    waiting = [key]
    while waiting:
        each = waiting.pop()
        if each in book.computed:
            waiting += [summand for _, summand in book.computed[each].right]
        else:
            found.add(each)
    return tuple(each for each in book.typed if each in found)
