"""Verb 4: firms set prices by cost and order book, and customers place orders by price."""

from __future__ import annotations

import numpy as np

from sim.engine.compiling import allocating_part, part
from sim.engine.elementary import exp
from sim.engine.kernels import state_kernel
from sim.engine.state import State
from sim.engine.worker_columns import Array
from sim.firms.demand import log_asking_price, orders_placed
from sim.firms.production import labour_cost_term, log_unit_cost, log_wage_index, wage_index_term


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
        firm.log_cost = log_unit_cost(
            labour_cost_term(firm.log_wage_index, share, elasticity), share, elasticity
        )


@part
def set_prices_and_orders(state: State) -> None:
    """Set each firm's price, and the orders placed at it."""
    parameters, order_index = state.parameters[0], state.now[0].order_index
    of_backlog, of_price = parameters.price_backlog_elasticity, parameters.demand_price_elasticity
    for j in range(state.firms.size):
        firm = state.firms[j]
        log_price = log_asking_price(firm.log_cost, firm.backlog, firm.normal_backlog, of_backlog)
        firm.orders = orders_placed(firm.normal_output, order_index, log_price, of_price)
        firm.cost, firm.price = exp(firm.log_cost), exp(log_price)
