"""What comes out of the printer: whole tables on their pages and no ####, both empty and filled in wrongly."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.office import LibreOffice, pdf_text
from tests.official import ISSUE, filled, official
from toolkit.workbook.template import template_bytes

WRONG: dict[str, int | str] = {
    "proactive.admin_penalty.decisions": -4,
    "proactive.admin_fees.amount_wan_yuan": "123456.654321",
    "proactive.normative_documents.issued": 3,
    "requests.new_received.natural_person": 1234567,
    "requests.granted.natural_person": 1234560,
    "requests.carried_in.other_org": 88888,
    "disputes.review.upheld": 98765,
}


@pytest.mark.office
@pytest.mark.long
@pytest.mark.parametrize("kind", ["empty", "wrong"])
def test_every_sheet_prints_whole(kind: str, tmp_path: Path, office: LibreOffice) -> None:
    path = tmp_path / "printed.xlsx"
    path.write_bytes(template_bytes(official(), ISSUE) if kind == "empty" else filled(WRONG))
    pages = ["".join(page.split()) for page in pdf_text(path)]
    assert not any("###" in page for page in pages)
    assert not any("Err:" in page or "#VALUE" in page or "#NAME" in page for page in pages)
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页，共{len(pages)}页" in page
        assert "OGI2021-1-2025-111408250000000016-" in page
    tables = {
        1: ("二、主动公开政府信息情况", "行政事业性收费", "逐年滚动"),
        2: ("三、收到和处理政府信息公开申请情况", "四、结转下年度继续办理", "总计", "上年报告：四、结转下年度"),
        3: ("四、政府信息公开行政复议、行政诉讼情况", "未经复议直接起诉", "复议后起诉", "备注"),
    }
    for index, texts in tables.items():
        assert [text for text in texts if text not in pages[index]] == []
    if kind == "wrong":
        assert "1234567" in pages[2]
        assert "-4" in pages[1]
        assert "123456.654321" in pages[1]
        assert "98765" in pages[3]


@pytest.mark.office
@pytest.mark.long
def test_the_balance_of_a_wrong_column_is_printed_in_words(tmp_path: Path, office: LibreOffice) -> None:
    path = tmp_path / "printed.xlsx"
    path.write_bytes(filled(WRONG))
    requests = "".join(pdf_text(path)[2].split())
    natural = Decimal(1234567) - Decimal(1234560)
    assert f"差+{natural}" in requests
    assert "差+88888" in requests
    assert f"差+{88888 + natural}" in requests
