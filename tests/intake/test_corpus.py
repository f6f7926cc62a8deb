"""Every kind of cell, put into a workbook: the figure understood, the problem told at that cell, and nothing else.

The last test prints the whole corpus as a table.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest

from tests.hostile.corpus import cases as hostile_cases
from tests.intake import alter
from tests.intake.test_kill_matrix import EVERYTHING as ALTERED
from tests.intake.test_numbers import COUNTS
from tests.official import filled, key, read
from toolkit.audit.numbers import Kind
from toolkit.audit.submission import Submission

CELL = "proactive.admin_penalty.decisions"
PLACE = ("表二主动公开", "B12")
STYLES, WORKBOOK = "xl/styles.xml", "xl/workbook.xml"
TYPES = {Kind.NUMBER: "", Kind.BOOLEAN: "b", Kind.ERROR: "e", Kind.DATE: "d"}
Told = list[tuple[str, str]]
STRICT = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def put(kind: Kind, text: str) -> bytes:
    """A workbook of zeros with one cell that holds this."""
    if kind is Kind.TEXT:
        return alter.put_text(filled({}), CELL, text)
    if kind is Kind.EMPTY:
        return alter.put_nothing(filled({}), CELL)
    return alter.put_raw(filled({}), CELL, f"<v>{escape(text)}</v>", TYPES[kind])


def told(data: bytes) -> tuple[Decimal | None, list[tuple[str, str, str | None, str | None]]]:
    """The cell's figure, and every problem of the workbook."""
    reading = read(data)
    assert isinstance(reading, Submission), reading.problems
    problems = [(each.code, each.severity.value, each.where.sheet, each.where.cell) for each in reading.problems]
    return reading.values[key(CELL)], problems


@pytest.mark.parametrize(("kind", "text", "figure"), COUNTS, ids=[f"{case[0]} {case[1][:30]!r}" for case in COUNTS])
def test_a_cell_is_told_at_its_place_and_nothing_else_is(
    kind: Kind, text: str, figure: tuple[int | str | None, str | None, bool]
) -> None:
    number, code, normalised = figure
    expected: Told = [(code, "error")] if code else [("normalised", "notice")] if normalised else []
    if number is not None and code is None and 36526 <= Decimal(number) <= 55153:
        expected = [("not-a-number", "warning")]
    value = None if code else Decimal(number) if number is not None else Decimal(0)
    assert told(put(kind, text)) == (value, [(*each, *PLACE) for each in expected])


def date_styled() -> bytes:
    """A number shown as a date, by a style that the workbook did not have."""
    data = alter.edited(filled({}), STYLES, lambda xml: xml.replace("</cellXfs>", '<xf numFmtId="14"/></cellXfs>'))
    styles = alter.members(data)[STYLES].decode().split("<cellXfs")[1].split("</cellXfs>")[0].count("<xf ")
    part = alter.part_of(data, PLACE[0])
    return alter.edited(
        data,
        part,
        lambda xml: re.sub(r'<c r="B12"[^>]*/?>(?:</c>)?', f'<c r="B12" s="{styles - 1}"><v>45720</v></c>', xml),
    )


def strict(data: bytes) -> bytes:
    """The workbook in the Strict dialect: other namespaces, dates as ISO texts."""
    parts = alter.members(data)
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")) and name != "[Content_Types].xml":
            text = content.decode()
            for loose, tight in STRICT.items():
                text = text.replace(loose, tight)
            parts[name] = text.encode()
    return alter.packed(parts)


def of_1904(data: bytes) -> bytes:
    """The workbook with days counted from 1904."""
    return alter.edited(data, WORKBOOK, lambda xml: xml.replace("<workbookPr ", '<workbookPr date1904="1" '))


def raw(inside: str, kind: str = "") -> Callable[[], bytes]:
    return lambda: alter.put_raw(filled({}), CELL, inside, kind)


FORMULA: Told = [("formula-in-input", "warning")]
NORMALISED: Told = [("normalised", "notice")]
STORED: list[tuple[str, Callable[[], bytes], int | None, Told]] = [
    ("a formula with its result", raw("<f>3+4</f><v>7</v>"), 7, FORMULA),
    ("a formula without a result", raw("<f>3+4</f>"), None, [("formula-in-input", "error")]),
    ("a shared formula", raw('<f t="shared" ref="B12:B13" si="0">3+4</f><v>7</v>'), 7, FORMULA),
    ("a shared formula's follower", raw('<f t="shared" si="0"/><v>7</v>'), 7, FORMULA),
    ("an array formula", raw('<f t="array" ref="B12">SUM(3,4)</f><v>7</v>'), 7, FORMULA),
    ("a formula that gives a text", raw("<f>&quot;3&quot;</f><v>3</v>", "str"), 3, FORMULA),
    ("a formula in error", raw("<f>1/0</f><v>#DIV/0!</v>", "e"), None, [("not-a-number", "error")]),
    ("a formula that gives a negative", raw("<f>3-4</f><v>-1</v>"), None, [("negative", "error")]),
    ("an inline text", raw("<is><t>３</t></is>", "inlineStr"), 3, NORMALISED),
    ("an inline rich text", raw("<is><r><t>1</t></r><r><t>2</t></r></is>", "inlineStr"), 12, NORMALISED),
    (
        "an inline text with a phonetic guide",
        raw('<is><t>3</t><rPh sb="0" eb="1"><t>5</t></rPh></is>', "inlineStr"),
        3,
        [("normalised", "notice")],
    ),
    ("a text constant of a formula's type", raw("<v>无</v>", "str"), None, [("not-a-number", "error")]),
    ("an ISO date", raw("<v>2025-03-04</v>", "d"), None, [("not-a-number", "error")]),
    ("a number shown as a date", date_styled, None, [("not-a-number", "error")]),
    ("a truth value", raw("<v>1</v>", "b"), None, [("not-a-number", "error")]),
    ("an empty value", raw("<v></v>"), 0, []),
    ("a cell of an unknown type", raw("<v>3</v>", "zz"), None, [("not-a-number", "error")]),
    ("a workbook of 1904", lambda: of_1904(alter.put_number(filled({}), CELL, "7")), 7, []),
    ("a Strict workbook", lambda: strict(alter.put_number(filled({}), CELL, "7")), 7, []),
]  # fmt: skip


@pytest.mark.parametrize(("make", "value", "expected"), [case[1:] for case in STORED], ids=[case[0] for case in STORED])
def test_a_cell_stored_in_its_own_way_is_told_at_its_place(
    make: Callable[[], bytes], value: int | None, expected: Told
) -> None:
    assert told(make()) == (None if value is None else Decimal(value), [(*each, *PLACE) for each in expected])


@pytest.mark.long
def test_the_corpus_is_printed_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["| kind | case | figure | told |", "|---|---|---|---|"]
    for kind, text, _ in COUNTS:
        value, problems = told(put(kind, text))
        lines.append(f"| cell | {kind} {text[:24]!r} | {value} | {', '.join(each[0] for each in problems) or '—'} |")
    for name, make, _, _ in STORED:
        value, problems = told(make())
        lines.append(f"| cell | {name} | {value} | {', '.join(each[0] for each in problems) or '—'} |")
    for name, make_altered, _ in ALTERED:
        codes = [f"{each.code} {each.where.cell or ''}".strip() for each in read(make_altered()).problems]
        lines.append(f"| altered | {name} | | {', '.join(codes) or '—'} |")
    for case in hostile_cases():
        lines.append(f"| hostile | {case.name} | | {', '.join(case.codes) or '—'} |")
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    counts = {kind: sum(line.startswith(f"| {kind} ") for line in lines) for kind in ("cell", "altered", "hostile")}
    assert counts["cell"] >= 60
    assert counts["altered"] >= 40
    assert counts["hostile"] >= 60
