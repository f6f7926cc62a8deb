"""A dask cluster that works: reached by the address of its scheduler, checked before anything is given to it."""

import asyncio
import contextlib
import logging
import socket
import threading
import time
import warnings
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from toolkit.work.spread import Workers

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as DaskFuture

PATIENCE = 10  # seconds for the scheduler to answer,
DESERTED = 30  # and for a worker to come back where there is none

_DISTRIBUTION = "gouji-toolkit"
_INSTALL = f'请运行 pip install "{_DISTRIBUTION}[dask]"。'
_NOISY = ("distributed", "tornado", "asyncio")

_GLANCE = 2

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class ClusterError(Exception):
    """A cluster cannot be used: a sentence and a way out."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@contextlib.contextmanager
def on_cluster(address: str) -> Iterator[Workers]:
    """The workers of the cluster whose scheduler is at an address (`tcp://host:port`), for `spread`; ClusterError
    where it cannot be used, or a worker turns out to lack this package."""
    with _quietly():
        client = _connect(address)
        try:
            jobs = _check(client)
            yield Workers(jobs, lambda: _Cluster(client))
        except ModuleNotFoundError as error:
            if error.name and error.name.partition(".")[0] == "toolkit":
                raise _lacking("有的节点") from error
            raise
        finally:
            client.close()  # type: ignore[no-untyped-call]


class _Cluster(Executor):
    """The cluster as an executor: broken when its scheduler is out of reach, or all its workers are gone for good. Its
    client is closed by whoever opened it.

    Dask has one of its own, whose futures wait for ever where a worker dies with a result that was not fetched yet.
    """

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._futures: weakref.WeakSet[Future[Any]] = weakref.WeakSet()
        self._is_deserted, self._is_over = False, threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def submit(
        self, function: Callable[_Arguments, _Result], /, *arguments: _Arguments.args, **named: _Arguments.kwargs
    ) -> "Future[_Result]":  # fmt: skip
        if self._is_deserted or self._client.status != "running":
            raise BrokenExecutor
        task = self._client.submit(function, *arguments, pure=False, **named)  # what is done twice is done twice
        loop = self._client.loop.asyncio_loop  # type: ignore[union-attr]
        future: Future[_Result] = asyncio.run_coroutine_threadsafe(self._outcome(task), loop)
        self._futures.add(future)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._is_over.set()
        self._watcher.join()

    async def _outcome(self, task: "DaskFuture[_Result]") -> _Result:
        """What a task made or raised; cancelled where that cannot be fetched: it is as if it had not begun."""
        made = []
        with contextlib.suppress(Exception, asyncio.CancelledError):  # whatever keeps it from being fetched
            made = await self._client.gather([task], errors="skip", asynchronous=True)  # type: ignore[no-untyped-call]
        if made:
            result: _Result = made[0]
            return result
        if task.status == "error":
            raise await task.exception()  # type: ignore[no-untyped-call]
        raise asyncio.CancelledError

    def _watch(self) -> None:
        """Give up when no worker comes back: a scheduler would keep its tasks for ever."""
        seen = time.monotonic()
        while not self._is_over.wait(_GLANCE) and self._client.status == "running":
            if _count_places(self._client):
                seen = time.monotonic()
            elif time.monotonic() - seen > DESERTED:
                self._is_deserted = True
                for future in list(self._futures):
                    future.cancel()
                return


def _connect(address: str) -> "Client":
    try:
        from distributed import Client
        from distributed.versions import VersionMismatchWarning
    except ImportError:
        raise ClusterError("用集群（--scheduler）要另外的组件，这台电脑上没有装。", _INSTALL) from None
    _reach(address)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VersionMismatchWarning)
        try:
            return Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ImportError, ValueError, TypeError, RuntimeError) as error:
            told = f"“{address}”有回应，但不是这里能用的 dask 调度器（{type(error).__name__}）。"
            hint = "请检查端口是否写对、集群的 dask 与这台电脑的版本是否相同、要不要证书。"
            raise ClusterError(told, hint) from error


def _reach(address: str) -> None:
    """See whether there is anything at an address: a client that finds nothing would leave its thread behind."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port:
        raise ClusterError(f"“{address}”不是调度器的地址。", "请写成 tcp://主机:端口，例如 tcp://10.0.0.5:8786。")
    try:
        socket.create_connection((host, port), timeout=PATIENCE).close()
    except OSError as error:
        hint = "请检查地址和端口是否写对、dask scheduler 是否在运行、网络通不通；或不用 --scheduler，在本机做。"
        raise ClusterError(f"连不上集群的调度器“{address}”。", hint) from error


def _check(client: "Client") -> int:
    """How many items the cluster does at once; ClusterError where it has no workers, or not with this package."""
    jobs = _count_places(client)
    if not jobs:
        raise ClusterError("集群里没有工作节点。", "请在各节点上运行 dask worker，再试一次。")
    found = client.run(version, _DISTRIBUTION, on_error="return")
    lacking = [node for node, told in found.items() if isinstance(told, PackageNotFoundError)]
    if lacking:
        raise _lacking(f"节点 {_named(lacking)}")
    other = {node: told for node, told in found.items() if told != version(_DISTRIBUTION)}
    if other:
        versions = "、".join(sorted({str(told) for told in other.values()}))
        told = f"节点 {_named(list(other))} 上的 gouji 是另一个版本（{versions}）。"
        raise ClusterError(told, f"请在各节点上运行 pip install {_DISTRIBUTION}=={version(_DISTRIBUTION)}。")
    return jobs


def _count_places(client: "Client") -> int:
    """How many tasks its workers do at once, all together."""
    try:
        return sum(client.nthreads().values())  # type: ignore[no-untyped-call]
    except (OSError, CancelledError):
        return 0


def _lacking(nodes: str) -> ClusterError:
    return ClusterError(
        f"{nodes}没有装 gouji。", f"请在各节点上运行 pip install {_DISTRIBUTION}，再重新启动 dask worker。"
    )


def _named(nodes: list[str]) -> str:
    return "、".join(nodes[:3]) + (f" 等 {len(nodes)} 个" if nodes[3:] else "")


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Keep what dask logs off the screen: workers that come and go, versions, connections that are closed."""
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict if name.split(".")[0] in _NOISY]
    before = [(logger, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, was_disabled in before:
            logger.disabled = was_disabled
