"""Verb 8: four weekly rounds in which seekers, and workers who look around, apply to vacancies of their trade."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import kernel, part
from sim.draws import Decision, uniform
from sim.firms.wages import unfilled_share
from sim.market.jobs import change_firm, drawn, take_job, worker_slot
from sim.market.matching import WEEKS, applies, choice_draw
from sim.market.ranking import ascending
from sim.population import COMMUTER, EMPLOYED, RESIDENT, UNTRAINED, Array
from sim.state import HIRED, JOB_TO_JOB, LOOKERS, UNFILLED_WINDOW, State
from sim.verbs.end_jobs import draw_next_occasion
from sim.workers.resident import move_probability

PLACED = -1


class Round(NamedTuple):
    """Room for the applications of one week."""

    pool: Array  # i8 rows that may still apply; PLACED once hired
    slots: Array  # i8 their drawers of draws
    applicants: Array  # i8 positions in the pool
    targets: Array  # i8 cells applied to
    crowd: Array  # i8[C] applicants by cell
    ranks: Array  # f8 order among those a crowded cell turns away last


class Offers(NamedTuple):
    """Vacancies of one week by trade: cells that have some and their cumulated pull."""

    cells: Array  # i8[K, J]
    pull: Array  # f8[K, J]
    guide: Array  # i8[K, J] where to start looking for an equal part of the pull
    found: Array  # i8[K]


@kernel
def match(state: State) -> None:
    """Weekly applications and hires; vacancy stock at week ends; unfilled shares at month end."""
    for k in range(state.trades.size):
        state.trades[k].vacancy_stock = 0.0
    size = state.now[0].seekers + state.now[0].lookers
    pool, slots, applicants, targets = np.empty((4, size), np.int64)
    week_room = Round(pool, slots, applicants, targets, np.zeros(state.cells.size, np.int64), np.empty(size))
    waiting = gather_pool(state, pool, slots)
    for week in range(WEEKS):
        applications = apply(state, week_room, waiting, week)
        award(state, week_room, applications, week)
        waiting = keep_unplaced(pool, slots, waiting)
        count_open_vacancies(state)
    remember_unfilled_shares(state)


@part
def gather_pool(state: State, pool: Array, slots: Array) -> int:
    """Everybody who may apply this month: seekers, and those with a job who look around."""
    now = state.now[0]
    count = 0
    for i in range(now.seekers):
        pool[count] = state.seekers[i]
        count += 1
    for i in range(now.lookers):
        row = state.lists[LOOKERS, i]
        if state.workers[row].status == EMPLOYED:
            pool[count] = row
            count += 1
    for position in range(count):
        slots[position] = worker_slot(state, pool[position])
    return count


@part
def gather_offers(state: State) -> Offers:
    """Cells with vacancies and their cumulated pull (vacancies x w^mu), in firm order."""
    trades = state.trades.size
    firms = state.firms.size
    cells, guide = np.empty((2, trades, firms), np.int64)
    offers = Offers(cells, np.empty((trades, firms)), guide, np.zeros(trades, np.int64))
    for k in range(trades):
        found, total = 0, 0.0
        for cell in range(k, state.cells.size, trades):
            at = state.cells[cell]
            at.week_start_vacancies = at.vacancies
            if at.vacancies > 0:
                total += at.vacancies * at.attraction
                offers.cells[k, found] = cell
                offers.pull[k, found] = total
                found += 1
        offers.found[k] = found
        at = 0
        for place in range(found):
            while offers.pull[k, at] * found <= total * place:
                at += 1
            offers.guide[k, place] = at
    return offers


@part
def apply(state: State, room: Round, waiting: int, week: int) -> int:
    """Let each in the pool apply with probability q to a firm drawn by vacancies and wage; returns the applications."""
    q = state.parameters[0].application_probability
    offers = gather_offers(state)
    applications = 0
    key = state.keys[Decision.APPLY + week]
    for position in range(waiting):
        draw = uniform(key, room.slots[position])
        if not applies(draw, q):
            continue
        row = room.pool[position]
        worker = state.workers[row]
        found = offers.found[worker.trade]
        if found == 0:
            continue
        cell = chosen_cell(offers, worker.trade, choice_draw(draw, q))
        if worker.status != EMPLOYED or would_move(state, row, cell, drawn(state, Decision.MOVE + week, row)):
            room.applicants[applications] = position
            room.targets[applications] = cell
            applications += 1
    return applications


@part
def chosen_cell(offers: Offers, k: int, draw: float) -> int:
    """The cell of a trade drawn by its pull: from the guide's place on to the first whose cumulated pull exceeds the draw."""
    pull = offers.pull[k]
    aim = draw * pull[offers.found[k] - 1]
    at = offers.guide[k, int(draw * offers.found[k])]
    while at > 0 and pull[at - 1] > aim:
        at -= 1
    while at < offers.found[k] - 1 and pull[at] <= aim:
        at += 1
    return offers.cells[k, at]  # type: ignore[no-any-return]


@part
def would_move(state: State, row: int, cell: int, draw: float) -> bool:
    """Whoever has a job applies elsewhere only if he would take the offer; never to his own firm."""
    worker = state.workers[row]
    own = worker.firm * state.trades.size + worker.trade
    if own == cell:
        return False
    return draw < move_probability(state.cells[own].log_wage, state.cells[cell].log_wage)


@part
def award(state: State, room: Round, applications: int, week: int) -> None:
    """Fill vacancies: all applicants where there is room, else the experienced first, then the lowest draws."""
    for i in range(applications):
        room.crowd[room.targets[i]] += 1
    rationed = 0
    for i in range(applications):
        position, cell = room.applicants[i], room.targets[i]
        if room.crowd[cell] <= state.cells[cell].week_start_vacancies:
            hire(state, room, position, cell)
        else:
            room.applicants[rationed] = position
            room.targets[rationed] = cell
            rationed += 1
    award_by_rank(state, room, rationed, week)
    room.crowd[:] = 0


@part
def award_by_rank(state: State, room: Round, rationed: int, week: int) -> None:
    """Go through the applicants of crowded cells in order of rank; each takes a vacancy if one is left."""
    now = state.now[0]
    rows = np.empty(rationed, np.int64)
    for i in range(rationed):
        rows[i] = room.pool[room.applicants[i]]
        experienced = state.workers[rows[i]].experienced_from <= now.month
        room.ranks[i] = drawn(state, Decision.TIE + week, rows[i]) - (1.0 if experienced else 0.0)
    for i in ascending(rows, room.ranks, rationed):
        if state.cells[room.targets[i]].vacancies > 0:
            hire(state, room, room.applicants[i], room.targets[i])


@part
def hire(state: State, room: Round, position: int, cell: int) -> None:
    """One worker takes one vacancy: a seeker starts work, a mover changes firm."""
    row = room.pool[position]
    worker = state.workers[row]
    group = worker.group
    room.pool[position] = PLACED
    state.cells[cell].vacancies -= 1
    if worker.status == EMPLOYED:
        state.flows[group, worker.trade, JOB_TO_JOB] += 1
        change_firm(state, row, cell // state.trades.size)
        return
    take_job(state, row, cell)
    state.flows[group, worker.trade, HIRED] += 1
    kind = state.groups[group].kind
    if kind in (RESIDENT, COMMUTER):
        if worker.experienced_from == UNTRAINED:
            worker.experienced_from = state.now[0].month + state.groups[group].learning_months
        draw_next_occasion(state, row, Decision.HIRED_WAIT)


@part
def keep_unplaced(pool: Array, slots: Array, waiting: int) -> int:
    """Drop from the pool whoever was hired this week; returns how many go on."""
    kept = 0
    for position in range(waiting):
        if pool[position] != PLACED:
            pool[kept] = pool[position]
            slots[kept] = slots[position]
            kept += 1
    return kept


@part
def count_open_vacancies(state: State) -> None:
    """Add the week-end vacancies to the month's mean stock."""
    trades = state.trades.size
    for k in range(trades):
        left = 0
        for cell in range(k, state.cells.size, trades):
            left += state.cells[cell].vacancies
        state.trades[k].unfilled = left
        state.trades[k].vacancy_stock += left / WEEKS


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
            state.unfilled[place, cell] = unfilled_share(at.vacancies, at.opened, trade.unfilled_share)
