"""What a small market makes of so many places a month."""

from __future__ import annotations

import math

from sim.engine.compiling import rule


@rule
def places_in_month(places_per_month: float, month: int) -> int:
    """Whole places of a month: what is left of a place is carried on, so that a scaled market offers neither more nor less."""
    return int(math.floor((month + 1) * places_per_month) - math.floor(month * places_per_month))
