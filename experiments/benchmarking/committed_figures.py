"""Times of the processor against committed ones, each in units of the yardstick that was measured beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from experiments.benchmarking.rows import Row

ALLOWED_SLOWDOWN = 0.15


class Change(NamedTuple):
    """A time now over the committed one, both in units of the yardstick of their machine."""

    name: str
    ratio: float

    @property
    def is_slower(self) -> bool:
        """Whether it fails."""
        return self.ratio > 1.0 + ALLOWED_SLOWDOWN


def changes(now: Sequence[Row], before: Sequence[Row]) -> list[Change]:
    """Every time of the processor that both have, in their order now."""
    committed = {row.name: row.in_yardsticks for row in before}
    pairs = ((row.name, row.in_yardsticks, committed.get(row.name)) for row in now)
    return [
        Change(name, ours / theirs)
        for name, ours, theirs in pairs
        if ours is not None and theirs is not None
    ]
