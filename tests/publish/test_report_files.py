"""Reports as files, read back by other libraries: every label and figure in its place, in Word and as a page."""

import base64
import hashlib
import io
import re
import subprocess
import time
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.styles.style import ParagraphStyle
from lxml import html

from tests.office import LibreOffice, convert
from tests.official import filled, read
from tests.publish.printouts import OFFICIAL, Drawn, figures_of, lines_of, part, text_of, web_tables, word_tables
from toolkit.audit.submission import Agency, Submission
from toolkit.publish.outline import Report, report_of
from toolkit.publish.webreport import report_html
from toolkit.publish.wordreport import report_docx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
APPLICANTS = ("natural_person", "commercial_enterprise", "research_institution", "public_interest_org",
              "legal_service_org", "other_org")  # fmt: skip
HANDLED = (
    "granted", "partially_granted", "denied.state_secret", "denied.other_law_prohibits",
    "denied.security_and_stability", "denied.third_party_rights", "denied.internal_affairs",
    "denied.process_information", "denied.enforcement_case_file", "denied.administrative_inquiry",
    "unavailable.not_held", "unavailable.requires_creation", "unavailable.unclear_after_correction",
    "not_processed.petition_or_complaint", "not_processed.repeated_request", "not_processed.public_publication",
    "not_processed.excessive_requests", "not_processed.confirm_or_reissue", "other_handling.correction_overdue",
    "other_handling.fee_overdue", "other_handling.miscellaneous",
)  # fmt: skip
OUTCOMES = ("upheld", "corrected", "other_outcome", "pending")
PROACTIVE = ("gov_rules.issued", "gov_rules.repealed", "gov_rules.in_force", "normative_documents.issued",
             "normative_documents.repealed", "normative_documents.in_force", "admin_licensing.decisions",
             "admin_penalty.decisions", "admin_compulsion.decisions", "admin_fees.amount_wan_yuan")  # fmt: skip
HOSTILE = "甲局<script>alert(1)</script>\"&'{{ 7*7 }}</title>]]>\x00\x0b\ud800\u202e"


def every_cell_another() -> tuple[dict[str, int], list[list[str]]]:
    """A number of its own for each typed cell, and the figures of the three tables as they must be printed."""
    numbers = iter(range(1, 1000))
    first = {f"proactive.{name}": next(numbers) for name in PROACTIVE}
    rows = {
        row: [next(numbers) for _ in APPLICANTS] for row in ("new_received", "carried_in", *HANDLED, "carried_forward")
    }
    cases = {
        row: [next(numbers) for _ in OUTCOMES] for row in ("review", "litigation_direct", "litigation_after_review")
    }
    typed = first | {
        f"requests.{row}.{name}": number
        for row, line in rows.items() for name, number in zip(APPLICANTS, line, strict=True)
    } | {
        f"disputes.{row}.{name}": number
        for row, line in cases.items() for name, number in zip(OUTCOMES, line, strict=True)
    }  # fmt: skip
    sums = [sum(rows[row][at] for row in HANDLED) for at in range(6)]
    printed = [*(rows[row] for row in ("new_received", "carried_in", *HANDLED)), sums, rows["carried_forward"]]
    return typed, [
        [str(number) for number in first.values()],
        [str(number) for line in printed for number in (*line, sum(line))],
        [str(number) for line in cases.values() for number in (*line, sum(line))],
    ]


def report(written: dict[str, int] | None = None, *, draft: bool = False, **changed: object) -> Report:
    reading = read(filled({**(written or {})}))
    assert isinstance(reading, Submission)
    told = {"overview": "总体情况良好。\n第二段。", "problems": "", "other": "无。"}
    return report_of(replace(reading, narrative=told, **changed), date(2026, 1, 20), draft=draft)  # type: ignore[arg-type]


def test_every_label_and_figure_stands_in_its_place() -> None:
    typed, printed = every_cell_another()
    made = report(typed)
    for tables in (word_tables(report_docx(made)), web_tables(report_html(made))):
        assert [lines_of(table) for table in tables] == OFFICIAL
        assert [figures_of(table) for table in tables] == printed


def test_the_word_document_reads_from_top_to_bottom() -> None:
    document = docx.Document(io.BytesIO(report_docx(report())))
    assert [(each.style.name, each.text) for each in document.paragraphs if each.style] == [
        ("Title", "温县科学技术局\n2025年政府信息公开工作年度报告"),
        ("Heading 1", "一、总体情况"), ("Body Text", "总体情况良好。"), ("Body Text", "第二段。"),
        ("Heading 1", "二、主动公开政府信息情况"),
        ("Heading 1", "三、收到和处理政府信息公开申请情况"),
        ("Heading 1", "四、政府信息公开行政复议、行政诉讼情况"),
        ("Heading 1", "五、存在的主要问题及改进情况"), ("Body Text", "（请补写。）"),
        ("Heading 1", "六、其他需要报告的事项"), ("Body Text", "无。"),
        ("Signature", "温县科学技术局"), ("Date", "2026年1月20日"),
    ]  # fmt: skip
    body = [each.tag.removeprefix(W) for each in document.element.body]
    assert body == ["p"] * 5 + ["tbl", "p", "tbl", "p", "tbl"] + ["p"] * 6 + ["sectPr"]


def test_the_word_document_is_a4_with_the_margins_of_official_papers() -> None:
    (section,) = docx.Document(io.BytesIO(report_docx(report()))).sections
    lengths = (section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin,
               section.right_margin)  # fmt: skip
    assert [round(length.mm) for length in lengths if length] == [210, 297, 37, 35, 28, 26]
    footer = part(report_docx(report()), "word/footer1.xml")
    assert text_of(footer) == "— 1 —"
    assert [each.get(f"{W}instr") for each in footer.iter(f"{W}fldSimple")] == [" PAGE "]


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("Title", "方正小标宋简体", 22), ("Heading 1", "黑体", 16), ("Body Text", "仿宋_GB2312", 16),
        ("Signature", "仿宋_GB2312", 16), ("Date", "仿宋_GB2312", 16), ("表格文字", "仿宋_GB2312", 10.5),
        ("表格小字", "仿宋_GB2312", 9), ("Header", "黑体", 26), ("Footer", "宋体", 14), ("Normal", "仿宋_GB2312", 16),
    ],
)  # fmt: skip
def test_the_word_document_has_the_fonts_of_official_papers(style: str, font: str, points: float) -> None:
    found = docx.Document(io.BytesIO(report_docx(report()))).styles[style]
    assert isinstance(found, ParagraphStyle)
    assert found.element.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") == font
    assert found.font.size == points * 12700


@pytest.mark.parametrize(
    ("style", "points", "edge", "letters"),
    [
        ("Title", 36, "", None), ("Heading 1", 28, "firstLine", "200"), ("Body Text", 28, "firstLine", "200"),
        ("Signature", 28, "right", "200"), ("Date", 28, "right", "400"), ("表格文字", 16, "", None),
        ("表格小字", 13, "", None),
    ],
)  # fmt: skip
def test_lines_are_as_high_and_as_far_in_as_in_official_papers(
    style: str, points: int, edge: str, letters: str | None
) -> None:
    found = docx.Document(io.BytesIO(report_docx(report()))).styles[style]
    assert isinstance(found, ParagraphStyle)
    spacing, indent = (found.element.find(f"{W}pPr/{W}{name}") for name in ("spacing", "ind"))
    assert (spacing.get(f"{W}lineRule"), spacing.get(f"{W}line")) == ("exact", str(points * 20))
    assert (None if indent is None else indent.get(f"{W}{edge}Chars")) == letters


def test_a_pc_without_those_fonts_is_told_what_to_take() -> None:
    data = report_docx(report())
    instead = {
        each.get(f"{W}name"): (each[0].get(f"{W}val") or "").split(",") for each in part(data, "word/fontTable.xml")
    }
    assert {"华文中宋", "宋体"} <= set(instead["方正小标宋简体"])
    assert {"仿宋", "FangSong"} <= set(instead["仿宋_GB2312"])
    assert "SimHei" in instead["黑体"]


def test_the_word_document_is_in_chinese() -> None:
    data = report_docx(report())
    spoken = {tuple(each.attrib.values()) for each in part(data, "word/styles.xml").iter(f"{W}lang")}
    assert spoken == {("zh-CN", "zh-CN")}
    (punctuation,) = part(data, "word/settings.xml").iter(f"{W}characterSpacingControl")
    assert punctuation.get(f"{W}val") == "compressPunctuation"


def test_word_takes_it_for_a_document_of_today_with_headings_and_no_lonely_lines() -> None:
    data = report_docx(report())
    settings = part(data, "word/settings.xml").iter(f"{W}compatSetting")
    modes = {each.get(f"{W}name"): each.get(f"{W}val") for each in settings}
    assert modes["compatibilityMode"] == "15"
    styles = docx.Document(io.BytesIO(data)).styles
    heading, normal = styles["Heading 1"], styles["Normal"]
    assert isinstance(heading, ParagraphStyle)
    assert isinstance(normal, ParagraphStyle)
    assert [each.get(f"{W}val") for each in heading.element.iter(f"{W}outlineLvl")] == ["0"]
    assert heading.next_paragraph_style == styles["Body Text"]
    assert normal.paragraph_format.widow_control is True


def test_what_is_still_to_be_written_leaps_to_the_eye() -> None:
    document = docx.Document(io.BytesIO(report_docx(report())))
    marked = [each.text for line in document.paragraphs for each in line.runs if each.font.highlight_color]
    assert marked == ["（请补写。）"]


def test_nothing_but_what_a_report_needs_is_in_the_word_document() -> None:
    data = report_docx(report(draft=True))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert sorted(archive.namelist()) == [
            "[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels",
            "word/document.xml", "word/fontTable.xml", "word/footer1.xml", "word/header1.xml", "word/settings.xml",
            "word/styles.xml",
        ]  # fmt: skip
    assert [each.name for each in docx.Document(io.BytesIO(data)).styles] == [
        "Normal", "Default Paragraph Font", "Normal Table", "No List", "Table Grid", "Title", "Heading 1",
        "Body Text", "Signature", "Date", "表格文字", "表格小字", "Footer", "Header",
    ]  # fmt: skip


def test_no_row_is_cut_in_two_and_the_headings_are_printed_again() -> None:
    body = part(report_docx(report()))
    rows = [list(table.iter(f"{W}tr")) for table in body.iter(f"{W}tbl")]
    assert [len(each) for each in rows] == [14, 28, 4]
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for each in rows for row in each)
    assert [[row.find(f"{W}trPr/{W}tblHeader") is not None for row in each].count(True) for each in rows] == [0, 3, 3]
    assert all(row.find(f"{W}trPr/{W}tblHeader") is not None for each in rows[1:] for row in each[:3])


def test_a_table_stays_with_its_heading_and_on_one_page() -> None:
    data = report_docx(report())
    heading = docx.Document(io.BytesIO(data)).styles["Heading 1"]
    assert heading.paragraph_format.keep_with_next is True
    for table in part(data).iter(f"{W}tbl"):
        kept = [
            all(p.find(f"{W}pPr/{W}keepNext") is not None for p in row.iter(f"{W}p")) for row in table.iter(f"{W}tr")
        ]
        assert kept == [True] * (len(kept) - 1) + [False]


def test_the_columns_of_a_word_table_are_as_wide_as_the_text() -> None:
    for table in part(report_docx(report())).iter(f"{W}tbl"):
        assert [each.get(f"{W}type") for each in table.findall(f"{W}tblPr/{W}tblLayout")] == ["fixed"]
        widths = [int(each.get(f"{W}w", "")) for each in table.iter(f"{W}gridCol")]
        assert sum(widths) == 8844
        for row in table.iter(f"{W}tr"):
            assert sum(int(each.get(f"{W}w", "")) for each in row.iter(f"{W}tcW")) == 8844


def test_the_word_document_tells_its_title_and_nothing_of_who_made_it_when() -> None:
    properties = docx.Document(io.BytesIO(report_docx(report()))).core_properties
    assert (properties.title, properties.language) == ("温县科学技术局2025年政府信息公开工作年度报告", "zh-CN")
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert str(properties.created) == str(properties.modified) == "2021-09-30 00:00:00+00:00"


def test_word_tables_are_ruled_and_their_headings_broken_into_even_lines() -> None:
    tables = docx.Document(io.BytesIO(report_docx(report()))).tables
    assert [table.style and table.style.name for table in tables] == ["Table Grid"] * 3
    (lines,) = part(report_docx(report()), "word/styles.xml").iter(f"{W}tblBorders")
    assert [each.get(f"{W}val") for each in lines] == ["single"] * 6
    requests = {cell.text: cell.paragraphs[0] for row in tables[1].rows for cell in row.cells}
    indents = [requests[text].paragraph_format.left_indent for text in ("商业企业", "自然人", "1.属于国家秘密")]
    assert [each is not None for each in indents] == [True, False, False]
    assert requests["商业企业"].paragraph_format.right_indent == indents[0]
    assert requests["1.属于国家秘密"].alignment == WD_ALIGN_PARAGRAPH.LEFT
    assert requests["自然人"].alignment is None


def test_a_word_table_tells_its_title_to_who_cannot_see_it() -> None:
    captions = part(report_docx(report())).iter(f"{W}tblCaption")
    assert [each.get(f"{W}val") for each in captions] == [
        "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况",
    ]  # fmt: skip


def test_a_title_longer_than_word_lets_a_document_tell_is_printed_whole_and_told_in_part() -> None:
    made = docx.Document(io.BytesIO(report_docx(report(agency=Agency("局" * 300, "")))))
    assert made.paragraphs[0].text == "局" * 300 + "\n2025年政府信息公开工作年度报告"
    assert made.core_properties.title == "局" * 255


def test_the_same_report_gives_the_same_bytes_on_any_day(monkeypatch: pytest.MonkeyPatch) -> None:
    made = report(draft=True)
    before = report_docx(made), report_html(made)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2_000_000_000))
    assert (report_docx(made), report_html(made)) == before
    with zipfile.ZipFile(io.BytesIO(before[0])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2021, 9, 30, 0, 0, 0)}
        assert archive.testzip() is None


def test_only_a_draft_is_marked() -> None:
    final, draft = report(), report(draft=True)
    header = part(report_docx(draft), "word/header1.xml")
    assert text_of(header) == "草稿"
    assert [each.get("string") for each in header.iter("{urn:schemas-microsoft-com:vml}textpath")][-1] == "草稿"
    with zipfile.ZipFile(io.BytesIO(report_docx(final))) as archive:
        assert all("草稿" not in archive.read(name).decode() for name in archive.namelist())
    assert "草稿" not in report_html(final).decode()
    page = html.fromstring(report_html(draft).decode())
    assert [text_of(each) for each in page.iter("p") if each.get("class") == "draft"] == ["草稿"]
    assert [text_of(each) for each in page.iter("div") if each.get("class") == "stamp"] == ["草稿"]
    assert page.findtext(".//title") == "草稿：温县科学技术局2025年政府信息公开工作年度报告"


def test_the_page_reads_from_top_to_bottom() -> None:
    page = html.fromstring(report_html(report()).decode("utf-8"))
    assert page.get("lang") == "zh-CN"
    assert page.findtext(".//title") == "温县科学技术局2025年政府信息公开工作年度报告"
    told = [(each.tag, text_of(each)) for each in page.iter("h1", "h2", "p")]
    assert told == [
        ("h1", "温县科学技术局2025年政府信息公开工作年度报告"),
        ("h2", "一、总体情况"), ("p", "总体情况良好。"), ("p", "第二段。"),
        ("h2", "二、主动公开政府信息情况"),
        ("h2", "三、收到和处理政府信息公开申请情况"),
        ("h2", "四、政府信息公开行政复议、行政诉讼情况"),
        ("h2", "五、存在的主要问题及改进情况"), ("p", "（请补写。）"),
        ("h2", "六、其他需要报告的事项"), ("p", "无。"),
        ("p", "温县科学技术局"), ("p", "2026年1月20日"),
    ]  # fmt: skip
    assert [each.text for each in page.iter("caption")] == [
        "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况",
    ]  # fmt: skip
    assert all(each.get("class") == "unseen" for each in page.iter("caption"))
    assert [each.xpath("count(thead/tr)") for each in page.iter("table")] == [0, 3, 3]


def test_the_page_needs_nothing_else_and_lets_nothing_in() -> None:
    text = report_html(report(draft=True)).decode("utf-8")
    page = html.fromstring(text)
    (policy,) = [each.get("content") or "" for each in page.iter("meta") if each.get("http-equiv")]
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert {each.tag for each in page.iter("script", "link", "img", "iframe", "a", "object")} == set()
    assert not re.search(r"url\(|@import|https?:", style)
    assert not [each for each in page.iter() if each.get("style") or each.get("src")]


def test_hostile_texts_do_nothing_but_be_read() -> None:
    made = report(agency=Agency(HOSTILE, ""))
    shown = "甲局<script>alert(1)</script>\"&'{{ 7*7 }}</title>]]>"
    page = html.fromstring(report_html(made).decode("utf-8"))
    assert page.findtext(".//title") == f"{shown}2025年政府信息公开工作年度报告"
    assert list(page.iter("script")) == []
    document = docx.Document(io.BytesIO(report_docx(made)))
    assert document.paragraphs[-2].text == shown
    assert document.core_properties.title == f"{shown}2025年政府信息公开工作年度报告"


def headings_by_scope(cell: Drawn, table: list[Drawn]) -> set[str]:
    """The header cells of a data cell by HTML's own algorithm, from their scopes alone."""
    slots = {
        (each.top + down, each.left + right): each
        for each in table for down in range(each.rows) for right in range(each.columns)
    }  # fmt: skip
    found: dict[int, Drawn] = {}
    starts = [((cell.top, column), (-1, 0), "col") for column in range(cell.left, cell.left + cell.columns)]
    starts += [((row, cell.left), (0, -1), "row") for row in range(cell.top, cell.top + cell.rows)]
    for (row, column), (down, right), scope in starts:
        opaque: list[Drawn] = []
        block: list[Drawn] = []
        while (current := slots.get((row := row + down, column := column + right))) is not None:
            if current.element.tag == "td":
                opaque, block = [*opaque, *block], []
                continue
            block.append(current)
            alike = [
                each for each in opaque
                if ((each.left, each.columns) == (current.left, current.columns) if scope == "col"
                    else (each.top, each.rows) == (current.top, current.rows))
            ]  # fmt: skip
            if current.element.get("scope") == scope and not alike:
                found[id(current)] = current
    return {each.text for each in found.values()}


def test_every_figure_of_the_page_has_its_headings() -> None:
    typed, _ = every_cell_another()
    by_number: dict[str, set[str]] = {}
    for number, table in enumerate(web_tables(report_html(report(typed)))):
        names = {each.element.get("id"): each for each in table if each.element.tag == "th"}
        for cell in table:
            if cell.element.tag == "td" and cell.element.get("headers"):
                headed = [names[name] for name in (cell.element.get("headers") or "").split()]
                by_number[cell.text] = {each.text for each in headed}
                assert {each.element.get("scope") for each in headed} >= {"col"}
                if number:  # a block of the first table cannot be told from the one above it by scopes
                    assert headings_by_scope(cell, table) == by_number[cell.text]
    assert by_number["1"] == {"第二十条第（一）项", "本年制发件数", "规章"}
    assert by_number["7"] == {"第二十条第（五）项", "本年处理决定数量", "行政许可"}
    assert by_number["9"] == {"第二十条第（六）项", "本年处理决定数量", "行政强制"}
    assert by_number["11"] == {"申请人情况", "自然人", "一、本年新收政府信息公开申请数量"}
    state_secret = 11 + 6 * 4  # the fifth line of the table
    assert by_number[str(state_secret + 1)] == {
        "申请人情况", "法人或其他组织", "商业企业", "三、本年度办理结果", "（三）不予公开", "1.属于国家秘密",
    }  # fmt: skip
    first_case = 11 + 6 * 24
    assert by_number[str(first_case)] == {"行政复议", "结果维持"}
    assert by_number[str(first_case + 4)] == {"行政诉讼", "未经复议直接起诉", "结果维持"}
    assert by_number[str(first_case + 11)] == {"行政诉讼", "复议后起诉", "尚未审结"}


@pytest.mark.long
@pytest.mark.office
def test_libreoffice_prints_the_mark_and_the_number_on_every_page(office: LibreOffice, tmp_path: Path) -> None:
    assert office.running
    (tmp_path / "a.docx").write_bytes(report_docx(report(draft=True)))
    convert([tmp_path / "a.docx"], "pdf", tmp_path)
    text = subprocess.run(["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"], check=True, capture_output=True)
    pages = text.stdout.decode().split("\f")[:-1]
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert "草稿" in "".join(page.split())
        assert f"—{number}—" in "".join(page.split())


@pytest.mark.parametrize(
    ("figure", "half_points", "tenths"), [("9999", None, None), ("123456", 14, 6), ("12345678", 10, 5)]
)
def test_a_figure_too_long_for_its_column_is_set_smaller(
    figure: str, half_points: int | None, tenths: int | None
) -> None:
    submission = read(filled({"disputes.review.upheld": int(figure)}))
    assert isinstance(submission, Submission)
    report = report_of(submission)
    document = docx.Document(io.BytesIO(report_docx(report)))
    (run,) = next(
        cell.paragraphs[0].runs for row in document.tables[2].rows for cell in row.cells if cell.text == figure
    )  # fmt: skip
    assert (run.font.size and run.font.size.pt * 2) == half_points
    cell = next(each for each in html.fromstring(report_html(report)).iter("td") if each.text == figure)
    assert cell.get("class") == (tenths and f"x{tenths}")
