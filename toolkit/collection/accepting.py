"""Accepting on the record: warnings of an agency's figures, or a file that is nobody's and needs no more attention."""

from collections.abc import Sequence

from toolkit.collection.judging import digest_of_figures, fingerprint
from toolkit.collection.ledger import Ledger
from toolkit.collection.roster import plain_code
from toolkit.collection.standing import Standing, State, Stray
from toolkit.problems import Problem, Severity

SHORTEST_HASH = 8


class Unacceptable(Exception):
    """What cannot be accepted: a sentence and a way out."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def accept(state: State, ledger: Ledger, what: str, why: str, codes: Sequence[str] = ()) -> list[Problem]:
    """Accept the open warnings of the agency called so (by code or name), only those of some problem codes if given; or
    settle a file that is nobody's, called by the start of its SHA-256. The problems accepted, in order.

    Unacceptable where there is nothing of that name or nothing that may be accepted: an error never may.
    """
    if not why.strip():
        raise Unacceptable("没有写理由。", "请用 --why 写明为什么认可。")
    standing = _standing(state, what)
    if standing is None:
        return _settle(ledger, _stray(state, what), why)
    problems = _warnings(standing, codes)
    assert standing.filing is not None
    assert standing.submission is not None
    figures, code = digest_of_figures(standing.submission), standing.member.agency.code
    accepted = {fingerprint(problem, standing.submission.explanations): problem for problem in problems}
    ledger.record_acceptances(standing.filing.id, code, figures, why.strip(), accepted)
    return problems


def _standing(state: State, what: str) -> Standing | None:
    agencies = {each.member.agency.name: each for each in state.standings}
    agencies |= {each.member.agency.code: each for each in state.standings}
    return agencies.get(what.strip()) or agencies.get(plain_code(what))


def _stray(state: State, what: str) -> Stray:
    start = what.strip().lower()
    found = [stray for stray in state.strays if len(start) >= SHORTEST_HASH and stray.filing.sha256.startswith(start)]
    if not found:
        hint = f"请写名册里的代码或单位名称；归不到单位的文件，写它 SHA-256 的前 {SHORTEST_HASH} 位以上。"
        raise Unacceptable(f"没有“{what}”这个单位或文件。", hint)
    return found[-1]


def _warnings(standing: Standing, codes: Sequence[str]) -> list[Problem]:
    """The open warnings that are meant."""
    agency = standing.member.agency
    if standing.submission is None:
        raise Unacceptable(f"“{agency}”还没有报送，没有可以认可的。", "请等它报来再说。")
    named = [problem for problem in standing.problems if not codes or problem.code in codes]
    open_ = [problem for problem in named if problem.severity is Severity.WARNING]
    errors = [problem for problem in named if problem.severity is Severity.ERROR]
    if errors and (codes or not open_):
        hint = "错误不能认可，须由单位改正；可以说明的（如上年衔接），由单位在“核对”页写明原因重报，就成为提示。"
        raise Unacceptable(f"“{agency}”有 {len(errors)} 处错误：{errors[0].message}", hint)
    if not open_:
        told = f"没有 {'、'.join(codes)} 的提示" if codes else "没有待认可的提示"
        raise Unacceptable(f"“{agency}”{told}。", "请用 gouji status 查看它现在的问题。")
    return open_


def _settle(ledger: Ledger, stray: Stray, why: str) -> list[Problem]:
    if stray.settled:
        raise Unacceptable(f"“{stray.filing.file}”已经处理过：{stray.settled}", "不必再办。")
    ledger.record_acceptances(stray.filing.id, "", "", why.strip(), {"": stray.problems[0]} if stray.problems else {})
    return list(stray.problems)
