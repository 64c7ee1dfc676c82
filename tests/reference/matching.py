"""Urn-ball matching over objects: applications by week, vacancies by rank."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from sim.engine.draws import Decision
from sim.engine.panel import Flow
from sim.engine.worker_columns import EMPLOYED
from sim.firms.wages import unfilled_share
from sim.market.matching import WEEKS, application_weeks, applies, monthly_application_probability
from sim.workers.resident import move_probability
from tests.reference.firms import Post, Trade

if TYPE_CHECKING:
    from tests.reference.market import ReferenceMarket
    from tests.reference.people import Worker


class Offers:
    """The open posts of a trade in a week, and their cumulated pull on applicants."""

    def __init__(self, trade: Trade) -> None:
        self.posts = [post for post in trade.posts if post.vacancies > 0]
        self.pull: list[float] = []
        total = 0.0
        for post in self.posts:
            total += post.vacancies * post.attraction
            self.pull.append(total)

    def drawn(self, draw: float) -> Post:
        """A post with probability proportional to its pull."""
        place = bisect_right(self.pull, draw * self.pull[-1])
        return self.posts[min(place, len(self.posts) - 1)]


def match(market: ReferenceMarket) -> None:
    """Four weeks of applications and hires."""
    for trade in market.trades:
        trade.vacancy_stock = 0.0
    pool = [
        *market.seekers,
        *(worker for worker in market.on_the_job_searchers if worker.status == EMPLOYED),
    ]
    q = market.specification.market.matching.application_probability_per_week
    weeks = {worker: weeks_of(worker, q) for worker in pool}
    for week in range(WEEKS):
        hired = hold_week(market, [worker for worker in pool if applies(weeks[worker], week)], week)
        pool = [worker for worker in pool if worker not in hired]
        for trade in market.trades:
            trade.unfilled = sum(post.vacancies for post in trade.posts)
            trade.vacancy_stock += trade.unfilled / WEEKS


def weeks_of(worker: Worker, q: float) -> int:
    """Weeks in which a worker applies; whoever search on the job applies in one at least."""
    draw = worker.draw(Decision.APPLICATION_WEEKS)
    return application_weeks(
        monthly_application_probability(q) * draw if worker.status == EMPLOYED else draw, q
    )


def hold_week(market: ReferenceMarket, applicants: list[Worker], week: int) -> set[Worker]:
    """Collect the week's applications, then let each post choose; returns the hired."""
    offers = {trade: Offers(trade) for trade in market.trades}
    crowds: defaultdict[Post, list[Worker]] = defaultdict(list)
    for worker in applicants:
        if offers[worker.trade].posts:
            post = offers[worker.trade].drawn(worker.draw(Decision.FIRM_CHOICE + week))
            if worker.status != EMPLOYED or would_move(worker, post, week):
                crowds[post].append(worker)
    hired: set[Worker] = set()
    for post, crowd in crowds.items():
        for worker in chosen(post, crowd, week):
            hire(worker, post)
            hired.add(worker)
    return hired


def would_move(worker: Worker, post: Post, week: int) -> bool:
    """Whoever has a job applies elsewhere only if he would take the offer."""
    return post is not worker.post and worker.draw(Decision.JOB_MOVE + week) < move_probability(
        worker.post.log_wage, post.log_wage
    )


def chosen(post: Post, crowd: list[Worker], week: int) -> list[Worker]:
    """The experienced first, then the lowest draws, as far as vacancies go."""
    if len(crowd) <= post.vacancies:
        return crowd
    ranked = sorted(
        crowd,
        key=lambda worker: (
            not worker.is_experienced,
            worker.draw(Decision.TIE_BREAK + week),
            worker.slot,
        ),
    )
    return ranked[: post.vacancies]


def hire(worker: Worker, post: Post) -> None:
    """A seeker starts work, a worker who looked around changes firm."""
    post.vacancies -= 1
    if worker.status == EMPLOYED:
        worker.note(Flow.JOB_TO_JOB)
        worker.change_firm(post)
        return
    worker.take_job(post)
    worker.note(Flow.HIRED)
    worker.after_hire()


def remember_unfilled_shares(trades: list[Trade], place: int) -> None:
    """Keep the month's shares for the wage rule, in the place of those six months ago."""
    for trade in trades:
        if trade.opened > 0:
            trade.unfilled_share = trade.unfilled / trade.opened
        for post in trade.posts:
            post.unfilled_shares[place] = unfilled_share(
                post.vacancies, post.opened, trade.unfilled_share
            )
