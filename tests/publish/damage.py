"""What happens to published reports on their way, done to composed ones: each kind alone, or several together."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from tests.publish.composed import Box, Composed, Rows, with_rows

Damage = Callable[[Composed, random.Random], Composed]

_HALF_WIDTH = str.maketrans("（）：；，“”", '():;,""')


def _edited(report: Composed, table: str, edit: Callable[[Rows], Rows]) -> Composed:
    return with_rows(report, table, edit([list(row) for row in report.tables[table]]))


def _relabelled(report: Composed, table: str, before: str, after: str) -> Composed:
    def edit(rows: Rows) -> Rows:
        return [[replace(box, text=after) if box.text == before else box for box in row] for row in rows]

    return _edited(report, table, edit)


def _row_of(rows: Rows, rng: random.Random) -> int:
    """A row with figures, among those that stand in one line."""
    return rng.choice([at for at, row in enumerate(rows) if any(box.key for box in row)])


def _label_at(row: list[Box]) -> int:
    """Where a row's own label stands: right before its first figure."""
    return next(at for at, box in enumerate(row) if box.key) - 1


def known_misprint(report: Composed, rng: random.Random) -> Composed:
    return _relabelled(report, "proactive", "本年废止件数", "本年度止件数")


def unknown_misprint(report: Composed, rng: random.Random) -> Composed:
    return _relabelled(report, "proactive", "现行有效件数", "现行冇效件数")


def old_titles(report: Composed, rng: random.Random) -> Composed:
    """The columns of the 2019 format, which count something else."""
    for before, after in (
        ("本年制发件数", "本年新制作数量"),
        ("本年废止件数", "本年新公开数量"),
        ("现行有效件数", "对外公开总数量"),
    ):
        report = _relabelled(report, "proactive", before, after)
    return report


def old_other_handling(report: Composed, rng: random.Random) -> Composed:
    """（六）其他处理 on one line, as the 2019 format had it."""

    def edit(rows: Rows) -> Rows:
        at = next(at for at, row in enumerate(rows) if row[0].text == "（六）其他处理")
        figures = [replace(box, key="") for box in rows[at][2:]]
        rows[at : at + 3] = [[Box("（六）其他处理", 2), *figures]]
        return [[replace(box, down=20) if box.text == "三、本年度办理结果" else box for box in row] for row in rows]

    return _edited(report, "requests", edit)


def missing_column(report: Composed, rng: random.Random) -> Composed:
    """其他 is not printed at all."""

    def edit(rows: Rows) -> Rows:
        rows = [[box for box in row if not box.key.endswith(".other_org")] for row in rows]
        rows[0][1] = replace(rows[0][1], across=6)
        rows[1][1] = replace(rows[1][1], across=4)
        rows[2].pop()
        return rows

    return _edited(report, "requests", edit)


def missing_last_total(report: Composed, rng: random.Random) -> Composed:
    """Fourteen numbers under fourteen headings."""

    def edit(rows: Rows) -> Rows:
        rows[0][1], rows[1][-1] = replace(rows[0][1], across=9), replace(rows[1][-1], across=4)
        rows[2].pop()
        rows[3].pop()
        return rows

    return _edited(report, "disputes", edit)


def sixteen_numbers(report: Composed, rng: random.Random) -> Composed:
    return _edited(report, "disputes", lambda rows: [*rows[:3], [*rows[3], Box("9")]])


def missing_group_label(report: Composed, rng: random.Random) -> Composed:
    return _relabelled(report, "requests", "（三）不予公开", "")


def missing_group_cell(report: Composed, rng: random.Random) -> Composed:
    """The group's cell itself is gone, so that eight rows begin one column further left."""

    def edit(rows: Rows) -> Rows:
        return [[box for box in row if box.text != "（三）不予公开"] for row in rows]

    return _edited(report, "requests", edit)


def split_row(report: Composed, rng: random.Random) -> Composed:
    """A row cut in two by a page break: the figures stand in its first part."""

    def edit(rows: Rows) -> Rows:
        at = next(at for at, row in enumerate(rows) if row[0].text.startswith("2.申请人逾期"))
        label, figures = rows[at][0], rows[at][1:]
        first, second = replace(label, text=label.text[:22]), replace(label, text=label.text[22:])
        grown = {"三、本年度办理结果": 23, "（六）其他处理": 4}
        rows[at : at + 1] = [[first, *figures], [second, *(Box("") for _ in figures)]]
        return [[replace(box, down=grown.get(box.text, box.down)) for box in row] for row in rows]

    return _edited(report, "requests", edit)


def spaced_labels(report: Composed, rng: random.Random) -> Composed:
    """Half-width brackets, spaces within labels and behind their numbers."""

    def spaced(text: str) -> str:
        text = text.translate(_HALF_WIDTH).replace(".", ". ").replace("）", ") ")
        return text if len(text) < 4 or text[0].isdigit() else f"{text[:-2]} {text[-2:]}"

    for name in report.tables:
        report = _edited(report, name, lambda rows: [
            [box if box.key else replace(box, text=spaced(box.text)) for box in row] for row in rows
        ])  # fmt: skip
    return report


def other_wording(report: Composed, rng: random.Random) -> Composed:
    wording = rng.choice(["2.其他法律法规禁止公开", "2.其他法律法规规章禁止公开"])
    return _relabelled(report, "requests", "2.其他法律行政法规禁止公开", wording)


def misprinted_row(report: Composed, rng: random.Random) -> Composed:
    return _relabelled(report, "requests", "2.重复申请", "2.重夏申请")


def lost_row_label(report: Composed, rng: random.Random) -> Composed:
    def edit(rows: Rows) -> Rows:
        at = _row_of(rows, rng)
        rows[at][_label_at(rows[at])] = replace(rows[at][_label_at(rows[at])], text="")
        return rows

    return _edited(report, "requests", edit)


def extra_number(report: Composed, rng: random.Random) -> Composed:
    def edit(rows: Rows) -> Rows:
        at = _row_of(rows, rng)
        rows[at].insert(rng.randint(_label_at(rows[at]) + 1, len(rows[at])), Box("77"))
        return rows

    return _edited(report, "requests", edit)


def missing_number(report: Composed, rng: random.Random) -> Composed:
    """A figure's cell is gone, and those behind it move up."""

    def edit(rows: Rows) -> Rows:
        at = _row_of(rows, rng)
        rows[at].pop(rng.randint(_label_at(rows[at]) + 1, len(rows[at]) - 1))
        return rows

    return _edited(report, "requests", edit)


def _rewritten(report: Composed, rng: random.Random, rewrite: Callable[[str], str]) -> Composed:
    """The text of one figure, changed."""

    def edit(rows: Rows) -> Rows:
        row = rows[_row_of(rows, rng)]
        at = rng.choice([at for at, box in enumerate(row) if box.key])
        row[at] = replace(row[at], text=rewrite(row[at].text))
        return rows

    return _edited(report, rng.choice(list(report.tables)), edit)


def blank_number(report: Composed, rng: random.Random) -> Composed:
    return _rewritten(report, rng, lambda text: "")


def slash(report: Composed, rng: random.Random) -> Composed:
    return _rewritten(report, rng, lambda text: "/")


def dash(report: Composed, rng: random.Random) -> Composed:
    return _rewritten(report, rng, lambda text: "—")


def none_in_words(report: Composed, rng: random.Random) -> Composed:
    return _rewritten(report, rng, lambda text: "无")


def remark(report: Composed, rng: random.Random) -> Composed:
    return _rewritten(report, rng, lambda text: f"{text}（含自然失效2件）")


def text_in_place(report: Composed, rng: random.Random) -> Composed:
    return _rewritten(report, rng, lambda text: "详见附件")


def only_totals(report: Composed, rng: random.Random) -> Composed:
    def edit(rows: Rows) -> Rows:
        return [
            [replace(box, text="") if box.key and not box.key.endswith(".total") else box for box in row]
            for row in rows
        ]

    return _edited(report, "requests", edit)


def repeated_header(report: Composed, rng: random.Random) -> Composed:
    """The header printed again on the next page; groups that reach over it are taller."""

    def edit(rows: Rows) -> Rows:
        header = [[replace(box) for box in row] for row in rows[:3]]
        at = next(at for at, row in enumerate(rows) if row[0].text == "四、结转下年度继续办理")
        return [*rows[:at], *header, *rows[at:]]

    return _edited(report, "requests", edit)


def row_twice(report: Composed, rng: random.Random) -> Composed:
    return _edited(report, "requests", lambda rows: [*rows, rows[-1]])


def row_twice_differing(report: Composed, rng: random.Random) -> Composed:
    return _edited(report, "requests", lambda rows: [*rows, [*rows[-1][:-1], replace(rows[-1][-1], text="5", key="")]])


def swapped_columns(report: Composed, rng: random.Random) -> Composed:
    """商业企业 and 科研机构 in the other order, with their figures."""

    def edit(rows: Rows) -> Rows:
        rows[2][0], rows[2][1] = rows[2][1], rows[2][0]
        for row in rows[3:]:
            at = next(at for at, box in enumerate(row) if box.key.endswith(".commercial_enterprise"))
            row[at], row[at + 1] = row[at + 1], row[at]
        return rows

    return _edited(report, "requests", edit)


def swapped_rows(report: Composed, rng: random.Random) -> Composed:
    return _edited(report, "requests", lambda rows: [*rows[:8], rows[9], rows[8], *rows[10:]])


def bare_headings(report: Composed, rng: random.Random) -> Composed:
    return replace(report, headings={"二": "主动公开政府信息情况", "四": "政府信息公开行政复议、行政诉讼情况"})


def reworded_headings(report: Composed, rng: random.Random) -> Composed:
    return replace(report, headings={"四": "四、因信息公开被申请复议、提起诉讼情况", "五": "五、存在问题和改进措施"})


def page_number(report: Composed, rng: random.Random) -> Composed:
    """A page's number left between two rows."""

    def edit(rows: Rows) -> Rows:
        return [*rows[:-1], [Box("3", 10)], rows[-1]]

    return _edited(report, "requests", edit)


DAMAGES: dict[str, Damage] = {
    each.__name__: each
    for each in (
        known_misprint, unknown_misprint, old_titles, old_other_handling, missing_column, missing_last_total,
        sixteen_numbers, missing_group_label, missing_group_cell, split_row, spaced_labels, other_wording,
        misprinted_row, lost_row_label, extra_number, missing_number, blank_number, slash, dash, none_in_words, remark,
        text_in_place, only_totals, repeated_header, row_twice, row_twice_differing, swapped_columns, swapped_rows,
        bare_headings, reworded_headings, page_number,
    )
}  # fmt: skip
