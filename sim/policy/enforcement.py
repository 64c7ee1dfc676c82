"""How far an expulsion is carried out: compliance, inspections, transport and places kept."""

from __future__ import annotations

from sim.policy.announcements import Announcement, setting
from sim.scenario import ContractCrew, Scenario

NO_LIMIT = -1


def construction_places(scenario: Scenario) -> int:
    """Places that the carve-out leaves to crews in construction, in workers of the model.

    Workers retained in all sectors x construction's share (head-weighted over crews) x scale.
    """
    crews = [group for group in scenario.population.values() if isinstance(group, ContractCrew)]
    heads = sum(crew.heads for crew in crews)
    if heads == 0:
        return 0
    # The carve-out counts workers of all sectors, and the model has one of them.
    share = sum(crew.heads * crew.construction_share for crew in crews) / heads
    return int(scenario.policy.retained_workers * share * scenario.market.scale + 0.5)


def enforcement_announcement(scenario: Scenario, month: int) -> Announcement:
    """Enforcement as of the policy's first date."""
    policy = scenario.policy
    transport = (
        NO_LIMIT
        if policy.transport_per_month is None
        else policy.transport_per_month * scenario.market.scale
    )
    return Announcement(
        month,
        "enforcement begins",
        setting(
            expulsion=1,
            compliance=policy.compliance,
            quiet_renewal=policy.quiet_renewal,
            inspection_rate=policy.inspection_rate,
            transport_per_month=transport,
            places=construction_places(scenario),
        ),
    )
