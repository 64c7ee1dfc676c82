"""The engine against closed forms; tolerances are four standard errors unless said."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.branches import POLICY
from sim.calendar import calendar_month, first_month_from, month_containing
from sim.engine.panel import Flow
from sim.engine.worker_columns import BURN_IN_MONTHS, EMPLOYED, SEEKING, Array
from sim.model import LabourMarket
from sim.paired import run_paired
from sim.scenario import ContractCrew, Resident, Scenario
from tests.support.closed_forms import (
    Contracts,
    behind_a_queue,
    expected_stay,
    inside_probabilities,
    seeker_share,
    supply_elasticity,
    supply_response,
    urn_ball_hires,
    urn_ball_variance,
)
from tests.support.panel_reading import by_group_trade, group_heads
from tests.support.shipped_scenarios import make_scenario

STEADY = (
    "market.inputs.held_at_start=true",
    "market.wages.adjustment_per_month=0",
    "population.russian.job_finding_elasticity=0",
    "months=120",
)
ERRORS = 4.0


def resident(scenario: Scenario) -> Resident:
    """The Russians' numbers."""
    group = scenario.population["russian"]
    assert isinstance(group, Resident)
    return group


def month_of_matching(vacancies: int, seekers: int, q: float) -> tuple[float, float]:
    """Expected hires of four weekly rounds, one vacancy a firm, and the sum of their variances."""
    hired, variance = 0.0, 0.0
    for _ in range(4):
        left, waiting = vacancies - hired, seekers - hired
        hired += urn_ball_hires(round(left), round(waiting), q)
        variance += urn_ball_variance(round(left), round(waiting), q)
    return hired, variance


def opened_market(replicate: int, vacancies: int | None = None) -> LabourMarket:
    """An opening market in which nobody searches on the job.

    Every cell has `vacancies` vacancies, or those it plans if none are given.
    """
    model = LabourMarket(make_scenario("policy=none", "market.scale=0.3"), replicate)
    if vacancies is None:
        model.take_orders()
        model.plan_hiring()
    else:
        model.state.cells["vacancies"] = model.state.cells["opened"] = vacancies
        model.state.trades["opened"] = vacancies * model.state.firms.size
    model.in_force["on_the_job_searchers"] = 0
    return model


def excess_hires(vacancies: int | None) -> tuple[float, float]:
    """Hires in excess of urn-ball theory in eight opening markets, and their standard error."""
    excess, variance = 0.0, 0.0
    for replicate in range(8):
        model = opened_market(replicate, vacancies)
        q = model.specification.market.matching.application_probability_per_week
        seekers, opened = (
            model.state.stock[:, :, SEEKING].sum(axis=0),
            model.state.trades["opened"].copy(),
        )
        model.match()
        for k in range(opened.size):
            expected, of_month = month_of_matching(int(opened[k]), int(seekers[k]), q)
            excess += model.state.flows[:, k, Flow.HIRED].sum() - expected
            variance += of_month
    return excess, math.sqrt(variance)


def test_single_vacancies_at_equal_wages_fill_as_urns() -> None:
    excess, error = excess_hires(vacancies=1)
    assert abs(excess) < ERRORS * error + 1.0


def test_urn_ball_moments_agree_with_a_simulation() -> None:
    rng = np.random.default_rng(5)
    hires = [len(set(rng.integers(0, 40, rng.binomial(60, 0.3)))) for _ in range(20_000)]
    assert np.mean(hires) == pytest.approx(
        urn_ball_hires(40, 60, 0.3), abs=ERRORS * np.std(hires) / math.sqrt(20_000)
    )
    assert np.var(hires) == pytest.approx(urn_ball_variance(40, 60, 0.3), rel=0.05)
    assert urn_ball_hires(0, 10, 0.2) == urn_ball_hires(10, 0, 0.2) == 0.0
    assert urn_ball_hires(1, 1, 1.0) == 1.0


def tastes(model: LabourMarket) -> Array:
    """Log outside options of the Russians."""
    first, last = (int(model.state.groups[name][2]) for name in ("first", "last"))
    return model.state.workers["taste"][first:last] / 1000.0


def inside(model: LabourMarket) -> Array:
    """Which Russians are in construction."""
    first, last = (int(model.state.groups[name][2]) for name in ("first", "last"))
    return np.isin(model.state.workers["status"][first:last], (EMPLOYED, SEEKING))


@pytest.mark.parametrize("share", [0.0, 0.25])
def test_the_long_run_share_inside_is_the_choice_probability(share: float) -> None:
    lever = (
        (f"levers.wage_subsidy.share={share}", "levers.wage_subsidy.from_date=2016-01")
        if share
        else ()
    )
    scenario = make_scenario("policy=none", "market.scale=0.3", *STEADY, *lever)
    model = LabourMarket(scenario, branch=POLICY)
    model.run_to_end()
    wage = float(model.in_force["mean_wage"]) * (1.0 + share)
    chance = inside_probabilities(
        wage,
        float(model.state.groups["attachment"][2]),
        tastes(model),
        resident(scenario).choice_noise,
    )
    there = inside(model)
    for of_taste in np.array_split(np.argsort(tastes(model)), 10):
        error = math.sqrt(np.sum(chance[of_taste] * (1.0 - chance[of_taste])))
        assert abs(there[of_taste].sum() - chance[of_taste].sum()) < ERRORS * error + 1.0


def test_supply_rises_by_its_elasticity_as_events_come() -> None:
    raised = 0.05
    levers = (f"levers.wage_subsidy.share={raised}", "levers.wage_subsidy.from_date=2016-01")
    scenario = make_scenario("policy=none", *STEADY, "months=72", *levers)
    runs = run_paired(scenario, 0)
    counts = [
        by_group_trade(run, "heads_employed")[:, 2] + by_group_trade(run, "heads_seeking")[:, 2]
        for run in (runs.baseline, runs.policy)
    ]
    before, after = (count.sum(axis=1) for count in counts)
    model = LabourMarket(scenario)
    noise = resident(scenario).choice_noise
    chance = inside_probabilities(
        1.0, float(model.state.groups["attachment"][2]), tastes(model), noise
    )
    assert supply_elasticity(chance, noise) == pytest.approx(0.47, abs=0.05)
    for months in (3, 12, 24, 70):
        expected = before[months - 1] * (
            (1.0 + raised) ** supply_response(chance, noise, 0.06, months) - 1.0
        )
        moved = after[months - 1] - before[months - 1]
        assert abs(moved - expected) < ERRORS * math.sqrt(2.0 * expected), f"after {months} months"


def test_seekers_are_as_many_as_flows_imply() -> None:
    scenario = make_scenario("policy=none", "market.scale=0.5", *STEADY)
    model = LabourMarket(scenario)
    model.run_to_end()
    flows = {
        name: by_group_trade(model.panel, name)[60:, 2].sum(axis=1)
        for name in ("hires", "job_to_job_moves", "heads_seeking", "heads_employed")
    }
    found = flows["hires"] - flows["job_to_job_moves"]
    finding = float(np.mean(found / (found + flows["heads_seeking"])))
    group = resident(scenario)
    chance = inside_probabilities(
        float(model.in_force["mean_wage"]),
        float(model.state.groups["attachment"][2]),
        tastes(model),
        group.choice_noise,
    )
    expected = seeker_share(
        chance, group.reconsider_rate_per_month, group.job_end_rate_per_month, finding
    )
    share = flows["heads_seeking"] / (flows["heads_seeking"] + flows["heads_employed"])
    assert np.mean(share) == pytest.approx(expected, rel=0.03)


CURVES: dict[str, tuple[str, ...]] = {
    "letter": (),
    "half presigned": ("policy.presigned=0.5",),
    "permits refused": ("policy.permit_renewal=0.6",),
    "all short": (
        "population.north_korean.short_contract_share=1",
        "population.north_korean.seasonal_share=0",
    ),
    "all long": (
        "population.north_korean.short_contract_share=0",
        "population.north_korean.seasonal_share=1",
    ),
    "cliff": ("policy=cliff",),
    "another start": ("start=2016-09",),
}


def contracts(scenario: Scenario) -> Contracts:
    """The closed form's view of a scenario."""
    crew, policy, start = scenario.population["north_korean"], scenario.policy, scenario.start
    assert isinstance(crew, ContractCrew)
    return Contracts(
        crew.short_contract_share,
        crew.seasonal_share,
        calendar_month(-BURN_IN_MONTHS, start) - 1,
        first_month_from(policy.new_contracts_end_from, start)
        if policy.new_contracts_end_from
        else None,
        first_month_from(policy.adopted_from, start) if policy.adopted_from else None,
        month_containing(policy.leave_by, start) if policy.leave_by else None,
        policy.presigned,
        policy.permit_renewal,
    )


@pytest.mark.parametrize("name", list(CURVES))
def test_crews_leave_as_their_contracts_end(name: str) -> None:
    scenario = make_scenario("market.scale=0.3", "policy.transport_per_month=null", *CURVES[name])
    left = group_heads(run_paired(scenario, 0).policy, scenario, "north_korean")
    chance = np.minimum(1.0, expected_stay(contracts(scenario), scenario.months))
    heads = left[0]
    variance = heads * chance * (1.0 - chance)
    assert chance[0] == pytest.approx(1.0)
    assert np.all(np.abs(left - heads * chance) <= ERRORS * np.sqrt(variance) + 0.5)


def test_a_queue_only_delays() -> None:
    scenario = make_scenario("market.scale=0.3")
    left = group_heads(run_paired(scenario, 0).policy, scenario, "north_korean")
    free = 3060 * expected_stay(contracts(scenario), scenario.months)
    queued = behind_a_queue(free, 300.0)
    assert np.all(queued >= free - 1e-9)
    assert np.all(np.abs(left - queued) <= ERRORS * math.sqrt(3060) / 2.0)
