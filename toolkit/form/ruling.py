"""The `[[rule]]` sections of a definition -> Rules, their names resolved against the tables."""

import re
from collections.abc import Iterator
from typing import Literal

from toolkit.form.equation import Equation, EquationError, caret, parse_equation
from toolkit.form.model import Axis, Block, Rule, Table
from toolkit.form.section import Section, nearest
from toolkit.problems import Severity

_SEVERITIES = (Severity.ERROR, Severity.WARNING)
_PART = r"\.[a-z][a-z0-9_]{0,59}"
_NOTHING = Equation((), "=", (), "")


def parse_rules(top: Section, tables: tuple[Table, ...]) -> tuple[Rule, ...]:
    """Every declared rule; mistakes go to the section they stand in."""
    by_name = {table.name: table for table in reversed(tables)}
    sections = top.sections("rule")
    rules = tuple(_rule(section, by_name) for section in sections)
    computing = [
        (section, rule)
        for section, rule in zip(sections, rules, strict=True)
        if rule.computes and section.is_sound() and rule.table in by_name
    ]
    for index, (section, rule) in enumerate(computing):
        _report_second(section, rule, [other for _, other in computing[:index]])
        _report_circle(section, rule, [other for _, other in computing], by_name[rule.table])
    return rules


def blocks_of(rule: Rule, table: Table) -> Iterator[tuple[Block, Axis, Axis]]:
    """Every block that has all the rule's names, with the axis its equation names and the axis it runs along."""
    names = set(_names(rule.equation))
    for block in table.blocks:
        named, along = (block.rows, block.columns) if rule.each == "column" else (block.columns, block.rows)
        if names <= {item.name for item in named.items}:
            yield block, named, along


def _rule(section: Section, tables: dict[str, Table]) -> Rule:
    table_name = section.text("table")
    if table_name and tables and table_name not in tables:
        section.wrong("table", f"没有名为「{table_name}」的表", nearest(table_name, tables))
    each: Literal["row", "column"] = "row" if section.choice("each", ["row", "column"]) == "row" else "column"
    rule = Rule(
        id=section.text("id"),
        table=table_name,
        each=each,
        equation=_equation(section),
        severity=_SEVERITIES[section.choice("severity", list(_SEVERITIES)) == Severity.WARNING],
        title=section.text("title"),
        sentence=section.text("sentence"),
        hint=section.text("hint"),
        computes=section.flag("computes"),
        explainable=section.flag("explainable"),
        line=section.line,
    )
    if rule.id and table_name in tables and not re.fullmatch(re.escape(table_name) + _PART, rule.id):
        hint = f"请写成 {table_name}.名称；名称用小写英文字母、数字和下划线，以字母开头。"
        section.wrong("id", f"规则编号「{rule.id}」不能用", hint)
    if table_name in tables and section.is_sound("each") and rule.equation is not _NOTHING:
        _check_equation(section, rule, tables[table_name])
    section.finish()
    return rule


def _equation(section: Section) -> Equation:
    text = section.text("holds")
    if not text:
        return _NOTHING
    try:
        return parse_equation(text)
    except EquationError as error:
        section.wrong(
            "holds",
            f"等式写错，{error}：\n{caret(text, error.at)}",
            "请照 a + b = c - d 的样子写；a..c 是从 a 到 c 各项之和，prior.a 是上年的 a。",
        )
        return _NOTHING


def _check_equation(section: Section, rule: Rule, table: Table) -> None:
    if not _names_are_known(section, rule, table):
        return
    applied = list(blocks_of(rule, table))
    if not applied:
        told = "等式里的名称不在同一个 block 里，这条规则用不到任何一格"
        section.wrong("holds", told, "请只用同一个 block 的名称。")
    elif rule.each == "column" and len(applied) > 1:
        told = f'each = "column" 的规则用到了 {len(applied)} 个 block，核对结果没有地方放'
        section.wrong("holds", told, "请给各 block 的行取不同的名称，每个 block 写一条规则。")
    for _, named, _ in applied[:1]:
        _check_runs(section, rule.equation, named)
    if all(term.prior for term in (*rule.equation.left, *rule.equation.right)):
        section.wrong("holds", "等式里全是上年的数，与今年填的无关", "请至少写一个不带 prior 的名称。")
    if rule.computes and not _computes_one(rule.equation):
        told = "computes = true 的规则，左边只能是一个名称，中间是等号，两边不含 prior"
        section.wrong("holds", told, "请照 total = a + b 的样子写。")


def _names_are_known(section: Section, rule: Rule, table: Table) -> bool:
    rows = {item.name for block in table.blocks for item in block.rows.items}
    columns = {item.name for block in table.blocks for item in block.columns.items}
    what, known, others = ("行", rows, columns) if rule.each == "column" else ("列", columns, rows)
    unknown = [
        (name, term.at if name == term.first else term.at_last)
        for term in (*rule.equation.left, *rule.equation.right)
        for name in (term.first, term.last)
        if name is not None and name not in known
    ]
    for name, at in unknown:
        told = f"表 {table.name} 里没有名为 {name} 的{what}：\n{caret(rule.equation.text, at)}"
        hint = f'each = "{rule.each}" 的规则里写{what}的名称。' if name in others else nearest(name, known)
        section.wrong("holds", told, hint)
    return not unknown


def _check_runs(section: Section, equation: Equation, axis: Axis) -> None:
    for term in (*equation.left, *equation.right):
        first, last = axis.index(term.first), axis.index(term.last or term.first)
        if first is not None and last is not None and first > last:
            told = f"{term.first}..{term.last} 前后颠倒：\n{caret(equation.text, term.at)}"
            section.wrong("holds", told, f"请写成 {term.last}..{term.first}。")


def _computes_one(equation: Equation) -> bool:
    plain = len(equation.left) == 1 and equation.left[0].last is None and equation.left[0].sign == 1
    return plain and equation.op == "=" and not any(term.prior for term in (*equation.left, *equation.right))


def _names(equation: Equation) -> Iterator[str]:
    for term in (*equation.left, *equation.right):
        yield term.first
        if term.last is not None:
            yield term.last


def _report_second(section: Section, rule: Rule, before: list[Rule]) -> None:
    """An item is computed by one rule only."""
    target = _target(rule)
    for other in before:
        if (other.table, other.each, _target(other)) == (rule.table, rule.each, target):
            told = f"{target} 已由第 {other.line} 行的规则 {other.id} 算出"
            section.wrong("holds", told, "请删去其中一条，或去掉这一条的 computes。")


def _report_circle(section: Section, rule: Rule, computing: list[Rule], table: Table) -> None:
    """A computed item may not depend on itself, on the way through other computed items either."""
    beside = [other for other in computing if (other.table, other.each) == (rule.table, rule.each)]
    reached, ahead = set[str](), [rule]
    while ahead:
        found = _summed(ahead.pop(), table) - reached
        ahead += [other for other in beside if _target(other) in found]
        reached |= found
    if _target(rule) in reached:
        section.wrong("holds", f"{_target(rule)} 由自己算出，成了循环", "请检查各条 computes 规则的右边。")


def _summed(rule: Rule, table: Table) -> set[str]:
    return {
        item.name
        for _, named, _ in blocks_of(rule, table)
        for term in rule.equation.right
        for item in named.run(term.first, term.last)
    }


def _target(rule: Rule) -> str:
    return rule.equation.left[0].first
