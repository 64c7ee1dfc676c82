"""The mean of runs that are alike in two ways, by draw and by seed, with the confidence interval that such runs allow."""

from __future__ import annotations

import numpy as np

from sim.engine.worker_columns import Array

CONFIDENCE = 0.95


def mean_with_error(values: Array) -> tuple[float, float | None]:
    """Mean of values f8[draws, replicates] over draws and half its 95 % confidence interval; None where one value stands alone.

    Runs of one draw share its parameters and runs of one replicate its seed, so each of the two is a cluster. With one draw, or one
    replicate, the other alone is counted. NaN is a missing run.
    """
    known = ~np.isnan(values)
    values = values[known.any(axis=1)][:, known.any(axis=0)]
    draws, seeds = np.nanmean(values, axis=1), np.nanmean(values, axis=0)
    mean = float(draws.mean())
    if draws.size == 1 or seeds.size == 1:
        units = draws if seeds.size == 1 else seeds
        return mean, half_width(
            units.var(ddof=1) / units.size, units.size - 1
        ) if units.size > 1 else None
    parts = np.array(
        [
            draws.var(ddof=1) / draws.size,
            seeds.var(ddof=1) / seeds.size,
            -own_variance(values, draws, seeds),
        ]
    )
    variance = max(float(parts.sum()), *parts[:2])
    freedom = np.array([draws.size - 1, seeds.size - 1, (draws.size - 1) * (seeds.size - 1)])
    weight = float((parts**2 / freedom).sum())
    return mean, half_width(variance, variance**2 / weight) if weight > 0.0 else 0.0


def own_variance(values: Array, draws: Array, seeds: Array) -> float:
    """The part of the mean's variance that belongs to single runs, which the means by draw and those by seed both hold."""
    rest = values - draws[:, None] - seeds + draws.mean()
    return float(np.nansum(rest**2) / ((draws.size - 1) * (seeds.size - 1)) / values.size)


def half_width(variance: float, freedom: float) -> float:
    """Half a confidence interval, by Student's t (degrees of freedom after Satterthwaite)."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + CONFIDENCE / 2.0) * np.sqrt(variance))
