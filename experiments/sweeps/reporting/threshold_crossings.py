"""Thresholds: the level of an axis at which a measure first reaches a limit.

Also the level at which the share of runs with an outcome first reaches a probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.engine.worker_columns import Array

PERCENTILES = (5.0, 50.0, 95.0)
Z_95 = 1.959963985
CLOSE = 0.05
"""Levels at most this far apart are close enough to interpolate between them."""
SLACK = 1e-9
"""Relative error allowed in the distance of levels: 1 - 0.95 is more than 0.05 as a float."""


def crossings(levels: Array, values: Array, limit: float) -> Array:
    """f8[units]: the level at which each unit's values f[levels, units] first reach the limit.

    Values between levels are interpolated linearly. The result is the lowest level if the limit is
    reached there, infinity if it is reached nowhere, and NaN if a value is missing.
    """
    reached = values >= limit
    found = np.full(values.shape[1], np.inf)
    for unit in np.flatnonzero(reached.any(axis=0)):
        first = int(np.argmax(reached[:, unit]))
        ends = slice(first - 1, first + 1)
        found[unit] = (
            levels[first] if first == 0 else interpolated(levels[ends], values[ends, unit], limit)
        )
    # Last, as no comparison with NaN is true: a missing value would pass for one below the limit.
    found[np.isnan(values).any(axis=0)] = np.nan
    return found


def interpolated(levels: Array, values: Array, limit: float) -> float:
    """Where a straight line through two points reaches the limit."""
    share = (limit - values[0]) / (values[1] - values[0])
    return float(levels[0] + share * (levels[1] - levels[0]))


def exceeded(levels: Array, values: Array, limit: float) -> dict[str, Any]:
    """The median and 5-95 % interval of the units' crossings; None where the limit is not reached.

    Only units with a value at every level count.
    """
    found = crossings(levels, values, limit)
    found = found[~np.isnan(found)]
    reached = float(np.isfinite(found).mean()) if found.size else 0.0
    places = [nearest_rank(found.size, percent) for percent in PERCENTILES]
    at = np.sort(found)[places].tolist() if found.size else [np.inf] * 3
    return {
        "limit": limit,
        **widened(levels, at),
        "reached_share": reached,
        "runs": int(found.size),
    }


def widened(levels: Array, at: Sequence[float]) -> dict[str, Any]:
    """A crossing [low, middle, high], no narrower than its levels allow.

    Between two levels that are not close the true crossing can be anywhere, so an end of the range
    moves out to the next level. `levels_apart` is the widest such distance, None if there is none.
    """
    below, above = gap_around(levels, at[0]), gap_around(levels, at[2])
    low = below[0] if is_wide(below) else at[0]
    high = above[1] if is_wide(above) else at[2]
    apart = max((gap[1] - gap[0] for gap in (below, above) if is_wide(gap)), default=np.nan)
    return {"at": [finite(low), finite(at[1]), finite(high)], "levels_apart": finite(apart)}


def gap_around(levels: Array, crossing: float) -> tuple[float, float]:
    """The levels just below and just above (or at) a crossing.

    The crossing itself, twice, if it is the lowest level or beyond the highest.
    """
    place = int(np.searchsorted(levels, crossing))
    if 0 < place < len(levels):
        return float(levels[place - 1]), float(levels[place])
    return crossing, crossing


def is_wide(gap: tuple[float, float]) -> bool:
    """Whether two neighbouring levels are too far apart to interpolate between them."""
    return gap[0] < gap[1] and gap[1] - gap[0] > CLOSE * (1.0 + SLACK)


def nearest_rank(count: int, percent: float) -> int:
    """The place of a percentile among sorted values.

    By nearest rank, as interpolation between values fails where one is infinite.
    """
    return min(count - 1, max(0, int(np.ceil(percent / 100.0 * count)) - 1))


def likely(levels: Array, met: Array, probability: float) -> dict[str, Any]:
    """The level at which the share of runs with an outcome first reaches a probability.

    met f[levels, draws, replicates] is 1, 0, or NaN where unknown. The range comes from the 95 %
    Wilson interval of the share at each level, in which the runs of one draw count as one.
    """
    units = by_draw(met)
    counts = (~np.isnan(units)).sum(axis=1)
    unknown = np.full(len(levels), np.nan)
    share = np.divide(np.nansum(units, axis=1), counts, out=unknown, where=counts > 0)
    low, high = wilson(share, counts)
    # Where the share may be high the crossing comes early: the upper bound gives the low end.
    at = [crossings(levels, bound[:, None], probability)[0] for bound in (high, share, low)]
    shares = [[float(level), finite(value)] for level, value in zip(levels, share, strict=True)]
    return {"probability": probability, **widened(levels, at), "share_by_level": shares}


def by_draw(met: Array) -> Array:
    """f[levels, units]: the mean of each draw, or with a single draw its replicates."""
    if met.shape[1] == 1:
        return met.reshape(len(met), -1)
    known = (~np.isnan(met)).sum(axis=2)
    unknown = np.full(known.shape, np.nan)
    means: Array = np.divide(np.nansum(met, axis=2), known, out=unknown, where=known > 0)
    return means


def wilson(share: Array, counts: Array) -> tuple[Array, Array]:
    """95 % Wilson interval of shares."""
    n = np.maximum(counts, 1)
    centre = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 * np.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n**2)) / (1 + Z_95**2 / n)
    return centre - half, centre + half


def finite(value: float) -> float | None:
    """A number to six digits; None for infinity and NaN."""
    return float(f"{value:.6g}") if np.isfinite(value) else None
