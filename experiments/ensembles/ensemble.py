"""Many replicates of one scenario on threads, in order and in bounded memory.

Results do not depend on the number of threads.
"""

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
"""Replicates whose panels are held in memory before they are handed on together."""

Outcome = tuple[PairedBranches, dict[str, Array]]


class ReplicateError(RuntimeError):
    """A replicate failed; `__cause__` is the exception that it raised."""

    def __init__(self, replicate: int) -> None:
        super().__init__(f"replicate {replicate} failed")
        self.replicate = replicate


@dataclass(frozen=True)
class Observers:
    """Callbacks: `progress` gets the number of replicates done, `panels` each batch of replicates.

    Batches come in the order of the replicates.
    """

    progress: Callable[[int], None] = lambda done: None
    panels: Callable[[Sequence[PairedBranches]], None] = lambda batch: None


def run_ensemble(
    scenario: Scenario,
    replicates: int,
    threads: int | None = None,
    observers: Observers | None = None,
    sampled: Sequence[Scenario] | None = None,
) -> dict[str, Array]:
    """Replicates 0 to `replicates` - 1: every measure of the scenario as f8[R, T].

    sampled: the scenario of each replicate where parameters are uncertain; it differs from
    `scenario` in numbers only. Raises ReplicateError at the first replicate that fails.
    """
    notified, each = observers or Observers(), sampled or [scenario] * replicates
    stacked = {name: np.empty((replicates, scenario.months)) for name in measures_of(scenario)}

    def simulated(replicate: int) -> Outcome:
        pair = run_paired(each[replicate], replicate)
        return pair, measure(pair, each[replicate], dated_inputs(each[replicate]))

    batch: list[PairedBranches] = []
    for replicate, (pair, values) in enumerate(
        in_order(simulated, replicates, threads or available_cores())
    ):
        for name, row in values.items():
            stacked[name][replicate] = row
        batch.append(pair)
        notified.progress(replicate + 1)
        if len(batch) == BATCH or replicate + 1 == replicates:
            notified.panels(batch)
            batch = []
    return stacked


def in_order[Result](work: Callable[[int], Result], count: int, threads: int) -> Iterator[Result]:
    """work(0), work(1), ... computed on threads and yielded in this order.

    At most two results per thread are computed ahead of the one yielded.
    """
    pending: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for replicate in range(count):
            pending.append(pool.submit(work, replicate))
            if len(pending) > 2 * threads:
                yield oldest_result(pending, replicate - len(pending) + 1)
                GARBAGE.collect()
        while pending:
            yield oldest_result(pending, count - len(pending))
    finally:
        pool.shutdown(cancel_futures=True)


def oldest_result[Result](pending: deque[Future[Result]], replicate: int) -> Result:
    """The oldest pending result; raises ReplicateError with its number if it failed."""
    try:
        return pending.popleft().result()
    except Exception as error:
        raise ReplicateError(replicate) from error


def available_cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


HALF_A_SECOND = 0.5


class Garbage:
    """Collects finished models, which are large and hold reference cycles."""

    def __init__(self) -> None:
        self.collected = 0.0

    def collect(self) -> None:
        """Free models that are no longer used, at most once in half a second."""
        exempt_imports()
        if time.monotonic() - self.collected > HALF_A_SECOND:
            gc.collect()
            self.collected = time.monotonic()


GARBAGE = Garbage()


@functools.cache
def exempt_imports() -> None:
    """Exempt all loaded modules from collections, once: freeing models then takes 6 ms, not 90."""
    gc.collect()
    gc.freeze()
