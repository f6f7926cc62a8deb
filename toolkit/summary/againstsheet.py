"""The sheet that sets a published report beside the summary: a row a difference, who is in it, who may be behind it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from toolkit.audit.numbers import printed
from toolkit.form.area import Area
from toolkit.form.model import Key
from toolkit.problems import Where
from toolkit.summary.against import BLANK, UNREAD, Contributor, Difference, Published, agreement
from toolkit.summary.detail import head_texts
from toolkit.summary.merge import Summary
from toolkit.summary.totals import plan_totals
from toolkit.workbook.drawing import MOST_HEIGHT, height, lines, print_on_a4, put_formula, put_number, put_text
from toolkit.workbook.styles import Styles

AGAINST = "与公布数核对"
ALL_AGREE, NO_DIFFERENCE = "没有不符的格。", "—"

_HEAD = (
    ("表", 7), ("项目", 28), ("列", 19), ("公布数所在格", 20), ("公布", 12), ("汇总", 12), ("差", 12),
    ("可能的原因", 40), ("涉及单位", 60),
)  # fmt: skip
_PLACE, _THEIRS, _OURS, _GAP, _CAUSE, _WHO = range(3, 9)
_LAST = len(_HEAD) - 1
_NAMED, _SUSPECTED, _EVEN = 30, 3, 6


def draw_against(
    sheet: Worksheet, summary: Summary, published: Published, differences: Sequence[Difference], styles: Styles,
    title: str,
) -> None:  # fmt: skip
    """What agrees; the differences, our totals and the gaps live; then the cells that could not be read."""
    _Drawing(sheet, summary, published, styles).draw(tuple(differences), title)


def cause(difference: Difference) -> str:
    """What may be behind a difference, in words; empty where nothing tells."""
    if difference.theirs is None:
        return f"公布为{BLANK}"
    told = [] if difference.parts is None else [f"公布的合计本身不平，各格相加是 {printed(difference.parts)}"]
    if difference.suspects:
        shown = [f"{each.word}“{each.agency}”{printed(each.value)}" for each in difference.suspects[:_SUSPECTED]]
        more = f" 等 {len(difference.suspects)} 家之一" if len(difference.suspects) > _SUSPECTED else ""
        told.append("可能" + ("、" if difference.suspects[0].is_whole else "或").join(shown) + more)
    return "；".join(told)


def whole_lines(differences: Sequence[Difference]) -> Iterator[str]:
    """A sentence for each agency that seems to be left out, or counted again, as a whole."""
    suspects = (suspect for difference in differences for suspect in difference.suspects if suspect.is_whole)
    for (agency, file, word), count in Counter((each.agency, each.file, each.word) for each in suspects).items():
        yield f"可能整家{word}：“{agency}”（{file}），{count} 个不符的格都与它的数对得上。"


def who(contributors: Sequence[Contributor]) -> str:
    """`甲局 3、乙局 2`: whose figures are in a total, the largest first."""
    told = "、".join(f"{each.agency} {printed(each.value)}" for each in contributors[:_NAMED])
    return told + (f" 等 {len(contributors)} 家" if len(contributors) > _NAMED else "")


def spot(place: Where | None) -> str:
    """Where a figure stands in the published report."""
    return NO_DIFFERENCE if place is None else str(place)


class _Drawing:
    """The sheet being drawn."""

    def __init__(self, sheet: Worksheet, summary: Summary, published: Published, styles: Styles) -> None:
        self._sheet, self._summary, self._published, self._styles = sheet, summary, published, styles
        self._totals = plan_totals(summary.book.form)

    def draw(self, differences: tuple[Difference, ...], title: str) -> None:
        shown = [each for each in differences if each.key not in self._published.unread]
        for column, (_, width) in enumerate(_HEAD):
            self._sheet.set_column(column, column, width)
        row = self._lead(differences, title)
        head = row
        self._head(row)
        for row, each in enumerate(shown, start=head + 1):
            self._difference(row, each)
        end = head + max(1, len(shown))
        if not shown:
            put_text(self._sheet, self._area(end, 0, _LAST), ALL_AGREE, self._styles.get("label"))
        self._sheet.autofilter(head, 0, end, _LAST)
        self._sheet.freeze_panes(head + 1, 3)
        self._unread(end + 2)
        print_on_a4(self._sheet, title, landscape=True)
        self._sheet.repeat_rows(head)

    def _area(self, row: int, column: int, last: int | None = None) -> Area:
        return Area(AGAINST, row, column, row, column if last is None else last)

    def _lead(self, differences: tuple[Difference, ...], title: str) -> int:
        """The title, which file it is and how many cells agree, who seems to be missing; the row below."""
        put_text(self._sheet, self._area(0, 0, _LAST), title, self._styles.get("title"))
        self._sheet.set_row(0, height(2))
        counts = agreement(self._published, differences)
        texts = [f"公布：{self._published.file}（SHA-256 {self._published.sha256}）", str(counts)]
        texts += whole_lines(differences)
        for row, text in enumerate(texts, start=1):
            put_text(self._sheet, self._area(row, 0, _LAST), text, self._styles.get("plain"))
            self._sheet.set_row(row, height(lines(text, sum(width for _, width in _HEAD))))
        return len(texts) + 1

    def _head(self, row: int) -> None:
        for column, (text, _) in enumerate(_HEAD):
            put_text(self._sheet, self._area(row, column), text, self._styles.get("head"))
        self._sheet.set_row(row, height(1))

    def _difference(self, row: int, difference: Difference) -> None:
        self._cell(row, difference.key, difference.ours, difference.place)
        place = self._area(row, _THEIRS)
        if difference.theirs is None:
            put_text(self._sheet, place, BLANK, self._styles.get("centre"))
        else:
            put_number(self._sheet, place, difference.theirs, self._styles.get("centre"))
        theirs, ours = place.cell, self._area(row, _OURS).cell
        gap = f'=IF(ISNUMBER({theirs}),ROUND({theirs}-{ours},{_EVEN}),"{NO_DIFFERENCE}")'
        stored = NO_DIFFERENCE if difference.gap is None else difference.gap
        put_formula(self._sheet, self._area(row, _GAP), gap, self._styles.get("computed"), stored)
        texts = {_CAUSE: cause(difference), _WHO: who(difference.contributors)}
        for column, text in texts.items():
            put_text(self._sheet, self._area(row, column), text, self._styles.get("label"))
        self._fit(row, difference.key, difference.place, texts)

    def _unread(self, row: int) -> None:
        """The cells that could not be read, each with why."""
        unread = self._published.unread
        if not unread:
            return
        told = f"{UNREAD}的格（{len(unread)} 格，没有核对）"
        put_text(self._sheet, self._area(row, 0, _LAST), told, self._styles.get("heading"))
        for at, key in enumerate((key for key in self._summary.book.cells if key in unread), start=row + 1):
            place = self._published.places.get(key)
            self._cell(at, key, self._summary.values[key], place)
            for column, text in ((_THEIRS, UNREAD), (_GAP, NO_DIFFERENCE)):
                put_text(self._sheet, self._area(at, column), text, self._styles.get("centre"))
            put_text(self._sheet, self._area(at, _CAUSE, _WHO), unread[key], self._styles.get("label"))
            self._fit(at, key, place, {_WHO: unread[key]})

    def _cell(self, row: int, key: Key, ours: Decimal, place: Where | None) -> None:
        """Which cell it is, where it stands in print, our total live."""
        for column, text in enumerate((*head_texts(self._summary.book, key), spot(place))):
            style = self._styles.get("centre") if column in (0, _PLACE) else self._styles.get("label")
            put_text(self._sheet, self._area(row, column), text, style)
        total = self._totals.cells[key]
        put_formula(self._sheet, self._area(row, _OURS), f"={total.absolute}", self._styles.get("formula"), ours)

    def _fit(self, row: int, key: Key, place: Where | None, texts: dict[int, str]) -> None:
        told = {**dict(enumerate((*head_texts(self._summary.book, key), spot(place)))), **texts}
        needed = max(lines(text, _HEAD[column][1]) for column, text in told.items())
        self._sheet.set_row(row, min(height(needed), MOST_HEIGHT))
