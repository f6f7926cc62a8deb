"""Last year's figures for this year's agencies, from a collection folder, a summary or completed workbooks; through
predecessors where agencies were renamed or merged, added up where they were merged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from toolkit.audit.checks import Rulebook
from toolkit.audit.submission import Agency, Submission
from toolkit.collection.folder import Collection, is_collection, load_collection
from toolkit.collection.opening import reading
from toolkit.collection.roster import Member, Roster, load_roster
from toolkit.collection.standing import Status, survey
from toolkit.form.model import Key
from toolkit.summary.reading import open_summary, read_detail
from toolkit.workbook.intake import Known, read_submission
from toolkit.workbook.package import Package, Refused
from toolkit.workbook.sources import Incoming, find_files

_UNFIT = ("wrong-agency", "unknown-agency", "wrong-year", "wrong-form")


@dataclass(frozen=True, slots=True)
class LastReport:
    """What one agency reported last year in the cells that this year's rules ask for; None is not known."""

    agency: Agency
    values: Mapping[Key, Decimal | None]
    source: str


@dataclass(frozen=True, slots=True)
class Priors:
    """Last year's figures by agency code, under prior keys; agencies that have none of their own or of predecessors;
    what was passed over or could not be settled, in sentences."""

    figures: Mapping[str, Mapping[Key, Decimal]]
    without: tuple[Member, ...]
    remarks: tuple[str, ...]


def load_priors(path: Path, collection: Collection, roster: Roster) -> Priors:
    """The figures of the year before the collection's, from whatever lies at a path."""
    remarks: list[str] = []
    reports = list(_reports(path, collection, remarks))
    return settle(reports, roster, collection.known.book, remarks)


def settle(reports: list[LastReport], roster: Roster, book: Rulebook, remarks: list[str]) -> Priors:
    """What each agency that must report has from last year, by its own report and those of all its predecessors.

    Where one of these is missing or leaves a figure open, that figure is left open and it is said: part of a sum is no
    sum.
    """
    reports = _once(reports, remarks)
    codes = {each.agency.code: each for each in reports if each.agency.code}
    names = {each.agency.name: each for each in reports if not each.agency.code}
    members = roster.by_code()
    figures: dict[str, dict[Key, Decimal]] = {}
    without = []
    for member in roster.expected:
        found, lost = _own_and_inherited(member, codes, names, members)
        if lost:
            told = "、".join(lost)
            remarks.append(f"“{member.agency}”的前身单位 {told} 没有上年的数，合计不出来，上年数留空。")
        elif not found:
            without.append(member)
        else:
            figures[member.agency.code] = _added_up(member, found, book, remarks)
    return Priors(figures, tuple(without), tuple(remarks))


def _own_and_inherited(
    member: Member, codes: Mapping[str, LastReport], names: Mapping[str, LastReport], members: Mapping[str, Member]
) -> tuple[list[LastReport], list[str]]:
    """The reports that make up an agency's last year, and the predecessors that have none, however far back."""
    own = codes.get(member.agency.code) or names.get(member.agency.name)
    found, lost = [own] if own else [], []
    waiting, seen = list(member.predecessors), {member.agency.code}
    while waiting:
        code = waiting.pop(0)
        if code in seen:
            continue
        seen.add(code)
        earlier = members[code].predecessors if code in members else ()
        waiting += earlier
        if code in codes:
            found.append(codes[code])
        elif not earlier:
            lost.append(code)
    return found, lost


def _added_up(member: Member, reports: list[LastReport], book: Rulebook, remarks: list[str]) -> dict[Key, Decimal]:
    figures, unknown = {}, 0
    for key in book.prior_keys():
        values = [report.values.get(key.current) for report in reports]
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            figures[key] = sum(known, Decimal(0))
        else:
            unknown += 1
    if unknown:
        remarks.append(f"“{member.agency}”上年有 {unknown} 个数空白或读不出，相应的上年数留空。")
    return figures


def _reports(path: Path, collection: Collection, remarks: list[str]) -> Iterator[LastReport]:
    if path.is_dir() and is_collection(path):
        yield from _of_collection(path, collection, remarks)
        return
    for file in find_files([path]):
        yield from _of_file(file, collection, remarks)


def _of_collection(folder: Path, collection: Collection, remarks: list[str]) -> Iterator[LastReport]:
    """What was accepted there; an agency whose file was returned or never came has no report."""
    earlier = load_collection(folder)
    if not isinstance(earlier, Collection):
        remarks.append(f"{folder.name}：{earlier[0].message}，没有使用。")
        return
    if (earlier.form.id, earlier.year) != (collection.form.id, collection.year - 1):
        remarks.append(f"{folder.name}：是 {earlier.form.id} {earlier.year} 年度的，不是上年的同一种报表，没有使用。")
        return
    roster = load_roster(earlier.roster, strict=True, columns=earlier.form.reserves)
    if not isinstance(roster, Roster):
        remarks.append(f"{folder.name}：名册有错误：{roster[0].where}：{roster[0].message}没有使用。")
        return
    with reading(earlier.ledger, earlier.known) as ledger:
        state = survey(earlier, roster, ledger, earlier.due)
    for standing in state.standings:
        if standing.submission and standing.is_filed:
            yield _report(standing.submission, collection.known, standing.submission.source.file)
        elif standing.status is Status.RETURNED:
            remarks.append(f"“{standing.member.agency}”上年的报表退回后没有改好，没有使用。")


def _of_file(file: Incoming, collection: Collection, remarks: list[str]) -> Iterator[LastReport]:
    if file.problem is not None:
        remarks.append(f"{file.name}：{file.problem.message}没有使用。")
        return
    package = open_summary(file.data)
    if package is not None:
        yield from _of_summary(package, file.name, collection, remarks)
        return
    read = read_submission(file.data, file.name, collection.forms)
    unfit = next((problem for problem in read.problems if problem.code in _UNFIT), None)
    if not isinstance(read, Submission) or unfit:
        remarks.append(f"{file.name}：{(unfit or read.problems[0]).message}没有使用。")
    elif read.year != collection.year - 1:
        remarks.append(f"{file.name}：是 {read.year} 年度的，不是上年的，没有使用。")
    else:
        yield _report(read, collection.known, file.name)


def _of_summary(package: Package, name: str, collection: Collection, remarks: list[str]) -> Iterator[LastReport]:
    book = collection.known.book
    try:
        detail = read_detail(package, book, [key.current for key in book.prior_keys()])
    except Refused as refused:
        remarks.append(f"{name}：{refused.message}没有使用。")
        return
    if detail.year != collection.year - 1:
        remarks.append(f"{name}：是 {detail.year} 年度的汇总，不是上年的，没有使用。")
        return
    for agency, values in detail.rows:
        yield LastReport(agency, values, name)


def _report(submission: Submission, known: Known, source: str) -> LastReport:
    values = {key.current: submission.values.get(key.current) for key in known.book.prior_keys()}
    return LastReport(submission.agency, values, source)


def _once(reports: list[LastReport], remarks: list[str]) -> list[LastReport]:
    """Each agency's report once; an agency with two that differ has none that could be relied on."""
    grouped: dict[str, list[LastReport]] = {}
    for report in reports:
        grouped.setdefault(report.agency.identity, []).append(report)
    kept = []
    for group in grouped.values():
        if all(report.values == group[0].values for report in group):
            kept.append(group[0])
        else:
            named = "、".join(f"“{report.source}”" for report in group)
            remarks.append(f"“{group[0].agency}”上年有几份报表，数不相同（{named}），都没有使用。")
    return kept
