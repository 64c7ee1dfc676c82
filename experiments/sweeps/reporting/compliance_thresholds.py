"""From which compliance on the shortfall reaches its limits and the deadline is met."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.sweeps.design.axes import Axis, values_by_key
from experiments.sweeps.reporting.reading_months import ReadingMonths, crew_groups
from experiments.sweeps.reporting.threshold_crossings import CLOSE, exceeded, likely
from experiments.sweeps.store.store_reader import StoredRuns
from sim.engine.worker_columns import Array
from sim.policy.enforcement import construction_places

SHORTFALL_LIMITS = (5.0, 10.0)
"""Percent of the baseline's labour."""
DEADLINE_PROBABILITY, DEADLINE_TOLERANCE = 0.9, 0.05
COMPLIANCE, RETAINED, SHORTFALL = (
    "policy.compliance",
    "policy.retained_workers",
    "shortfall_percent",
)
PAPERS_HELD = ("work", "student", "tourist")
DEFINITIONS = {
    "interval": (
        "5th, 50th and 95th percentile of the runs of a point: its replicates, under every "
        "parameter draw if there are draws."
    ),
    "effect": (
        "The value at a point minus the value at the reference in the same month, for the same "
        "parameter draw and the same seed. mean_95 is the 95 % confidence interval of the mean "
        "difference. Runs that share a draw or a seed are not independent of one another: "
        "differences are first averaged over the replicates of each draw and over the draws of "
        "each replicate, and the interval counts draws and replicates, not pairs. Where several "
        "draws have one replicate each, it holds for that seed only. A single pair has none."
    ),
    "reading_month": (
        "The month in which a point is read: that of its own deadline; for a point without a "
        "deadline the latest deadline of the other points, or else the last month."
    ),
    "shortfall_threshold": (
        "The lowest compliance at which shortfall_percent reaches the limit in the month named, "
        "interpolated between levels by a straight line, run by run: median and 5th to 95th "
        "percentile of the runs; no value where no level reaches it."
    ),
    "levels_apart": (
        "What happens between two levels is not known. Where the levels around an end of a "
        f"threshold's range are more than {CLOSE:g} apart, the range extends to the next level, "
        "and the widest such distance is given beside it."
    ),
    "deadline_met": (
        "A run meets its deadline if at the end of the deadline's month at most "
        f"{DEADLINE_TOLERANCE:.0%} of the workers who had to leave (all crew members employed in "
        "the baseline, less those who may be retained) still work on a work, student or tourist "
        "paper. Workers who wait for transport without a paper count as gone; in "
        "deadline_met_and_transported they count as present. The compliance given is where the "
        f"share of runs that meet the deadline first reaches {DEADLINE_PROBABILITY:.0%}, "
        "interpolated between levels by a straight line. Its range comes from the 95 % Wilson "
        "interval of the share, in which the replicates of a draw count as one."
    ),
}
"""How the numbers of a sweep's summary are defined, by the name they have there."""


class Readings(NamedTuple):
    """What thresholds are computed from, each cell read in its own month.

    `shortfall` and the arrays of `met` are f[cells, draws, replicates].
    """

    shortfall: Array
    met: Mapping[str, Array]
    months: ReadingMonths


def thresholds(runs: StoredRuns, months: ReadingMonths) -> list[dict[str, Any]]:
    """Thresholds along compliance, for each combination of the other axes' values."""
    axes = runs.plan.design.axes
    numbers = [
        number for number, axis in enumerate(axes) if axis.key == COMPLIANCE and axis.is_numeric
    ]
    if not numbers:
        return []
    shortfall = months.in_own_month(runs.values([SHORTFALL], months.all)[SHORTFALL], months.all)
    readings = Readings(shortfall, deadline_met(runs, months), months)
    return [line_thresholds(runs, cells, readings) for cells in lines(axes, numbers[0])]


def lines(axes: Sequence[Axis], number: int) -> list[list[int]]:
    """Groups of cells that differ in one axis only, in rising order of its values."""
    # Crossings are sought from the lowest level upwards, in whatever order the values were given.
    order = np.argsort([float(str(value)) for value in axes[number].values], kind="stable")
    shape = [len(axis.values) for axis in axes]
    table = np.moveaxis(np.arange(int(np.prod(shape))).reshape(shape), number, -1)
    return [[int(row[i]) for i in order] for row in table.reshape(-1, len(order))]


def line_thresholds(runs: StoredRuns, cells: list[int], readings: Readings) -> dict[str, Any]:
    """The thresholds of one line, whose cells share their deadline."""
    design = runs.plan.design
    labels = [values_by_key(design.cells[cell], design.axes) for cell in cells]
    levels = np.array([float(label.pop(COMPLIANCE)) for label in labels])
    units = readings.shortfall[cells].reshape(len(cells), -1)
    line: dict[str, Any] = {
        "axis": COMPLIANCE,
        "where": labels[0],
        "month": readings.months.of_cell[cells[0]],
    }
    line["shortfall_percent_exceeds"] = [
        exceeded(levels, units, limit) for limit in SHORTFALL_LIMITS
    ]
    if readings.months.has_deadline[cells[0]]:
        line |= {
            name: likely(levels, array[cells], DEADLINE_PROBABILITY)
            for name, array in readings.met.items()
        }
    return line


def deadline_met(runs: StoredRuns, months: ReadingMonths) -> dict[str, Array]:
    """Whether each run meets its deadline, f8[cells, draws, replicates]; NaN if unknown.

    Once by papers, and once with those who wait for transport counted as present.
    """
    groups = crew_groups(runs.plan.design.scenario)
    names = [f"{group}_heads_{paper}" for group in groups for paper in PAPERS_HELD]
    names += [f"{group}_heads{branch}" for group in groups for branch in ("", "_baseline")]
    own_months = list(dict.fromkeys(months.of_cell))
    values = {
        name: months.in_own_month(array, own_months).astype(float)
        for name, array in runs.values(names, own_months).items()
    }
    pairs = itertools.product(groups, PAPERS_HELD)
    on_paper = sum(values[f"{group}_heads_{paper}"] for group, paper in pairs)
    present = sum(values[f"{group}_heads"] for group in groups)
    retained = retained_places(runs)
    had_to_leave = sum(values[f"{group}_heads_baseline"] for group in groups) - retained
    limit = retained + DEADLINE_TOLERANCE * np.maximum(had_to_leave, 0.0)
    counted = {"deadline_met": on_paper, "deadline_met_and_transported": present}
    return {
        name: np.where(np.isnan(heads), np.nan, heads <= limit) for name, heads in counted.items()
    }


def retained_places(runs: StoredRuns) -> Array:
    """Construction workers who may stay after the deadline in each point's scenario.

    At full scale, f8[cells, draws, 1].
    """
    design, found = runs.plan.design, np.zeros(runs.shape[:2])
    for place, values in enumerate(runs.plan.values):
        if values.get(RETAINED, design.base(values).policy.retained_workers):
            scenario = design.unchecked(values)
            found.flat[place] = construction_places(scenario) / scenario.market.scale
    return found[..., None]
