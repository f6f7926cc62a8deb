"""What a workbook shows before anything recalculates it is what LibreOffice then calculates, in every formula."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.office import LibreOffice, Value
from tests.official import AGENCY, ALL_ZERO, ISSUE, figures, key, official
from toolkit.workbook.template import BLANK, NOTHING, Filling, Issue, template_bytes

pytestmark = pytest.mark.office

RIGHT = Filling(
    figures(
        {
            "proactive.normative_documents.issued": 3,
            "proactive.normative_documents.repealed": 1,
            "proactive.normative_documents.in_force": 20,
            "proactive.admin_licensing.decisions": 12_345,
            "proactive.admin_fees.amount_wan_yuan": "0.123456",
            "requests.new_received.natural_person": 9,
            "requests.carried_in.natural_person": 2,
            "requests.granted.natural_person": 7,
            "requests.denied.state_secret.natural_person": 1,
            "requests.carried_forward.natural_person": 3,
            "disputes.review.upheld": 4,
            "disputes.litigation_direct.pending": 1,
        }
    ),
    ALL_ZERO,
    narrative={"overview": "概述\n第二行", "other": "=1+2"},
    people={"preparer": "张三", "phone": "0391-1234567"},
    remarks={"proactive": "+备注"},
)
WRONG = replace(
    RIGHT,
    figures={
        **RIGHT.figures,
        **figures(
            {
                "proactive.gov_rules.issued": 5,
                "proactive.normative_documents.repealed": -2,
                "proactive.admin_fees.amount_wan_yuan": "0.1234567",
                "requests.granted.natural_person": 70,
                "requests.granted.other_org": 1,
                "requests.carried_in.legal_service_org": "1.5",
                "requests.carried_forward.research_institution": "0.4",
                "requests.new_received.commercial_enterprise": 1_000_000,
            }
        ),
    },
    declared_zero=("requests",),
)
PRIOR = Issue(
    AGENCY,
    2025,
    dict.fromkeys(official().book.prior, Decimal(0))
    | figures(
        {
            "prior.requests.carried_forward.natural_person": 1,
            "prior.requests.carried_forward.total": 1,
            "prior.proactive.normative_documents.in_force": 18,
        }
    ),
)
EXPLAINED = replace(RIGHT, explanations={"requests.carry_over": "机构合并", "proactive.in_force_roll": "清理"})

TOTALS = figures(
    {
        "requests.total_handled.natural_person": 7,
        "requests.new_received.total": 12,
        "disputes.review.total": 0,
        "disputes.litigation_direct.total": 1,
    }
)

WORKBOOKS = {
    "blank": (ISSUE, NOTHING),
    "open": (BLANK, NOTHING),
    "filled right": (ISSUE, RIGHT),
    "filled wrong": (ISSUE, WRONG),
    "prior": (PRIOR, RIGHT),
    "prior and wrong": (PRIOR, WRONG),
    "prior and explained": (PRIOR, EXPLAINED),
    "some prior": (replace(PRIOR, prior={key("prior.proactive.gov_rules.in_force"): Decimal(3)}), RIGHT),
    "open and filled": (BLANK, replace(RIGHT, agency=AGENCY, year=2025)),
    "totals typed over": (ISSUE, replace(RIGHT, totals=TOTALS)),
    "totals without detail": (ISSUE, Filling(totals=TOTALS)),
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_every_stored_result_is_what_libreoffice_calculates(office: LibreOffice, tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(template_bytes(official(), *WORKBOOKS[name]))
    stored = stored_results(path.read_bytes())
    with office.open(path) as book:
        book.recalc()
        calculated = {(cell.sheet, cell.cell): cell.value for cell in book.formulas()}
    differing = {place: (stored[place], calculated[place]) for place in stored if stored[place] != calculated[place]}
    assert differing == {}
    assert calculated.keys() == stored.keys()
    # 34 computed cells; 3 tables; 18 verdicts beside their cells; 53 + 3 lines and 8 headings, 7 severities that an
    # explanation changes; the cover
    assert len(stored) == 34 - len(WORKBOOKS[name][1].totals) + 3 + 18 + 53 + 3 + 8 + 7 + 1


def stored_results(data: bytes) -> dict[tuple[str, str], Value]:
    """The result stored with each formula, as the file has it."""
    formulas, results = (openpyxl.load_workbook(BytesIO(data), data_only=only) for only in (False, True))
    stored: dict[tuple[str, str], Value] = {}
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    value = results[sheet.title][cell.coordinate].value
                    stored[sheet.title, cell.coordinate] = "" if value is None else value
    return stored
