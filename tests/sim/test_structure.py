"""Rules that compete: which alternatives there are, and which one a scenario has in force."""

import dataclasses

import pytest

from experiments.configuration.completion import candidates
from sim.inputs.dotted_keys import flatten
from sim.inputs.problems import ScenarioError
from sim.inputs.scenario_reader import build_scenario
from sim.opening import structure_record
from sim.structure import rules, structure_text
from tests.support.shipped_scenarios import make_raw, make_scenario

DEFAULT = make_scenario()


def test_the_shipped_structure_is_the_first_alternative_of_every_rule() -> None:
    shipped = {rule: next(iter(alternatives)).key for rule, alternatives in rules().items()}
    assert flatten(DEFAULT.structure) == shipped
    assert structure_text(shipped).startswith("Computed under the shipped rules (evasion constant")


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
