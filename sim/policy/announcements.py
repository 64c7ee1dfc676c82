"""Dated decisions: an announcement binds in a month and changes what is in force from then on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Governed(Protocol):
    """What a decision may touch: the month's record and, at a deadline, the crews' papers."""

    @property
    def in_force(self) -> np.void:
        """Record (state.NOW) of what is in force."""

    @property
    def month(self) -> int:
        """Month that comes next, in which the decision binds."""

    def call_in_work_papers(self) -> None:
        """Have every crew member on a work paper reviewed in the coming month."""


@dataclass(frozen=True)
class Announcement:
    """A change that binds at the start of `month`."""

    month: int
    title: str
    change: Callable[[Governed], None]


@dataclass(frozen=True)
class Setting:
    """A change that puts values in force."""

    values: Mapping[str, float]

    def __call__(self, market: Governed) -> None:
        """Write the values into what is in force."""
        for name, value in self.values.items():
            market.in_force[name] = value


def setting(**values: float) -> Setting:
    """A change that puts these values in force."""
    return Setting(values)
