"""Finished results to compare a scenario with: result folders, and points of sweeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.dataset as ds
import pyarrow.parquet as pq

from experiments.ensembles.uncertainty import FIXED_PARAMETERS
from experiments.results.result_folder import MONTHS, SUMMARY, load_result
from experiments.results.summary import by_month
from experiments.results.summary_reader import Summary
from experiments.storage.folder_error import FolderError
from experiments.sweeps.store.run_store import checked_runs
from experiments.sweeps.store.store_record import STORE, read_store_record
from sim.inputs.dated_inputs import parameters

SCALE = "market.scale"
MOST_POINTS = 500
"""Points of a sweep to choose from at most: a list of more cannot be used."""

Point = tuple[tuple[str, Any], ...]
"""Keys and values that make a point of a sweep."""


@dataclass(frozen=True)
class FinishedResult:
    """A finished result: its name, its folder, and if that is a sweep's store, the point."""

    name: str
    folder: Path
    point: Point | None = None


class Found(NamedTuple):
    """Finished results by name, and a line for each folder that cannot be read."""

    results: dict[str, FinishedResult]
    notes: list[str]


def find_finished(path: Path) -> Found:
    """Finished results in a folder and in the folders directly below it.

    Raises FolderError if there are none, or if the folder itself is a store of another version.
    """
    below = sorted(child for child in path.iterdir() if child.is_dir()) if path.is_dir() else []
    found = {each.name: each for each in results_in(path)}
    notes = []
    for folder in below:
        try:
            found |= {each.name: each for each in results_in(folder)}
        except FolderError as error:
            notes.append(str(error))
    if not found:
        nothing = f"{path}: no finished result and no sweep is there"
        advice = "give a folder that experiments.run or experiments.sweep has written"
        raise FolderError("\n".join([*notes, f"{nothing}; {advice}"]))
    return Found(found, notes)


def results_in(folder: Path) -> Iterator[FinishedResult]:
    """What one folder holds: a result, every point of a sweep, or nothing.

    Raises FolderError if it is a store of another version, or damaged.
    """
    if (folder / SUMMARY).is_file() and (folder / MONTHS).is_file():
        yield FinishedResult(folder.resolve().name, folder)
    elif (folder / STORE).is_file() and (shards := checked_runs(folder)):
        for point in sweep_points(shards):
            name = ", ".join(f"{key}={value}" for key, value in point)
            yield FinishedResult(name or folder.resolve().name, folder, point)


def sweep_points(shards: Sequence[Path]) -> list[Point]:
    """The points of a sweep, over the keys that its axes vary.

    Sampled parameters are no part of a point: every point has all draws of them.
    """
    names = pq.read_schema(shards[0]).names
    keys = [*names[names.index("run") + 1 : names.index("draw")], "draw"]
    seen = {
        tuple(row[key] for key in keys): None
        for shard in shards
        for row in pq.read_table(shard, columns=keys).group_by(keys).aggregate([]).to_pylist()
    }
    varied = [
        number
        for number, key in enumerate(keys[:-1])
        if has_several_in_a_draw(key, [(row[-1], row[number]) for row in seen])
    ]
    found = dict.fromkeys(tuple((keys[number], row[number]) for number in varied) for row in seen)
    return sorted(found, key=str)[:MOST_POINTS]


def has_several_in_a_draw(key: str, pairs: Sequence[tuple[int, Any]]) -> bool:
    """Whether a draw has several values of a key, as it has of an axis; pairs: draws and values.

    A sampled parameter has one, and none at points under files that fix it.
    """
    values = {pair for pair in pairs if pair[1] is not None or key not in parameters()}
    return len(values) > len({draw for draw, _ in values})


def summary_of(finished: FinishedResult, like: Summary) -> Summary:
    """The summary of a finished result.

    A store holds numbers only, so a point of a sweep takes units, labels and dates from `like`.
    """
    if finished.point is None:
        return load_result(finished.folder).summary
    chosen = ds.scalar(True)
    for key, value in finished.point:
        column = ds.field(key)
        chosen = chosen & (column.is_null() if value is None else column == value)
    shards = [str(path) for path in checked_runs(finished.folder)]
    return summary_of_runs(finished, ds.dataset(shards).to_table(filter=chosen), like)


def summary_of_runs(finished: FinishedResult, table: Any, like: Summary) -> Summary:
    """A summary of the runs of one point."""
    month = table["month"].combine_chunks()
    months = sorted({str(value) for value in month.unique().to_pylist()})
    measures = {}
    for name, known in like["measures"].items():
        if name in table.column_names:
            values = table[name].to_numpy().astype(float).reshape(-1, len(months))
            measures[name] = {**known, "by_month": by_month(values, months)}
    runs, draws = (len(table[name].unique()) for name in ("run", "draw"))
    own = {
        "policy": finished.name,
        "replicates": runs,
        "start": months[0],
        "months": len(months),
        "means_at_end": {},
        "policy_dates": [],
    }
    drawn = f"chance and parameters ({draws} draws of the sweep)"
    own["bands"] = drawn if draws > 1 else FIXED_PARAMETERS
    return {**like, **own, "scale": scale_of(finished), "measures": measures}


def scale_of(finished: FinishedResult) -> float:
    """The share of the region at which a sweep was simulated."""
    fixed = read_store_record(finished.folder).get("fixed", {})
    return float({SCALE: 1.0, **fixed, **dict(finished.point or ())}[SCALE])
