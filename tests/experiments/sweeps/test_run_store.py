"""What a store holds, how it grows, and who may use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from experiments.storage.folder_error import FolderError
from experiments.storage.folder_lock import locked
from experiments.storage.sealed_json import write_sealed
from experiments.sweep import main
from experiments.sweeps.store.run_store import read_store
from experiments.sweeps.store.store_record import FORMAT, STORE
from experiments.sweeps.sweep_session import opened_store
from tests.support.paths import ROOT
from tests.support.small_sweeps import SMALL, run_sweep, shard_names, small_sweep

RUNS = 6


def test_a_finished_store_runs_nothing(copied_sweep: Path) -> None:
    before = shard_names(copied_sweep)
    assert run_sweep(small_sweep(copied_sweep)) == ([], 0)
    assert shard_names(copied_sweep) == before


def test_a_store_is_read_with_one_line(whole_sweep: Path) -> None:
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    import pandas as pd

    shards, key, measure = f"{whole_sweep}/runs/*.parquet", "policy.compliance", "shortfall_workers"
    by_polars = polars.read_parquet(shards).group_by(key, "month").agg(polars.median(measure))
    by_duckdb = duckdb.sql(
        f"""select "{key}", month, median({measure}) from '{shards}' group by all"""
    )
    by_pandas = (
        pd.read_parquet(whole_sweep / "runs")
        .groupby([key, "month"], observed=True)[measure]
        .median()
    )
    assert len(by_polars) == len(by_duckdb) == len(by_pandas) == 3 * 30


def test_results_are_those_of_the_run_command(whole_sweep: Path) -> None:
    import numpy as np

    from sim.inputs.dated_inputs import dated_inputs
    from sim.measures.monthly import measure
    from sim.paired import run_paired
    from tests.support.shipped_scenarios import make_scenario

    scenario = make_scenario("market.scale=0.004", "months=30", "policy.compliance=0.5")
    expected = measure(run_paired(scenario, 1), scenario, dated_inputs(scenario))
    table = pq.read_table(
        whole_sweep / "runs", filters=[("policy.compliance", "=", 0.5), ("replicate", "=", 1)]
    )
    for name, values in expected.items():
        np.testing.assert_array_equal(table[name].to_numpy(), values.astype(np.float32))


def test_more_replicates_and_a_finer_grid_extend_the_store(copied_sweep: Path) -> None:
    _, missing = run_sweep(
        small_sweep(copied_sweep, "policy.compliance=0,0.25,0.5,1", "replicates=3")
    )
    assert missing == 4 * 3 - RUNS
    assert len(read_store(copied_sweep).done()) == 12
    assert run_sweep(small_sweep(copied_sweep))[1] == 0


def test_two_sweeps_on_one_store(tmp_path: Path) -> None:
    sweep = small_sweep(tmp_path / "store")
    with (
        opened_store(sweep),
        pytest.raises(FolderError, match=rf"in use by process {os.getpid()}"),
        opened_store(sweep),
    ):
        pass
    with opened_store(sweep) as (_, repairs):
        assert repairs == []


def test_a_lock_dies_with_its_holder(tmp_path: Path) -> None:
    code = f"""
import pathlib, time
from experiments.storage.folder_lock import locked
with locked(pathlib.Path({str(tmp_path)!r}), 'store'):
    print('held', flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(FolderError), locked(tmp_path, "store"):
            pass
        holder.kill()
    with locked(tmp_path, "store"):
        pass


@pytest.mark.parametrize(
    "change", ["seed=2", "market.scale=0.005", "policy.inspection_rate=0.05,0.1"]
)
def test_another_sweep_s_store_is_refused(copied_sweep: Path, change: str) -> None:
    with pytest.raises(FolderError, match=r"holds another sweep \(.*(seed|scale|varies)"):
        run_sweep(small_sweep(copied_sweep, change))


def test_a_store_without_its_description_is_refused(copied_sweep: Path) -> None:
    (copied_sweep / STORE).unlink()
    with pytest.raises(FolderError, match=r"no store\.json"):
        run_sweep(small_sweep(copied_sweep))


def everything_in(folder: Path) -> dict[Path, tuple[bytes, int]]:
    """Content and time of every file and folder, the lock included."""
    return {
        path: (path.read_bytes() if path.is_file() else b"", path.stat().st_mtime_ns)
        for path in (folder, *folder.rglob("*"))
    }


def set_format(folder: Path, version: int | None) -> None:
    """Make a store one of another format; None, as before formats were numbered."""
    record = json.loads((folder / STORE).read_text(encoding="utf-8"))
    assert record.pop("format") == FORMAT
    write_sealed(folder / STORE, ({} if version is None else {"format": version}) | record)


@pytest.mark.parametrize(
    ("version", "age"), [(None, "an earlier"), (FORMAT - 1, "an earlier"), (FORMAT + 1, "a later")]
)
@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_a_store_of_another_version_is_refused_in_one_sentence_and_not_touched(
    copied_sweep: Path,
    capsys: pytest.CaptureFixture[str],
    version: int | None,
    age: str,
    option: tuple[str, ...],
) -> None:
    set_format(copied_sweep, version)
    (copied_sweep / "runs" / "unfinished.parquet.tmp").write_bytes(b"PAR1")
    before = everything_in(copied_sweep)
    assert main([*SMALL, *option, f"store={copied_sweep}"]) == 2
    message = capsys.readouterr().err.strip()
    assert f"{copied_sweep} was written by {age} version" in message
    assert "choose another store=" in message
    assert message.count("\n") == 0
    assert everything_in(copied_sweep) == before


@pytest.mark.parametrize("content", ["", "[1]", '{"format": "new"}', "null"])
def test_a_store_whose_description_is_damaged_is_refused(copied_sweep: Path, content: str) -> None:
    (copied_sweep / STORE).write_text(content, encoding="utf-8")
    before = everything_in(copied_sweep)
    with pytest.raises(FolderError, match=r"store\.json cannot be read .*; restore it"):
        run_sweep(small_sweep(copied_sweep))
    assert everything_in(copied_sweep) == before
