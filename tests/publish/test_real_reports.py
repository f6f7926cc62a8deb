"""Five reports as they were published, where they are at hand: every figure that can be placed is right, every other is
listed with its line. What is expected was read off the reports by eye."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.official import official
from toolkit.audit.submission import Submission
from toolkit.publish.importing import Imported, import_file

REPORTS = Path(__file__).parents[3] / "shared" / "reports"

pytestmark = pytest.mark.skipif(not REPORTS.is_dir(), reason="the published reports are not at hand")

HANDLING = [f"other_handling.{row}" for row in ("correction_overdue", "fee_overdue", "miscellaneous")]
NOT_PROCESSED = [
    f"not_processed.{row}" for row in
    ("petition_or_complaint", "repeated_request", "public_publication", "excessive_requests", "confirm_or_reissue")
]  # fmt: skip
UNAVAILABLE = [f"unavailable.{row}" for row in ("not_held", "requires_creation", "unclear_after_correction")]
DENIED = [
    f"denied.{row}" for row in
    ("state_secret", "other_law_prohibits", "security_and_stability", "third_party_rights", "internal_affairs",
     "process_information", "enforcement_case_file", "administrative_inquiry")
]  # fmt: skip
ALL_ROWS = [
    "new_received", "carried_in", "granted", "partially_granted", *DENIED, *UNAVAILABLE, *NOT_PROCESSED, *HANDLING,
    "total_handled", "carried_forward",
]  # fmt: skip
TYPED = ["natural_person", "commercial_enterprise", "research_institution", "public_interest_org", "legal_service_org",
         "other_org"]  # fmt: skip


class Expected(NamedTuple):
    """What a report says: who, when, figures other than 0; and of the figures it prints, those without a certain place:
    the lines they stand in. `blank` are all cells without a figure; `codes` what is told besides blanks."""

    agency: str
    year: int
    day: str
    figures: dict[str, int]
    lines: list[int]
    blank: set[str]
    codes: set[str]
    placed: int


def cells(rows: list[str], columns: list[str]) -> set[str]:
    return {f"requests.{row}.{column}" for row in rows for column in columns}


DISPUTES = {
    f"disputes.{row}.{column}"
    for row in ("review", "litigation_direct", "litigation_after_review")
    for column in ("upheld", "corrected", "other_outcome", "pending", "total")
}
CUT = ["granted", "partially_granted", *DENIED, *UNAVAILABLE, *NOT_PROCESSED, *HANDLING[:2]]

EXPECTED = {
    "jiaocheng-2025": Expected("交城县工信和科技局", 2025, "2026-01-06", {}, [], set(), set(), 200),
    "wenxi-2024": Expected(
        "闻喜县工业信息化和科技局", 2024, "", {"proactive.normative_documents.issued": 3}, [], set(),
        {"proactive.in_force_floor"}, 200,
    ),
    # only totals are printed; one of them stands in a line that a page break shifted, and section four has 16 numbers
    "jishan-2022": Expected(
        "稷山县工科局", 2022, "2023-01-18", {}, [46, 71],
        cells(ALL_ROWS, TYPED) | {"requests.denied.third_party_rights.total"} | DISPUTES, {"unplaced", "blank"}, 34,
    ),
    # rows with five or six numbers under seven headings; section four has 14 headings and 14 numbers
    "unsigned-2025": Expected(
        "", 2025, "", {}, list(range(44, 64)), cells(CUT, [*TYPED, "total"]),
        {"unplaced", "blank", "not-printed", "unknown-agency"}, 59,
    ),
    # 其他 is not printed; below （四） five numbers stand under six headings
    "wenxian-2025": Expected(
        "温县科学技术局", 2025, "", {}, list(range(63, 74)),
        cells(ALL_ROWS, ["other_org"]) | cells([*UNAVAILABLE, *NOT_PROCESSED, *HANDLING], [*TYPED, "total"]),
        {"unplaced", "blank", "not-printed"}, 109,
    ),
}  # fmt: skip


def imported(name: str) -> tuple[Imported, Submission]:
    path = REPORTS / f"{name}.txt"
    found = import_file(path.read_bytes(), path.name, {official().book.form.code: official()})
    assert isinstance(found, Imported)
    assert isinstance(found.reading, Submission)
    return found, found.reading


@pytest.mark.parametrize("name", EXPECTED)
def test_every_figure_is_right_or_listed_with_its_line(name: str) -> None:
    expected, (found, reading) = EXPECTED[name], imported(name)
    shown = {str(each): reading.overwritten.get(each, reading.values[each]) for each in official().book.cells}
    zeros = dict.fromkeys(map(str, official().book.cells), 0)
    assert shown == zeros | expected.figures | dict.fromkeys(expected.blank, None)
    assert [
        problem.where.line for problem in reading.problems if problem.code == "unplaced" and problem.severity == "error"
    ] == expected.lines
    assert {problem.code for problem in reading.problems} == expected.codes
    assert (reading.agency.name, reading.year, found.placed) == (expected.agency, expected.year, expected.placed)
    assert (found.day.isoformat() if found.day else "") == expected.day


@pytest.mark.parametrize("name", EXPECTED)
def test_the_prose_is_that_of_the_report_without_its_broken_lines(name: str) -> None:
    text = (REPORTS / f"{name}.txt").read_text(encoding="utf-8")
    _, reading = imported(name)
    whole = "".join(text.split())
    for prose in reading.narrative.values():
        assert "".join(prose.split()) in whole
    assert all(len(prose) > 10 for prose in reading.narrative.values())
    assert not any(
        line.endswith(("社会", "中华人民共和国政", "形式有", "群"))
        for line in reading.narrative["overview"].split("\n")
    )


def test_what_is_not_printed_is_said() -> None:
    told = {
        name: [problem.message for problem in imported(name)[1].problems if problem.code == "not-printed"]
        for name in EXPECTED
    }
    assert told["unsigned-2025"] == ["表四没有印，或没有认出“复议后起诉·总计” 1 列，留作空白。"]
    assert told["wenxian-2025"] == ["表三没有印，或没有认出“其他” 1 列，留作空白。"]
    assert told["jiaocheng-2025"] == told["wenxi-2024"] == told["jishan-2022"] == []


def test_the_reports_are_printed_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["", f"{'report':<16}{'placed':>7}{'unplaced lines':>16}{'blank cells':>13}  told"]
    for name in EXPECTED:
        found, reading = imported(name)
        unplaced = sum(problem.code == "unplaced" for problem in reading.problems)
        book, values = official().book, reading.values
        blank = sum(values[each] is None and each not in reading.overwritten for each in book.cells)
        codes = " ".join(sorted({problem.code for problem in reading.problems}))
        lines.append(f"{name:<16}{found.placed:>7}{unplaced:>16}{blank:>13}  {codes}")
    with capsys.disabled():
        print("\n".join(lines))
    assert len(lines) == 2 + len(EXPECTED)
