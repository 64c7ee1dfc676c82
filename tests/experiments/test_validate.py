"""The validation command, end to end at a small scale."""

import json
from pathlib import Path

import pytest

from experiments.calibration.posterior import is_behaviour, is_not_policy
from experiments.calibration.split import read_split
from experiments.validate import main
from experiments.validation.elasticities import (
    demand_elasticities,
    supply_elasticities,
    supply_overrides,
)
from experiments.validation.emergent import (
    EFFICIENCIES,
    EFFICIENCY,
    emergent_values,
    read_expectations,
)
from experiments.validation.natural_experiments import scenarios_of
from experiments.validation.validating import parameter_draws
from tests.support.shipped_scenarios import make_scenario

SMALL = ("market.scale=0.1", "policy=none", "months=72", "market.inputs.held_at_start=true")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, str]:
    parent = tmp_path_factory.mktemp("outputs")
    assert main(["replicates=2", "scale=0.03", "hindcast_draws=10", f"output_dir={parent}"]) == 0
    (folder,) = parent.iterdir()
    return json.loads((folder / "validation.json").read_text()), (
        folder / "validation.md"
    ).read_text()


def test_every_distinct_target_is_scored_once(report: tuple[dict, str]) -> None:
    data, page = report
    scored = [(row["case"], row["target"]) for row in data["targets"]]
    assert len(scored) == len(set(scored)) == data["summary"]["all"]["targets"] + 2
    assert {case for case, _ in scored} == set(read_split()) - {"shapes_elsewhere"}
    assert all(row["prediction"] == sorted(row["prediction"]) for row in data["emergent"])
    assert f"| all | {data['summary']['all']['targets']} |" in page


def test_every_score_stands_beside_a_naive_rules(report: tuple[dict, str]) -> None:
    for row in report[0]["targets"]:
        for measure in ("crps", "interval_score"):
            best = min(rule[measure] for rule in row["naive"].values())
            assert row["naive"][row["best_naive"][measure]][measure] == best
            assert row["skill"][measure] == pytest.approx(row["model"][measure] / best, rel=2e-3)
        assert 0.0 <= row["model"]["pit"] <= 1.0
        assert row["standard_error"] > 0.0


def test_one_experiment_is_not_shipped_as_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["only=bracero_end", "ship=yes", f"output_dir={tmp_path}"]) == 2
    assert "only: given 'bracero_end'; allowed: all" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "argument", ["replicates=1", "parameters=guess", "replicate=3", "fast", "only=h2b"]
)
def test_bad_arguments_are_refused(
    argument: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument, f"output_dir={tmp_path}"]) == 2
    assert argument.split("=")[0] in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_inflow_lowers_what_natives_earn(report: tuple[dict, str]) -> None:
    inflow = {
        row["target"]: row["model"]["median"]
        for row in report[0]["targets"]
        if row["case"] == "german_border_inflow"
    }
    assert inflow["native_employment_per_point"] < 0
    assert inflow["native_wage_per_point"] < 0


def test_supply_answers_more_the_longer_it_has() -> None:
    found = supply_elasticities(
        make_scenario(*SMALL, "market.scale=1", *supply_overrides(make_scenario().start)), 0
    )
    assert 0.0 < found[3] < found[12] < found[24] < found[70] < 1.0


def test_dearer_labour_is_wanted_less() -> None:
    found = demand_elasticities(make_scenario(*SMALL), 0)
    assert all(value < 0 for value in found["labour planned"].values())
    assert found["labour employed"][70] < 0


def test_sampled_behaviour_goes_to_the_natives_of_the_market() -> None:
    overrides = (
        "market=german_border_1991",
        "population=german_border_1991",
        "policy=none",
        "start=1990-06",
    )
    (scenario,) = scenarios_of(
        overrides,
        "german",
        [{"population.russian.taste_sd": 0.5, "market.matching.wage_sensitivity": 3.0}],
    )
    assert (scenario.population["german"].taste_sd, scenario.market.matching.wage_sensitivity) == (
        0.5,
        3.0,
    )


def test_only_behaviour_is_sampled_for_other_markets() -> None:
    draws = parameter_draws({"parameters": "posterior", "replicates": 3, "seed": 1}, is_behaviour)
    assert len(draws) == 3
    assert all(is_behaviour(key) for draw in draws for key in draw)
    assert parameter_draws({"parameters": "default", "replicates": 2}, is_behaviour) == [{}, {}]


def test_for_the_krai_everything_is_sampled_but_the_policy_and_what_is_set() -> None:
    draws = parameter_draws({"parameters": "posterior", "replicates": 2, "seed": 1}, is_not_policy)
    assert {"population.russian.pool", EFFICIENCY} < set(draws[0])
    assert not any(key.startswith("policy.") for key in draws[0])
    found = emergent_values(draws, ("market.scale=0.02",))
    assert set(found) == set(read_expectations())
    low, high = (
        found[f"efficiency {value:g}, shortfall in December 2019"] for value in EFFICIENCIES
    )
    assert (low < high).all()
