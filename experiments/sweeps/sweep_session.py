"""One run of the sweep command: what is missing, simulate it, report how it went."""

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
from experiments.results.provenance import versions
from experiments.results.result_folder import CONFIG, REPORT, SUMMARY, FolderError, as_json, as_yaml
from experiments.sweeps.design.design import Design
from experiments.sweeps.design.identity import Version, current_version, fixed_values
from experiments.sweeps.design.plan import Plan, Run, make_plan, run_seconds
from experiments.sweeps.design.sweep_settings import SweepSettings
from experiments.sweeps.execution.conductor import Conductor, Told
from experiments.sweeps.execution.pools import local_kind, opened
from experiments.sweeps.reporting.sweep_names import counted, shown
from experiments.sweeps.store.lock import held
from experiments.sweeps.store.run_store import (
    STORE,
    RunStore,
    StoreStoppedError,
    open_run_store,
    place_file,
    take_back,
)
from experiments.sweeps.store.shards import WORD, Layout, key_types
from sim.calendar import label
from sim.measures.catalogue import measures_of
from sim.scenario import Scenario

NAME_DIGITS = 8
BYTES_A_RUN = 9000
SEPARATELY = ("market", "population")


@dataclass(frozen=True)
class Sweep:
    """A sweep that is ready to go: its settings, plan, store folder and what that store's runs have in common."""

    settings: SweepSettings
    plan: Plan
    layout: Layout
    folder: Path
    identity: dict[str, Any]


@dataclass(frozen=True)
class Progress:
    """Where a sweep stands: runs in the design, runs to simulate now, and how many of the design failed before."""

    total: int
    missing: list[Run]
    failed: int


def prepare(settings: SweepSettings) -> Sweep:
    """Plan and store folder of a sweep; nothing is written."""
    design, version = settings.design, current_version()
    plan = make_plan(design, version)
    layout = layout_of(plan)
    identity = identity_of(design, version, layout)
    digest = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:NAME_DIGITS]
    parent = Path(settings.settings.output_dir)
    folder = (
        Path(settings.store.store)
        if settings.store.store
        else parent / "sweeps" / f"{settings.name}-{digest}"
    )
    return Sweep(settings, plan, layout, folder, identity)


def layout_of(plan: Plan) -> Layout:
    """Columns of the store."""
    design = plan.design
    months = [label(month, design.scenario.start) for month in range(design.scenario.months)]
    names = dict.fromkeys(
        name for scenario in distinct_populations(plan) for name in measures_of(scenario)
    )
    return Layout(key_types(design.keys, plan.values), months, list(names))


def distinct_populations(plan: Plan) -> list[Scenario]:
    """A scenario for each choice of market and population files, as their names decide which measures there are."""
    found = {tuple(values.get(group) for group in SEPARATELY): values for values in plan.values}
    return [plan.design.base(values) for values in found.values()]


def identity_of(design: Design, version: Version, layout: Layout) -> dict[str, Any]:
    """What all runs of a store share: code, evidence, seed, the keys that vary, and every value that does not."""
    keys = {key: "word" if kind == WORD else "number" for key, kind in layout.keys.items()}
    seed = design.scenario.seed
    return {
        "code": version.code,
        "evidence": version.evidence,
        "seed": seed,
        "varies": keys,
        "fixed": fixed_values(design),
    }


def progress_of(sweep: Sweep, store: RunStore) -> Progress:
    """What is missing; runs that failed before count as done unless they are to be tried again."""
    failed = store.failed()
    done = store.done() | (set() if sweep.settings.store.retry_failed else failed)
    missing = sweep.plan.missing(done)
    ids = sweep.plan.all_ids()
    return Progress(len(ids), missing, len(failed & ids))


@contextlib.contextmanager
def opened_store(sweep: Sweep) -> Iterator[tuple[RunStore, list[str]]]:
    """The sweep's store, locked and mended, and what had to be mended; raises FolderError if it is in use or another sweep's.

    A sweep that is refused before its first run, as where no scheduler answers, leaves no folder that was not there before.
    """
    new = [path for path in (sweep.folder, *sweep.folder.parents) if not path.exists()]
    is_new = not (sweep.folder / STORE).exists()
    try:
        sweep.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(
            f"store: no folder can be made at {sweep.folder}: {error.strerror}; choose another store="
        ) from error
    with held(sweep.folder):
        store = open_run_store(sweep.folder, sweep.identity)
        try:
            yield store, store.mend()
        except StoreStoppedError:
            raise
        except FolderError:
            if is_new and not store.shards:
                take_back(sweep.folder, new)
            raise


def simulate(sweep: Sweep, store: RunStore, missing: list[Run], told: Told) -> bool:
    """Bring the missing runs into the store; returns whether it was asked to stop before the end."""
    stopping = threading.Event()
    kind = local_kind(
        sweep.settings.executor,
        estimated_seconds(sweep, missing, None),
        run_seconds(sweep.plan.design.scenario),
    )
    asked = threading.Event()
    with (
        stopped_by_signals(stopping, asked),
        opened(sweep.settings.executor, kind, stopping) as pool,
    ):
        Conductor(sweep.plan, store, sweep.layout, told).conduct(missing, pool, stopping)
    return asked.is_set()


@contextlib.contextmanager
def stopped_by_signals(stopping: threading.Event, asked: threading.Event) -> Iterator[None]:
    """Ctrl-C or a batch system's SIGTERM asks the sweep to finish what is in hand; a second one ends it at once."""

    def ask(number: int, frame: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        stopping.set()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def estimated_seconds(sweep: Sweep, missing: list[Run], measured: float | None) -> float:
    """Core seconds that the missing runs take: by what runs of this store have cost, else by a rule of thumb."""
    return len(missing) * (measured or run_seconds(sweep.plan.design.scenario))


def estimated_bytes(store: RunStore, missing: list[Run]) -> float:
    """Disk that the missing runs take."""
    done = len(store.done())
    return len(missing) * (store.size() / done if done else BYTES_A_RUN)


def described(sweep: Sweep, store: RunStore) -> list[str]:
    """What the sweep is and what it will take, in lines."""
    design, progress = sweep.plan.design, progress_of(sweep, store)
    seconds = estimated_seconds(sweep, progress.missing, store.seconds_a_run())
    kind = local_kind(sweep.settings.executor, seconds, run_seconds(design.scenario))
    width = sweep.settings.executor.workers or available_cores()
    axes = [
        f"  {axis.key}: {counted(len(axis.values), 'value')}, {shown(axis.values[0])} to {shown(axis.values[-1])}"
        for axis in design.axes
    ]
    drawn = (
        [f"  {len(design.draws)} draws of {', '.join(design.draws[0])}"] if design.draws[0] else []
    )
    return [
        f"sweep {sweep.settings.name}: {counted(design.size, 'point')} x {counted(design.replicates, 'replicate')} = "
        f"{counted(progress.total, 'run')}",
        *axes,
        *drawn,
        f"store {sweep.folder}: {progress.total - len(progress.missing):,} runs are there, {len(progress.missing):,} to simulate",
        f"about {dt.timedelta(seconds=round(seconds / width))} on {width} {'workers' if kind == 'dask' else kind}, "
        f"about {estimated_bytes(store, progress.missing) / 1e6:,.0f} MB of disk; nothing was started",
    ]


def write_outputs(sweep: Sweep, store: RunStore, command: str) -> dict[str, Any]:
    """summary.json, config.yaml and report.html of the runs that are in the store; returns the summary."""
    from experiments.sweeps.reporting.sweep_page import page
    from experiments.sweeps.reporting.sweep_summary import digest
    from experiments.sweeps.store.store_reader import Results

    version = sweep.plan.version
    found = digest(Results(sweep.plan, sweep.layout, store), sweep.settings.name)
    record = {
        "command": command,
        "code_hash": version.code,
        "evidence_hash": version.evidence,
        "versions": versions(),
    }
    config = sweep.settings.resolved
    contents = {
        SUMMARY: as_json(found | {"record": record}),
        CONFIG: as_yaml(config),
        REPORT: page(found, record, config),
    }
    for name, text in contents.items():
        place_file(sweep.folder / name, text.encode())
    return found
