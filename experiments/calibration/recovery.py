"""Recovery: from made-up observations with known parameters, how often intervals cover the truth.

All data sets share one table of prior draws; the draws nearest to a data set are its posterior (rejection ABC). Truths are simulated under
another chance than the table, as the world's chance is not the model's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from experiments.calibration.fit import IDENTIFIED_BELOW
from experiments.calibration.smc import Evaluate, Plan, first
from experiments.calibration.space import Problem
from experiments.calibration.targets import Moment
from sim.engine.worker_columns import Array

INTERVAL = (0.05, 0.95)
KEPT = 0.025
LEAST_COVERAGE = 0.8
UNIFORM_SD = 1.0 / np.sqrt(12.0)
Evaluator = Callable[[Problem], Evaluate]


def recovery(
    problem: Problem, sizes: tuple[int, int], seed: int, evaluator: Evaluator
) -> list[dict[str, Any]]:
    """One row a parameter: how often its 90 % interval covers the truth; sizes: draws in the table, data sets."""
    draws, sets = sizes
    dimensions = len(problem.space.keys)
    table = first(Plan(draws, 1, 1, seed), dimensions, evaluator(problem))
    truths = first(
        Plan(sets, 1, 1, seed + 1), dimensions, evaluator(dataclasses.replace(problem, replicate=1))
    )
    covered, widths = np.zeros((2, sets, dimensions))
    for number, (truth, data) in enumerate(zip(truths.points, truths.moments, strict=True)):
        posterior = table.points[nearest(table.moments, data, problem.observed)]
        low, high = np.quantile(posterior, INTERVAL, axis=0)
        covered[number], widths[number] = (
            (low <= truth) & (truth <= high),
            posterior.std(axis=0) / UNIFORM_SD,
        )
    return [
        row(key, covered[:, place], widths[:, place])
        for place, key in enumerate(problem.space.labels)
    ]


def nearest(simulated: Array, data: Array, observed: Mapping[str, Moment]) -> Array:
    """Positions of the draws nearest to a data set, at least ten."""
    known = [(place, entry.error) for place, entry in enumerate(observed.values()) if entry.fitted]
    misses = np.column_stack(
        [(simulated[:, place] - data[place]) / error for place, error in known]
    )
    ranked: Array = np.argsort(np.square(misses).sum(axis=1), kind="stable")
    return ranked[: max(10, round(KEPT * len(simulated)))]


def row(key: str, covered: Array, widths: Array) -> dict[str, Any]:
    """Coverage, and how much narrower than the prior the posterior is; a wide interval covers without having learnt anything."""
    coverage, ratio = float(covered.mean()), float(widths.mean())
    passes = coverage >= LEAST_COVERAGE
    return {
        "key": key,
        "coverage": round(coverage, 3),
        "spread_ratio": round(ratio, 3),
        "passes": passes,
        "identified": passes and ratio < IDENTIFIED_BELOW,
    }


def markdown(rows: Sequence[Mapping[str, Any]], sizes: tuple[int, int]) -> str:
    """The test as a page."""
    failed, known = (
        [item["key"] for item in rows if item[name] is wanted]
        for name, wanted in (("passes", False), ("identified", True))
    )
    mean = np.mean([item["coverage"] for item in rows])
    lines = [
        "# Recovery of known parameters",
        "",
        f"{sizes[1]} made-up data sets, {sizes[0]} draws, the nearest {KEPT:.1%} kept (rejection, not the sequential fit).",
        f"90 % intervals cover the truth {mean:.0%} of the time on average; below {LEAST_COVERAGE:.0%}, to be read as not identified: "
        + (", ".join(f"`{key}`" for key in failed) or "none")
        + ".",
        f"Recovered, with intervals narrower than {IDENTIFIED_BELOW:g} of the prior's: {', '.join(f'`{key}`' for key in known) or 'none'}; "
        "all others are covered because their interval is nearly the prior's.",
        "",
        "| parameter | coverage | posterior over prior spread |",
        "| --- | --- | --- |",
    ]
    ordered = sorted(rows, key=lambda item: float(item["spread_ratio"]))
    return (
        "\n".join(
            [
                *lines,
                *(
                    f"| `{item['key']}` | {item['coverage']:.2f} | {item['spread_ratio']:.2f} |"
                    for item in ordered
                ),
            ]
        )
        + "\n"
    )
