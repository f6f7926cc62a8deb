"""A workbook, published and read in again, is the same 200 figures and the same prose: as Word document, as web page,
and as a PDF that another program made of either."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.office import LibreOffice
from tests.official import official
from tests.publish.composed import COLUMNS, DISPUTES, HANDLED, OUTCOMES, PROACTIVE, key_of
from tests.publish.making import converted
from toolkit.audit.submission import Agency, Submission
from toolkit.audit.validate import audited
from toolkit.publish.importing import Imported, import_file
from toolkit.publish.outline import Report, report_of
from toolkit.publish.webreport import report_html
from toolkit.publish.wordreport import report_docx
from toolkit.workbook.intake import read_submission
from toolkit.workbook.template import Filling, template_bytes

FORMS = {official().book.form.code: official()}
LOOKED_AT = {"narrative-differs", "not-a-number"}  # prose at random; a count that may be a date: warnings both
DAY = date(2026, 1, 20)
FEE = "proactive.admin_fees.amount_wan_yuan"


class Year(NamedTuple):
    """What an agency fills in for a year."""

    figures: Mapping[str, Decimal]
    prose: Mapping[str, str]
    agency: str


def balanced(rng: random.Random) -> dict[str, Decimal]:
    """Figures of which every rule holds: many zeros, some large."""

    def count() -> int:
        return rng.choice([0, 0, rng.randint(0, 9), rng.randint(0, 99_999)])

    figures = {
        f"proactive.{row}.{column}": count()
        for _, _, columns, rows in PROACTIVE
        for row, _ in rows
        for column in columns
    }
    for row in ("gov_rules", "normative_documents"):
        figures[f"proactive.{row}.in_force"] += figures[f"proactive.{row}.issued"]
    figures |= {f"disputes.{row}.{column}": count() for row in DISPUTES for column in OUTCOMES[:-1]}
    for column in COLUMNS[:-1]:
        handled = {f"requests.{row}.{column}": count() for row in HANDLED}
        whole = sum(handled.values()) + (forward := count())
        carried = rng.randint(0, whole)
        figures |= handled | {
            f"requests.carried_forward.{column}": forward,
            f"requests.carried_in.{column}": carried,
            f"requests.new_received.{column}": whole - carried,
        }
    exact = {name: Decimal(value) for name, value in figures.items()}
    return exact | {FEE: Decimal(rng.randint(0, 10**9)).scaleb(-rng.randint(0, 6))}


LETTERS = "我局认真贯彻落实条例做好信息公开工作年度情况说明培训机制，、《》“”（）0123456789 ABCxyz%"
SENTENCE = st.text(LETTERS, min_size=1, max_size=120).map(lambda text: "本局" + " ".join(text.split()) + "。")
PROSE = st.lists(SENTENCE, min_size=1, max_size=4).map("\n".join)
NAMES = ["温县科学技术局", "桐川县行政审批服务管理局（样例）", "某市某县某某街道办事处（社区卫生服务中心）"]


@st.composite
def years(draw: st.DrawFn) -> Year:
    prose = {name: draw(PROSE) for name in ("overview", "problems", "other")}
    return Year(balanced(random.Random(draw(st.integers(0, 2**32)))), prose, draw(st.sampled_from(NAMES)))


NIL = Year(
    dict.fromkeys(
        [str(key) for key in official().book.typed], Decimal(0)
    ), {"overview": "未收到申请。", "problems": "无。", "other": "无其他需要报告的事项。"}, "温县科学技术局",
)  # fmt: skip


def reported(year: Year) -> tuple[Submission, Report]:
    """The workbook as it is read, and its report."""
    filling = Filling(
        {key_of(name): value for name, value in year.figures.items()},
        narrative=year.prose, agency=Agency(year.agency, ""), year=2025,
    )  # fmt: skip
    reading = read_submission(template_bytes(official(), filling=filling), "a.xlsx", FORMS)
    assert isinstance(reading, Submission)
    submission = audited(reading)
    assert {problem.code for problem in submission.problems} <= LOOKED_AT
    return submission, report_of(submission, DAY)


def check_same(submission: Submission, data: bytes, file: str) -> None:
    imported = import_file(data, file, FORMS)
    assert isinstance(imported, Imported)
    reading = imported.reading
    assert isinstance(reading, Submission)
    assert {key: reading.values[key] for key in official().book.cells} == {
        key: submission.values[key] for key in official().book.cells
    }
    assert reading.overwritten == {}
    assert dict(reading.narrative) == dict(submission.narrative)
    assert (reading.agency.name, reading.year, imported.day) == (submission.agency.name, 2025, DAY)
    assert imported.placed == 200
    assert {problem.code for problem in reading.problems} <= LOOKED_AT


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(years())
@example(NIL)
def test_what_is_published_reads_back_the_same(year: Year) -> None:
    submission, report = reported(year)
    check_same(submission, report_html(report), "报告.html")
    check_same(submission, report_docx(report), "报告.docx")


def test_what_is_still_to_be_written_reads_back_as_nothing() -> None:
    submission, report = reported(NIL._replace(prose={"overview": "未收到申请。"}))
    imported = import_file(report_html(report), "报告.html", FORMS)
    assert isinstance(imported, Imported)
    assert isinstance(imported.reading, Submission)
    assert imported.reading.narrative == {"overview": "未收到申请。", "problems": "", "other": ""}
    assert submission.narrative == imported.reading.narrative


@pytest.mark.long
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(years())
def test_whatever_is_published_reads_back_the_same(year: Year) -> None:
    submission, report = reported(year)
    check_same(submission, report_html(report), "报告.html")
    check_same(submission, report_docx(report), "报告.docx")


@pytest.mark.long
@pytest.mark.office
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(years())
@example(NIL)
def test_the_word_document_printed_as_pdf_reads_back_the_same(office: LibreOffice, tmp_path: Path, year: Year) -> None:
    assert office.running
    submission, report = reported(year)
    check_same(submission, converted(report_docx(report), "docx", "pdf", tmp_path), "报告.pdf")
