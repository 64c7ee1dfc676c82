"""The manifest: one checksummed line for each shard taken in or set aside; a line torn by a crash is no line."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

MANIFEST = "manifest.jsonl"
ADDED, SET_ASIDE = "added", "set aside"
ID_LENGTH = 32


@dataclass(frozen=True)
class Entry:
    """What is known of a shard. `runs` are the ids of its runs, one after the other without a gap; `seconds` what they cost."""

    event: str
    file: str
    sha256: str = ""
    size: int = 0
    runs: str = ""
    seconds: float = 0.0

    def ids(self) -> list[str]:
        """Ids of the shard's runs, in the order of its rows."""
        return [self.runs[i : i + ID_LENGTH] for i in range(0, len(self.runs), ID_LENGTH)]


def read_manifest(folder: Path) -> dict[str, Entry]:
    """Shards in the store by file name; unreadable lines are passed over."""
    shards: dict[str, Entry] = {}
    for entry in entries(folder / MANIFEST):
        if entry.event == ADDED:
            shards[entry.file] = entry
        else:
            shards.pop(entry.file, None)
    return shards


def entries(path: Path) -> Iterator[Entry]:
    """Every line whose checksum holds."""
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    for line in lines:
        check, _, content = line.partition(b" ")
        if content and check == checksum(content):
            yield Entry(**json.loads(content))


def append(folder: Path, entry: Entry) -> None:
    """Add a line and force it to disk; it begins on a line of its own even after a torn one."""
    content = json.dumps(asdict(entry)).encode()
    handle = os.open(folder / MANIFEST, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        write_all(handle, b"\n" * torn + checksum(content) + b" " + content + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, content: bytes) -> None:
    """Write every byte, or raise OSError."""
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def checksum(content: bytes) -> bytes:
    """Of a line."""
    return f"{zlib.crc32(content):08x}".encode()
