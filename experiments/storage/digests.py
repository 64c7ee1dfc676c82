"""Digests: by them a flipped bit and a stranger's edit are found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from experiments.storage.folder_error import FolderError

NAME_DIGITS = 32
"""Digits of a digest in the name of a file that is named by its content."""


def sha256(content: bytes) -> str:
    """Digest of some bytes."""
    return hashlib.sha256(content).hexdigest()


def hash_of(paths: Iterable[Path]) -> str:
    """Digest of files one after the other, read in pieces to save memory."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()


def name_by_content(prefix: str, content: bytes, suffix: str) -> str:
    """A file name with the digest of the file's content, which shows whether the file is whole."""
    return f"{prefix}{sha256(content)[:NAME_DIGITS]}{suffix}"


def confined(folder: Path, name: str) -> Path:
    """The place of a file that is named in data; raises FolderError if it is not inside `folder`.

    Neither `..` nor an absolute name nor a link leads out.
    """
    written = PurePosixPath(name)
    path = folder / written
    if (
        written.is_absolute()
        or ".." in written.parts
        or "\0" in name
        # Resolved as well, as a link inside the folder may lead out of it.
        or not path.resolve().is_relative_to(folder.resolve())
    ):
        raise FolderError(
            f"{folder}: it names the file {name!r}, which lies outside this folder; nothing there "
            "was read or written"
        )
    return path
