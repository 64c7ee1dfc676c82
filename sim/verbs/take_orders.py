"""Verb 4: prices follow costs and order books, orders follow prices."""

from __future__ import annotations

import math

from sim.compiled_state import sweep
from sim.firms.demand import log_price_asked, orders_placed
from sim.firms.production import log_unit_cost, log_wage_index, wage_index_term
from sim.state import State


@sweep
def take_orders(state: State) -> None:
    """Cost, price and orders of every firm at last month's wages and the opening backlog."""
    parameters = state.parameters[0]
    now = state.now[0]
    trades = state.trades.size
    for j in range(state.firms.size):
        firm = state.firms[j]
        terms = 0.0
        for k in range(trades):
            at = state.cells[j * trades + k]
            terms += wage_index_term(state.trades[k].weight, at.wage, at.demand_factor)
        firm.log_wage_index = log_wage_index(terms, parameters.trade_substitution_elasticity)
        firm.log_cost = log_unit_cost(firm.log_wage_index, parameters.labour_share, parameters.capital_labour_elasticity)
        log_price = log_price_asked(firm.log_cost, firm.backlog, firm.normal_backlog, parameters.price_backlog_elasticity)
        firm.orders = orders_placed(firm.normal_output, now.order_index, log_price, parameters.demand_price_elasticity)
        firm.cost, firm.price = math.exp(firm.log_cost), math.exp(log_price)
