"""A summary workbook of ours, read back: each agency's figures in its detail sheet, as a submission of its own.

Nothing in it is trusted but the typed figures of the detail; all sums are made anew.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import PurePath
from typing import TypeVar

from toolkit.audit.checks import Rulebook, compute
from toolkit.audit.numbers import EMPTY, Content, Kind, printed, understand
from toolkit.audit.submission import Agency, Listing, Reading, Source, Submission, Unreadable, Via
from toolkit.form.area import column_name
from toolkit.form.model import Key
from toolkit.form.stamp import Stamp, parse_stamp
from toolkit.problems import Problem, Severity, Where
from toolkit.summary.contents import CODE_NAME, NO_UNIT, UNIT_NAME
from toolkit.summary.detail import CODE_LABEL, DETAIL, FILE_LABEL, FIRST_ROW, NAME_LABEL, NUMBER_LABEL, head_texts
from toolkit.summary.readinglists import Lists, read_lists
from toolkit.summary.totals import TOTALS
from toolkit.workbook.addresses import split_address
from toolkit.workbook.known import Known
from toolkit.workbook.package import MOST_TOTAL, Package, Refused, open_package
from toolkit.workbook.reader import Workbook, list_sheets, read_one_sheet, read_workbook
from toolkit.workbook.sheets import Sheet

MOST_AGENCIES = 20_000
MOST_MARKS = 1_000 * MOST_AGENCIES
_MOST_COLUMNS = 2_000
_LISTED = 6
_WHOLE = re.compile(r"[1-9]\d{0,6}", re.ASCII)
_Heading = TypeVar("_Heading", str, tuple[str, ...])
_MEND = "请用没有改动过的汇总工作簿。"
_NUMBER_WORDS = {"negative": "是负数", "not-whole": "小数位过多"}


@dataclass(frozen=True, slots=True)
class _Opened:
    """A summary workbook: its package, its names, its number as printed on the first sheet."""

    package: Package
    workbook: Workbook
    stamp: Stamp


def read_summary(data: bytes, file: str, known: Mapping[str, Known]) -> tuple[Reading, ...] | None:
    """Each agency of a summary workbook as a submission, called `summary file/its own file`; one Unreadable where the
    summary cannot be used; None where these bytes are no summary of ours."""
    source = Source(file, hashlib.sha256(data).hexdigest())
    try:
        opened = _open(data)
        if opened is None:
            return None
        form = _form_of(opened.stamp, known)
        return tuple(_Detail(opened, source, form).submissions())
    except Refused as refused:
        problem = Problem(Where(file), refused.code, Severity.ERROR, refused.message, refused.hint)
        return (Unreadable(source, (problem,)),)


def _open(data: bytes) -> _Opened | None:
    try:
        package = open_package(data, MOST_MARKS, MOST_TOTAL)
        if not {TOTALS, DETAIL} <= set(list_sheets(package)):
            return None
    except Refused:
        return None
    workbook = read_workbook(package, {CODE_NAME})
    stamp = parse_stamp(workbook.text(CODE_NAME))
    if stamp is None:
        told = f"汇总编号「{workbook.text(CODE_NAME)[:60]}」核对不上，不知是哪种报表、哪个年度的汇总。"
        raise Refused("wrong-form", told, _MEND)
    return _Opened(package, workbook, stamp)


def _form_of(stamp: Stamp, known: Mapping[str, Known]) -> Known:
    if stamp.form not in known:
        raise Refused("wrong-form", f"这是另一种报表（{stamp.form}）的汇总。", "请改用本报表的汇总工作簿。")
    version = known[stamp.form].book.form.version
    if stamp.version != version:
        told = f"这份汇总的报表版本是 {stamp.version}，现在用的是 {version}。"
        raise Refused("wrong-version", told, "请改用同一版本的汇总工作簿。")
    return known[stamp.form]


class _Detail:
    """The detail of one summary being read."""

    def __init__(self, opened: _Opened, source: Source, known: Known) -> None:
        self._opened, self._source, self._known, self._book = opened, source, known, known.book
        head = read_one_sheet(opened.package, DETAIL, FIRST_ROW, range(1, _MOST_COLUMNS))
        self._titles = _unique((_text(head, column, FIRST_ROW), column) for column in range(1, _MOST_COLUMNS))
        for label in (NUMBER_LABEL, NAME_LABEL, CODE_LABEL, FILE_LABEL):
            if label not in self._titles:
                raise Refused("damaged", f"“{DETAIL}”页缺少“{label}”一列，或者有两列。", _MEND)
        self._columns = _columns(head, self._book)
        wanted = {*self._titles.values(), *self._columns.values()}
        self._sheet = read_one_sheet(opened.package, DETAIL, MOST_AGENCIES + FIRST_ROW, wanted)
        self._lists: Lists = read_lists(opened.package, MOST_AGENCIES)
        unit = opened.workbook.text(UNIT_NAME)
        self._unit = unit if unit and unit != NO_UNIT else str(PurePath(source.file).with_suffix(""))

    def submissions(self) -> Iterator[Reading]:
        """Each agency, then the lines that are none."""
        last = max((split_address(cell)[1] for cell in self._sheet.cells), default=0)
        filled = [row for row in range(FIRST_ROW + 1, last + 1) if self._agency(row).identity]
        rows = [row for row in filled if _WHOLE.fullmatch(self._number(row))]
        if not rows:
            raise Refused("damaged", f"“{DETAIL}”页里没有单位。", _MEND)
        listings = self._lists.listings or tuple(Listing(self._agency(row), is_expected=None) for row in rows)
        via = Via(self._source.file, self._source.sha256, self._unit, listings)
        read = [self._submission(row, via) for row in rows]
        wrong = tuple(self._totals_typed_over(read))
        yield replace(read[0], problems=(*read[0].problems, *wrong))
        yield from read[1:]
        yield from (self._added(row) for row in filled if row not in set(rows))

    def _number(self, row: int) -> str:
        return _text(self._sheet, self._titles[NUMBER_LABEL], row)

    def _added(self, row: int) -> Unreadable:
        """A line that somebody put below the agencies: a sum of theirs, most likely."""
        where = Where(f"{self._source.file}/{DETAIL}第{row}行", DETAIL, f"A{row}")
        told = f"“{DETAIL}”第 {row} 行“{self._agency(row)}”没有{NUMBER_LABEL}，不是汇总时收录的单位，没有计入。"
        problem = Problem(where, "damaged", Severity.ERROR, told, "请删去这一行；漏收的单位请另交它的工作簿。")
        return Unreadable(Source(where.file, f"{self._source.sha256}#{row}"), (problem,), self._agency(row))

    def _agency(self, row: int) -> Agency:
        name, code = (_text(self._sheet, self._titles[label], row) for label in (NAME_LABEL, CODE_LABEL))
        return Agency(name, "".join(code.upper().split()))

    def _submission(self, row: int, via: Via) -> Submission:
        number = self._number(row)
        told = self._lists.files.get(number)
        own = _text(self._sheet, self._titles[FILE_LABEL], row) or number
        source = Source(
            f"{self._source.file}/{own}",
            told.sha256 if told and told.sha256 else f"{self._source.sha256}#{row}",
            told.saved if told else None,
        )
        places = {key: Where(source.file, DETAIL, self._cell(key, row)) for key in self._columns}
        typed, problems = self._typed(row, places)
        originals = self._lists.originals.get(number)
        moved = originals.moved if originals else {}
        blanks = originals.blanks(self._known, moved) if originals else ()
        return Submission(
            book=self._book,
            source=source,
            agency=self._agency(row),
            year=self._opened.stamp.year,
            values=compute(self._book, typed),
            problems=tuple(problems),
            places=places,
            overwritten=self._overwritten(row),
            explanations=originals.explanations if originals else {},
            stamp=Stamp(self._opened.stamp.form, self._opened.stamp.version, self._opened.stamp.year, ""),
            raws={key: raw for key, raw in originals.raws.items() if key not in blanks} if originals else {},
            blanks=tuple(key for key in blanks if typed.get(key) == 0),
            via=via,
            units=(via.unit, *(told.units if told else ())),
            moved=moved,
        )

    def _cell(self, key: Key, row: int) -> str:
        return f"{column_name(self._columns[key] - 1)}{row}"

    def _content(self, key: Key, row: int) -> Content:
        return self._sheet.cells.get(self._cell(key, row), EMPTY)

    def _typed(self, row: int, places: Mapping[Key, Where]) -> tuple[dict[Key, Decimal | None], list[Problem]]:
        """The typed figures of one agency, and what is wrong with their cells; blanks are told together."""
        typed: dict[Key, Decimal | None] = {}
        problems, blanks = [], []
        for key in self._book.typed:
            content = self._content(key, row)
            figure = understand(content, self._book.cells[key].decimals)
            typed[key] = None if figure.code or content.formula else figure.value
            if content.formula:
                told = f"{places[key]}：填的是公式，不是收录的数。"
                hint = "汇总的明细被改动过；请用没有改动过的汇总，或改用单位报来的原件。"
                problems.append(Problem(places[key], "formula-in-input", Severity.ERROR, told, hint, (str(key),)))
            elif figure.code:
                told = f"{places[key]}：「{content.text[:40]}」{_NUMBER_WORDS.get(figure.code, '不是数字')}。"
                hint = "汇总的明细被改动过；请用没有改动过的汇总，或改用单位报来的原件。"
                problems.append(Problem(places[key], figure.code, Severity.ERROR, told, hint, (str(key),)))
            elif figure.value is None:
                blanks.append(key)
        if blanks:
            cells = "、".join(places[key].cell or "" for key in blanks[:_LISTED])
            more = " 等" if len(blanks) > _LISTED else ""
            told = f"{DETAIL}：有 {len(blanks)} 个空白格（{cells}{more}），是多少不明。"
            hint = "请请下级补齐后重新汇总；确要按 0 计的，请加 --include-broken。"
            keys = tuple(map(str, blanks))
            problems.append(Problem(places[blanks[0]], "blank", Severity.ERROR, told, hint, keys))
        return typed, problems

    def _overwritten(self, row: int) -> dict[Key, Decimal]:
        """Numbers typed over the formulas of computed cells."""
        found = {}
        for key in self._book.computed:
            content = self._content(key, row)
            if not content.formula and content.kind in (Kind.NUMBER, Kind.TEXT):
                figure = understand(content, self._book.cells[key].decimals)
                if figure.value is not None:
                    found[key] = figure.value
        return found

    def _totals_typed_over(self, read: list[Submission]) -> Iterator[Problem]:
        """Totals that are no formulas any more and differ from the sum of the detail: the detail counts."""
        sums = {key: sum((each.values[key] or Decimal(0) for each in read), Decimal(0)) for key in self._book.typed}
        totals = compute(self._book, sums)
        workbook = read_workbook(self._opened.package, {str(key) for key in self._book.cells})
        for key, total in totals.items():
            content = workbook.content(str(key))
            figure = understand(content, self._book.cells[key].decimals)
            if content.formula or content.kind is Kind.EMPTY or figure.value in (None, total):
                continue
            where = Where(self._source.file, *workbook.names[str(key)])
            cell = self._book.cells[key]
            told = (
                f"{where}（{cell.row.short}·{cell.column.short}）：填的是 {printed(figure.value)}，"
                f"明细各单位相加是 {printed(total)}；按明细汇总。"
            )
            hint, keys = "请与汇总单位核对。", (str(key),)
            yield Problem(where, "total-overwritten", Severity.WARNING, told, hint, keys, total, figure.value)


def _columns(head: Sheet, book: Rulebook) -> dict[Key, int]:
    """The column of each cell of the form, by the three lines of its heading."""
    found = _unique(
        (tuple(_text(head, column, FIRST_ROW - 2 + line) for line in range(3)), column)
        for column in range(1, _MOST_COLUMNS)
    )
    columns = {}
    for key in book.cells:
        texts = head_texts(book, key)
        if texts not in found:
            raise Refused("damaged", f"“{DETAIL}”页找不到“{' '.join(texts)}”一列，或者有两列。", _MEND)
        columns[key] = found[texts]
    return columns


def _unique(headings: Iterable[tuple[_Heading, int]]) -> dict[_Heading, int]:
    """The column of each heading that stands once."""
    found: dict[_Heading, list[int]] = {}
    for heading, column in headings:
        found.setdefault(heading, []).append(column)
    return {heading: columns[0] for heading, columns in found.items() if len(columns) == 1}


def _text(sheet: Sheet, column: int, row: int) -> str:
    return sheet.cells.get(f"{column_name(column - 1)}{row}", EMPTY).text.strip()
