"""Patient rule induction: the few ranges of inputs that hold most of the failures.

After Friedman and Fisher (1999). A box is found on one half of the data; the other half says which
of its restrictions are more than chance, and how dense the box is with failures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.worker_columns import Array

PEEL = 0.05
"""Share of the points of a box that a peel removes."""
SMALLEST = 0.05
"""Share of all points below which no box is peeled."""
RESAMPLES = 10
SIGNIFICANCE = 0.05
FEWEST_EACH = 5
"""Failures, and points without one, from which on a box is sought."""

Flags = NDArray[np.bool_]


class Box(NamedTuple):
    """Ranges of inputs, f8[inputs] each; infinite where an input is not restricted."""

    low: Array
    high: Array

    def holds(self, points: Array) -> Flags:
        """Which points f8[n, inputs] lie in the box."""
        inside: Flags = ((points >= self.low) & (points <= self.high)).all(axis=1)
        return inside

    @property
    def restricted(self) -> list[int]:
        """Inputs that are restricted."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high)).tolist()

    def without(self, place: int) -> Box:
        """The box without its restriction of one input."""
        low, high = self.low.copy(), self.high.copy()
        low[place], high[place] = -np.inf, np.inf
        return Box(low, high)


class Discovery(NamedTuple):
    """A box with what the half of the data that did not find it says of it.

    `counts` are failures in the box, points in the box, and failures, all in that half;
    `p_values` are those of the restrictions in `box.restricted`, and `survival` the share of
    resamples in which each of these inputs is restricted again.
    """

    box: Box
    counts: tuple[int, int, int]
    p_values: list[float]
    survival: list[float]


def discovered(points: Array, fails: Flags, seed: int) -> Discovery:
    """The box of failures among points f8[n, inputs], with restrictions that hold out of sample.

    No input is restricted where there is no signal, or too few points of either kind.
    """
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(points))
    # One half finds the box and the other tests it: on its own half every box seems dense.
    first, second = order[: len(order) // 2], order[len(order) // 2 :]
    box = induced(points[first], fails[first])
    kept = tested(box, points[second], fails[second])
    while kept.restricted and kept.restricted != box.restricted:
        # What was peeled from inputs that are chance is better peeled from the others.
        box = induced(points[first], fails[first], kept.restricted)
        kept = tested(box, points[second], fails[second])
    inside = kept.holds(points[second])
    hits = [
        induced(points[chosen], fails[chosen]).restricted
        for chosen in (
            generator.choice(first, len(first)) for _ in range(RESAMPLES if kept.restricted else 0)
        )
    ]
    return Discovery(
        kept,
        (int(fails[second][inside].sum()), int(inside.sum()), int(fails[second].sum())),
        [p_value(kept, place, points[second], fails[second]) for place in kept.restricted],
        [float(np.mean([place in hit for hit in hits])) for place in kept.restricted],
    )


def everywhere(inputs: int) -> Box:
    """The box without restrictions."""
    return Box(np.full(inputs, -np.inf), np.full(inputs, np.inf))


def induced(points: Array, fails: Flags, among: Sequence[int] | None = None) -> Box:
    """The box along the peeling trajectory that tells failures best from other points.

    Only inputs in `among` are restricted; all, unless given.
    """
    if among is not None:
        inner = induced(points[:, list(among)], fails)
        low, high = everywhere(points.shape[1])
        low[list(among)], high[list(among)] = inner
        return Box(low, high)
    box = everywhere(points.shape[1])
    failures = int(fails.sum())
    if min(failures, len(fails) - failures) < FEWEST_EACH:
        return box
    inside = np.arange(len(points))
    totals = failures, len(fails) - failures
    best, most = box, informedness(fails, totals)
    while (peeled := peel(points[inside], fails[inside], box)) is not None:
        box, kept = peeled
        inside = inside[kept]
        if len(inside) < SMALLEST * len(points):
            break
        own = informedness(fails[inside], totals)
        if own > most:
            best, most = box, own
        # Nothing is left to tell apart; smaller boxes would only hold fewer failures.
        if fails[inside].all():
            break
    return best


def informedness(fails: Flags, totals: tuple[int, int]) -> float:
    """The share of all failures that a box holds less that of all other points (Youden, 1950).

    `fails` says which points of the box fail; `totals` are the failures and the other points.
    """
    hits = int(fails.sum())
    return hits / totals[0] - (len(fails) - hits) / totals[1]


def peel(points: Array, fails: Flags, box: Box) -> tuple[Box, Flags] | None:
    """The box without the thin side whose removal leaves the densest box, and what it keeps.

    None if no side can be removed, as all its points are equal.
    """
    count = max(1, int(PEEL * len(points)))
    # From both sides of an input a peel must leave something in the middle.
    if 2 * count >= len(points):
        return None
    ordered = np.partition(points, (count, len(points) - 1 - count), axis=0)
    lows, highs = ordered[count], ordered[len(points) - 1 - count]
    above, below = points >= lows, points <= highs
    sizes = np.concatenate([above.sum(axis=0), below.sum(axis=0)])
    hits = fails.astype(float)
    density = np.concatenate([hits @ above, hits @ below]) / sizes
    # A side that removes nothing would be peeled for ever.
    density[sizes == len(points)] = -np.inf
    best = int(np.argmax(density))
    if not np.isfinite(density[best]):
        return None
    low, high, place = box.low.copy(), box.high.copy(), best % points.shape[1]
    if best < points.shape[1]:
        low[place] = lows[place]
        return Box(low, high), above[:, place]
    high[place] = highs[place]
    return Box(low, high), below[:, place]


def tested(box: Box, points: Array, fails: Flags) -> Box:
    """The box without restrictions that may be chance in data that did not find it.

    The least certain restriction goes first, until each of those left passes a test at 1 in 20
    for all of them together (Bonferroni).
    """
    wanted = SIGNIFICANCE / max(1, len(box.restricted))
    while box.restricted:
        values = {place: p_value(box, place, points, fails) for place in box.restricted}
        worst = max(values, key=lambda place: values[place])
        if values[worst] <= wanted:
            return box
        box = box.without(worst)
    return box


def p_value(box: Box, place: int, points: Array, fails: Flags) -> float:
    """How likely a restriction would seem to matter as much by chance (Fisher's exact test).

    Of the points that all other restrictions hold, failures inside it against failures outside.
    """
    from scipy.stats import fisher_exact

    wider = box.without(place).holds(points)
    inside = box.holds(points)
    outside = wider & ~inside
    table = [
        [int((fails & inside).sum()), int((~fails & inside).sum())],
        [int((fails & outside).sum()), int((~fails & outside).sum())],
    ]
    return float(fisher_exact(table, alternative="greater").pvalue)
