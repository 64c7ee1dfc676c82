"""Single bytes of files edited at random places: every edit must be found."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from experiments.fault_injection.small_commands import DamageError
from experiments.storage.folder_error import FolderError


@contextlib.contextmanager
def edited_byte(path: Path, generator: random.Random) -> Iterator[int]:
    """One byte of a file is another one within the block; gives its place."""
    content = path.read_bytes()
    place = generator.randrange(len(content))
    with path.open("r+b") as file:
        file.seek(place)
        file.write(bytes([content[place] ^ generator.randrange(1, 256)]))
    try:
        yield place
    finally:
        path.write_bytes(content)


def edit_bytes(
    paths: Sequence[Path], is_sound: Callable[[], bool], edits: int, generator: random.Random
) -> None:
    """Edit single bytes of these files in turn; raises DamageError unless each edit is found.

    is_sound: whether the check finds nothing; an error of a folder counts as found.
    """
    if not is_sound():
        raise DamageError("the files are not sound before the first edit")
    for number in range(edits):
        path = paths[number % len(paths)]
        with edited_byte(path, generator) as place, contextlib.suppress(FolderError):
            if is_sound():
                raise DamageError(f"{path.name}: another byte at {place} is not found")
