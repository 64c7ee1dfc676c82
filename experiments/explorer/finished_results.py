"""Finished results to lay beside the scenario: result folders, folders of them, and stores of sweeps, found under one path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq

from experiments.results.result_folder import MONTHS, SUMMARY, FolderError, load_result
from experiments.results.summary import by_month
from experiments.results.summary_reader import Summary

STORE, RUNS, SCALE = "store.json", "runs", "market.scale"
MOST_POINTS = 500


@dataclass(frozen=True)
class Finished:
    """A finished result or a point of a sweep: what it is called, where it lies, and which point it is."""

    name: str
    folder: Path
    point: tuple[tuple[str, Any], ...] | None = None


def find(path: Path) -> dict[str, Finished]:
    """Everything finished under a path by its name; raises FolderError if there is nothing."""
    places = (
        [path, *sorted(child for child in path.iterdir() if child.is_dir())]
        if path.is_dir()
        else []
    )
    found = {each.name: each for place in places for each in at(place)}
    if not found:
        raise FolderError(
            f"{path}: no finished result and no sweep is there; give a folder that experiments.run or experiments.sweep has written"
        )
    return found


def at(folder: Path) -> Iterator[Finished]:
    """What one folder holds."""
    if (folder / SUMMARY).is_file() and (folder / MONTHS).is_file():
        yield Finished(folder.resolve().name, folder)
    elif (folder / STORE).is_file() and any((folder / RUNS).glob("*.parquet")):
        for point in points(folder):
            yield Finished(
                ", ".join(f"{key}={value}" for key, value in point) or folder.resolve().name,
                folder,
                point,
            )


def points(folder: Path) -> list[tuple[tuple[str, Any], ...]]:
    """Different values of the keys that a sweep varies on purpose; parameters that were drawn are part of every point."""
    shards = sorted((folder / RUNS).glob("*.parquet"))
    names = pq.read_schema(shards[0]).names
    keys = names[names.index("run") + 1 : names.index("draw")]
    seen: dict[tuple[Any, ...], None] = {}
    for shard in shards:
        for row in (
            pq.read_table(shard, columns=[*keys, "draw"])
            .group_by([*keys, "draw"])
            .aggregate([])
            .to_pylist()
        ):
            seen[tuple(row[key] for key in (*keys, "draw"))] = None
    varied = [
        number
        for number, _ in enumerate(keys)
        if len({(row[-1], row[number]) for row in seen}) > len({row[-1] for row in seen})
    ]
    found = dict.fromkeys(tuple((keys[number], row[number]) for number in varied) for row in seen)
    return sorted(found, key=str)[:MOST_POINTS]


def summary_of(finished: Finished, like: Summary) -> Summary:
    """Its summary. A point of a sweep takes units, labels and dates from `like`, as a store holds numbers only."""
    if finished.point is None:
        return load_result(finished.folder).summary
    chosen = ds.scalar(True)
    for key, value in finished.point:
        same = ds.field(key).is_null() if value is None else ds.field(key) == value
        chosen = chosen & same
    table = ds.dataset(
        sorted(str(path) for path in (finished.folder / RUNS).glob("*.parquet"))
    ).to_table(filter=chosen)
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
    runs, draws = (len(table[name].unique()) for name in ("run", "draw"))
    own = {
        "policy": finished.name,
        "replicates": runs,
        "start": months[0],
        "months": len(months),
        "means_at_end": {},
        "policy_dates": [],
    }
    own |= {"bands": f"chance and parameters ({draws} draws of the sweep)"} if draws > 1 else {}
    return {**like, **own, "scale": scale_of(finished), "measures": measures}


def scale_of(finished: Finished) -> float:
    """The share of the krai that a sweep simulated."""
    fixed = json.loads((finished.folder / STORE).read_text(encoding="utf-8")).get("fixed", {})
    return float({SCALE: 1.0, **fixed, **dict(finished.point or ())}[SCALE])
