"""Problems that no workbook shows alone: the same agency twice, two agencies' same figures, last year's figures, who is
expected at all and what of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from toolkit.audit.numbers import printed
from toolkit.audit.packing import typed_text
from toolkit.audit.submission import Agency, Reading, Submission, Unreadable
from toolkit.audit.validate import short_label
from toolkit.problems import Problem, Severity, Where

_NAMED = 6  # other files of the same agency: where a template was passed round, there may be thousands

LastYear = Mapping[tuple[str, int], Submission]
"""Earlier submissions by agency code and by agency name, each with its year."""


def compare(readings: Sequence[Reading]) -> list[Reading]:
    """The same readings in the same order, each with the problems that the others show up."""
    added: dict[int, list[Problem]] = defaultdict(list)
    for group in group_by_agency(readings).values():
        _tell_duplicates(group, readings, added)
    _tell_same_figures(readings, added)
    return [
        replace(reading, problems=(*reading.problems, *added[at])) if at in added else reading
        for at, reading in enumerate(readings)
    ]


def group_by_agency(readings: Sequence[Reading]) -> dict[tuple[str, str, int | None], list[int]]:
    """The positions of the readable submissions of each form, agency and year."""
    groups: dict[tuple[str, str, int | None], list[int]] = defaultdict(list)
    for at, identity in _identities(readings).items():
        if isinstance(each := readings[at], Submission) and identity:
            groups[each.book.form.id, identity, each.year].append(at)
    return groups


def with_prior(submission: Submission, last_year: LastYear) -> Submission:
    """The submission with the figures of the same agency's report of the year before beside it, where that is known.

    Two agencies of one name with different codes are two. A figure that is blank there leaves what was issued.
    """
    agency = submission.agency
    known = (agency.code, _in_unit(submission), agency.name)
    found = [last_year.get((identity, (submission.year or 0) - 1)) for identity in known]
    before = next((each for each in found if each and not _are_two(each.agency, agency)), None)
    if before is None:
        return submission
    figures = {key: before.values.get(key.current) for key in submission.book.prior}
    prior = {key: value for key, value in figures.items() if value is not None}
    return replace(submission, values={**submission.values, **prior})


def expectation(roster: Sequence[Agency]) -> Callable[[Reading], Reading]:
    """A function that adds a problem to readings whose agency is not on the roster; an empty roster expects nothing.

    An agency is known by its code; by its name where it or the roster gives no code. What comes through a summary is
    the matter of whoever made that.
    """
    codes = {agency.code for agency in roster if agency.code}
    names = {agency.name for agency in roster}
    names_alone = {agency.name for agency in roster if not agency.code}

    def expect(reading: Reading) -> Reading:
        agency = reading.agency
        by_name = names_alone if agency.code else names
        if not roster or isinstance(reading, Unreadable) or not agency.identity or reading.via:
            return reading
        if agency.code in codes or agency.name in by_name:
            return reading
        message = f"“{agency}”（{agency.code or '无代码'}）不在单位名册里。"
        hint = "请核对封面的单位名称和代码；确是应报单位的，请补入名册。"
        problem = Problem(_cover(reading), "unknown-agency", Severity.ERROR, message, hint)
        return replace(reading, problems=(*reading.problems, problem))

    return expect


def of_year(reading: Reading, year: int | None, hint: str) -> Reading:
    """The reading, with a problem where it is of another year than the one that is collected or merged."""
    if isinstance(reading, Unreadable) or reading.year is None or reading.year == year:
        return reading
    message = f"{reading.agency}：是 {reading.year} 年度的，本次汇总 {year} 年度。"
    problem = Problem(_cover(reading), "wrong-year", Severity.ERROR, message, hint)
    return replace(reading, problems=(*reading.problems, problem))


def reserved_figures(submission: Submission, granted: Collection[str]) -> Problem | None:
    """What is to be said of figures in cells that are reserved for other agencies; not live in Excel. `granted` are the
    roster's columns in which this agency has 是."""
    cells = submission.book.cells
    kept = {key: cell.row.reserved or cell.column.reserved for key, cell in cells.items()}
    keys = [key for key, by in kept.items() if by and by not in granted and submission.values[key]]
    if not keys:
        return None
    where = submission.place_of(keys[0])
    told = "、".join(f"{short_label(submission, key)} {printed(submission.values[key])}" for key in keys[:4])
    columns = "、".join(f"“{by}”" for by in dict.fromkeys(kept[key] for key in keys))
    message = f"{where}：填了{told}{' 等' if len(keys) > 4 else ''}，但名册里该单位{columns}不是“是”。"
    hint = "请核对是否填错了行；确实可以填的，请改正名册。"
    return Problem(where, "reserved", Severity.WARNING, message, hint, tuple(map(str, keys)))


def by_identity(readings: Iterable[Reading]) -> LastYear:
    """Readable submissions by agency and year, the last one of each; by name only where no two agencies bear it, and
    within the unit whose summary they came through."""
    submissions = [each for each in readings if isinstance(each, Submission) and each.year is not None]
    bearers: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for each in submissions:
        bearers[each.agency.name, each.year].add(each.agency.code or _in_unit(each))
    found: dict[tuple[str, int], Submission] = {}
    for each in submissions:
        alone = len(bearers[each.agency.name, each.year]) == 1
        for identity in (each.agency.code, _in_unit(each), each.agency.name if alone else ""):
            if identity and each.year is not None:
                found[identity, each.year] = each
    return found


def _in_unit(submission: Submission) -> str:
    """An agency's name within the units it came through; empty where it came by itself."""
    return "·".join((*submission.units, submission.agency.name)) if submission.units else ""


def are_same(one: Submission, other: Submission) -> bool:
    """Whether two submissions say the same: the same bytes, or the same figures throughout."""
    return one.source.sha256 == other.source.sha256 or typed_text(one) == typed_text(other)


def _tell_duplicates(group: list[int], readings: Sequence[Reading], added: dict[int, list[Problem]]) -> None:
    submissions = [(at, each) for at in group if isinstance(each := readings[at], Submission)]
    if len(submissions) < 2:
        return
    first = submissions[0][1]
    code = "double-counted" if any(each.via for _, each in submissions) else "duplicate"
    if all(are_same(first, other) for _, other in submissions):
        for at, each in submissions[1:]:
            message = f"{each.agency}：与“{first.source.file}”是同一单位，数字完全相同，只计一次。"
            hint = "请只交汇总或单位自己的一份。" if code == "double-counted" else "请删去多余的一份。"
            added[at].append(Problem(_cover(each), code, Severity.WARNING, message, hint))
        return
    rest = f" 等 {len(submissions) - 1} 份" if len(submissions) - 1 > _NAMED else ""
    for at, each in submissions:
        others = islice((other for place, other in submissions if place != at), _NAMED)
        named = "、".join(f"“{other.source.file}”" for other in others)
        message = f"{each.agency}：与{named}{rest}是同一单位，数字不同，不知以哪份为准。"
        hint = "请与单位核实，只留下最终的一份。"
        added[at].append(Problem(_cover(each), code, Severity.ERROR, message, hint))


def _tell_same_figures(readings: Sequence[Reading], added: dict[int, list[Problem]]) -> None:
    identities = _identities(readings)
    alike: dict[tuple[str, int | None, str], list[int]] = defaultdict(list)
    for at, each in enumerate(readings):
        if isinstance(each, Submission) and not _says_nothing(text := typed_text(each)):
            alike[each.book.form.id, each.year, text].append(at)
    for group in alike.values():
        if len(group) < 2:
            continue
        for at in group:
            each = readings[at]
            others = list(islice((readings[place] for place in group if identities[place] != identities[at]), 3))
            if others:
                named = "、".join(f"“{other.agency}”（{other.source.file}）" for other in others)
                message = f"{each.agency}：全部数字与{named}完全相同。"
                hint = "请核实是否误用了别的单位的工作簿。"
                added[at].append(Problem(_cover(each), "same-figures", Severity.WARNING, message, hint))


def _identities(readings: Sequence[Reading]) -> dict[int, str]:
    """Who each readable submission is from: its code, or the only code that others give its name, or its name. What
    came through a summary is called by others in the same unit only."""
    submissions = {at: each for at, each in enumerate(readings) if isinstance(each, Submission)}
    uncoded = {each.agency.name for each in submissions.values() if not each.agency.code}
    codes: dict[tuple[str, tuple[str, ...] | None], set[str]] = defaultdict(set)
    for each in submissions.values():
        if each.agency.code and each.agency.name and each.agency.name in uncoded:
            codes[each.agency.name, each.units].add(each.agency.code)
            codes[each.agency.name, None].add(each.agency.code)

    def identity(each: Submission) -> str:
        if each.agency.code:
            return each.agency.code
        given = codes[each.agency.name, each.units or None]
        return next(iter(given)) if len(given) == 1 else each.agency.name

    found = {at: identity(each) for at, each in submissions.items()}
    return found | _told_apart(readings, found)


def _told_apart(readings: Sequence[Reading], identities: Mapping[int, str]) -> dict[int, str]:
    """Agencies without a code that come through summaries: of one name in two units they are two, unless their file is
    the same or one of that name came by itself."""
    submissions = {at: each for at in identities if isinstance(each := readings[at], Submission)}
    direct = {each.agency.name for each in submissions.values() if each.via is None}
    hashes = Counter(each.source.sha256 for each in submissions.values())
    apart = {
        at: each
        for at, each in submissions.items()
        if each.via and identities[at] == each.agency.name and each.agency.name not in direct
    }
    return {
        at: each.source.sha256 if hashes[each.source.sha256] > 1 else "·".join((*each.units, each.agency.name))
        for at, each in apart.items()
    }


def _are_two(one: Agency, other: Agency) -> bool:
    return bool(one.code and other.code and one.code != other.code)


def _says_nothing(typed: str) -> bool:
    """Whether all typed figures are 0 or blank."""
    return not typed.strip("0,")


def _cover(reading: Reading) -> Where:
    return Where(reading.source.file)
