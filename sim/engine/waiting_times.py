"""The rule `waiting_months`, tabulated for the rates that groups have: a wait is looked up, to the last bit what the rule gives."""

from __future__ import annotations

from sim.engine.compiling import part
from sim.engine.draws import waiting_months
from sim.engine.elementary import UNIT, exp
from sim.engine.state import WAIT_PARTS, State

MONTHS = 152
"""Waits told apart: from the first month of the burn-in to beyond the last that can be simulated."""
NO_DRAW = 2.0


@part
def waits_of(group: int, is_employed: bool) -> int:
    """First place of the table of a group without or with a job."""
    return (2 * group + is_employed) * WAIT_PARTS


@part
def tabulate_waits(state: State, first: int, log_of_none: float) -> None:
    """Bounds: lowest draw that waits longer than place + 1 months, none beyond MONTHS; guide: first bound above the part's start."""
    whole = int(1.0 / UNIT)
    for place in range(MONTHS):
        steps = int((1.0 - exp((place + 1) * log_of_none)) * whole)
        while steps > 0 and waiting_months((steps - 1) * UNIT, log_of_none) > place + 1:
            steps -= 1
        while steps < whole and waiting_months(steps * UNIT, log_of_none) <= place + 1:
            steps += 1
        state.waits[first + place].bound = steps * UNIT
    for place in range(MONTHS, WAIT_PARTS):
        state.waits[first + place].bound = NO_DRAW
    place = 0
    for number in range(WAIT_PARTS):
        while state.waits[first + place].bound <= number / WAIT_PARTS:
            place += 1
        state.waits[first + number].guide = place


@part
def months_waited(state: State, first: int, draw: float) -> int:
    """Months until the next event for a draw, by the table that begins at a place; one step is taken without a branch."""
    place = state.waits[first + int(draw * WAIT_PARTS)].guide
    place += state.waits[first + place].bound <= draw
    while state.waits[first + place].bound <= draw:
        place += 1
    return int(place) + 1
