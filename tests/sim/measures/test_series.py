"""Labelled measures, indices and extrapolations by hand; what scenarios leave out."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.panel import ByGroup, ByGroupTrade, ByTrade, OfMarket
from sim.engine.worker_columns import BURN_IN_MONTHS
from sim.inputs.dated_inputs import dated_inputs, series
from sim.measures.comparison import FullScaleBranch, computed_once, ratio
from sim.measures.labelled import reported_measure, reported_name
from sim.measures.measure import Measure, TotalAndTrades, fillings, values_of
from sim.measures.output import OUTPUT, years_of
from sim.measures.revenue import MONEY, is_extrapolated, public_totals
from sim.measures.wages_and_pay import WAGES, subsidy_share
from tests.support.panels import (
    CHINESE,
    FINISHING,
    NORTH_KOREAN,
    RUSSIAN,
    STRUCTURAL,
    compared,
    empty_pair,
    put,
    short_scenario,
)
from tests.support.shipped_scenarios import make_scenario

SCENARIO = short_scenario()


@pytest.fixture(scope="module")
def branches():
    """At half scale: hires 1 and 2 of two groups in two trades, vacancies 3, fined 4, a cost 5."""
    pair = empty_pair(SCENARIO)
    put(pair.policy, "hires", 1.0, RUSSIAN, STRUCTURAL)
    put(pair.policy, "hires", 2.0, CHINESE, STRUCTURAL)
    put(pair.policy, "hires", 2.0, CHINESE, FINISHING)
    put(pair.policy, "vacancies_opened", 3.0, FINISHING)
    put(pair.policy, "crew_fined", [4.0, 6.0], NORTH_KOREAN)
    put(pair.policy, "public_cost_training_rub", 5.0)
    put(pair.baseline, "hires", 99.0, RUSSIAN, STRUCTURAL)
    return compared(pair, SCENARIO)


def test_a_labelled_count_by_group_and_trade_is_reported_by_trade(branches):
    measure = reported_measure(ByGroupTrade.HIRES)
    found = measure.formula(branches)
    assert isinstance(found, TotalAndTrades)
    assert found.total.tolist() == [10.0, 10.0]
    assert found.by_trade[0].tolist() == [6.0, 4.0, 0.0]
    assert measure.by_trade


def test_a_labelled_count_by_trade_is_reported_by_trade(branches):
    measure = reported_measure(ByTrade.VACANCIES_OPENED)
    assert measure.formula(branches).total.tolist() == [6.0, 6.0]
    assert measure.formula(branches).by_trade[1].tolist() == [0.0, 6.0, 0.0]
    assert measure.by_trade


def test_a_labelled_count_by_group_has_a_series_for_each_group(branches):
    measure = reported_measure(ByGroup.CREW_FINED)
    assert measure.formula(branches, NORTH_KOREAN).tolist() == [8.0, 12.0]
    assert not measure.by_trade


def test_a_labelled_number_of_the_market_is_one_series_in_the_market_s_money(branches):
    measure = reported_measure(OfMarket.PUBLIC_COST_TRAINING_RUB)
    assert measure.formula(branches).tolist() == [10.0, 10.0]
    assert measure.unit == "nominal {money} a month"
    assert not measure.by_trade


def test_names_hold_a_place_for_the_group_where_counts_are_by_group():
    assert reported_name(ByGroup.CREW_FINED) == "{crew}_fined"
    assert reported_name(ByGroup.PAY_USD) == "{group}_pay_usd"
    assert reported_name(ByGroupTrade.HIRES) == "hires"


def test_the_words_of_a_name_stand_for_the_groups_of_their_kind():
    found = {
        word: [positions for _, positions in fillings(f"{{{word}}}_x", SCENARIO)]
        for word in ("group", "crew", "migrant", "other")
    }
    groups = list(SCENARIO.population)
    everybody = [(place,) for place in range(len(groups))]
    assert found["group"] == everybody
    assert found["crew"] == [(NORTH_KOREAN,)]
    assert found["other"] == [each for each in everybody if each != (NORTH_KOREAN,)]
    assert (CHINESE,) in found["migrant"]
    assert (RUSSIAN,) not in found["migrant"]


def test_a_name_without_a_word_stands_for_itself_and_papers_are_counted_from_0():
    assert [tuple(each) for each in fillings("heads", SCENARIO)] == [({}, ())]
    papers = list(fillings("{crew}_heads_{paper}", SCENARIO))
    assert [positions for _, positions in papers] == [(NORTH_KOREAN, place) for place in range(4)]
    assert papers[1].names == {"crew": "north_korean", "paper": "work"}


def test_what_a_scenario_does_not_report_is_not_computed(branches):
    def fails(*given):
        raise AssertionError("must not be computed")

    hidden = Measure("workers", "Hidden", fails, is_reported=lambda scenario: False)
    assert values_of({"hidden": hidden}, branches) == {}


def test_levels_are_divided_by_the_scale_and_means_are_not(branches):
    pair = empty_pair(SCENARIO)
    put(pair.policy, "wage_real", 1.5)
    put(pair.policy, "output", 1.5)
    whole = FullScaleBranch(pair.policy, 0.5)
    assert whole.of(OfMarket.WAGE_REAL).tolist() == [1.5, 1.5]
    assert whole.of(OfMarket.OUTPUT).tolist() == [3.0, 3.0]


def test_sums_over_groups_are_computed_once(branches):
    first = branches.policy.heads_by_trade()
    assert branches.policy.heads_by_trade() is first
    assert branches.policy.labour_by_trade() is not first


def test_what_is_computed_once_is_kept_by_function_and_positions(branches):
    calls = []

    @computed_once
    def numbered(branches, group):
        calls.append(group)
        return len(calls)

    asked = [numbered(branches, group) for group in (1, 1, 2, 1)]
    assert asked == [1, 1, 2, 1]
    assert calls == [1, 2]


def test_a_ratio_without_a_whole_is_not_a_number():
    found = ratio(np.array([3.0, 0.0, 2.0]), np.array([2.0, 0.0, 0.0]))
    assert found[0] == 1.5
    assert np.isnan(found[1:]).all()


def test_dated_inputs_begin_with_the_start_and_not_with_the_burn_in(branches):
    assert branches.dated("home_pay_rub").shape[-1] == SCENARIO.months


@pytest.mark.parametrize(
    ("start", "months", "years"),
    [("2016-01", 13, [2016] * 12 + [2017]), ("2016-12", 2, [2016, 2017]), ("2017-06", 1, [2017])],
)
def test_the_year_of_each_month(start, months, years):
    assert years_of(short_scenario(f"start={start}", months=months)).tolist() == years


def test_completions_are_an_index_of_the_mean_of_2016_alone():
    scenario = short_scenario("start=2016-11", months=4)
    pair = empty_pair(scenario)
    put(pair.policy, "completions", [10.0, 30.0, 40.0, 5.0])
    found = values_of(OUTPUT, compared(pair, scenario))
    assert found["completions_index"] == pytest.approx([50.0, 150.0, 200.0, 25.0])


def test_reported_housing_is_an_index_and_unknown_where_no_year_is_reported():
    known = series()["housing_completed_primorye"].values
    last = max(int(year) for year in known)
    scenario = short_scenario("policy=none", f"start={last}-12", months=2)
    found = values_of(OUTPUT, compared(empty_pair(scenario), scenario))["housing_completed_index"]
    assert found[0] == pytest.approx(100.0 * known[str(last)] / known["2016"])
    assert np.isnan(found[1])


def test_the_subsidy_is_a_share_of_the_pay_of_those_who_are_no_crew():
    pair = empty_pair(SCENARIO)
    put(pair.policy, "pay_rub", 60.0, RUSSIAN)
    put(pair.policy, "pay_rub", 40.0, CHINESE)
    put(pair.policy, "pay_rub", 900.0, NORTH_KOREAN)
    put(pair.policy, "public_cost_wage_subsidy_rub", [20.0, 0.0])
    assert subsidy_share(compared(pair, SCENARIO)).tolist() == [0.2, 0.0]
    assert subsidy_share(compared(empty_pair(SCENARIO), SCENARIO)).tolist() == [0.0, 0.0]


def test_migrants_keep_what_the_larger_of_tax_and_permit_fee_leaves():
    """Of 1,000 RUB a tax of 13 % takes 130; a fee of 500 RUB at the prices of start takes more."""
    scenario = short_scenario("population.chinese.permit_fee_rub_per_month=500")
    pair = empty_pair(scenario)
    put(pair.policy, "pay_per_head_rub", 1000.0, CHINESE)
    kept = values_of(WAGES, compared(pair, scenario))["chinese_pay_after_tax_rub"]
    prices = dated_inputs(scenario).consumer_prices[BURN_IN_MONTHS:]
    assert prices[1] > prices[0] == 1.0
    assert kept.tolist() == pytest.approx([500.0, 1000.0 - 500.0 * prices[1]])


def test_wages_in_money_are_those_of_the_policy_branch():
    pair = empty_pair(SCENARIO)
    for name, policy in (("wage_nominal_rub", 40_000.0), ("wage_usd", 600.0)):
        put(pair.policy, name, policy)
        put(pair.baseline, name, 1.0)
    found = values_of(WAGES, compared(pair, SCENARIO))
    assert found["wage_nominal_rub"].tolist() == [40_000.0] * 2
    assert found["wage_usd"].tolist() == [600.0] * 2


def test_losses_are_extrapolated_only_where_something_is_reported(branches):
    assert is_extrapolated(SCENARIO)
    german = make_scenario("market=german_border_1991", "population=german_border_1991")
    assert not is_extrapolated(german)


def test_the_public_totals_name_every_lever_with_a_cost_or_a_revenue():
    assert set(public_totals()) == {"public_cost_rub", "public_revenue_rub"}
    assert public_totals()["public_cost_rub"].label == "Public cost of all levers"


def test_revenue_of_levers_is_cumulated_apart_from_their_costs():
    pair = empty_pair(SCENARIO)
    put(pair.policy, "public_revenue_employer_fine_rub", [3.0, 1.0])
    put(pair.policy, "public_cost_training_rub", 7.0)
    found = values_of(MONEY, compared(pair, SCENARIO))
    assert found["public_revenue_rub"].tolist() == [6.0, 8.0]
    assert found["public_cost_rub"].tolist() == [14.0, 28.0]


def test_inputs_of_the_comparison_are_those_of_the_scenario(branches):
    inputs = dated_inputs(SCENARIO)
    np.testing.assert_array_equal(branches.inputs.home_pay_rub, inputs.home_pay_rub)
