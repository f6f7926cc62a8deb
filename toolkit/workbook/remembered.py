"""What was read before and need not be read again: many workbooks of a form share parts to the last byte."""

from collections.abc import Callable
from typing import TypeVar

LARGEST = 2**16

_Written = TypeVar("_Written", bytes, str)
_Read = TypeVar("_Read")


def remembered(read: Callable[[_Written], _Read], written: _Written) -> _Read:
    """What is read in something that may have been read before; too large a thing is not remembered."""
    again: Callable[[_Written], _Read] = getattr(read, "__wrapped__", read)
    return read(written) if len(written) <= LARGEST else again(written)
