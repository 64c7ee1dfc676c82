"""Replicates of one scenario at a share of its scale, in whatever order they become ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from sim.engine.worker_columns import Array
from sim.scenario import Scenario

Replicate = dict[str, Array]
REPLICATES = 20
"""Of every scenario: ten draws of the parameters where they are drawn."""


class Stage(NamedTuple):
    """An ensemble at a share of the configured scale; shown when it is whole, as each replicate may have parameters of its own."""

    share: float
    replicates: int


@dataclass
class Ensemble:
    """Replicates of one stage: how many were handed out, and those that are done by number.

    drawn: the scenario of each replicate where parameters are uncertain.
    """

    stage: Stage
    scenario: Scenario
    drawn: Sequence[Scenario] | None = None
    handed_out: int = 0
    done: dict[int, Replicate] = field(default_factory=dict)

    def scenario_of(self, number: int) -> Scenario:
        """The scenario of a replicate, with its own parameters if they are drawn."""
        return self.drawn[number] if self.drawn else self.scenario

    @property
    def is_whole(self) -> bool:
        """Whether every replicate is done."""
        return len(self.done) == self.stage.replicates

    @property
    def values(self) -> Mapping[str, Array]:
        """Every measure of the whole ensemble as f8[R, T], in the order of the replicates, whichever thread was fast."""
        return {
            name: np.stack([self.done[number][name] for number in range(len(self.done))])
            for name in self.done[0]
        }


def scaled(scenario: Scenario, share: float) -> Scenario:
    """The scenario at a share of its scale."""
    return replace(scenario, market=replace(scenario.market, scale=scenario.market.scale * share))


def new_ensemble(stage: Stage, scenario: Scenario, drawn: Sequence[Scenario] | None) -> Ensemble:
    """An ensemble of a stage, nothing simulated yet, at its share of the scale and under the first of the draws."""
    return Ensemble(
        stage,
        scaled(scenario, stage.share),
        drawn and [scaled(each, stage.share) for each in drawn[: stage.replicates]],
    )
