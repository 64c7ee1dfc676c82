"""Natural experiments as data: the krai's behaviour, cited targets, broken files refused."""

from pathlib import Path

import pytest

from experiments.configuration.parameter_values import number_at, scenario_with
from experiments.configuration.settings import load_settings
from experiments.validation.case_files import CASES, HALF, Case, read_case, read_cases
from experiments.validation.natural_experiments import (
    numbers_unlike_the_krai,
    with_own_numbers,
)
from sim.inputs.dated_inputs import facts
from sim.inputs.problems import ScenarioError
from sim.scenario import Resident
from tests.support.shipped_scenarios import make_scenario

DESCRIPTION = {"kind", "employed", "pool", "trade_shares"}


@pytest.fixture(params=read_cases(), ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


def test_behaviour_is_frozen_at_the_krais(case: Case) -> None:
    krai, other = make_scenario(), load_settings(case.overrides).scenario
    for section in ("firms", "hiring", "matching"):
        assert getattr(other.market, section) == getattr(krai.market, section), section
    for name in ("adjustment_per_month", "largest_raise_per_month", "indexation_per_month"):
        assert getattr(other.market.wages, name) == getattr(krai.market.wages, name), name
    russian, native = krai.population["russian"], other.population[case.natives]
    assert isinstance(native, Resident)
    for name in set(Resident.__dataclass_fields__) - DESCRIPTION:
        assert getattr(native, name) == getattr(russian, name), name
    assert native.pool / native.employed == russian.pool / russian.employed


def test_only_farms_and_seasonal_services_produce_otherwise_and_every_range_holds_what_is_used(
    case: Case,
) -> None:
    resolved = load_settings(case.overrides).resolved
    own = {key for key in numbers_unlike_the_krai(resolved) if key.startswith("market.production.")}
    assert bool(own) == (case.name in {"bracero_end", "h2b_lottery"})
    assert own - set(case.ranges) <= {
        "market.production.normal_backlog_months",
        "market.production.pipeline_months",
    }
    for key, (low, high) in case.ranges.items():
        assert low <= number_at(resolved, key) <= high, key
        scenario_with(resolved, {key: low})
        scenario_with(resolved, {key: high})


def test_the_krais_production_is_not_sampled_where_a_market_has_its_own(case: Case) -> None:
    krai = {
        "market.production.demand_price_elasticity": 0.6,
        "market.wages.adjustment_per_month": 0.02,
    }
    assert with_own_numbers(case, [{}, {}]) == [{}, {}]
    first, second = with_own_numbers(case, [krai, krai])
    assert first["market.wages.adjustment_per_month"] == 0.02
    assert set(first) == {*krai, *case.ranges}
    if case.ranges:
        assert all(
            low <= first[key] <= high and first[key] != second[key]
            for key, (low, high) in case.ranges.items()
        )
    else:
        assert first == krai


def test_with_and_without_differ_in_the_shock_alone(case: Case) -> None:
    shocked, calm = (
        load_settings((*case.overrides, *more)).scenario for more in ((), case.without_shock)
    )
    assert shocked.market == calm.market
    assert {
        name for name in shocked.population if shocked.population[name] != calm.population[name]
    } <= {case.incomers}


def test_targets_come_from_the_evidence_or_say_why(case: Case) -> None:
    assert case.targets
    assert all(
        target.tolerance > 0 and target.reason and target.unit for target in case.targets.values()
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("shock:", "schock:", "shock: missing"),
        ("fact: bracero_native_wage", "fact: hearsay", "hearsay"),
        ("native_wage_change:", "native_wages:", "the closest existing effect is native_wage"),
        ("native_wage_change:", "share_by_hiring:", "counted_from: goes with share_by_hiring"),
        (
            "reading_month: 1967-12",
            "reading_month: 1967-12\ncounted_from: 1964-11",
            "counted_from: goes with share_by_hiring",
        ),
    ],
)
def test_a_broken_case_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        (CASES / "bracero_end.yaml").read_text(encoding="utf-8").replace(old, new), encoding="utf-8"
    )
    with pytest.raises(ScenarioError, match=words):
        read_case(path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "counted_from: 1990-06",
            "counted_from: 1993-06",
            "counted_from: 1993-06 is not before reading_month",
        ),
        ("counted_from: 1990-06", "", "give both or neither"),
        (
            "without_shock: [population.czech.heads=commuters_none]",
            "without_shock: []",
            "persons cannot be counted",
        ),
    ],
)
def test_what_is_counted_by_person_needs_two_dates_and_two_markets(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    path, text = (
        tmp_path / "case.yaml",
        (CASES / "german_border_inflow.yaml").read_text(encoding="utf-8"),
    )
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError, match=words):
        read_case(path)


def test_the_definition_of_the_share_by_hiring_was_corrected_and_its_target_was_not() -> None:
    target = next(case for case in read_cases() if case.name == "german_border_inflow").targets[
        "share_by_hiring"
    ]
    assert (target.value, target.tolerance) == (1.0, 0.25)


def test_what_is_scored_has_a_standard_error_from_a_source_or_half_the_tolerance(
    case: Case,
) -> None:
    for target in case.targets.values():
        assert (
            target.standard_error_reason == HALF
            and target.standard_error == target.tolerance / 2.0
            and target.estimate == target.value
        ) or "source" in target.standard_error_reason


def test_the_braceros_estimate_is_the_sources() -> None:
    target = next(case for case in read_cases() if case.name == "bracero_end").targets[
        "native_wage_change"
    ]
    exposed = float(facts()["bracero_share_of_seasonal_hired"].value)
    estimate = float(facts()["bracero_wage_per_exposure"].value)
    assert target.estimate == pytest.approx(100.0 * exposed * estimate, abs=0.05)
    assert target.standard_error == pytest.approx(100.0 * exposed * 0.051, abs=0.05)


def test_the_note_on_the_braceros_says_what_their_source_estimates() -> None:
    estimate, exposed = (
        float(facts()[name].value)
        for name in ("bracero_wage_per_exposure", "bracero_share_of_seasonal_hired")
    )
    note = next(case for case in read_cases() if case.name == "bracero_end").note
    assert f"{100.0 * exposed * estimate:.1f} % with {100.0 * exposed * 0.051:.1f}" in note
    assert f"more than {100.0 * exposed * (estimate + 1.96 * 0.051):.1f} %" in note
