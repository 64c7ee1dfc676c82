"""Verb 6: firms post the month's wage for each trade."""

from __future__ import annotations

from sim.engine.compiling import part
from sim.engine.elementary import exp
from sim.engine.kernels import state_kernel
from sim.engine.state import UNFILLED_WINDOW, State
from sim.firms.production import demand_factor
from sim.firms.wages import log_value_of_marginal_product, next_log_wage, raise_over_outside_pay
from sim.market.matching import attraction


@state_kernel
def set_wages(state: State) -> None:
    """Raise wages where vacancies stay unfilled, then take their mean.

    Wages are fixed in the first year of the burn-in, in which normal unfilled shares are measured.
    """
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
    now = state.now[0]
    cell = j * state.trades.size + k
    at, firm, trade = state.cells[cell], state.firms[j], state.trades[k]
    unfilled = 0.0
    for month in range(UNFILLED_WINDOW):
        unfilled += state.unfilled[month, cell]
    # A mean over months: with few vacancies a single month says little about scarcity.
    unfilled /= UNFILLED_WINDOW
    growth = now.log_outside_pay_growth
    raise_over_pay = raise_over_outside_pay(
        unfilled,
        trade.normal_unfilled_share,
        growth,
        parameters.wage_adjustment,
        parameters.largest_raise,
    )
    balanced = trade.log_weight + firm.log_composite
    cap = log_value_of_marginal_product(
        firm.log_labour_value, balanced, at.log_labour, parameters.trade_substitution_elasticity
    )
    return next_log_wage(at.log_wage, raise_over_pay, cap)


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
