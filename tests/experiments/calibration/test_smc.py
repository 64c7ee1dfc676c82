"""Sequential Monte Carlo against problems whose posterior is known."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.calibration.smc import Generation, SmcPlan, reflected, remaining_generations

PLAN = SmcPlan(particles=300, moves=3, generations=8, seed=3)
CENTRE = np.array([0.3, 0.8, 0.5])


def near_two_of_three(points):
    """Distance in the first two coordinates; nothing tells of the third; a corner is refused."""
    distances = np.abs(points[:, :2] - CENTRE[:2]).max(axis=1)
    distances[(points[:, :2] > 0.9).all(axis=1)] = np.inf
    return distances, points.copy()


@pytest.fixture(scope="module")
def fitted() -> list[Generation]:
    return list(remaining_generations(PLAN, 3, near_two_of_three))


def test_tolerance_falls_and_everybody_is_within_it(fitted: list[Generation]) -> None:
    tolerances = [step.tolerance for step in fitted]
    assert tolerances == sorted(tolerances, reverse=True)
    assert all((step.distances <= step.tolerance).all() for step in fitted)
    assert fitted[-1].tolerance < 0.1


def test_the_target_is_uniform_within_the_tolerance(fitted: list[Generation]) -> None:
    last = fitted[-1]
    inside = (last.points[:, :2] - CENTRE[:2]) / last.tolerance
    assert np.abs(inside).max() <= 1.0
    assert np.abs(inside.mean(axis=0)).max() < 0.15
    assert inside.std(axis=0) == pytest.approx([1 / np.sqrt(3)] * 2, rel=0.15)


def test_what_is_not_identified_keeps_its_prior(fitted: list[Generation]) -> None:
    free = fitted[-1].points[:, 2]
    assert free.mean() == pytest.approx(0.5, abs=0.06)
    assert free.std() == pytest.approx(1 / np.sqrt(12), rel=0.12)


def test_refused_draws_never_enter(fitted: list[Generation]) -> None:
    assert all(not (step.points[:, :2] > 0.9).all(axis=1).any() for step in fitted)


def test_a_resumed_fit_equals_an_uninterrupted_one(fitted: list[Generation]) -> None:
    rest = list(remaining_generations(PLAN, 3, near_two_of_three, fitted[:4]))
    assert [step.number for step in rest] == [step.number for step in fitted[4:]]
    assert np.array_equal(rest[-1].points, fitted[-1].points)


def test_it_stops_when_hardly_any_move_is_accepted() -> None:
    plan = dataclasses.replace(PLAN, generations=50, least_acceptance=0.9)
    assert len(list(remaining_generations(plan, 3, near_two_of_three))) < 10


def test_impossible_priors_are_refused() -> None:
    def never(points):
        return np.full(len(points), np.inf), points

    with pytest.raises(ValueError, match="priors"):
        list(remaining_generations(dataclasses.replace(PLAN, particles=4), 3, never))


@given(st.floats(-5.0, 5.0))
def test_walls_reflect(place: float) -> None:
    (found,) = reflected(np.array([place]))
    assert 0.0 <= found <= 1.0
    assert reflected(np.array([-place]))[0] == pytest.approx(found)
    assert reflected(np.array([place + 2.0]))[0] == pytest.approx(found)


def test_open_coordinates_do_not_drift_from_their_prior() -> None:
    """Means of 47 free coordinates of 57, in standard errors of as many independent draws.

    They are about 1; without the proposal that samples from the prior they are 3 to 6.
    """

    def near_in_ten(points):
        wide = np.abs(points[:, :4] - 0.8).max(axis=1)
        return wide + 0.1 * np.abs(points[:, 4:10].mean(axis=1) - 0.5), points[:, :1]

    plan = dataclasses.replace(PLAN, particles=800, moves=2, generations=12)
    *_, last = remaining_generations(plan, 57, near_in_ten)
    drift = (last.points[:, 10:].mean(axis=0) - 0.5) * np.sqrt(12.0 * 800.0)
    assert np.sqrt(np.square(drift).mean()) < 1.6
