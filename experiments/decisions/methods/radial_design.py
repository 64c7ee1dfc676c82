"""The runs of a radial design: rows of two random points, and of mixtures of both.

A row has a point A, a point B, and A with the inputs of one group from B, for each group. Chance is
an input like any other: the seed. A and B have different seeds, so A under the seed of B is the
mixture for chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.space import FIRST_GUESS
from experiments.configuration.variants import Value
from experiments.decisions.calibrated_inputs import CalibratedInputs, opening_shares
from experiments.decisions.methods.sobol_indices import RadialValues
from experiments.decisions.paired_runs import Wanted, question_sweep, run_values
from experiments.sweeps.design.sweep_settings import SweepSettings
from sim.engine.worker_columns import Array
from sim.inputs.problems import ScenarioError

MOST_ROWS_TRIED = 20
"""Rows tried for each one wanted before the inputs are refused."""
PAIRS_AT_ONCE = 16

IntegerArray = NDArray[np.int64]


class RadialDesign(NamedTuple):
    """The possible points of a design's n rows.

    `places`, i[n, 2 + G], are those of A, B and the mixtures in `draws`; -1 where a mixture is no
    possible krai. `impossible` is the share of points tried that were none.
    """

    draws: list[dict[str, Value]]
    places: IntegerArray
    impossible: float


def mixed_points(pairs: Array, groups: Sequence[Sequence[int]]) -> Array:
    """Points f8[n, 2 + G, D] of rows from pairs of points f8[n, 2, D]: A, B and the mixtures."""
    a, b = pairs[:, 0], pairs[:, 1]
    mixtures = []
    for group in groups:
        mixture = a.copy()
        mixture[:, group] = b[:, group]
        mixtures.append(mixture)
    return np.stack([a, b, *mixtures], axis=1)


def radial_design(
    inputs: CalibratedInputs, groups: Sequence[Sequence[int]], rows: int, settings: SweepSettings
) -> RadialDesign:
    """A design of as many rows as asked for, A and B of which are possible.

    The first rows of a larger design are those of a smaller one. Raises ScenarioError if nearly
    every point is impossible.
    """
    pairs, shares, tried = possible_pairs(inputs, rows, settings)
    points = mixed_points(pairs, groups)
    mixtures = inputs.whole_points(points[:, 2:].reshape(-1, points.shape[2]))
    # A mixture differs from A in little, so the search begins at A's share.
    guesses = np.repeat(shares[:, 0], len(groups))
    mixed = opening_shares(inputs, mixtures, guesses, settings).reshape(rows, -1)
    found = np.column_stack([shares, mixed])
    possible = np.isfinite(found)
    places = np.where(possible, np.cumsum(possible).reshape(possible.shape) - 1, -1)
    whole = inputs.whole_points(points[possible])
    draws = [inputs.values(*each) for each in zip(whole, found[possible], strict=True)]
    missing = 2 * (tried - rows) + int((~possible).sum())
    return RadialDesign(draws, places, missing / (2 * tried + mixed.size))


def possible_pairs(
    inputs: CalibratedInputs, rows: int, settings: SweepSettings
) -> tuple[Array, Array, int]:
    """Pairs of possible points f8[rows, 2, inputs], their shares f8[rows, 2], and pairs tried."""
    generator = np.random.default_rng(settings.design.scenario.seed)
    pairs: list[Array] = []
    shares: list[Array] = []
    tried = 0
    while len(pairs) < rows and tried < MOST_ROWS_TRIED * rows:
        # Always the same number at once, so that a larger design begins with a smaller one.
        batch = generator.random((PAIRS_AT_ONCE, 2, len(inputs.keys)))
        whole = inputs.whole_points(batch.reshape(-1, len(inputs.keys)))
        guesses = np.full(len(whole), FIRST_GUESS)
        found = opening_shares(inputs, whole, guesses, settings).reshape(-1, 2)
        for place in np.flatnonzero(np.isfinite(found).all(axis=1)):
            pairs.append(batch[place])
            shares.append(found[place])
        tried += PAIRS_AT_ONCE
    if len(pairs) < rows:
        raise ScenarioError(
            [
                f"inputs: only {len(pairs)} of {tried} pairs of points are possible krais; "
                "set fewer parameters far from their defaults"
            ]
        )
    return np.array(pairs[:rows]), np.array(shares[:rows]), tried


def radial_values(
    design: RadialDesign, settings: SweepSettings, measure: str, months: Sequence[str]
) -> RadialValues:
    """Values of a measure in these months: of every group, and of chance as the last one.

    NaN where a mixture is no possible krai.
    """
    seeds = settings.design.replicates
    places, replicates = places_and_seeds(design, seeds)
    sweep = question_sweep(settings, design.draws, seeds)
    possible = places >= 0
    runs = [Wanted(*each) for each in zip(places[possible], replicates[possible], strict=True)]
    values = np.full((*places.shape, len(months)), np.nan)
    values[possible] = run_values(sweep, runs, [measure], months)[measure]
    return RadialValues(values[:, 0], values[:, 1], values[:, 2:])


def places_and_seeds(design: RadialDesign, seeds: int) -> tuple[IntegerArray, IntegerArray]:
    """Point and replicate of each run, i[n, 3 + G]: A, B, the mixtures, and A under B's seed.

    Mixtures have A's seed.
    """
    own = np.arange(len(design.places)) % seeds
    # Half way round: the two seeds of a row differ, and each seed occurs equally often in both
    # places.
    other = (own + seeds // 2) % seeds
    groups = design.places.shape[1] - 2
    places = np.column_stack([design.places, design.places[:, 0]])
    replicates = np.column_stack([own, other, *[own] * groups, other])
    return places, replicates
