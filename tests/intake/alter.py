"""Finished workbooks changed byte by byte, as people and programs change them: members of the zip, cells of a sheet.

Plain zipfile and regular expressions on what the template writes; nothing here reads a workbook as the toolkit does.
A place is a defined name (`requests.granted.other_org`) or a sheet and a cell (`表三依申请公开!I10`).
"""

import io
import re
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

Edit = Callable[[str], str]


def members(data: bytes) -> dict[str, bytes]:
    """The members of a zip, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, compression)
    return buffer.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with a member added or replaced."""
    return packed({**members(data), name: content})


def without_member(data: bytes, name: str) -> bytes:
    """The workbook without a member it had."""
    parts = members(data)
    del parts[name]
    return packed(parts)


def edited(data: bytes, member: str, edit: Edit) -> bytes:
    """The workbook with the text of one member changed; an edit that changes nothing is a mistake of the test."""
    before = members(data)[member].decode()
    after = edit(before)
    assert after != before, f"nothing changed in {member}"
    return with_member(data, member, after.encode())


def replaced(data: bytes, member: str, old: str, new: str) -> bytes:
    """The workbook with one text in one member put for another."""
    return edited(data, member, lambda text: text.replace(old, new))


def part_of(data: bytes, sheet: str) -> str:
    """The member a sheet is in."""
    parts = members(data)
    found = re.search(rf'<sheet name="{sheet}"[^>]* r:id="(\w+)"', parts["xl/workbook.xml"].decode())
    assert found, sheet
    target = re.search(rf'Id="{found[1]}"[^>]* Target="([^"]+)"', parts["xl/_rels/workbook.xml.rels"].decode())
    assert target, sheet
    return f"xl/{target[1]}"


def spot_of(data: bytes, place: str) -> tuple[str, str]:
    """The sheet and the cell of a place."""
    if "!" in place:
        sheet, _, cell = place.partition("!")
        return sheet, cell
    workbook = members(data)["xl/workbook.xml"].decode()
    found = re.search(rf'<definedName name="{re.escape(place)}">([^!<]+)!\$([A-Z]+)\$(\d+)</definedName>', workbook)
    assert found, place
    return found[1], found[2] + found[3]


def put_raw(data: bytes, place: str, inside: str, kind: str = "") -> bytes:
    """The workbook with a cell that holds this XML and has this type (`t`); its style stays."""
    sheet, cell = spot_of(data, place)
    attribute = f' t="{kind}"' if kind else ""

    def edit(text: str) -> str:
        pattern = rf'<c r="{cell}"( s="\d+")?[^>/]*(?:/>|>.*?</c>)'
        return re.sub(pattern, lambda match: f'<c r="{cell}"{match[1] or ""}{attribute}>{inside}</c>', text, count=1)

    return edited(data, part_of(data, sheet), edit)


def put_number(data: bytes, place: str, text: str) -> bytes:
    """The workbook with a number typed into a cell, stored as written."""
    return put_raw(data, place, f"<v>{text}</v>")


def put_text(data: bytes, place: str, text: str) -> bytes:
    """The workbook with a text typed into a cell."""
    return put_raw(data, place, f'<is><t xml:space="preserve">{escape(text)}</t></is>', "inlineStr")


def put_formula(data: bytes, place: str, formula: str, result: str | None) -> bytes:
    """The workbook with a formula typed into a cell, its numeric result stored or (None) not."""
    stored = "" if result is None else f"<v>{result}</v>"
    return put_raw(data, place, f"<f>{escape(formula)}</f>{stored}")


def put_nothing(data: bytes, place: str) -> bytes:
    """The workbook with a cell emptied."""
    return put_raw(data, place, "")


def unprotected(data: bytes, sheet: str) -> bytes:
    """The workbook with one sheet's protection removed."""
    return edited(data, part_of(data, sheet), lambda text: re.sub(r"<sheetProtection[^>]*/>", "", text))


def unvalidated(data: bytes, sheet: str) -> bytes:
    """The workbook with one sheet's validations removed."""
    pattern = r"<dataValidations.*?</dataValidations>"
    return edited(data, part_of(data, sheet), lambda text: re.sub(pattern, "", text, flags=re.DOTALL))


def without_name(data: bytes, name: str) -> bytes:
    """The workbook without one defined name."""
    pattern = rf'<definedName name="{re.escape(name)}">[^<]*</definedName>'
    return edited(data, "xl/workbook.xml", lambda text: re.sub(pattern, "", text))


def with_name_at(data: bytes, name: str, reference: str) -> bytes:
    """The workbook with one defined name pointing elsewhere (`表三依申请公开!$D$9`, `#REF!`)."""
    pattern = rf'(<definedName name="{re.escape(name)}">)[^<]*'
    return edited(data, "xl/workbook.xml", lambda text: re.sub(pattern, rf"\g<1>{reference}", text))


def with_row_inserted(data: bytes, sheet: str, before: int) -> bytes:
    """The workbook with an empty row put in: cells, validations and defined names move down, as in a spreadsheet."""

    def lower(match: re.Match[str]) -> str:
        row = int(match[2])
        return f"{match[1]}{row + (row >= before)}"

    def move(match: re.Match[str]) -> str:
        return match[1] + re.sub(r"([A-Z]*)(\d+)", lower, match[2])

    data = edited(data, part_of(data, sheet), lambda text: re.sub(r'(<(?:row|c) r="|sqref=")([A-Z0-9: ]+)', move, text))
    name = rf"(>{sheet}!\$[A-Z]+\$)(\d+)(?=<)"
    return edited(data, "xl/workbook.xml", lambda text: re.sub(name, lower, text))


def without_sheet(data: bytes, sheet: str) -> bytes:
    """The workbook after a sheet was deleted: gone, and the names of its cells lead nowhere."""

    def edit(text: str) -> str:
        text = re.sub(rf'<sheet name="{sheet}"[^>]*/>', "", text)
        return re.sub(rf">{sheet}![^<]*</definedName>", ">#REF!</definedName>", text)

    return without_member(edited(data, "xl/workbook.xml", edit), part_of(data, sheet))
