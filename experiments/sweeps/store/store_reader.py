"""Reading a store: chosen measures in chosen months, as arrays over cells, draws and replicates.

One shard is read at a time, so that a large store never has to fit in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.parquet as pq

from experiments.storage.manifest import Entry
from experiments.sweeps.design.plan import Plan
from experiments.sweeps.store.run_store import RunStore
from experiments.sweeps.store.shards import RUNS, ShardColumns
from sim.engine.worker_columns import Array


@dataclass(frozen=True)
class StoredRuns:
    """The runs of a plan that are in a store; runs of other designs in it are ignored.

    The last draw has fewer replicates than the others where these are an odd number; the places of
    those that it lacks hold NaN.
    """

    plan: Plan
    columns: ShardColumns
    store: RunStore

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells, draws, replicates."""
        design = self.plan.design
        return len(design.cells), len(design.draws), design.replicates_a_draw

    def values(self, measures: Sequence[str], months: Sequence[str]) -> dict[str, Array]:
        """f4[cells, draws, replicates, months] of each measure.

        NaN where a run is missing or failed, or the measure has no value.
        """
        places: dict[str, list[int]] = {}
        for point, row in enumerate(self.plan.ids):
            for number, run in enumerate(row):
                places.setdefault(run, []).append(point * self.shape[2] + number)
        at = [self.columns.months.index(month) for month in months]
        found = {
            name: np.full((int(np.prod(self.shape)), len(at)), np.nan, np.float32)
            for name in measures
        }
        for entry in self.store.of_kind(RUNS):
            rows, targets = rows_and_targets(entry, places)
            for name, table in self._shard_values(entry, measures) if targets else ():
                found[name][targets] = table[rows][:, at]
        return {name: array.reshape(*self.shape, len(at)) for name, array in found.items()}

    def _shard_values(self, entry: Entry, measures: Sequence[str]) -> Iterator[tuple[str, Array]]:
        """Measures of a shard, f4[runs, months] each."""
        table = pq.read_table(self.store.folder / entry.file, columns=list(measures))
        for name in table.column_names:
            yield name, table[name].to_numpy().reshape(-1, len(self.columns.months))


def rows_and_targets(entry: Entry, places: Mapping[str, list[int]]) -> tuple[list[int], list[int]]:
    """Which runs of a shard belong to the plan, and where each goes.

    A run goes to every draw that asks for it, as equal draws share their runs.
    """
    pairs = [(row, place) for row, run in enumerate(entry.ids()) for place in places.get(run, ())]
    return [row for row, _ in pairs], [place for _, place in pairs]
