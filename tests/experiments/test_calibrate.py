"""The calibration command at a small size: the result, fits that are continued, and refusals."""

import json
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments.calibrate import main
from experiments.calibration import fitting
from experiments.calibration.fit import fit_page
from experiments.calibration.generations import fit_folder, ignored_fits
from experiments.calibration.posterior import SHIPPED
from experiments.calibration.space import OPENING, prior_space

SMALL = ("particles=8", "moves=1", "generations=3", "scale=0.02")
FILES = {"posterior.parquet", "prior.parquet", "fit.json", "fit.md", "record.json"}


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    parent = tmp_path_factory.mktemp("outputs")
    assert main([*SMALL, f"output_dir={parent}"]) == 0
    return parent


def result(parent: Path) -> Path:
    return max(folder for folder in parent.iterdir() if not folder.name.startswith("."))


def generation_files(parent: Path) -> list[Path]:
    return sorted(parent.glob(".calibration/*/generation-*.parquet"))


def test_the_result_is_whole(fitted: Path) -> None:
    folder = result(fitted)
    assert {path.name for path in folder.iterdir()} == FILES
    posterior, report = (
        pq.read_table(folder / "posterior.parquet"),
        json.loads((folder / "fit.json").read_text()),
    )
    assert posterior.num_rows == 8
    assert set(prior_space().keys) < set(posterior.column_names)
    assert [row["key"] for row in report["parameters"]] == prior_space().labels
    assert report["solved"]["posterior"][1] == pytest.approx(
        np.median(posterior[OPENING]), rel=1e-3
    )
    assert len(report["generations"]) == len(generation_files(fitted)) == 3
    assert "8 particles; " in (folder / "fit.md").read_text()


def test_a_finished_fit_is_not_simulated_again(
    fitted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "evaluator", lambda problem, pool: pytest.fail)
    before = pq.read_table(result(fitted) / "posterior.parquet")
    assert main([*SMALL, f"output_dir={fitted}"]) == 0
    assert pq.read_table(result(fitted) / "posterior.parquet").equals(before)


@pytest.mark.slow
def test_a_damaged_generation_and_those_after_it_are_simulated_again(fitted: Path) -> None:
    contents = [pq.read_table(path) for path in generation_files(fitted)]
    generation_files(fitted)[1].write_bytes(b"half a file")
    assert main([*SMALL, f"output_dir={fitted}"]) == 0
    assert [
        pq.read_table(path).equals(before)
        for path, before in zip(generation_files(fitted), contents, strict=True)
    ] == [True] * 3


@pytest.mark.parametrize(
    "argument", ["particles=3", "scale=0", "ship=perhaps", "partikles=9", "quickly"]
)
def test_bad_arguments_are_refused(
    argument: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument, f"output_dir={tmp_path}"]) == 2
    assert re.split("=", argument)[0] in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_fit(fitted: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    assert main([*SMALL, "executor=dask", "threads=2", f"output_dir={tmp_path}"]) == 0
    assert pq.read_table(result(tmp_path) / "posterior.parquet").equals(
        pq.read_table(result(fitted) / "posterior.parquet")
    )


def test_a_missing_scheduler_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("experiments.sweeps.execution.pools.CONNECT_TIMEOUT", "1s")
    assert (
        main([*SMALL, "executor=dask", "address=tcp://127.0.0.1:1", f"output_dir={tmp_path}"]) == 2
    )
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in capsys.readouterr().err


@pytest.mark.slow
def test_a_fit_of_an_earlier_version_is_ignored_with_a_sentence(
    fitted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before format 2 a folder held generations alone, with columns named `moment.*`."""
    old = tmp_path / ".calibration" / "00aa"
    old.mkdir(parents=True)
    kept = pq.read_table(generation_files(fitted)[0])
    names = [name.replace("recorded.", "moment.") for name in kept.column_names]
    pq.write_table(kept.rename_columns(names), old / "generation-000.parquet")
    assert main([*SMALL, f"output_dir={tmp_path}"]) == 0
    messages = capsys.readouterr().err.splitlines()
    assert messages[0] == (
        f"{old}: not continued, as it was left by another version of this program; "
        "delete the folder if you do not need it"
    )
    assert messages[1].startswith("generation 0: ")
    assert [path.name for path in old.iterdir()] == ["generation-000.parquet"]


def test_a_fit_of_the_same_settings_under_other_evidence_is_ignored_with_a_sentence(
    tmp_path: Path,
) -> None:
    inputs = {"code": "a", "evidence": "b", "targets": "c"}
    before = fit_folder(tmp_path, {"particles": 8}, inputs)
    other_settings = fit_folder(tmp_path, {"particles": 9}, inputs)
    now = fit_folder(tmp_path, {"particles": 8}, {**inputs, "evidence": "new", "targets": "new"})
    assert len({before, other_settings, now}) == 3
    assert ignored_fits(now) == [
        f"{before}: not continued, as it has the same settings, but the evidence and targets "
        "changed since; delete the folder if you do not need it"
    ]
    assert ignored_fits(other_settings) == []
    assert fit_folder(tmp_path, {"particles": 8}, inputs) == before


def test_the_shipped_page_is_that_of_the_shipped_fit() -> None:
    report, record = (
        json.loads((SHIPPED / name).read_text()) for name in ("fit.json", "record.json")
    )
    assert (SHIPPED / "fit.md").read_text() == fit_page(report, record)
