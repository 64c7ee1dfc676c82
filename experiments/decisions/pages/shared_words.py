"""Words that the answers of several commands share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.results.summary_reader import EN_DASH


def share_text(interval: Sequence[float]) -> str:
    """'38 % [33-44]' (with an en dash)."""
    low, middle, high = (f"{100.0 * value + 0.0:.0f}" for value in interval)
    return f"{middle}\u00a0% [{low}{EN_DASH}{high}]"


def scale_note(numbers: Mapping[str, Any]) -> list[str]:
    """What simulating a part of the market does to an answer; nothing at full size."""
    if numbers["scale"] == 1.0:
        return []
    return [
        f"Simulated at {numbers['scale']:g} of the size of {numbers['region']}: chance has more "
        "weight than it would have at full size."
    ]
