"""Rivals of the shipped rules: engine and reference agree, each is heard, all adds up."""

import numpy as np
import pytest

from sim.branches import POLICY
from sim.identities import run_checked
from sim.model import LabourMarket
from sim.structure import rules
from tests.reference.compare import compare_runs
from tests.reference.scenarios import EVASION
from tests.support.shipped_scenarios import make_scenario

TINY = ("market.scale=0.004", "months=30")
RIVALS = [f"structure.{rule}={rival.key}" for rule in rules() for rival in list(rules()[rule])[1:]]
ONE_OF_EACH = tuple(f"structure.{rule}={list(rules()[rule])[1].key}" for rule in rules())
OTHERS = tuple(f"structure.{rule}={list(rules()[rule])[-1].key}" for rule in rules())
BEFORE_THE_POLICY = 20


def policy_branch(*overrides: str) -> LabourMarket:
    """The policy branch as the policy begins."""
    baseline = LabourMarket(make_scenario(*TINY, *EVASION, *overrides))
    baseline.run_to(BEFORE_THE_POLICY)
    return baseline.fork(POLICY)


def output(*overrides: str) -> np.ndarray:
    """Every measure of the market by month, in the policy branch."""
    market = policy_branch(*overrides)
    market.run_to_end()
    return market.panel.market


@pytest.fixture(scope="module")
def shipped_output() -> np.ndarray:
    return output()


# At the defaults hardly any candidate finds that coming pays, whatever else brings migrants.
@pytest.mark.parametrize("rival", [each for each in RIVALS if "migrant_entry" not in each])
def test_a_rival_changes_what_the_market_does(rival: str, shipped_output: np.ndarray) -> None:
    assert np.nanmax(np.abs(output(rival) - shipped_output)) > 0.0


def test_one_rival_of_each_rule_at_once_agrees_with_the_reference() -> None:
    compare_runs(make_scenario(*TINY, *EVASION, *ONE_OF_EACH))


@pytest.mark.parametrize("rivals", [ONE_OF_EACH, OTHERS])
def test_every_month_adds_up_under_rivals(rivals: tuple[str, ...]) -> None:
    assert run_checked(policy_branch(*rivals), 30) == []


@pytest.mark.slow
@pytest.mark.parametrize("rival", [*RIVALS, "structure.wages=scarcity"])
def test_every_rival_agrees_with_the_reference(rival: str) -> None:
    compare_runs(make_scenario("market.scale=0.01", *EVASION, rival))


def test_all_branches_and_rules_see_the_same_shocks_and_another_replicate_others() -> None:
    shaken = "structure.demand_path=shocks"
    orders, of_policy, under_rivals, of_another = (
        LabourMarket(scenario, replicate).state.dated["order_index"]
        for scenario, replicate in (
            (make_scenario(*TINY, shaken, "policy=none"), 0),
            (make_scenario(*TINY, shaken), 0),
            (make_scenario(*TINY, shaken, "structure.wages=two_way"), 0),
            (make_scenario(*TINY, shaken), 1),
        )
    )
    assert (orders == of_policy).all()
    assert (orders == under_rivals).all()
    assert (orders != of_another).any()
    assert set(orders[:24]) == {1.0}


@pytest.mark.slow
def test_aggregate_demand_has_the_spread_and_the_memory_that_are_set() -> None:
    calm_seasons = "market.demand.season_amplitude=0"
    scenario = make_scenario(
        "market.scale=0.0005", "months=126", "structure.demand_path=shocks", calm_seasons
    )
    logs = np.log(
        [LabourMarket(scenario, replicate).state.dated["order_index"] for replicate in range(200)]
    )
    assert np.std(logs[:, -1]) == pytest.approx(0.2, rel=0.15)
    late = logs[:, -60:]
    assert np.sum(late[:, 1:] * late[:, :-1]) / np.sum(late[:, :-1] ** 2) == pytest.approx(
        0.95, abs=0.02
    )
