"""What workers of every kind have in common, and the groups they belong to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.engine.draws import Decision, slot, uniform
from sim.engine.panel import Fate, Flow
from sim.engine.worker_columns import (
    AWAY,
    EMPLOYED,
    LAST_MONTH,
    NEVER,
    ORDINARY,
    SEEKING,
)
from sim.workers.kinds import Kind
from tests.reference.firms import Post, Trade, newcomer_trade

if TYPE_CHECKING:
    from tests.reference.market import ReferenceMarket


class Worker(mesa.Agent):
    """One worker. A subclass per kind says what happens when a date or an event comes."""

    def __init__(self, people: People, row: np.void, due: int) -> None:
        super().__init__(people.market)
        self.market, self.people = people.market, people
        self.slot = slot(people.number, len(people.members))
        self.contract_end, self.paper_end = int(row["contract_end"]), int(row["paper_end"])
        self.experienced_from, self.efficiency = (
            int(row["experienced_from"]),
            int(row["efficiency"]),
        )
        self.taste, self.levy_share = int(row["taste"]), int(row["levy_share"])
        self.paper, self.terms = int(row["paper"]), int(row["terms"])
        self.status, self.trade, self.post, self.next_event = AWAY, None, None, NEVER
        self.trade: Trade | None
        self.post: Post | None
        people.members.append(self)
        self.come_back(due)
        self.start_at(int(row["status"]), int(row["firm"]), int(row["trade"]))

    def start_at(self, status: int, firm: int, trade: int) -> None:
        """Take the place held at the start."""
        job_began = self.contract_end
        if status == EMPLOYED:
            self.take_job(self.market.firms[firm].posts[trade])
            self.contract_end = job_began
        elif status == SEEKING:
            self.seek(self.market.trades[trade])

    def draw(self, decision: int) -> float:
        """The worker's own draw for a decision of this month."""
        return uniform(self.market.stream(decision), self.slot)

    def come_back(self, month: int) -> None:
        """Set the month of the next event; beyond the horizon there is none."""
        agenda = self.market.agenda
        agenda[self.next_event].pop(self, None)
        self.next_event = month if month <= LAST_MONTH else NEVER
        if self.next_event != NEVER:
            agenda[self.next_event][self] = None

    def wait_for_the_border(self) -> None:
        """Behind a closed border what ends runs on by a month."""
        next_month = self.market.month + 1
        self.contract_end, self.paper_end = (
            max(self.contract_end, next_month),
            max(self.paper_end, next_month),
        )
        self.come_back(next_month)

    def take_job(self, post: Post) -> None:
        """Start work."""
        self._stop_seeking()
        self.status, self.trade = EMPLOYED, post.trade
        self.people.employed[post.trade] += 1
        self.people.papers[self.paper] += 1
        self.people.levy_thousandths += self.levy_share
        self.change_firm(post)

    def change_firm(self, post: Post) -> None:
        """Work for another firm."""
        if self.post:
            self.post.leave(self)
        self.post = post
        post.join(self)
        if self.people.keeps_tenure:
            self.contract_end = self.market.month

    def seek(self, trade: Trade) -> None:
        """Look for work in a trade."""
        self._stop_work()
        self.status, self.trade = SEEKING, trade
        self.people.seeking[trade] += 1
        self.market.seekers[self] = None

    def go_away(self, status: int = AWAY) -> None:
        """Leave construction, or the country for good."""
        self._stop_work()
        self._stop_seeking()
        self.status, self.trade = status, None

    def become(self, efficiency: int) -> None:
        """Work at another efficiency."""
        if self.post:
            self.post.leave(self)
        self.efficiency = efficiency
        if self.post:
            self.post.join(self)

    def carry(self, paper: int) -> None:
        """Change the paper."""
        if self.status == EMPLOYED:
            self.people.papers[self.paper] -= 1
            self.people.papers[paper] += 1
        self.paper = paper

    def enter(self) -> None:
        """Come into construction with a newcomer's trade, and seek."""
        trade = newcomer_trade(
            self.market.trades, self.people.shares, self.draw(Decision.NEWCOMER_TRADE)
        )
        self.note(Flow.ENTERED, trade)
        self.seek(trade)

    def leave_by_choice(self) -> None:
        """Go away, from a job or from seeking one."""
        self.note(Flow.LEFT_JOB if self.status == EMPLOYED else Flow.GAVE_UP)
        self.go_away()

    def note(self, flow: Flow, trade: Trade | None = None) -> None:
        """Count a flow of the month."""
        self.people.flows[flow, trade or self.trade] += 1

    @property
    def is_dismissible(self) -> bool:
        """Crews under contract and tied crews are never laid off."""
        return not self.people.kind.traits.is_crew and self.terms == ORDINARY

    @property
    def is_experienced(self) -> bool:
        """Whether he is no learner this month."""
        return self.experienced_from <= self.market.month

    def after_hire(self) -> None:
        """What a new job starts for this kind of worker."""

    def after_layoff(self) -> None:
        """What a layoff starts for this kind of worker."""

    def _stop_work(self) -> None:
        if self.post:
            self.post.leave(self)
            self.post = None
            self.people.employed[self.trade] -= 1
            self.people.papers[self.paper] -= 1
            self.people.levy_thousandths -= self.levy_share

    def _stop_seeking(self) -> None:
        if self.status == SEEKING:
            del self.market.seekers[self]
            self.people.seeking[self.trade] -= 1


class People:
    """A group of workers of one nationality.

    Each kind has a subclass with its way of seeking work and its pay.
    """

    worker: type[Worker]
    kind: Kind

    def __init__(
        self, market: ReferenceMarket, number: int, specification: Any, record: np.void
    ) -> None:
        self.market, self.number, self.specification = market, number, specification
        self.efficiency, self.quota, self.attachment = (
            int(record["efficiency"]),
            int(record["quota"]),
            float(record["attachment"]),
        )
        self.shares = [
            specification.trade_shares.get(name, 0.0) for name in market.specification.market.trades
        ]
        self.quota_of_year = self.quota
        self.keeps_tenure = (
            self.kind.traits.has_events and market.specification.structure.separations != "one_rate"
        )
        self.members: list[Worker] = []
        self.employed: Counter[Trade] = Counter()
        self.seeking: Counter[Trade] = Counter()
        self.papers: Counter[int] = Counter()
        self.registrations: Counter[int] = Counter()
        self.flows: Counter[tuple[Flow, Trade]] = Counter()
        self.fates: Counter[Fate] = Counter()
        self.levy_thousandths, self.pay_rub, self.levy_usd = 0, 0.0, 0.0
        self.insiders_called: list[Worker] = []
        self.outsiders_called: list[Worker] = []

    @property
    def heads_inside(self) -> int:
        """Workers seeking or employed."""
        return self.employed.total() + self.seeking.total()

    @property
    def repatriated(self) -> list[Worker]:
        """Workers sent home: only crews are."""
        return []

    def call_in(self, workers: list[Worker]) -> None:
        """Receive those whose event has come, by where they are as the month opens."""
        self.outsiders_called = [worker for worker in workers if worker.status == AWAY]
        self.insiders_called = [worker for worker in workers if worker.status != AWAY]

    def end_jobs(self) -> None:
        """Visit those inside whose event has come: only locals have events."""

    def seek_work(self) -> None:
        """Let members come in or be placed."""

    def be_paid(self) -> None:
        """Posted wages x efficiency, less a migrants' discount."""
        bill = 0.0
        for post in self.market.posts:
            bill += post.labour_of[self] / 1000.0 * post.wage
        rub_per_wage = (
            self.market.specification.market.wages.base_wage_rub * self.market.outside_pay
        )
        self.pay_rub = (
            bill / getattr(self.specification, "pay_ratio_resident_to_migrant", 1.0) * rub_per_wage
        )

    def clear_counters(self) -> None:
        """Open the counters of a new month."""
        self.flows.clear()
        self.fates.clear()
        self.registrations.clear()
