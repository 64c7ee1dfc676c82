"""Rules of the model that compete: for each of them the alternatives, and which one is chosen.

sim/ODD.md, from section 7.14 on, has the literature, the equation and the prior of each
alternative, and what would tell it from the shipped one.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, Any, Self, get_type_hints


class Rule(IntEnum):
    """Alternatives of a rule, the shipped one first; kernels tell them apart by their numbers."""

    meaning: str

    def __new__(cls, meaning: str) -> Self:
        """The next number."""
        alternative = int.__new__(cls, len(cls.__members__))
        alternative._value_ = len(cls.__members__)
        alternative.meaning = meaning
        return alternative

    @property
    def key(self) -> str:
        """Its name in configurations."""
        return self.name.lower()


class Evasion(Rule):
    """How crew members who are obliged to leave evade it."""

    CONSTANT = "each decides once, with the same probability in every month"
    REPLACEMENT = "the agency replaces lost legal places under other papers, and learns to"
    DEADLINE = "departures and other papers are put off to the last months before the deadline"


class MigrantEntry(Rule):
    """What brings temporary migrants."""

    PAY = "candidates come by mean pay over pay at home, under one quota"
    VACANCIES = "employers recruit for the vacancies that they had some months ago"
    NETWORKS = "candidates come the likelier the more compatriots are there"
    STEPPED_QUOTAS = "the quota is revised once a year by how far it was used"


class WageSetting(Rule):
    """How posted wages move."""

    SCARCITY = "unfilled vacancies raise wages, and money wages are never cut"
    TWO_WAY = "slack lowers wages as scarcity raises them, more slowly"
    STAGGERED = "each firm sets its wages anew once in the length of a contract"
    WAGE_CURVE = "wages answer to the share of seekers along a wage curve"
    BARGAINING = "worker and firm share what labour is worth above pay outside"


class Technology(Rule):
    """What makes firms save labour."""

    LABOUR_VALUE = "labour-saving technology follows the value of labour"
    VACANCIES = "labour-saving technology follows unfilled vacancies"
    STEPS = "a firm buys a machine once, when what it saves exceeds a fixed cost"


class ProductionTeams(Rule):
    """How the labour of a trade adds up."""

    POOLED = "all workers of a trade in a firm count together"
    TEAMS = "trades work in teams, and whoever has no team stands idle in part"
    SITES = "sites that are too short of labour shut"


class Separations(Rule):
    """Who loses a job."""

    ONE_RATE = "jobs end at one rate for everybody of a group, layoffs are by lot"
    LAST_IN_FIRST_OUT = "those hired last are laid off first"
    SENIORITY = "jobs end the rarer the longer they have lasted, and layoffs need notice"


class CrewCost(Rule):
    """What crews cost their firms."""

    STANDARD = "a crew's labour costs its firm what other labour costs"
    CONTRACT_PRICE = "a crew's labour costs its firm the contract price"


class Demand(Rule):
    """What customers order by."""

    PRICE = "orders follow the price alone"
    HOUSEHOLDS = "those who leave construction also take their demand for dwellings along"
    WAITING = "investors wait where order books are long"


class DemandPath(Rule):
    """How orders at unchanged prices move over time."""

    EVEN = "orders at unchanged prices grow evenly"
    SHOCKS = "shocks that hit the whole market, and seasons, move orders at unchanged prices"


@dataclass(frozen=True)
class Structure:
    """Which alternative of each rule is in force."""

    evasion: Annotated[str, Evasion]
    migrant_entry: Annotated[str, MigrantEntry]
    wages: Annotated[str, WageSetting]
    technology: Annotated[str, Technology]
    production: Annotated[str, ProductionTeams]
    separations: Annotated[str, Separations]
    crew_cost: Annotated[str, CrewCost]
    demand: Annotated[str, Demand]
    demand_path: Annotated[str, DemandPath]


@functools.cache
def rules() -> Mapping[str, type[Rule]]:
    """The alternatives of each rule, by the key of the rule."""
    hints: dict[str, Any] = get_type_hints(Structure, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


def alternative_of(structure: Structure, rule: str) -> Rule:
    """The alternative of a rule that is in force."""
    return rules()[rule][getattr(structure, rule).upper()]


def is_in_force(structure: Structure, alternative: Rule) -> bool:
    """Whether an alternative is the one that is in force."""
    return any(
        kind is type(alternative) and getattr(structure, name) == alternative.key
        for name, kind in rules().items()
    )


def rivals_in_force(structure: Structure) -> dict[str, Rule]:
    """The alternatives in force that are not the shipped ones, by the key of their rule."""
    in_force = {name: alternative_of(structure, name) for name in rules()}
    return {name: alternative for name, alternative in in_force.items() if alternative != 0}


def structure_text(chosen: Mapping[str, str]) -> str:
    """One sentence on the rules under which a result is computed. chosen: alternative by rule."""
    rivals = [
        f"{in_words(name)} by {in_words(key)} ({rules()[name][key.upper()].meaning})"
        for name, key in chosen.items()
        if rules()[name][key.upper()] != 0
    ]
    if not rivals:
        listed = "; ".join(f"{in_words(name)}: {in_words(key)}" for name, key in chosen.items())
        return f"Computed under the shipped rules ({listed})."
    others = "" if len(rivals) == len(chosen) else "; the other rules are the shipped ones"
    return f"Computed under rules that rival the shipped ones: {'; '.join(rivals)}{others}."


def in_words(key: str) -> str:
    """A key as it is read: without underscores."""
    return key.replace("_", " ")
