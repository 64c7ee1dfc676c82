"""The store of a sweep: shards that are whole or not there, found again after any crash, checked before they are trusted."""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from experiments.ensembles.ensemble import available_cores
from experiments.results.result_folder import FolderError, flush
from experiments.sweeps.store.lock import LOCK
from experiments.sweeps.store.manifest import (
    ADDED,
    MANIFEST,
    SET_ASIDE,
    Entry,
    append,
    read_manifest,
    write_all,
)
from experiments.sweeps.store.shards import FAILURES, RUNS, encoded, file_name, ids_in, sha256

STORE, DAMAGED, TEMPORARY = "store.json", "damaged", ".tmp"
DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)
DIFFERENCES_NAMED = 6


class StoreStoppedError(FolderError):
    """The store cannot take another shard; what it holds is whole."""


@dataclass
class RunStore:
    """A store opened by the sweep that holds its lock. `shards` are those of the manifest by file name."""

    folder: Path
    shards: dict[str, Entry] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[Entry]:
        """Shards of runs, or of failures."""
        return [entry for name, entry in self.shards.items() if name.startswith(f"{kind}/")]

    def done(self) -> set[str]:
        """Ids of runs that succeeded."""
        return {run for entry in self.of_kind(RUNS) for run in entry.ids()}

    def failed(self) -> set[str]:
        """Ids of runs that failed and have not succeeded since."""
        return {run for entry in self.of_kind(FAILURES) for run in entry.ids()} - self.done()

    def size(self) -> int:
        """Bytes of all shards."""
        return sum(entry.size for entry in self.shards.values())

    def seconds_a_run(self) -> float | None:
        """What a run has cost on average, if any has been timed."""
        timed = [entry for entry in self.of_kind(RUNS) if entry.seconds]
        return (
            sum(entry.seconds for entry in timed) / sum(len(entry.ids()) for entry in timed)
            if timed
            else None
        )

    def add(self, kind: str, table: pa.Table, runs: Sequence[str], seconds: float = 0.0) -> None:
        """Take a shard in: temporary file, fsync, rename, then the manifest. Raises StoreStoppedError if the disk refuses."""
        content = encoded(table)
        digest = sha256(content)
        entry = Entry(ADDED, file_name(kind, digest), digest, len(content), "".join(runs), seconds)
        try:
            place_file(self.folder / entry.file, content)
            append(self.folder, entry)
        except OSError as error:
            raise StoreStoppedError(stopped(self.folder, error, len(self.done()))) from error
        self.shards[entry.file] = entry

    def set_aside(self, entry: Entry, reason: str) -> str:
        """Take a shard out of the store, keeping its file under damaged/; returns what to say about it."""
        path, aside = self.folder / entry.file, self.folder / DAMAGED / Path(entry.file).name
        if path.exists():
            aside.parent.mkdir(exist_ok=True)
            path.replace(aside)
        append(self.folder, Entry(SET_ASIDE, entry.file))
        self.shards.pop(entry.file, None)
        kept = f", set aside as {DAMAGED}/{aside.name}" if aside.exists() else ""
        return f"{entry.file}: {reason}{kept}; its {len(entry.ids())} runs run again"

    def mend(self) -> list[str]:
        """Check every shard by its checksum, adopt whole ones that a crash kept out of the manifest; returns what was found."""
        for left in self.folder.glob(f"*/*{TEMPORARY}"):
            left.unlink()
        entries = list(self.shards.values())
        with ThreadPoolExecutor(available_cores()) as pool:
            wrong = list(pool.map(self._trouble, entries))
        said = [
            self.set_aside(entry, reason)
            for entry, reason in zip(entries, wrong, strict=True)
            if reason
        ]
        return said + [self._adopt(path) for path in self._strangers()]

    def _trouble(self, entry: Entry) -> str:
        """What is wrong with a shard; nothing, if its checksum holds."""
        path = self.folder / entry.file
        if not path.exists():
            return "missing"
        try:
            return (
                ""
                if sha256(path.read_bytes()) == entry.sha256
                else "damaged (its checksum differs)"
            )
        except OSError as error:
            return f"unreadable ({error.strerror})"

    def _strangers(self) -> list[Path]:
        """Shards that are not in the manifest."""
        found = [
            path
            for kind in (RUNS, FAILURES)
            for path in sorted((self.folder / kind).glob("*.parquet"))
        ]
        return [path for path in found if f"{path.parent.name}/{path.name}" not in self.shards]

    def _adopt(self, path: Path) -> str:
        """A shard that was renamed but not yet written down: its name tells whether it is whole."""
        content, kind = path.read_bytes(), path.parent.name
        digest = sha256(content)
        if file_name(kind, digest) != f"{kind}/{path.name}":
            return self.set_aside(
                Entry(ADDED, f"{kind}/{path.name}"), "damaged, and not in the manifest"
            )
        runs = ids_in(path)
        entry = Entry(ADDED, f"{kind}/{path.name}", digest, len(content), "".join(runs))
        append(self.folder, entry)
        self.shards[entry.file] = entry
        return f"{entry.file}: whole but not in the manifest; its {len(runs)} runs are taken in"


def open_run_store(folder: Path, identity: Mapping[str, Any]) -> RunStore:
    """The store in a folder, made if there is none; raises FolderError if it holds another sweep."""
    path = folder / STORE
    if not path.exists() and any((folder / kind).exists() for kind in (RUNS, FAILURES)):
        raise FolderError(
            f"store: {folder} holds shards but no {STORE}; restore it, or choose another store="
        )
    if not path.exists():
        for kind in (RUNS, FAILURES):
            (folder / kind).mkdir(exist_ok=True)
        place_file(path, (json.dumps(identity, indent=1, ensure_ascii=False) + "\n").encode())
    if differing := differences(read_identity(folder), identity):
        raise FolderError(
            f"store: {folder} holds another sweep ({'; '.join(differing)}); choose another store=, or leave store= out"
        )
    return RunStore(folder, read_manifest(folder))


def take_back(folder: Path, made: Sequence[Path]) -> None:
    """Remove a store without runs, and of the folders made for it those that hold nothing else; the lock goes last, as it is held."""
    for name in (STORE, MANIFEST, LOCK):
        (folder / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        for path in (folder / RUNS, folder / FAILURES, *made):
            path.rmdir()


def peek(folder: Path) -> RunStore:
    """A store as it is, for reading only: nothing is locked, made or mended."""
    return RunStore(folder, read_manifest(folder))


def read_identity(folder: Path) -> dict[str, Any]:
    """What a store's runs have in common."""
    try:
        found: dict[str, Any] = json.loads((folder / STORE).read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError) as error:
        raise FolderError(
            f"store: {folder / STORE} cannot be read ({error}); restore it, or choose another store="
        ) from None


def differences(held: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """In what a store and a sweep differ, in words."""
    if held.get("varies") != wanted["varies"]:
        return [
            f"it varies {', '.join(held.get('varies', {}))}, this one {', '.join(wanted['varies'])}"
        ]
    one, other = ({**each, **each.get("fixed", {})} for each in (held, wanted))
    keys = [
        key
        for key in dict.fromkeys([*one, *other])
        if key != "fixed" and one.get(key) != other.get(key)
    ]
    said = [
        f"{key} is {one.get(key)} there and {other.get(key)} now"
        for key in keys[:DIFFERENCES_NAMED]
    ]
    return said + [f"and {len(keys) - DIFFERENCES_NAMED} more"] * (len(keys) > DIFFERENCES_NAMED)


def place_file(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, whatever happens."""
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
    flush(path.parent)


@contextlib.contextmanager
def told_when_full(folder: Path) -> Iterator[None]:
    """Say of a disk that is full, whatever was being written, what `stopped` says."""
    try:
        yield
    except OSError as error:
        if error.errno not in DISK_IS_FULL:
            raise
        raise StoreStoppedError(stopped(folder, error, len(peek(folder).done()))) from error


def stopped(folder: Path, error: OSError, done: int) -> str:
    """The one message of a store that can take no more."""
    reason = (
        "the disk is full" if error.errno in DISK_IS_FULL else f"writing failed ({error.strerror})"
    )
    return f"stopped: {reason}; {folder} is whole with {done} runs; make room and run the same command to go on"
