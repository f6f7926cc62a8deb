"""Every damage again, in PDFs that LibreOffice prints: a figure is right, or left out and told with its line."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.office import LibreOffice, convert
from tests.official import official
from tests.publish.composed import as_docx, composed
from tests.publish.damage import DAMAGES
from tests.publish.test_damaged_reports import FIGURES, left_out, reading_of, wrong
from toolkit.publish.importing import Imported, import_file

MOST_LOST = 15  # cells that one damage may cost: the line of section four


@pytest.mark.long
@pytest.mark.office
def test_no_damage_shifts_a_figure_in_a_pdf(office: LibreOffice, tmp_path: Path) -> None:
    assert office.running
    reports = {name: damage(composed(FIGURES), random.Random(5)) for name, damage in DAMAGES.items()}
    reports["sound"] = composed(FIGURES)
    for name, report in reports.items():
        (tmp_path / f"{name}.docx").write_bytes(as_docx(report))
    convert([tmp_path / f"{name}.docx" for name in reports], "pdf", tmp_path)
    lost = {}
    for name, report in reports.items():
        data = (tmp_path / f"{name}.pdf").read_bytes()
        imported = import_file(data, f"{name}.pdf", {official().book.form.code: official()})
        assert isinstance(imported, Imported)
        reading = reading_of(imported)
        assert wrong(report, reading) == [], name
        lost[name] = len(left_out(report, reading))
    assert lost["sound"] == 0
    assert {name: count for name, count in lost.items() if count > MOST_LOST} == {}
