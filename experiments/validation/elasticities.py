"""Elasticities that no rule states: how labour supply and demand answer a permanent wage change."""

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
    f"levers.wage_subsidy.share={WAGE_CHANGE}",
    "levers.wage_subsidy.from_date={start}",
    "population.russian.job_finding_elasticity=0",
)
"""Supply: the state pays 5 % on top of the wage.

Posted wages stay those of the baseline (policy branch at baseline wages), and so does the chance
of finding a job, however many more people look for one.
"""


@dataclass(frozen=True)
class RaisedWages:
    """Stands in for a baseline: its posted wages, raised by the same share everywhere."""

    baseline: LabourMarket
    log_change: float

    def wages_posted_in(self, month: int) -> Array:
        """Log wages to post: f8[C]."""
        return self.baseline.wages_posted_in(month) + self.log_change


def supply_elasticities(scenario: Scenario, replicate: int) -> dict[int, float]:
    """Residents in construction, seekers included, against the wage they see, by months after.

    The scenario has the `supply_overrides` and no policy.
    """
    pair = run_paired(scenario, replicate)
    raised, unchanged = (
        residents_in_construction(FullScaleBranch(panel, scenario.market.scale), scenario)
        for panel in (pair.policy_at_baseline_wages, pair.baseline)
    )
    return {months: elasticity(raised, unchanged, months) for months in AFTER_MONTHS}


def demand_elasticities(scenario: Scenario, replicate: int) -> dict[str, dict[int, float]]:
    """Labour planned and labour employed against what firms pay, by months after the change.

    Firms pay more from month 0 on, while workers see the old wage, as under a payroll tax.
    """
    baseline = LabourMarket(scenario, replicate)
    baseline.run_to(0)
    market = baseline.fork(BASELINE).fork(POLICY_AT_BASELINE_WAGES, scenario, baseline)
    baseline.run_to_end()
    # Of the market whose wages are posted, the model uses `wages_posted_in` alone.
    market.posts_wages_of = cast(LabourMarket, RaisedWages(baseline, math.log1p(WAGE_CHANGE)))
    # A negative subsidy takes the raise away again before workers see it.
    market.in_force["wage_subsidy_share"] = 1.0 / (1.0 + WAGE_CHANGE) - 1.0
    market.run_to_end()
    branches = [
        FullScaleBranch(after_burn_in(each.panel), scenario.market.scale)
        for each in (market, baseline)
    ]
    labour = {
        "labour planned": [branch.of(ByTrade.PLANNED_LABOUR).sum(axis=1) for branch in branches],
        "labour employed": [branch.labour_by_trade().sum(axis=1) for branch in branches],
    }
    return {
        name: {months: elasticity(raised, unchanged, months) for months in AFTER_MONTHS}
        for name, (raised, unchanged) in labour.items()
    }


def residents_in_construction(branch: FullScaleBranch, scenario: Scenario) -> Array:
    """Employed and seeking residents: f8[T]."""
    groups = [
        number
        for number, group in enumerate(scenario.population.values())
        if isinstance(group, Resident)
    ]
    everyone = branch.of(ByGroupTrade.HEADS_EMPLOYED) + branch.of(ByGroupTrade.HEADS_SEEKING)
    found: Array = everyone[:, groups].sum(axis=(1, 2))
    return found


def elasticity(changed: Array, unchanged: Array, months: int) -> float:
    """Log change over the log change of the wage, at the end of so many months."""
    return float(math.log(changed[months - 1] / unchanged[months - 1]) / math.log1p(WAGE_CHANGE))


def supply_overrides(start: dt.date) -> list[str]:
    """The overrides of HIGHER_PAY, in force from the start of the scenario."""
    return [text.format(start=start.isoformat()) for text in HIGHER_PAY]
