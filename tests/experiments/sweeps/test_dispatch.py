"""Dispatching tasks: every outcome once, workers that die, the same bytes on every pool."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.ensembles import ensemble
from experiments.sweeps.design.plan import make_plan
from experiments.sweeps.design.run_ids import Version, current_version
from experiments.sweeps.design.sweep_keys import ExecutorSettings
from experiments.sweeps.design.sweep_settings import load_sweep
from experiments.sweeps.design.tasks import Outcome, Task
from experiments.sweeps.execution.dispatch import TaskDispatcher
from experiments.sweeps.execution.pools import Pool, WorkersLostError, pool_kind
from experiments.sweeps.execution.task_simulation import perform
from experiments.sweeps.execution.worker_processes import ProcessExecutor, WorkerDiedError
from tests.support.paths import ROOT
from tests.support.shipped_scenarios import markets_alive
from tests.support.small_sweeps import (
    SMALL,
    never,
    run_sweep,
    shard_names,
    small_sweep,
    wait_for_shard,
)

NO_SCENARIO: Any = None


def tasks_of(count: int, runs: int = 2) -> list[Task]:
    """Tasks that are never simulated."""
    return [
        Task(
            number,
            tuple(f"{number}-{i}" for i in range(runs)),
            (NO_SCENARIO,) * runs,
            Version("", ""),
        )
        for number in range(count)
    ]


class DyingExecutor(Executor):
    """Reports a worker's death for every task with a deadly run, while deaths are left.

    Any other task is done without being simulated.
    """

    def __init__(self, deadly: set[str] = frozenset(), deaths_left: int = 1000) -> None:
        self.deadly, self.deaths_left = deadly, deaths_left
        self.pool = ThreadPoolExecutor(1)

    def submit(self, fn: Any, /, task: Any, *_: Any, **__: Any) -> Future[Any]:
        return self.pool.submit(self.run, task)

    def run(self, task: Task) -> Outcome:
        if self.deaths_left and self.deadly & set(task.runs):
            self.deaths_left -= 1
            raise WorkerDiedError("a worker died")
        return Outcome(task.runs, ("m",), np.zeros((len(task.runs), 1, 1), np.float32), (), 0.0)


class DroppingExecutor(Executor):
    """Does two tasks and drops every other, as a Dask client does that has lost its scheduler."""

    def __init__(self) -> None:
        self.done = DyingExecutor()

    def submit(self, fn: Any, /, task: Any, *_: Any, **__: Any) -> Future[Any]:
        if task.replicate < 2:
            return self.done.submit(fn, task)
        dropped: Future[Any] = Future()
        dropped.cancel()
        dropped.set_running_or_notify_cancel()
        return dropped


def test_dropped_tasks_were_a_traceback_about_a_cancelled_future() -> None:
    taken: list[Outcome] = []
    dispatcher = TaskDispatcher(Pool(1, DroppingExecutor()), iter(tasks_of(9)), never())
    with pytest.raises(WorkersLostError, match="the Dask scheduler is gone; start one again, or"):
        taken.extend(dispatcher.outcomes())
    assert {outcome.runs[0] for outcome in taken} <= {"0-0", "1-0"}


def test_a_dropped_call_of_a_calibration_is_said_in_the_same_words() -> None:
    pool, dropped = Pool(1, ThreadPoolExecutor(1)), Future[int]()
    dropped.cancel()
    with pytest.raises(WorkersLostError, match="the Dask scheduler is gone"):
        pool.result(dropped)
    assert pool.result(pool.call(abs, -3)) == 3
    pool.close()


@pytest.mark.parametrize("deadly", [set(), {"3-1"}, {"0-0", "9-1"}])
def test_a_run_that_kills_its_worker_costs_only_itself(deadly: set[str]) -> None:
    found = list(
        TaskDispatcher(Pool(2, DyingExecutor(deadly)), iter(tasks_of(10)), never()).outcomes()
    )
    done = [run for outcome in found for run in outcome.runs]
    failed = [failure for outcome in found for failure in outcome.failures]
    assert sorted(done) == sorted(
        run for task in tasks_of(10) for run in task.runs if run not in deadly
    )
    assert {failure.run for failure in failed} == deadly
    assert {failure.stage for failure in failed} <= {"worker"}


def test_a_worker_that_died_by_accident_costs_nothing() -> None:
    found = list(
        TaskDispatcher(
            Pool(2, DyingExecutor({"1-0"}, deaths_left=1)), iter(tasks_of(6)), never()
        ).outcomes()
    )
    assert sum(len(outcome.runs) for outcome in found) == 12
    assert not any(outcome.failures for outcome in found)


def test_tasks_are_asked_for_only_as_fast_as_they_are_done() -> None:
    asked: list[int] = []

    def tasks() -> Any:
        for task in tasks_of(100):
            asked.append(task.replicate)
            yield task

    outcomes = TaskDispatcher(Pool(2, DyingExecutor()), tasks(), never()).outcomes()
    next(outcomes)
    assert len(asked) <= 4 + 1


def test_once_stopping_nothing_more_begins() -> None:
    stopping = threading.Event()
    outcomes = TaskDispatcher(Pool(1, DyingExecutor()), iter(tasks_of(100)), stopping).outcomes()
    next(outcomes)
    stopping.set()
    assert len(list(outcomes)) <= 2


def test_memory_of_simulated_markets_is_given_back_once_half_a_second_has_passed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    design = load_sweep([*SMALL, "replicates=1"]).design
    plan = make_plan(design, current_version())
    (batch,) = plan.batches(plan.missing(set()))
    monkeypatch.setattr(ensemble, "HALF_A_SECOND", 0.0)
    perform(batch.tasks[0])
    gc.disable()
    try:
        before = markets_alive()
        perform(batch.tasks[0])
        assert markets_alive() == before
    finally:
        gc.enable()


def test_a_worker_with_other_code_is_refused() -> None:
    design = load_sweep([*SMALL, "replicates=1"]).design
    plan = make_plan(design, Version("other", current_version().evidence))
    (batch,) = plan.batches(plan.missing(set()))
    found = perform(batch.tasks[0])
    assert {failure.stage for failure in found.failures} == {"version"}
    assert "the sweep other" in found.failures[0].message


@pytest.mark.parametrize(
    ("cores", "seconds", "run_seconds", "kind"),
    [
        (2, 1e4, 0.1, "processes"),
        (1, 1e4, 0.1, "threads"),
        (2, 1.0, 0.1, "threads"),
        (2, 1e4, 10.0, "threads"),
    ],
)
def test_threads_or_processes_by_size(
    cores: int, seconds: float, run_seconds: float, kind: str
) -> None:
    assert pool_kind(ExecutorSettings("local", cores, "auto", None), seconds, run_seconds) == kind


@pytest.mark.slow
def test_processes_give_the_same_bytes_as_threads(tmp_path: Path, whole_sweep: Path) -> None:
    run_sweep(small_sweep(tmp_path / "store", "executor.pool=processes"))
    assert shard_names(tmp_path / "store") == shard_names(whole_sweep)


def killed_at_once() -> None:
    """As by the kernel when memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


def killed_half_way_through_its_answer() -> None:
    """Announces a thousand bytes, sends one and is gone."""
    (pipe,) = [
        each for each in gc.get_objects() if isinstance(each, Connection) and not each.closed
    ]
    os.write(pipe.fileno(), struct.pack("!i", 1000) + b"x")
    os.kill(os.getpid(), signal.SIGKILL)


def ended_by_an_exception() -> None:
    """As by a defect outside the simulation of a run."""
    raise MemoryError("raised by a test")


@pytest.mark.slow
@pytest.mark.parametrize(
    "die", [killed_at_once, killed_half_way_through_its_answer, ended_by_an_exception]
)
def test_only_the_call_of_a_worker_that_dies_fails(die: Callable[[], None]) -> None:
    with ProcessExecutor(2) as crew:
        calls = [crew.submit(die if number == 5 else os.getpid) for number in range(40)]
        with pytest.raises(WorkerDiedError, match="ended with exit code"):
            calls.pop(5).result(timeout=60)
        workers = {call.result(timeout=60) for call in calls}
    assert len(workers) <= 3
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


@pytest.mark.slow
def test_a_killed_process_costs_nothing(tmp_path: Path) -> None:
    """The kernel's out-of-memory killer, say."""
    folder = tmp_path / "store"

    def kill_one() -> None:
        wait_for_shard(folder)
        own = str(os.getpid())
        server = [
            pid
            for pid in os.listdir("/proc")
            if pid.isdigit() and parent_of(pid) == own and "forkserver" in command_of(pid)
        ]
        children = [
            pid for pid in os.listdir("/proc") if pid.isdigit() and parent_of(pid) in server
        ]
        os.kill(int(children[0]), signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    run_sweep(small_sweep(folder, "executor.pool=processes", "replicates=120"))
    killer.join()
    run_sweep(small_sweep(tmp_path / "quiet", "replicates=120"))
    assert shard_names(folder) == shard_names(tmp_path / "quiet")
    assert multiprocessing.active_children() == []


@pytest.mark.slow
def test_workers_follow_a_killed_sweep(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    command = [
        sys.executable,
        "-m",
        "experiments.sweep",
        *SMALL,
        "replicates=900",
        "executor.pool=processes",
        f"store={folder}",
    ]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as sweep:
        wait_for_shard(folder)
        servers = [
            pid for pid in os.listdir("/proc") if pid.isdigit() and parent_of(pid) == str(sweep.pid)
        ]
        workers = [
            pid for pid in os.listdir("/proc") if pid.isdigit() and parent_of(pid) in servers
        ]
        assert workers
        sweep.kill()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(Path(f"/proc/{pid}").exists() for pid in workers):
        time.sleep(0.1)
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def parent_of(pid: str) -> str:
    """A process's parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1]
    except OSError:
        return ""


def command_of(pid: str) -> str:
    """A process's command line."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
