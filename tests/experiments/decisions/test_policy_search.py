"""The search for policies, on readings with a known best policy."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from experiments.decisions.goals import Goal, Reading
from experiments.decisions.policy_axes import PolicyAxis
from experiments.decisions.policy_search import Search, searched

LEVEL = Reading("level", "2020-12", "2020-12")
GAIN = Reading("gain", "2020-12", "2020-12")


def search_of(*limits: float, axes: int = 1, draws: int = 40) -> Search:
    """A search over axes x, y where a draw's level is 10 (x + y) + noise, and its gain too."""
    noise = np.random.default_rng(1).standard_normal(draws)
    named = [PolicyAxis(name, 0.0, 1.0, False) for name in "xy"[:axes]]

    def values(policies: list[dict[str, float]]) -> np.ndarray:
        totals = np.array([sum(policy.values()) for policy in policies])
        levels = 10.0 * totals[:, None] + noise
        return np.stack([*[levels] * len(limits), 100.0 * totals[:, None] + noise], axis=-1)

    reader = SimpleNamespace(values=values, readings=[*[LEVEL] * len(limits), GAIN])
    goals = [Goal(LEVEL, "<=", limit, 0.9) for limit in limits]
    return Search(named, goals, reader, GAIN, 1.0, 0.02)


def edge_of(limit: float) -> float:
    """Where nine in ten of the draws of `search_of` are within a limit."""
    noise = np.sort(np.random.default_rng(1).standard_normal(40))
    return (limit - noise[35]) / 10.0


def test_the_best_policy_is_the_last_that_meets_the_goal() -> None:
    found = searched(search_of(5.0))
    ((stretch,),) = [line["stretches"] for line in found["lines"]]
    assert stretch["to"][1] == pytest.approx(edge_of(5.0), abs=0.003)
    best = found["best"]["values"]["x"]
    assert edge_of(5.0) - 0.012 <= best <= edge_of(5.0)
    assert found["best"]["feasible"]


def test_the_price_of_a_goal_is_what_the_best_policy_gives_up_for_it() -> None:
    (price,) = searched(search_of(5.0))["prices"]
    best = searched(search_of(5.0))["best"]["values"]["x"]
    assert price["in"][GAIN.text] == pytest.approx([100.0 * (best - 1.0)] * 3)


def test_a_goal_that_another_implies_costs_nothing() -> None:
    loose, tight = sorted(searched(search_of(9.0, 5.0))["prices"], key=lambda each: each["goal"])[
        ::-1
    ]
    assert loose["in"][GAIN.text] == [0.0, 0.0, 0.0]
    assert tight["in"][GAIN.text][1] < 0.0


def test_over_two_axes_the_edge_is_a_line() -> None:
    found = searched(search_of(5.0, axes=2))
    for line in found["lines"]:
        expected = edge_of(5.0) - line["where"]["y"]
        ends = [stretch["to"][1] for stretch in line["stretches"]]
        assert ends == ([pytest.approx(expected, abs=0.01)] if expected >= 0.0 else [])
    assert found["feasible_share"] == pytest.approx(edge_of(5.0) ** 2 / 2.0, abs=0.02)
    assert sum(found["best"]["values"].values()) == pytest.approx(edge_of(5.0), abs=0.03)


def test_where_no_policy_meets_the_goal_the_nearest_is_found() -> None:
    found = searched(search_of(-3.0))
    assert found["best"] is None
    assert found["nearest"]["values"] == {"x": 0.0}
