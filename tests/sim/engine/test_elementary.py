"""Exp, log and cosine: within a unit in the last place, the same compiled and interpreted."""

import math
import re
from collections.abc import Callable
from decimal import Decimal, localcontext

import numba
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.engine.compiling import kernel
from sim.engine.draws import waiting_months
from sim.engine.elementary import (
    HIGHEST_EXPONENT,
    LARGEST,
    LEAST_NORMAL,
    LOWEST_EXPONENT,
    TWO_TO_MINUS_53,
    cosine_of_turns,
    exp,
    log,
    mantissa_and_exponent,
    times_power_of_two,
    unit_fraction,
)
from sim.engine.worker_columns import Array
from tests.support.rule_checks import DRAW, bits, compiled, real

MANY = 1_000_000
DIGITS = 60
EXPONENT = real(LOWEST_EXPONENT, HIGHEST_EXPONENT)
POSITIVE = real(LEAST_NORMAL, LARGEST)
ANYTHING = st.floats(allow_nan=True, allow_infinity=True)


SPLIT = numba.njit(lambda x: mantissa_and_exponent(x))
SCALE = numba.njit(lambda value, exponent: times_power_of_two(value, exponent))


@kernel
def exp_each(values: np.ndarray, results: np.ndarray) -> None:
    """A loop that the compiler turns into vector instructions."""
    for i in range(values.size):
        results[i] = exp(values[i])


@kernel
def log_each(values: np.ndarray, results: np.ndarray) -> None:
    """The same for logarithms."""
    for i in range(values.size):
        results[i] = log(values[i])


def in_vectors(sweep: Callable[[np.ndarray, np.ndarray], None], values: np.ndarray) -> np.ndarray:
    """Results of many values at once."""
    results = np.empty_like(values)
    sweep(values, results)
    return results


def units_off(result: float, exact: Decimal) -> float:
    """Distance from the exact value in units of the last place of the double nearest to it."""
    return float(abs(Decimal(result) - exact) / Decimal(math.ulp(float(exact))))


def neighbours(centre: float, count: int) -> np.ndarray:
    """Consecutive doubles from a positive or negative number on, ascending."""
    word = np.array([abs(centre)]).view(np.int64)[0]
    numbers = (word + np.arange(count)).view(np.float64)
    return numbers if centre > 0.0 else -numbers[::-1]


@settings(max_examples=1000)
@given(st.one_of(EXPONENT, real(-1.0, 1.0)))
@example(LOWEST_EXPONENT)
@example(HIGHEST_EXPONENT)
@example(0.34657359027997264)
def test_exp_is_within_a_unit_in_the_last_place(x: float) -> None:
    with localcontext(prec=DIGITS):
        assert units_off(exp(x), Decimal(x).exp()) < 1.0


@settings(max_examples=1000)
@given(st.one_of(POSITIVE, real(0.5, 2.0)))
@example(LEAST_NORMAL)
@example(LARGEST)
@example(math.sqrt(0.5))
@example(math.nextafter(1.0, 2.0))
@example(math.nextafter(1.0, 0.0))
def test_log_is_within_a_unit_in_the_last_place(x: float) -> None:
    with localcontext(prec=DIGITS):
        assert units_off(log(x), Decimal(x).ln()) < 1.0


@kernel
def parts_of_one(words: Array, parts: Array) -> None:
    """Parts of one, compiled into vectors."""
    for i in range(words.size):
        parts[i] = unit_fraction(words[i])


@given(st.lists(st.integers(0, 2**53 - 1), min_size=1, max_size=20))
@example([0, 1, 2**32 - 1, 2**32, 2**32 + 1, 2**52, 2**53 - 2**32, 2**53 - 1])
def test_a_word_is_an_exact_part_of_one(words: list[int]) -> None:
    parts = np.empty(len(words))
    parts_of_one(np.array(words), parts)
    assert (
        parts.tolist()
        == [unit_fraction(word) for word in words]
        == [math.ldexp(word, -53) for word in words]
    )


@given(DRAW)
def test_the_cosine_is_right(turns: float) -> None:
    assert cosine_of_turns(turns) == pytest.approx(math.cos(2.0 * math.pi * turns), abs=1e-15)


def test_values_that_must_be_exact() -> None:
    assert bits(exp(0.0)) == bits(exp(-0.0)) == bits(1.0)
    assert bits(log(1.0)) == bits(0.0)
    assert [cosine_of_turns(turns) for turns in (0.0, 0.25, 0.5, 0.75)] == [
        pytest.approx(1.0, abs=3e-16),
        0.0,
        -cosine_of_turns(0.0),
        0.0,
    ]


@given(
    st.one_of(real(-1e308, LOWEST_EXPONENT), st.just(-math.inf)),
    st.one_of(real(HIGHEST_EXPONENT, 1e308), st.just(math.inf)),
)
def test_exp_beyond_its_ends_stays_there(low: float, high: float) -> None:
    assert exp(low) == exp(LOWEST_EXPONENT) > LEAST_NORMAL
    assert exp(high) == exp(HIGHEST_EXPONENT) < LARGEST


@given(
    st.one_of(
        real(-1e308, 0.0),
        st.sampled_from((5e-324, math.nextafter(LEAST_NORMAL, 0.0), -math.inf, math.inf, math.nan)),
    )
)
def test_what_has_no_logarithm_gives_none_and_what_is_no_number_stays_none(x: float) -> None:
    assert math.isnan(log(x))
    assert math.isnan(compiled("log")(x))
    assert math.isnan(exp(math.nan))
    assert math.isnan(compiled("exp")(math.nan))


@pytest.mark.parametrize("name", ["exp", "log"])
@settings(max_examples=2000)
@given(x=ANYTHING)
def test_compiled_is_interpreted_whatever_the_number(name: str, x: float) -> None:
    plain, fast = {"exp": exp, "log": log}[name](x), compiled(name)(x)
    assert bits(plain) == bits(fast) or (math.isnan(plain) and math.isnan(fast))


@settings(max_examples=500)
@given(POSITIVE, real(0.5, 2.0), st.integers(-1020, 1020))
def test_the_two_operations_on_bits_are_their_plain_counterparts(
    x: float, value: float, exponent: int
) -> None:
    m, k = SPLIT(x)
    assert (bits(m), bits(k)) == tuple(map(bits, mantissa_and_exponent(x)))
    assert m * 2.0**k == x if abs(k) < 1000.0 else math.sqrt(0.5) <= m < math.sqrt(2.0)
    assert bits(SCALE(value, float(exponent))) == bits(times_power_of_two(value, float(exponent)))


@pytest.mark.parametrize(
    ("sweep", "one", "values"),
    [
        (exp_each, exp, np.random.default_rng(1).uniform(LOWEST_EXPONENT, HIGHEST_EXPONENT, MANY)),
        (exp_each, exp, np.random.default_rng(2).normal(0.0, 1.0, MANY)),
        (log_each, log, np.exp(np.random.default_rng(3).uniform(-700.0, 700.0, MANY))),
        (log_each, log, np.random.default_rng(4).uniform(0.5, 2.0, MANY)),
    ],
)
def test_vectors_agree_with_plain_python_on_a_million_values(
    sweep: Callable[[np.ndarray, np.ndarray], None],
    one: Callable[[float], float],
    values: np.ndarray,
) -> None:
    plain = np.array([one(value) for value in values.tolist()])
    assert np.array_equal(in_vectors(sweep, values).view(np.int64), plain.view(np.int64))


@pytest.mark.parametrize(
    "centre", [-700.0, -1.0, -0.35, -1e-3, 1e-9, 0.3465735, 1.0, 1.0397, 5.0, 300.0]
)
def test_exp_never_falls_between_neighbours_by_more_than_a_unit(centre: float) -> None:
    results = in_vectors(exp_each, neighbours(centre, MANY))
    assert np.all(np.diff(results.view(np.int64)) >= -1)
    assert results[-1] >= results[0]


@pytest.mark.parametrize(
    "centre", [1e-300, 0.01, 0.5, 0.70710, 0.999999, 1.0, 1.41421, 2.0, 3.0, 1e6]
)
def test_log_never_falls_between_neighbours_by_more_than_a_unit(centre: float) -> None:
    results = in_vectors(log_each, neighbours(centre, MANY))
    assert np.all(np.diff(results) >= -np.spacing(np.abs(results[1:])))
    assert results[-1] >= results[0]


@given(st.integers(1, 2**53 - 2), real(-3.0, -1e-4))
def test_a_higher_draw_never_waits_less(number: int, log_no_event: float) -> None:
    assert waiting_months(number * TWO_TO_MINUS_53, log_no_event) <= waiting_months(
        (number + 1) * TWO_TO_MINUS_53, log_no_event
    )


def test_no_draw_has_a_lower_chance_to_have_waited_than_its_neighbour() -> None:
    starts = np.random.default_rng(5).integers(1, 2**53 - 1000, 2000)
    left = 1.0 - (starts[:, None] + np.arange(1000)) * TWO_TO_MINUS_53
    assert np.all(np.diff(in_vectors(log_each, left.ravel()).reshape(left.shape), axis=1) <= 0.0)


def test_loops_over_them_are_vector_loops() -> None:
    for sweep in (exp_each, log_each):
        fresh = numba.njit(error_model="numpy")(sweep.py_func)
        in_vectors(fresh, np.ones(8))
        (code,) = fresh.inspect_llvm().values()
        assert re.search(r"fdiv <\d+ x double>", code)
