"""Thresholds against lines whose crossing is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.sweeps.reporting.clustered_means import mean_with_error
from experiments.sweeps.reporting.sweep_summary import paired_effect
from experiments.sweeps.reporting.threshold_crossings import crossings, exceeded, likely, wilson

LEVELS = np.linspace(0.0, 1.0, 11)
FINE = np.linspace(0.0, 1.0, 21)


@given(st.floats(0.01, 0.99))
def test_a_straight_line_is_crossed_where_it_is(limit: float) -> None:
    assert crossings(LEVELS, LEVELS[:, None], limit)[0] == pytest.approx(limit)


def test_crossings_at_the_ends() -> None:
    flat = np.zeros(11)
    values = np.stack(
        [
            flat,
            flat + 2.0,
            np.where(LEVELS < 0.95, 0.0, 1.0),
            np.where(np.arange(11) == 3, np.nan, LEVELS),
        ],
        axis=1,
    )
    found = crossings(LEVELS, values, 1.0)
    assert found[0] == np.inf
    assert found[1] == 0.0
    assert found[2] == pytest.approx(1.0)
    assert np.isnan(found[3])


def test_the_first_crossing_counts() -> None:
    values = np.array([0.0, 2.0, 0.0, 2.0])[:, None]
    assert crossings(np.array([0.0, 1.0, 2.0, 3.0]), values, 1.0)[0] == 0.5


def test_runs_that_never_reach_the_limit_are_not_left_out() -> None:
    steep, flat = 10.0 * FINE, 0.0 * FINE
    found = exceeded(FINE, np.stack([steep] * 6 + [flat] * 4, axis=1), 5.0)
    assert found["at"] == [0.5, 0.5, None]
    assert (found["reached_share"], found["runs"]) == (0.6, 10)
    assert exceeded(FINE, np.stack([flat] * 3, axis=1), 5.0)["at"] == [None] * 3


def test_no_run_no_threshold() -> None:
    nothing = np.full((11, 1, 2), np.nan)
    assert exceeded(LEVELS, nothing[:, 0], 5.0)["at"] == [None] * 3
    for met in (nothing, np.full((11, 3, 2), np.nan)):
        assert likely(LEVELS, met, 0.9)["at"] == [None] * 3


@pytest.mark.parametrize("count", [2, 3, 5, 11, 21, 41])
@pytest.mark.parametrize(
    "curve", [lambda x: 13.0 * x**3, lambda x: 13.0 * np.sqrt(x), lambda x: 6.0 * (x >= 0.62)]
)
def test_a_coarse_grid_does_not_exclude_what_a_fine_one_finds(
    count: int, curve: Callable[[np.ndarray], np.ndarray]
) -> None:
    levels, finest = np.linspace(0.0, 1.0, count), np.linspace(0.0, 1.0, 10_001)
    found = exceeded(levels, np.stack([curve(levels)] * 9, axis=1), 5.0)
    low, _, high = found["at"]
    true = finest[np.argmax(curve(finest) >= 5.0)]
    slack = 0.05 if count >= 21 else 1e-3
    assert low - slack <= true <= high + slack
    assert found["levels_apart"] == (None if count >= 21 else pytest.approx(1.0 / (count - 1)))


def test_a_range_reaches_to_the_levels_around_it_only_where_these_are_far_apart() -> None:
    levels = np.array([0.0, 0.5, 0.54, 1.0])
    values = np.stack([[0.0, 4.9, 5.1, 6.0], [0.0, 4.0, 4.5, 6.0]], axis=1)
    found = exceeded(levels, values, 5.0)
    assert found["at"] == [pytest.approx(0.52), pytest.approx(0.52), 1.0]
    assert found["levels_apart"] == pytest.approx(0.46)
    assert exceeded(levels, 5.0 + values, 5.0)["at"] == [0.0, 0.0, 0.0]
    assert exceeded(levels, 0.0 * values, 5.0)["levels_apart"] is None


def test_the_level_at_which_an_outcome_is_likely() -> None:
    met = np.array([[float(unit < 10 * level) for unit in range(10)] for level in LEVELS])
    found = likely(LEVELS, met[:, None, :], 0.9)
    assert found["share_by_level"][5] == [0.5, 0.5]
    low, at, high = found["at"]
    assert at == pytest.approx(0.9)
    assert low < at
    assert high is None


def test_replicates_of_one_draw_count_once() -> None:
    lucky = np.repeat((np.arange(10) < 8).astype(float), 50).reshape(1, 10, 50)
    met = np.concatenate([lucky, np.ones((1, 10, 50))])
    levels = np.array([0.0, 0.05])
    once = likely(levels, met[:, :, :1], 0.9)
    assert likely(levels, met, 0.9) == once
    assert once["share_by_level"] == [[0.0, 0.8], [0.05, 1.0]]
    assert once["at"][0] == 0.0
    one_draw = likely(levels, met.reshape(2, 1, 500), 0.9)
    assert one_draw["at"][0] > 0.0


def test_wilson_interval_of_a_textbook_example() -> None:
    low, high = wilson(np.array([0.5]), np.array([10]))
    assert (low[0], high[0]) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=40), st.sampled_from([(1, -1), (-1, 1)]))
def test_a_paired_effect_holds_its_mean(values: list[float], shape: tuple[int, int]) -> None:
    found = paired_effect(np.array(values).reshape(shape))
    assert found is not None
    low, high = found["mean_95"]
    assert low <= found["mean"] <= high
    assert found["pairs"] == len(values)
    assert paired_effect(np.array([[np.nan]])) is None
    alone = paired_effect(np.array([[np.nan, 3.0]]))
    assert alone is not None
    assert (alone["mean"], alone["mean_95"]) == (3.0, None)


@pytest.mark.parametrize("axis", [0, 1])
def test_runs_that_repeat_one_another_make_no_effect_surer(axis: int) -> None:
    apart = np.expand_dims(np.random.default_rng(1).normal(size=12), axis)
    once, often = paired_effect(apart), paired_effect(np.repeat(apart, 50, axis=axis))
    assert once is not None
    assert often is not None
    assert often["pairs"] == 600
    assert often["mean_95"] == pytest.approx(once["mean_95"])


@pytest.mark.parametrize(
    ("by_draw", "by_seed", "alone"),
    [(1.0, 0.0, 1.0), (0.0, 1.0, 1.0), (1.0, 1.0, 0.3), (0.0, 0.0, 1.0)],
)
def test_the_interval_of_a_mean_holds_it_in_95_of_100_cases_at_least(
    by_draw: float, by_seed: float, alone: float
) -> None:
    rng, hits = np.random.default_rng(7), 0
    for _ in range(1000):
        values = (
            by_draw * rng.normal(size=(16, 1))
            + by_seed * rng.normal(size=(1, 6))
            + alone * rng.normal(size=(16, 6))
        )
        mean, half = mean_with_error(values)
        assert half is not None
        hits += abs(mean) <= half
    assert hits >= 930


def test_a_missing_run_is_no_value_of_its_draw() -> None:
    values = np.array([[1.0, 1.0, np.nan], [3.0, 3.0, 3.0], [np.nan, np.nan, np.nan]])
    mean, half = mean_with_error(values)
    assert mean == 2.0
    assert half is not None
    assert half > 1.0
    assert mean_with_error(np.full((3, 3), 4.0)) == (4.0, 0.0)
