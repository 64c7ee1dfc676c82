"""What is said to be without effect has none, and what has one is not said to be without."""

from __future__ import annotations

import pytest

from experiments.configuration.keys_without_effect import typed_keys
from experiments.configuration.settings import load_settings
from experiments.fuzzing.unread_keys import falsely_without_effect, unread_numbers
from sim.paired import run_paired
from sim.without_effect import keys_without_effect, sentences_about

SMALL = ("market.scale=0.004", "months=36", "uncertainty=none")
BRACERO = ("market=bracero_states_1964", "population=bracero_states_1964", "start=1963-01")
GERMAN = ("market=german_border_1991", "population=german_border_1991", "start=1990-01")
NO_CREW = "no group of kind contract_crew has workers"
CASES = {
    "the policy has no date": (["policy=none"], {"policy", "levers.training"}),
    "a year before the policy": (["months=12"], {"policy"}),
    "the deadline comes after the end": (["months=36"], {"policy.leave_by"}),
    "everybody complies": (["policy=un2397"], {"policy.quiet_renewal"}),
    "nobody is made to comply": (["policy=blind_eye"], {"policy.inspection_rate"}),
    "only a deadline": (["policy=cliff", "months=50"], {"policy.presigned",
                                                       "policy.permit_renewal"}),
    "a silent ban": (["policy.adopted_from=null", "policy.leave_by=null"], {"policy"}),
    "nobody is retained": ([], {"population.north_korean.construction_share"}),
    "a lever of no strength": (["levers.training.from_date=2017-01"], {"levers.training"}),
    "a lever after the end": (["levers=wage_subsidy", "months=12"], {"levers.wage_subsidy"}),
    "a lever that ends after the end": (["levers=training", "levers.training.to_date=2022-01"],
                                        {"levers.training.to_date"}),
    "a border closed before": (["levers=border_closed", "market.border_closed_from=2018-01",
                                "months=60"], {"levers.border_closed"}),
    "a border closed after the end": (["market.border_closed_from=2030-01"],
                                      {"market.border_closed_from"}),
    "no crew": (["~population.north_korean", "levers=employer_fine"],
                {"policy", "levers.employer_fine"}),
    "a crew of nobody": (["population.north_korean.heads=0"],
                         {"policy", "population.north_korean.efficiency"}),
    "no migrants": (["~population.chinese", "levers=chinese_quota"], {"levers.chinese_quota"}),
    "no candidates": (["population.chinese.candidates=0"],
                      {"population.chinese.moving_cost_share", "population.chinese.stay_months"}),
    "no migrants at all": (["population.chinese.candidates=0", "population.chinese.tied_heads=0"],
                           {"population.chinese.efficiency"}),
    "fines without inspections": (["levers=employer_fine", "policy.compliance=0"],
                                  {"levers.employer_fine"}),
    "another market's crews": ([*BRACERO, "policy=none"],
                               {"policy", "population.bracero.dispatch_rate_per_month"}),
    "commuters only": ([*GERMAN, "policy=none"], {"policy"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_key_without_effect_changes_no_number(name: str) -> None:
    overrides, named = CASES[name]
    scenario = load_settings([*SMALL, *overrides]).scenario
    assert named <= {unread.key for unread in keys_without_effect(scenario)}
    assert list(unread_numbers(scenario))
    assert list(falsely_without_effect(scenario, 0, run_paired(scenario, 0))) == []


def test_a_number_that_has_an_effect_is_noticed() -> None:
    scenario = load_settings([*SMALL, "policy=none"]).scenario
    other = load_settings([*SMALL, "policy=none", "market.wages.base_wage_rub=27000"]).scenario
    (first, *_) = falsely_without_effect(scenario, 0, run_paired(other, 0))
    assert first.startswith("baseline: ")


def said(*overrides: str) -> list[str]:
    """The sentences about keys that these overrides set or switch on."""
    return sentences_about(load_settings([*SMALL, *overrides]).scenario, typed_keys(overrides))


def test_only_what_was_set_or_switched_on_is_named() -> None:
    assert said() == []
    assert said("levers=training") == []
    assert said("policy=none") == []
    assert said("policy=none", "policy.compliance=0.5") == [
        "policy.compliance: has no effect, as the policy has no date"
    ]
    assert said("levers.training.cost_rub_per_place=1") == [
        "levers.training.cost_rub_per_place: has no effect, as the lever has no from_date"
    ]
    assert said("months=12") == [
        "policy: has no effect, as it binds in 2017-10, after the last month simulated (2016-12)"
    ]
    assert said("policy=cliff", "levers=chinese_quota", "~population.chinese") == [
        "policy: has no effect, as it binds in 2019-12, after the last month simulated (2018-12)",
        "levers.chinese_quota: has no effect, as no group of kind temporary_migrant has candidates",
    ]
