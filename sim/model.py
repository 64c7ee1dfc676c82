"""LabourMarket: a region's construction labour market as a Mesa model; one step is one calendar month."""

from __future__ import annotations

from typing import Any, NamedTuple

import mesa
import numpy as np
from mesa.experimental.scenarios import Scenario as MesaScenario

from sim.agents.all_agents import AllAgents
from sim.agents.state_actors import DispatchAgency, MigrationRegulator
from sim.agents.worker_set import all_workers, worker_sets
from sim.engine.panel import Panel
from sim.engine.state import State
from sim.engine.worker_columns import BURN_IN_MONTHS, CONTRACT_CREW, WORK, Array
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

BASELINE, POLICY, POLICY_AT_BASELINE_WAGES = "baseline", "policy", "policy_at_baseline_wages"
WAGES_FREE_FROM = -12
NORMAL_MEASURED_FROM, NORMAL_MEASURED_TO = -21, -13
BACKLOG_SETTLED_FROM = -6


class Lineage(NamedTuple):
    """Where a fork comes from: the run it goes on from, and the baseline whose wages a policy branch at baseline wages posts."""

    origin: LabourMarket
    baseline: LabourMarket


class LabourMarket(mesa.Model[Any, Any]):
    """One run of one replicate.

    Mesa time is months since the start of the burn-in: `month` = time - 24. The baseline is built from a scenario; policy and policy_at_baseline_wages
    runs are forks of it (`fork`). Workers live in columns (`state.workers`), seen as Mesa agents through `agents_by_type`.
    """

    def __init__(
        self,
        scenario: Scenario,
        replicate: int = 0,
        *,
        branch: str = BASELINE,
        lineage: Lineage | None = None,
    ) -> None:
        super().__init__(
            scenario=MesaScenario(rng=0, specification=scenario, replicate=replicate, branch=branch)
        )
        self.specification, self.replicate, self.branch = scenario, replicate, branch
        origin = lineage.origin if lineage else None
        self.inputs: DatedInputs = origin.inputs if origin else dated_inputs(scenario)
        self.state: State = (
            origin.state.fork() if origin else opening_state(scenario, replicate, self.inputs)
        )
        self.posts_wages_of = (
            lineage.baseline if lineage and branch == POLICY_AT_BASELINE_WAGES else None
        )
        self.log_wages: dict[int, Array] = {}
        self._is_resuming = False
        self.regulator = MigrationRegulator(self)
        self.agencies = [
            DispatchAgency(self, number, group)
            for number, group in enumerate(scenario.population.values())
            if isinstance(group, ContractCrew)
        ]
        self._announce(self.month, late=origin is not None and origin.branch == BASELINE)
        if origin:
            self._resume()

    def step(self) -> None:
        """One calendar month. Raises ValueError after the scenario's last: there is no room to record it."""
        if self._is_resuming:
            self.time = float(self.mesa_time(self.month))
            return
        if self.month >= self.specification.months:
            raise ValueError(
                f"months: the scenario ends after {self.specification.months} months; for a longer run set months (at most 126) higher"
            )
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
        """Bring the month's dated inputs and decisions into force, and open its streams of draws."""
        for agency in self.agencies if self.state.now["expulsion"].item() else ():
            quota = int(self.state.groups[agency.group]["quota"])
            self.state.groups_now[agency.group]["dispatch_wanted"] = agency.workers_wanted(
                self.in_force, quota
            )
        open_month(self.state)

    def review_papers(self) -> None:
        """Who is due to leave, who leaves, who evades, who is found; whose stay is over."""
        review_papers(self.state)

    def end_jobs(self) -> None:
        """Ended jobs, leavers, last month's layoffs."""
        end_jobs(self.state)

    def take_orders(self) -> None:
        """Prices and new orders."""
        take_orders(self.state)

    def plan_hiring(self) -> None:
        """Targets, plans, vacancies."""
        plan_hiring(self.state)

    def set_wages(self) -> None:
        """Posted wages: by the firms' rule, or the baseline's in a policy branch at baseline wages."""
        if self.posts_wages_of is None:
            set_wages(self.state)
        else:
            self.state.baseline_log_wages[:] = self.posts_wages_of.wages_posted_in(self.month)
            post_baseline_wages(self.state)
        if self.branch == BASELINE and self.month >= 0:
            self.log_wages[self.month] = self.state.cells["log_wage"].copy()

    def seek_work(self) -> None:
        """Each nationality by its own rule."""
        seek_work(self.state)

    def match(self) -> None:
        """Four weekly rounds of applications."""
        match(self.state)

    def build(self) -> None:
        """Output, backlog, completions, technology."""
        build(self.state)

    def pay(self) -> None:
        """Pay, and what the sending state keeps of it."""
        pay(self.state)

    def record(self) -> None:
        """The month's row; then the calendar turns."""
        if NORMAL_MEASURED_FROM <= self.month <= NORMAL_MEASURED_TO:
            self.state.trades["unfilled_share_sum"] += self.state.trades["unfilled_share"]
            self.in_force["log_tightness_sum"] += self.in_force["log_tightness"]
        record(self.state)

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
        """A run that goes on from here on arrays of its own, under this or another policy; a policy branch at baseline wages reads the baseline's wages.

        A baseline may fork after its policy has begun to bind: what was decided by then comes into force at once.

        Raises ValueError before the first month is simulated: there is no history to share yet.
        """
        if self.month == -BURN_IN_MONTHS:
            raise ValueError("nothing is simulated yet: run at least one month before forking")
        return LabourMarket(
            scenario or self.specification,
            self.replicate,
            branch=branch,
            lineage=Lineage(self, baseline or self),
        )

    def wages_posted_in(self, month: int) -> Array:
        """Log wages this baseline posted in a month: f8[C]. Raises ValueError if it has not simulated that month."""
        if month not in self.log_wages:
            raise ValueError(
                f"the baseline has not yet simulated month {month}: run it before its policy branch at baseline wages"
            )
        return self.log_wages[month]

    def call_in_work_papers(self) -> None:
        """Have every crew member on a work paper reviewed in the coming month (the deadline)."""
        crews = np.flatnonzero(self.state.groups["kind"] == CONTRACT_CREW)
        affected = np.isin(self.state.workers["group"], crews) & (
            self.state.workers["paper"] == WORK
        )
        self.state.next_event[affected] = self.month

    def free_wages(self) -> None:
        """After the first burn-in year firms set wages; the unfilled share and the tightness seen so far are the normal ones."""
        self.in_force["wages_free"] = 1
        months = NORMAL_MEASURED_TO - NORMAL_MEASURED_FROM + 1
        self.state.trades["normal_unfilled_share"] = (
            self.state.trades["unfilled_share_sum"] / months
        )
        self.in_force["log_tightness_normal"] = self.in_force["log_tightness_sum"] / months

    def settle_normal_backlog(self) -> None:
        """Each firm's normal order book is that of the 18th burn-in month at the market's pressure."""
        firms = self.state.firms
        pressure = added_up(firms["backlog"]) / added_up(firms["normal_backlog"])
        firms["normal_backlog"] = firms["backlog"] / pressure

    def _announce(self, month: int, late: bool) -> None:
        """Schedule everything that binds from `month` on, in this kind of run; a late fork of the baseline first catches up with its policy."""
        announcements = market_announcements(self.specification)
        if self.branch != BASELINE:
            decided = policy_announcements(self.specification)
            self.regulator.catch_up(
                announcement for announcement in decided if late and announcement.month < month
            )
            announcements += decided
        self.regulator.announce(sorted(announcements, key=lambda a: a.month), month)
        for binds, event in (
            (WAGES_FREE_FROM, self.free_wages),
            (BACKLOG_SETTLED_FROM, self.settle_normal_backlog),
        ):
            if binds >= month:
                self.schedule_event(event, at=self.mesa_time(binds) + 0.5)

    def _resume(self) -> None:
        """Move a fork's calendar to its month: Mesa's first scheduled step passes without acting."""
        self._is_resuming = True
        self.step()
        self._is_resuming = False
        self.time = float(self.mesa_time(self.month))
