"""Damage to files: single bytes edited at seeded random places, and mended again."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from pathlib import Path


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


def flip_a_bit(path: Path, generator: random.Random) -> None:
    """Flip one bit of a file for good."""
    content = bytearray(path.read_bytes())
    content[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
    path.write_bytes(content)
