"""What a market and its people are called: the krai's names for the krai, and those of its groups and region for any other market."""

from __future__ import annotations

from collections.abc import Mapping

from sim.inputs import series
from sim.scenario import Scenario

KRAI, NORTH_KOREAN, CREW = "primorye", "north_korean", "contract_crew"


def nationality(group: str) -> str:
    """'North Korean' of north_korean."""
    return group.replace("_", " ").title()


def crew_words(kinds: Mapping[str, str]) -> str:
    """Those whom the expulsion concerns, of the kind of each group: 'North Koreans', 'Nepali and Indian workers'."""
    names = [name for name, kind in kinds.items() if kind == CREW]
    if names == [NORTH_KOREAN]:
        return "North Koreans"
    return f"{' and '.join(nationality(name) for name in names)} workers" if names else "crews"


def sender_words(market: str, kinds: Mapping[str, str], capital: bool = False) -> str:
    """Who takes the levy: North Korea, by its capital Pyongyang if so asked, else the sending state."""
    if not are_krai_crews(market, kinds):
        return "the sending state"
    return "Pyongyang" if capital else "North Korea"


def are_krai_crews(market: str, kinds: Mapping[str, str]) -> bool:
    """Whether the crews are the krai's: what is known of North Korea's revenue elsewhere may be set beside them."""
    return market == KRAI and {name for name, kind in kinds.items() if kind == CREW} <= {NORTH_KOREAN}


def only_north_koreans(scenario: Scenario) -> bool:
    """The same of a scenario."""
    return are_krai_crews(scenario.market.name, {name: group.kind for name, group in scenario.population.items()})


def place_words(market: str, region: str) -> str:
    """'the krai', or the region of another market."""
    return "the krai" if market == KRAI else region


def money_of(scenario: Scenario) -> str:
    """The money wages are counted in, by the unit of the market's exchange rate: RUB, or local currency."""
    return series()[scenario.market.inputs.rub_per_usd].unit.removesuffix(" per USD")
