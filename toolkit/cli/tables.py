"""What a collection's commands print: aligned tables and lines, Chinese characters two columns wide."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from toolkit.cli.screen import plain
from toolkit.collection.collecting import Receipt
from toolkit.collection.issuing import Delivery, Outcome
from toolkit.collection.notices import days_told
from toolkit.collection.prior import Priors
from toolkit.collection.reminding import counted, to_remind
from toolkit.collection.standing import Standing, State, Status
from toolkit.problems import Problem, Severity
from toolkit.workbook.drawing import text_width

_LISTED = 10
_WIDEST = 44
_COLOURS = {
    Status.PASSED: "green", Status.WARNINGS: "yellow", Status.RETURNED: "red", Status.OVERDUE: "red",
    Status.NOT_FILED: None, Status.EXEMPT: "bright_black",
}  # fmt: skip
_READ = {"clean": ("√", "相符"), "warnings": ("○", "有提示"), "errors": ("×", "有错误"), "unreadable": ("×", "读不出")}


def aligned(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Rows as lines, each column as wide as its widest text; the columns `right` are flushed right."""
    shown = [[_shortened(plain(text)) for text in row] for row in rows]
    widths = [max(text_width(row[at]) for row in shown) for at in range(len(shown[0]))] if shown else []
    flushed = set(right)
    return ["  ".join(_padded(text, widths[at], at in flushed) for at, text in enumerate(row)).rstrip()
            for row in shown]  # fmt: skip


def status_lines(state: State) -> Iterator[str]:
    """A collection's state: progress by category, then every agency, then the files that are nobody's."""
    collection = state.collection
    title = f"{collection.office}  {collection.year} 年度{collection.form.title}"
    yield f"{plain(title)}  截止 {collection.due}（{days_told(state.days_left)}）"
    yield ""
    heads = ["类别", "应报", *(status.label for status in Status)]
    groups = {**state.by_category(), "合计": list(state.standings)}
    rows = [[category, *_counts(state, standings)] for category, standings in groups.items()]
    yield from aligned([heads, *rows], right=range(1, len(heads)))
    yield ""
    heads = ["单位名称", "类别", "状态", "收到", "错误", "提示"]
    lines = aligned([heads, *(_agency(each) for each in state.standings)], right=(4, 5))
    yield lines[0]
    for each, line in zip(state.standings, lines[1:], strict=True):
        yield click.style(line, fg=_COLOURS[each.status])
    if state.open_strays:
        yield ""
        yield f"归不到单位的文件 {len(state.open_strays)} 份："
        for stray in state.open_strays:
            told = stray.problems[0].message if stray.problems else ""
            yield f"  {plain(stray.filing.file)}（{stray.filing.sha256[:12]}）：{plain(told)}"


def counts_line(state: State) -> str:
    """How many agencies have filed and how, and how many have not, whatever the day is."""
    counts = state.count()
    filed = {status: counts[status] for status in (Status.PASSED, Status.WARNINGS, Status.RETURNED)}
    told = "，".join(f"{status.label} {count}" for status, count in filed.items() if count)
    strays = f"；归不到单位的文件 {len(state.open_strays)} 份" if state.open_strays else ""
    unfiled = counts[Status.NOT_FILED] + counts[Status.OVERDUE]
    return f"应报 {len(state.expected)} 家，没有报的 {unfiled} 家{f'；{told}' if told else ''}{strays}。"


def receipt_line(receipt: Receipt) -> str:
    """What became of one file."""
    name, reading = plain(receipt.file), receipt.reading
    if receipt.was_there:
        return f"· 已收过  {_whose(receipt)}{name}"
    if not receipt.is_kept:
        return click.style("× 未登记", fg="red") + f"  {name}：{plain(reading.problems[0].message)}"
    mark, word = _READ[reading.status]
    counts = _problem_counts(reading.problems)
    if receipt.member is None:
        first = next((each.message for each in reading.problems if each.severity is Severity.ERROR), "")
        counts = f"归不到单位：{plain(first)}"
    later = f"取代此前 {receipt.earlier} 份" if receipt.earlier else ""
    told = f"（{'；'.join(filter(None, (counts, later)))}）" if counts or later else ""
    colour = {"clean": "green", "warnings": "yellow"}.get(reading.status, "red")
    return click.style(f"{mark} 已登记", fg=colour) + f"  {_whose(receipt)}{name} {word}{told}"


def receipts_line(receipts: Sequence[Receipt]) -> str:
    """How many files came, and what became of them."""
    new = sum(each.filing is not None for each in receipts)
    known = sum(each.was_there for each in receipts)
    return f"共 {len(receipts)} 份：登记 {new} 份，已收过 {known} 份，未登记 {len(receipts) - new - known} 份。"


def delivery_lines(deliveries: Sequence[Delivery], folder: Path) -> Iterator[str]:
    """How many workbooks were issued, and what kept the others from it."""
    grouped = {outcome: [each for each in deliveries if each.outcome is outcome] for outcome in Outcome}
    written, kept = len(grouped[Outcome.WRITTEN]), len(grouped[Outcome.KEPT])
    yield f"已下发 {written} 份，在 {folder}；此前下发的 {kept} 份没有变化。"
    if altered := grouped[Outcome.ALTERED]:
        yield f"下发后在原处改动过、没有动的 {len(altered)} 份：{_named(each.path.name for each in altered)}。"
        yield "填好的请用 gouji collect 收取；要换回空白的，请加 --only 单位 --force。"
    if stale := grouped[Outcome.STALE]:
        yield f"名册或上年数有变、没有重新下发的 {len(stale)} 份：{_named(each.path.name for each in stale)}。"
        yield "要重新下发的，请加 --force（可用 --only 只写几个单位），并告诉单位以新的为准。"
    for each in grouped[Outcome.TAKEN]:
        yield f"没有下发：“{plain(str(each.path))}”已经有别的文件，没有覆盖；请移走，或加 --force。"


def prior_lines(priors: Priors) -> Iterator[str]:
    """What was found of last year, and what was not."""
    yield f"上年数：{len(priors.figures)} 家有，{len(priors.without)} 家没有。"
    if priors.without:
        yield f"没有上年数的：{_named(member.agency.name for member in priors.without)}。"
    if priors.derived:
        yield f"上年数由前身单位接过来的：{_named(member.agency.name for member in priors.derived)}。"
    yield from (f"上年数：{plain(remark)}" for remark in priors.remarks)


def reminder_lines(state: State) -> Iterator[str]:
    """Who has not filed, by category."""
    groups = to_remind(state)
    if not groups:
        yield "没有要催的：应报的都报了，退回的都重报了。"
        return
    total = sum(map(len, groups.values()))
    yield f"截止 {state.collection.due}（{days_told(state.days_left)}），待报 {total} 家。"
    for category, standings in groups.items():
        yield ""
        yield f"{plain(category)}：{counted(standings)}"
        rows = [
            [each.member.agency.name, each.status.label, each.member.contact, each.member.phone, each.member.email]
            for each in standings
        ]
        yield from (f"  {line}" for line in aligned(rows))


def _counts(state: State, standings: Sequence[Standing]) -> list[str]:
    counts = state.count(standings)
    return [str(len(standings) - counts[Status.EXEMPT]), *(str(count) for count in counts.values())]


def _agency(standing: Standing) -> list[str]:
    came = f"{standing.filing.at.date()}{'（逾期）' if standing.is_late else ''}" if standing.filing else ""
    found = [problem.severity for problem in standing.problems]
    errors, warnings = found.count(Severity.ERROR), found.count(Severity.WARNING)
    return [
        standing.member.agency.name, standing.member.category, standing.status.label, came, str(errors or ""),
        str(warnings or ""),
    ]  # fmt: skip


def _problem_counts(problems: Sequence[Problem]) -> str:
    found = [problem.severity for problem in problems]
    return "，".join(
        f"{severity.label} {found.count(severity)} 处"
        for severity in (Severity.ERROR, Severity.WARNING)
        if severity in found
    )


def _whose(receipt: Receipt) -> str:
    return f"{plain(receipt.member.agency.name)}  " if receipt.member else ""


def _named(names: Iterable[str]) -> str:
    found = [plain(name) for name in names]
    return "、".join(found[:_LISTED]) + (f" 等 {len(found)} 家" if len(found) > _LISTED else "")


def _shortened(text: str) -> str:
    if text_width(text) <= _WIDEST:
        return text
    while text_width(text) > _WIDEST - 2:
        text = text[:-1]
    return f"{text}…"


def _padded(text: str, width: int, flushed: bool) -> str:
    space = " " * (width - text_width(text))
    return space + text if flushed else text + space
