"""Verb 6: firms post the month's wage for each trade."""

from __future__ import annotations

from sim.engine.compiling import part
from sim.engine.elementary import exp
from sim.engine.kernels import state_kernel
from sim.engine.state import UNFILLED_WINDOW, State
from sim.engine.worker_columns import EMPLOYED, SEEKING
from sim.firms.production import demand_factor
from sim.firms.wages import (
    contract_is_renewed,
    limited_raise,
    log_seeker_share,
    log_value_of_marginal_product,
    next_log_wage,
    raise_over_outside_pay,
    raise_to_shared_surplus,
    raise_to_wage_curve,
    two_way_raise,
)
from sim.market.matching import attraction
from sim.structure import WageSetting


@state_kernel
def set_wages(state: State) -> None:
    """Raise wages where vacancies stay unfilled, then take their mean.

    Wages are fixed in the first year of the burn-in, in which normal unfilled shares are measured.
    """
    measure_seekers(state)
    if state.now[0].wages_free:
        for j in range(state.firms.size):
            for k in range(state.trades.size):
                state.cells[j * state.trades.size + k].log_wage = raised_log_wage(state, j, k)
        post_wages(state)
    update_mean_wage(state)


@state_kernel
def post_baseline_wages(state: State) -> None:
    """Post the wages that the baseline posted in this month.

    This is what the policy branch at baseline wages does in place of setting its own.
    """
    for cell in range(state.cells.size):
        # Posted as they are: no rule of this branch may move them.
        state.cells[cell].log_wage = state.baseline_log_wages[cell]
    post_wages(state)
    update_mean_wage(state)


@part
def raised_log_wage(state: State, j: int, k: int) -> float:
    """Next log wage over pay outside of one trade (k) in one firm (j)."""
    parameters = state.parameters[0]
    at, firm, trade = state.cells[j * state.trades.size + k], state.firms[j], state.trades[k]
    balanced = trade.log_weight + firm.log_composite
    cap = log_value_of_marginal_product(
        firm.log_labour_value, balanced, at.log_labour, parameters.trade_substitution_elasticity
    )
    return next_log_wage(at.log_wage, month_s_raise(state, j, k), cap)


@part
def month_s_raise(state: State, j: int, k: int) -> float:
    """Log raise over pay outside of one trade (k) in one firm (j), by the rule in force."""
    parameters, now, rule = state.parameters[0], state.now[0], state.structure[0].wages
    cell = j * state.trades.size + k
    log_wage, growth = state.cells[cell].log_wage, now.log_outside_pay_growth
    largest, adjustment = parameters.largest_raise, parameters.wage_adjustment
    if rule == WageSetting.WAGE_CURVE:
        to_curve = raise_to_wage_curve(
            log_wage,
            now.log_seekers,
            now.log_seekers_normal,
            parameters.curve_elasticity,
            parameters.curve_adjustment_months,
        )
        return limited_raise(to_curve, growth, largest)
    if rule == WageSetting.BARGAINING:
        log_value = state.firms[j].log_labour_value
        shared = raise_to_shared_surplus(log_wage, log_value, parameters.rent_share)
        return limited_raise(shared, growth, largest)
    unfilled, normal = mean_unfilled_share(state, cell), state.trades[k].normal_unfilled_share
    if rule == WageSetting.TWO_WAY:
        return two_way_raise(unfilled, normal, adjustment, largest, parameters.downward_speed_share)
    if rule == WageSetting.STAGGERED:
        months = int(parameters.contract_months)
        if not contract_is_renewed(now.month, j, months):
            return 0.0
        # What the months of the contract would have brought, at once.
        adjustment, largest = months * adjustment, months * largest
    return raise_over_outside_pay(unfilled, normal, growth, adjustment, largest)


@part
def mean_unfilled_share(state: State, cell: int) -> float:
    """Mean of the last months: with few vacancies a single one says little about scarcity."""
    unfilled = 0.0
    for month in range(UNFILLED_WINDOW):
        unfilled += state.unfilled[month, cell]
    return unfilled / UNFILLED_WINDOW


@part
def measure_seekers(state: State) -> None:
    """Set the log share of seekers among all who are in construction on their own account."""
    seeking, employed = 0, 0
    for group in range(state.groups.size):
        if not state.groups[group].is_crew:
            for k in range(state.trades.size):
                seeking += state.stock[group, k, SEEKING]
                employed += state.stock[group, k, EMPLOYED]
    state.now[0].log_seekers = log_seeker_share(seeking, employed)


@part
def post_wages(state: State) -> None:
    """Post every wage, and set its attraction to applicants and its effect on labour demand."""
    sensitivity, sigma = (
        state.parameters[0].wage_sensitivity,
        state.parameters[0].trade_substitution_elasticity,
    )
    for cell in range(state.cells.size):
        at = state.cells[cell]
        at.wage = exp(at.log_wage)
        at.attraction = attraction(at.log_wage, sensitivity)
        at.demand_factor = demand_factor(at.log_wage, sigma)


@part
def update_mean_wage(state: State) -> None:
    """Set the mean posted wage, weighted by heads, that workers and candidates compare."""
    total, heads = 0.0, 0
    for cell in range(state.cells.size):
        at = state.cells[cell]
        total += at.heads * at.wage
        heads += at.heads
    if heads > 0:
        state.now[0].mean_wage = total / heads
