"""However the work is shared out, a configuration and a seed give the same bytes.

Threads, processes and Dask workers, runs in a task, a shard or a batch, and warnings that are
errors: none changes a number that is written.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from experiments import calibrate, run, sweep
from tests.support.paths import ROOT
from tests.support.small_sweeps import SMALL as SWEEP
from tests.support.small_sweeps import assert_same_results, run_sweep, shard_names, small_sweep

RUN = ("market.scale=0.004", "months=30", "replicates=9", "name=same")
RUN_FILES = ("months.parquet", "measures.parquet", "parameters.parquet", "summary.json")
FIT = ("particles=8", "moves=1", "generations=2", "scale=0.01")
Main = Callable[[list[str]], int]


def result(main: Main, parent: Path, *given: str) -> Path:
    """The folder that a command writes."""
    assert main([*given, f"output_dir={parent}"]) == 0
    return only_result(parent)


def only_result(parent: Path) -> Path:
    """The one folder that is not hidden."""
    (folder,) = (path for path in parent.iterdir() if not path.name.startswith("."))
    return folder


def assert_same_files(one: Path, other: Path, names: tuple[str, ...]) -> None:
    """Assert that these files of two folders have the same bytes."""
    assert [
        name for name in names if (one / name).read_bytes() != (other / name).read_bytes()
    ] == []


def assert_same_fit(one: Path, other: Path) -> None:
    """Assert that two fits differ at most in the command that their tables note."""
    assert_same_files(one, other, ("fit.json",))
    for name in ("posterior.parquet", "prior.parquet"):
        assert pq.read_table(one / name).equals(pq.read_table(other / name))


@pytest.fixture(scope="module")
def one_thread(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result made on one thread."""
    return result(run.main, tmp_path_factory.mktemp("one"), *RUN, "threads=1")


@pytest.mark.parametrize("threads", [2, 8])
def test_a_run_on_any_number_of_threads(one_thread: Path, tmp_path: Path, threads: int) -> None:
    folder = result(run.main, tmp_path, *RUN, f"threads={threads}")
    assert_same_files(folder, one_thread, RUN_FILES)


@pytest.mark.parametrize("batch", [1, 4, 64])
def test_a_run_written_in_batches_of_any_size(
    one_thread: Path, tmp_path: Path, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row groups of `months.parquet` are batches, so there it is the rows that are the same."""
    monkeypatch.setattr("experiments.ensembles.ensemble.BATCH", batch)
    folder = result(run.main, tmp_path, *RUN, "threads=2")
    assert_same_files(folder, one_thread, RUN_FILES[1:])
    months = [pq.read_table(each / RUN_FILES[0]) for each in (folder, one_thread)]
    assert months[0].equals(months[1])


@pytest.mark.parametrize(
    ("pool", "workers"),
    [("threads", 1), ("threads", 8)]
    + [pytest.param("processes", workers, marks=pytest.mark.slow) for workers in (1, 2)],
)
def test_a_sweep_on_any_number_of_threads_and_processes(
    whole_sweep: Path, tmp_path: Path, pool: str, workers: int
) -> None:
    given = (f"executor.pool={pool}", f"executor.workers={workers}")
    run_sweep(small_sweep(tmp_path / "store", *given))
    assert shard_names(tmp_path / "store") == shard_names(whole_sweep)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_sweep_on_any_number_of_dask_workers(
    whole_sweep: Path, tmp_path: Path, workers: int
) -> None:
    pytest.importorskip("distributed")
    given = ("executor=dask", "executor.pool=auto", f"executor.workers={workers}")
    run_sweep(small_sweep(tmp_path / "store", *given))
    assert shard_names(tmp_path / "store") == shard_names(whole_sweep)


@pytest.mark.parametrize(("runs", "shards"), [(1, 6), (2, 3), (4, 2), (64, 1)])
def test_a_sweep_in_shards_of_any_size(
    tmp_path: Path, whole_sweep: Path, monkeypatch: pytest.MonkeyPatch, runs: int, shards: int
) -> None:
    together_in_a_task(monkeypatch, 1)
    monkeypatch.setattr("experiments.sweeps.design.plan.SHARD_RUNS", runs)
    run_sweep(small_sweep(tmp_path / "store"))
    assert len(shard_names(tmp_path / "store")) == shards
    assert_same_results(tmp_path / "store", whole_sweep)


def test_the_summary_of_a_sweep_in_small_shards_and_tasks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is started in a folder of its own, so that the command that they note is the same."""
    for size in ("large", "small"):
        (tmp_path / size).mkdir()
    monkeypatch.chdir(tmp_path / "large")
    assert sweep.main([*SWEEP, "store=store"]) == 0
    together_in_a_task(monkeypatch, 1)
    monkeypatch.setattr("experiments.sweeps.design.plan.SHARD_RUNS", 1)
    monkeypatch.chdir(tmp_path / "small")
    assert sweep.main([*SWEEP, "store=store"]) == 0
    assert len(shard_names(tmp_path / "small/store")) == 6
    assert_same_files(
        tmp_path / "small/store", tmp_path / "large/store", ("summary.json", "report.html")
    )


@pytest.mark.parametrize("runs", [1, 2, 3])
def test_a_sweep_in_tasks_of_any_size(
    tmp_path: Path, whole_sweep: Path, monkeypatch: pytest.MonkeyPatch, runs: int
) -> None:
    together_in_a_task(monkeypatch, runs)
    run_sweep(small_sweep(tmp_path / "store"))
    assert shard_names(tmp_path / "store") == shard_names(whole_sweep)


def together_in_a_task(monkeypatch: pytest.MonkeyPatch, runs: int) -> None:
    """Simulate at most so many runs in one task."""
    for bound in ("FEWEST_TOGETHER", "MOST_TOGETHER"):
        monkeypatch.setattr(f"experiments.sweeps.design.plan.{bound}", runs)


@pytest.mark.slow
def test_a_fit_on_any_number_of_threads(tmp_path: Path) -> None:
    one, two, eight = (
        result(calibrate.main, tmp_path / str(each), *FIT, f"threads={each}") for each in (1, 2, 8)
    )
    assert_same_fit(two, one)
    assert_same_fit(eight, one)


@pytest.mark.slow
def test_a_run_where_every_warning_is_an_error(one_thread: Path, tmp_path: Path) -> None:
    strictly("run", *RUN, f"output_dir={tmp_path}")
    assert_same_files(only_result(tmp_path), one_thread, RUN_FILES)


@pytest.mark.slow
@pytest.mark.parametrize("pool", ["threads", "processes"])
def test_a_sweep_where_every_warning_is_an_error(
    whole_sweep: Path, tmp_path: Path, pool: str
) -> None:
    strictly("sweep", *SWEEP, f"executor.pool={pool}", f"store={tmp_path / 'store'}")
    assert shard_names(tmp_path / "store") == shard_names(whole_sweep)


@pytest.mark.long
@pytest.mark.slow
def test_a_fit_where_every_warning_is_an_error(tmp_path: Path) -> None:
    strictly("calibrate", *FIT, f"output_dir={tmp_path / 'strict'}")
    mild = result(calibrate.main, tmp_path / "mild", *FIT)
    assert_same_fit(only_result(tmp_path / "strict"), mild)


def strictly(command: str, *given: str) -> None:
    """Run a command in an interpreter that makes errors of warnings, its processes as well."""
    done = subprocess.run(
        [sys.executable, "-m", f"experiments.{command}", *given],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
