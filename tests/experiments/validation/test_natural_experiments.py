"""Which natives are employed at two dates, and that keeping them changes no simulation."""

import numpy as np
import pytest

from experiments.validation.case_files import Case, read_cases
from experiments.validation.effects import Shock, employed_heads, leavers, newcomers
from experiments.validation.natural_experiments import (
    employed_at_end_of,
    panel_of,
    scenarios_of,
    simulate_shock,
)
from sim.engine.panel import ByGroupTrade
from sim.engine.worker_columns import EMPLOYED
from sim.measures.comparison import FullScaleBranch
from sim.model import LabourMarket
from sim.scenario import Resident, Scenario

SMALL = ("market.scale=0.03",)
EARLIER, LATER = 0, 36


@pytest.fixture(scope="module")
def case() -> Case:
    return next(case for case in read_cases() if case.name == "german_border_inflow")


@pytest.fixture(scope="module")
def scenarios(case: Case) -> list[Scenario]:
    return [
        scenarios_of((*case.overrides, *without, *SMALL), case.natives, [{}])[0]
        for without in ((), case.without_shock)
    ]


@pytest.fixture(scope="module")
def shock(case: Case, scenarios: list[Scenario]) -> Shock:
    return simulate_shock(case, scenarios[0], scenarios[1], 0)


def test_persons_add_up_to_the_heads_of_their_month(
    shock: Shock, scenarios: list[Scenario]
) -> None:
    assert shock.persons is not None
    for natives, branch in zip(shock.persons, (shock.with_shock, shock.without_shock), strict=True):
        for employed, month in zip(natives, (EARLIER, LATER), strict=True):
            assert employed.sum() == pytest.approx(
                employed_heads(branch, shock.natives, month).sum() * scenarios[0].market.scale
            )


def test_newcomers_less_leavers_are_the_change_of_heads(
    shock: Shock, scenarios: list[Scenario]
) -> None:
    assert shock.persons is not None
    for natives, branch in zip(shock.persons, (shock.with_shock, shock.without_shock), strict=True):
        change = (
            employed_heads(branch, shock.natives, LATER)
            - employed_heads(branch, shock.natives, EARLIER)
        ).sum() * scenarios[0].market.scale
        assert newcomers(natives) - leavers(natives) == pytest.approx(change)


def test_before_the_shock_both_markets_employ_the_same_persons(shock: Shock) -> None:
    assert shock.persons is not None
    with_shock, without = shock.persons
    assert np.array_equal(with_shock.earlier, without.earlier)
    assert not np.array_equal(with_shock.later, without.later)


def test_keeping_persons_changes_no_month(shock: Shock, scenarios: list[Scenario]) -> None:
    straight = FullScaleBranch(panel_of(LabourMarket(scenarios[0], 0)), scenarios[0].market.scale)
    for counter in (ByGroupTrade.HEADS_EMPLOYED, ByGroupTrade.HIRES, ByGroupTrade.SEPARATIONS):
        assert np.array_equal(shock.with_shock.of(counter), straight.of(counter)), counter


def test_only_where_a_case_counts_persons_are_they_kept() -> None:
    other = next(case for case in read_cases() if case.name == "german_border_outflow")
    assert other.counted_from is None
    small = [
        scenarios_of((*other.overrides, *without, "market.scale=0.01"), other.natives, [{}])[0]
        for without in ((), other.without_shock)
    ]
    assert simulate_shock(other, small[0], small[1], 0).persons is None


def test_a_resident_keeps_his_row_for_life(scenarios: list[Scenario]) -> None:
    market, german = LabourMarket(scenarios[0], 0), scenarios[0].population["german"]
    group = list(scenarios[0].population).index("german")
    rows = slice(*(int(market.state.groups[group][end]) for end in ("first", "last")))
    tastes = market.state.workers["taste"][rows].copy()
    first = employed_at_end_of(market, group, EARLIER)
    copied = first.copy()
    market.run_to_end()
    assert isinstance(german, Resident)
    assert first.size == round(german.pool * scenarios[0].market.scale)
    assert np.array_equal(first, copied)
    assert not np.array_equal(first, market.state.workers["status"][rows] == EMPLOYED)
    assert np.array_equal(market.state.workers["taste"][rows], tastes)
    assert (market.state.workers["group"][rows] == group).all()
