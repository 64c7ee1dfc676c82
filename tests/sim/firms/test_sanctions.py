"""Which workers a firm keeps that may be fined for them: limits, directions, the choice behind."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.firms.sanctions import expected_fine_rub, keep_probability, local_labour_cost_rub
from sim.workers.contract_crew import logistic

COST = st.floats(1e3, 1e6)
FINE = st.floats(0.0, 1e6)
NOISE = st.floats(0.05, 5.0)
SHARE = st.floats(0.0, 1.0)
STEP = st.floats(1.05, 10.0)


@given(COST, COST, NOISE)
def test_without_a_fine_everybody_is_kept(local: float, crew: float, noise: float) -> None:
    assert keep_probability(local, crew, 0.0, noise) == 1.0


@given(COST, COST, FINE, NOISE)
def test_it_is_the_choice_with_the_fine_given_the_choice_without_it(
    local: float, crew: float, fine: float, noise: float
) -> None:
    without = logistic(math.log(local / crew) / noise)
    with_fine = logistic(math.log(local / (crew + fine)) / noise)
    kept = keep_probability(local, crew, fine, noise)
    if without > 1e-200:
        assert kept == pytest.approx(with_fine / without, rel=1e-9, abs=1e-12)


@given(COST, COST, FINE, STEP, NOISE)
def test_a_higher_fine_keeps_nobody_more(
    local: float, crew: float, fine: float, step: float, noise: float
) -> None:
    lower = keep_probability(local, crew, fine, noise)
    assert keep_probability(local, crew, fine * step, noise) <= lower


@given(COST, COST, st.floats(1e4, 1e6), STEP, NOISE)
def test_dear_local_labour_keeps_more(
    local: float, crew: float, fine: float, step: float, noise: float
) -> None:
    cheap = keep_probability(local, crew, fine, noise)
    assert keep_probability(local * step, crew, fine, noise) >= cheap * (1.0 - 1e-12)


@given(COST, st.floats(0.01, 2.0), st.floats(0.1, 1.0))
def test_where_local_labour_is_free_only_the_fine_over_the_cost_counts(
    crew: float, fine_over_cost: float, noise: float
) -> None:
    kept = keep_probability(1e-12, crew, fine_over_cost * crew, noise)
    assert kept == pytest.approx((1.0 + fine_over_cost) ** (-1.0 / noise), rel=1e-6)


@given(COST, COST, st.floats(0.1, 1.0))
def test_the_elasticity_to_cost_is_that_of_the_model_description(
    local: float, crew: float, noise: float
) -> None:
    small = 1e-6
    change = (keep_probability(local, crew, small * crew, noise) - 1.0) / small
    worth = (local / crew) ** (1.0 / noise)
    assert change == pytest.approx(-1.0 / (noise * (1.0 + worth)), rel=1e-3, abs=1e-6)


@given(FINE, st.floats(0.5, 3.0), SHARE, SHARE, SHARE)
def test_the_expected_fine_rises_with_amount_prices_inspection_and_compliance(
    fine: float, prices: float, inspection: float, compliance: float, less: float
) -> None:
    whole = expected_fine_rub(fine, prices, inspection, compliance)
    assert whole == pytest.approx(fine * prices * inspection * compliance)
    assert expected_fine_rub(fine * less, prices, inspection, compliance) <= whole
    assert expected_fine_rub(fine, prices * less, inspection, compliance) <= whole
    assert expected_fine_rub(fine, prices, inspection * less, compliance) <= whole
    assert expected_fine_rub(fine, prices, inspection, compliance * less) <= whole


def test_the_numbers_of_2018_as_an_analyst_would_work_them_out() -> None:
    local = local_labour_cost_rub(1.0, 1.8, 28_000.0, 1.15)
    fine = expected_fine_rub(250_000.0, 1.1, 0.05, 1.0)
    assert local == pytest.approx(57_960.0)
    assert fine == pytest.approx(13_750.0)
    assert keep_probability(local, 900.0 * 62.7, fine, 0.3) == pytest.approx(0.66, abs=0.01)
