"""What was read before and need not be read again: many workbooks of a form share parts, rows and texts to the last
byte. How many of a kind are remembered stands with who reads them."""

from collections.abc import Callable
from typing import TypeVar

LARGEST = 2**16
LARGEST_PIECE = 2**12  # of what a part is made of, for many more of these are remembered

_Written = TypeVar("_Written", bytes, str)
_Read = TypeVar("_Read")


def remembered(read: Callable[[_Written], _Read], written: _Written, largest: int = LARGEST) -> _Read:
    """What is read in something that may have been read before; too large a thing is not remembered."""
    again: Callable[[_Written], _Read] = getattr(read, "__wrapped__", read)
    return read(written) if len(written) <= largest else again(written)
