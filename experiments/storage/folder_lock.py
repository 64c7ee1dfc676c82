"""The lock on a folder to which one process at a time may write."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from experiments.storage.folder_error import FolderError

LOCK, HOLDER = ".lock", ".holder"


@contextlib.contextmanager
def locked(folder: Path, key: str) -> Iterator[None]:
    """Hold the folder's lock; raises FolderError at once, naming the holder, if it is taken.

    key: the setting with which another folder can be chosen.
    """
    # The operating system releases this lock when its holder dies, however it dies, so a killed
    # command leaves no lock behind.
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        advice = f"wait until it ends, or choose another {key}="
        raise FolderError(f"{key}: {folder} is in use by {holder_of(folder)}; {advice}") from None
    try:
        since = f"{dt.datetime.now():%Y-%m-%d %H:%M:%S}"
        # Not in the lock itself, which Windows lets nobody else read.
        (folder / HOLDER).write_text(
            f"process {os.getpid()} on {socket.gethostname()} since {since}", encoding="utf-8"
        )
        yield
    finally:
        lock.release()


def holder_of(folder: Path) -> str:
    """Who holds the folder, as far as it is known."""
    with contextlib.suppress(OSError):
        return (folder / HOLDER).read_text(encoding="utf-8").strip() or "another process"
    return "another process"
