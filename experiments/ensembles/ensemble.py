"""Many replicates of one scenario on threads, in order and in bounded memory: results do not depend on the thread count."""

from __future__ import annotations

import functools
import gc
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import dated_inputs
from sim.measures.catalogue import measures_of
from sim.measures.monthly import measure
from sim.paired import PairedBranches, run_paired
from sim.scenario import Scenario

BATCH = 10
"""Replicates whose panels are held at once before they are handed on."""

Outcome = tuple[PairedBranches, dict[str, Array]]


class ReplicateError(RuntimeError):
    """A replicate that failed; the cause is what it raised."""

    def __init__(self, replicate: int) -> None:
        super().__init__(f"replicate {replicate} failed")
        self.replicate = replicate


@dataclass(frozen=True)
class Observers:
    """Who is told: `progress` the number of replicates done, `panels` each batch of replicates in order."""

    progress: Callable[[int], None] = lambda done: None
    panels: Callable[[Sequence[PairedBranches]], None] = lambda batch: None


def run_ensemble(
    scenario: Scenario,
    replicates: int,
    threads: int | None = None,
    observers: Observers | None = None,
    drawn: Sequence[Scenario] | None = None,
) -> dict[str, Array]:
    """Replicates 0 to `replicates` - 1: every measure of the scenario as f8[R, T]. Raises ReplicateError at the first that fails.

    drawn: the scenario of each replicate where parameters are uncertain; it differs from `scenario` in numbers only.
    """
    told, each = observers or Observers(), drawn or [scenario] * replicates
    stacked = {name: np.empty((replicates, scenario.months)) for name in measures_of(scenario)}

    def work(replicate: int) -> Outcome:
        pair = run_paired(each[replicate], replicate)
        return pair, measure(pair, each[replicate], dated_inputs(each[replicate]))

    batch: list[PairedBranches] = []
    for replicate, (pair, values) in enumerate(
        in_order(work, replicates, threads or available_cores())
    ):
        for name, row in values.items():
            stacked[name][replicate] = row
        batch.append(pair)
        told.progress(replicate + 1)
        if len(batch) == BATCH or replicate + 1 == replicates:
            told.panels(batch)
            batch = []
    return stacked


def in_order[Result](work: Callable[[int], Result], count: int, threads: int) -> Iterator[Result]:
    """work(0), work(1), ... computed on threads; at most two a thread are ahead of the one yielded."""
    pending: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for replicate in range(count):
            pending.append(pool.submit(work, replicate))
            if len(pending) > 2 * threads:
                yield taken(pending, replicate - len(pending) + 1)
                GARBAGE.collect()
        while pending:
            yield taken(pending, count - len(pending))
    finally:
        pool.shutdown(cancel_futures=True)


def taken[Result](pending: deque[Future[Result]], replicate: int) -> Result:
    """The oldest result; a failure says which replicate it was."""
    try:
        return pending.popleft().result()
    except Exception as error:
        raise ReplicateError(replicate) from error


def available_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


HALF_A_SECOND = 0.5


class Garbage:
    """What is over but still takes memory."""

    def __init__(self) -> None:
        self.collected = 0.0

    def collect(self) -> None:
        """Free models that nobody uses any more, unless that was done within the last half second."""
        exempt_imports()
        if time.monotonic() - self.collected > HALF_A_SECOND:
            gc.collect()
            self.collected = time.monotonic()


GARBAGE = Garbage()


@functools.cache
def exempt_imports() -> None:
    """Keep what is loaded out of garbage collection, once: freeing models then takes 6 ms, not 90."""
    gc.collect()
    gc.freeze()
