"""The command `experiments.sensitivity`, on a krai of some hundred workers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.calibration.space import prior_space
from experiments.decisions import posterior_sensitivity
from experiments.decisions.calibrated_inputs import calibrated_inputs
from experiments.decisions.methods import shapley_effects
from experiments.decisions.methods.radial_design import RadialDesign, places_and_seeds
from experiments.decisions.paired_runs import RunsFailedError, Wanted, question_sweep, run_values
from experiments.sensitivity import main
from experiments.sweeps.design.sweep_settings import load_sweep
from experiments.sweeps.sweep_session import Sweep
from tests.support.result_folders import page_of, results, summary_of

SMALL = (
    "market.scale=0.004",
    "months=30",
    "market.hiring.initial_vacancy_share=0.02",
    "executor.pool=threads",
)


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answered")
    given = [*SMALL, "by=section", "rows=16", "replicates=2", "at=2018-06"]
    assert main([*given, f"output_dir={folder}"]) == 0
    return folder


def test_every_part_of_the_model_and_chance_has_an_index_in_every_month(answered: Path) -> None:
    summary = summary_of(results(answered)[0])
    names = [each["name"] for each in summary["indices"]]
    assert names[-1] == "chance (the seed)"
    assert {"policy", "production", "wages", "North Korean workers"} <= set(names)
    members = [key for each in summary["indices"] for key in each["members"]]
    assert sorted(members) == sorted(set(prior_space().keys) - {SMALL[2].partition("=")[0]})
    place = summary["months"].index("2018-06")
    for each in summary["indices"]:
        assert len(each["total"]) == 30
        low, middle, high = each["total"][place]
        assert 0.0 <= low <= middle <= high


def test_the_page_begins_with_the_answer_and_its_intervals(answered: Path) -> None:
    page = page_of(results(answered)[0])
    answer = summary_of(results(answered)[0])["answer"]
    assert answer.startswith("Under policy observed, shortfall at the baseline wage")
    assert "chance accounts for" in answer
    assert f'<p class="answer">{answer}</p>' in page


def test_the_same_command_finds_its_runs_and_writes_the_same_bytes(
    answered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bool:
        raise AssertionError("a run was simulated again")

    monkeypatch.setattr("experiments.decisions.paired_runs.simulate", refuse)
    first = results(answered)[0]
    given = [*SMALL, "by=section", "rows=16", "replicates=2", "at=2018-06"]
    assert main([*given, f"output_dir={answered}"]) == 0
    _, second = results(answered)
    for name in ("summary.json", "report.html", "config.yaml"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    second.rename(answered / "second")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["measure=shortfal_percent"], "the closest existing measure is shortfall_percent"),
        (["at=2031-01"], "at: given '2031-01'; allowed: 2016-01 to 2020-12 (simulated months)"),
        (["rows=3"], "rows: given '3'; allowed: a whole number 16 to 100000"),
        (["by=parameters"], "allowed: one of top, section, parameter"),
        (["policy.complience=1"], "the closest existing key is policy.compliance"),
        (["replicates=1"], "replicates: given 1; allowed: 2 or more (seeds)"),
        (["policy.compliance=0,1"], "policy.compliance: given [0, 1]; allowed: one value"),
        (["experiment=policies"], "experiment: given 'a design'; allowed: no design"),
        (["2019-12"], "2019-12: not an argument"),
        (["--rows"], "--rows: no such option"),
    ],
)
def test_a_wrong_question_is_refused_with_status_2_and_nothing_is_written(
    given: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, f"output_dir={tmp_path}/out"]) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_everything_wrong_is_named_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rows=3", "policy.complience=1"]) == 2
    printed = capsys.readouterr().err
    assert "rows: given" in printed
    assert "policy.complience" in printed


def test_a_failed_run_is_named_and_refused(tmp_path: Path) -> None:
    settings = load_sweep(
        ["market.scale=0.004", "months=20", f"store={tmp_path}/store"], preset={"replicates": 1}
    )
    contradiction = {"population.russian.pool": 100}
    sweep = question_sweep(settings, [{"population.russian.pool": 150_000}, contradiction], 1)
    with pytest.raises(RunsFailedError, match="1 of the 2 runs failed, so there is no answer"):
        run_values(sweep, [Wanted(0, 0), Wanted(1, 0)], ["heads"], ["2017-01"])


def test_a_configured_krai_has_its_own_values_at_its_own_point() -> None:
    """Coordinates and values are inverse: the middle of an input is the middle of its prior."""
    settings = load_sweep(["policy=observed"], preset={})
    inputs = calibrated_inputs(settings)
    middle = inputs.whole_points(np.full((1, len(inputs.keys)), 0.5))[0]
    values = inputs.values(middle, 0.02)
    assert values["market.hiring.initial_vacancy_share"] == 0.02
    assert values["population.russian.pool"] == round(1.8 * 57_500)
    assert values["market.production.labour_share"] == 0.35


def test_what_the_user_sets_is_no_input() -> None:
    held = ["policy=observed", "population.russian.employed=60000", "policy.compliance=0.5"]
    inputs = calibrated_inputs(load_sweep(held, preset={}))
    assert not {"population.russian.employed", "policy.compliance"} & set(inputs.keys)
    assert "policy.inspection_rate" in inputs.keys
    letter = calibrated_inputs(load_sweep(["policy=un2397"], preset={}))
    assert not [key for key in letter.keys if key.startswith("policy.")]


def test_mixtures_share_the_seed_of_a_and_chance_changes_nothing_but_the_seed() -> None:
    design = RadialDesign([], np.array([[0, 1, 2, -1], [3, 4, 5, 6]]), 0.0)
    places, seeds = places_and_seeds(design, 4)
    assert places.tolist() == [[0, 1, 2, -1, 0], [3, 4, 5, 6, 3]]
    assert seeds.tolist() == [[0, 2, 0, 0, 2], [1, 3, 1, 1, 3]]


def test_on_the_posterior_an_answer_that_is_one_parameter_hangs_on_it_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def heads(sweep: Sweep, runs: list[Wanted], measures: list[str], months: list[str]) -> Any:
        draws = [sweep.plan.design.draws[run.point] for run in runs]
        found = np.array([float(draw["population.north_korean.heads"]) for draw in draws])
        return {measures[0]: np.tile(found[:, None], (1, len(months)))}

    monkeypatch.setattr(posterior_sensitivity, "run_values", heads)
    monkeypatch.setattr(shapley_effects, "RESAMPLES", 4)
    given = [*SMALL, "inputs=posterior", "draws=200", "by=section", "at=2018-06", "replicates=2"]
    assert main([*given, f"output_dir={tmp_path}"]) == 0
    (folder,) = results(tmp_path)
    summary = summary_of(folder)
    place = summary["months"].index("2018-06")
    effects = {each["name"]: each["effect"][place][1] for each in summary["effects"]}
    assert sum(effects.values()) == pytest.approx(1.0)
    assert summary["unexplained"] == pytest.approx(0.0, abs=1e-6)
    assert effects["North Korean workers"] > 0.7
    assert "given the data to the end of 2018" in summary["answer"]
