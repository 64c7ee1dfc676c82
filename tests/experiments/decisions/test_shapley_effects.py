"""Shapley effects with known answers: linear models of correlated inputs, in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.decisions.methods.shapley_effects import (
    bootstrapped_effects,
    effects_of_draws,
    orders_of,
    shapley_effects,
)


def closed_form(weights: np.ndarray, sd: np.ndarray, correlation: float) -> np.ndarray:
    """Owen and Prieur (2017), section 4: two correlated normal inputs of a linear answer."""
    one, two = weights * sd
    shared = correlation * one * two
    half = correlation**2 / 2.0
    total = one**2 + two**2 + 2.0 * shared
    return np.array([
        one**2 * (1.0 - half) + shared + two**2 * half,
        two**2 * (1.0 - half) + shared + one**2 * half,
    ]) / total  # fmt: skip


def linear(covariance: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Effects on the answer weights @ inputs."""
    with_answer = (covariance @ weights)[:, None]
    return shapley_effects(covariance, with_answer, weights @ with_answer, 1)[:, 0]


@pytest.mark.parametrize("correlation", [-0.9, -0.3, 0.0, 0.5, 0.99])
def test_two_correlated_inputs_have_the_effects_of_the_closed_form(correlation: float) -> None:
    weights, sd = np.array([1.0, -2.0]), np.array([3.0, 0.5])
    covariance = np.outer(sd, sd) * np.array([[1.0, correlation], [correlation, 1.0]])
    assert linear(covariance, weights) == pytest.approx(closed_form(weights, sd, correlation))


def test_independent_inputs_have_their_share_of_the_variance() -> None:
    found = linear(np.diag([1.0, 4.0, 9.0]), np.array([3.0, 1.0, 1.0]))
    assert found == pytest.approx(np.array([9.0, 4.0, 9.0]) / 22.0)


def test_a_copy_of_an_input_halves_its_effect_and_a_block_of_its_own_keeps_its_share() -> None:
    """Song, Nelson and Staum (2016): a pair correlated apart from a third input."""
    correlation = 0.999999
    covariance = np.array([[1.0, correlation, 0.0], [correlation, 1.0, 0.0], [0.0, 0.0, 1.0]])
    found = linear(covariance, np.array([1.0, 0.0, 1.0]))
    assert found == pytest.approx(np.array([0.25, 0.25, 0.5]), abs=1e-5)


def test_random_orders_of_many_inputs_agree_with_independence_and_add_up() -> None:
    variances = np.arange(1.0, 58.0)
    found = linear(np.diag(variances), np.ones(57))
    assert found == pytest.approx(variances / variances.sum())
    alike = linear(np.full((57, 57), 0.5) + 0.5 * np.eye(57), np.ones(57))
    assert alike == pytest.approx(np.full(57, 1.0 / 57.0))


def draws(seed: int, count: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Ten inputs, the first two correlated by 0.5; the answer is their sum and as much chance."""
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=(count, 10))
    inputs[:, 1] = 0.5 * inputs[:, 0] + np.sqrt(0.75) * inputs[:, 1]
    answer = inputs[:, :1] + inputs[:, 1:2] + generator.normal(0.0, np.sqrt(3.0), (count, 1))
    return inputs, answer


def test_an_input_without_effect_has_none_on_average_and_chance_is_not_shared_out() -> None:
    orders = orders_of(10, 40, 1)
    mean = np.mean([effects_of_draws(*draws(seed), orders)[:, 0] for seed in range(60)], axis=0)
    assert mean[:2] == pytest.approx([0.25, 0.25], abs=0.01)
    assert mean[2:] == pytest.approx(np.zeros(8), abs=0.002)


def test_intervals_of_groups_hold_their_effects_and_are_the_same_for_the_same_seed() -> None:
    found = bootstrapped_effects(*draws(7), 1)
    intervals = found.of_groups([[0], [1], [0, 1]])
    low, _, high = intervals[:, :, 0]
    effects = np.array([0.25, 0.25, 0.5])
    assert ((low < effects) & (effects < high)).all()
    assert (intervals == bootstrapped_effects(*draws(7), 1).of_groups([[0], [1], [0, 1]])).all()
    constant = bootstrapped_effects(draws(7)[0], np.ones((400, 1)), 1)
    assert np.isnan(constant.estimate).all()
