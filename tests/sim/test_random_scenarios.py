"""Scenarios drawn at random within the priors run for a year and keep every identity.

A nationality is added by configuration alone.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sim.branches import POLICY
from sim.identities import run_checked
from sim.inputs.dated_inputs import parameters
from sim.inputs.problems import ScenarioError
from sim.inputs.scenario_reader import build_scenario
from sim.model import LabourMarket
from sim.paired import run_paired
from sim.scenario import Scenario, numbers_of_levers
from tests.support.panel_reading import by_group_trade, group_heads
from tests.support.shipped_scenarios import descend, make_raw, make_scenario

EXAMPLES = int(os.environ.get("RANDOM_SCENARIOS", "40"))
"""How many scenarios are drawn; tests/sim/test_checked.py asks for more."""
DATES: dict[str, Any] = {
    "start": "2017-09-01",
    "months": 12,
    "market.scale": 0.005,
    "policy.new_contracts_end_from": "2017-09-11",
    "policy.adopted_from": "2017-12-22",
    "policy.leave_by": "2018-05-20",
    **{
        f"levers.{lever}.from_date": "2017-11-01"
        for lever, numbers in numbers_of_levers().items()
        if numbers
    },
    "levers.chinese_quota.heads": 9000,
}
PRIORS = {
    key: entry.prior
    for key, entry in parameters().items()
    if entry.prior is not None
    and entry.prior[0] < entry.prior[1]
    and not key.startswith("population.central_asian.")
}
CENTRAL_ASIAN = (
    "+population.central_asian={kind:temporary_migrant,tied_heads:500,free_heads_at_start:2000,candidates:8000,quota_heads:null,efficiency:1.2,"
    "trade_shares:{structural:0.5,finishing:0.5},pay_ratio_resident_to_migrant:1.4,stay_months:11,home_pay:construction_pay_china,"
    "home_currency_per_usd:cny_per_usd,moving_cost_share:0.1,income_tax_share:0.13,permit_fee_rub_per_month:3000,choice_noise:0.3,reconsider_rate_per_month:0.1,"
    "recruits_per_vacancy_per_month:0.2,recruitment_lag_months:6,network_elasticity:0.6,quota_step_share:0.15}"
)


def within(key: str) -> st.SearchStrategy[float]:
    """Values of a key within its prior, whole where the configuration has a whole number."""
    low, high = PRIORS[key]
    section, last = descend(make_raw(), key)
    if isinstance(section[last], int) and not isinstance(section[last], bool):
        return st.integers(int(low), int(high))
    return st.floats(low, high)


NOT_SAMPLED = {
    "levers.chinese_quota.heads": "has no value in the shipped configuration; set above",
}
SCENARIOS = st.fixed_dictionaries(
    {}, optional={key: within(key) for key in sorted(set(PRIORS) - set(NOT_SAMPLED))}
)


def built(changes: dict[str, Any]) -> Scenario:
    """The scenario with these changes; combinations that the checks refuse are drawn again."""
    try:
        return build_scenario(make_raw(DATES | changes))
    except ScenarioError:
        assume(False)
        raise


@settings(
    max_examples=EXAMPLES, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(SCENARIOS, st.integers(0, 1000))
def test_any_valid_scenario_adds_up(changes: dict[str, Any], replicate: int) -> None:
    scenario = built(changes)
    model = LabourMarket(scenario, replicate, branch=POLICY)
    assert run_checked(model, scenario.months) == []
    assert np.isfinite(model.panel.market).all()


def test_a_fourth_nationality_comes_by_configuration_alone() -> None:
    scenario = make_scenario("market.scale=0.02", "months=60", CENTRAL_ASIAN)
    assert list(scenario.population)[-1] == "central_asian"
    runs = run_paired(scenario, 0)
    heads = group_heads(runs.policy, scenario, "central_asian")
    assert heads.shape == (60,)
    assert heads.min() >= 10
    assert by_group_trade(runs.baseline, "hires")[:, 3].sum() > 0


def test_a_fourth_nationality_adds_up() -> None:
    scenario = make_scenario("market.scale=0.02", "months=36", CENTRAL_ASIAN)
    assert run_checked(LabourMarket(scenario, branch=POLICY), 36) == []
