"""What a fit found, as data and as a page.

Each target is shown beside what prior and posterior predict, each parameter with its posterior,
and the parameters that the targets do not identify are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from experiments.calibration.page_parts import (
    four_digits,
    markdown_table,
    median_and_interval,
    percentiles,
    provenance_lines,
    wrapped,
)
from experiments.calibration.posterior import crew_labour, evenly_ordered
from experiments.calibration.smc import PRIOR_SD, Generation
from experiments.calibration.space import OPENING, CalibrationProblem
from sim.engine.worker_columns import Array

IDENTIFIED_BELOW = 0.7
"""A parameter counts as identified if its posterior sd is below this part of the prior's."""
TARGET_HEAD = ("target", "observed (error)", "prior", "posterior", "within two errors")
PARAMETER_HEAD = (
    "parameter",
    "prior",
    "posterior median [5 to 95 %]",
    "posterior sd over prior sd",
)
GENERATION_HEAD = ("generation", "tolerance", "median distance", "accepted", "simulations")


def fit_report(problem: CalibrationProblem, generations: Sequence[Generation]) -> dict[str, Any]:
    """Targets, parameters and generations as data."""
    prior, posterior = generations[0], generations[-1]
    return {
        "targets": [
            target_row(problem, prior, posterior, number) for number in range(len(problem.targets))
        ],
        "parameters": [
            parameter_row(problem, posterior, number) for number in range(len(problem.space.keys))
        ],
        "solved": {
            "key": OPENING,
            "prior": percentiles(prior.recorded[:, -1]),
            "posterior": percentiles(posterior.recorded[:, -1]),
        },
        "generations": [generation_row(generation) for generation in generations],
    }


def target_row(
    problem: CalibrationProblem, prior: Generation, posterior: Generation, number: int
) -> dict[str, Any]:
    """A target; `reached`: the posterior median is within two errors of it."""
    name, target = list(problem.targets.items())[number]
    simulated = percentiles(posterior.recorded[:, number])
    return {
        "name": name,
        "kind": target.kind,
        "value": target.value,
        "error": target.error,
        "unit": target.unit,
        "fitted": target.fitted,
        "prior": percentiles(prior.recorded[:, number]),
        "posterior": simulated,
        "reached": abs(target.miss(simulated[1])) <= 2.0,
        "reason": target.reason,
    }


def parameter_row(
    problem: CalibrationProblem, posterior: Generation, number: int
) -> dict[str, Any]:
    """A parameter as it is sampled; its spread ratio is 1 where the targets taught nothing."""
    points, low, high = (
        array[..., number] for array in (posterior.points, problem.space.low, problem.space.high)
    )
    ratio = float(points.std() / PRIOR_SD)
    return {
        "key": problem.space.labels[number],
        "prior": [float(low), float(high)],
        "posterior": percentiles(low + points * (high - low)),
        "spread_ratio": round(ratio, 3),
        "identified": ratio < IDENTIFIED_BELOW,
        "differs_from_prior_p": four_digits(float(stats.kstest(points, "uniform").pvalue)),
    }


def generation_row(generation: Generation) -> dict[str, Any]:
    """A generation; the prior has no tolerance."""
    tolerance = generation.tolerance
    return {
        "number": generation.number,
        "tolerance": None if np.isinf(tolerance) else round(tolerance, 4),
        "median_distance": round(float(np.median(generation.distances)), 4),
        "acceptance": round(generation.acceptance, 4),
        "simulations": generation.simulations,
    }


def draw_columns(problem: CalibrationProblem, generation: Generation) -> dict[str, Array]:
    """The table of a generation's draws: parameters in their own units, distance, target values.

    Every beginning of the table represents the North Koreans' labour evenly, so that a sweep over
    its first rows does so too.
    """
    draws = [
        problem.space.parameter_values(point, opening)
        for point, opening in zip(generation.points, generation.recorded[:, -1], strict=True)
    ]
    order = evenly_ordered([crew_labour(draw) for draw in draws])
    columns = {key: np.array([draw[key] for draw in draws]) for key in problem.space.keys}
    columns["distance"] = generation.distances
    for number, name in enumerate(problem.targets):
        columns[f"target.{name}"] = generation.recorded[:, number]
    return {name: column[order] for name, column in columns.items()}


def fit_page(report: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """The fit as a Markdown page."""
    rows, key = report["parameters"], report["solved"]["key"]
    solved_for = median_and_interval(report["solved"]["posterior"])
    by_ratio = sorted(rows, key=lambda row: float(row["spread_ratio"]))
    unidentified = ", ".join(f"`{row['key']}`" for row in rows if not row["identified"])
    identified = sum(row["identified"] for row in rows)
    lines = ["# Fit to the targets up to the end of 2018", ""]
    for caution in record["caution"]:
        lines += wrapped(f"* {caution}", "  ")
    lines += ["", *markdown_table(TARGET_HEAD, [target_cells(row) for row in report["targets"]])]
    lines += ["", f"Solved for in each draw: `{key}`, {solved_for}."]
    lines += ["", f"## Identified: {identified} of {len(rows)} parameters", ""]
    lines += markdown_table(PARAMETER_HEAD, [parameter_cells(row) for row in by_ratio])
    lines += [
        "",
        f"Not identified (posterior sd at least {IDENTIFIED_BELOW:g} of the prior's):",
        "",
    ]
    lines += [*wrapped(f"{unidentified}."), ""]
    generations = [generation_cells(row) for row in report["generations"]]
    lines += markdown_table(GENERATION_HEAD, generations)
    return "\n".join([*lines, "", *provenance_lines(record)]) + "\n"


def target_cells(row: Mapping[str, Any]) -> list[str]:
    """One target as text."""
    sign = {"point": "", "at_most": "at most ", "at_least": "at least "}[row["kind"]]
    verdict = ("yes" if row["reached"] else "**MISS**") + ("" if row["fitted"] else " (not fitted)")
    return [
        row["name"].replace("_", " "),
        f"{sign}{row['value']:g} ({row['error']:g})",
        median_and_interval(row["prior"], 3),
        median_and_interval(row["posterior"], 3),
        verdict,
    ]


def parameter_cells(row: Mapping[str, Any]) -> list[str]:
    """One parameter as text."""
    return [
        f"`{row['key']}`",
        f"{row['prior'][0]:g} to {row['prior'][1]:g}",
        median_and_interval(row["posterior"]),
        f"{row['spread_ratio']:.2f}",
    ]


def generation_cells(row: Mapping[str, Any]) -> list[str]:
    """One generation as text."""
    return ["prior" if value is None else f"{value:g}" for value in row.values()]
