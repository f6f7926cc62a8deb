"""Workbooks read by other processes say what they say when they are read here, one that ends its process included."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from tests.intake import alter
from tests.official import AGENCY, ALL_ZERO, filled, key, official, read
from toolkit.audit.across import by_identity
from toolkit.audit.packing import Packed, brief, packed, typed_text, unpacked
from toolkit.audit.submission import Reading, Submission, Unreadable
from toolkit.form.model import Key
from toolkit.problems import Severity
from toolkit.summary.merge import merge
from toolkit.summary.review import review, review_groups
from toolkit.summary.sheets import summary_bytes
from toolkit.work.spread import FEW, on_cores
from toolkit.workbook.sources import Place, each_place
from toolkit.workbook.template import Issue

FORMS = {official().book.form.code: official()}
NEW, FEE = "requests.new_received.natural_person", "proactive.admin_fees.amount_wan_yuan"


@pytest.fixture
def executor() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty files of every kind: sound, blank, wrong, moved, without names, no workbooks, a summary, an archive."""
    sound = filled({NEW: 3, "requests.granted.natural_person": 3, FEE: "1.25"})
    made = {
        "a.xlsx": sound,
        "b.xlsx": filled({}, ()),
        "c.xlsx": filled({NEW: 5}),
        "d.xlsx": alter.put_text(sound, NEW, "三"),
        "e.xlsx": alter.put_text(sound, NEW, "5（含2件）"),
        "f.xlsx": b"no workbook",
        "g.xlsx": sound[:-100],
        "h.xlsx": filled({}, ALL_ZERO, Issue(AGENCY, 2025, {key(f"prior.{NEW}"): Decimal(1)})),
        "i.xlsx": summary_bytes(merge(official().book, [read(sound, "a.xlsx")])),
        "k.xlsx": alter.edited(sound, "xl/workbook.xml", lambda text: text.replace(f'name="{NEW}"', 'name="x"')),
        "l.zip": alter.packed({"内/甲.xlsx": sound, "内/乙.xlsx": b""}),
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    for at in range(20):
        (tmp_path / f"z{at:02}.xlsx").write_bytes(filled({NEW: at}))
    return tmp_path


def compared(readings: list[Reading]) -> list[object]:
    """All that readings say, figures as plain ones."""
    return [(each, dict(each.values), dict(each.places)) if isinstance(each, Submission) else each for each in readings]


def test_other_processes_and_threads_read_the_same(folder: Path, executor: Executor) -> None:
    here = list(review(each_place([folder]), FORMS))
    assert len(here) > FEW
    elsewhere = list(review(each_place([folder]), FORMS, workers=executor))
    with ThreadPoolExecutor(2) as threads:
        beside = list(review(each_place([folder]), FORMS, workers=threads))
    assert compared(elsewhere) == compared(here)
    assert compared(beside) == compared(here)
    known = official()
    assert all(each.book is known.book for each in elsewhere if isinstance(each, Submission))


def test_last_year_is_set_beside_what_others_read(folder: Path, executor: Executor) -> None:
    last = read(filled({"requests.carried_forward.natural_person": 9, NEW: 9}, ALL_ZERO, Issue(AGENCY, 2024)))
    here = list(review(each_place([folder]), FORMS, last_year=by_identity([last])))
    elsewhere = list(review(each_place([folder]), FORMS, last_year=by_identity([last]), workers=executor))
    assert compared(elsewhere) == compared(here)
    assert any(problem.code == "requests.carry_over" for each in here for problem in each.problems)


def test_a_file_whose_reading_is_lost_is_unreadable_and_no_other_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spread(
        function: Callable[[Place], bytes], items: Iterable[Place], _: object, lost: Callable[[Place], bytes]
    ) -> Iterator[bytes]:
        return (lost(item) if str(item).endswith("z15.xlsx") else function(item) for item in items)

    here = list(review(each_place([folder]), FORMS))
    monkeypatch.setattr("toolkit.summary.opening.spread", spread)
    elsewhere = list(review(each_place([folder]), FORMS, workers=on_cores(2)))
    at = next(place for place, each in enumerate(here) if each.source.file.endswith("z15.xlsx"))
    assert compared(elsewhere[:at] + elsewhere[at + 1 :]) == compared(here[:at] + here[at + 1 :])
    gone = elsewhere[at]
    assert isinstance(gone, Unreadable)
    assert gone.source.file == here[at].source.file
    assert [(each.code, each.severity, each.message) for each in gone.problems] == [
        ("damaged", Severity.ERROR, "读这份文件的程序意外中止了，没有读出来；其余的照常。")
    ]


def test_small_readings_say_the_same_but_for_their_prose(folder: Path) -> None:
    for whole, small in zip(
        review(each_place([folder]), FORMS),
        (each for group in review_groups(each_place([folder]), FORMS, briefly=True) for each in group),
        strict=True,
    ):
        if not isinstance(whole, Submission):
            assert small == whole
            continue
        assert isinstance(small, Submission)
        assert isinstance(small.values, Packed)
        assert dict(small.values) == dict(whole.values)
        assert list(small.values)[: len(whole.book.cells)] == list(whole.book.cells)
        assert (small.problems, small.raws, small.blanks) == (whole.problems, whole.raws, whole.blanks)
        assert (small.narrative, small.people, small.remarks) == ({}, {}, {})


@pytest.mark.parametrize("text", ["0", "7", "1E+3", "1.50", "0.000001", "999999999999", "-4"])
def test_packed_figures_are_the_same_numbers(text: str) -> None:
    book = official().book
    fee, blank = key(FEE), key(NEW)
    values: dict[Key, Decimal | None] = {**dict.fromkeys(book.cells, Decimal(0)), fee: Decimal(text), blank: None}
    small = packed(values, book)
    assert small[fee] == Decimal(text)
    assert small[blank] is None
    assert dict(small) == values
    assert unpacked(small) == values
    assert book.prior[0] not in small


def test_the_same_figures_written_otherwise_are_the_same_text() -> None:
    one, other = (read(filled({FEE: written}), written) for written in ("1.5", "1.50"))
    assert isinstance(one, Submission)
    assert isinstance(other, Submission)
    assert typed_text(one) == typed_text(other)
    small = brief(one)
    assert isinstance(small, Submission)
    assert typed_text(small) == typed_text(one)
    assert typed_text(one) != typed_text(read(filled({FEE: "1.6"})))  # type: ignore[arg-type]
