"""Trades, firms and their posts (a trade in a firm) as plain objects."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, deque
from itertools import accumulate
from typing import TYPE_CHECKING

from sim.engine.draws import FIRM_SPACE, Decision, rounded_at_random, slot, uniform
from sim.engine.elementary import exp, log
from sim.engine.panel import Flow
from sim.firms.crew_cost import crew_wage, labour_cost_over_wage
from sim.firms.demand import (
    demand_of_the_waiting,
    labour_demand_scale,
    layoff_probability,
    log_asking_price,
    notional_labour,
    order_book_left,
    orders_cancelled,
    orders_placed,
    output_target,
    planned_labour,
    vacancies_to_open,
)
from sim.firms.production import (
    LEAST_LABOUR,
    composite_term,
    demand_factor,
    labour_cost_term,
    labour_power,
    labour_value,
    log_composite_labour,
    log_labour_used,
    log_unit_cost,
    log_wage_index,
    output_built,
    wage_index_term,
)
from sim.firms.sites import labour_in_teams, share_of_sites_open
from sim.firms.wages import log_value_of_marginal_product, next_log_wage
from sim.market.matching import attraction
from sim.workers.incumbent import layoff_probability_after_notice, layoff_rank

if TYPE_CHECKING:
    from sim.scenario import Market
    from tests.reference.market import ReferenceMarket
    from tests.reference.people import People, Worker

WINDOW = 6


class Trade:
    """A trade of the market: its weight in output and the month's vacancies."""

    def __init__(self, number: int, weight: float, weight_root: float) -> None:
        self.number, self.weight, self.weight_root, self.log_weight = (
            number,
            weight,
            weight_root,
            log(weight),
        )
        self.posts: list[Post] = []
        self.opened = self.opened_last = self.unfilled = 0
        self.unfilled_share = self.unfilled_share_sum = self.normal_unfilled_share = (
            self.vacancy_stock
        ) = 0.0


def newcomer_trade(trades: list[Trade], shares: list[float], draw: float) -> Trade:
    """PlotSpec by last month's opened vacancies; by the group's shares where none was opened."""
    opened = sum(trade.opened_last for trade in trades)
    if opened == 0:
        return trades[min(bisect_right(list(accumulate(shares)), draw), len(trades) - 1)]
    counts = accumulate(trade.opened_last for trade in trades)
    return next(
        trade for trade, count in zip(trades, counts, strict=True) if int(draw * opened) < count
    )


class Post:
    """One trade in one firm: who works there, what is posted, planned and open."""

    def __init__(self, firm: Firm, trade: Trade) -> None:
        self.firm, self.trade = firm, trade
        self.slot = slot(FIRM_SPACE, firm.number * firm.trades + trade.number)
        self.wage, self.log_wage, self.attraction, self.demand_factor, self.log_labour = (
            1.0,
            0.0,
            1.0,
            1.0,
            0.0,
        )
        self.planned_labour, self.layoff_notice = math.inf, 0.0
        self.staff: dict[Worker, None] = {}
        self.heads_of: Counter[People] = Counter()
        self.labour_of: Counter[People] = Counter()
        self.efficiency = self.dismissible = self.opened = self.vacancies = 0
        self.unfilled_shares = [0.0] * WINDOW
        trade.posts.append(self)

    def join(self, worker: Worker) -> None:
        """Enter a worker in the books; labour is counted in thousandths."""
        self.staff[worker] = None
        self._book(worker, 1)

    def leave(self, worker: Worker) -> None:
        """Strike a worker from the books."""
        del self.staff[worker]
        self._book(worker, -1)

    @property
    def heads(self) -> int:
        """Workers in the post."""
        return len(self.staff)

    def _book(self, worker: Worker, sign: int) -> None:
        self.heads_of[worker.people] += sign
        self.labour_of[worker.people] += sign * worker.efficiency
        self.efficiency += sign * worker.efficiency
        self.dismissible += sign * worker.efficiency * worker.is_dismissible

    def lay_off(self, hoarding: float, share: float) -> None:
        """Carry out last month's notice on the excess that is left, each by his own draw."""
        chance = layoff_probability(
            self.efficiency / 1000.0,
            self.dismissible / 1000.0,
            self.planned_labour,
            hoarding,
            share,
        )
        if self.firm.separations == "seniority":
            due, chance = chance, layoff_probability_after_notice(chance, self.layoff_notice)
            self.layoff_notice = due
        for worker in self.laid_off(chance) if chance > 0.0 else ():
            worker.note(Flow.LAID_OFF)
            worker.seek(self.trade)
            worker.after_layoff()

    def laid_off(self, chance: float) -> list[Worker]:
        """Who goes: each by his own draw, or as many of those hired last."""
        dismissible = [worker for worker in self.staff if worker.is_dismissible]
        by_lot = [worker for worker in dismissible if worker.draw(Decision.LAYOFF) < chance]
        if self.firm.separations != "last_in_first_out":
            return by_lot
        gone = [worker for worker in by_lot if not worker.people.keeps_tenure]
        for people in {worker.people: None for worker in by_lot if worker.people.keeps_tenure}:
            hired_last = sorted(
                (worker for worker in dismissible if worker.people is people),
                key=lambda worker: (
                    layoff_rank(worker.draw(Decision.LAYOFF), worker.contract_end),
                    worker.slot,
                ),
            )
            gone += hired_last[: sum(worker.people is people for worker in by_lot)]
        return gone

    def plan(self, stream: int, parameters: Market) -> None:
        """Plan hands and open vacancies for the gap."""
        firm, weight, sigma = (
            self.firm,
            self.trade.weight,
            parameters.production.trade_substitution_elasticity,
        )
        wanted = labour_demand_scale(firm.labour_per_unit, firm.target, firm.log_wage_index, sigma)
        notional = notional_labour(weight, wanted, self.demand_factor)
        worth, reach = demand_factor(-firm.log_labour_value, sigma), parameters.hiring.reach_share
        self.planned_labour = planned_labour(
            notional, weight * firm.composite, worth, self.demand_factor, reach
        )
        gap = vacancies_to_open(self.planned_labour, self.efficiency / 1000.0)
        self.opened = self.vacancies = rounded_at_random(gap, uniform(stream, self.slot))
        self.trade.opened += self.opened

    @property
    def mean_unfilled_share(self) -> float:
        """Mean unfilled share of the last months."""
        unfilled = 0.0
        for share in self.unfilled_shares:
            unfilled += share
        return unfilled / WINDOW

    def raised_log_wage(self, extra: float) -> float:
        """The wage after this month's raise."""
        sigma = self.firm.parameters.production.trade_substitution_elasticity
        balanced = self.trade.log_weight + self.firm.log_composite
        worth = log_value_of_marginal_product(
            self.firm.log_labour_value, balanced, self.log_labour, sigma
        )
        return next_log_wage(self.log_wage, extra, worth)

    def post_wage(self, log_wage: float, parameters: Market) -> None:
        """Post a wage."""
        self.log_wage, self.wage = log_wage, exp(log_wage)
        self.attraction = attraction(log_wage, parameters.matching.wage_sensitivity)
        self.demand_factor = demand_factor(
            log_wage, parameters.production.trade_substitution_elasticity
        )


class Firm:
    """One firm: orders in, hands planned, output built."""

    def __init__(self, market: ReferenceMarket, number: int, opening: dict[str, float]) -> None:
        self.market, self.number, self.trades, self.parameters = (
            market,
            number,
            len(market.trades),
            market.specification.market,
        )
        self.separations = market.specification.structure.separations
        self.size, self.normal_output = opening["size"], opening["normal_output"]
        self.backlog, self.normal_backlog = opening["backlog"], opening["normal_backlog"]
        self.orders = self.output = self.normal_output
        self.cost = self.price = self.labour_value = self.labour_per_unit = 1.0
        self.log_labour_per_unit = self.log_wage_index = self.log_labour_cost = self.log_cost = 0.0
        self.log_labour_value = self.log_composite = 0.0
        self.composite = self.target = self.completions = self.cancelled = 0.0
        self.under_way = deque([self.normal_output] * self.parameters.production.pipeline_months)
        self.posts = [Post(self, trade) for trade in market.trades]

    def count_labour(self) -> None:
        """H: the composite of the hands there now."""
        sigma = self.parameters.production.trade_substitution_elasticity
        terms = 0.0
        for post in self.posts:
            post.log_labour = log_labour_used(post.efficiency)
            terms += composite_term(
                post.trade.weight_root, labour_power(self.log_labour_at_work(post), sigma)
            )
        self.log_composite = log_composite_labour(terms, sigma)
        self.composite = exp(self.log_composite)

    def log_labour_at_work(self, post: Post) -> float:
        """All labour of a trade where it is pooled; in teams, what they and the rest of it do."""
        if self.market.specification.structure.production != "teams":
            return post.log_labour
        teams = min(post.efficiency / 1000.0 / post.trade.weight for post in self.posts)
        at_work = labour_in_teams(
            post.efficiency / 1000.0,
            post.trade.weight,
            teams,
            self.parameters.production.use_outside_teams,
        )
        return log(max(at_work, LEAST_LABOUR))

    def labour_on_open_sites(self) -> float:
        """All composite labour where no site ever shuts."""
        production = self.parameters.production
        needed = self.labour_per_unit * min(self.target, self.normal_output)
        if self.market.specification.structure.production != "sites" or needed <= 0.0:
            return self.composite
        return self.composite * share_of_sites_open(
            self.composite / needed, production.site_least_coverage, production.site_coverage_spread
        )

    def log_crew_saving(self) -> float:
        """Log of what labour costs where crews cost their contract price, over posted wages."""
        market, wages = self.market, self.parameters.wages
        labour = sum(post.efficiency for post in self.posts)
        crew_labour, crew_cost = 0, 0.0
        for people in market.groups:
            if people.kind.traits.is_crew:
                of_group = sum(post.labour_of[people] for post in self.posts)
                crew_labour += of_group
                crew_cost += of_group * crew_wage(
                    people.specification.contract_price_usd * market.rub_per_usd,
                    people.efficiency / 1000.0,
                    wages.base_wage_rub,
                    market.outside_pay,
                    wages.on_cost_share,
                )
        if crew_labour == 0:
            return 0.0
        return log(
            labour_cost_over_wage(
                crew_labour / labour, crew_cost / crew_labour, exp(self.log_wage_index)
            )
        )

    def take_orders(self, order_index: float) -> None:
        """Set cost at last month's wages, price at the opening backlog, and orders at it."""
        production = self.parameters.production
        sigma = production.trade_substitution_elasticity
        terms = 0.0
        for post in self.posts:
            terms += wage_index_term(post.trade.weight, post.wage, post.demand_factor)
        self.log_wage_index = log_wage_index(terms, sigma)
        self.log_labour_cost = self.log_wage_index
        structure = self.market.specification.structure
        if structure.crew_cost == "contract_price":
            self.log_labour_cost += self.log_crew_saving() - self.market.log_labour_cost_normal
        share, elasticity = production.labour_share, production.capital_labour_elasticity
        self.log_cost = log_unit_cost(
            labour_cost_term(self.log_labour_cost, share, elasticity), share, elasticity
        )
        log_price = log_asking_price(
            self.log_cost, self.backlog, self.normal_backlog, production.price_backlog_elasticity
        )
        self.orders = orders_placed(
            self.normal_output, order_index, log_price, production.demand_price_elasticity
        )
        if structure.demand == "waiting":
            self.orders *= demand_of_the_waiting(
                self.backlog, self.normal_backlog, self.parameters.demand.waiting_elasticity
            )
        self.cost, self.price = exp(self.log_cost), exp(log_price)

    def plan_hiring(self, stream: int) -> None:
        """Aim at an output, value labour, then plan each post."""
        production = self.parameters.production
        capacity = production.capacity_over_normal * self.normal_output
        self.target = output_target(
            self.orders,
            self.backlog,
            self.normal_backlog,
            production.backlog_adjustment_months,
            capacity,
        )
        self.count_labour()
        labour_cost = exp(self.log_labour_cost)
        self.labour_value = labour_value(
            self.price, self.cost, production.labour_share, labour_cost, self.labour_per_unit
        )
        self.log_labour_value = log(self.labour_value)
        for post in self.posts:
            post.plan(stream, self.parameters)

    def build(self) -> None:
        """Build, and complete what was built a pipeline ago."""
        production = self.parameters.production
        self.count_labour()
        limit = production.backlog_limit_months * self.normal_output
        self.cancelled = orders_cancelled(
            self.backlog, limit, production.cancellation_rate_per_month
        )
        orders_there = self.backlog + self.orders - self.cancelled
        self.output = output_built(
            self.labour_on_open_sites(), self.labour_per_unit, self.target, orders_there
        )
        self.backlog = order_book_left(self.backlog, self.orders, self.output, self.cancelled)
        self.completions = self.under_way.popleft()
        self.under_way.append(self.output)
