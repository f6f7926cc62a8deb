"""Form x submission -> problems: every rule, on every row and column, all of them at once."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from toolkit.audit.checks import Check, Outcome, Terms, Values, Verdict, judge
from toolkit.audit.claims import contradictions
from toolkit.audit.formulas import signed
from toolkit.audit.numbers import printed
from toolkit.audit.submission import Submission
from toolkit.form.model import Item, Key, Rule
from toolkit.problems import Problem, Severity

_COMPARISONS = {"=": "应等于", "<=": "应不大于", ">=": "应不小于"}
_LISTED_TERMS = 4


def audited(submission: Submission) -> Submission:
    """The submission with the problems of its figures, and of its prose beside them, added to those of its reading,
    table by table as printed; what is of no table comes first."""
    order = {table.name: at for at, table in enumerate(submission.book.form.tables)}
    problems = (*submission.problems, *validate(submission), *contradictions(submission))
    return replace(submission, problems=tuple(sorted(problems, key=lambda each: _table_index(each, order))))


def validate(submission: Submission) -> Iterator[Problem]:
    """Every rule that is broken, and every computed cell that was typed over with another number.

    A check on computed cells only (the total column's balance) is not told where one of its rule on typed cells is
    broken: it follows from that one, and one mistake is told once.
    """
    for rule in submission.book.form.rules:
        if not rule.computes:
            for outcome in _causes(submission, rule):
                yield _broken(outcome, submission)
    for key, typed in submission.overwritten.items():
        expected = submission.values[key]
        if expected is not None and typed != expected:
            outcome = Outcome(submission.book.computed[key], Verdict.BROKEN, typed, expected)
            yield _overwritten(key, outcome, submission)


def short_label(submission: Submission, key: Key) -> str:
    """How messages call a cell: its row and its column, `一、本年新收·自然人`."""
    return submission.book.cells[key.current].label


def _table_index(problem: Problem, order: Mapping[str, int]) -> int:
    return order[problem.keys[0].partition(".")[0]] if problem.keys else -1


def _causes(submission: Submission, rule: Rule) -> list[Outcome]:
    outcomes = [judge(check, submission.values) for check in submission.book.checks_of(rule)]
    broken = [outcome for outcome in outcomes if outcome.verdict is Verdict.BROKEN]
    computed = submission.book.computed
    own = [outcome for outcome in broken if any(not key.is_prior and key not in computed for key in outcome.check.keys)]
    return own or broken


def _broken(outcome: Outcome, submission: Submission) -> Problem:
    check, rule = outcome.check, outcome.check.rule
    explanation = submission.explanations.get(rule.id, "")
    first = check.left[0][1]
    where = submission.place_of(first)
    message = f"{where}（{short_label(submission, first)}）：{_arithmetic(outcome, submission.values, submission)}。"
    judged_left = len(check.left) == 1
    return Problem(
        where=where,
        code=rule.id,
        severity=Severity.WARNING if explanation else rule.severity,
        message=message + (f"单位说明：{explanation}" if explanation else ""),
        hint="请核对单位的说明是否成立。" if explanation else rule.hint,
        keys=tuple(str(key) for key in check.keys),
        expected=outcome.right if judged_left else outcome.left,
        found=outcome.left if judged_left else outcome.right,
    )


def _overwritten(key: Key, outcome: Outcome, submission: Submission) -> Problem:
    where = submission.place_of(key)
    arithmetic = _arithmetic(outcome, {**submission.values, key: outcome.left}, submission)
    return Problem(
        where=where,
        code="total-overwritten",
        severity=Severity.ERROR,
        message=f"{where}（{short_label(submission, key)}）：合计格被改填为数字，{arithmetic}。",
        hint=outcome.check.rule.hint,
        keys=tuple(str(key) for key in outcome.check.keys),
        expected=outcome.right,
        found=outcome.left,
    )


def _arithmetic(outcome: Outcome, values: Values, submission: Submission) -> str:
    """`一、本年新收 3 + 二、上年结转 1 = 4，应等于（七）总计 2 + 四、结转下年度 1 = 3，差 +1`."""
    check = outcome.check
    left = _told(check, check.left, values, submission)
    right = _told(check, check.right, values, submission)
    return f"{left}，{_COMPARISONS[check.op]}{right}，差 {signed(outcome.difference)}"


def _told(check: Check, terms: Terms, values: Values, submission: Submission) -> str:
    total = sum((value * sign for sign, key in terms if (value := values.get(key)) is not None), Decimal(0))
    if len(terms) > _LISTED_TERMS:
        first, last = _named(check, terms[0][1], submission), _named(check, terms[-1][1], submission)
        return f"{first}至{last}共 {len(terms)} 项之和 {printed(total)}"
    words = [
        f"{_sign(sign, at)}{_named(check, key, submission)} {printed(values.get(key))}"
        for at, (sign, key) in enumerate(terms)
    ]
    return "".join(words) if len(terms) == 1 else f"{''.join(words)} = {printed(total)}"


def _sign(sign: int, at: int) -> str:
    if at == 0:
        return "" if sign > 0 else "−"
    return " + " if sign > 0 else " − "


def _named(check: Check, key: Key, submission: Submission) -> str:
    cell = submission.book.cells[key.current]
    item: Item = cell.row if check.rule.each == "column" else cell.column
    return ("上年" if key.is_prior else "") + item.short
