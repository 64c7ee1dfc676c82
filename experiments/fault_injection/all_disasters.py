"""Every disaster that was asked for, one after the other, and a line on each."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from experiments.command import OnDisk
from experiments.fault_injection.edited_bytes import edit_bytes
from experiments.fault_injection.failing_disk import fail_every_call
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
    EVERY,
    OUT,
    RUN,
    SWEEP,
    Files,
    SmallCommand,
    generation_files,
    visible_results,
)

Expected = Mapping[str, Files]
Disaster = Callable[[Mapping[str, Any], Expected, Path], Iterator[str]]


def bring_about(settings: Mapping[str, Any], command: str, on_disk: OnDisk) -> str:
    """Bring about every disaster that was asked for; returns a line for each."""
    lines = [command]
    with tempfile.TemporaryDirectory() as made:
        parent = Path(made)
        commands = EVERY if settings["only"] in ("all", "kills") else COMMANDS
        expected = {name: undisturbed(each, parent) for name, each in chosen(commands, settings)}
        for name, disaster in DISASTERS.items():
            if settings["only"] in ("all", name):
                for line in disaster(settings, expected, new_folder(parent, name)):
                    print(line, file=sys.stderr, flush=True)
                    lines.append(line)
    return "\n".join([*lines, "nothing was damaged"])


def chosen(
    commands: Mapping[str, SmallCommand], settings: Mapping[str, Any]
) -> list[tuple[str, SmallCommand]]:
    """The commands to break, with their names."""
    return [(name, each) for name, each in commands.items() if settings["command"] in ("all", name)]


def undisturbed(command: SmallCommand, parent: Path) -> Files:
    """What the command writes when nothing happens."""
    folder = new_folder(parent, f"undisturbed-{command.name}")
    command.finish(folder)
    return command.finished(folder)


def new_folder(parent: Path, name: str) -> Path:
    """An empty folder."""
    (parent / name).mkdir()
    return parent / name


def disk(settings: Mapping[str, Any], expected: Expected, parent: Path) -> Iterator[str]:
    """Fail every call on disk of every command."""
    for name, command in chosen(COMMANDS, settings):
        folder = new_folder(parent, name)
        counts = fail_every_call(command, expected[name], folder, settings["every"])
        each = ", ".join(f"{number} {call}" for call, number in sorted(counts.items()))
        yield f"disk, {name}: {sum(counts.values())} calls failed ({each})"


def power(settings: Mapping[str, Any], expected: Expected, parent: Path) -> Iterator[str]:
    """Cut the power before every call on disk of every command."""
    for name, command in chosen(COMMANDS, settings):
        folder = new_folder(parent, name)
        cuts = cut_power_before_every_call(command, expected[name], folder, settings["resumed"])
        yield f"power, {name}: {cuts} cuts"


def edits(settings: Mapping[str, Any], expected: Expected, parent: Path) -> Iterator[str]:
    """Edit single bytes of a result, a store and a fit."""
    for name, command in chosen(COMMANDS, settings):
        folder = new_folder(parent, name)
        command.finish(folder)
        paths, is_sound = files_and_check(name, folder)
        generator = random.Random(f"{settings['seed']} {name}")
        edit_bytes(paths, is_sound, settings["edits"], generator)
        yield f"edits, {name}: {settings['edits']} bytes edited, every one found"


def files_and_check(name: str, folder: Path) -> tuple[list[Path], Callable[[], bool]]:
    """Files that a command wrote and reads back, and whether its own check finds them sound."""
    from experiments.storage.recorded_folder import faults
    from experiments.sweeps.store.run_store import read_store
    from experiments.sweeps.store.store_record import STORE, read_store_record
    from experiments.verification.sweep_again import faults_of_store

    if name == SWEEP.name:
        store = folder / OUT
        listed = [store / each for each in read_store(store).shards]
        return [
            store / STORE,
            store / "manifest.jsonl",
            *listed,
        ], lambda: not (read_store_record(store) and faults_of_store(read_store(store)))
    (result,) = visible_results(folder)
    if name == RUN.name:
        return sorted(result.iterdir()), lambda: not faults(result, "run.json")
    generations, check = generation_files(folder), COMMANDS[name].check
    return [*sorted(result.iterdir()), *generations], lambda: is_whole(check, folder)


def is_whole(check: Callable[[Path], None], folder: Path) -> bool:
    """Whether a check of a command finds nothing."""
    from experiments.fault_injection.small_commands import DamageError

    try:
        check(folder)
    except DamageError:
        return False
    return True


def kills(settings: Mapping[str, Any], expected: Expected, parent: Path) -> Iterator[str]:
    """Kill every command at random moments."""
    for name, command in chosen(EVERY, settings):
        folder, begun = new_folder(parent, name), time.monotonic()
        phases = kill_at_random_moments(
            command, expected[name], folder, settings["kills"], settings["seed"]
        )
        each = ", ".join(f"{number} {phase}" for phase, number in sorted(phases.items()))
        seconds = time.monotonic() - begun
        yield f"kills, {name}: {phases.total()} in {seconds:.0f} seconds ({each})"


def processes(settings: Mapping[str, Any], expected: Expected, parent: Path) -> Iterator[str]:
    """Take a worker, its memory, the fork server and the scheduler from sweeps."""
    if SWEEP.name not in expected:
        return
    generator = random.Random(f"{settings['seed']} processes")
    for lose in (lose_a_worker, lose_the_fork_server, too_little_memory, lose_the_scheduler):
        title = lose.__name__.replace("_", " ")
        found = lose(new_folder(parent, lose.__name__), expected[SWEEP.name], generator)
        yield f"processes, {title}: {found}"


DISASTERS: Mapping[str, Disaster] = {
    "disk": disk,
    "power": power,
    "edits": edits,
    "kills": kills,
    "processes": processes,
}
