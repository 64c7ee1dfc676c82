"""A disk on which the Nth write, sync or rename fails."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from experiments.fault_injection.small_commands import (
    DamageError,
    Files,
    SmallCommand,
    check_same,
    numbered_folders,
)

CALLS = ("write", "fsync", "replace", "rename", "mkdir")
"""Functions of `os` through which the program changes what is on disk."""


@dataclass
class FailingDisk:
    """Counts the program's calls on disk; the one with number `failing`, from 1, fails."""

    failing: int | None = None
    made: list[str] = field(default_factory=list)

    def wrapped(self, name: str) -> Callable[..., Any]:
        """A function of `os` that counts its calls and may fail."""
        original = getattr(os, name)

        def call(*arguments: Any, **options: Any) -> Any:
            if is_about_files(name, arguments[0]):
                self.made.append(name)
                if len(self.made) == self.failing:
                    raise OSError(errno.EIO, "Input/output error (brought about on purpose)")
            return original(*arguments, **options)

        return call


def is_about_files(name: str, target: Any) -> bool:
    """Whether a call is about a file or folder, and not about a pipe or a terminal."""
    if name not in ("write", "fsync"):
        return True
    mode = os.fstat(target).st_mode
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


@contextlib.contextmanager
def failing_disk(failing: int | None = None) -> Iterator[FailingDisk]:
    """Have the program use a failing disk within the block."""
    disk = FailingDisk(failing)
    with contextlib.ExitStack() as stack:
        for name in CALLS:
            stack.enter_context(mock.patch.object(os, name, disk.wrapped(name)))
        yield disk


def fail_every_call(
    command: SmallCommand, expected: Files, parent: Path, stride: int = 1
) -> dict[str, int]:
    """Run a command once for each of its calls on disk, or each `stride`th, with that one failing.

    What is visible afterwards must be whole, and the same command without failure must end as if
    nothing had happened. Returns how often each kind of call failed. Raises DamageError.
    """
    counts: dict[str, int] = {}
    for number, folder in enumerate(numbered_folders(parent)):
        with failing_disk(1 + number * stride) as disk:
            status = command.run(folder)
        if len(disk.made) < 1 + number * stride:
            return counts
        failed = disk.made[number * stride]
        try:
            check_after_failure(command, folder, status, expected)
        except DamageError as error:
            raise DamageError(f"call {1 + number * stride}, {failed}: {error}") from error
        counts[failed] = counts.get(failed, 0) + 1
    raise AssertionError("there is always another folder")


def check_after_failure(command: SmallCommand, folder: Path, status: int, expected: Files) -> None:
    """Check what a failed command left, then run it again and check what it makes."""
    command.check(folder)
    kept, is_finished = command.progress(folder), bool(command.finished(folder))
    if status not in (0, 1, 2):
        raise DamageError(f"exit status {status}")
    if status == 0 and not is_finished:
        raise DamageError("exit status 0 without a result")
    command.finish(folder)
    if command.progress(folder) < kept:
        raise DamageError("the same command lost what was there")
    check_same(command.finished(folder), expected)
