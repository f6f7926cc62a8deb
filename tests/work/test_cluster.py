"""Work done by a dask cluster: nothing is lost, whoever dies; and what keeps a cluster from being used, in words."""

import importlib.metadata
import multiprocessing
import os
import signal
import socketserver
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal

import fsspec
import pytest
from distributed import Client, LocalCluster

from tests.official import ALL_ZERO, official
from tests.work.chores import deadly, lost, none_lost, squared, unhurried
from tests.work.store import lost_place, object_store, read_place
from toolkit.audit.submission import Agency, Submission
from toolkit.work import cluster
from toolkit.work.cluster import ClusterError, on_cluster
from toolkit.work.spread import ALONE, spread
from toolkit.workbook.sources import Remote, each_place
from toolkit.workbook.template import Filling, Issue, template_bytes

FILES, KINDS = 200, 12


def local_cluster(workers: int) -> LocalCluster:
    """That many processes on this computer, each with one that starts it again when it dies."""
    return LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )


@pytest.fixture
def two() -> Iterator[LocalCluster]:
    """A cluster of two workers, all of whose processes end."""
    with local_cluster(2) as started:
        yield started
    assert multiprocessing.active_children() == []


def client_of(started: LocalCluster) -> Client:
    return Client(started)  # type: ignore[no-untyped-call]


def refusal(address: str) -> tuple[str, str]:
    """Why a cluster cannot be used, and the way out."""
    with pytest.raises(ClusterError) as caught, on_cluster(address):
        pass
    return caught.value.message, caught.value.hint


def workbooks() -> list[bytes]:
    """Different workbooks, with a mistake here and there."""
    typed = official().book.typed
    return [
        template_bytes(
            official(),
            Issue(Agency(f"第{number}局", "111408250000000016"), 2025),
            Filling({key: Decimal(number + at) for at, key in enumerate(typed) if (at + number) % 7 == 0}, ALL_ZERO),
        )
        for number in range(KINDS)
    ]


@pytest.mark.long
def test_workbooks_in_a_bucket_are_read_by_a_cluster_as_they_are_here_though_a_worker_is_killed(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.work.spreading.started_pool", None)  # nobody else may do it
    made = workbooks()
    with object_store():
        store = fsspec.filesystem("s3")
        store.mkdir("returned")
        store.pipe({f"returned/{number % 3}/{number:03}.xlsx": made[number % KINDS] for number in range(FILES)})
        here = list(spread(read_place, each_place([Remote("s3://returned")]), ALONE, lost_place))
        started: LocalCluster = request.getfixturevalue("two")
        there = []
        with on_cluster(started.scheduler_address) as workers:
            for reading in spread(read_place, each_place([Remote("s3://returned")]), workers, lost_place):
                there.append(reading)
                if len(there) == 40:
                    os.kill(started.workers[0].pid, signal.SIGKILL)
        assert [each.source.file for each in there if isinstance(each, Submission)] == [
            f"s3://returned/{folder}/{number:03}.xlsx" for folder in range(3) for number in range(folder, FILES, 3)
        ]
        assert there == here


@pytest.mark.long
def test_an_item_that_kills_workers_costs_its_own_result_and_nothing_is_said_of_it(
    two: LocalCluster, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "DESERTED", 5)  # a worker that dies while it starts is given up by dask
    with on_cluster(two.scheduler_address) as workers:
        results = list(spread(deadly, range(120), workers, lost))
    assert results == [f"lost {number}" if number in (30, 77, 78) else str(number) for number in range(120)]
    assert capfd.readouterr() == ("", "")


@pytest.mark.long
def test_where_the_scheduler_ends_meanwhile_this_computer_goes_on(two: LocalCluster) -> None:
    results = []
    with on_cluster(two.scheduler_address) as workers:
        for result in spread(unhurried, range(400), workers, none_lost):
            results.append(result)
            if result == 50:
                two.close()
    assert results == list(range(400))


@pytest.mark.long
def test_where_no_worker_comes_back_this_computer_goes_on(two: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "DESERTED", 1)
    results = []
    with on_cluster(two.scheduler_address) as workers:
        for result in spread(unhurried, range(400), workers, none_lost):
            results.append(result)
            if result == 50:
                two.scale(0)  # type: ignore[no-untyped-call]
    assert results == list(range(400))


@pytest.mark.long
def test_two_works_in_a_row_are_done_by_the_same_cluster(two: LocalCluster) -> None:
    with on_cluster(two.scheduler_address) as workers:
        for _ in range(2):
            assert list(spread(squared, range(100), workers, none_lost)) == [number * number for number in range(100)]


@pytest.mark.long
def test_an_executor_of_dask_that_somebody_else_made_does_the_work_too(two: LocalCluster) -> None:
    with client_of(two) as client:
        results = list(spread(squared, range(100), client.get_executor(), none_lost))
    assert results == [number * number for number in range(100)]


@pytest.mark.long
def test_a_cluster_without_workers_is_refused() -> None:
    with local_cluster(0) as started:
        assert refusal(started.scheduler_address) == (
            "集群里没有工作节点。", "请在各节点上运行 dask worker，再试一次。"
        )  # fmt: skip


def pretend_older() -> None:
    setattr(importlib.metadata, "version", lambda distribution_name: "0.0.9")  # noqa: B010


@pytest.mark.long
def test_a_worker_that_has_another_version_or_none_is_named(two: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = sorted(worker.worker_address for worker in two.workers.values())
    with client_of(two) as client:
        client.run(pretend_older, workers=[second])
    own = importlib.metadata.version("gouji-toolkit")
    assert refusal(two.scheduler_address) == (
        f"节点 {second} 上的 gouji 是另一个版本（0.0.9）。",
        f"请在各节点上运行 pip install gouji-toolkit=={own}。",
    )
    monkeypatch.setattr(cluster, "_DISTRIBUTION", "gouji-not-installed")
    assert refusal(two.scheduler_address) == (
        f"节点 {first}没有装 gouji。",
        "请在各节点上运行 pip install gouji-not-installed，再重新启动 dask worker。",
    )


def test_a_scheduler_that_is_not_there_is_told() -> None:
    assert refusal("tcp://127.0.0.1:1") == (
        "连不上集群的调度器“tcp://127.0.0.1:1”。",
        "请检查地址和端口是否写对、dask scheduler 是否在运行、网络通不通；或不用 --scheduler，在本机做。",
    )


@pytest.mark.parametrize("address", ["", "cluster", "127.0.0.1:8786", "tcp://127.0.0.1", "tcp://127.0.0.1:http"])
def test_what_is_no_address_is_told(address: str) -> None:
    message = f"“{address}”不是调度器的地址。"
    assert refusal(address) == (message, "请写成 tcp://主机:端口，例如 tcp://10.0.0.5:8786。")


@pytest.mark.long
def test_something_else_that_listens_is_no_scheduler() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        address = f"tcp://127.0.0.1:{other.server_address[1]}"
        message, hint = refusal(address)
        other.shutdown()
    assert message.startswith(f"“{address}”有回应，但不是这里能用的 dask 调度器（")
    assert hint == "请检查端口是否写对、集群的 dask 与这台电脑的版本是否相同、要不要证书。"


def test_without_the_library_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    message, hint = (
        "用集群（--scheduler）要另外的组件，这台电脑上没有装。",
        '请运行 pip install "gouji-toolkit[dask]"。',
    )
    assert refusal("tcp://127.0.0.1:1") == (message, hint)
