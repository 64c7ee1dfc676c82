"""The lock on a folder to which one process at a time may write."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from experiments.storage.folder_error import FolderError

LOCK = ".lock"


@contextlib.contextmanager
def locked(folder: Path, key: str) -> Iterator[None]:
    """Hold the folder's lock; raises FolderError at once, naming the holder, if it is taken.

    key: the setting with which another folder can be chosen.
    """
    # Opened for appending: opening for writing would wipe out the holder's name before the lock is
    # known to be free.
    with (folder / LOCK).open("a+", encoding="utf-8") as file:
        try:
            # The operating system releases this lock when its holder dies, however it dies, so a
            # killed command leaves no lock behind.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            advice = f"wait until it ends, or choose another {key}="
            raise FolderError(f"{key}: {folder} is in use by {holder}; {advice}") from None
        file.truncate(0)
        since = f"{dt.datetime.now():%Y-%m-%d %H:%M:%S}"
        file.write(f"process {os.getpid()} on {socket.gethostname()} since {since}")
        file.flush()
        yield
