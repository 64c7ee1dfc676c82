"""A disk that keeps nothing but what was forced to it, as after a power cut."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from experiments.fault_injection.failing_disk import CALLS, is_about_files
from experiments.fault_injection.small_commands import (
    DamageError,
    Files,
    SmallCommand,
    check_same,
)


@dataclass
class VolatileDisk:
    """Follows what a command forces to disk below `root`.

    `contents` are the files by inode, `entries` the names in folders by inode, as last synced.
    `before_call` is called before each call on disk.
    """

    root: Path
    contents: dict[int, bytes] = field(default_factory=dict)
    entries: dict[int, dict[str, int]] = field(default_factory=dict)
    before_call: Callable[[], None] = lambda: None

    def wrapped(self, name: str) -> Callable[..., Any]:
        """A function of `os` that is followed."""
        original = getattr(os, name)

        def call(*arguments: Any, **options: Any) -> Any:
            if is_about_files(name, arguments[0]):
                self.before_call()
            result = original(*arguments, **options)
            if name == "fsync":
                self.synced(arguments[0])
            elif name == "mkdir":
                self.entries.pop(os.stat(arguments[0]).st_ino, None)
            return result

        return call

    def opened(self, original: Callable[..., int]) -> Callable[..., int]:
        """`os.open`, after which an empty new file has no content of an earlier inode."""

        def call(*arguments: Any, **options: Any) -> int:
            handle = original(*arguments, **options)
            about = os.fstat(handle)
            if about.st_size == 0:
                self.contents.pop(about.st_ino, None)
            return handle

        return call

    def synced(self, handle: int) -> None:
        """Note what a file or folder holds now."""
        place, about = Path(f"/proc/self/fd/{handle}"), os.fstat(handle)
        if place.is_dir():
            found = list(os.scandir(place.resolve()))
            self.entries[about.st_ino] = {entry.name: entry.inode() for entry in found}
            for entry in found:
                # A folder is there once its name is; a file likewise, though empty.
                if entry.is_dir():
                    self.entries.setdefault(entry.inode(), {})
        else:
            self.contents[about.st_ino] = place.read_bytes()

    def survivors(self, target: Path) -> None:
        """Make the folder that a power cut would leave now if all that was not synced is lost."""
        self._restore(self.root.stat().st_ino, target)

    def _restore(self, folder: int, target: Path) -> None:
        target.mkdir()
        for name, inode in self.entries.get(folder, {}).items():
            if inode in self.entries:
                self._restore(inode, target / name)
            else:
                (target / name).write_bytes(self.contents.get(inode, b""))

    def names_ahead_of_contents(self, target: Path) -> None:
        """The same if names and renames reached the disk, and contents only where synced."""
        target.mkdir()
        for path in sorted(self.root.rglob("*")):
            place = target / path.relative_to(self.root)
            if path.is_dir():
                place.mkdir()
            else:
                place.write_bytes(self.contents.get(path.stat().st_ino, b""))


@contextlib.contextmanager
def volatile_disk(root: Path) -> Iterator[VolatileDisk]:
    """Follow every call on disk within the block."""
    disk = VolatileDisk(root)
    with contextlib.ExitStack() as stack:
        for name in CALLS:
            stack.enter_context(mock.patch.object(os, name, disk.wrapped(name)))
        stack.enter_context(mock.patch.object(os, "open", disk.opened(os.open)))
        yield disk


def cut_power_before_every_call(
    command: SmallCommand, expected: Files, parent: Path, resumed: int
) -> int:
    """Run a command once and check what a power cut before each of its calls would leave.

    Nothing that was visible as finished may be lost, and nothing that is visible may be half.
    About `resumed` of what is left is gone on with, to the same bytes. Returns the number of cuts.
    Raises DamageError.
    """
    work = parent / "work"
    work.mkdir()
    cuts: list[Path] = []
    safe = 0
    with volatile_disk(work) as disk:

        def cut() -> None:
            nonlocal safe
            with unwatched(disk):
                for make in (disk.survivors, disk.names_ahead_of_contents):
                    left = parent / f"cut-{len(cuts):05d}"
                    make(left)
                    cuts.append(left)
                    safe = check_left(command, left, safe)

        disk.before_call = cut
        command.finish(work)
        disk.before_call = lambda: None
        disk.survivors(parent / "end")
    check_left(command, parent / "end", command.progress(work))
    check_same(command.finished(parent / "end"), expected)
    for left in cuts[:: max(1, len(cuts) // max(1, resumed))]:
        command.finish(left)
        check_same(command.finished(left), expected)
    return len(cuts)


@contextlib.contextmanager
def unwatched(disk: VolatileDisk) -> Iterator[None]:
    """Do something on disk that is not followed."""
    before, disk.before_call = disk.before_call, lambda: None
    try:
        yield
    finally:
        disk.before_call = before


def check_left(command: SmallCommand, left: Path, least: int) -> int:
    """Check what a power cut left, of which an earlier one left `least` parts; returns its own."""
    try:
        command.check(left)
        kept = command.progress(left)
        if kept < least:
            raise DamageError(f"{kept} parts are left, of which {least} were safe before")
    except DamageError as error:
        raise DamageError(f"{left.name}: {error}") from error
    return kept
