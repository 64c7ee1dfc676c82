"""The manifest of a store: a checksummed line for each shard added or set aside.

A line that a crash has cut off fails its checksum and is ignored.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from experiments.results.result_folder import FolderError
from experiments.sweeps.store.whole_files import write_all

MANIFEST = "manifest.jsonl"
ADDED, SET_ASIDE = "added", "set aside"
ID_LENGTH = 32


@dataclass(frozen=True)
class Entry:
    """What the manifest knows of a shard.

    `runs` holds the ids of its runs one after another without a separator; `seconds` is the time
    they took to simulate.
    """

    action: str
    file: str
    sha256: str = ""
    size: int = 0
    runs: str = ""
    seconds: float = 0.0

    def ids(self) -> list[str]:
        """Ids of the shard's runs, in the order of its rows."""
        return [self.runs[i : i + ID_LENGTH] for i in range(0, len(self.runs), ID_LENGTH)]


KINDS: dict[str, type | tuple[type, ...]] = {
    "action": str,
    "file": str,
    "sha256": str,
    "size": int,
    "runs": str,
    "seconds": (int, float),
}
"""The fields of an entry, and as what they are written."""


def read_manifest(folder: Path) -> dict[str, Entry]:
    """Shards of the store by file name."""
    shards: dict[str, Entry] = {}
    for entry in entries(folder / MANIFEST):
        if entry.action == ADDED:
            shards[entry.file] = entry
        else:
            shards.pop(entry.file, None)
    return shards


def entries(path: Path) -> Iterator[Entry]:
    """Every line whose checksum is right.

    Raises FolderError for one that is whole but not what this program writes.
    """
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    for number, line in enumerate(lines, 1):
        check, _, content = line.partition(b" ")
        if content and check == checksum(content):
            yield entry_of(content, f"{path}: line {number}")


def entry_of(content: bytes, place: str) -> Entry:
    """The entry in a line; raises FolderError if it has other fields than an entry."""
    try:
        found = json.loads(content)
        if is_entry(found):
            return Entry(**found)
    except (ValueError, RecursionError):
        pass
    raise FolderError(
        f"store: {place} was written by another version of this program; read the store with that "
        "version, or choose another store="
    )


def is_entry(found: object) -> bool:
    """Whether the content of a line has the fields of an entry, of the right kinds."""
    return (
        isinstance(found, dict)
        and set(found) == set(KINDS)
        and all(isinstance(found[name], kind) for name, kind in KINDS.items())
    )


def append(folder: Path, entry: Entry) -> None:
    """Add a line and force it to disk."""
    content = json.dumps(asdict(entry)).encode()
    handle = os.open(folder / MANIFEST, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        size = os.fstat(handle).st_size
        # After a line that a crash cut off, a new line must not continue it.
        is_torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        write_all(handle, b"\n" * is_torn + checksum(content) + b" " + content + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)


def checksum(content: bytes) -> bytes:
    """Checksum of a line."""
    return f"{zlib.crc32(content):08x}".encode()
