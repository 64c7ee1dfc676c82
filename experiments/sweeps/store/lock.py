"""One sweep at a time on a store: a lock that the operating system lets go when its holder dies, however it dies."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from experiments.results.result_folder import FolderError

LOCK = ".lock"


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the store's lock; raises FolderError at once if another sweep does, saying which."""
    with (folder / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise FolderError(
                f"store: {folder} is in use by {holder}; wait until it ends, or choose another store="
            ) from None
        file.truncate(0)
        file.write(
            f"process {os.getpid()} on {socket.gethostname()} since {dt.datetime.now():%Y-%m-%d %H:%M:%S}"
        )
        file.flush()
        yield
