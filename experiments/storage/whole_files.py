"""Files that are whole or not there, whatever happens while they are written.

Everything that a command keeps is written here, through `os.write`, `os.fsync` and `os.replace`.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, override

TEMPORARY = ".tmp"
BINARY = getattr(os, "O_BINARY", 0)
"""Windows writes other line ends without it."""
OPENS_FOLDERS = os.name != "nt"
BUFFER_BYTES = 1 << 20
"""Written at once where a file comes in small pieces."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, force it to disk, and rename it."""
    with whole_file(path) as file:
        file.write(content)


@contextmanager
def whole_file(path: Path) -> Iterator[io.BufferedIOBase]:
    """A file to write piece by piece; it takes its name when the block ends without an error."""
    # The process number keeps two processes from writing to the same temporary file.
    draft = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        with SyncedFile(draft) as raw, io.BufferedWriter(raw, BUFFER_BYTES) as file:
            yield file
            # Python's buffer goes to the operating system first; only what has left it can be
            # forced to disk.
            file.flush()
            raw.sync()
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    # The rename itself is on disk only once the folder is.
    flush(path.parent)


class SyncedFile(io.RawIOBase):
    """A new file, to which every byte is written or OSError is raised."""

    def __init__(self, path: Path, flags: int = os.O_CREAT | os.O_TRUNC) -> None:
        self._handle = os.open(path, os.O_WRONLY | BINARY | flags, 0o666)
        self._size = 0

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, content: Any, /) -> int:
        # `os.write` may write fewer bytes than it was given.
        left = memoryview(content).cast("B")
        size = len(left)
        while left:
            left = left[os.write(self._handle, left) :]
        self._size += size
        return size

    @override
    def tell(self) -> int:
        return self._size

    def sync(self) -> None:
        """Force what was written to disk, so that it survives a power failure."""
        os.fsync(self._handle)

    @override
    def close(self) -> None:
        if not self.closed:
            os.close(self._handle)
        super().close()


def append_synced(path: Path, content: bytes) -> None:
    """Append to a file and force it to disk."""
    with SyncedFile(path, os.O_APPEND) as file:
        file.write(content)
        file.sync()


def flush(path: Path) -> None:
    """Force a file or folder to disk, so that it survives a power failure.

    Windows opens no folders; what is renamed there is on disk when its journal is.
    """
    if not OPENS_FOLDERS and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clear_drafts(folder: Path) -> None:
    """Remove temporary files that a killed process left; the folder must be locked."""
    for left in folder.glob(f".*{TEMPORARY}"):
        left.unlink()


def is_draft(name: str) -> bool:
    """Whether a file is one that was being written, by its name."""
    return name.startswith(".") and name.endswith(TEMPORARY)


def make_folder(path: Path) -> None:
    """Make a folder and its parents, as far as they are missing, and force each to disk."""
    missing = [each for each in (path, *path.parents) if not each.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for each in missing:
        flush(each.parent)
