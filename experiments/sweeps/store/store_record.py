"""store.json: the format of a store, and what all its runs have in common."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.storage.folder_error import FolderError
from experiments.storage.sealed_json import DIGEST, check_seal, write_sealed

STORE = "store.json"
FORMAT = 3
"""Version of the names in a store: of its columns, stages and keys.

Stores without a version are of format 1: measures of the baseline had other names there, such as
`wage_real_rub_twin`. Those of format 2 have no digest in store.json, and a manifest whose lines
could be removed unseen. Raise the version whenever a name changes.
"""
MAPPINGS = ("varies", "fixed")
"""What a record holds as mappings."""
DIFFERENCES_NAMED = 6


def write_store_record(folder: Path, identity: Mapping[str, Any]) -> None:
    """Make a store's record."""
    write_sealed(folder / STORE, {"format": FORMAT, **identity})


def read_store_record(folder: Path) -> dict[str, Any]:
    """What a store's runs have in common.

    Raises FolderError if the record cannot be read, was edited, or is of another format.
    """
    path = folder / STORE
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable(path, " ".join(str(error).split())) from None
    if not isinstance(record, dict):
        raise unreadable(path, "it holds no mapping")
    found = record.get("format", 1)
    if not isinstance(found, int):
        raise unreadable(path, "its format is no number")
    if found != FORMAT:
        raise FolderError(other_format(folder, found))
    if lacking := [name for name in MAPPINGS if not isinstance(record.get(name), dict)]:
        raise unreadable(path, f"{lacking[0]} is no mapping")
    check_seal(path, record)
    return {key: value for key, value in record.items() if key not in ("format", DIGEST)}


def unreadable(path: Path, why: str) -> FolderError:
    """The error for a record that is not what a sweep writes."""
    return FolderError(
        f"store: {path} cannot be read ({why}); restore it, or choose another store="
    )


def check_format(folder: Path) -> None:
    """Raise FolderError if a store is there and of another format; nothing is written."""
    if (folder / STORE).exists():
        read_store_record(folder)


def other_format(folder: Path, found: int) -> str:
    """Why a store of another format is refused, and what to do."""
    age = "an earlier" if found < FORMAT else "a later"
    return (
        f"store: {folder} was written by {age} version of this program (store format {found}, "
        f"this version reads {FORMAT}) and was left as it is; choose another store= to simulate "
        "its runs anew, or read it with the version that wrote it"
    )


def differences(held: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """In what a store and a sweep differ, in words."""
    if held.get("varies") != wanted["varies"]:
        keys = [", ".join(each.get("varies", {})) for each in (held, wanted)]
        return [f"it varies {keys[0]}, this sweep {keys[1]}"]
    theirs, ours = ({**each, **each.get("fixed", {})} for each in (held, wanted))
    unlike = [
        key
        for key in dict.fromkeys([*theirs, *ours])
        if key != "fixed" and theirs.get(key) != ours.get(key)
    ]
    named = [
        f"{key} is {theirs.get(key)} there and {ours.get(key)} now"
        for key in unlike[:DIFFERENCES_NAMED]
    ]
    rest = len(unlike) - DIFFERENCES_NAMED
    return [*named, f"and {rest} more"] if rest > 0 else named
