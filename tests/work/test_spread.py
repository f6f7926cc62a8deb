"""One function over many items: in order, lazily, whoever dies meanwhile, and nobody is left over."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.work.chores import counted, none_lost, squared
from toolkit.work.spread import ALONE, Workers, on_cores, spread

ROOT = Path(__file__).parents[2]

FORK = ""
SPAWN = """
import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()
"""
BOTH = [pytest.param(FORK, id="fork"), pytest.param(SPAWN, id="spawn", marks=pytest.mark.long)]
WAYS = pytest.mark.parametrize("way", BOTH)
"""A program without threads has its workers forked on Linux; any other starts new interpreters."""


def printed(way: str, script: str, typed: str = "", **environment: str) -> list[str]:
    """The lines that a program prints that has this script; it ends well and complains of nothing."""
    program = f"{way}\nfrom tests.work.chores import *\nfrom toolkit.work.spread import *\n{script}"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, input=typed, capture_output=True, text=True,
        timeout=30, env={**os.environ, **environment},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def is_alive(pid: int) -> bool:
    """Whether a process is there; one that has ended and was not asked for its exit code yet is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def has_ended(pid: int) -> bool:
    """Whether a process is no more within a few seconds."""
    end = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not is_alive(pid)


@WAYS
def test_results_come_in_the_order_of_the_items(way: str) -> None:
    script = "print(list(spread(squared, iter(range(300)), on_cores(2), none_lost)))"
    assert printed(way, script) == [str([number * number for number in range(300)])]


@WAYS
def test_items_are_pulled_little_by_little_and_results_come_meanwhile(way: str) -> None:
    script = """
pulled, most = [0], 0
for taken, result in enumerate(spread(squared, counted(600, pulled), on_cores(2), none_lost)):
    most = max(most, pulled[0] - taken)
print(most <= 2 * 64 + 1, taken)
"""
    assert printed(way, script) == ["True 599"]


@WAYS
def test_an_item_that_kills_its_worker_costs_its_own_result_and_no_other(way: str) -> None:
    script = """
results = list(spread(deadly, range(120), on_cores(2), lost))
print([number for number in range(120) if results[number] != str(number)])
print(results[30], results[77], results[78])
"""
    assert printed(way, script) == ["[30, 77, 78]", "lost 30 lost 77 lost 78"]


def test_an_item_whose_worker_was_killed_by_chance_is_done_again(tmp_path: Path) -> None:
    script = f"""
items = [({str(tmp_path / "killed")!r}, number) for number in range(100)]
print(list(spread(deadly_once, items, on_cores(2), lost)) == [str(number) for number in range(100)])
"""
    assert printed(FORK, script) == ["True"]
    assert (tmp_path / "killed").exists()


@WAYS
def test_what_the_function_raises_is_raised_after_the_results_before_it_and_ends_the_work(way: str) -> None:
    script = """
pulled, results = [0], []
try:
    for result in spread(faulty, counted(100_000, pulled), on_cores(2), none_lost):
        results.append(result)
except ValueError as error:
    print(error, results == list(range(50)), pulled[0] < 500)
import multiprocessing
print(multiprocessing.active_children())
"""
    assert printed(way, script) == ["fifty is too many True True", "[]"]


def test_a_function_of_the_program_itself_is_applied_as_any_other() -> None:
    script = """
def negated(number):
    return -number
if __name__ == "__main__":
    print(list(spread(negated, range(200), on_cores(2), none_lost)) == list(range(0, -200, -1)))
"""
    assert printed(FORK, script) == ["True"]


def test_a_function_that_only_this_process_has_is_applied_here() -> None:
    assert list(spread(lambda number: -number, range(100), on_cores(2), none_lost)) == list(range(0, -100, -1))


@WAYS
def test_who_stops_taking_results_ends_all_work(way: str) -> None:
    script = """
results = spread(whose, range(100_000), on_cores(2), none_lost)
pids = {next(results) for _ in range(100)}
results.close()
print(os.getpid() in pids, *(pids - {os.getpid()}))
"""
    first, *pids = printed(way, script)[0].split()
    assert first == "True"
    assert len(pids) == 2
    assert [pid for pid in pids if not has_ended(int(pid))] == []


def test_ten_items_are_done_in_this_process_and_nothing_is_started_or_imported_for_it() -> None:
    script = """
print({whose(0) for number in spread(whose, range(10), on_cores(8), none_lost)} == {os.getpid()})
print("multiprocessing" in sys.modules, "concurrent.futures" in sys.modules)
"""
    assert printed(FORK, script) == ["True", "False False"]


def test_ten_items_do_not_start_an_executor() -> None:
    def start() -> Executor:
        raise AssertionError

    expected = [number * number for number in range(10)]
    assert list(spread(squared, range(10), Workers(4, start), none_lost)) == expected


def test_alone_everything_is_done_in_this_process_and_one_by_one() -> None:
    pulled: list[int] = [0]
    results = spread(squared, counted(100, pulled), ALONE, none_lost)
    assert [(result, pulled[0]) for result in results] == [(number * number, number + 1) for number in range(100)]
    assert on_cores(1) == on_cores(0) == ALONE


def threads() -> Executor:
    return ThreadPoolExecutor(3)


def new_interpreters() -> Executor:
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


@pytest.mark.parametrize("start", [threads, pytest.param(new_interpreters, marks=pytest.mark.long)])
def test_any_executor_does_the_work_and_is_left_to_who_made_it(start: Callable[[], Executor]) -> None:
    with start() as executor:
        results = spread(squared, range(300), executor, none_lost)
        assert list(results) == [number * number for number in range(300)]
        assert executor.submit(squared, 7).result() == 49


def test_an_executor_started_for_the_work_is_shut_down_after_it() -> None:
    executor = ThreadPoolExecutor(2)
    results = spread(squared, range(100), Workers(2, lambda: executor), none_lost)
    assert list(results) == [number * number for number in range(100)]
    with pytest.raises(RuntimeError, match="after shutdown"):
        executor.submit(squared, 1)


def test_where_an_executor_breaks_processes_of_our_own_go_on() -> None:
    script = """
from concurrent.futures import ProcessPoolExecutor
with ProcessPoolExecutor(2) as executor:
    results = list(spread(deadly, range(120), executor, lost))
print([number for number in range(120) if results[number] != str(number)])
"""
    assert printed(FORK, script) == ["[30, 77, 78]"]


def test_where_no_process_can_be_started_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr(get_context("fork").Process, "start", refuse)
    monkeypatch.setattr(get_context("spawn").Process, "start", refuse)
    expected = [number * number for number in range(100)]
    assert list(spread(squared, range(100), on_cores(2), none_lost)) == expected


def test_a_worker_that_spreads_its_work_does_all_of_it_itself() -> None:
    assert printed(FORK, "print(set(spread(nested, range(20), on_cores(2), none_lost)))") == ["{True}"]


def test_workers_leave_the_stdin_of_the_program_alone() -> None:
    script = """
print(set(spread(overheard, range(40), on_cores(2), none_lost)))
print(sys.stdin.read())
"""
    assert printed(FORK, script, typed="yes") == ["{''}", "yes"]


@pytest.mark.long
def test_a_script_without_a_main_guard_is_not_run_again_by_its_workers(tmp_path: Path) -> None:
    script = "from tests.work.chores import *\nprint(sum(spread(squared, range(99), on_cores(2), none_lost)))"
    path = tmp_path / "script.py"
    path.write_text(SPAWN + script)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, path], env=environment, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("318549\n", "")


@pytest.fixture
def working(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple["subprocess.Popen[str]", set[int]]]:
    """A program in a group of its own whose two workers never end, and those two."""
    script = f"{request.param}\nfrom functools import partial\nfrom tests.work.chores import *\n"
    script += f"list(spread(partial(endless, {str(tmp_path)!r}), range(100), on_cores(2), none_lost))"
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True) as program:
        end = time.monotonic() + 20
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        pids = {int(path.name) for path in tmp_path.iterdir()}
        assert len(pids) == 2
        yield program, pids
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        program.kill()


@pytest.mark.parametrize("working", BOTH, indirect=True)
def test_ctrl_c_ends_everything_at_once_and_is_told_once(working: tuple["subprocess.Popen[str]", set[int]]) -> None:
    program, pids = working
    began = time.monotonic()
    os.killpg(program.pid, signal.SIGINT)
    told = program.communicate(timeout=20)[1]
    assert time.monotonic() - began < 2
    assert program.returncode == -signal.SIGINT
    assert (told.count("Traceback"), told.splitlines()[-1]) == (1, "KeyboardInterrupt")
    assert [pid for pid in pids if not has_ended(pid)] == []


@pytest.mark.parametrize("working", BOTH, indirect=True)
def test_a_program_that_is_killed_leaves_no_workers(working: tuple["subprocess.Popen[str]", set[int]]) -> None:
    program, pids = working
    program.kill()
    assert [pid for pid in pids if not has_ended(pid)] == []
