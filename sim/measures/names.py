"""What a market and its people are called.

The words stand in evidence/markets.yaml and senders.yaml; others go by their groups and region.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.inputs.dated_inputs import reported_markets, senders, series
from sim.inputs.evidence_files import ReportedMarket
from sim.scenario import Scenario

CREW = "contract_crew"


def nationality(group: str) -> str:
    """'Border Commuter' of border_commuter."""
    return group.replace("_", " ").title()


def crew_words(kinds: Mapping[str, str]) -> str:
    """Those whom the expulsion concerns: their usual name, or 'Nepali and Indian workers'."""
    names = crews_of(kinds)
    if len(names) == 1 and names[0] in senders():
        return senders()[names[0]].people
    return f"{' and '.join(nationality(name) for name in names)} workers" if names else "crews"


def sender_words(kinds: Mapping[str, str], capital: bool = False) -> str:
    """Who takes the levy: a state known to send crews, or its capital; else the sending state."""
    names = crews_of(kinds)
    if len(names) != 1 or names[0] not in senders():
        return "the sending state"
    sender = senders()[names[0]]
    return sender.capital if capital else sender.state


def place_words(market: str, region: str) -> str:
    """The market's short name, or its region."""
    return reported_markets()[market].place if market in reported_markets() else region


def reported_of(scenario: Scenario) -> ReportedMarket | None:
    """What is reported of the scenario's market; None of any other."""
    return reported_markets().get(scenario.market.name)


def has_reported_crews(scenario: Scenario) -> bool:
    """Whether its crews are those whose numbers elsewhere are reported, to scale losses by."""
    market = reported_of(scenario)
    return market is not None and set(
        crews_of({name: group.kind for name, group in scenario.population.items()})
    ) <= {market.crews}


def crews_of(kinds: Mapping[str, str]) -> list[str]:
    """Names of the groups sent by a state."""
    return [name for name, kind in kinds.items() if kind == CREW]


def money_of(scenario: Scenario) -> str:
    """The money of wages, by the unit of the exchange rate: a code, or local currency."""
    return series()[scenario.market.inputs.rub_per_usd].unit.removesuffix(" per USD")
