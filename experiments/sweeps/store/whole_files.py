"""Files that are whole or not there, whatever happens while they are written."""

from __future__ import annotations

import os
from pathlib import Path

from experiments.results.result_folder import flush

TEMPORARY = ".tmp"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, force it to disk, and rename it."""
    draft = path.with_name(path.name + TEMPORARY)
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            write_all(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    # The rename itself is on disk only once the folder is.
    flush(path.parent)


def write_all(handle: int, content: bytes) -> None:
    """Write every byte, or raise OSError: `os.write` may write fewer than it was given."""
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]
