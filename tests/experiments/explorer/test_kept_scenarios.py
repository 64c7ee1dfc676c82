"""Kept scenarios are compared on the same draws; idle controls and imported files."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from experiments.configuration.settings import ConfigError, load_settings
from experiments.ensembles.uncertainty import sampled_scenarios
from experiments.explorer.address import (
    ExplorerScenario,
    explorer_scenario,
    from_query,
    settings_of,
    to_query,
)
from experiments.explorer.control_help import explanation, idle_reasons, policy_help
from experiments.explorer.controls import CONTROLS, LEVERS_FROM, POLICIES
from experiments.explorer.explorer_ensembles import Ensemble, new_ensemble
from experiments.explorer.imported_scenario import scenario_of_yaml
from experiments.explorer.kept_scenarios import (
    LONGEST_NAME,
    MOST_KEPT,
    KeptScenario,
    kept_from_pin,
    pin_of,
    simulated_like,
    with_kept,
)
from experiments.explorer.page_state import as_config
from experiments.explorer.paired_differences import (
    UnpairedError,
    check_paired,
    difference_summary,
)
from experiments.explorer.services import SimulatedScenario, differences
from experiments.explorer.simulation_jobs import SimulationState
from experiments.results.result_folder import load_result
from sim.inputs.dated_inputs import dated_inputs
from sim.measures.monthly import measure
from sim.paired import run_paired


def test_a_name_is_kept_once_and_the_oldest_makes_room():
    kept = []
    for number in range(MOST_KEPT + 2):
        kept = with_kept(kept, f"scenario {number}", "policy=none")
    kept = with_kept(kept, "scenario 5", "policy=cliff")
    assert len(kept) == MOST_KEPT
    assert kept[-1] == KeptScenario("scenario 5", "policy=cliff")
    assert kept[0].name == "scenario 2"


def test_a_pin_opens_what_it_was_made_from_whatever_the_name():
    for name in ("<b>&=%;", "\u043a\u0440\u0430\u0439 2020", "x" * LONGEST_NAME):
        kept = KeptScenario(name, "policy=cliff&policy.compliance=0.5")
        assert kept_from_pin(pin_of(kept)) == kept


def test_kept_scenarios_take_draws_and_replicates_of_the_one_that_is_shown():
    shown = from_query("uncertainty=none&replicates=40")
    query = simulated_like(KeptScenario("a", "policy=cliff&replicates=100"), shown)
    assert from_query(query) == ExplorerScenario("cliff", uncertainty="none", replicates=40)


def ensemble(query, uncertainty="posterior", replicates=4, values=None):
    """A whole ensemble with made-up values."""
    settings = settings_of(from_query(query))
    sampled = sampled_scenarios(settings.resolved, uncertainty, replicates, settings.scenario.seed)
    made = new_ensemble(0.1, replicates, settings.scenario, sampled)
    rows = values if values is not None else np.zeros((replicates, settings.scenario.months))
    made.done = {number: {"shortfall_workers": rows[number]} for number in range(replicates)}
    return made


def test_scenarios_with_the_same_draws_are_paired_and_others_are_named():
    letter = ensemble("policy=un2397")
    check_paired(letter, ensemble("policy=cliff&policy.compliance=0.5"))
    check_paired(letter, ensemble("population.north_korean.efficiency=1.2"))
    with pytest.raises(UnpairedError, match="seed differs"):
        check_paired(letter, ensemble("seed=2"))
    with pytest.raises(UnpairedError, match="number of replicates differs"):
        check_paired(letter, ensemble("policy=cliff", replicates=2))
    with pytest.raises(UnpairedError, match="draws differ"):
        check_paired(letter, ensemble("policy=cliff", uncertainty="none"))
    shuffled = dataclasses.replace(letter, sampled=letter.sampled[::-1])
    with pytest.raises(UnpairedError, match="draws differ"):
        check_paired(letter, shuffled)


def test_a_difference_is_taken_replicate_by_replicate(finished):
    like = load_result(finished).summary
    generator = np.random.default_rng(1)
    months = len(like["measures"]["shortfall_workers"]["by_month"])
    base = 1000.0 * generator.normal(size=(4, 1)) + np.zeros((4, months))
    own, other = (made_up(base + more) for more in (7.0, 0.0))
    found = difference_summary(like, own, other, "Letter")["measures"]["shortfall_workers"]
    assert set(map(tuple, found["by_month"].values())) == {(7.0, 7.0, 7.0)}
    assert found["label"].endswith("difference from Letter")
    state = SimulationState(like, True, 4, 4, None, True, {1.0: own})
    alike = SimulationState(like, True, 4, 4, None, True, {1.0: other})
    every = [SimulatedScenario("Mine", "", state), SimulatedScenario("Letter", "", alike)]
    assert [each.name for each in differences(every, "Letter").results] == ["Mine"]
    assert "move a slider" in differences(every[1:], "Letter").problem


def made_up(rows):
    """A whole ensemble of one measure, without uncertainty."""
    made = Ensemble(1.0, len(rows), settings_of(ExplorerScenario()).scenario)
    made.done = {number: {"shortfall_workers": row} for number, row in enumerate(rows)}
    return made


IDLE = {
    "policy.compliance": 0.35,
    "policy.inspection_rate": 0.4,
    "policy.retained_workers": 4000,
    "levers.employer_fine.rub": 400_000,
}
"""Another value of every slider that may be idle."""


@pytest.mark.parametrize("query", ["policy=none", "policy=blind_eye", "policy=cliff"])
def test_a_control_that_is_called_idle_changes_nothing(query):
    before = from_query(query)
    reasons = idle_reasons(before)
    assert reasons
    for key in reasons.keys() & IDLE.keys():
        after = explorer_scenario(before.policy, {**before.values, key: IDLE[key]})
        first, second = simulated(before), simulated(after)
        assert all(np.array_equal(first[name], second[name], equal_nan=True) for name in first)


def simulated(scenario):
    """Measures of one replicate at a small scale."""
    small = settings_of(scenario, scale=0.02).scenario
    return measure(run_paired(small, 0), small, dated_inputs(small))


def test_every_control_says_what_it_is_in_which_unit_range_and_from_where():
    for control in (*CONTROLS, LEVERS_FROM):
        text = explanation(control)
        assert control is LEVERS_FROM or all(word in text for word in ("Allowed: ", "Not set: "))
        assert control is LEVERS_FROM or "Source: " in text or "Assumption: " in text
    assert all(word in policy_help() for word in ("Letter of the resolution", "A blind eye"))


@pytest.mark.parametrize(
    "query",
    [
        *(f"policy={policy}" for policy in POLICIES),
        "policy.compliance=0.5&levers.training.places_per_month=100&levers_from=2018-06",
        "population.north_korean.heads=10200&market.hiring.reach_share=0.2",
        "policy=observed&seed=4&policy.transport_per_month=null&replicates=40&uncertainty=none",
        "levers.border_closed.from_date=2018-03&policy.leave_by=2019-05",
    ],
)
def test_an_exported_scenario_is_imported_as_it_was(query):
    scenario = from_query(query)
    assert scenario_of_yaml(as_config(settings_of(scenario).resolved)) == scenario


def test_the_configuration_of_a_command_is_imported_and_simulates_the_same():
    settings = load_settings(["policy=cliff", "policy.compliance=0.5", "replicates=100"])
    made = settings_of(scenario_of_yaml(as_config(settings.resolved)))
    assert (made.scenario, made.replicates) == (settings.scenario, settings.replicates)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("market: {scale: 2}", "market.scale: given 2; allowed: 1.0 in the explorer; simulate it"),
        ("months: 24", "months: given 24"),
        ("policy: {complience: 1}", "the closest existing key is policy.compliance"),
        ("policy: {name: mine}", "policy.name: given 'mine'"),
        ("policy: {leave_by: 2019-05-17}", "policy.leave_by: given '2019-05-17'"),
        ("held: [population.russian.pool]", "held: given 'population.russian.pool'"),
        ("seed: ${oc.env:HOME}", "plain values in a saved configuration"),
        ("replicates: 7", "allowed: one of 20, 40, 100"),
        ("- 1", "no keys with values"),
        ("a: [", "not YAML"),
    ],
)
def test_what_the_explorer_cannot_simulate_is_refused_by_name(text, message):
    with pytest.raises(ConfigError) as caught:
        scenario_of_yaml(text)
    assert message in str(caught.value)


def test_a_part_of_a_configuration_is_enough():
    assert scenario_of_yaml("policy: cliff") == ExplorerScenario("cliff")
    assert to_query(scenario_of_yaml("policy: {compliance: 0.4}")).endswith("compliance=0.4")
