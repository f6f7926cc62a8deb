"""The parts of a report - its prose and its tables - in the order in which they are printed."""

import re

from toolkit.form.model import Field, Form, Table

Part = Field | Table

_DIGITS = "一二三四五六七八九"
_NUMBERED = re.compile(rf"\s*([{_DIGITS}]?)(十?)([{_DIGITS}]?)\s*[、．.]")


def printed_parts(form: Form) -> tuple[Part, ...]:
    """The form's prose and tables in the order of the numbers in their titles; what bears none comes last, tables
    first."""
    parts: list[Part] = [*form.tables, *form.narratives]
    return tuple(sorted(parts, key=lambda part: numeral(title_of(part)) or 100))


def title_of(part: Part) -> str:
    """The printed title of a part."""
    return part.title if isinstance(part, Table) else part.label


def numeral(title: str) -> int | None:
    """The number in Chinese numerals, up to 99, that a title begins with; None where it begins with none."""
    found = _NUMBERED.match(title)
    if found is None or not any(found.groups()):
        return None
    first, ten, last = found.groups()
    tens = (_DIGITS.index(first) + 1 if first else 1) if ten else 0
    ones = last or ("" if ten else first)
    return tens * 10 + (_DIGITS.index(ones) + 1 if ones else 0)
