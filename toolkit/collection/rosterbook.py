"""The roster as a workbook to fill in: every column with its choices, its limits and how it is meant."""

from collections.abc import Iterable

from toolkit.collection.roster import (
    CATEGORY,
    CODE,
    CONTACT,
    EMAIL,
    EXEMPT,
    LEVEL,
    LEVELS,
    NAME,
    NO,
    PARENT,
    PHONE,
    PREDECESSORS,
    REASON,
    UNGROUPED,
    YES,
    Member,
)
from toolkit.form.model import Form
from toolkit.workbook.entrylist import EntryColumn, entry_list_bytes

CATEGORIES = ("县直部门", "乡镇街道", "垂直管理", "开发区", "其他")

_SHEET = "名册"
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# GB 32100: the 17 characters' values, weighed with the powers of 3 modulo 31
_SUM = f'SUMPRODUCT((FIND(MID(B2,ROW($1:$17),1),"{_LETTERS}")-1)*MOD(3^(ROW($1:$17)-1),31))'
CHECK_DIGIT = f'MID("{_LETTERS}",MOD(31-MOD({_SUM},31),31)+1,1)'
WRONG_CODE = f'=AND(B2<>"",IFERROR(OR(LEN(B2)<>18,{CHECK_DIGIT}<>RIGHT(B2,1)),TRUE))'
_ONCE = "=AND(LEN(B2)=18,COUNTIF($B$2:$B$20000,B2)=1)"
_GUIDE = (
    "一、一行一个单位，从第二行填起；列的次序可以调换，列名请勿改动，可以另加列。",
    "二、存盘后运行 gouji issue，名册里的错误会按行一次列出，改完再下发。",
    "三、机构变动：改名、合并的，在“前身单位”写原单位的代码，上年结转等数会自动接过来；撤并掉的单位从名册删去，或填“免报”。",
)


def roster_bytes(form: Form, members: Iterable[Member] = ()) -> bytes:
    """The workbook, with these members in it already."""
    entries = [
        [
            member.agency.name, member.agency.code, "" if member.category == UNGROUPED else member.category,
            member.parent, member.level, *(YES if column in member.granted else NO for column in form.reserves),
            member.contact, member.phone, member.email, "、".join(member.predecessors),
            YES if member.exempt else NO, member.exempt,
        ]
        for member in members
    ]  # fmt: skip
    return entry_list_bytes(_SHEET, _columns(form), entries, _GUIDE)


def _columns(form: Form) -> list[EntryColumn]:
    reserved = [
        EntryColumn(column, 11, f"“{YES}”或“{NO}”；不是“{YES}”的，填了相应各格会得到提示。", (YES, NO), strict=True)
        for column in form.reserves
    ]
    return [
        EntryColumn(NAME, 34, "全称，与公章一致。"),
        EntryColumn(CODE, 23, "18 位，不能重复；校验位不对的会变红。", must=_ONCE, alarm=WRONG_CODE),
        EntryColumn(CATEGORY, 12, "可以从列表里选，也可以自己写；进度和汇总按它分组。", CATEGORIES),
        EntryColumn(PARENT, 26, "名册里的单位名称或代码；没有的留空。"),
        EntryColumn(LEVEL, 8, "本级部门的填“本级”，下级政府和派出机构的填“下级”；不分的留空。", LEVELS, strict=True),
        *reserved,
        EntryColumn(CONTACT, 12),
        EntryColumn(PHONE, 16),
        EntryColumn(EMAIL, 24),
        EntryColumn(PREDECESSORS, 24, "原单位的代码，几个的用顿号分开；没有的留空。"),
        EntryColumn(EXEMPT, 8, f"“{YES}”的不下发、不催报，请写明理由。", (YES, NO), strict=True),
        EntryColumn(REASON, 28, "为什么不用报，如：已并入某单位。"),
    ]
