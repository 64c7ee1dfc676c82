"""Finished results: folders and points of sweeps to compare with, and answers to questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.dataset as ds
import pyarrow.parquet as pq

from experiments.ensembles.uncertainty import FIXED_PARAMETERS
from experiments.explorer.kept_scenarios import short_name
from experiments.reporting.question import policy_title, question
from experiments.results.result_folder import (
    CONFIG,
    MONTHS,
    REPORT,
    SUMMARY,
    load_result,
    read_mapping,
)
from experiments.results.summary import by_month
from experiments.results.summary_reader import Summary
from experiments.storage.folder_error import FolderError
from experiments.sweeps.store.run_store import checked_runs
from experiments.sweeps.store.store_record import STORE, read_store_record
from sim.inputs.dated_inputs import parameters

SCALE, QUESTION = "market.scale", "question"
QUESTION_TITLES = {
    "ask": "Which policies meet a goal",
    "sensitivity": "What the answer hangs on",
    "worth": "At which price which policy is best",
    "discover": "In which futures a policy fails",
    "frontier": "What is traded for what",
}
"""Titles of the questions that commands answer, by the name of the command."""
MOST_POINTS = 500
"""Points of a sweep to choose from at most: a list of more cannot be used."""

Point = tuple[tuple[str, Any], ...]
"""Keys and values that make a point of a sweep."""


@dataclass(frozen=True)
class FinishedResult:
    """A finished result: its name, its folder, and if that is a sweep's store, the point.

    `label` is what readers see.
    """

    name: str
    folder: Path
    point: Point | None = None
    label: str = ""


class FinishedPage(NamedTuple):
    """A page that a command has written: what it is about, its answer, its folder."""

    title: str
    answer: str
    folder: Path


class Found(NamedTuple):
    """Results to compare with by name, a line for each folder that cannot be read, and pages."""

    results: dict[str, FinishedResult]
    notes: list[str]
    pages: Sequence[FinishedPage] = ()


def find_finished(path: Path) -> Found:
    """Finished results in a folder and in the folders directly below it.

    Raises FolderError if there are none, or if the folder itself is a store of another version.
    """
    found = results_below(path)
    if not found.results and not found.pages:
        nothing = f"{path}: no finished result and no sweep is there"
        advice = "give a folder that experiments.run or experiments.sweep has written"
        raise FolderError("\n".join([*found.notes, f"{nothing}; {advice}"]))
    return found


def results_below(path: Path) -> Found:
    """What a folder and the folders directly below it hold; nothing if there is no such folder.

    Raises FolderError if the folder itself is a store of another version.
    """
    below = sorted(child for child in path.iterdir() if child.is_dir()) if path.is_dir() else []
    found = {each.name: each for each in results_in(path)}
    pages, notes = list(pages_in(path)), []
    for folder in below:
        try:
            found |= {each.name: each for each in results_in(folder)}
            pages += pages_in(folder)
        except FolderError as error:
            notes.append(str(error))
    return Found(found, notes, pages)


def pages_in(folder: Path) -> Iterator[FinishedPage]:
    """The page of a folder, if a command has written one there."""
    if not (folder / REPORT).is_file() or not (folder / SUMMARY).is_file():
        return
    summary = read_mapping(folder / SUMMARY)
    if isinstance(summary.get(QUESTION), str) and isinstance(summary.get("answer"), str):
        words = QUESTION_TITLES.get(summary[QUESTION], summary[QUESTION])
        yield FinishedPage(words, summary["answer"], folder)
    elif (folder / STORE).is_file():
        yield FinishedPage(f"Sweep: {folder.name}", "", folder)
    elif (folder / CONFIG).is_file():
        yield FinishedPage(result_label(folder), "", folder)


def result_label(folder: Path) -> str:
    """What a result is about, in words, and which of several such results it is."""
    config = read_mapping(folder / CONFIG)
    try:
        return f"{question(config)} ({folder.resolve().name})"
    except (KeyError, TypeError, ValueError, AttributeError):
        return folder.resolve().name


def results_in(folder: Path) -> Iterator[FinishedResult]:
    """What one folder holds: a result, every point of a sweep, or nothing.

    Raises FolderError if it is a store of another version, or damaged.
    """
    if (folder / SUMMARY).is_file() and (folder / MONTHS).is_file():
        label = result_label(folder) if (folder / CONFIG).is_file() else ""
        yield FinishedResult(folder.resolve().name, folder, label=label)
    elif (folder / STORE).is_file() and (shards := checked_runs(folder)):
        for point in sweep_points(shards):
            name = ", ".join(f"{key}={value}" for key, value in point)
            yield FinishedResult(
                name or folder.resolve().name, folder, point, point_label(point, folder)
            )


def point_label(point: Point, folder: Path) -> str:
    """A point of a sweep in words, and the sweep that it belongs to."""
    parts = (
        policy_title(str(value)) if key == "policy" else f"{short_name(key)} {value}"
        for key, value in point
    )
    return f"{', '.join(parts) or 'the only point'} (sweep {folder.resolve().name})"


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
