"""What openpyxl saved, made fit to hand out: formulas with the results they had, and the same bytes every time."""

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from toolkit.audit.numbers import Content, Kind
from toolkit.workbook.returnsheet import cleaned

_STORED = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)>(<f\b[^>]*/>|<f\b.*?</f>)<v ?(?:/>|></v>)</c>', re.DOTALL)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_NUMBER = re.compile(r"[-+0-9.eE]+", re.ASCII)
_LONG_AGO = "2021-09-30T00:00:00Z"


def resealed(data: bytes, results: Mapping[str, Mapping[str, Content]], saved: str | None) -> bytes:
    """The workbook with stored results put back into its sheets (`results`, by member and cell) and without the hour of
    its making; `saved` is when it is said to have been saved."""
    stamp = escape(saved or _LONG_AGO).encode()
    sealed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as plain, zipfile.ZipFile(sealed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in plain.namelist():
            part = plain.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(lambda match: match[1] + stamp, part)
            part = _with_results(part, results[name]) if name in results else part
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return sealed.getvalue()


def _with_results(part: bytes, cells: Mapping[str, Content]) -> bytes:
    """A sheet whose formulas have the results they had, which openpyxl drops; a viewer that computes nothing shows
    them."""

    def result(match: re.Match[str]) -> str:
        content = cells.get(match[1])
        if content is None or not content.formula or content.kind is Kind.EMPTY:
            return match[0]
        kind = {Kind.TEXT: "str", Kind.BOOLEAN: "b", Kind.ERROR: "e"}.get(content.kind, "")
        if content.kind is Kind.DATE and not _NUMBER.fullmatch(content.text):
            kind = "d"
        attributes = re.sub(r' t="\w*"', "", match[2]) + (f' t="{kind}"' if kind else "")
        text = escape(cleaned(content.text))
        return f'<c r="{match[1]}"{attributes}>{match[3]}<v>{text}</v></c>'

    return _STORED.sub(result, part.decode()).encode()
