"""Damage to files for good."""

from __future__ import annotations

import random
from pathlib import Path


def flip_a_bit(path: Path, generator: random.Random) -> None:
    """Flip one bit of a file."""
    content = bytearray(path.read_bytes())
    content[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
    path.write_bytes(content)
