"""At which price each policy is best, how surely, and what knowing more would be worth.

The net benefit of a policy in a draw is what it gains less a price times what it loses. Knowing an
input before choosing lets a different policy be chosen for each of its values: what that gains on
average is the expected value of information.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.worker_columns import Array

DEGREE = 3
"""Degree of the polynomials by which net benefit is predicted from an input."""
PERMUTATIONS, RESAMPLES = 100, 1000

Integers = NDArray[np.int64]


class BreakEven(NamedTuple):
    """The price at which one policy gives way to another as the best on average.

    `interval` is [low, estimate, high] with 95 % confidence; an end is infinite where the
    resampled policies do not give way at any price.
    """

    below: int
    above: int
    interval: tuple[float, float, float]


class InformationValue(NamedTuple):
    """What knowing some inputs is worth, less what unrelated inputs would seem to be worth.

    `noise` is what the best of as many unrelated groups would reach in 19 of 20 cases: a value
    within it is 0.
    """

    value: float
    noise: float


def net_benefits(gain: Array, loss: Array, price: float) -> Array:
    """Net benefit of each policy in each draw, from gains and losses f8[policies, draws]."""
    found: Array = gain - price * loss
    return found


def best_shares(gain: Array, loss: Array, prices: Array) -> Array:
    """The share of draws in which each policy is best, f8[prices, policies].

    Policies that are equally good share a draw.
    """
    shares = []
    for price in prices:
        benefit = net_benefits(gain, loss, price)
        best = benefit == benefit.max(axis=0)
        shares.append((best / best.sum(axis=0)).mean(axis=1))
    return np.array(shares)


def best_on_average(gain: Array, loss: Array, prices: Array) -> Integers:
    """The policy with the largest mean net benefit at each price, i[prices]."""
    means = gain.mean(axis=1) - prices[:, None] * loss.mean(axis=1)
    return np.asarray(np.argmax(means, axis=1), np.int64)


def break_evens(gain: Array, loss: Array, prices: Array, seed: int) -> list[BreakEven]:
    """Every change of the best policy between the lowest and the highest price.

    The interval of the price is a bootstrap over draws that `seed` fixes.
    """
    best = best_on_average(gain, loss, prices)
    draws = gain.shape[1]
    counts = np.random.default_rng(seed).multinomial(draws, np.full(draws, 1.0 / draws), RESAMPLES)
    found = []
    for below, above in itertools.pairwise(dict.fromkeys(best.tolist())):
        gains, losses = gain[below] - gain[above], loss[below] - loss[above]
        resampled = crossing(counts @ gains, counts @ losses)
        # The nearest, as nothing lies between a price and infinity.
        low, high = np.quantile(resampled, [0.025, 0.975], method="nearest")
        own = float(crossing(gains.sum(), losses.sum()))
        found.append(BreakEven(below, above, (float(low), own, float(high))))
    return found


def crossing(gain: Array | float, loss: Array | float) -> Array:
    """The price from which on a larger gain no longer outweighs a larger loss.

    0 where there is no larger gain, infinity where there is no larger loss.
    """
    more, worse = np.asarray(gain, float), np.asarray(loss, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.where(worse > 0.0, more / worse, np.inf)
    found: Array = np.where(more <= 0.0, 0.0, price)
    return found


def perfect_information(benefit: Array) -> float:
    """What choosing the best policy in each draw gains on average over one choice for all."""
    return float(benefit.max(axis=0).mean() - benefit.mean(axis=1).max())


def information_value(benefit: Array, inputs: Array, seed: int) -> InformationValue:
    """What knowing inputs f8[draws, inputs] before choosing is worth, per decision.

    See `nested_values`, of which this is one group alone.
    """
    return nested_values(benefit, inputs, [list(range(inputs.shape[1]))], seed)[0]


def nested_values(
    benefit: Array, inputs: Array, groups: Sequence[Sequence[int]], seed: int
) -> list[InformationValue]:
    """The value of each group of inputs, never less than that of a group within it.

    Net benefit f8[policies, draws] is predicted by polynomials of each input (Strong, Oakley and
    Brennan, 2014). As any fit seems to predict something, the mean value of the same inputs in an
    order that `seed` shuffles is subtracted, and what remains counts if it passes what the best of
    as many unrelated groups would reach in 19 of 20 cases (Westfall and Young, 1993). Knowing more
    cannot be worth less, nor more than knowing everything; estimates are held to it.
    """
    values, shuffled = seeming_values(benefit, inputs, groups, seed)
    mean, spread = shuffled.mean(axis=1), shuffled.std(axis=1)
    scaled = (shuffled - mean[:, None]) / np.where(spread > 0.0, spread, 1.0)[:, None]
    noise = float(np.quantile(scaled.max(axis=0), 0.95)) * spread
    own = np.where(values - mean > noise, values - mean, 0.0)
    limit = perfect_information(benefit)
    return [
        InformationValue(
            min(
                limit,
                max(
                    float(value)
                    for other, value in zip(groups, own, strict=True)
                    if set(other) <= set(group)
                ),
            ),
            float(mine),
        )
        for group, mine in zip(groups, noise, strict=True)
    ]


def seeming_values(
    benefit: Array, inputs: Array, groups: Sequence[Sequence[int]], seed: int
) -> tuple[Array, Array]:
    """What groups seem to be worth, f8[groups], and shuffled, f8[groups, permutations].

    All groups are shuffled in the same orders.
    """
    generator = np.random.default_rng(seed)
    orders = [generator.permutation(len(inputs)) for _ in range(PERMUTATIONS)]
    bases = [polynomial_basis(inputs[:, list(group)]) for group in groups]
    values = np.array([predicted_gain(benefit, basis) for basis in bases])
    # Rows of an orthonormal basis in another order are one as well: none is computed again.
    shuffled = [[predicted_gain(benefit, basis[order]) for order in orders] for basis in bases]
    return values, np.array(shuffled)


def polynomial_basis(inputs: Array) -> Array:
    """Orthonormal columns that span a constant and polynomials of each input: f8[draws, columns].

    Inputs that do not vary add nothing. The degree is lower where draws are few for the inputs.
    """
    varying = inputs[:, np.ptp(inputs, axis=0) > 0.0]
    # Scaled first: powers of numbers far from 0 are nearly the same column.
    scaled = (varying - varying.mean(axis=0)) / varying.std(axis=0)
    degree = max(1, min(DEGREE, len(inputs) // (10 * max(1, varying.shape[1]))))
    powers = [scaled**power for power in range(1, degree + 1)]
    columns = np.column_stack([np.ones(len(inputs)), *powers])
    basis: Array
    # Orthonormal, so that a prediction is two products and no system of equations, hundreds of
    # times.
    basis, _ = np.linalg.qr(columns)
    return basis


def predicted_gain(benefit: Array, basis: Array) -> float:
    """What choosing by net benefit as predicted on a basis gains over one choice for all."""
    predicted = basis @ (basis.T @ benefit.T)
    return float(predicted.max(axis=1).mean() - predicted.mean(axis=0).max())
