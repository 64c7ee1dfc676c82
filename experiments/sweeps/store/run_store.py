"""The store of a sweep: shards that are whole or not there, checked before they are trusted."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from experiments.ensembles.ensemble import available_cores
from experiments.storage.digests import confined, sha256
from experiments.storage.folder_error import FolderError
from experiments.storage.folder_lock import HOLDER, LOCK
from experiments.storage.manifest import (
    ADDED,
    MANIFEST,
    SET_ASIDE,
    Entry,
    Manifest,
    read_manifest,
)
from experiments.storage.whole_files import clear_drafts, make_folder, write_whole
from experiments.sweeps.store.shards import FAILURES, RUNS, encoded, ids_in, shard_name
from experiments.sweeps.store.store_record import (
    STORE,
    check_format,
    differences,
    read_store_record,
    write_store_record,
)

DAMAGED = "damaged"
DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)


class StoreStoppedError(FolderError):
    """The store cannot take another shard; what it holds is whole."""


@dataclass
class RunStore:
    """A store, opened by the sweep that holds its lock."""

    folder: Path
    manifest: Manifest

    @property
    def shards(self) -> dict[str, Entry]:
        """Shards of the manifest by file name."""
        return self.manifest.shards

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
        return sum(entry.size for kind in (RUNS, FAILURES) for entry in self.of_kind(kind))

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
        # Encoded in memory, as the name of the file is the digest of all of its bytes.
        content = encoded(table)
        name = shard_name(kind, content)
        entry = Entry(ADDED, name, sha256(content), len(content), "".join(runs), seconds)
        try:
            write_whole(self.folder / entry.file, content)
            self.manifest.append(entry)
        except OSError as error:
            raise StoreStoppedError(stopped_message(self.folder, error)) from error

    def record_files(self, *names: str) -> None:
        """Note in the manifest the digests of files about the runs, such as their summary."""
        for name in names:
            content = (self.folder / name).read_bytes()
            self.manifest.append(Entry(ADDED, name, sha256(content), len(content)))

    def set_aside(self, entry: Entry, reason: str) -> str:
        """Take a shard out of the store, keeping its file under damaged/; returns a message."""
        kept = self._keep_aside(entry.file)
        self.manifest.append(Entry(SET_ASIDE, entry.file))
        return f"{entry.file}: {reason}{kept}; its {len(entry.ids())} runs are simulated again"

    def _keep_aside(self, name: str) -> str:
        """Move a file to damaged/, if it is there; returns where it is kept, in words."""
        path, aside = confined(self.folder, name), self.folder / DAMAGED / Path(name).name
        if not path.exists():
            return ""
        make_folder(aside.parent)
        path.replace(aside)
        return f", set aside as {DAMAGED}/{aside.name}"

    def repair(self) -> list[str]:
        """Set damaged shards aside and add whole ones that a crash kept out of the manifest.

        Every shard is read and its digest compared. Returns a message for each that was mended.
        """
        for name in (".", RUNS, FAILURES):
            clear_drafts(confined(self.folder, name))
        messages = [] if self.manifest.is_whole else [self._mend_manifest()]
        entries = [entry for kind in (RUNS, FAILURES) for entry in self.of_kind(kind)]
        # Hashing lets go of the interpreter lock, so that threads read and hash in parallel.
        with ThreadPoolExecutor(available_cores()) as pool:
            defects = list(pool.map(self.defect, entries))
        messages += [
            self.set_aside(entry, defect)
            for entry, defect in zip(entries, defects, strict=True)
            if defect
        ]
        return messages + [self._adopt(path) for path in self.unlisted()]

    def _mend_manifest(self) -> str:
        """Write the manifest again from the lines that count; returns a message."""
        kept = self._keep_aside(MANIFEST)
        self.manifest.rewrite()
        return f"{MANIFEST}: missing, cut off or edited{kept}; it is written again from the shards"

    def defect(self, entry: Entry) -> str:
        """What is wrong with a shard; empty if its digest is right."""
        path = confined(self.folder, entry.file)
        if not path.exists():
            return "missing"
        try:
            is_whole = sha256(path.read_bytes()) == entry.sha256
        except OSError as error:
            return f"unreadable ({error.strerror})"
        # The digest of the bytes decides, not whether Parquet can be read: flipped bits in numbers
        # can.
        return "" if is_whole else "damaged (its digest differs)"

    def unlisted(self) -> list[Path]:
        """Shards that are not in the manifest."""
        found = [
            path
            for kind in (RUNS, FAILURES)
            for path in sorted(confined(self.folder, kind).glob("*.parquet"))
        ]
        return [path for path in found if f"{path.parent.name}/{path.name}" not in self.shards]

    def _adopt(self, path: Path) -> str:
        """Add an unlisted shard to the manifest, or set it aside; returns a message.

        It is whole if its name is the hash of its content.
        """
        name = f"{path.parent.name}/{path.name}"
        content = confined(self.folder, name).read_bytes()
        if shard_name(path.parent.name, content) != name:
            return self.set_aside(Entry(ADDED, name), "damaged, and not in the manifest")
        runs = ids_in(path)
        self.manifest.append(Entry(ADDED, name, sha256(content), len(content), "".join(runs)))
        return f"{name}: whole but not in the manifest; its {len(runs)} runs are added"


def open_run_store(folder: Path, identity: Mapping[str, Any]) -> RunStore:
    """The store in a folder, made if there is none.

    Raises FolderError if it holds another sweep or was written by another version.
    """
    is_new = not (folder / STORE).exists()
    if is_new and any(list(folder.glob(f"{kind}/*.parquet")) for kind in (RUNS, FAILURES)):
        advice = "restore it, or choose another store="
        raise FolderError(f"store: {folder} holds shards but no {STORE}; {advice}")
    manifest = read_manifest(folder)
    for kind in (RUNS, FAILURES):
        if (folder / kind).exists() and not (folder / kind).is_dir():
            advice = "move that file away, or choose another store="
            raise FolderError(f"store: {folder / kind} is a file and no folder; {advice}")
        make_folder(folder / kind)
    if is_new:
        # The store's own record comes last: a folder that has one has all the rest.
        manifest.rewrite()
        write_store_record(folder, identity)
    if differing := differences(read_store_record(folder), identity):
        advice = "choose another store=, or leave store= out"
        raise FolderError(f"store: {folder} holds another sweep ({'; '.join(differing)}); {advice}")
    return RunStore(folder, manifest)


def read_store(folder: Path) -> RunStore:
    """A store as it is, or an empty one: nothing is locked, made or repaired.

    Raises FolderError if it was written by another version.
    """
    check_format(folder)
    return RunStore(folder, read_manifest(folder))


def checked_runs(folder: Path) -> list[Path]:
    """The shards of runs of a store that is only read; raises FolderError if one is damaged."""
    store = read_store(folder)
    defects = [f"{entry.file}: {store.defect(entry)}" for entry in store.of_kind(RUNS)]
    if found := [line for line in defects if not line.endswith(": ")]:
        raise FolderError(
            f"{folder}: {found[0]}; run the sweep's command again, which mends its store"
        )
    return sorted(folder / entry.file for entry in store.of_kind(RUNS))


def remove_empty_store(folder: Path, made: Sequence[Path]) -> None:
    """Remove a store without runs, and the folders made for it that hold nothing else."""
    with contextlib.suppress(OSError):
        # The lock goes last, as it is still held; Windows keeps it then, and the folder.
        for name in (STORE, MANIFEST, HOLDER, LOCK):
            (folder / name).unlink(missing_ok=True)
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
