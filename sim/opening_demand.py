"""Orders at unchanged prices, month by month, where shocks and seasons move them.

They are drawn before the first month, as all branches of a replicate share them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.calendar import calendar_month
from sim.engine.draws import MARKET_SPACE, Decision, normal, slot, stream, uniform
from sim.engine.elementary import exp
from sim.engine.worker_columns import BURN_IN_MONTHS, Array
from sim.firms.demand import next_log_demand, season_factor
from sim.scenario import Scenario
from sim.structure import DemandPath, is_in_force

PEAK_MONTH_OF_YEAR = 9
"""October: the work of Russian builders peaks in the last quarter (sim/evidence/facts.yaml)."""


def moved_order_index(order_index: Array, scenario: Scenario, key: int) -> Array:
    """The order index f8[T], burn-in first, times shocks and seasons if that rule is in force.

    key: of the replicate. Like all dated inputs, both begin with month 0.
    """
    if not is_in_force(scenario.structure, DemandPath.SHOCKS):
        return order_index
    moved = np.array(order_index)
    moved[BURN_IN_MONTHS:] *= np.fromiter(monthly_factors(scenario, key), np.float64)
    return moved


def monthly_factors(scenario: Scenario, key: int) -> Iterator[float]:
    """What shocks and seasons make of orders in each month from month 0 on."""
    demand, log_demand, own = scenario.market.demand, 0.0, slot(MARKET_SPACE, 0)
    for month in range(scenario.months):
        season = season_factor(
            calendar_month(month, scenario.start) - 1, PEAK_MONTH_OF_YEAR, demand.season_amplitude
        )
        yield exp(log_demand) * season
        first, second = (
            uniform(stream(key, decision, month), own)
            for decision in (Decision.DEMAND_SHOCK, Decision.DEMAND_SHOCK_ANGLE)
        )
        log_demand = next_log_demand(
            log_demand, demand.shock_persistence, demand.shock_sd, normal(first, second)
        )
