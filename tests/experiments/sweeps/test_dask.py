"""Sweeps on a real Dask scheduler with two workers give the same bytes, even if one is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from experiments.storage.folder_error import FolderError
from experiments.sweep import main
from experiments.sweeps.design.run_ids import Version, current_version
from experiments.sweeps.execution.pools import Pool, WorkersLostError, check_cluster
from experiments.sweeps.store.run_store import read_store
from tests.support.paths import ROOT
from tests.support.small_sweeps import (
    SMALL,
    rows,
    run_sweep,
    shard_names,
    small_sweep,
    wait_for_shard,
)

distributed = pytest.importorskip("distributed")
DASK = ("executor=dask", "executor.pool=auto", "executor.workers=null")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A scheduler and two worker processes."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        silence_logs="CRITICAL",
    ) as made:
        yield made


@pytest.mark.slow
def test_dask_gives_the_same_bytes(tmp_path: Path, whole_sweep: Path, cluster: Any) -> None:
    run_sweep(
        small_sweep(tmp_path / "store", *DASK, f"executor.address='{cluster.scheduler_address}'")
    )
    assert shard_names(tmp_path / "store") == shard_names(whole_sweep)


@pytest.mark.slow
def test_one_of_two_workers_killed(tmp_path: Path, cluster: Any) -> None:
    folder, killed = tmp_path / "store", []

    def kill_one() -> None:
        wait_for_shard(folder)
        victim = next(iter(cluster.workers.values()))
        killed.append(victim.process.pid)
        os.kill(victim.process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    run_sweep(
        small_sweep(
            folder, *DASK, f"executor.address='{cluster.scheduler_address}'", "replicates=50"
        )
    )
    killer.join()
    run_sweep(small_sweep(tmp_path / "quiet", "replicates=50"))
    assert killed
    assert len(rows(folder)) == 150 * 30
    assert shard_names(folder) == shard_names(tmp_path / "quiet")
    assert not list(folder.glob("failures/*.parquet"))


@pytest.mark.slow
def test_a_sweep_ends_in_words_when_all_workers_die_but_not_the_scheduler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("experiments.sweeps.execution.pools.NO_WORKER_SECONDS", 0.5)
    folder = tmp_path / "store"
    sweep = [*SMALL, "replicates=40", f"store={folder}"]
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp://",
        dashboard_address=None,
        silence_logs="CRITICAL",
    ) as threads:

        def lose_all() -> None:
            wait_for_shard(folder)
            threads.scale(0)

        loss = threading.Thread(target=lose_all)
        loss.start()
        assert main([*sweep, *DASK, f"executor.address='{threads.scheduler_address}'"]) == 1
        loss.join()
    *_, said = capsys.readouterr().err.strip().splitlines()
    done = len(read_store(folder).done())
    assert 0 < done < 120
    assert said.startswith("executor: the Dask cluster has had no worker for 0 seconds; start ")
    assert f"; {folder} is whole with {done} runs. To continue: python -m" in said
    assert run_sweep(small_sweep(folder, "replicates=40"))[1] == 120 - done
    assert len(rows(folder)) == 120 * 30


def test_a_call_that_nobody_is_left_to_finish_is_given_up() -> None:
    def lost() -> None:
        raise WorkersLostError("nobody")

    pool = Pool(1, ThreadPoolExecutor(1), lost)
    with pytest.raises(WorkersLostError, match="nobody"):
        pool.result(Future[float]())
    pool.close()


def test_where_no_scheduler_answers_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.sweeps.execution.pools.CONNECT_TIMEOUT", "1s")
    (tmp_path / "mine").mkdir()
    for folder in (tmp_path / "new" / "sweeps" / "store", tmp_path / "mine"):
        with pytest.raises(FolderError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
            run_sweep(small_sweep(folder, *DASK, "executor.address='tcp://127.0.0.1:9'"))
    assert list(tmp_path.rglob("*")) == [tmp_path / "mine"]


def test_a_store_with_runs_is_kept_where_no_scheduler_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.sweeps.execution.pools.CONNECT_TIMEOUT", "1s")
    run_sweep(small_sweep(tmp_path / "store", "replicates=1"))
    before = shard_names(tmp_path / "store")
    with pytest.raises(FolderError, match="no Dask scheduler answers"):
        run_sweep(small_sweep(tmp_path / "store", *DASK, "executor.address='tcp://127.0.0.1:9'"))
    assert shard_names(tmp_path / "store") == before
    assert run_sweep(small_sweep(tmp_path / "store", "replicates=1")) == ([], 0)


def test_a_cluster_without_the_project_or_with_other_code_is_refused(cluster: Any) -> None:
    class Elsewhere:
        def run_on_scheduler(self, function: object) -> None:
            raise ModuleNotFoundError("No module named 'experiments'")

    reason = r"\(ModuleNotFoundError: No module named 'experiments'\)"
    with pytest.raises(FolderError, match=rf"cannot load this project {reason}.*PYTHONPATH=\."):
        check_cluster(Elsewhere(), current_version())
    with distributed.Client(cluster, set_as_default=False) as client:
        check_cluster(client, current_version())
        with pytest.raises(FolderError, match=r"the cluster has code .*, this sweep other"):
            check_cluster(client, Version("other", "evidence"))


@pytest.mark.slow
def test_a_cluster_is_started_when_no_address_is_given(tmp_path: Path, whole_sweep: Path) -> None:
    run_sweep(small_sweep(tmp_path / "store", *DASK, "executor.workers=2"))
    assert shard_names(tmp_path / "store") == shard_names(whole_sweep)


@contextlib.contextmanager
def cluster_of_processes() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A scheduler and a worker as a user starts them; gives the scheduler and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    port, common = address.rpartition(":")[2], {"cwd": ROOT, "stderr": subprocess.DEVNULL}
    path = {**os.environ, "PYTHONPATH": "."}
    command = [sys.executable, "-m"]
    with contextlib.ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen([*command, *words, "--no-dashboard"], env=path, **common)  # type: ignore[call-overload]
            )
            for words in (
                ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port),
                ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny"),
            )
        ]
        try:
            yield started[0], address
        finally:
            for process in started:
                process.kill()


@pytest.mark.long
@pytest.mark.slow
def test_a_scheduler_killed_in_mid_sweep_was_a_traceback_and_a_false_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "store"
    sweep = [*SMALL, "replicates=100", f"store={folder}"]
    with cluster_of_processes() as (scheduler, address):

        def kill() -> None:
            wait_for_shard(folder)
            scheduler.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        assert main([*sweep, *DASK, f"executor.address='{address}'"]) == 1
        killer.join()
    *_, said = capsys.readouterr().err.strip().splitlines()
    done = len(read_store(folder).done())
    assert 0 < done < 300
    assert said.startswith("executor: the Dask scheduler is gone; ")
    assert f"; {folder} is whole with {done} runs. To continue: python -m" in said
    assert run_sweep(small_sweep(folder, "replicates=100"))[1] == 300 - done
    assert len(read_store(folder).done()) == 300
