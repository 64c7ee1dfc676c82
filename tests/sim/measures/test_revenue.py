"""What Pyongyang takes and loses, and what levers cost, by hand."""

from __future__ import annotations

import pytest

from sim.inputs.dated_inputs import fact_range
from sim.measures.labelled import LABELLED
from sim.measures.measure import values_of
from sim.measures.revenue import MONEY
from tests.support.panels import NORTH_KOREAN, compared, empty_pair, put, short_scenario
from tests.support.shipped_scenarios import make_scenario

SCENARIO = short_scenario(months=3)


@pytest.fixture(scope="module")
def found():
    """At half scale the baseline pays 600 USD a month and the policy run 600, 300, 0."""
    pair = empty_pair(SCENARIO)
    put(pair.baseline, "levy_usd", 600.0, NORTH_KOREAN)
    put(pair.policy, "levy_usd", [600.0, 300.0, 0.0], NORTH_KOREAN)
    return values_of(MONEY, compared(pair, SCENARIO))


def test_levy_of_the_month_and_its_loss_cumulated(found):
    assert found["dprk_state_revenue_usd"] == pytest.approx([1200.0, 600.0, 0.0])
    assert found["dprk_state_revenue_baseline_usd"] == pytest.approx([1200.0] * 3)
    assert found["dprk_revenue_lost_usd"] == pytest.approx([0.0, 600.0, 1800.0])


def test_russia_is_scaled_by_heads(found):
    """30,023 permits for 10,200 North Koreans in the krai's construction."""
    assert found["dprk_revenue_lost_russia_extrapolated_usd"] == pytest.approx(
        [0.0, 600.0 * 30_023 / 10_200, 1800.0 * 30_023 / 10_200]
    )


@pytest.mark.parametrize(("end", "usd_a_year"), [("low", 200e6), ("high", 500e6)])
def test_all_hosts_lose_the_same_share_of_the_reported_revenue(found, end, usd_a_year):
    """Half a month's revenue is lost in the second month, all of it in the third."""
    assert found[f"dprk_revenue_lost_all_hosts_{end}_extrapolated_usd"] == pytest.approx(
        [0.0, 0.5 * usd_a_year / 12, 1.5 * usd_a_year / 12]
    )


def test_no_crews_no_revenue():
    assert values_of(MONEY, compared(empty_pair(SCENARIO), SCENARIO))[
        "dprk_revenue_lost_all_hosts_high_extrapolated_usd"
    ] == pytest.approx(0.0)


def test_a_single_number_is_both_ends_of_its_range():
    assert fact_range("dprk_permits_russia_end_2017") == (30_023.0, 30_023.0)


def test_a_date_is_no_number():
    with pytest.raises(TypeError, match="deadline_of_2397 is not a number"):
        fact_range("deadline_of_2397")


def test_costs_of_all_levers_are_added_and_cumulated():
    scenario = make_scenario("market.scale=0.5", "months=2")
    pair = empty_pair(scenario)
    for name, cost in (("wage_subsidy", 10.0), ("relocation_grant", 4.0), ("training", 1.0)):
        put(pair.policy, f"public_cost_{name}_rub", cost)
    found = values_of(LABELLED | MONEY, compared(pair, scenario))
    assert found["public_cost_training_rub"] == pytest.approx([2.0, 2.0])
    assert found["public_cost_rub"] == pytest.approx([30.0, 60.0])
