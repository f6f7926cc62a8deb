"""The sheet of checks: every rule's live verdict in words, a link to its cell, a cell for the agency's explanation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from toolkit.audit.checks import Check, Rulebook, Values, judge
from toolkit.audit.formulas import NO_PRIOR, NOT_A_NUMBER, OFF, OPEN, check_formula, verdict_words
from toolkit.form.area import Area
from toolkit.form.layout import CHECKS, Layout
from toolkit.form.model import Rule
from toolkit.problems import Severity
from toolkit.workbook.drawing import define, height, lines, mark_verdicts, print_on_a4, put_formula, put_text
from toolkit.workbook.styles import Styles

ALL_WELL = "全部相符，可以报送"
_WIDTHS = (30, 50, 8, 14, 34)
_BAD = (OFF.strip(), NOT_A_NUMBER, "有误")
_PLACE, _WORDS, _SEVERITY, _VERDICT, _EXPLANATION = range(5)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet: where its severity and verdict stand and what they show."""

    row: int
    severity: Severity
    verdict: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines are wrong, worth a look, and still open."""

    errors: int
    warnings: int
    open: int

    @property
    def words(self) -> str:
        """The overall verdict, as the cover shows it."""
        if self.errors:
            return f"有 {self.errors} 处错误，请按“{CHECKS}”页改正"
        if self.open:
            return f"尚有 {self.open} 处待填"
        return f"相符，另有 {self.warnings} 处请核对或说明" if self.warnings else ALL_WELL


class CheckSheet:
    """The sheet in one workbook, drawn from the top down."""

    def __init__(
        self, workbook: xlsxwriter.Workbook, sheet: Worksheet, book: Rulebook, layout: Layout, styles: Styles
    ) -> None:
        self._workbook, self._sheet, self._book, self._layout, self._styles = workbook, sheet, book, layout, styles
        self._row = 0
        self._lines: list[Line] = []

    def draw(self, values: Values, counts: Mapping[str, str], explanations: Mapping[str, str], footer: str) -> None:
        """All of it; `counts` are the words on each table's typed cells."""
        self._head()
        self._draw_counts(counts)
        for rule in self._book.form.rules:
            self._draw_rule(rule, values, explanations.get(rule.id, ""))
        ranges = self._column(_VERDICT)
        mark_verdicts(self._sheet, ranges, ranges.split(":")[0], self._styles)
        print_on_a4(self._sheet, footer, landscape=True)
        self._sheet.repeat_rows(2)
        self._sheet.freeze_panes(3, 0)

    def tally(self) -> Tally:
        """What the lines drawn so far come to."""
        bad = [line for line in self._lines if line.verdict.startswith(_BAD)]
        errors = sum(line.severity is Severity.ERROR for line in bad)
        return Tally(errors, len(bad) - errors, sum(line.verdict.startswith(OPEN) for line in self._lines))

    def tally_formula(self) -> str:
        """The overall verdict, live, for another sheet."""
        verdicts, severities = (f"{CHECKS}!{self._column(column)}" for column in (_VERDICT, _SEVERITY))
        bad = "(" + "+".join(f'(LEFT({verdicts},{len(word)})="{word}")' for word in _BAD) + ")"
        errors = f'SUMPRODUCT({bad}*({severities}="{Severity.ERROR.label}"))'
        warnings = f'SUMPRODUCT({bad}*({severities}="{Severity.WARNING.label}"))'
        waiting = f'SUMPRODUCT((LEFT({verdicts},{len(OPEN)})="{OPEN}")*({severities}<>""))'
        return (
            f'=IF({errors}>0,"有 "&{errors}&" 处错误，请按“{CHECKS}”页改正",'
            f'IF({waiting}>0,"尚有 "&{waiting}&" 处待填",'
            f'IF({warnings}>0,"相符，另有 "&{warnings}&" 处请核对或说明","{ALL_WELL}")))'
        )

    def _area(self, column: int, last: int | None = None) -> Area:
        return Area(CHECKS, self._row, column, self._row, column if last is None else last)

    def _column(self, column: int) -> str:
        letter = "ABCDE"[column]
        return f"{letter}4:{letter}{self._row}"

    def _head(self) -> None:
        for column, width in enumerate(_WIDTHS):
            self._sheet.set_column(column, column, width)
        put_text(self._sheet, self._area(0, _EXPLANATION), "勾稽关系核对", self._styles.get("title"))
        self._sheet.set_row(0, height(2))
        self._row = 1
        note = "结论随填写自动变化：平、符合为相符；差 +3 为左边比右边多 3；待填为还有空白格。点“位置”可跳到该格。"
        put_text(self._sheet, self._area(0, _EXPLANATION), note, self._styles.get("side", align="left"))
        self._row = 2
        for column, text in enumerate(("位置", "勾稽关系", "级别", "结论", "说明（黄色格可填）")):
            put_text(self._sheet, self._area(column), text, self._styles.get("head"))
        self._row = 3

    def _draw_counts(self, counts: Mapping[str, str]) -> None:
        self._heading("数值", "各填报格：不小于 0 的整数（收费金额可有小数），不留空白", list(counts.values()))
        for plan in self._layout.tables:
            words = counts[plan.table.name]
            if plan.counts is not None:
                first = plan.cells[self._book.typed_in(plan.table.name)[0]]
                self._line(first, plan.table.short, Severity.ERROR, f"={plan.counts.absolute}", words)

    def _draw_rule(self, rule: Rule, values: Values, explanation: str) -> None:
        checks = self._book.checks_of(rule)
        words = [verdict_words(judge(check, values), values) for check in checks]
        explained = Area(CHECKS, self._row, _EXPLANATION, self._row, _EXPLANATION)
        self._heading(rule.title, rule.sentence, words)
        if rule.explainable:
            put_text(self._sheet, explained, explanation, self._styles.get("typed text"))
            self._sheet.data_validation(explained.range, {
                "validate": "any", "input_title": "说明", "input_message": "与勾稽关系不一致而确有原因的，在这里写明。",
            })  # fmt: skip
            define(self._workbook, f"explain.{rule.id}", explained)
        softened = rule.explainable and rule.severity is Severity.ERROR
        severity = Severity.WARNING if softened and explanation.strip() else rule.severity
        for check, verdict in zip(checks, words, strict=True):
            area = self._layout.cells[check.left[0][1]]
            self._line(area, self._called(check), severity, self._verdict_formula(check), verdict)
            if softened:
                formula = f'=IF(TRIM({explained.fixed})<>"","{Severity.WARNING.label}","{Severity.ERROR.label}")'
                self._row -= 1
                put_formula(self._sheet, self._area(_SEVERITY), formula, self._styles.get("centre"), severity.label)
                self._row += 1

    def _heading(self, title: str, sentence: str, words: list[str]) -> None:
        first, last = self._row + 2, self._row + 1 + len(words)
        put_text(self._sheet, self._area(_PLACE), title, self._styles.get("rule"))
        put_text(self._sheet, self._area(_WORDS), sentence, self._styles.get("rule"))
        put_text(self._sheet, self._area(_SEVERITY), "", self._styles.get("rule"))
        put_formula(
            self._sheet,
            self._area(_VERDICT),
            _summary_formula(f"D{first}:D{last}"),
            self._styles.get("rule verdict"),
            _summary(words),
        )
        put_text(self._sheet, self._area(_EXPLANATION), "", self._styles.get("rule"))
        self._sheet.set_row(self._row, height(lines(sentence, _WIDTHS[_WORDS])))
        self._row += 1

    def _line(self, target: Area, called: str, severity: Severity, formula: str, words: str) -> None:
        link = f"internal:'{target.sheet}'!{target.cell}"
        self._sheet.write_url(
            self._row, _PLACE, link, self._styles.get("link"), f"{target.sheet} {target.cell}", "跳到该格"
        )
        put_text(self._sheet, self._area(_WORDS), called, self._styles.get("label", indent=1))
        put_text(self._sheet, self._area(_SEVERITY), severity.label, self._styles.get("centre"))
        put_formula(self._sheet, self._area(_VERDICT), formula, self._styles.get("verdict line"), words)
        put_text(self._sheet, self._area(_EXPLANATION), "", self._styles.get("label"))
        self._lines.append(Line(self._row, severity, words))
        self._row += 1

    def _called(self, check: Check) -> str:
        return f"{check.rule.title}·{check.along.short}"

    def _verdict_formula(self, check: Check) -> str:
        plan = self._layout.plan(check.rule.table)
        shown = plan.verdicts.get((check.rule.id, check.along.name))
        if shown is not None:
            return f"={shown.absolute}"
        zero = None if plan.declaration is None else plan.declaration.absolute
        return check_formula(check, lambda key: f"{plan.sheet}!{self._layout.cells[key].cell}", zero=zero)


def _summary_formula(verdicts: str) -> str:
    """A rule's verdict from its lines'."""
    bad = "SUMPRODUCT(" + "+".join(f'(LEFT({verdicts},{len(word)})="{word}")' for word in _BAD) + ")"
    waiting = f'SUMPRODUCT(--(LEFT({verdicts},{len(OPEN)})="{OPEN}"))'
    no_prior = f'SUMPRODUCT(--({verdicts}="{NO_PRIOR}"))'
    return (
        f'=IF({bad}>0,"不符 "&{bad}&" 处",IF({waiting}>0,"{OPEN} "&{waiting}&" 处",'
        f'IF({no_prior}=ROWS({verdicts}),"{NO_PRIOR}","相符")))'
    )


def _summary(words: Iterable[str]) -> str:
    """What that formula shows."""
    shown = list(words)
    bad = sum(word.startswith(_BAD) for word in shown)
    waiting = sum(word.startswith(OPEN) for word in shown)
    if bad:
        return f"不符 {bad} 处"
    if waiting:
        return f"{OPEN} {waiting} 处"
    return NO_PRIOR if all(word == NO_PRIOR for word in shown) else "相符"
