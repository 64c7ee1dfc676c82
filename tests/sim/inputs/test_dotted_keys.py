"""Dotted keys reach every value of nested mappings and dataclasses, and nothing else."""

import copy
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.inputs.dotted_keys import (
    all_keys,
    annotations_of,
    declared_keys,
    flatten,
    replace_at,
    value_at,
)
from sim.scenario import Market, Scenario
from tests.support.shipped_scenarios import make_raw, make_scenario

NAMES = st.text("abcdefgh_", min_size=1, max_size=4)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.integers()))
TREES = st.dictionaries(
    NAMES,
    st.recursive(
        LEAVES, lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3), max_leaves=8
    ),
    max_size=4,
)
NESTED = {"policy": {"name": "cliff", "dates": [1, 2]}, "seed": 7, "levers": {}}


def test_flatten_lists_leaves_in_order() -> None:
    assert list(flatten(NESTED).items()) == [
        ("policy.name", "cliff"),
        ("policy.dates", [1, 2]),
        ("seed", 7),
    ]
    assert flatten({"scale": 0.1}, "market.") == {"market.scale": 0.1}


def test_all_keys_list_sections_before_what_they_hold() -> None:
    assert all_keys(NESTED) == ["policy", "policy.name", "policy.dates", "seed", "levers"]
    assert all_keys({"scale": 0.1}, "market.") == ["market.scale"]


def test_mapping_and_dataclass_have_the_same_keys() -> None:
    scenario = make_scenario()
    assert flatten(scenario).keys() == flatten(dataclasses.asdict(scenario)).keys()
    assert set(all_keys(scenario)) == set(all_keys(dataclasses.asdict(scenario)))
    assert {key.split(".")[0] for key in flatten(scenario)} == set(make_raw())


def test_value_at_walks_dataclasses_and_the_mappings_within_them() -> None:
    scenario = make_scenario()
    group = scenario.population["russian"]
    assert value_at(scenario, "policy.compliance") == scenario.policy.compliance
    assert value_at(scenario, "population.russian") is group
    key = "population.russian.trade_shares.technical"
    assert value_at(scenario, key) == group.trade_shares["technical"]
    assert value_at(scenario, "") is scenario


@pytest.mark.parametrize(
    "key", ["absent", "policy.absent", "policy.name.upper", "seed.real", "policy.dates.0", "."]
)
def test_a_key_that_does_not_exist_is_an_error_unless_a_default_is_given(key: str) -> None:
    with pytest.raises(KeyError):
        value_at(NESTED, key)
    with pytest.raises(KeyError):
        replace_at(NESTED, key, 1)
    assert value_at(NESTED, key, None) is None


def test_methods_and_class_attributes_are_no_values() -> None:
    scenario = make_scenario()
    for key in ("policy.__doc__", "population.keys", "__dataclass_fields__"):
        with pytest.raises(KeyError):
            value_at(scenario, key)
    with pytest.raises(KeyError):
        value_at(Scenario, "policy")


def test_replace_at_copies_a_scenario() -> None:
    scenario = make_scenario()
    changed = replace_at(scenario, "population.russian.pool", 5)
    assert changed.population["russian"].pool == 5
    assert flatten(changed) == {**flatten(scenario), "population.russian.pool": 5}
    assert scenario.population["russian"].pool != 5
    assert changed.market is scenario.market


@given(TREES)
def test_every_leaf_is_found_and_replaced_by_its_own_key(tree: dict) -> None:
    untouched = copy.deepcopy(tree)
    leaves = flatten(tree)
    for key, value in leaves.items():
        assert value_at(tree, key) is value
        assert flatten(replace_at(tree, key, "new")) == {**leaves, key: "new"}
    assert tree == untouched
    assert leaves.keys() <= set(all_keys(tree))


def test_declared_keys_are_those_of_the_classes_alone() -> None:
    keys = declared_keys(Scenario)
    assert {"market", "market.wages.base_wage_rub", "population", "levers.training"} <= set(keys)
    assert not any(key.startswith("population.") for key in keys)
    assert declared_keys(Market, "market.") == tuple(
        key for key in keys if key.startswith("market.")
    )
    assert annotations_of(Scenario) is annotations_of(Scenario)
