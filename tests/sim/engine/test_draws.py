"""Draws: uniform, independent where keys differ, the same compiled as interpreted.

Nobody's draw changes with the head count.
"""

import functools
import itertools
import math
from collections.abc import Callable

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.engine.draws import (
    AGENCY_SPACE,
    FIRM_SPACE,
    WORD_MASK,
    Decision,
    log_no_event,
    normal,
    replicate_key,
    rounded_at_random,
    slot,
    stream,
    uniform,
    waiting_months,
)
from tests.support.rule_checks import DRAW, real

DRAWS = 200_000
TOO_RARE = 1e-6
"""A correct generator fails a test of chance once in a million runs.

Draws are fixed, so a test fails always or never.
"""

compiled_uniform = numba.njit(uniform)
compiled_stream = numba.njit(stream)
compiled_slot = numba.njit(slot)


@numba.njit
def slots_drawn(key: int, decision: int, month: int, count: int) -> np.ndarray:
    """Draws of the first slots of group 0."""
    return np.array(
        [
            compiled_uniform(compiled_stream(key, decision, month), compiled_slot(0, i))
            for i in range(count)
        ]
    )


@functools.cache
def drawn(seed: int = 1, replicate: int = 0, decision: int = 30, month: int = 0) -> np.ndarray:
    """Many slots' draws of one stream."""
    return slots_drawn(replicate_key(seed, replicate), decision, month, DRAWS)


def chance_of_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Probability of a correlation at least this strong between independent draws."""
    return float(stats.pearsonr(first, second).pvalue)


@pytest.mark.parametrize("seed", [0, 1, 2, 2**62])
@pytest.mark.parametrize(
    "decision", [Decision.TASTE, Decision.APPLICATION_WEEKS, Decision.TIE_BREAK + 3]
)
def test_draws_are_uniform(seed: int, decision: int) -> None:
    counts = np.histogram(drawn(seed, 0, decision), bins=256, range=(0.0, 1.0))[0]
    assert stats.chisquare(counts).pvalue > TOO_RARE


@pytest.mark.parametrize("month", [-128, -24, -1, 127])
def test_every_month_is_uniform(month: int) -> None:
    assert stats.kstest(drawn(month=month), "uniform").pvalue > TOO_RARE


def test_low_bits_are_uniform_too() -> None:
    low = (drawn() * 2.0**53).astype(np.int64) % 256
    assert stats.chisquare(np.bincount(low, minlength=256)).pvalue > TOO_RARE


NEIGHBOURS: tuple[tuple[str, Callable[[int], np.ndarray]], ...] = (
    ("seed", lambda step: drawn(seed=1 + step)),
    ("replicate", lambda step: drawn(replicate=step)),
    ("decision", lambda step: drawn(decision=30 + step)),
    ("month", lambda step: drawn(month=step)),
    ("slot", lambda step: np.roll(drawn(), step)),
)


@pytest.mark.parametrize(("what", "neighbour"), NEIGHBOURS, ids=[name for name, _ in NEIGHBOURS])
@pytest.mark.parametrize("step", [1, 2, 7])
def test_neighbours_are_independent(
    what: str, neighbour: Callable[[int], np.ndarray], step: int
) -> None:
    first, second = drawn(), neighbour(step)
    assert chance_of_correlation(first, second) > TOO_RARE
    table = np.histogram2d(first, second, bins=16, range=((0, 1), (0, 1)))[0]
    assert stats.chisquare(table.ravel()).pvalue > TOO_RARE


def test_a_sum_of_months_of_one_worker_is_as_wide_as_of_independent_draws() -> None:
    sums = sum(drawn(month=month)[:20_000] for month in range(-12, 12))
    assert stats.kstest((sums - 12.0) / math.sqrt(2.0), "norm").pvalue > TOO_RARE


@given(
    st.integers(0, WORD_MASK),
    st.integers(1, 90),
    st.integers(-128, 127),
    st.integers(0, AGENCY_SPACE),
    st.integers(0, 2**32),
)
def test_python_and_compiled_draws_agree(
    key: int, decision: int, month: int, space: int, index: int
) -> None:
    plain = uniform(stream(key, decision, month), slot(space, index))
    assert plain == compiled_uniform(
        compiled_stream(key, decision, month), compiled_slot(space, index)
    )
    assert 0.0 <= plain < 1.0


def test_many_draws_agree_to_the_last_bit() -> None:
    key = stream(replicate_key(1, 0), 30, 0)
    plain = [uniform(key, slot(0, index)) for index in range(5_000)]
    assert plain == drawn()[:5_000].tolist()


def test_addresses_and_streams_never_collide() -> None:
    places = [
        slot(space, index)
        for space in (0, 1, 2, FIRM_SPACE, AGENCY_SPACE)
        for index in (0, 1, 800 * 3, 2**40 - 1)
    ]
    assert len(set(places)) == len(places)
    key = replicate_key(1, 0)
    streams = [
        stream(key, decision, month)
        for decision, month in itertools.product(range(1, 91), range(-128, 128))
    ]
    assert len(set(streams)) == len(streams)


def test_keys_of_runs_differ() -> None:
    keys = [replicate_key(seed, replicate) for seed in range(100) for replicate in range(100)]
    assert len(set(keys)) == len(keys)


def test_decisions_leave_room_for_weeks_and_fit_their_stream() -> None:
    starts = sorted(Decision)
    assert all(0 < decision < 256 for decision in starts)
    for weekly in (Decision.FIRM_CHOICE, Decision.JOB_MOVE, Decision.TIE_BREAK):
        assert not {weekly + 1, weekly + 2, weekly + 3} & set(starts)


@pytest.mark.parametrize("rate", [0.005, 0.06, 0.19, 0.5, 0.95])
def test_waits_are_geometric(rate: float) -> None:
    waits = np.array([waiting_months(draw, log_no_event(rate)) for draw in drawn()[:50_000]])
    error = math.sqrt(1.0 - rate) / rate / math.sqrt(waits.size)
    assert waits.min() == 1
    assert waits.mean() == pytest.approx(1.0 / rate, abs=5.0 * error)
    assert (waits == 1).mean() == pytest.approx(
        rate, abs=5.0 * math.sqrt(rate * (1.0 - rate) / waits.size)
    )


def test_a_rate_of_0_never_comes_and_of_1_always() -> None:
    assert waiting_months(0.999, log_no_event(0.0)) > 126
    assert waiting_months(0.999, log_no_event(1.0)) == 1


@given(DRAW, st.tuples(real(1e-6, 1.0), real(1e-6, 1.0)).map(sorted))
def test_a_higher_rate_never_waits_longer(draw: float, rates: list[float]) -> None:
    longer, shorter = (waiting_months(draw, log_no_event(rate)) for rate in rates)
    assert longer >= shorter >= 1


@pytest.mark.parametrize("amount", [0.0, 0.25, 0.999, 3.0, 17.3])
def test_rounding_is_unbiased_and_to_a_neighbour(amount: float) -> None:
    rounded = np.array([rounded_at_random(amount, draw) for draw in drawn()[:50_000]])
    part = amount - math.floor(amount)
    assert set(rounded) <= {math.floor(amount), math.floor(amount) + 1}
    assert rounded.mean() == pytest.approx(
        amount, abs=5.0 * math.sqrt(part * (1.0 - part) / rounded.size) + 1e-12
    )


def test_normal_draws_are_normal() -> None:
    values = [
        normal(first, second)
        for first, second in zip(
            drawn(decision=1)[:50_000], drawn(decision=2)[:50_000], strict=True
        )
    ]
    assert stats.kstest(values, "norm").pvalue > TOO_RARE


def test_one_more_worker_changes_nobody_else_s_draws() -> None:
    few, many = (slots_drawn(replicate_key(1, 0), 30, 0, count) for count in (1_000, 1_001))
    assert few.tolist() == many[:1_000].tolist()
    assert slot(0, 1_000) not in {slot(group, index) for group in (1, 2) for index in range(1_001)}
