"""Verb 9: output, cancelled orders, order book, work in progress, completions, technology."""

from __future__ import annotations

from sim.engine.compiling import part
from sim.engine.elementary import exp
from sim.engine.kernels import state_kernel
from sim.engine.state import State
from sim.firms.demand import order_book_left, orders_cancelled
from sim.firms.production import next_log_labour_per_unit, output_built
from sim.verbs.plan_hiring import measure_composite_labour


@state_kernel
def build(state: State) -> None:
    """Build with the workers of the month end; complete what was built `pipeline_months` ago."""
    measure_composite_labour(state)
    work_off_orders(state)
    complete_work(state)
    adopt_technology(state)


@part
def work_off_orders(state: State) -> None:
    """Set output and cancelled orders of every firm, and the order book that is left."""
    parameters = state.parameters[0]
    limit_months, cancellation_rate = parameters.backlog_limit_months, parameters.cancellation_rate
    for j in range(state.firms.size):
        firm = state.firms[j]
        firm.cancelled = orders_cancelled(
            firm.backlog, limit_months * firm.normal_output, cancellation_rate
        )
        orders_there = firm.backlog + firm.orders - firm.cancelled
        firm.output = output_built(firm.composite, firm.labour_per_unit, firm.target, orders_there)
        firm.backlog = order_book_left(firm.backlog, firm.orders, firm.output, firm.cancelled)


@part
def complete_work(state: State) -> None:
    """Complete what was built `pipeline_months` ago; the month's output takes its place."""
    # Months of the burn-in are negative; adding 1024 keeps the index positive.
    under_way = state.pipeline[(state.now[0].month + 1024) % state.pipeline.shape[0]]
    for j in range(state.firms.size):
        state.firms[j].completions = under_way[j]
        under_way[j] = state.firms[j].output


@part
def adopt_technology(state: State) -> None:
    """Adjust each firm's labour per unit of output to the value of labour."""
    parameters = state.parameters[0]
    elasticity, months = (
        parameters.capital_labour_elasticity,
        parameters.technology_adjustment_months,
    )
    for j in range(state.firms.size):
        firm = state.firms[j]
        log_h, log_value, log_cost = firm.log_labour_per_unit, firm.log_labour_value, firm.log_cost
        firm.log_labour_per_unit = next_log_labour_per_unit(
            log_h, log_value, log_cost, elasticity, months
        )
        firm.labour_per_unit = exp(firm.log_labour_per_unit)
