"""All dated decisions of a run in the order in which they bind."""

from __future__ import annotations

from sim.calendar import first_month_from
from sim.policy.announcements import Announcement, setting
from sim.policy.enforcement import enforcement_announcement
from sim.policy.levers import lever_announcements
from sim.policy.permits import permit_announcements
from sim.scenario import Scenario


def market_announcements(scenario: Scenario) -> list[Announcement]:
    """What comes in every run, the baseline included: a border that closes anyway."""
    closed = scenario.market.border_closed_from
    if closed is None:
        return []
    return [
        Announcement(
            first_month_from(closed, scenario.start), "border closed", setting(border_closed=1)
        )
    ]


def policy_announcements(scenario: Scenario) -> list[Announcement]:
    """What the baseline does not see: the expulsion and the levers."""
    permits = permit_announcements(scenario.policy, scenario.start)
    expulsion = (
        [enforcement_announcement(scenario, min(a.month for a in permits)), *permits]
        if permits
        else []
    )
    return sorted(
        [*expulsion, *lever_announcements(scenario)], key=lambda announcement: announcement.month
    )


def divergence_month(scenario: Scenario) -> int | None:
    """First month in which the policy branch can differ from the baseline; None if it never can.

    A ban on new contracts changes nothing yet while all of them were presigned.
    """
    policy = scenario.policy
    decisions = permit_announcements(policy, scenario.start)
    ban_is_silent = policy.new_contracts_end_from is not None and policy.presigned >= 1.0
    biting = [*decisions[int(ban_is_silent) :], *lever_announcements(scenario)]
    return min(
        (announcement.month for announcement in biting if announcement.month < scenario.months),
        default=None,
    )


def fork_month(scenario: Scenario) -> int | None:
    """First simulated month in which the policy or a lever binds; None if nothing ever does."""
    months = [
        announcement.month
        for announcement in policy_announcements(scenario)
        if announcement.month < scenario.months
    ]
    return min(months) if months else None
