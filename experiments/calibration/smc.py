"""Approximate Bayesian computation by sequential Monte Carlo (Del Moral, Doucet & Jasra 2012) on the unit cube.

Particles start from the uniform prior. Each generation lowers the tolerance to a quantile of the distances, resamples those within it
and moves each by Metropolis steps: a differential-evolution proposal, reflected at the walls, accepted if it is within the tolerance.
The proposal is symmetric and the prior uniform, so all particles have the same weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from sim.population import Array

Evaluate = Callable[[Array], tuple[Array, Array]]
"""Points f8[N, D] to distances f8[N] (infinite: refused) and moments f8[N, M]."""
MOST_TRIES = 200
"""Batches of prior draws, each as large as the population, before the priors are given up."""


@dataclass(frozen=True)
class Plan:
    """How many particles, Metropolis steps a generation, what part survives, when to stop."""

    particles: int
    moves: int
    generations: int
    seed: int
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


def generations(plan: Plan, dimensions: int, evaluate: Evaluate, done: Sequence[Generation] = ()) -> Iterator[Generation]:
    """The generations that are not done yet, in order; ends at the plan's number or when few moves are accepted."""
    last = done[-1] if done else None
    while last is None or not finished(last, plan):
        number = 0 if last is None else last.number + 1
        generator = np.random.default_rng([plan.seed, number])
        last = first(plan, dimensions, evaluate) if last is None else following(last, plan, evaluate, generator)
        yield last


def finished(last: Generation, plan: Plan) -> bool:
    """Whether a generation is the last one."""
    return last.number + 1 >= plan.generations or (last.number > 0 and last.acceptance < plan.least_acceptance)


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
            return Generation(0, found[0], found[1], found[2], np.inf, share, tries * points.shape[0])
    raise ValueError(f"the priors: of {tries * points.shape[0]} draws fewer than {plan.particles} were possible; widen them")


def following(last: Generation, plan: Plan, evaluate: Evaluate, generator: np.random.Generator) -> Generation:
    """Lower the tolerance, resample, move."""
    tolerance = float(np.quantile(last.distances, plan.keep))
    alive = np.flatnonzero(last.distances <= tolerance)
    chosen = np.concatenate([alive, generator.choice(alive, plan.particles - alive.size)])[: plan.particles]
    points, distances, moments = (array[chosen].copy() for array in (last.points, last.distances, last.moments))
    accepted = 0
    for _ in range(plan.moves):
        proposed = proposals(points, last.points[alive], generator)
        new_distances, new_moments = evaluate(proposed)
        better = new_distances <= tolerance
        points[better], distances[better], moments[better] = proposed[better], new_distances[better], new_moments[better]
        accepted += int(better.sum())
    simulations = plan.moves * plan.particles
    return Generation(last.number + 1, points, distances, moments, tolerance, accepted / simulations, simulations)


def proposals(points: Array, alive: Array, generator: np.random.Generator) -> Array:
    """Each point moved along the difference of two survivors in a random part of its coordinates (ter Braak 2006), and a little noise."""
    count, dimensions = points.shape
    ends = generator.integers(alive.shape[0], size=(2, count))
    part = generator.random((count, 1)) ** 2
    moved = generator.random((count, dimensions)) < np.maximum(part, 1.5 / dimensions)
    stride = 2.38 / np.sqrt(2.0 * np.maximum(moved.sum(axis=1, keepdims=True), 1))
    step = stride * (alive[ends[0]] - alive[ends[1]]) + generator.normal(0.0, 0.01, points.shape)
    return reflected(points + moved * step)


def reflected(points: Array) -> Array:
    """Points folded back into the unit cube at its walls."""
    folded = np.mod(points, 2.0)
    inside: Array = np.where(folded > 1.0, 2.0 - folded, folded)
    return inside
