"""Approximate Bayesian computation by sequential Monte Carlo (Del Moral, Doucet & Jasra 2012).

Draws are points of the unit cube and start from its uniform prior. Each generation lowers the
tolerance to a quantile of the distances, resamples the draws within it and moves each of them by
Metropolis steps, which are accepted if they stay within the tolerance. Two proposals take turns:
differential evolution, reflected at the walls, and coordinates sampled again from the prior. Both
are symmetric and the prior is uniform, so all draws have the same weight. Without the second
proposal, resampling would let coordinates about which the data say nothing drift away from their
prior; for the same reason the last generation makes more moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from sim.engine.worker_columns import Array

Evaluate = Callable[[Array], tuple[Array, Array]]
"""From points f8[N, D] to distances f8[N] (infinite: refused) and recorded values f8[N, M]."""
PRIOR_SD = 12**-0.5
OPEN_ABOVE = 0.9
"""A coordinate is open, as the data say little about it, if it keeps this part of the prior sd."""
MOST_BATCHES = 200
"""Batches of prior draws, each at least as large as the population, before the fit gives up."""


@dataclass(frozen=True)
class SmcPlan:
    """Size of a fit.

    `moves`: Metropolis steps in each generation, `last_moves` in the last one; `keep`: share of
    the draws that survives a generation; the fit ends early below `least_acceptance`.
    """

    particles: int
    moves: int
    generations: int
    seed: int
    last_moves: int = 8
    keep: float = 0.5
    least_acceptance: float = 0.03


@dataclass(frozen=True, eq=False)
class Generation:
    """A population of draws within one tolerance."""

    number: int
    points: Array  # f8[N, D]
    distances: Array  # f8[N]
    recorded: Array  # f8[N, M]
    tolerance: float
    acceptance: float
    simulations: int


def remaining_generations(
    plan: SmcPlan, dimensions: int, evaluate: Evaluate, done: Sequence[Generation] = ()
) -> Iterator[Generation]:
    """The generations after `done`, in order, each as soon as it is simulated."""
    last = done[-1] if done else None
    while last is None or not is_last(last, plan):
        number = 0 if last is None else last.number + 1
        # Each generation has its own generator, so a resumed fit equals an uninterrupted one.
        generator = np.random.default_rng([plan.seed, number])
        last = (
            prior_generation(plan, dimensions, evaluate)
            if last is None
            else next_generation(last, plan, evaluate, generator)
        )
        yield last


def is_last(generation: Generation, plan: SmcPlan) -> bool:
    """Whether the plan's number is reached, or hardly any move was accepted."""
    return generation.number + 1 >= plan.generations or (
        generation.number > 0 and generation.acceptance < plan.least_acceptance
    )


def prior_generation(plan: SmcPlan, dimensions: int, evaluate: Evaluate) -> Generation:
    """Draws from the prior that are not refused. Raises ValueError if almost all are refused."""
    sobol = qmc.Sobol(dimensions, rng=np.random.default_rng([plan.seed, 0]))
    # A Sobol sequence is balanced only in powers of two.
    batch = 1 << max(0, plan.particles - 1).bit_length()
    kept: list[tuple[Array, ...]] = []
    for number in range(1, MOST_BATCHES + 1):
        points = sobol.random(batch)
        distances, recorded = evaluate(points)
        possible = np.isfinite(distances)
        kept.append((points[possible], distances[possible], recorded[possible]))
        size = sum(part[1].size for part in kept)
        if size >= plan.particles:
            arrays = [np.concatenate(parts)[: plan.particles] for parts in zip(*kept, strict=True)]
            tried = number * batch
            return Generation(0, arrays[0], arrays[1], arrays[2], np.inf, size / tried, tried)
    raise ValueError(
        f"the priors: fewer than {plan.particles} of {MOST_BATCHES * batch} draws were possible; "
        "widen the priors"
    )


def next_generation(
    last: Generation, plan: SmcPlan, evaluate: Evaluate, generator: np.random.Generator
) -> Generation:
    """Lower the tolerance, resample the survivors equally often, and move each draw."""
    # A quantile of this generation and no schedule: how far distances fall is not known beforehand.
    tolerance = float(np.quantile(last.distances, plan.keep))
    survivors = np.flatnonzero(last.distances <= tolerance)
    # Equally often rather than at random: chance copies would add noise without any information.
    chosen = np.resize(generator.permutation(survivors), plan.particles)
    points, distances, recorded = (
        array[chosen].copy() for array in (last.points, last.distances, last.recorded)
    )
    accepted = 0
    moves = plan.last_moves if last.number + 2 == plan.generations else plan.moves
    for move in range(moves):
        # In turns: the first adapts to the shape of the draws, the second keeps coordinates at
        # their prior about which the data say nothing.
        propose = prior_proposal if move % 2 else differential_evolution_proposal
        proposed = propose(points, last.points[survivors], generator)
        new_distances, new_recorded = evaluate(proposed)
        # Both proposals are symmetric and the prior is flat, so a step within the tolerance is
        # always accepted.
        within = new_distances <= tolerance
        points[within], distances[within] = proposed[within], new_distances[within]
        recorded[within] = new_recorded[within]
        accepted += int(within.sum())
    simulations = moves * plan.particles
    return Generation(
        last.number + 1, points, distances, recorded, tolerance, accepted / simulations, simulations
    )


def differential_evolution_proposal(
    points: Array, survivors: Array, generator: np.random.Generator
) -> Array:
    """Some coordinates of each point moved along the difference of two survivors (ter Braak 2006).

    A little noise on every coordinate lets the chain reach points that no difference leads to.
    """
    ends = generator.integers(survivors.shape[0], size=(2, len(points)))
    moved = random_coordinates(points, generator)
    # 2.38 / sqrt(2 d) is ter Braak's scale for moves in d dimensions.
    stride = 2.38 / np.sqrt(2.0 * np.maximum(moved.sum(axis=1, keepdims=True), 1))
    step = stride * (survivors[ends[0]] - survivors[ends[1]])
    step += generator.normal(0.0, 0.01, points.shape)
    return reflected(points + moved * step)


def prior_proposal(points: Array, survivors: Array, generator: np.random.Generator) -> Array:
    """Each point with some of its open coordinates sampled again from the prior."""
    is_open = survivors.std(axis=0) > OPEN_ABOVE * PRIOR_SD
    chosen = is_open & (generator.random(points.shape) < generator.random((len(points), 1)))
    return np.where(chosen, generator.random(points.shape), points)


def random_coordinates(points: Array, generator: np.random.Generator) -> Array:
    """Which coordinates of each point move, b1[N, D]: most often few, on average at least 1.5."""
    share = generator.random((len(points), 1)) ** 2
    chosen: Array = generator.random(points.shape) < np.maximum(share, 1.5 / points.shape[1])
    return chosen


def reflected(points: Array) -> Array:
    """Points folded back into the unit cube at its walls."""
    folded = np.mod(points, 2.0)
    inside: Array = np.where(folded > 1.0, 2.0 - folded, folded)
    return inside
