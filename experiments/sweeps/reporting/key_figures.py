"""What people want to know of compliance: where the shortfall exceeds its limits, and where the deadline is met."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.sweeps.design.axes import Axis, labelled
from experiments.sweeps.reporting.reading_months import Moments, crews
from experiments.sweeps.reporting.thresholds import CLOSE, exceeded, likely
from experiments.sweeps.store.store_reader import Results
from sim.engine.worker_columns import Array
from sim.policy.enforcement import construction_places

SHORTFALL_LIMITS = (5.0, 10.0)
DEADLINE_PROBABILITY, DEADLINE_TOLERANCE = 0.9, 0.05
COMPLIANCE, RETAINED, SHORTFALL = (
    "policy.compliance",
    "policy.retained_workers",
    "shortfall_percent",
)
PAPERS_HELD = ("work", "student", "tourist")
DEFINITIONS = {
    "interval": "5th, 50th and 95th percentile of the runs of a point (replicates, under every draw if there are draws)",
    "effect": (
        "value at a point minus value at the reference in the same month, draw by draw and replicate by replicate under the same seeds; "
        "mean_95 is the 95 % confidence interval of the mean difference. Runs of one draw are not independent of one another, nor are "
        "runs of one seed under several draws: differences are first averaged over each draw's replicates and over each replicate's "
        "draws, and it is draws and replicates that are counted, not pairs. Under draws with one replicate the interval holds for its "
        "seed alone; null: a single pair tells nothing"
    ),
    "month": "a point is read at the end of its own deadline's month; one without it at the last deadline of the others, else at the end",
    "shortfall": (
        "the lowest compliance at which the broken line through a run's shortfall_percent at the month named reaches the limit, "
        "run by run: median and 5-95 % of these compliances; null: not reached at any level"
    ),
    "levels": (
        "what happens between two levels is not known: where the levels around an end of a threshold's range are more than "
        f"{CLOSE:g} apart, the range reaches to the level beyond, and levels_apart names the widest such gap"
    ),
    "deadline": (
        f"a run meets the deadline if at the end of the deadline's month at most {DEADLINE_TOLERANCE:.0%} of those who had to leave "
        "(all crews employed in the baseline, less the carve-out) still work on a paper; who waits for transport without a paper "
        "counts as gone. "
        "deadline_met_and_transported counts them as present. The compliance given is where the share of runs that meet it first reaches "
        f"{DEADLINE_PROBABILITY:.0%}, between levels by a straight line; its range comes from the 95 % Wilson interval of the share, "
        "in which the replicates of a draw count as one"
    ),
}


def thresholds(results: Results, at: Moments) -> list[dict[str, Any]]:
    """For every line of cells along compliance: where the shortfall exceeds its limits, and where the deadline is met."""
    design = results.plan.design
    numbers = [
        number
        for number, axis in enumerate(design.axes)
        if axis.key == COMPLIANCE and axis.is_numeric
    ]
    if not numbers:
        return []
    shortfall = at.at_own(results.values([SHORTFALL], at.months)[SHORTFALL], at.months)
    met = deadline_met(results, at)
    return [
        line_of(results, cells, (shortfall, met, at)) for cells in lines(design.axes, numbers[0])
    ]


def lines(axes: Sequence[Axis], number: int) -> list[list[int]]:
    """Cells that differ in one axis only, in rising order of its values."""
    order = np.argsort([float(str(value)) for value in axes[number].values], kind="stable")
    table = np.moveaxis(
        np.arange(int(np.prod([len(axis.values) for axis in axes]))).reshape(
            [len(axis.values) for axis in axes]
        ),
        number,
        -1,
    )
    return [[int(row[i]) for i in order] for row in table.reshape(-1, len(order))]


def line_of(
    results: Results, cells: list[int], found: tuple[Array, Mapping[str, Array], Moments]
) -> dict[str, Any]:
    """The thresholds of one line, whose cells share their deadline."""
    shortfall, met, at = found
    design = results.plan.design
    labels = [labelled(design.cells[cell], design.axes) for cell in cells]
    levels = np.array([float(label.pop(COMPLIANCE)) for label in labels])
    units = shortfall[cells].reshape(len(cells), -1)
    line: dict[str, Any] = {"axis": COMPLIANCE, "where": labels[0], "month": at.own[cells[0]]}
    line["shortfall_percent_exceeds"] = [
        exceeded(levels, units, limit) for limit in SHORTFALL_LIMITS
    ]
    if at.is_deadline[cells[0]]:
        line |= {
            name: likely(levels, array[cells], DEADLINE_PROBABILITY) for name, array in met.items()
        }
    return line


def deadline_met(results: Results, at: Moments) -> dict[str, Array]:
    """Whether each run meets its deadline, f8[cells, draws, replicates], NaN unknown: by paper, and with those in the queue present."""
    groups = crews(results.plan.design.scenario)
    pairs = itertools.product(groups, PAPERS_HELD)
    names = [
        *(f"{group}_heads_{paper}" for group, paper in pairs),
        *(f"{group}_heads{baseline}" for group in groups for baseline in ("", "_baseline")),
    ]
    months = list(dict.fromkeys(at.own))
    values = {
        name: at.at_own(array, months).astype(float)
        for name, array in results.values(names, months).items()
    }
    allowed = carve_outs(results)
    held = sum(values[f"{group}_heads_{paper}"] for group in groups for paper in PAPERS_HELD)
    present = sum(values[f"{group}_heads"] for group in groups)
    leaving = sum(values[f"{group}_heads_baseline"] for group in groups) - allowed
    limit = allowed + DEADLINE_TOLERANCE * np.maximum(leaving, 0.0)
    counted = {"deadline_met": held, "deadline_met_and_transported": present}
    return {
        name: np.where(np.isnan(heads), np.nan, heads <= limit) for name, heads in counted.items()
    }


def carve_outs(results: Results) -> Array:
    """Workers in construction who may stay after the deadline in each point's own scenario, in the krai, f8[cells, draws, 1]."""
    design, found = results.plan.design, np.zeros(results.shape[:2])
    for place, values in enumerate(results.plan.values):
        if values.get(RETAINED, design.base(values).policy.retained_workers):
            scenario = design.unchecked(values)
            found.flat[place] = construction_places(scenario) / scenario.market.scale
    return found[..., None]
