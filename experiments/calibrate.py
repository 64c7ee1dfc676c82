"""`python -m experiments.calibrate` fits the uncertain parameters to what was observed up to the end of 2018; once stopped, it goes on."""

from __future__ import annotations

import datetime as dt
import shlex
import shutil
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np

from experiments.calibration.fit import fit_report, markdown, posterior_columns
from experiments.calibration.generations import (
    identity,
    read_generations,
    write_generation,
    write_table,
)
from experiments.calibration.posterior import SHIPPED
from experiments.calibration.recovery import markdown as recovered
from experiments.calibration.recovery import recovery
from experiments.calibration.smc import Evaluate, Generation, Plan, generations
from experiments.calibration.space import Problem, space
from experiments.calibration.targets import MOMENTS, moments
from experiments.command import INTERRUPTED, Jobs, explain, say
from experiments.configuration.keys import Key, read_keys
from experiments.configuration.settings import load_settings
from experiments.ensembles.ensemble import GARBAGE
from experiments.results.provenance import evidence_hash, versions
from experiments.results.result_folder import new_result, write_json
from experiments.sweeps.design.sweep_settings import ExecutorKeys
from experiments.sweeps.execution.pools import Pool, opened
from sim.engine.compiling import source_hash
from sim.engine.worker_columns import Array
from sim.scenario import Quantity

PROGRAM = "python -m experiments.calibrate"
USAGE = """\
usage: python -m experiments.calibrate [key=value ...]

  particles=300  moves=2  generations=12   size of the fit: draws, Metropolis steps and tolerances
  scale=0.1  seed=1                        of the simulated krai
  executor=local  threads=1  address=      as for sweeps: threads of this machine, which pay from about scale=0.5 on, or executor=dask, the
                                           cluster of the scheduler at address, or as many processes of this machine; the fit is the same
  output_dir=outputs                       parent of the result folder; unfinished fits lie in its folder .calibration
  ship=no                                  yes: also put the posterior into sim/evidence/posterior/

  recovery=0                               that many made-up data sets with known parameters instead of the fit

Writes posterior.parquet, prior.parquet (the draws not refused), fit.md, fit.json and record.json. Stopped at any moment, the same command
goes on after the last generation. With recovery=100: how often intervals cover the truth, recovery.md and recovery.json.
"""
KEPT = "what is done is kept, the same command goes on after the last generation"
KEYS = {
    "particles": Key(300, Quantity("particles", 8, 100_000)),
    "moves": Key(2, Quantity("Metropolis steps", 1, 100)),
    "generations": Key(12, Quantity("generations", 1, 100)),
    "scale": Key(0.1, Quantity("model workers per worker", 0.005, 10.0)),
    "seed": Key(1, Quantity("seed", 0, 2**62)),
    "executor": Key("local", ("local", "dask")),
    "threads": Key(1, Quantity("threads", 1, 4096)),
    "address": Key(""),
    "output_dir": Key("outputs"),
    "ship": Key("no", ("no", "yes")),
    "recovery": Key(0, Quantity("data sets", 0, 100_000)),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    if {"-h", "--help"} & set(given):
        print(USAGE, end="")
        return 0
    try:
        keys = read_keys(given, KEYS)
        print(
            recover(keys)
            if keys["recovery"]
            else fit(keys, f"{PROGRAM} {shlex.join(given)}".strip())
        )
    except KeyboardInterrupt:
        return say(f"interrupted; {KEPT}", INTERRUPTED)
    except Exception as error:
        return explain(error, Jobs(unfinished=KEPT))
    return 0


def problem_of(keys: Mapping[str, Any]) -> Problem:
    """Priors, observations and the krai under the letter of the resolution, from which draws of the policy's strength depart."""
    overrides = (
        "policy=un2397",
        "months=36",
        f"market.scale={keys['scale']}",
        f"seed={keys['seed']}",
    )
    return Problem(space(), moments(), load_settings(overrides).resolved)


def fit(keys: Mapping[str, Any], command: str) -> str:
    """Run what is missing, write the result; returns the report."""
    problem = problem_of(keys)
    with workers(keys) as pool:
        run = all_generations(problem, keys, pool)
    report, record = fit_report(problem, run), record_of(keys, run, command)
    text = markdown(report, record)
    with new_result(Path(keys["output_dir"]), "calibration") as draft:
        for name, generation in (("posterior", run[-1]), ("prior", run[0])):
            write_table(
                draft.folder / f"{name}.parquet",
                posterior_columns(problem, generation),
                {"command": command},
            )
        write_json(draft.folder / "fit.json", report)
        write_json(draft.folder / "record.json", record)
        (draft.folder / "fit.md").write_text(text, encoding="utf-8")
    assert draft.final is not None
    if keys["ship"] == "yes":
        shutil.copytree(draft.final, SHIPPED, dirs_exist_ok=True)
    return f"{text}\nwritten to {draft.final}"


def recover(keys: Mapping[str, Any]) -> str:
    """The recovery test; returns its report."""
    sizes = (keys["particles"], keys["recovery"])
    with workers(keys) as pool:
        rows = recovery(
            problem_of(keys), sizes, keys["seed"], lambda problem: evaluator(problem, pool)
        )
    text = recovered(rows, sizes)
    with new_result(Path(keys["output_dir"]), "recovery") as draft:
        write_json(
            draft.folder / "recovery.json",
            {
                "parameters": rows,
                **{name: keys[name] for name in ("particles", "scale", "seed", "recovery")},
            },
        )
        (draft.folder / "recovery.md").write_text(text, encoding="utf-8")
    return f"{text}\nwritten to {draft.final}"


def all_generations(problem: Problem, keys: Mapping[str, Any], pool: Pool) -> list[Generation]:
    """Those on disk, then the others, each stored as soon as it is there."""
    plan = Plan(keys["particles"], keys["moves"], keys["generations"], keys["seed"])
    sizes = {name: keys[name] for name in ("particles", "moves", "generations", "scale", "seed")}
    priors = problem.space.labels, problem.space.low.tolist(), problem.space.high.tolist()
    name = identity(
        sizes, source_hash(), evidence_hash(), MOMENTS.read_text(encoding="utf-8"), priors
    )
    folder = Path(keys["output_dir"]) / ".calibration" / name
    run = read_generations(folder, problem.space.keys, problem.recorded)[: plan.generations]
    for generation in generations(plan, len(problem.space.keys), evaluator(problem, pool), run):
        write_generation(folder, generation, problem.space.keys, problem.recorded)
        print(told(generation), file=sys.stderr, flush=True)
        run.append(generation)
    return run


def workers(keys: Mapping[str, Any]) -> AbstractContextManager[Pool]:
    """The executor of sweeps: threads of this machine, or a Dask cluster."""
    kind = "dask" if keys["executor"] == "dask" else "threads"
    return opened(
        ExecutorKeys(keys["executor"], keys["threads"], "auto", keys["address"] or None),
        kind,
        threading.Event(),
    )


def evaluator(problem: Problem, pool: Pool) -> Evaluate:
    """Many points at once, in order, the same whoever works on them."""

    def evaluate(points: Array) -> tuple[Array, Array]:
        found = [
            future.result() for future in [pool.call(evaluated, problem, point) for point in points]
        ]
        return np.array([distance for distance, _ in found]), np.array([row for _, row in found])

    return evaluate


def evaluated(problem: Problem, point: Array) -> tuple[float, Array]:
    """Distance and what is recorded at one point; what was simulated for it is let go."""
    try:
        return problem.evaluate(point)
    finally:
        GARBAGE.collect()


def told(generation: Generation) -> str:
    """A line of progress."""
    return (
        f"generation {generation.number}: tolerance {generation.tolerance:.3f}, median distance {np.median(generation.distances):.3f}, "
        f"{100 * generation.acceptance:.0f} % of {generation.simulations} draws accepted"
    )


def record_of(keys: Mapping[str, Any], run: Sequence[Generation], command: str) -> dict[str, Any]:
    """How the posterior was made, and how far it can be trusted."""
    simulations = sum(step.simulations for step in run)
    return {
        "command": command,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        **{
            name: value
            for name, value in keys.items()
            if name not in ("output_dir", "ship", "recovery", "executor", "address")
        },
        "simulations": simulations,
        "tolerance": round(run[-1].tolerance, 4),
        "caution": [
            f"{keys['particles']} particles, {simulations} draws tried, each at {keys['scale']:g} of the krai's size.",
            "All draws share one seed (common random numbers), so the chance of that one history is not averaged out.",
            f"Approximate: everything within {run[-1].tolerance:.2f} root mean square errors of the observations counts as fitting.",
            "The priors are ranges around assumptions; most of what is called posterior below is still prior.",
        ],
        "code_hash": source_hash(),
        "evidence_hash": evidence_hash(),
        "versions": versions(),
    }


if __name__ == "__main__":
    sys.exit(main())
