"""Keys may be given by the shortest name that tells them apart."""

import datetime as dt

import pytest

from experiments.configuration.settings import load_settings
from experiments.configuration.short_keys import overrides_of
from sim.inputs.problems import ScenarioError


def test_the_end_of_a_key_stands_for_it() -> None:
    given = {"compliance": 0.6, "scale": 0.1, "firms__number": 90, "replicates": 20}
    assert overrides_of(given) == [
        "policy.compliance=0.6",
        "market.scale=0.1",
        "market.firms.number=90",
        "replicates=20",
    ]


def test_values_are_read_back_as_they_were_given() -> None:
    given = {
        "leave_by": dt.date(2019, 6, 30),
        "transport_per_month": None,
        "held_at_start": True,
        "held": ["population.russian.pool"],
        "levers": "training",
    }
    scenario = load_settings(overrides_of(given)).scenario
    assert scenario.policy.leave_by == dt.date(2019, 6, 30)
    assert scenario.policy.transport_per_month is None
    assert scenario.market.inputs.held_at_start
    assert scenario.levers.training.places_per_month > 0


def test_every_unknown_or_ambiguous_name_is_told_with_what_to_choose() -> None:
    with pytest.raises(ScenarioError) as refused:
        overrides_of({"complience": 1, "efficiency": 2.0})
    unknown, ambiguous = refused.value.problems
    assert "policy.compliance" in unknown
    assert "population.north_korean.efficiency" in ambiguous
    assert "population.chinese.efficiency" in ambiguous


def test_a_key_of_another_population_passes_to_the_checks() -> None:
    given = {"market": "german_border_1991", "population.german.pool": 5}
    assert overrides_of(given)[-1] == "population.german.pool=5"
