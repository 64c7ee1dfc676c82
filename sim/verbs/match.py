"""Verb 8: four weekly rounds in which seekers, and workers who search on the job, apply to vacancies of their trade."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.compiling import allocating_part, inlined_part, part
from sim.engine.draws import Decision, uniform
from sim.engine.kernels import state_kernel
from sim.engine.panel import Flow
from sim.engine.prefetching import fetch_for_hire, fetch_movers
from sim.engine.state import UNFILLED_WINDOW, WAITING, State
from sim.engine.worker_columns import EMPLOYED, UNTRAINED, Array
from sim.firms.wages import unfilled_share
from sim.market.applicants import Pool, draw_in_pool, gather_pool, list_applying
from sim.market.jobs import change_firm, take_job, worker_slot
from sim.market.matching import WEEKS
from sim.market.offers import Offers, all_firms, chosen_firm, open_week
from sim.market.ranking import keep_lowest
from sim.verbs.end_jobs import come_back
from sim.workers.resident import move_probability

NO_MOVE = 2.0
"""In place of a draw where nothing is left to chance."""


class Applications(NamedTuple):
    """The applications of one week, how crowded each cell is by them, and who is hired."""

    pool: Pool
    applicants: Array  # u4 positions in the pool, ascending
    targets: Array  # u4 cells applied to
    fitting: Array  # u4 those of them, by place, to cells with room for all their applicants
    crowding: Array  # u4 those to others
    crowd: Array  # i4[C] applicants by cell; 0 between weeks
    seats: (
        Array  # i4[C] where the next applicant of a crowded cell sits in the queue; 0 between weeks
    )
    queue: Array  # i4 rows, those of a crowded cell together
    ranks: Array  # f8 their order
    draws: Array  # f8 for the firm, then against the chances to move, then for the next event
    chances: Array  # f8
    offered: Array  # f8 log wages
    hired: Array  # i4 rows
    employers: Array  # u4 their cells
    slots: Array  # i8 drawers of those among them who get a next event


@state_kernel
def match(state: State) -> None:
    """Weekly applications and hires; vacancy stock at week ends; unfilled shares at month end."""
    applications = no_applications(state, gather_pool(state))
    offers = all_firms(state)
    for week in range(WEEKS):
        open_week(state, offers)
        start_work(
            state,
            applications,
            award(state, applications, apply(state, applications, offers, week), week),
        )
        for k in range(state.trades.size):
            state.trades[k].vacancy_stock += state.trades[k].unfilled / WEEKS
    remember_unfilled_shares(state)


@allocating_part
def no_applications(state: State, pool: Pool) -> Applications:
    """Room for the applications of everybody in the pool."""
    most = pool.rows.size
    by_cell, rows = np.zeros((2, state.cells.size), np.int32), np.empty((2, most), np.int32)
    places, numbers = np.empty((5, most), np.uint32), np.empty((4, most))
    return Applications(
        pool=pool,
        applicants=places[0],
        targets=places[1],
        fitting=places[2],
        crowding=places[3],
        crowd=by_cell[0],
        seats=by_cell[1],
        queue=rows[0],
        ranks=numbers[0],
        draws=numbers[1],
        chances=numbers[2],
        offered=numbers[3],
        hired=rows[1],
        employers=places[4],
        slots=np.empty(most, np.int64),
    )


@part
def apply(state: State, applications: Applications, offers: Offers, week: int) -> int:
    """Let those whose week it is apply to a firm drawn by vacancies and wage; returns the applications."""
    chosen = choose(state, applications, offers, list_applying(applications.pool, week), week)
    count = keep_movers(state, applications, chosen, week)
    for cell in applications.targets[:count]:
        applications.crowd[cell] += 1
    return count


@part
def keep_movers(state: State, applications: Applications, chosen: int, week: int) -> int:
    """A seeker applies where he looked in any case, whoever has a job if he would move, never to his own firm; returns how many do."""
    applicants, targets, seeking = applications.applicants, applications.targets, 0
    for i in range(chosen):
        seeking += applicants[i] < applications.pool.seekers
    weigh_moves(state, applications, applicants[seeking:chosen], targets[seeking:chosen], week)
    count = seeking
    for i in range(chosen - seeking):
        applicants[count], targets[count] = applicants[seeking + i], targets[seeking + i]
        count += applications.draws[i] < applications.chances[i]
    return count


@part
def weigh_moves(
    state: State, applications: Applications, positions: Array, cells: Array, week: int
) -> None:
    """Draw and chance to move of those who have a job and look at these cells."""
    pool, draws, chances, offered = (
        applications.pool,
        applications.draws,
        applications.chances,
        applications.offered,
    )
    draw_in_pool(state, pool, Decision.MOVE + week, positions, draws)
    for i in range(positions.size):
        own = (
            state.workers[pool.rows[positions[i]]].firm * state.trades.size
            + pool.trades[positions[i]]
        )
        draws[i] = draws[i] if own != cells[i] else NO_MOVE
        chances[i], offered[i] = state.cells[own].log_wage, state.cells[cells[i]].log_wage
    for i in range(positions.size):
        chances[i] = move_probability(chances[i], offered[i])


@part
def choose(
    state: State, applications: Applications, offers: Offers, applying: int, week: int
) -> int:
    """Each looks at one cell of his trade, if it has any with vacancies; returns how many look at one."""
    pool, applicants, draws = applications.pool, applications.applicants, applications.draws
    count = 0
    for position in pool.applying[:applying]:
        applicants[count] = position
        count += offers.found[pool.trades[position]] > 0
    draw_in_pool(state, pool, Decision.CHOOSE + week, applicants[:count], draws)
    for i in range(count):
        trade = pool.trades[applicants[i]]
        applications.targets[i] = chosen_firm(offers, trade, draws[i]) * state.trades.size + trade
    return count


@allocating_part
def award(state: State, applications: Applications, count: int, week: int) -> int:
    """Fill vacancies: all applicants where there is room, else the experienced first, then the lowest draws; returns the hires."""
    hired, seated = 0, 0
    fitting, crowding = sort_by_room(state, applications, count)
    for i in fitting:
        hired = hire(applications, hired, applications.applicants[i], applications.targets[i])
    for i in crowding:
        seated = take_seat(state, applications, seated, i, week)
    for i in crowding:
        cell = applications.targets[i]
        if applications.seats[cell] > 0:
            hired = award_by_rank(state, applications, hired, cell)
        applications.seats[cell] = 0
    for cell in applications.targets[:count]:
        applications.crowd[cell] = 0
    return hired


@allocating_part
def sort_by_room(state: State, applications: Applications, count: int) -> tuple[Array, Array]:
    """List the applications to cells that have room for all their applicants, and those to crowded cells."""
    fitting, crowding = applications.fitting, applications.crowding
    fit, crowd = 0, 0
    for i in range(count):
        cell = applications.targets[i]
        # Written in any case: where it does not belong the next one is written over it.
        fitting[fit] = crowding[crowd] = i
        fits = applications.crowd[cell] <= state.cells[cell].week_start_vacancies
        fit += fits
        crowd += not fits
    return fitting[:fit], crowding[:crowd]


@inlined_part
def hire(applications: Applications, hired: int, position: int, cell: int) -> int:
    """Note a hire; returns how many there are now."""
    applications.hired[hired] = applications.pool.rows[position]
    applications.employers[hired] = cell
    applications.pool.weeks[position] = 0
    return hired + 1


@inlined_part
def take_seat(
    state: State, applications: Applications, seated: int, application: int, week: int
) -> int:
    """Seat an applicant of a crowded cell beside the others of it, with his rank; returns the seats that are spoken for."""
    position, cell = applications.applicants[application], applications.targets[application]
    if applications.seats[cell] == 0:
        applications.seats[cell] = seated
        seated += applications.crowd[cell]
    row, seat = applications.pool.rows[position], applications.seats[cell]
    experienced = state.workers[row].experienced_from <= state.now[0].month
    applications.queue[seat] = row
    applications.ranks[seat] = uniform(
        state.keys[Decision.TIE + week], applications.pool.slots[position]
    ) - (1.0 if experienced else 0.0)
    applications.seats[cell] += 1
    state.lists[WAITING, row] = position
    return seated


@inlined_part
def award_by_rank(state: State, applications: Applications, hired: int, cell: int) -> int:
    """The vacancies of a crowded cell go to the lowest ranks; returns how many are hired now."""
    end = applications.seats[cell]
    seats = slice(end - applications.crowd[cell], end)
    rows = applications.queue[seats]
    for row in rows[
        : keep_lowest(rows, applications.ranks[seats], rows.size, state.cells[cell].vacancies)
    ]:
        hired = hire(applications, hired, state.lists[WAITING, row], cell)
    return hired


@part
def start_work(state: State, applications: Applications, hired: int) -> None:
    """Take the week's hires off the vacancies; who had a job changes firm, seekers start work."""
    rows, cells, moving_rows, moving_to = (
        applications.hired,
        applications.employers,
        applications.queue,
        applications.targets,
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
    """Who had a job works for another firm from now on."""
    for i in range(rows.size):
        fetch_movers(state, rows, cells, i)
        state.flows[
            state.workers[rows[i]].group, state.workers[rows[i]].trade, Flow.JOB_TO_JOB
        ] += 1
        change_firm(state, rows[i], cells[i] // state.trades.size)


@part
def start_in_cells(state: State, applications: Applications, starting: int) -> None:
    """Seekers start work, are on their way to experience and get a next event."""
    rows, cells, slots, draws = (
        applications.hired[:starting],
        applications.employers[:starting],
        applications.slots,
        applications.draws,
    )
    coming_back = 0
    for i in range(rows.size):
        fetch_for_hire(state, rows, cells, i)
        row = rows[i]
        worker = state.workers[row]
        take_job(state, row, cells[i] // state.trades.size)
        state.flows[worker.group, worker.trade, Flow.HIRED] += 1
        if state.groups[worker.group].has_events:
            if worker.experienced_from == UNTRAINED:
                worker.experienced_from = (
                    state.now[0].month + state.groups[worker.group].learning_months
                )
            rows[coming_back], slots[coming_back] = row, worker_slot(state, row)
            coming_back += 1
    key = state.keys[Decision.HIRED_WAIT]
    for i in range(coming_back):
        draws[i] = uniform(key, slots[i])
    for i in range(coming_back):
        come_back(state, rows[i], draws[i])


@part
def remember_unfilled_shares(state: State) -> None:
    """Keep the month's unfilled share of every trade, and of every cell for the wage rule."""
    trades = state.trades.size
    place = (state.now[0].month + 1026) % UNFILLED_WINDOW
    for k in range(trades):
        trade = state.trades[k]
        if trade.opened > 0:
            trade.unfilled_share = trade.unfilled / trade.opened
        for cell in range(k, state.cells.size, trades):
            at = state.cells[cell]
            state.unfilled[place, cell] = unfilled_share(
                at.vacancies, at.opened, trade.unfilled_share
            )
