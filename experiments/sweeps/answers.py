"""What people want to know of compliance: where the shortfall exceeds its limits, and where the deadline is met."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.sweeps.axes import Axis, labelled
from experiments.sweeps.moments import crews, first_scenario, has_deadline, main_month
from experiments.sweeps.results import Results
from experiments.sweeps.thresholds import exceeded, likely
from sim.population import Array

SHORTFALL_LIMITS = (5.0, 10.0)
DEADLINE_PROBABILITY, DEADLINE_TOLERANCE = 0.9, 0.05
COMPLIANCE, SHORTFALL = "policy.compliance", "shortfall_percent"
PAPERS_HELD = ("work", "student", "tourist")
DEFINITIONS = {
    "interval": "5th, 50th and 95th percentile of the runs of a point (replicates, under every draw if there are draws)",
    "effect": (
        "value at a point minus value at the reference, draw by draw and replicate by replicate under the same seeds; "
        "mean_95 is the 95 % confidence interval of the mean difference"
    ),
    "shortfall": (
        "the lowest compliance at which the broken line through a run's shortfall_percent at the month named reaches the limit, "
        "run by run: median and 5-95 % of these compliances; null: not reached at any level"
    ),
    "deadline": (
        f"a run meets the deadline if at the end of the deadline's month at most {DEADLINE_TOLERANCE:.0%} of those who had to leave "
        "(all crews employed in the twin, less the carve-out) still work on a paper; who waits for transport without a paper "
        "counts as gone. "
        "deadline_met_and_transported counts them as present. The compliance given is where the share of runs that meet it first reaches "
        f"{DEADLINE_PROBABILITY:.0%}, between levels by a straight line; its range comes from the 95 % Wilson interval of the share"
    ),
}


def thresholds(results: Results, named: dict[str, str]) -> list[dict[str, Any]]:
    """For every line of cells along compliance: where the shortfall exceeds its limits, and where the deadline is met."""
    design = results.plan.design
    numbers = [number for number, axis in enumerate(design.axes) if axis.key == COMPLIANCE and axis.is_numeric]
    if not numbers:
        return []
    month = main_month(named)
    shortfall = results.values([SHORTFALL], [month])[SHORTFALL][..., 0]
    met = deadline_met(results, month)
    return [line_of(results, cells, (shortfall, met, month)) for cells in lines(design.axes, numbers[0])]


def lines(axes: Sequence[Axis], number: int) -> list[list[int]]:
    """Cells that differ in one axis only, in rising order of its values."""
    order = np.argsort([float(str(value)) for value in axes[number].values], kind="stable")
    table = np.moveaxis(
        np.arange(int(np.prod([len(axis.values) for axis in axes]))).reshape([len(axis.values) for axis in axes]), number, -1
    )
    return [[int(row[i]) for i in order] for row in table.reshape(-1, len(order))]


def line_of(results: Results, cells: list[int], found: tuple[Array, Mapping[str, Array], str]) -> dict[str, Any]:
    """The thresholds of one line."""
    shortfall, met, month = found
    design = results.plan.design
    labels = [labelled(design.cells[cell], design.axes) for cell in cells]
    levels = np.array([float(label.pop(COMPLIANCE)) for label in labels])
    units = shortfall[cells].reshape(len(cells), -1)
    line: dict[str, Any] = {"axis": COMPLIANCE, "where": labels[0], "month": month}
    line["shortfall_percent_exceeds"] = [exceeded(levels, units, limit) for limit in SHORTFALL_LIMITS]
    if any(has_deadline(first_scenario(results.plan, cell)) for cell in cells):
        line |= {name: likely(levels, array[cells].reshape(len(cells), -1), DEADLINE_PROBABILITY) for name, array in met.items()}
    return line


def deadline_met(results: Results, month: str) -> dict[str, Array]:
    """Whether each run meets the deadline, f8[cells, draws, replicates], NaN unknown: by paper, and with those in the queue present."""
    groups = crews(results.plan.design.scenario)
    pairs = itertools.product(groups, PAPERS_HELD)
    names = [*(f"{group}_heads_{paper}" for group, paper in pairs), *(f"{group}_heads{twin}" for group in groups for twin in ("", "_twin"))]
    values = {name: array[..., 0].astype(float) for name, array in results.values(names, [month]).items()}
    allowed = carve_outs(results)
    held = sum(values[f"{group}_heads_{paper}"] for group in groups for paper in PAPERS_HELD)
    present = sum(values[f"{group}_heads"] for group in groups)
    leaving = sum(values[f"{group}_heads_twin"] for group in groups) - allowed
    limit = allowed + DEADLINE_TOLERANCE * np.maximum(leaving, 0.0)
    counted = {"deadline_met": held, "deadline_met_and_transported": present}
    return {name: np.where(np.isnan(heads), np.nan, heads <= limit) for name, heads in counted.items()}


def carve_outs(results: Results) -> Array:
    """Workers in construction who may stay after the deadline, f8[cells, draws, 1]."""
    found = np.zeros(results.shape[:2])
    for place, values in enumerate(results.plan.values):
        scenario = results.plan.design.base(values)
        retained = float(values.get("policy.retained_workers", scenario.policy.retained_workers) or 0)
        share = max(float(getattr(scenario.population[group], "construction_share", 1.0)) for group in crews(scenario))
        found.flat[place] = retained * share
    return found[..., None]
