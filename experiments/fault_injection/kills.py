"""Commands killed with signal 9 at random moments, and gone on with."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from pathlib import Path

from experiments.fault_injection.processes import check_group_ends, started
from experiments.fault_injection.small_commands import (
    DamageError,
    Files,
    SmallCommand,
    check_same,
    numbered_folders,
)

KILLS_A_TRIAL = 3
"""Kills of one command, each after it has gone on, before it may end."""


def kill_at_random_moments(
    command: SmallCommand, expected: Files, parent: Path, kills: int, seed: int
) -> Counter[str]:
    """Kill a command so many times; what it left must be whole, kept, and end in the same bytes.

    Moments are uniform over the time that the command takes undisturbed. Returns the kills by the
    phase in which they came. Raises DamageError.
    """
    generator, phases = random.Random(f"{seed} {command.name}"), Counter[str]()
    folders = numbered_folders(parent)
    # The first start also loads the project into the fork server, which takes seconds.
    finish(command, next(folders), 0)
    seconds = undisturbed_seconds(command, next(folders))
    while phases.total() < kills:
        folder, kept = next(folders), 0
        for _ in range(min(KILLS_A_TRIAL, kills - phases.total())):
            begun = time.monotonic()
            killed, kept = killed_after(command, folder, generator.uniform(0.0, seconds), kept)
            if not killed:
                # It was faster than thought, as it is when it goes on: later kills come sooner.
                seconds = min(seconds, time.monotonic() - begun)
                break
            phases[command.phase(folder)] += 1
        finish(command, folder, kept)
        check_same(command.finished(folder), expected)
    return phases


def undisturbed_seconds(command: SmallCommand, folder: Path) -> float:
    """How long the command takes in a process that has the project loaded."""
    begun = time.monotonic()
    finish(command, folder, 0)
    return time.monotonic() - begun


def killed_after(
    command: SmallCommand, folder: Path, seconds: float, kept: int
) -> tuple[bool, int]:
    """Start a command, kill it after some seconds and check what is left.

    Returns whether it was killed before it ended by itself, and how much is left.
    """
    process = started(command, folder)
    process.join(seconds)
    process.kill()
    process.join()
    check_group_ends(process.pid or 0)
    command.check(folder)
    now = command.progress(folder)
    if now < kept:
        raise DamageError(f"{now} parts are left of {kept}")
    return process.exitcode == -signal.SIGKILL, now


def finish(command: SmallCommand, folder: Path, kept: int) -> None:
    """Let the command end by itself; raises DamageError if it does not end well or loses a part."""
    process = started(command, folder)
    process.join()
    if process.exitcode != 0:
        raise DamageError(f"the command cannot go on after a kill: exit status {process.exitcode}")
    command.check(folder)
    if command.progress(folder) < kept:
        raise DamageError("the command lost what was there when it went on")
