"""Forks that cannot go on from the arrays of their origin are refused, with every reason.

Once 84 months were written into the memory of 48, and a misspelt branch was a policy branch.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from sim.branches import BASELINE, BRANCHES, POLICY, POLICY_AT_BASELINE_WAGES, Lineage, written
from sim.inputs.dotted_keys import flatten, replace_at
from sim.model import LabourMarket
from sim.paired import run_family
from sim.scenario import Scenario
from tests.support.shipped_scenarios import make_scenario

SMALL = ("market.scale=0.005", "months=30")


def market_at(month: int, *overrides: str, **more: Any) -> LabourMarket:
    """A straight run at the start of a month."""
    market = LabourMarket(make_scenario(*SMALL, *overrides), **more)
    market.run_to(month)
    return market


def altered(scenario: Scenario, key: str) -> Scenario:
    """The scenario with another value at a key."""
    value = flatten(scenario)[key]
    if isinstance(value, str):
        value = value + "_2"
    elif isinstance(value, tuple):
        value = (*value, "roofing")
    elif isinstance(value, bool):
        value = not value
    elif isinstance(value, int | float):
        value = value + 1
    else:
        value = scenario.start.replace(year=2031)
    return replace_at(scenario, key, value)


def assert_refused(market: LabourMarket, branch: str, scenario: Scenario, *lines: str) -> None:
    """The fork is refused for these reasons and no other; the model is as it was."""
    before = market.state.workers.tobytes()
    with pytest.raises(ValueError, match="this fork cannot be made") as caught:
        market.fork(branch, scenario)
    assert str(caught.value).split("\n")[1:] == [f"  - {line}" for line in lines]
    assert market.state.workers.tobytes() == before


def test_sixty_months_were_written_into_the_memory_of_twenty_four() -> None:
    base = LabourMarket(make_scenario("market.scale=0.005", "months=24"))
    base.run_to(3)
    longer = make_scenario("market.scale=0.005", "months=60")
    for branch in BRANCHES:
        assert_refused(base, branch, longer, "months: 24 here, 60 given")


@pytest.mark.parametrize(
    "key",
    [
        key
        for key in flatten(make_scenario(*SMALL))
        if key.split(".")[0] not in ("policy", "levers")
    ],
)
def test_every_key_that_history_depends_on_must_be_the_same(key: str) -> None:
    market = market_at(-23)
    other = altered(market.specification, key)
    ours, theirs = (flatten(each)[key] for each in (market.specification, other))
    with pytest.raises(ValueError, match="this fork cannot be made") as caught:
        market.fork(POLICY, other)
    _, line = str(caught.value).split("\n")
    assert line.startswith(f"  - {key}: ")
    assert line.endswith(f": {written(ours)} here, {written(theirs)} given")


def test_all_differences_are_named_at_once() -> None:
    market = market_at(0)
    other = make_scenario("market.scale=0.01", "months=24", "seed=7", "policy=cliff")
    other = dataclasses.replace(
        other,
        population={**other.population, "kazakh": other.population["russian"]},
    )
    with pytest.raises(ValueError, match="this fork cannot be made") as caught:
        market.fork(POLICY, other)
    lines = [line.removeprefix("  - ") for line in str(caught.value).split("\n")[1:]]
    assert lines[0] == "market.scale: 0.005 here, 0.01 given"
    assert lines[1:3] == ["seed: 1 here, 7 given", "months: 30 here, 24 given"]
    assert "population.kazakh.kind: no such key here, 'resident' given" in lines
    assert len(lines) == 3 + len(flatten(other.population["kazakh"]))
    assert not any(line.startswith(("policy.", "levers.")) for line in lines)


@pytest.mark.parametrize(
    ("given", "closest"),
    [("polcy", POLICY), ("basline", BASELINE), ("policy_at_base_wages", POLICY_AT_BASELINE_WAGES)],
)
def test_a_misspelt_branch_was_a_policy_branch(given: str, closest: str) -> None:
    expected = f"branch: given '{given}'; allowed: {', '.join(BRANCHES)}; the closest is {closest}"
    with pytest.raises(ValueError, match=expected):
        market_at(0).fork(given)
    with pytest.raises(ValueError, match=expected):
        LabourMarket(make_scenario(*SMALL), branch=given)


def test_what_is_no_scenario_is_refused() -> None:
    market = market_at(0)
    with pytest.raises(ValueError, match=r"scenario: a Scenario is needed, given {'months': 12}"):
        market.fork(POLICY, {"months": 12})  # type: ignore[arg-type]


def test_another_replicate_is_refused() -> None:
    market = market_at(0)
    with pytest.raises(ValueError, match="replicate: 0 here, 1 given"):
        LabourMarket(market.specification, 1, branch=POLICY, lineage=Lineage(market, market))


def test_a_branch_at_baseline_wages_without_a_baseline_ran_as_a_policy_branch() -> None:
    with pytest.raises(ValueError, match="build and run a baseline first"):
        LabourMarket(make_scenario(*SMALL), branch=POLICY_AT_BASELINE_WAGES)


def test_a_baseline_of_another_history_is_refused() -> None:
    market = market_at(21)
    scenario = market.specification
    for baseline, line in (
        (market_at(21, replicate=1), "baseline: replicate: 0 here, 1 given"),
        (market_at(21, "seed=9"), f"baseline: seed: {scenario.seed} here, 9 given"),
        (market.fork(POLICY), "baseline: given a policy branch; it posts the wages of a baseline"),
        (7, "baseline: given 7; it posts"),
    ):
        with pytest.raises(ValueError, match=line):
            market.fork(POLICY_AT_BASELINE_WAGES, scenario, baseline)  # type: ignore[arg-type]


def test_a_baseline_under_another_policy_posts_the_same_wages() -> None:
    market, other = market_at(30, "policy=cliff"), market_at(21)
    branches = [other.fork(POLICY_AT_BASELINE_WAGES, baseline=market)]
    other.run_to(30)
    branches.append(market_at(21).fork(POLICY_AT_BASELINE_WAGES, baseline=other))
    for each in branches:
        each.run_to_end()
    assert branches[0].state.workers.tobytes() == branches[1].state.workers.tobytes()
    assert np.array_equal(market.state.cells["log_wage"], branches[0].state.cells["log_wage"])


def test_a_fork_of_a_branch_at_baseline_wages_posts_them_too() -> None:
    baseline = market_at(21)
    first = baseline.fork(POLICY_AT_BASELINE_WAGES)
    baseline.run_to_end()
    first.run_to(24)
    second = first.fork(POLICY_AT_BASELINE_WAGES)
    for each in (first, second):
        each.run_to_end()
    assert second.posts_wages_of is baseline
    assert first.state.workers.tobytes() == second.state.workers.tobytes()


def test_a_policy_branch_at_baseline_wages_needs_the_baseline_named() -> None:
    baseline = market_at(21)
    policy = baseline.fork(POLICY)
    baseline.run_to_end()
    with pytest.raises(ValueError, match="given a policy branch; it posts the wages of a baseline"):
        policy.fork(POLICY_AT_BASELINE_WAGES)
    policy.fork(POLICY_AT_BASELINE_WAGES, baseline=baseline).run_to_end()


def test_a_fork_of_the_baseline_knows_the_wages_of_its_origin() -> None:
    baseline = market_at(21)
    snapshot = baseline.fork(BASELINE)
    snapshot.run_to_end()
    baseline.run_to_end()
    assert snapshot.log_wages.keys() == baseline.log_wages.keys()
    for month in range(-24, 30):
        assert np.array_equal(snapshot.wages_posted_in(month), baseline.wages_posted_in(month))


def test_a_branch_at_baseline_wages_may_fork_within_the_burn_in() -> None:
    baseline = market_at(-20, "policy=none")
    branch = baseline.fork(POLICY_AT_BASELINE_WAGES)
    baseline.run_to_end()
    branch.run_to_end()
    assert branch.state.workers.tobytes() == baseline.state.workers.tobytes()
    assert branch.state.cells.tobytes() == baseline.state.cells.tobytes()


@pytest.mark.parametrize("branch", [POLICY, POLICY_AT_BASELINE_WAGES])
def test_what_may_differ_works(branch: str) -> None:
    baseline = market_at(18)
    other = make_scenario(*SMALL, "policy=cliff", "levers=training", "policy.compliance=0.4")
    straight = LabourMarket(other, branch=POLICY)
    fork = baseline.fork(branch, other)
    baseline.run_to_end()
    for each in (fork, straight):
        each.run_to_end()
    if branch == POLICY:
        assert fork.state.workers.tobytes() == straight.state.workers.tobytes()
    else:
        assert fork.state.cells["log_wage"].tobytes() == baseline.state.cells["log_wage"].tobytes()
    assert fork.specification is other
    assert fork.state.workers.tobytes() != baseline.state.workers.tobytes()


def test_a_policy_whose_dates_have_passed_comes_into_force_at_once() -> None:
    baseline = market_at(26, "policy=none")
    late = baseline.fork(POLICY, make_scenario(*SMALL, "policy=un2397"))
    assert [each.title for each in late.regulator.in_force] == [
        "enforcement begins",
        "no new contracts",
        "resolution adopted",
    ]
    assert late.in_force["expulsion"] == 1
    assert baseline.in_force["expulsion"] == 0


def test_a_policy_branch_goes_on_under_a_policy_that_decided_the_same_so_far() -> None:
    scenario = make_scenario(*SMALL, "policy=un2397")
    branch = market_at(22, "policy=un2397", branch=POLICY)
    later = replace_at(
        scenario, "policy.leave_by", scenario.policy.adopted_from.replace(month=2, year=2018)
    )
    fork = branch.fork(POLICY, later)
    assert [each.title for each in fork.regulator.in_force] == [
        each.title for each in branch.regulator.in_force
    ]
    straight = LabourMarket(later, branch=POLICY)
    for each in (fork, straight):
        each.run_to_end()
    assert fork.state.workers.tobytes() == straight.state.workers.tobytes()


def test_a_policy_branch_ignored_what_another_policy_had_decided_by_then() -> None:
    branch = market_at(25, "policy=un2397", branch=POLICY)
    other = make_scenario(*SMALL, "policy=un2397", "policy.compliance=0.25")
    with pytest.raises(ValueError, match="'enforcement begins' of month 21 is not the same here"):
        branch.fork(POLICY, other)
    with pytest.raises(ValueError, match="cannot become a baseline"):
        branch.fork(BASELINE)


def test_a_family_names_the_keys_in_which_its_scenarios_differ() -> None:
    first, second = (make_scenario(*SMALL, f"seed={seed}", "policy=none") for seed in (1, 2))
    with pytest.raises(ValueError, match="policy and levers only\n  - seed: 1 here, 2 given"):
        next(run_family([first, second], 0))


@pytest.mark.parametrize("name", ["specification", "state", "inputs", "branch", "replicate"])
def test_what_a_model_is_made_of_was_exchanged(name: str) -> None:
    market = market_at(-20)
    longer = LabourMarket(make_scenario("market.scale=0.005", "months=60"))
    with pytest.raises(
        AttributeError, match=f"{name}: what a model is made of cannot be exchanged"
    ):
        setattr(market, name, getattr(longer, name))
    with pytest.raises(AttributeError, match="cannot be exchanged"):
        setattr(market.fork(POLICY), name, getattr(longer, name))
    market.run_to(-18)


@pytest.mark.parametrize("month", [-1000, -25, 31, 500])
def test_a_month_outside_the_panel_was_written_elsewhere(month: int) -> None:
    market = market_at(-20)
    market.in_force["month"] = month
    for run in (market.step, market.run_to_end, lambda: market.fork(POLICY).step()):
        with pytest.raises(ValueError, match=f"month: {month} is not a month of this scenario"):
            run()


@pytest.mark.parametrize("replicate", [-1, 1.5, "3", True])
def test_a_replicate_that_is_no_whole_number_is_refused(replicate: Any) -> None:
    with pytest.raises(ValueError, match=r"replicate: given .*; allowed: a whole number from 0 on"):
        LabourMarket(make_scenario(*SMALL), replicate)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("population.north_korean.heads", -100_000),
        ("population.russian.reconsider_rate_per_month", float("nan")),
    ],
)
def test_a_scenario_made_by_hand_with_impossible_numbers_is_refused(key: str, value: float) -> None:
    scenario = replace_at(make_scenario(*SMALL), key, value)
    with pytest.raises(ValueError, match=f"{key.rsplit('.', 1)[0]}: .*build_scenario"):
        LabourMarket(scenario)


def test_a_scenario_made_by_hand_that_is_too_large_is_refused() -> None:
    scenario = dataclasses.replace(make_scenario(*SMALL), months=300)
    with pytest.raises(
        ValueError, match="months: given 324; allowed: a whole number from 1 to 150"
    ):
        LabourMarket(scenario)
