"""Wages: the posted wage in every money and against the baseline, and what migrants compare."""

from __future__ import annotations

import numpy as np

from sim.engine.panel import ByGroup, ByTrade, OfMarket
from sim.engine.worker_columns import Array
from sim.measures.comparison import Comparison, computed_once, ratio
from sim.measures.measure import PAIRED, Measure, TotalAndTrades
from sim.scenario import TemporaryMigrant


def wage_real_rub(branches: Comparison) -> TotalAndTrades:
    """Mean posted wage in prices of `start`."""
    base = branches.scenario.market.wages.base_wage_rub
    return TotalAndTrades(
        branches.policy.of(OfMarket.WAGE_REAL_RUB),
        base * branches.policy.of(ByTrade.WAGE_POSTED_REAL),
    )


def wage_drift_percent(branches: Comparison) -> Array:
    """Mean posted wage over the baseline's: f8[T]."""
    wage, wage_baseline = (
        branch.of(OfMarket.WAGE_REAL) for branch in (branches.policy, branches.baseline)
    )
    return 100.0 * (ratio(wage, wage_baseline) - 1.0)


def migrant(branches: Comparison, group: int) -> TemporaryMigrant:
    """A group of temporary migrants."""
    people = list(branches.scenario.population.values())[group]
    assert isinstance(people, TemporaryMigrant)
    return people


def pay_after_tax_rub(branches: Comparison, group: int) -> Array:
    """What a migrant keeps of pay and wage subsidy, after tax and permit fee: f8[T]."""
    pay, people = branches.policy.of(ByGroup.PAY_PER_HEAD_RUB)[:, group], migrant(branches, group)
    offered = pay * (1.0 + subsidy_share(branches))
    fee = people.permit_fee_rub_per_month * branches.dated("consumer_prices")
    kept: Array = np.minimum((1.0 - people.income_tax_share) * offered, offered - fee)
    return kept


def home_pay_rub(branches: Comparison, group: int) -> Array:
    """Pay at home that coming must beat, with the cost of the move: f8[T]."""
    home_pay: Array = branches.dated("home_pay_rub")[group]
    return (1.0 + migrant(branches, group).moving_cost_share) * home_pay


@computed_once
def subsidy_share(branches: Comparison) -> Array:
    """Wage subsidy in force, as a share of pay: f8[T]."""
    others = [i for i in range(len(branches.scenario.population)) if i not in branches.crews]
    pay = branches.policy.of(ByGroup.PAY_RUB)[:, others].sum(axis=1)
    return np.nan_to_num(ratio(branches.policy.of(OfMarket.PUBLIC_COST_WAGE_SUBSIDY_RUB), pay))


WAGES = {
    "wage_real_rub": Measure(
        "{money} a month, prices of start", "Mean posted wage", wage_real_rub, by_trade=True
    ),
    "wage_real_rub_baseline": Measure(
        "{money} a month, prices of start",
        "Mean posted wage without the expulsion",
        lambda branches: branches.baseline.of(OfMarket.WAGE_REAL_RUB),
        "baseline and policy branch at baseline wages",
    ),
    "wage_nominal_rub": Measure(
        "nominal {money} a month",
        "Mean posted wage, nominal",
        lambda branches: branches.policy.of(OfMarket.WAGE_NOMINAL_RUB),
    ),
    "wage_usd": Measure(
        "USD a month",
        "Mean posted wage in dollars",
        lambda branches: branches.policy.of(OfMarket.WAGE_USD),
    ),
    "wage_drift_percent": Measure(
        "percent", "Mean posted wage against the baseline's", wage_drift_percent, PAIRED
    ),
    "{migrant}_pay_after_tax_rub": Measure(
        "nominal {money} a month",
        "{Migrant} pay per head in {place} after tax, wage subsidy included",
        pay_after_tax_rub,
    ),
    "{migrant}_home_pay_rub": Measure(
        "nominal {money} a month",
        "{Migrant} pay at home plus the cost of the move",
        home_pay_rub,
        "dated input",
    ),
}
