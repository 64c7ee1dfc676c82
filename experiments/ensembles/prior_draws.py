"""Draws from priors of single numbers, which take their place beside draws of a shipped fit.

They are the elicited priors (uncertainty=elicited), those of groups that no fit has seen yet, and
the user's own. A number that the user sets, or lists in `held`, is not drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments.calibration.posterior import PRIOR
from experiments.calibration.space import EMPLOYED, POOL, is_in_left_out_group
from experiments.configuration.parameter_values import number_at
from experiments.configuration.variants import quantity_at
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import elicited_priors, own_priors, parameters
from sim.inputs.dotted_keys import flatten
from sim.inputs.own_evidence import VARIABLE
from sim.inputs.prior_files import Prior
from sim.inputs.problems import ScenarioError, refused, unknown
from sim.inputs.scenario_reader import build_scenario
from sim.scenario import Scenario

ELICITED = "elicited"
SEED_OF_PRIORS = 1
"""Beside the seed of the run, so that these draws do not follow those of the fit."""


def fit_of(kind: str) -> str:
    """The shipped fit whose draws are taken for a kind of uncertainty."""
    return PRIOR if kind == ELICITED else kind


def own_draws(
    resolved: Mapping[str, Any],
    free: Mapping[str, str],
    kind: str,
    strata: int,
    count: int,
    seed: int,
) -> list[dict[str, float]]:
    """`count` draws of the numbers with a prior of their own, by their key in this market.

    `free` are the keys that are at their default, with their shipped key. The first `strata` draws
    are a Latin hypercube, so that few draws cover each prior evenly; the others are independent.
    Raises ScenarioError if a user's prior has no place in this market.
    """
    priors = priors_beside_fit(resolved, free, kind)
    if not priors:
        return [{} for _ in range(count)]
    from scipy.stats import qmc

    generator = np.random.default_rng([seed, SEED_OF_PRIORS])
    even = qmc.LatinHypercube(len(priors), rng=generator).random(min(strata, count))
    points = np.vstack([even, generator.random((count - len(even), len(priors)))])
    columns = [
        quantiles(prior, points[:, place]).tolist() for place, prior in enumerate(priors.values())
    ]
    return [dict(zip(priors, row, strict=True)) for row in zip(*columns, strict=True)]


def priors_beside_fit(
    resolved: Mapping[str, Any], free: Mapping[str, str], kind: str
) -> dict[str, Prior]:
    """The priors of single numbers, by key in this market; a user's own comes before others."""
    found: dict[str, Prior] = {}
    for there, key in free.items():
        entry = parameters()[key]
        if is_in_left_out_group(key) and entry.prior:
            found[there] = Prior(
                "uniform", *entry.prior, entry.unit, entry.confidence, ("parameters.yaml",)
            )
        elif kind == ELICITED and key in elicited_priors():
            found[there] = elicited_priors()[key]
    own = {key: prior for key, prior in own_priors().items() if key not in resolved["held"]}
    if problems := own_prior_problems(own, resolved):
        raise ScenarioError(problems)
    return found | own


def own_prior_problems(own: Mapping[str, Prior], resolved: Mapping[str, Any]) -> list[str]:
    """What is wrong with the user's priors in this market, one line for each."""
    if not own:
        return []
    scenario = build_scenario(
        {name: resolved[name] for name in Scenario.__dataclass_fields__ if name in resolved}
    )
    numbers = [key for key, value in flatten(scenario).items() if quantity_at(scenario, key)]
    problems = []
    for key, prior in own.items():
        quantity, at = quantity_at(scenario, key), f"{VARIABLE}: priors.yaml: {key}"
        if quantity is None:
            problems.append(
                unknown(at, [prior.low, prior.high], numbers, "number of this scenario")
            )
        elif not quantity.low <= prior.low < prior.high <= quantity.high:
            allowed = f"{quantity.low:g} to {quantity.high:g} ({quantity.unit})"
            problems.append(refused(at, [prior.low, prior.high], allowed, "narrow the range"))
    return problems


def with_own(
    draw: Mapping[str, float], own: Mapping[str, float], resolved: Mapping[str, Any]
) -> dict[str, float]:
    """A draw of a fit with numbers drawn by themselves.

    Where the employed are drawn by themselves, the pool keeps its ratio to them.
    """
    values = {**draw, **own}
    before = draw.get(EMPLOYED) or number_at(resolved, EMPLOYED)
    if EMPLOYED in own and POOL in draw and POOL not in own and before:
        values[POOL] = float(round(draw[POOL] * own[EMPLOYED] / before))
    return values


def quantiles(prior: Prior, probabilities: Array) -> Array:
    """The values of a prior below which it has these probabilities, f8[n]."""
    from scipy import stats

    low, high = prior.low, prior.high
    if prior.centre is None:
        return low + probabilities * (high - low)
    if prior.spread is None:
        mode = (prior.centre - low) / (high - low)
        return np.asarray(stats.triang(mode, low, high - low).ppf(probabilities))
    if prior.distribution == "lognormal":
        centre, low, high = (math.log(number) for number in (prior.centre, low, high))
        return np.exp(cut_normal(centre, prior.spread, low, high, probabilities))
    return cut_normal(prior.centre, prior.spread, low, high, probabilities)


def cut_normal(mean: float, sd: float, low: float, high: float, probabilities: Array) -> Array:
    """Quantiles of a normal distribution cut off at both ends, f8[n]."""
    from scipy import stats

    ends = (low - mean) / sd, (high - mean) / sd
    return np.asarray(stats.truncnorm(*ends, mean, sd).ppf(probabilities))
