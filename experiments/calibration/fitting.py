"""A fit of the uncertain parameters, or a test of the method, from settings to its folder."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np

from experiments.calibration.fit import draw_columns, fit_page, fit_report
from experiments.calibration.generations import (
    fit_folder,
    generations_kept,
    ignored_fits,
    read_generations,
    table_bytes,
    write_generation,
)
from experiments.calibration.posterior import POSTERIOR, PRIOR, SHIPPED
from experiments.calibration.recovery import RecoverySize, recovery_page, recovery_rows
from experiments.calibration.smc import Evaluate, Generation, SmcPlan, remaining_generations
from experiments.calibration.space import CalibrationProblem, prior_space
from experiments.calibration.targets import TARGETS, read_targets
from experiments.command import OnDisk
from experiments.configuration.settings import load_settings
from experiments.ensembles.ensemble import GARBAGE
from experiments.reporting.html import page_of_data
from experiments.results.provenance import evidence_hash, program_record
from experiments.results.result_folder import new_result
from experiments.storage.folder_lock import locked
from experiments.storage.recorded_folder import write_record
from experiments.storage.sealed_json import write_json
from experiments.storage.whole_files import clear_drafts, write_whole
from experiments.sweeps.design.sweep_keys import ExecutorSettings
from experiments.sweeps.execution.pools import Pool, open_pool
from sim.engine.compiling import source_hash
from sim.engine.worker_columns import Array

AGAIN = "the same command makes it again"
FIT_SIZE = ("particles", "moves", "generations", "scale", "seed")
"""Settings on which the result of a fit depends."""


def fit_or_recover(settings: Mapping[str, Any], command: str, on_disk: OnDisk) -> str:
    """Do what the settings ask for; returns the page to print."""
    if settings["recovery"]:
        return recover_known_parameters(settings, command, on_disk)
    return fit(settings, command, on_disk)


def calibration_problem(settings: Mapping[str, Any]) -> CalibrationProblem:
    """Priors, targets and the krai from 2016 to 2018, the years that the targets cover.

    The policy is the letter of the resolution; draws set how strictly it is carried out.
    """
    overrides = (
        "policy=un2397",
        "months=36",
        f"market.scale={settings['scale']}",
        f"seed={settings['seed']}",
    )
    return CalibrationProblem(prior_space(), read_targets(), load_settings(overrides).resolved)


def fit(settings: Mapping[str, Any], command: str, on_disk: OnDisk) -> str:
    """Simulate the generations that are missing and write the result; returns its page."""
    problem = calibration_problem(settings)
    folder = folder_of_fit(settings, problem)
    on_disk.more = lambda: generations_kept(folder)
    with worker_pool(settings) as pool:
        generations = all_generations(problem, settings, pool, folder)
    report = fit_report(problem, generations)
    record = fit_record(settings, generations, command)
    with new_result(Path(settings["output_dir"]), "calibration") as draft:
        on_disk.results.append(lambda: draft.final)
        for kind, generation in ((POSTERIOR, generations[-1]), (PRIOR, generations[0])):
            content = table_bytes(draw_columns(problem, generation), {"command": command})
            write_whole(draft.folder / f"{kind}.parquet", content)
        write_json(draft.folder / "fit.json", report)
        write_record(draft.folder, record)
    assert draft.final is not None
    page = page_of_data(draft.final / "fit.md", lambda: fit_page(report, record), AGAIN)
    if settings["ship"] == "yes":
        shutil.copytree(draft.final, SHIPPED, dirs_exist_ok=True)
    return f"{page}\nwritten to {draft.final}"


def recover_known_parameters(settings: Mapping[str, Any], command: str, on_disk: OnDisk) -> str:
    """Test whether the method finds known parameters and write the result; returns its page."""
    size, problem = (
        RecoverySize(settings["particles"], settings["recovery"]),
        calibration_problem(settings),
    )
    with worker_pool(settings) as pool:
        rows = recovery_rows(problem, size, settings["seed"], lambda each: evaluator(each, pool))
    about = {name: settings[name] for name in ("particles", "scale", "seed", "recovery")}
    with new_result(Path(settings["output_dir"]), "recovery") as draft:
        on_disk.results.append(lambda: draft.final)
        write_json(draft.folder / "recovery.json", {"parameters": rows, **about})
        write_record(draft.folder, {"command": command, **program_record()})
    assert draft.final is not None
    page = page_of_data(draft.final / "recovery.md", lambda: recovery_page(rows, size), AGAIN)
    return f"{page}\nwritten to {draft.final}"


def folder_of_fit(settings: Mapping[str, Any], problem: CalibrationProblem) -> Path:
    """The folder in which the generations of this fit are kept."""
    size = {name: settings[name] for name in FIT_SIZE}
    return fit_folder(Path(settings["output_dir"]), size, fit_inputs(problem))


def all_generations(
    problem: CalibrationProblem, settings: Mapping[str, Any], pool: Pool, folder: Path
) -> list[Generation]:
    """The generations on disk, then the others; each is stored as soon as it is simulated."""
    space, names = problem.space, problem.recorded_names
    plan = SmcPlan(*(settings[name] for name in ("particles", "moves", "generations", "seed")))
    with locked(folder, "output_dir"):
        clear_drafts(folder)
        found, damaged = read_generations(folder, space.keys, names)
        # Standard output is kept for the page.
        for note in ignored_fits(folder) + damaged:
            print(note, file=sys.stderr)
        evaluate = evaluator(problem, pool)
        for generation in remaining_generations(plan, len(space.keys), evaluate, found):
            write_generation(folder, generation, space.keys, names)
            print(progress_line(generation), file=sys.stderr, flush=True)
            found.append(generation)
    return found


def fit_inputs(problem: CalibrationProblem) -> dict[str, object]:
    """What a fit depends on beside its settings."""
    space = problem.space
    return {
        "code": source_hash(),
        "evidence": evidence_hash(),
        "targets": TARGETS.read_text(encoding="utf-8"),
        "priors": [space.labels, space.low.tolist(), space.high.tolist()],
    }


def worker_pool(settings: Mapping[str, Any]) -> AbstractContextManager[Pool]:
    """Where draws are simulated: threads of this machine, or a Dask cluster."""
    kind = "dask" if settings["executor"] == "dask" else "threads"
    address = settings["address"] or None
    keys = ExecutorSettings(settings["executor"], settings["threads"], "auto", address)
    return open_pool(keys, kind, threading.Event())


def evaluator(problem: CalibrationProblem, pool: Pool) -> Evaluate:
    """A function that evaluates many points at once; the pool does not change its results."""

    def evaluate(points: Array) -> tuple[Array, Array]:
        futures = [pool.call(evaluate_point, problem, point) for point in points]
        found = [pool.result(future) for future in futures]
        return np.array([distance for distance, _ in found]), np.array([row for _, row in found])

    return evaluate


def evaluate_point(problem: CalibrationProblem, point: Array) -> tuple[float, Array]:
    """Distance and recorded values at one point."""
    try:
        return problem.evaluate(point)
    finally:
        # Markets hold reference cycles: without this the memory of finished ones adds up.
        GARBAGE.collect()


def progress_line(generation: Generation) -> str:
    """A generation in one line."""
    number, tolerance = generation.number, f"tolerance {generation.tolerance:.3f}"
    return (
        f"generation {number}: {tolerance if number else 'the prior'}, "
        f"median distance {np.median(generation.distances):.3f}, "
        f"{100 * generation.acceptance:.0f} % of {generation.simulations} draws accepted"
    )


def fit_record(
    settings: Mapping[str, Any], generations: Sequence[Generation], command: str
) -> dict[str, Any]:
    """How the posterior was made, and how far it can be trusted."""
    simulations = sum(generation.simulations for generation in generations)
    tolerance = generations[-1].tolerance
    return {
        "command": command,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        **{name: settings[name] for name in (*FIT_SIZE, "threads")},
        "simulations": simulations,
        "tolerance": round(tolerance, 4),
        "caution": [
            f"{settings['particles']} particles; {simulations} draws were simulated, each at "
            f"{settings['scale']:g} of the krai's size.",
            "All draws share one seed (common random numbers), so the random events of that one "
            "history are not averaged out.",
            f"The posterior is approximate: every draw within {tolerance:.2f} root mean square "
            "errors of the targets counts as fitting.",
            "The priors are ranges around assumptions; most posteriors below are still the prior.",
        ],
        **program_record(),
    }
