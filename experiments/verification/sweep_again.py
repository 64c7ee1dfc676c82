"""Stores of sweeps, simulated again and compared run by run."""

from __future__ import annotations

import dataclasses
import json
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from experiments.results.result_folder import CONFIG, REPORT, SUMMARY
from experiments.storage.folder_error import FolderError
from experiments.sweep import simulated
from experiments.sweeps.design.sweep_settings import load_sweep
from experiments.sweeps.reporting.point_names import point_name
from experiments.sweeps.store.run_store import RunStore, read_store
from experiments.sweeps.store.store_reader import StoredRuns
from experiments.sweeps.store.store_record import differences, read_store_record
from experiments.sweeps.sweep_session import (
    Sweep,
    opened_store,
    prepare,
    progress_of,
    write_outputs,
)
from experiments.verification.differences import difference
from experiments.verification.verdict import Verdict
from experiments.verification.versions_compared import certificates, version_differences
from sim.engine.worker_columns import Array


def verify_store(folder: Path) -> Verdict:
    """Check every file of a store against its manifest, then simulate its last sweep again.

    Runs of the store that another sweep added are checked against the manifest alone. Raises
    FolderError if the store holds no finished sweep.
    """
    verdict, identity = Verdict(folder), read_store_record(folder)
    store = read_store(folder)
    verdict.fault(faults_of_store(store))
    if not verdict.is_sound:
        return verdict
    verdict.note([f"{len(store.shards)} files are as recorded in the manifest"])
    record = record_of(store)
    verdict.note(version_differences(record))
    sweep = recorded_sweep(folder, record["command"])
    if unlike := differences(identity, sweep.identity):
        verdict.fault([f"the same command is another sweep now: {'; '.join(unlike)}"])
        return verdict
    with tempfile.TemporaryDirectory() as made:
        compare_again(sweep, store, Path(made) / "store", verdict)
    verdict.note(certificates(record))
    return verdict


def faults_of_store(store: RunStore) -> list[str]:
    """A line for every file that is not as the manifest says."""
    broken = [] if store.manifest.is_whole else ["manifest.jsonl: missing, cut off or edited"]
    return (
        broken
        + [
            f"{entry.file}: {defect}"
            for entry in store.shards.values()
            if (defect := store.defect(entry))
        ]
        + [f"{path.name}: not in the manifest" for path in store.unlisted()]
    )


def record_of(store: RunStore) -> dict[str, Any]:
    """What the last finished sweep of a store was made with."""
    if SUMMARY not in store.shards:
        raise FolderError(
            f"{store.folder}: no sweep was finished there; run its command again to finish it"
        )
    summary = json.loads((store.folder / SUMMARY).read_text(encoding="utf-8"))
    record: dict[str, Any] = summary["record"]
    return record


def recorded_sweep(folder: Path, command: str) -> Sweep:
    """The sweep that a command asked for, with its store in the folder where it is now."""
    overrides = shlex.split(command)[3:]
    return dataclasses.replace(prepare(load_sweep(overrides)), folder=folder)


def compare_again(sweep: Sweep, store: RunStore, made: Path, verdict: Verdict) -> None:
    """Simulate a sweep into a new store and compare its runs, failures and reports."""
    again = dataclasses.replace(sweep, folder=made, settings=on_this_machine(sweep))
    with opened_store(again) as (fresh, _):
        if simulated(again, fresh, progress_of(again, fresh)):
            raise KeyboardInterrupt
        ids = sweep.plan.all_ids()
        done = [each.done() & ids for each in (store, fresh)]
        verdict.fault(
            [f"{len(done[0])} runs succeeded, {len(done[1])} now"] if done[0] != done[1] else []
        )
        verdict.fault(run_differences(sweep, store, fresh))
        if verdict.is_sound:
            verdict.note([f"identical to the bit: {len(done[0])} runs"])
        if others := len(store.done() - ids):
            verdict.note([f"{others} runs of other sweeps were not simulated again"])
        write_outputs(dataclasses.replace(sweep, folder=made), fresh, command_of(store))
        verdict.compared(
            {
                name: difference(store.folder / name, made / name)
                for name in (SUMMARY, CONFIG, REPORT)
            }
        )


def command_of(store: RunStore) -> str:
    """The command line of the last sweep."""
    return str(record_of(store)["command"])


def on_this_machine(sweep: Sweep) -> Any:
    """The settings of a sweep with its runs simulated here, wherever they were before."""
    executor = dataclasses.replace(sweep.settings.executor, kind="local", address=None)
    return dataclasses.replace(sweep.settings, executor=executor)


def run_differences(sweep: Sweep, store: RunStore, fresh: RunStore) -> Iterator[str]:
    """The earliest month, with its run, in which each measure differs; nothing for those equal."""
    months = sweep.columns.months
    for measure in sweep.columns.measures:
        values = [
            StoredRuns(sweep.plan, sweep.columns, each).values([measure], months)[measure]
            for each in (store, fresh)
        ]
        unequal = np.argwhere(values[0].view(np.int32) != values[1].view(np.int32))
        if unequal.size:
            yield difference_text(sweep, measure, values, unequal[unequal[:, 3].argmin()])


def difference_text(sweep: Sweep, measure: str, values: list[Array], place: Array) -> str:
    """A value that differs: measure, month, point, draw, replicate, and both values."""
    cell, draw, replicate, month = place.tolist()
    point = sweep.plan.values[cell * len(sweep.plan.design.draws) + draw]
    recorded, now = (each[tuple(place)] for each in values)
    return (
        f"{measure} differs first in {sweep.columns.months[month]}, {point_name(point)}, "
        f"draw {draw}, replicate {replicate}: recorded {recorded}, now {now}"
    )
