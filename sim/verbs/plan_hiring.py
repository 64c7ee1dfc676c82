"""Verb 5: firms plan output, the labour it takes in each trade, and vacancies to open."""

from __future__ import annotations

import numpy as np

from sim.engine.compiling import allocating_part, part
from sim.engine.draws import FIRM_SPACE, Decision, rounded_at_random, slot, uniform
from sim.engine.elementary import exp, log
from sim.engine.kernels import state_kernel
from sim.engine.state import State
from sim.engine.worker_columns import Array
from sim.firms.demand import (
    labour_demand_scale,
    notional_labour,
    output_target,
    planned_labour,
    vacancies_to_open,
)
from sim.firms.production import (
    LEAST_LABOUR,
    composite_term,
    demand_factor,
    labour_power,
    labour_value,
    log_composite_labour,
    log_labour_used,
)
from sim.firms.sites import labour_in_teams
from sim.structure import ProductionTeams


@state_kernel
def plan_hiring(state: State) -> None:
    """Set target, value of labour, planned labour and vacancies of every firm."""
    measure_composite_labour(state)
    set_targets(state)
    plan_labour(state)
    open_vacancies(state)


@allocating_part
def measure_composite_labour(state: State) -> None:
    """Set composite labour H of every firm from the workers it has now."""
    sigma = state.parameters[0].trade_substitution_elasticity
    powers = np.empty(state.cells.size)
    for cell in range(state.cells.size):
        at = state.cells[cell]
        at.log_labour = log_labour_used(at.efficiency)
        powers[cell] = labour_power(at.log_labour, sigma)
    if state.structure[0].production == ProductionTeams.TEAMS:
        count_labour_in_teams(state, powers)
    sums = sum_composite_terms(state, powers)
    for j in range(state.firms.size):
        firm = state.firms[j]
        firm.log_composite = log_composite_labour(sums[j], sigma)
        firm.composite = exp(firm.log_composite)


@part
def count_labour_in_teams(state: State, powers: Array) -> None:
    """Put what is at work of each trade, in teams and outside them, in place of all its labour."""
    parameters, trades = state.parameters[0], state.trades.size
    for j in range(state.firms.size):
        teams = np.inf
        for k in range(trades):
            labour = state.cells[j * trades + k].efficiency / 1000.0
            teams = min(teams, labour / state.trades[k].weight)
        for k in range(trades):
            at_work = labour_in_teams(
                state.cells[j * trades + k].efficiency / 1000.0,
                state.trades[k].weight,
                teams,
                parameters.use_outside_teams,
            )
            powers[j * trades + k] = labour_power(
                log(max(at_work, LEAST_LABOUR)), parameters.trade_substitution_elasticity
            )


@allocating_part
def sum_composite_terms(state: State, powers: Array) -> Array:
    """Sum over trades of the terms of each firm's composite labour: f8[J].

    powers: effective labour of every cell, as it enters the composite.
    """
    sums = np.zeros(state.firms.size)
    for j in range(state.firms.size):
        for k in range(state.trades.size):
            sums[j] += composite_term(
                state.trades[k].weight_root, powers[j * state.trades.size + k]
            )
    return sums


@part
def set_targets(state: State) -> None:
    """Set each firm's output target and the value of one more unit of labour to it."""
    parameters = state.parameters[0]
    months, largest, share = (
        parameters.backlog_adjustment_months,
        parameters.capacity_over_normal,
        parameters.labour_share,
    )
    for j in range(state.firms.size):
        firm = state.firms[j]
        firm.target = output_target(
            firm.orders, firm.backlog, firm.normal_backlog, months, largest * firm.normal_output
        )
        firm.labour_value = labour_value(
            firm.price, firm.cost, share, exp(firm.log_labour_cost), firm.labour_per_unit
        )
        firm.log_labour_value = log(firm.labour_value)


@allocating_part
def plan_labour(state: State) -> None:
    """Set planned labour in every trade of every firm."""
    parameters = state.parameters[0]
    sigma, reach_share = parameters.trade_substitution_elasticity, parameters.reach_share
    demand_scale, value_factor = np.empty(state.firms.size), np.empty(state.firms.size)
    for j in range(state.firms.size):
        firm = state.firms[j]
        demand_scale[j] = labour_demand_scale(
            firm.labour_per_unit, firm.target, firm.log_wage_index, sigma
        )
        # v^sigma is the demand factor (w^-sigma) of a wage of 1/v.
        value_factor[j] = demand_factor(-firm.log_labour_value, sigma)
    for j in range(state.firms.size):
        for k in range(state.trades.size):
            at, weight = state.cells[j * state.trades.size + k], state.trades[k].weight
            notional = notional_labour(weight, demand_scale[j], at.demand_factor)
            balanced = weight * state.firms[j].composite
            at.planned_labour = planned_labour(
                notional, balanced, value_factor[j], at.demand_factor, reach_share
            )


@part
def open_vacancies(state: State) -> None:
    """Open vacancies for the gap between planned and present labour, and count them by trade.

    Last month's count is kept: newcomers choose their trade by it.
    """
    key = state.keys[Decision.VACANCY_ROUNDING]
    for cell in range(state.cells.size):
        at = state.cells[cell]
        gap = vacancies_to_open(at.planned_labour, at.efficiency / 1000.0)
        at.opened = at.vacancies = rounded_at_random(gap, uniform(key, slot(FIRM_SPACE, cell)))
    for k in range(state.trades.size):
        trade = state.trades[k]
        trade.opened_last = trade.opened
        trade.opened = 0
        for cell in range(k, state.cells.size, state.trades.size):
            trade.opened += state.cells[cell].opened
