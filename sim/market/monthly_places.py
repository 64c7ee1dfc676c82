"""Whole places a month in a scaled market."""

from __future__ import annotations

import math

from sim.engine.compiling import rule


@rule
def places_in_month(places_per_month: float, month: int) -> int:
    """Whole places of a month, such as seats of a transport, that average `places_per_month`.

    The fraction left over counts in later months: a scaled market offers neither more nor less.
    """
    return int(math.floor((month + 1) * places_per_month) - math.floor(month * places_per_month))
