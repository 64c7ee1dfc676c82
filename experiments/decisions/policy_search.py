"""The search for policies that meet goals: simulated where the edge is, interpolated between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.decisions.goals import Goal, Reading
from experiments.decisions.methods.policy_sets import (
    FIRST_LEVELS,
    GRID,
    Judged,
    interpolated,
    judged,
    mean_interval,
    next_policies,
    stretches,
    unit_grid,
)
from experiments.decisions.policy_axes import PolicyAxis, PolicyReader
from experiments.results.summary import rounded
from sim.engine.worker_columns import Array

ROUNDS, AT_ONCE = 12, {1: 2, 2: 6, 3: 10}
"""Rounds of refinement at most, and policies simulated in each, by the number of axes."""
CLOSE = 3.0
"""How much closer to another the best policy may lie than the precision asked for."""
LINES = 5
"""Values of the second axis at which the edge along the first is given."""


@dataclass(frozen=True)
class Search:
    """What is searched for: axes, goals, and the objective with its sign (1 to maximise).

    The objective, if there is one, is the last of the reader's readings.
    """

    axes: list[PolicyAxis]
    goals: list[Goal]
    reader: PolicyReader
    objective: Reading | None
    sign: float
    precision: float

    @property
    def wanted(self) -> Array:
        """The probability that each goal wants."""
        return np.array([goal.probability for goal in self.goals])

    def judge(self, values: Array) -> Judged:
        """Policies judged by their readings f8[policies, draws, readings]."""
        met = [goal.met(values[..., place]) for place, goal in enumerate(self.goals)]
        return judged(np.stack(met, axis=-1), self.wanted)

    def worth(self, values: Array) -> Array:
        """What is to be as large as possible, f8[policies]: the mean of the objective over draws.

        Without an objective, the smallest surplus of probability over what a goal wants.
        """
        if self.objective is not None:
            worth: Array = self.sign * values[..., -1].mean(axis=1)
            return worth
        surplus: Array = (self.judge(values).probability - self.wanted).min(axis=1)
        return surplus

    def settings_at(self, point: Array) -> dict[str, float | int]:
        """The policy at a point of the unit cube."""
        pairs = zip(self.axes, point, strict=True)
        return {axis.key: axis.value(float(place)) for axis, place in pairs}

    def settled(self, points: Array) -> Array:
        """Points moved to the values that a policy can have."""
        found = [
            [
                axis.place(axis.value(float(place)))
                for axis, place in zip(self.axes, point, strict=True)
            ]
            for point in points
        ]
        return np.array(found).reshape(points.shape)


def searched(search: Search) -> dict[str, Any]:
    """What a search over axes finds."""
    count = len(search.axes)
    grid = unit_grid(count, GRID[count])
    points = search.settled(unit_grid(count, FIRST_LEVELS[count]))
    values = simulated(search, points)
    for _ in range(ROUNDS):
        found = search.judge(interpolated(points, values, grid))
        more = next_policies(points, grid, found, search.precision, AT_ONCE[count])
        # The edge comes first, as the best policy is sought among those that are known to be
        # feasible.
        more = more if len(more) else promising(search, (points, values), grid)
        if not len(more):
            break
        more = search.settled(more)
        points, values = (
            np.vstack([points, more]),
            np.concatenate([values, simulated(search, more)]),
        )
    on_grid = interpolated(points, values, grid)
    return {
        "axes": [vars(axis) for axis in search.axes],
        "lines": lines_of(search, points, values),
        "feasible_share": rounded(float(search.judge(on_grid).feasible.mean())),
        **chosen(search, points, values),
        "grid": grid_summary(search, on_grid),
    }


def simulated(search: Search, points: Array) -> Array:
    """Readings of the policies at these points."""
    return search.reader.values([search.settings_at(point) for point in points])


def promising(search: Search, known: tuple[Array, Array], grid: Array) -> Array:
    """The policy of the grid that may be better than the best simulated: f8[0 or 1, axes].

    None if every such policy is near one that was simulated.
    """
    points, values = known
    on_grid = interpolated(points, values, grid)
    distance = np.abs(grid[:, None] - points[None]).max(axis=2).min(axis=1)
    worth, feasible = search.worth(values), search.judge(values).feasible
    best = worth[feasible].max(initial=-np.inf)
    better = search.judge(on_grid).feasible & (search.worth(on_grid) > best)
    candidates = np.flatnonzero(better & (distance > search.precision / CLOSE))
    if not len(candidates):
        return np.empty((0, points.shape[1]))
    return grid[candidates[[np.argmax(search.worth(on_grid[candidates]))]]]


def lines_of(search: Search, points: Array, values: Array) -> list[dict[str, Any]]:
    """The feasible stretches along the first axis, at some values of the others."""
    first, *others = search.axes
    places = np.linspace(0.0, 1.0, GRID[1])
    found = []
    for rest in unit_grid(len(others), LINES) if others else np.empty((1, 0)):
        at = np.column_stack([places, np.tile(rest, (len(places), 1))])
        judgement = search.judge(interpolated(points, values, at))
        found.append(
            {
                "where": {
                    axis.key: axis.value(float(x)) for axis, x in zip(others, rest, strict=True)
                },
                "stretches": [
                    {
                        "from": [first.value(place) for place in stretch.start],
                        "to": [first.value(place) for place in stretch.end],
                    }
                    for stretch in stretches(places, judgement)
                ],
            }
        )
    return found


def chosen(search: Search, points: Array, values: Array) -> dict[str, Any]:
    """The best of the policies simulated, the nearest if none is feasible, and prices of goals."""
    found = search.judge(values)
    described = [
        describe(search, search.settings_at(p), v) for p, v in zip(points, values, strict=True)
    ]
    worth = search.worth(values)
    best = int(np.argmax(np.where(found.feasible, worth, -np.inf)))
    nearest = int(np.argmax((found.probability - search.wanted).min(axis=1)))
    any_feasible = bool(found.feasible.any())
    return {
        "policies": described,
        "best": described[best] if any_feasible else None,
        "nearest": None if any_feasible else described[nearest],
        "prices": prices(search, values, best) if any_feasible and search.objective else [],
    }


def describe(search: Search, policy: Mapping[str, Any], values: Array) -> dict[str, Any]:
    """One policy: its values, the probability of each goal and the mean of each reading."""
    found = search.judge(values[None])
    ends = zip(found.low[0], found.probability[0], found.high[0], strict=True)
    return {
        "values": dict(policy),
        "probabilities": [[rounded(float(each)) for each in end] for end in ends],
        "means": [
            [rounded(each) for each in mean_interval(values[:, place])]
            for place in range(values.shape[1])
        ],
        "feasible": bool(found.feasible[0]),
    }


def prices(search: Search, values: Array, best: int) -> list[dict[str, Any]]:
    """What each goal costs: readings of the best policy less those of the best without the goal.

    Differences are paired by draw.
    """
    found, worth, entries = search.judge(values), search.worth(values), []
    for place, goal in enumerate(search.goals):
        others = np.arange(len(search.goals)) != place
        enough = (found.probability[:, others] >= search.wanted[others] - 1e-12).all(axis=1)
        free = int(np.argmax(np.where(enough, worth, -np.inf)))
        entries.append(
            {
                "goal": goal.text,
                "in": {
                    reading.text: [
                        rounded(each)
                        for each in mean_interval(values[best, :, at] - values[free, :, at])
                    ]
                    for at, reading in enumerate(search.reader.readings)
                    if at != place
                },
            }
        )
    return entries


def grid_summary(search: Search, on_grid: Array) -> dict[str, Any]:
    """Probabilities of goals and means of readings on the full grid, for figures."""
    found = search.judge(on_grid)
    return {
        "levels": GRID[len(search.axes)],
        "probabilities": [[rounded(float(v)) for v in row] for row in found.probability.T],
        "low": [[rounded(float(v)) for v in row] for row in found.low.T],
        "high": [[rounded(float(v)) for v in row] for row in found.high.T],
        "means": [[rounded(float(v)) for v in row] for row in on_grid.mean(axis=1).T],
    }
