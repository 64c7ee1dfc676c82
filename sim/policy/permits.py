"""The expulsion's dates: no new contracts (UNSCR 2375), adoption and deadline (UNSCR 2397)."""

from __future__ import annotations

import datetime as dt

from sim.calendar import first_month_from, month_containing
from sim.policy.announcements import Announcement, Governed, setting
from sim.scenario import Policy
from sim.workers.contract_crew import CONTRACTS_NEVER, CONTRACTS_PRESIGNED


def permit_announcements(policy: Policy, start: dt.date) -> list[Announcement]:
    """The dated decisions on contracts and permits, in order."""
    decisions = []
    if policy.new_contracts_end_from:
        month = first_month_from(policy.new_contracts_end_from, start)
        decisions.append(
            Announcement(
                month,
                "no new contracts",
                setting(new_contracts=CONTRACTS_PRESIGNED, presigned=policy.presigned),
            )
        )
    if policy.adopted_from:
        month = first_month_from(policy.adopted_from, start)
        known = (
            {"announced_deadline": month_containing(policy.leave_by, start)}
            if (policy.leave_by)
            else {}
        )
        rules = setting(
            new_contracts=CONTRACTS_NEVER, permit_renewal=policy.permit_renewal, **known
        )
        decisions.append(Announcement(month, "resolution adopted", rules))
    if policy.leave_by:
        month = month_containing(policy.leave_by, start)
        decisions.append(Announcement(month, "deadline to leave", call_in_everyone))
    return decisions


def call_in_everyone(market: Governed) -> None:
    """Oblige everyone on a work paper without a place to leave this month, and end replacement.

    Happens once, in the month at hand: a fork after the deadline does it in its first month.
    """
    setting(deadline=market.month, new_contracts=CONTRACTS_NEVER)(market)
    market.call_in_work_papers()
