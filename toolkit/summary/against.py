"""A consolidated report that was published, beside a summary: what it prints, which cells differ, who may be behind it.

What is printed counts: a typed total is compared as it stands, whatever its parts add up to.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from toolkit.audit.checks import Rulebook, compute
from toolkit.audit.formulas import YES
from toolkit.audit.numbers import Content, Kind, understand
from toolkit.audit.submission import Agency, Source, Unreadable
from toolkit.form.layout import Layout
from toolkit.form.model import Key
from toolkit.problems import Problem, Severity, Where
from toolkit.summary.counting import Counting
from toolkit.summary.detail import DETAIL
from toolkit.summary.merge import Summary
from toolkit.summary.reading import MOST_MARKS
from toolkit.summary.series import plain
from toolkit.summary.totals import TOTALS, plan_totals
from toolkit.summary.trace import typed_under
from toolkit.workbook.figures import Figures, read_figures
from toolkit.workbook.finding import find_by_labels
from toolkit.workbook.issued import as_issued
from toolkit.workbook.known import Known
from toolkit.workbook.legacy import read_legacy
from toolkit.workbook.package import MOST_TOTAL, Refused, is_legacy, open_package
from toolkit.workbook.reader import Workbook, list_sheets, read_workbook

BLANK, UNREAD = "空白", "读不出"
MISSED, TWICE = "漏计", "重复计"

_PLACES = {"cells-moved": "找不到这一格：标签被改动、删去，或者行列移动过", "sheet-missing": "没有找到这张表"}
_ODD = ("negative", "not-whole")  # no figure of an agency, but a number that stands in print
_NOTHING = "这份文件里找不到报表的格：既没有单元格名称，也没有认得出的标签。"
_MOST_WHOLE, _FEWEST = 10, 2  # how often one is looked for; the fewest cells that tell one
_HINT = "请用按报表样式做的 .xlsx 工作簿：下发的工作簿、gouji 的汇总，或标签照抄的表。"


class Contributor(NamedTuple):
    """An agency's figure in a total."""

    agency: Agency
    file: str
    value: Decimal


class Suspect(NamedTuple):
    """An agency whose figure is the difference, left out (MISSED) or counted again (TWICE). `is_whole` says that its
    other figures are, too; several of these may make up one difference together."""

    agency: Agency
    file: str
    value: Decimal
    word: str
    is_whole: bool


class _Row(NamedTuple):
    """A counted submission: whose it is, and its figures that are not 0."""

    agency: Agency
    file: str
    figures: Mapping[Key, Decimal]


_Whole = Sequence[tuple[int, int]]  # rows by position, with 1 where left out and -1 where counted again


@dataclass(frozen=True, slots=True)
class Published:
    """What a published report prints. `values` has every cell of the form, None where it is blank or cannot be read;
    `unread` says of each of the latter why; `places` where each cell stands."""

    book: Rulebook
    file: str
    sha256: str
    values: Mapping[Key, Decimal | None]
    places: Mapping[Key, Where]
    unread: Mapping[Key, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that is printed otherwise than it adds up: our total, theirs (None: blank or not to be read), whose
    figures are in it (the largest first), whose figure is exactly the difference. `parts` is what the report's own
    cells add up to, where that is not the total it prints."""

    key: Key
    ours: Decimal
    theirs: Decimal | None
    place: Where | None
    contributors: tuple[Contributor, ...]
    suspects: tuple[Suspect, ...]
    parts: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        """Theirs minus ours."""
        return None if self.theirs is None else self.theirs - self.ours


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of all cells, how many agree (`blank` of them are blank there and 0 here), differ, cannot be read."""

    cells: int
    agree: int
    blank: int
    differ: int
    unread: int

    def __str__(self) -> str:
        blank = f"（其中公布为空白、汇总为 0 的 {self.blank} 格）" if self.blank else ""
        return f"共 {self.cells} 格：相符 {self.agree} 格{blank}，不符 {self.differ} 格，读不出 {self.unread} 格。"


def load_published(data: bytes, file: str, known: Mapping[str, Known]) -> Published | Unreadable:
    """What a published report says: a workbook of ours, the totals of a summary, or any sheets laid out as the form is
    printed. No form code is asked for, nor an agency or a year; `known` maps form codes to forms."""
    source = Source(file, hashlib.sha256(data).hexdigest())
    try:
        form, workbook = _named(read_legacy(data) if is_legacy(data) else _opened(data, known), known)
    except Refused as refused:
        problem = Problem(Where(file), refused.code, Severity.ERROR, refused.message, refused.hint)
        return Unreadable(source, (problem,))
    layouts = (form.layout, plan_totals(form.book.form))
    read = [_read(form.book, layout, workbook, file) for layout in layouts]
    return _published(form.book, source, workbook, max(read, key=lambda each: _count(form.book, each)))


def differences(summary: Summary, published: Published) -> tuple[Difference, ...]:
    """Every cell that differs, in printed order. A blank where our total is 0 is no difference."""
    ours, theirs = summary.values, published.values
    missing = {key: ours[key] - value for key, value in theirs.items() if value is not None and key in ours}
    differing = [key for key, value in ours.items() if missing.get(key, value)]
    rows = list(_rows(summary)) if differing else []
    whole = _whole_ones(rows, {key: missing[key] for key in summary.book.typed if key in missing})
    return tuple(
        _difference(key, summary, published, rows, _suspects(rows, key, missing.get(key), whole)) for key in differing
    )


def agreement(published: Published, found: tuple[Difference, ...]) -> Agreement:
    """How many cells agree."""
    differ = sum(each.key not in published.unread for each in found)
    nowhere = sum(value is None and key not in published.unread for key, value in published.values.items())
    told = sum(each.theirs is None and each.key not in published.unread for each in found)
    cells, unread = len(published.values), len(published.unread)
    return Agreement(cells, cells - differ - unread, nowhere - told, differ, unread)


def _rows(summary: Summary) -> Iterator[_Row]:
    counting = Counting(summary.book)
    for each in summary.included:
        figures = zip(counting.places, counting.figures(counting.cells(each)), strict=True)
        yield _Row(each.agency, each.source.file, {key: value for key, value in figures if value})


def _difference(
    key: Key, summary: Summary, published: Published, rows: Sequence[_Row], suspects: tuple[Suspect, ...]
) -> Difference:
    theirs, parts = published.values.get(key), _parts(published, key)
    own = (Contributor(agency, file, figures[key]) for agency, file, figures in rows if key in figures)
    return Difference(
        key, summary.values[key], theirs, published.places.get(key), tuple(sorted(own, key=lambda each: -each.value)),
        suspects, None if theirs is None or parts == theirs else parts,
    )  # fmt: skip


def _whole_ones(rows: Sequence[_Row], missing: Mapping[Key, Decimal]) -> _Whole:
    """The agencies that were left out, or counted again, as a whole, one after the other: each makes more cells agree
    than it would part, and no other agency does so in the same cells."""
    left, found, passed = dict(missing), list[tuple[int, int]](), set[int]()
    for _ in range(_MOST_WHOLE):
        tried = []
        for at, sign in ((at, sign) for at in range(len(rows)) for sign in (1, -1) if at not in passed):
            asked = [key for key in rows[at].figures if key in left]
            mended = {key for key in asked if left[key] == sign * rows[at].figures[key]}
            if (gain := len(mended) - sum(not left[key] for key in asked)) >= _FEWEST:
                tried.append((gain, mended, at, sign))
        if not tried:
            break
        gain, mended, at, sign = max(tried, key=lambda each: each[0])
        rivals = {other for same, cells, other, _ in tried if same == gain and cells & mended}
        passed |= rivals
        if len(rivals) == 1:
            found.append((at, sign))
            left |= {key: left[key] - sign * value for key, value in rows[at].figures.items() if key in left}
    return found


def _suspects(rows: Sequence[_Row], key: Key, missing: Decimal | None, whole: _Whole) -> tuple[Suspect, ...]:
    """Who may be behind one cell's difference: those that are so as a whole, or else whoever's figure it is."""
    if not missing:
        return ()
    joint = [(at, sign) for at, sign in whole if key in rows[at].figures]
    is_whole = bool(joint) and sum(sign * rows[at].figures[key] for at, sign in joint) == missing
    if not is_whole:
        sign = 1 if missing > 0 else -1
        joint = [(at, sign) for at, row in enumerate(rows) if row.figures.get(key) == abs(missing)]
    found = ((rows[at], MISSED if sign > 0 else TWICE) for at, sign in joint)
    return tuple(Suspect(row.agency, row.file, row.figures[key], word, is_whole) for row, word in found)


def _parts(published: Published, key: Key) -> Decimal | None:
    """What the printed cells of a computed one add up to; None where one is blank, or it is not computed."""
    check = published.book.computed.get(key)
    found = [] if check is None else [(sign, published.values.get(part)) for sign, part in check.right]
    known = [sign * value for sign, value in found if value is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(found) else None


def _opened(data: bytes, known: Mapping[str, Known]) -> Workbook:
    """The .xlsx workbook: the sheets its names point to, and the first few where it lacks names; a summary is large."""
    package = open_package(data)
    names = frozenset(str(key) for form in known.values() for key in form.book.cells)
    if {TOTALS, DETAIL} <= set(list_sheets(package)):
        package = open_package(data, MOST_MARKS, MOST_TOTAL)
    workbook = read_workbook(package, names)
    if any(str(key) not in workbook.names for form in known.values() for key in form.book.cells):
        workbook = replace(workbook, sheets={**read_workbook(package).sheets, **workbook.sheets})
    return workbook


def _named(workbook: Workbook, known: Mapping[str, Known]) -> tuple[Known, Workbook]:
    """The form that most cells are of, and the workbook with the names it lacks, as far as labels tell; Refused where
    there is no cell of any form."""
    best: tuple[int, Known, Workbook] | None = None
    for form in known.values():
        names = {str(key) for key in form.book.cells}
        found = dict[str, tuple[str, str]]()
        if not names <= workbook.names.keys():
            found = find_by_labels(form.book.form, form.layout, workbook.sheets.values())
        taken, gone = set(workbook.names.values()), workbook.lost | workbook.names.keys()
        back = {name: spot for name, spot in found.items() if name not in gone and spot not in taken}
        named = replace(workbook, names={**workbook.names, **back})
        count = len(names & named.names.keys())
        if best is None or count > best[0]:
            best = (count, form, named)
    if best is None or not best[0]:
        raise Refused("wrong-form", _NOTHING, _HINT)
    return best[1], best[2]


def _read(book: Rulebook, layout: Layout, workbook: Workbook, file: str) -> Figures:
    """All tables, read as if laid out so; blanks that are declared to be zero are."""
    whole = Figures(file)
    for plan in layout.tables:
        figures = read_figures(book, as_issued(plan, book), workbook, file)
        if workbook.text(f"{plan.table.name}.blanks_are_zero") == YES:
            figures.values |= dict.fromkeys(figures.blanks, Decimal(0))
        whole.values |= figures.values
        whole.spots = {**whole.spots, **figures.spots}
        whole.problems += figures.problems
    return whole


def _count(book: Rulebook, figures: Figures) -> int:
    """How many typed cells stand where they were looked for."""
    return sum(key in figures.values for key in book.typed)


def _published(book: Rulebook, source: Source, workbook: Workbook, figures: Figures) -> Published:
    """The figures as printed: what has a place but no figure is told, and a total stands as it is."""
    typed = {key: figures.values.get(key) for key in book.typed}
    unread: dict[Key, str] = {}
    named = {str(key): key for key in book.cells}
    for problem in (each for each in figures.problems if each.severity is Severity.ERROR):
        for key in (named[text] for text in problem.keys if text in named):
            if problem.code in _ODD and isinstance(problem.found, Decimal):
                typed[key] = problem.found
            else:
                unread[key] = _PLACES.get(problem.code) or plain(problem.message.partition("：")[2].rstrip("。"))
    values = compute(book, typed)
    for key in book.computed:
        if key not in unread:
            values[key], why = _printed(workbook.content(str(key)), book.cells[key].decimals, values[key])
            is_bare = workbook.content(str(key)).formula and values[key] is None
            if is_bare and any(each in unread for each in typed_under(book, key)):
                why = "公式没有存下结果"
            unread |= {key: why} if why else {}
    values |= dict.fromkeys(unread)
    problems = tuple(each for each in figures.problems if each.code != "formula-in-input")
    return Published(book, source.file, source.sha256, values, figures.places, unread, problems)


def _printed(content: Content, decimals: int, computed: Decimal | None) -> tuple[Decimal | None, str]:
    """What a total cell prints, and why that is not known; where nothing stands in it, what it is computed to."""
    figure = understand(content, decimals)
    if figure.value is not None:
        return figure.value, ""
    if figure.code is None or (content.formula and content.kind is not Kind.ERROR):
        return computed, ""
    return None, f"「{plain(content.text[:40])}」不是数字"
