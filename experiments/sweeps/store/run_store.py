"""The store of a sweep: shards that are whole or not there, checked before they are trusted."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from experiments.ensembles.ensemble import available_cores
from experiments.results.result_folder import FolderError
from experiments.sweeps.store.manifest import (
    ADDED,
    MANIFEST,
    SET_ASIDE,
    Entry,
    append,
    read_manifest,
)
from experiments.sweeps.store.shards import FAILURES, RUNS, encoded, file_name, ids_in, sha256
from experiments.sweeps.store.store_lock import LOCK
from experiments.sweeps.store.store_record import (
    STORE,
    check_format,
    differences,
    read_store_record,
    write_store_record,
)
from experiments.sweeps.store.whole_files import TEMPORARY, write_whole

DAMAGED = "damaged"
DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)


class StoreStoppedError(FolderError):
    """The store cannot take another shard; what it holds is whole."""


@dataclass
class RunStore:
    """A store, opened by the sweep that holds its lock.

    `shards` are the shards of the manifest by file name.
    """

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
        """How long a run took on average; None if none has been timed."""
        timed = [entry for entry in self.of_kind(RUNS) if entry.seconds]
        if not timed:
            return None
        return sum(entry.seconds for entry in timed) / sum(len(entry.ids()) for entry in timed)

    def add(self, kind: str, table: pa.Table, runs: Sequence[str], seconds: float = 0.0) -> None:
        """Add a shard; raises StoreStoppedError if it cannot be written.

        The file comes first and its line in the manifest second: a crash in between leaves a whole
        file that `repair` finds.
        """
        content = encoded(table)
        checksum = sha256(content)
        name = file_name(kind, checksum)
        entry = Entry(ADDED, name, checksum, len(content), "".join(runs), seconds)
        try:
            write_whole(self.folder / entry.file, content)
            append(self.folder, entry)
        except OSError as error:
            raise StoreStoppedError(stopped_message(self.folder, error)) from error
        self.shards[entry.file] = entry

    def set_aside(self, entry: Entry, reason: str) -> str:
        """Take a shard out of the store, keeping its file under damaged/; returns a message."""
        path, aside = self.folder / entry.file, self.folder / DAMAGED / Path(entry.file).name
        if path.exists():
            aside.parent.mkdir(exist_ok=True)
            path.replace(aside)
        append(self.folder, Entry(SET_ASIDE, entry.file))
        self.shards.pop(entry.file, None)
        kept = f", set aside as {DAMAGED}/{aside.name}" if aside.exists() else ""
        return f"{entry.file}: {reason}{kept}; its {len(entry.ids())} runs are simulated again"

    def repair(self) -> list[str]:
        """Set damaged shards aside and add whole ones that a crash kept out of the manifest.

        Every shard is read and its checksum compared. Returns a message for each that was mended.
        """
        for left in self.folder.glob(f"*/*{TEMPORARY}"):
            left.unlink()
        entries = list(self.shards.values())
        with ThreadPoolExecutor(available_cores()) as pool:
            defects = list(pool.map(self._defect, entries))
        set_aside = [
            self.set_aside(entry, defect)
            for entry, defect in zip(entries, defects, strict=True)
            if defect
        ]
        return set_aside + [self._adopt(path) for path in self._unlisted()]

    def _defect(self, entry: Entry) -> str:
        """What is wrong with a shard; empty if its checksum is right."""
        path = self.folder / entry.file
        if not path.exists():
            return "missing"
        try:
            is_whole = sha256(path.read_bytes()) == entry.sha256
        except OSError as error:
            return f"unreadable ({error.strerror})"
        return "" if is_whole else "damaged (its checksum differs)"

    def _unlisted(self) -> list[Path]:
        """Shards that are not in the manifest."""
        found = [
            path
            for kind in (RUNS, FAILURES)
            for path in sorted((self.folder / kind).glob("*.parquet"))
        ]
        return [path for path in found if f"{path.parent.name}/{path.name}" not in self.shards]

    def _adopt(self, path: Path) -> str:
        """Add an unlisted shard to the manifest, or set it aside; returns a message.

        It is whole if its name is the hash of its content.
        """
        content, kind = path.read_bytes(), path.parent.name
        checksum, name = sha256(content), f"{kind}/{path.name}"
        if file_name(kind, checksum) != name:
            return self.set_aside(Entry(ADDED, name), "damaged, and not in the manifest")
        runs = ids_in(path)
        entry = Entry(ADDED, name, checksum, len(content), "".join(runs))
        append(self.folder, entry)
        self.shards[entry.file] = entry
        return f"{entry.file}: whole but not in the manifest; its {len(runs)} runs are added"


def open_run_store(folder: Path, identity: Mapping[str, Any]) -> RunStore:
    """The store in a folder, made if there is none.

    Raises FolderError if it holds another sweep or was written by another version.
    """
    is_new = not (folder / STORE).exists()
    if is_new and any((folder / kind).exists() for kind in (RUNS, FAILURES)):
        advice = "restore it, or choose another store="
        raise FolderError(f"store: {folder} holds shards but no {STORE}; {advice}")
    for kind in (RUNS, FAILURES):
        if (folder / kind).exists() and not (folder / kind).is_dir():
            advice = "move that file away, or choose another store="
            raise FolderError(f"store: {folder / kind} is a file and no folder; {advice}")
        (folder / kind).mkdir(exist_ok=True)
    if is_new:
        write_store_record(folder, identity)
    if differing := differences(read_store_record(folder), identity):
        advice = "choose another store=, or leave store= out"
        raise FolderError(f"store: {folder} holds another sweep ({'; '.join(differing)}); {advice}")
    return RunStore(folder, read_manifest(folder))


def read_store(folder: Path) -> RunStore:
    """A store as it is, or an empty one: nothing is locked, made or repaired.

    Raises FolderError if it was written by another version.
    """
    check_format(folder)
    return RunStore(folder, read_manifest(folder))


def remove_empty_store(folder: Path, made: Sequence[Path]) -> None:
    """Remove a store without runs, and the folders made for it that hold nothing else."""
    # The lock goes last, as it is still held.
    for name in (STORE, MANIFEST, LOCK):
        (folder / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        for path in (folder / RUNS, folder / FAILURES, *made):
            path.rmdir()


@contextlib.contextmanager
def store_errors_reported(folder: Path) -> Iterator[None]:
    """Turn every error of the disk, such as a full or a read-only one, into a StoreStoppedError."""
    try:
        yield
    except OSError as error:
        raise StoreStoppedError(stopped_message(folder, error)) from error


def stopped_message(folder: Path, error: OSError) -> str:
    """Why a store stopped, what it holds, and what to do."""
    is_full = error.errno in DISK_IS_FULL
    reason = "the disk is full" if is_full else " ".join(str(error).split())
    advice = "make room" if is_full else "mend that"
    return f"stopped: {reason}; {runs_kept(folder)}; {advice} and run the same command to go on"


def runs_kept(folder: Path) -> str:
    """What a store holds, in words, read from its disk."""
    try:
        done = len(RunStore(folder, read_manifest(folder)).done())
    except (OSError, FolderError) as error:
        return f"what {folder} holds cannot be read ({error})"
    return f"{folder} is whole with {done:,} runs" if done else f"{folder} holds no run yet"
