"""Proper scores of a probability forecast against one observation, in closed form.

A forecast is a set of weighted draws. An observation has a standard error, so what is judged is the
forecast of what would be observed: every draw blurred by a normal error of that size, a mixture of
normals. Without an error the formulas are those of the bare draws.

Sources: Gneiting & Raftery 2007, JASA 102(477) (interval score, CRPS); Grimit, Gneiting, Berrocal &
Johnson 2006, QJRMS 132 (CRPS of a mixture of normals); Dawid 1984, JRSS A 147 (PIT).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from sim.engine.worker_columns import Array

COVERAGE = 0.9
"""Share of observations that the central interval of a calibrated forecast holds."""
TAIL = (1.0 - COVERAGE) / 2.0
FARTHEST = 10.0
"""Errors beyond the outermost draw within which every quantile lies."""


@dataclass(frozen=True, eq=False)
class Forecast:
    """Draws f8[N] with weights f8[N] of sum 1, each blurred by a normal error of `error_sd`."""

    draws: Array
    weights: Array
    error_sd: float


@dataclass(frozen=True)
class Score:
    """How a forecast did: its 90 % interval and median, then its scores (smaller is better).

    `covered`: the interval holds the observation, on both sides. `pit`: the probability that the
    forecast gave to less than was observed; uniform from 0 to 1 if forecasts are calibrated.
    """

    low: float
    median: float
    high: float
    covered: bool
    interval_score: float
    crps: float
    pit: float


def draws_forecast(
    draws: Array, standard_error: float = 0.0, weights: Array | None = None
) -> Forecast:
    """The forecast of an observation with a standard error; draws weigh the same by default."""
    even = np.full(len(draws), 1.0 / len(draws))
    return Forecast(np.asarray(draws, float), even if weights is None else weights, standard_error)


def point_forecast(
    point: float, past_errors: Sequence[float] = (), standard_error: float = 0.0
) -> Forecast:
    """A rule that says one number: normal, as wide as the root mean square of its past errors.

    A rule without past errors is sure of itself up to the standard error of the observation.
    """
    spread = math.sqrt(float(np.mean(np.square(past_errors)))) if past_errors else 0.0
    return draws_forecast(np.array([point]), math.hypot(spread, standard_error))


def score(forecast: Forecast, observed: float) -> Score:
    """All scores of a forecast at once."""
    low, median, high = (quantile(forecast, share) for share in (TAIL, 0.5, 1.0 - TAIL))
    return Score(
        low,
        median,
        high,
        bool(low <= observed <= high),
        interval_score(low, high, observed),
        crps(forecast, observed),
        pit(forecast, observed),
    )


def interval_score(low: float, high: float, observed: float) -> float:
    """Width of the 90 % interval, and 20 times the distance by which it misses the observation."""
    return high - low + (max(low - observed, 0.0) + max(observed - high, 0.0)) / TAIL


def crps(forecast: Forecast, observed: float) -> float:
    """Continuous ranked probability score, in the unit of the observation.

    E|X - y| - E|X - X'| / 2, where X and X' are independent samples of the forecast.
    """
    draws, weights, error_sd = forecast.draws, forecast.weights, forecast.error_sd
    distance = float(weights @ mean_absolute_normal(draws - observed, error_sd))
    apart = mean_absolute_normal(draws[:, None] - draws[None, :], math.sqrt(2.0) * error_sd)
    return distance - 0.5 * float(weights @ apart @ weights)


def mean_absolute_normal(mean: Array, sd: float) -> Array:
    """E|X| of a normal X: the mean of the folded normal."""
    if sd == 0.0:
        return np.abs(mean)
    folded: Array = sd * math.sqrt(2.0 / math.pi) * np.exp(-0.5 * np.square(mean / sd)) + mean * (
        1.0 - 2.0 * ndtr(-mean / sd)
    )
    return folded


def pit(forecast: Forecast, observed: float) -> float:
    """Probability integral transform; draws equal to the observation count half."""
    gap = observed - forecast.draws
    if forecast.error_sd == 0.0:
        return float(forecast.weights @ np.heaviside(gap, 0.5))
    return float(forecast.weights @ ndtr(gap / forecast.error_sd))


def quantile(forecast: Forecast, share: float) -> float:
    """The value below which a share of the forecast's probability lies."""
    draws, weights, error_sd = forecast.draws, forecast.weights, forecast.error_sd
    if error_sd == 0.0:
        return float(np.quantile(draws, share, weights=weights, method="inverted_cdf"))
    # A mixture of normals has no quantile in closed form, so it is searched for.
    reach = FARTHEST * error_sd
    return float(
        brentq(lambda x: pit(forecast, x) - share, draws.min() - reach, draws.max() + reach)
    )
