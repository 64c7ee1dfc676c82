"""Who may apply to vacancies this month: seekers, and on-the-job searchers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.compiling import allocating_part, part
from sim.engine.draws import Decision, uniform
from sim.engine.row_search import ALL_BITS, list_rows_equal
from sim.engine.state import AT_ONCE, CANDIDATES, ON_THE_JOB_SEARCHERS, State
from sim.engine.worker_columns import EMPLOYED, SEEKING, Array
from sim.market.jobs import worker_slot
from sim.market.matching import application_weeks, monthly_application_probability, week_bit


class ApplicantPool(NamedTuple):
    """Everyone who may apply this month: seekers first, then on-the-job searchers."""

    rows: Array  # i4 rows of workers
    slots: Array  # i8 slots of their random draws
    trades: Array  # u1 trade in which they seek
    weeks: Array  # i1 weeks in which they apply, as bits; none once hired
    applying: Array  # u4 positions in the pool of those who apply this week
    seekers: int  # how many of them have no job


@allocating_part
def gather_applicants(state: State) -> ApplicantPool:
    """Seekers and on-the-job searchers, each in the order of their rows, with their weeks."""
    rows = state.lists[CANDIDATES]
    seekers = list_rows_equal(state.workers.status, ALL_BITS, SEEKING, 0, state.workers.size, rows)
    count = list_on_the_job_searchers(state, rows, seekers)
    slots, trades, weeks = (
        np.empty(count, np.int64),
        np.empty(count, np.uint8),
        np.empty(count, np.int8),
    )
    pool = ApplicantPool(
        rows[:count], slots, trades, weeks, np.empty(count + AT_ONCE - 1, np.uint32), seekers
    )
    for position in range(count):
        slots[position] = worker_slot(state, rows[position])
        trades[position] = state.workers[rows[position]].trade
    draw_weeks(state, slots[:seekers], weeks[:seekers], 1.0)
    draw_weeks(
        state,
        slots[seekers:],
        weeks[seekers:],
        monthly_application_probability(state.parameters[0].application_probability),
    )
    return pool


@part
def draw_weeks(state: State, slots: Array, weeks: Array, draw_limit: float) -> None:
    """Draw the weeks in which workers apply.

    Draws reach up to `draw_limit`. On-the-job searchers apply in at least one week: their limit is
    the probability of doing so, as the others are not simulated.
    """
    key, q = state.keys[Decision.APPLICATION_WEEKS], state.parameters[0].application_probability
    for i in range(slots.size):
        weeks[i] = application_weeks(draw_limit * uniform(key, slots[i]), q)


@part
def list_on_the_job_searchers(state: State, rows: Array, count: int) -> int:
    """Append on-the-job searchers who still have their job; returns how many are listed now."""
    for row in state.lists[ON_THE_JOB_SEARCHERS, : state.now[0].on_the_job_searchers]:
        # He may have been laid off since; then he is among the seekers already.
        if state.workers[row].status == EMPLOYED:
            rows[count] = row
            count += 1
    return count


@part
def list_applying(pool: ApplicantPool, week: int) -> int:
    """List the positions of those who apply in a week; returns how many there are."""
    return list_rows_equal(
        pool.weeks, week_bit(week), week_bit(week), 0, pool.weeks.size, pool.applying
    )


@part
def draw_in_pool(
    state: State, pool: ApplicantPool, decision: int, positions: Array, draws: Array
) -> None:
    """Draws of the month for those at some positions of the pool.

    A loop of its own, so that the compiler turns it into vector instructions.
    """
    key = state.keys[decision]
    for i in range(positions.size):
        draws[i] = uniform(key, pool.slots[positions[i]])
