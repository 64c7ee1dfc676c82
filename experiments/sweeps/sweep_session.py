"""One call of the sweep command: find what is missing, simulate it, write the report."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.ensembles.ensemble import available_cores
from experiments.reporting.html import page_of_data
from experiments.results.explained_columns import WHAT, draw_meaning
from experiments.results.export import Meaning
from experiments.results.provenance import program_record
from experiments.results.result_folder import CONFIG, REPORT, SUMMARY, as_yaml
from experiments.storage.folder_error import FolderError
from experiments.storage.folder_lock import locked
from experiments.storage.sealed_json import as_json
from experiments.storage.whole_files import make_folder, write_whole
from experiments.sweeps.design.design import Design, kind_of_draws
from experiments.sweeps.design.plan import Plan, Run, make_plan, run_seconds
from experiments.sweeps.design.run_ids import Version, current_version, fixed_values
from experiments.sweeps.design.sweep_settings import SweepSettings
from experiments.sweeps.execution.pools import open_pool, pool_kind
from experiments.sweeps.execution.sweep_simulator import ReportRuns, SweepSimulator
from experiments.sweeps.reporting.point_names import counted, value_text
from experiments.sweeps.store.run_store import (
    RunStore,
    StoreStoppedError,
    open_run_store,
    remove_empty_store,
)
from experiments.sweeps.store.shards import WORD, ShardColumns, key_types
from experiments.sweeps.store.store_record import STORE, check_format
from sim.calendar import label
from sim.measures.catalogue import measures_of
from sim.scenario import Scenario

HASH_DIGITS = 8
"""Digits of a hash in the name of a store's folder."""
BYTES_A_RUN = 9000
"""A first guess at the disk that a run takes, before any has been written."""
GROUPS_WITH_MEASURES = ("market", "population")
"""Groups of configs/ whose names of trades and nationalities decide which measures there are."""


@dataclass(frozen=True)
class Sweep:
    """A sweep that is ready to go: its settings, plan, columns and store folder.

    `identity` is what all runs of the store have in common.
    """

    settings: SweepSettings
    plan: Plan
    columns: ShardColumns
    folder: Path
    identity: dict[str, Any]


@dataclass(frozen=True)
class Progress:
    """How far a sweep is: runs of the design, runs still to simulate, and runs that failed."""

    total: int
    missing: list[Run]
    failed: int


def prepare(settings: SweepSettings) -> Sweep:
    """Make the plan of a sweep and name its store; nothing is written."""
    design, version = settings.design, current_version()
    plan = make_plan(design, version)
    columns = columns_of(plan)
    identity = identity_of(design, version, columns)
    name = f"{settings.name}-{short_hash(identity)}"
    default = Path(settings.base.output_dir) / "sweeps" / name
    folder = Path(settings.store.store) if settings.store.store else default
    return Sweep(settings, plan, columns, folder, identity)


def short_hash(identity: dict[str, Any]) -> str:
    """The first digits of a hash of what a store's runs have in common."""
    content = json.dumps(identity, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()[:HASH_DIGITS]


def columns_of(plan: Plan) -> ShardColumns:
    """Columns of the store."""
    design = plan.design
    months = [label(month, design.scenario.start) for month in range(design.scenario.months)]
    known = {
        name: Meaning(measure.label, measure.unit)
        for scenario in distinct_populations(plan)
        for name, measure in measures_of(scenario).items()
    }
    keys = {key: Meaning(key, "as configured") for key in design.keys}
    drawn = {"draw": draw_meaning(kind_of_draws(design))}
    meanings = {**WHAT, **drawn, **keys, **known}
    return ShardColumns(key_types(design.keys, plan.values), months, list(known), meanings)


def distinct_populations(plan: Plan) -> list[Scenario]:
    """One scenario for each combination of market and population files in the design."""
    found = {
        tuple(values.get(group) for group in GROUPS_WITH_MEASURES): values for values in plan.values
    }
    return [plan.design.base(values) for values in found.values()]


def identity_of(design: Design, version: Version, columns: ShardColumns) -> dict[str, Any]:
    """What all runs of a store have in common.

    That is code, evidence, seed, the keys that vary, and every value that does not.
    """
    return {
        "code": version.code,
        "evidence": version.evidence,
        "seed": design.scenario.seed,
        "varies": {key: "word" if kind == WORD else "number" for key, kind in columns.keys.items()},
        "fixed": fixed_values(design),
    }


def progress_of(sweep: Sweep, store: RunStore) -> Progress:
    """How far a sweep is; runs that failed are missing only if they are to be tried again."""
    failed = store.failed()
    done = store.done() | (set() if sweep.settings.store.retry_failed else failed)
    ids = sweep.plan.all_ids()
    return Progress(len(ids), sweep.plan.missing(done), len(failed & ids))


@contextlib.contextmanager
def opened_store(sweep: Sweep) -> Iterator[tuple[RunStore, list[str]]]:
    """The sweep's store, locked and repaired, and a message for every repair.

    Raises FolderError if the store is in use, holds another sweep, or was written by another
    version. A sweep that is refused before its first run, for instance because no Dask scheduler
    answers, leaves no new folder behind.
    """
    # Before anything is made or locked, so that another version's store stays as it is.
    check_format(sweep.folder)
    new = [path for path in (sweep.folder, *sweep.folder.parents) if not path.exists()]
    is_new = not (sweep.folder / STORE).exists()
    try:
        make_folder(sweep.folder)
    except OSError as error:
        raise FolderError(
            f"store: no folder can be made at {sweep.folder}: {error.strerror}; "
            "choose another store="
        ) from error
    with locked(sweep.folder, "store"):
        store = open_run_store(sweep.folder, sweep.identity)
        try:
            yield store, store.repair()
        except StoreStoppedError:
            raise
        except FolderError:
            if is_new and not store.shards:
                remove_empty_store(sweep.folder, new)
            raise


def simulate(sweep: Sweep, store: RunStore, missing: list[Run], report: ReportRuns) -> bool:
    """Simulate the missing runs into the store; returns whether a signal stopped it early."""
    stopping, stopped_by_user = threading.Event(), threading.Event()
    executor, scenario = sweep.settings.executor, sweep.plan.design.scenario
    kind = pool_kind(executor, estimated_seconds(sweep, missing, None), run_seconds(scenario))
    simulator = SweepSimulator(sweep.plan, store, sweep.columns, report)
    with (
        stopped_by_signals(stopping, stopped_by_user),
        open_pool(executor, kind, stopping) as pool,
    ):
        simulator.simulate(missing, pool, stopping)
    return stopped_by_user.is_set()


@contextlib.contextmanager
def stopped_by_signals(
    stopping: threading.Event, stopped_by_user: threading.Event
) -> Iterator[None]:
    """Have Ctrl-C, or SIGTERM from a batch system, set both events.

    The sweep then finishes what is in hand. A second signal ends it at once.
    """

    def handle(number: int, frame: object) -> None:
        if stopped_by_user.is_set():
            raise KeyboardInterrupt
        stopped_by_user.set()
        stopping.set()

    if threading.current_thread() is not threading.main_thread():
        # Python lets only the main thread set signal handlers.
        yield
        return
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def estimated_seconds(sweep: Sweep, missing: list[Run], a_run: float | None) -> float:
    """Core seconds that the missing runs take; `a_run`: what one took so far, if known."""
    return len(missing) * (a_run or run_seconds(sweep.plan.design.scenario))


def estimated_bytes(store: RunStore, missing: list[Run]) -> float:
    """Disk that the missing runs take."""
    done = len(store.done())
    return len(missing) * (store.size() / done if done else BYTES_A_RUN)


def description(sweep: Sweep, store: RunStore) -> list[str]:
    """Lines that say what the sweep is and what it will take."""
    design, progress = sweep.plan.design, progress_of(sweep, store)
    # The draws of a run share its replicates; those of a design have all replicates each.
    size = len(design.cells) if design.has_own_seeds else design.size
    points, replicates = counted(size, "point"), counted(design.replicates, "replicate")
    axes = [
        f"  {axis.key}: {counted(len(axis.values), 'value')}, "
        f"{value_text(axis.values[0])} to {value_text(axis.values[-1])}"
        for axis in design.axes
    ]
    sampled = [f"  {counted(len(design.draws), 'draw')} of {', '.join(design.draws[0])}"]
    done = progress.total - len(progress.missing)
    return [
        f"sweep {sweep.settings.name}: {points} x {replicates} = {counted(progress.total, 'run')}",
        *axes,
        *(sampled if design.draws[0] else []),
        *(f"  {note}" for note in design.notes),
        f"store {sweep.folder}: {done:,} runs are done, {len(progress.missing):,} to simulate",
        f"{cost(sweep, store, progress.missing)}; nothing was started",
    ]


def cost(sweep: Sweep, store: RunStore, missing: list[Run]) -> str:
    """The time and the disk that the missing runs will take, in words."""
    executor, scenario = sweep.settings.executor, sweep.plan.design.scenario
    seconds = estimated_seconds(sweep, missing, store.seconds_a_run())
    kind = pool_kind(executor, seconds, run_seconds(scenario))
    width = executor.workers or available_cores()
    time = dt.timedelta(seconds=round(seconds / width))
    megabytes = estimated_bytes(store, missing) / 1e6
    workers = "workers" if kind == "dask" else kind
    return f"about {time} on {width} {workers}, about {megabytes:,.0f} MB of disk"


def write_outputs(sweep: Sweep, store: RunStore, command: str) -> dict[str, Any]:
    """Write summary.json, config.yaml and report.html of the store's runs; returns the summary."""
    # Imported late: the libraries of figures take a second to load, for which a start that is
    # refused would wait.
    from experiments.sweeps.reporting.sweep_page import page
    from experiments.sweeps.reporting.sweep_summary import summarise_sweep
    from experiments.sweeps.store.store_reader import StoredRuns

    config = sweep.settings.resolved
    runs = StoredRuns(sweep.plan, sweep.columns, store)
    summary = summarise_sweep(runs, sweep.settings.name)
    record = {"command": command, **program_record()}
    write_whole(sweep.folder / SUMMARY, as_json(summary | {"record": record}).encode())
    write_whole(sweep.folder / CONFIG, as_yaml(config).encode())
    store.record_files(SUMMARY, CONFIG)
    again = f"to make it, run the same command again: {command}"
    page_of_data(sweep.folder / REPORT, lambda: page(summary, record, config), again)
    store.record_files(REPORT)
    return summary
