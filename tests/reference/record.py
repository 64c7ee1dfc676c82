"""The month's row of the panel, measured on objects and placed by the measures' names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.engine.panel import BY_GROUP, BY_GROUP_TRADE, BY_PAPER, BY_TRADE, MARKET
from sim.engine.records import FATES
from sim.engine.worker_columns import BURN_IN_MONTHS, CONTRACT_CREW, PAPERS, RESIDENT

if TYPE_CHECKING:
    from tests.reference.firms import Trade
    from tests.reference.market import ReferenceMarket
    from tests.reference.people import People

Row = dict[str, float]
LEAVING = ("jobs_ended", "laid_off", "left_job", "stay_ended", "repatriated")
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
            write(
                panel.by_group_trade[at, :, people.number, trade.number],
                BY_GROUP_TRADE,
                of_group_and_trade(people, trade),
            )
        write(panel.by_group[at, :, people.number], BY_GROUP, of_group(market, people))
        for paper in range(len(PAPERS)):
            write(panel.by_paper[at, :, people.number, paper], BY_PAPER, of_paper(people, paper))
    for trade in market.trades:
        write(
            panel.by_trade[at, :, trade.number],
            BY_TRADE,
            of_trade(trade, market.outside_pay / market.prices),
        )
    write(panel.market[at], MARKET, of_firms(market) | of_money(market))


def write(row: object, names: Iterable[str], values: Row) -> None:
    """Put values where their names stand; a measure that is not given stays blank."""
    places = {name: place for place, name in enumerate(names)}
    for name, value in values.items():
        row[places[name]] = value


def of_group_and_trade(people: People, trade: Trade) -> Row:
    """Heads, labour and flows."""
    flow = {
        name: people.flows[name, trade]
        for name in (*LEAVING, "hired", "job_to_job", "dispatched", "entered", "gave_up", "trained")
    }
    return {
        "heads_employed": people.employed[trade],
        "heads_seeking": people.seeking[trade],
        "effective_labour": sum(post.labour_of[people] for post in trade.posts) / 1000.0,
        "hires": flow["hired"] + flow["job_to_job"] + flow["dispatched"],
        "separations": sum(flow[name] for name in LEAVING) + flow["job_to_job"],
        "quits": flow["left_job"] + flow["job_to_job"],
        "job_to_job_moves": flow["job_to_job"],
        "layoffs": flow["laid_off"],
        "jobs_ended": flow["jobs_ended"],
        "left_construction": flow["left_job"],
        "stays_ended": flow["stay_ended"],
        "repatriated": flow["repatriated"],
        "dispatched": flow["dispatched"],
        "entered": flow["entered"],
        "gave_up_seeking": flow["gave_up"],
        "trained": flow["trained"],
    }


def of_group(market: ReferenceMarket, people: People) -> Row:
    """Heads outside, pay and what happened to crews."""
    repatriated, pay_usd = len(people.repatriated), people.pay_rub / market.rub_per_usd
    heads = max(people.employed.total(), 1)
    return {
        "heads_away": len(people.members) - people.heads_inside - repatriated,
        "heads_repatriated": repatriated,
        "pay_rub": people.pay_rub,
        "pay_usd": pay_usd,
        "levy_usd": people.levy_usd,
        "kept_usd": pay_usd - people.levy_usd,
        "pay_per_head_rub": people.pay_rub / heads,
        "pay_per_head_real_rub": people.pay_rub / heads / market.prices,
        "pay_per_head_usd": pay_usd / heads,
    } | {f"crew_{fate}": people.fates[fate] for fate in FATES}


def of_paper(people: People, paper: int) -> Row:
    """Employed heads and registrations; labour by paper for crews, who share one efficiency."""
    row = {
        "heads_employed_by_paper": people.papers[paper],
        "registrations": people.registrations[paper],
    }
    if people.kind == CONTRACT_CREW:
        row["effective_labour_by_paper"] = people.papers[paper] * people.efficiency / 1000.0
    return row


def of_trade(trade: Trade, real_outside_pay: float) -> Row:
    """Vacancies, wage and plan."""
    heads = sum(post.heads for post in trade.posts)
    return {
        "vacancies_opened": trade.opened,
        "vacancy_stock": trade.vacancy_stock,
        "vacancies_unfilled": trade.unfilled,
        "wage_posted_real": total(post.heads * post.wage for post in trade.posts)
        / max(heads, 1)
        * real_outside_pay,
        "planned_labour": total(post.planned_labour for post in trade.posts),
    }


def of_firms(market: ReferenceMarket) -> Row:
    """Sums over firms, and means weighted by output."""
    firms = market.firms
    output = total(firm.output for firm in firms)
    return {
        "orders": total(firm.orders for firm in firms),
        "output": output,
        "completions": total(firm.completions for firm in firms),
        "backlog": total(firm.backlog for firm in firms),
        "cancelled": total(firm.cancelled for firm in firms),
        "output_target": total(firm.target for firm in firms),
        "output_price": total(firm.price * firm.output for firm in firms) / max(output, TINY),
        "labour_value": total(firm.labour_value * firm.output for firm in firms)
        / max(output, TINY),
        "labour_per_unit": total(firm.labour_per_unit * firm.output for firm in firms)
        / max(output, TINY),
        "composite_labour": total(firm.composite for firm in firms),
    }


def of_money(market: ReferenceMarket) -> Row:
    """The mean wage in every money, and what levers cost the public."""
    now, base = market.in_force, market.specification.market.wages.base_wage_rub
    residents = [people for people in market.groups if people.kind == RESIDENT]
    entered = sum(people.flows["entered", trade] for people in residents for trade in market.trades)
    trained = sum(people.flows["trained", trade] for people in residents for trade in market.trades)
    subsidised = [people for people in market.groups if people.kind != CONTRACT_CREW]
    real = market.mean_wage * (market.outside_pay / market.prices)
    nominal = real * base * market.prices
    return {
        "wage_real": real,
        "wage_real_rub": real * base,
        "wage_nominal_rub": nominal,
        "wage_usd": nominal / market.rub_per_usd,
        "consumer_prices": market.prices,
        "rub_per_usd": market.rub_per_usd,
        "public_cost_wage_subsidy_rub": total(
            now["subsidy_share"] * people.pay_rub for people in subsidised
        ),
        "public_cost_relocation_grant_rub": entered * now["grant_rub"] * market.prices,
        "public_cost_training_rub": trained * now["training_cost_rub"] * market.prices,
    }
