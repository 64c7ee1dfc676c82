"""Verb 8: four weekly rounds in which seekers and on-the-job searchers apply to vacancies."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.compiling import allocating_part, inlined_part, part
from sim.engine.draws import Decision, uniform
from sim.engine.kernels import state_kernel
from sim.engine.panel import Flow
from sim.engine.prefetching import prefetch_hire, prefetch_job_move
from sim.engine.state import UNFILLED_WINDOW, WAITING, State
from sim.engine.worker_columns import EMPLOYED, UNTRAINED, Array
from sim.firms.wages import unfilled_share
from sim.market.applicants import ApplicantPool, draw_in_pool, gather_applicants, list_applying
from sim.market.jobs import change_firm, take_job, worker_slot
from sim.market.matching import WEEKS
from sim.market.offers import Offers, all_firms_listed, firm_drawn, list_open_vacancies
from sim.market.ranking import choose_lowest_in_order
from sim.verbs.end_jobs import schedule_next_event
from sim.workers.resident import move_probability

NO_MOVE = 2.0
"""In place of a draw: above every probability, so that the worker stays."""


class Applications(NamedTuple):
    """The applications of one week, and arrays for filling vacancies from them."""

    pool: ApplicantPool
    applicants: Array  # u4 positions in the pool, ascending
    chosen_cells: Array  # u4 the cell that each applies to
    unrationed: Array  # u4 applications to cells with vacancies for all their applicants
    rationed: Array  # u4 the other applications
    applicants_by_cell: Array  # i4[C]; 0 between weeks
    queue_end: Array  # i4[C] next free place in the queue of a crowded cell; 0 between weeks
    queue: Array  # i4 rows of applicants to crowded cells, those of one cell together
    ranks: Array  # f8 their draws, experienced workers below all others
    draws: Array  # f8 for the firm, then the move, then the next event
    move_probabilities: Array  # f8; log wages of the present job before they are computed
    offered_log_wages: Array  # f8
    hired: Array  # i4 rows
    hiring_cells: Array  # u4 their cells
    slots: Array  # i8 slots of those hired whose next event is drawn


@state_kernel
def match(state: State) -> None:
    """Run the month's rounds of applications and hires, then keep the unfilled shares."""
    applications = empty_applications(state, gather_applicants(state))
    offers = all_firms_listed(state)
    for week in range(WEEKS):
        list_open_vacancies(state, offers)
        start_jobs(
            state,
            applications,
            award_jobs(state, applications, apply(state, applications, offers, week), week),
        )
        for k in range(state.trades.size):
            # Surveys count the vacancies open on one day, so the stock is the mean of the week
            # ends, not the month's flow.
            state.trades[k].vacancy_stock += state.trades[k].unfilled / WEEKS
    remember_unfilled_shares(state)


@allocating_part
def empty_applications(state: State, pool: ApplicantPool) -> Applications:
    """Arrays with room for an application of everyone in the pool."""
    most = pool.rows.size
    by_cell, rows = np.zeros((2, state.cells.size), np.int32), np.empty((2, most), np.int32)
    places, numbers = np.empty((5, most), np.uint32), np.empty((4, most))
    return Applications(
        pool=pool,
        applicants=places[0],
        chosen_cells=places[1],
        unrationed=places[2],
        rationed=places[3],
        applicants_by_cell=by_cell[0],
        queue_end=by_cell[1],
        queue=rows[0],
        ranks=numbers[0],
        draws=numbers[1],
        move_probabilities=numbers[2],
        offered_log_wages=numbers[3],
        hired=rows[1],
        hiring_cells=places[4],
        slots=np.empty(most, np.int64),
    )


@part
def apply(state: State, applications: Applications, offers: Offers, week: int) -> int:
    """Let those whose week it is apply, each to one firm; returns the number of applications."""
    chosen = choose_firms(state, applications, offers, list_applying(applications.pool, week), week)
    count = keep_movers(state, applications, chosen, week)
    for cell in applications.chosen_cells[:count]:
        applications.applicants_by_cell[cell] += 1
    return count


@part
def keep_movers(state: State, applications: Applications, chosen: int, week: int) -> int:
    """Keep the applications of seekers and of employed workers who would move; returns how many.

    Nobody applies to his own firm.
    """
    applicants, cells, seeking = applications.applicants, applications.chosen_cells, 0
    for i in range(chosen):
        # Seekers stand first in the pool and take any job: only those behind them decide by draw.
        seeking += applicants[i] < applications.pool.seekers
    find_move_probabilities(
        state, applications, applicants[seeking:chosen], cells[seeking:chosen], week
    )
    count = seeking
    for i in range(chosen - seeking):
        applicants[count], cells[count] = applicants[seeking + i], cells[seeking + i]
        count += applications.draws[i] < applications.move_probabilities[i]
    return count


@part
def find_move_probabilities(
    state: State, applications: Applications, positions: Array, cells: Array, week: int
) -> None:
    """Draw of each employed applicant, and his probability of moving to the cell he has chosen."""
    pool, draws, chances, offered = (
        applications.pool,
        applications.draws,
        applications.move_probabilities,
        applications.offered_log_wages,
    )
    draw_in_pool(state, pool, Decision.JOB_MOVE + week, positions, draws)
    for i in range(positions.size):
        own_cell = (
            state.workers[pool.rows[positions[i]]].firm * state.trades.size
            + pool.trades[positions[i]]
        )
        draws[i] = draws[i] if own_cell != cells[i] else NO_MOVE
        chances[i], offered[i] = state.cells[own_cell].log_wage, state.cells[cells[i]].log_wage
    for i in range(positions.size):
        # A loop of its own, so that the compiler turns it into vector instructions.
        chances[i] = move_probability(chances[i], offered[i])


@part
def choose_firms(
    state: State, applications: Applications, offers: Offers, applying: int, week: int
) -> int:
    """Let each applicant choose a firm with vacancies in his trade; returns how many could."""
    pool, applicants, draws = applications.pool, applications.applicants, applications.draws
    count = 0
    for position in pool.applying[:applying]:
        # Without a branch: whoever finds no vacancy in his trade is overwritten by the next.
        applicants[count] = position
        count += offers.firm_count[pool.trades[position]] > 0
    draw_in_pool(state, pool, Decision.FIRM_CHOICE + week, applicants[:count], draws)
    for i in range(count):
        trade = pool.trades[applicants[i]]
        applications.chosen_cells[i] = (
            firm_drawn(offers, trade, draws[i]) * state.trades.size + trade
        )
    return count


@allocating_part
def award_jobs(state: State, applications: Applications, count: int, week: int) -> int:
    """Fill vacancies; returns the number of hires.

    A cell with enough vacancies hires all its applicants. A crowded one hires experienced workers
    first, then the lowest draws.
    """
    hired, queued = 0, 0
    unrationed, rationed = split_by_rationing(state, applications, count)
    for i in unrationed:
        hired = hire(applications, hired, applications.applicants[i], applications.chosen_cells[i])
    for i in rationed:
        queued = join_queue(state, applications, queued, i, week)
    for i in rationed:
        cell = applications.chosen_cells[i]
        # A cell's whole queue is served at its first application; it is empty at the others.
        if applications.queue_end[cell] > 0:
            hired = award_by_rank(state, applications, hired, cell)
        applications.queue_end[cell] = 0
    for cell in applications.chosen_cells[:count]:
        # Cell by cell: clearing the whole array would touch every cell of the market each week.
        applications.applicants_by_cell[cell] = 0
    return hired


@allocating_part
def split_by_rationing(state: State, applications: Applications, count: int) -> tuple[Array, Array]:
    """Applications to cells with a vacancy for every applicant, and those to crowded cells."""
    unrationed, rationed = applications.unrationed, applications.rationed
    with_room, crowded = 0, 0
    for i in range(count):
        cell = applications.chosen_cells[i]
        # Written to both lists: the next entry overwrites it where it does not belong, which is
        # faster than a branch that the processor often predicts wrongly.
        unrationed[with_room] = rationed[crowded] = i
        fits = applications.applicants_by_cell[cell] <= state.cells[cell].week_start_vacancies
        with_room += fits
        crowded += not fits
    return unrationed[:with_room], rationed[:crowded]


@inlined_part
def hire(applications: Applications, hired: int, position: int, cell: int) -> int:
    """Record a hire and return the number of hires so far."""
    applications.hired[hired] = applications.pool.rows[position]
    applications.hiring_cells[hired] = cell
    # Whoever is hired applies no more this month.
    applications.pool.weeks[position] = 0
    return hired + 1


@inlined_part
def join_queue(
    state: State, applications: Applications, queued: int, application: int, week: int
) -> int:
    """Put an applicant to a crowded cell into its queue; returns how many places are reserved.

    The first applicant of a cell reserves places for all of its applicants.
    """
    position, cell = applications.applicants[application], applications.chosen_cells[application]
    if applications.queue_end[cell] == 0:
        applications.queue_end[cell] = queued
        queued += applications.applicants_by_cell[cell]
    row, place = applications.pool.rows[position], applications.queue_end[cell]
    experienced = state.workers[row].experienced_from <= state.now[0].month
    applications.queue[place] = row
    applications.ranks[place] = uniform(
        state.keys[Decision.TIE_BREAK + week], applications.pool.slots[position]
    ) - (1.0 if experienced else 0.0)
    applications.queue_end[cell] += 1
    # Ranking reorders rows; this is how the pool's position is found again.
    state.lists[WAITING, row] = position
    return queued


@inlined_part
def award_by_rank(state: State, applications: Applications, hired: int, cell: int) -> int:
    """Give the vacancies of a crowded cell to its lowest ranks; returns how many are hired now."""
    end = applications.queue_end[cell]
    own = slice(end - applications.applicants_by_cell[cell], end)
    rows = applications.queue[own]
    for row in rows[
        : choose_lowest_in_order(
            rows, applications.ranks[own], rows.size, state.cells[cell].vacancies
        )
    ]:
        hired = hire(applications, hired, state.lists[WAITING, row], cell)
    return hired


@part
def start_jobs(state: State, applications: Applications, hired: int) -> None:
    """Take the week's hires off the vacancies, move job changers, and let seekers start work."""
    # The week's queues and choices have been served by now, so their room serves for the movers.
    rows, cells, moving_rows, moving_to = (
        applications.hired,
        applications.hiring_cells,
        applications.queue,
        applications.chosen_cells,
    )
    starting, moving = 0, 0
    for i in range(hired):
        row, cell = rows[i], cells[i]
        state.cells[cell].vacancies -= 1
        state.trades[cell % state.trades.size].unfilled -= 1
        if state.workers[row].status == EMPLOYED:
            moving_rows[moving], moving_to[moving] = row, cell
            moving += 1
        else:
            rows[starting], cells[starting] = row, cell
            starting += 1
    move_to_cells(state, moving_rows[:moving], moving_to[:moving])
    start_in_cells(state, applications, starting)


@part
def move_to_cells(state: State, rows: Array, cells: Array) -> None:
    """Move employed workers to other firms."""
    for i in range(rows.size):
        prefetch_job_move(state, rows, cells, i)
        state.flows[
            state.workers[rows[i]].group, state.workers[rows[i]].trade, Flow.JOB_TO_JOB
        ] += 1
        change_firm(state, rows[i], cells[i] // state.trades.size)


@part
def start_in_cells(state: State, applications: Applications, starting: int) -> None:
    """Let seekers start work; learning begins and the next event is drawn."""
    rows, cells, slots, draws = (
        applications.hired[:starting],
        applications.hiring_cells[:starting],
        applications.slots,
        applications.draws,
    )
    coming_back = 0
    for i in range(rows.size):
        prefetch_hire(state, rows, cells, i)
        row = rows[i]
        worker = state.workers[row]
        take_job(state, row, cells[i] // state.trades.size)
        state.flows[worker.group, worker.trade, Flow.HIRED] += 1
        if state.groups[worker.group].has_events:
            if worker.experienced_from == UNTRAINED:
                worker.experienced_from = (
                    state.now[0].month + state.groups[worker.group].learning_months
                )
            # Written over entries of the list that have been read already.
            rows[coming_back], slots[coming_back] = row, worker_slot(state, row)
            coming_back += 1
    key = state.keys[Decision.EVENT_AFTER_HIRE]
    for i in range(coming_back):
        draws[i] = uniform(key, slots[i])
    for i in range(coming_back):
        schedule_next_event(state, rows[i], draws[i])


@part
def remember_unfilled_shares(state: State) -> None:
    """Store this month's unfilled share of every trade, and of every cell for the wage rule."""
    trades = state.trades.size
    # Months of the burn-in are negative; 1026 is a multiple of the window.
    place = (state.now[0].month + 1026) % UNFILLED_WINDOW
    for k in range(trades):
        trade = state.trades[k]
        if trade.opened > 0:
            # A trade in which nothing was opened keeps its last share: there is none to measure.
            trade.unfilled_share = trade.unfilled / trade.opened
        for cell in range(k, state.cells.size, trades):
            at = state.cells[cell]
            state.unfilled[place, cell] = unfilled_share(
                at.vacancies, at.opened, trade.unfilled_share
            )
