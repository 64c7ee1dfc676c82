"""Conducting a sweep: batches of missing runs go out as tasks and come back as shards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from experiments.sweeps.design.plan import Batch, Plan, Run
from experiments.sweeps.design.tasks import Failure, Outcome, Task, Values
from experiments.sweeps.execution.dispatch import Spread
from experiments.sweeps.execution.pools import Pool
from experiments.sweeps.store.run_store import RunStore
from experiments.sweeps.store.shards import (
    FAILURES,
    RUNS,
    Labelled,
    Layout,
    failures_table,
    runs_table,
)

Told = Callable[[int, int], None]
"""Is told how many runs have succeeded and failed since it was last told."""


@dataclass
class OpenBatch:
    """A batch that is being simulated: what has come back so far."""

    batch: Batch
    values: dict[str, dict[str, Values]] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether every run has come back."""
        return len(self.values) + len(self.failures) == len(self.batch.runs)

    def take(self, outcome: Outcome) -> None:
        """Note what came of a task."""
        for run, rows in zip(outcome.runs, outcome.values, strict=True):
            self.values[run] = dict(zip(outcome.measures, rows, strict=True))
        self.failures |= {failure.run: failure for failure in outcome.failures}
        self.seconds += outcome.seconds


class Conductor:
    """Brings missing runs into a store. Batches are written whole and, when stopping, as far as they have come."""

    def __init__(
        self, plan: Plan, store: RunStore, layout: Layout, told: Told = lambda done, failed: None
    ) -> None:
        self.plan, self.store, self.layout, self.told = plan, store, layout, told
        self._open: dict[str, OpenBatch] = {}

    def conduct(self, missing: Sequence[Run], pool: Pool, stopping: threading.Event) -> None:
        """Simulate these runs on a pool; returns when all are in the store, or `stopping` was set and what was in hand is."""
        spread = Spread(pool, self._tasks(missing), stopping)
        try:
            for outcome in spread.outcomes():
                self._take(outcome)
        finally:
            stopping.set()
        for batch in self._opened():
            self._write(batch)

    def _tasks(self, missing: Sequence[Run]) -> Iterator[Task]:
        """Tasks, batch by batch, each batch opened as its first task is asked for."""
        for batch in self.plan.batches(missing):
            opened = OpenBatch(batch, failures={failure.run: failure for failure in batch.failures})
            self._open |= {run.id: opened for run in batch.runs}
            self.told(0, len(batch.failures))
            if opened.is_whole:
                self._write(opened)
            yield from batch.tasks

    def _take(self, outcome: Outcome) -> None:
        """Put an outcome where it belongs; a batch that is whole goes to the store."""
        runs = [*outcome.runs, *(failure.run for failure in outcome.failures)]
        self.told(len(outcome.runs), len(outcome.failures))
        if not runs:
            return
        opened = self._open[runs[0]]
        opened.take(outcome)
        if opened.is_whole:
            self._write(opened)

    def _opened(self) -> list[OpenBatch]:
        """Batches not yet written."""
        return list({id(batch): batch for batch in self._open.values()}.values())

    def _write(self, opened: OpenBatch) -> None:
        """Runs and failures of a batch as shards, in the order of the plan."""
        for run in opened.batch.runs:
            self._open.pop(run.id, None)
        labels = [self._label(run) for run in opened.batch.runs]
        fine = [label for label in labels if label.run in opened.values]
        failed = [label for label in labels if label.run in opened.failures]
        if fine:
            self.store.add(
                RUNS,
                runs_table(self.layout, fine, opened.values),
                [label.run for label in fine],
                opened.seconds,
            )
        if failed:
            self.store.add(
                FAILURES,
                failures_table(self.layout, failed, opened.failures),
                [label.run for label in failed],
            )

    def _label(self, run: Run) -> Labelled:
        """What a run is called in the store."""
        return Labelled(
            run.id,
            self.plan.values[run.point],
            run.point % len(self.plan.design.draws),
            run.replicate,
        )
