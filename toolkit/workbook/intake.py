"""A returned workbook, bytes -> Submission, or Unreadable and why. Nothing in it is trusted but what is typed."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from toolkit.audit.checks import Rulebook, compute, expand
from toolkit.audit.formulas import YES
from toolkit.audit.numbers import understand
from toolkit.audit.submission import Agency, Reading, Source, Submission, Unreadable
from toolkit.form.layout import Layout, template_layout
from toolkit.form.model import Form, Key
from toolkit.form.stamp import Stamp, parse_stamp
from toolkit.problems import Problem, Severity, Where
from toolkit.workbook.figures import Figures, addresses, read_figures
from toolkit.workbook.package import Refused, open_package
from toolkit.workbook.reader import Workbook, read_workbook

_DECIMAL_ZERO = Decimal(0)
_FILL_IN_ISSUED = "请在下发的工作簿里填报后重新报送。"


@dataclass(frozen=True, slots=True)
class Known:
    """A form that workbooks may be of: its rulebook, its template's layout, and every name its workbooks carry."""

    book: Rulebook
    layout: Layout
    names: frozenset[str]


def know(form: Form) -> Known:
    """A form, made ready for reading any number of its workbooks."""
    book, layout = expand(form), template_layout(form)
    names = {str(key) for key in layout.cells} | set(text_names(form))
    return Known(book, layout, frozenset(names))


def text_names(form: Form) -> tuple[str, ...]:
    """The names of all cells that are no figures."""
    return (
        "agency.name", "agency.code", "report.year", "form.code",
        *(f"people.{field.name}" for field in form.people),
        *(f"{table.name}.{part}" for table in form.tables for part in ("blanks_are_zero", "remarks")),
        *(f"narrative.{field.name}" for field in form.narratives),
        *(f"explain.{rule.id}" for rule in form.rules if rule.explainable),
    )  # fmt: skip


def read_submission(data: bytes, file: str, known: Mapping[str, Known]) -> Reading:
    """What a workbook says; `known` maps form codes to forms, `file` is how messages call it."""
    source = Source(file, hashlib.sha256(data).hexdigest())
    try:
        package = open_package(data)
        names = frozenset().union(*(form.names for form in known.values()))
        workbook = read_workbook(package, names)
        form = _form_of(workbook, known)
    except Refused as refused:
        problem = Problem(Where(file), refused.code, Severity.ERROR, f"{refused.message}", refused.hint)
        return Unreadable(source, (problem,))
    source = Source(file, source.sha256, workbook.saved)
    stamp = parse_stamp(workbook.text("form.code"))
    return _Intake(form, workbook, source, stamp).submission()


def _form_of(workbook: Workbook, known: Mapping[str, Known]) -> Known:
    """The form a workbook is of; Refused where it is of none, or of another version."""
    if "form.code" not in workbook.names:
        raise Refused("wrong-form", "这不是下发的报表：没有表单编号。", _FILL_IN_ISSUED)
    text = workbook.text("form.code")
    stamp = parse_stamp(text)
    if stamp is None:
        raise Refused("wrong-form", f"表单编号「{text[:60]}」被改动过，核对不上。", _FILL_IN_ISSUED)
    if stamp.form not in known:
        raise Refused("wrong-form", f"这是另一种报表（{stamp.form}）。", _FILL_IN_ISSUED)
    form = known[stamp.form].book.form
    if stamp.version != form.version:
        message = f"报表版本是 {stamp.version}，现在用的是 {form.version}。"
        raise Refused("wrong-version", message, "请改用今年下发的工作簿填报，不要沿用往年的。")
    return known[stamp.form]


class _Intake:
    """One workbook of a known form being taken in."""

    def __init__(self, known: Known, workbook: Workbook, source: Source, stamp: Stamp | None) -> None:
        self._known, self._workbook, self._source = known, workbook, source
        self._stamp = stamp or Stamp("", 0, None, "")
        self._problems: list[Problem] = []

    def submission(self) -> Submission:
        """Everything the workbook says, with what is wrong in reading it (not yet in its figures)."""
        book, form = self._known.book, self._known.book.form
        agency, year = self._agency(), self._year()
        self._check_sheets()
        declared = tuple(table.name for table in form.tables if self._text(f"{table.name}.blanks_are_zero") == YES)
        values: dict[Key, Decimal | None] = {}
        overwritten: dict[Key, Decimal] = {}
        notes: dict[Key, str] = {}
        places: dict[Key, Where] = {}
        for plan in self._known.layout.tables:
            figures = read_figures(book, plan, self._workbook, self._source.file)
            self._problems += figures.problems
            self._settle_blanks(figures, plan.table.name in declared, plan.sheet)
            values |= figures.values
            overwritten |= figures.overwritten
            notes |= figures.notes
            places |= figures.places
        self._check_validations({key: places[key] for key in values if key in places})
        prior = {key: value for key, value in values.items() if key.is_prior}
        return Submission(
            book=book,
            source=self._source,
            agency=agency,
            year=year,
            values=compute(book, values) | prior,
            problems=tuple(self._problems),
            places=places,
            overwritten=overwritten,
            notes=notes,
            declared_zero=declared,
            narrative={field.name: self._text(f"narrative.{field.name}") for field in form.narratives},
            explanations=self._filled({rule.id: f"explain.{rule.id}" for rule in form.rules if rule.explainable}),
            remarks=self._filled({table.name: f"{table.name}.remarks" for table in form.tables}),
            people={field.name: self._text(f"people.{field.name}") for field in form.people},
        )

    def _text(self, name: str) -> str:
        return self._workbook.text(name)

    def _filled(self, names: dict[str, str]) -> dict[str, str]:
        return {short: text for short, name in names.items() if (text := self._text(name))}

    def _agency(self) -> Agency:
        code = "".join(unicodedata.normalize("NFKC", self._text("agency.code")).upper().split())
        agency = Agency(self._text("agency.name"), code)
        issued = self._stamp.agency
        if issued and code != issued:
            message = f"本工作簿是发给代码 {issued} 的单位的，现填为「{code or '空白'}」。"
            self._cover(
                "wrong-agency",
                "agency.code",
                message,
                "请用发给本单位的工作簿填报；发错的请与汇总单位联系。",
                issued,
                code,
            )
        elif not agency.identity:
            self._cover(
                "unknown-agency", "agency.name", "没有填单位名称和代码。", "请在封面填写单位名称和统一社会信用代码。"
            )
        return agency

    def _year(self) -> int | None:
        figure = understand(self._workbook.content("report.year"), 0)
        year = int(figure.value) if figure.value is not None and figure.code is None else None
        issued = self._stamp.year
        if issued and year != issued:
            message = f"本工作簿是 {issued} 年度的，封面年度现为「{self._text('report.year')[:20] or '空白'}」。"
            self._cover(
                "wrong-year",
                "report.year",
                message,
                f"请把封面年度改回 {issued}。",
                Decimal(issued),
                self._text("report.year")[:20],
            )
            return issued
        if year is None or not self._known.book.form.first_year <= year <= 2999:
            message = f"封面年度「{self._text('report.year')[:20]}」不是可用的年度。"
            self._cover("wrong-year", "report.year", message, "请在封面填写四位数的年度。")
            return None
        return year

    def _settle_blanks(self, figures: Figures, declared: bool, sheet: str) -> None:
        """Blanks become zeros where the agency declares them so; else they are told once for the table."""
        blanks = figures.blanks
        if declared:
            figures.values |= dict.fromkeys(blanks, _DECIMAL_ZERO)
        elif blanks:
            places = [figures.places[key] for key in blanks]
            message = f"{sheet}：有 {len(blanks)} 个空白格（{addresses(places)}），是 0 还是漏填不明。"
            hint = "请逐格填写，没有的填 0；或在该表上方“本表空白格均为零”选“是”。"
            self._problems.append(Problem(places[0], "blank", Severity.ERROR, message, hint, tuple(map(str, blanks))))

    def _check_sheets(self) -> None:
        bare = [name for name, sheet in self._workbook.sheets.items() if not sheet.protected]
        if bare:
            message = f"{'、'.join(bare)}：工作表保护被取消。"
            self._warn(
                "unlocked", Where(self._source.file, bare[0]), message, "请核对合计和标签是否被改动；下次请勿取消保护。"
            )
        if self._workbook.has_external_links:
            message = "工作簿带有指向其他文件的链接，未予跟随。"
            self._warn(
                "external-links", Where(self._source.file), message, "请改为直接键入数字，并断开链接（数据—编辑链接）。"
            )

    def _check_validations(self, places: Mapping[Key, Where]) -> None:
        lost: dict[str, list[Key]] = {}
        for key in self._known.book.typed:
            place = places.get(key)
            if place and place.sheet and place.cell and not self._workbook.sheets[place.sheet].is_validated(place.cell):
                lost.setdefault(place.sheet, []).append(key)
        if lost:
            keys = [key for found in lost.values() for key in found]
            message = (
                f"{'、'.join(lost)}：有 {len(keys)} 格失去了填写限制（{addresses(places[key] for key in keys)}）。"
            )
            self._warn(
                "validation-lost",
                places[keys[0]],
                message,
                "数字已照常核对；下次请勿整格粘贴，粘贴时选“只粘贴数值”。",
                keys,
            )

    def _warn(self, code: str, where: Where, message: str, hint: str, keys: list[Key] | None = None) -> None:
        self._problems.append(Problem(where, code, Severity.WARNING, message, hint, tuple(map(str, keys or ()))))

    def _cover(
        self,
        code: str,
        name: str,
        message: str,
        hint: str,
        expected: Decimal | str | None = None,
        found: str | None = None,
    ) -> None:
        sheet, cell = self._workbook.names.get(name, (None, None))
        where = Where(self._source.file, sheet, cell)
        told = f"{where}：{message}" if sheet else message
        self._problems.append(Problem(where, code, Severity.ERROR, told, hint, (), expected, found))
