"""Disasters that may befall a store: no finished run is lost, and no damaged one is trusted."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.reporting import html
from experiments.sweep import main
from experiments.sweeps import sweep_session
from experiments.sweeps.store import manifest, run_store, store_record, whole_files
from experiments.sweeps.store.run_store import StoreStoppedError, read_store
from tests.support.paths import ROOT
from tests.support.small_sweeps import (
    SMALL,
    assert_same_results,
    rows,
    run_sweep,
    shard_names,
    small_sweep,
)

RUNS = 6


@pytest.mark.usefixtures("two_shards")
def test_killed_between_rename_and_manifest(copied_sweep: Path, whole_sweep: Path) -> None:
    (copied_sweep / manifest.MANIFEST).unlink()
    repairs, missing = run_sweep(small_sweep(copied_sweep))
    assert missing == 0
    assert ["are added" in line for line in repairs] == [True]
    assert_same_results(copied_sweep, whole_sweep)


def test_killed_while_writing_the_manifest(copied_sweep: Path, whole_sweep: Path) -> None:
    path = copied_sweep / manifest.MANIFEST
    torn = path.read_bytes()[:-20]
    path.write_bytes(torn)
    assert run_sweep(small_sweep(copied_sweep))[1] == 0
    assert run_sweep(small_sweep(copied_sweep)) == ([], 0)
    assert path.read_bytes().startswith(torn)
    assert_same_results(copied_sweep, whole_sweep)


def test_killed_mid_shard(copied_sweep: Path, whole_sweep: Path) -> None:
    half = copied_sweep / "runs" / f"{'0' * 32}.parquet{whole_files.TEMPORARY}"
    half.write_bytes(b"PAR1 half")
    assert run_sweep(small_sweep(copied_sweep)) == ([], 0)
    assert not half.exists()
    assert_same_results(copied_sweep, whole_sweep)


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize("harm", [flip_a_bit, cut_short, Path.unlink])
def test_damaged_shard(copied_sweep: Path, whole_sweep: Path, harm: Callable[[Path], None]) -> None:
    (name,) = shard_names(copied_sweep)
    harm(copied_sweep / "runs" / name)
    repairs, missing = run_sweep(small_sweep(copied_sweep))
    assert missing == RUNS
    assert len(repairs) == 1
    assert name in repairs[0]
    assert "6 runs are simulated again" in repairs[0]
    assert (copied_sweep / "damaged" / name).exists() == (harm is not Path.unlink)
    assert_same_results(copied_sweep, whole_sweep)
    assert run_sweep(small_sweep(copied_sweep)) == ([], 0)


def test_damaged_shard_that_is_not_in_the_manifest(copied_sweep: Path) -> None:
    (name,) = shard_names(copied_sweep)
    (copied_sweep / manifest.MANIFEST).unlink()
    flip_a_bit(copied_sweep / "runs" / name)
    repairs, missing = run_sweep(small_sweep(copied_sweep))
    assert (missing, len(repairs)) == (RUNS, 1)
    assert "set aside" in repairs[0]


def no_space(handle: int, content: bytes) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.usefixtures("two_shards")
def test_disk_full_mid_shard(
    tmp_path: Path, whole_sweep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, writes, write = tmp_path / "store", [], os.write

    def write_until_full(handle: int, content: bytes) -> int:
        writes.append(len(content))
        return write(handle, content) if len(writes) <= 3 else no_space(handle, content)

    sweep = small_sweep(folder)
    with monkeypatch.context() as full:
        full.setattr(manifest.os, "write", write_until_full)
        with pytest.raises(StoreStoppedError, match=r"the disk is full; .* is whole with 3 runs"):
            run_sweep(sweep)
    assert len(read_store(folder).done()) == 3
    assert len(rows(folder)) == 3 * 30
    assert not list(folder.glob(f"*/*{whole_files.TEMPORARY}"))
    assert run_sweep(sweep) == ([], 3)
    assert_same_results(folder, whole_sweep)


def test_disk_full_in_the_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, append = tmp_path / "store", run_store.append

    def full(folder: Path, entry: manifest.Entry) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_store, "append", full)
    with pytest.raises(StoreStoppedError):
        run_sweep(small_sweep(folder))
    monkeypatch.setattr(run_store, "append", append)
    repairs, missing = run_sweep(small_sweep(folder))
    assert (missing, len(repairs)) == (0, 1)


def test_full_disk_ends_the_command_with_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_store, "append", lambda folder, entry: no_space(0, b""))
    assert main([*SMALL, f"store={tmp_path}/store"]) == 1
    message = capsys.readouterr().err.strip()
    assert "the disk is full" in message
    assert message.count("stopped:") == 1
    assert "Traceback" not in message


@pytest.mark.parametrize("name", ["store.json", "summary.json", "report.html"])
def test_disk_full_while_anything_else_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    write_whole = whole_files.write_whole

    def full(path: Path, content: bytes) -> None:
        if path.name == name:
            no_space(0, content)
        write_whole(path, content)

    for module in (store_record, run_store, sweep_session):
        monkeypatch.setattr(module, "write_whole", full)
    monkeypatch.setattr(html, "write_page", lambda path, text: full(path, text.encode()))
    assert main([*SMALL, f"store={tmp_path}/store"]) == 1
    message = capsys.readouterr().err.strip()
    holds = "holds no run yet" if name == "store.json" else "is whole with 6 runs"
    assert f"the disk is full; {tmp_path}/store {holds}" in message
    assert message.count("stopped:") == 1
    assert "Traceback" not in message


@pytest.mark.parametrize(
    "signal_sent",
    [
        pytest.param(signal.SIGKILL, id="killed_at_any_moment"),
        pytest.param(signal.SIGINT, id="ctrl_c"),
        pytest.param(signal.SIGTERM, id="batch_system", marks=pytest.mark.slow),
    ],
)
def test_stopped_from_outside(tmp_path: Path, signal_sent: signal.Signals) -> None:
    folder = tmp_path / "store"
    command = [
        sys.executable,
        "-m",
        "experiments.sweep",
        *SMALL,
        "replicates=60",
        f"store={folder}",
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as sweep:
        deadline = time.monotonic() + 60
        while (
            not list(folder.glob("runs/*.parquet"))
            and sweep.poll() is None
            and time.monotonic() < deadline
        ):
            time.sleep(0.01)
        sweep.send_signal(signal_sent)
        _, messages = sweep.communicate(timeout=60)
    done = len(rows(folder)) // 30
    assert 0 < done < 180
    if signal_sent != signal.SIGKILL:
        assert sweep.returncode == 130
        assert f"{done} runs are safe" in messages.decode()
        assert "To continue: python -m experiments.sweep market.scale=0.004" in messages.decode()
    _, missing = run_sweep(small_sweep(folder, "replicates=60"))
    assert missing == 180 - done
    assert len(read_store(folder).done()) == 180
    assert len(rows(folder)) == 180 * 30
