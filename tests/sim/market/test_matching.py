"""Rules of matching by closed forms: at even odds the weeks are the binary digits of the draw."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.market.matching import (
    WEEKS,
    application_weeks,
    applies,
    attraction,
    monthly_application_probability,
    week_bit,
)
from tests.support.rule_checks import real


@given(real(0.1, 10.0), real(0.0, 8.0))
def test_attraction_is_the_wage_to_the_power_of_the_sensitivity(wage: float, mu: float) -> None:
    assert attraction(math.log(wage), mu) == pytest.approx(wage**mu)


@pytest.mark.parametrize("sixteenth", range(16))
def test_at_even_odds_a_week_without_application_is_a_binary_digit_of_the_draw(
    sixteenth: int,
) -> None:
    digits = [sixteenth >> (WEEKS - 1 - week) & 1 for week in range(WEEKS)]
    weeks = application_weeks(sixteenth / 16.0, 0.5)
    assert [applies(weeks, week) for week in range(WEEKS)] == [digit == 0 for digit in digits]


@pytest.mark.parametrize("q", [0.1, 0.25, 0.7])
def test_applying_in_all_weeks_and_in_none_lie_at_the_ends_of_the_draws(q: float) -> None:
    assert application_weeks(0.999 * q**4, q) == 0b1111
    assert application_weeks(1.001 * q**4, q) == 0b0111
    once = monthly_application_probability(q)
    assert application_weeks(once - 1e-6, q) == 0b1000
    assert application_weeks(once + 1e-6, q) == 0


@pytest.mark.parametrize("q", [0.0, 0.2, 0.5, 1.0])
def test_the_chance_to_apply_at_least_once_is_that_of_four_weeks(q: float) -> None:
    assert monthly_application_probability(q) == pytest.approx(1.0 - (1.0 - q) ** 4)


@pytest.mark.parametrize("q", [0.15, 0.5, 0.9])
def test_each_pattern_of_weeks_has_its_probability(q: float) -> None:
    draws = 4000
    found = [application_weeks((place + 0.5) / draws, q) for place in range(draws)]
    for pattern in range(2**WEEKS):
        times = pattern.bit_count()
        share = found.count(pattern) / draws
        assert share == pytest.approx(q**times * (1.0 - q) ** (WEEKS - times), abs=1.1 / draws)


def test_the_rescaled_draw_never_divides_by_zero() -> None:
    assert application_weeks(0.0, 0.0) == 0
    assert application_weeks(0.9999, 1.0) == 0b1111


@given(st.integers(0, 15), st.integers(0, 3))
def test_a_week_is_a_bit(weeks: int, week: int) -> None:
    assert week_bit(week) == 2**week
    assert applies(weeks, week) == (weeks // 2**week % 2 == 1)
