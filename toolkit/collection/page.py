"""The status page of a collection: one HTML file that needs nothing else, to be searched, filtered and printed."""

import hashlib
import unicodedata
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from toolkit.collection.notices import days_told
from toolkit.collection.standing import Standing, State, Status
from toolkit.problems import Problem, Severity
from toolkit.summary.lists import STATUS_LABELS

_TEMPLATE = Path(__file__).with_name("page.html")
_MARKS = {
    Status.PASSED: "√", Status.WARNINGS: "△", Status.RETURNED: "×", Status.NOT_FILED: "○", Status.OVERDUE: "!",
    Status.EXEMPT: "－",
}  # fmt: skip
_UNSEEN = ("Cc", "Cf", "Cs")  # control, format (zero width, text direction) and half a character
_GRAVEST_FIRST = tuple(Severity)


def status_page(state: State) -> bytes:
    """The page as UTF-8 HTML, the same bytes for the same state; what stands in it can do nothing but be read."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATE.parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_seen,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["digest"] = _digest
    by_category = state.by_category()
    page = environment.get_template(_TEMPLATE.name).render(
        state=state,
        days=days_told(state.days_left),
        total=_progress("合计", state.standings),
        groups=[_progress(category, standings) for category, standings in by_category.items()],
        grouped=state.roster.has_categories,
        rows=_rows(state, list(by_category)),
        strays=sorted(state.strays, key=lambda stray: bool(stray.settled)),
        statuses=list(Status),
        marks=_MARKS,
        told_then=STATUS_LABELS,
    )
    return page.encode("utf-8")


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far some agencies are; `parts` are the status, start and length of each piece of a bar as long as
    `expected`."""

    name: str
    counts: dict[Status, int]
    expected: int
    filed: int
    parts: tuple[tuple[Status, int, int], ...]

    @property
    def percent(self) -> int:
        """Of those expected, how many have filed; 100 only where all have."""
        return self.filed * 100 // max(self.expected, 1)


@dataclass(frozen=True, slots=True)
class _Row:
    """One agency as the table shows it; `category` is the number of its category, `told` what its details hold, empty
    where there are none."""

    standing: Standing
    category: int
    problems: tuple[Problem, ...]
    errors: int
    warnings: int
    told: str


def _progress(name: str, standings: Sequence[Standing]) -> _Progress:
    counts = {status: sum(each.status is status for each in standings) for status in Status}
    parts, start = [], 0
    for status, count in counts.items():
        if count and status is not Status.EXEMPT:
            parts.append((status, start, count))
            start += count
    return _Progress(name, counts, start, counts[Status.PASSED] + counts[Status.WARNINGS], tuple(parts))


def _rows(state: State, categories: list[str]) -> Iterator[_Row]:
    numbers = {category: number for number, category in enumerate(categories)}
    for standing in state.standings:
        problems = sorted(standing.problems, key=lambda problem: _GRAVEST_FIRST.index(problem.severity))
        severities = [problem.severity for problem in problems]
        yield _Row(
            standing,
            numbers[standing.member.category],
            tuple(problems),
            severities.count(Severity.ERROR),
            severities.count(Severity.WARNING),
            _told(standing, len(problems)),
        )


def _told(standing: Standing, problems: int) -> str:
    """`问题 2 处 · 来件 1 份`."""
    counted = {
        "问题 {} 处": problems,
        "已认可 {} 处": len(standing.accepted),
        "认可失效 {} 处": len(standing.lapsed),
        "来件 {} 份": len(standing.history),
        "退回 {} 次": len(standing.notices),
    }
    parts = [text.format(count) for text, count in counted.items() if count]
    parts = ["免报理由", *parts] if standing.member.exempt else parts
    return " · ".join(parts) or ("已下发" if standing.issued else "")


def _seen(value: object) -> object:
    """What is put on the page, without characters that cannot be seen but change what is; made-up markup stays."""
    if hasattr(value, "__html__"):
        return value
    text = str(value)
    if text.isprintable():
        return text
    return "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in _UNSEEN)


def _digest(text: str) -> str:
    """The SHA-256 by which a Content-Security-Policy lets a style or script in."""
    return b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
