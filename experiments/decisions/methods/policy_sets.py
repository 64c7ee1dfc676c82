"""Which policies meet goals with a probability: the set, its edge, and how sure the edge is.

Every draw of the parameters has a value of each reading at each policy that was simulated; between
them it is interpolated, draw by draw. The probability of a goal is the share of draws that meet it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.sweeps.reporting.threshold_crossings import Z_95
from sim.engine.worker_columns import Array

GRID = {1: 401, 2: 41, 3: 15}
"""Places along an axis at which policies are judged, by the number of axes."""
FIRST_LEVELS = {1: 5, 2: 4, 3: 3}
"""Levels of each axis that are simulated first, by the number of axes."""

Flags = NDArray[np.bool_]


class Judged(NamedTuple):
    """Policies judged by the goals: f8[policies, goals] and flags [policies].

    `low` and `high` are the ends of the 95 % interval of each probability. A policy is feasible if
    every goal has its probability, certain if it has even at the low end, and possible if it has at
    the high end.
    """

    probability: Array
    low: Array
    high: Array
    feasible: Flags
    certain: Flags
    possible: Flags


class Stretch(NamedTuple):
    """A stretch of an axis whose policies are feasible, with the 95 % interval of each end.

    [outer, estimate, inner] for `start` and [inner, estimate, outer] for `end`, in increasing
    order; an end of the axis has no interval.
    """

    start: tuple[float, float, float]
    end: tuple[float, float, float]


def unit_grid(axes: int, levels: int) -> Array:
    """Every combination of evenly spaced levels of the unit cube, f8[levels ** axes, axes]."""
    steps = np.linspace(0.0, 1.0, levels)
    return np.array(list(itertools.product(steps, repeat=axes)))


def interpolated(points: Array, values: Array, at: Array) -> Array:
    """Values f8[n, ...] of policies f8[n, k], interpolated linearly at others f8[m, k]: f8[m, ...].

    Policies lie in the unit cube, its corners among them.
    """
    if points.shape[1] == 1:
        from scipy.interpolate import make_interp_spline

        order = np.argsort(points[:, 0])
        # Not np.interp, which takes one column of values at a time.
        line = make_interp_spline(points[order, 0], values[order], k=1)
        found: Array = line(at[:, 0])
        return found
    from scipy.interpolate import LinearNDInterpolator

    inside: Array = LinearNDInterpolator(points, values.reshape(len(values), -1))(at)
    return inside.reshape(len(at), *values.shape[1:])


def probability_interval(share: Array, draws: int) -> tuple[Array, Array]:
    """The 95 % interval of a probability from the share of draws, after Wilson (1927)."""
    square = Z_95**2 / draws
    middle = (share + square / 2.0) / (1.0 + square)
    half = Z_95 * np.sqrt(share * (1.0 - share) / draws + square / (4.0 * draws)) / (1.0 + square)
    return middle - half, middle + half


def judged(met: Flags, wanted: Array) -> Judged:
    """Policies judged by which draws meet each goal, [policies, draws, goals], and f8[goals]."""
    probability = met.mean(axis=1)
    low, high = probability_interval(probability, met.shape[1])
    # A share of draws may come out just below the same probability written in decimals.
    feasible, certain, possible = (
        (each >= wanted - 1e-12).all(axis=1) for each in (probability, low, high)
    )
    return Judged(probability, low, high, feasible, certain & feasible, possible | feasible)


def stretches(places: Array, found: Judged) -> list[Stretch]:
    """The feasible stretches along an axis whose policies were judged at `places` f8[m]."""
    # Nothing beyond the axis, so that a stretch that touches its end has an end as well.
    inside = np.concatenate([[False], found.feasible, [False]]).astype(int)
    starts, stops = np.flatnonzero(np.diff(inside) == 1), np.flatnonzero(np.diff(inside) == -1) - 1
    return [
        Stretch(
            end_of(places, found, (start, stop), -1),
            end_of(places, found, (start, stop), 1),
        )
        for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
    ]


def end_of(
    places: Array, found: Judged, stretch: tuple[int, int], step: int
) -> tuple[float, float, float]:
    """The end of a stretch in the direction `step`, between what is certain and what possible."""
    own, other = stretch[::-1] if step > 0 else stretch
    last = len(places) - 1 if step > 0 else 0
    if own == last and found.certain[own]:
        return (float(places[own]),) * 3
    outer = own
    while outer != last and found.possible[outer + step]:
        outer += step
    certain = [at for at in range(own, other - step, -step) if found.certain[at]]
    inner = certain[0] if certain else other
    low, high = sorted((float(places[outer]), float(places[inner])))
    return low, float(places[own]), high


def next_policies(points: Array, grid: Array, found: Judged, gap: float, most: int) -> Array:
    """Policies to simulate next, f8[n, k]: in doubt, and farther than `gap` from all simulated.

    In doubt are those that may but need not be feasible, and those beside the edge. At most `most`
    are chosen one by one, each as far as possible from all others; none if none is so far.
    """
    doubt = (found.possible & ~found.certain) | beside_edge(grid, found.feasible)
    candidates, known = grid[doubt], points
    chosen: list[Array] = []
    while len(candidates) and len(chosen) < most:
        distance = np.abs(candidates[:, None] - known[None]).max(axis=2).min(axis=1)
        farthest = int(np.argmax(distance))
        if distance[farthest] <= gap:
            break
        chosen.append(candidates[farthest])
        known = np.vstack([known, candidates[farthest]])
    return np.array(chosen).reshape(len(chosen), points.shape[1])


def beside_edge(grid: Array, feasible: Flags) -> Flags:
    """Which places of a full grid have a neighbour of the other kind along an axis."""
    axes = grid.shape[1]
    cube = feasible.reshape([round(len(grid) ** (1.0 / axes))] * axes)
    found = np.zeros_like(cube)
    for axis in range(axes):
        ahead, behind = np.moveaxis(cube, axis, 0)[1:], np.moveaxis(cube, axis, 0)[:-1]
        changes, view = ahead != behind, np.moveaxis(found, axis, 0)
        view[1:] |= changes
        view[:-1] |= changes
    return found.reshape(-1)


def regrets(values: Array) -> Array:
    """How much each policy falls short of the best one in each draw: f8[policies, draws].

    `values` f8[policies, draws], of which more is better.
    """
    found: Array = values.max(axis=0) - values
    return found


def mean_interval(values: Sequence[float] | Array) -> list[float]:
    """[low, mean, high] of independent draws: a 95 % confidence interval by Student's t."""
    from experiments.sweeps.reporting.clustered_means import one_way_error

    drawn = np.asarray(values, float)
    half = one_way_error(drawn) or 0.0
    return [float(drawn.mean() - half), float(drawn.mean()), float(drawn.mean() + half)]
