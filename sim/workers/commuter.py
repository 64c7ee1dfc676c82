"""Rule of commuters: the number who work in the region follows a dated series."""

from __future__ import annotations

from sim.engine.compiling import rule


@rule
def heads_to_move(heads_target: int, heads_inside: int, heads_away: int) -> int:
    """Commuters who enter (positive) or leave (negative), limited to those there are."""
    return max(-heads_inside, min(heads_target - heads_inside, heads_away))
