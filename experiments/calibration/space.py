"""The uncertain parameters, their priors, and the scenario that belongs to a parameter draw.

A parameter draw is a point of the unit cube: each coordinate is a parameter, scaled so that its
prior is uniform from 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.calibration.targets import (
    Target,
    as_row,
    distance,
    market_before_policy,
    policy_branch,
    target_values,
    vacancy_rate,
)
from experiments.configuration.parameter_values import WHOLE_UNITS, scenario_with
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import parameters
from sim.inputs.problems import ScenarioError
from sim.model import LabourMarket
from sim.structure_keys import is_read_as_shipped

LEFT_OUT = {
    "market.order_growth_percent_per_year": "chosen by the user; the fit holds orders constant",
    "policy.retained_workers": "the request of January 2018 was not granted",
    "population.north_korean.construction_share": "acts on retained places only",
}
"""Parameters that have a prior but are not fitted, and why."""

LEFT_OUT_GROUPS = {
    "central_asian": "not in the default population that is fitted; drawn from its prior beside it",
}
"""Groups whose parameters are not fitted, and why."""

POOL = "population.russian.pool"
EMPLOYED = "population.russian.employed"
OPENING = "market.hiring.initial_vacancy_share"
SAMPLED_AS = {
    POOL: ("ratio to the employed", 1.2, 2.4),
    OPENING: ("vacancy rate without policy for which it is solved", 0.031, 0.039),
}
"""Parameters for which another quantity is sampled: its name, and the ends of its prior.

The pool must exceed the employed, so their ratio is sampled. The opening vacancy share is solved
for in every draw such that the vacancy rate without policy is the sampled one, 3 to 4 %. Refusing
draws with other vacancy rates instead would refuse nine in ten, and not at random.
"""
LARGEST_OPENING, TOLERATED_GAP, MOST_TRIES = 0.1, 0.001, 10
FIRST_GUESS, USUAL_SLOPE = 0.03, 20.0
"""Where the search for the opening share begins, and the usual slope of the log vacancy rate."""


@dataclass(frozen=True, eq=False)
class PriorSpace:
    """Uniform priors from `low` to `high`, f8[D], of the parameters `keys`, as they are sampled."""

    keys: tuple[str, ...]
    low: Array
    high: Array

    @property
    def labels(self) -> list[str]:
        """The name of each parameter, with the quantity that is sampled for it if there is one."""
        return [f"{key} ({SAMPLED_AS[key][0]})" if key in SAMPLED_AS else key for key in self.keys]

    def sampled(self, point: Array) -> dict[str, float]:
        """The sampled quantities at a point of the unit cube."""
        values = self.low + point * (self.high - self.low)
        return {key: float(value) for key, value in zip(self.keys, values, strict=True)}

    def parameter_values(self, point: Array, opening: float) -> dict[str, float]:
        """Parameters at a point, in their own units, given the opening vacancy share solved for."""
        found = self.sampled(point) | {OPENING: opening}
        found[POOL] *= found[EMPLOYED]
        return {key: round_if_whole(key, value) for key, value in found.items()}

    def point_of(self, values: Mapping[str, float], vacancy_rate: float) -> Array:
        """The point with these parameter values and this vacancy rate without policy."""
        sampled = {**values, POOL: values[POOL] / values[EMPLOYED], OPENING: vacancy_rate}
        found: Array = (np.array([sampled[key] for key in self.keys]) - self.low) / (
            self.high - self.low
        )
        return found


def round_if_whole(key: str, value: float) -> float:
    """The value, rounded if the parameter counts whole things (workers, months)."""
    return float(round(value)) if parameters()[key].unit in WHOLE_UNITS else value


def prior_space() -> PriorSpace:
    """All parameters with a prior that the shipped rules read.

    Levers and parameters left out for a reason are not among them.
    """
    priors = {
        key: entry.prior
        for key, entry in parameters().items()
        if entry.prior
        and not key.startswith("levers.")
        and not is_left_out(key)
        and is_read_as_shipped(key)
    }
    priors |= {key: (low, high) for key, (_, low, high) in SAMPLED_AS.items()}
    low, high = np.array(list(priors.values())).T
    return PriorSpace(tuple(priors), low, high)


def is_left_out(key: str) -> bool:
    """Whether a parameter is not fitted, by itself or with its group."""
    return key in LEFT_OUT or is_in_left_out_group(key)


def is_in_left_out_group(key: str) -> bool:
    """Whether a parameter belongs to a group that no fit has seen."""
    section, _, rest = key.partition(".")
    return section == "population" and rest.partition(".")[0] in LEFT_OUT_GROUPS


@dataclass(frozen=True, eq=False)
class CalibrationProblem:
    """What a fit is made of: the priors, the targets and the configuration that is simulated."""

    space: PriorSpace
    targets: Mapping[str, Target]
    resolved: Mapping[str, Any]
    replicate: int = 0

    @property
    def recorded_names(self) -> list[str]:
        """What is recorded of each draw: target values, and the opening share solved for."""
        return [*self.targets, OPENING]

    def evaluate(self, point: Array) -> tuple[float, Array]:
        """Distance from the targets and recorded values; infinity and NaN for a refused draw."""
        refused = np.inf, np.full(len(self.recorded_names), np.nan)
        try:
            market = self.market_before_policy(point)
        except ScenarioError:
            return refused
        if market is None:
            return refused
        simulated = target_values(policy_branch(market), market.specification)
        opening = market.specification.market.hiring.initial_vacancy_share
        recorded = np.append(as_row(simulated, self.targets), opening)
        return distance(simulated, self.targets), recorded

    def market_before_policy(self, point: Array, guess: float = FIRST_GUESS) -> LabourMarket | None:
        """The market up to the ban with the sampled vacancy rate; None if no opening gives it.

        The search for the opening share begins at `guess`.
        """
        tried: list[LabourMarket] = []

        def rate(opening: float) -> float:
            scenario = scenario_with(self.resolved, self.space.parameter_values(point, opening))
            tried.append(market_before_policy(scenario, self.replicate))
            return vacancy_rate(tried[-1])

        opening = solve_opening_share(rate, self.space.sampled(point)[OPENING], guess)
        # The share that solves is the last one tried, so its market need not be simulated again.
        return None if opening is None else tried[-1]


def solve_opening_share(
    rate: Callable[[float], float], wanted: float, guess: float = FIRST_GUESS
) -> float | None:
    """The opening share, from 0 to LARGEST_OPENING, at which `rate` is as wanted, or None.

    `rate` must rise with the share; it is called last at the share that is returned.
    """
    # Regula falsi on the log of the rate. Where the same end of the bracket moves twice in a row,
    # the bracket is halved instead, as regula falsi alone would creep up on the answer.
    below, above = (0.0, -math.inf), (LARGEST_OPENING, math.inf)
    side = 0.0
    for number in range(MOST_TRIES):
        found = rate(guess)
        if abs(found - wanted) <= TOLERATED_GAP:
            return guess
        # A rate of zero has no log.
        gap, side_before = math.log(max(found, 1e-6) / wanted), side
        side = math.copysign(1.0, gap)
        below, above = ((guess, gap), above) if gap < 0.0 else (below, (guess, gap))
        if below[0] >= above[0]:
            return None
        if math.isfinite(below[1] - above[1]):
            weight = 0.5 if side == side_before else -below[1] / (above[1] - below[1])
            guess = below[0] + weight * (above[0] - below[0])
        else:
            # Only one side is known: step by the usual slope first, then try the far end.
            end = LARGEST_OPENING if gap < 0.0 else 0.0
            # Half as far again as needed, so that the answer is likely to be bracketed.
            step = 1.5 * gap / USUAL_SLOPE
            guess = end if number else min(max(guess - step, 0.0), LARGEST_OPENING)
    return None
