"""Numbers read off the panels of paired branches.

Rates, stocks by group, the shortage at the baseline wage and the remaining gap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.calendar import WORKING_DAYS_A_MONTH
from sim.engine.panel import Panel, measure_named
from sim.engine.worker_columns import Array
from sim.paired import PairedBranches
from sim.scenario import Scenario


def by_group_trade(panel: Panel, name: str) -> Array:
    """One measure by group and trade: f8[T, G, K]."""
    return panel.of(measure_named(name))


def by_group(panel: Panel, name: str) -> Array:
    """One measure by group: f8[T, G]."""
    return panel.of(measure_named(name))


def by_paper(panel: Panel, name: str) -> Array:
    """One measure by group and paper: f8[T, G, 4]."""
    return panel.of(measure_named(name))


def by_trade(panel: Panel, name: str) -> Array:
    """One measure by trade: f8[T, K]."""
    return panel.of(measure_named(name))


def market(panel: Panel, name: str) -> Array:
    """One measure of the whole market: f8[T]."""
    return panel.of(measure_named(name))


def heads(panel: Panel) -> Array:
    """Employed heads of the market: f8[T]."""
    return by_group_trade(panel, "heads_employed").sum(axis=(1, 2))


def hires(panel: Panel) -> Array:
    """Hires of the market, moves from job to job included: f8[T]."""
    return by_group_trade(panel, "hires").sum(axis=(1, 2))


def vacancy_rate(panel: Panel) -> Array:
    """V / (V + N), V the mean of the four week-ends: f8[T]."""
    vacancies = by_trade(panel, "vacancy_stock").sum(axis=1)
    return np.asarray(vacancies / (vacancies + heads(panel)))


def hires_per_head(panel: Panel) -> Array:
    """Hires of the month per employed worker: f8[T]."""
    return hires(panel) / heads(panel)


def vacancy_days(panel: Panel) -> Array:
    """Working days a vacancy stays open: 21 x stock / hires: f8[T]."""
    return (
        WORKING_DAYS_A_MONTH
        * by_trade(panel, "vacancy_stock").sum(axis=1)
        / np.maximum(hires(panel), 1.0)
    )


def job_to_job_share(panel: Panel) -> Array:
    """Moves from firm to firm as a share of hires: f8[T]."""
    return by_group_trade(panel, "job_to_job_moves").sum(axis=(1, 2)) / np.maximum(
        hires(panel), 1.0
    )


def drift_percent_a_year(panel: Panel) -> float:
    """Trend growth of employed heads, percent a year: log heads regressed on the month."""
    months = np.arange(heads(panel).size)
    return float(1200.0 * np.polyfit(months, np.log(heads(panel)), 1)[0])


def labour(panel: Panel) -> Array:
    """Effective labour by trade in standard workers: f8[T, K]."""
    return np.asarray(by_group_trade(panel, "effective_labour").sum(axis=1))


def group_heads(panel: Panel, scenario: Scenario, group: str) -> Array:
    """Employed heads of one nationality: f8[T]."""
    return by_group_trade(panel, "heads_employed")[:, list(scenario.population).index(group)].sum(
        axis=1
    )


@dataclass(frozen=True, eq=False)
class Shortage:
    """Standard workers short of the baseline, month by month.

    Split into those that vacancies still seek and those that no vacancy seeks.
    """

    missing: Array
    idled: Array
    percent: Array


def shortage(baseline: Panel, other: Panel) -> Shortage:
    """Labour by trade that `other` lacks: S_k = max(0, E_k(baseline) - E_k(other)).

    The shortfall at the baseline wage if `other` is policy_at_baseline_wages, the remaining gap if
    it is policy.
    """
    gap = np.maximum(0.0, labour(baseline) - labour(other))
    sought, usual = by_trade(other, "vacancy_stock"), by_trade(baseline, "vacancy_stock")
    share = np.where(usual > 0.0, np.minimum(sought, usual) / np.maximum(usual, 1e-300), 1.0)
    missing = (share * gap).sum(axis=1)
    idled = ((1.0 - share) * gap).sum(axis=1)
    return Shortage(missing, idled, 100.0 * missing / labour(baseline).sum(axis=1))


def output_percent(runs: PairedBranches) -> Array:
    """Output of the policy run in percent of the baseline's: f8[T]."""
    return np.asarray(100.0 * market(runs.policy, "output") / market(runs.baseline, "output"))
