"""Verb 11: write the month's row of the panel."""

from __future__ import annotations

from sim.engine.compiling import part
from sim.engine.kernels import state_kernel
from sim.engine.panel import (
    ByGroup,
    ByGroupTrade,
    ByPaper,
    ByTrade,
    Fate,
    Flow,
    OfMarket,
    counters_of,
    refuse_unwritten,
)
from sim.engine.state import State
from sim.engine.worker_columns import BURN_IN_MONTHS, EMPLOYED, SEEKING

COUNTED_BY_GROUP_TRADE = counters_of(ByGroupTrade)
COUNTED_BY_GROUP = counters_of(ByGroup)


@state_kernel
def record(state: State) -> None:
    """Write the month's measures, reset the month's counters and move on to the next month."""
    at = state.now[0].month + BURN_IN_MONTHS
    for group in range(state.groups.size):
        for k in range(state.trades.size):
            record_stocks_and_flows(state, at, group, k)
        record_pay(state, at, group)
        record_papers(state, at, group)
    for k in range(state.trades.size):
        record_trade(state, at, k)
    record_firms(state, at)
    record_wages(state, at)
    record_public_costs(state, at)
    state.flows[:] = 0
    state.fates[:] = 0
    state.registrations[:] = 0
    state.now[0].month += 1


@part
def record_stocks_and_flows(state: State, at: int, group: int, k: int) -> None:
    """Record heads, effective labour and flows of one group in one trade."""
    efficiency = 0
    for cell in range(k, state.cells.size, state.trades.size):
        efficiency += state.staff[cell, group].efficiency
    # The panel holds NaN where no month was recorded, and counters are added up in it.
    row = state.by_group_trade[at, :, group, k]
    row[:] = 0.0
    for i in range(COUNTED_BY_GROUP_TRADE.shape[0]):
        row[COUNTED_BY_GROUP_TRADE[i, 0]] += state.flows[group, k, COUNTED_BY_GROUP_TRADE[i, 1]]
    row[ByGroupTrade.HEADS_EMPLOYED] = state.stock[group, k, EMPLOYED]
    row[ByGroupTrade.HEADS_SEEKING] = state.stock[group, k, SEEKING]
    row[ByGroupTrade.EFFECTIVE_LABOUR] = efficiency / 1000.0


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
    """Heads outside the market, pay, levy, and what became of crew members."""
    here, of_month, now = state.groups[group], state.groups_now[group], state.now[0]
    employed, seeking = heads_inside(state, group)
    # Pay per head of a group without workers is 0 over 1, not a division by zero.
    heads = float(max(employed, 1))
    pay_usd = of_month.pay_rub / now.rub_per_usd
    row = state.by_group[at, :, group]
    row[:] = 0.0
    for i in range(COUNTED_BY_GROUP.shape[0]):
        row[COUNTED_BY_GROUP[i, 0]] += state.fates[group, COUNTED_BY_GROUP[i, 1]]
    inside = employed + seeking + of_month.repatriated
    row[ByGroup.HEADS_AWAY] = here.last - here.first - inside
    row[ByGroup.HEADS_REPATRIATED] = of_month.repatriated
    row[ByGroup.PAY_RUB] = of_month.pay_rub
    row[ByGroup.PAY_USD] = pay_usd
    row[ByGroup.LEVY_USD] = of_month.levy_usd
    row[ByGroup.KEPT_USD] = pay_usd - of_month.levy_usd
    row[ByGroup.PAY_PER_HEAD_RUB] = of_month.pay_rub / heads
    row[ByGroup.PAY_PER_HEAD_REAL_RUB] = of_month.pay_rub / heads / now.consumer_prices
    row[ByGroup.PAY_PER_HEAD_USD] = pay_usd / heads


@part
def record_papers(state: State, at: int, group: int) -> None:
    """Employed heads, effective labour (of crews, whose members are alike) and registrations."""
    here = state.groups[group]
    for paper in range(state.papers.shape[1]):
        row = state.by_paper[at, :, group, paper]
        row[ByPaper.HEADS_EMPLOYED_BY_PAPER] = state.papers[group, paper]
        if here.is_crew:
            labour = state.papers[group, paper] * here.efficiency / 1000.0
            row[ByPaper.EFFECTIVE_LABOUR_BY_PAPER] = labour
        row[ByPaper.REGISTRATIONS] = state.registrations[group, paper]


@part
def record_trade(state: State, at: int, k: int) -> None:
    """Vacancies, wage and plan of one trade."""
    heads, wages, planned = 0, 0.0, 0.0
    for cell in range(k, state.cells.size, state.trades.size):
        here = state.cells[cell]
        heads += here.heads
        wages += here.heads * here.wage
        planned += here.planned_labour
    row = state.by_trade[at, :, k]
    row[ByTrade.VACANCIES_OPENED] = state.trades[k].opened
    row[ByTrade.VACANCY_STOCK] = state.trades[k].vacancy_stock
    row[ByTrade.VACANCIES_UNFILLED] = state.trades[k].unfilled
    row[ByTrade.WAGE_POSTED_REAL] = wages / max(heads, 1) * real_outside_pay(state)
    row[ByTrade.PLANNED_LABOUR] = planned


@part
def real_outside_pay(state: State) -> float:
    """Pay outside in prices of `start`: what turns a wage over pay outside into a real wage."""
    return float(state.now[0].outside_pay / state.now[0].consumer_prices)


@part
def record_firms(state: State, at: int) -> None:
    """Sums over firms, and means weighted by output."""
    row = state.market[at]
    row[:] = 0.0
    for j in range(state.firms.size):
        firm = state.firms[j]
        row[OfMarket.ORDERS] += firm.orders
        row[OfMarket.OUTPUT] += firm.output
        row[OfMarket.COMPLETIONS] += firm.completions
        row[OfMarket.BACKLOG] += firm.backlog
        row[OfMarket.CANCELLED] += firm.cancelled
        row[OfMarket.OUTPUT_TARGET] += firm.target
        row[OfMarket.OUTPUT_PRICE] += firm.price * firm.output
        row[OfMarket.LABOUR_VALUE] += firm.labour_value * firm.output
        row[OfMarket.LABOUR_PER_UNIT] += firm.labour_per_unit * firm.output
        row[OfMarket.COMPOSITE_LABOUR] += firm.composite
    # Without any output the weighted sums are 0, and so are their means.
    output = max(row[OfMarket.OUTPUT], 1e-300)
    row[OfMarket.OUTPUT_PRICE] /= output
    row[OfMarket.LABOUR_VALUE] /= output
    row[OfMarket.LABOUR_PER_UNIT] /= output


@part
def record_wages(state: State, at: int) -> None:
    """The mean posted wage in every money, and the prices that turn one into the other."""
    now = state.now[0]
    row = state.market[at]
    row[OfMarket.WAGE_REAL] = now.mean_wage * real_outside_pay(state)
    row[OfMarket.WAGE_REAL_RUB] = row[OfMarket.WAGE_REAL] * state.parameters[0].base_wage_rub
    row[OfMarket.WAGE_NOMINAL_RUB] = row[OfMarket.WAGE_REAL_RUB] * now.consumer_prices
    row[OfMarket.WAGE_USD] = row[OfMarket.WAGE_NOMINAL_RUB] / now.rub_per_usd
    row[OfMarket.CONSUMER_PRICES] = now.consumer_prices
    row[OfMarket.RUB_PER_USD] = now.rub_per_usd


@part
def record_public_costs(state: State, at: int) -> None:
    """What the levers cost the public and bring it this month."""
    now = state.now[0]
    row = state.market[at]
    entered, trained, fined = 0, 0, 0
    for group in range(state.groups.size):
        fined += state.fates[group, Fate.FINED]
        if not state.groups[group].is_crew:
            subsidy = now.wage_subsidy_share * state.groups_now[group].pay_rub
            row[OfMarket.PUBLIC_COST_WAGE_SUBSIDY_RUB] += subsidy
        if state.groups[group].is_local:
            for k in range(state.trades.size):
                entered += state.flows[group, k, Flow.ENTERED]
                trained += state.flows[group, k, Flow.TRAINED]
    grants = entered * now.relocation_grant_rub * now.consumer_prices
    row[OfMarket.PUBLIC_COST_RELOCATION_GRANT_RUB] = grants
    training = trained * now.training_cost_rub_per_place * now.consumer_prices
    row[OfMarket.PUBLIC_COST_TRAINING_RUB] = training
    fines = fined * now.employer_fine_rub * now.consumer_prices
    row[OfMarket.PUBLIC_REVENUE_EMPLOYER_FINE_RUB] = fines


refuse_unwritten(ByGroupTrade, record_stocks_and_flows)
refuse_unwritten(ByGroup, record_pay)
refuse_unwritten(ByPaper, record_papers)
refuse_unwritten(ByTrade, record_trade)
refuse_unwritten(OfMarket, record_firms, record_wages, record_public_costs)
