"""Processes of a command, found and watched through /proc (Linux)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from experiments.fault_injection.small_commands import DamageError, SmallCommand

PATIENCE_SECONDS = 30.0
"""How long the processes of a killed command may take to end, on a busy machine."""
ZOMBIE = "Z"


def started(command: SmallCommand, folder: Path, more: Sequence[str] = ()) -> BaseProcess:
    """The command in a process of its own, which has this project loaded."""
    context = get_context("forkserver")
    context.set_forkserver_preload([f"experiments.{command.name}", "sim.paired"])
    # Not a daemon: it starts worker processes.
    process = context.Process(target=run_in_own_group, args=(command.name, folder, tuple(more)))
    process.start()
    return process


def run_in_own_group(name: str, folder: Path, more: Sequence[str]) -> None:
    """Run a command as the leader of a process group, and end with its exit status."""
    from experiments.fault_injection.small_commands import EVERY

    os.setpgrp()
    raise SystemExit(EVERY[name].run(folder, more))


def group_members(leader: int) -> list[int]:
    """Processes of a group that have not ended, without its leader."""
    return [
        pid for pid, group, state in process_table() if group == leader != pid and state != ZOMBIE
    ]


def process_table() -> Iterator[tuple[int, int, str]]:
    """Number, group and state of every process."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = Path(f"/proc/{name}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        yield int(name), int(fields[2]), fields[0]


def command_line(pid: int) -> str:
    """What a process was started as; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def parent_of(pid: int) -> int:
    """The parent of a process; 0 if it has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def fork_server(leader: int) -> int | None:
    """The fork server of a group."""
    members = group_members(leader)
    return next((pid for pid in members if parent_of(pid) == leader and is_server(pid)), None)


def is_server(pid: int) -> bool:
    """Whether a process runs the code of a fork server."""
    return "multiprocessing.forkserver" in command_line(pid)


def workers(leader: int) -> list[int]:
    """Worker processes of a group: children of its fork server."""
    server = fork_server(leader)
    return [pid for pid in group_members(leader) if server is not None and parent_of(pid) == server]


def wait_until(is_reached: Callable[[], object], what: str, seconds: float = 120.0) -> None:
    """Wait until something is so; raises DamageError, saying what, if it takes too long."""
    deadline = time.monotonic() + seconds
    while not is_reached():
        if time.monotonic() > deadline:
            raise DamageError(f"not within {seconds:.0f} seconds: {what}")
        time.sleep(0.01)


def check_group_ends(leader: int) -> None:
    """Raise DamageError unless every process of a killed command ends by itself."""
    wait_until(
        lambda: not group_members(leader),
        "the processes of a killed command end by themselves",
        PATIENCE_SECONDS,
    )
