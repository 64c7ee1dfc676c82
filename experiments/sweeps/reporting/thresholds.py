"""Thresholds: the level of an axis at which a measure first exceeds a limit, and at which an outcome becomes likely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.engine.worker_columns import Array

PERCENTILES = (5.0, 50.0, 95.0)
Z_95 = 1.959963985
CLOSE = 0.05
"""Levels this far apart or less are taken to tell what happens between them."""


def crossings(levels: Array, values: Array, limit: float) -> Array:
    """f8[units]: where each unit's broken line through (levels, values f[levels, units]) first reaches the limit.

    The lowest level if it begins there; infinity if it never reaches it; NaN if the unit misses a level.
    """
    reached = values >= limit
    found = np.full(values.shape[1], np.inf)
    for unit in np.flatnonzero(reached.any(axis=0)):
        first = int(np.argmax(reached[:, unit]))
        found[unit] = (
            levels[first]
            if first == 0
            else between(levels[first - 1 : first + 1], values[first - 1 : first + 1, unit], limit)
        )
    found[np.isnan(values).any(axis=0)] = np.nan
    return found


def between(levels: Array, values: Array, limit: float) -> float:
    """Where a straight line through two points reaches the limit."""
    return float(
        levels[0] + (limit - values[0]) / (values[1] - values[0]) * (levels[1] - levels[0])
    )


def exceeded(levels: Array, values: Array, limit: float) -> dict[str, Any]:
    """The crossing's median and 5-95 % interval over units that have all levels; None where not reached within the levels.

    The interval reaches at least to the levels around it where these are far apart.
    """
    found = crossings(levels, values, limit)
    found = found[~np.isnan(found)]
    reached = float(np.isfinite(found).mean()) if found.size else 0.0
    at = (
        np.sort(found)[[rank(found.size, p) for p in PERCENTILES]].tolist()
        if found.size
        else [np.inf] * 3
    )
    return {
        "limit": limit,
        **resolved(levels, at),
        "reached_share": reached,
        "runs": int(found.size),
    }


def resolved(levels: Array, at: Sequence[float]) -> dict[str, Any]:
    """A crossing [low, middle, high] no narrower than its levels tell, and the widest gap between levels that decided an end of it.

    What happens between two levels is not known. Levels at most `CLOSE` apart are taken to tell it well enough.
    """
    below, above = gap_around(levels, at[0]), gap_around(levels, at[2])
    low = below[0] if is_wide(below) else at[0]
    high = above[1] if is_wide(above) else at[2]
    apart = max((gap[1] - gap[0] for gap in (below, above) if is_wide(gap)), default=np.nan)
    return {"at": [finite(low), finite(at[1]), finite(high)], "levels_apart": finite(apart)}


def gap_around(levels: Array, crossing: float) -> tuple[float, float]:
    """The level below a crossing and the one at or above it; the crossing itself twice where it is the lowest level, or nowhere."""
    place = int(np.searchsorted(levels, crossing))
    return (
        (float(levels[place - 1]), float(levels[place]))
        if 0 < place < len(levels)
        else (crossing, crossing)
    )


def is_wide(gap: tuple[float, float]) -> bool:
    """Whether two neighbouring levels are farther apart than is close."""
    return gap[0] < gap[1] and gap[1] - gap[0] > CLOSE * (1.0 + 1e-9)


def rank(count: int, percent: float) -> int:
    """The nearest-rank place of a percentile, which needs no arithmetic with values that are infinite."""
    return min(count - 1, max(0, int(np.ceil(percent / 100.0 * count)) - 1))


def likely(levels: Array, met: Array, probability: float) -> dict[str, Any]:
    """The lowest level at which the share of runs with an outcome reaches a probability, interpolated; NaN of met is unknown.

    met f[levels, draws, replicates]. The range comes from the 95 % Wilson interval of the share at each level, in which runs of one draw
    count once; it reaches at least to the levels around it where these are far apart.
    """
    units = by_draw(met)
    counts = (~np.isnan(units)).sum(axis=1)
    share = np.divide(
        np.nansum(units, axis=1), counts, out=np.full(len(levels), np.nan), where=counts > 0
    )
    low, high = wilson(share, counts)
    at = [crossings(levels, line[:, None], probability)[0] for line in (high, share, low)]
    shares = [[float(level), finite(value)] for level, value in zip(levels, share, strict=True)]
    return {"probability": probability, **resolved(levels, at), "share_by_level": shares}


def by_draw(met: Array) -> Array:
    """f[levels, units] of f[levels, draws, replicates]: means of the draws, or where there is but one its replicates."""
    if met.shape[1] == 1:
        return met.reshape(len(met), -1)
    known = (~np.isnan(met)).sum(axis=2)
    means: Array = np.divide(
        np.nansum(met, axis=2), known, out=np.full(known.shape, np.nan), where=known > 0
    )
    return means


def wilson(share: Array, counts: Array) -> tuple[Array, Array]:
    """95 % Wilson interval of shares."""
    n = np.maximum(counts, 1)
    centre = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 * np.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n**2)) / (1 + Z_95**2 / n)
    return centre - half, centre + half


def finite(value: float) -> float | None:
    """A number to six digits, or None where there is none."""
    return float(f"{value:.6g}") if np.isfinite(value) else None
