"""The uncertain parameters: which they are, their priors, and a scenario for a point of the unit cube."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.calibration.targets import (
    Moment,
    distance,
    history,
    measured,
    row,
    to_end,
    vacancy_rate,
)
from experiments.configuration.parameter_values import WHOLE_UNITS, scenario_with
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import parameters
from sim.inputs.problems import ScenarioError
from sim.model import LabourMarket

LEFT_OUT = {
    "market.order_growth_percent_per_year": "a scenario of the user; orders are constant in what is fitted",
    "policy.retained_workers": "the request of January 2018 was not granted",
    "population.north_korean.construction_share": "acts on retained places only",
}


POOL, EMPLOYED, OPENING = (
    "population.russian.pool",
    "population.russian.employed",
    "market.hiring.initial_vacancy_share",
)
SAMPLED_AS = {
    POOL: ("ratio to the employed", 1.2, 2.4),
    OPENING: ("vacancy rate without policy for which it is solved", 0.031, 0.039),
}
"""Parameters that are not drawn in their own unit: what is drawn in their place, from where to where.

The pool must exceed the employed. The opening vacancy share is solved again for every draw, so that the vacancy rate without policy is
3 to 4 % whatever the others are; refusing draws instead would refuse nine in ten, and not at random.
"""
MOST_OPENING, WITHIN, TRIES = 0.1, 0.001, 10
FIRST_GUESS, USUAL_SLOPE = 0.03, 20.0
"""Where the search begins, and by how many log points the vacancy rate usually grows with a unit of the opening share."""


@dataclass(frozen=True, eq=False)
class Space:
    """Uniform priors: keys in the order of the parameter file, low and high [D], in the unit in which a parameter is drawn."""

    keys: tuple[str, ...]
    low: Array
    high: Array

    @property
    def labels(self) -> list[str]:
        """Each parameter, and what is drawn in its place."""
        return [f"{key} ({SAMPLED_AS[key][0]})" if key in SAMPLED_AS else key for key in self.keys]

    def drawn(self, point: Array) -> dict[str, float]:
        """What is drawn at a point of the unit cube."""
        return {
            key: float(value)
            for key, value in zip(self.keys, self.low + point * (self.high - self.low), strict=True)
        }

    def values(self, point: Array, opening: float) -> dict[str, float]:
        """Parameters at a point of the unit cube, in their own units, whole numbers rounded; the opening vacancy share is given."""
        found = self.drawn(point) | {OPENING: opening}
        found[POOL] *= found[EMPLOYED]
        return {key: round_if_whole(key, value) for key, value in found.items()}

    def point(self, values: Mapping[str, float], target: float) -> Array:
        """The point of the unit cube where the parameters have these values and the vacancy rate aimed at is `target`."""
        drawn = {**values, POOL: values[POOL] / values[EMPLOYED], OPENING: target}
        found: Array = (np.array([drawn[key] for key in self.keys]) - self.low) / (
            self.high - self.low
        )
        return found


def round_if_whole(key: str, value: float) -> float:
    """Heads and months are whole."""
    return float(round(value)) if parameters()[key].unit in WHOLE_UNITS else value


def space() -> Space:
    """All parameters with a prior but levers and those left out with a reason."""
    priors = {
        key: entry.prior
        for key, entry in parameters().items()
        if entry.prior and not key.startswith("levers.") and key not in LEFT_OUT
    }
    priors |= {key: (low, high) for key, (_, low, high) in SAMPLED_AS.items()}
    low, high = np.array(list(priors.values())).T
    return Space(tuple(priors), low, high)


@dataclass(frozen=True, eq=False)
class Problem:
    """One fit: the priors, the observations, and the krai that is simulated."""

    space: Space
    observed: Mapping[str, Moment]
    resolved: Mapping[str, Any]
    replicate: int = 0

    @property
    def recorded(self) -> list[str]:
        """What is kept of each point: the moments, and the opening vacancy share that was solved for."""
        return [*self.observed, OPENING]

    def evaluate(self, point: Array) -> tuple[float, Array]:
        """Distance, and what is recorded; infinite and NaN where the draw is refused."""
        nothing = np.full(len(self.recorded), np.nan)
        try:
            market = self.solved(point)
        except ScenarioError:
            return np.inf, nothing
        if market is None:
            return np.inf, nothing
        simulated, opening = (
            measured(to_end(market), market.specification),
            market.specification.market.hiring.initial_vacancy_share,
        )
        return distance(simulated, self.observed), np.append(row(simulated, self.observed), opening)

    def solved(self, point: Array) -> LabourMarket | None:
        """The krai up to the ban with the opening vacancy share that gives the rate aimed at; None if there is none."""
        tried: list[LabourMarket] = []

        def rate(opening: float) -> float:
            tried.append(
                history(
                    scenario_with(self.resolved, self.space.values(point, opening)), self.replicate
                )
            )
            return vacancy_rate(tried[-1])

        return (
            tried[-1] if opening_share(rate, self.space.drawn(point)[OPENING]) is not None else None
        )


def opening_share(rate: Callable[[float], float], target: float) -> float | None:
    """Where a rising vacancy rate is the target, give or take WITHIN; None if nowhere from 0 to MOST_OPENING. The answer is tried last."""
    below, above = (0.0, -math.inf), (MOST_OPENING, math.inf)
    guess, side = FIRST_GUESS, 0.0
    for number in range(TRIES):
        found = rate(guess)
        if abs(found - target) <= WITHIN:
            return guess
        gap, before = math.log(max(found, 1e-6) / target), side
        side = math.copysign(1.0, gap)
        below, above = ((guess, gap), above) if gap < 0.0 else (below, (guess, gap))
        if below[0] >= above[0]:
            return None
        if math.isfinite(below[1] - above[1]):
            weight = 0.5 if side == before else -below[1] / (above[1] - below[1])
            guess = below[0] + weight * (above[0] - below[0])
        else:
            end = MOST_OPENING if gap < 0.0 else 0.0
            guess = end if number else min(max(guess - 1.5 * gap / USUAL_SLOPE, 0.0), MOST_OPENING)
    return None
