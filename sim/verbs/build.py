"""Verb 9: output, cancelled orders, order book, work in progress, completions, technology."""

from __future__ import annotations

from sim.engine.compiling import part
from sim.engine.elementary import exp
from sim.engine.kernels import state_kernel
from sim.engine.state import State
from sim.firms.demand import order_book_left, orders_cancelled
from sim.firms.production import next_log_labour_per_unit, output_built
from sim.firms.sites import share_of_sites_open
from sim.firms.technology import (
    adoption_pays,
    next_log_labour_by_vacancies,
    next_log_labour_in_steps,
)
from sim.structure import ProductionTeams, Technology
from sim.verbs.plan_hiring import measure_composite_labour
from sim.verbs.set_wages import mean_unfilled_share


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
        firm.output = output_built(
            labour_on_open_sites(state, j), firm.labour_per_unit, firm.target, orders_there
        )
        firm.backlog = order_book_left(firm.backlog, firm.orders, firm.output, firm.cancelled)


@part
def labour_on_open_sites(state: State, j: int) -> float:
    """Composite labour of a firm that is on sites that work: all of it where none ever shuts."""
    parameters, firm = state.parameters[0], state.firms[j]
    needed = firm.labour_per_unit * min(firm.target, firm.normal_output)
    if state.structure[0].production != ProductionTeams.SITES or needed <= 0.0:
        return float(firm.composite)
    return float(firm.composite) * share_of_sites_open(
        firm.composite / needed, parameters.site_least_coverage, parameters.site_coverage_spread
    )


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
    """Adjust each firm's labour per unit of output, by the rule in force."""
    rule = state.structure[0].technology
    if rule == Technology.VACANCIES:
        save_labour_by_vacancies(state)
    elif rule == Technology.STEPS:
        buy_machines(state)
    else:
        save_labour_by_its_value(state)
    for j in range(state.firms.size):
        state.firms[j].labour_per_unit = exp(state.firms[j].log_labour_per_unit)


@part
def save_labour_by_its_value(state: State) -> None:
    """Let technology follow the value of labour."""
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


@part
def save_labour_by_vacancies(state: State) -> None:
    """Let technology follow vacancies left unfilled above the normal, once that is known."""
    parameters, trades = state.parameters[0], state.trades.size
    for j in range(state.firms.size):
        firm, excess = state.firms[j], 0.0
        if state.now[0].wages_free:
            for k in range(trades):
                trade = state.trades[k]
                unfilled = mean_unfilled_share(state, j * trades + k)
                excess += trade.weight * (unfilled - trade.normal_unfilled_share)
        firm.log_labour_per_unit = next_log_labour_by_vacancies(
            firm.log_labour_per_unit,
            excess,
            parameters.vacancy_technology_response,
            parameters.technology_adjustment_months,
        )


@part
def buy_machines(state: State) -> None:
    """Let firms buy a machine for which its saving of labour now pays."""
    parameters, mean_output = state.parameters[0], 0.0
    saving, payback, cost = (
        parameters.machine_saving_share,
        parameters.machine_payback_months,
        parameters.machine_cost_months,
    )
    for j in range(state.firms.size):
        mean_output += state.firms[j].normal_output / state.firms.size
    for j in range(state.firms.size):
        firm = state.firms[j]
        size = firm.normal_output / mean_output
        value = exp(firm.log_labour_value - firm.log_cost) * firm.labour_per_unit
        firm.log_labour_per_unit = next_log_labour_in_steps(
            firm.log_labour_per_unit,
            adoption_pays(value, size, saving, payback, cost),
            adoption_pays(1.0, size, saving, payback, cost),
            saving,
        )
