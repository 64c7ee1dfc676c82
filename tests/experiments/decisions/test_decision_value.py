"""The value of information and prices of indifference, where they are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from experiments.decisions.methods.decision_value import (
    best_on_average,
    best_shares,
    break_evens,
    information_value,
    nested_values,
    perfect_information,
)


def two_actions(mean: float, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Net benefit of nothing, and of an action worth a + b + chance, with a and b normal.

    Each normal has its quantiles in random order, so that answers hold little noise of sampling.
    """
    generator = np.random.default_rng(seed)
    quantiles = norm.ppf((np.arange(draws) + 0.5) / draws)
    normals = np.column_stack([generator.permutation(quantiles) for _ in range(4)])
    inputs, chance = normals[:, :3] * [2.0, 1.0, 1.0], 0.5 * normals[:, 3]
    action = mean + inputs[:, 0] + inputs[:, 1] + chance
    return np.stack([np.zeros(draws), action]), inputs


def closed_form(mean: float, deviation: float) -> float:
    """Value of knowing a normal with this mean and standard deviation (Raiffa and Schlaifer)."""
    ratio = mean / deviation
    return float(deviation * norm.pdf(ratio) + mean * norm.cdf(ratio) - max(mean, 0.0))


@pytest.mark.parametrize("mean", [0.0, 0.5, -1.0])
def test_two_normal_actions_have_their_closed_form_within_2_percent(mean: float) -> None:
    benefit, inputs = two_actions(mean, 20_000, 1)
    everything = closed_form(mean, np.sqrt(5.25))
    assert perfect_information(benefit) == pytest.approx(everything, rel=0.02)
    found = information_value(benefit, inputs[:, :1], 2).value
    assert found == pytest.approx(closed_form(mean, 2.0), rel=0.02)
    both = information_value(benefit, inputs[:, :2], 2).value
    assert both == pytest.approx(closed_form(mean, np.sqrt(5.0)), rel=0.02)


def test_more_is_never_worth_less_and_never_more_than_everything() -> None:
    groups = [[0], [1], [2], [0, 1], [0, 2], [0, 1, 2]]
    for seed in range(20):
        benefit, inputs = two_actions(0.3, 120, seed)
        values = [each.value for each in nested_values(benefit, inputs, groups, seed)]
        for group, value in zip(groups, values, strict=True):
            for other, theirs in zip(groups, values, strict=True):
                assert value >= theirs or not set(other) <= set(group)
        assert max(values) <= perfect_information(benefit)


def test_a_useless_input_is_worth_nothing_within_permutation() -> None:
    """5 of 100 unrelated inputs pass the 95th percentile of shuffled ones."""
    repetitions = 200
    found = []
    for seed in range(repetitions):
        benefit, inputs = two_actions(0.3, 120, seed)
        found.append(information_value(benefit, inputs[:, 2:], seed).value)
    assert np.mean(np.array(found) > 0.0) == pytest.approx(0.05, abs=0.035)


def test_none_of_many_useless_inputs_is_worth_anything_in_19_of_20_data_sets() -> None:
    repetitions, found = 60, 0
    for seed in range(repetitions):
        benefit, _ = two_actions(0.3, 80, seed)
        inputs = np.random.default_rng([seed, 1]).random((80, 10))
        values = nested_values(benefit, inputs, [[place] for place in range(10)], seed)
        found += any(each.value > 0.0 for each in values)
    assert found / repetitions <= 0.12


def test_an_input_that_does_not_vary_is_worth_nothing() -> None:
    benefit, _ = two_actions(0.3, 100, 3)
    assert information_value(benefit, np.ones((100, 1)), 1).value == pytest.approx(0.0, abs=1e-12)


def test_break_even_by_hand() -> None:
    """A gains 30 and loses 10, B 20 and 4, C nothing: they give way at 10/6 and at 5."""
    gain = np.array([[30.0], [20.0], [0.0]]) * np.ones((1, 50))
    loss = np.array([[10.0], [4.0], [0.0]]) * np.ones((1, 50))
    prices = np.linspace(0.0, 10.0, 101)
    found = break_evens(gain, loss, prices, 1)
    assert [(each.below, each.above) for each in found] == [(0, 1), (1, 2)]
    np.testing.assert_allclose([each.interval for each in found], [[10 / 6] * 3, [5.0] * 3])
    assert best_on_average(gain, loss, prices)[[0, 30, 80]].tolist() == [0, 1, 2]


def test_the_interval_of_a_break_even_covers_it_about_95_times_in_100() -> None:
    hits, repetitions = 0, 200
    for seed in range(repetitions):
        generator = np.random.default_rng(seed)
        gain = np.stack([100.0 + 30.0 * generator.standard_normal(80), np.zeros(80)])
        loss = np.stack([10.0 + 2.0 * generator.standard_normal(80), np.zeros(80)])
        (found,) = break_evens(gain, loss, np.linspace(0.0, 100.0, 201), seed)
        hits += found.interval[0] <= 10.0 <= found.interval[2]
    assert 0.92 <= hits / repetitions <= 0.97


def test_the_share_of_draws_in_which_a_policy_is_best_by_hand() -> None:
    gain, loss = np.array([[4.0, 1.0], [2.0, 2.0]]), np.array([[1.0, 1.0], [0.0, 0.0]])
    shares = best_shares(gain, loss, np.array([0.0, 2.0, 5.0]))
    assert shares.tolist() == [[0.5, 0.5], [0.25, 0.75], [0.0, 1.0]]


def test_the_same_seed_gives_the_same_value() -> None:
    benefit, inputs = two_actions(0.3, 100, 4)
    assert information_value(benefit, inputs, 5) == information_value(benefit, inputs, 5)
    assert information_value(benefit, inputs, 5) != information_value(benefit, inputs, 6)
