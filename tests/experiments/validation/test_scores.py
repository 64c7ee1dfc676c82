"""Proper scores against closed forms, simulation, and what makes a score proper."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from experiments.validation.scores import (
    crps,
    draws_forecast,
    interval_score,
    pit,
    point_forecast,
    quantile,
    score,
)

DRAWS = st.lists(st.floats(-5.0, 5.0), min_size=1, max_size=20).map(np.array)


@pytest.mark.parametrize("observed", [-3.0, 0.0, 0.7, 2.0])
def test_crps_of_a_normal_is_gneiting_and_rafterys(observed: float) -> None:
    mean, sd = 0.5, 1.5
    z = (observed - mean) / sd
    expected = sd * (
        z * (2.0 * stats.norm.cdf(z) - 1.0) + 2.0 * stats.norm.pdf(z) - 1.0 / math.sqrt(math.pi)
    )
    assert crps(point_forecast(mean, (sd,)), observed) == pytest.approx(expected)


def test_crps_of_two_draws_by_hand() -> None:
    forecast = draws_forecast(np.array([0.0, 1.0]), weights=np.array([0.25, 0.75]))
    assert crps(forecast, 2.0) == pytest.approx(0.25 * 2.0 + 0.75 * 1.0 - 0.25 * 0.75)


@given(DRAWS, st.floats(-6.0, 6.0), st.sampled_from([0.3, 1.0]))
def test_crps_is_the_integral_of_squared_distance_of_distributions(
    draws: np.ndarray, observed: float, error: float
) -> None:
    forecast = draws_forecast(draws, error)
    ends = -20.0, 20.0
    below, _ = integrate.quad(lambda x: pit(forecast, x) ** 2, ends[0], observed, limit=200)
    above, _ = integrate.quad(lambda x: (1 - pit(forecast, x)) ** 2, observed, ends[1], limit=200)
    assert crps(forecast, observed) == pytest.approx(below + above, abs=1e-5)


def test_a_sure_point_has_its_absolute_error() -> None:
    assert crps(point_forecast(1.0), 3.5) == pytest.approx(2.5)


def test_the_interval_score_by_hand() -> None:
    assert interval_score(1.0, 3.0, 2.0) == pytest.approx(2.0)
    assert interval_score(1.0, 3.0, 3.5) == pytest.approx(2.0 + 20.0 * 0.5)
    assert interval_score(1.0, 3.0, 0.0) == pytest.approx(2.0 + 20.0 * 1.0)


def test_an_interval_is_covered_from_both_sides() -> None:
    forecast = point_forecast(0.0, (1.0,))
    edge = stats.norm.ppf(0.95)
    found = {x: score(forecast, x).covered for x in (-edge - 0.01, -edge + 0.01, edge + 0.01)}
    assert list(found.values()) == [False, True, False]


def test_the_standard_error_widens_the_forecast() -> None:
    assert score(point_forecast(0.0, (3.0,), 4.0), 1.0) == score(point_forecast(0.0, (5.0,)), 1.0)
    bare, blurred = (draws_forecast(np.array([-1.0, 1.0]), error) for error in (0.0, 0.5))
    assert quantile(blurred, 0.95) > quantile(bare, 0.95) == 1.0


def test_past_errors_count_by_their_root_mean_square() -> None:
    found = score(point_forecast(2.0, (3.0, -4.0)), 2.0)
    assert found.high - found.low == pytest.approx(2 * stats.norm.ppf(0.95) * math.sqrt(12.5))


@given(DRAWS, st.floats(0.02, 0.98), st.sampled_from([0.1, 2.0]))
def test_quantile_and_pit_are_inverse(draws: np.ndarray, share: float, error: float) -> None:
    forecast = draws_forecast(draws, error)
    assert pit(forecast, quantile(forecast, share)) == pytest.approx(share, abs=1e-8)


def test_pit_of_bare_draws_counts_ties_half() -> None:
    assert pit(draws_forecast(np.array([1.0, 2.0, 2.0, 3.0])), 2.0) == pytest.approx(0.5)


def test_the_truth_scores_best_on_average() -> None:
    observed = np.random.default_rng(1).normal(0.0, 1.0, 4000)
    means = {
        (shift, sd): np.mean(
            [
                (found.crps, found.interval_score)
                for found in (score(point_forecast(shift, (sd,)), float(x)) for x in observed[:600])
            ],
            axis=0,
        )
        for shift, sd in ((0.0, 1.0), (0.7, 1.0), (0.0, 0.4), (0.0, 2.5))
    }
    truth = means.pop((0.0, 1.0))
    assert all((truth < other).all() for other in means.values())


def test_the_pit_of_calibrated_forecasts_is_uniform() -> None:
    generator = np.random.default_rng(2)
    found = [
        pit(point_forecast(mean, (1.0,), 0.5), float(generator.normal(mean, math.hypot(1.0, 0.5))))
        for mean in generator.normal(0.0, 3.0, 500)
    ]
    assert stats.kstest(found, "uniform").pvalue > 0.01
