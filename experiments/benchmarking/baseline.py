"""Times of the processor against committed ones, each in units of the machine's own yardstick."""

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


def changes(now: Sequence[Row], yardstick_now: float, before: Sequence[Row], yardstick_before: float) -> list[Change]:
    """Every time of the processor that both have, in their order now."""
    committed = {row.name: row.value / yardstick_before for row in before if row.is_time}
    return [Change(row.name, row.value / yardstick_now / committed[row.name]) for row in now if row.is_time and row.name in committed]
