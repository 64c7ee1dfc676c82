"""Who replaced the lost hours: an account that adds up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.panel import OfMarket
from sim.inputs.dated_inputs import dated_inputs
from sim.measures.comparison import comparison
from sim.measures.measure import values_of
from sim.measures.replacement import REPLACEMENT, backlog_growth
from sim.paired import run_paired
from tests.support.panels import (
    CHINESE,
    NORTH_KOREAN,
    RUSSIAN,
    STRUCTURAL,
    compared,
    empty_pair,
    put,
    random_pair,
    short_scenario,
)
from tests.support.shipped_scenarios import make_scenario

SCENARIO = short_scenario(months=3)
TOTAL = "lost_labour_worker_months"


def parts(found):
    """All lines of the account but its total."""
    return {name: values for name, values in found.items() if name != TOTAL}


@given(st.integers(0, 10_000))
def test_the_account_adds_up_for_any_runs(seed):
    """The lines of the account add up to the labour lost, month by month."""
    found = values_of(REPLACEMENT, compared(random_pair(SCENARIO, seed), SCENARIO))
    np.testing.assert_allclose(sum(parts(found).values()), found[TOTAL], rtol=1e-9, atol=1e-9)


def test_the_account_by_hand():
    """Ten North Koreans at 1.8 go, four Russians come, and output falls by 12.

    Of these 5 wait, 4 are cancelled and 3 never ordered.
    """
    pair = empty_pair(SCENARIO)
    for run, north_koreans, russians in ((pair.baseline, 18.0, 50.0), (pair.policy, 0.0, 54.0)):
        put(run, "effective_labour", north_koreans, NORTH_KOREAN, STRUCTURAL)
        put(run, "effective_labour", russians, RUSSIAN, STRUCTURAL)
    for name, baseline, policy in (
        ("orders", 60.0, 57.0),
        ("output", 60.0, 48.0),
        ("cancelled", 0.0, 4.0),
        ("labour_per_unit", 1.0, 0.95),
    ):
        put(pair.baseline, name, baseline)
        put(pair.policy, name, policy)
    found = values_of(REPLACEMENT, compared(pair, SCENARIO))
    month = {name: values[0] * 0.5 for name, values in found.items()}
    assert month == pytest.approx(
        {
            TOTAL: 18.0,
            "replaced_by_chinese_worker_months": 0.0,
            "replaced_by_russian_worker_months": 4.0,
            "saved_by_technology_worker_months": 48.0 * 0.05,
            "put_off_to_backlog_worker_months": 5.0,
            "never_built_worker_months": 7.0,
            "trade_imbalance_worker_months": (68.0 - 60.0) - (54.0 - 48.0 * 0.95),
        }
    )
    assert found[TOTAL] == pytest.approx([36.0, 72.0, 108.0])


def test_every_group_that_is_not_expelled_has_a_line():
    pair = empty_pair(SCENARIO)
    put(pair.policy, "effective_labour", 2.0, CHINESE, STRUCTURAL)
    assert values_of(REPLACEMENT, compared(pair, SCENARIO))[
        "replaced_by_chinese_worker_months"
    ] == pytest.approx([4.0, 8.0, 12.0])


@pytest.fixture(scope="module")
def simulated():
    scenario = make_scenario("market.scale=0.02")
    return comparison(run_paired(scenario, 0), scenario, dated_inputs(scenario))


def test_a_simulated_account_adds_up(simulated):
    found = values_of(REPLACEMENT, simulated)
    assert found[TOTAL][-1] > 0.0
    np.testing.assert_allclose(sum(parts(found).values()), found[TOTAL], rtol=1e-9, atol=1e-6)


def test_work_put_off_lies_in_the_order_books(simulated):
    """What the account calls longer backlog is what the panel's backlog grew by."""
    for run in (simulated.baseline, simulated.policy):
        np.testing.assert_allclose(
            np.diff(run.of(OfMarket.BACKLOG)), backlog_growth(run)[1:], rtol=1e-9, atol=1e-6
        )
