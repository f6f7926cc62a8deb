"""A form definition (TOML text) -> Form, or every mistake in it at once, each with its line and a way out."""

import re
import tomllib
from collections import Counter

from toolkit.form.model import Axis, Block, Field, Form, Group, Item, Table
from toolkit.form.ruling import parse_rules
from toolkit.form.section import Mistakes, Section, nearest
from toolkit.form.source import line_index
from toolkit.problems import Problem, Severity, Where

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", re.ASCII)
_WORD = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_FORM_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}", re.ASCII)
_SHEET = re.compile(r"[^\[\]:*?/\\'\s=+\-!(){},;&<>\"]{1,31}")
_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


def parse_form(text: str, file: str) -> Form | tuple[Problem, ...]:
    """The form a definition declares; where it has mistakes, all of them. `file` is how messages call it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return (_syntax_mistake(str(error), text, file),)
    mistakes = Mistakes(file, line_index(text))
    form = _form(Section(data, (), mistakes))
    return form if not mistakes.problems else tuple(sorted(mistakes.problems, key=lambda found: found.where.line or 0))


def _syntax_mistake(message: str, text: str, file: str) -> Problem:
    match = _AT_LINE.search(message)
    line = int(match[1]) if match and match[1] else text.count("\n") + 1
    place = f"第 {match[2]} 个字符附近" if match and match[2] else "末尾"
    told = f"不是合法的 TOML：{place}写错（{message.split(' (at ')[0]}）"
    return Problem(Where(file, line=line), "definition", Severity.ERROR, told, "请检查引号、括号和逗号是否成对。")


def _form(top: Section) -> Form:
    code = top.text("code")
    if code and not _FORM_CODE.fullmatch(code):
        top.wrong("code", f"code 是「{code}」", "请用 2 到 12 个大写字母和数字，以字母开头。")
    tables = tuple(_table(section) for section in top.sections("table", required=True))
    _unique(top, "table", [table.name for table in tables], "表名")
    _unique(top, "table", [table.sheet for table in tables], "工作表名")
    form = Form(
        id=top.text("id"),
        code=code,
        version=top.whole("version"),
        title=top.text("title"),
        authority=top.text("authority", ""),
        first_year=top.whole("first_year", 2000),
        tables=tables,
        rules=parse_rules(top, tables),
        narratives=tuple(_field(section, 250) for section in top.sections("narrative")),
        people=tuple(_field(section, 250) for section in top.sections("people")),
        instructions=top.texts("instructions"),
    )
    _unique(top, "rule", [rule.id for rule in form.rules], "规则编号")
    _unique(top, "narrative", [field.name for field in form.narratives], "名称")
    _unique(top, "people", [field.name for field in form.people], "名称")
    top.finish()
    return form


def _table(section: Section) -> Table:
    name = _name(section, _WORD)
    if name in ("prior", "agency", "report", "form", "people", "narrative", "explain"):
        section.wrong("name", f"表名不能是 {name}", "这个名称另有用途，请换一个。")
    sheet = section.text("sheet")
    if sheet and not _SHEET.fullmatch(sheet):
        section.wrong("sheet", f"工作表名「{sheet}」不能用", "请用不超过 31 个汉字、字母或数字，不带空格和标点。")
    side_by_side = section.flag("side_by_side")
    blocks = tuple(_block(block) for block in section.sections("block", required=True))
    if side_by_side and len(blocks) > 1:
        section.wrong("block", "side_by_side 的表只能有一个 block", "请把各 block 拆成几张表。")
    table = Table(
        name=name,
        title=section.text("title"),
        sheet=sheet,
        short=section.text("short", sheet),
        blocks=blocks,
        side_by_side=side_by_side,
        label_widths=section.wholes("label_widths"),
        data_width=section.whole("data_width", 12, most=100),
        line=section.line,
    )
    _check_label_widths(section, table)
    _unique(section, "block", [str(key) for key, _, _ in table.cells()], "单元格")
    section.finish()
    return table


def _check_label_widths(section: Section, table: Table) -> None:
    wanted = (
        0 if table.side_by_side else max((block.rows.depth for block in table.blocks if block.rows.items), default=1)
    )
    if table.blocks and len(table.label_widths) != wanted:
        found = len(table.label_widths)
        section.wrong("label_widths", f"label_widths 有 {found} 个数，行标签有 {wanted} 层", f"请写 {wanted} 个列宽。")


def _block(section: Section) -> Block:
    block = Block(
        title=section.text("title", ""),
        corner=section.text("corner", ""),
        rows=_axis(section, "rows", "row_groups"),
        columns=_axis(section, "columns", "column_groups"),
    )
    section.finish()
    return block


def _axis(section: Section, items_name: str, groups_name: str) -> Axis:
    items = tuple(_item(item) for item in section.sections(items_name, required=True))
    _unique(section, items_name, [item.name for item in items], "名称")
    axis = Axis(items)
    groups = tuple(group for part in section.sections(groups_name) if (group := _group(part, axis)) is not None)
    for index, group in enumerate(groups):
        for outer in groups[:index]:
            apart = group.last < outer.first or group.first > outer.last
            inside = outer.first <= group.first and group.last <= outer.last
            if not apart and not inside:
                section.wrong(
                    groups_name, f"「{group.label}」与「{outer.label}」交叉", "外层的分组请写在前面，并包住内层。"
                )
    return Axis(items, groups) if items else Axis((Item("missing", "", ""),))


def _item(section: Section) -> Item:
    label = section.text("label")
    item = Item(
        name=_name(section, _NAME),
        label=label,
        short=section.text("short", label),
        aliases=section.texts("aliases"),
        decimals=section.whole("decimals", 0, most=9),
        line=section.line,
    )
    section.finish()
    return item


def _group(section: Section, axis: Axis) -> Group | None:
    label, over, aliases = section.text("label"), section.text("over"), section.texts("aliases")
    section.finish()
    first, _, last = over.partition("..")
    ends = [axis.index(first), axis.index(last or first)]
    for name, end in zip((first, last or first), ends, strict=True):
        if end is None and over:
            section.wrong("over", f"over 里的 {name} 不在这一轴上", nearest(name, [item.name for item in axis.items]))
    if ends[0] is None or ends[1] is None:
        return None
    if ends[0] > ends[1]:
        section.wrong("over", f"over = {over} 前后颠倒", "请把先印的写在前面。")
    return Group(label, ends[0], ends[1], aliases)


def _field(section: Section, most: int) -> Field:
    prompt = section.text("prompt", "")
    if len(prompt) > most:
        section.wrong("prompt", f"prompt 有 {len(prompt)} 个字", f"请缩短到 {most} 字以内，表格的提示框装不下。")
    field = Field(_name(section, _WORD), section.text("label"), prompt)
    section.finish()
    return field


def _name(section: Section, pattern: re.Pattern[str]) -> str:
    name = section.text("name")
    if name and not pattern.fullmatch(name):
        section.wrong("name", f"名称「{name}」不能用", "请用小写字母、数字和下划线，以字母开头。")
    return name


def _unique(section: Section, field: str, names: list[str], what: str) -> None:
    for name, count in Counter(names).items():
        if count > 1 and name:
            section.wrong(field, f"{what} {name} 用了 {count} 次", "请改成各不相同的名称。")
