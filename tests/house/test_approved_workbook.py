"""The blank workbook as approved: every cell's address, lock and content. Read the difference before renewing the text:

APPROVE=1 python -m pytest tests/house/test_approved_workbook.py
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from tests.official import official
from toolkit.workbook.template import template_bytes

APPROVED = Path(__file__).parent / "approved" / "ogi-annual-report-2021.txt"


def cells_of(data: bytes) -> Iterator[str]:
    """One line a cell that holds something or may be filled in: sheet, address, 锁 or 填, content."""
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        merged = {cell for area in sheet.merged_cells.ranges for row in area.cells for cell in [row]}
        heads = {(area.min_row, area.min_col) for area in sheet.merged_cells.ranges}
        for row in sheet.iter_rows():
            for cell in row:
                is_covered = (cell.row, cell.column) in merged and (cell.row, cell.column) not in heads
                if not is_covered and (cell.value is not None or not cell.protection.locked):
                    lock = "锁" if cell.protection.locked else "填"
                    yield f"{sheet.title} {cell.coordinate} {lock} {'' if cell.value is None else cell.value}".rstrip()


def test_the_blank_workbook_is_the_approved_one_cell_by_cell() -> None:
    found = list(cells_of(template_bytes(official())))
    if os.environ.get("APPROVE") == "1":
        APPROVED.write_text("\n".join(found) + "\n", encoding="utf-8")
    assert found == APPROVED.read_text(encoding="utf-8").splitlines()
