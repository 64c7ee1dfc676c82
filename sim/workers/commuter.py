"""Commuter rules: a group whose head count follows a dated series; entrants seek, leavers are drawn by lot."""

from __future__ import annotations

from sim.engine.compiling import rule


@rule
def heads_to_move(heads_target: int, heads_inside: int, heads_away: int) -> int:
    """Commuters who enter (positive) or leave (negative) this month, never more than there are."""
    return max(-heads_inside, min(heads_target - heads_inside, heads_away))
