"""The uncertain parameters: which they are, their priors, and a scenario for a point of the unit cube."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.calibration.moments import Moment, distance, refused, row, simulate
from experiments.drawn import WHOLE, scenario_with
from sim.inputs import parameters
from sim.population import Array
from sim.problems import ScenarioError

LEFT_OUT = {
    "market.order_growth_percent_per_year": "a scenario of the user; orders are constant in what is fitted",
    "policy.retained_workers": "the request of January 2018 was not granted",
    "population.north_korean.construction_share": "acts on retained places only",
}


@dataclass(frozen=True, eq=False)
class Space:
    """Uniform priors: keys in the order of the parameter file, low and high [D]."""

    keys: tuple[str, ...]
    low: Array
    high: Array

    def values(self, point: Array) -> dict[str, float]:
        """Parameters at a point of the unit cube; whole numbers are rounded."""
        spread = self.low + point * (self.high - self.low)
        return {key: round_if_whole(key, float(value)) for key, value in zip(self.keys, spread, strict=True)}

    def point(self, values: Mapping[str, float]) -> Array:
        """The point of the unit cube where the parameters have these values."""
        found: Array = (np.array([values[key] for key in self.keys]) - self.low) / (self.high - self.low)
        return found


def round_if_whole(key: str, value: float) -> float:
    """Heads and months are whole."""
    return float(round(value)) if parameters()[key].unit in WHOLE else value


def space() -> Space:
    """All parameters with a prior but levers and those left out with a reason."""
    priors = {
        key: entry.prior for key, entry in parameters().items() if entry.prior and not key.startswith("levers.") and key not in LEFT_OUT
    }
    low, high = np.array(list(priors.values())).T
    return Space(tuple(priors), low, high)


@dataclass(frozen=True, eq=False)
class Problem:
    """One fit: the priors, the observations, and the krai that is simulated."""

    space: Space
    observed: Mapping[str, Moment]
    resolved: Mapping[str, Any]
    replicate: int = 0

    def evaluate(self, point: Array) -> tuple[float, Array]:
        """Distance and moments of a point; infinite and NaN where the draw is refused."""
        nothing = np.full(len(self.observed), np.nan)
        try:
            scenario = scenario_with(self.resolved, self.space.values(point))
        except ScenarioError:
            return np.inf, nothing
        simulated = simulate(scenario, self.replicate)
        return (np.inf, nothing) if refused(simulated) else (distance(simulated, self.observed), row(simulated, self.observed))
