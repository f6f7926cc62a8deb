"""Whose file it is, and what is wrong with it for this collection: the roster's and last year's word on a reading."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from toolkit.audit.across import of_year, reserved_figures
from toolkit.audit.packing import unpacked
from toolkit.audit.submission import Agency, Reading, Submission
from toolkit.audit.validate import audited
from toolkit.collection.record import dumps, figures_text
from toolkit.collection.roster import Member, Roster
from toolkit.form.model import Key
from toolkit.problems import Problem, Severity, Where

_OTHER_YEAR = "请改交本年度的；已交的本年度报表仍然算数。"

Priors = Mapping[str, Mapping[Key, Decimal]]
"""Last year's figures by agency code, under prior keys."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose a file is, by what its cover says; `member` is None where that is nobody's on the roster. `code`, `message`
    and `hint` are what is to be said of it, empty where all is as it should be."""

    member: Member | None
    code: str = ""
    severity: Severity = Severity.ERROR
    message: str = ""
    hint: str = ""


class Judge:
    """What a collection knows about its agencies, ready to judge any number of readings."""

    def __init__(self, roster: Roster, year: int, priors: Priors) -> None:
        self._codes, self._names = roster.by_code(), roster.by_name()
        self._heirs = {code: member for member in roster.members for code in member.predecessors}
        self._year, self._priors = year, priors

    def attribute(self, agency: Agency, issued_to: str) -> Attribution:
        """Whose a file is: by its code, then by its name, then by the code it was issued under; never by its file
        name."""
        if agency.code in self._codes:
            return self._by_code(self._codes[agency.code], agency)
        if agency.name in self._names:
            return _by_name(self._names[agency.name], agency)
        if issued_to in self._codes:
            return Attribution(self._codes[issued_to])  # that the cover says otherwise was told in reading it
        if heir := self._heirs.get(agency.code):
            message = f"“{agency}”（{agency.code}）是“{heir.agency}”的前身单位，不再单独报送。"
            hint = f"请“{heir.agency}”用下发给它的工作簿，合并填报。"
            return Attribution(None, "unknown-agency", message=message, hint=hint)
        if not agency.identity:
            return Attribution(None)
        message = f"“{agency}”（{agency.code or '无代码'}）不在单位名册里。"
        hint = "请核对封面的单位名称和代码；确是应报单位的，请补入名册。"
        return Attribution(None, "unknown-agency", message=message, hint=hint)

    def _by_code(self, member: Member, agency: Agency) -> Attribution:
        if agency.name in ("", member.agency.name):
            return Attribution(member)
        if agency.name in self._names:
            message = f"封面的代码是“{member.agency}”的，单位名称却是“{agency.name}”。"
            hint = "请与单位核实是谁的报表，改正封面后重报。"
            return Attribution(member, "wrong-agency", message=message, hint=hint)
        message = f"封面的单位名称是“{agency.name}”，按代码认作名册里的“{member.agency}”。"
        return Attribution(member, "normalised", Severity.NOTICE, message, "不必处理；确已改名的，请改名册。")

    def judge(self, reading: Reading) -> tuple[Member | None, Reading]:
        """Whose a reading is, and the reading with every problem it has in this collection but those that other
        agencies' files show up. The figures of last year are those of the ledger, whatever the workbook says."""
        if not isinstance(reading, Submission):
            return None, reading
        found = self.attribute(reading.agency, reading.stamp.agency if reading.stamp else "")
        own = (
            Problem(Where(reading.source.file), found.code, found.severity, found.message, found.hint),
        ) if found.code else ()  # fmt: skip
        member = found.member
        agency = member.agency if member else reading.agency
        prior = self._priors.get(agency.code, {}) if member else {}
        values = {key: value for key, value in unpacked(reading.values).items() if not key.is_prior} | dict(prior)
        submission = replace(reading, agency=agency, values=values, problems=(*own, *reading.problems))
        dated = of_year(submission, self._year, _OTHER_YEAR)
        assert isinstance(dated, Submission)
        result = audited(dated)
        kept = reserved_figures(result, member.granted) if member else None
        return member, result if kept is None else replace(result, problems=(*result.problems, kept))


def fingerprint(problem: Problem, explanations: Mapping[str, str]) -> str:
    """What makes a problem the same one when the file is judged again: its cells, both values and how the agency
    explains it; its words where it is at no cell."""
    said = [problem.code, *problem.keys, str(problem.expected), str(problem.found), explanations.get(problem.code, "")]
    return _digest(dumps(said if problem.keys else [problem.code, problem.message]))


def digest_of_figures(submission: Submission) -> str:
    """The same for the same typed figures, blanks and declarations included."""
    return _digest(figures_text({key: submission.values[key] for key in submission.book.typed}))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _by_name(member: Member, agency: Agency) -> Attribution:
    if not agency.code:
        message = f"封面没有代码，按单位名称认作名册里的“{member.agency}”。"
        return Attribution(member, "normalised", Severity.NOTICE, message, "不必处理；今后请用下发给本单位的工作簿。")
    message = f"封面的代码「{agency.code}」与名册里“{member.agency}”的代码 {member.agency.code} 不同。"
    hint = "请与单位核实是谁的报表，改正封面的代码后重报。"
    return Attribution(member, "wrong-agency", message=message, hint=hint)
