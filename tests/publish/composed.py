"""Published reports composed for the tests as the official format prints them: labels, spans and figures are written
out here and come from no code under test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from html import escape
from io import BytesIO

import docx
from docx.shared import Pt

from toolkit.form.model import Key


@dataclass(frozen=True)
class Box:
    """A printed cell: its text, the columns and lines it takes, and the key whose figure it holds."""

    text: str
    across: int = 1
    down: int = 1
    key: str = ""


Rows = list[list[Box]]

COLUMNS = (
    "natural_person", "commercial_enterprise", "research_institution", "public_interest_org", "legal_service_org",
    "other_org", "total",
)  # fmt: skip
OUTCOMES = ("upheld", "corrected", "other_outcome", "pending", "total")
# Each row: its name, its label, how many columns that takes; and the label to its left that begins with it.
REQUESTS: tuple[tuple[str, str, int, tuple[str, int] | None], ...] = (
    ("new_received", "一、本年新收政府信息公开申请数量", 3, None),
    ("carried_in", "二、上年结转政府信息公开申请数量", 3, None),
    ("granted", "（一）予以公开", 2, ("三、本年度办理结果", 22)),
    ("partially_granted", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 2, None),
    ("denied.state_secret", "1.属于国家秘密", 1, ("（三）不予公开", 8)),
    ("denied.other_law_prohibits", "2.其他法律行政法规禁止公开", 1, None),
    ("denied.security_and_stability", "3.危及“三安全一稳定”", 1, None),
    ("denied.third_party_rights", "4.保护第三方合法权益", 1, None),
    ("denied.internal_affairs", "5.属于三类内部事务信息", 1, None),
    ("denied.process_information", "6.属于四类过程性信息", 1, None),
    ("denied.enforcement_case_file", "7.属于行政执法案卷", 1, None),
    ("denied.administrative_inquiry", "8.属于行政查询事项", 1, None),
    ("unavailable.not_held", "1.本机关不掌握相关政府信息", 1, ("（四）无法提供", 3)),
    ("unavailable.requires_creation", "2.没有现成信息需要另行制作", 1, None),
    ("unavailable.unclear_after_correction", "3.补正后申请内容仍不明确", 1, None),
    ("not_processed.petition_or_complaint", "1.信访举报投诉类申请", 1, ("（五）不予处理", 5)),
    ("not_processed.repeated_request", "2.重复申请", 1, None),
    ("not_processed.public_publication", "3.要求提供公开出版物", 1, None),
    ("not_processed.excessive_requests", "4.无正当理由大量反复申请", 1, None),
    ("not_processed.confirm_or_reissue", "5.要求行政机关确认或重新出具已获取信息", 1, None),
    ("other_handling.correction_overdue", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", 1,
     ("（六）其他处理", 3)),
    ("other_handling.fee_overdue", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", 1, None),
    ("other_handling.miscellaneous", "3.其他", 1, None),
    ("total_handled", "（七）总计", 2, None),
    ("carried_forward", "四、结转下年度继续办理", 3, None),
)  # fmt: skip
HANDLED = [name for name, *_ in REQUESTS[2:23]]
PROACTIVE = (
    ("第二十条第（一）项", ("本年制发件数", "本年废止件数", "现行有效件数"), ("issued", "repealed", "in_force"),
     (("gov_rules", "规章"), ("normative_documents", "行政规范性文件"))),
    ("第二十条第（五）项", ("本年处理决定数量",), ("decisions",), (("admin_licensing", "行政许可"),)),
    ("第二十条第（六）项", ("本年处理决定数量",), ("decisions",),
     (("admin_penalty", "行政处罚"), ("admin_compulsion", "行政强制"))),
    ("第二十条第（八）项", ("本年收费金额（单位：万元）",), ("amount_wan_yuan",), (("admin_fees", "行政事业性收费"),)),
)  # fmt: skip
DISPUTES = ("review", "litigation_direct", "litigation_after_review")

HEADINGS = {
    "一": "一、总体情况",
    "二": "二、主动公开政府信息情况",
    "三": "三、收到和处理政府信息公开申请情况",
    "四": "四、政府信息公开行政复议、行政诉讼情况",
    "五": "五、存在的主要问题及改进情况",
    "六": "六、其他需要报告的事项",
}
TABLES = {"二": "proactive", "三": "requests", "四": "disputes"}
OVERVIEW = ("2025年，本机关认真贯彻条例。", "（一）主动公开。全年公开信息9条。")
PROBLEMS = ("一是公开意识不强；二是更新不够及时。", "下一步将加强培训。")
OTHER = ("本机关没有需要报告的其他事项。",)
PROSE = {"一": OVERVIEW, "五": PROBLEMS, "六": OTHER}


@dataclass(frozen=True)
class Composed:
    """A report: what stands above its first section, its three tables, who signs it and when."""

    title: tuple[str, ...] = ("桐川县水利局2025年政府信息公开工作年度报告",)
    tables: Mapping[str, Rows] = field(default_factory=dict)
    signature: tuple[str, ...] = ("桐川县水利局", "2026年1月12日")
    headings: Mapping[str, str] = field(default_factory=dict)

    def parts(self) -> Iterator[str | Rows]:
        """Paragraphs and tables in order."""
        yield from self.title
        for number, heading in HEADINGS.items():
            yield self.headings.get(number, heading)
            yield from PROSE.get(number, ())
            if number in TABLES:
                yield self.tables[TABLES[number]]
        yield from self.signature


def distinct() -> dict[str, Decimal]:
    """A different figure for every typed cell, and every total as it must be: a figure in the wrong place shows."""
    typed = [f"proactive.{row}.{column}" for _, _, columns, rows in PROACTIVE for row, _ in rows for column in columns]
    typed += [f"requests.{row}.{column}" for row, *_ in REQUESTS for column in COLUMNS[:-1] if row != "total_handled"]
    typed += [f"disputes.{row}.{column}" for row in DISPUTES for column in OUTCOMES[:-1]]
    return with_totals({name: Decimal(at) for at, name in enumerate(typed, 101)})


def with_totals(typed: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """All 200 figures of 166 typed ones."""
    figures, nothing = dict(typed), Decimal(0)
    for column in COLUMNS[:-1]:
        parts = (typed[f"requests.{name}.{column}"] for name in HANDLED)
        figures[f"requests.total_handled.{column}"] = sum(parts, nothing)
    for name, *_ in REQUESTS:
        figures[f"requests.{name}.total"] = sum((figures[f"requests.{name}.{one}"] for one in COLUMNS[:-1]), nothing)
    for row in DISPUTES:
        figures[f"disputes.{row}.total"] = sum((typed[f"disputes.{row}.{one}"] for one in OUTCOMES[:-1]), nothing)
    return figures


def composed(figures: Mapping[str, Decimal | str]) -> Composed:
    """The report that prints these figures (by dotted key), nothing where one is missing."""
    cells = {name: str(value) for name, value in figures.items()}
    return Composed(tables={"proactive": _proactive(cells), "requests": _requests(cells), "disputes": _disputes(cells)})


def _figure(cells: Mapping[str, str], name: str, across: int = 1) -> Box:
    return Box(cells.get(name, ""), across, key=name)


def _proactive(cells: Mapping[str, str]) -> Rows:
    rows: Rows = []
    for title, labels, columns, items in PROACTIVE:
        spans = [*[1] * (len(columns) - 1), 4 - len(columns)]
        rows.append([Box(title, 4)])
        rows.append([Box("信息内容"), *map(Box, labels, spans)])
        for name, label in items:
            figures = [
                _figure(cells, f"proactive.{name}.{column}", span) for column, span in zip(columns, spans, strict=True)
            ]
            rows.append([Box(label), *figures])
    return rows


def _requests(cells: Mapping[str, str]) -> Rows:
    corner = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    rows: Rows = [
        [Box(corner, 3, 3), Box("申请人情况", 7)],
        [Box("自然人", 1, 2), Box("法人或其他组织", 5), Box("总计", 1, 2)],
        [Box("商业企业"), Box("科研机构"), Box("社会公益组织"), Box("法律服务机构"), Box("其他")],
    ]
    for name, label, across, group in REQUESTS:
        before = [] if group is None else [Box(group[0], 1, group[1])]
        figures = [_figure(cells, f"requests.{name}.{column}") for column in COLUMNS]
        rows.append([*before, Box(label, across), *figures])
    return rows


def _disputes(cells: Mapping[str, str]) -> Rows:
    labels = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    return [
        [Box("行政复议", 5), Box("行政诉讼", 10)],
        [*(Box(label, 1, 2) for label in labels), Box("未经复议直接起诉", 5), Box("复议后起诉", 5)],
        [Box(label) for _ in range(2) for label in labels],
        [_figure(cells, f"disputes.{row}.{column}") for row in DISPUTES for column in OUTCOMES],
    ]


def laid_out(rows: Rows) -> list[list[Box | None]]:
    """The rows as a rectangle, each cell in the first of the places it takes and nothing in the others."""
    taken: dict[tuple[int, int], Box | None] = {}
    for at, row in enumerate(rows):
        column = 0
        for box in row:
            while (at, column) in taken:
                column += 1
            for down in range(box.down):
                for across in range(box.across):
                    taken[at + down, column + across] = None if down or across else box
            column += box.across
    width = max(column for _, column in taken) + 1
    return [[taken.get((at, column)) for column in range(width)] for at in range(len(rows))]


def as_tabbed(report: Composed) -> bytes:
    """Text as a conversion leaves it: a tab between the columns of a table, nothing for what a merged cell covers."""
    lines: list[str] = []
    for part in report.parts():
        if isinstance(part, str):
            lines += ["", part]
        else:
            lines += ["", *("\t".join(box.text if box else "" for box in row) for row in laid_out(part))]
    return "\n".join(lines).encode()


def as_spaced(report: Composed) -> bytes:
    """Text as it is copied from a PDF: a space between what is printed, nothing for what is blank."""
    lines: list[str] = []
    for part in report.parts():
        if isinstance(part, str):
            lines.append(part)
        else:
            lines += [" ".join(box.text for box in row if box.text) for row in part]
    return "\n".join(lines).encode("gb18030")


def as_html(report: Composed) -> bytes:
    """A web page."""
    body: list[str] = []
    for part in report.parts():
        if isinstance(part, str):
            body.append(f"<p>{escape(part)}</p>")
            continue
        rows = (
            "".join(f'<td colspan="{box.across}" rowspan="{box.down}">{escape(box.text)}</td>' for box in row)
            for row in part
        )
        body.append("<table border=1>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    return f'<!doctype html><html><meta charset="utf-8"><body>{"".join(body)}</body></html>'.encode()


def as_docx(report: Composed) -> bytes:
    """A Word document."""
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(7)  # so that four digits stay on one line in the narrowest column
    for part in report.parts():
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        cells = laid_out(part)
        table = document.add_table(len(cells), len(cells[0]))
        table.style = "Table Grid"
        grid = [list(row.cells) for row in table.rows]
        for at, row in enumerate(cells):
            for column, box in enumerate(row):
                if box is not None:
                    last = grid[min(at + box.down, len(grid)) - 1][min(column + box.across, len(row)) - 1]
                    merged = grid[at][column].merge(last) if box.across * box.down > 1 else grid[at][column]
                    merged.text = box.text
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_rows(report: Composed, table: str, rows: Rows) -> Composed:
    """The same report with other rows in one table."""
    return replace(report, tables={**report.tables, table: rows})


def key_of(name: str) -> Key:
    """`requests.denied.state_secret.total` -> its Key."""
    table, *row, column = name.split(".")
    return Key(table, ".".join(row), column)
