"""Last year's figures for this year's agencies, from a collection folder, a summary or completed workbooks; through
predecessors where agencies were renamed or merged, added up where they were merged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from toolkit.audit.checks import Rulebook
from toolkit.audit.submission import Agency, Reading, Source, Submission, Unreadable
from toolkit.collection.folder import Collection, is_collection, load_collection
from toolkit.collection.ledger import Ledger
from toolkit.collection.opening import reading
from toolkit.collection.roster import Member, Roster, load_roster
from toolkit.collection.standing import Standing, Status, survey
from toolkit.collection.troubles import LedgerError
from toolkit.form.model import Key
from toolkit.problems import Problem, Severity, Where
from toolkit.summary.opening import Way, open_places
from toolkit.workbook.known import Known
from toolkit.workbook.sources import each_place

_UNFIT = ("wrong-agency", "unknown-agency", "wrong-year", "wrong-form")


@dataclass(frozen=True, slots=True)
class LastReport:
    """What one agency reported last year in the cells that this year's rules ask for; None is not known."""

    agency: Agency
    values: Mapping[Key, Decimal | None]
    source: str


@dataclass(slots=True)
class LastYear:
    """What was found of last year. `absent` are the codes of agencies that had to report and have no report that can be
    used; `inherited` are the predecessors that an agency's own report already had in it; `remarks` say what was not
    used and why."""

    reports: list[LastReport] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)
    inherited: dict[str, frozenset[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Priors:
    """Last year's figures by agency code, under prior keys; agencies that have none of their own or of predecessors;
    those whose figures are not, or not only, their own report's; what was passed over or could not be settled."""

    figures: Mapping[str, Mapping[Key, Decimal]]
    without: tuple[Member, ...]
    derived: tuple[Member, ...]
    remarks: tuple[str, ...]


def load_priors(path: Path, collection: Collection, roster: Roster) -> Priors:
    """The figures of the year before the collection's, from whatever lies at a path."""
    found = LastYear()
    if path.is_dir() and is_collection(path):
        _add_collection(path, collection, found)
    else:
        for group in open_places(each_place([path]), collection.forms, Way(audits=False, briefly=True)):
            for each in group:
                _add_reading(each, collection, found)
    return settle(found, roster, collection.known.book)


def filed_readings(folder: Path) -> list[Reading]:
    """The files that counted in a collection at its due date, or why there are none."""
    collection = load_collection(folder)
    if not isinstance(collection, Collection):
        return [_refusal(folder.name, f"收集任务的设置有错误：{collection[0].message}。")]
    roster = load_roster(collection.roster, strict=True, columns=collection.form.reserves)
    if not isinstance(roster, Roster):
        return [_refusal(folder.name, f"名册有错误：{roster[0].message}")]
    try:
        with reading(collection.ledger, collection.known) as ledger:
            state = survey(collection, roster, ledger, collection.due)
    except LedgerError as error:
        return [_refusal(folder.name, f"{error.message}。")]
    return [each.submission for each in state.standings if each.submission and each.is_filed]


def settle(found: LastYear, roster: Roster, book: Rulebook) -> Priors:
    """What each agency that must report has from last year, by its own report and those of all its predecessors.

    Where one of these is missing or leaves a figure open, that figure is left open and it is said: part of a sum is no
    sum.
    """
    remarks = list(found.remarks)
    reports = _once(_own_ones(found.reports, roster, remarks), remarks)
    codes = {each.agency.code: each for each in reports if each.agency.code}
    names = {each.agency.name: each for each in reports if not each.agency.code}
    members = roster.by_code()
    figures: dict[str, dict[Key, Decimal]] = {}
    without, derived = [], []
    for member in roster.expected:
        parts, lost = _own_and_inherited(member, codes | _by_name(member, names), found, members)
        if lost:
            told = f"{'、'.join(lost)} 上年没有可用的报表，合计不出来，上年数留空"
            remarks.append(f"“{member.agency}”要由几个单位合计，{told}；去年已经并入的前身单位，请从名册删去。")
        elif not parts:
            without.append(member)
        else:
            figures[member.agency.code] = _added_up(member, parts, book, remarks)
            derived += [member] if parts[0].agency.code not in ("", member.agency.code) or len(parts) > 1 else []
    return Priors(figures, tuple(without), tuple(derived), tuple(remarks))


def record_priors(ledger: Ledger, priors: Priors, roster: Roster, source: str) -> None:
    """Put these figures on the record, from now on the ones that count: an agency that has none here has none."""
    before = ledger.priors()
    now = {member.agency.code: priors.figures.get(member.agency.code, {}) for member in roster.expected}
    ledger.record_prior({code: each for code, each in now.items() if each != before.get(code, {})}, source)


def _own_and_inherited(
    member: Member, codes: Mapping[str, LastReport], found: LastYear, members: Mapping[str, Member]
) -> tuple[list[LastReport], list[str]]:
    """The reports that make up an agency's last year, its own first; the agencies without which the sum is none."""
    parts: list[LastReport] = []
    lost: list[str] = []
    own = member.agency.code
    held = found.inherited.get(own, frozenset()) if own in codes else frozenset[str]()
    waiting, seen = [own], set[str]()
    while waiting:
        code = waiting.pop(0)
        if code in seen or code in held:
            continue
        seen.add(code)
        earlier = members[code].predecessors if code in members else ()
        waiting += earlier
        if code in codes:
            parts.append(codes[code])
        elif code in found.absent or not earlier:
            lost.append(code)
    return parts, lost if len(seen) > 1 else []


def _by_name(member: Member, names: Mapping[str, LastReport]) -> dict[str, LastReport]:
    report = names.get(member.agency.name)
    return {} if report is None else {member.agency.code: report}


def _added_up(member: Member, reports: list[LastReport], book: Rulebook, remarks: list[str]) -> dict[Key, Decimal]:
    figures, unknown = {}, 0
    for key in book.prior:
        values = [report.values.get(key.current) for report in reports]
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            figures[key] = sum(known, Decimal(0))
        else:
            unknown += 1
    if unknown:
        remarks.append(f"“{member.agency}”上年有 {unknown} 个数空白或读不出，相应的上年数留空。")
    return figures


def _add_collection(folder: Path, collection: Collection, found: LastYear) -> None:
    """What was accepted there; an agency whose file was returned or never came has no report."""
    earlier = load_collection(folder)
    if not isinstance(earlier, Collection):
        found.remarks.append(f"{folder.name}：{earlier[0].message}，没有使用。")
        return
    if (earlier.form.id, earlier.year) != (collection.form.id, collection.year - 1):
        told = f"是 {earlier.form.id} {earlier.year} 年度的，不是上年的同一种报表，没有使用。"
        found.remarks.append(f"{folder.name}：{told}")
        return
    roster = load_roster(earlier.roster, strict=True, columns=earlier.form.reserves)
    if not isinstance(roster, Roster):
        found.remarks.append(f"{folder.name}：名册有错误：{roster[0].where}：{roster[0].message}没有使用。")
        return
    try:
        with reading(earlier.ledger, earlier.known) as ledger:
            state = survey(earlier, roster, ledger, earlier.due)
    except LedgerError as error:
        found.remarks.append(f"{folder.name}：{error.message}，没有使用。")
        return
    for standing in state.standings:
        _add_standing(standing, collection, found)


def _add_standing(standing: Standing, collection: Collection, found: LastYear) -> None:
    agency = standing.member.agency
    if standing.submission and standing.is_filed:
        found.reports.append(_report(standing.submission, collection.known, standing.submission.source.file))
        found.inherited[agency.code] = frozenset(standing.member.predecessors)
        return
    found.absent.add(agency.code)
    if standing.status is Status.RETURNED:
        found.remarks.append(f"“{agency}”上年的报表退回后没有改好，没有使用。")


def _add_reading(read: Reading, collection: Collection, found: LastYear) -> None:
    name = read.source.file
    unfit = next((problem for problem in read.problems if problem.code in _UNFIT), None)
    if not isinstance(read, Submission) or unfit:
        found.remarks.append(f"{name}：{(unfit or read.problems[0]).message}没有使用。")
    elif read.year != collection.year - 1:
        told = f"{name}：是 {read.year} 年度的，不是上年的，没有使用。"
        if read.via is not None:
            told = f"{read.via.file}：是 {read.year} 年度的汇总，不是上年的，没有使用。"
        found.remarks += [told] if told not in found.remarks else []
    else:
        found.reports.append(_report(read, collection.known, name))


def _report(submission: Submission, known: Known, source: str) -> LastReport:
    values = {key.current: submission.values.get(key.current) for key in known.book.prior}
    return LastReport(submission.agency, values, source)


def _own_ones(reports: list[LastReport], roster: Roster, remarks: list[str]) -> list[LastReport]:
    """The reports whose code and name do not belong to two different agencies of the roster."""
    codes, names = roster.by_code(), roster.by_name()
    kept = []
    for report in reports:
        named, coded = names.get(report.agency.name), codes.get(report.agency.code)
        if named is not None and report.agency.code and named is not coded and coded is not None:
            told = f"代码是 {report.agency.code}，单位名称却是“{named.agency}”（名册里的代码是 {named.agency.code}）"
            remarks.append(f"{report.source}：有一家的{told}，没有使用。")
        else:
            kept.append(report)
    return kept


def _once(reports: list[LastReport], remarks: list[str]) -> list[LastReport]:
    """Each agency's report once; an agency with two that differ has none that could be relied on. A report without a
    code is that of the only agency of its name."""
    coded: dict[str, set[str]] = {}
    for report in reports:
        if report.agency.code:
            coded.setdefault(report.agency.name, set()).add(report.agency.code)
    grouped: dict[str, list[LastReport]] = {}
    for report in reports:
        same = coded.get(report.agency.name, set())
        identity = report.agency.code or (next(iter(same)) if len(same) == 1 else report.agency.name)
        grouped.setdefault(identity, []).append(report)
    kept = []
    for group in grouped.values():
        if all(report.values == group[0].values for report in group):
            kept.append(max(group, key=lambda report: bool(report.agency.code)))
        else:
            named = "、".join(f"“{report.source}”" for report in group)
            remarks.append(f"“{group[0].agency}”上年有几份报表，数不相同（{named}），都没有使用。")
    return kept


def _refusal(name: str, message: str) -> Unreadable:
    problem = Problem(Where(name), "damaged", Severity.ERROR, message, "请改正后再用，或改用别的上年报表。")
    return Unreadable(Source(name, ""), (problem,))
