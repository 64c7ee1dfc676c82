"""Sobol's indices of functions whose indices are known in closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import sobol_indices

from experiments.decisions.methods.radial_design import mixed_points
from experiments.decisions.methods.sobol_indices import RadialValues, index_intervals, indices

Points = NDArray[np.float64]
Function = Callable[[Points], Points]


def ishigami(points: Points) -> Points:
    x, y, z = np.moveaxis(2.0 * np.pi * (points - 0.5), -1, 0)
    values: Points = np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
    return values


def ishigami_indices() -> tuple[Points, Points]:
    """First-order and total indices (Ishigami and Homma, 1990)."""
    by_x = 0.5 * (1.0 + 0.1 * np.pi**4 / 5.0) ** 2
    by_y, by_both = 49.0 / 8.0, 0.01 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    variance = by_x + by_y + by_both
    return np.array([by_x, by_y, 0.0]) / variance, np.array(
        [by_x + by_both, by_y, by_both]
    ) / variance


def g_function(weights: Points) -> Function:
    """Sobol's g-function: the smaller a weight, the more its input matters."""
    return lambda points: np.prod((np.abs(4.0 * points - 2.0) + weights) / (1.0 + weights), axis=-1)


def g_indices(weights: Points) -> tuple[Points, Points]:
    own = 1.0 / (3.0 * (1.0 + weights) ** 2)
    variance = np.prod(1.0 + own) - 1.0
    return own / variance, own * (np.prod(1.0 + own) / (1.0 + own)) / variance


def values_of(
    function: Function, inputs: int, rows: int, seed: int, groups: list[list[int]] | None = None
) -> RadialValues:
    pairs = np.random.default_rng(seed).random((rows, 2, inputs))
    found = function(mixed_points(pairs, groups or [[i] for i in range(inputs)]))[..., None]
    return RadialValues(found[:, 0], found[:, 1], found[:, 2:])


def estimated(values: RadialValues) -> tuple[Points, Points]:
    rows = len(values.at_a)
    found = indices(values, np.full((1, rows), 1.0 / rows))
    return found.first[0, :, 0], found.total[0, :, 0]


def test_ishigami_has_its_known_indices() -> None:
    found = estimated(values_of(ishigami, 3, 40_000, 1))
    np.testing.assert_allclose(found, ishigami_indices(), atol=0.02)


def test_the_g_function_has_its_known_indices_in_57_dimensions() -> None:
    weights = np.array([0.0, 0.5, 1.0, 3.0, 6.0, 9.0, 12.0, 15.0, *[99.0] * 49])
    found = estimated(values_of(g_function(weights), 57, 4_000, 2))
    np.testing.assert_allclose(found, g_indices(weights), atol=0.05)


def test_homma_and_saltelli_s_sum_of_independent_inputs_has_equal_first_and_total_indices() -> None:
    """Y = sum of c_i X_i: an index is c_i^2 over their sum (Homma and Saltelli, 1996)."""
    slopes = np.array([4.0, 3.0, 2.0, 1.0])
    found = estimated(values_of(lambda points: points @ slopes, 4, 40_000, 3))
    np.testing.assert_allclose(found, [slopes**2 / 30.0] * 2, atol=0.02)


def test_indices_are_those_of_scipy() -> None:
    values = values_of(ishigami, 3, 64, 4)
    theirs = sobol_indices(
        func={
            "f_A": values.at_a.T,
            "f_B": values.at_b.T,
            "f_AB": values.mixed.transpose(1, 2, 0),
        },
        n=64,
    )
    first, total = estimated(values)
    np.testing.assert_allclose(first, np.squeeze(theirs.first_order), atol=1e-12)
    np.testing.assert_allclose(total, np.squeeze(theirs.total_order), atol=1e-12)


def test_a_group_has_the_index_of_its_inputs_together() -> None:
    slopes = np.array([4.0, 3.0, 2.0, 1.0])
    values = values_of(lambda points: points @ slopes, 4, 40_000, 5, [[0, 3], [1, 2]])
    np.testing.assert_allclose(estimated(values)[0], [17.0 / 30.0, 13.0 / 30.0], atol=0.02)


def test_intervals_cover_the_known_indices_93_to_97_times_in_100() -> None:
    known = np.stack(ishigami_indices())
    hits, repetitions = np.zeros((2, 3)), 200
    for seed in range(repetitions):
        found = index_intervals(values_of(ishigami, 3, 256, seed), seed, 300)
        low, _, high = np.moveaxis(np.stack(found)[..., 0], 1, 0)
        hits += (low <= known) & (known <= high)
    covered = hits / repetitions
    assert 0.93 <= covered.mean() <= 0.97
    # One index of 200 repetitions has a standard error of 1.5 in 100.
    assert ((covered >= 0.9) & (covered <= 0.995)).all(), covered


def test_an_input_that_does_nothing_has_an_interval_that_holds_zero() -> None:
    def first_only(points: Points) -> Points:
        return points[..., 0]

    found = index_intervals(values_of(first_only, 2, 128, 6), 6)
    assert found.total[:, 1, 0].tolist() == [0.0, 0.0, 0.0]
    assert found.first[0, 1, 0] <= 0.0 <= found.first[2, 1, 0]


def test_chance_is_an_input_with_the_share_that_noise_has() -> None:
    """Y = X + noise of a ninth of its variance: chance accounts for a tenth."""
    generator = np.random.default_rng(7)
    rows = 20_000
    x, seeds = generator.random((rows, 2)), generator.random((rows, 2)) / 3.0
    pairs = np.stack([x, seeds], axis=2)
    found = mixed_points(pairs, [[0], [1]]).sum(axis=2)[..., None]
    _, total = estimated(RadialValues(found[:, 0], found[:, 1], found[:, 2:]))
    np.testing.assert_allclose(total, [0.9, 0.1], atol=0.02)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_intervals() -> None:
    values = values_of(ishigami, 3, 64, 8)
    same = [np.stack(index_intervals(values, 5)).tobytes() for _ in range(2)]
    assert same[0] == same[1] != np.stack(index_intervals(values, 6)).tobytes()


def test_rows_without_a_mixture_do_not_count_for_it() -> None:
    values = values_of(ishigami, 3, 20_000, 9)
    mixed = values.mixed.copy()
    mixed[::4, 1] = np.nan
    found = estimated(values._replace(mixed=mixed))
    np.testing.assert_allclose(found, ishigami_indices(), atol=0.03)
    np.testing.assert_array_equal(found[0][[0, 2]], estimated(values)[0][[0, 2]])


def test_an_output_that_does_not_vary_has_no_index() -> None:
    values = values_of(lambda points: np.ones(points.shape[:-1]), 2, 16, 10)
    assert np.isnan(estimated(values)).all()


@pytest.mark.parametrize("rows", [8, 16])
def test_few_rows_find_the_eight_largest_of_57(rows: int) -> None:
    """A screening of 8 rows is right about the true top 8 where they stand out."""
    weights = np.array([*[1.0] * 8, *[99.0] * 49])
    found = estimated(values_of(g_function(weights), 57, rows, 11))[1]
    assert set(np.argsort(-found)[:8]) == set(range(8))
