"""The ledger: it only grows, one writes at a time, what is kept comes back as it was, any trouble is a sentence."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collection.making import at_time, code, collection_of, completed, member, roster_of
from tests.command.test_commands import gouji
from tests.hostile.corpus import cases
from tests.intake import alter
from tests.official import AGENCY, ALL_ZERO, filled, official, read
from toolkit.audit.submission import Submission
from toolkit.collection.collecting import Collecting
from toolkit.collection.folder import Collection
from toolkit.collection.opening import LOCK, reading, writing
from toolkit.collection.record import figures_text, parse_reading, reading_text
from toolkit.collection.schema import STEPS, TABLES, migrate
from toolkit.collection.standing import survey
from toolkit.collection.troubles import LedgerError
from toolkit.form.library import OFFICIAL, built_in
from toolkit.workbook.intake import read_submission
from toolkit.workbook.template import Filling, Issue, template_bytes

FINANCE, TOWN = member("财政局", 1), member("柳林镇", 2, "乡镇街道")


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    """A collection with one workbook of every kind of event in its ledger."""
    made, roster = collection_of(tmp_path / "任务", [FINANCE, TOWN])
    path = at_time(tmp_path / "来" / "甲.xlsx", completed(FINANCE, {"requests.granted.other_org": 1}), 1)
    with writing(made.ledger, made.known) as ledger:
        ledger.begin(2025)
        key = made.known.book.prior[0]
        ledger.record_prior({FINANCE.agency.code: {key: Decimal(3)}}, "上年")
        ledger.record_issues([(FINANCE.agency, "001.xlsx", "0" * 64)])
        (receipt,) = Collecting(made, roster, ledger).take(path)
        assert receipt.filing == 1
        problem = receipt.reading.problems[0]
        ledger.record_acceptances(1, FINANCE.agency.code, "", "属实", {"x": problem})
        ledger.record_notice(1, FINANCE.agency.code, "退回.xlsx", "", "请改")
        ledger.record_summary("汇总.xlsx", "1" * 64, [1], 2)
    return made


@pytest.fixture
def connection(collection: Collection) -> Iterator[sqlite3.Connection]:
    """The ledger, opened by another program."""
    with closing(sqlite3.connect(collection.ledger, isolation_level=None)) as opened:
        yield opened


@pytest.mark.parametrize("table", TABLES)
def test_what_is_written_stays(table: str, connection: sqlite3.Connection) -> None:
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert count == 1
    (column,) = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")][-1:]
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
        with pytest.raises(sqlite3.IntegrityError, match="the ledger only grows"):
            connection.execute(statement)


def test_it_is_in_wal_mode_and_keeps_its_keys(collection: Collection, connection: sqlite3.Connection) -> None:
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    with writing(collection.ledger, collection.known) as ledger, pytest.raises(LedgerError):
        ledger.original("f" * 64)
    with pytest.raises(LedgerError), writing(collection.ledger, collection.known) as ledger:
        ledger.record_notice(99, FINANCE.agency.code, "无.xlsx", "", "没有这一份")
    assert connection.execute("SELECT count(*) FROM notice").fetchone() == (1,)


def test_an_original_that_is_not_what_it_was_is_told(collection: Collection, connection: sqlite3.Connection) -> None:
    (sha256,) = connection.execute("SELECT sha256 FROM original").fetchone()
    connection.execute("DROP TRIGGER original_no_update")
    connection.execute("UPDATE original SET data = x'00'")
    with reading(collection.ledger, collection.known) as ledger, pytest.raises(LedgerError, match="不完整"):
        ledger.original(sha256)


def test_one_writes_at_a_time_and_the_second_is_told_while_readers_go_on(
    collection: Collection, tmp_path: Path
) -> None:
    with writing(collection.ledger, collection.known):
        late = gouji(tmp_path, "collect", "任务")
        assert (late.code, late.out) == (2, "")
        assert late.err.splitlines() == [
            "错误：另一个 gouji 正在写这个收集任务的台账，这一次什么也没做。",
            "请等它做完，再运行一次；文件都还在原处。",
        ]
        assert gouji(tmp_path, "remind", "任务").code == 0
    assert gouji(tmp_path, "collect", "任务").code == 0


def test_a_ledger_of_a_newer_program_is_left_alone(
    collection: Collection, connection: sqlite3.Connection, tmp_path: Path
) -> None:
    connection.execute("PRAGMA user_version = 9")
    for command in ("collect", "status"):
        done = gouji(tmp_path, command, "任务")
        assert (done.code, done.out) == (2, "")
        assert done.err == (
            "错误：台账是更新的 gouji 写的（第 9 版，本机只认到第 1 版）。\n请在这台电脑上升级 gouji-toolkit。\n"
        )
    assert connection.execute("PRAGMA user_version").fetchone() == (9,)


def test_a_step_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None)) as connection:
        migrate(connection)
        migrate(connection, [*STEPS, "CREATE TABLE more (name TEXT); INSERT INTO more VALUES ('甲')"])
        assert connection.execute("SELECT name FROM more").fetchall() == [("甲",)]
        broken = [*STEPS, "", "CREATE TABLE half (name TEXT); INSERT INTO nowhere VALUES (1)", "CREATE TABLE third (x)"]
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            migrate(connection, broken)
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name IN ('half', 'third')").fetchall()


def test_a_ledger_written_by_the_first_version_is_read_as_it_was(tmp_path: Path) -> None:
    made, _ = collection_of(tmp_path / "任务", [FINANCE, TOWN])
    made.ledger.unlink()
    with closing(sqlite3.connect(made.ledger)) as connection:
        connection.executescript(Path(__file__).with_name("ledger-1.sql").read_text("utf-8"))
        connection.execute("PRAGMA user_version = 1")
    with reading(made.ledger, made.known) as ledger:
        state = survey(made, roster_of(made), ledger, date(2026, 1, 20))
        data = ledger.original(ledger.filings()[0].sha256)
    first, second = state.standings
    assert (first.status.label, first.filing and first.filing.file, len(first.history)) == ("退回", "甲.xlsx", 1)
    assert [problem.code for problem in first.problems] == ["requests.balance", "requests.carry_over"]
    assert second.status.label == "未报"
    read_again = read_submission(data, "甲.xlsx", made.forms)
    assert isinstance(read_again, Submission)
    assert {str(key): int(value) for key, value in read_again.values.items() if value} == {
        "requests.granted.other_org": 1, "requests.granted.total": 1, "requests.total_handled.other_org": 1,
        "requests.total_handled.total": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"this is no ledger at all" * 100, "台账文件不是台账"),
        (b"SQLite format 3\0" + bytes(4080), "台账文件不是台账"),
        (b"", "台账文件是空的，或者不是台账"),
    ],
)
def test_a_file_that_is_no_ledger_is_told(data: bytes, said: str, collection: Collection, tmp_path: Path) -> None:
    for path in collection.folder.glob("ledger.sqlite3*"):
        path.unlink()
    collection.ledger.write_bytes(data)
    for command in ("collect", "status", "return", "remind", "summarize"):
        done = gouji(tmp_path, command, "任务")
        assert (done.code, done.out, done.err.splitlines()[0]) == (2, "", f"错误：{said}。"), command
    assert collection.ledger.read_bytes() == data


def test_a_ledger_that_is_gone_is_told(collection: Collection, tmp_path: Path) -> None:
    for path in (*collection.folder.glob("ledger.sqlite3*"), collection.folder / LOCK):
        path.unlink()
    for command in ("status", "collect", "issue", "return", "summarize"):
        done = gouji(tmp_path, command, "任务")
        assert (done.code, done.err.splitlines()[0]) == (2, "错误：找不到台账“任务/ledger.sqlite3”。")
    assert not collection.ledger.exists()


def test_the_year_and_the_form_are_bound_by_the_first_event(collection: Collection, tmp_path: Path) -> None:
    path = collection.folder / "collection.toml"
    path.write_text(path.read_text("utf-8").replace("year = 2025", "year = 2024"), encoding="utf-8")
    for command in ("collect", "return", "status", "remind", "summarize", "issue"):
        done = gouji(tmp_path, command, "任务")
        assert (done.code, done.out, done.err.splitlines()[0]) == (
            2,
            "",
            "错误：台账记的是 ogi-annual-report-2021 第 1 版、2025 年度，与现在的设置不同。",
        )


def test_a_form_whose_rows_were_changed_is_not_the_one_of_the_ledger(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(built_in()[OFFICIAL].read_text("utf-8"), encoding="utf-8")
    (tmp_path / "名册.csv").write_text(f"单位名称,统一社会信用代码\n甲,{code(1)}\n", encoding="utf-8")
    begun = ("init", "任务", "--form", "own.toml", "--year", "2025", "--office", "办", "--due", "2026-01-31")
    assert gouji(tmp_path, *begun, "--roster", "名册.csv").code == 0
    assert gouji(tmp_path, "issue", "任务").code == 0
    form = tmp_path / "任务" / "form.toml"
    form.write_text(form.read_text("utf-8").replace("admin_penalty", "admin_penalties"), encoding="utf-8")
    for command in ("status", "collect", "return", "remind", "summarize", "issue"):
        done = gouji(tmp_path, command, "任务")
        assert (done.code, done.out, done.err.splitlines()[0]) == (
            2, "", "错误：报表定义 ogi-annual-report-2021 的行列改动过，与台账记的不同。",
        ), command  # fmt: skip


def test_a_record_that_is_damaged_is_told(
    collection: Collection, connection: sqlite3.Connection, tmp_path: Path
) -> None:
    connection.execute("DROP TRIGGER filing_no_update")
    connection.execute("UPDATE filing SET reading = '{'")
    done = gouji(tmp_path, "status", "任务")
    (file,) = connection.execute("SELECT file FROM filing").fetchone()
    assert (done.code, done.err.splitlines()[0]) == (2, f"错误：台账里第 1 份（{file}）的记录不完整。")


def kept(data: bytes, file: str = "a.xlsx") -> None:
    """Assert that a reading comes back from the ledger's texts as it was."""
    known = official()
    before = read_submission(data, file, {known.book.form.code: known})
    figures = figures_text(before.values if isinstance(before, Submission) else {})
    after = parse_reading(reading_text(before, known), figures, file, before.source.sha256, known)
    assert after == before


@pytest.mark.long
def test_whatever_was_read_in_the_hostile_corpus_comes_back_the_same() -> None:
    found = set()
    for case in cases():
        data = case.make()
        kept(data)
        found.add(read(data).status)
    assert found == {"clean", "warnings", "errors", "unreadable"}


def test_cells_that_moved_or_are_gone_and_totals_typed_over_come_back_so() -> None:
    data = filled({"proactive.admin_penalty.decisions": 5})
    moved = alter.with_row_inserted(data, "表二主动公开", 3)
    gone = alter.without_name(data, "proactive.admin_penalty.decisions")
    typed_over = alter.put_number(data, "requests.granted.total", "7")
    remarked = alter.put_text(data, "requests.granted.other_org", "55（含自然失效29件）")
    assert len({reading_text(read(each), official()) for each in (data, moved, gone, typed_over, remarked)}) == 5
    for each in (data, moved, gone, typed_over, remarked):
        kept(each)


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.sampled_from(official().book.typed), st.decimals(-5, 10**12, places=3), max_size=60),
    st.text(max_size=200),
    st.lists(st.sampled_from(ALL_ZERO), unique=True),
)
@pytest.mark.long
def test_any_figures_and_texts_come_back_the_same(figures: dict, prose: str, declared: list[str]) -> None:  # type: ignore[type-arg]
    text = "".join(letter for letter in prose if letter.isprintable())
    filling = Filling(figures, tuple(declared), {"overview": text}, {"preparer": text[:20]}, {"requests": text})
    kept(template_bytes(official(), Issue(AGENCY, 2025), filling))


def test_codes_of_the_tests_are_sound() -> None:
    """The code of the samples' 07, from its certificate, by the tests' own sum."""
    assert code(7) == "11149900MB0000007U"
