"""Temporary migrants, in the shipped market the Chinese.

Tied crews stay; candidates come when it pays, for a limited time and under a quota.
"""

from __future__ import annotations

from sim.engine.draws import Decision, log_no_event, waiting_months
from sim.engine.panel import Flow
from sim.engine.worker_columns import EMPLOYED, NO_PAPER, TIED, WORK
from sim.workers.kinds import Kind
from sim.workers.temporary_migrant import (
    comes,
    log_gain_from_migrating,
    pay_kept_rub,
    pay_per_head_rub,
    quota_in_force,
)
from tests.reference.people import People, Worker


class Migrant(Worker):
    """A temporary migrant."""

    def end_stay(self) -> None:
        """Leave when the stay is over, with or without a job."""
        self.note(Flow.STAY_ENDED if self.status == EMPLOYED else Flow.GAVE_UP)
        self.go_away()
        self.paper = NO_PAPER
        self.reconsider_later()

    def reconsider_later(self) -> None:
        """Draw the wait for the next time he weighs coming."""
        wait = waiting_months(
            self.draw(Decision.NEXT_EVENT),
            log_no_event(self.people.specification.reconsider_rate_per_month),
        )
        self.come_back(self.market.month + wait)

    def arrive(self) -> None:
        """Come on a work paper for the months of a stay."""
        self.paper = WORK
        self.contract_end = self.paper_end = (
            self.market.month + self.people.specification.stay_months
        )
        self.people.registrations[WORK] += 1
        self.enter()
        self.come_back(self.contract_end)


class Migrants(People):
    """A group that comes for the pay."""

    worker, kind = Migrant, Kind.TEMPORARY_MIGRANT

    def end_stays(self) -> None:
        """Send those away whose stay is over; tied crews stay."""
        for worker in self.insiders_called:
            if worker.terms == TIED:
                continue
            if self.market.in_force["border_closed"]:
                worker.wait_for_the_border()
            else:
                worker.end_stay()

    def gain(self) -> float:
        """What coming is worth this month, in log points."""
        market, specification = self.market, self.specification
        ratio, base = (
            specification.pay_ratio_resident_to_migrant,
            market.specification.market.wages.base_wage_rub,
        )
        pay = pay_per_head_rub(
            market.mean_wage,
            market.in_force["wage_subsidy_share"],
            self.efficiency / 1000.0,
            ratio,
            base,
            market.outside_pay,
        )
        home = float(market.dated("home_pay_rub")[self.number])
        fee = specification.permit_fee_rub_per_month * float(market.dated("consumer_prices"))
        kept = pay_kept_rub(pay, specification.income_tax_share, fee)
        return log_gain_from_migrating(kept, home, specification.moving_cost_share)

    def seek_work(self) -> None:
        """Let willing candidates come, those with the lowest draws first.

        They come while the border is open and the quota on heads has room.
        """
        now, gain = self.market.in_force, self.gain()
        willing = []
        for worker in self.outsiders_called:
            worker.reconsider_later()
            if not now["border_closed"] and comes(
                worker.draw(Decision.ENTER), gain, self.specification.choice_noise
            ):
                willing.append(worker)
        quota = quota_in_force(self.quota, now["chinese_quota_heads"])
        for worker in self.market.lowest(willing, Decision.QUOTA_PLACE, quota - self.heads_inside):
            worker.arrive()
