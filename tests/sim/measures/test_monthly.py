"""The krai's measures: hand-computed cases, and the table that names them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.panel import TABLES
from sim.inputs.dated_inputs import dated_inputs
from sim.inputs.scenario_reader import build_scenario
from sim.measures.catalogue import MEASURES, measures_of
from sim.measures.monthly import measure
from sim.paired import run_paired
from tests.support.panels import (
    CHINESE,
    FINISHING,
    NORTH_KOREAN,
    RUSSIAN,
    STRUCTURAL,
    empty_pair,
    put,
    short_scenario,
)
from tests.support.shipped_scenarios import make_raw, make_scenario

SCENARIO = short_scenario()
INPUTS = dated_inputs(SCENARIO)
PROMISED = [
    "shortfall_workers",
    "shortfall_percent",
    "remaining_gap_workers",
    "unfilled_vacancies",
    "naive_loss_workers",
    "job_vacancy_rate",
    "vacancy_duration_days",
    "north_korean_heads",
    "north_korean_heads_work",
    "north_korean_heads_student",
    "north_korean_heads_tourist",
    "north_korean_heads_none",
    "chinese_heads",
    "russian_heads",
    "wage_real_rub",
    "wage_drift_percent",
    "output_percent_of_baseline",
    "completions_percent_of_baseline",
    "backlog_months",
    "dprk_state_revenue_usd",
    "dprk_revenue_lost_usd",
]


def measured(pair):
    """Every measure of a made-up pair."""
    return measure(pair, SCENARIO, INPUTS)


def test_every_promised_name_is_measured():
    assert set(PROMISED) <= set(measures_of(SCENARIO))


def test_table_and_measures_have_the_same_names():
    found = measured(empty_pair(SCENARIO))
    assert set(found) == set(measures_of(SCENARIO))
    assert all(values.shape == (SCENARIO.months,) for values in found.values())


def test_every_measure_has_a_unit_and_plain_words():
    for name, known in measures_of(SCENARIO).items():
        assert known.unit, name
        assert known.label, name
        assert "{" not in known.label + known.note, name


def test_a_further_nationality_is_measured_from_config_alone():
    """A fourth group gets its heads and its line among those who replaced the lost hours."""
    raw = make_raw({"market.scale": 0.02, "months": 2})
    raw["population"]["central_asian"] = raw["population"]["chinese"] | {"tied_heads": 0}
    scenario = build_scenario(raw)
    found = measure(run_paired(scenario, 0), scenario, dated_inputs(scenario))
    assert {
        "central_asian_heads",
        "replaced_by_central_asian_worker_months",
        "central_asian_home_pay_rub",
    } <= set(found)
    assert measures_of(scenario)["central_asian_heads"].label == "Central Asian workers employed"


def test_what_is_a_ratio_or_a_price_is_declared_a_mean():
    for table in TABLES.values():
        for declared in table:
            is_ratio = declared.unit.startswith(("ratio", "RUB per", "base"))
            if is_ratio or "per_head" in declared.key:
                assert declared.is_mean, declared.key


def test_vacancy_rate_duration_and_tightness_by_hand():
    """V = 6 and N = 94: 6 %; 21 x 6 / 3 hires = 42 days; 6 vacancies for 2 seekers."""
    pair = empty_pair(SCENARIO)
    put(pair.policy, "vacancy_stock", 6.0, STRUCTURAL)
    put(pair.policy, "heads_employed", 94.0, RUSSIAN, STRUCTURAL)
    put(pair.policy, "hires", 3.0, RUSSIAN, STRUCTURAL)
    put(pair.policy, "heads_seeking", 2.0, RUSSIAN, STRUCTURAL)
    put(pair.policy, "heads_employed", 100.0, RUSSIAN, FINISHING)
    found = measured(pair)
    assert found["job_vacancy_rate_structural"] == pytest.approx([6.0, 6.0])
    assert found["job_vacancy_rate"] == pytest.approx([3.0, 3.0])
    assert found["vacancy_duration_days"] == pytest.approx([42.0, 42.0])
    assert found["vacancies_per_seeker"] == pytest.approx([3.0, 3.0])
    assert found["seeker_share"] == pytest.approx([100 * 2 / 196] * 2)
    assert np.isnan(found["vacancy_duration_days_finishing"]).all()


def test_wages_are_not_divided_by_the_scale():
    pair = empty_pair(SCENARIO)
    for run, wage in ((pair.baseline, 1.0), (pair.policy, 1.1)):
        put(run, "wage_real", wage)
        put(run, "wage_real_rub", wage * 28_000.0)
    put(pair.policy, "wage_posted_real", 1.2, FINISHING)
    found = measured(pair)
    assert found["wage_drift_percent"] == pytest.approx([10.0, 10.0])
    assert found["wage_real_rub"] == pytest.approx([30_800.0] * 2)
    assert found["wage_real_rub_baseline"] == pytest.approx([28_000.0] * 2)
    assert found["wage_real_rub_finishing"] == pytest.approx([33_600.0] * 2)


def test_migrants_weigh_pay_after_tax_and_subsidy_against_home_and_move():
    """1,000 RUB a head, a subsidy of a tenth, tax 13 %: 957; at home 35 % on top of pay."""
    pair = empty_pair(SCENARIO)
    put(pair.policy, "pay_per_head_rub", 1000.0, CHINESE)
    put(pair.policy, "pay_rub", 500.0, CHINESE)
    put(pair.policy, "pay_rub", 500.0, RUSSIAN)
    put(pair.policy, "public_cost_wage_subsidy_rub", 100.0)
    found = measured(pair)
    assert found["chinese_pay_after_tax_rub"] == pytest.approx([0.87 * 1100.0] * 2)
    assert found["chinese_home_pay_rub"] == pytest.approx([1.35 * 3687 * 67.03 / 6.6423] * 2)


def test_output_and_delay_by_hand():
    pair = empty_pair(SCENARIO)
    for name, baseline, policy in (
        ("output", 50.0, 40.0),
        ("backlog", 300.0, 360.0),
        ("orders", 50.0, 45.0),
        ("completions", 20.0, [20.0, 30.0]),
    ):
        put(pair.baseline, name, baseline)
        put(pair.policy, name, policy)
    found = measured(pair)
    assert found["output_percent_of_baseline"] == pytest.approx([80.0, 80.0])
    assert found["orders_percent_of_baseline"] == pytest.approx([90.0, 90.0])
    assert found["backlog_months"] == pytest.approx([9.0, 9.0])
    assert found["delay_months"] == pytest.approx([3.0, 3.0])
    assert found["completions_index"] == pytest.approx([80.0, 120.0])
    assert found["housing_completed_index"] == pytest.approx([100.0, 100.0])


def test_a_run_without_2016_has_no_index():
    scenario = short_scenario("start=2017-01")
    found = measure(empty_pair(scenario), scenario, dated_inputs(scenario))
    assert np.isnan(found["completions_index"]).all()
    assert found["housing_completed_index"] == pytest.approx([100 * 412.1 / 491.6] * 2)


def test_heads_by_nationality_and_paper():
    pair = empty_pair(SCENARIO)
    put(pair.baseline, "heads_employed", 10.0, NORTH_KOREAN, FINISHING)
    put(pair.policy, "heads_employed", 4.0, NORTH_KOREAN, FINISHING)
    put(pair.policy, "heads_employed_by_paper", 3.0, NORTH_KOREAN, 1)
    put(pair.policy, "heads_employed_by_paper", 1.0, NORTH_KOREAN, 2)
    found = measured(pair)
    assert found["north_korean_heads"] == pytest.approx([8.0, 8.0])
    assert found["north_korean_gone_heads"] == pytest.approx([12.0, 12.0])
    assert found["north_korean_heads_work"] == pytest.approx([6.0, 6.0])
    assert found["north_korean_heads_student"] == pytest.approx([2.0, 2.0])


def test_papers_add_up_to_heads_and_nothing_differs_before_the_fork():
    """A simulated replicate: four papers make the heads; until the fork every effect is 0."""
    scenario = make_scenario("market.scale=0.02", "policy.compliance=0.5")
    pair = run_paired(scenario, 0)
    found = measure(pair, scenario, dated_inputs(scenario))
    papers = sum(
        found[f"north_korean_heads_{paper}"] for paper in ("none", "work", "student", "tourist")
    )
    np.testing.assert_allclose(papers, found["north_korean_heads"])
    before = slice(0, pair.fork_month)
    for name in (
        "shortfall_workers",
        "remaining_gap_workers",
        "naive_loss_workers",
        "delay_months",
        "dprk_revenue_lost_usd",
    ):
        assert (found[name][before] == 0.0).all(), name


def test_without_a_policy_every_effect_is_zero():
    scenario = make_scenario("policy=none", "market.scale=0.02", "months=12")
    found = measure(run_paired(scenario, 0), scenario, dated_inputs(scenario))
    for name, known in measures_of(scenario).items():
        if "percent_of_baseline" in name:
            assert found[name] == pytest.approx(100.0), name
        elif "against its baseline" in known.note:
            assert found[name] == pytest.approx(0.0), name


def test_measures_are_a_table_of_patterns():
    assert "{group}_heads" in MEASURES
