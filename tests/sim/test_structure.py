"""Rules that compete: which alternatives there are, and which one a scenario has in force."""

import dataclasses

import pytest

from experiments.configuration.completion import candidates
from sim.inputs.dotted_keys import flatten
from sim.inputs.problems import ScenarioError
from sim.inputs.scenario_reader import build_scenario
from sim.opening import structure_record
from sim.structure import rules, structure_text
from sim.structure_keys import is_read, not_sampled_notes
from sim.without_effect import keys_without_effect
from tests.support.shipped_scenarios import make_raw, make_scenario

DEFAULT = make_scenario()


def test_the_shipped_structure_is_the_first_alternative_of_every_rule() -> None:
    shipped = {rule: next(iter(alternatives)).key for rule, alternatives in rules().items()}
    assert flatten(DEFAULT.structure) == shipped
    assert structure_text(shipped).startswith(
        "Computed under the shipped rules (evasion: constant; "
    )


@pytest.mark.parametrize("rule", rules())
def test_an_unknown_alternative_is_refused_with_those_that_exist(rule: str) -> None:
    known = [alternative.key for alternative in rules()[rule]]
    with pytest.raises(ScenarioError) as caught:
        build_scenario(make_raw({f"structure.{rule}": f"{known[-1]}x"}))
    (line,) = caught.value.problems
    assert line == (
        f"structure.{rule}: given '{known[-1]}x'; allowed: {', '.join(known)}; "
        f"the closest is {known[-1]}"
    )


@pytest.mark.parametrize("rule", rules())
def test_the_shell_completes_every_alternative(rule: str) -> None:
    offered = candidates(f"primorye run structure.{rule}=", [])
    assert offered == sorted(f"structure.{rule}={each.key}" for each in rules()[rule])


def test_kernels_read_the_number_of_the_alternative() -> None:
    for rule, alternatives in rules().items():
        for alternative in alternatives:
            chosen = dataclasses.replace(DEFAULT.structure, **{rule: alternative.key})
            assert structure_record(chosen)[rule].item() == alternative


def test_a_number_that_only_a_rival_reads_is_said_to_have_no_effect_without_it() -> None:
    key = "population.north_korean.last_minute_share"
    unread = {each.key: each.reason for each in keys_without_effect(DEFAULT)}
    assert unread[key] == "only structure.evasion=deadline reads it"
    under_it = make_scenario("structure.evasion=deadline")
    assert key not in {each.key for each in keys_without_effect(under_it)}


def test_what_only_the_shipped_rule_reads_has_no_effect_under_its_rival() -> None:
    key = "population.north_korean.dispatch_rate_per_month"
    assert is_read(key, DEFAULT.structure)
    assert not is_read(key, make_scenario("structure.evasion=replacement").structure)


def test_numbers_of_rivals_in_force_are_said_not_to_be_sampled() -> None:
    assert not_sampled_notes(DEFAULT) == []
    (note,) = not_sampled_notes(make_scenario("structure.migrant_entry=networks"))
    assert "population.chinese.network_elasticity 0.6" in note


def test_the_report_says_which_rules_rival_the_shipped_ones() -> None:
    chosen = flatten(make_scenario("structure.separations=last_in_first_out").structure)
    assert structure_text(chosen) == (
        "Computed under rules that rival the shipped ones: separations by last in first out "
        "(those hired last are laid off first); the other rules are the shipped ones."
    )
