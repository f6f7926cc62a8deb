"""The summary of a collection: what was accepted, how many of how many, by category and in total, who is missing."""

import hashlib

from toolkit.audit.submission import Source, Unreadable
from toolkit.collection.ledger import Ledger
from toolkit.collection.standing import Standing, State, Status
from toolkit.problems import Severity
from toolkit.summary.merge import Entry, Summary, add_up


def summarized(state: State, *, with_warnings: bool = False) -> Summary:
    """The summary of the files that passed; with those that have open warnings, if wanted. Every other file and agency
    is in it with the reason why it is left out."""
    book = state.collection.known.book
    counted = [each for each in state.standings if _why_left_out(each, with_warnings) == ""]
    entries = [
        Entry(each.submission, _why_left_out(each, with_warnings)) for each in state.standings if each.submission
    ]
    entries += [
        Entry(Unreadable(Source(stray.filing.file, stray.filing.sha256), stray.problems, stray.filing.agency),
              stray.settled or stray.problems[0].message)
        for stray in state.strays
    ]  # fmt: skip
    missing = tuple(each.member.agency for each in state.standings if each.status in (Status.NOT_FILED, Status.OVERDUE))
    totals = add_up(book, [each.submission for each in counted if each.submission])
    return Summary(
        book=book,
        year=state.collection.year,
        title=state.collection.form.title,
        entries=tuple(entries),
        values=totals,
        listings=state.roster.listings,
        missing=missing,
        stamp=f"收录 {len(counted)}/{len(state.expected)}",
        unit=state.collection.office,
    )


def record_summary(ledger: Ledger, state: State, summary: Summary, file: str, data: bytes) -> None:
    """Put a summary that was written on the record, with the filings it counts."""
    counted = {each.agency.code for each in summary.included}
    filings = [each.filing.id for each in state.standings if each.filing and each.member.agency.code in counted]
    ledger.record_summary(file, hashlib.sha256(data).hexdigest(), filings, len(state.expected))


def _why_left_out(standing: Standing, with_warnings: bool) -> str:
    """Why an agency's file is not counted, empty where it is."""
    if standing.status is Status.PASSED or (with_warnings and standing.status is Status.WARNINGS):
        return ""
    if standing.status is Status.EXEMPT:
        return f"免报单位：{standing.member.exempt}"
    if standing.submission is None:
        return standing.status.label
    open_ = [problem for problem in standing.problems if problem.severity is not Severity.NOTICE]
    if standing.status is Status.WARNINGS:
        return f"有 {len(open_)} 条提示没有认可：{open_[0].message}"
    errors = [problem for problem in open_ if problem.severity is Severity.ERROR]
    return f"有 {len(errors)} 处错误：{errors[0].message}"
