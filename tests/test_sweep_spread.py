"""Spreading over workers: every outcome once, workers that die, and the same bytes wherever it runs."""

from __future__ import annotations

import os
import threading
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from experiments.sweeps import work
from experiments.sweeps.plan import make_plan
from experiments.sweeps.pools import Pool, local_kind
from experiments.sweeps.session import current_version
from experiments.sweeps.settings import ExecutorKeys, load_sweep
from experiments.sweeps.spread import Spread
from experiments.sweeps.work import Outcome, Task, Version, perform
from tests.sweeps import SMALL, never, run_sweep, shard_names, small_sweep, wait_for_shard

BLANK: Any = None


def tasks_of(count: int, runs: int = 2) -> list[Task]:
    """Tasks that nobody simulates."""
    return [Task(number, tuple(f"{number}-{i}" for i in range(runs)), (BLANK,) * runs, Version("", "")) for number in range(count)]


class Mortal(Executor):
    """Does nothing with a task, but dies, as a pool of processes does, when one of these runs is in it."""

    def __init__(self, deadly: set[str], deaths: list[int]) -> None:
        self.deadly, self.deaths, self.broken = deadly, deaths, False
        self.pool = ThreadPoolExecutor(1)

    def submit(self, fn: Any, /, task: Any, *_: Any, **__: Any) -> Future[Any]:
        if self.broken:
            raise BrokenExecutor("broken before")
        return self.pool.submit(self.run, task)

    def run(self, task: Task) -> Outcome:
        import numpy as np

        if self.broken or self.deadly & set(task.runs):
            self.broken = True
            self.deaths.append(1)
            raise BrokenExecutor("a worker died")
        return Outcome(task.runs, ("m",), np.zeros((len(task.runs), 1, 1), np.float32), (), 0.0)


@pytest.mark.parametrize("deadly", [set(), {"3-1"}, {"0-0", "9-1"}])
def test_a_run_that_kills_its_worker_costs_only_itself(deadly: set[str]) -> None:
    deaths: list[int] = []
    found = list(Spread(Pool(2, lambda: Mortal(deadly, deaths)), iter(tasks_of(10)), never()).outcomes())
    done = [run for outcome in found for run in outcome.runs]
    failed = [failure for outcome in found for failure in outcome.failures]
    assert sorted(done) == sorted(run for task in tasks_of(10) for run in task.runs if run not in deadly)
    assert {failure.run for failure in failed} == deadly
    assert {failure.stage for failure in failed} <= {"worker"}


def test_a_worker_that_died_by_accident_costs_nothing() -> None:
    pools = iter([Mortal({"1-0"}, []), *(Mortal(set(), []) for _ in range(10))])
    found = list(Spread(Pool(2, lambda: next(pools)), iter(tasks_of(6)), never()).outcomes())
    assert sum(len(outcome.runs) for outcome in found) == 12
    assert not any(outcome.failures for outcome in found)


def test_tasks_are_asked_for_only_as_fast_as_they_are_done() -> None:
    asked: list[int] = []

    def tasks() -> Any:
        for task in tasks_of(100):
            asked.append(task.replicate)
            yield task

    outcomes = Spread(Pool(2, lambda: Mortal(set(), [])), tasks(), never()).outcomes()
    next(outcomes)
    assert len(asked) <= 4 + 1


def test_once_stopping_nothing_more_begins() -> None:
    stopping = threading.Event()
    outcomes = Spread(Pool(1, lambda: Mortal(set(), [])), iter(tasks_of(100)), stopping).outcomes()
    next(outcomes)
    stopping.set()
    assert len(list(outcomes)) <= 2


def test_memory_of_simulated_markets_is_given_back_once_half_a_second_has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    import gc

    from sim.model import LabourMarket

    design = load_sweep([*SMALL, "replicates=1"]).design
    plan = make_plan(design, current_version())
    (batch,) = plan.batches(plan.missing(set()))
    monkeypatch.setattr(work, "HALF_A_SECOND", 0.0)
    perform(batch.tasks[0])
    gc.disable()
    try:
        before = sum(isinstance(each, LabourMarket) for each in gc.get_objects())
        perform(batch.tasks[0])
        assert sum(isinstance(each, LabourMarket) for each in gc.get_objects()) == before
    finally:
        gc.enable()


def test_a_worker_with_other_code_is_refused() -> None:
    design = load_sweep([*SMALL, "replicates=1"]).design
    plan = make_plan(design, Version("other", current_version().evidence))
    (batch,) = plan.batches(plan.missing(set()))
    found = perform(batch.tasks[0])
    assert {failure.stage for failure in found.failures} == {"version"}
    assert "the sweep other" in found.failures[0].message


@pytest.mark.parametrize(("workers", "seconds", "kind"), [(200_000, 1e4, "threads"), (2_000, 1e4, "processes"), (2_000, 1.0, "threads")])
def test_threads_or_processes_by_size(workers: float, seconds: float, kind: str) -> None:
    assert local_kind(ExecutorKeys("local", 2, "auto", None), workers, seconds) == kind


def test_processes_give_the_same_bytes_as_threads(tmp_path: Path, whole_sweep: Path) -> None:
    run_sweep(small_sweep(tmp_path / "store", "executor.pool=processes"))
    assert shard_names(tmp_path / "store") == shard_names(whole_sweep)


@pytest.mark.slow
@pytest.mark.skip(
    reason="known defect: a process killed while it hands over its result keeps the lock of the result queue, and the sweep waits "
    "until it is stopped and started again; seen once in four runs of this test"
)
def test_a_killed_process_costs_nothing(tmp_path: Path) -> None:
    """The kernel's out-of-memory killer, say."""
    import multiprocessing
    import signal

    folder = tmp_path / "store"

    def kill_one() -> None:
        wait_for_shard(folder)
        own = str(os.getpid())
        server = [pid for pid in os.listdir("/proc") if pid.isdigit() and parent_of(pid) == own and "forkserver" in command_of(pid)]
        children = [pid for pid in os.listdir("/proc") if pid.isdigit() and parent_of(pid) in server]
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
    import subprocess
    import sys
    import time

    folder = tmp_path / "store"
    command = [sys.executable, "-m", "experiments.sweep", *SMALL, "replicates=900", "executor.pool=processes", f"store={folder}"]
    with subprocess.Popen(command, cwd=Path(__file__).resolve().parents[1], stderr=subprocess.DEVNULL) as sweep:
        wait_for_shard(folder)
        servers = [pid for pid in os.listdir("/proc") if pid.isdigit() and parent_of(pid) == str(sweep.pid)]
        workers = [pid for pid in os.listdir("/proc") if pid.isdigit() and parent_of(pid) in servers]
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
