"""What is counted of each submission: its figures, a blank as 0; and one pass over them for all who want to see them.
Pure."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from operator import is_not
from typing import Protocol

from toolkit.audit.checks import Rulebook
from toolkit.audit.packing import unpacked
from toolkit.audit.submission import Submission
from toolkit.form.model import Key

_ZERO = Decimal(0)


class Sees(Protocol):
    """What wants to see every submission that is counted."""

    def see(self, at: int, submission: Submission, figures: Sequence[Decimal]) -> None:
        """Take a submission, its position among the counted ones, and its figures as they are counted."""


class Counting:
    """The figures of one form's submissions as they are counted; everywhere here they stand in printed order, without
    their keys, for there are many. `places` says where each key's figure stands."""

    def __init__(self, book: Rulebook) -> None:
        self._keys = list(book.cells)
        self.places: Mapping[Key, int] = {key: at for at, key in enumerate(self._keys)}
        self._computed = [
            (self.places[key], [(sign, self.places[part]) for sign, part in check.right])
            for key, check in book.computed.items()
        ]

    def cells(self, submission: Submission) -> list[Decimal | None]:
        """A submission's figures; a blank, and what rests on one, is None."""
        values = unpacked(submission.values)
        if list(values)[: len(self._keys)] == self._keys:  # as whoever computes them leaves them
            return list(values.values())[: len(self._keys)]
        return [values[key] for key in self._keys]

    def figures(self, cells: Sequence[Decimal | None]) -> Sequence[Decimal]:
        """The same with a blank as 0, and what rests on one computed so; what rests on none is computed already."""
        if all(map(is_not, cells, repeat(None))):
            return cells  # type: ignore[return-value]
        found = [_ZERO if value is None else value for value in cells]
        for place, terms in self._computed:
            if cells[place] is None:
                found[place] = sum((found[part] if sign > 0 else -found[part] for sign, part in terms), _ZERO)
        return found

    def show_all(self, submissions: Iterable[Submission], seers: Sequence[Sees]) -> None:
        """Show every submission to all who want to see it, each once; to nobody, none."""
        for at, submission in enumerate(submissions if seers else ()):
            figures = self.figures(self.cells(submission))
            for each in seers:
                each.see(at, submission, figures)


def counted(submission: Submission) -> dict[Key, Decimal]:
    """One submission's figures as they are counted."""
    counting = Counting(submission.book)
    return dict(zip(counting.places, counting.figures(counting.cells(submission)), strict=True))
