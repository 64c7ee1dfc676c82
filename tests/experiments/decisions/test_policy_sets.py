"""Sets of policies with known edges, intervals of known coverage, regret by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from experiments.decisions.methods.policy_sets import (
    interpolated,
    judged,
    mean_interval,
    next_policies,
    regrets,
    stretches,
    unit_grid,
)

LINE = unit_grid(1, 401)


def judged_line(values: np.ndarray, limit: float, wanted: float):
    """Judgements along a line of policies from values [policies, draws]."""
    return judged((values <= limit)[..., None], np.array([wanted]))


def test_a_line_has_its_known_crossing() -> None:
    """Every draw has the value 10 x, so 4 is passed at 0.4 in all of them."""
    points = np.array([[0.0], [0.5], [1.0]])
    values = interpolated(points, 10.0 * points @ np.ones((1, 40)), LINE)
    (found,) = stretches(LINE[:, 0], judged_line(values, 4.0, 0.9))
    assert found.start == (0.0, 0.0, 0.0)
    assert found.end == pytest.approx((0.4, 0.4, 0.4), abs=1e-9)


def test_an_edge_with_noise_is_covered_93_to_97_times_in_100() -> None:
    """Values x + noise: 0.5 is passed with probability 0.9 where x = 0.5 less its 90 % point."""
    edge = 0.5 - 0.1 * norm.ppf(0.9)
    generator, hits, repetitions = np.random.default_rng(1), 0, 1500
    places = np.linspace(0.2, 0.6, 401)
    for _ in range(repetitions):
        values = places[:, None] + 0.1 * generator.standard_normal(100)
        (found,) = stretches(places, judged_line(values, 0.5, 0.9))
        low, middle, high = found.end
        assert low <= middle <= high
        hits += low - 0.001 <= edge <= high + 0.001
    assert 0.93 <= hits / repetitions <= 0.97


def test_no_policy_is_feasible_where_no_draw_meets_the_goal() -> None:
    found = judged_line(np.ones((401, 40)), 0.5, 0.9)
    assert stretches(LINE[:, 0], found) == []
    assert not found.possible.any()


def test_several_stretches_are_found() -> None:
    values = np.abs(LINE - 0.5) @ np.ones((1, 40))
    found = stretches(LINE[:, 0], judged_line(-values, -0.25, 0.9))
    ends = [(each.start[1], each.end[1]) for each in found]
    assert ends == [(0.0, 0.25), (0.75, 1.0)]


def test_every_goal_must_have_its_own_probability() -> None:
    met = np.zeros((1, 10, 2), bool)
    met[0, :9, 0] = met[0, :6, 1] = True
    assert judged(met, np.array([0.9, 0.6])).feasible.tolist() == [True]
    assert judged(met, np.array([0.9, 0.7])).feasible.tolist() == [False]


def test_a_plane_is_interpolated_exactly_in_two_and_three_dimensions() -> None:
    for axes in (2, 3):
        points, at = unit_grid(axes, 3), unit_grid(axes, 7)
        slopes = np.arange(1.0, axes + 1.0)
        values = (points @ slopes)[:, None] * np.array([1.0, 2.0])
        expected = (at @ slopes)[:, None] * np.array([1.0, 2.0])
        np.testing.assert_allclose(interpolated(points, values, at), expected, atol=1e-9)


def test_refinement_goes_where_the_edge_is_and_stops_when_it_is_known() -> None:
    grid, points = unit_grid(1, 401), unit_grid(1, 5)
    for _ in range(20):
        values = interpolated(points, points @ np.ones((1, 40)), grid)
        more = next_policies(points, grid, judged_line(values, 0.37, 0.9), 0.01, 2)
        if not len(more):
            break
        points = np.vstack([points, more])
    assert not len(more)
    assert len(points) < 15
    assert np.abs(points - 0.37).min() < 0.02


def test_refinement_in_two_dimensions_follows_the_edge() -> None:
    grid, points = unit_grid(2, 41), unit_grid(2, 4)
    values = interpolated(points, points.sum(axis=1)[:, None] @ np.ones((1, 40)), grid)
    more = next_policies(points, grid, judged_line(values, 1.0, 0.9), 0.05, 6)
    assert len(more) == 6
    np.testing.assert_allclose(more.sum(axis=1), 1.0, atol=0.06)


def test_regret_by_hand() -> None:
    values = np.array([[3.0, 5.0], [4.0, 1.0]])
    assert regrets(values).tolist() == [[1.0, 0.0], [0.0, 4.0]]


def test_the_interval_of_a_mean_by_hand() -> None:
    low, middle, high = mean_interval([1.0, 2.0, 3.0])
    assert middle == 2.0
    half = 4.302652729911275 / np.sqrt(3.0)
    assert (middle - low, high - middle) == pytest.approx((half, half))
