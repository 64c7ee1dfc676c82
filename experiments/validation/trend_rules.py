"""Naive rules that know nothing but past levels, and the errors that they made before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np


class Level(NamedTuple):
    """What was observed, and when, in years."""

    year: float
    value: float


TrendRule = Callable[[Sequence[Level], float], float | None]
"""From past levels in order of time and a later year to what it foresees; None if it cannot."""


def last_level(past: Sequence[Level], year: float) -> float | None:
    """Everything stays as it was last observed."""
    return past[-1].value if past else None


def straight_line(past: Sequence[Level], year: float) -> float | None:
    """The least-squares line through all past levels goes on."""
    if len(past) < 2:
        return None
    slope, intercept = np.polyfit(
        [level.year for level in past], [level.value for level in past], 1
    )
    return float(slope * year + intercept)


def constant(past: Sequence[Level], year: float) -> float | None:
    """The mean of all past levels."""
    return float(np.mean([level.value for level in past])) if past else None


TREND_RULES: dict[str, TrendRule] = {
    "straight line": straight_line,
    "last level": last_level,
    "constant": constant,
}


def past_errors(rule: TrendRule, past: Sequence[Level], lead: float) -> tuple[float, ...]:
    """Observed less foreseen where the rule had looked about `lead` years ahead.

    Every observation is foreseen from every number of earlier ones; the errors kept are those of
    the lead nearest to the one asked for.
    """
    by_lead: dict[float, list[float]] = {}
    for later, observed in enumerate(past):
        for known in range(1, later + 1):
            foreseen = rule(past[:known], observed.year)
            if foreseen is not None:
                ahead = round(observed.year - past[known - 1].year, 6)
                by_lead.setdefault(ahead, []).append(observed.value - foreseen)
    if not by_lead:
        return ()
    return tuple(by_lead[min(by_lead, key=lambda ahead: (abs(ahead - lead), ahead))])
