"""What the commands of a collection under way print: how it stands, what came, whom to remind."""

from collections.abc import Iterator, Sequence

import click

from toolkit.cli.columns import aligned
from toolkit.cli.screen import plain
from toolkit.collection.collecting import Receipt
from toolkit.collection.notices import days_told
from toolkit.collection.reminding import counted, to_remind
from toolkit.collection.standing import Standing, State, Status
from toolkit.problems import Problem, Severity

_COLOURS = {
    Status.PASSED: "green", Status.WARNINGS: "yellow", Status.RETURNED: "red", Status.OVERDUE: "red",
    Status.NOT_FILED: None, Status.EXEMPT: "bright_black",
}  # fmt: skip
_READ = {"clean": ("√", "相符"), "warnings": ("○", "有提示"), "errors": ("×", "有错误"), "unreadable": ("×", "读不出")}


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
