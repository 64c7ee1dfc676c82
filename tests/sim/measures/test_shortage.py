"""The shortage measures against numbers computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.measure import values_of
from sim.measures.shortage import SHORTAGE, labour_gap, wanted_share
from sim.paired import PairedBranches
from tests.support.panels import (
    FINISHING,
    NORTH_KOREAN,
    RUSSIAN,
    STRUCTURAL,
    TECHNICAL,
    compared,
    empty_pair,
    put,
    random_pair,
    short_scenario,
)

SCENARIO = short_scenario()


def example() -> PairedBranches:
    """At half scale: gaps of 50, 10 and -5 workers, with more, a quarter of, and no vacancies."""
    pair = empty_pair(SCENARIO)
    labour = {
        "baseline": (100.0, 60.0, 40.0),
        "policy_at_baseline_wages": (50.0, 65.0, 30.0),
        "policy": (70.0, 60.0, 35.0),
    }
    vacancies = {
        "baseline": (4.0, 4.0, 4.0),
        "policy_at_baseline_wages": (9.0, 4.0, 1.0),
        "policy": (8.0, 4.0, 4.0),
    }
    for run in labour:
        for trade in (STRUCTURAL, FINISHING, TECHNICAL):
            put(getattr(pair, run), "effective_labour", labour[run][trade], RUSSIAN, trade)
            put(getattr(pair, run), "vacancy_stock", vacancies[run][trade], trade)
    return pair


@pytest.fixture(scope="module")
def found():
    return values_of(SHORTAGE, compared(example(), SCENARIO))


@pytest.mark.parametrize(
    ("name", "krai"),
    [
        ("shortfall_workers", 105.0),
        ("shortfall_workers_structural", 100.0),
        ("shortfall_workers_finishing", 0.0),
        ("shortfall_workers_technical", 5.0),
        ("shortfall_idled_workers", 15.0),
        ("shortfall_idled_workers_technical", 15.0),
        ("shortfall_percent", 26.25),
        ("shortfall_idled_percent", 3.75),
        ("remaining_gap_workers", 70.0),
        ("remaining_gap_workers_technical", 10.0),
        ("remaining_gap_idled_workers", 0.0),
        ("remaining_gap_percent", 17.5),
    ],
)
def test_gaps_by_hand(found, name, krai):
    """The shortfall compares the policy branch at baseline wages with the baseline.

    The remaining gap compares the policy branch; counts are divided by the scale.
    """
    assert found[name] == pytest.approx([krai, krai])


def test_equal_vacancies_count_as_missing_hands():
    """With as many vacancies as the baseline a missing worker is missing, not idled."""
    pair = empty_pair(SCENARIO)
    put(pair.baseline, "effective_labour", 10.0, RUSSIAN, STRUCTURAL)
    gap = labour_gap(
        compared(pair, SCENARIO).baseline, compared(pair, SCENARIO).policy_at_baseline_wages
    )
    assert gap.missing.sum() == 2 * 20.0
    assert gap.idled.sum() == 0.0


@given(st.floats(0.0, 50.0), st.floats(0.0, 1.0), st.floats(0.1, 50.0))
def test_a_vacancy_more_or_less_moves_the_shortfall_little(vacancies, change, vacancies_baseline):
    """The share of workers counted as missing changes smoothly with vacancies.

    It moves at most by the change as a share of the baseline's vacancies.
    """
    before, after = (
        wanted_share(np.array([v]), np.array([vacancies_baseline]))[0]
        for v in (vacancies, vacancies + change)
    )
    assert 0.0 <= before <= after <= 1.0
    assert after - before <= change / vacancies_baseline + 1e-12


def test_the_share_of_a_gap_that_is_wanted_by_hand():
    """A quarter of a vacancy of half a one; more than usual; and no usual vacancies at all."""
    vacancies, usual = np.array([0.25, 3.0, 1.0, 0.0]), np.array([0.5, 2.0, 0.0, 0.0])
    assert wanted_share(vacancies, usual).tolist() == [0.5, 1.0, 1.0, 1.0]


def test_unfilled_vacancies_are_those_of_the_policy_run():
    pair = empty_pair(SCENARIO)
    put(pair.policy, "vacancies_unfilled", 3.0, FINISHING)
    put(pair.policy_at_baseline_wages, "vacancies_unfilled", 50.0, FINISHING)
    put(pair.baseline, "vacancies_unfilled", 1.0, TECHNICAL)
    found = values_of(SHORTAGE, compared(pair, SCENARIO))
    assert found["unfilled_vacancies"] == pytest.approx([6.0, 6.0])
    assert found["unfilled_vacancies_finishing"] == pytest.approx([6.0, 6.0])
    assert found["unfilled_vacancies_baseline"] == pytest.approx([2.0, 2.0])


def test_the_naive_rule_is_heads_gone_times_efficiency():
    """P8: 100 heads gone at 1.8 are 180 standard workers, whoever else came or went."""
    pair = empty_pair(SCENARIO)
    put(pair.baseline, "heads_employed", 60.0, NORTH_KOREAN, STRUCTURAL)
    put(pair.policy, "heads_employed", [60.0, 10.0], NORTH_KOREAN, STRUCTURAL)
    put(pair.policy, "heads_employed", 99.0, RUSSIAN, STRUCTURAL)
    assert values_of(SHORTAGE, compared(pair, SCENARIO))["naive_loss_workers"] == pytest.approx(
        [0.0, 180.0]
    )


def test_without_labour_in_the_baseline_the_percentage_has_no_value():
    assert np.isnan(
        values_of(SHORTAGE, compared(empty_pair(SCENARIO), SCENARIO))["shortfall_percent"]
    ).all()


@given(st.integers(0, 10_000))
def test_missing_and_idled_make_up_the_whole_gap(seed):
    """Missing and idled are never negative, make up each gap, and add up over trades."""
    runs = compared(random_pair(SCENARIO, seed), SCENARIO)
    gap = labour_gap(runs.baseline, runs.policy_at_baseline_wages)
    whole = np.maximum(
        0.0, runs.baseline.labour_by_trade() - runs.policy_at_baseline_wages.labour_by_trade()
    )
    np.testing.assert_allclose(gap.missing + gap.idled, whole)
    assert (gap.missing >= 0.0).all()
    assert (gap.idled >= 0.0).all()
    found = values_of(SHORTAGE, runs)
    trades = SCENARIO.market.trades
    np.testing.assert_allclose(
        sum(found[f"shortfall_workers_{trade}"] for trade in trades), found["shortfall_workers"]
    )
