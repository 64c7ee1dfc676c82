"""Hindcast of the krai: what was known at an origin predicts what came later.

Draws of the calibration's prior are weighted at each origin by the Gaussian likelihood of what was
known by its end, with the errors allowed; bounds cost nothing on their right side. One simulation
of each draw serves all origins. No observation made after an origin has touched the prior.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from experiments.calibration.posterior import PRIOR, random_draws
from experiments.calibration.targets import (
    market_before_policy,
    month_at,
    policy_branch,
    target_values,
)
from experiments.configuration.parameter_values import scenario_with
from experiments.configuration.settings import load_settings
from experiments.validation.hindcast_naive_rules import naive_forecasts
from experiments.validation.hindcast_targets import Observation, YearRatio, read_observations
from experiments.validation.replicates import all_replicates
from experiments.validation.score_rows import ScoredTarget
from experiments.validation.scores import draws_forecast, point_forecast
from sim.engine.panel import measure_named
from sim.engine.worker_columns import Array
from sim.measures.comparison import FullScaleBranch
from sim.scenario import Scenario

# Up to the end of 2019, the last year that is predicted.
KRAI = ("policy=un2397", "months=48")


def hindcast(draws: int, seed: int, extra: Sequence[str] = ()) -> list[ScoredTarget]:
    """Every target as it was foreseen at its origin, beside the naive rules."""
    resolved, observations = load_settings((*KRAI, *extra)).resolved, read_observations()
    scenarios = [scenario_with(resolved, draw) for draw in random_draws(PRIOR, draws, seed)]
    rows = all_replicates(
        lambda number: simulated_values(scenarios[number], number, observations),
        draws,
        "hindcasts of the krai",
    )
    values = {name: np.array([row[name] for row in rows]) for name in observations}
    return foreseen_targets(observations, values, load_settings(KRAI).scenario)


def simulated_values(
    scenario: Scenario, replicate: int, observations: Mapping[str, Observation]
) -> dict[str, float]:
    """The simulated value of every observation in one replicate."""
    branch = policy_branch(market_before_policy(scenario, replicate))
    return target_values(branch, scenario) | {
        name: simulated_ratio(branch, known.foresight.ratio, scenario)
        for name, known in observations.items()
        if known.foresight and known.foresight.ratio
    }


def simulated_ratio(branch: FullScaleBranch, ratio: YearRatio, scenario: Scenario) -> float:
    """A measure's mean in the months of a year over its mean in those of the base year."""
    level = branch.of(measure_named(ratio.measure))
    year, base = (
        float(level[first : first + ratio.months].mean())
        for first in (month_at(year, 1, scenario) for year in (ratio.year, ratio.base_year))
    )
    return year / base


def foreseen_targets(
    observations: Mapping[str, Observation], values: Mapping[str, Array], krai: Scenario
) -> list[ScoredTarget]:
    """Each target with the forecast of the weighted draws and those of the naive rules."""
    found = []
    for name, known in observations.items():
        if known.foresight is None:
            continue
        origin, error = known.foresight.origin, known.foresight.standard_error
        weights = weights_at(origin, observations, values)
        effective = 1.0 / np.square(weights).sum()
        naive = naive_forecasts(name, known.foresight, krai)
        found.append(
            ScoredTarget(
                case=known.case,
                target=name,
                unit=known.target.unit,
                observed=known.target.value,
                foreseen_from=f"the end of {origin}, {effective:.0f} effective draws",
                standard_error=error,
                standard_error_reason=known.foresight.reason,
                model=draws_forecast(values[name], error, weights),
                naive={
                    rule: said and point_forecast(said.point, said.past_errors, error)
                    for rule, said in naive.items()
                },
            )
        )
    return found


def weights_at(
    origin: str, observations: Mapping[str, Observation], values: Mapping[str, Array]
) -> Array:
    """Weight of each draw, f8[N] with sum 1: the likelihood of everything known at the origin."""
    known = {
        name: entry.target for name, entry in observations.items() if entry.is_known_at(origin)
    }
    squares = [
        np.square([target.miss(value) for value in values[name]]) for name, target in known.items()
    ]
    total = np.sum(squares, axis=0)
    # Less the smallest sum, so that the largest likelihood is 1 and not all underflow to 0.
    likelihood = np.exp(-0.5 * (total - total.min()))
    weights: Array = likelihood / likelihood.sum()
    return weights
