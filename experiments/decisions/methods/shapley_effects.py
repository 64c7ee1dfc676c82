"""Shapley effects: shares of variance of correlated inputs, none of it counted twice.

Inputs of a posterior are correlated, and Sobol's indices then overlap. The Shapley effect of an
input is what it adds to the variance explained, averaged over all orders in which inputs can become
known (Owen 2014; Song, Nelson and Staum 2016). Effects are never negative and add up. For an answer
that is linear in its inputs, what is explained by some of them is the R2 of a regression, and the
effects are the averages of Lindeman, Merenda and Gold (Owen and Prieur 2017).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.decisions.methods.sobol_indices import around
from sim.engine.worker_columns import Array

ALL_ORDERS_UP_TO = 6
"""With so many inputs or fewer every order is taken: 720 at most."""
ORDERS, RESAMPLES, ORDERS_OF_A_RESAMPLE = 1000, 200, 1

Orders = NDArray[np.int64]


def shapley_effects(covariance: Array, with_answers: Array, variances: Array, seed: int) -> Array:
    """Effects f8[D, M] of D inputs on M answers that are linear in them.

    covariance f8[D, D] is that of the inputs, with_answers f8[D, M] theirs with the answers,
    variances f8[M] the answers'. The effects add up to the R2 of all inputs. With many inputs,
    random orders that `seed` fixes stand for all. NaN where an answer does not vary.
    """
    orders = orders_of(len(covariance), ORDERS, seed)
    known = np.where(variances > 0.0, variances, np.nan)
    effects: Array = mean_gains(covariance, with_answers, orders) / known
    return effects


def orders_of(inputs: int, most: int, seed: int) -> Orders:
    """Orders i[P, D] of the inputs: all of them, or random ones with all their rotations.

    In the rotations of an order every input has every turn once; with their reverses, every input
    comes as often before as after every other.
    """
    if inputs <= ALL_ORDERS_UP_TO:
        return np.array(list(itertools.permutations(range(inputs))), dtype=np.int64)
    generator = np.random.default_rng(seed)
    random = [generator.permutation(inputs) for _ in range(math.ceil(most / (2 * inputs)))]
    forward = np.array([np.roll(order, turn) for order in random for turn in range(inputs)])
    both: Orders = np.concatenate([forward, forward[:, ::-1]])
    return both


def mean_gains(covariance: Array, with_answers: Array, orders: Orders) -> Array:
    """Variance explained by each input when its turn comes, averaged over orders: f8[D, M]."""
    ordered = covariance[orders[:, :, None], orders[:, None, :]]
    # The rows of the solution are what each input adds once those before it are known.
    added = np.linalg.solve(np.linalg.cholesky(ordered), with_answers[orders])
    gains = np.zeros_like(with_answers)
    np.add.at(gains, orders.reshape(-1), np.square(added).reshape(-1, with_answers.shape[1]))
    return gains / len(orders)


def effects_of_draws(inputs: Array, answers: Array, orders: Orders) -> Array:
    """Effects f8[D, M] from n draws of inputs f8[n, D] and answers f8[n, M], chance aside.

    An input without effect seems to explain (1 - R2) / (n - D - 1) in n draws, with R2 of all
    inputs; as much is subtracted from each.
    """
    count, size = inputs.shape
    centred, moved = inputs - inputs.mean(axis=0), answers - answers.mean(axis=0)
    covariance, with_answers = centred.T @ centred / count, centred.T @ moved / count
    variances = np.square(moved).mean(axis=0)
    known = np.where(variances > 0.0, variances, np.nan)
    effects = mean_gains(covariance, with_answers, orders) / known
    spurious = (1.0 - effects.sum(axis=0)) / (count - size - 1)
    corrected: Array = effects - spurious
    return corrected


class EffectDraws(NamedTuple):
    """Effects f8[D, M], and those of resampled draws f8[R, D, M]."""

    estimate: Array
    resampled: Array

    def of_groups(self, groups: Sequence[Sequence[int]]) -> Array:
        """[low, estimate, high] of the summed effects of groups of inputs, 95 %: f8[3, G, M]."""
        places = [list(group) for group in groups]
        estimate = np.array([self.estimate[place].sum(axis=0) for place in places])
        resampled = np.stack([self.resampled[:, place].sum(axis=1) for place in places], axis=1)
        return around(estimate, resampled)


def bootstrapped_effects(inputs: Array, answers: Array, seed: int) -> EffectDraws:
    """Effects of inputs f8[n, D] on answers f8[n, M], and a bootstrap over the n draws.

    Inputs that do not vary must be left out before. More than D + 1 draws are needed.
    """
    count, size = inputs.shape
    scaled = inputs / inputs.std(axis=0)
    estimate = effects_of_draws(scaled, answers, orders_of(size, ORDERS, seed))
    few = orders_of(size, ORDERS_OF_A_RESAMPLE, seed)
    chosen = np.random.default_rng(seed).integers(count, size=(RESAMPLES, count))
    resampled = [effects_of_draws(scaled[rows], answers[rows], few) for rows in chosen]
    return EffectDraws(estimate, np.array(resampled))
