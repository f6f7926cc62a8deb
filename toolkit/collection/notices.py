"""What is said to agencies, ready to paste: a notice with a returned file, a reminder to those that have not filed."""

from collections.abc import Sequence
from datetime import date

from toolkit.collection.folder import Collection
from toolkit.collection.standing import Standing, State, Status
from toolkit.problems import Problem, Severity


def return_notice(collection: Collection, standing: Standing, problems: Sequence[Problem], copy: str, day: date) -> str:
    """The words that go with a marked copy of this file name: what to mend, how, by when."""
    assert standing.filing is not None
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    counted = [f"{errors} 处错误须改正"] if errors else []
    counted += [f"{len(problems) - errors} 处提示请核对"] if len(problems) > errors else []
    received = f"{_day(standing.filing.at.date())}收到的“{_last(standing.filing.file)}”"
    report = f"{collection.year} 年度{collection.form.title}（{received}）"
    head = f"你单位报送的 {report}经审核有 {'、'.join(counted)}，现予退回："
    listed = [
        f"{at}.【{problem.severity.label}】{problem.message}\n  怎样改：{problem.hint}"
        for at, problem in enumerate(problems, start=1)
    ]
    tail = f"请在退回件“{copy}”上改正标红的格，存盘后直接报回。{_deadline(collection, day)}"
    return _letter(collection, f"{standing.member.agency}：", [head, *listed, tail], day)


def reminder(state: State, standing: Standing) -> str:
    """The words to an agency that has not filed, or has not sent its returned file again."""
    collection, day = state.collection, state.today
    report = f"{collection.year} 年度{collection.form.title}"
    if standing.status is Status.RETURNED:
        sent = standing.notice
        told = f"已于 {_day(sent.at.date())}退回" if sent else "经审核有错误，须改正后重报"
        body = f"你单位的 {report}{told}，至今没有收到改正后的报表。"
    else:
        body = f"至今没有收到你单位的 {report}。"
    issued = f"请填写下发的工作簿“{standing.issued.file}”后报送。" if standing.issued and not standing.filing else ""
    return _letter(collection, f"{standing.member.agency}：", [body + issued + _deadline(collection, day)], day)


def group_reminder(state: State, category: str, standings: Sequence[Standing]) -> str:
    """The words to a whole category, for a group chat."""
    collection = state.collection
    report = f"{collection.year} 年度{collection.form.title}"
    parts = []
    for status, told in ((None, "还没有报送"), (Status.RETURNED, "有错误、还没有改正重报")):
        names = [str(each.member.agency) for each in standings if (each.status is Status.RETURNED) == bool(status)]
        if names:
            parts.append(f"{told}的有 {len(names)} 家：{'、'.join(names)}。")
    body = f"{report}，{''.join(parts)}{_deadline(collection, state.today)}"
    return _letter(collection, f"{category}各单位：", [body], state.today)


def days_told(days_left: int) -> str:
    """`剩 5 天`, `今天截止`, `逾期 3 天`."""
    if days_left == 0:
        return "今天截止"
    return f"剩 {days_left} 天" if days_left > 0 else f"逾期 {-days_left} 天"


def _last(file: str) -> str:
    """A file's own name, without the folders and archives that it lay in."""
    last = file.replace("\\", "/").rpartition("/")[2]
    return "".join(letter if letter.isprintable() else " " for letter in last)


def _deadline(collection: Collection, day: date) -> str:
    left = (collection.due - day).days
    if left < 0:
        return f"截止日期是 {_day(collection.due)}，已逾期 {-left} 天，请尽快报送。"
    told = "今天就是截止日期" if left == 0 else f"还有 {left} 天"
    return f"请于 {_day(collection.due)}前（含当天）报送，{told}。"


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _letter(collection: Collection, to: str, paragraphs: Sequence[str], day: date) -> str:
    signed = collection.footer or collection.office
    return "\n".join([to, *paragraphs, "", signed, _day(day)]) + "\n"
