"""Elasticities that no rule states: how labour supply and demand answer a small permanent change of the wage, over time."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import cast

from sim.branches import BASELINE, POLICY_AT_BASELINE_WAGES
from sim.engine.panel import ByGroupTrade, ByTrade
from sim.engine.worker_columns import Array
from sim.measures.comparison import FullScaleBranch
from sim.model import LabourMarket
from sim.paired import after_burn_in, run_paired
from sim.scenario import Resident, Scenario

AFTER_MONTHS = (3, 12, 24, 70)
WAGE_CHANGE = 0.05
HIGHER_PAY = (
    "levers.wage_subsidy.share=0.05",
    "levers.wage_subsidy.from_date={start}",
    "population.russian.job_finding_elasticity=0",
)
"""Supply: the state pays 5 % on top, posted wages stay the baseline's (policy branch at baseline wages); at an unchanged chance of a job, whatever queue forms."""


@dataclass(frozen=True)
class RaisedWages:
    """Stands in for a baseline: its posted wages, raised by the same share everywhere."""

    baseline: LabourMarket
    log_change: float

    def wages_posted_in(self, month: int) -> Array:
        """Log wages to post: f8[C]."""
        return self.baseline.wages_posted_in(month) + self.log_change


def supply_elasticities(scenario: Scenario, replicate: int) -> dict[int, float]:
    """Residents in construction, seekers included, against the wage they see; the scenario has HIGHER_PAY and no policy."""
    pair = run_paired(scenario, replicate)
    inside = [
        residents_inside(FullScaleBranch(panel, scenario.market.scale), scenario)
        for panel in (pair.policy_at_baseline_wages, pair.baseline)
    ]
    return {months: elasticity(inside[0], inside[1], months) for months in AFTER_MONTHS}


def demand_elasticities(scenario: Scenario, replicate: int) -> dict[str, dict[int, float]]:
    """Hands planned, and labour employed, against what firms pay, raised in month 0; workers see the old wage (a payroll tax)."""
    baseline = LabourMarket(scenario, replicate)
    baseline.run_to(0)
    raised = baseline.fork(BASELINE).fork(POLICY_AT_BASELINE_WAGES, scenario, baseline)
    baseline.run_to_end()
    raised.posts_wages_of = cast(LabourMarket, RaisedWages(baseline, math.log1p(WAGE_CHANGE)))
    raised.in_force["subsidy_share"] = 1.0 / (1.0 + WAGE_CHANGE) - 1.0
    raised.run_to_end()
    runs = [
        FullScaleBranch(after_burn_in(run.panel), scenario.market.scale)
        for run in (raised, baseline)
    ]
    planned = [run.of(ByTrade.PLANNED_LABOUR).sum(axis=1) for run in runs]
    employed = [run.labour_by_trade().sum(axis=1) for run in runs]
    both = {"hands planned": planned, "labour employed": employed}
    return {
        name: {months: elasticity(values[0], values[1], months) for months in AFTER_MONTHS}
        for name, values in both.items()
    }


def residents_inside(run: FullScaleBranch, scenario: Scenario) -> Array:
    """Employed and seeking residents: f8[T]."""
    groups = [
        number
        for number, group in enumerate(scenario.population.values())
        if isinstance(group, Resident)
    ]
    everyone = run.of(ByGroupTrade.HEADS_EMPLOYED) + run.of(ByGroupTrade.HEADS_SEEKING)
    found: Array = everyone[:, groups].sum(axis=(1, 2))
    return found


def elasticity(changed: Array, unchanged: Array, months: int) -> float:
    """Log change over the log change of the wage, at the end of so many months."""
    return float(math.log(changed[months - 1] / unchanged[months - 1]) / math.log1p(WAGE_CHANGE))


def supply_overrides(start: dt.date) -> list[str]:
    """What raises the pay residents get and not what firms pay, at an unchanged chance of a job."""
    return [text.format(start=start.isoformat()) for text in HIGHER_PAY]
