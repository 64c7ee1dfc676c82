"""Unfinished results: each is held by the process that writes it; those of dead ones are cleared.

The operating system releases a lock when its holder dies, however it dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

UNFINISHED = ".unfinished"


@contextlib.contextmanager
def unfinished_folder(parent: Path) -> Iterator[Path]:
    """A new hidden folder in `parent`, held until the block ends and then deleted if still there.

    Raises OSError if none can be made.
    """
    # While one process looks for leftovers, no other has a folder that it does not yet hold.
    with held(parent, waits=True) as is_alone:
        if is_alone:
            clear_leftovers(parent)
        folder = Path(tempfile.mkdtemp(UNFINISHED, ".", parent))
        holding = contextlib.ExitStack()
        holding.enter_context(held(folder))
    with holding:
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def clear_leftovers(parent: Path) -> None:
    """Delete what processes have left in `parent` that were killed while they wrote a result."""
    for left in parent.glob(f".*{UNFINISHED}"):
        with contextlib.suppress(OSError), held(left) as is_ours:
            if is_ours:
                shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def held(folder: Path, *, waits: bool = False) -> Iterator[bool]:
    """Hold a folder against other processes; gives False if one has it, or locks do not work."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
