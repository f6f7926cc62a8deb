"""Two other readers of workbooks find in every typed cell what the toolkit finds."""

import io
from decimal import Decimal

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.official import ISSUE, official, read
from toolkit.audit.submission import Submission
from toolkit.form.area import Area
from toolkit.form.model import Key
from toolkit.workbook.template import Filling, template_bytes

FEE = Key("proactive", "admin_fees", "amount_wan_yuan")


@pytest.fixture(scope="module")
def data() -> bytes:
    """A workbook whose typed cells all differ, every seventh left blank, the fee with its six places."""
    typed = {key: Decimal(7 * number) for number, key in enumerate(official().book.typed) if number % 7}
    return template_bytes(official(), ISSUE, Filling({**typed, FEE: Decimal("1234.567891")}))


def found_by_toolkit(data: bytes) -> dict[Key, Decimal | None]:
    reading = read(data)
    assert isinstance(reading, Submission)
    return {key: reading.values[key] for key in official().book.typed}


def as_decimal(value: object) -> Decimal | None:
    """A number another reader found, to six places; None where it found nothing."""
    if value is None or value == "":
        return None
    assert isinstance(value, int | float)
    assert not isinstance(value, bool)
    return round(Decimal(value), 6)


def areas() -> dict[Key, Area]:
    return {key: official().layout.cells[key] for key in official().book.typed}


def test_openpyxl_finds_the_same_in_every_typed_cell(data: bytes) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    found = {key: as_decimal(workbook[area.sheet][area.cell].value) for key, area in areas().items()}
    assert found == found_by_toolkit(data)


def test_openpyxl_finds_the_same_by_defined_name(data: bytes) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    found = {}
    for key in official().book.typed:
        ((sheet, cell),) = workbook.defined_names[str(key)].destinations
        found[key] = as_decimal(workbook[sheet][cell].value)
    assert found == found_by_toolkit(data)


def test_calamine_finds_the_same_in_every_typed_cell(data: bytes) -> None:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names}
    found = {key: as_decimal(sheets[area.sheet][area.top][area.left]) for key, area in areas().items()}
    assert found == found_by_toolkit(data)
