"""Verb 11: the month's row of the panel."""

from __future__ import annotations

from sim.engine.compiling import part
from sim.engine.kernels import state_kernel
from sim.engine.records import (
    DISPATCHED,
    ENTERED,
    GAVE_UP,
    HIRED,
    JOB_TO_JOB,
    JOBS_ENDED,
    LAID_OFF,
    LEFT_JOB,
    REPATRIATIONS,
    STAY_ENDED,
    TRAINED,
)
from sim.engine.state import State
from sim.engine.worker_columns import BURN_IN_MONTHS, CONTRACT_CREW, EMPLOYED, RESIDENT, SEEKING


@state_kernel
def record(state: State) -> None:
    """Write the month's measures into its row of the panel, clear the month's counters and turn the calendar."""
    at = state.now[0].month + BURN_IN_MONTHS
    for group in range(state.groups.size):
        for k in range(state.trades.size):
            record_stocks_and_flows(state, at, group, k)
        record_pay(state, at, group)
        record_papers(state, at, group)
    for k in range(state.trades.size):
        record_trade(state, at, k)
    record_market(state, at)
    state.flows[:] = 0
    state.fates[:] = 0
    state.registrations[:] = 0
    state.now[0].month += 1


@part
def record_stocks_and_flows(state: State, at: int, group: int, k: int) -> None:
    """Heads, effective labour and flows of one group in one trade, in the order of BY_GROUP_TRADE."""
    efficiency = 0
    for cell in range(k, state.cells.size, state.trades.size):
        efficiency += state.staff[cell, group].efficiency
    flows = state.flows[group, k]
    lost = (
        flows[JOBS_ENDED]
        + flows[LAID_OFF]
        + flows[LEFT_JOB]
        + flows[STAY_ENDED]
        + flows[REPATRIATIONS]
    )
    row = state.by_group_trade[at, :, group, k]
    row[0] = state.stock[group, k, EMPLOYED]
    row[1] = state.stock[group, k, SEEKING]
    row[2] = efficiency / 1000.0
    row[3] = flows[HIRED] + flows[JOB_TO_JOB] + flows[DISPATCHED]
    row[4] = lost + flows[JOB_TO_JOB]
    row[5] = flows[LEFT_JOB] + flows[JOB_TO_JOB]
    row[6] = flows[JOB_TO_JOB]
    row[7] = flows[LAID_OFF]
    row[8] = flows[JOBS_ENDED]
    row[9] = flows[LEFT_JOB]
    row[10] = flows[STAY_ENDED]
    row[11] = flows[REPATRIATIONS]
    row[12] = flows[DISPATCHED]
    row[13] = flows[ENTERED]
    row[14] = flows[GAVE_UP]
    row[15] = flows[TRAINED]


@part
def heads_inside(state: State, group: int) -> tuple[int, int]:
    """Employed and seeking heads of a group."""
    employed, seeking = 0, 0
    for k in range(state.trades.size):
        employed += state.stock[group, k, EMPLOYED]
        seeking += state.stock[group, k, SEEKING]
    return employed, seeking


@part
def record_pay(state: State, at: int, group: int) -> None:
    """Heads outside, pay, levy and what happened to crews, in the order of BY_GROUP."""
    here, of_month, now = state.groups[group], state.groups_now[group], state.now[0]
    employed, seeking = heads_inside(state, group)
    levy_usd = of_month.levy_usd
    pay_usd = of_month.pay_rub / now.rub_per_usd
    row = state.by_group[at, :, group]
    row[0] = here.last - here.first - employed - seeking - of_month.repatriated
    row[1] = of_month.repatriated
    row[2] = of_month.pay_rub
    row[3] = pay_usd
    row[4] = levy_usd
    row[5] = pay_usd - levy_usd
    heads = float(max(employed, 1))
    row[6] = of_month.pay_rub / heads
    row[7] = of_month.pay_rub / heads / now.consumer_prices
    row[8] = pay_usd / heads
    for fate in range(state.fates.shape[1]):
        row[9 + fate] = state.fates[group, fate]


@part
def record_papers(state: State, at: int, group: int) -> None:
    """Employed heads, effective labour and registrations by paper, in the order of BY_PAPER; a crew has one efficiency."""
    here = state.groups[group]
    for paper in range(state.papers.shape[1]):
        state.by_paper[at, 0, group, paper] = state.papers[group, paper]
        if here.kind == CONTRACT_CREW:
            state.by_paper[at, 1, group, paper] = (
                state.papers[group, paper] * here.efficiency / 1000.0
            )
        state.by_paper[at, 2, group, paper] = state.registrations[group, paper]


@part
def record_trade(state: State, at: int, k: int) -> None:
    """Vacancies, wage and plan of one trade, in the order of BY_TRADE."""
    heads, wages, planned = 0, 0.0, 0.0
    for cell in range(k, state.cells.size, state.trades.size):
        here = state.cells[cell]
        heads += here.heads
        wages += here.heads * here.wage
        planned += here.planned_labour
    row = state.by_trade[at, :, k]
    row[0] = state.trades[k].opened
    row[1] = state.trades[k].vacancy_stock
    row[2] = state.trades[k].unfilled
    row[3] = wages / max(heads, 1) * real_outside_pay(state)
    row[4] = planned


@part
def real_outside_pay(state: State) -> float:
    """Pay outside in prices of `start`: what turns a wage over pay outside into a real wage."""
    return float(state.now[0].outside_pay / state.now[0].consumer_prices)


@part
def record_market(state: State, at: int) -> None:
    """Sums over firms, wages in every money, costs of levers, in the order of MARKET."""
    row = state.market[at]
    row[:] = 0.0
    for j in range(state.firms.size):
        firm = state.firms[j]
        row[0] += firm.orders
        row[1] += firm.output
        row[2] += firm.completions
        row[3] += firm.backlog
        row[4] += firm.cancelled
        row[5] += firm.target
        row[6] += firm.price * firm.output
        row[7] += firm.labour_value * firm.output
        row[8] += firm.labour_per_unit * firm.output
        row[9] += firm.composite
    for weighted in (6, 7, 8):
        row[weighted] /= max(row[1], 1e-300)
    record_money(state, at)


@part
def record_money(state: State, at: int) -> None:
    """The mean posted wage, prices, and what levers cost the public this month."""
    now, parameters = state.now[0], state.parameters[0]
    row = state.market[at]
    row[10] = now.mean_wage * real_outside_pay(state)
    row[11] = row[10] * parameters.base_wage_rub
    row[12] = row[11] * now.consumer_prices
    row[13] = row[12] / now.rub_per_usd
    row[14] = now.consumer_prices
    row[15] = now.rub_per_usd
    entered, trained = 0, 0
    for group in range(state.groups.size):
        if state.groups[group].kind != CONTRACT_CREW:
            row[16] += now.subsidy_share * state.groups_now[group].pay_rub
        if state.groups[group].kind == RESIDENT:
            for k in range(state.trades.size):
                entered += state.flows[group, k, ENTERED]
                trained += state.flows[group, k, TRAINED]
    row[17] = entered * now.grant_rub * now.consumer_prices
    row[18] = trained * now.training_cost_rub * now.consumer_prices
