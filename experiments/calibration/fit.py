"""What a fit says: each observation against the prior and the posterior, each parameter's posterior, and which were not identified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from experiments.calibration.posterior import crew_labour, evenly
from experiments.calibration.smc import Generation
from experiments.calibration.space import OPENING, Problem
from sim.engine.worker_columns import Array

PERCENTILES = (5.0, 50.0, 95.0)
UNIFORM_SD = 1.0 / np.sqrt(12.0)
IDENTIFIED_BELOW = 0.7
"""A parameter whose posterior spread is a larger part of the prior's is reported as not identified."""


def fit_report(problem: Problem, run: Sequence[Generation]) -> dict[str, Any]:
    """Moments and parameters as data."""
    return {
        "moments": [moment_row(problem, run, number) for number in range(len(problem.observed))],
        "parameters": [
            parameter_row(problem, run[-1], number) for number in range(len(problem.space.keys))
        ],
        "solved": {
            "key": OPENING,
            "prior": spread(run[0].moments[:, -1]),
            "posterior": spread(run[-1].moments[:, -1]),
        },
        "generations": [
            {
                "number": step.number,
                "tolerance": None if np.isinf(step.tolerance) else round(step.tolerance, 4),
                "median_distance": round(float(np.median(step.distances)), 4),
                "acceptance": round(step.acceptance, 4),
                "simulations": step.simulations,
            }
            for step in run
        ],
    }


def moment_row(problem: Problem, run: Sequence[Generation], number: int) -> dict[str, Any]:
    """An observation beside what the first (prior) and the last population show; `reached`: the posterior is within two errors."""
    name, known = list(problem.observed.items())[number]
    prior, posterior = (spread(step.moments[:, number]) for step in (run[0], run[-1]))
    entry = {
        "name": name,
        "kind": known.kind,
        "value": known.value,
        "error": known.error,
        "unit": known.unit,
        "fitted": known.fitted,
    }
    return entry | {
        "prior": prior,
        "posterior": posterior,
        "reached": abs(known.miss(posterior[1])) <= 2.0,
        "reason": known.reason,
    }


def parameter_row(problem: Problem, last: Generation, number: int) -> dict[str, Any]:
    """Posterior of a parameter, as it is drawn; the spread ratio is 1 where nothing was learnt."""
    points, key = last.points[:, number], problem.space.labels[number]
    low, high = problem.space.low[number], problem.space.high[number]
    ratio = float(points.std() / UNIFORM_SD)
    return {
        "key": key,
        "prior": [float(low), float(high)],
        "posterior": spread(low + points * (high - low)),
        "spread_ratio": round(ratio, 3),
        "identified": ratio < IDENTIFIED_BELOW,
        "differs_from_prior_p": rounded(float(stats.kstest(points, "uniform").pvalue)),
    }


def spread(values: Array) -> list[float]:
    """5th, 50th and 95th percentile."""
    return [rounded(value) for value in np.percentile(values, PERCENTILES)]


def rounded(value: float) -> float:
    """Four significant digits."""
    return float(f"{value:.4g}")


def posterior_columns(problem: Problem, last: Generation) -> dict[str, Array]:
    """Parameters in their own units, whole ones rounded, then distance and moments; first rows spread over the crews' labour."""
    rows = [
        problem.space.values(point, opening)
        for point, opening in zip(last.points, last.moments[:, -1], strict=True)
    ]
    order = evenly([crew_labour(row) for row in rows])
    columns = {key: np.array([row[key] for row in rows]) for key in problem.space.keys}
    moments = {
        f"moment.{name}": last.moments[:, number] for number, name in enumerate(problem.observed)
    }
    return {
        name: column[order]
        for name, column in ({**columns, "distance": last.distances, **moments}).items()
    }


def markdown(report: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """The fit as a page."""
    identified = [row for row in report["parameters"] if row["identified"]]
    unknown = ", ".join(f"`{row['key']}`" for row in report["parameters"] if not row["identified"])
    lines = [
        "# Fit to the moments up to the end of 2018",
        "",
        *(f"* {line}" for line in record["caution"]),
        "",
    ]
    lines += [
        "| moment | observed (error) | prior | posterior | within two errors |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [f"| {' | '.join(moment_cells(row))} |" for row in report["moments"]]
    lines += [
        "",
        f"Solved for each draw: `{report['solved']['key']}`, {interval(report['solved']['posterior'])}.",
    ]
    lines += ["", f"## Identified: {len(identified)} of {len(report['parameters'])} parameters", ""]
    lines += [
        "| parameter | prior | posterior median [5 to 95 %] | posterior over prior spread |",
        "| --- | --- | --- | --- |",
    ]
    ordered = sorted(report["parameters"], key=lambda row: float(row["spread_ratio"]))
    lines += [f"| {' | '.join(parameter_cells(row))} |" for row in ordered]
    lines += [
        "",
        f"Not identified (spread at least {IDENTIFIED_BELOW:g} of the prior's): {unknown}.",
        "",
    ]
    lines += [
        "| generation | tolerance | median distance | accepted | simulations |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {' | '.join('prior' if cell is None else f'{cell:g}' for cell in row.values())} |"
        for row in report["generations"]
    ]
    return (
        "\n".join([*lines, "", f"Command: `{record['command']}`. Code {record['code_hash']}."])
        + "\n"
    )


def moment_cells(row: Mapping[str, Any]) -> list[str]:
    """One observation as text."""
    sign = {"point": "", "at_most": "at most ", "at_least": "at least "}[row["kind"]]
    shown = [
        f"{row[name][1]:.3g} [{row[name][0]:.3g} to {row[name][2]:.3g}]"
        for name in ("prior", "posterior")
    ]
    verdict = ("yes" if row["reached"] else "**MISS**") + ("" if row["fitted"] else " (not fitted)")
    return [
        row["name"].replace("_", " "),
        f"{sign}{row['value']:g} ({row['error']:g})",
        *shown,
        verdict,
    ]


def parameter_cells(row: Mapping[str, Any]) -> list[str]:
    """One parameter as text."""
    return [
        f"`{row['key']}`",
        f"{row['prior'][0]:g} to {row['prior'][1]:g}",
        interval(row["posterior"]),
        f"{row['spread_ratio']:.2f}",
    ]


def interval(spread: Sequence[float]) -> str:
    """Median and interval."""
    low, middle, high = spread
    return f"{middle:.4g} [{low:.4g} to {high:.4g}]"
