"""The `[[rule]]` sections of a definition -> Rules, their names resolved against the tables."""

import re
from collections.abc import Iterator
from typing import Literal

from toolkit.form.equation import Equation, EquationError, caret, parse_equation
from toolkit.form.model import Axis, Block, Rule, Table
from toolkit.form.section import Section, nearest
from toolkit.problems import Severity

_SEVERITIES = (Severity.ERROR, Severity.WARNING)
_NOTHING = Equation((), "=", (), "")


def parse_rules(top: Section, tables: tuple[Table, ...]) -> tuple[Rule, ...]:
    """Every declared rule; mistakes go to the section they stand in."""
    by_name = {table.name: table for table in tables}
    sections = top.sections("rule")
    rules = tuple(_rule(section, by_name) for section in sections)
    _report_circles(sections, rules, by_name)
    return rules


def blocks_of(rule: Rule, table: Table) -> Iterator[tuple[Block, Axis, Axis]]:
    """Every block that has all the rule's names, with the axis its equation names and the axis it runs along."""
    names = set(_names(rule.equation))
    for block in table.blocks:
        named, along = (block.rows, block.columns) if rule.each == "column" else (block.columns, block.rows)
        if names <= {item.name for item in named.items}:
            yield block, named, along


def _rule(section: Section, tables: dict[str, Table]) -> Rule:
    table_name = section.choice("table", tables)
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
    if rule.id and not re.fullmatch(re.escape(table_name) + r"\.[a-z][a-z0-9_]*", rule.id):
        section.wrong("id", f"规则编号「{rule.id}」不能用", f"请写成 {table_name}.名称，名称用小写字母和下划线。")
    if table_name in tables and rule.equation is not _NOTHING:
        _check_names(section, rule, tables[table_name])
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
            f"等式写错：{error}\n{caret(text, error.at)}",
            "请按“甲 + 乙 = 丙 - 丁”的样子写，可用 a..b 表示一段之和。",
        )
        return _NOTHING


def _check_names(section: Section, rule: Rule, table: Table) -> None:
    axes = [block.rows if rule.each == "column" else block.columns for block in table.blocks]
    known = {item.name for axis in axes for item in axis.items}
    text, sound = rule.equation.text, True
    for term in (*rule.equation.left, *rule.equation.right):
        for name in (term.first, term.last):
            if name is not None and name not in known:
                section.wrong("holds", f"表 {table.name} 里没有 {name}\n{caret(text, term.at)}", nearest(name, known))
                sound = False
    if not sound:
        return
    applied = list(blocks_of(rule, table))
    if not applied:
        section.wrong("holds", "等式里的名称不在同一个 block 里，这条规则用不到任何一格", "请只用同一个 block 的名称。")
    for _, named, _ in applied:
        _check_runs(section, rule.equation, named)
    if rule.computes and not _computes_one(rule.equation):
        section.wrong(
            "holds", "computes 的规则左边只能是一个名称，中间是等号，且不含上年数", "请写成“合计 = 甲 + 乙”的样子。"
        )


def _check_runs(section: Section, equation: Equation, axis: Axis) -> None:
    for term in (*equation.left, *equation.right):
        first, last = axis.index(term.first), axis.index(term.last or term.first)
        if first is not None and last is not None and first > last:
            told = f"{term.first}..{term.last} 前后颠倒\n{caret(equation.text, term.at)}"
            section.wrong("holds", told, f"请写成 {term.last}..{term.first}。")


def _computes_one(equation: Equation) -> bool:
    plain = len(equation.left) == 1 and equation.left[0].last is None and equation.left[0].sign == 1
    return plain and equation.op == "=" and not any(term.prior for term in (*equation.left, *equation.right))


def _names(equation: Equation) -> Iterator[str]:
    for term in (*equation.left, *equation.right):
        yield term.first
        if term.last is not None:
            yield term.last


def _report_circles(sections: list[Section], rules: tuple[Rule, ...], tables: dict[str, Table]) -> None:
    """A computed item may not depend on itself, on the way through other computed items either."""
    for section, rule in zip(sections, rules, strict=True):
        if not rule.computes or not _computes_one(rule.equation) or rule.table not in tables:
            continue
        reached, ahead = set[str](), [rule]
        while ahead:
            found = _summed(ahead.pop(), tables) - reached
            ahead += [other for other in rules if _defines_one_of(other, rule, found)]
            reached |= found
        target = rule.equation.left[0].first
        if target in reached:
            section.wrong("holds", f"{target} 由自己算出，成了循环", "请检查各条 computes 规则的右边。")


def _summed(rule: Rule, tables: dict[str, Table]) -> set[str]:
    return {
        item.name
        for _, named, _ in blocks_of(rule, tables[rule.table])
        for term in rule.equation.right
        for item in named.run(term.first, term.last)
    }


def _defines_one_of(rule: Rule, beside: Rule, names: set[str]) -> bool:
    same_axis = (rule.table, rule.each) == (beside.table, beside.each)
    return rule.computes and same_axis and _computes_one(rule.equation) and rule.equation.left[0].first in names
