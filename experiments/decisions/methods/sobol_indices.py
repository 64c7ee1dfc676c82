"""Sobol's indices: which share of an answer's variance each group of inputs accounts for.

The first-order index of a group is the share of variance that would go if the group were known;
the total index is the share that would be left if all other inputs were known.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.worker_columns import Array

CONFIDENCE = 0.95
RESAMPLES = 1000


class RadialValues(NamedTuple):
    """Values of a radial design of n rows, for G groups of inputs and M outputs.

    `at_a` and `at_b`, f8[n, M], belong to two independent samples; `mixed`, f8[n, G, M], to the
    first sample with the inputs of one group from the second; NaN where there is no such point.
    """

    at_a: Array
    at_b: Array
    mixed: Array


class Indices(NamedTuple):
    """First-order and total indices: f8[..., G, M]."""

    first: Array
    total: Array


class IndexIntervals(NamedTuple):
    """[low, estimate, high] of both kinds of index: f8[3, G, M] each."""

    first: Array
    total: Array


def indices(values: RadialValues, weights: Array) -> Indices:
    """Indices under each set of row weights f8[R, n], which sum to 1: f8[R, G, M].

    First order after Saltelli et al. (2010), total after Jansen (1999), as
    `scipy.stats.sobol_indices` has them. Rows without a value of a mixture do not count for it.
    NaN where an output does not vary.
    """
    at_a, at_b, mixed = values
    mean = np.mean([at_a, at_b], axis=(0, 1))
    # Centred first: products of values far from 0 would lose the digits in which mixtures differ.
    at_a, at_b, mixed = at_a - mean, at_b - mean, mixed - mean
    change = np.nan_to_num(mixed - at_a[:, None])
    centre = weights @ (at_a + at_b) / 2.0
    variance = weights @ (np.square(at_a) + np.square(at_b)) / 2.0 - np.square(centre)
    # Rounding can take the variance of a constant below 0, which must not become an index either.
    variance = np.where(variance > 0.0, variance, np.nan)[:, None]
    counted = np.tensordot(weights, np.isfinite(mixed).astype(float), 1)
    counted = np.where(counted > 0.0, counted, np.nan)
    products = np.tensordot(weights, at_b[:, None] * change, 1)
    first = products - centre[:, None] * np.tensordot(weights, change, 1)
    total = np.tensordot(weights, np.square(change), 1) / 2.0
    return Indices(first / (counted * variance), total / (counted * variance))


def index_intervals(values: RadialValues, seed: int, resamples: int = RESAMPLES) -> IndexIntervals:
    """Indices with their 95 % intervals, from a bootstrap over rows that `seed` fixes."""
    rows = len(values.at_a)
    estimate = indices(values, np.full((1, rows), 1.0 / rows))
    counts = np.random.default_rng(seed).multinomial(rows, np.full(rows, 1.0 / rows), resamples)
    resampled = indices(values, counts / rows)
    return IndexIntervals(
        *(around(point[0], spread) for point, spread in zip(estimate, resampled, strict=True))
    )


def around(estimate: Array, resampled: Array) -> Array:
    """[low, estimate, high] from resampled estimates f8[R, ...]."""
    low, high = np.quantile(resampled, [0.5 - CONFIDENCE / 2.0, 0.5 + CONFIDENCE / 2.0], axis=0)
    # A bootstrap interval of a skewed index need not hold the estimate; a page that shows both
    # must.
    return np.stack([np.minimum(low, estimate), estimate, np.maximum(high, estimate)])
