"""Replicates of one scenario at a share of its scale, collected as they are finished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from sim.engine.worker_columns import Array
from sim.scenario import Scenario

Replicate = dict[str, Array]
REPLICATES = 20
"""Replicates of every scenario; where parameters are sampled, two for each of ten draws."""


class Stage(NamedTuple):
    """The size of an ensemble: a share of the configured scale, and a number of replicates."""

    share: float
    replicates: int


@dataclass
class Ensemble:
    """The replicates of a stage: how many have been started, and the finished ones by number.

    `sampled` holds the scenario of each replicate if parameters are sampled.
    """

    stage: Stage
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
        return len(self.done) == self.stage.replicates

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


def new_ensemble(stage: Stage, scenario: Scenario, sampled: Sequence[Scenario] | None) -> Ensemble:
    """The ensemble of a stage, of which nothing has been simulated yet."""
    at_share = sampled and [scaled(each, stage.share) for each in sampled[: stage.replicates]]
    return Ensemble(stage, scaled(scenario, stage.share), at_share)
