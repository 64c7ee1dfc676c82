"""The two state actors: ordinary Mesa agents that decide for the whole market."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import mesa
import numpy as np

from sim.engine.panel import ByGroup, ByGroupTrade, ByPaper
from sim.engine.worker_columns import BURN_IN_MONTHS, WORK
from sim.policy.announcements import Announcement
from sim.policy.permits import permit_announcements
from sim.scenario import ContractCrew
from sim.structure import Evasion
from sim.workers.contract_crew import (
    agency_experience,
    dispatched_workers,
    margin_after_finds,
    replacements_wanted,
)


class MigrationRegulator(mesa.Agent[Any]):
    """Sets permits, quotas, inspections and transport.

    Its announcements are Mesa events half a month before they bind.
    """

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self.in_force: list[Announcement] = []
        self._coming: list[Announcement] = []

    def announce(self, announcements: Iterable[Announcement], month: int) -> None:
        """Schedule what binds from `month` on; what bound before is already in force."""
        for announcement in announcements:
            if announcement.month < month:
                continue
            self._coming.append(announcement)
            self.model.schedule_event(
                self.put_in_force, at=self.model.mesa_time(announcement.month) + 0.5
            )

    def catch_up(self, announcements: Iterable[Announcement]) -> None:
        """Carry out at once, in the order given, what has bound before."""
        for announcement in announcements:
            self.carry_out(announcement)

    def put_in_force(self) -> None:
        """Carry out the next announcement (events come in order of their months)."""
        self.carry_out(self._coming.pop(0))

    def carry_out(self, announcement: Announcement) -> None:
        """Change what is in force."""
        announcement.change(self.model)
        self.in_force.append(announcement)


class DispatchAgency(mesa.Agent[Any]):
    """Sends new workers under cover while the expulsion is on, as far as the levy pays for it."""

    def __init__(self, model: Any, group: int, crew: ContractCrew) -> None:
        super().__init__(model)
        self.group = group
        self.crew = crew
        scenario = model.specification
        decisions = permit_announcements(scenario.policy, scenario.start)
        self.first_month = min((decision.month for decision in decisions), default=0)
        self.replaces = scenario.structure.evasion == Evasion.REPLACEMENT.key

    def workers_wanted(self, now: np.void, quota: int) -> float:
        """New workers this month, before rounding; none before the expulsion."""
        if not now["expulsion"]:
            return 0.0
        crew = self.crew
        levy_usd = crew.contract_price_usd * crew.levy_share
        if self.replaces:
            return self.replacements_wanted(now, quota, levy_usd)
        return dispatched_workers(
            crew.dispatch_rate_per_month,
            float(quota),
            float(now["compliance"]),
            crew.agency_cost_usd,
            levy_usd,
        )

    def replacements_wanted(self, now: np.void, quota: int, levy_usd: float) -> float:
        """Workers this month who replace lost legal places, by what is known from past months."""
        crew, panel, past = self.crew, self.model.panel, self.model.month + BURN_IN_MONTHS
        if quota == 0:
            return 0.0
        by_paper = panel.of(ByPaper.HEADS_EMPLOYED_BY_PAPER)[past - 1, self.group]
        found, covered = (
            float(panel.of(fate)[:past, self.group].sum())
            for fate in (ByGroup.CREW_FOUND, ByGroup.CREW_UNDER_COVER)
        )
        sent = covered + float(panel.of(ByGroupTrade.DISPATCHED)[:past, self.group].sum())
        months = self.model.month - self.first_month
        return replacements_wanted(
            max(0.0, quota - float(by_paper.sum())),
            max(0.0, 1.0 - float(by_paper[WORK]) / quota),
            crew.replacement_rate_per_month,
            float(now["compliance"]),
            agency_experience(months, crew.agency_learning_months)
            * margin_after_finds(crew.agency_cost_usd, levy_usd, found, sent),
        )
