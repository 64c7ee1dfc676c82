"""Thresholds: the level of an axis at which a measure first exceeds a limit, and at which an outcome becomes likely."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.population import Array

PERCENTILES = (5.0, 50.0, 95.0)
Z_95 = 1.959963985


def crossings(levels: Array, values: Array, limit: float) -> Array:
    """f8[units]: where each unit's broken line through (levels, values f[levels, units]) first reaches the limit.

    The lowest level if it begins there; infinity if it never reaches it; NaN if the unit misses a level.
    """
    reached = values >= limit
    found = np.full(values.shape[1], np.inf)
    for unit in np.flatnonzero(reached.any(axis=0)):
        first = int(np.argmax(reached[:, unit]))
        found[unit] = levels[first] if first == 0 else between(levels[first - 1 : first + 1], values[first - 1 : first + 1, unit], limit)
    found[np.isnan(values).any(axis=0)] = np.nan
    return found


def between(levels: Array, values: Array, limit: float) -> float:
    """Where a straight line through two points reaches the limit."""
    return float(levels[0] + (limit - values[0]) / (values[1] - values[0]) * (levels[1] - levels[0]))


def exceeded(levels: Array, values: Array, limit: float) -> dict[str, Any]:
    """The crossing's median and 5-95 % interval over units that have all levels; None where not reached within the levels."""
    found = crossings(levels, values, limit)
    found = found[~np.isnan(found)]
    reached = float(np.isfinite(found).mean()) if found.size else 0.0
    low, median, high = np.sort(found)[[rank(found.size, p) for p in PERCENTILES]] if found.size else [np.inf] * 3
    return {"limit": limit, "at": [finite(low), finite(median), finite(high)], "reached_share": reached, "runs": int(found.size)}


def rank(count: int, percent: float) -> int:
    """The nearest-rank place of a percentile, which needs no arithmetic with values that are infinite."""
    return min(count - 1, max(0, int(np.ceil(percent / 100.0 * count)) - 1))


def likely(levels: Array, met: Array, probability: float) -> dict[str, Any]:
    """The lowest level at which the share of runs with an outcome reaches a probability, interpolated; met f[levels, units], NaN unknown.

    Its range comes from the 95 % Wilson interval of the share at each level.
    """
    known = ~np.isnan(met)
    counts, hits = known.sum(axis=1), np.nansum(met, axis=1)
    share = np.divide(hits, counts, out=np.full(len(levels), np.nan), where=counts > 0)
    low, high = wilson(share, counts)
    at = [crossings(levels, line[:, None], probability)[0] for line in (high, share, low)]
    return {
        "probability": probability,
        "at": [finite(value) for value in at],
        "share_by_level": [[float(level), finite(value)] for level, value in zip(levels, share, strict=True)],
    }


def wilson(share: Array, counts: Array) -> tuple[Array, Array]:
    """95 % Wilson interval of shares."""
    n = np.maximum(counts, 1)
    centre = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 * np.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n**2)) / (1 + Z_95**2 / n)
    return centre - half, centre + half


def finite(value: float) -> float | None:
    """A number to six digits, or None where there is none."""
    return float(f"{value:.6g}") if np.isfinite(value) else None
