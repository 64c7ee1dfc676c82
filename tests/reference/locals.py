"""Residents and commuters.

They reconsider, search on the job, lose jobs, learn their trade and enter construction.
"""

from __future__ import annotations

from sim.engine.draws import Decision, log_no_event, waiting_months
from sim.engine.elementary import log
from sim.engine.panel import Flow
from sim.engine.worker_columns import EMPLOYED, STANDARD_WORKER, UNTRAINED
from sim.market.matching import monthly_application_probability
from sim.workers.commuter import heads_to_move
from sim.workers.incumbent import job_end_is_due
from sim.workers.kinds import Kind
from sim.workers.resident import (
    JOB_ENDS,
    RECONSIDERS,
    SEARCHES_ON_THE_JOB,
    employed_event_kind,
    entry_wage,
    grant_as_wage,
    inside_probability,
    log_expected_pay,
)
from tests.reference.people import People, Worker


class LocalWorker(Worker):
    """A worker with events: their waiting times are drawn, a learner's date may come first."""

    people: Locals

    @property
    def event_rate(self) -> float:
        """Sum of the rates of the status."""
        rates = self.people.rates
        return rates[0] + rates[1] + rates[2] if self.status == EMPLOYED else rates[0]

    def await_event(self, decision: int) -> None:
        """Draw the wait for the next event."""
        month = self.market.month
        event_month = month + waiting_months(self.draw(decision), log_no_event(self.event_rate))
        learns = month < self.experienced_from < event_month
        self.come_back(self.experienced_from if learns else event_month)

    def visit(self) -> None:
        """The date acts first; the event follows, on a dated visit only if its own draw says so."""
        has_event = True
        if self.experienced_from == self.market.month:
            self.become(STANDARD_WORKER)
            has_event = self.draw(Decision.EVENT_AFTER_LEARNING) < self.event_rate
        if has_event:
            self.use_event()
        self.await_event(Decision.NEXT_EVENT)

    def job_end_is_due(self) -> bool:
        """Whether tenure does not save him his job."""
        market = self.market
        return not market.protects_the_senior or job_end_is_due(
            self.draw(Decision.JOB_END_BY_TENURE),
            market.month - self.contract_end,
            market.specification.market.hiring.seniority_months,
        )

    def use_event(self) -> None:
        """Reconsider, search on the job or lose the job."""
        what = (
            employed_event_kind(self.draw(Decision.EVENT_KIND), *self.people.rates)
            if self.status == EMPLOYED
            else RECONSIDERS
        )
        if what == JOB_ENDS:
            if self.job_end_is_due():
                self.note(Flow.JOB_ENDED)
                self.seek(self.trade)
        elif what == SEARCHES_ON_THE_JOB:
            self.market.on_the_job_searchers.append(self)
        elif not self.stays():
            self.leave_by_choice()
            self.experienced_from, self.efficiency = UNTRAINED, STANDARD_WORKER

    def stays(self) -> bool:
        """Whether construction still beats the outside."""
        log_wage = log(self.market.mean_wage * (1.0 + self.market.in_force["wage_subsidy_share"]))
        log_pay = log_wage if self.status == EMPLOYED else self.log_expected_pay(log_wage)
        return self.draw(Decision.STAY_IN_CONSTRUCTION) < self.inside_probability(log_pay)

    def log_expected_pay(self, log_wage: float) -> float:
        """What a job that he has yet to find is worth."""
        elasticity = self.people.specification.job_finding_elasticity
        return log_expected_pay(
            log_wage, self.market.log_tightness, self.market.log_tightness_normal, elasticity
        )

    def inside_probability(self, log_pay: float) -> float:
        """p(x) at a pay."""
        return inside_probability(
            log_pay,
            self.people.attachment,
            self.taste / 1000.0,
            self.people.specification.choice_noise,
        )

    def train(self) -> None:
        """A newcomer starts as an experienced standard worker."""
        self.efficiency, self.experienced_from = STANDARD_WORKER, self.market.month
        self.note(Flow.TRAINED)

    def after_hire(self) -> None:
        """Learning starts with the first job; a new status draws a new wait."""
        if self.experienced_from == UNTRAINED:
            self.experienced_from = self.market.month + self.people.specification.learning_months
        self.await_event(Decision.EVENT_AFTER_HIRE)

    def after_layoff(self) -> None:
        """A new status draws a new wait."""
        self.await_event(Decision.EVENT_AFTER_LAYOFF)


class Locals(People):
    """A group whose members reconsider, search on the job and lose jobs at monthly rates."""

    @property
    def rates(self) -> tuple[float, float, float]:
        """Monthly rates in the order in which the rule takes them.

        On-the-job search counts only if it leads to an application.
        """
        reconsider = getattr(self.specification, "reconsider_rate_per_month", 0.0)
        hiring = self.market.specification.market.hiring
        ratio = hiring.new_hire_job_end_ratio if self.market.protects_the_senior else 1.0
        chance = monthly_application_probability(
            self.market.specification.market.matching.application_probability_per_week
        )
        return (
            reconsider,
            self.specification.on_the_job_search_rate_per_month * chance,
            self.specification.job_end_rate_per_month * ratio,
        )

    def end_jobs(self) -> None:
        """Visit those inside whose event has come."""
        for worker in self.insiders_called:
            worker.visit()


class Residents(Locals):
    """The local labour force."""

    worker, kind = LocalWorker, Kind.RESIDENT

    def seek_work(self) -> None:
        """Outsiders whose event has come enter with probability p(x), and learn."""
        now = self.market.in_force
        grant_wage = grant_as_wage(
            now["relocation_grant_rub"],
            self.market.specification.market.wages.base_wage_rub,
            self.market.prices,
            self.market.outside_pay,
        )
        log_wage = log(entry_wage(self.market.mean_wage, now["wage_subsidy_share"], grant_wage))
        for worker in self.outsiders_called:
            if worker.draw(Decision.ENTER) < worker.inside_probability(
                worker.log_expected_pay(log_wage)
            ):
                learns = self.specification.learning_months > 0
                worker.efficiency = (
                    int(self.specification.learner_efficiency * 1000.0 + 0.5)
                    if learns
                    else STANDARD_WORKER
                )
                worker.experienced_from = UNTRAINED
                worker.enter()
                self.market.newcomers.append(worker)
            worker.await_event(Decision.NEXT_EVENT)


class Commuters(Locals):
    """Border commuters: heads follow a dated series."""

    worker, kind = LocalWorker, Kind.COMMUTER

    def seek_work(self) -> None:
        """Entrants and leavers are those with the lowest draws."""
        heads = self.heads_inside
        moving = heads_to_move(
            int(self.market.dated("commuter_heads")[self.number]), heads, len(self.members) - heads
        )
        if moving < 0:
            inside = [worker for worker in self.members if worker.trade]
            for worker in self.market.lowest(inside, Decision.COMMUTE, -moving):
                worker.leave_by_choice()
                worker.await_event(Decision.EVENT_AFTER_HIRE)
        elif not self.market.in_force["border_closed"]:
            outside = [worker for worker in self.members if not worker.trade]
            for worker in self.market.lowest(outside, Decision.COMMUTE, moving):
                worker.enter()
                worker.await_event(Decision.EVENT_AFTER_HIRE)
