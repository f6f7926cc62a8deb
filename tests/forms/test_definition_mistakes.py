# ruff: noqa: E501 - the changes below are pieces of TOML, each as it would be written
"""What a definition can have wrong: every mistake at once, with its line, what is wrong and the way out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.form.definition import parse_form
from toolkit.form.library import OFFICIAL, built_in
from toolkit.form.model import Form

SMALL = """\
id = "small"
code = "SMALL"
version = 1
title = "小表"

[[table]]
name = "goods"
title = "一、货物"
sheet = "表一"
label_widths = [10, 20]

[[table.block]]
columns = [
  { name = "first", label = "上半年" },
  { name = "second", label = "下半年" },
  { name = "total", label = "合计" },
]
rows = [
  { name = "bought", label = "购入" },
  { name = "made", label = "自制" },
  { name = "sold", label = "售出" },
  { name = "left", label = "结存" },
]
row_groups = [{ label = "来源", over = "bought..made" }]

[[rule]]
id = "goods.total"
table = "goods"
each = "row"
holds = "total = first + second"
computes = true
severity = "error"
title = "合计"
sentence = "合计 = 上半年 + 下半年"
hint = "请恢复公式。"

[[rule]]
id = "goods.kept"
table = "goods"
each = "column"
holds = "left = bought + made - sold"
severity = "warning"
title = "结存"
sentence = "结存 = 购入 + 自制 - 售出"
hint = "请核对。"

[[narrative]]
name = "overview"
label = "情况"
prompt = "写明情况。"

[[people]]
name = "head"
label = "负责人"
"""

OFFICIAL_TEXT = built_in()[OFFICIAL].read_text(encoding="utf-8")

Told = list[tuple[int, str, str]]


def mistakes(text: str) -> Told:
    """What is told of a definition: line, message, hint."""
    found = parse_form(text, "small.toml")
    assert isinstance(found, tuple), "the definition has no mistake"
    assert {(problem.code, problem.severity.value, problem.where.file) for problem in found} == {
        ("definition", "error", "small.toml")
    }
    return [(problem.where.line or 0, problem.message, problem.hint) for problem in found]


def changed(*changes: tuple[str, str]) -> str:
    """The small definition with some of its text written differently; each old text must stand there once."""
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_the_small_definition_has_no_mistake() -> None:
    assert isinstance(parse_form(SMALL, "small.toml"), Form)


MISTAKES: list[tuple[str, list[tuple[str, str]], Told]] = [
    (
        "a text without its closing quote",
        [('"一、货物"', '"一、货物')],
        [(8, "第 14 个字符处：引号在这一行没有收尾", "请检查英文双引号是否成对。")],
    ),
    (
        "an English quote inside a text",
        [('"一、货物"', '"一、"货物""')],
        [(8, "第 13 个字符处：一项写完之后还有多余的内容", "请每项各占一行；文字里的引号请用中文引号“”。")],
    ),
    (
        "full-width punctuation",
        [('title = "小表"', "title ＝ “小表”")],
        [(4, "第 7 个字符处：名称后面缺少等号", "请按“名称 = 值”的样子写。")],
    ),
    (
        "a text without quotes",
        [('"表一"', "表一")],
        [(9, "第 9 个字符处：等号后面的值写法不对", "文字请加英文双引号，数字和 true、false 不加。")],
    ),
    (
        "an unclosed list",
        [('bought..made" }]', 'bought..made" }')],
        [(26, "第 1 个字符处：方括号没有收尾", "请检查 [ 和 ] 是否成对，各项之间是否有英文逗号。")],
    ),
    (
        "a field written twice",
        [('title = "小表"', 'title = "小表"\ntitle = "大表"')],
        [(5, "第 13 个字符处：同一个名称写了两次", "请删去重复的一项。")],
    ),
    (
        "a section written with single brackets twice",
        [("[[people]]", "[narrative]")],
        [(52, "第 11 个字符处：同一个标题写了两次", "一种有几项的，每项都请写成双方括号，如 [[table]]。")],
    ),
    (
        "a table written with single brackets",
        [("[[table]]", "[table]"), ("[[table.block]]", "[table.block]")],
        [(6, "table 的写法不对", "请写成 [[table]] 的样子，一项一段。")],
    ),
    (
        "a name used as a section and as a field",
        [("version = 1", "version = 1\npeople = 1")],
        [(53, "第 9 个字符处：同一个名称写了两次", "请删去重复的一项。")],
    ),
    (
        "a sentence between the fields",
        [("version = 1", "version = 1\n第二版")],
        [(4, "第 1 个字符处：这里应当是一项的开头", "请按“名称 = 值”或 [[table]] 的样子写，标点请用英文标点。")],
    ),
    (
        "an end too early",
        [('label = "负责人"', "label =")],
        [(54, "第 8 个字符处：等号后面的值写法不对", "文字请加英文双引号，数字和 true、false 不加。")],
    ),
    (
        "an invisible character",
        [('"小表"', '"小\x00表"')],
        [(4, "第 11 个字符处：有不可见的特殊字符", "请删去这一处再重新键入。")],
    ),
    (
        "a backslash",
        [('"小表"', '"小\\表"')],
        [(4, "第 13 个字符处：文字里的反斜杠写法不对", "请把 \\ 写成 \\\\，或删去。")],
    ),
    (
        "an endless number",
        [("version = 1", "version = " + "9" * 5000 + "")],
        [(1, "有一个数字长得离谱", "请改正这个数。")],
    ),
    (
        "endless brackets",
        [("version = 1", "version = " + "[" * 5000 + "]" * 5000 + "")],
        [(1, "括号套了太多层", "请按模板的样子写，不要层层嵌套。")],
    ),
    (
        "an unknown field",
        [('title = "小表"', 'tittle = "小表"')],
        [(1, "缺少 title", "请补上 title，写成带英文双引号的文字。"), (4, "不认识 tittle", "是否想写 title？")],
    ),
    (
        "a field from elsewhere",
        [('name = "head"', 'name = "head"\nsheet = "表二"')],
        [(54, "不认识 sheet", "可用的有：label、name、prompt。")],
    ),
    (
        "a chart of cells that are not there, of one twice, and of nothing",
        [
            (
                "[[narrative]]",
                '[[chart]]\nid = "kinds"\ntitle = "图"\nby = "yaer"\nbar = [\n  { label = "甲", sum = "goods.sald.total" },\n'
                '  { label = "乙", sum = "goods.*.first + goods.made.first" },\n  { label = "丙", sum = "甲" },\n]\n\n'
                '[[chart]]\nid = "kinds"\ntitle = "图"\nbar = []\n\n'
                '[[chart]]\nid = "years"\ntitle = "图"\nby = "year"\nparts = true\nmost = 31\nbars = []\n'
                'bar = [{ label = "甲", sum = "goods.*.first" }]\n\n[[narrative]]',
            )
        ],
        [
            (50, "by 不能是「yaer」", "是否想写 year？"),
            (52, "没有叫「goods.sald.total」的单元格", "是否想写 goods.sold.total？"),
            (53, "「goods.made.first」加了两次", "是否想写 goods.made.first？"),
            (
                54,
                "「甲」不是单元格的名称",
                "可用的有：goods.bought.first、goods.bought.second、goods.bought.total、goods.left.first、"
                "goods.left.second、goods.left.total、goods.made.first、goods.made.second、goods.made.total、"
                "goods.sold.first、goods.sold.second、goods.sold.total。",
            ),
            (58, "图的编号 kinds 与第 48 行的重复", "请换一个名称。"),
            (60, "bar 是空的", "请至少写一项 bar。"),
            (66, 'parts 只用于 by = "bar" 的图', "请删去 parts。"),
            (67, "most 是 31，应在 0 到 30 之间", "请改正这个数。"),
            (68, "不认识 bars", "是否想写 bar？"),
        ],
    ),
    ("a missing field", [('title = "小表"\n', "")], [(1, "缺少 title", "请补上 title，写成带英文双引号的文字。")]),
    ("an empty text", [('"小表"', '" "')], [(4, "title 是空的", "请在引号里填写内容。")]),
    ("a number in quotes", [("version = 1", 'version = "1"')], [(3, "version 的写法不对", "请写成整数，不加引号。")]),
    (
        "a number too large",
        [("version = 1", "version = 10000")],
        [(3, "version 是 10000，应在 0 到 9999 之间", "请改正这个数。")],
    ),
    (
        "a text instead of true",
        [("computes = true", 'computes = "yes"')],
        [(31, "computes 的写法不对", "请写成 true 或 false，不加引号。")],
    ),
    (
        "a text instead of a list",
        [("[10, 20]", '"10, 20"')],
        [(10, "label_widths 的写法不对", "请写成一列整数，如 [10, 20]。")],
    ),
    (
        "a list of texts instead of numbers",
        [("[10, 20]", '[10, "20"]')],
        [(10, "label_widths 里有一项不是 1 到 255 的整数", "请改正这一项，列宽以字符计。")],
    ),
    (
        "aliases that are no texts",
        [('label = "购入" }', 'label = "购入", aliases = ["进货", 2] }')],
        [(19, "aliases 里有一项不是文字", "请给每一项加上英文双引号。")],
    ),
    (
        "decimals beyond nine",
        [('label = "购入" }', 'label = "购入", decimals = 10 }')],
        [(19, "decimals 是 10，应在 0 到 9 之间", "请改正这个数。")],
    ),
    (
        "a row that is only a text",
        [('{ name = "made", label = "自制" }', '"made"')],
        [
            (20, "rows 的第 2 项写法不对", '请写成 { name = "…", label = "…" } 的样子。'),
            (24, "over 里的「made」不是这里的行或列", "可用的有：bought、left、sold。"),
            (
                41,
                "表 goods 里没有名为 made 的行：\n    left = bought + made - sold\n                    ^",
                "可用的有：bought、left、sold。",
            ),
        ],
    ),
    (
        "no rows",
        [
            ('row_groups = [{ label = "来源", over = "bought..made" }]', ""),
            (
                'rows = [\n  { name = "bought", label = "购入" },\n  { name = "made", label = "自制" },\n  { name = "sold", label = "售出" },\n  { name = "left", label = "结存" },\n]',
                "rows = []",
            ),
            ('holds = "left = bought + made - sold"', 'holds = "first = second"'),
            ('each = "column"', 'each = "row"'),
            ("[10, 20]", "[10]"),
        ],
        [(18, "rows 是空的", "请至少写一项 rows。")],
    ),
    (
        "a bad form code",
        [('"SMALL"', '"small-1"')],
        [(2, "code「small-1」不能用", "请用 2 到 12 个大写字母和数字，以字母开头。")],
    ),
    (
        "a bad name",
        [('name = "made"', 'name = "Made-Here"')],
        [
            (20, "名称「Made-Here」不能用", "请用小写英文字母、数字和下划线，以字母开头，不超过 60 个字符。"),
            (24, "over 里的「made」不是这里的行或列", "可用的有：Made-Here、bought、left、sold。"),
            (
                41,
                "表 goods 里没有名为 made 的行：\n    left = bought + made - sold\n                    ^",
                "可用的有：Made-Here、bought、left、sold。",
            ),
        ],
    ),
    (
        "a Chinese name",
        [('name = "head"', 'name = "负责人"')],
        [(53, "名称「负责人」不能用", "请用小写英文字母、数字和下划线，以字母开头，不超过 60 个字符。")],
    ),
    (
        "a very long name",
        [('name = "head"', 'name = "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"')],
        [
            (
                53,
                "名称「hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh」不能用",
                "请用小写英文字母、数字和下划线，以字母开头，不超过 60 个字符。",
            )
        ],
    ),
    (
        "a reserved table name",
        [
            ('name = "goods"', 'name = "report"'),
            ('id = "goods.total"', 'id = "report.total"'),
            ('id = "goods.kept"', 'id = "report.kept"'),
            ('table = "goods"\neach = "row"', 'table = "report"\neach = "row"'),
            ('table = "goods"\neach = "column"', 'table = "report"\neach = "column"'),
        ],
        [(7, "表名不能是 report，它另有用途", "请换一个名称。")],
    ),
    (
        "a sheet name with a space",
        [('"表一"', '"表 一"')],
        [
            (
                9,
                "工作表名「表 一」不能用",
                "请用不超过 31 个汉字、字母或数字，不以数字开头，不带空格和标点，也不要像单元格地址。",
            )
        ],
    ),
    (
        "a sheet name with brackets",
        [('"表一"', '"表（一）"')],
        [
            (
                9,
                "工作表名「表（一）」不能用",
                "请用不超过 31 个汉字、字母或数字，不以数字开头，不带空格和标点，也不要像单元格地址。",
            )
        ],
    ),
    (
        "a sheet name that starts with a digit",
        [('"表一"', '"1表"')],
        [
            (
                9,
                "工作表名「1表」不能用",
                "请用不超过 31 个汉字、字母或数字，不以数字开头，不带空格和标点，也不要像单元格地址。",
            )
        ],
    ),
    (
        "a sheet name like a cell",
        [('"表一"', '"AB12"')],
        [
            (
                9,
                "工作表名「AB12」不能用",
                "请用不超过 31 个汉字、字母或数字，不以数字开头，不带空格和标点，也不要像单元格地址。",
            )
        ],
    ),
    (
        "a sheet name too long",
        [('"表一"', '"表表表表表表表表表表表表表表表表表表表表表表表表表表表表表表表表"')],
        [
            (
                9,
                "工作表名「表表表表表表表表表表表表表表表表表表表表表表表表表表表表表表表表」不能用",
                "请用不超过 31 个汉字、字母或数字，不以数字开头，不带空格和标点，也不要像单元格地址。",
            )
        ],
    ),
    (
        "a sheet name of another sheet",
        [('"表一"', '"核对"')],
        [(9, "工作表名不能是「核对」，它另有用途", "请换一个名称。")],
    ),
    (
        "a row named twice",
        [('name = "made"', 'name = "bought"')],
        [
            (20, "名称 bought 与第 19 行的重复", "请换一个名称。"),
            (24, "over 里的「made」不是这里的行或列", "可用的有：bought、left、sold。"),
            (
                41,
                "表 goods 里没有名为 made 的行：\n    left = bought + made - sold\n                    ^",
                "可用的有：bought、left、sold。",
            ),
        ],
    ),
    (
        "a rule named twice",
        [('id = "goods.kept"', 'id = "goods.total"')],
        [(38, "规则编号 goods.total 与第 27 行的重复", "请换一个名称。")],
    ),
    (
        "people named twice",
        [
            (
                'name = "head"\nlabel = "负责人"',
                'name = "head"\nlabel = "负责人"\n\n[[people]]\nname = "head"\nlabel = "主任"',
            )
        ],
        [(57, "名称 head 与第 53 行的重复", "请换一个名称。")],
    ),
    (
        "a table named twice",
        [
            (
                '[[rule]]\nid = "goods.total"',
                '[[table]]\nname = "goods"\ntitle = "二"\nsheet = "表一"\nlabel_widths = [10, 20]\nblock = [{ columns = [{ name = "x", label = "甲" }], rows = [{ name = "y", label = "乙" }] }]\n\n[[rule]]\nid = "goods.total"',
            )
        ],
        [
            (27, "表名 goods 与第 7 行的重复", "请换一个名称。"),
            (29, "工作表名 表一 与第 9 行的重复", "请换一个名称。"),
            (30, "label_widths 有 2 个数，行标签有 1 层", "请写 1 个列宽，每层一个。"),
        ],
    ),
    (
        "a cell that two blocks have",
        [
            (
                '[[rule]]\nid = "goods.total"',
                '[[table.block]]\ncolumns = [{ name = "first", label = "上半年" }]\nrows = [{ name = "sold", label = "售出" }]\n\n[[rule]]\nid = "goods.total"',
            )
        ],
        [(26, "单元格 goods.sold.first 与第 12 行的 block 重复", "请给行或列换一个名称。")],
    ),
    (
        "a group over an unknown row",
        [('over = "bought..made"', 'over = "bougth..made"')],
        [(24, "over 里的「bougth」不是这里的行或列", "是否想写 bought？")],
    ),
    (
        "a group the wrong way round",
        [('over = "bought..made"', 'over = "made..bought"')],
        [(24, "over 里的 made..bought 前后颠倒", "请写成 bought..made。")],
    ),
    (
        "groups that cross",
        [('over = "bought..made" }]', 'over = "bought..made" }, { label = "去向", over = "made..sold" }]')],
        [(24, "分组「去向」与前面的「来源」交叉", "分组要么互不相交，要么一个包住另一个；外层的请写在前面。")],
    ),
    (
        "a group outside the one it should be in",
        [('over = "bought..made" }]', 'over = "bought..made" }, { label = "全部", over = "bought..left" }]')],
        [(24, "分组「全部」与前面的「来源」交叉", "分组要么互不相交，要么一个包住另一个；外层的请写在前面。")],
    ),
    (
        "too few label widths",
        [("[10, 20]", "[20]")],
        [(10, "label_widths 有 1 个数，行标签有 2 层", "请写 2 个列宽，每层一个。")],
    ),
    (
        "label widths of a table side by side",
        [("label_widths", "side_by_side = true\nlabel_widths")],
        [(11, "label_widths 有 2 个数，side_by_side 的表没有行标签列", "请删去 label_widths。")],
    ),
    (
        "two blocks side by side",
        [
            ("label_widths = [10, 20]", "side_by_side = true"),
            (
                '[[rule]]\nid = "goods.total"',
                '[[table.block]]\ncolumns = [{ name = "x", label = "甲" }]\nrows = [{ name = "y", label = "乙" }]\n\n[[rule]]\nid = "goods.total"',
            ),
        ],
        [(26, "side_by_side 的表只能有一个 block，现有 2 个", "请把各 block 拆成几张表。")],
    ),
    (
        "a prompt too long",
        [('"写明情况。"', '"' + "写" * 251 + '"')],
        [(50, "prompt 有 251 个字", "表格的提示框装不下，请缩短到 250 个字以内。")],
    ),
    (
        "a rule of an unknown table",
        [('table = "goods"\neach = "row"', 'table = "good"\neach = "row"')],
        [(28, "没有名为「good」的表", "是否想写 goods？")],
    ),
    (
        "a rule's id of another table",
        [('id = "goods.kept"', 'id = "stock.kept"')],
        [(38, "规则编号「stock.kept」不能用", "请写成 goods.名称；名称用小写英文字母、数字和下划线，以字母开头。")],
    ),
    (
        "a rule's id without its table",
        [('id = "goods.kept"', 'id = "kept"')],
        [(38, "规则编号「kept」不能用", "请写成 goods.名称；名称用小写英文字母、数字和下划线，以字母开头。")],
    ),
    (
        "an unknown direction",
        [('each = "column"', 'each = "columns"')],
        [(40, "each 不能是「columns」", "是否想写 column？")],
    ),
    (
        "an unknown severity",
        [('severity = "warning"', 'severity = "notice"')],
        [(42, "severity 不能是「notice」", "可用的有：error、warning。")],
    ),
    (
        "an unknown row in an equation",
        [('bought + made - sold"', 'bought + mode - sold"')],
        [
            (
                41,
                "表 goods 里没有名为 mode 的行：\n    left = bought + mode - sold\n                    ^",
                "是否想写 made？",
            )
        ],
    ),
    (
        "an unknown end of a run",
        [('bought + made - sold"', 'bought..mode - sold"')],
        [
            (
                41,
                "表 goods 里没有名为 mode 的行：\n    left = bought..mode - sold\n                   ^",
                "是否想写 made？",
            )
        ],
    ),
    (
        "two unknown names",
        [('bought + made - sold"', 'bougth + made - price"')],
        [
            (
                41,
                "表 goods 里没有名为 bougth 的行：\n    left = bougth + made - price\n           ^",
                "是否想写 bought？",
            ),
            (
                41,
                "表 goods 里没有名为 price 的行：\n    left = bougth + made - price\n                           ^",
                "可用的有：bought、left、made、sold。",
            ),
        ],
    ),
    (
        "a column where rows are named",
        [('bought + made - sold"', 'first + second"')],
        [
            (
                41,
                "表 goods 里没有名为 first 的行：\n    left = first + second\n           ^",
                'each = "column" 的规则里写行的名称。',
            ),
            (
                41,
                "表 goods 里没有名为 second 的行：\n    left = first + second\n                   ^",
                'each = "column" 的规则里写行的名称。',
            ),
        ],
    ),
    (
        "an equation without a right side",
        [('bought + made - sold"', '"')],
        [
            (
                41,
                "等式写错，这里应当是一个行名或列名：\n    left = \n          ^",
                "请照 a + b = c - d 的样子写；a..c 是从 a 到 c 各项之和，prior.a 是上年的 a。",
            )
        ],
    ),
    (
        "an equation with a product",
        [('bought + made - sold"', 'bought * made"')],
        [
            (
                41,
                "等式写错，不认识「*」：\n    left = bought * made\n                  ^",
                "请照 a + b = c - d 的样子写；a..c 是从 a 到 c 各项之和，prior.a 是上年的 a。",
            )
        ],
    ),
    (
        "an equation with a number",
        [('bought + made - sold"', 'bought + 1"')],
        [
            (
                41,
                "等式写错，不认识「1」：\n    left = bought + 1\n                    ^",
                "请照 a + b = c - d 的样子写；a..c 是从 a 到 c 各项之和，prior.a 是上年的 a。",
            )
        ],
    ),
    (
        "an equation with a full-width sign",
        [("left = bought", "left ＝ bought")],
        [
            (
                41,
                "等式写错，不认识「＝」：\n    left ＝ bought + made - sold\n         ^",
                "请照 a + b = c - d 的样子写；a..c 是从 a 到 c 各项之和，prior.a 是上年的 a。",
            )
        ],
    ),
    (
        "an equation without a sign",
        [('left = bought + made - sold"', 'left bought"')],
        [
            (
                41,
                "等式写错，这里应当是 =、<= 或 >=：\n    left bought\n         ^",
                "请照 a + b = c - d 的样子写；a..c 是从 a 到 c 各项之和，prior.a 是上年的 a。",
            )
        ],
    ),
    (
        "two comparisons",
        [('bought + made - sold"', 'bought = made"')],
        [
            (
                41,
                "等式写错，等式到这里应当结束：\n    left = bought = made\n                  ^",
                "请照 a + b = c - d 的样子写；a..c 是从 a 到 c 各项之和，prior.a 是上年的 a。",
            )
        ],
    ),
    (
        "a run the wrong way round",
        [('bought + made - sold"', 'sold..bought"')],
        [(41, "sold..bought 前后颠倒：\n    left = sold..bought\n           ^", "请写成 bought..sold。")],
    ),
    (
        "a computed sum of two",
        [('"total = first + second"', '"total + first = second"')],
        [
            (
                30,
                "computes = true 的规则，左边只能是一个名称，中间是等号，两边不含 prior",
                "请照 total = a + b 的样子写。",
            )
        ],
    ),
    (
        "a computed inequality",
        [('"total = first + second"', '"total >= first + second"')],
        [
            (
                30,
                "computes = true 的规则，左边只能是一个名称，中间是等号，两边不含 prior",
                "请照 total = a + b 的样子写。",
            )
        ],
    ),
    (
        "a computed figure from last year",
        [('"total = first + second"', '"total = first + prior.second"')],
        [
            (
                30,
                "computes = true 的规则，左边只能是一个名称，中间是等号，两边不含 prior",
                "请照 total = a + b 的样子写。",
            )
        ],
    ),
    (
        "last year's figures only",
        [('bought + made - sold"', 'prior.bought"'), ('holds = "left', 'holds = "prior.left')],
        [(41, "等式里全是上年的数，与今年填的无关", "请至少写一个不带 prior 的名称。")],
    ),
    (
        "a computed item that rests on itself",
        [('"total = first + second"', '"total = first..total"')],
        [(30, "total 由自己算出，成了循环", "请检查各条 computes 规则的右边。")],
    ),
    (
        "a circle of computed items",
        [
            ('"total = first + second"', '"total = first + second"'),
            (
                "[[narrative]]",
                '[[rule]]\nid = "goods.second"\ntable = "goods"\neach = "row"\nholds = "second = total - first"\ncomputes = true\nseverity = "error"\ntitle = "下半年"\nsentence = "下半年 = 合计 - 上半年"\nhint = "请恢复公式。"\n\n[[narrative]]',
            ),
        ],
        [
            (30, "total 由自己算出，成了循环", "请检查各条 computes 规则的右边。"),
            (51, "second 由自己算出，成了循环", "请检查各条 computes 规则的右边。"),
        ],
    ),
    (
        "an item computed twice",
        [
            (
                "[[narrative]]",
                '[[rule]]\nid = "goods.again"\ntable = "goods"\neach = "row"\nholds = "total = first"\ncomputes = true\nseverity = "error"\ntitle = "又"\nsentence = "合计 = 上半年"\nhint = "请恢复公式。"\n\n[[narrative]]',
            )
        ],
        [(51, "total 已由第 26 行的规则 goods.total 算出", "请删去其中一条，或去掉这一条的 computes。")],
    ),
    (
        "names in different blocks",
        [
            (
                '[[rule]]\nid = "goods.total"',
                '[[table.block]]\ncolumns = [{ name = "x", label = "甲" }]\nrows = [{ name = "lost", label = "损耗" }]\n\n[[rule]]\nid = "goods.total"',
            ),
            ('bought + made - sold"', 'bought + made - lost"'),
        ],
        [(45, "等式里的名称不在同一个 block 里，这条规则用不到任何一格", "请只用同一个 block 的名称。")],
    ),
    (
        "a column rule in two blocks",
        [
            (
                '[[rule]]\nid = "goods.total"',
                '[[table.block]]\ncolumns = [{ name = "x", label = "甲" }]\nrows = [{ name = "bought", label = "购入" }, { name = "sold", label = "售出" }]\n\n[[rule]]\nid = "goods.total"',
            ),
            ("left = bought + made - sold", "bought >= sold"),
        ],
        [
            (
                45,
                'each = "column" 的规则用到了 2 个 block，核对结果没有地方放',
                "请给各 block 的行取不同的名称，每个 block 写一条规则。",
            )
        ],
    ),
]


@pytest.mark.parametrize(
    ("changes", "told"), [pytest.param(changes, told, id=name) for name, changes, told in MISTAKES]
)
def test_a_mistake_is_told_with_its_line_and_the_way_out(changes: list[tuple[str, str]], told: Told) -> None:
    assert mistakes(changed(*changes)) == told


def test_an_empty_definition_is_told_what_it_lacks() -> None:
    assert mistakes("") == [
        (1, "缺少 code", "请补上 code，写成带英文双引号的文字。"),
        (1, "缺少 table", "请补上 table，写成 [[table]] 的样子，一项一段。"),
        (1, "缺少 id", "请补上 id，写成带英文双引号的文字。"),
        (1, "缺少 version", "请补上 version，写成整数，不加引号。"),
        (1, "缺少 title", "请补上 title，写成带英文双引号的文字。"),
    ]


@pytest.mark.parametrize("name", ["prior", "agency", "report", "form", "people", "narrative", "explain"])
def test_a_table_may_not_take_a_name_that_cells_beside_the_tables_use(name: str) -> None:
    text = SMALL.replace('"goods"', f'"{name}"').replace('"goods.', f'"{name}.')
    assert mistakes(text) == [(7, f"表名不能是 {name}，它另有用途", "请换一个名称。")]


def test_ten_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = changed(
        ('code = "SMALL"', 'code = "small"'),
        ("version = 1", 'version = "1"'),
        ('sheet = "表一"', 'sheet = "表 一"'),
        ('{ name = "total", label = "合计" }', '{ name = "total", label = "合计", decimals = "2" }'),
        ('{ name = "sold", label = "售出" }', '{ name = "sold" }'),
        ("bought..made", "bought..maid"),
        ("total = first + second", "total = first +"),
        ('each = "column"', 'each = "colum"'),
        ('severity = "warning"', 'severity = "serious"'),
        ('label = "负责人"', "label = 7"),
    )
    assert mistakes(text) == [
        (2, "code「small」不能用", "请用 2 到 12 个大写字母和数字，以字母开头。"),
        (3, "version 的写法不对", "请写成整数，不加引号。"),
        (
            9,
            "工作表名「表 一」不能用",
            "请用不超过 31 个汉字、字母或数字，不以数字开头，不带空格和标点，也不要像单元格地址。",
        ),
        (16, "decimals 的写法不对", "请写成整数，不加引号。"),
        (21, "缺少 label", "请补上 label，写成带英文双引号的文字。"),
        (24, "over 里的「maid」不是这里的行或列", "是否想写 made？"),
        (
            30,
            "等式写错，这里应当是一个行名或列名：\n    total = first +\n                   ^",
            "请照 a + b = c - d 的样子写；a..c 是从 a 到 c 各项之和，prior.a 是上年的 a。",
        ),
        (40, "each 不能是「colum」", "是否想写 column？"),
        (42, "severity 不能是「serious」", "可用的有：error、warning。"),
        (54, "label 的写法不对", "请写成带英文双引号的文字。"),
    ]


values = st.sampled_from(
    ['""', '" "', '"x"', '"a = b"', '"a..b"', "0", "-1", "10000", "1.5", "inf", "true", "[]", "[1]", '["x"]', "[[]]",
     "[{}]", "{}", "{ name = 1 }", "1979-05-27", "07:32:00", '"""\nx\n"""', "x", '"', "[", "", '"\\u0000"', "[true]"]
)  # fmt: skip
edits = st.lists(st.tuples(st.sampled_from(["delete", "double", "swap", "value", "cut", "insert"]), st.integers(0), values,
                           st.integers(0)), min_size=1, max_size=6)  # fmt: skip


def edited(text: str, changes: list[tuple[str, int, str, int]]) -> str:
    """The text with some lines deleted, doubled, swapped, cut, given another value, or preceded by another."""
    rows = text.splitlines()
    for what, place, value, other in changes:
        at, beside = place % len(rows), other % len(rows)
        if what == "delete" and len(rows) > 1:
            del rows[at]
        elif what == "double":
            rows.insert(beside, rows[at])
        elif what == "swap":
            rows[at], rows[beside] = rows[beside], rows[at]
        elif what == "value":
            rows[at] = rows[at].partition("=")[0] + "= " + value
        elif what == "cut":
            rows[at] = rows[at][: other % (len(rows[at]) + 1)]
        else:
            rows.insert(at, value)
    return "\n".join(rows)


def is_told_within(text: str) -> bool:
    """Whether a text is a form, or has mistakes that all stand on its lines and say what to do."""
    found = parse_form(text, "form.toml")
    if isinstance(found, Form):
        return True
    last = max(len(text.split("\n")), 1)
    return bool(found) and all(
        problem.where.line is not None and 1 <= problem.where.line <= last and problem.message for problem in found
    )


@given(st.sampled_from([SMALL, OFFICIAL_TEXT]), edits)
@settings(max_examples=300, deadline=None)
def test_a_definition_with_anything_wrong_is_told_so_and_nothing_is_raised(
    text: str, changes: list[tuple[str, int, str, int]]
) -> None:
    assert is_told_within(edited(text, changes))


@given(st.text())
@settings(deadline=None)
def test_a_text_that_is_no_definition_is_told_so(text: str) -> None:
    assert is_told_within(text)
    assert not isinstance(parse_form(text, "form.toml"), Form)
