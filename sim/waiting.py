"""The rule `waiting_months`, tabulated for the rates that groups have: a wait is looked up, to the last bit what the rule gives."""

from __future__ import annotations

from sim.compiled import part
from sim.draws import UNIT, waiting_months
from sim.elementary import exp
from sim.population import Array

MONTHS = 152
"""Waits told apart: from the first month of the burn-in to beyond the last that can be simulated."""
PARTS = 1024
"""Equal parts of [0, 1) for which the guide knows where to start looking."""


@part
def tabulate_waits(bounds: Array, guide: Array, log_of_none: float) -> None:
    """Bounds f8[MONTHS]: lowest draw that waits longer than place + 1 months; guide i2[PARTS]: first bound above the part's start."""
    whole = int(1.0 / UNIT)
    for place in range(MONTHS):
        steps = int((1.0 - exp((place + 1) * log_of_none)) * whole)
        while steps > 0 and waiting_months((steps - 1) * UNIT, log_of_none) > place + 1:
            steps -= 1
        while steps < whole and waiting_months(steps * UNIT, log_of_none) <= place + 1:
            steps += 1
        bounds[place] = steps * UNIT
    place = 0
    for number in range(PARTS):
        while place < MONTHS and bounds[place] <= number / PARTS:
            place += 1
        guide[number] = place


@part
def months_waited(draw: float, bounds: Array, guide: Array) -> int:
    """Months until the next occasion for a draw."""
    place = int(guide[int(draw * PARTS)])
    while place < MONTHS and bounds[place] <= draw:
        place += 1
    return place + 1
