"""Commuters' rules: the head count of such a group follows a dated series.

Entrants seek work; those who leave are chosen by lot.
"""

from __future__ import annotations

from sim.engine.compiling import rule


@rule
def heads_to_move(heads_target: int, heads_inside: int, heads_away: int) -> int:
    """Commuters who enter (positive) or leave (negative) this month, never more than there are."""
    return max(-heads_inside, min(heads_target - heads_inside, heads_away))
