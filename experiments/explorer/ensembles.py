"""Replicates of one scenario at a share of its scale, in whatever order they become ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from sim.population import Array
from sim.scenario import Scenario

Replicate = dict[str, Array]


class Stage(NamedTuple):
    """An ensemble at a share of the configured scale; shown from `enough` replicates on."""

    share: float
    replicates: int
    enough: int


@dataclass
class Ensemble:
    """Replicates of one stage: how many were handed out, and those that are done by number."""

    stage: Stage
    scenario: Scenario
    handed_out: int = 0
    done: dict[int, Replicate] = field(default_factory=dict)

    @property
    def ready(self) -> list[Replicate]:
        """Replicates 0 to n - 1 without a hole, so that a picture never depends on which thread was fast."""
        count = next(number for number in range(len(self.done) + 1) if number not in self.done)
        return [self.done[number] for number in range(count)]


def scaled(scenario: Scenario, share: float) -> Scenario:
    """The scenario at a share of its scale."""
    return replace(scenario, market=replace(scenario.market, scale=scenario.market.scale * share))


def stacked(replicates: list[Replicate]) -> Mapping[str, Array]:
    """Every measure as f8[R, T]."""
    return {name: np.stack([each[name] for each in replicates]) for name in replicates[0]}
