"""The calibration command: small fit end to end, stopped and gone on with, damaged shards."""

import json
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments import calibrate
from experiments.calibrate import main
from experiments.calibration.space import OPENING, space

SMALL = ("particles=8", "moves=1", "generations=3", "scale=0.02")
FILES = {"posterior.parquet", "prior.parquet", "fit.json", "fit.md", "record.json"}


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    parent = tmp_path_factory.mktemp("outputs")
    assert main([*SMALL, f"output_dir={parent}"]) == 0
    return parent


def result(parent: Path) -> Path:
    return max(folder for folder in parent.iterdir() if not folder.name.startswith("."))


def shards(parent: Path) -> list[Path]:
    return sorted(parent.glob(".calibration/*/generation-*.parquet"))


def test_the_result_is_whole(fitted: Path) -> None:
    folder = result(fitted)
    assert {path.name for path in folder.iterdir()} == FILES
    posterior, report = (
        pq.read_table(folder / "posterior.parquet"),
        json.loads((folder / "fit.json").read_text()),
    )
    assert posterior.num_rows == 8
    assert set(space().keys) < set(posterior.column_names)
    assert [row["key"] for row in report["parameters"]] == space().labels
    assert report["solved"]["posterior"][1] == pytest.approx(
        np.median(posterior[OPENING]), rel=1e-3
    )
    assert len(report["generations"]) == len(shards(fitted)) == 3
    assert "8 particles, " in (folder / "fit.md").read_text()


def test_a_finished_fit_is_not_simulated_again(
    fitted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibrate, "evaluator", lambda problem, pool: pytest.fail)
    before = pq.read_table(result(fitted) / "posterior.parquet")
    assert main([*SMALL, f"output_dir={fitted}"]) == 0
    assert pq.read_table(result(fitted) / "posterior.parquet").equals(before)


def test_a_damaged_generation_and_what_follows_are_made_again(fitted: Path) -> None:
    contents = [pq.read_table(path) for path in shards(fitted)]
    shards(fitted)[1].write_bytes(b"half a shar")
    assert main([*SMALL, f"output_dir={fitted}"]) == 0
    assert [
        pq.read_table(path).equals(before)
        for path, before in zip(shards(fitted), contents, strict=True)
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


def test_no_scheduler_is_said_and_what_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("experiments.sweeps.execution.pools.CONNECT_TIMEOUT", "1s")
    assert (
        main([*SMALL, "executor=dask", "address=tcp://127.0.0.1:1", f"output_dir={tmp_path}"]) == 2
    )
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in capsys.readouterr().err
