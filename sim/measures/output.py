"""Output: orders, output, completions and delay against the baseline, beside reported housing."""

from __future__ import annotations

import numpy as np

from sim.engine.panel import OfMarket
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import series
from sim.measures.comparison import Comparison, FullScaleBranch, ratio
from sim.measures.measure import PAIRED, Measure
from sim.measures.names import reported_of
from sim.scenario import Scenario

INDEX_YEAR = 2016


def percent_of_baseline(branches: Comparison, measure: OfMarket) -> Array:
    """A measure of the market in percent of the baseline's: f8[T]."""
    return 100.0 * ratio(branches.policy.of(measure), branches.baseline.of(measure))


def backlog_months(branch: FullScaleBranch) -> Array:
    """B/Y: months that the order book lasts at the month's output: f8[T]."""
    return ratio(branch.of(OfMarket.BACKLOG), branch.of(OfMarket.OUTPUT))


def years_of(scenario: Scenario) -> Array:
    """Calendar year of each month: i8[T]."""
    years: Array = (
        scenario.start.year + (scenario.start.month - 1 + np.arange(scenario.months)) // 12
    )
    return years


def completions_index(branches: Comparison) -> Array:
    """Completions, the mean of 2016 = 100: f8[T]; NaN without a month of 2016."""
    values, base = (
        branches.policy.of(OfMarket.COMPLETIONS),
        years_of(branches.scenario) == INDEX_YEAR,
    )
    if not base.any():
        return np.full(values.shape, np.nan)
    return 100.0 * ratio(values, values[base].mean())


def housing_completed_index(branches: Comparison) -> Array:
    """Reported housing, 2016 = 100, each month at its year's value: f8[T]; NaN where unknown."""
    reported = reported_of(branches.scenario)
    assert reported is not None
    known, years = series()[reported.housing_completed].values, years_of(branches.scenario)
    index = {
        year: 100.0 * known.get(str(year), np.nan) / known[str(INDEX_YEAR)]
        for year in np.unique(years).tolist()
    }
    return np.array([index[year] for year in years.tolist()])


OUTPUT = {
    "orders_percent_of_baseline": Measure(
        "percent of baseline",
        "New orders",
        lambda branches: percent_of_baseline(branches, OfMarket.ORDERS),
        PAIRED,
    ),
    "output_percent_of_baseline": Measure(
        "percent of baseline",
        "Output",
        lambda branches: percent_of_baseline(branches, OfMarket.OUTPUT),
        PAIRED,
    ),
    "completions_percent_of_baseline": Measure(
        "percent of baseline",
        "Completions",
        lambda branches: percent_of_baseline(branches, OfMarket.COMPLETIONS),
        PAIRED,
    ),
    "output_worker_months": Measure(
        "standard worker-months a month",
        "Output",
        lambda branches: branches.policy.of(OfMarket.OUTPUT),
    ),
    "cancelled_worker_months": Measure(
        "standard worker-months a month",
        "Orders cancelled",
        lambda branches: branches.policy.of(OfMarket.CANCELLED),
    ),
    "backlog_months": Measure(
        "months of the month's output",
        "Backlog B/Y",
        lambda branches: backlog_months(branches.policy),
    ),
    "delay_months": Measure(
        "months",
        "Delay: backlog B/Y, policy branch minus baseline",
        lambda branches: backlog_months(branches.policy) - backlog_months(branches.baseline),
        PAIRED,
    ),
    "completions_index": Measure("2016 = 100", "Completions", completions_index),
    "housing_completed_index": Measure(
        "2016 = 100",
        "Housing completed in {place}, reported",
        housing_completed_index,
        "{housing}",
        is_reported=lambda scenario: reported_of(scenario) is not None,
    ),
}
