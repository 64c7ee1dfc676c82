"""Brings the missing runs of a sweep into its store: batches go out as tasks, return as shards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from experiments.sweeps.design.plan import Batch, Plan, Run
from experiments.sweeps.design.tasks import Failure, Outcome, Task, Values
from experiments.sweeps.execution.dispatch import TaskDispatcher
from experiments.sweeps.execution.pools import Pool
from experiments.sweeps.store.run_store import RunStore
from experiments.sweeps.store.shards import (
    FAILURES,
    RUNS,
    RunLabel,
    ShardColumns,
    failures_table,
    runs_table,
)

ReportRuns = Callable[[int, int], None]
"""Called with the numbers of runs that have succeeded and failed since the last call."""


@dataclass
class OpenBatch:
    """A batch that is being simulated, with what its tasks have returned so far."""

    batch: Batch
    values: dict[str, dict[str, Values]] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def is_complete(self) -> bool:
        """Whether every run has succeeded or failed."""
        return len(self.values) + len(self.failures) == len(self.batch.runs)

    def add(self, outcome: Outcome) -> None:
        """Note the outcome of a task."""
        for run, rows in zip(outcome.runs, outcome.values, strict=True):
            self.values[run] = dict(zip(outcome.measures, rows, strict=True))
        self.failures |= {failure.run: failure for failure in outcome.failures}
        self.seconds += outcome.seconds


class SweepSimulator:
    """Simulates missing runs and writes each batch to the store once it is complete.

    When the sweep is stopped, batches are written as far as they have come.
    """

    def __init__(
        self, plan: Plan, store: RunStore, columns: ShardColumns, report: ReportRuns
    ) -> None:
        self.plan, self.store, self.columns, self.report = plan, store, columns, report
        self._open: dict[str, OpenBatch] = {}

    def simulate(self, missing: Sequence[Run], pool: Pool, stopping: threading.Event) -> None:
        """Simulate these runs on a pool.

        Returns when all are in the store; or, once `stopping` is set, when those in hand are.
        """
        dispatcher = TaskDispatcher(pool, self._tasks(missing), stopping)
        try:
            for outcome in dispatcher.outcomes():
                self._take(outcome)
        finally:
            stopping.set()
        for batch in self._open_batches():
            self._write(batch)

    def _tasks(self, missing: Sequence[Run]) -> Iterator[Task]:
        """Tasks batch by batch; a batch is opened when its first task is asked for."""
        for batch in self.plan.batches(missing):
            opened = OpenBatch(batch, failures={failure.run: failure for failure in batch.failures})
            self._open |= {run.id: opened for run in batch.runs}
            self.report(0, len(batch.failures))
            if opened.is_complete:
                self._write(opened)
            yield from batch.tasks

    def _take(self, outcome: Outcome) -> None:
        """Add an outcome to its batch; write the batch if it is complete."""
        runs = [*outcome.runs, *(failure.run for failure in outcome.failures)]
        self.report(len(outcome.runs), len(outcome.failures))
        if not runs:
            return
        opened = self._open[runs[0]]
        opened.add(outcome)
        if opened.is_complete:
            self._write(opened)

    def _open_batches(self) -> list[OpenBatch]:
        """Batches that are not yet written."""
        return list({id(batch): batch for batch in self._open.values()}.values())

    def _write(self, opened: OpenBatch) -> None:
        """Write a batch's runs and failures as shards, in the order of the plan."""
        for run in opened.batch.runs:
            self._open.pop(run.id, None)
        labels = [self._label(run) for run in opened.batch.runs]
        done = [label for label in labels if label.run in opened.values]
        failed = [label for label in labels if label.run in opened.failures]
        if done:
            table = runs_table(self.columns, done, opened.values)
            self.store.add(RUNS, table, [label.run for label in done], opened.seconds)
        if failed:
            table = failures_table(self.columns, failed, opened.failures)
            self.store.add(FAILURES, table, [label.run for label in failed])

    def _label(self, run: Run) -> RunLabel:
        """What identifies a run in the store."""
        draw = run.point % len(self.plan.design.draws)
        return RunLabel(run.id, self.plan.values[run.point], draw, run.replicate)
