"""What is exported of a summary: four tables - keys, totals, agencies, figures - with their columns and their rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from toolkit.audit.checks import Values
from toolkit.audit.submission import Submission
from toolkit.summary.detail import head_texts
from toolkit.summary.dictionary import APART, Described, describe
from toolkit.summary.merge import Summary, add_up

Kind = Literal["text", "whole", "number"]
Value = str | int | Decimal | None
Row = tuple[Value, ...]

_BLANK = "空白格没有值；合计格按空白计 0。"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. A `number` is a whole one (int) or one of up to `decimals` places (Decimal); `required` says that it
    always has a value."""

    name: str
    kind: Kind
    title: str
    description: str = ""
    decimals: int = 0
    required: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """One table: `primary` are the columns that tell its rows apart, `foreign` those that stand in another resource's
    column of the same name; each call of `rows` gives them from the first one, made as they are taken."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    primary: tuple[str, ...]
    foreign: tuple[tuple[str, str], ...]
    rows: Callable[[], Iterator[Row]]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


_AGENCY = Column("agency", "whole", "序号", "单位在汇总里的序号，从 1 起，与汇总工作簿“明细”页相同。", required=True)
_WHO = (
    Column("agency_code", "text", "统一社会信用代码", "没有填的为空；用表格软件打开时请按文本导入，以免长数字变样。"),
    Column("agency_name", "text", "单位名称", "填报时写的名称。"),
    Column("category", "text", "类别", "名册里的类别；没有类别的为空。"),
    Column("year", "whole", "年度"),
)
_FILE = (
    Column("file", "text", "文件", "数字出自哪份文件；经由汇总工作簿的，前面是那份汇总。", required=True),
    Column("sha256", "text", "SHA-256", "那份文件的 SHA-256。", required=True),
)
_KEY = Column(
    "key", "text", "单元格名称", "表、行、列的名称，以点相连；填报工作簿里同名的单元格就是它。", required=True
)
_PARTS = (
    Column("table", "text", "表", "表的名称（键的第一段）。", required=True),
    Column("row", "text", "行", "行的名称（键的中间各段）。", required=True),
    Column("column", "text", "列", "列的名称（键的最后一段）。", required=True),
)
_STATUS = Column("status", "text", "审核结果", "clean 相符，warnings 有提示，errors 有错误而仍予收录。", required=True)


def resources(summary: Summary) -> tuple[Resource, ...]:
    """The four tables, the largest one last."""
    described = tuple(describe(summary.book))
    return (_keys(described), _totals(summary, described), _agencies(summary, described), _figures(summary, described))


def _keys(described: Sequence[Described]) -> Resource:
    columns = (
        _KEY,
        *_PARTS,
        Column("table_title", "text", "表的标题", required=True),
        Column("block_title", "text", "栏目", "表内这一块的标题；没有的为空。"),
        Column("row_groups", "text", "行的上级标题", f"由外到内，以“{APART.strip()}”相隔；没有的为空。"),
        Column("row_label", "text", "行的标签", required=True),
        Column("column_groups", "text", "列的上级标题", f"由外到内，以“{APART.strip()}”相隔；没有的为空。"),
        Column("column_label", "text", "列的标签", required=True),
        Column("type", "text", "数的类型", "count 整数，decimal 小数。", required=True),
        Column("decimals", "whole", "小数位数", "最多几位小数；整数为 0。", required=True),
        Column("source", "text", "来源", "typed 填写的，computed 由别的格相加的。", required=True),
        Column("sum_of", "text", "怎样相加", "合计格由哪些格相加；填写的为空。"),
        Column("rules", "text", "勾稽关系", "说到它的勾稽关系的编号，以空格相隔（gouji explain 可以查看）。"),
    )

    def rows() -> Iterator[Row]:
        for each in described:
            yield (
                *_sound(str(each.key), *each.key, each.table, each.block, APART.join(each.row_groups), each.row,
                        APART.join(each.column_groups), each.column),
                "decimal" if each.decimals else "count", each.decimals,
                "computed" if each.sum_of else "typed", each.sum_of, " ".join(each.rules),
            )  # fmt: skip

    return Resource("keys", "数据字典", "报表的每一格一行，按印出的次序。", columns, ("key",), (), rows)


def _totals(summary: Summary, described: Sequence[Described]) -> Resource:
    value = Column("value", "number", "合计", "全部收录单位的合计。", _most(described), required=True)

    def rows() -> Iterator[Row]:
        for each in described:
            yield str(each.key), _value(summary.values[each.key], each.decimals)

    told = "每一格全部收录单位的合计，与汇总工作簿“汇总表”页相同。"
    return Resource("totals", "合计", told, (_KEY, value), ("key",), (("key", "keys"),), rows)


def _agencies(summary: Summary, described: Sequence[Described]) -> Resource:
    cells = tuple(
        Column(
            str(each.key),
            "number" if each.decimals else "whole",
            "{} {}·{}".format(*head_texts(summary.book, each.key)),
            f"{each.label}。{_BLANK}",
            each.decimals,
        )
        for each in described
    )

    def rows() -> Iterator[Row]:
        for at, (submission, category) in enumerate(_counted(summary), start=1):
            values = _values(submission)
            figures = (_value(values[each.key], each.decimals) for each in described)
            yield at, *_who(submission, category), *_file(submission), submission.status, *figures

    columns = (_AGENCY, *_WHO, *_FILE, _STATUS, *cells)
    return Resource("agencies", "各单位", "每个收录的单位一行，每一格一列。", columns, ("agency",), (), rows)


def _figures(summary: Summary, described: Sequence[Described]) -> Resource:
    value = Column("value", "number", "数", _BLANK, _most(described))

    def rows() -> Iterator[Row]:
        named = [(each.key, each.decimals, (*each.key, str(each.key))) for each in described]
        for at, (submission, category) in enumerate(_counted(summary), start=1):
            values, who, file = _values(submission), _who(submission, category), _file(submission)
            for key, decimals, names in named:
                yield at, *who, *names, _value(values[key], decimals), *file

    columns = (_AGENCY, *_WHO, *_PARTS, _KEY, value, *_FILE)
    foreign = (("agency", "agencies"), ("key", "keys"))
    told = "每个收录的单位、每一格一行，合计格也在内。"
    return Resource("figures", "明细", told, columns, ("agency", "key"), foreign, rows)


def _counted(summary: Summary) -> Iterator[tuple[Submission, str]]:
    return zip(summary.included, summary.categories(), strict=True)


def _values(submission: Submission) -> Values:
    """The figures of an agency, blanks as blanks; a sum over blanks as it is counted, so that all adds up."""
    book = submission.book
    if all(submission.values[key] is not None for key in book.typed):
        return submission.values
    return {**add_up(book, [submission]), **{key: submission.values[key] for key in book.typed}}


def _who(submission: Submission, category: str) -> Row:
    return *_sound(submission.agency.code, submission.agency.name, category), submission.year


def _file(submission: Submission) -> Row:
    return _sound(submission.source.file, submission.source.sha256)


def _value(value: Decimal | None, decimals: int) -> int | Decimal | None:
    return value if value is None or decimals else int(value)


def _most(described: Sequence[Described]) -> int:
    return max((each.decimals for each in described), default=0)


def _sound(*texts: str) -> tuple[str, ...]:
    """Texts without halves of letters, which no file takes."""
    return tuple(text.encode("utf-8", errors="replace").decode("utf-8") for text in texts)
