"""The month's row of the panel, measured on objects and placed by the measures' names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sim.engine.panel import (
    ByGroup,
    ByGroupTrade,
    ByPaper,
    ByTrade,
    Fate,
    Flow,
    OfMarket,
    PanelMeasure,
)
from sim.engine.worker_columns import BURN_IN_MONTHS, PAPERS, Array

if TYPE_CHECKING:
    from tests.reference.firms import Trade
    from tests.reference.market import ReferenceMarket
    from tests.reference.people import People

Row = dict[PanelMeasure, float]
TINY = 1e-300


def total(values: Iterable[float]) -> float:
    """Sum by a plain loop, in the order given."""
    result = 0.0
    for value in values:
        result += value
    return result


def record(market: ReferenceMarket) -> None:
    """Write the month into the panel."""
    at, panel = market.month + BURN_IN_MONTHS, market.panel
    for people in market.groups:
        for trade in market.trades:
            row = panel.by_group_trade[at, :, people.number, trade.number]
            write(row, ByGroupTrade, of_group_and_trade(people, trade))
        write(panel.by_group[at, :, people.number], ByGroup, of_group(market, people))
        for paper in range(len(PAPERS)):
            write(panel.by_paper[at, :, people.number, paper], ByPaper, of_paper(people, paper))
    for trade in market.trades:
        write(
            panel.by_trade[at, :, trade.number],
            ByTrade,
            of_trade(trade, market.outside_pay / market.prices),
        )
    write(panel.market[at], OfMarket, of_firms(market) | of_money(market))


def write(row: Array, table: type[PanelMeasure], values: Row) -> None:
    """Put every measure of a table in its place. Raises KeyError if one has no value."""
    for measure in table:
        row[measure] = values[measure]


def counted(table: type[PanelMeasure], count: Callable[[Flow | Fate], int]) -> Row:
    """The measures of a table that add up counters."""
    return {
        measure: sum(count(counter) for counter in measure.counters)
        for measure in table
        if measure.counters
    }


def of_group_and_trade(people: People, trade: Trade) -> Row:
    """Heads, labour and flows."""
    return counted(ByGroupTrade, lambda flow: people.flows[flow, trade]) | {
        ByGroupTrade.HEADS_EMPLOYED: people.employed[trade],
        ByGroupTrade.HEADS_SEEKING: people.seeking[trade],
        ByGroupTrade.EFFECTIVE_LABOUR: sum(post.labour_of[people] for post in trade.posts) / 1000.0,
    }


def of_group(market: ReferenceMarket, people: People) -> Row:
    """Heads outside the market, pay, and what became of crew members."""
    repatriated, pay_usd = len(people.repatriated), people.pay_rub / market.rub_per_usd
    heads = max(people.employed.total(), 1)
    return counted(ByGroup, lambda fate: people.fates[fate]) | {
        ByGroup.HEADS_AWAY: len(people.members) - people.heads_inside - repatriated,
        ByGroup.HEADS_REPATRIATED: repatriated,
        ByGroup.PAY_RUB: people.pay_rub,
        ByGroup.PAY_USD: pay_usd,
        ByGroup.LEVY_USD: people.levy_usd,
        ByGroup.KEPT_USD: pay_usd - people.levy_usd,
        ByGroup.PAY_PER_HEAD_RUB: people.pay_rub / heads,
        ByGroup.PAY_PER_HEAD_REAL_RUB: people.pay_rub / heads / market.prices,
        ByGroup.PAY_PER_HEAD_USD: pay_usd / heads,
    }


def of_paper(people: People, paper: int) -> Row:
    """Employed heads and registrations; labour for crews alone, whose members are alike."""
    is_crew = people.kind.traits.is_crew
    labour = people.papers[paper] * people.efficiency / 1000.0 if is_crew else float("nan")
    return {
        ByPaper.HEADS_EMPLOYED_BY_PAPER: people.papers[paper],
        ByPaper.EFFECTIVE_LABOUR_BY_PAPER: labour,
        ByPaper.REGISTRATIONS: people.registrations[paper],
    }


def of_trade(trade: Trade, real_outside_pay: float) -> Row:
    """Vacancies, wage and plan."""
    heads = sum(post.heads for post in trade.posts)
    mean_wage = total(post.heads * post.wage for post in trade.posts) / max(heads, 1)
    return {
        ByTrade.VACANCIES_OPENED: trade.opened,
        ByTrade.VACANCY_STOCK: trade.vacancy_stock,
        ByTrade.VACANCIES_UNFILLED: trade.unfilled,
        ByTrade.WAGE_POSTED_REAL: mean_wage * real_outside_pay,
        ByTrade.PLANNED_LABOUR: total(post.planned_labour for post in trade.posts),
    }


def of_firms(market: ReferenceMarket) -> Row:
    """Sums over firms, and means weighted by output."""
    firms = market.firms
    output = total(firm.output for firm in firms)
    weight = max(output, TINY)
    return {
        OfMarket.ORDERS: total(firm.orders for firm in firms),
        OfMarket.OUTPUT: output,
        OfMarket.COMPLETIONS: total(firm.completions for firm in firms),
        OfMarket.BACKLOG: total(firm.backlog for firm in firms),
        OfMarket.CANCELLED: total(firm.cancelled for firm in firms),
        OfMarket.OUTPUT_TARGET: total(firm.target for firm in firms),
        OfMarket.OUTPUT_PRICE: total(firm.price * firm.output for firm in firms) / weight,
        OfMarket.LABOUR_VALUE: total(firm.labour_value * firm.output for firm in firms) / weight,
        OfMarket.LABOUR_PER_UNIT: total(firm.labour_per_unit * firm.output for firm in firms)
        / weight,
        OfMarket.COMPOSITE_LABOUR: total(firm.composite for firm in firms),
    }


def of_money(market: ReferenceMarket) -> Row:
    """The mean wage in every money, and what levers cost the public."""
    now, base = market.in_force, market.specification.market.wages.base_wage_rub
    residents = [people for people in market.groups if people.kind.traits.is_local]
    entered, trained = (
        sum(people.flows[flow, trade] for people in residents for trade in market.trades)
        for flow in (Flow.ENTERED, Flow.TRAINED)
    )
    fined = sum(people.fates[Fate.FINED] for people in market.groups)
    subsidised = [people for people in market.groups if not people.kind.traits.is_crew]
    subsidies = total(now["wage_subsidy_share"] * people.pay_rub for people in subsidised)
    real = market.mean_wage * (market.outside_pay / market.prices)
    nominal = real * base * market.prices
    return {
        OfMarket.WAGE_REAL: real,
        OfMarket.WAGE_REAL_RUB: real * base,
        OfMarket.WAGE_NOMINAL_RUB: nominal,
        OfMarket.WAGE_USD: nominal / market.rub_per_usd,
        OfMarket.CONSUMER_PRICES: market.prices,
        OfMarket.RUB_PER_USD: market.rub_per_usd,
        OfMarket.PUBLIC_COST_WAGE_SUBSIDY_RUB: subsidies,
        OfMarket.PUBLIC_COST_RELOCATION_GRANT_RUB: entered
        * now["relocation_grant_rub"]
        * market.prices,
        OfMarket.PUBLIC_REVENUE_EMPLOYER_FINE_RUB: fined * now["employer_fine_rub"] * market.prices,
        OfMarket.PUBLIC_COST_TRAINING_RUB: trained
        * now["training_cost_rub_per_place"]
        * market.prices,
    }
