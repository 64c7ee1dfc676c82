"""Folders with a record that holds the digest of every other file, and of itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.storage.digests import confined, hash_of
from experiments.storage.folder_error import FolderError
from experiments.storage.sealed_json import check_seal, write_sealed
from experiments.storage.whole_files import is_draft

FILES = "files"
"""Key of a record: the SHA-256 of every other file of its folder by name."""
RECORD_NAME, RUN_RECORD = "record.json", "run.json"
"""The record of a folder, and what it is called in results of experiments.run."""
ADVICE = "restore it from a copy, or make the folder again"


def write_record(folder: Path, record: Mapping[str, Any], name: str = RECORD_NAME) -> None:
    """Write the record of a folder, with the digest of every other file."""
    files = {path.name: hash_of([path]) for path in sorted(folder.iterdir()) if path.name != name}
    write_sealed(folder / name, {**record, FILES: files})


def read_record(folder: Path, name: str = RECORD_NAME) -> dict[str, Any]:
    """The record of a folder; raises FolderError if it cannot be read or was edited."""
    path = folder / name
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        check_seal(path, record)
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        problem = " ".join(str(error).split())
        raise FolderError(f"{path}: missing or damaged ({problem}); {ADVICE}") from error
    return record


def record_file(path: Path) -> None:
    """Bring the digest of a file that was written again into the record of its folder, if any."""
    for name in (RECORD_NAME, RUN_RECORD):
        if (path.parent / name).is_file():
            record = read_record(path.parent, name)
            files = {**record[FILES], path.name: hash_of([path])}
            write_sealed(path.parent / name, {**record, FILES: files})


def fault_of(folder: Path, name: str, record: Mapping[str, Any]) -> str:
    """How a file differs from its folder's record; empty if it does not."""
    expected, path = record[FILES].get(name), confined(folder, name)
    if not path.is_file():
        return "missing"
    if expected is None:
        return "not in the record of its folder"
    return "" if hash_of([path]) == expected else "damaged or edited, by the record of its folder"


def check_file(folder: Path, name: str, record: Mapping[str, Any]) -> None:
    """Raise FolderError unless a file is as the record of its folder says."""
    if fault := fault_of(folder, name, record):
        raise FolderError(f"{folder / name}: {fault}; {ADVICE}")


def faults(folder: Path, name: str) -> list[str]:
    """A line for every file of a folder that is not as its record, the file `name`, says."""
    record = read_record(folder, name)
    # Both ways: a file that is missing, and one that the record does not know.
    present = {path.name for path in folder.iterdir() if not is_draft(path.name)} - {name}
    return [
        f"{each}: {fault}"
        for each in sorted(present | record[FILES].keys())
        if (fault := fault_of(folder, each, record))
    ]
