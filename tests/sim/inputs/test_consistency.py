"""A checked scenario agrees with itself, and the checks see the same values as when it was read."""

import dataclasses

from sim.inputs.consistency import contradictions, values_of
from sim.inputs.dotted_keys import replace_at
from sim.inputs.scenario_reader import Reader
from sim.scenario import Scenario
from tests.support.shipped_scenarios import make_raw, make_scenario


def test_a_scenario_has_the_values_that_its_reader_found() -> None:
    raw = make_raw()
    reader = Reader(Scenario)
    assert values_of(reader.record(Scenario, "", raw)) == reader.values


def test_contradictions_are_found_in_a_scenario_as_in_a_file() -> None:
    scenario = make_scenario()
    assert contradictions(values_of(scenario)) == []
    shares = scenario.population["russian"].trade_shares
    wrong = replace_at(scenario, "population.russian.trade_shares.technical", 0.9)
    (problem,) = contradictions(values_of(wrong))
    assert problem.startswith("population.russian.trade_shares: ")
    assert dataclasses.asdict(scenario)["population"]["russian"]["trade_shares"] == shares
