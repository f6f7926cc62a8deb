"""A returned workbook, bytes -> Submission, or Unreadable and why. Nothing in it is trusted but what is typed."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from toolkit.audit.checks import compute
from toolkit.audit.formulas import YES
from toolkit.audit.numbers import understand
from toolkit.audit.submission import Agency, Reading, Source, Submission, Unreadable
from toolkit.form.model import Key
from toolkit.form.stamp import Stamp, parse_stamp
from toolkit.problems import Problem, Severity, Where
from toolkit.workbook.directory import Spot
from toolkit.workbook.figures import Figures, addresses, read_figures
from toolkit.workbook.finding import find_by_labels, find_code
from toolkit.workbook.known import Known, by_cell
from toolkit.workbook.legacy import read_legacy
from toolkit.workbook.package import Refused, is_legacy, open_package
from toolkit.workbook.reader import Workbook, read_workbook

SUMMARY_CODE = "summary.code"  # the name of the cell that tells a summary from a report

_DECIMAL_ZERO = Decimal(0)
_FILL_IN_ISSUED = "请在下发的工作簿里填报后重新报送。"


def read_submission(data: bytes, file: str, known: Mapping[str, Known]) -> Reading:
    """What a workbook says; `known` maps form codes to forms, `file` is how messages call it."""
    source = Source(file, hashlib.sha256(data).hexdigest())
    try:
        workbook = _with_names_found(read_legacy(data), known) if is_legacy(data) else _open(data, known)
        form, stamp = _form_of(workbook, known)
    except Refused as refused:
        problem = Problem(Where(file), refused.code, Severity.ERROR, refused.message, refused.hint)
        return Unreadable(source, (problem,))
    intake = _Intake(form, workbook, Source(file, source.sha256, workbook.saved), stamp)
    return intake.submission(is_old=is_legacy(data))


def _open(data: bytes, known: Mapping[str, Known]) -> Workbook:
    """The .xlsx workbook in these bytes; where it lacks names, the cells that labels tell are named."""
    package = open_package(data)
    workbook = read_workbook(package, frozenset().union(*(form.names for form in known.values())))
    if SUMMARY_CODE in workbook.names:
        hint = "要再往上汇总的，请用 gouji merge；报送的请用下发的工作簿。"
        raise Refused("wrong-form", "这是汇总工作簿，不是单位填报的工作簿。", hint)
    if any(form.names <= workbook.names.keys() for form in known.values()):
        return workbook
    return _with_names_found(read_workbook(package), known)


def _with_names_found(workbook: Workbook, known: Mapping[str, Known]) -> Workbook:
    """The workbook with the names it lost, as far as labels tell where they pointed.

    A name whose cell was deleted (`#REF!`) is not looked for: another cell may have moved into its place.
    """
    code = find_code(workbook.sheets.values())
    found = {} if code is None else {"form.code": code}
    stamp = None if code is None else parse_stamp(workbook.sheets[code[0]].cells[code[1]].text)
    forms = [known[stamp.form]] if stamp is not None and stamp.form in known else list(known.values())
    for form in forms:
        found |= find_by_labels(form.book.form, form.layout, workbook.sheets.values())
    taken = set(workbook.names.values())
    gone = workbook.lost | workbook.names.keys()
    back = {name: spot for name, spot in found.items() if name not in gone and spot not in taken}
    return replace(workbook, names={**workbook.names, **back}, found=frozenset(back))


def _form_of(workbook: Workbook, known: Mapping[str, Known]) -> tuple[Known, Stamp | None]:
    """The form a workbook is of and its form code, None where that was tampered with; Refused where it is of no known
    form, or of another version."""
    text = workbook.text("form.code")
    stamp = parse_stamp(text)
    if stamp is None:
        whole = [form for form in known.values() if all(str(key) in workbook.names for key in form.book.typed)]
        if len(whole) == 1:
            return whole[0], None
        told = f"表单编号「{text[:60]}」被改动过，核对不上" if text else "没有表单编号"
        raise Refused("wrong-form", f"这不是下发的报表：{told}。", _FILL_IN_ISSUED)
    if stamp.form not in known:
        raise Refused("wrong-form", f"这是另一种报表（{stamp.form}）。", _FILL_IN_ISSUED)
    form = known[stamp.form].book.form
    if stamp.version != form.version:
        message = f"报表版本是 {stamp.version}，现在用的是 {form.version}。"
        raise Refused("wrong-version", message, "请改用今年下发的工作簿填报，不要沿用往年的。")
    return known[stamp.form], stamp


class _Intake:
    """One workbook of a known form being taken in."""

    def __init__(self, known: Known, workbook: Workbook, source: Source, stamp: Stamp | None) -> None:
        self._known, self._workbook, self._source = known, workbook, source
        self._issued, self._stamp = stamp, stamp or Stamp("", 0, None, "")
        self._problems: list[Problem] = []
        if stamp is None:
            told = f"表单编号「{self._text('form.code')[:60]}」被改动过，核对不上；数字仍予读取。"
            self._cover("wrong-form", "form.code", told, "请单位核实是不是下发给它的工作簿，恢复原编号或重新填报。")

    def submission(self, *, is_old: bool) -> Submission:
        """Everything the workbook says, with what is wrong in reading it (not yet in its figures).

        A workbook in an old format never has names; that its cells were found by labels is told with the format.
        """
        book, form = self._known.book, self._known.book.form
        agency, year = self._agency(), self._year()
        self._tell_finding(is_old=is_old)
        self._check_sheets()
        declared = tuple(table.name for table in form.tables if self._text(f"{table.name}.blanks_are_zero") == YES)
        figures = self._read_tables(() if self._workbook.hides_errors else declared)
        prior = {key: figures.values[key] for key in self._known.book.prior if key in figures.values}
        return Submission(
            book=book,
            source=self._source,
            agency=agency,
            year=year,
            values=compute(book, figures.values) | prior,
            problems=tuple(self._problems),
            places=figures.places,
            overwritten=figures.overwritten,
            notes=figures.notes,
            declared_zero=declared,
            narrative={field.name: self._text(f"narrative.{field.name}") for field in form.narratives},
            explanations=self._filled({rule.id: f"explain.{rule.id}" for rule in form.rules if rule.explainable}),
            remarks=self._filled({table.name: f"{table.name}.remarks" for table in form.tables}),
            people={field.name: self._text(f"people.{field.name}") for field in form.people},
            stamp=self._issued,
            raws=figures.raws,
            blanks=tuple(figures.blanks),
        )

    def _read_tables(self, declared: tuple[str, ...]) -> Figures:
        """The figures of all tables together, blanks settled; their problems are kept with the others."""
        whole = Figures(self._source.file)
        spots: list[Mapping[Key, Spot]] = []
        for table in self._known.tables:
            figures = read_figures(self._known.book, table, self._workbook, self._source.file)
            is_declared = table.plan.table.name in declared
            self._problems += figures.problems
            self._settle_blanks(figures, is_declared, table.plan.sheet)
            whole.values |= figures.values
            whole.overwritten |= figures.overwritten
            whole.notes |= figures.notes
            whole.raws |= figures.raws
            whole.blanks += figures.blanks if is_declared else []
            spots.append(figures.spots)
        are_as_issued = all(each is table.spots for each, table in zip(spots, self._known.tables, strict=True))
        whole.spots = self._known.spots if are_as_issued else {key: at for each in spots for key, at in each.items()}
        self._check_validations(whole)
        return whole

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

    def _tell_finding(self, *, is_old: bool) -> None:
        """Say how cells were found where it was not by their names."""
        if is_old:
            where = Where(self._source.file)
            message = "这是旧格式（.xls、.et）或 .ods 工作簿，已按标签读取；其中的公式、保护和填写限制看不到。"
            hint = "不必处理；下次请直接在下发的 .xlsx 工作簿里填报。"
            if self._workbook.hides_errors:
                message += "有的格是错误值，读出来与空白无异，所以空白格不作 0 计。"
                hint = "请用 Excel 或 WPS 打开原文件，改正错误值，另存为 .xlsx 后再报送。"
            self._problems.append(Problem(where, "old-format", Severity.NOTICE, message, hint))
        elif self._workbook.found:
            found = self._workbook.found
            keys = [key for key in self._known.layout.cells if str(key) in found]
            first = self._workbook.names[str(keys[0]) if keys else min(found)]
            message = f"工作簿里有 {len(found)} 个名称丢失，相应的格按标签找到，已照常读取。"
            hint = "请核对数字；下次请直接在下发的工作簿里填报。"
            self._warn("cells-moved", Where(self._source.file, *first), message, hint, keys)

    def _check_sheets(self) -> None:
        bare = [name for name, sheet in self._workbook.sheets.items() if sheet.protected is False]
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

    def _check_validations(self, figures: Figures) -> None:
        known, read = self._known, figures.values
        typed = known.typed
        if figures.spots is not known.spots or not all(map(read.__contains__, known.book.typed)):
            typed = by_cell({key: spot for key in known.book.typed if key in read and (spot := figures.spots.get(key))})
        bare = {sheet: self._workbook.sheets[sheet].without_validation(tuple(cells)) for sheet, cells in typed.items()}
        lost = {sheet: [key for cell in cells for key in typed[sheet][cell]] for sheet, cells in bare.items() if cells}
        if lost:
            places = figures.places
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
