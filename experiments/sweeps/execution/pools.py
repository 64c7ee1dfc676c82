"""Where tasks run: threads or processes of this machine, or a Dask cluster.

All stand behind the interface of concurrent.futures.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor, wait
from typing import Any

from experiments.command import StoppedError
from experiments.configuration.extras import how_to_get
from experiments.ensembles.ensemble import available_cores
from experiments.storage.folder_error import FolderError
from experiments.sweeps.design.run_ids import Version, current_version
from experiments.sweeps.design.sweep_keys import ExecutorSettings
from experiments.sweeps.design.tasks import Outcome, Task
from experiments.sweeps.execution.task_simulation import perform
from experiments.sweeps.execution.worker_processes import ProcessExecutor

CONNECT_TIMEOUT = "20s"
PROCESSES_PAY_SECONDS = 12.0
"""Work on one core below which processes cost more to start than they save.

Threads run kernels in parallel but share one interpreter between kernels.
"""
LONG_RUN_SECONDS = 1.0
"""A run from which on threads serve better.

A sweep that is stopped waits for the tasks in hand; threads end theirs after the current run,
processes only after all its runs.
"""


POLL_SECONDS = 0.25
"""How often it is looked whether anybody is left to finish a call."""
NO_WORKER_SECONDS = 60.0
"""How long a cluster may be without a worker: a batch system may take a while to start others."""
LOST = (
    "executor: the Dask scheduler is gone; start one again, or add executor=local to simulate the "
    "rest on this machine"
)
NO_WORKER = (
    "executor: the Dask cluster has had no worker for {seconds:.0f} seconds; start workers again, "
    "or add executor=local to simulate the rest on this machine"
)


LOGGERS = ("distributed", "tornado", "asyncio")
"""Libraries of a cluster, each of which reports a lost scheduler in a traceback of its own."""


class WorkersLostError(StoppedError):
    """Nobody is left to simulate the runs that are missing."""


class Pool:
    """Takes tasks for `width` workers; `check` raises WorkersLostError if none is left."""

    def __init__(
        self,
        width: int,
        executor: Executor,
        check: Callable[[], None] = lambda: None,
        **options: Any,
    ) -> None:
        self.width, self.check, self._executor, self._options = width, check, executor, options

    def submit(self, task: Task) -> Future[Outcome]:
        """Have a task performed."""
        return self._executor.submit(perform, task, **self._options)

    def call[Result](self, function: Callable[..., Result], *arguments: object) -> Future[Result]:
        """Have any other function called, such as a simulation of the calibration."""
        return self._executor.submit(function, *arguments)

    def result[Result](self, future: Future[Result]) -> Result:
        """What a call returned; raises WorkersLostError if nobody is left to finish it."""
        # `wait` does not see that a call was dropped before anybody took it.
        while not (future.done() or wait([future], POLL_SECONDS).done):
            self.check()
        try:
            return future.result()
        except CancelledError:
            raise WorkersLostError(LOST) from None

    def close(self) -> None:
        """Wait for running calls and drop queued ones."""
        self._executor.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def open_pool(settings: ExecutorSettings, kind: str, stopping: threading.Event) -> Iterator[Pool]:
    """A pool of this kind: `threads`, `processes` or `dask`."""
    width = settings.workers or available_cores()
    if kind == "dask":
        with dask_pool(settings, width) as pool:
            yield pool
        return
    pool = (
        thread_pool(width, stopping) if kind == "threads" else Pool(width, ProcessExecutor(width))
    )
    try:
        yield pool
    finally:
        pool.close()


def thread_pool(width: int, stopping: threading.Event) -> Pool:
    """Threads, which end a task after the current run when the sweep is stopping."""
    return Pool(width, ThreadPoolExecutor(width), stopping=stopping.is_set)


@contextlib.contextmanager
def dask_pool(settings: ExecutorSettings, width: int) -> Iterator[Pool]:
    """The cluster at an address, or one of processes on this machine while the sweep lasts."""
    try:
        import distributed
    except ImportError:
        raise FolderError(f"executor=dask: {how_to_get('distributed')}") from None
    with contextlib.ExitStack() as stack:
        stack.enter_context(quiet_cluster())
        try:
            cluster = (
                None
                if settings.address
                else stack.enter_context(local_cluster(distributed.LocalCluster, width))
            )
            client: Any = stack.enter_context(connected(distributed, settings.address or cluster))
        except (OSError, ValueError) as error:
            raise FolderError(
                f"executor.address: no Dask scheduler answers at {settings.address} ({error}); "
                "start one, or leave it out"
            ) from None
        check_cluster(client, current_version())
        threads = sum(client.nthreads().values()) or width
        # Not pure: for the same arguments Dask would hand out its earlier result, and so its
        # failure.
        yield Pool(threads, client.get_executor(pure=False), ClusterWatch(client).check)


def check_cluster(client: Any, own: Version) -> None:
    """Raise FolderError unless scheduler and workers have this project in the same version.

    Otherwise every run would fail there.
    """
    try:
        found = {client.run_on_scheduler(current_version), *client.run(current_version).values()}
    except Exception as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise FolderError(
            f"executor: scheduler or workers cannot load this project ({reason}); "
            "start both in its root with PYTHONPATH=. before the command"
        ) from error
    if others := sorted(version.code for version in found - {own}):
        raise FolderError(
            f"executor: the cluster has code {', '.join(others)}, this sweep {own.code}; "
            "install the same code and evidence"
        )


def connected(distributed: Any, cluster: Any) -> Any:
    """A client of a cluster, or of the scheduler at an address."""
    return distributed.Client(cluster, timeout=CONNECT_TIMEOUT, set_as_default=False)


class ClusterWatch:
    """Notices that a cluster has lost its scheduler, or has been without a worker for too long."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._empty_since: float | None = None

    def check(self) -> None:
        """Raise WorkersLostError if the scheduler is gone, or if all workers are."""
        if self._has_workers():
            self._empty_since = None
            return
        now = time.monotonic()
        self._empty_since = self._empty_since or now
        if now - self._empty_since >= NO_WORKER_SECONDS:
            raise WorkersLostError(NO_WORKER.format(seconds=NO_WORKER_SECONDS))

    def _has_workers(self) -> bool:
        """Whether the cluster has workers; raises WorkersLostError if nobody can tell."""
        if self._client.status != "running":
            raise WorkersLostError(LOST)
        try:
            return bool(self._client.nthreads())
        except OSError:
            raise WorkersLostError(LOST) from None


@contextlib.contextmanager
def quiet_cluster() -> Iterator[None]:
    """Leave it to this program to say that a scheduler is gone: each library has its own words."""
    loggers = [
        logging.getLogger(name)
        for name in (*LOGGERS, *logging.root.manager.loggerDict)
        if name.startswith(LOGGERS)
    ]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def local_cluster(kind: Any, width: int) -> Any:
    """A Dask cluster on this machine, one process per core.

    It opens no dashboard port, and Ctrl-C is left to the sweep.
    """
    return kind(
        n_workers=width,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        silence_logs="ERROR",
    )


def pool_kind(settings: ExecutorSettings, seconds: float, run_seconds: float) -> str:
    """`threads`, `processes` or `dask`, as asked for.

    If the choice is free, by how long the sweep and one of its runs take on one core.
    """
    if settings.kind == "dask":
        return "dask"
    if settings.pool != "auto":
        return settings.pool
    processes_pay = (
        seconds > PROCESSES_PAY_SECONDS
        and run_seconds < LONG_RUN_SECONDS
        and (settings.workers or available_cores()) > 1
    )
    return "processes" if processes_pay else "threads"
