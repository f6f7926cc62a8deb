"""The bare work on a workbook: the parts of it that gouji reads inflated, and parsed by a parser that tells nobody.

Nothing of gouji is imported but where it is asked which parts these are: what is measured here does without it.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.parsers import expat


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a workbook that are inflated, and those of them that are parsed."""

    inflated: Sequence[str]
    parsed: Sequence[str]


def parts_read(data: bytes) -> Parts:
    """The parts of a workbook that gouji reads, as it asks for them."""
    from unittest.mock import patch

    from tests.official import read
    from toolkit.workbook.package import Package

    with (
        patch.object(Package, "part", autospec=True, side_effect=Package.part) as inflating,
        patch.object(Package, "markup", autospec=True, side_effect=Package.markup) as parsing,
    ):
        read(data)
    return Parts(*(tuple(dict.fromkeys(call.args[1] for call in each.call_args_list)) for each in (inflating, parsing)))


def inflate(data: bytes, names: Iterable[str]) -> list[bytes]:
    """These parts, each inflated once."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in names]


def inflate_and_parse(data: bytes, parts: Parts) -> None:
    """Inflate and parse what gouji inflates and parses, without looking at any of it."""
    for name, part in zip(parts.inflated, inflate(data, parts.inflated), strict=True):
        if name in parts.parsed:
            expat.ParserCreate().Parse(part, True)
