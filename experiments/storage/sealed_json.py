"""JSON files, and records that carry a digest of themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.storage.digests import sha256
from experiments.storage.folder_error import FolderError
from experiments.storage.whole_files import write_whole

DIGEST = "digest"
"""The last key of a record: the SHA-256 of the record without it."""


def as_json(content: Mapping[str, Any]) -> str:
    """A mapping as standard JSON: no NaN, one trailing newline."""
    # NaN is no JSON: other programs would refuse the whole file.
    return json.dumps(content, allow_nan=False, ensure_ascii=False, indent=1) + "\n"


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a mapping as a JSON file."""
    write_whole(path, as_json(content).encode())


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """A record with its digest."""
    plain = {key: value for key, value in content.items() if key != DIGEST}
    return {**plain, DIGEST: sha256(as_json(plain).encode())}


def write_sealed(path: Path, content: Mapping[str, Any]) -> None:
    """Write a record with its digest."""
    write_json(path, sealed(content))


def check_seal(path: Path, content: Mapping[str, Any]) -> None:
    """Raise FolderError unless a record that was read from `path` is as it was written.

    Spaces count as well: the file must be what `write_sealed` writes, byte for byte.
    """
    if path.read_bytes() != as_json(sealed(content)).encode():
        raise FolderError(
            f"{path}: damaged or edited, as its digest is not that of its content; "
            "restore it from a copy, or make the folder again"
        )
