"""Readings made small: to be kept by the hundred thousand, and sent from one process to another.

Figures are one short text each, taken apart again when they are asked for; what is the same in all workbooks of a form
is not sent along.
"""

import io
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from toolkit.audit.checks import Rulebook, Values
from toolkit.audit.numbers import printed
from toolkit.audit.submission import Reading, Submission
from toolkit.form.model import Key
from toolkit.form.stamp import Stamp

_APART, _ABSENT = ",", "~"
_NOTHING: Mapping[Any, Any] = {}  # one for all, where a hundred thousand would take half their room


class Packed(Mapping[Key, Decimal | None]):
    """Figures by key: those of typed cells as one text, all others as another, in the rulebook's orders."""

    __slots__ = ("book", "rest", "typed")

    def __init__(self, book: Rulebook, typed: str, rest: str) -> None:
        self.book, self.typed, self.rest = book, typed, rest

    def __getitem__(self, key: Key) -> Decimal | None:
        return _unpacked(self)[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(_unpacked(self))

    def __len__(self) -> int:
        return len(_unpacked(self))

    def __hash__(self) -> int:
        return hash((id(self.book), self.typed, self.rest))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Packed) and other.book is self.book:
            return (self.typed, self.rest) == (other.typed, other.rest)
        return super().__eq__(other)


def packed(values: Values, book: Rulebook) -> Packed:
    """The figures of a form, and last year's, small."""
    if isinstance(values, Packed):
        return values
    typed = _APART.join([_written(values.get(key)) for key in book.typed])
    rest = _APART.join([_written(values[key]) if key in values else _ABSENT for key in (*book.computed, *book.prior)])
    return Packed(book, typed, rest)


def typed_text(submission: Submission) -> str:
    """The typed figures of a submission as one text, the same for the same figures."""
    return packed(submission.values, submission.book).typed


def unpacked(values: Values) -> Values:
    """The same figures, made ready to be asked for many of them."""
    return _unpacked(values) if isinstance(values, Packed) else values


def small(reading: Reading) -> Reading:
    """The reading, its figures packed."""
    if not isinstance(reading, Submission):
        return reading
    return replace(reading, values=packed(reading.values, reading.book))


def brief(reading: Reading) -> Reading:
    """The reading, smaller still: without its prose, the people who signed and the remarks, and what it does not have
    is the same nothing as in any other."""
    reading = small(reading)
    if not isinstance(reading, Submission):
        return reading
    return replace(
        reading,
        narrative=_NOTHING,
        people=_NOTHING,
        remarks=_NOTHING,
        overwritten=reading.overwritten or _NOTHING,
        notes=reading.notes or _NOTHING,
        explanations=reading.explanations or _NOTHING,
        raws=reading.raws or _NOTHING,
        moved=reading.moved or _NOTHING,
        stamp=_sharing(reading.stamp, reading.agency.code),
    )


class Shared:
    """What all workbooks of some forms share, by a name: what is sent names it, and is given it back."""

    def __init__(self, named: Mapping[str, object]) -> None:
        self._named = {**named, "nothing": _NOTHING}
        self._names = {id(each): name for name, each in self._named.items()}

    def dumps(self, what: object) -> bytes:
        """Readings, alone or with anything that can be pickled, as bytes."""
        buffer = io.BytesIO()
        pickler = pickle.Pickler(buffer, protocol=5)
        names = self._names
        pickler.persistent_id = lambda each: names.get(id(each))  # type: ignore[method-assign]
        pickler.dump(what)
        return buffer.getvalue()

    def loads(self, data: bytes) -> Any:
        """What is in bytes that `dumps` made; never in any others, for they could do anything."""
        unpickler = pickle.Unpickler(io.BytesIO(data))
        unpickler.persistent_load = self._named.__getitem__  # type: ignore[method-assign]
        return unpickler.load()


def _sharing(stamp: Stamp | None, code: str) -> Stamp | None:
    """The same stamp, its agency's code the very one that the agency has, where it is the same."""
    return replace(stamp, agency=code) if stamp is not None and stamp.agency == code else stamp


@lru_cache(8)
def _unpacked(figures: Packed) -> dict[Key, Decimal | None]:
    book = figures.book
    keys = (*book.typed, *book.computed, *book.prior)
    texts = (*figures.typed.split(_APART), *figures.rest.split(_APART))
    found = dict.fromkeys(book.cells, None)  # in printed order
    found.update((key, _number(text)) for key, text in zip(keys, texts, strict=True) if text != _ABSENT)
    return found


@lru_cache(2**12)
def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _written(value: Decimal | None) -> str:
    return "" if value is None else _digits(value)


@lru_cache(2**12)
def _digits(value: Decimal) -> str:
    return printed(value)
