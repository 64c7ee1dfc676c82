"""Verb 6: posted wages of the month, by firm and trade."""

from __future__ import annotations

import math

from sim.compiled import part
from sim.compiled_state import sweep
from sim.firms.production import demand_factor
from sim.firms.wages import log_value_of_one_more, next_log_wage, raise_over_outside_pay
from sim.market.matching import attraction
from sim.state import UNFILLED_WINDOW, State


@sweep
def set_wages(state: State) -> None:
    """Raise wages where vacancies stay unfilled (not in the first burn-in year), then take the krai's mean."""
    if state.now[0].wages_free:
        for cell in range(state.cells.size):
            post(state, cell, raised_log_wage(state, cell))
    take_mean_wage(state)


@sweep
def pin_wages(state: State) -> None:
    """The pinned run posts the twin's wages of the same month, firm and trade (state.given_log_wages)."""
    for cell in range(state.cells.size):
        post(state, cell, state.given_log_wages[cell])
    take_mean_wage(state)


@part
def raised_log_wage(state: State, cell: int) -> float:
    """Next log wage, over pay outside, of one trade in one firm."""
    parameters = state.parameters[0]
    now = state.now[0]
    at = state.cells[cell]
    firm = state.firms[cell // state.trades.size]
    trade = state.trades[cell % state.trades.size]
    unfilled = 0.0
    for month in range(UNFILLED_WINDOW):
        unfilled += state.unfilled[month, cell]
    unfilled /= UNFILLED_WINDOW
    growth = now.log_outside_pay_growth
    extra = raise_over_outside_pay(unfilled, trade.normal_unfilled_share, growth, parameters.wage_adjustment, parameters.largest_raise)
    balanced = trade.log_weight + firm.log_composite
    cap = log_value_of_one_more(firm.log_labour_value, balanced, at.log_labour, parameters.trade_substitution_elasticity)
    return next_log_wage(at.log_wage, extra, cap)


@part
def post(state: State, cell: int, log_wage: float) -> None:
    """Post a wage: what it is worth to applicants, and how much less the firm wants of a dear trade."""
    at = state.cells[cell]
    at.log_wage = log_wage
    at.wage = math.exp(log_wage)
    at.attraction = attraction(log_wage, state.parameters[0].wage_sensitivity)
    at.demand_factor = demand_factor(log_wage, state.parameters[0].trade_substitution_elasticity)


@part
def take_mean_wage(state: State) -> None:
    """Head-weighted mean posted wage of the krai: what residents, insiders and candidates look at."""
    total, heads = 0.0, 0
    for cell in range(state.cells.size):
        at = state.cells[cell]
        total += at.heads * at.wage
        heads += at.heads
    if heads > 0:
        state.now[0].mean_wage = total / heads
