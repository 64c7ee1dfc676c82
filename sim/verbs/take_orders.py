"""Verb 4: prices follow costs and order books, orders follow prices."""

from __future__ import annotations

from sim.compiled_state import sweep
from sim.firms.demand import orders_placed, price_asked
from sim.firms.production import unit_cost, wage_index, wage_index_term
from sim.state import State


@sweep
def take_orders(state: State) -> None:
    """Cost, price and orders of every firm at last month's wages and the opening backlog."""
    parameters = state.parameters[0]
    now = state.now[0]
    sigma = parameters.trade_substitution_elasticity
    trades = state.trades.size
    for j in range(state.firms.size):
        firm = state.firms[j]
        terms = 0.0
        for k in range(trades):
            terms += wage_index_term(state.trades[k].weight, state.cells[j * trades + k].wage, sigma)
        firm.wage_index = wage_index(terms, sigma)
        firm.cost = unit_cost(firm.wage_index, parameters.labour_share, parameters.capital_labour_elasticity)
        firm.price = price_asked(firm.cost, firm.backlog, firm.normal_backlog, parameters.price_backlog_elasticity)
        firm.orders = orders_placed(firm.normal_output, now.order_index, firm.price, parameters.demand_price_elasticity)
