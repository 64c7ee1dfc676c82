"""The engine equals the reference model to the last bit, in every column and month."""

import dataclasses

import numpy as np
import pytest

from sim.engine.panel import measure_named
from sim.inputs.dated_inputs import series
from sim.inputs.evidence_files import Series
from sim.inputs.scenario_reader import build_scenario
from sim.model import LabourMarket
from sim.scenario import Scenario
from tests.reference.compare import compare_runs, compared_runs
from tests.reference.market import ReferenceMarket
from tests.reference.scenarios import EVASION, EVERYTHING, FINED, POLICIES, SMALL
from tests.support.shipped_scenarios import make_raw, make_scenario


def flow(market: ReferenceMarket, measure: str) -> float:
    """A flow of the whole run over all groups and trades."""
    return float(np.nansum(market.panel.of(measure_named(measure))))


def agreed(scenario: Scenario, replicate: int = 0) -> list[ReferenceMarket]:
    """The reference runs after they have agreed with the engine in every month."""
    return list(compared_runs(scenario, replicate, LabourMarket))


def test_evasion_agrees_and_exercises_cover_inspections_queue_and_agency() -> None:
    policy = agreed(make_scenario(*SMALL, *EVASION))[1]
    for measure in (
        "crew_complied",
        "crew_under_cover",
        "crew_found",
        "repatriated",
        "dispatched",
        "layoffs",
        "entered",
    ):
        assert flow(policy, measure) > 0.0, measure


@pytest.mark.slow
def test_every_lever_at_once_agrees_and_exercises_places_renewals_quota_and_training() -> None:
    baseline, policy, policy_at_baseline_wages = agreed(make_scenario(*SMALL, *EVERYTHING))
    for measure in (
        "crew_retained",
        "crew_quietly_renewed",
        "crew_contract_replaced",
        "crew_gave_in",
        "stays_ended",
        "trained",
        "layoffs",
    ):
        assert flow(policy, measure) > 0.0, measure
    assert flow(baseline, "trained") == 0.0
    assert flow(policy_at_baseline_wages, "trained") > 0.0


def test_a_fine_on_employers_agrees_and_exercises_every_answer_of_firms() -> None:
    baseline, policy, _ = agreed(make_scenario(*SMALL, *FINED))
    for measure in ("crew_let_go", "crew_fined", "crew_found", "stood_down", "dispatched"):
        assert flow(policy, measure) > 0.0, measure
    assert flow(policy, "crew_fined") > flow(policy, "crew_found"), "nobody found in the queue"
    assert flow(baseline, "crew_fined") == 0.0


@pytest.mark.slow
@pytest.mark.parametrize("compliance", [0.2, 0.6, 1.0])
@pytest.mark.parametrize("noise", [0.1, 0.5])
@pytest.mark.parametrize("seed", range(1, 4))
def test_fines_of_any_size_agree(compliance: float, noise: float, seed: int) -> None:
    own = (
        f"policy.compliance={compliance}",
        f"levers.employer_fine.choice_noise={noise}",
        f"levers.employer_fine.rub={100_000 * 3**seed}",
        f"seed={seed}",
    )
    compare_runs(make_scenario(*SMALL, *FINED, *own))


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(1, 6))
def test_every_shipped_policy_agrees(policy: str, seed: int) -> None:
    compare_runs(make_scenario(*SMALL, f"policy={policy}", f"seed={seed}"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 6))
def test_every_lever_and_partial_compliance_agree(seed: int) -> None:
    compare_runs(make_scenario(*SMALL, *EVERYTHING, f"seed={seed}"))
    compare_runs(
        make_scenario(*SMALL, *EVASION, "policy.inspection_rate=0.01", f"seed={seed}"), replicate=3
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        ("market.border_closed_from=2018-03", "months=126"),
        ("market.inputs.held_at_start=true", "market.order_growth_percent_per_year=5", "months=96"),
        (
            "policy=blind_eye",
            "population.north_korean.levy_share=0.9",
            "population.north_korean.home_income_usd=400",
        ),
        (
            "population.russian.learning_months=0",
            "market.hiring.hoarding_share=0",
            "market.hiring.layoff_share_per_month=1",
        ),
        ("market.scale=0.05", "market.firms.number=300"),
    ],
)
def test_other_markets_agree(changes: tuple[str, ...]) -> None:
    compare_runs(make_scenario(*SMALL, *EVASION, *changes))


def more_nationalities(monkeypatch: pytest.MonkeyPatch, **changes: object) -> Scenario:
    """The shipped market with two more groups: border commuters and more temporary migrants.

    The series of commuters rises and falls.
    """
    heads = Series(
        "workers",
        "month",
        "made up",
        "low",
        {"2016-01": 2000.0, "2016-07": 6500.0, "2018-01": 1500.0, "2019-01": 5000.0},
    )
    known = {**series(), "commuters": heads}
    for user in ("sim.inputs.dated_inputs.series", "sim.inputs.consistency.series"):
        monkeypatch.setattr(user, lambda: known)
    commuters = {"kind": "commuter", "heads": "commuters", "pool": 8000, "efficiency": 0.9}
    shares = {
        "trade_shares": {"structural": 0.5, "technical": 0.5},
        "pay_ratio_resident_to_migrant": 1.2,
    }
    rates = {"job_end_rate_per_month": 0.05, "on_the_job_search_rate_per_month": 0.2}
    removal = {"removal_from": "2019-06-01", "removal_rate_per_month": 0.05}
    raw = make_raw(
        {
            "population.border": {**commuters, **shares, **rates, **removal},
            "market.scale": 0.02,
            "policy.compliance": 0.6,
        }
    )
    raw["population"]["central_asian"] = raw["population"]["chinese"] | {
        "tied_heads": 500,
        "free_heads_at_start": 3000,
        "candidates": 9000,
        "quota_heads": None,
        "permit_fee_rub_per_month": 5000.0,
        "moving_cost_share": 0.0,
    }
    raw["population"]["central_asian"] |= {
        "pay_ratio_resident_to_migrant": 1.0,
        "stay_months": 9,
        "efficiency": 0.8,
    }
    return dataclasses.replace(build_scenario(raw), **changes)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 4))
def test_commuters_and_a_second_migrant_nationality_agree(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = agreed(more_nationalities(monkeypatch, seed=seed))[1]
    assert policy.groups[3].employed.total() > 0
    assert policy.groups[4].employed.total() > 0
