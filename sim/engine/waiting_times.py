"""Tables of the rule `waiting_months`, one for each rate a group has, to look waits up quickly.

A look-up gives exactly what the rule gives.
"""

from __future__ import annotations

from sim.engine.compiling import part
from sim.engine.draws import waiting_months
from sim.engine.elementary import TWO_TO_MINUS_53, exp
from sim.engine.state import WAIT_PARTS, State

LONGEST_TABULATED_WAIT = 152
"""Longest wait in the tables: it reaches from the burn-in to beyond the last possible month."""
ABOVE_EVERY_DRAW = 2.0


@part
def waiting_table_of(group: int, is_employed: bool) -> int:
    """Index of the first table entry of a group, without or with a job."""
    return (2 * group + is_employed) * WAIT_PARTS


@part
def tabulate_waits(state: State, first: int, log_no_event: float) -> None:
    """Fill the table of one rate: bounds of draws, and a guide to where to start looking.

    The bound of an entry is the lowest draw that waits longer than entry + 1 months; beyond
    LONGEST_TABULATED_WAIT there is none. The guide gives, for each of WAIT_PARTS equal parts of [0,
    1), the first bound above the start of the part.
    """
    draws = int(1.0 / TWO_TO_MINUS_53)
    for entry in range(LONGEST_TABULATED_WAIT):
        steps = int((1.0 - exp((entry + 1) * log_no_event)) * draws)
        while steps > 0 and waiting_months((steps - 1) * TWO_TO_MINUS_53, log_no_event) > entry + 1:
            steps -= 1
        while steps < draws and waiting_months(steps * TWO_TO_MINUS_53, log_no_event) <= entry + 1:
            steps += 1
        state.waits[first + entry].bound = steps * TWO_TO_MINUS_53
    for entry in range(LONGEST_TABULATED_WAIT, WAIT_PARTS):
        state.waits[first + entry].bound = ABOVE_EVERY_DRAW
    entry = 0
    for number in range(WAIT_PARTS):
        while state.waits[first + entry].bound <= number / WAIT_PARTS:
            entry += 1
        state.waits[first + number].guide = entry


@part
def months_until_event(state: State, first: int, draw: float) -> int:
    """Look up the months until the next event for a draw, in the table that begins at `first`.

    The first step is taken without a branch, since most parts of the guide hold at most one bound.
    """
    entry = state.waits[first + int(draw * WAIT_PARTS)].guide
    entry += state.waits[first + entry].bound <= draw
    while state.waits[first + entry].bound <= draw:
        entry += 1
    return int(entry) + 1
