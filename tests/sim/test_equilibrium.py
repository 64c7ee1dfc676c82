"""Wages that clear the market, and a market that stands still while nothing happens."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.branches import POLICY
from sim.engine.panel import Panel
from sim.engine.worker_columns import BURN_IN_MONTHS, Array
from sim.model import LabourMarket
from sim.paired import run_paired
from tests.support.closed_forms import Technology, competitive_wages, composite, labour_demand
from tests.support.panel_reading import (
    by_trade,
    drift_percent_a_year,
    hires_per_head,
    labour,
    market,
    vacancy_rate,
)
from tests.support.shipped_scenarios import make_scenario

HELD = ("policy=none", "market.inputs.held_at_start=true", "months=120")
FRICTIONLESS = (
    "market.scale=0.2",
    "months=120",
    "market.inputs.held_at_start=true",
    "policy=cliff",
    "policy.leave_by=2016-01-20",
    "market.wages.adjustment_per_month=1",
    "market.wages.largest_raise_per_month=0.5",
    "market.matching.application_probability_per_week=1",
    "market.production.technology_adjustment_months=1",
)
TECHNOLOGY = Technology(np.array([0.35, 0.33, 0.32]), 0.3, 0.35, 0.3, 1.0, 70_000.0)


def test_at_the_starting_labour_every_wage_is_1() -> None:
    wages = competitive_wages(
        TECHNOLOGY, lambda wages: TECHNOLOGY.weights * TECHNOLOGY.normal_orders
    )
    np.testing.assert_allclose(wages, 1.0, rtol=1e-9)


def test_a_scarcer_trade_earns_more_and_its_complements_less() -> None:
    scarce = np.array([0.8, 1.0, 1.0]) * TECHNOLOGY.weights * TECHNOLOGY.normal_orders
    wages = competitive_wages(TECHNOLOGY, lambda wages: scarce)
    np.testing.assert_allclose(labour_demand(wages, TECHNOLOGY), scarce, rtol=1e-8)
    assert wages[0] > 1.5
    assert max(wages[1:]) < 1.0


def test_output_falls_by_more_than_hands_where_one_trade_is_short() -> None:
    full = TECHNOLOGY.weights * TECHNOLOGY.normal_orders
    short = np.array([0.7, 0.7, 1.0]) * full
    assert composite(short, TECHNOLOGY) / composite(full, TECHNOLOGY) < short.sum() / full.sum()


def test_elastic_supply_softens_the_wage() -> None:
    fixed = 0.8 * TECHNOLOGY.weights * TECHNOLOGY.normal_orders
    rigid, elastic = (
        competitive_wages(TECHNOLOGY, lambda wages, e=elasticity: fixed * wages**e)
        for elasticity in (0.0, 0.5)
    )
    assert np.all(elastic < rigid)
    assert np.all(elastic > 1.0)


def test_fast_wages_without_friction_clear_the_market() -> None:
    """5 %: order books stand some 2 % above normal, which the closed form leaves out."""
    model = LabourMarket(make_scenario(*FRICTIONLESS), branch=POLICY)
    model.run_to_end()
    hands, production = labour(model.panel)[-1], model.specification.market.production
    technology = Technology(
        model.state.trades["weight"].copy(),
        production.trade_substitution_elasticity,
        production.labour_share,
        production.capital_labour_elasticity,
        production.demand_price_elasticity,
        float(model.state.firms["normal_output"].sum()),
    )
    wages = competitive_wages(technology, lambda wages: hands)
    assert wages.max() > 2.0
    np.testing.assert_allclose(by_trade(model.panel, "wage_posted_real")[-1], wages, rtol=0.05)


def test_nothing_happens_where_nothing_happens() -> None:
    """Two seeds at a tenth: 1.0 % a year is twice what is asked of the mean of twenty."""
    runs = [
        run_paired(make_scenario(*HELD, "market.scale=0.1"), seed).baseline for seed in range(2)
    ]
    assert abs(np.mean([drift_percent_a_year(run) for run in runs])) < 1.0
    assert 0.03 < np.mean([vacancy_rate(run) for run in runs]) < 0.05
    assert 0.045 < np.mean([hires_per_head(run) for run in runs]) < 0.06


def test_wages_frozen_in_the_first_burn_in_year_then_move() -> None:
    model = LabourMarket(make_scenario(*HELD, "market.scale=0.05"))
    model.run_to(0)
    wages = market(model.panel, "wage_real")[:BURN_IN_MONTHS]
    assert set(wages[:12]) == {1.0}
    assert wages[-1] != 1.0


@pytest.fixture(scope="module")
def twenty_seeds() -> list[Panel]:
    """Ten years of twenty replicates."""
    scenario = make_scenario(*HELD, "market.scale=0.25")
    return [run_paired(scenario, seed).baseline for seed in range(20)]


def yearly_means(measure: Callable[[Panel], Array], panels: list[Panel]) -> Array:
    """Mean over replicates, year by year: f8[10]."""
    return np.mean([measure(panel).reshape(10, 12).mean(axis=1) for panel in panels], axis=0)


@pytest.mark.slow
def test_employment_does_not_drift(twenty_seeds: list[Panel]) -> None:
    assert abs(np.mean([drift_percent_a_year(panel) for panel in twenty_seeds])) < 0.5


@pytest.mark.slow
def test_the_vacancy_rate_stays_between_3_and_4_percent(twenty_seeds: list[Panel]) -> None:
    rates = yearly_means(vacancy_rate, twenty_seeds)
    assert rates.min() > 0.03
    assert rates.max() < 0.04


@pytest.mark.slow
def test_about_5_percent_are_hired_a_month(twenty_seeds: list[Panel]) -> None:
    hired = yearly_means(hires_per_head, twenty_seeds)
    assert hired.min() > 0.045
    assert hired.max() < 0.055
