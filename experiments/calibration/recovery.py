"""Recovery test: how often the fit's intervals cover known parameters of made-up data sets.

All data sets share one table of prior draws; the draws nearest to a data set are its posterior
(rejection ABC). The data sets are simulated under other random numbers than the table, as the
random events of the real krai are not those of the model.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from experiments.calibration.fit import IDENTIFIED_BELOW
from experiments.calibration.page_parts import markdown_table, wrapped
from experiments.calibration.smc import PRIOR_SD, Evaluate, SmcPlan, prior_generation
from experiments.calibration.space import CalibrationProblem
from experiments.calibration.targets import Target
from sim.engine.worker_columns import Array

INTERVAL = (0.05, 0.95)
# Few draws make an interval noisy, many make it as wide as the prior.
KEPT_SHARE = 0.025
LEAST_KEPT = 10
# 90 % intervals may cover less often by chance, as only some 100 data sets are tested.
LEAST_COVERAGE = 0.8
HEAD = ("parameter", "coverage", "posterior sd over prior sd")


@dataclasses.dataclass(frozen=True)
class RecoverySize:
    """How many prior draws the table has, and how many made-up data sets are tested."""

    draws: int
    data_sets: int


def recovery_rows(
    problem: CalibrationProblem,
    size: RecoverySize,
    seed: int,
    evaluator: Callable[[CalibrationProblem], Evaluate],
) -> list[dict[str, Any]]:
    """For each parameter, how often its 90 % interval covers the truth."""
    dimensions = len(problem.space.keys)
    other = dataclasses.replace(problem, replicate=problem.replicate + 1)
    table = prior_generation(SmcPlan(size.draws, 1, 1, seed), dimensions, evaluator(problem))
    truths = prior_generation(SmcPlan(size.data_sets, 1, 1, seed + 1), dimensions, evaluator(other))
    covered, ratios = np.zeros((2, size.data_sets, dimensions))
    for number, (truth, data) in enumerate(zip(truths.points, truths.recorded, strict=True)):
        posterior = table.points[nearest_draws(table.recorded, data, problem.targets)]
        low, high = np.quantile(posterior, INTERVAL, axis=0)
        covered[number] = (low <= truth) & (truth <= high)
        ratios[number] = posterior.std(axis=0) / PRIOR_SD
    return [
        parameter_row(key, covered[:, number], ratios[:, number])
        for number, key in enumerate(problem.space.labels)
    ]


def nearest_draws(recorded: Array, data: Array, targets: Mapping[str, Target]) -> Array:
    """Positions of the draws nearest to a data set, distances in errors of the fitted targets."""
    fitted = [(place, t.error) for place, t in enumerate(targets.values()) if t.fitted]
    misses = np.column_stack(
        [(recorded[:, place] - data[place]) / error for place, error in fitted]
    )
    ranked: Array = np.argsort(np.square(misses).sum(axis=1), kind="stable")
    return ranked[: max(LEAST_KEPT, round(KEPT_SHARE * len(recorded)))]


def parameter_row(key: str, covered: Array, ratios: Array) -> dict[str, Any]:
    """A parameter's coverage, and how much narrower than the prior its posterior is.

    A wide interval covers the truth without having learnt anything; such a parameter passes, but
    is not identified.
    """
    coverage, ratio = float(covered.mean()), float(ratios.mean())
    passes = coverage >= LEAST_COVERAGE
    return {
        "key": key,
        "coverage": round(coverage, 3),
        "spread_ratio": round(ratio, 3),
        "passes": passes,
        "identified": passes and ratio < IDENTIFIED_BELOW,
    }


def recovery_page(rows: Sequence[Mapping[str, Any]], size: RecoverySize) -> str:
    """The test as a Markdown page."""
    failed = key_list(row["key"] for row in rows if not row["passes"])
    identified = key_list(row["key"] for row in rows if row["identified"])
    mean = np.mean([row["coverage"] for row in rows])
    paragraphs = (
        f"{size.data_sets} made-up data sets and {size.draws} prior draws. The posterior of a data "
        f"set is the nearest {KEPT_SHARE:.1%} of the draws (rejection, not the sequential fit).",
        f"90 % intervals cover the truth {mean:.0%} of the time on average. Parameters covered "
        f"less than {LEAST_COVERAGE:.0%} of the time, to be read as not identified: {failed}.",
        f"Recovered, with a posterior sd below {IDENTIFIED_BELOW:g} of the prior's: {identified}. "
        "All others are covered because their interval is nearly as wide as the prior.",
    )
    lines = ["# Recovery of known parameters", ""]
    for paragraph in paragraphs:
        lines += [*wrapped(paragraph), ""]
    by_ratio = sorted(rows, key=lambda row: float(row["spread_ratio"]))
    return "\n".join([*lines, *markdown_table(HEAD, [row_cells(row) for row in by_ratio])]) + "\n"


def key_list(keys: Iterable[str]) -> str:
    """Keys in a sentence."""
    return ", ".join(f"`{key}`" for key in keys) or "none"


def row_cells(row: Mapping[str, Any]) -> list[str]:
    """One parameter as text."""
    return [f"`{row['key']}`", f"{row['coverage']:.2f}", f"{row['spread_ratio']:.2f}"]
