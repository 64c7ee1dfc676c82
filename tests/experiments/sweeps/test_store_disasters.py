"""Disasters that may befall a store: no finished run is lost, and no damaged one is trusted."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.reporting import html
from experiments.storage import manifest, sealed_json, whole_files
from experiments.sweep import main
from experiments.sweeps import sweep_session
from experiments.sweeps.store import run_store
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
    (copied_sweep / manifest.MANIFEST).write_bytes(b"")
    repairs, missing = run_sweep(small_sweep(copied_sweep))
    assert missing == 0
    assert ["are added" in line for line in repairs] == [True]
    assert_same_results(copied_sweep, whole_sweep)


def test_killed_while_writing_the_manifest(copied_sweep: Path, whole_sweep: Path) -> None:
    path = copied_sweep / manifest.MANIFEST
    torn = path.read_bytes()[:-20]
    path.write_bytes(torn)
    repairs, missing = run_sweep(small_sweep(copied_sweep))
    assert missing == 0
    assert "cut off or edited, set aside as damaged/manifest.jsonl" in repairs[0]
    assert "are added" in repairs[1]
    assert (copied_sweep / "damaged" / manifest.MANIFEST).read_bytes() == torn
    assert run_sweep(small_sweep(copied_sweep)) == ([], 0)
    assert_same_results(copied_sweep, whole_sweep)


def test_killed_mid_shard(copied_sweep: Path, whole_sweep: Path) -> None:
    half = copied_sweep / "runs" / f".{'0' * 32}.parquet.123{whole_files.TEMPORARY}"
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
    (copied_sweep / manifest.MANIFEST).write_bytes(b"")
    flip_a_bit(copied_sweep / "runs" / name)
    repairs, missing = run_sweep(small_sweep(copied_sweep))
    assert (missing, len(repairs)) == (RUNS, 1)
    assert "set aside" in repairs[0]


def no_space(file: object, content: bytes) -> int:
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
        full.setattr(whole_files.os, "write", write_until_full)
        with pytest.raises(StoreStoppedError, match=r"the disk is full; .* is whole with 3 runs"):
            run_sweep(sweep)
    assert len(read_store(folder).done()) == 3
    assert len(rows(folder)) == 3 * 30
    assert not list(folder.glob(f"*/.*{whole_files.TEMPORARY}"))
    assert run_sweep(sweep) == ([], 3)
    assert_same_results(folder, whole_sweep)


def test_disk_full_in_the_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "store"
    with monkeypatch.context() as full:
        full.setattr(manifest, "append_synced", no_space)
        with pytest.raises(StoreStoppedError):
            run_sweep(small_sweep(folder))
    repairs, missing = run_sweep(small_sweep(folder))
    assert (missing, len(repairs)) == (0, 1)


def test_full_disk_ends_the_command_with_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(manifest, "append_synced", no_space)
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

    for module in (sealed_json, run_store, sweep_session):
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


def with_a_line(content: bytes) -> Callable[[Path], object]:
    """Add a line with a right checksum to the manifest."""

    def harm(folder: Path) -> None:
        digest = manifest.chained(manifest.read_manifest(folder).last, content)
        with (folder / manifest.MANIFEST).open("ab") as file:
            file.write(digest.encode() + b" " + content + b"\n")

    return harm


def with_record(text: str) -> Callable[[Path], object]:
    """Give the store another record."""
    return lambda folder: (folder / "store.json").write_text(text, encoding="utf-8")


def with_a_file_for_runs(folder: Path) -> None:
    (folder / "runs").rename(folder / "elsewhere")
    (folder / "runs").write_text("", encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (with_record("[]"), r"store\.json cannot be read \(it holds no mapping\)"),
        (with_record("null"), r"store\.json cannot be read \(it holds no mapping\)"),
        (with_record('{"format": []}'), r"store\.json cannot be read \(its format is no number\)"),
        (with_record('{"format": 3, "varies": 7}'), r"store\.json .*\(varies is no mapping\)"),
        (with_a_line(b'{"action": "added", "file": "runs/a", "colour": 1}'), "a line was written"),
        (with_a_line(b'{"action": "added", "file": 7}'), "a line was written by another version"),
        (with_a_line(b"[1]"), "a line was written by another version"),
        (with_a_line(b"not JSON"), "a line was written by another version"),
        (with_a_file_for_runs, "runs is a file and no folder"),
    ],
)
def test_a_store_that_somebody_has_edited_is_refused_and_stays_as_it_is(
    copied_sweep: Path,
    harm: Callable[[Path], object],
    named: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    harm(copied_sweep)
    before = {path: path.read_bytes() for path in copied_sweep.rglob("*.*") if path.is_file()}
    assert main([*SMALL, f"store={copied_sweep}"]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert re.search(f"^store: .*{named}", said)
    assert "nothing was written" not in said
    after = {path: path.read_bytes() for path in copied_sweep.rglob("*.*") if path.is_file()}
    holds = {copied_sweep / name: b"" for name in (".lock", ".holder")}
    assert after | holds == before | holds


@pytest.mark.parametrize(
    "name",
    [".lock", "manifest.jsonl", f".summary.json.{os.getpid()}.tmp"],
    ids=["lock", "manifest", "draft"],
)
def test_a_store_turned_read_only_said_that_nothing_was_written(
    copied_sweep: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened, opened_path = os.open, Path.open

    def refuse(path: object) -> None:
        if Path(str(path)).name == name:
            raise OSError(errno.EROFS, "Read-only file system", str(path))

    def open_(path: str, flags: int, *more: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            refuse(path)
        return opened(path, flags, *more)

    def open_path(path: Path, mode: str = "r", *more: object, **named: object) -> object:
        if mode != "r" and "r" not in mode:
            refuse(path)
        return opened_path(path, mode, *more, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "open", open_)
    monkeypatch.setattr(Path, "open", open_path)
    replicates = "replicates=3" if name == "manifest.jsonl" else "replicates=2"
    assert main([*SMALL, replicates, f"store={copied_sweep}"]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert "Read-only file system" in said
    assert f"{copied_sweep} is whole with 6 runs" in said
    assert "run the same command to go on" in said


def test_a_store_whose_folder_for_runs_was_deleted_is_simulated_anew(
    copied_sweep: Path, whole_sweep: Path
) -> None:
    for path in (copied_sweep / "runs").iterdir():
        path.unlink()
    (copied_sweep / "runs").rmdir()
    _, missing = run_sweep(small_sweep(copied_sweep))
    assert missing == RUNS
    assert_same_results(copied_sweep, whole_sweep)
