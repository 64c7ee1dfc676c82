"""Sweeps that lose a worker, their fork server, their memory or their scheduler."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from experiments.fault_injection.processes import (
    fork_server,
    group_members,
    started,
    wait_until,
    workers,
)
from experiments.fault_injection.small_commands import (
    OUT,
    SWEEP,
    DamageError,
    Files,
    check_same,
    stored_runs,
)
from experiments.sweeps.store.run_store import read_store

WITH_PROCESSES = ("executor.pool=processes",)
NO_MORE_BYTES = 1 << 20
"""Address space of a worker without memory: less than it has, so that it gets no more."""
ROOT = Path(__file__).resolve().parents[2]


def lose_a_worker(folder: Path, expected: Files, generator: random.Random) -> str:
    """Kill two workers of a sweep: it replaces them and ends as if nothing had happened."""

    def kill_two(leader: int) -> None:
        for _ in range(2):
            wait_until(lambda: workers(leader), "the sweep has workers")
            os.kill(generator.choice(workers(leader)), signal.SIGKILL)

    return swept_under(kill_two, folder, expected)


def lose_the_fork_server(folder: Path, expected: Files, generator: random.Random) -> str:
    """Kill the fork server and a worker: another server starts another worker."""

    def kill_both(leader: int) -> None:
        worker, server = generator.choice(workers(leader)), fork_server(leader)
        assert server is not None
        os.kill(server, signal.SIGKILL)
        os.kill(worker, signal.SIGKILL)

    return swept_under(kill_both, folder, expected)


def swept_under(disaster: Callable[[int], None], folder: Path, expected: Files) -> str:
    """Sweep with worker processes and bring a disaster about after the first shard."""
    process = started(SWEEP, folder, WITH_PROCESSES)
    leader = process.pid or 0
    wait_until(lambda: stored_runs(folder), "the sweep has its first runs")
    disaster(leader)
    process.join()
    SWEEP.check(folder)
    if process.exitcode != 0:
        raise DamageError(f"the sweep ended with status {process.exitcode}")
    wait_until(lambda: not group_members(leader), "all processes of the sweep end")
    SWEEP.finish(folder)
    check_same(SWEEP.finished(folder), expected)
    return f"{stored_runs(folder)} runs, the same bytes"


def too_little_memory(folder: Path, expected: Files, generator: random.Random) -> str:
    """Limit the memory of a worker: its runs fail, are named, and succeed when tried again."""
    process = started(SWEEP, folder, WITH_PROCESSES)
    leader = process.pid or 0
    wait_until(lambda: workers(leader), "the sweep has workers")
    limited = workers(leader)
    for worker in limited:
        resource.prlimit(worker, resource.RLIMIT_AS, (NO_MORE_BYTES, NO_MORE_BYTES))
    wait_until(lambda: stored_runs(folder) or process.exitcode is not None, "the sweep goes on")
    died = len(set(limited) - set(workers(leader)))
    process.join()
    SWEEP.check(folder)
    store = read_store(folder / OUT)
    done, failed = len(store.done()), len(store.failed())
    if process.exitcode not in (0, 1) or (process.exitcode == 1) != bool(failed):
        raise DamageError(f"status {process.exitcode} with {failed} failed runs")
    if SWEEP.run(folder, ("retry_failed=true",)) != 0:
        raise DamageError("failed runs do not succeed with enough memory")
    check_same({"runs": SWEEP.finished(folder)["runs"]}, {"runs": expected["runs"]})
    if not died and not failed:
        raise DamageError("the limit had no effect: neither a worker nor a run failed")
    return f"{died} workers died, {failed} runs failed and succeeded later, {done} at once"


def lose_the_scheduler(folder: Path, expected: Files, generator: random.Random) -> str:
    """Kill the Dask scheduler of a sweep: its runs are kept, and this machine does the rest."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    address = folder / "scheduler.json"
    options = ["--scheduler-file", str(address)]
    dask = [sys.executable, "-m", "distributed.cli"]
    scheduler = subprocess.Popen(
        [*dask[:-1], "distributed.cli.dask_scheduler", *options, "--no-dashboard", "--port", "0"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    worker = subprocess.Popen(
        [*dask[:-1], "distributed.cli.dask_worker", *options, "--nthreads", "2", "--no-nanny"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        return swept_without_scheduler(folder, expected, scheduler, address)
    finally:
        for process in (scheduler, worker):
            process.kill()
            process.wait()


def swept_without_scheduler(
    folder: Path, expected: Files, scheduler: subprocess.Popen[bytes], address: Path
) -> str:
    """Sweep on a cluster whose scheduler is killed after the first shard; then without."""
    import json

    wait_until(address.is_file, "the scheduler answers")
    found = json.loads(address.read_text(encoding="utf-8"))["address"]
    cluster = ("executor=dask", f"executor.address={found}", "executor.workers=null")
    process = started(SWEEP, folder, ("executor.pool=auto", *cluster))
    wait_until(lambda: stored_runs(folder), "the sweep has its first runs")
    scheduler.kill()
    process.join(120.0)
    if process.exitcode is None:
        process.kill()
        raise DamageError("a sweep without scheduler does not end")
    SWEEP.check(folder)
    kept = stored_runs(folder)
    if process.exitcode not in (0, 1, 2):
        raise DamageError(f"the sweep ended with status {process.exitcode}")
    SWEEP.finish(folder)
    if stored_runs(folder) < kept:
        raise DamageError("the sweep lost runs when it went on on this machine")
    check_same(SWEEP.finished(folder), expected)
    return f"{kept} runs were kept, the rest simulated on this machine: the same bytes"
