"""How a collection stands on a day: each agency's status, current file, problems and history, all from the ledger.

Nothing is stored of this: it is worked out anew from what came in, the roster, last year's figures and what was
accepted, so that a mended roster or a later file is told in the next breath.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from toolkit.audit.across import compare
from toolkit.audit.packing import small
from toolkit.audit.submission import Submission
from toolkit.collection.events import Acceptance, Filing, Issued, Notice
from toolkit.collection.folder import Collection
from toolkit.collection.judging import Judge, digest_of_figures, fingerprint
from toolkit.collection.ledger import Ledger
from toolkit.collection.roster import Member, Roster
from toolkit.problems import Problem, Severity, Where, worst


class Status(StrEnum):
    """Where an agency stands."""

    PASSED = "passed"
    WARNINGS = "warnings"
    RETURNED = "returned"
    NOT_FILED = "not-filed"
    OVERDUE = "overdue"
    EXEMPT = "exempt"

    @property
    def label(self) -> str:
        """The words of the trade."""
        return _LABELS[self]


_LABELS = {
    Status.PASSED: "已报·通过", Status.WARNINGS: "已报·有提示", Status.RETURNED: "退回", Status.NOT_FILED: "未报",
    Status.OVERDUE: "逾期", Status.EXEMPT: "免报",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """One agency: `filing` and `submission` are the file that counts, judged; `accepted` are its warnings that were
    accepted, `lapsed` the acceptances that its figures have left behind; `history` is every file of its, the first one
    first; `is_late` says that what counts came after the due date."""

    member: Member
    status: Status
    issued: Issued | None = None
    filing: Filing | None = None
    submission: Submission | None = None
    accepted: tuple[tuple[Problem, Acceptance], ...] = ()
    lapsed: tuple[Acceptance, ...] = ()
    history: tuple[Filing, ...] = ()
    notices: tuple[Notice, ...] = ()
    is_late: bool = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the file that counts, and not accepted."""
        settled = {id(problem) for problem, _ in self.accepted}
        found = self.submission.problems if self.submission else ()
        return tuple(problem for problem in found if id(problem) not in settled)

    @property
    def is_filed(self) -> bool:
        """Whether a file of its counts: passed, or only with warnings."""
        return self.status in (Status.PASSED, Status.WARNINGS)

    @property
    def notice(self) -> Notice | None:
        """The last notice that went with the file that counts."""
        return next((each for each in reversed(self.notices) if self.filing and each.filing == self.filing.id), None)


@dataclass(frozen=True, slots=True)
class Stray:
    """A file that is nobody's on the roster, with its problems; `settled` is why it needs no more attention."""

    filing: Filing
    problems: tuple[Problem, ...]
    settled: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A collection on a day: its agencies in the roster's order, and the files that are nobody's."""

    collection: Collection
    roster: Roster
    today: date
    standings: tuple[Standing, ...]
    strays: tuple[Stray, ...]

    @property
    def days_left(self) -> int:
        """Days to the due date; negative when it has passed."""
        return (self.collection.due - self.today).days

    @property
    def expected(self) -> tuple[Standing, ...]:
        """The agencies that must report."""
        return tuple(each for each in self.standings if each.status is not Status.EXEMPT)

    @property
    def open_strays(self) -> tuple[Stray, ...]:
        """The files that somebody must still look at."""
        return tuple(stray for stray in self.strays if not stray.settled)

    def count(self, among: Iterable[Standing] | None = None) -> dict[Status, int]:
        """How many of each status, of all agencies or some."""
        found = Counter(each.status for each in (self.standings if among is None else among))
        return {status: found[status] for status in Status}

    def by_category(self) -> dict[str, list[Standing]]:
        """The agencies of each category, in the roster's order."""
        groups: dict[str, list[Standing]] = {category: [] for category in self.roster.categories}
        for each in self.standings:
            groups[each.member.category].append(each)
        return groups


Watch = Callable[[Sequence[Filing]], Iterable[Filing]]
"""Gives the same filings, and shows meanwhile how far it is."""


def survey(collection: Collection, roster: Roster, ledger: Ledger, today: date, watch: Watch = iter) -> State:
    """The collection's state on a day; `watch` sees the files that count as they are judged."""
    return _Survey(collection, roster, ledger, today, watch).state()


class _Survey:
    """The ledger sorted by agency, on a day."""

    def __init__(self, collection: Collection, roster: Roster, ledger: Ledger, today: date, watch: Watch) -> None:
        self._collection, self._roster, self._today = collection, roster, today
        ledger.check(collection.year)
        self._judge = Judge(roster, collection.year, ledger.priors())
        self._issued = {each.agency.code: each for each in ledger.issues()}
        self._notices = ledger.notices()
        self._acceptances = ledger.acceptances()
        self._filings: dict[str, list[Filing]] = defaultdict(list)
        self._strays: list[Filing] = []
        for filing in ledger.filings():
            self._sort(filing)
        self._current = {code: _current(found, collection.year) for code, found in self._filings.items()}
        judged = [small(self._judge.judge(ledger.reading(each))[1]) for each in watch(list(self._current.values()))]
        self._submissions = dict(zip(self._current, compare(judged), strict=True))

    def state(self) -> State:
        standings = tuple(self._standing(member) for member in self._roster.members)
        strays = tuple(self._stray(filing) for filing in self._strays)
        return State(self._collection, self._roster, self._today, standings, strays)

    def _sort(self, filing: Filing) -> None:
        found = self._judge.attribute(filing.agency, filing.issued_to) if filing.is_readable else None
        if found is None or found.member is None:
            self._strays.append(filing)
        else:
            self._filings[found.member.agency.code].append(filing)

    def _standing(self, member: Member) -> Standing:
        code = member.agency.code
        filing, history = self._current.get(code), tuple(self._filings.get(code, ()))
        submission = self._submissions.get(code)
        ids = {each.id for each in history}
        standing = Standing(
            member=member,
            status=Status.EXEMPT if member.exempt else self._unfiled(),
            issued=self._issued.get(code),
            history=history,
            notices=tuple(notice for notice in self._notices if notice.filing in ids),
        )
        if filing is None or not isinstance(submission, Submission):
            return standing
        is_late = filing.at.date() > self._collection.due
        accepted, lapsed = self._accepted(code, submission)
        filed = replace(
            standing, filing=filing, submission=submission, accepted=accepted, lapsed=lapsed, is_late=is_late
        )
        return filed if member.exempt else replace(filed, status=_status(filed.problems))

    def _unfiled(self) -> Status:
        return Status.OVERDUE if self._today > self._collection.due else Status.NOT_FILED

    def _accepted(
        self, code: str, submission: Submission
    ) -> tuple[tuple[tuple[Problem, Acceptance], ...], tuple[Acceptance, ...]]:
        """The warnings that were accepted with these figures, and the acceptances given to other figures."""
        mine = [each for each in self._acceptances if each.agency == code]
        figures = digest_of_figures(submission) if mine else ""
        held = {each.fingerprint: each for each in mine if each.figures == figures}
        warnings = [problem for problem in submission.problems if problem.severity is Severity.WARNING]
        prints = [fingerprint(problem, submission.explanations) for problem in warnings]
        accepted = tuple(
            (problem, held[print_]) for problem, print_ in zip(warnings, prints, strict=True) if print_ in held
        )
        return accepted, tuple(each for each in mine if each.figures != figures)

    def _stray(self, filing: Filing) -> Stray:
        problems = filing.problems
        if filing.is_readable:
            found = self._judge.attribute(filing.agency, filing.issued_to)
            own = Problem(Where(filing.file), found.code, found.severity, found.message, found.hint)
            kept = [problem for problem in problems if problem.code != "unknown-agency" or not found.code]
            problems = (own, *kept) if found.code else problems
        settled = [each.why for each in self._acceptances if each.filing == filing.id and not each.agency]
        return Stray(filing, problems, settled[-1] if settled else "")


def _current(filings: Sequence[Filing], year: int) -> Filing:
    """The file that counts: the last one of the collection's year, or the last one at all."""
    return ([filing for filing in filings if filing.year == year] or list(filings))[-1]


def _status(problems: Iterable[Problem]) -> Status:
    """What the problems that are left make of a file."""
    gravest = worst(problems)
    return {Severity.ERROR: Status.RETURNED, Severity.WARNING: Status.WARNINGS}.get(
        gravest or Severity.NOTICE, Status.PASSED
    )
