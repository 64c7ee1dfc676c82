"""Where tasks run: threads or processes of this machine, or a Dask cluster; all behind the interface of concurrent.futures."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from experiments.ensembles.ensemble import available_cores
from experiments.results.result_folder import FolderError
from experiments.sweeps.design.identity import Version, current_version
from experiments.sweeps.design.tasks import Outcome, Task
from experiments.sweeps.execution.processes import ProcessCrew
from experiments.sweeps.execution.worker import perform

if TYPE_CHECKING:
    from experiments.sweeps.design.sweep_settings import ExecutorKeys

CONNECT_TIMEOUT = "20s"
PROCESSES_PAY_SECONDS = 12.0
"""Work on one core below which processes do not pay for their start; threads wait for each other between kernels."""
LONG_RUN_SECONDS = 1.0
"""A run from which on threads serve better: a sweep that is stopped waits for their runs in hand, not for whole tasks."""


class Pool:
    """Takes tasks, a few for each worker. `check` raises FolderError if there is nobody left to do them."""

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
        """Have anything else done, such as what a calibration simulates."""
        return self._executor.submit(function, *arguments)

    def close(self) -> None:
        """Wait for what runs, drop the rest."""
        self._executor.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def opened(keys: ExecutorKeys, kind: str, stopping: threading.Event) -> Iterator[Pool]:
    """A pool of this kind: `threads`, `processes` or `dask`."""
    width = keys.workers or available_cores()
    if kind == "dask":
        with dask_pool(keys, width) as pool:
            yield pool
        return
    pool = thread_pool(width, stopping) if kind == "threads" else Pool(width, ProcessCrew(width))
    try:
        yield pool
    finally:
        pool.close()


def thread_pool(width: int, stopping: threading.Event) -> Pool:
    """Threads, which end a task early when the sweep is stopping."""
    return Pool(width, ThreadPoolExecutor(width), stopping=stopping.is_set)


@contextlib.contextmanager
def dask_pool(keys: ExecutorKeys, width: int) -> Iterator[Pool]:
    """The cluster behind an address, or one of processes on this machine for as long as the sweep lasts."""
    try:
        import distributed
    except ImportError:
        raise FolderError(
            "executor: dask is not installed; install the project with its extra `dask`, or use executor=local"
        ) from None
    with contextlib.ExitStack() as stack:
        try:
            cluster = (
                None
                if keys.address
                else stack.enter_context(local_cluster(distributed.LocalCluster, width))
            )
            client: Any = stack.enter_context(connected(distributed, keys.address or cluster))
        except (OSError, ValueError) as error:
            raise FolderError(
                f"executor.address: no Dask scheduler answers at {keys.address} ({error}); start one, or leave it out"
            ) from None
        check_cluster(client, current_version())
        threads = sum(client.nthreads().values()) or width
        yield Pool(threads, client.get_executor(pure=False), lambda: check_scheduler(client))


def check_cluster(client: Any, own: Version) -> None:
    """Raise FolderError unless scheduler and workers have this project, with the same code and evidence: else every run would fail there."""
    try:
        found = {client.run_on_scheduler(current_version), *client.run(current_version).values()}
    except Exception as error:
        said = " ".join(str(error).split())
        raise FolderError(
            f"executor: scheduler or workers cannot load this project ({type(error).__name__}: {said}); "
            "start both in its root with PYTHONPATH=. before the command"
        ) from error
    if others := sorted(version.code for version in found - {own}):
        raise FolderError(
            f"executor: the cluster has code {', '.join(others)}, this sweep {own.code}; install the same code and evidence"
        )


def connected(distributed: Any, cluster: Any) -> Any:
    """A client of a cluster or address."""
    return distributed.Client(cluster, timeout=CONNECT_TIMEOUT, set_as_default=False)


def check_scheduler(client: Any) -> None:
    """Raise FolderError if the scheduler is gone."""
    if client.status != "running":
        raise FolderError(
            "executor: the Dask scheduler is gone; what was finished is in the store, run the same command to go on"
        )


def local_cluster(kind: Any, width: int) -> Any:
    """One process a core; Ctrl-C is left to the sweep; no dashboard port is opened."""
    return kind(
        n_workers=width,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        silence_logs="ERROR",
    )


def local_kind(keys: ExecutorKeys, seconds: float, run_seconds: float) -> str:
    """Threads or processes: as asked for, else by how long the sweep and one of its runs take on one core."""
    if keys.kind == "dask":
        return "dask"
    if keys.pool != "auto":
        return keys.pool
    pays = (
        seconds > PROCESSES_PAY_SECONDS
        and run_seconds < LONG_RUN_SECONDS
        and (keys.workers or available_cores()) > 1
    )
    return "processes" if pays else "threads"
