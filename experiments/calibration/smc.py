"""Approximate Bayesian computation by sequential Monte Carlo (Del Moral, Doucet & Jasra 2012) on the unit cube.

Particles start from the uniform prior. Each generation lowers the tolerance to a quantile of the distances, resamples those within it
and moves each by Metropolis steps, accepted if they are within the tolerance: in turn a differential-evolution proposal, reflected at the
walls, and coordinates drawn anew from the prior. Both are symmetric and the prior uniform, so all particles have the same weight. Without
the second, resampling lets coordinates that the data say nothing of drift from their prior; the last generation moves longer for that too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from sim.engine.worker_columns import Array

Evaluate = Callable[[Array], tuple[Array, Array]]
"""Points f8[N, D] to distances f8[N] (infinite: refused) and moments f8[N, M]."""
PRIOR_SD = 12**-0.5
OPEN = 0.9
"""Share of the prior's spread from which on a coordinate counts as open: the data say little of it by itself."""
MOST_TRIES = 200
"""Batches of prior draws, each as large as the population, before the priors are given up."""


@dataclass(frozen=True)
class Plan:
    """How many particles, Metropolis steps a generation and in the last one, what part survives, when to stop."""

    particles: int
    moves: int
    generations: int
    seed: int
    last_moves: int = 8
    keep: float = 0.5
    least_acceptance: float = 0.03


@dataclass(frozen=True, eq=False)
class Generation:
    """A population within one tolerance."""

    number: int
    points: Array  # f8[N, D]
    distances: Array  # f8[N]
    moments: Array  # f8[N, M]
    tolerance: float
    acceptance: float
    simulations: int


def generations(
    plan: Plan, dimensions: int, evaluate: Evaluate, done: Sequence[Generation] = ()
) -> Iterator[Generation]:
    """The generations that are not done yet, in order; ends at the plan's number or when few moves are accepted."""
    last = done[-1] if done else None
    while last is None or not finished(last, plan):
        number = 0 if last is None else last.number + 1
        generator = np.random.default_rng([plan.seed, number])
        last = (
            first(plan, dimensions, evaluate)
            if last is None
            else following(last, plan, evaluate, generator)
        )
        yield last


def finished(last: Generation, plan: Plan) -> bool:
    """Whether a generation is the last one."""
    return last.number + 1 >= plan.generations or (
        last.number > 0 and last.acceptance < plan.least_acceptance
    )


def first(plan: Plan, dimensions: int, evaluate: Evaluate) -> Generation:
    """Draws from the prior that are not refused. Raises ValueError if hardly any is possible."""
    sobol = qmc.Sobol(dimensions, rng=np.random.default_rng([plan.seed, 0]))
    kept: list[tuple[Array, ...]] = []
    for tries in range(1, MOST_TRIES + 1):
        points = sobol.random(1 << max(0, plan.particles - 1).bit_length())
        distances, moments = evaluate(points)
        possible = np.isfinite(distances)
        kept.append((points[possible], distances[possible], moments[possible]))
        if sum(part[1].size for part in kept) >= plan.particles:
            found = [np.concatenate(parts)[: plan.particles] for parts in zip(*kept, strict=True)]
            share = sum(part[1].size for part in kept) / (tries * points.shape[0])
            return Generation(
                0, found[0], found[1], found[2], np.inf, share, tries * points.shape[0]
            )
    raise ValueError(
        f"the priors: of {tries * points.shape[0]} draws fewer than {plan.particles} were possible; widen them"
    )


def following(
    last: Generation, plan: Plan, evaluate: Evaluate, generator: np.random.Generator
) -> Generation:
    """Lower the tolerance, take every survivor as often as any other, move."""
    tolerance = float(np.quantile(last.distances, plan.keep))
    alive = np.flatnonzero(last.distances <= tolerance)
    chosen = np.resize(generator.permutation(alive), plan.particles)
    points, distances, moments = (
        array[chosen].copy() for array in (last.points, last.distances, last.moments)
    )
    accepted = 0
    moves = plan.last_moves if last.number + 2 == plan.generations else plan.moves
    for move in range(moves):
        proposed = (
            sampled_anew(points, last.points[alive], generator)
            if move % 2
            else stepped(points, last.points[alive], generator)
        )
        new_distances, new_moments = evaluate(proposed)
        better = new_distances <= tolerance
        points[better], distances[better], moments[better] = (
            proposed[better],
            new_distances[better],
            new_moments[better],
        )
        accepted += int(better.sum())
    simulations = moves * plan.particles
    return Generation(
        last.number + 1, points, distances, moments, tolerance, accepted / simulations, simulations
    )


def stepped(points: Array, alive: Array, generator: np.random.Generator) -> Array:
    """Each point moved along the difference of two survivors in a random part of its coordinates (ter Braak 2006), and a little noise."""
    ends = generator.integers(alive.shape[0], size=(2, len(points)))
    moved = random_part(points, generator)
    stride = 2.38 / np.sqrt(2.0 * np.maximum(moved.sum(axis=1, keepdims=True), 1))
    step = stride * (alive[ends[0]] - alive[ends[1]]) + generator.normal(0.0, 0.01, points.shape)
    return reflected(points + moved * step)


def sampled_anew(points: Array, alive: Array, generator: np.random.Generator) -> Array:
    """Each point with a random part of the coordinates that survivors spread over as the prior does drawn from the prior."""
    is_open = alive.std(axis=0) > OPEN * PRIOR_SD
    chosen = is_open & (generator.random(points.shape) < generator.random((len(points), 1)))
    return np.where(chosen, generator.random(points.shape), points)


def random_part(points: Array, generator: np.random.Generator) -> Array:
    """Which coordinates of each point are moved: b1[N, D], most often few of them."""
    share = generator.random((len(points), 1)) ** 2
    chosen: Array = generator.random(points.shape) < np.maximum(share, 1.5 / points.shape[1])
    return chosen


def reflected(points: Array) -> Array:
    """Points folded back into the unit cube at its walls."""
    folded = np.mod(points, 2.0)
    inside: Array = np.where(folded > 1.0, 2.0 - folded, folded)
    return inside
