"""Replicates of one scenario at a share of its scale, collected as they are finished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from sim.engine.worker_columns import Array
from sim.scenario import Scenario

Replicate = dict[str, Array]
REPLICATES, REPLICATE_CHOICES = 20, (20, 40, 100)
"""Replicates of a scenario, usual and possible; where parameters are sampled, two for each draw."""


class Stage(NamedTuple):
    """The size of an ensemble: a share of the configured scale, and a number of replicates.

    None stands for as many replicates as the settings ask for.
    """

    share: float
    replicates: int | None


@dataclass
class Ensemble:
    """The replicates of a stage: how many have been started, and the finished ones by number.

    `sampled` holds the scenario of each replicate if parameters are sampled.
    """

    share: float
    replicates: int
    scenario: Scenario
    sampled: Sequence[Scenario] | None = None
    started: int = 0
    done: dict[int, Replicate] = field(default_factory=dict)

    def scenario_of(self, number: int) -> Scenario:
        """The scenario of a replicate, with its own parameters if they are sampled."""
        return self.sampled[number] if self.sampled else self.scenario

    @property
    def is_whole(self) -> bool:
        """Whether every replicate is finished.

        An ensemble is shown only then: its replicates may have different parameters, so those that
        finish first are not representative.
        """
        return len(self.done) == self.replicates

    @property
    def values(self) -> Mapping[str, Array]:
        """Every measure of the whole ensemble, f8[R, T], in the order of the replicates."""
        return {
            name: np.stack([self.done[number][name] for number in range(len(self.done))])
            for name in self.done[0]
        }


def scaled(scenario: Scenario, share: float) -> Scenario:
    """The scenario at a share of its scale."""
    return replace(scenario, market=replace(scenario.market, scale=scenario.market.scale * share))


def new_ensemble(
    share: float, replicates: int, scenario: Scenario, sampled: Sequence[Scenario] | None
) -> Ensemble:
    """An ensemble at a share of a scenario's scale, of which nothing has been simulated yet."""
    at_share = sampled and [scaled(each, share) for each in sampled[:replicates]]
    return Ensemble(share, replicates, scaled(scenario, share), at_share)
