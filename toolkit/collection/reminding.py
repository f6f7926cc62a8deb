"""Reminding: who has not filed, by category, as a workbook and as texts."""

from collections.abc import Sequence

from toolkit.collection.notices import days_told, group_reminder, reminder
from toolkit.collection.returning import as_note
from toolkit.collection.standing import Standing, State, Status

_SHEET = "催报名单"
_HEAD = (
    ("序号", 6), ("类别", 12), ("单位名称", 32), ("统一社会信用代码", 22), ("状态", 10), ("期限", 12),
    ("联系人", 11), ("电话", 15), ("邮箱", 24), ("催报文字", 70),
)  # fmt: skip
_RULE = "─" * 20


def to_remind(state: State) -> dict[str, list[Standing]]:
    """The agencies that have not filed, or not sent again what was returned, by category; categories that have none
    are left out."""
    wanted = (Status.NOT_FILED, Status.OVERDUE, Status.RETURNED)
    groups = {
        category: [each for each in standings if each.status in wanted]
        for category, standings in state.by_category().items()
    }
    return {category: standings for category, standings in groups.items() if standings}


def reminder_bytes(state: State) -> bytes:
    """The list as a workbook, a line an agency, with the words to each."""
    from toolkit.workbook.listsheet import list_bytes  # late: it loads the spreadsheet writer

    rows = [
        [
            category, each.member.agency.name, each.member.agency.code, each.status.label, days_told(state.days_left),
            each.member.contact, each.member.phone, each.member.email, reminder(state, each),
        ]
        for category, standings in to_remind(state).items()
        for each in standings
    ]  # fmt: skip
    due, collection = state.collection.due, state.collection
    note = f"{collection.year} 年度{collection.form.title}，截止 {due}，{state.today} 共 {len(rows)} 家待报。"
    return list_bytes(_SHEET, _HEAD, rows, note, alarmed=(3, Status.OVERDUE.label))


def reminder_texts(state: State) -> bytes:
    """All texts in one file: to each category together, then to each agency."""
    groups = to_remind(state)
    texts = [group_reminder(state, category, standings) for category, standings in groups.items()]
    texts += [reminder(state, each) for standings in groups.values() for each in standings]
    return as_note(f"\n{_RULE}\n\n".join(texts))


def counted(standings: Sequence[Standing]) -> str:
    """`未报 3，退回 1`."""
    labels = [each.status.label for each in standings]
    return "，".join(f"{label} {labels.count(label)}" for label in dict.fromkeys(labels))
