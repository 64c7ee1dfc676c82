"""The uncertain inputs of a question, drawn in the coordinates of the calibration.

In these coordinates every input has a uniform prior of its own, and no point contradicts itself:
the pool of Russians is drawn as a ratio to the employed, and the opening vacancy share is solved
such that the vacancy rate without policy is the drawn one. Where no share gives that rate, the
point is no possible krai.
"""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.calibration.space import (
    OPENING,
    POOL,
    SAMPLED_AS,
    CalibrationProblem,
    PriorSpace,
    prior_space,
)
from experiments.configuration.parameter_values import number_at
from experiments.configuration.variants import Value
from experiments.ensembles.ensemble import GARBAGE
from experiments.ensembles.uncertainty import sampled_keys
from experiments.results.provenance import evidence_hash
from experiments.storage.digests import NAME_DIGITS, name_by_content, sha256
from experiments.storage.whole_files import write_whole
from experiments.sweeps.design.parameter_draws import DIGITS
from experiments.sweeps.design.sweep_settings import SweepSettings
from experiments.sweeps.execution.pools import Pool, open_pool
from experiments.sweeps.progress_bars import progress_bar
from experiments.sweeps.reporting.point_names import short_key
from sim.engine.compiling import source_hash
from sim.engine.worker_columns import Array
from sim.inputs.problems import ScenarioError

MIDDLE_OF_RATES = sum(SAMPLED_AS[OPENING][1:]) / 2.0
LARGEST_SCALE = 0.1
"""Scale at which opening shares are solved at most, as in the calibration."""
SHARES = ".npy"
CHUNK = 32
"""Points whose opening shares are kept in one file."""


@dataclass(frozen=True, eq=False)
class CalibratedInputs:
    """Inputs by key, and how a point of their unit cube becomes values of the configuration.

    `columns` are the places of the inputs in the space of the calibration; every other coordinate
    is that of the configuration, `configured` f8[D].
    """

    keys: tuple[str, ...]
    columns: tuple[int, ...]
    configured: Array
    problem: CalibrationProblem

    def whole_points(self, points: Array) -> Array:
        """Points f8[n, inputs] in all coordinates of the calibration, f8[n, D]."""
        whole = np.tile(self.configured, (len(points), 1))
        whole[:, self.columns] = points
        return whole

    def values(self, point: Array, opening: float) -> dict[str, Value]:
        """Values of the inputs by key at one whole point f8[D]."""
        found = self.problem.space.parameter_values(point, opening)
        return {key: settled(found[key]) for key in self.keys}


def settled(value: float) -> Value:
    """A number without float noise; whole numbers as integers, which counts of workers need."""
    return int(value) if float(value).is_integer() else round(value, DIGITS)


def calibrated_inputs(settings: SweepSettings) -> CalibratedInputs:
    """The parameters that the configuration leaves open, with their priors.

    Those are the parameters of the calibration at their default; the strength of a policy is one
    of them only under the policy `observed`. Raises ScenarioError if none is left.
    """
    resolved, space = settings.base.resolved, prior_space()
    free = sampled_keys({**resolved, "held": []})
    keys = tuple(key for key in space.keys if key in free)
    if len(keys) < 2:
        raise ScenarioError(["inputs: fewer than two parameters are left open; set fewer keys"])
    solving = {**resolved, "market": dict(resolved["market"])}
    solving["market"]["scale"] = min(LARGEST_SCALE, settings.design.scenario.market.scale)
    problem = CalibrationProblem(space, {}, solving)
    columns = tuple(space.keys.index(key) for key in keys)
    return CalibratedInputs(keys, columns, configured_point(space, resolved), problem)


def configured_point(space: PriorSpace, resolved: Any) -> Array:
    """The coordinates of the configuration itself, f8[D]."""
    numbers = {key: number_at(resolved, key) for key in space.keys}
    return space.point_of(
        {key: float(number) for key, number in numbers.items() if number is not None},
        MIDDLE_OF_RATES,
    )


def input_name(key: str) -> str:
    """'North Korean heads', 'wages: adjustment per month', 'Russian pool to employed'."""
    special = {
        POOL: f"{short_key(POOL)} to employed",
        OPENING: "hiring: vacancy rate without policy",
    }
    if key in special:
        return special[key]
    if key.startswith("population."):
        return short_key(key)
    section, name = key.split(".")[-2:]
    return f"{section}: {name}".replace("_", " ")


def plain_name(key: str) -> str:
    """The name of a parameter in the units of the configuration, as a draw has it."""
    special = {POOL: short_key(POOL), OPENING: "hiring: initial vacancy share"}
    return special.get(key) or input_name(key)


def section_name(key: str) -> str:
    """The part of the model that an input belongs to: 'production', 'North Korean workers'."""
    parts = key.split(".")
    if parts[0] == "population":
        return f"{short_key('.'.join([*parts[:2], 'workers']))}"
    return parts[1] if len(parts) > 2 else parts[0]


def opening_shares(
    inputs: CalibratedInputs, points: Array, guesses: Array, settings: SweepSettings
) -> Array:
    """The opening vacancy share solved for at each whole point f8[n, D]; NaN where none is.

    The search begins at `guesses` f8[n]. A point's share does not depend on the policy's strength,
    as no policy binds yet. Shares are kept in files as they are found, so that a stopped command
    goes on where it was.
    """
    if OPENING not in inputs.keys:
        configured = number_at(settings.base.resolved, OPENING)
        return np.full(len(points), np.nan if configured is None else configured)
    before_policy = points.copy()
    for place, key in enumerate(inputs.problem.space.keys):
        if key.startswith("policy."):
            before_policy[:, place] = inputs.configured[place]
    tasks = np.column_stack([before_policy, guesses])
    unique, where = np.unique(tasks, axis=0, return_inverse=True)
    folder = Path(settings.base.output_dir) / "sweeps" / ".openings" / identity(inputs)
    folder.mkdir(parents=True, exist_ok=True)
    chunks = [unique[first : first + CHUNK] for first in range(0, len(unique), CHUNK)]
    missing = [chunk for chunk in chunks if kept_shares(folder, chunk) is None]
    if missing:
        solve_chunks(inputs, missing, folder, settings)
    found = [kept_shares(folder, chunk) for chunk in chunks]
    return np.concatenate([shares for shares in found if shares is not None])[where.reshape(-1)]


def shares_prefix(chunk: Array) -> str:
    """How the name begins of the file that keeps the shares of some points."""
    return f"{sha256(chunk.tobytes())[:NAME_DIGITS]}-"


def kept_shares(folder: Path, chunk: Array) -> Array | None:
    """The shares of some points, if they are kept in a file that is as it was written."""
    prefix = shares_prefix(chunk)
    for path in sorted(folder.glob(f"{prefix}*{SHARES}")):
        content = path.read_bytes()
        if path.name == name_by_content(prefix, content, SHARES):
            return np.asarray(np.load(io.BytesIO(content)))
    return None


def identity(inputs: CalibratedInputs) -> str:
    """A hash of everything that a solved share depends on beside its point."""
    space, resolved = inputs.problem.space, inputs.problem.resolved
    names = ("market", "population", "levers", "structure", "seed", "start")
    own = {name: resolved[name] for name in names}
    priors = [space.keys, space.low.tolist(), space.high.tolist()]
    content = [source_hash(), evidence_hash(), own, resolved["policy"], priors]
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()[:16]


def solve_chunks(
    inputs: CalibratedInputs, chunks: Sequence[Array], folder: Path, settings: SweepSettings
) -> None:
    """Solve the shares of chunks of points into files of a folder, with a progress bar."""
    kind = "dask" if settings.executor.kind == "dask" else "processes"
    with (
        progress_bar("draws") as bar,
        open_pool(settings.executor, kind, threading.Event()) as pool,
    ):
        total = sum(map(len, chunks))
        task = bar.add_task("solving vacancy shares", total=total, failed=0)
        for points in chunks:
            shares = solved_together(inputs.problem, points, pool)
            content = io.BytesIO()
            np.save(content, shares)
            name = name_by_content(shares_prefix(points), content.getvalue(), SHARES)
            write_whole(folder / name, content.getvalue())
            bar.update(task, advance=len(points))


def solved_together(problem: CalibrationProblem, tasks: Array, pool: Pool) -> Array:
    """The shares of some points, each followed by its guess, solved in parallel."""
    futures = [pool.call(solved_share, problem, task[:-1], float(task[-1])) for task in tasks]
    return np.array([pool.result(future) for future in futures])


def solved_share(problem: CalibrationProblem, point: Array, guess: float) -> float:
    """The opening share at one point; NaN where none gives the vacancy rate."""
    try:
        market = problem.market_before_policy(point, guess)
    except ScenarioError:
        return float("nan")
    finally:
        # Markets hold reference cycles: without this the memory of finished ones adds up.
        GARBAGE.collect()
    if market is None:
        return float("nan")
    return market.specification.market.hiring.initial_vacancy_share
