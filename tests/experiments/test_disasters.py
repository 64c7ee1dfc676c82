"""Short forms of experiments.disasters, and that it notices what it is there to notice."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.disasters import main
from experiments.fault_injection.failing_disk import fail_every_call, failing_disk
from experiments.fault_injection.kills import kill_at_random_moments
from experiments.fault_injection.lost_processes import (
    lose_a_worker,
    lose_the_fork_server,
    lose_the_scheduler,
    too_little_memory,
)
from experiments.fault_injection.power_cut import cut_power_before_every_call
from experiments.fault_injection.small_commands import (
    COMMANDS,
    RUN,
    SWEEP,
    DamageError,
    Files,
    SmallCommand,
)
from experiments.storage import whole_files

SMALLER = {
    "run": ("replicates=2", "months=12"),
    "sweep": ("replicates=2", "policy.compliance=0,1", "months=30"),
    "calibrate": ("generations=2",),
}
"""Arguments that make the small commands smaller still."""
EVERY = list(COMMANDS)


def smaller(name: str) -> SmallCommand:
    command = COMMANDS[name]
    given = {text.split("=")[0]: text for text in (*command.arguments, *SMALLER[name])}
    return dataclasses.replace(command, arguments=tuple(given.values()))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[SmallCommand], Files]:
    """What a command writes when nothing happens."""
    known: dict[tuple[str, ...], Files] = {}

    def files(command: SmallCommand) -> Files:
        if command.arguments not in known:
            folder = tmp_path_factory.mktemp("undisturbed")
            command.finish(folder)
            known[command.arguments] = command.finished(folder)
        return known[command.arguments]

    return files


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "stride"),
    [("run", 19)] + [pytest.param(name, 3, marks=pytest.mark.slow) for name in EVERY],
)
def test_a_result_is_whole_or_absent_whichever_call_on_disk_fails(
    name: str, stride: int, tmp_path: Path, undisturbed: Callable[[SmallCommand], Files]
) -> None:
    command = smaller(name)
    counts = fail_every_call(command, undisturbed(command), tmp_path, stride)
    assert sum(counts.values()) >= 2, counts


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "resumed"),
    [("run", 1)] + [pytest.param(name, 3, marks=pytest.mark.slow) for name in EVERY[1:]],
)
def test_a_power_cut_at_any_moment_loses_nothing_that_was_safe(
    name: str, resumed: int, tmp_path: Path, undisturbed: Callable[[SmallCommand], Files]
) -> None:
    command = smaller(name)
    cuts = cut_power_before_every_call(command, undisturbed(command), tmp_path, resumed)
    assert cuts > 20


def test_a_file_that_is_not_synced_before_its_rename_is_noticed(
    tmp_path: Path, undisturbed: Callable[[SmallCommand], Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = smaller("run")
    expected = undisturbed(command)
    monkeypatch.setattr(whole_files.SyncedFile, "sync", lambda file: None)
    with pytest.raises(DamageError):
        cut_power_before_every_call(command, expected, tmp_path, 1)


def test_a_file_written_in_place_is_noticed(
    tmp_path: Path, undisturbed: Callable[[SmallCommand], Files], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = smaller("sweep")
    expected = undisturbed(command)

    def in_place(path: Path, content: bytes) -> None:
        with whole_files.SyncedFile(path) as file:
            file.write(content)

    monkeypatch.setattr("experiments.sweeps.store.run_store.write_whole", in_place)
    with pytest.raises(DamageError):
        cut_power_before_every_call(command, expected, tmp_path, 1)


def test_a_failing_call_fails_once(tmp_path: Path) -> None:
    with failing_disk(3) as disk:
        whole_files.make_folder(tmp_path / "a")
        with pytest.raises(OSError, match="on purpose"):
            whole_files.make_folder(tmp_path / "b")
        whole_files.make_folder(tmp_path / "c")
    assert disk.made[:2] == ["mkdir", "fsync"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "c"]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_kills_at_random_moments_lose_and_double_nothing(
    name: str, tmp_path: Path, undisturbed: Callable[[SmallCommand], Files]
) -> None:
    command = COMMANDS[name]
    phases = kill_at_random_moments(command, undisturbed(command), tmp_path, kills=3, seed=1)
    assert phases.total() == 3


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize(
    "lose", [lose_a_worker, lose_the_fork_server, too_little_memory, lose_the_scheduler]
)
def test_a_sweep_survives_the_loss_of_processes_and_memory(
    lose: Callable[[Path, Files, random.Random], str],
    tmp_path: Path,
    undisturbed: Callable[[SmallCommand], Files],
) -> None:
    assert lose(tmp_path, undisturbed(SWEEP), random.Random(1))


def test_unknown_disasters_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["only=flood"]) == 2
    assert "only" in capsys.readouterr().err
    assert RUN.name in EVERY
