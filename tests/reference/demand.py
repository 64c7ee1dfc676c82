"""Orders at unchanged prices of the month, under the rule in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.calendar import date_of
from sim.engine.draws import MARKET_SPACE, Decision, normal, slot, stream, uniform
from sim.engine.elementary import exp
from sim.firms.demand import household_demand, next_log_demand, season_factor

if TYPE_CHECKING:
    from tests.reference.market import ReferenceMarket

OCTOBER = 9


def order_index_of_month(market: ReferenceMarket) -> float:
    """The dated index, with what the rule in force makes of it."""
    structure, numbers = market.specification.structure, market.specification.market.demand
    index = float(market.dated("order_index"))
    if structure.demand_path == "shocks" and market.month >= 0:
        index *= exp(log_demand(market)) * season_factor(
            date_of(market.month, market.specification.start).month - 1,
            OCTOBER,
            numbers.season_amplitude,
        )
    if structure.demand == "households":
        heads = sum(people.heads_inside for people in market.groups)
        index *= household_demand(heads, market.heads_normal, numbers.household_elasticity)
    return index


def log_demand(market: ReferenceMarket) -> float:
    """Aggregate demand of the month: the shocks of all months since month 0."""
    numbers, level = market.specification.market.demand, 0.0
    for month in range(market.month):
        draws = [
            uniform(stream(market.key, decision, month), slot(MARKET_SPACE, 0))
            for decision in (Decision.DEMAND_SHOCK, Decision.DEMAND_SHOCK_ANGLE)
        ]
        level = next_log_demand(level, numbers.shock_persistence, numbers.shock_sd, normal(*draws))
    return level
