"""A thousand files in one process, every tenth of them hostile: each reads as it reads alone, and nothing is kept."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.hostile.corpus import cases
from tests.official import AGENCY, ALL_ZERO, official, read
from toolkit.audit.submission import Agency, Reading, Submission, Unreadable
from toolkit.summary.review import review
from toolkit.workbook.sources import Incoming
from toolkit.workbook.template import Filling, Issue, template_bytes

resource = pytest.importorskip("resource")

COUNT, EARLY, EVERY, KINDS = 1_000, 200, 10, 30
MARGIN_MB = 40


def honest() -> list[bytes]:
    """Different honest workbooks, with a mistake here and there."""
    typed = official().book.typed
    return [
        template_bytes(
            official(),
            Issue(Agency(f"{AGENCY.name}{number}", AGENCY.code), 2025),
            Filling({key: Decimal(number + at) for at, key in enumerate(typed) if (at + number) % 7 == 0}, ALL_ZERO),
        )
        for number in range(KINDS)
    ]


def incoming(good: list[bytes]) -> Iterator[Incoming]:
    """The thousand, one after the other; the hostile ones take their turns."""
    hostile = cases()
    for number in range(COUNT):
        if number % EVERY == EVERY - 1:
            yield Incoming("a.xlsx", hostile[(number // EVERY * 7) % len(hostile)].make())
        else:
            yield Incoming("a.xlsx", good[number % KINDS])


def said(reading: Reading) -> object:
    """All that a reading says, to be compared."""
    if isinstance(reading, Unreadable):
        return reading
    assert isinstance(reading, Submission)
    return (
        reading.source, reading.agency, reading.year, reading.values, reading.problems, reading.places,
        reading.overwritten, reading.declared_zero, reading.narrative, reading.explanations, reading.remarks,
    )  # fmt: skip


def held() -> int:
    """The most memory this process ever held, in MB."""
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024


@pytest.mark.long
def test_a_thousand_files_read_together_as_they_read_alone(capsys: pytest.CaptureFixture[str]) -> None:
    good = honest()
    alone = [said(read(data)) for data in good]
    for case in cases():
        read(case.make())  # the largest of them sets the mark that later files are held against
    together = review(incoming(good), {official().book.form.code: official()})
    early = 0
    for number, reading in enumerate(together):
        if number % EVERY != EVERY - 1:
            assert said(reading) == alone[number % KINDS], number
        else:
            case = cases()[(number // EVERY * 7) % len(cases())]
            assert said(reading) == said(read(case.make())), case.name
        if number == EARLY:
            early = held()
    with capsys.disabled():
        print(f"\n{early} MB after {EARLY} files, {held()} MB after {COUNT}")
    assert held() - early <= MARGIN_MB
