"""Contract crews, in the shipped market the North Koreans.

Contracts, permits, expulsion, cover, the transport queue, and workers sent by the agency.
"""

from __future__ import annotations

from sim.engine.draws import (
    AGENCY_SPACE,
    SETUP_MONTH,
    Decision,
    rounded_at_random,
    slot,
    stream,
    uniform,
)
from sim.engine.panel import Fate, Flow
from sim.engine.worker_columns import (
    NEVER,
    NO_PAPER,
    REPATRIATED,
    RETAINED,
    STUDENT,
    TOURIST,
)
from sim.firms.sanctions import expected_fine_rub, keep_probability, local_labour_cost_rub
from sim.workers.contract_crew import (
    YEAR_MONTHS,
    complies,
    contract_is_replaced,
    contract_months,
    cover_paper_months,
    cover_probability,
    is_found,
    month_of_departure,
    permit_is_renewed,
)
from sim.workers.kinds import Kind
from tests.reference.firms import Post
from tests.reference.people import People, Worker


class CrewMember(Worker):
    """A worker sent by his state on a dated contract."""

    def extend(self, months: int) -> None:
        """Contract and work paper run on."""
        self.contract_end, self.paper_end = (
            self.market.month + months,
            self.market.month + YEAR_MONTHS,
        )
        self.register()

    def register(self) -> None:
        """An issue or renewal is counted; the paper's or contract's end is the next date."""
        self.people.registrations[self.paper] += 1
        self.come_back(min(self.paper_end, self.contract_end))

    def must_leave(self) -> bool:
        """On a work paper: whether he must leave now; whoever need not has his dates moved on."""
        now, month = self.market.in_force, self.market.month
        if self.terms == RETAINED:
            if self.contract_end == month:
                self.extend(YEAR_MONTHS)
            else:
                self.come_back(self.contract_end)
            return False
        if now["deadline"] == month:
            return True
        if now["border_closed"]:
            self.wait_for_the_border()
            return False
        if self.contract_end == month:
            return not self._gets_a_new_contract()
        if not permit_is_renewed(self.draw(Decision.PERMIT_RENEWED), now["permit_renewal"]):
            return True
        self.paper_end = month + YEAR_MONTHS
        self.register()
        return False

    def puts_off(self) -> bool:
        """Whether he puts his departure off to the months before the deadline."""
        market, specification = self.market, self.people.specification
        if market.specification.structure.evasion != "deadline":
            return False
        month = month_of_departure(
            self.draw(Decision.LAST_MINUTE),
            market.month,
            market.in_force["announced_deadline"],
            specification.last_minute_share,
            specification.last_minute_months,
        )
        if month == market.month:
            return False
        self.contract_end = self.paper_end = month
        self.come_back(month)
        return True

    def _gets_a_new_contract(self) -> bool:
        now = self.market.in_force
        if not contract_is_replaced(
            self.draw(Decision.CONTRACT_REPLACED), now["new_contracts"], now["presigned"]
        ):
            return False
        length_draw = uniform(
            stream(self.market.key, Decision.CONTRACT_LENGTH, SETUP_MONTH), self.slot
        )
        self.extend(contract_months(length_draw, self.people.specification.short_contract_share))
        self.people.fates[Fate.CONTRACT_REPLACED] += 1
        return True

    def goes_at_once(self) -> bool:
        """Without a work paper: whether he waits for transport, is let go or is found now."""
        month, fates = self.market.month, self.people.fates
        if self.paper == NO_PAPER:
            if self.post and self.is_kept_by(self.post):
                self.is_inspected()
            return True
        if not self.is_kept_by(self.post):
            fates[Fate.LET_GO] += 1
            return True
        if self.is_inspected():
            fates[Fate.FOUND] += 1
            return True
        if self.paper_end == month:
            self.take_cover_paper(self.paper)
        self.come_back(month + 1)
        return False

    def is_inspected(self) -> bool:
        """Whether an inspection finds him at work; his firm may be fined for it."""
        now = self.market.in_force
        found = is_found(self.draw(Decision.INSPECTION), now["inspection_rate"], now["compliance"])
        if found and now["employer_fine_rub"] > 0.0:
            self.people.fates[Fate.FINED] += 1
        return found

    def is_kept_by(self, post: Post) -> bool:
        """Whether a firm that may be fined for him employs him: one draw for the whole run."""
        market, now = self.market, self.market.in_force
        if now["employer_fine_rub"] <= 0.0:
            return True
        local_cost = local_labour_cost_rub(
            post.wage,
            self.efficiency / 1000.0,
            market.specification.market.wages.base_wage_rub,
            market.outside_pay,
        )
        fine = expected_fine_rub(
            now["employer_fine_rub"], market.prices, now["inspection_rate"], now["compliance"]
        )
        crew_cost = self.people.specification.contract_price_usd * market.rub_per_usd
        chance = keep_probability(local_cost, crew_cost, fine, now["employer_fine_choice_noise"])
        of_all = stream(market.key, Decision.GO_UNDER_COVER, SETUP_MONTH)
        return uniform(stream(of_all, post.firm.number, SETUP_MONTH), self.slot) < chance

    def take_place(self) -> None:
        """Hold a place of the carve-out."""
        self.terms = RETAINED
        self.market.place_holders.append(self)
        self.extend(YEAR_MONTHS)
        self.people.fates[Fate.RETAINED] += 1

    def goes(self) -> bool:
        """Due and without a place: home, quietly renewed, or under cover."""
        now, specification, fates = (
            self.market.in_force,
            self.people.specification,
            self.people.fates,
        )
        if complies(self.draw(Decision.COMPLY), now["compliance"]):
            fates[Fate.COMPLIED] += 1
            return True
        if self.draw(Decision.QUIET_RENEWAL) < now["quiet_renewal"]:
            self.extend(YEAR_MONTHS)
            fates[Fate.QUIETLY_RENEWED] += 1
            return False
        pay_kept_usd = specification.contract_price_usd * (1.0 - self.levy_share / 1000.0)
        chance = cover_probability(
            pay_kept_usd, specification.home_income_usd, now["inspection_rate"], now["compliance"]
        )
        if self.draw(Decision.GO_UNDER_COVER) >= chance or not self.is_kept_by(self.post):
            fates[Fate.GAVE_IN] += 1
            return True
        fates[Fate.UNDER_COVER] += 1
        self.take_cover_paper(self.drawn_cover_paper())
        return False

    def drawn_cover_paper(self) -> int:
        """Student or tourist."""
        return (
            STUDENT
            if self.draw(Decision.COVER_PAPER) < self.people.specification.student_paper_share
            else TOURIST
        )

    def take_cover_paper(self, paper: int) -> None:
        """A cover paper is issued or renewed; he is looked at every month."""
        self.carry(paper)
        self.paper_end = self.market.month + cover_paper_months(paper == STUDENT)
        self.people.registrations[paper] += 1
        self.come_back(self.market.month + 1)

    def queue(self) -> None:
        """Wait for transport without a paper."""
        self.carry(NO_PAPER)
        self.come_back(self.market.month + 1)

    def go_home(self) -> None:
        """Be repatriated."""
        if self.post:
            self.note(Flow.REPATRIATED)
        self.go_away(REPATRIATED)
        self.come_back(NEVER)

    def work_on(self) -> None:
        """Go on working in the queue, or wait without work if the firm does not keep him."""
        if self.post and not self.is_kept_by(self.post):
            self.note(Flow.STOOD_DOWN)
            self.go_away()

    def be_dispatched(self, post: Post) -> None:
        """Arrive under cover, straight into a vacancy."""
        self.take_cover_paper(self.drawn_cover_paper())
        self.take_job(post)
        post.vacancies -= 1
        self.note(Flow.DISPATCHED)


class Crews(People):
    """A group under contracts of its state."""

    worker, kind = CrewMember, Kind.CONTRACT_CREW
    workers_wanted = 0.0

    @property
    def repatriated(self) -> list[Worker]:
        """Workers sent home."""
        return [worker for worker in self.members if worker.status == REPATRIATED]

    def seek_work(self) -> None:
        """The agency fills vacancies of its trades, in proportion, with workers it sends again."""
        market = self.market
        if self.workers_wanted <= 0.0 or market.in_force["border_closed"]:
            return
        openings = [
            post
            for post in market.posts
            if self.shares[post.trade.number] > 0.0
            for _ in range(post.vacancies)
        ]
        number = rounded_at_random(
            self.workers_wanted,
            uniform(market.stream(Decision.DISPATCH_ROUNDING), slot(AGENCY_SPACE, self.number)),
        )
        number = min(number, self.quota - self.heads_inside, len(openings))
        for worker in market.lowest(self.repatriated, Decision.DISPATCH, number):
            place = int(worker.draw(Decision.DISPATCH_VACANCY) * len(openings))
            if not worker.is_kept_by(openings[place]):
                continue
            worker.be_dispatched(openings[place])
            openings[place] = openings[-1]
            openings.pop()

    def be_paid(self) -> None:
        """The contract price in USD, of which the state takes its levy."""
        price = self.specification.contract_price_usd
        self.pay_rub = self.employed.total() * price * self.market.rub_per_usd
        self.levy_usd = price * (self.levy_thousandths / 1000.0)
