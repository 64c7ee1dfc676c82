"""The runs of a question: simulated into a sweep's store as far as they are missing, and read.

Every run is that of a point of a design under one replicate, so that two points under the same
replicate share their seed and differ in nothing but their values.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from experiments.command import StoppedError
from experiments.command_line.simulation_task import SimulationTask
from experiments.configuration.variants import Value
from experiments.ensembles.uncertainty import NONE
from experiments.sweeps.design.plan import Run
from experiments.sweeps.design.sweep_settings import SweepSettings
from experiments.sweeps.progress_bars import progress_bar
from experiments.sweeps.reporting.sweep_summary import failures
from experiments.sweeps.store.run_store import RunStore, read_store, store_errors_reported
from experiments.sweeps.store.store_reader import StoredRuns
from experiments.sweeps.sweep_session import Sweep, opened_store, prepare, simulate
from sim.engine.worker_columns import Array

FAILURES_NAMED = 5
STORE_NAME = "decisions"
"""How the store of every question begins, so that questions of the same runs share them."""


class RunsFailedError(StoppedError):
    """Runs that an answer needs failed; an average over the others would mislead."""


class Wanted(NamedTuple):
    """A run that a question needs: a point of the design, and the replicate under which it runs."""

    point: int
    replicate: int


def question_sweep(
    settings: SweepSettings, draws: Sequence[Mapping[str, Value]], replicates: int
) -> Sweep:
    """The sweep of a question's draws under every cell of the design; nothing is written."""
    design = dataclasses.replace(
        settings.design, draws=tuple(draws), replicates=replicates, uncertainty=NONE
    )
    return prepare(dataclasses.replace(settings, name=STORE_NAME, design=design))


def every_run(sweep: Sweep) -> list[Wanted]:
    """Every point under every replicate: cells, then draws, then replicates."""
    design = sweep.plan.design
    return [
        Wanted(point, replicate)
        for point in range(design.size)
        for replicate in range(design.replicates)
    ]


def run_values(
    sweep: Sweep, wanted: Sequence[Wanted], measures: Sequence[str], months: Sequence[str]
) -> dict[str, Array]:
    """f8[runs, months] of each measure; runs that are not in the store are simulated first.

    Raises RunsFailedError, naming them, if runs fail, and KeyboardInterrupt if the user stops.
    """
    simulate_missing(sweep, wanted)
    store = read_store(sweep.folder)
    check_failures(sweep, wanted, store)
    design = sweep.plan.design
    stored = StoredRuns(sweep.plan, sweep.columns, store).values(measures, months)
    places = np.array([run.point * design.replicates + run.replicate for run in wanted])
    return {
        name: array.reshape(-1, len(months))[places].astype(float) for name, array in stored.items()
    }


def simulate_missing(sweep: Sweep, wanted: Sequence[Wanted]) -> None:
    """Simulate the wanted runs that are not in the store, with a progress bar."""
    with store_errors_reported(sweep.folder), opened_store(sweep) as (store, _):
        missing = missing_runs(sweep, wanted, store)
        if not missing:
            return
        with progress_bar() as bar:
            task, failed = SimulationTask(bar, len(missing), failed=0), [0]

            def count(done: int, failing: int) -> None:
                failed[0] += failing
                task.update(advance=done + failing, failed=failed[0])

            if simulate(sweep, store, missing, count):
                raise KeyboardInterrupt


def missing_runs(sweep: Sweep, wanted: Sequence[Wanted], store: RunStore) -> list[Run]:
    """Wanted runs that are not in the store, each once, replicate by replicate."""
    done = store.done() | (set() if sweep.settings.store.retry_failed else store.failed())
    found: dict[str, Run] = {}
    for point, replicate in sorted(wanted, key=lambda run: run.replicate):
        run = sweep.plan.ids[point][replicate]
        if run not in done:
            found.setdefault(run, Run(run, point, replicate))
    return list(found.values())


def check_failures(sweep: Sweep, wanted: Sequence[Wanted], store: RunStore) -> None:
    """Raise RunsFailedError if wanted runs failed, with the messages of the first."""
    failed = store.failed()
    ids = [sweep.plan.ids[point][replicate] for point, replicate in wanted]
    count = len({run for run in ids if run in failed})
    if not count:
        return
    about = failures(StoredRuns(sweep.plan, sweep.columns, store))["first"]
    first = [f"  {row['run']}: {row['stage']}: {row['message']}" for row in about]
    raise RunsFailedError(
        "\n".join(
            [
                f"{count:,} of the {len(set(ids)):,} runs failed, so there is no answer: an "
                "average over the others would mislead. The first:",
                *first[:FAILURES_NAMED],
                f"See {sweep.folder}/failures; add retry_failed=true to try them again.",
            ]
        )
    )
