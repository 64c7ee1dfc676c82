"""Verb 5: how much to build, how many hands that takes in each trade, how many vacancies to open."""

from __future__ import annotations

import math

from sim.compiled import part
from sim.compiled_state import sweep
from sim.draws import FIRM_SPACE, Decision, rounded_at_random, slot, uniform
from sim.firms.demand import labour_wanted, notional_labour, output_target, planned_labour, vacancies_wanted
from sim.firms.production import composite_term, demand_factor, labour_value, log_composite_labour, log_labour_used
from sim.state import State


@part
def count_hands(state: State, j: int) -> None:
    """H of one firm from the hands it has now."""
    sigma = state.parameters[0].trade_substitution_elasticity
    trades = state.trades.size
    terms = 0.0
    for k in range(trades):
        at = state.cells[j * trades + k]
        at.log_labour = log_labour_used(at.efficiency)
        terms += composite_term(state.trades[k].weight_root, at.log_labour, sigma)
    firm = state.firms[j]
    firm.log_composite = log_composite_labour(terms, sigma)
    firm.composite = math.exp(firm.log_composite)


@sweep
def plan_hiring(state: State) -> None:
    """Target, scarcity value, plan and vacancies of every firm; opened vacancies by trade."""
    for k in range(state.trades.size):
        state.trades[k].opened_last = state.trades[k].opened
        state.trades[k].opened = 0
    for j in range(state.firms.size):
        aim(state, j)
        open_vacancies(state, j)


@part
def aim(state: State, j: int) -> None:
    """Output target and value of labour of one firm."""
    parameters = state.parameters[0]
    firm = state.firms[j]
    capacity = parameters.capacity_over_normal * firm.normal_output
    firm.target = output_target(firm.orders, firm.backlog, firm.normal_backlog, parameters.backlog_adjustment_months, capacity)
    count_hands(state, j)
    wage_index = math.exp(firm.log_wage_index)
    firm.labour_value = labour_value(firm.price, firm.cost, parameters.labour_share, wage_index, firm.labour_per_unit)
    firm.log_labour_value = math.log(firm.labour_value)


@part
def open_vacancies(state: State, j: int) -> None:
    """Plan of every trade in one firm and its vacancies."""
    parameters = state.parameters[0]
    firm = state.firms[j]
    sigma = parameters.trade_substitution_elasticity
    wanted = labour_wanted(firm.labour_per_unit, firm.target, firm.log_wage_index, sigma)
    worth_factor = demand_factor(-firm.log_labour_value, sigma)
    for k in range(state.trades.size):
        cell = j * state.trades.size + k
        at = state.cells[cell]
        weight = state.trades[k].weight
        notional = notional_labour(weight, wanted, at.demand_factor)
        at.planned_labour = planned_labour(notional, weight * firm.composite, worth_factor, at.demand_factor, parameters.reach_share)
        gap = vacancies_wanted(at.planned_labour, at.efficiency / 1000.0)
        opened = rounded_at_random(gap, uniform(state.keys[Decision.VACANCY_ROUNDING], slot(FIRM_SPACE, cell)))
        at.opened = at.vacancies = opened
        state.trades[k].opened += opened
