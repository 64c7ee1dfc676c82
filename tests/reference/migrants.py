"""Temporary migrants, in the shipped market the Chinese.

Tied crews stay; candidates come when it pays, for a limited time and under a quota.
"""

from __future__ import annotations

from sim.engine.draws import (
    AGENCY_SPACE,
    Decision,
    log_no_event,
    rounded_at_random,
    slot,
    uniform,
    waiting_months,
)
from sim.engine.panel import ByTrade, Flow
from sim.engine.worker_columns import AWAY, BURN_IN_MONTHS, EMPLOYED, NO_PAPER, TIED, WORK
from sim.scenario import scaled
from sim.workers.kinds import Kind
from sim.workers.temporary_migrant import (
    NO_QUOTA,
    QUOTA_YEAR_MONTHS,
    comes,
    gain_with_network,
    log_gain_from_migrating,
    pay_kept_rub,
    pay_per_head_rub,
    quota_in_force,
    recruits_wanted,
    revised_quota,
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
        gain = log_gain_from_migrating(kept, home, specification.moving_cost_share)
        if market.specification.structure.migrant_entry != "networks":
            return gain
        return gain_with_network(
            gain,
            specification.choice_noise,
            specification.network_elasticity,
            self.heads_inside,
            self.settled,
        )

    @property
    def settled(self) -> int:
        """A full quota, or the heads at the start where there is none."""
        own, scale = self.specification, self.market.specification.market.scale
        if self.quota != NO_QUOTA:
            return self.quota
        return scaled(own.tied_heads, scale) + scaled(own.free_heads_at_start, scale)

    def seek_work(self) -> None:
        """Let candidates come by the rule in force, those with the lowest draws first.

        They come while the border is open and the quota on heads has room.
        """
        now, entry = self.market.in_force, self.market.specification.structure.migrant_entry
        for worker in self.outsiders_called:
            worker.reconsider_later()
        if entry == "stepped_quotas" and self.market.month % QUOTA_YEAR_MONTHS == 0:
            self.quota_of_year = revised_quota(
                self.quota_of_year, self.heads_inside, self.specification.quota_step_share
            )
        gain = self.gain()
        if now["border_closed"]:
            coming, places = [], 0
        elif entry == "vacancies":
            coming = [worker for worker in self.members if worker.status == AWAY]
            places = self.recruits(gain)
        else:
            noise = self.specification.choice_noise
            coming = [
                worker
                for worker in self.outsiders_called
                if comes(worker.draw(Decision.ENTER), gain, noise)
            ]
            places = len(coming)
        quota = quota_in_force(self.quota_of_year, now["chinese_quota_heads"])
        places = min(places, quota - self.heads_inside)
        for worker in self.market.lowest(coming, Decision.QUOTA_PLACE, places):
            worker.arrive()

    def recruits(self, gain: float) -> int:
        """How many employers recruit for the vacancies of some months ago."""
        own, market = self.specification, self.market
        at, vacancies = market.month + BURN_IN_MONTHS - own.recruitment_lag_months, 0.0
        if at >= 0:
            for unfilled in market.panel.of(ByTrade.VACANCIES_UNFILLED)[at]:
                vacancies += unfilled
        wanted = recruits_wanted(
            vacancies, own.recruits_per_vacancy_per_month, gain, own.choice_noise
        )
        draw = uniform(market.stream(Decision.RECRUITS_ROUNDING), slot(AGENCY_SPACE, self.number))
        return rounded_at_random(wanted, draw)
