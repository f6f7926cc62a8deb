"""A form definition (TOML text) -> Form, or every mistake in it at once, each with its line and a way out."""

import re
from dataclasses import replace

from toolkit.form.charts import parse_charts
from toolkit.form.claims import parse_prose
from toolkit.form.layout import CHECKS, COVER, NARRATIVES
from toolkit.form.model import Axis, Block, Field, Form, Group, Item, Key, Table
from toolkit.form.ruling import parse_rules
from toolkit.form.section import Mistakes, Section, nearest
from toolkit.form.toml import Broken, load_toml
from toolkit.form.wording import Wording, parse_wording
from toolkit.problems import Problem, Severity, Where

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", re.ASCII)
_WORD = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_FORM_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}", re.ASCII)
_SHEET = re.compile(r"[^\W\d]\w{0,30}")
_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*([Cc][0-9]*)?|[Cc][0-9]*")
_LONGEST_NAME, _LONGEST_PROMPT = 60, 250
_RESERVED = ("prior", "agency", "report", "form", "people", "narrative", "explain")


def parse_form(text: str, file: str) -> Form | tuple[Problem, ...]:
    """The form a definition declares; where it has mistakes, all of them. `file` is how messages call it."""
    loaded = load_toml(text)
    if isinstance(loaded, Broken):
        where = Where(file, line=loaded.line)
        return (Problem(where, "definition", Severity.ERROR, loaded.message, loaded.hint),)
    data, lines = loaded
    mistakes = Mistakes(file, lines)
    form = _form(Section(data, (), mistakes))
    if form.sentences and form.tables and mistakes.is_sound_at(("table",)):
        mistakes.problems += _sentence_mistakes(form, text, file, mistakes.line(("sentences",)))
    return form if not mistakes.problems else tuple(sorted(mistakes.problems, key=lambda found: found.where.line or 0))


def _form(top: Section) -> Form:
    code = top.text("code")
    if code and not _FORM_CODE.fullmatch(code):
        top.wrong("code", f"code「{code}」不能用", "请用 2 到 12 个大写字母和数字，以字母开头。")
    tables = tuple(_table(section) for section in top.sections("table", required=True))
    _unique(top, "table", [table.name for table in tables], "表名")
    _unique(top, "table", [table.sheet.casefold() for table in tables], "工作表名", "sheet")
    form = Form(
        id=top.text("id"),
        code=code,
        version=top.whole("version"),
        title=top.text("title"),
        authority=top.text("authority", ""),
        first_year=top.whole("first_year", 2000),
        tables=tables,
        rules=parse_rules(top, tables),
        narratives=tuple(_field(section) for section in top.sections("narrative")),
        people=tuple(_field(section) for section in top.sections("people")),
        instructions=top.texts("instructions"),
        charts=parse_charts(top, tables),
        sentences=top.text("sentences", ""),
        prose=parse_prose(top, tables),
    )
    _unique(top, "rule", [rule.id for rule in form.rules], "规则编号", "id")
    _unique(top, "chart", [chart.id for chart in form.charts], "图的编号", "id")
    _unique(top, "narrative", [field.name for field in form.narratives], "名称")
    _unique(top, "people", [field.name for field in form.people], "名称")
    top.finish()
    return form


def _sentence_mistakes(form: Form, text: str, file: str, line: int) -> tuple[Problem, ...]:
    """The mistakes of the sentences, whose key stands on this line of a definition."""
    rows = text.split("\n")
    begins_below = rows[line - 1].partition("=")[2].lstrip().rstrip("\r") in ('"""', "'''")
    cells = (key for table in form.tables for key, _, _ in table.cells())
    found = parse_wording(form.sentences, file, cells, line + begins_below)
    if isinstance(found, Wording):
        return ()
    last = len(rows)
    return tuple(replace(each, where=Where(file, line=min(each.where.line or line, last))) for each in found)


def _table(section: Section) -> Table:
    name = _name(section, _WORD)
    if name in _RESERVED:
        section.wrong("name", f"表名不能是 {name}，它另有用途", "请换一个名称。")
    sheet = _sheet(section)
    side_by_side = section.flag("side_by_side")
    blocks = tuple(_block(block) for block in section.sections("block", required=True))
    if side_by_side and len(blocks) > 1:
        section.wrong(
            ("block", 1), f"side_by_side 的表只能有一个 block，现有 {len(blocks)} 个", "请把各 block 拆成几张表。"
        )
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
    if section.is_sound():
        _check_label_widths(section, table)
        _check_cells(section, table)
    section.finish()
    return table


def _sheet(section: Section) -> str:
    sheet = section.text("sheet")
    if sheet in (COVER, NARRATIVES, CHECKS):
        section.wrong("sheet", f"工作表名不能是「{sheet}」，它另有用途", "请换一个名称。")
    elif sheet and (not _SHEET.fullmatch(sheet) or _CELL.fullmatch(sheet)):
        hint = "请用不超过 31 个汉字、字母或数字，不以数字开头，不带空格和标点，也不要像单元格地址。"
        section.wrong("sheet", f"工作表名「{sheet}」不能用", hint)
    return sheet


def _check_label_widths(section: Section, table: Table) -> None:
    wanted = 0 if table.side_by_side else max(block.rows.depth for block in table.blocks)
    if len(table.label_widths) != wanted:
        found = len(table.label_widths)
        told = "side_by_side 的表没有行标签列" if table.side_by_side else f"行标签有 {wanted} 层"
        hint = f"请写 {wanted} 个列宽，每层一个。" if wanted else "请删去 label_widths。"
        section.wrong("label_widths", f"label_widths 有 {found} 个数，{told}", hint)


def _check_cells(section: Section, table: Table) -> None:
    """No two blocks may have a cell of the same name."""
    seen: dict[str, int] = {}
    for index, block in enumerate(table.blocks):
        names = [
            str(Key(table.name, row.name, column.name)) for row in block.rows.items for column in block.columns.items
        ]
        repeated = [name for name in names if name in seen]
        if repeated:
            first = section.line_of("block", seen[repeated[0]])
            told = f"单元格 {repeated[0]} 与第 {first} 行的 block 重复"
            section.wrong(("block", index), told, "请给行或列换一个名称。")
        seen |= dict.fromkeys(names, index)


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
    groups: list[Group] = []
    for part in section.sections(groups_name):
        group = _group(part, axis)
        if group is not None:
            for outer in groups:
                _check_nesting(part, group, outer)
            groups.append(group)
    return Axis(items, tuple(groups)) if items else Axis((Item("missing", "", ""),))


def _check_nesting(section: Section, group: Group, outer: Group) -> None:
    apart = group.last < outer.first or group.first > outer.last
    inside = outer.first <= group.first and group.last <= outer.last
    if not apart and not inside:
        told = f"分组「{group.label}」与前面的「{outer.label}」交叉"
        section.wrong("over", told, "分组要么互不相交，要么一个包住另一个；外层的请写在前面。")


def _item(section: Section) -> Item:
    label = section.text("label")
    item = Item(
        name=_name(section, _NAME),
        label=label,
        short=section.text("short", label),
        aliases=section.texts("aliases"),
        decimals=section.whole("decimals", 0, most=9),
        reserved=section.text("reserved", ""),
        line=section.line,
    )
    section.finish()
    return item


def _group(section: Section, axis: Axis) -> Group | None:
    label, over, aliases = section.text("label"), section.text("over"), section.texts("aliases")
    section.finish()
    first, _, last = over.partition("..")
    ends = {name: axis.index(name) for name in (first, last or first)}
    for name, end in ends.items():
        if end is None and over:
            told = f"over 里的「{name}」不是这里的行或列"
            section.wrong("over", told, nearest(name, [item.name for item in axis.items]))
    start, end = ends[first], ends[last or first]
    if start is None or end is None:
        return None
    if start > end:
        section.wrong("over", f"over 里的 {over} 前后颠倒", f"请写成 {last}..{first}。")
        return None
    return Group(label, start, end, aliases)


def _field(section: Section) -> Field:
    prompt = section.text("prompt", "")
    if len(prompt) > _LONGEST_PROMPT:
        hint = f"表格的提示框装不下，请缩短到 {_LONGEST_PROMPT} 个字以内。"
        section.wrong("prompt", f"prompt 有 {len(prompt)} 个字", hint)
    field = Field(_name(section, _WORD), section.text("label"), prompt)
    section.finish()
    return field


def _name(section: Section, pattern: re.Pattern[str]) -> str:
    name = section.text("name")
    if name and (not pattern.fullmatch(name) or len(name) > _LONGEST_NAME):
        hint = f"请用小写英文字母、数字和下划线，以字母开头，不超过 {_LONGEST_NAME} 个字符。"
        section.wrong("name", f"名称「{name}」不能用", hint)
    return name


def _unique(section: Section, field: str, names: list[str], what: str, part: str = "name") -> None:
    """Every repeated name is told where it is repeated, with the line of the first."""
    for index, name in enumerate(names):
        first = names.index(name)
        if name and first < index:
            line = section.line_of(field, first, part)
            section.wrong((field, index, part), f"{what} {name} 与第 {line} 行的重复", "请换一个名称。")
