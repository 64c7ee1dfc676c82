"""CPU times compared with committed ones, each in units of the yardstick measured beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from experiments.benchmarking.rows import Row

COMMITTED = Path(__file__).with_suffix(".json")
ALLOWED_SLOWDOWN = 0.15
"""Two whole runs of the benchmark on one machine agree to within an eighth."""


class Change(NamedTuple):
    """A CPU time now over the committed one, both in units of their yardstick."""

    name: str
    ratio: float

    @property
    def is_slower(self) -> bool:
        """Whether it is slower than allowed."""
        return self.ratio > 1.0 + ALLOWED_SLOWDOWN


def changes(now: Sequence[Row], before: Sequence[Row]) -> list[Change]:
    """Every CPU time that both hold, in the order of now."""
    committed = {row.name: row.in_yardsticks for row in before}
    pairs = ((row.name, row.in_yardsticks, committed.get(row.name)) for row in now)
    return [
        Change(name, ours / theirs)
        for name, ours, theirs in pairs
        if ours is not None and theirs is not None
    ]
