"""Unfinished results: each is held by the process that writes it; those of dead ones are cleared.

A lock lies beside the folder that it holds. The operating system releases it when its holder dies,
however it dies.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

UNFINISHED, LOCK = ".unfinished", ".lock"
TOKEN_BYTES = 6


@contextlib.contextmanager
def unfinished_folder(parent: Path) -> Iterator[Path]:
    """A new hidden folder in `parent`, held until the block ends and then deleted if still there.

    Raises OSError if none can be made.
    """
    clear_leftovers(parent)
    folder = parent / f".{secrets.token_hex(TOKEN_BYTES)}{UNFINISHED}"
    # It is held before it is there, so that no other process takes it for one that was left.
    with held(folder):
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def clear_leftovers(parent: Path) -> None:
    """Delete what processes have left in `parent` that were killed while they wrote a result."""
    folders = {*parent.glob(f".*{UNFINISHED}")}
    locks = parent.glob(f".*{UNFINISHED}{LOCK}")
    for left in folders | {lock.with_name(lock.name.removesuffix(LOCK)) for lock in locks}:
        with held(left) as is_ours:
            if is_ours:
                shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Hold a folder against other processes; gives False if one has it, or locks do not work."""
    lock = FileLock(folder.with_name(f"{folder.name}{LOCK}"), timeout=0)
    try:
        lock.acquire()
    except (Timeout, OSError, NotImplementedError):
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
        with contextlib.suppress(OSError):
            Path(lock.lock_file).unlink()
