"""The search for a front, on problems whose front is known."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np
import pytest

from experiments.decisions.frontier_search import (
    non_dominated,
    searched,
    strongest_dominators,
)
from experiments.decisions.pareto_front import Entry, compared

REFERENCE = 1.1


def zdt(points: np.ndarray, shape: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
    """Zitzler, Deb and Thiele's problems: `shape` maps f1 and g to f2."""
    g = 1.0 + 9.0 * points[:, 1:].mean(axis=1)
    return np.column_stack([points[:, 0], shape(points[:, 0], g)])


SHAPES = {
    "zdt1": lambda f, g: g * (1.0 - np.sqrt(f / g)),
    "zdt2": lambda f, g: g * (1.0 - (f / g) ** 2),
    "zdt3": lambda f, g: g * (1.0 - np.sqrt(f / g) - f / g * np.sin(10.0 * np.pi * f)),
}


def hypervolume(values: np.ndarray) -> float:
    """The area that two objectives dominate up to the reference point."""
    inside = values[(values < REFERENCE).all(axis=1)]
    ordered = inside[np.argsort(inside[:, 0])]
    lowest = np.minimum.accumulate(ordered[:, 1])
    widths = np.diff([*ordered[:, 0], REFERENCE])
    return float((widths * (REFERENCE - lowest)).sum())


def true_hypervolume(name: str) -> float:
    """The area that the true front (g = 1) dominates, by a fine grid."""
    first = np.linspace(0.0, 1.0, 200_001)
    return hypervolume(np.column_stack([first, SHAPES[name](first, np.ones_like(first))]))


def test_the_true_areas_are_those_of_the_closed_forms() -> None:
    assert true_hypervolume("zdt1") == pytest.approx(REFERENCE**2 - 1.0 / 3.0, abs=1e-4)
    assert true_hypervolume("zdt2") == pytest.approx(REFERENCE**2 - 2.0 / 3.0, abs=1e-4)


def test_few_axes_reach_99_percent_of_the_true_hypervolume() -> None:
    front = searched(lambda p: zdt(p, SHAPES["zdt1"]), (4, 2), 80, 60, 1)
    assert hypervolume(front.values) >= 0.99 * true_hypervolume("zdt1")


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("name", SHAPES)
def test_thirty_axes_reach_99_percent_of_the_true_hypervolume(name: str) -> None:
    front = searched(lambda p: zdt(p, SHAPES[name]), (30, 2), 200, 200, 1)
    assert hypervolume(front.values) >= 0.99 * true_hypervolume(name)


def dtlz2(points: np.ndarray) -> np.ndarray:
    """Deb, Thiele, Laumanns and Zitzler's second problem: the front is an octant of the sphere."""
    radius = 1.0 + ((points[:, 2:] - 0.5) ** 2).sum(axis=1)
    a, b = (points[:, :2] * np.pi / 2.0).T
    return radius[:, None] * np.column_stack(
        [np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)]
    )


def test_three_objectives_reach_the_sphere_everywhere() -> None:
    front = searched(dtlz2, (7, 3), 100, 80, 1)
    assert np.linalg.norm(front.values, axis=1).mean() < 1.02
    angles = np.random.default_rng(1).normal(size=(2000, 3))
    sphere = np.abs(angles) / np.linalg.norm(angles, axis=1, keepdims=True)
    gaps = np.linalg.norm(sphere[:, None] - front.values[None], axis=2).min(axis=1)
    assert gaps.max() < 0.35
    assert gaps.mean() < 0.12


def noise(points: np.ndarray, stream: int, draws: int) -> np.ndarray:
    """Chance of each point, the same each time: f8[points, draws, 2]."""
    return np.array(
        [
            np.random.default_rng([zlib.crc32(point.tobytes()), stream]).normal(
                0.0, 0.2, (draws, 2)
            )
            for point in points
        ]
    )


def test_the_front_of_a_noisy_problem_looks_lucky_and_fresh_draws_do_not() -> None:
    def readings(points: np.ndarray, stream: int) -> np.ndarray:
        return zdt(points, SHAPES["zdt1"])[:, None] + noise(points, stream, 20)

    front = searched(lambda p: readings(p, 0).mean(axis=1), (3, 2), 60, 25, 1)
    truth, again = zdt(front.points, SHAPES["zdt1"]), readings(front.points, 1)
    entries = [
        Entry(str(n), {}, *both) for n, both in enumerate(zip(again, front.values, strict=True))
    ]
    found = compared(entries, np.array([-1.0, -1.0]))
    error = 0.2 / np.sqrt(20 * len(truth))
    luck = (front.values - truth).mean(axis=0)
    assert (luck < -5.0 * error).all()
    fresh = again.mean(axis=1) - truth
    assert (np.abs(fresh.mean(axis=0)) < 4.0 * error).all()
    assert (np.array(found["luck"]) < -3.0 * error).all()
    assert hypervolume(truth) >= 0.9 * true_hypervolume("zdt1")


def test_a_search_killed_in_the_middle_ends_with_the_same_front_to_the_byte() -> None:
    store: dict[bytes, np.ndarray] = {}
    simulated: list[int] = []

    def evaluate(points: np.ndarray, at_most: int = 1_000_000) -> np.ndarray:
        for point in points:
            if point.tobytes() not in store:
                if len(store) == at_most:
                    raise KeyboardInterrupt
                simulated.append(1)
                store[point.tobytes()] = zdt(point[None], SHAPES["zdt1"])[0]
        return np.array([store[point.tobytes()] for point in points])

    whole = searched(lambda p: zdt(p, SHAPES["zdt1"]), (4, 2), 20, 12, 7)
    with pytest.raises(KeyboardInterrupt):
        searched(lambda p: evaluate(p, 130), (4, 2), 20, 12, 7)
    np.random.seed(3)  # What else draws numbers in the process changes nothing.
    again = searched(evaluate, (4, 2), 20, 12, 7)
    assert len(simulated) == len(store) <= 240
    assert again.points.tobytes() == whole.points.tobytes()
    assert again.values.tobytes() == whole.values.tobytes()


def test_dominance_by_hand() -> None:
    values = np.array([[1.0, 4.0], [2.0, 2.0], [4.0, 1.0], [3.0, 3.0], [2.0, 2.0], [5.0, 5.0]])
    assert non_dominated(values).tolist() == [True, True, True, False, True, False]
    found = strongest_dominators(values)
    assert found[:3] == [None, None, None]
    assert found[3] in (1, 4)
    assert found[5] in (1, 4)


def test_a_policy_as_good_in_all_and_better_in_one_dominates_by_what_it_is_better() -> None:
    better, worse = np.array([[3.0, 1.0], [5.0, 1.0]]), np.array([[2.0, 1.0], [3.0, 1.0]])
    entries = [Entry("new", {}, better, better.mean(axis=0)), Entry("shipped", {}, worse, None)]
    found = compared(entries, np.array([1.0, -1.0]))
    (shipped,) = found["shipped"]
    assert shipped["dominated"]["by"] == "new"
    assert [gap[1] for gap in shipped["dominated"]["difference"]] == [1.5, 0.0]
    assert shipped["dominated"]["share_of_draws"] == 1.0
    assert found["schedules"][0]["on_front"]
    assert not shipped["on_front"]
