"""Finished results to lay beside the scenario: result folders, folders of them, and stores of sweeps, found under one path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from experiments.reading import Summary
from experiments.store import MONTHS, SUMMARY, StoreError, load_result
from experiments.summary import by_month

STORE, RUNS = "store.json", "runs"
LABELS = ("run", "draw", "replicate", "month")
MOST_POINTS = 500


@dataclass(frozen=True)
class Finished:
    """A finished result or a point of a sweep: what it is called, where it lies, and which point it is."""

    name: str
    folder: Path
    point: tuple[tuple[str, Any], ...] | None = None


def find(path: Path) -> dict[str, Finished]:
    """Everything finished under a path by its name; raises StoreError if there is nothing."""
    places = [path, *sorted(child for child in path.iterdir() if child.is_dir())] if path.is_dir() else []
    found = {each.name: each for place in places for each in at(place)}
    if not found:
        raise StoreError(
            f"{path}: no finished result and no sweep is there; give a folder that experiments.run or experiments.sweep has written"
        )
    return found


def at(folder: Path) -> Iterator[Finished]:
    """What one folder holds."""
    if (folder / SUMMARY).is_file() and (folder / MONTHS).is_file():
        yield Finished(folder.resolve().name, folder)
    elif (folder / STORE).is_file() and any((folder / RUNS).glob("*.parquet")):
        for point in points(folder):
            yield Finished(", ".join(f"{key}={value}" for key, value in point), folder, point)


def points(folder: Path) -> list[tuple[tuple[str, Any], ...]]:
    """Different values of the keys that vary in a sweep."""
    shards = sorted((folder / RUNS).glob("*.parquet"))
    names = pq.read_schema(shards[0]).names
    keys = names[names.index("run") + 1 : names.index("draw")]
    seen: dict[tuple[tuple[str, Any], ...], None] = {}
    for shard in shards:
        table = pq.read_table(shard, columns=keys)
        for row in table.group_by(keys).aggregate([]).to_pylist():
            seen[tuple((key, row[key]) for key in keys)] = None
    return sorted(seen, key=str)[:MOST_POINTS]


def summary_of(finished: Finished, like: Summary) -> Summary:
    """Its summary. A point of a sweep takes units, labels and dates from `like`, as a store holds numbers only."""
    if finished.point is None:
        return load_result(finished.folder).summary
    chosen = None
    for key, value in finished.point:
        same = ds.field(key).is_null() if value is None else ds.field(key) == value
        chosen = same if chosen is None else chosen & same
    table = ds.dataset(sorted(str(path) for path in (finished.folder / RUNS).glob("*.parquet"))).to_table(filter=chosen)
    return from_table(finished, table, like)


def from_table(finished: Finished, table: Any, like: Summary) -> Summary:
    """A summary of the runs of one point."""
    month = table["month"].combine_chunks()
    months = sorted({str(value) for value in month.unique().to_pylist()})
    measures = {}
    for name, known in like["measures"].items():
        if name in table.column_names:
            values = table[name].to_numpy().astype(float).reshape(-1, len(months))
            measures[name] = {**known, "by_month": by_month(values, months)}
    runs = len(np.unique(np.asarray(table["run"].to_pylist())))
    own = {"policy": finished.name, "replicates": runs, "start": months[0], "months": len(months), "means_at_end": {}, "events": []}
    return {**like, **own, "measures": measures}
