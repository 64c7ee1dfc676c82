"""LabourMarket: a region's construction labour market as a Mesa model; a step is a month."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import mesa
import numpy as np
from mesa.experimental.scenarios import Scenario as MesaScenario

from sim.agents.all_agents import AllAgents
from sim.agents.guarded_model import GuardedModel, fixed
from sim.agents.panel_collector import CollectedPanel
from sim.agents.state_actors import DispatchAgency, MigrationRegulator
from sim.agents.worker_set import all_workers, worker_sets
from sim.branches import (
    BASELINE,
    NOT_GIVEN,
    POLICY_AT_BASELINE_WAGES,
    Fork,
    Lineage,
    check_branch,
    check_fork,
    replicate_of,
)
from sim.engine.panel import Panel
from sim.engine.state import State
from sim.engine.worker_columns import BURN_IN_MONTHS, LAST_MONTH, WORK, Array
from sim.inputs.dated_inputs import DatedInputs, dated_inputs
from sim.opening import added_up, opening_state
from sim.policy.programme import market_announcements, policy_announcements
from sim.scenario import ContractCrew, Scenario
from sim.verbs.build import build
from sim.verbs.end_jobs import end_jobs
from sim.verbs.match import match
from sim.verbs.open_month import open_month
from sim.verbs.pay import pay
from sim.verbs.plan_hiring import plan_hiring
from sim.verbs.record import record
from sim.verbs.review_papers import review_papers
from sim.verbs.seek_work import seek_work
from sim.verbs.set_wages import post_baseline_wages, set_wages
from sim.verbs.take_orders import take_orders

WAGES_FREE_FROM = -12
NORMAL_MEASURED_FROM, NORMAL_MEASURED_TO = -21, -13
BACKLOG_SETTLED_FROM = -6


class LabourMarket(GuardedModel):
    """One branch of one replicate as a Mesa model.

    Mesa time is months since the start of the burn-in: `month` = time - 24. The baseline is built
    from a scenario; policy branches are forks of it (`fork`). Workers live in columns
    (`state.workers`), seen as Mesa agents through `agents_by_type`. `copy.deepcopy`, `copy.copy`
    and pickles give independent models that go on as the original does, to the last bit.
    """

    specification: Scenario = fixed("specification", lambda market: market._specification)
    replicate: int = fixed("replicate", lambda market: market._replicate)
    branch: str = fixed("branch", lambda market: market._branch)
    inputs: DatedInputs = fixed("inputs", lambda market: market._inputs)
    state: State = fixed("state", lambda market: market._state)
    datacollector: ClassVar = CollectedPanel()

    def __init__(
        self,
        scenario: Scenario,
        replicate: int | None = None,
        *,
        branch: str = BASELINE,
        lineage: Lineage | None = None,
        rng: Any = NOT_GIVEN,
    ) -> None:
        """Build the market at the start of its burn-in, or go on from where a lineage comes from.

        `replicate` (0 by default) numbers the random history. `rng` is Mesa's word for it, as
        `mesa.batch_run` gives it: a whole number is the replicate, None a replicate by chance.
        """
        replicate = replicate_of(replicate, rng)
        check_branch(branch, is_fork=lineage is not None)
        if lineage:
            check_fork(Fork(branch, scenario, replicate), lineage)
        super().__init__(
            MesaScenario(rng=0, specification=scenario, replicate=replicate, branch=branch)
        )
        self._specification, self._replicate, self._branch = scenario, replicate, branch
        origin = lineage.origin if lineage else None
        self._inputs = origin.inputs if origin else dated_inputs(scenario)
        self._state = (
            origin.state.fork() if origin else opening_state(scenario, replicate, self.inputs)
        )
        self.posts_wages_of = (
            lineage.baseline if lineage and branch == POLICY_AT_BASELINE_WAGES else None
        )
        self.log_wages: dict[int, Array] = (
            dict(origin.log_wages) if origin and branch == BASELINE else {}
        )
        self._is_resuming = False
        self.regulator = MigrationRegulator(self)
        self.agencies = [
            DispatchAgency(self, number, group)
            for number, group in enumerate(scenario.population.values())
            if isinstance(group, ContractCrew)
        ]
        self._announce(self.month, origin)
        if origin:
            self._resume()
        self.running = self.month < scenario.months

    def step(self) -> None:
        """One calendar month.

        Raises ValueError after the scenario's last, when `running` is False: there is no room to
        record another.
        """
        if self._is_resuming:
            self.time = float(self.mesa_time(self.month))
            return
        # The order is that of knowledge and of bodies: plans are made at last month's wages, wages
        # are posted before anybody looks for work, and whoever is hired this month builds this
        # month.
        self.begin_month(self.month)
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
        self.end_month()

    def begin_month(self, month: int) -> None:
        """Refuse a month for which there is no room, and one after a month that broke off."""
        if (
            not -BURN_IN_MONTHS <= month < self.specification.months
            or self._month_begun is not None
        ):
            self.check_settled("run")
            self.check_end(self.mesa_time(month + 1))
        self._month_begun = month

    def end_month(self) -> None:
        """Let `running` say that no month follows the last."""
        if self._month_begun == self.specification.months - 1:
            self.running = False
        self._month_begun = None

    def check_end(self, end_time: float) -> None:
        """Refuse to run beyond the last month, and beyond the baseline whose wages are posted."""
        self.check_month()
        months = self.specification.months
        if end_time >= self.mesa_time(months + 1):
            raise ValueError(
                f"months: the scenario ends after {months} months; for a longer run set months "
                f"(at most {LAST_MONTH}) higher"
            )
        if self.posts_wages_of is not None and end_time >= self.mesa_time(self.month + 1):
            self.posts_wages_of.wages_posted_in(math.floor(end_time) - BURN_IN_MONTHS - 1)

    def check_month(self) -> None:
        """Refuse a month that somebody has written into what is in force, outside the panel."""
        if not -BURN_IN_MONTHS <= self.month <= self.specification.months:
            raise ValueError(f"month: {self.month} is not a month of this scenario")

    def apply_policy(self) -> None:
        """Bring the month's dated inputs and decisions into force; open its streams of draws."""
        for agency in self.agencies if self.state.now["expulsion"].item() else ():
            quota = int(self.state.groups[agency.group]["quota"])
            self.state.groups_now[agency.group]["dispatch_wanted"] = agency.workers_wanted(
                self.in_force, quota
            )
        open_month(self.state)

    def review_papers(self) -> None:
        """Review papers: who must leave, who leaves, evades or is found; whose stay is over."""
        review_papers(self.state)

    def end_jobs(self) -> None:
        """Jobs end, workers leave construction, last month's layoffs are carried out."""
        end_jobs(self.state)

    def take_orders(self) -> None:
        """Firms set prices and take new orders."""
        take_orders(self.state)

    def plan_hiring(self) -> None:
        """Firms set output targets, plan labour and open vacancies."""
        plan_hiring(self.state)

    def set_wages(self) -> None:
        """Firms post wages by their rule, or those that the baseline posted this month."""
        if self.posts_wages_of is None:
            set_wages(self.state)
        else:
            self.state.baseline_log_wages[:] = self.posts_wages_of.wages_posted_in(self.month)
            post_baseline_wages(self.state)
        if self.branch == BASELINE:
            # A policy branch at baseline wages posts them, month by month.
            self.log_wages[self.month] = self.state.cells["log_wage"].copy()

    def seek_work(self) -> None:
        """Workers outside construction decide whether to look for work, by nationality."""
        seek_work(self.state)

    def match(self) -> None:
        """Seekers and vacancies meet in four weekly rounds of applications."""
        match(self.state)

    def build(self) -> None:
        """Firms build, complete what is under way and adjust their technology."""
        build(self.state)

    def pay(self) -> None:
        """Workers are paid; the sending state takes its levy."""
        pay(self.state)

    def record(self) -> None:
        """Write the month's row of the panel; then the calendar turns."""
        if NORMAL_MEASURED_FROM <= self.month <= NORMAL_MEASURED_TO:
            self.state.trades["unfilled_share_sum"] += self.state.trades["unfilled_share"]
            for measured in ("log_tightness", "log_seekers"):
                self.in_force[f"{measured}_sum"] += self.in_force[measured]
        record(self.state)

    def own_actors(self) -> list[mesa.Agent[Any]]:
        """The state actors: regulator and agencies."""
        return [self.regulator, *self.agencies]

    @property
    def agents(self) -> AllAgents:
        """State actors and workers."""
        return AllAgents(super().agents, all_workers(self))

    @property
    def agents_by_type(self) -> dict[type, Any]:
        """Agents by class: `agents_by_type[NorthKoreanWorker].agg("wage_rub", np.mean)`."""
        return {**super().agents_by_type, **worker_sets(self)}

    @property
    def agent_types(self) -> list[type]:
        """Classes of the agents."""
        return list(self.agents_by_type)

    @property
    def panel(self) -> Panel:
        """The monthly measures so far."""
        return Panel(*(getattr(self.state, name) for name in Panel._fields))

    @property
    def month(self) -> int:
        """Month, counted from `start`, that is being simulated or comes next."""
        return int(self.state.now["month"].item())

    @property
    def in_force(self) -> np.void:
        """The record (state.NOW) of what is in force this month."""
        return self.state.now[0]  # type: ignore[no-any-return]

    def mesa_time(self, month: int) -> int:
        """Mesa time at the start of a month."""
        return month + BURN_IN_MONTHS

    def run_to_end(self) -> None:
        """Simulate up to the scenario's last month."""
        self.run_until(self.mesa_time(self.specification.months))

    def run_to(self, month: int) -> None:
        """Simulate up to the start of a month."""
        self.run_until(self.mesa_time(month))

    def fork(
        self, branch: str, scenario: Scenario | None = None, baseline: LabourMarket | None = None
    ) -> LabourMarket:
        """A branch that goes on from here on arrays of its own, under this or another policy.

        A baseline may fork after the policy has begun to bind: what was decided by then comes into
        force at once. A policy branch may fork under another policy that decided the same so far.
        A policy branch at baseline wages posts those of `baseline`, by default this one.

        Raises ValueError, with every reason, for a fork that cannot go on from these arrays: before
        the first month is simulated, or for a scenario that differs in more than policy and levers.
        """
        self.check_settled("forked")
        self.check_month()
        return LabourMarket(
            scenario or self.specification,
            self.replicate,
            branch=branch,
            lineage=Lineage(self, baseline or self.posts_wages_of or self),
        )

    def wages_posted_in(self, month: int) -> Array:
        """Log wages this baseline posted in a month: f8[C].

        Raises ValueError if it has not simulated that month.
        """
        if month not in self.log_wages:
            raise ValueError(
                f"the baseline has not yet simulated month {month}: run it before its policy "
                "branch at baseline wages"
            )
        return self.log_wages[month]

    def call_in_work_papers(self) -> None:
        """Have every crew member on a work paper reviewed in the coming month (the deadline)."""
        crews = np.flatnonzero(self.state.groups["is_crew"])
        # Papers under cover and the queue are reviewed every month anyway.
        affected = np.isin(self.state.workers["group"], crews) & (
            self.state.workers["paper"] == WORK
        )
        self.state.next_event[affected] = self.month

    def free_wages(self) -> None:
        """Let firms set wages, as the first burn-in year is over.

        Unfilled shares, tightness and seekers of that year are the normal ones from now on.
        """
        self.in_force["wages_free"] = 1
        months = NORMAL_MEASURED_TO - NORMAL_MEASURED_FROM + 1
        self.state.trades["normal_unfilled_share"] = (
            self.state.trades["unfilled_share_sum"] / months
        )
        for measured in ("log_tightness", "log_seekers"):
            self.in_force[f"{measured}_normal"] = self.in_force[f"{measured}_sum"] / months

    def settle_normal_backlog(self) -> None:
        """Take order books after 18 burn-in months, over the market's pressure, as normal.

        A firm whose order book is empty keeps the normal order book that it had.
        """
        firms = self.state.firms
        # What all firms have in common is the market's pressure, which prices answer; what tells
        # them apart is normal for each.
        pressure = added_up(firms["backlog"]) / added_up(firms["normal_backlog"])
        with_orders = firms["backlog"] > 0.0
        firms["normal_backlog"][with_orders] = firms["backlog"][with_orders] / pressure

    def _announce(self, month: int, origin: LabourMarket | None) -> None:
        """Schedule everything that binds from `month` on in this kind of branch.

        A fork knows what is in force in its origin; a policy branch forked late from the baseline
        first catches up with its policy.
        """
        announcements = market_announcements(self.specification)
        if origin:
            self.regulator.in_force = list(origin.regulator.in_force)
        if self.branch != BASELINE:
            decided = policy_announcements(self.specification)
            if origin and origin.branch == BASELINE:
                self.regulator.catch_up(each for each in decided if each.month < month)
            announcements += decided
        self.regulator.announce(sorted(announcements, key=lambda each: each.month), month)
        for binds, event in (
            (WAGES_FREE_FROM, self.free_wages),
            (BACKLOG_SETTLED_FROM, self.settle_normal_backlog),
        ):
            if binds >= month:
                self.schedule_event(event, at=self.mesa_time(binds) + 0.5)

    def _resume(self) -> None:
        """Move a fork's clock to its month: Mesa's first scheduled step passes without acting."""
        self._is_resuming = True
        self.step()
        self._is_resuming = False
        self.steps = self.mesa_time(self.month)
        self.time = float(self.mesa_time(self.month))
