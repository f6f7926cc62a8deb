"""Workbooks saved as .xls or .ods are audited like the .xlsx they were made from."""

import shutil
from pathlib import Path

import pytest

from tests.office import LibreOffice, convert
from tests.official import AGENCY, filled, key, official, read
from toolkit.audit.submission import Submission
from toolkit.form.stamp import Stamp
from toolkit.workbook.annotate import marked_copy

pytestmark = pytest.mark.long

WRONG: dict[str, int | str] = {
    "proactive.admin_fees.amount_wan_yuan": "12.3456",
    "proactive.normative_documents.issued": 3,
    "requests.new_received.natural_person": 9,
    "requests.granted.natural_person": 7,
    "disputes.litigation_direct.pending": 4,
}


def converted(data: bytes, ending: str, folder: Path) -> bytes:
    """The workbook saved by LibreOffice in another format."""
    (folder / "a.xlsx").write_bytes(data)
    convert([folder / "a.xlsx"], ending, folder)
    return (folder / f"a.{ending}").read_bytes()


@pytest.mark.office
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_an_old_format_gives_the_same_figures_and_verdicts_with_a_notice(
    ending: str, tmp_path: Path, office: LibreOffice
) -> None:
    original = read(filled(WRONG, ("requests", "disputes")))
    old = read(converted(filled(WRONG, ("requests", "disputes")), ending, tmp_path), f"a.{ending}")
    assert isinstance(original, Submission)
    assert isinstance(old, Submission)
    told = [(each.code, each.severity.value, each.where.sheet, each.where.cell) for each in old.problems]
    assert told == [
        ("old-format", "notice", None, None),
        ("blank", "error", "表二主动公开", "B5"),
        ("requests.balance", "error", "表三依申请公开", "D8"),
    ]
    current = {each: value for each, value in original.values.items() if not each.is_prior}
    assert {each: value for each, value in old.values.items() if not each.is_prior} == current
    assert str(old.values[key("proactive.admin_fees.amount_wan_yuan")]) == "12.3456"
    assert (old.agency, old.year, old.declared_zero) == (original.agency, original.year, original.declared_zero)


@pytest.mark.office
def test_an_et_is_an_xls_inside(tmp_path: Path, office: LibreOffice) -> None:
    data = converted(filled({}), "xls", tmp_path)
    shutil.copy(tmp_path / "a.xls", tmp_path / "a.et")
    reading = read(data, "a.et")
    assert [each.code for each in reading.problems] == ["old-format"]
    assert reading.status == "clean"


@pytest.mark.office
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_a_cell_in_error_never_passes_for_a_declared_zero(ending: str, tmp_path: Path, office: LibreOffice) -> None:
    (tmp_path / "issued.xlsx").write_bytes(filled({}))
    with office.open(tmp_path / "issued.xlsx") as book:
        book.set({"requests.granted.natural_person": {"formula": "=1/0"}})
        book.recalc()
        book.save_as(tmp_path / f"back.{ending}")
    reading = read((tmp_path / f"back.{ending}").read_bytes())
    assert isinstance(reading, Submission)
    assert reading.values[key("requests.granted.natural_person")] is None
    assert [(each.code, each.severity.value) for each in reading.problems] == [
        ("old-format", "notice"),
        ("blank", "error"),
        ("blank", "error"),
        ("blank", "error"),
    ]


@pytest.mark.office
def test_the_marked_copy_of_an_old_format_is_a_new_workbook_of_the_same_issue(
    tmp_path: Path, office: LibreOffice
) -> None:
    data = converted(filled(WRONG, ("requests", "disputes")), "xls", tmp_path)
    reading = read(data, "a.xls")
    assert isinstance(reading, Submission)
    back = read(marked_copy(data, reading, official()))
    assert isinstance(back, Submission)
    assert back.stamp == reading.stamp == Stamp("OGI2021", 1, 2025, AGENCY.code)
    assert (back.agency, back.year) == (AGENCY, 2025)
    assert [each.code for each in back.problems] == ["blank", "requests.balance"]
    current = {each: value for each, value in reading.values.items() if not each.is_prior}
    assert {each: value for each, value in back.values.items() if not each.is_prior} == current
