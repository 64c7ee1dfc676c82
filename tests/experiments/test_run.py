"""The main command as a user calls it: files, messages and exit statuses."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest
import yaml

import experiments.ensembles.ensemble as ensemble
import experiments.ensembles.uncertainty as uncertainty
from experiments.command import UsageError
from experiments.results.result_folder import load_result
from experiments.run import main, parse
from sim.inputs.problems import ScenarioError

SMALL = ("market.scale=0.01", "replicates=4", "months=30")
FILES = {
    "measures.parquet",
    "parameters.parquet",
    "months.parquet",
    "summary.json",
    "config.yaml",
    "run.json",
    "report.html",
}


def results(parent):
    """Everything in the parent folder, hidden or not, sorted by name."""
    return sorted(parent.iterdir()) if parent.exists() else []


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """The folders of the same command run twice, on one thread and on three."""
    parent = tmp_path_factory.mktemp("twice")
    for threads in (1, 3):
        assert main([*SMALL, f"threads={threads}", "name=same", f"output_dir={parent}"]) == 0
    return results(parent)


def test_a_run_writes_every_file_and_nothing_else(twice):
    assert all({path.name for path in folder.iterdir()} == FILES for folder in twice)
    assert len(twice) == 2


def test_the_same_command_gives_identical_months_on_any_number_of_threads(twice):
    first, second = ((folder / "months.parquet").read_bytes() for folder in twice)
    assert first == second


def test_the_same_command_gives_an_identical_summary(twice):
    first, second = ((folder / "summary.json").read_bytes() for folder in twice)
    assert first == second


def test_a_result_is_rerun_from_its_own_config(twice, tmp_path, capsys):
    assert main(["--from", str(twice[0]), f"output_dir={tmp_path}"]) == 0
    (again,) = results(tmp_path)
    assert (again / "months.parquet").read_bytes() == (twice[0] / "months.parquet").read_bytes()
    assert f"--from {twice[0]}" in load_result(again).record["command"]


def test_the_record_binds_code_evidence_and_results(twice):
    record = load_result(twice[0]).record
    assert record["command"].startswith("python -m experiments.run market.scale=0.01")
    assert {"code_hash", "evidence_hash", "source", "versions", "created"} <= set(record)
    assert record["files"].keys() == {path.name for path in twice[0].iterdir()} - {"run.json"}
    for name in ("months.parquet", "summary.json"):
        assert record["files"][name] == load_result(twice[1]).record["files"][name]


def test_the_closing_table_gives_every_number_with_its_wage(tmp_path, capsys):
    assert main([*SMALL, "months=50", f"output_dir={tmp_path}"]) == 0
    printed = capsys.readouterr().out
    for words in (
        "end of 2018",
        "deadline",
        "peak",
        "end of run",
        "Unfilled vacancies",
        "Remaining gap",
        "Who replaced",
        "extrapolated",
    ):
        assert words in printed
    assert printed.count("RUB") >= 6 * 3
    assert "parameters and not chance" in " ".join(printed.split())
    assert str(results(tmp_path)[0]) in printed.replace("\n", "")


def test_bad_overrides_exit_with_2_and_write_nothing(tmp_path, capsys):
    parent = tmp_path / "outputs"
    assert main(["policy.compliance=1.4", "market.scal=0.1", f"output_dir={parent}"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "policy.compliance: given 1.4" in captured.err
    assert "the closest existing key is market.scale" in captured.err
    assert not parent.exists()


@pytest.mark.parametrize("given", [["--frm", "x"], ["--from"], ["--from", "/nowhere"]])
def test_bad_options_exit_with_2(given, capsys):
    assert main(given) == 2
    assert given[0] in capsys.readouterr().err


def test_an_unusable_output_dir_exits_with_2(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main([*SMALL, f"output_dir={tmp_path / 'file'}"]) == 2
    assert "output_dir" in capsys.readouterr().err


def stop_second_job_with(error, monkeypatch):
    """Make the first replicate of the second job raise."""
    whole = ensemble.run_paired

    def failing(scenario, replicate):
        if scenario.seed == 2:
            raise error
        return whole(scenario, replicate)

    monkeypatch.setattr(ensemble, "run_paired", failing)


@pytest.mark.parametrize(
    ("error", "status"), [(KeyboardInterrupt(), 130), (ZeroDivisionError("made up"), 1)]
)
def test_a_multirun_that_stops_says_how_much_it_has_written_and_where(
    error, status, tmp_path, capsys, monkeypatch
):
    stop_second_job_with(error, monkeypatch)
    assert (
        main(
            [
                "-m",
                "seed=1,2,3",
                "market.scale=0.005",
                "replicates=1",
                "months=2",
                f"output_dir={tmp_path}",
            ]
        )
        == status
    )
    (kept,) = results(tmp_path)
    printed = capsys.readouterr().err
    assert f"1 of 3 results had been written:\n  {kept}\n" in printed
    assert "nothing" not in printed


def test_an_input_that_fails_late_in_a_multirun_does_not_say_that_nothing_was_written(
    tmp_path, capsys, monkeypatch
):
    whole = uncertainty.sampled_scenarios

    def failing(resolved, kind, replicates, seed):
        if seed == 2:
            raise ScenarioError(["uncertainty: no draw fits"])
        return whole(resolved, kind, replicates, seed)

    monkeypatch.setattr(uncertainty, "sampled_scenarios", failing)
    assert (
        main(
            [
                "-m",
                "seed=1,2",
                "market.scale=0.005",
                "replicates=1",
                "months=2",
                f"output_dir={tmp_path}",
            ]
        )
        == 2
    )
    printed = capsys.readouterr().err
    assert "uncertainty: no draw fits" in printed
    assert "1 of 2 results had been written" in printed
    assert "nothing" not in printed


def test_the_command_of_a_job_runs_again_from_the_folder_it_began_from(twice, tmp_path, capsys):
    assert (
        main(
            [
                "-m",
                "--from",
                str(twice[0]),
                "policy.compliance=0.5,1",
                f"output_dir={tmp_path / 'first'}",
            ]
        )
        == 0
    )
    for folder in results(tmp_path / "first"):
        found = load_result(folder)
        words = shlex.split(found.record["command"])
        assert main([*words[3:], f"output_dir={tmp_path / folder.name}"]) == 0
        (again,) = results(tmp_path / folder.name)
        assert (again / "months.parquet").read_bytes() == (folder / "months.parquet").read_bytes()


def stop_with(error, monkeypatch):
    """Make replicate 2 raise."""
    whole = ensemble.run_paired

    def failing(scenario, replicate):
        if replicate == 2:
            raise error
        return whole(scenario, replicate)

    monkeypatch.setattr(ensemble, "run_paired", failing)


def test_an_interrupt_exits_with_130_and_leaves_nothing(tmp_path, capsys, monkeypatch):
    stop_with(KeyboardInterrupt(), monkeypatch)
    assert main([*SMALL, f"output_dir={tmp_path}"]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert results(tmp_path) == []


def test_a_failing_replicate_exits_with_1_and_says_which(tmp_path, capsys, monkeypatch):
    stop_with(ZeroDivisionError("made up"), monkeypatch)
    assert main([*SMALL, f"output_dir={tmp_path}"]) == 1
    printed = capsys.readouterr().err
    assert "replicate 2 failed" in printed
    assert "Traceback" in printed
    assert "made up" in printed
    assert results(tmp_path) == []


def test_a_full_disk_exits_with_1_and_leaves_nothing(tmp_path, capsys, monkeypatch):
    stop_with(OSError(28, "No space left on device"), monkeypatch)
    assert main([*SMALL, f"output_dir={tmp_path}"]) == 1
    assert "No space left" in capsys.readouterr().err
    assert results(tmp_path) == []


def test_cfg_prints_a_config_that_composes(capsys, tmp_path):
    assert main(["--cfg", "policy=blind_eye"]) == 0
    printed = capsys.readouterr().out
    assert yaml.safe_load(printed)["policy"]["quiet_renewal"] == 1.0
    (tmp_path / "config.yaml").write_text(printed)
    assert main(["--cfg", "--from", str(tmp_path)]) == 0
    assert capsys.readouterr().out == printed


def test_multirun_runs_every_combination(tmp_path, capsys):
    assert (
        main(
            [
                "-m",
                "policy=none,cliff",
                "seed=1,2",
                "market.scale=0.005",
                "replicates=1",
                "months=2",
                f"output_dir={tmp_path}",
            ]
        )
        == 0
    )
    found = [load_result(folder) for folder in results(tmp_path)]
    assert sorted((result.summary["policy"], result.summary["seed"]) for result in found) == [
        ("cliff", 1),
        ("cliff", 2),
        ("none", 1),
        ("none", 2),
    ]
    assert all("policy=" in result.record["command"] for result in found)


def test_multirun_checks_every_job_before_the_first_runs(tmp_path):
    assert main(["-m", "policy.compliance=0.5,1.5", f"output_dir={tmp_path / 'outputs'}"]) == 2
    assert results(tmp_path / "outputs") == []


def test_a_key_given_twice_is_said_and_an_origin_given_twice_refused(capsys):
    assert main(["--cfg", "seed=1", "months=30", "seed=2", "months=30"]) == 0
    printed = capsys.readouterr()
    assert yaml.safe_load(printed.out)["seed"] == 2
    assert printed.err == "seed is given 2 times (1; 2); the last counts.\n"
    assert main(["--from", "a", "--from", "b"]) == 2
    assert "--from: given twice" in capsys.readouterr().err


def test_options_and_overrides_may_be_mixed():
    found = parse(["a=1", "--from", "x", "b=2", "-m"])
    assert (found.overrides, found.origin, found.multirun) == (("a=1", "b=2"), "x", True)
    with pytest.raises(UsageError, match="no such option"):
        parse(["--nonsense"])


def test_help_lists_groups_keys_and_examples_without_loading_the_model():
    late = "{'hydra', 'numba', 'mesa', 'plotly'}"
    code = (
        "import sys; from experiments.run import main; main(['--help']); "
        f"print(sorted({late} & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    for words in (
        "blind_eye",
        "retain_10000",
        "market.scale",
        "policy.inspection_rate",
        "examples:",
        "--multirun",
    ):
        assert words in printed
    assert printed.endswith("[]\n")
