"""Verb 5: how much to build, how many hands that takes in each trade, how many vacancies to open."""

from __future__ import annotations

import math

from sim.compiled import part
from sim.compiled_state import sweep
from sim.draws import FIRM_SPACE, Decision, rounded_at_random, slot, uniform
from sim.firms.demand import notional_labour, output_target, planned_labour, vacancies_wanted
from sim.firms.production import composite_labour, composite_term, labour_used, labour_value
from sim.state import State


@part
def composite(state: State, j: int) -> float:
    """H of one firm from the hands it has now."""
    sigma = state.parameters[0].trade_substitution_elasticity
    trades = state.trades.size
    terms = 0.0
    for k in range(trades):
        terms += composite_term(state.trades[k].weight_root, labour_used(state.cells[j * trades + k].efficiency), sigma)
    return composite_labour(terms, sigma)


@sweep
def plan_hiring(state: State) -> None:
    """Target, scarcity value, plan and vacancies of every firm; opened vacancies by trade."""
    for k in range(state.trades.size):
        state.trades[k].opened_last = state.trades[k].opened
        state.trades[k].opened = 0
    for j in range(state.firms.size):
        aim(state, j)
        for k in range(state.trades.size):
            open_vacancies(state, j, k)


@part
def aim(state: State, j: int) -> None:
    """Output target and value of labour of one firm."""
    parameters = state.parameters[0]
    firm = state.firms[j]
    capacity = parameters.capacity_over_normal * firm.normal_output
    firm.target = output_target(firm.orders, firm.backlog, firm.normal_backlog, parameters.backlog_adjustment_months, capacity)
    firm.composite = composite(state, j)
    per_unit = math.exp(firm.log_labour_per_unit)
    firm.labour_value = labour_value(firm.price, firm.cost, parameters.labour_share, firm.wage_index, per_unit)


@part
def open_vacancies(state: State, j: int, k: int) -> None:
    """Plan of one trade in one firm and its vacancies."""
    parameters = state.parameters[0]
    firm = state.firms[j]
    cell = j * state.trades.size + k
    at = state.cells[cell]
    sigma = parameters.trade_substitution_elasticity
    weight = state.trades[k].weight
    notional = notional_labour(weight, math.exp(firm.log_labour_per_unit), firm.target, at.wage / firm.wage_index, sigma)
    at.planned_labour = planned_labour(notional, weight * firm.composite, firm.labour_value, at.wage, sigma, parameters.reach_share)
    gap = vacancies_wanted(at.planned_labour, at.efficiency / 1000.0)
    at.opened = rounded_at_random(gap, uniform(state.keys[Decision.VACANCY_ROUNDING], slot(FIRM_SPACE, cell)))
    at.vacancies = at.opened
    state.trades[k].opened += at.opened
