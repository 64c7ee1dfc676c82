"""The manifest of a store: a line for each shard added or set aside.

Each line begins with a digest of itself and of the line before, so that a line that was cut off,
edited, removed or moved breaks the chain there. Lines after a break do not count.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from experiments.storage.digests import confined, sha256
from experiments.storage.folder_error import FolderError
from experiments.storage.whole_files import append_synced, write_whole

MANIFEST = "manifest.jsonl"
ADDED, SET_ASIDE = "added", "set aside"
ID_LENGTH = 32
ENTRY_TYPES: dict[str, type | tuple[type, ...]] = {
    "action": str,
    "file": str,
    "sha256": str,
    "size": int,
    "runs": str,
    "seconds": (int, float),
}


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


@dataclass
class Manifest:
    """The manifest of a folder: its shards by file name, and whether all its lines count."""

    folder: Path
    shards: dict[str, Entry] = field(default_factory=dict)
    is_whole: bool = True
    last: str = ""
    """Digest of the last line, from which the next continues."""

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / MANIFEST

    def append(self, entry: Entry) -> None:
        """Add a line and force it to disk."""
        digest, line = next_line(self.last, entry)
        append_synced(self.path, line)
        self._note(entry, digest)

    def rewrite(self) -> None:
        """Write the whole file again, with a line for each shard that counts."""
        last, lines = "", []
        for entry in self.shards.values():
            last, line = next_line(last, entry)
            lines.append(line)
        write_whole(self.path, b"".join(lines))
        self.last, self.is_whole = last, True

    def _note(self, entry: Entry, digest: str) -> None:
        """Bring the shards up to date after a line."""
        self.last = digest
        if entry.action == ADDED:
            self.shards[entry.file] = entry
        else:
            self.shards.pop(entry.file, None)

    def read(self) -> Manifest:
        """Take in the lines of the file up to the first that does not count; returns itself.

        Raises FolderError for a line that is whole but not what this program writes.
        """
        lines = self.path.read_bytes().split(b"\n") if self.path.exists() else [b"missing"]
        # A whole file ends with a newline, after which nothing comes.
        for line in lines[:-1]:
            digest, _, content = line.partition(b" ")
            if digest != chained(self.last, content).encode():
                # What follows may have been edited as well; a repair goes by the shards' digests.
                self.is_whole = False
                return self
            self._note(entry_in(self.folder, content), digest.decode())
        self.is_whole = lines[-1] == b""
        return self


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; empty where there is none."""
    return Manifest(folder).read()


def next_line(before: str, entry: Entry) -> tuple[str, bytes]:
    """Digest and text of the line of an entry."""
    content = json.dumps(asdict(entry))
    digest = chained(before, content.encode())
    return digest, f"{digest} {content}\n".encode()


def chained(before: str, content: bytes) -> str:
    """Digest of a line after one with the digest `before`."""
    return sha256(before.encode() + content)


def entry_in(folder: Path, content: bytes) -> Entry:
    """The entry in a line; raises FolderError if it has other fields, or names a file elsewhere."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not is_entry(found):
        raise FolderError(
            f"store: {folder / MANIFEST}: a line was written by another version of this program; "
            "read the store with that version, or choose another store="
        )
    confined(folder, found["file"])
    return Entry(**found)


def is_entry(found: object) -> bool:
    """Whether the content of a line has the fields of an entry, of the right kinds."""
    return (
        isinstance(found, dict)
        and found.keys() == ENTRY_TYPES.keys()
        and all(isinstance(found[name], kind) for name, kind in ENTRY_TYPES.items())
    )
