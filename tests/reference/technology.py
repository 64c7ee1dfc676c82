"""Labour per unit of output of each firm, under the rule in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.engine.elementary import exp
from sim.firms.production import next_log_labour_per_unit
from sim.firms.technology import (
    adoption_pays,
    next_log_labour_by_vacancies,
    next_log_labour_in_steps,
)

if TYPE_CHECKING:
    from tests.reference.firms import Firm
    from tests.reference.market import ReferenceMarket


def adopt_technology(market: ReferenceMarket) -> None:
    """Move the technology of every firm."""
    rule = RULES[market.specification.structure.technology]
    for firm in market.firms:
        firm.log_labour_per_unit = rule(firm, market)
        firm.labour_per_unit = exp(firm.log_labour_per_unit)


def by_labour_value(firm: Firm, market: ReferenceMarket) -> float:
    """The shipped rule."""
    production = firm.parameters.production
    return next_log_labour_per_unit(
        firm.log_labour_per_unit,
        firm.log_labour_value,
        firm.log_cost,
        production.capital_labour_elasticity,
        production.technology_adjustment_months,
    )


def by_vacancies(firm: Firm, market: ReferenceMarket) -> float:
    """What stays unfilled above the normal, weighted by trade."""
    production, excess = firm.parameters.production, 0.0
    for post in firm.posts if market.wages_are_free else ():
        trade = post.trade
        excess += trade.weight * (post.mean_unfilled_share - trade.normal_unfilled_share)
    return next_log_labour_by_vacancies(
        firm.log_labour_per_unit,
        excess,
        production.vacancy_technology_response,
        production.technology_adjustment_months,
    )


def in_steps(firm: Firm, market: ReferenceMarket) -> float:
    """One machine, bought where it pays now and did not pay at rest."""
    production, mean_output = firm.parameters.production, 0.0
    for each in market.firms:
        mean_output += each.normal_output / len(market.firms)
    size = firm.normal_output / mean_output
    value = exp(firm.log_labour_value - firm.log_cost) * firm.labour_per_unit
    pays_now, pays_at_rest = (
        adoption_pays(
            worth,
            size,
            production.machine_saving_share,
            production.machine_payback_months,
            production.machine_cost_months,
        )
        for worth in (value, 1.0)
    )
    return next_log_labour_in_steps(
        firm.log_labour_per_unit, pays_now, pays_at_rest, production.machine_saving_share
    )


RULES: dict[str, Callable[[Firm, ReferenceMarket], float]] = {
    "labour_value": by_labour_value,
    "vacancies": by_vacancies,
    "steps": in_steps,
}
