"""Verb 4: firms set prices by cost and order book, and customers place orders by price."""

from __future__ import annotations

import numpy as np

from sim.engine.compiling import allocating_part, part
from sim.engine.elementary import exp, log
from sim.engine.kernels import state_kernel
from sim.engine.state import State
from sim.engine.worker_columns import EMPLOYED, SEEKING, Array
from sim.firms.crew_cost import crew_wage, labour_cost_over_wage
from sim.firms.demand import (
    demand_of_the_waiting,
    household_demand,
    log_asking_price,
    orders_placed,
)
from sim.firms.production import labour_cost_term, log_unit_cost, log_wage_index, wage_index_term
from sim.structure import CrewCost, Demand


@state_kernel
def take_orders(state: State) -> None:
    """Set cost, price and orders of every firm at last month's wages and the present order book."""
    update_unit_costs(state, sum_wage_index_terms(state))
    set_prices_and_orders(state)


@allocating_part
def sum_wage_index_terms(state: State) -> Array:
    """Sum over trades of the terms of each firm's wage index: f8[J]."""
    sums = np.zeros(state.firms.size)
    for j in range(state.firms.size):
        for k in range(state.trades.size):
            at = state.cells[j * state.trades.size + k]
            sums[j] += wage_index_term(state.trades[k].weight, at.wage, at.demand_factor)
    return sums


@part
def update_unit_costs(state: State, sums: Array) -> None:
    """Set each firm's wage index and unit cost."""
    parameters = state.parameters[0]
    sigma, share, elasticity = (
        parameters.trade_substitution_elasticity,
        parameters.labour_share,
        parameters.capital_labour_elasticity,
    )
    for j in range(state.firms.size):
        firm = state.firms[j]
        firm.log_wage_index = log_wage_index(sums[j], sigma)
        firm.log_labour_cost = firm.log_wage_index
        if state.structure[0].crew_cost == CrewCost.CONTRACT_PRICE:
            firm.log_labour_cost += log_crew_saving(state, j) - state.now[0].log_labour_cost_normal
        firm.log_cost = log_unit_cost(
            labour_cost_term(firm.log_labour_cost, share, elasticity), share, elasticity
        )


@part
def log_crew_saving(state: State, j: int) -> float:
    """Log cost of a firm's labour over its cost at posted wages, as crews cost their price."""
    labour, crew_labour, crew_cost, first = 0, 0, 0.0, j * state.trades.size
    for cell in range(first, first + state.trades.size):
        labour += state.cells[cell].efficiency
    for group in range(state.groups.size):
        if state.groups[group].is_crew:
            of_group = 0
            for cell in range(first, first + state.trades.size):
                of_group += state.staff[cell, group].efficiency
            crew_labour += of_group
            crew_cost += of_group * wage_of_crew(state, group)
    if crew_labour == 0:
        return 0.0
    return log(
        labour_cost_over_wage(
            crew_labour / labour, crew_cost / crew_labour, exp(state.firms[j].log_wage_index)
        )
    )


@part
def wage_of_crew(state: State, group: int) -> float:
    """What a crew's standard worker costs this month, as a posted wage that costs as much."""
    parameters, now, crew = state.parameters[0], state.now[0], state.groups[group]
    return crew_wage(
        crew.contract_price_usd * now.rub_per_usd,
        crew.efficiency / 1000.0,
        parameters.base_wage_rub,
        now.outside_pay,
        parameters.on_cost_share,
    )


@part
def set_prices_and_orders(state: State) -> None:
    """Set each firm's price, and the orders placed at it."""
    parameters, order_index = state.parameters[0], state.now[0].order_index
    rule = state.structure[0].demand
    if rule == Demand.HOUSEHOLDS:
        order_index *= household_demand(
            heads_in_construction(state),
            state.now[0].heads_normal,
            parameters.household_elasticity,
        )
    of_backlog, of_price = parameters.price_backlog_elasticity, parameters.demand_price_elasticity
    for j in range(state.firms.size):
        firm = state.firms[j]
        log_price = log_asking_price(firm.log_cost, firm.backlog, firm.normal_backlog, of_backlog)
        firm.orders = orders_placed(firm.normal_output, order_index, log_price, of_price)
        if rule == Demand.WAITING:
            firm.orders *= demand_of_the_waiting(
                firm.backlog, firm.normal_backlog, parameters.waiting_elasticity
            )
        firm.cost, firm.price = exp(firm.log_cost), exp(log_price)


@part
def heads_in_construction(state: State) -> int:
    """Heads employed or seeking, of all groups."""
    heads = 0
    for group in range(state.groups.size):
        for k in range(state.trades.size):
            heads += state.stock[group, k, SEEKING] + state.stock[group, k, EMPLOYED]
    return heads
