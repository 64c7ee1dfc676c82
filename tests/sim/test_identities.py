"""Every month adds up, whatever the policy: statuses, books, flows, orders, pay."""

import dataclasses

import numpy as np
import pytest

from sim.branches import POLICY, POLICY_AT_BASELINE_WAGES
from sim.engine.panel import ByPaper
from sim.identities import run_checked
from sim.model import LabourMarket
from sim.opening import opening_state
from sim.policy.programme import fork_month
from tests.support.shipped_scenarios import make_scenario

SMALL = ("market.scale=0.02", "months=60")
LEVERS = (
    "levers.chinese_quota.heads=20000",
    "levers.chinese_quota.from_date=2018-01",
    "levers.wage_subsidy.share=0.5",
    "levers.wage_subsidy.from_date=2018-03",
    "levers.wage_subsidy.to_date=2020-06",
    "levers.relocation_grant.rub=150000",
    "levers.relocation_grant.from_date=2018-01",
    "levers.training.places_per_month=200",
    "levers.training.from_date=2018-02",
    "levers.border_closed.from_date=2020-03",
)
RUNS: dict[str, tuple[str, ...]] = {
    "none": ("policy=none",),
    "un2397": (),
    "half": ("policy.compliance=0.5", "policy.permit_renewal=0.8", "policy.presigned=0.5"),
    "blind_eye": ("policy=blind_eye",),
    "cover": ("policy.compliance=0.2", "policy.inspection_rate=0.1"),
    "retain_10000": ("policy=retain_10000",),
    "cliff": ("policy=cliff",),
    "levers": (*LEVERS, "population.chinese.pay_ratio_resident_to_migrant=0.8"),
    "fined": (
        "policy.compliance=0.5",
        "policy.transport_per_month=100",
        "levers.employer_fine.rub=400000",
        "levers.employer_fine.from_date=2018-02",
    ),
    "closed": ("market.border_closed_from=2018-06", "policy.compliance=0.5"),
}


@pytest.mark.parametrize("name", RUNS)
def test_every_month_adds_up(name: str) -> None:
    scenario = make_scenario(*SMALL, *RUNS[name])
    start = fork_month(scenario)
    baseline = LabourMarket(scenario)
    assert run_checked(baseline, scenario.months if start is None else start) == []
    if start is None:
        return
    policy, policy_at_baseline_wages = (
        baseline.fork(POLICY),
        baseline.fork(POLICY_AT_BASELINE_WAGES),
    )
    baseline.run_to_end()
    assert run_checked(policy, scenario.months) == []
    assert run_checked(policy_at_baseline_wages, scenario.months) == []


BRACERO = (
    *("market=bracero_states_1964", "population=bracero_states_1964"),
    *("start=1964-01", "policy=none", "months=60", "market.scale=0.01"),
)


@pytest.mark.parametrize(
    "overrides",
    [
        (*BRACERO, "market.production.price_backlog_elasticity=0.5"),
        (*BRACERO, "market.production.price_backlog_elasticity=2"),
        (*SMALL, "policy=none", "market.production.price_backlog_elasticity=0.95"),
        (
            *(*SMALL, "policy=none", "market.production.normal_backlog_months=1"),
            "market.production.backlog_adjustment_months=120",
        ),
    ],
)
def test_no_order_book_falls_below_zero_at_the_ends_of_the_ranges(
    overrides: tuple[str, ...],
) -> None:
    scenario = make_scenario(*overrides)
    assert run_checked(LabourMarket(scenario), scenario.months) == []


def test_a_trade_in_which_chance_places_nobody_counts_with_its_expected_labour() -> None:
    shares = "{structural: 0.95, finishing: 0.025, technical: 0.025}"
    scenario = make_scenario(
        "market.scale=0.001",
        "policy=none",
        "months=12",
        *(f"population.{group}.trade_shares={shares}" for group in ("chinese", "russian")),
        "population.north_korean.trade_shares.finishing=0",
        "population.north_korean.trade_shares.structural=1",
    )
    states = [opening_state(scenario, replicate) for replicate in range(20)]
    labour = [state.cells["efficiency"].reshape(-1, 3).sum(axis=0) / 1000.0 for state in states]
    replicate = next(number for number, by_trade in enumerate(labour) if not by_trade.all())
    placed, weights = labour[replicate], states[replicate].trades["weight"]
    expected = np.where(placed > 0.0, placed, 0.025 * (50 + 3))
    assert weights == pytest.approx(expected / expected.sum())
    assert run_checked(LabourMarket(scenario, replicate), scenario.months) == []


def test_a_broken_book_is_noticed() -> None:
    model = LabourMarket(make_scenario(*SMALL, "policy=none"))
    model.state.cells["heads"][0] += 1
    assert any("heads by cell" in line for line in run_checked(model, model.month + 1))


def test_a_panel_has_every_month() -> None:
    model = LabourMarket(make_scenario(*SMALL, "policy=none", "months=6"))
    model.run_to_end()
    recorded = (
        model.panel.by_group_trade,
        model.panel.by_group,
        model.panel.of(ByPaper.HEADS_EMPLOYED_BY_PAPER),
        model.panel.by_trade,
        model.panel.market,
    )
    assert not any(np.isnan(array).any() for array in recorded)


def test_the_scenario_of_a_run_is_frozen() -> None:
    model = LabourMarket(make_scenario(*SMALL, "policy=none"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        model.specification.seed = 2  # type: ignore[misc]
