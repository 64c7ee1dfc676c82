"""Hindcast of the krai at successive origins: what was known then predicts what came later.

Draws of the calibration's prior are weighted at each origin by the Gaussian likelihood of what was
known by its end, with the errors allowed; bounds cost nothing on their right side. One simulation
of each draw serves all origins. No observation made after an origin has touched the prior.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.calibration.page_parts import PERCENTILES, four_digits
from experiments.calibration.posterior import PRIOR, random_draws
from experiments.calibration.targets import (
    Target,
    market_before_policy,
    policy_branch,
    read_targets,
    target_values,
    year_slice,
)
from experiments.configuration.parameter_values import scenario_with
from experiments.configuration.settings import load_settings
from experiments.ensembles.ensemble import available_cores, in_order
from experiments.validation.hindcast_naive_rules import RULES, YearRatio
from sim.engine.panel import measure_named
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import series
from sim.inputs.strict_yaml import load_mapping
from sim.measures.comparison import FullScaleBranch
from sim.scenario import Scenario

HINDCAST = Path(__file__).with_name("hindcast.yaml")
# Up to the end of 2019, the last year that is predicted.
KRAI = ("policy=un2397", "months=48")
ALWAYS = "always"
ROUNDING = 1e-12
"""Cumulated weights may fall short of a percentile by so much through rounding."""
LEAST_EFFECTIVE_DRAWS = 20.0
"""Effective draws below which a prediction is not judged."""


@dataclass(frozen=True)
class Observation:
    """A target that is known from a month on ('YYYY-MM', or always).

    `is_predicted`: it is predicted at the origins before that month. `ratio`: what is simulated
    for it, if it is not a target of the calibration.
    """

    target: Target
    known_from: str
    is_predicted: bool
    ratio: YearRatio | None = None

    def is_known_at(self, origin: str) -> bool:
        """Whether it was known at an origin."""
        return self.known_from == ALWAYS or self.known_from <= origin


def read_observations() -> dict[str, Observation]:
    """Everything of hindcast.yaml, by name."""
    raw, targets = load_mapping(HINDCAST), read_targets()
    conditions = {
        name: Observation(targets[name], str(when), False)
        for name, when in raw["conditions"].items()
    }
    return conditions | {
        name: predicted_observation(entry, targets) for name, entry in raw["targets"].items()
    }


def predicted_observation(entry: Mapping[str, Any], targets: Mapping[str, Target]) -> Observation:
    """A target of the calibration, or the ratio of a series between two years."""
    tolerance, reason = float(entry["tolerance"]), str(entry["reason"])
    if "target" in entry:
        known = dataclasses.replace(targets[entry["target"]], error=tolerance, reason=reason)
        return Observation(known, str(entry["observed"]), True)
    name, ratio = entry["series"], YearRatio(entry["measure"], int(entry["of"]), int(entry["over"]))
    values, unit = series()[name].values, f"ratio to {ratio.base_year}"
    value = values[str(ratio.year)] / values[str(ratio.base_year)]
    known = Target(entry["kind"], value, tolerance, unit, name, reason, True)
    return Observation(known, str(entry["observed"]), True, ratio)


def read_origins() -> list[str]:
    """The months up to whose end everything is known."""
    return [str(month) for month in load_mapping(HINDCAST)["origins"]]


def hindcast(draws: int, seed: int, extra: Sequence[str] = ()) -> list[dict[str, Any]]:
    """A row for each origin and each target that was not yet observed there."""
    resolved, observations = load_settings((*KRAI, *extra)).resolved, read_observations()
    scenarios = [scenario_with(resolved, draw) for draw in random_draws(PRIOR, draws, seed)]
    rows = list(
        in_order(
            lambda number: simulated_values(scenarios[number], number, observations),
            draws,
            available_cores(),
        )
    )
    values = {name: np.array([row[name] for row in rows]) for name in observations}
    krai = load_settings(KRAI).scenario
    return [
        row for origin in read_origins() for row in origin_rows(origin, observations, values, krai)
    ]


def simulated_values(
    scenario: Scenario, replicate: int, observations: Mapping[str, Observation]
) -> dict[str, float]:
    """The simulated value of every observation in one replicate."""
    branch = policy_branch(market_before_policy(scenario, replicate))
    return target_values(branch, scenario) | {
        name: simulated_ratio(branch, known.ratio, scenario)
        for name, known in observations.items()
        if known.ratio
    }


def simulated_ratio(branch: FullScaleBranch, ratio: YearRatio, scenario: Scenario) -> float:
    """A measure's mean in a year over its mean in the base year."""
    year, base = (
        yearly_mean(branch, ratio.measure, each, scenario) for each in (ratio.year, ratio.base_year)
    )
    return year / base


def yearly_mean(branch: FullScaleBranch, measure: str, year: int, scenario: Scenario) -> float:
    """Mean of a market measure over a calendar year."""
    return float(branch.of(measure_named(measure))[year_slice(year, scenario)].mean())


def origin_rows(
    origin: str,
    observations: Mapping[str, Observation],
    values: Mapping[str, Array],
    krai: Scenario,
) -> list[dict[str, Any]]:
    """Predictions made at one origin, beside what was observed and what the naive rules say."""
    weights = weights_at(origin, observations, values)
    effective = float(1.0 / np.square(weights).sum())
    rows = []
    for name, known in observations.items():
        if not known.is_predicted or known.is_known_at(origin):
            continue
        naive = {rule: says(name, known.ratio, origin, krai) for rule, says in RULES.items()}
        rivals = {
            rule: None if np.isnan(value) else four_digits(value) for rule, value in naive.items()
        }
        row = verdict(name, known.target, weighted_quantiles(values[name], weights), rivals)
        if effective < LEAST_EFFECTIVE_DRAWS:
            row |= {"covered": None, "hit": None, "beats_both": None}
        rows.append({"origin": origin, "effective_draws": round(effective, 1), **row})
    return rows


def verdict(
    name: str, target: Target, prediction: Sequence[float], rivals: Mapping[str, float | None]
) -> dict[str, Any]:
    """A prediction as data.

    A hit: the median is within the tolerance, or on the right side of a bound. A tie with a naive
    rule does not beat it.
    """
    miss = abs(target.miss(prediction[1]))
    rival_misses = [abs(target.miss(value)) for value in rivals.values() if value is not None]
    return {
        "target": name,
        "kind": target.kind,
        "unit": target.unit,
        "observed": four_digits(target.value),
        "tolerance": target.error,
        "reason": target.reason,
        "prediction": [four_digits(value) for value in prediction],
        "covered": is_covered(target, prediction),
        "hit": bool(miss <= 1.0),
        "naive": dict(rivals),
        "beats_both": bool(miss < min(rival_misses)) if rival_misses else None,
    }


def is_covered(target: Target, prediction: Sequence[float]) -> bool:
    """Whether the interval holds what was observed, or reaches the right side of a bound."""
    low, _, high = prediction
    return {
        "point": low <= target.value <= high,
        "at_least": high >= target.value,
        "at_most": low <= target.value,
    }[target.kind]


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


def weighted_quantiles(values: Array, weights: Array) -> list[float]:
    """5th, 50th and 95th percentile of weighted draws.

    Each is the smallest value such that the draws up to it have at least that part of the weight.
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    wanted = np.array(PERCENTILES) / 100.0 * reached[-1] - ROUNDING
    places = np.minimum(np.searchsorted(reached, wanted), len(values) - 1)
    return [float(value) for value in values[order][places]]
