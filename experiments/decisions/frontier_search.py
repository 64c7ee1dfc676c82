"""The search for a front: candidates from a seed, generation by generation (NSGA-II of pymoo).

Nothing of the search is stored. Evaluated again, from the store of runs, the same seed asks for the
same candidates in the same order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.worker_columns import Array

Flags = NDArray[np.bool_]


class Front(NamedTuple):
    """Points f8[n, axes] of the unit cube and their values f8[n, objectives], less is better."""

    points: Array
    values: Array


def searched(
    evaluate: Callable[[Array], Array],
    shape: tuple[int, int],
    population: int,
    generations: int,
    seed: int,
) -> Front:
    """The front after some generations of a population; ordered by the first objective.

    `shape` is the number of axes and of objectives. `evaluate` maps points f8[n, axes] of the unit
    cube to f8[n, objectives], of which less is better, and gives the same values for the same
    points. NSGA-II: Deb et al. (2002).
    """
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.evaluator import Evaluator
    from pymoo.core.problem import Problem
    from pymoo.problems.static import StaticProblem

    problem = Problem(n_var=shape[0], n_obj=shape[1], xl=0.0, xu=1.0)
    algorithm = NSGA2(pop_size=population)
    algorithm.setup(problem, termination=("n_gen", generations), seed=seed, verbose=False)
    while algorithm.has_next():
        asked = algorithm.ask()
        found = StaticProblem(problem, F=evaluate(asked.get("X")))
        Evaluator().eval(found, asked)
        algorithm.tell(infills=asked)
    points, values = algorithm.pop.get("X"), algorithm.pop.get("F")
    best = np.flatnonzero(non_dominated(values))
    # The last key decides first: ties in the first objective are broken by the others.
    order = best[np.lexsort(values[best].T[::-1])]
    return Front(points[order], values[order])


def non_dominated(values: Array) -> Flags:
    """Which rows of f8[n, objectives], of which less is better, are dominated by no other."""
    return ~dominance(values).any(axis=0)


def dominance(values: Array) -> Flags:
    """Whether each row is nowhere worse than another and somewhere better: [rows, others]."""
    no_worse = (values[:, None] <= values[None]).all(axis=2)
    better: Flags = (values[:, None] < values[None]).any(axis=2)
    found: Flags = no_worse & better
    return found


def strongest_dominators(values: Array) -> list[int | None]:
    """For each row the row that dominates it by most in its weakest objective; None if none does.

    Gains are compared as shares of the range of an objective. Only rows that nothing dominates are
    named.
    """
    over, best = dominance(values), non_dominated(values)
    span = np.ptp(values, axis=0)
    scaled = values / np.where(span > 0.0, span, 1.0)
    found: list[int | None] = []
    for place in range(len(values)):
        by = np.flatnonzero(over[:, place] & best)
        gains = np.sort(scaled[place] - scaled[by], axis=1)
        # Row by row the smallest gain decides, then the next.
        found.append(int(by[np.lexsort(gains.T[::-1])[-1]]) if by.size else None)
    return found
