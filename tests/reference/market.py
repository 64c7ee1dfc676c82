"""ReferenceMarket: the month of sim/ODD.md 3.1 over plain objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import mesa
from mesa.experimental.scenarios import Scenario as MesaScenario

from sim.agents.state_actors import DispatchAgency, MigrationRegulator
from sim.branches import BASELINE
from sim.engine.draws import Decision, replicate_key, stream
from sim.engine.worker_columns import BURN_IN_MONTHS, WORK
from sim.inputs.dated_inputs import dated_inputs
from sim.market.monthly_places import places_in_month
from sim.model import NORMAL_MEASURED_FROM, NORMAL_MEASURED_TO
from sim.policy.programme import fork_month, market_announcements, policy_announcements
from sim.scenario import Scenario
from sim.workers.resident import log_tightness
from tests.reference.crews import Crews
from tests.reference.demand import order_index_of_month
from tests.reference.firms import WINDOW, Firm, Post, Trade
from tests.reference.matching import match, remember_unfilled_shares
from tests.reference.migrants import Migrants
from tests.reference.opening import nothing_in_force, open_market
from tests.reference.papers import review_crews
from tests.reference.people import People, Worker
from tests.reference.record import record
from tests.reference.technology import adopt_technology
from tests.reference.wages import set_wages
from tests.support.panels import blank_panel

WAGES_FREE_FROM = -12
NORMAL_MEASURED = range(NORMAL_MEASURED_FROM, NORMAL_MEASURED_TO + 1)
BACKLOG_SETTLED_FROM = -6


class ReferenceMarket(mesa.Model[Any, Any]):
    """One branch of one replicate, simulated from its start.

    `branch` is baseline, policy or policy_at_baseline_wages; the last reads the wages of
    `baseline`.
    """

    def __init__(
        self,
        scenario: Scenario,
        replicate: int = 0,
        *,
        branch: str = BASELINE,
        baseline: ReferenceMarket | None = None,
    ) -> None:
        super().__init__(
            scenario=MesaScenario(rng=0, specification=scenario, replicate=replicate, branch=branch)
        )
        self.specification, self.branch, self.baseline = scenario, branch, baseline
        self.protects_the_senior = scenario.structure.separations == "seniority"
        self.key, self.month, self.inputs = (
            replicate_key(scenario.seed, replicate),
            -BURN_IN_MONTHS,
            dated_inputs(scenario),
        )
        self.in_force = nothing_in_force()
        self.wages_are_free, self.mean_wage = False, 1.0
        self.log_tightness = self.log_tightness_normal = self.log_tightness_sum = 0.0
        self.log_seekers = self.log_seekers_normal = self.log_seekers_sum = 0.0
        self.agenda: defaultdict[int, dict[Worker, None]] = defaultdict(dict)
        self.seekers: dict[Worker, None] = {}
        self.on_the_job_searchers: list[Worker] = []
        self.newcomers: list[Worker] = []
        self.place_holders: list[Worker] = []
        self.log_wages: dict[int, list[float]] = {}
        self._streams: dict[int, int] = {}
        self.trades: list[Trade]
        self.firms: list[Firm]
        self.posts: list[Post]
        self.groups: list[People]
        open_market(self, replicate)
        self.panel = blank_panel(
            BURN_IN_MONTHS + scenario.months, len(self.groups), len(self.trades)
        )
        self._announce()

    def _announce(self) -> None:
        """Schedule the policy's and the burn-in's dates; state actors are those of the engine."""
        self.agencies = [
            DispatchAgency(self, people.number, people.specification)
            for people in self.groups
            if isinstance(people, Crews)
        ]
        announcements = market_announcements(self.specification) + (
            policy_announcements(self.specification) if self.branch != BASELINE else []
        )
        MigrationRegulator(self).announce(
            sorted(announcements, key=lambda announcement: announcement.month), self.month
        )
        self.schedule_event(self.free_wages, at=self.mesa_time(WAGES_FREE_FROM) + 0.5)
        self.schedule_event(
            self.settle_normal_backlog, at=self.mesa_time(BACKLOG_SETTLED_FROM) + 0.5
        )
        self.forks_from = fork_month(self.specification)

    def step(self) -> None:
        """One calendar month."""
        self.apply_policy()
        self.review_papers()
        self.end_jobs()
        self.take_orders()
        self.plan_hiring()
        self.set_wages()
        self.seek_work()
        self.match()
        self.build()
        self.pay()
        self.record()

    def apply_policy(self) -> None:
        """Dated inputs come into force; whose event has come is called in."""
        self.prices, self.rub_per_usd = (
            float(self.dated("consumer_prices")),
            float(self.dated("rub_per_usd")),
        )
        self.outside_pay = float(self.dated("outside_pay"))
        for agency in self.agencies:
            crews = self.groups[agency.group]
            crews.workers_wanted = agency.workers_wanted(self.in_force, crews.quota)
        called: defaultdict[People, list[Worker]] = defaultdict(list)
        for worker in self.agenda[self.month]:
            called[worker.people].append(worker)
        for people in self.groups:
            people.call_in(called[people])

    def review_papers(self) -> None:
        """Crews first, then stays that are over."""
        review_crews(self)
        for people in self.groups:
            if isinstance(people, Migrants):
                people.end_stays()

    def end_jobs(self) -> None:
        """Events of those inside, then the layoffs of which last month's plan gave notice."""
        self.on_the_job_searchers = []
        for people in self.groups:
            people.end_jobs()
        hiring = self.specification.market.hiring
        for post in self.posts:
            post.lay_off(hiring.hoarding_share, hiring.layoff_share_per_month)

    def take_orders(self) -> None:
        """Prices and orders."""
        order_index = order_index_of_month(self)
        for firm in self.firms:
            firm.take_orders(order_index)

    def plan_hiring(self) -> None:
        """Targets, plans, vacancies."""
        for trade in self.trades:
            trade.opened_last, trade.opened = trade.opened, 0
        for firm in self.firms:
            firm.plan_hiring(self.stream(Decision.VACANCY_ROUNDING))

    def set_wages(self) -> None:
        """Posted wages."""
        set_wages(self)

    def seek_work(self) -> None:
        """Each group by its own rule; then newcomers are trained."""
        self.newcomers = []
        self.take_tightness()
        for people in self.groups:
            people.seek_work()
        for worker in self.lowest(
            self.newcomers,
            Decision.TRAINING_PLACE,
            places_in_month(self.in_force["training_places_per_month"], self.month),
        ):
            worker.train()

    def take_tightness(self) -> None:
        """Vacancies per seeker; they are normal until the normal ones have been measured."""
        self.log_tightness = log_tightness(
            sum(trade.opened for trade in self.trades), len(self.seekers)
        )
        if not self.wages_are_free:
            self.log_tightness_normal = self.log_tightness

    def match(self) -> None:
        """Four weekly rounds."""
        match(self)
        remember_unfilled_shares(self.trades, self.month % WINDOW)

    def build(self) -> None:
        """Output, backlog, completions, technology."""
        for firm in self.firms:
            firm.build()
        adopt_technology(self)

    def pay(self) -> None:
        """Pay and levy."""
        for people in self.groups:
            people.be_paid()

    def record(self) -> None:
        """The month's row; then the calendar turns."""
        record(self)
        if self.month in NORMAL_MEASURED:
            self.log_tightness_sum += self.log_tightness
            self.log_seekers_sum += self.log_seekers
            for trade in self.trades:
                trade.unfilled_share_sum += trade.unfilled_share
        for people in self.groups:
            people.clear_counters()
        self.agenda.pop(self.month, None)
        self._streams.clear()
        self.month += 1

    def dated(self, series: str) -> Any:
        """This month's value of a dated input (of one by group: its column)."""
        return getattr(self.inputs, series)[..., self.month + BURN_IN_MONTHS]

    def stream(self, decision: int) -> int:
        """Stream of a decision in this month."""
        if decision not in self._streams:
            self._streams[decision] = stream(self.key, decision, self.month)
        return self._streams[decision]

    def lowest(self, workers: Iterable[Worker], decision: int, places: float) -> list[Worker]:
        """The workers with the lowest draws, as many as there are places, in that order."""
        return sorted(workers, key=lambda worker: (worker.draw(decision), worker.slot))[
            : max(0, int(places))
        ]

    def mesa_time(self, month: int) -> int:
        """Mesa time at the start of a month."""
        return month + BURN_IN_MONTHS

    def run_to(self, month: int) -> None:
        """Simulate up to the start of a month."""
        self.run_until(self.mesa_time(month))

    def call_in_work_papers(self) -> None:
        """The deadline: crews on work papers are reviewed this month."""
        for people in self.groups:
            for worker in people.members if isinstance(people, Crews) else ():
                if worker.paper == WORK:
                    worker.come_back(self.month)

    def free_wages(self) -> None:
        """Let firms set wages from now on.

        The unfilled share and the tightness measured so far count as normal.
        """
        self.wages_are_free = True
        self.log_tightness_normal = self.log_tightness_sum / len(NORMAL_MEASURED)
        self.log_seekers_normal = self.log_seekers_sum / len(NORMAL_MEASURED)
        for trade in self.trades:
            trade.normal_unfilled_share = trade.unfilled_share_sum / len(NORMAL_MEASURED)

    def settle_normal_backlog(self) -> None:
        """Each firm's normal order book is that of the 18th month at the market's pressure."""
        books, normal_books = 0.0, 0.0
        for firm in self.firms:
            books, normal_books = books + firm.backlog, normal_books + firm.normal_backlog
        for firm in self.firms:
            if firm.backlog > 0.0:
                firm.normal_backlog = firm.backlog / (books / normal_books)
