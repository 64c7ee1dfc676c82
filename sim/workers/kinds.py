"""Kinds of workers, each declared once: what its configuration holds and which rules apply to it.

Kernels ask the record of a group for a trait. They ask for its kind in two places only, where each
kind has a rule of its own: how outsiders come (sim/verbs/seek_work.py) and who is where at the
start (sim/opening_placement.py).
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple, Self

from sim.scenario import Commuter, ContractCrew, Resident, TemporaryMigrant


class Traits(NamedTuple):
    """Which rules apply to a kind."""

    is_crew: bool = False
    """Sent by a state, which takes a levy: papers reviewed, paid in USD, never laid off."""
    has_stays: bool = False
    """Leaves when the months of a stay are over."""
    has_events: bool = False
    """Reconsiders, searches on the job and loses jobs at hazard rates."""
    is_local: bool = False
    """May be trained, and gets a relocation grant for entering construction."""
    compares_home_pay: bool = False
    """Weighs the pay on offer against a dated series of pay at home."""
    follows_head_series: bool = False
    """Its head count follows a dated series."""


class Declared(NamedTuple):
    """Where the configuration of a kind says how many there are, and at which rates they act."""

    configuration: type[Any]
    rows: tuple[str, ...]
    at_start: tuple[str, ...]
    hazard_rates: tuple[str, ...]
    traits: Traits


class Kind(IntEnum):
    """A kind's number in the record of a group, with what was declared of it."""

    configuration: type[Any]
    rows: tuple[str, ...]
    """Numbers of workers that add up to the rows of a group."""
    at_start: tuple[str, ...]
    """Numbers of workers at work when the simulation starts, beside those of a dated series."""
    hazard_rates: tuple[str, ...]
    """Rates a month of events that exclude one another, so that they sum to less than 1."""
    traits: Traits

    def __new__(
        cls,
        configuration: type[Any],
        rows: tuple[str, ...],
        at_start: tuple[str, ...],
        hazard_rates: tuple[str, ...],
        traits: Traits,
    ) -> Self:
        """The next number."""
        kind = int.__new__(cls, len(cls.__members__))
        kind._value_ = len(cls.__members__)
        kind.configuration, kind.rows, kind.at_start = configuration, rows, at_start
        kind.hazard_rates, kind.traits = hazard_rates, traits
        return kind

    @property
    def key(self) -> str:
        """Its name in configurations."""
        return self.name.lower()

    CONTRACT_CREW = Declared(
        ContractCrew,
        rows=("heads",),
        at_start=("heads",),
        hazard_rates=(),
        traits=Traits(is_crew=True),
    )
    TEMPORARY_MIGRANT = Declared(
        TemporaryMigrant,
        rows=("tied_heads", "candidates"),
        at_start=("tied_heads", "free_heads_at_start"),
        hazard_rates=("reconsider_rate_per_month",),
        traits=Traits(has_stays=True, compares_home_pay=True),
    )
    RESIDENT = Declared(
        Resident,
        rows=("pool",),
        at_start=("employed",),
        hazard_rates=(
            "reconsider_rate_per_month",
            "job_end_rate_per_month",
            "on_the_job_search_rate_per_month",
        ),
        traits=Traits(has_events=True, is_local=True),
    )
    COMMUTER = Declared(
        Commuter,
        rows=("pool",),
        at_start=(),
        hazard_rates=("job_end_rate_per_month", "on_the_job_search_rate_per_month"),
        traits=Traits(has_events=True, follows_head_series=True),
    )


KINDS: dict[str, Kind] = {kind.key: kind for kind in Kind}
