"""The mean of runs that share parameter draws and seeds, with its confidence interval."""

from __future__ import annotations

import numpy as np

from sim.engine.worker_columns import Array

CONFIDENCE = 0.95


def mean_with_error(values: Array, has_own_seeds: bool = False) -> tuple[float, float | None]:
    """Mean of values f8[draws, replicates], and half of its 95 % confidence interval.

    NaN is a missing run. Half the interval is None for a single value. Where each draw has seeds of
    its own, draws are independent of one another and only they are counted.

    Runs of one draw share its parameters and runs of one replicate its seed, so the values are
    clustered both ways. The variance of the mean is that between draws, plus that between
    replicates, less the part of single runs that both contain (two-way clustering after Cameron,
    Gelbach and Miller, 2011). With one draw or one replicate only the other is counted.
    """
    known = ~np.isnan(values)
    # A draw or a seed of which every run failed would be a mean of nothing.
    values = values[known.any(axis=1)][:, known.any(axis=0)]
    draws, seeds = np.nanmean(values, axis=1), np.nanmean(values, axis=0)
    mean = float(draws.mean())
    if draws.size == 1 or seeds.size == 1 or has_own_seeds:
        return mean, one_way_error(seeds if draws.size == 1 else draws)
    parts = np.array(
        [
            draws.var(ddof=1) / draws.size,
            seeds.var(ddof=1) / seeds.size,
            -single_run_variance(values, draws, seeds),
        ]
    )
    # The difference can be negative by chance; the variance is at least that of either cluster.
    variance = max(float(parts.sum()), *parts[:2])
    freedom = np.array([draws.size - 1, seeds.size - 1, (draws.size - 1) * (seeds.size - 1)])
    weight = float((parts**2 / freedom).sum())
    return mean, half_width(variance, variance**2 / weight) if weight > 0.0 else 0.0


def one_way_error(means: Array) -> float | None:
    """Half the 95 % confidence interval of the mean of independent values; None for one value."""
    if means.size == 1:
        return None
    return half_width(means.var(ddof=1) / means.size, means.size - 1)


def single_run_variance(values: Array, draws: Array, seeds: Array) -> float:
    """The part of the mean's variance that comes from single runs.

    The variance between the means of draws and that between the means of seeds both contain it.
    """
    rest = values - draws[:, None] - seeds + draws.mean()
    return float(np.nansum(rest**2) / ((draws.size - 1) * (seeds.size - 1)) / values.size)


def half_width(variance: float, freedom: float) -> float:
    """Half a confidence interval by Student's t, with Satterthwaite's degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + CONFIDENCE / 2.0) * np.sqrt(variance))
