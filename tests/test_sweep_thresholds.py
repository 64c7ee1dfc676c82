"""Thresholds against lines whose crossing is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.sweeps.digest import paired
from experiments.sweeps.thresholds import crossings, exceeded, likely, wilson

LEVELS = np.linspace(0.0, 1.0, 11)


@given(st.floats(0.01, 0.99))
def test_a_straight_line_is_crossed_where_it_is(limit: float) -> None:
    assert crossings(LEVELS, LEVELS[:, None], limit)[0] == pytest.approx(limit)


def test_crossings_at_the_ends() -> None:
    flat = np.zeros(11)
    values = np.stack([flat, flat + 2.0, np.where(LEVELS < 0.95, 0.0, 1.0), np.where(np.arange(11) == 3, np.nan, LEVELS)], axis=1)
    found = crossings(LEVELS, values, 1.0)
    assert found[0] == np.inf
    assert found[1] == 0.0
    assert found[2] == pytest.approx(1.0)
    assert np.isnan(found[3])


def test_the_first_crossing_counts() -> None:
    values = np.array([0.0, 2.0, 0.0, 2.0])[:, None]
    assert crossings(np.array([0.0, 1.0, 2.0, 3.0]), values, 1.0)[0] == 0.5


def test_runs_that_never_reach_the_limit_are_not_left_out() -> None:
    steep, flat = 10.0 * LEVELS, 0.0 * LEVELS
    found = exceeded(LEVELS, np.stack([steep] * 6 + [flat] * 4, axis=1), 5.0)
    assert found["at"] == [0.5, 0.5, None]
    assert (found["reached_share"], found["runs"]) == (0.6, 10)
    assert exceeded(LEVELS, np.stack([flat] * 3, axis=1), 5.0)["at"] == [None] * 3


def test_no_run_no_threshold() -> None:
    nothing = np.full((11, 2), np.nan)
    assert exceeded(LEVELS, nothing, 5.0)["at"] == [None] * 3
    assert likely(LEVELS, nothing, 0.9)["at"] == [None] * 3


def test_the_level_at_which_an_outcome_is_likely() -> None:
    met = np.array([[float(unit < 10 * level) for unit in range(10)] for level in LEVELS])
    found = likely(LEVELS, met, 0.9)
    assert found["share_by_level"][5] == [0.5, 0.5]
    low, at, high = found["at"]
    assert at == pytest.approx(0.9)
    assert low < at
    assert high is None


def test_wilson_interval_of_a_textbook_example() -> None:
    low, high = wilson(np.array([0.5]), np.array([10]))
    assert (low[0], high[0]) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=40))
def test_a_paired_effect_holds_its_mean(values: list[float]) -> None:
    found = paired(np.array(values))
    assert found is not None
    low, high = found["mean_95"]
    assert low <= found["mean"] <= high
    assert found["pairs"] == len(values)
    assert paired(np.array([np.nan])) is None
